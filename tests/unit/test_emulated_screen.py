"""The emulated screen of the tests and the benchmark: what it takes for shown, however the output is cut into pieces."""

from collections.abc import Sequence
from itertools import count

import pytest

from tests.benchmarks.deadline import OutOfTime
from tests.benchmarks.pseudo_terminal import Piece, PseudoTerminal, Size
from tests.benchmarks.screen import Screen

_BEGIN, _END = b"\x1b[?2026h", b"\x1b[?2026l"


class _Played(PseudoTerminal):
    """A terminal whose output is known beforehand; its clock goes on by a second whenever it is looked at."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.size = Size(20, 3)
        self._pieces = [Piece(float(number), data) for number, data in enumerate(pieces)]
        self._clock = count()

    @property
    def now(self) -> float:
        return float(next(self._clock))

    def read(self, patience_s: float) -> Piece | None:
        return self._pieces.pop(0) if self._pieces else None


@pytest.mark.parametrize("cut", range(1, len(_END)))
def test_a_frame_whose_end_comes_in_two_pieces_is_whole(cut: int) -> None:
    screen = Screen(_Played([_BEGIN + b"here" + _END[:cut], _END[cut:]]))
    assert screen.wait_for("here", 30) == 1.0
    assert screen.text().split() == ["here"]


def test_a_frame_that_has_not_ended_is_not_shown() -> None:
    with pytest.raises(OutOfTime):
        Screen(_Played([_BEGIN + b"here"])).wait_for("here", 5)
