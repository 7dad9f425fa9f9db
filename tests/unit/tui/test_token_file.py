"""Tests of tui.token_file."""

import os
import stat
from pathlib import Path

import pytest

from tui.token_file import TokenNotSaved, path_problem, save_token, suggested_path


def test_a_token_is_its_owner_s_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save_token(tmp_path / "a.token", "adk_x")
    finally:
        os.umask(before)
    assert (tmp_path / "a.token").read_bytes() == b"adk_x\n"
    assert stat.S_IMODE((tmp_path / "a.token").stat().st_mode) == 0o600


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    there, link, folder = tmp_path / "there", tmp_path / "link", tmp_path / "folder"
    there.write_text("mine")
    link.symlink_to(tmp_path / "nowhere")
    folder.mkdir()
    for path in (there, link, folder):
        assert path_problem(str(path)) is not None
        with pytest.raises(TokenNotSaved):
            save_token(path, "adk_x")
    assert there.read_text() == "mine" and not (tmp_path / "nowhere").exists()


def test_nothing_is_left_of_what_could_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(TokenNotSaved, match="No space left on device"):
        save_token(tmp_path / "a.token", "adk_x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "  ", "/no/such/folder/a", "a\0b", "~nobody-of-this-name/a", "x" * 5_000])
def test_what_is_no_place_is_said_before_it_is_tried(text: str) -> None:
    assert path_problem(text)


def test_a_token_s_file_is_named_by_its_public_id(tmp_path: Path) -> None:
    suggestion = suggested_path("adk_7Fh2xQ9b", tmp_path)
    assert suggestion == tmp_path / "adk_7Fh2xQ9b.token" and path_problem(str(suggestion)) is None
