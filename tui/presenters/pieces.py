"""Rows of pieces: text that is safe and cut, each piece with the role that gives it its look."""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from tui.terminal import cells_of, cut, safe


class Role(StrEnum):
    """What a piece of text is, never which colour it has: themes decide that."""

    TEXT = "text"
    TITLE = "title"
    MUTED = "muted"
    FAINT = "faint"
    ACCENT = "accent"
    LINK = "link"
    FAILURE = "failure"
    DENIED = "denied"
    BEFORE = "before"
    AFTER = "after"
    RULE = "rule"
    FAILURE_BADGE = "failure_badge"
    DENIED_BADGE = "denied_badge"
    ACCENT_BADGE = "accent_badge"
    MARKED = "marked"


class Piece(NamedTuple):
    """A run of safe text in one look."""

    text: str
    role: Role = Role.TEXT
    bold: bool = False
    underline: bool = False


Row: TypeAlias = tuple[Piece, ...]


class Line:
    """One row in the making: pieces placed from left to right, each cut to the room it has."""

    def __init__(self, width: int) -> None:
        """`width` in cells."""
        self.width = width
        self.used = 0
        self._pieces: list[Piece] = []

    def at(self, column: int) -> "Line":
        """Go on at this cell, filling with blanks; text that reached further stays."""
        if column > self.used:
            self._pieces.append(Piece(" " * (column - self.used)))
            self.used = column
        return self

    def add(
        self,
        text: str,
        role: Role = Role.TEXT,
        *,
        until: int | None = None,
        bold: bool = False,
        underline: bool = False,
    ) -> "Line":
        """Add text, made safe and cut so that it ends at or before cell `until` (the width by default)."""
        room = (self.width if until is None else min(until, self.width)) - self.used
        if room <= 0:
            return self
        # A cell holds at least one character, combining ones aside: no more of the text can be seen.
        shown = cut(safe(text, limit=4 * room), room)
        if shown:
            self._pieces.append(Piece(shown, role, bold, underline))
            self.used += cells_of(shown)
        return self

    def right(self, text: str, role: Role = Role.TEXT, *, end: int | None = None, bold: bool = False) -> "Line":
        """Add text so that it ends at cell `end` (the width by default)."""
        edge = self.width if end is None else end
        return self.at(edge - cells_of(safe(text))).add(text, role, until=edge, bold=bold)

    @property
    def room(self) -> int:
        """Cells left."""
        return self.width - self.used

    def row(self) -> Row:
        """The finished row."""
        return tuple(self._pieces)


def plain_text(row: Row) -> str:
    """A row without its looks."""
    return "".join(piece.text for piece in row).rstrip()
