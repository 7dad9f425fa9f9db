"""`auditdeck import` on input that it cannot read, or not to its end."""

import gzip
import os
from pathlib import Path

import pytest

from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import HOSTILE, event_lines


def test_a_missing_file_a_folder_and_unknown_content_each_are_one_sentence(run: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    for path, words in (
        (tmp_path / "missing.jsonl", "there is no such file"),
        (folder, "it is a folder"),
        (picture, "nobody knows its format"),
    ):
        ran = run("import", str(path))
        assert ran.status == 1
        assert len(ran.err.splitlines()) == 1
        assert words in ran.err and str(path) in ran.err


def test_the_other_files_are_imported_all_the_same(run: Runner, tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_bytes(event_lines(3))
    ran = run("import", str(tmp_path / "missing.jsonl"), str(good), "--json")
    assert (ran.status, ran.json["added"], ran.json["files"]) == (1, 3, 1)
    (failure,) = ran.json["failures"]
    assert "missing.jsonl" in failure


@pytest.mark.parametrize("kind", [[], ["--requests"]])
@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_the_database_itself_is_no_input(run: Runner, tmp_path: Path, kind: list[str], suffix: str) -> None:
    # As by `import *` in its folder. That we read it would not matter; that we close it takes SQLite's locks on it away.
    good = tmp_path / "good.jsonl"
    good.write_bytes(event_lines(3))
    link = tmp_path / "link"
    link.symlink_to(os.environ["AUDITDECK_DATABASE"] + suffix)
    ran = run("import", *kind, str(good), str(link))
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"auditdeck: cannot read {link}: it is the database into which this imports\n"
    assert run("events", "last:all", "--count").out == "0\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_one_sentence(run: Runner, tmp_path: Path) -> None:
    source = tmp_path / "secret.jsonl"
    source.write_bytes(event_lines(1))
    source.chmod(0)
    ran = run("import", str(source))
    assert (ran.status, "permission denied" in ran.err) == (1, True)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and fails to be read")
def test_a_file_that_fails_to_be_read_is_one_sentence(run: Runner) -> None:
    ran = run("import", "/proc/self/mem")
    assert ran.status == 1
    assert len(ran.err.splitlines()) == 1
    assert "cannot read /proc/self/mem" in ran.err


def test_truncated_gzip_is_told_after_what_could_be_read(run: Runner, tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl.gz"
    packed = gzip.compress(event_lines(5_000))
    source.write_bytes(packed[: len(packed) // 2])
    ran = run("import", str(source), "--json")
    assert ran.status == 1
    assert 1_000 < ran.json["added"] < 5_000
    assert "ends too early" in ran.err


def test_invalid_utf_8_rejects_its_record_alone(run: Runner, tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl"
    first, second, third = event_lines(3).splitlines(keepends=True)
    source.write_bytes(first + second.replace(b"req-1", b"req-\xff") + third)
    ran = run("import", str(source), "--json")
    assert (ran.status, ran.json["added"], ran.json["rejected"]) == (3, 2, 1)


def test_the_name_of_a_file_drives_no_terminal(run: Runner, tmp_path: Path) -> None:
    name = HOSTILE.replace("\0", "") + os.fsdecode(b"\xff")
    ran = run("import", str(tmp_path / name))
    assert ran.status == 1
    assert not set("\x1b\x07\x9b\u202e\r\x7f\udcff") & set(ran.out + ran.err)
    assert run("import", str(tmp_path / name), "--json").status == 1


def test_standard_input_cannot_be_named_twice(run: Runner) -> None:
    ran = run("import", "-", "-")
    assert (ran.status, ran.out) == (1, "")
    assert "only once" in ran.err
