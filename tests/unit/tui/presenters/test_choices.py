"""Tests of tui.presenters.choices."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from data.query import Window, matches, parse_query, print_clause, window_of
from data.query.model import EVERYTHING, EventQuery
from data.records import Reference
from tests.unit.tui.made_up_events import WHEN, ZONE, an_event, hostile_event
from tui.presenters.choices import TYPE_IT, date_choices, value_choices, window_text

FULL = an_event(service="console", session_id="s-1", request_id="r-1")


def test_each_letter_stands_for_its_value() -> None:
    asked = {choice.letter: print_clause(choice.value) for choice in value_choices(FULL, ZONE) if choice.value}
    assert asked == {
        "t": "type:api_client.updated",
        "o": "outcome:success",
        "a": "actor:m-42",
        "c": "client:c-77",
        "e": "target:c-77",
        "s": "service:console",
        "i": "ip:198.51.100.7",
        "n": "session:s-1",
        "r": "request:r-1",
        "d": "during:2026-11-20",
    }


def test_only_what_the_card_has_is_offered() -> None:
    bare = an_event(client=None, target=None, ip=None, token=None)
    assert [choice.letter for choice in value_choices(bare, ZONE)] == ["t", "o", "a", "d"]


def test_a_choice_says_the_name_and_the_clause() -> None:
    meanings = {choice.letter: choice.meaning for choice in value_choices(FULL, ZONE)}
    assert meanings["a"] == "Alice Moss  actor:m-42" and meanings["t"] == "type:api_client.updated"


def test_the_day_is_that_of_the_zone_shown() -> None:
    late = an_event(occurred_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    (day,) = (choice for choice in value_choices(late, ZoneInfo("Europe/Berlin")) if choice.letter == "d")
    assert day.value is not None and print_clause(day.value) == "during:2026-11-21"


def test_each_choice_selects_the_event_that_it_comes_from() -> None:
    for event in (FULL, hostile_event(), an_event(actor=Reference("member", name='a*b,"c"'))):
        for choice in value_choices(event, ZONE):
            assert choice.value is not None
            assert matches(EventQuery((choice.value, EVERYTHING)), event, WHEN, ZONE), choice


def test_what_a_choice_asks_for_can_be_typed() -> None:
    for choice in value_choices(an_event(actor=Reference("member", name='a*b,"c"')), ZONE):
        assert choice.value is not None
        assert parse_query(print_clause(choice.value)).clauses[0] == choice.value


def test_stretches_of_time_show_their_two_instants() -> None:
    choices = {choice.letter: choice for choice in date_choices(WHEN, ZONE)}
    assert list(choices) == ["t", "y", "w", "m", "q", "a", TYPE_IT]
    assert choices["y"].meaning == "during:yesterday   from 19 Nov 2026 00:00 UTC until 20 Nov 2026 00:00 UTC"
    assert choices["q"].meaning == "during:last-quarter   from 1 Jul 2026 00:00 UTC until 1 Oct 2026 00:00 UTC"
    assert choices["a"].meaning == "last:all   all time"
    assert choices[TYPE_IT].value is None


def test_the_instants_are_those_that_the_query_will_have() -> None:
    for choice in date_choices(WHEN, ZONE):
        if choice.value is not None and not choice.meaning.startswith("last:"):
            assert choice.meaning.endswith(window_text(window_of(EventQuery((choice.value,)), WHEN, ZONE), ZONE))


def test_an_open_end_is_not_named() -> None:
    assert window_text(Window(None, None), ZONE) == "all time"
    assert window_text(Window(0, None), ZONE) == "from 1 Jan 1970 00:00 UTC"
    assert window_text(Window(None, 60_000_000), ZONE) == "until 1 Jan 1970 00:01 UTC"
