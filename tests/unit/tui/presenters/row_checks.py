"""What holds for every row that leaves a presenter."""

import unicodedata
from collections.abc import Iterable

from tui.presenters.pieces import Row
from tui.terminal import cells_of

_DRIVING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def row_cells(row: Row) -> int:
    """How many cells a row takes."""
    return sum(cells_of(piece.text) for piece in row)


def assert_fit_to_show(rows: Iterable[Row], width: int) -> None:
    """No row is wider than `width` cells, and no character in any could drive a terminal."""
    for row in rows:
        assert row_cells(row) <= width, row
        for piece in row:
            driving = [char for char in piece.text if unicodedata.category(char) in _DRIVING]
            assert not driving, (driving, piece)
