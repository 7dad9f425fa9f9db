"""`auditdeck hold`, and what a run of the keeper would remove."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from data.clients.model import ClientDetails
from data.clock import system_clock
from data.records import Draft, Log
from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import Runner
from tests.integration.events import UTC_ZONE, append


@pytest.fixture(autouse=True)
def there_is_an_old_log(database: Path) -> None:
    """Five events and three requests of 900 days ago, and one of now."""
    then = system_clock() - timedelta(days=900)
    for at, changes, requests in ((then, 5, 3), (system_clock(), 1, 1)):
        with closing(AuditLog(str(database), UTC_ZONE, clock=lambda at=at: at)) as log:  # type: ignore[misc]
            log.open()
            append(log.gate.database, [Draft(type="project.created", occurred_at=at) for _ in range(changes)])
            append(log.gate.database, [Draft(type="request", occurred_at=at) for _ in range(requests)], Log.REQUESTS)


def test_holds_are_placed_listed_and_lifted(run: Runner) -> None:
    assert run("hold", "list").out == "Nothing is held.\n"
    placed = run("hold", "place", "type:project.*", "before:2026", "--reason", "case 4711", "--json").json
    assert placed["query"] == "type:project.* before:2026-01-01t00:00z" and placed["lifted_at"] is None
    hold = placed["id"]
    assert run("hold", "list", "--json").json == placed
    (line,) = run("hold", "list").out.splitlines()
    assert line.startswith(hold) and line.endswith("  type:project.* before:2026-01-01t00:00z  case 4711")
    lifted = run("hold", "lift", hold[:9], "--reason", "it is settled", "--json").json
    assert lifted["id"] == hold and lifted["lifted_by"] == placed["placed_by"]
    assert run("hold", "list", "--json").out == ""
    told = run("events", "type:log.hold_*", "last:all", "--count").out
    assert told == "2\n"


def test_a_client_is_held_by_its_name_or_id(run: Runner, database: Path) -> None:
    with closing(AuditLog(str(database), UTC_ZONE)) as log:
        expires = system_clock().date() + timedelta(days=9)
        client = log.clients.create(log.caller(), ClientDetails("Payroll sync", expires)).client.id
    assert run("hold", "place", "--client", "Payroll sync", "--reason", "case 4711").out.endswith(
        f": {client} last:all\n"
    )
    assert (
        run("hold", "place", "--client", client, "--reason", "case 4712", "--json").json["query"]
        == f"{client} last:all"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("place", "--reason", "x"), "Say what is held"),
        (("place", "last:all", "--client", "c-1", "--reason", "x"), "Say what is held"),
        (("place", "colour:red", "--reason", "x"), "colour"),
        (("place", "last:all", "--reason", " "), "Say why"),
        (("place", "--client", "c-nobody", "--reason", "x"), "no client"),
        (("lift", "ffff", "--reason", "x"), "No hold begins with ffff"),
        (("lift", "5d0c7f0e-7f2b-4c55-9f0c-2f3a6b1e9a44", "--reason", "x"), "No hold has the id"),
    ],
)
def test_what_cannot_be_is_said_and_not_done(run: Runner, words: tuple[str, ...], said: str) -> None:
    ran = run("hold", *words)
    assert ran.status != 0 and said in ran.err
    assert run("hold", "list").out == "Nothing is held.\n"


def test_a_dry_run_counts_and_removes_nothing(run: Runner) -> None:
    hold = run("hold", "place", "type:request", "--reason", "case 4711", "--json").json["id"]
    found = run("keeper", "--once", "--dry-run", "--json").json
    assert found["changes"] == {"removed": 0, "held": {}, "own": 0, "unproven": 5}
    assert found["requests"] == {"removed": 0, "held": {hold: 3}, "own": 0, "unproven": 0}
    lines = run("keeper", "--once", "--dry-run").out.splitlines()
    assert lines[0].startswith("Would remove 0 events of the audit log, of before ") and lines[0].endswith(" in UTC.")
    assert lines[1] == "    5 more stay: they have no place in the proof yet, or are not what was sealed there."
    assert lines[3] == f"    3 more held back by the hold {hold} on type:request last:all."
    assert run("requests", "last:all", "in:archive", "--count").out == "4\n"
    run("hold", "lift", hold, "--reason", "settled")
    assert "Removed 8 old events." in run("keeper", "--once").out.splitlines()
    assert run("requests", "last:all", "in:archive", "--count").out == "1\n"


def test_a_dry_run_is_for_once(run: Runner) -> None:
    ran = run("keeper", "--dry-run")
    assert ran.status == 2 and "--dry-run goes with --once" in ran.err
