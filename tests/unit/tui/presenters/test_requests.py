"""Tests of tui.presenters.requests, and of the card that it gives a request."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Draft, Event, Seal
from data.refusals import RefusalCode
from data.requests import GatheredRefusals, Request, gathered_draft, request_draft
from tests.unit.tui.made_up_events import HOSTILE, PAYROLL, WHEN, ZONE, an_event
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.presenters.card import card_rows, object_of, title_of
from tui.presenters.card_grid import Density
from tui.presenters.choices import value_choices
from tui.presenters.detail import detail_rows
from tui.presenters.event_text import event_lines
from tui.presenters.pieces import plain_text
from tui.presenters.requests import action_of, is_request, request_facts

REQUEST = Request(
    action="GET /v1/orders",
    status=200,
    executed_at=WHEN,
    client=PAYROLL,
    token="adk_7Fh2xQ9b",
    service="orders",
    duration_ms=34,
    ip="198.51.100.7",
)
REFUSED = replace(REQUEST, status=401, duration_ms=1, refusal=RefusalCode.EXPIRED)
STRANGERS = GatheredRefusals(
    count=37, first_at=WHEN, refusal=RefusalCode.UNKNOWN_TOKEN, ip="192.0.2.66", service="orders"
)


def _event(draft: Draft) -> Event:
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__ if name != "id"}
    return Event(**fields, id=an_event().id, recorded_at=WHEN)


def _card(event: Event, width: int = 90, density: Density = Density.CARDS) -> list[str]:
    return [plain_text(row).rstrip() for row in card_rows(event, width, ZONE, density)]


SERVED_EVENT, REFUSED_EVENT, STRANGERS_EVENT = (
    _event(request_draft(REQUEST)),
    _event(request_draft(REFUSED)),
    _event(gathered_draft(STRANGERS)),
)
FAILED_EVENT = _event(request_draft(replace(REQUEST, status=503, duration_ms=1_204)))


def test_a_request_says_what_was_asked_for_by_whom_and_how_it_went() -> None:
    assert _card(SERVED_EVENT) == [
        " 13:47:50   GET /v1/orders                                   Payroll sync         success",
        "            status 200 · 34 ms · orders · adk_7Fh2xQ9b       198.51.100.7",
    ]
    assert _card(FAILED_EVENT)[0].startswith(" 13:47:50 × GET /v1/orders ")
    assert "status 503 · 1,204 ms" in _card(FAILED_EVENT)[1] and _card(FAILED_EVENT)[0].endswith(" FAILURE")


def test_a_refused_request_says_why() -> None:
    assert _card(REFUSED_EVENT) == [
        " 13:47:50 ! GET /v1/orders                                   Payroll sync          DENIED",
        "            status 401 · 1 ms · orders · adk_7Fh2xQ9b        198.51.100.7",
        "            because     The token's client has expired.",
    ]


def test_what_strangers_tried_says_how_often() -> None:
    first, second, third = _card(STRANGERS_EVENT)
    assert " ! Make requests as a stranger " in first and " anonymous " in first and first.endswith("DENIED")
    assert second.split("  ")[-1] == "192.0.2.66" and "count 37 · orders" in second
    assert third.endswith("because     No token has this public id.")


def test_without_a_column_of_actors_the_client_stands_on_the_second_row() -> None:
    first, second, *_ = _card(SERVED_EVENT, 60)
    assert "GET /v1/orders" in first and "Payroll sync" not in first
    assert second.strip().startswith("by Payroll sync · status 200 · 34 ms")
    assert "Payroll sync" in _card(SERVED_EVENT, 60, Density.LINES)[0]


def test_a_client_that_only_named_itself_is_told_from_one_that_proved_it() -> None:
    wrong = _event(request_draft(replace(REFUSED, refusal=RefusalCode.WRONG_SECRET)))
    assert "named, not proven" in _card(wrong)[1]
    assert not any("not proven" in row for row in _card(REFUSED_EVENT))


def test_the_open_card_heads_with_action_and_client() -> None:
    assert (title_of(SERVED_EVENT), object_of(SERVED_EVENT)) == ("GET /v1/orders", "Payroll sync")
    assert object_of(STRANGERS_EVENT) is None and action_of(STRANGERS_EVENT) is None
    texts = [plain_text(line).strip() for row in detail_rows(SERVED_EVENT, {}, 80, ZONE) for line in row.rows]
    assert any(text.startswith("action") and text.endswith("GET /v1/orders") for text in texts)
    assert not any(text.startswith(("target", "Proof", "state")) for text in texts)


def test_a_request_is_sealed_or_says_nothing_of_it() -> None:
    sealed = replace(SERVED_EVENT, seal=Seal.SEALED)
    assert _card(sealed)[1].endswith(" sealed")
    assert any(line.split() == ["proof", "sealed"] for line in event_lines(sealed, ZONE))
    assert not any("sealed" in line for line in event_lines(SERVED_EVENT, ZONE))


def test_an_action_is_asked_for_as_one() -> None:
    assert [choice.name for choice in value_choices(SERVED_EVENT, ZONE) if choice.letter == "e"] == ["action"]
    assert [choice.name for choice in value_choices(an_event(), ZONE) if choice.letter == "e"] == ["target"]


@pytest.mark.parametrize("event", [SERVED_EVENT, REFUSED_EVENT, STRANGERS_EVENT])
def test_a_request_is_one_and_a_change_is_none(event: Event) -> None:
    assert is_request(event) and not is_request(an_event())
    assert action_of(an_event()) is None


@given(st.integers(40, 200), st.sampled_from(Density))
def test_nothing_in_a_request_drives_a_terminal(width: int, density: Density) -> None:
    hostile = replace(
        REQUEST,
        action=HOSTILE,
        client=replace(PAYROLL, name=HOSTILE),
        service=HOSTILE,
        ip=HOSTILE,
        token=HOSTILE,
        refusal=RefusalCode.REVOKED,
        reason=HOSTILE,
    )
    assert_fit_to_show(card_rows(_event(request_draft(hostile)), width, ZONE, density), width)


def test_odd_data_is_no_fact() -> None:
    odd = replace(SERVED_EVENT, data={"status": {"code": 200}, "count": None}, duration_ms=None, service=None)
    assert request_facts(odd) == [("", "adk_7Fh2xQ9b")]
