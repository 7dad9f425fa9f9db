"""What the System screen says, fact by fact: label and value, and what there is to say of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tui.glyphs import glyphs
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of, safe, wrap

_LABEL_AT = 2
_NARROW, _WIDE = 80, 110
_VALUE_AT, _NARROW_VALUE_AT = 26, 24
_WORDS_AT, _ROOMY_WORDS_AT = 48, 76
_GAP = 2
_ROOMY = 160
_MOST_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class SystemRow:
    """The key of a row: its section, and its name there."""

    section: str
    name: str

    @property
    def is_rule(self) -> bool:
        """Whether it is a rule, which can be changed."""
        return self.section == "policy"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: its label, the value, and in `words` what is to be known of it."""

    name: str
    value: str
    words: str = ""
    role: Role = Role.TEXT


Group = tuple[tuple[Row, ...], SystemRow | None]
"""Rows that belong together, and their key; None for a heading."""


def section_rows(section: str, title: str, facts: Iterator[Fact], width: int, hint: str = "") -> Iterator[Group]:
    """A heading, with a `hint` beside it, and below it the facts, `width` cells wide."""
    line = Line(width).at(1).add(title, Role.TITLE, bold=True)
    if hint:
        line.add("  ").add(hint, Role.MUTED, until=width - 1)
    if line.room > 3:
        line.add("  ").add(glyphs().rule * max(width - line.used - 1, 0), Role.RULE)
    yield ((), line.row()), None
    for fact in facts:
        yield tuple(_fact_rows(fact, width)), SystemRow(section, fact.name)


def _fact_rows(fact: Fact, width: int) -> Iterator[Row]:
    """Label and value; what there is to say of it beside them where both have room, else below."""
    value_at = _VALUE_AT if width >= _NARROW else _NARROW_VALUE_AT
    value, words = safe(fact.value, limit=_MOST_CHARACTERS), safe(fact.words, limit=_MOST_CHARACTERS)
    words_at = _words_at(width, value_at, cells_of(value), cells_of(words))
    is_beside = value_at + cells_of(value) + _GAP <= words_at
    values = wrap(value, max(width - 1 - value_at, 1)) or [""]
    parts = wrap(words, max(width - 1 - words_at, 1)) if words else []
    for number, part in enumerate(values):
        line = Line(width).at(_LABEL_AT)
        if number == 0:
            line.add(fact.name, Role.MUTED, until=value_at - 1)
        line.at(value_at).add(part, fact.role, bold=fact.role is Role.TITLE)
        if is_beside and parts:
            line.at(words_at).add(parts.pop(0), Role.MUTED)
        yield line.row()
    for part in parts:
        yield Line(width).at(words_at).add(part, Role.MUTED).row()


def _words_at(width: int, value_at: int, value_cells: int, words_cells: int) -> int:
    """Where the words begin: in a column of their own, or without room for one behind the value, or below it."""
    if width >= _WIDE:
        return _ROOMY_WORDS_AT if width >= _ROOMY else _WORDS_AT
    behind = value_at + value_cells + _GAP
    return behind if behind + words_cells < width else value_at
