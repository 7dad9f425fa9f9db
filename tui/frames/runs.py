"""Which cells of a row have to be drawn: runs of one look."""

from collections.abc import Sequence
from typing import NamedTuple

from tui.frames.cells import BEHIND, FIRST_NAMED, CellMemory, Row

# Going past so many cells that need not be drawn costs as much as drawing them.
_NARROW_GAP = 4


class Run(NamedTuple):
    """Cells from `begin` to `end`, which itself is none of them. Blanks in it look the same in its look."""

    begin: int
    end: int
    look: str


def find_runs(old: Row | None, new: Row, memory: CellMemory, *, spans_blanks: bool = False) -> list[Run]:
    """What has to be drawn, from left to right, where the old row stands (None: where anything may stand).

    With `spans_blanks` runs go on over whatever is blank: erasing it costs the same, however much it is.
    """
    changed = _changed(old, new)
    text, looks = new
    runs: list[Run] = []
    begin, end, look = -1, -_NARROW_GAP - 1, ""
    for x in changed:
        if x == end and looks[x] == look:  # by far the most usual
            end = x + 1
            continue
        if x - end <= _NARROW_GAP or (spans_blanks and begin >= 0 and text[end - 1 : x + 1].isspace()):
            joined = _joined(text, looks, begin, end, x, look, memory)
            if joined is not None:
                look, end = joined, x + 1
                continue
        if begin >= 0:
            runs.append(Run(begin, end, look))
        begin, end, look = x, x + 1, looks[x]
    if begin >= 0:
        runs.append(Run(begin, end, look))
    return runs


def is_even(text: str) -> bool:
    """Whether each cell of a row's text holds a character of its own, of one width everywhere."""
    return BEHIND not in text and (text.isascii() or max(text) < FIRST_NAMED)


def _joined(text: str, looks: str, begin: int, end: int, x: int, look: str, memory: CellMemory) -> str | None:
    """The look in which a run can go on to the cell `x`, over those between; None if in none."""
    wanted = look
    if looks[x] != look and not (text[x] == " " and looks[x] == memory.blank_of(look)):
        # A run of blanks can take on the look of what stands behind them.
        if memory.blank_of(looks[x]) != look or text[begin:end].strip(" "):
            return None
        wanted = looks[x]
    blank = memory.blank_of(wanted)
    for between in range(end, x):
        if looks[between] != wanted and not (text[between] == " " and looks[between] == blank):
            return None
    return wanted


def _changed(old: Row | None, new: Row) -> Sequence[int]:
    """The cells that are to be drawn."""
    width = len(new.text)
    if old is None or len(old.text) != width:
        return range(width)
    changed = [
        x
        for x, (before, after, look, other) in enumerate(zip(old.text, new.text, old.looks, new.looks, strict=True))
        if before != after or look != other
    ]
    if BEHIND in new.text:  # a wide character is drawn with both its cells, even where only the first is another
        changed = sorted({*changed, *(x + 1 for x in changed if new.text[x + 1 : x + 2] == BEHIND)})
    odd = min(_first_odd(old.text), _first_odd(new.text))
    if changed and changed[-1] >= odd:
        # Nobody knows where this terminal has put what stands behind such a character.
        return [x for x in changed if x < odd] + [*range(odd, width)]
    return changed


def _first_odd(text: str) -> int:
    """Where the first of those characters stands that not all terminals give one width; past the end without one."""
    if text.isascii() or max(text) < FIRST_NAMED:
        return len(text)
    return next(x for x, character in enumerate(text) if character >= FIRST_NAMED)
