"""`auditdeck event ID`."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import fill, rich_draft


@pytest.fixture
def event_id(run: Runner, database: Path) -> str:
    fill(database, [rich_draft()])
    (item,) = run("events", "last:all", "--json").json["items"]
    return str(item["id"])


def test_the_text_holds_all_of_the_event(run: Runner, event_id: str) -> None:
    ran = run("event", event_id, "--zone", "Europe/Berlin")
    assert (ran.status, ran.err) == (0, "")
    lines = {line.strip() for line in ran.out.splitlines()}
    for line in (
        "API client updated",
        "time            Mon 2 Mar 2026 10:00:00.123456 CET",
        "in UTC          2026-03-02T09:00:00.123456Z",
        "outcome         success",
        "actor           Alice Moss (member m-42)",
        "client          Payroll sync (api client c-77)",
        "reason          the owner asked for it",
        "duration        1,234 ms",
        "request         req-9f2c",
        "session         s-4711",
        "token           Ab3dE5gH",
        "name            Payrol sync → Payroll sync",
        "scopes          − write",
        "+ report",
        "1 unchanged",
        "description     (none) → nightly",
        "ticket          T-1",
        f"id              {event_id}",
    ):
        assert line in lines


def test_it_is_said_where_characters_hide(run: Runner, database: Path) -> None:
    fill(database, [replace(rich_draft(), user_agent="Terminal\u202e", reason="two\nlines")])
    (item,) = run("events", "has:hostile last:all", "--json").json["items"]
    lines = {line.strip() for line in run("event", str(item["id"])).out.splitlines()}
    assert "hostile         control or format characters in user agent, reason" in lines


def test_json_is_the_form_that_can_be_imported(run: Runner, event_id: str, tmp_path: Path) -> None:
    ran = run("event", event_id, "--json")
    assert ran.json["id"] == event_id
    changes = {change.pop("field"): change for change in ran.json["changes"]}
    assert changes["scopes"] == {"before": ["read", "write"], "after": ["read", "report"]}
    assert changes["description"] == {"before": None, "after": "nightly"}
    copy = tmp_path / "copy.jsonl"
    copy.write_text(ran.out, encoding="utf-8")
    assert run("import", str(copy), "--database", str(tmp_path / "copy.db"), "--json").json["added"] == 1
    again = run("event", event_id, "--json", "--database", str(tmp_path / "copy.db")).json
    of_each_log = {"recorded_at": "", "seal": ""}
    assert {**again, **of_each_log} == {**ran.json, **of_each_log}


def test_an_id_of_no_event_is_told(run: Runner, event_id: str) -> None:
    other = f"{event_id[:-1]}{'0' if event_id[-1] != '0' else '1'}"
    ran = run("event", other)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"auditdeck: No event has the id {other}.\n"


def test_what_is_no_id_is_told(run: Runner) -> None:
    ran = run("event", "c-77")
    assert (ran.status, ran.out) == (1, "")
    assert "c-77 is not the id of an event" in ran.err
