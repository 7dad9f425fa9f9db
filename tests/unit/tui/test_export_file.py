"""Tests of tui.export_file."""

import errno
import os
import stat
from pathlib import Path

import pytest

from tui.export_file import NotExported, export_file, place_problem

LINES = [b"one\n", b"two\n", b"x" * 300_000 + b"\n", b"three\n"]


def export(path: Path, *, force: bool = False) -> None:
    with export_file(path, force=force) as write:
        for line in LINES:
            write(line)
            assert not (path.exists() and path.read_bytes() != b"mine")  # nothing under the name before it is whole


def test_all_of_it_is_there_and_its_owner_s_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        export(tmp_path / "a.jsonl")
    finally:
        os.umask(before)
    assert (tmp_path / "a.jsonl").read_bytes() == b"".join(LINES)
    assert stat.S_IMODE((tmp_path / "a.jsonl").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_what_is_there_stays_but_a_file_where_one_insists(tmp_path: Path) -> None:
    there, folder, link, pipe = (tmp_path / name for name in ("there", "folder", "link", "pipe"))
    there.write_bytes(b"mine")
    folder.mkdir()
    link.symlink_to(tmp_path / "nowhere")
    os.mkfifo(pipe)
    names = {path.name for path in tmp_path.iterdir()}
    for path, why in ((there, "is there already"), (folder, "is a folder"), (link, "no file"), (pipe, "no file")):
        with pytest.raises(NotExported, match=why):
            export(path)
    for path in (folder, link, pipe):
        with pytest.raises(NotExported):
            export(path, force=True)
    assert there.read_bytes() == b"mine" and {path.name for path in tmp_path.iterdir()} == names
    export(there, force=True)
    assert there.read_bytes() == b"".join(LINES) and stat.S_IMODE(there.stat().st_mode) == 0o600


def test_of_a_link_to_a_file_the_link_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    export(tmp_path / "link", force=True)
    assert (tmp_path / "file").read_bytes() == b"mine" and not (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143), ValueError("a fault")])
def test_nothing_is_left_of_what_broke_off(tmp_path: Path, error: BaseException) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"mine")
    with pytest.raises(type(error)), export_file(there, force=True) as write:
        write(LINES[2])
        raise error
    assert there.read_bytes() == b"mine" and [*tmp_path.iterdir()] == [there]


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_is_said_plainly_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(
        NotExported, match=r"a.jsonl cannot be written: no space left on device. Nothing is left of it.$"
    ):
        export(tmp_path / "a.jsonl")
    assert [*tmp_path.iterdir()] == []


def test_what_came_to_be_there_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with pytest.raises(NotExported, match="meanwhile"), export_file(path) as write:
        write(b"one\n")
        path.write_bytes(b"mine")
    assert path.read_bytes() == b"mine" and [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("is_there", [False, True])
def test_where_the_file_system_has_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "a.jsonl"
    if is_there:
        with pytest.raises(NotExported, match="meanwhile"), export_file(path):
            path.write_bytes(b"mine")
        assert path.read_bytes() == b"mine"
    else:
        export(path)
        assert path.read_bytes() == b"".join(LINES)
    assert [*tmp_path.iterdir()] == [path]


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    export(tmp_path / ("ä" * 127))
    assert len([*tmp_path.iterdir()]) == 1


@pytest.mark.parametrize("text", ["/no/such/folder/a", "a\0b", "x" * 5_000])
def test_what_is_no_place_is_said_before_it_is_tried(text: str) -> None:
    assert place_problem(Path(text)) is not None
    with pytest.raises(NotExported):
        export(Path(text))


def test_a_folder_that_one_may_not_write_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(NotExported, match="cannot be made: permission denied"):
        export(tmp_path / "a.jsonl")
