"""Rows of pieces painted as strips, in the colours of the theme in force."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.glyphs import glyphs
from tui.presenters.pieces import Piece, Role, Row
from tui.terminal import cells_of
from tui.themes import Ground

# Some screens full: those that one has just come past, and comes past again.
_STRIPS_KEPT = 1024


@lru_cache(maxsize=1024)
def style_of(ground: Ground, role: Role, bold: bool, underline: bool) -> Style:
    """The terminal style of a role's text on a ground; what the role has by itself, it keeps."""
    return ground.bare + ground.inks[role] + Style(bold=bold or None, underline=underline or None)


def paint(row: Row, width: int, ground: Ground) -> Strip:
    """A strip of exactly `width` cells: the row, and blanks to its end."""
    segments = [Segment(piece.text, style_of(ground, piece.role, piece.bold, piece.underline)) for piece in row]
    used = sum(cells_of(piece.text) for piece in row)
    if used < width:
        segments.append(Segment(" " * (width - used), ground.bare))
    strip = Strip(segments, max(used, width))
    return strip if used <= width else strip.adjust_cell_length(width)


@lru_cache(maxsize=_STRIPS_KEPT)
def paint_once(row: Row, width: int, ground: Ground) -> Strip:
    """`paint`, and the same strip again for the same row. Not for secrets: rows and strips are kept."""
    return paint(row, width, ground)


def forget_painted() -> None:
    """Keep nothing of what was painted: whoever sits there may no longer read it."""
    paint_once.cache_clear()


def with_bar(row: Row) -> Row:
    """The row with the selection's bar in its first cell, which it leaves blank."""
    head, *rest = row if row else (Piece(" "),)
    return (Piece(glyphs().selection, Role.ACCENT), head._replace(text=head.text[1:]), *rest)


def with_quiet_bar(row: Row) -> Row:
    """The same for what will be under the cursor again once its pane has the focus."""
    head, *rest = row if row else (Piece(" "),)
    return (Piece(glyphs().thumb, Role.FAINT), head._replace(text=head.text[1:]), *rest)


@lru_cache(maxsize=64)
def blank(width: int, ground: Ground) -> Strip:
    """A strip of `width` empty cells."""
    return Strip.blank(width, ground.bare)
