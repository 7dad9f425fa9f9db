"""Tests of tui.presenters.detail."""

import json
from collections.abc import Iterable

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.exchange.event_json import event_to_json
from data.query import matches, print_clause
from data.query.model import EVERYTHING, EventQuery
from data.records import Change, Event, Json, Outcome, Reference
from tests.unit.tui.made_up_events import WHEN, ZONE, an_event, any_events, hostile_event, wide_texts
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.presenters.detail import DetailRow, detail_head, detail_rows
from tui.presenters.pieces import plain_text

WIDTHS = (120, 90, 79, 45)
FULL = an_event(
    service="console",
    duration_ms=1234,
    user_agent="Terminal/1.0",
    request_id="r-1",
    session_id="s-1",
    reason="contract ended",
    data={"expires": "2027-11-05", "deep": {"a": 1, "b": [1]}, "tags": ["x", "y"]},
)


def _rows(event: Event, width: int = 90) -> list[DetailRow]:
    return detail_rows(event, event_to_json(event), width, ZONE)


def _lines(rows: Iterable[DetailRow]) -> list[str]:
    return [plain_text(row) for item in rows for row in item.rows]


def _is_link(item: DetailRow) -> bool:
    """Whether a row leads to other events, rather than saying something of this one."""
    return plain_text(item.rows[0]).strip().startswith(("all by", "all on", "all from", "this session"))


def _asked(rows: Iterable[DetailRow]) -> dict[str, str]:
    """For each row that a query can ask for, the start of its text and the clause."""
    return {
        plain_text(item.rows[0]).split()[0]: print_clause(item.key.clause)
        for item in rows
        if item.key is not None and item.key.clause is not None and not _is_link(item)
    }


def test_the_first_row_says_what_how_and_which() -> None:
    first = plain_text(detail_head(FULL, 90, "3 of 17"))
    assert first.startswith(" API client updated  Payroll sync  success") and first.endswith("3 of 17")
    assert len(first) == 89
    refused = an_event(outcome=Outcome.DENIED, reason="no")
    assert plain_text(detail_head(refused, 90, "1 of 1")).startswith(" Update API client  Payroll sync   DENIED ")
    assert "  because         no" in _lines(_rows(refused))


@given(any_events, st.sampled_from((40, *WIDTHS)))
@settings(deadline=None, max_examples=50)
def test_the_head_keeps_outcome_and_place_whatever_it_is_about(event: Event, width: int) -> None:
    head = detail_head(event, width, "1,204 of 12,345")
    assert_fit_to_show((head,), width)
    assert event.outcome.value in plain_text(head).lower() and plain_text(head).endswith(" 1,204 of 12,345")


def test_every_part_of_an_event_is_there() -> None:
    text = "\n".join(_lines(_rows(FULL)))
    for part in (
        "when            Fri 20 Nov 2026 13:47:50.000000 UTC",
        "type            api_client.updated",
        "reason          contract ended",
        "actor           Alice Moss · m-42  (member)",
        "target          Payroll sync · c-77  (api client)",
        "token           adk_7Fh2xQ9b",
        "service         console",
        "address         198.51.100.7",
        "session         s-1",
        "request         r-1",
        "user agent      Terminal/1.0",
        "duration        1,234 ms",
        "recorded        Fri 20 Nov 2026 13:47:51.000000 UTC",
        "id              019e0000-0000-7000-8000-000000000001",
        "expires         5 Nov 2027",
        "tags            x, y",
    ):
        assert f"  {part}\n" in text, part


def test_what_is_not_there_has_no_row() -> None:
    bare = an_event(client=None, target=None, token=None, ip=None, changes=(), data={})
    labels = {line.split()[0] for line in _lines(_rows(bare)) if line.startswith("  ") and line[2:3].isalpha()}
    assert labels == {"when", "type", "outcome", "actor", "recorded", "id", "state", "all"}


def test_changes_are_shown_in_full() -> None:
    event = an_event(changes=(Change("name", "a" * 200, None), Change("scopes", ["a", "b"], ["b", "c"])))
    lines = [line.strip() for line in _lines(_rows(event))]
    start = next(index for index, line in enumerate(lines) if line.startswith("name"))
    assert "".join(lines[start : start + 4]).removeprefix("name").replace(" ", "") == "−" + "a" * 200
    start = next(index for index, line in enumerate(lines) if line.startswith("scopes"))
    assert lines[start - 1 : start + 3] == ["+ (none)", "scopes          − a", "+ c", "b"]


@pytest.mark.parametrize("event", [FULL, an_event(actor=Reference("member", name='Zoë, "the" one*'), target=None)])
def test_each_row_asks_for_its_own_event(event: Event) -> None:
    keys = [item.key for item in _rows(event) if item.key is not None and item.key.clause is not None]
    assert len(keys) >= 6
    for key in keys:
        assert key.clause is not None
        query = EventQuery((key.clause, EVERYTHING))
        assert matches(query, event, WHEN, ZONE), print_clause(key.clause)


def test_references_are_asked_for_by_id_where_there_is_one() -> None:
    asked = _asked(_rows(FULL))
    assert asked["actor"] == "actor:m-42" and asked["target"] == "target:c-77" and "client" not in asked
    assert _asked(_rows(an_event(target=Reference("token", "t-1"))))["client"] == "client:c-77"
    nameless = _asked(_rows(an_event(actor=Reference("member", name="Alice Moss"))))
    assert nameless["actor"] == 'actor:"Alice Moss"'


def test_rows_have_keys_of_their_own() -> None:
    keys = [item.key for item in _rows(FULL) if item.key is not None]
    assert len(set(keys)) == len(keys)


def test_a_client_that_is_its_own_target_has_one_link() -> None:
    links = [item for item in _rows(FULL) if _is_link(item)]
    assert [print_clause(item.key.clause) for item in links if item.key and item.key.clause] == [
        "actor:m-42",
        "client:c-77",
        "ip:198.51.100.7",
        "session:s-1",
    ]


def test_the_json_is_the_event() -> None:
    lines = _lines(_rows(FULL, width=200))
    start = next(index for index, line in enumerate(lines) if line.startswith(" As JSON")) + 1
    assert json.loads("\n".join(lines[start:])) == orjson.loads(orjson.dumps(event_to_json(FULL)))


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0b", "\x1c"])
def test_a_separator_within_a_value_is_neither_a_break_nor_lost(separator: str) -> None:
    event = an_event(data={"deep": {"note": f"one{separator}two"}})
    shown = [line for line in _lines(_rows(event, width=120)) if "one" in line]
    assert len(shown) == 2 and all("two" in line for line in shown)


def test_a_value_too_long_to_be_read_says_how_long_it_is() -> None:
    text = "\n".join(_lines(_rows(an_event(reason="x" * 1_000_000))))
    assert "… (1,000,000 characters in all)" in " ".join(text.split())
    assert len(text) < 100_000


def test_it_is_said_which_fields_hold_characters_that_hide() -> None:
    event = an_event(reason="one\ntwo", user_agent="\u202e", changes=(Change("na\x1bme", "a", "b\x9b"),))
    (row,) = (item for item in _rows(event, width=120) if plain_text(item.rows[0]).startswith("  ^ hostile"))
    said = " ".join(plain_text(line).strip() for line in row.rows)
    assert said == "^ hostile       control or format characters in user agent, reason, change of na␛me"
    assert row.key is not None and row.key.clause is not None and print_clause(row.key.clause) == "has:hostile"
    assert "hostile" not in "\n".join(_lines(_rows(FULL)))


def test_of_many_such_fields_the_first_are_named_and_the_others_counted() -> None:
    data: dict[str, Json] = {f"{number}{'k' * 90}": "\t" for number in range(1_500)}
    said = " ".join(line.strip() for line in _lines(_rows(an_event(data=data), width=120)))
    assert "and 1,488 more" in said


def test_the_json_of_the_largest_event_is_cut() -> None:
    event = an_event(data={str(number): "x" * 20_000 for number in range(300)})
    assert sum(map(len, _lines(_rows(event)))) < 1_000_000


@given(any_events, st.sampled_from(WIDTHS))
@settings(deadline=None, max_examples=50)
def test_whatever_an_event_holds_its_rows_are_fit_to_show(event: Event, width: int) -> None:
    for item in _rows(event, width):
        assert_fit_to_show(item.rows, width)
        assert all(not row or row[0].text.startswith(" ") for row in item.rows), "the cursor's bar needs the first cell"


@given(wide_texts.map(lambda text: text.encode("utf-8", "replace").decode()), st.sampled_from(WIDTHS))
@settings(deadline=None, max_examples=50)
def test_wide_and_hostile_text_keeps_to_the_width(text: str, width: int) -> None:
    for item in _rows(hostile_event(text), width):
        assert_fit_to_show(item.rows, width)
