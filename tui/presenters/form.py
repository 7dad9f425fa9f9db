"""What a form says beside its fields, and what two editors made of one thing: the same whatever the form is about.

What stands in a field is text. Of a field that offers things to tick it is the ids of those that are ticked, in the
order of the alphabet, with a blank between each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tui.presenters.pieces import Role


@dataclass(frozen=True, slots=True)
class Beside:
    """Another value of a field, to be compared with the one in the box and taken in its place.

    `label` says whose it is, `box` whose the one in the box is: taking it changes them over. Where `is_open` one has to
    say which of them it shall be.
    """

    label: str
    text: str
    box: str
    is_open: bool = False

    def turned(self, text: str) -> "Beside":
        """With the value of the box, `text`, beside it from now on; that has been decided then."""
        return Beside(self.box, text, self.label)


@dataclass(frozen=True, slots=True)
class Note:
    """What stands below a field."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Merged:
    """What stands in the form once it is known what the other editor did."""

    texts: Mapping[str, str]
    beside: Mapping[str, Beside]


def ticked_text(ids: Iterable[str]) -> str:
    """What stands in a field in which these are ticked."""
    return " ".join(sorted(set(ids)))


def note_of(problem: str | None, beside: Beside | None, shown: str, hint: str, take_key: str) -> Note:
    """What stands below a field: what is wrong with it, else the other value, else what can be written there.

    `shown` is that other value as it is read on one line.
    """
    if problem is not None:
        return Note(problem, Role.FAILURE)
    if beside is not None:
        role = Role.DENIED if beside.is_open else Role.MUTED
        return Note(f"{beside.label}: {shown}   {take_key} takes it", role)
    return Note(hint, Role.FAINT)


def merged(before: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Merged:
    """What to show after another editor was first: what one has not touched is theirs, what both changed is open."""
    texts, beside = dict(mine), {}
    for field, text in theirs.items():
        if text == before[field] or text == mine[field]:
            continue
        if mine[field] == before[field]:
            texts[field] = text
            beside[field] = Beside("before", before[field], "theirs")
        else:
            beside[field] = Beside("theirs", text, "yours", is_open=True)
    return Merged(texts, beside)


def decided(beside: Mapping[str, Beside], field: str) -> dict[str, Beside]:
    """The same once a person has said what shall stand in this field."""
    return {name: replace(one, is_open=False) if name == field else one for name, one in beside.items()}


def open_fields(beside: Mapping[str, Beside], fields: Iterable[str]) -> list[str]:
    """Those of the fields that both editors changed, and of which nothing was decided, in order."""
    return [field for field in fields if field in beside and beside[field].is_open]


def listed(words: Sequence[str]) -> str:
    """`name, owner and last day`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
