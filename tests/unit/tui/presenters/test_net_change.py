"""Tests of tui.presenters.net_change."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import to_microseconds
from data.net_change import net_change
from data.query import Key, Window
from data.records import Change, Event, Json, Reference
from tests.unit.tui.made_up_events import ALICE, HOSTILE, PAYROLL, WHEN, ZONE, an_event, any_events, hostile_event
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.presenters.choices import subject_choices
from tui.presenters.net_change import ChangeKey, NetChangeState, net_change_rows, period_text
from tui.presenters.pieces import plain_text

_TOKEN = Reference("token", "t-1")


def _events(*changes: tuple[Json, Json], field: str = "name") -> list[Event]:
    return [
        an_event(
            id=UUID(int=number),
            occurred_at=WHEN + timedelta(days=number),
            changes=(Change(field, before, after),),
            token=None,
        )
        for number, (before, after) in enumerate(changes)
    ]


def _lines(events: list[Event], width: int = 90, about: Reference = PAYROLL) -> list[str]:
    state = NetChangeState(about.label, Window(), net_change(events, about))
    return [plain_text(row) for rows, _ in net_change_rows(state, width, ZONE) for row in rows]


def _text(events: list[Event], width: int = 90) -> str:
    return " ".join(" ".join(_lines(events, width)).split())


def test_a_field_stands_with_both_values_and_its_last_change() -> None:
    lines = _lines(_events(("a", "b"), ("b", "c")))
    assert lines[0] == " Payroll sync, net change over all time · 2 events"
    assert "  name            a → c" in lines
    assert "                  2 changes, the last by Alice Moss on 21 Nov 2026 13:47 UTC" in lines
    assert any(line.startswith(" Changed  ──") for line in lines)


def test_what_came_back_stands_apart() -> None:
    assert "Changed and changed back ─" in _text(_events(("a", "b"), ("b", "a")))
    assert "→" not in _text(_events(("a", "b"), ("b", "a")))


def test_lists_go_element_by_element() -> None:
    lines = _lines(_events((["a", "b"], ["b"]), (["b"], ["b", "c"])))
    assert [line.strip() for line in lines if line.startswith(" " * 18)][:2] == ["+ c", "1 unchanged"]
    assert "  name            − a" in lines
    assert "2 unchanged, in another order" in _text(_events((["a", "b"], ["b", "a"])))
    assert "+ 70 more" in _text(_events(([], [str(number) for number in range(100)])))


def test_values_too_long_for_one_row_stand_below_each_other() -> None:
    lines = _lines(_events(("a" * 60, "b" * 60)))
    assert f"  name            − {'a' * 60}" in lines and f"{' ' * 18}+ {'b' * 60}" in lines
    assert all(len(line) <= 60 for line in _lines(_events(("a " * 60, "b" * 100)), 60))


def test_a_gap_is_said_with_what_was_left_and_what_was_found() -> None:
    text = _text(_events(("a", "b"), ("x", "y")))
    assert (
        "The log has a gap here: the change by Alice Moss on 21 Nov 2026 13:47 UTC found x, but the one before left b."
        in text
    )
    assert "So it is 2 times in all." in _text(_events(("a", "b"), ("x", "y"), ("z", "a")))
    assert "gap" not in _text(_events(("a", "b"), ("b", "y")))


def test_facts_and_tokens_have_headings_of_their_own() -> None:
    events = [
        an_event(type="api_client.created", changes=()),
        an_event(type="token.issued", changes=(), target=_TOKEN),
        an_event(type="token.prolonged", changes=(Change("overlap_ends", None, "2026-12-01"),), target=_TOKEN),
    ]
    text = _text(events)
    assert "What happened ─" in text and "API client created by Alice Moss on 20 Nov 2026 13:47 UTC" in text
    assert "Token t-1 ─" in text and "overlap ends (none) → 1 Dec 2026" in text


def test_nothing_that_became_of_it_is_said_too() -> None:
    assert "No event that succeeded changed Payroll sync then." in _text([])


def test_every_row_to_stand_on_leads_to_its_last_event() -> None:
    state = NetChangeState("x", Window(), net_change([*_events(("a", "b"), ("b", "c"))], PAYROLL))
    keys = [key for _, key in net_change_rows(state, 90, ZONE) if key is not None]
    assert [key.event_id for key in keys] == [UUID(int=1)]
    both = net_change([*_events(("a", "b")), *_events(("a", "b"), field="description")], PAYROLL)
    all_keys = [key for _, key in net_change_rows(NetChangeState("x", Window(), both), 90, ZONE)]
    assert len({key for key in all_keys if isinstance(key, ChangeKey)}) == 2, "no two rows are taken for one"


def _us(text: str | None, zone: ZoneInfo) -> int | None:
    return None if text is None else to_microseconds(datetime.fromisoformat(text).replace(tzinfo=zone))


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (None, None, "over all time"),
        ("2026-03-01", "2026-06-01", "from 1 Mar 2026 until 31 May 2026 CEST"),
        ("2026-03-01", None, "since 1 Mar 2026 CET"),
        (None, "2026-03-01", "until 28 Feb 2026 CET"),
        ("2026-03-01", "2026-03-02", "on 1 Mar 2026 CET"),
        ("2026-03-01T10:02:11", "2026-03-02", "from 1 Mar 2026 10:02 until 1 Mar 2026 CET"),
        ("2026-03-01", "2026-03-02T15:00", "from 1 Mar 2026 until 2 Mar 2026 14:59 CET"),
        ("2026-03-02", "2026-03-01", "over no time at all"),
    ],
)
def test_the_time_is_said_in_days_where_it_is_whole_days(start: str | None, end: str | None, text: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert period_text(Window(_us(start, berlin), _us(end, berlin)), berlin) == text


@settings(deadline=None)
@given(st.lists(any_events, max_size=4), st.integers(30, 130))
def test_rows_fit_whatever_is_stored(events: list[Event], width: int) -> None:
    about = Reference("api_client", "c-77", HOSTILE)
    own = [replace(event, client=about, target=about) for event in (*events, hostile_event(HOSTILE))]
    own.append(an_event(type="token.issued", client=about, target=Reference("token", HOSTILE), actor=ALICE))
    net = net_change([replace(event, outcome=own[-1].outcome) for event in own], about)
    for state in (NetChangeState(HOSTILE, Window(), net), NetChangeState(HOSTILE, Window(1, 2), said=(HOSTILE,))):
        assert_fit_to_show((row for rows, _ in net_change_rows(state, width, ZONE) for row in rows), width)


def test_a_card_offers_its_client_and_a_target_that_is_another_thing() -> None:
    user = Reference("user", "u-1", "Uma")
    assert [choice.value for choice in subject_choices(an_event())] == [(Key.CLIENT, PAYROLL)]
    assert [choice.value for choice in subject_choices(an_event(target=_TOKEN))] == [(Key.CLIENT, PAYROLL)]
    assert [choice.value for choice in subject_choices(an_event(client=None, target=user))] == [(Key.TARGET, user)]
    assert [choice.letter for choice in subject_choices(an_event(target=user))] == ["c", "e"]
    assert subject_choices(an_event(client=None, target=None)) == []
