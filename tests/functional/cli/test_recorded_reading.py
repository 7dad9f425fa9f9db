"""Each call that reads a log leaves one event of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.errors import DatabaseUnavailable
from data.records import Draft
from data.services.audit_log import AuditLog
from data.store import UnitOfWork
from tests.functional.cli.command_line import Runner

pytestmark = pytest.mark.usefixtures("reading_is_recorded")
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def log(database: Path, run: Runner) -> AuditLog:
    """Three events and a request."""
    from zoneinfo import ZoneInfo

    log = AuditLog(str(database), ZoneInfo("UTC"))
    log.append([Draft(type="user.created", occurred_at=NOW) for _ in range(3)])
    log.requests.append([Draft(type="request.served", occurred_at=NOW)])
    return log


def told(log: AuditLog) -> list[tuple[str, object, object, object]]:
    from data.query import parse_query

    events = log.page(parse_query("type:log.read,requests.read last:all")).items[::-1]
    assert {event.service for event in events} <= {"command-line"}
    return [(event.type, event.data["query"], event.data.get("count"), event.data.get("shown")) for event in events]


def test_a_page_a_count_and_a_single_event_are_one_each(log: AuditLog, run: Runner) -> None:
    ran = run("events", "type:user.created", "--limit", "2", "--json")
    assert told(log) == [("log.read", "type:user.created last:30d", None, 2)]
    run("events", "type:user.created", "--limit", "2", "--total")
    run("events", "type:user.created", "--count")
    event_id = ran.json["items"][0]["id"]
    run("event", event_id)
    assert told(log)[1:] == [
        ("log.read", "type:user.created last:30d", 3, 2),
        ("log.read", "type:user.created last:30d", 3, None),
        ("log.read", f"id:{event_id}", 1, None),
    ]


def test_so_are_requests_by_themselves_and_summed_up(log: AuditLog, run: Runner) -> None:
    run("requests")
    run("requests", "last:7d", "--by", "client")
    run("requests", "--unusual")
    assert [(one[0], one[1]) for one in told(log)] == [
        ("requests.read", "last:30d"),
        ("requests.read", "last:7d"),
        ("requests.read", "last:30d"),
    ]


def test_what_fails_before_it_reads_is_no_reading(log: AuditLog, run: Runner) -> None:
    assert run("events", "actr:bob").status != 0
    assert run("event", "018c2f3e-5a70-7d3a-9c1b-0242ac120002").status != 0
    assert told(log) == []


def test_where_it_cannot_be_recorded_that_is_said_and_the_answer_is_given(
    log: AuditLog, run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_work: UnitOfWork) -> None:
        raise DatabaseUnavailable("The disk is full.")

    with monkeypatch.context() as trouble:
        trouble.setattr(UnitOfWork, "commit", fail)
        ran = run("events", "type:user.created", "--count")
    assert ran == (0, "3\n", "auditdeck: this reading is recorded later. The disk is full.\n")
    (file,) = (tmp_path / "state").rglob("readings-*.jsonl")
    assert json.loads(file.read_text())["type"] == "log.read"
    run("events", "type:user.created", "--count")
    assert len(told(log)) == 2 and file.read_text() == ""
