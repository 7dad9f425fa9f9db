"""Tests of tui.presenters.copies."""

import json
import shlex

from hypothesis import given, settings

from data.exchange.event_json import event_to_json
from data.query import EventQuery, parse_query, print_query
from data.records import Event, Reference
from tests.strategies.queries import queries
from tests.unit.tui.made_up_events import HOSTILE, ZONE, an_event, any_events, hostile_event
from tui.cli import parse_arguments
from tui.presenters.copies import (
    PRINT_IT,
    Copy,
    command_line,
    event_copies,
    json_copy,
    query_copies,
    row_copies,
    takings,
)
from tui.presenters.detail import detail_rows
from tui.ssh.original_command import command_in
from tui.terminal import safe

QUERY = parse_query("actor:alice* last:7d")


def _texts(event: Event) -> dict[str, str]:
    return {choice.letter: choice.value.make() for choice in event_copies(event, event_to_json, ZONE)}


def _row_texts(event: Event) -> dict[str, dict[str, str]]:
    """What is copied of each row that has a label, by the label."""
    copied: dict[str, dict[str, str]] = {}
    for row in detail_rows(event, event_to_json(event), 90, ZONE):
        if row.key is not None:
            label = "".join(piece.text for piece in row.rows[0])[2:18].strip()
            copied.setdefault(label, {choice.letter: choice.value.make() for choice in row_copies(row.key)})
    return copied


def test_an_event_is_copied_from_its_id_to_all_of_it() -> None:
    event = an_event(reason="contract ended")
    texts = _texts(event)
    assert texts["i"] == str(event.id)
    assert texts["l"].startswith("2026-11-20T13:47:50+00:00") and texts["l"].endswith(str(event.id))
    assert "\n" not in texts["l"] and "Payroll sync" in texts["l"]
    assert texts["t"].startswith("API client updated\n") and "contract ended" in texts["t"]
    assert json.loads(texts["j"]) == event_to_json(event)
    assert json_copy(event, event_to_json).make() == texts["j"]


@given(any_events)
@settings(deadline=None, max_examples=50)
def test_no_form_holds_what_could_drive_a_terminal(event: Event) -> None:
    for text in _texts(event).values():
        assert all(safe(line) == line for line in text.split("\n"))


def test_the_json_of_hostile_text_means_that_text() -> None:
    event = hostile_event()
    text = _texts(event)["j"]
    assert "\\u202e" in text and json.loads(text)["reason"] == HOSTILE


def test_a_text_that_had_to_be_changed_says_so() -> None:
    hostile = {choice.letter: choice.value for choice in query_copies(parse_query('actor:"\x1b[2J"'), None, ZONE)}
    assert hostile["q"].is_altered and hostile["q"].make() == "actor:␛[2J last:30d"
    assert not any(choice.value.is_altered for choice in query_copies(QUERY, None, ZONE))


def test_the_value_of_a_row_is_what_a_query_or_another_program_takes() -> None:
    event = an_event(reason="r" * 300, data={"nested": {"a": 1}})
    copied = _row_texts(event)
    assert copied["when"] == {"v": "2026-11-20T13:47:50.000000Z"}
    assert copied["actor"] == {"v": "m-42", "n": "Alice Moss"}
    assert copied["address"] == {"v": "198.51.100.7"}
    assert copied["reason"] == {"v": "r" * 300}, "all of it, however it is wrapped"
    assert copied["name"] == {"v": "Payrol sync"}, "without the sign before it"
    assert copied["all by"] == copied["actor"]
    nameless = _row_texts(an_event(actor=Reference("member", name="Alice Moss")))
    assert nameless["actor"] == {"v": "Alice Moss"}


@given(queries())
@settings(deadline=None)
def test_a_command_line_asks_for_the_very_query(query: EventQuery) -> None:
    line = command_line(print_query(query), "/a b/it's.db", ZONE)
    program, *words = shlex.split(line)
    arguments = parse_arguments(words)
    assert program == "auditdeck" and arguments.database == "/a b/it's.db" and arguments.zone == "UTC"
    assert " ".join(arguments.words) == print_query(query)


def test_an_address_that_must_not_be_shown_is_left_out() -> None:
    assert command_line("last:7d", None, ZONE) == "auditdeck events last:7d --zone UTC"


def test_what_was_offered_last_can_be_printed_and_by_default_the_card() -> None:
    copies = [*event_copies(an_event(), event_to_json, ZONE), *query_copies(QUERY, None, ZONE)]
    *others, printing = takings(copies, None)
    assert printing.letter == PRINT_IT and printing.value.is_printed and printing.value.copy is copies[2].value
    assert [taking.value.copy for taking in others] == [copy.value for copy in copies]
    assert not any(taking.value.is_printed for taking in others)
    offered = Copy("id", lambda: "x", "id x")
    assert takings(copies, offered)[-1].value.copy is offered
    assert takings(query_copies(QUERY, None, ZONE), None)[-1].value.copy.name == "query"


def test_no_letter_stands_twice() -> None:
    rows = [row.key for row in detail_rows(an_event(), event_to_json(an_event()), 90, ZONE) if row.key and row.key.name]
    copies = [*row_copies(rows[0]), *event_copies(an_event(), event_to_json, ZONE), *query_copies(QUERY, None, ZONE)]
    letters = [taking.letter for taking in takings(copies, None)]
    assert len(set(letters)) == len(letters) == 9


def test_over_ssh_the_command_is_the_line_that_brings_the_events() -> None:
    query = parse_query('actor:"Alice Moss" last:7d')
    (_, command) = query_copies(query, None, ZONE, way=("ssh", "-p", "2222", "auditdeck@203.0.113.9"))
    *way, sent = shlex.split(command.value.make())
    assert way == ["ssh", "-p", "2222", "auditdeck@203.0.113.9"]
    assert command_in(sent) == ("export", print_query(query), "--zone", ZONE.key)
    (_, of_requests) = query_copies(query, None, ZONE, "requests", ("ssh", "auditdeck@203.0.113.9"))
    assert command_in(shlex.split(of_requests.value.make())[-1])[0] == "requests"
