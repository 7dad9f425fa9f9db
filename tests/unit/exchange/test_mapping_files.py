"""Mapping files that are written."""

from io import FileIO
from pathlib import Path

import pytest

from data.errors import AuditdeckError, UnreadableInput
from data.exchange.mapping_files import says_the_same, write_mapping


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "doors.toml"
    write_mapping(str(path), "a = 1\n")
    with pytest.raises(AuditdeckError, match="is there already, and is not written over"):
        write_mapping(str(path), "a = 2\n")
    assert path.read_text() == "a = 1\n"


@pytest.mark.parametrize("name", ["no/such/folder.toml", "a\0b.toml"])
def test_a_file_that_cannot_be_made_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(AuditdeckError, match="cannot write the mapping to"):
        write_mapping(str(tmp_path / name), "a = 1\n")


def test_a_disk_that_is_full_leaves_no_half_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    removed: list[str] = []
    monkeypatch.setattr("os.unlink", removed.append)
    monkeypatch.setattr("builtins.open", lambda _path, _mode: FileIO("/dev/full", "wb"))
    with pytest.raises(AuditdeckError, match="No space left on device"):
        write_mapping("doors.toml", "a = 1\n")
    assert removed == ["doors.toml"]


@pytest.mark.parametrize(
    ("there", "same"),
    [("# a comment\na = 1", True), ("a = 2", False), ("a = ", False), ("\xff", False)],
)
def test_comments_do_not_make_a_difference(tmp_path: Path, there: str, same: bool) -> None:
    path = tmp_path / "doors.toml"
    path.write_text(there, encoding="latin-1")
    assert says_the_same(str(path), "a = 1\n") is same


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput):
        says_the_same(str(tmp_path), "a = 1\n")
