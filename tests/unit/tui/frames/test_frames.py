"""Tests of tui.frames.frames: when a frame leaves, and what is around it."""

from collections.abc import Callable

import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from tests.strategies.screens import Lay
from tests.unit.tui.frames.emulated_terminal import EmulatedTerminal
from tui.frames.frames import Frames
from tui.frames.pace import BURST, PATIENCE_S
from tui.frames.traits import MODERN

_WIDTH = 20


class _Watched:
    """Frames whose terminal answers only when told to, on a clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.is_behind = False
        self.frames: list[str] = []
        self.waits: list[tuple[float, Callable[[], None]]] = []
        self.terminal = EmulatedTerminal(_WIDTH, 2)
        self.sender = Frames(
            ColorSystem.TRUECOLOR,
            MODERN,
            self._write,
            lambda wait_s, then: self.waits.append((wait_s, then)),
            lambda: self.is_behind,
            lambda: self.now,
        )

    def _write(self, frame: str) -> None:
        self.frames.append(frame)
        self.terminal.write(frame)

    def take(self, *texts: str, cursor: tuple[int, int] = (0, 0)) -> bool:
        rows = tuple(Strip([Segment(text)]).adjust_cell_length(_WIDTH) for text in texts)
        return self.sender.take(Lay(rows, _WIDTH).update(), cursor)

    @property
    def shown(self) -> list[str]:
        return [row.rstrip() for row in self.terminal.display]


def _answering() -> _Watched:
    watched = _Watched()
    watched.sender.answer()
    return watched


def test_an_answer_before_anything_was_drawn_has_nothing_sent_that_the_first_frame_would_wait_for() -> None:
    watched = _answering()
    assert not watched.frames
    watched.take("one", "")
    assert watched.shown == ["one", ""]


def test_what_comes_before_an_answer_is_one_frame() -> None:
    watched = _answering()
    for text in ("one", "two", "three"):
        watched.take(text, "")
    assert (watched.shown, len(watched.frames)) == (["one", ""], 1)
    assert {round(wait_s, 3) for wait_s, _ in watched.waits} == {PATIENCE_S}
    watched.sender.answer()
    assert (watched.shown, len(watched.frames)) == (["three", ""], 2)
    watched.sender.answer()
    assert len(watched.frames) == 2, "all is shown"


def test_without_an_answer_the_next_frame_leaves_in_the_end() -> None:
    watched = _answering()
    watched.take("one", "")
    watched.take("two", "")
    watched.now += PATIENCE_S
    watched.waits[-1][1]()
    assert watched.shown == ["two", ""]


def test_what_is_undone_before_it_leaves_is_never_drawn() -> None:
    watched = _answering()
    for text in ("one", "two", "one"):
        watched.take(text, "")
    watched.sender.answer()
    assert len(watched.frames) == 1


def test_only_a_terminal_that_answers_is_asked() -> None:
    watched = _Watched()
    watched.take("one", "")
    assert "2026" not in watched.frames[-1]
    watched.sender.answer()
    watched.take("two", "")
    frame = watched.frames[-1]
    assert frame.startswith("\x1b[?2026h") and frame.endswith("\x1b[?2026l\x1b[?2026$p")


def test_a_terminal_that_never_answers_is_not_sent_more_than_a_slow_line_carries() -> None:
    watched = _Watched()
    number = 0
    while not watched.waits:
        number += 1
        watched.take(f"{number:<{_WIDTH}}"[::-1], str(number))
    sent = sum(map(len, watched.frames))
    assert BURST < sent < BURST + 200
    watched.take("last", "of all")
    wait_s, then = watched.waits[-1]
    watched.now += wait_s
    then()
    assert watched.shown == ["last", "of all"]


def test_nothing_leaves_while_earlier_output_still_waits_to() -> None:
    watched = _Watched()
    watched.is_behind = True
    watched.take("one", "")
    assert not watched.frames
    watched.is_behind = False
    wait_s, then = watched.waits[-1]
    assert 0 < wait_s < 0.1
    then()
    assert watched.shown == ["one", ""]


def test_a_cursor_that_moves_is_all_that_leaves() -> None:
    watched = _Watched()
    watched.take("one", "")
    watched.take("one", "", cursor=(2, 0))
    assert watched.frames[-1] == "\x1b[2C"
    assert watched.terminal.cursor_cell == (2, 0)


def test_a_screen_that_is_the_same_is_not_sent() -> None:
    watched = _Watched()
    watched.take("one", "")
    watched.take("one", "")
    assert len(watched.frames) == 1


def test_whoever_begins_anew_draws_all_and_waits_for_no_answer_that_another_may_have_taken() -> None:
    watched = _answering()
    watched.take("one", "")
    watched.take("two", "")
    watched.terminal.reset()
    watched.sender.begin_anew()
    watched.take("two", "below")
    assert watched.shown == ["two", "below"]


def test_drawing_all_again_and_again_waits_for_the_terminal() -> None:
    watched = _answering()
    watched.take("one", "")
    watched.terminal.reset()
    for _ in range(10):
        watched.sender.redraw()
    assert len(watched.frames) == 1
    watched.sender.answer()
    assert (watched.shown, len(watched.frames)) == (["one", ""], 2)


def test_a_terminal_that_was_told_its_size_again_is_drawn_anew() -> None:
    watched = _Watched()
    watched.take("one", "")
    watched.terminal.reset()
    watched.sender.resize(_WIDTH, 2)
    assert watched.shown == ["one", ""]


def test_a_terminal_of_another_size_waits_for_what_is_composed_for_it() -> None:
    watched = _Watched()
    watched.take("one", "")
    watched.sender.resize(_WIDTH, 3)
    watched.sender.answer()
    assert len(watched.frames) == 1, "what was composed for the size before is not sent any more"
    watched.terminal.resize(3, _WIDTH)
    assert watched.take("one", "two", "three")
    assert watched.shown == ["one", "two", "three"]


def test_a_whole_screen_that_was_composed_for_the_size_before_is_refused() -> None:
    watched = _Watched()
    watched.take("one", "two")
    watched.sender.resize(_WIDTH, 1)
    assert not watched.take("one", "two") and len(watched.frames) == 1
    watched.terminal.resize(1, _WIDTH)
    assert watched.take("one")
    assert watched.shown == ["one"]


@pytest.mark.parametrize(("width", "height"), [(_WIDTH, 1), (_WIDTH, 3), (_WIDTH - 1, 2)])
def test_a_part_of_a_screen_of_another_size_is_refused(width: int, height: int) -> None:
    watched = _Watched()
    watched.take("one", "")
    strip = Strip([Segment("x" * width)])
    part = ChopsUpdate([{0: strip}] * height, [(0, 0, width)], [[width]] * height)
    assert not watched.sender.take(part, (0, 0))
    assert watched.shown == ["one", ""]


def test_pieces_that_are_longer_than_the_row_are_cut_at_its_end() -> None:
    watched = _Watched()
    watched.take("one", "below")
    strip = Strip([Segment("x" * (_WIDTH - 3)), Segment("漢")])
    part = ChopsUpdate([{0: None, 2: strip}, {0: None}], [(0, 0, _WIDTH)], [[2, _WIDTH], [_WIDTH]])
    assert watched.sender.take(part, (0, 0))
    assert watched.shown == ["on" + "x" * (_WIDTH - 3), "below"]
