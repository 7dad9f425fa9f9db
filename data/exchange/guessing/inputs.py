"""A proposal for inputs: which reading of them makes sense, what the source is called, what it comes to."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from data.clock import system_clock
from data.exchange.formats import Format, format_of
from data.exchange.guessing.first_records import LOOKED_AT_BYTES, MOST_RECORDS, Record, first_records
from data.exchange.guessing.guess import NoGuess, guess
from data.exchange.guessing.key_words import word_set
from data.exchange.guessing.proposal import Proposal
from data.exchange.input_file import InputFile
from data.exchange.mapping_file import parse_mapping
from data.exchange.raw_records import Path
from data.exchange.reading import draft_of
from data.exchange.rejects import BadRecord
from data.records import Draft

_LEAST_OF_EACH = 50
_MOST_READINGS = 32
_CARDS = 5
_LONGEST_NAME = 40
_PIECE = re.compile(r"[A-Za-z]+[0-9]{0,2}(?![A-Za-z0-9])")
# What the name of every log may have in it, and what says how it is packed.
_SAYS_NOTHING = word_set(
    "audit auditlog auditlogs log logs event events export dump data file files record records stdin standard input json "
    "jsonl ndjson toml gz txt sample samples all new old utc out"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A proposal, the format that it makes, what became of the records that were looked at, and five of them."""

    proposal: Proposal
    format: Format
    read: int
    unread: tuple[tuple[str, int], ...]
    """Why records could not be read, and how many, the most frequent reason first."""
    examples: tuple[Draft, ...]


class InputGuesser:
    """Takes the first records of one input after another, and then proposes. `inputs` is how many there will be: the
    more, the fewer records of each are looked at."""

    def __init__(self, inputs: int) -> None:
        self._most = max(_LEAST_OF_EACH, MOST_RECORDS // max(inputs, 1))
        self._readings: dict[Path, list[Record]] = {}
        self._blank = True

    @property
    def has_enough(self) -> bool:
        """Whether more inputs would add nothing."""
        return any(len(records) >= MOST_RECORDS for records in self._readings.values())

    def look_at(self, source: InputFile) -> None:
        """Look at the first records of an input, and leave it where it was."""
        if source.peek(LOOKED_AT_BYTES).strip():
            self._blank = False
        for reading in first_records(source, self._most):
            if reading.path not in self._readings and len(self._readings) >= _MOST_READINGS:
                continue
            kept = self._readings.setdefault(reading.path, [])
            kept += reading.records[: max(0, MOST_RECORDS - len(kept))]

    def guess(self, source: str) -> Guess:
        """The proposal. Raises NoGuess, in a sentence without a name."""
        if self._blank:
            raise NoGuess("there is nothing in it")
        if not self._readings:
            raise NoGuess("it is no JSON: neither lines that are objects, nor a list of objects anywhere in a document")
        proposal, records = self._best(source)
        made = format_of("guess", parse_mapping(proposal.text().encode(), "that was guessed"))
        decode = made.decoder()
        drafts: list[Draft] = []
        unread: Counter[str] = Counter()
        for record in records:
            try:
                drafts.append(draft_of(record, decode, system_clock))
            except BadRecord as error:
                unread[str(error)] += 1
        if not drafts:
            raise NoGuess(f"no record could be read by what was found: {unread.most_common(1)[0][0]}")
        return Guess(proposal, made, len(drafts), tuple(unread.most_common(3)), _examples(drafts))

    def _best(self, source: str) -> tuple[Proposal, Sequence[Record]]:
        """The reading of which the most can be told: lines, unless a list in them has both time and action, and they
        have not, or are but one."""
        failures: list[NoGuess] = []
        found: list[tuple[int, Proposal, Sequence[Record]]] = []
        for path, records in self._readings.items():
            try:
                proposal = guess(records, source)
            except NoGuess as failure:
                failures.append(failure)
                continue
            found.append((len(records), replace(proposal, lists=path), records))
        if not found:
            raise failures[0]
        lines = [each for each in found if not each[1].lists]
        if lines and (lines[0][0] > 1 or len(found) == 1):
            return lines[0][1:]
        return max(found, key=lambda each: each[0])[1:]


def name_of_source(names: Iterable[str]) -> str:
    """What a source is called after its files: what their names have in common, without dates, numbers and the words that
    the name of every log has."""
    each = [_pieces(name) for name in names]
    shared = [piece for piece in each[0] if all(piece in others for others in each[1:])] if each else []
    return "-".join(dict.fromkeys(shared))[:_LONGEST_NAME].strip("-") or "guessed"


def _pieces(name: str) -> list[str]:
    text = PurePath(name).name
    return [piece for found in _PIECE.findall(text) if (piece := found.lower()) not in _SAYS_NOTHING and len(piece) > 1]


def _examples(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The first of each type, then the first of all, in their order."""
    firsts: dict[str, int] = {}
    for number, draft in enumerate(drafts):
        firsts.setdefault(draft.type, number)
    chosen = list(firsts.values())[:_CARDS]
    chosen += [number for number in range(len(drafts)) if number not in chosen][: _CARDS - len(chosen)]
    return tuple(drafts[number] for number in sorted(chosen))
