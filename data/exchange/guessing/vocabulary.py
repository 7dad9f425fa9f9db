"""How well the name of a place fits a field: words that logs have for it, each with a weight from 0 to 1."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from data.exchange.guessing.columns import Column
from data.exchange.guessing.key_words import word_set

_UNITS = word_set(
    "epoch iso local micro micros milli millis ms nano nanos ns s sec seconds str string text unix us utc value"
)
"""What a key may end in beside its name: `timestamp_ms`, `date_utc`."""

Names = Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of a field by their words, and the words that speak against it, in the key and in those above it."""

    names: Names
    against: Collection[str] = ()
    against_above: Collection[str] = ()

    def weight(self, column: Column) -> float:
        """How well the column's key fits; 0 or less where it does not."""
        weight = self._of_key(column.words)
        weight -= 0.5 * sum(word in self.against for word in column.words)
        above = {word for words in column.parents for word in words}
        return weight - 0.5 * len(above.intersection(self.against_above))

    def _of_key(self, words: tuple[str, ...]) -> float:
        """A key of more words than the name's says it less plainly."""
        for cut in range(len(words)):
            found = self.names.get(words[cut:])
            if found is not None:
                return found * (1 - 0.1 * cut)
        if len(words) > 1 and words[-1] in _UNITS:
            return self._of_key(words[:-1]) * 0.9
        return 0.0


def names(weight_of: Mapping[str, float]) -> Names:
    """Names written with blanks between their words."""
    return {tuple(name.split()): weight for name, weight in weight_of.items()}
