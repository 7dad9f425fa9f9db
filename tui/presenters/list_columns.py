"""The columns of a list: which of them there is room for, and where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its cells, and its place in the order of need (0 is needed most).

    The last one that is shown has all that is left over, if it `grows`.
    """

    heading: str
    cells: int
    need: int
    grows: bool = False


@dataclass(frozen=True, slots=True)
class NameColumn:
    """The first column, which is always there: the cell it begins at, and between how many cells it has.

    It goes down to `narrowest` for the two other columns that are needed most.
    """

    heading: str = "Name"
    begin: int = 3
    least: int = 16
    most: int = 40
    narrowest: int = 12

    def fitted(self, longest: int) -> "NameColumn":
        """The same for names of at most so many cells: what they leave is for the others."""
        most = max(min(self.most, longest), len(self.heading), 1)
        return replace(self, most=most, least=min(self.least, most), narrowest=min(self.narrowest, most))


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that is shown: its number among all, 0 being the name's, the cell it begins at, and its cells."""

    number: int
    at: int
    cells: int


def placed(name: NameColumn, columns: Sequence[Column], width: int) -> tuple[Placed, ...]:
    """The columns that a list of this width has room for, from left to right."""
    room = width - 1 - name.begin
    taken: set[int] = set()
    for number in sorted(range(len(columns)), key=lambda one: columns[one].need):
        least = name.narrowest if len(taken) < 2 else name.least
        if room - _GAP - columns[number].cells < least:
            break
        taken.add(number)
        room -= _GAP + columns[number].cells
    cells = max(min(room, name.most), 1)
    found, at = [Placed(0, name.begin, cells)], name.begin + cells + _GAP
    for number, column in enumerate(columns):
        if number in taken:
            is_last = not any(other > number for other in taken)
            cells = width - 1 - at if column.grows and is_last else column.cells
            found.append(Placed(number + 1, at, cells))
            at += cells + _GAP
    return tuple(found)
