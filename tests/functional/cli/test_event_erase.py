"""`auditdeck event erase`."""

from pathlib import Path

import pytest

from tests.functional.cli.command_line import Runner
from tests.functional.cli.made_up_log import fill, some_drafts
from tui.visitor import Visitor, serve


@pytest.fixture(autouse=True)
def filled(database: Path) -> None:
    fill(database, some_drafts(3))


@pytest.fixture
def event_id(run: Runner) -> str:
    found = run("events", "last:all", "--json", "--limit", "1").json["items"][0]["id"]
    assert isinstance(found, str)
    return found


def test_the_personal_part_is_erased_and_it_is_said(run: Runner, event_id: str) -> None:
    ran = run("event", "erase", event_id, "--reason", "asked for", "--yes")
    assert ran.status == 0 and ran.out.startswith(f"The personal part of event {event_id} was erased; event ")
    assert "Names that no other event has" in ran.err
    left = run("event", event_id, "--json").json
    assert "ip" not in left and left["type"] != "log.tombstone"
    (told,) = run("events", "type:log.event_erased", "last:all", "--json").json["items"]
    assert (told["reason"], told["data"]) == ("asked for", {"erased": event_id, "whole": False})
    again = run("event", "erase", event_id, "--reason", "asked for", "--yes")
    assert again.status == 0 and "had been erased already" in again.out and told["id"] in again.out
    assert len(run("events", "type:log.event_erased", "last:all", "--json").json["items"]) == 1


def test_all_of_it_is_erased(run: Runner, event_id: str) -> None:
    ran = run("event", "erase", "--whole", "--reason", "asked for", event_id, "--yes", "--json")
    assert ran.status == 0 and ran.json["type"] == "log.tombstone" and ran.json["id"] == event_id
    assert run("event", event_id, "--json").json["type"] == "log.tombstone"
    assert "Erased event" in run("events", f"id:{event_id}", "last:all").out
    for form in ("csv", "jsonl", "ocsf"):
        assert run("export", "last:all", "--format", form).status == 0


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("erase", "{id}"), 2, "Say why"),
        (("erase", "{id}", "--reason", "asked"), 2, "here is none; say --yes"),
        (("erase", "{id}", "--reason", " ", "--yes"), 1, "Say why"),
        (("erase", "{id}", "{id}", "--reason", "asked", "--yes"), 2, "One event is erased at a time"),
        (("erase", "x", "--reason", "asked", "--yes"), 1, "not the id of an event"),
        (("erase", "00000000-0000-7000-8000-000000000000", "--reason", "asked", "--yes"), 1, "has the id"),
        (("erase", "{id}", "--reason", "a\x1b[31m", "--yes"), 1, "invisible or control"),
        (("{id}", "--reason", "asked"), 2, "for `auditdeck event erase ID`"),
        (("{id}", "--whole"), 2, "for `auditdeck event erase ID`"),
        (("{id}", "{id}"), 2, "One event is shown"),
        (("erase",), 1, "not the id of an event"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    run: Runner, event_id: str, words: tuple[str, ...], status: int, sentence: str
) -> None:
    ran = run("event", *(word.format(id=event_id) for word in words))
    assert ran.status == status and sentence in ran.err and len(ran.err.splitlines()) == 1 and not ran.out
    assert run("event", event_id, "--json").json.get("ip")


def test_nothing_is_erased_by_a_command_over_ssh(run: Runner, event_id: str) -> None:
    serve(Visitor("SHA256:x", "m-1"))
    try:
        ran = run("event", "erase", event_id, "--reason", "asked", "--yes")
    finally:
        serve(None)
    assert ran.status == 2 and "Over ssh" in ran.err
