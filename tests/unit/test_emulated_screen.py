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


def test_a_frame_is_seen_although_the_next_has_begun_in_the_same_piece() -> None:
    screen = Screen(_Played([_BEGIN + b"first" + _END + _BEGIN + b"\rsecond"]))
    assert screen.wait_for("first", 30) == 0.0
    assert screen.text().split() == ["second"]


def test_one_frame_can_show_several_things_that_are_waited_for() -> None:
    screen = Screen(_Played([_BEGIN + b"one two" + _END, b"\rthree"]))
    assert screen.wait_for_each(["one", "two", "three"], 30) == [0.0, 0.0, 1.0]
    with pytest.raises(OutOfTime, match="'two' did not appear"):
        Screen(_Played([b"one"])).wait_for_each(["one", "two"], 30)


def test_what_comes_after_the_awaited_is_shown_by_settling_in_its_order() -> None:
    screen = Screen(_Played([b"one", b"\rtwo"]))
    screen.wait_for("one", 30)
    screen.settle(1, 1)
    assert screen.text().split() == ["two"]


def test_what_came_with_something_awaited_is_shown_and_need_not_come_again() -> None:
    screen = Screen(_Played([b"one", b" two three"]))
    screen.wait_for("two", 30)
    assert screen.shows("three", 30) == 1.0
