"""Tests of data.stop: a wait between two questions that can be called off."""

import time
from collections.abc import Iterator
from threading import Thread

import pytest

from data.errors import Cancelled
from data.stop import Stop

_LONG_S = 20.0


@pytest.fixture
def stop() -> Iterator[Stop]:
    stop = Stop()
    yield stop
    stop.request()
    stop.interrupt()


def test_a_wait_takes_its_time(stop: Stop) -> None:
    began = time.monotonic()
    stop.wait(0.02)
    assert time.monotonic() - began >= 0.02
    assert not stop.interrupt(), "it is over"


def test_a_wait_that_is_called_off_ends_at_once(stop: Stop) -> None:
    ended: list[float] = []

    def wait() -> None:
        with pytest.raises(Cancelled):
            stop.wait(_LONG_S)
        ended.append(time.monotonic())

    thread = Thread(target=wait, daemon=True)
    thread.start()
    stop.request()
    while thread.is_alive() and stop.interrupt():
        time.sleep(0.001)
    called_off = time.monotonic()
    thread.join(_LONG_S)
    assert ended[0] - called_off < _LONG_S / 2


def test_nobody_waits_once_it_is_called_off(stop: Stop) -> None:
    stop.request()
    with pytest.raises(Cancelled):
        stop.wait(_LONG_S)
