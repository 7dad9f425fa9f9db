"""Tests of data.hostile."""

import json
import sys
import unicodedata
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.hostile import escaped_json, holds_hostile, hostile_fields, is_hostile, made_visible, record_is_hostile
from data.records import Change, Draft, Event, Reference, Source
from tests.strategies import any_drafts
from tests.unit.tui.made_up_events import an_event

_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_HARMLESS_FIELDS = {"occurred_at", "recorded_at", "outcome", "duration_ms", "id", "seal", "erasure"}
"""Those of an event that hold no text of anybody's choice."""

BAD = "a\u202eb"


def _with_bad_text() -> dict[str, list[tuple[str, Event]]]:
    """By field of an event: events with one bad text there and nowhere else, each with what is said of it."""
    places: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "type": [("type", {"type": BAD})],
        "service": [("service", {"service": BAD})],
        "ip": [("address", {"ip": BAD})],
        "user_agent": [("user agent", {"user_agent": BAD})],
        "request_id": [("request", {"request_id": BAD})],
        "session_id": [("session", {"session_id": BAD})],
        "token": [("token", {"token": BAD})],
        "reason": [("reason", {"reason": BAD})],
        "source": [("source", {"source": Source(BAD, "1")}), ("source", {"source": Source("elsewhere", BAD)})],
        "changes": [
            (f"change of {BAD}", {"changes": (Change(BAD),)}),
            ("change of name", {"changes": (Change("name", BAD),)}),
            ("change of name", {"changes": (Change("name", None, [1, {"deep": [BAD]}]),)}),
            ("change of name", {"changes": (Change("name", None, [{BAD: None}]),)}),
        ],
        "data": [
            (f"{BAD} in data", {"data": {BAD: 1}}),
            ("note in data", {"data": {"note": BAD}}),
            ("note in data", {"data": {"note": [[{"deep": {BAD: True}}]]}}),
        ],
    }
    for name in ("actor", "client", "target"):
        places[name] = [
            (f"{name} type", {name: Reference(BAD, "1")}),
            (f"{name} id", {name: Reference("member", BAD)}),
            (f"{name} name", {name: Reference("member", "1", BAD)}),
        ]
    return {name: [(said, an_event(**one)) for said, one in found] for name, found in places.items()}


BAD_EVENTS = _with_bad_text()


def test_they_are_the_characters_of_these_categories_and_no_others() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    wrong = [hex(ord(one)) for one in every if is_hostile(one) is not (unicodedata.category(one) in _CATEGORIES)]
    assert wrong == []


@given(st.text(st.characters()))
def test_text_holds_them_exactly_where_it_has_to_be_made_visible(text: str) -> None:
    assert holds_hostile(text) is (made_visible(text) != text)
    assert not holds_hostile(made_visible(text))


@pytest.mark.parametrize(
    "text", ["\n", "a\tb", "\x00", "\x7f", "\x9b", "\u202e", "\u200d", "\ufeff", "\ue000", "\ud800"]
)
def test_line_breaks_and_tabs_are_among_them(text: str) -> None:
    assert holds_hostile(text)


@pytest.mark.parametrize("text", ["", "plain", "Zoë\u00a0漢字 👍🏽", "e\u0301" * 100, "[/red]", "\u3000"])
def test_letters_marks_and_spaces_of_all_languages_are_not(text: str) -> None:
    assert not holds_hostile(text)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"))))
def test_json_is_escaped_and_means_the_same(value: dict[str, str]) -> None:
    escaped = escaped_json(json.dumps(value, ensure_ascii=False))
    assert not holds_hostile(escaped)
    assert json.loads(escaped) == value


def test_every_field_of_an_event_is_looked_at() -> None:
    assert set(BAD_EVENTS) | _HARMLESS_FIELDS == {field.name for field in fields(Event)}


@pytest.mark.parametrize(
    ("said", "event"),
    [pytest.param(*one, id=f"{name}-{one[0]}") for name, found in BAD_EVENTS.items() for one in found],
)
def test_a_bad_text_is_found_wherever_it_is(said: str, event: Event) -> None:
    assert record_is_hostile(event)
    assert hostile_fields(event) == (said,)


def test_an_event_without_any_has_none() -> None:
    assert not record_is_hostile(an_event()) and hostile_fields(an_event()) == ()


def test_each_field_is_named_once() -> None:
    event = an_event(reason=BAD, changes=(Change("name", BAD, BAD), Change("name", BAD)))
    assert hostile_fields(event) == ("reason", "change of name")


@given(any_drafts())
@settings(deadline=None)
def test_fields_are_named_exactly_where_there_are_any(draft: Draft) -> None:
    assert bool(hostile_fields(draft)) is record_is_hostile(draft)
    assert not record_is_hostile(replace(an_event(), type=made_visible(draft.type)))
