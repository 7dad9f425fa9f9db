"""Tests of tui.lost_terminal."""

import io
import os

import pytest

from tui.lost_terminal import LastingWriter


@pytest.mark.parametrize("time", range(20))
def test_the_last_words_are_written_before_it_stops(time: int) -> None:
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as read, open(writing, "w", encoding="utf-8") as kept_back:
        writer = LastingWriter(kept_back)
        writer.start()
        for word in ("one ", "two ", "three"):
            writer.write(word)
        writer.stop()
        os.set_blocking(read.fileno(), False)
        assert os.read(read.fileno(), 100) == b"one two three"


def test_it_is_behind_as_long_as_something_is_not_taken() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as read, open(writing, "w", encoding="utf-8") as full:
        writer = LastingWriter(full)
        writer.start()
        assert not writer.is_behind
        writer.write("x" * 1_000_000)
        assert writer.is_behind
        assert sum(len(read.read(100_000)) for _ in range(10)) == 1_000_000
        writer.stop()
        assert not writer.is_behind


def test_without_a_terminal_what_is_written_is_dropped() -> None:
    gone = io.StringIO()
    gone.close()
    writer = LastingWriter(gone)
    writer.start()
    for _ in range(100):
        writer.write("x")
    writer.stop()
    assert not writer.is_behind
