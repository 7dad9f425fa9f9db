"""Tests of tui.presenters.why."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import Change, Event, Outcome
from data.refusals import RefusalCode
from data.why.model import Story
from data.why.story import tell
from tests.unit.tui.made_up_events import HOSTILE
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tests.unit.why.made_up import CALENDAR, CLIENT, at, change, request, requests
from tui.presenters.pieces import plain_text
from tui.presenters.why import LineKey, key_of_line, why_rows

ZONE = ZoneInfo("UTC")
REVOKED = change("api_client.revoked", at("14:31"), Change("status", "active", "revoked"), reason="leaked")


def _story(calls: Sequence[Event], *changes: Event, earlier: int = 0) -> Story:
    return tell(CLIENT.reference, CLIENT, calls, changes, CALENDAR, earlier=earlier)


def _lines(story: Story, width: int = 100, remark: str | None = None) -> list[str]:
    return [plain_text(row) for rows, _ in why_rows(story, "last:30d", remark, width, ZONE) for row in rows]


def test_the_answer_comes_first_and_the_cause_is_marked_by_sign_and_word() -> None:
    calls = [*requests(at("10:02"), 3), *requests(at("14:32"), 2, RefusalCode.REVOKED)]
    assert _lines(_story(calls, REVOKED)) == [
        "  STOPPED  Payroll sync",
        " It stopped working at 14:32: Alice Moss revoked this client at 14:31: leaked.",
        " 2 calls were refused, from 198.51.100.7; the last one at 14:33.",
        " The last call that was let in was at 10:04.",
        "",
        " Today  Fri 20 Nov 2026  " + "─" * 74,
        " 14:33:00 ! 2 calls  REFUSED  revoked",
        "            since 14:32:00 · from 198.51.100.7 · adk_Ab3dE5gH · orders · GET /v1/orders",
        " 14:31:00 » API client revoked  by Alice Moss",
        "             CAUSE  Alice Moss revoked this client at 14:31: leaked.",
        "            status  active → revoked",
        " 10:04:00   3 calls, 200",
        "            since 10:02:00 · from 198.51.100.7 · adk_Ab3dE5gH · orders · GET /v1/orders",
        "",
        " Nothing before within these dates: last:30d",
    ]


def test_what_is_named_is_called_so_and_a_possible_cause_is_no_more() -> None:
    rotated = change("token.rotated", at("14:00"))
    lines = _lines(_story([request(at("14:32"), RefusalCode.WRONG_SECRET)], rotated))
    assert lines[0] == "  NOT PROVEN  Payroll sync"
    assert " 14:32:00 ? 1 call  NAMED, NOT PROVEN  wrong secret" in lines
    assert any("POSSIBLE CAUSE" in line for line in lines)
    assert not any(" CAUSE " in line and "POSSIBLE" not in line for line in lines)


def test_a_refusal_without_a_known_cause_says_why_there_is_none() -> None:
    lines = _lines(_story([request(at("14:32"), RefusalCode.MISSING_SCOPE, scope="a:read")]))
    assert " 14:32:00 ! 1 call  REFUSED  missing scope a:read" in lines
    assert "            No change took a:read away from this client: it never had it." in lines


def test_a_change_that_did_not_come_about_says_so() -> None:
    refused = change("api_client.updated", at("12:00"), reason="no right", outcome=Outcome.DENIED)
    lines = _lines(_story([], refused))
    assert " 12:00:00 ! Update API client  DENIED   by Alice Moss" in lines
    assert "            because  no right" in lines


def test_what_is_not_read_is_counted_and_a_remark_stands_above_all() -> None:
    lines = _lines(_story(requests(at("10:00"), 2), earlier=9_000), remark="Its checksum does not fit.")
    assert lines[0] == " Its checksum does not fit."
    assert lines[-1] == " 9,000 requests before are not shown; dates: last:30d"


def test_every_line_has_a_key_of_its_own() -> None:
    calls = [*requests(at("10:02"), 3), *requests(at("14:32"), 2, RefusalCode.REVOKED)]
    story = _story(calls, REVOKED)
    keys = [key for _, key in why_rows(story, "last:30d", None, 80, ZONE) if key is not None]
    assert keys == [key_of_line(line) for line in story.lines]
    assert LineKey(REVOKED.id) in keys and len(set(keys)) == 3


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_hostile_text_is_shown_and_fits(width: int) -> None:
    named = replace(REVOKED, actor=replace(REVOKED.actor, name=HOSTILE), reason=HOSTILE, ip=HOSTILE)
    calls = [replace(one, ip=HOSTILE, token=HOSTILE) for one in requests(at("14:32"), 2, RefusalCode.REVOKED)]
    for rows, _ in why_rows(_story(calls, named), HOSTILE, HOSTILE, width, ZONE):
        assert_fit_to_show(rows, width)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from([None, *RefusalCode]), st.text(max_size=30)), max_size=12),
    st.lists(st.sampled_from(["api_client.revoked", "token.rotated", "api_client.updated"]), max_size=4),
    st.integers(40, 220),
)
def test_any_story_fits_any_width(calls: list[tuple[RefusalCode | None, str]], tags: list[str], width: int) -> None:
    made = [request(at("10:00"), refusal, ip=text, token=text, scope=text) for refusal, text in calls]
    changes = [
        change(tag, at("09:00"), Change("scopes", [text], None)) for tag, (_, text) in zip(tags, calls, strict=False)
    ]
    for rows, _ in why_rows(_story(made, *changes), "last:30d", None, width, ZONE):
        assert_fit_to_show(rows, width)
