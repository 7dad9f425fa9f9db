"""Tests of tui.restartable_timer."""

from collections.abc import Callable
from typing import cast

from textual.message_pump import MessagePump

from tui.restartable_timer import RestartableTimer


class _Timer:
    def __init__(self, seconds: float, end: Callable[[], None]) -> None:
        self.seconds = seconds
        self.end = end
        self.is_stopped = False

    def stop(self) -> None:
        self.is_stopped = True


class _Owner:
    """Its timers end when the test says so, as those do whose end is in the queue of messages when they are stopped."""

    def __init__(self) -> None:
        self.timers: list[_Timer] = []

    def set_timer(self, seconds: float, end: Callable[[], None]) -> _Timer:
        self.timers.append(_Timer(seconds, end))
        return self.timers[-1]


def _timer() -> tuple[RestartableTimer, list[_Timer]]:
    owner = _Owner()
    return RestartableTimer(cast(MessagePump, owner)), owner.timers


def test_it_ends_once() -> None:
    timer, set_timers = _timer()
    said: list[str] = []
    assert not timer.is_running
    timer.start(2.0, lambda: said.append("over"))
    assert timer.is_running and [one.seconds for one in set_timers] == [2.0] and not said
    set_timers[0].end()
    assert said == ["over"] and not timer.is_running


def test_only_the_newest_wait_has_an_end() -> None:
    timer, set_timers = _timer()
    said: list[str] = []
    timer.start(1.0, lambda: said.append("older"))
    timer.start(1.0, lambda: said.append("newer"))
    assert set_timers[0].is_stopped
    set_timers[0].end()
    assert said == [] and timer.is_running
    set_timers[1].end()
    assert said == ["newer"]


def test_a_wait_that_was_stopped_has_no_end() -> None:
    timer, set_timers = _timer()
    said: list[str] = []
    timer.start(1.0, lambda: said.append("over"))
    timer.stop()
    assert set_timers[0].is_stopped and not timer.is_running
    set_timers[0].end()
    assert said == []


def test_what_ends_can_start_it_again() -> None:
    timer, set_timers = _timer()
    timer.start(1.0, lambda: timer.start(3.0, lambda: None))
    set_timers[0].end()
    assert timer.is_running and set_timers[-1].seconds == 3.0
