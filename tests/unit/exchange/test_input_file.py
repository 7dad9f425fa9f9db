"""Opening inputs: plain, compressed, cut off, and standard input."""

import gzip
import io
import os
import sys
from pathlib import Path

import pytest

from data.errors import UnreadableInput
from data.exchange.input_file import InputFile, open_input

TEXT = b'{"type":"a"}\n' * 50_000


def content(source: InputFile) -> bytes:
    return b"".join(source.chunks())


def written(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return str(path)


def test_a_plain_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", TEXT)
    with open_input(path) as source:
        assert (source.name, source.size, source.consumed) == (path, len(TEXT), 0)
        assert content(source) == TEXT
        assert source.consumed == len(TEXT)


def test_gzip_is_known_by_its_first_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    packed = gzip.compress(TEXT)
    with open_input(written(tmp_path / "a.jsonl", packed)) as source:
        assert source.size == len(packed)
        assert content(source) == TEXT
        assert source.consumed == len(packed)
    with open_input(written(tmp_path / "b.gz", TEXT)) as source:
        assert content(source) == TEXT


def test_gzip_files_one_after_the_other_are_one_content(tmp_path: Path) -> None:
    with open_input(written(tmp_path / "a", gzip.compress(b"one\n") + gzip.compress(b"two\n"))) as source:
        assert content(source) == b"one\ntwo\n"


def test_what_is_consumed_grows_while_reading(tmp_path: Path) -> None:
    with open_input(written(tmp_path / "a", TEXT * 2)) as source:
        seen = [source.consumed for _ in source.chunks()]
    assert len(seen) > 2
    assert seen == sorted(seen)
    assert seen[0] < len(TEXT)


def test_peeking_takes_nothing_away(tmp_path: Path) -> None:
    with open_input(written(tmp_path / "a", TEXT)) as source:
        assert TEXT.startswith(source.peek(10))
        assert len(source.peek(300_000)) >= 300_000
        assert source.peek(10) == source.peek(10)
        assert content(source) == TEXT


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_byte_order_mark_is_no_content(tmp_path: Path, pack: type[bytes]) -> None:
    path = written(tmp_path / "a", pack(b"\xef\xbb\xbf" + TEXT))
    with open_input(path) as source:
        assert content(source) == TEXT
    with open_input(path) as source:
        assert source.peek(5).startswith(b'{"typ')
        assert content(source) == TEXT


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_input_has_no_content_and_no_error(tmp_path: Path, data: bytes) -> None:
    with open_input(written(tmp_path / "a", data)) as source:
        assert source.peek(10) == b""
        assert content(source) == b""


def test_cut_off_gzip_is_an_error_after_what_could_be_read(tmp_path: Path) -> None:
    noise = os.urandom(600_000).hex().encode()
    packed = gzip.compress(noise)
    path = written(tmp_path / "a.gz", packed[: len(packed) // 2])
    read = bytearray()
    with open_input(path) as source, pytest.raises(UnreadableInput, match="ends too early") as failure:
        for chunk in source.chunks():
            read += chunk
    assert len(read) > len(noise) // 3
    assert noise.startswith(bytes(read))
    assert path in str(failure.value)


def test_peeking_into_cut_off_gzip_leaves_the_error_for_later(tmp_path: Path) -> None:
    with open_input(written(tmp_path / "a.gz", gzip.compress(os.urandom(500))[:300])) as source:
        ahead = source.peek(1000)
        assert ahead
        chunks = source.chunks()
        assert next(chunks) == ahead
        with pytest.raises(UnreadableInput, match="ends too early"):
            next(chunks)


@pytest.mark.parametrize("place", [-5, -200])
def test_damaged_gzip_is_an_error(tmp_path: Path, place: int) -> None:
    packed = bytearray(gzip.compress(os.urandom(1000).hex().encode()))
    packed[place] ^= 0xFF
    with open_input(written(tmp_path / "a.gz", bytes(packed))) as source, pytest.raises(UnreadableInput, match="a.gz"):
        content(source)


def test_what_cannot_be_opened_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="cannot read .*/missing: there is no such file"):
        open_input(str(tmp_path / "missing"))
    with pytest.raises(UnreadableInput, match=f"cannot read {tmp_path}: it is a folder"):
        open_input(str(tmp_path))
    with pytest.raises(UnreadableInput, match="cannot read a"):
        open_input("a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told_with_its_path(tmp_path: Path) -> None:
    path = written(tmp_path / "a", b"x")
    os.chmod(path, 0)
    with pytest.raises(UnreadableInput, match="permission denied"):
        open_input(path)


def test_a_dash_is_standard_input_and_is_not_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(gzip.compress(TEXT))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
    with open_input("-") as source:
        assert (source.name, source.size) == ("standard input", None)
        assert content(source) == TEXT
    assert not stream.closed


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UnreadableInput, match="standard input"):
        open_input("-")


def test_a_pipe_has_no_size(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)
    with open_input(f"/dev/fd/{reading}") as source:
        assert source.size is None
        assert content(source) == b"abc"
    os.close(reading)
