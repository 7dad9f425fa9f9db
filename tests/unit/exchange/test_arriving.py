"""Tests of data.exchange.arriving: bytes of a pipe, and of a file that grows and is rotated."""

import errno
import os
from collections.abc import Callable
from io import FileIO
from pathlib import Path

import pytest

from data.errors import UnreadableInput
from data.exchange import arriving
from data.exchange.arriving import followed, piped


class Ended(Exception):
    """Raised where a test has nothing more to happen: what is followed never ends by itself."""


def steps(*happenings: Callable[[], object]) -> Callable[[], None]:
    """What happens at each pause, one after the other; then the end."""
    left = iter(happenings)

    def pause() -> None:
        happening = next(left, None)
        if happening is None:
            raise Ended
        happening()

    return pause


def read_while(path: Path, *happenings: Callable[[], object]) -> bytes:
    """What is read of a file while these things happen to it."""
    found = bytearray()
    with pytest.raises(Ended):
        for chunk in followed(str(path), steps(*happenings)):
            found += chunk
    return bytes(found)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "PAUSE_S", 0.001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "requests.json"
    written.write_bytes(b"one\n")
    return written


def append(path: Path, content: bytes) -> Callable[[], None]:
    def happen() -> None:
        with path.open("ab") as file:
            file.write(content)

    return happen


def test_what_is_added_is_read(path: Path) -> None:
    assert read_while(path, append(path, b"two\nth"), append(path, b"ree\n")) == b"one\ntwo\nthree\n"


def test_a_file_that_is_rotated_is_read_to_its_end_and_then_its_successor(path: Path) -> None:
    aside = path.with_suffix(".1")
    read = read_while(
        path,
        lambda: path.rename(aside),
        append(aside, b"two\n"),  # the proxy still has the old one open
        append(path, b"three\n"),
        append(path, b"four\n"),
    )
    assert read.split() == [b"one", b"two", b"three", b"four"]


def test_a_successor_that_is_gone_at_once_is_not_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = arriving._opened
    is_there = iter([True, False])
    monkeypatch.setattr(arriving, "_opened", lambda path: opened(path) if next(is_there, True) else None)

    def rotate() -> None:
        path.rename(path.with_suffix(".1"))
        path.write_bytes(b"two\n")

    assert read_while(path, rotate, lambda: None, lambda: None).split() == [b"one", b"two"]


def test_a_disk_that_is_gone_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(arriving, "FileIO", Gone)
    with pytest.raises(UnreadableInput, match="Input/output error"):
        next(followed(str(path), steps()))


def test_a_file_that_is_emptied_is_read_from_its_beginning(path: Path) -> None:
    read = read_while(path, lambda: path.write_bytes(b""), append(path, b"two\n"))
    assert read.split() == [b"one", b"two"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="there is no such file"):
        next(followed(str(tmp_path / "nothing"), steps()))


def test_a_pipe_is_read_until_it_is_closed_and_pauses_are_told() -> None:
    out, into = os.pipe()
    pauses = steps(lambda: os.write(into, b"one\n"), lambda: os.close(into), lambda: None)
    try:
        assert b"".join(piped(out, pauses)) == b"one\n"
    finally:
        os.close(out)
