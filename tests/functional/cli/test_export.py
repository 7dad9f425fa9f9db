"""`auditdeck export`."""

import json
import signal
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.exchange.outgoing import OUTGOING
from data.query import parse_query
from data.records import Event, Outcome
from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import PROGRAM, Ran, Runner, process_environment
from tests.functional.cli.made_up_log import HOSTILE, fill, rich_draft, some_drafts

COUNT = 1_234
LONG_AGO = datetime(2020, 2, 29, 12, 0, tzinfo=UTC)


def exported(ran: Ran) -> list[dict[str, Any]]:
    assert ran.status == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def exports_told(database: Path) -> list[Event]:
    """The events that tell of exports, oldest first."""
    with closing(AuditLog(str(database), ZoneInfo("UTC"))) as log:
        return list(log.page(parse_query("type:log.exported last:all")).items[::-1])


def test_whole_events_oldest_first_which_can_be_imported_again(run: Runner, database: Path, tmp_path: Path) -> None:
    fill(database, [*some_drafts(COUNT), rich_draft()])
    ran = run("export", "last:all")
    records = exported(ran)
    assert len(records) == COUNT + 1
    ids = [record["id"] for record in records]
    assert ids == sorted(ids)
    assert run("event", ids[7], "--json").json == records[7]
    assert ran.err == f"{COUNT + 1:,} events exported: last:all\n"
    copy = tmp_path / "copy.jsonl"
    copy.write_text(ran.out, encoding="utf-8")
    elsewhere = ("--database", str(tmp_path / "elsewhere.db"))
    assert run("import", str(copy), *elsewhere).status == 0
    again = [{**record, "recorded_at": ""} for record in exported(run("export", "last:all", *elsewhere))]
    assert again == [{**record, "recorded_at": ""} for record in records]


def test_newest_first_and_only_what_is_asked_for(run: Runner, database: Path) -> None:
    fill(database, some_drafts(30))
    records = exported(run("export", "outcome:denied", "last:all", "--sort", "desc", "--format", "jsonl"))
    assert len(records) == 10 and {record["outcome"] for record in records} == {"denied"}
    ids = [record["id"] for record in records]
    assert ids == sorted(ids, reverse=True)


def test_an_export_is_one_event_with_its_query_and_count(run: Runner, database: Path) -> None:
    fill(database, some_drafts(30))
    ran = run("export", "outcome:denied", "last:all", "number")
    (event,) = exports_told(database)
    assert (event.outcome, event.actor.id, event.service) == (Outcome.SUCCESS, "owner", "command-line")
    assert event.target is not None and event.target.name == "Change log"
    assert event.data == {
        "format": "jsonl",
        "count": 10,
        "size": len(ran.out.encode()),
        "query": "outcome:denied last:all number",
    }


def test_what_is_exported_does_not_hold_its_own_event(run: Runner, database: Path) -> None:
    fill(database, some_drafts(3))
    assert len(exported(run("export", "last:all"))) == 3
    assert len(exported(run("export", "last:all"))) == 4


def test_nothing_to_export_is_no_failure(run: Runner, database: Path) -> None:
    fill(database, some_drafts(3))
    ran = run("export", "actor:nobody")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == "No event matches actor:nobody last:30d.\n"
    assert [event.data["count"] for event in exports_told(database)] == [0]


def test_no_stored_byte_drives_a_terminal(run: Runner, database: Path) -> None:
    hostile = some_drafts(1)[0]
    fill(database, [type(hostile)(type="project.created", occurred_at=hostile.occurred_at, reason=HOSTILE)])
    ran = run("export", "last:all")
    assert ran.out.removesuffix("\n").isprintable()
    assert exported(ran)[0]["reason"] == HOSTILE


def test_utf_8_whatever_the_locale_is(database: Path) -> None:
    draft = some_drafts(1)[0]
    fill(database, [type(draft)(type="project.created", occurred_at=draft.occurred_at, reason="Zoë 漢字")])
    ended = subprocess.run(
        [*PROGRAM, "export", "last:all"],
        capture_output=True,
        env=process_environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii"),
        timeout=30,
        check=True,
    )
    assert json.loads(ended.stdout.decode())["reason"] == "Zoë 漢字"


@pytest.mark.parametrize("tag", [form.tag for form in OUTGOING.values() if form.line is not None])
def test_to_a_file_of_each_format(run: Runner, database: Path, tmp_path: Path, tag: str) -> None:
    fill(database, [*some_drafts(30), rich_draft()])
    place = tmp_path / f"all{OUTGOING[tag].suffix}"
    to_output = run("export", "last:all", "--format", tag)
    ran = run("export", "before:today last:all", "--format", tag, "--to", str(place))
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == f"31 events exported to {place}: before:today last:all\n"
    assert place.read_bytes() == to_output.out.encode()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [event.data["format"] for event in exports_told(database)] == [tag, tag]


def test_nothing_is_written_over_unless_one_insists(run: Runner, database: Path, tmp_path: Path) -> None:
    fill(database, some_drafts(3))
    place = tmp_path / "all.jsonl"
    place.write_text("mine")
    refused = run("export", "last:all", "--to", str(place))
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == f"auditdeck: {place} is there already, and stays as it is. --force writes over it.\n"
    assert place.read_text() == "mine"
    assert exports_told(database) == []
    assert run("export", "last:all", "--to", str(place), "--force").status == 0
    assert len(place.read_bytes().splitlines()) == 3


@pytest.mark.parametrize(
    ("to", "why"), [("", "is a folder"), ("none/all.jsonl", "There is no folder"), ("a\x1bb", "control character")]
)
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_where_it_cannot_lie(
    run: Runner, database: Path, tmp_path: Path, to: str, why: str, force: tuple[str, ...]
) -> None:
    fill(database, some_drafts(3))
    folder = tmp_path / "out"
    folder.mkdir()
    ran = run("export", "last:all", "--to", f"{folder}/{to}", *force)
    assert (ran.status, ran.out) == (1, "") and why in ran.err
    assert [*folder.iterdir()] == []


def test_the_database_is_not_written_over(run: Runner, database: Path) -> None:
    fill(database, some_drafts(3))
    for name in (database, Path(f"{database}-wal")):
        ran = run("export", "last:all", "--to", str(name), "--force")
        assert ran.status == 1 and "is the database itself" in ran.err
    assert len(exported(run("export", "last:all"))) == 3


def test_force_is_about_a_file(run: Runner, database: Path) -> None:
    fill(database, some_drafts(3))
    ran = run("export", "last:all", "--force")
    assert ran.status == 2 and "--to" in ran.err


def test_a_signal_leaves_nothing_of_a_file(database: Path, tmp_path: Path) -> None:
    fill(database, some_drafts(COUNT))
    folder = tmp_path / "out"
    folder.mkdir()
    # It waits at its first event until the signal comes.
    waiting = (
        "import time, tui.export_file as f; f._File.take = lambda *_: (print('begun', flush=True), time.sleep(30))"
    )
    run_it = "from tui.cli import main; import sys; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", f"{waiting}; {run_it}", "export", "last:all", "--to", str(folder / "all.jsonl")],
        stdout=subprocess.PIPE,
        env=process_environment(),
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == b"begun\n"
        (beside,) = folder.iterdir()
        assert beside.name.endswith(".part") and stat.S_IMODE(beside.stat().st_mode) == 0o600
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    assert [*folder.iterdir()] == []
    (event,) = exports_told(database)
    assert (event.outcome, event.reason) == (Outcome.FAILURE, "It was broken off.")


def test_where_it_breaks_off_the_log_says_so(database: Path) -> None:
    """By a reader that leaves, and by a signal."""
    fill(database, some_drafts(COUNT))  # far more than a pipe holds
    for ending, status in ((None, 141), (signal.SIGTERM, 128 + signal.SIGTERM)):
        with subprocess.Popen(
            [*PROGRAM, "export", "last:all"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=process_environment()
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            json.loads(process.stdout.readline())
            if ending is None:
                process.stdout.close()
            else:
                process.send_signal(ending)
            assert process.stderr.read() == b""
            assert process.wait(30) == status
    left, ended = exports_told(database)
    assert left.outcome is ended.outcome is Outcome.FAILURE
    assert (left.reason, ended.reason) == ("Whoever read it left.", "It was broken off.")
    for event in (left, ended):
        assert isinstance(event.data["count"], int) and 0 < event.data["count"] < COUNT


def test_what_is_archived_is_left_out_and_told(run: Runner, database: Path) -> None:
    with closing(AuditLog(str(database), ZoneInfo("UTC"), clock=lambda: LONG_AGO)) as log:
        log.append([replace(draft, occurred_at=LONG_AGO) for draft in some_drafts(3)])
    fill(database, some_drafts(2))
    ran = run("export", "last:all", "outcome:success,failure", "type:api_client.*")
    assert len(exported(ran)) == 2
    assert ran.err.endswith("In the archive there are 2 more: in:archive.\n")
    assert len(exported(run("export", "last:all", "outcome:success,failure", "type:api_client.*", "in:archive"))) == 4
    assert run("events", "outcome:denied", "last:all").err.endswith("In the archive there is 1 more: in:archive.\n")
    assert "In the archive there is 1 more: last:all in:archive." in run("events", "outcome:denied").err
    counted = run("events", "--count", "last:all", "in:archive", "type:api_client.*")
    assert (counted.out, counted.err) == ("5\n", "")
