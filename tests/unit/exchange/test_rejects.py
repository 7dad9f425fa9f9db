"""The file of rejects."""

import json
import stat
from pathlib import Path

import pytest

from data.errors import AuditdeckError
from data.exchange.rejects import Reject, RejectsFile


def test_no_file_is_made_without_a_reject(tmp_path: Path) -> None:
    with RejectsFile(tmp_path / "rejects.jsonl") as rejects:
        assert rejects.path is None
    assert list(tmp_path.iterdir()) == []


def test_rejects_are_json_lines_that_only_their_owner_reads(tmp_path: Path) -> None:
    with RejectsFile(tmp_path / "rejects.jsonl") as rejects:
        rejects.write("a.jsonl", Reject(7, "not valid UTF-8", b'{"caf\xe9\n"\xc3\xa4'))
        rejects.write("odd\udcff", Reject(8, "why", b""))
    assert rejects.path == tmp_path / "rejects.jsonl"
    assert stat.S_IMODE(rejects.path.stat().st_mode) == 0o600
    assert [json.loads(line) for line in rejects.path.read_bytes().splitlines()] == [
        {"file": "a.jsonl", "line": 7, "reason": "not valid UTF-8", "raw": '{"caf\\xe9\n"ä'},
        {"file": "odd\\udcff", "line": 8, "reason": "why", "raw": ""},
    ]


def test_looking_at_rejects_drives_no_terminal(tmp_path: Path) -> None:
    hostile = "\x1b]52;c;eA==\x07\x7f\x9b2J\u202e"
    with RejectsFile(tmp_path / "rejects.jsonl") as rejects:
        rejects.write(hostile, Reject(1, hostile, hostile.encode()))
    assert rejects.path is not None
    (line,) = rejects.path.read_text(encoding="utf-8").splitlines()
    assert line.isprintable()
    assert json.loads(line) == {"file": hostile, "line": 1, "reason": hostile, "raw": hostile}


def test_a_file_that_is_there_is_never_touched(tmp_path: Path) -> None:
    wanted = tmp_path / "rejects.jsonl"
    wanted.write_text("mine")
    (tmp_path / "rejects-2.jsonl").symlink_to(tmp_path / "elsewhere")
    with RejectsFile(wanted) as rejects:
        rejects.write("a", Reject(1, "why", b""))
    assert rejects.path == tmp_path / "rejects-3.jsonl"
    assert wanted.read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    rejects = RejectsFile(tmp_path / "missing" / "rejects.jsonl")
    with pytest.raises(AuditdeckError, match="cannot write the rejects to .*rejects.jsonl"):
        rejects.write("a", Reject(1, "why", b""))
    rejects.close()
