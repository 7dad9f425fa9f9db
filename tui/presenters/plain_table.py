"""A table of plain text, a row a line: aligned, and cut only where a terminal's width asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tui.terminal import cells_of, cut

LONGEST_CELL = 400
"""Characters of one value that are looked at; nobody reads more of it in a table."""

_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `least` is the fewest cells it may be cut to, None for one that is whole or not there at all.

    Numbers stand at the right of theirs.
    """

    heading: str
    least: int | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of safe text, and the headings of the columns that were left out for want of room."""

    heading: str
    lines: tuple[str, ...]
    left_out: tuple[str, ...]
    widths: tuple[int, ...] = ()
    """How many cells the widest of each column has, before any is cut: for a table that goes on with this one."""


def plain_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    width: int | None = None,
    expendable: Sequence[str] = (),
    before: Table | None = None,
) -> Table:
    """The rows, of safe text, in their order.

    With a `width` in cells, a column that is empty is not there, those of an `expendable` heading go one after the other
    before a line would need two rows, and the rest is cut as far as each column allows. Without one nothing is cut.

    A table of the rows that follow those of the one `before` has its columns, as wide as there or wider.
    """
    widths = [max((cells_of(row[place]) for row in rows), default=0) for place in range(len(columns))]
    if before is not None:
        widths = [max(pair) for pair in zip(widths, before.widths, strict=True)]
    widest = tuple(widths)
    if width is None:
        shown = filled = tuple(range(len(columns)))
    else:
        filled = tuple(place for place, widest in enumerate(widths) if widest)
        widths = [max(one, cells_of(column.heading)) for one, column in zip(widths, columns, strict=True)]
        shown = _fit(columns, filled, widths, width, expendable)
    return Table(
        _line(columns, [column.heading for column in columns], widths, shown),
        tuple(_line(columns, row, widths, shown) for row in rows),
        tuple(columns[place].heading for place in filled if place not in shown),
        widest,
    )


def _fit(
    columns: Sequence[Column], filled: tuple[int, ...], widths: list[int], width: int, expendable: Sequence[str]
) -> tuple[int, ...]:
    """The columns that `width` cells have room for. Cuts `widths` until they fit, as far as each column allows."""

    def least(place: int) -> int:
        fewest = columns[place].least
        return widths[place] if fewest is None else min(fewest, widths[place])

    shown = [*filled]
    for heading in (None, *expendable):
        shown = [place for place in shown if columns[place].heading != heading]
        if sum(map(least, shown)) + _GAP * (len(shown) - 1) <= width:
            break
    excess = sum(widths[place] for place in shown) + _GAP * (len(shown) - 1) - width
    while excess > 0:
        widest = max(shown, key=lambda place: widths[place] - least(place))
        if widths[widest] == least(widest):
            break
        widths[widest] -= 1
        excess -= 1
    return tuple(shown)


def _line(columns: Sequence[Column], row: Sequence[str], widths: list[int], shown: tuple[int, ...]) -> str:
    return (
        (" " * _GAP)
        .join(_padded(columns[place], cut(row[place], widths[place]), widths[place]) for place in shown)
        .rstrip()
    )


def _padded(column: Column, cell: str, width: int) -> str:
    blanks = " " * (width - cells_of(cell))
    return blanks + cell if column.is_number else cell + blanks
