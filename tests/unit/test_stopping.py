"""Tests of data.stopping."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from data.stopping import Writers

_LONG_S, _MOMENT_S = 5.0, 0.05


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as threads:
        yield threads


def test_one_that_writes_is_waited_for() -> None:
    writers, may_end = Writers(), Event()

    def write() -> None:
        with writers.writing():
            assert may_end.wait(_LONG_S)

    with _threads() as threads:
        wrote = threads.submit(write)
        with writers.held(_MOMENT_S) as is_quiet:
            assert not is_quiet
        may_end.set()
        with writers.held(_LONG_S) as is_quiet:
            assert is_quiet
        wrote.result(_LONG_S)


def test_nobody_begins_to_write_meanwhile() -> None:
    writers, wrote = Writers(), Event()

    def write() -> None:
        with writers.writing():
            wrote.set()

    with _threads() as threads:
        with writers.held(_LONG_S) as is_quiet:
            assert is_quiet
            threads.submit(write)
            assert not wrote.wait(_MOMENT_S)
        assert wrote.wait(_LONG_S)


def test_one_that_fails_writes_no_longer() -> None:
    writers = Writers()
    with pytest.raises(ValueError, match="no"), writers.writing():
        raise ValueError("no")
    with writers.held(0.0) as is_quiet:
        assert is_quiet
