"""`auditdeck import`."""

import json
from pathlib import Path

import pytest

from tests.functional.cli.command_line import Runner, run_process
from tests.functional.cli.made_up_log import event_lines


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    path.write_bytes(event_lines(1_204))
    return path


def test_the_summary_is_one_line_and_nothing_else(run: Runner, source: Path) -> None:
    ran = run("import", str(source))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "1,204 read: 1,204 added, 0 duplicates, 0 rejected.\n"


def test_importing_twice_adds_nothing(run: Runner, source: Path) -> None:
    run("import", str(source))
    ran = run("import", str(source), "--json")
    assert ran.status == 0
    assert ran.json == {
        "read": 1_204,
        "added": 0,
        "duplicates": 1_204,
        "rejected": 0,
        "files": 1,
        "rejects": None,
        "failures": [],
    }
    assert run("events", "last:all", "--count").out == "1204\n"


def test_standard_input_is_read_for_a_minus() -> None:
    ran = run_process(["import", "-", "--json"], given=event_lines(3))
    assert (ran.status, ran.json["added"]) == (0, 3)


def test_paths_may_stand_on_both_sides_of_a_flag(run: Runner, source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_bytes(event_lines(1, padding=1))
    ran = run("import", str(source), "--json", str(other))
    assert (ran.json["files"], ran.json["added"]) == (2, 1_205)


def test_rejected_records_are_kept_with_their_reason_and_told_by_the_exit_status(run: Runner, tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl"
    source.write_bytes(event_lines(2) + b'{"type": "x.y"}\nno json\n')
    ran = run("import", str(source))
    assert (ran.status, ran.out) == (3, "4 read: 2 added, 0 duplicates, 2 rejected.\n")
    assert "auditdeck-rejects.jsonl" in ran.err
    rejects = [json.loads(line) for line in Path("auditdeck-rejects.jsonl").read_text().splitlines()]
    assert [(reject["line"], reject["raw"]) for reject in rejects] == [(3, '{"type": "x.y"}'), (4, "no json")]
    assert "occurred_at" in rejects[0]["reason"]


def test_a_rejects_file_is_never_overwritten(run: Runner, tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl"
    source.write_bytes(event_lines(1) + b"no json\n")
    kept = Path("kept.jsonl")
    kept.write_text("mine")
    ran = run("import", str(source), "--rejects", "kept.jsonl", "--json")
    assert kept.read_text() == "mine"
    assert ran.json["rejects"] == "kept-2.jsonl"
    assert "kept-2.jsonl" in ran.err
    assert "no json" in Path("kept-2.jsonl").read_text()


def test_the_same_identity_with_other_content_is_rejected(run: Runner, tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl"
    record = {"id": "a-1", "type": "api_client.updated", "occurred_at": "2026-03-02T09:00:00Z"}
    source.write_text("".join(json.dumps({**record, "reason": reason}) + "\n" for reason in ("one", "two")))
    ran = run("import", str(source), "--json")
    assert (ran.status, ran.json["added"], ran.json["rejected"]) == (3, 1, 1)


def test_rejects_that_cannot_be_written_end_the_import_with_a_sentence(run: Runner, tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl"
    source.write_bytes(event_lines(1_500) + b"no json\n")
    ran = run("import", str(source), "--rejects", str(tmp_path / "nowhere" / "rejects.jsonl"))
    assert (ran.status, ran.out) == (1, "")
    assert "cannot write the rejects" in ran.err
    assert "1,000 events were added and are kept" in ran.err
    assert run("events", "last:all", "--count").out == "1000\n"
