"""Tests of tui.presenters.client_detail, client_end, client_copies, token_choices and new_token."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data.clients.model import ApiClient
from data.tokens import new_token
from tests.unit.tui.made_up_clients import NOW, TODAY, TOKEN, ZONE, a_client, hostile_client
from tests.unit.tui.made_up_events import HOSTILE, an_event, hostile_event
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.presenters.client_copies import client_copies
from tui.presenters.client_detail import client_detail_rows, detail_head_row
from tui.presenters.client_end import Ending, ending_rows
from tui.presenters.detail_sections import NOTHING_YET, EventRow, Newest
from tui.presenters.new_token import token_rows
from tui.presenters.pieces import Row, plain_text
from tui.presenters.token_choices import Act, overlap_choices, prolong_choices, token_acts

OLD = replace(TOKEN, public_id="adk_oldoldol", overlap_ends=TODAY + timedelta(days=3), last_used_at=None)


def rows_of(client: ApiClient, newest: Newest = NOTHING_YET, width: int = 80) -> list[Row]:
    found = client_detail_rows(client, newest, width, NOW, ZONE, {"tokens": "t"})
    return [row for rows, _ in found for row in rows]


def text_of(client: ApiClient, newest: Newest = NOTHING_YET) -> str:
    return "\n".join(map(plain_text, rows_of(client, newest)))


def test_a_client_says_until_when_and_how_its_tokens_stand() -> None:
    text = text_of(a_client(tokens=(OLD, TOKEN)))
    assert "Fri 12 Mar 2027 24:00 UTC" in text and "in 112 days" in text and "from anywhere" in text
    assert "adk_7Fh2xQ9b  works" in text and "last used 3 min ago from 192.0.2.1" in text
    assert "adk_oldoldol  works through 23 Nov 2026, in 3 days" in text and "never used" in text
    ended = replace(TOKEN, ended_at=NOW - timedelta(days=2), end_reason="leaked")
    assert "ended 2 days ago: leaked" in text_of(a_client(tokens=(ended,)))
    revoked = text_of(a_client(revoked_at=NOW, revoked_by="Bob", revoke_reason="contract ended"))
    assert "by Bob" in revoked and "contract ended" in revoked and "dead: the client is revoked" in revoked


def test_what_is_newest_leads_to_its_event() -> None:
    event, request = an_event(), an_event(type="request.served")
    rows = list(client_detail_rows(a_client(), Newest((event,), (request,)), 80, NOW, ZONE, {}))
    keys = [key for _, key in rows if isinstance(key, EventRow)]
    assert keys == [EventRow(event, False), EventRow(request, True)]
    assert "none" in text_of(a_client(), Newest((), ())) and "No answer." in text_of(
        a_client(), Newest(problem="No answer.")
    )
    assert "API client updated  name, scopes  Alice Moss" in text_of(a_client(), Newest((event,), ()))


@pytest.mark.parametrize("width", [20, 38, 60, 80, 200])
def test_hostile_clients_fit_and_drive_nothing(width: int) -> None:
    client, newest = hostile_client(), Newest((hostile_event(),), (hostile_event(),))
    assert_fit_to_show([*rows_of(client, newest, width), detail_head_row(client, NOW, ZONE, width)], width)
    for ending in Ending:
        token = client.tokens[0] if ending is Ending.END_TOKEN else None
        assert_fit_to_show(ending_rows(ending, client, token, (1,) * 7, width, NOW, ZONE), width)
    assert_fit_to_show(token_rows(client, new_token(), (HOSTILE, None), [HOSTILE], width), width)


def test_what_stops_working_is_named() -> None:
    client = a_client(tokens=(OLD, TOKEN))
    text = "\n".join(map(plain_text, ending_rows(Ending.REVOKE, client, None, (0,) * 6 + (1204,), 80, NOW, ZONE)))
    assert "adk_7Fh2xQ9b  last used 3 min ago from 192.0.2.1" in text and "adk_oldoldol  never used" in text
    assert "1,204 today, 1,204 in 7 days" in text and "a:read  a:write" in text
    one = "\n".join(map(plain_text, ending_rows(Ending.END_TOKEN, client, OLD, None, 80, NOW, ZONE)))
    assert "1 other token goes on working" in one and "not counted yet" in one


@pytest.mark.parametrize("width", [40, 60, 66, 80])
def test_the_whole_token_is_there_on_as_few_rows_as_it_takes(width: int) -> None:
    secret = new_token()
    texts = [plain_text(row).strip() for row in token_rows(a_client(), secret, None, (), width)]
    assert secret.reveal() in "".join(texts)
    assert (secret.reveal() in texts) is (width >= 66)


def test_the_token_menu_offers_what_there_is() -> None:
    def acts(*tokens: object) -> list[Act]:
        return [choice.value for choice in token_acts(a_client(tokens=tokens), NOW, ZONE)]

    assert acts() == [Act.ISSUE]
    assert acts(TOKEN) == [Act.ISSUE, Act.ROTATE, Act.END]
    assert acts(OLD, TOKEN) == [Act.ISSUE, Act.ROTATE, Act.PROLONG, Act.END]


def test_an_overlap_says_which_token_ends_and_when() -> None:
    choices = overlap_choices((OLD, TOKEN), 7, TODAY, NOW)
    assert [choice.value for choice in choices] == [7, 0, None]
    assert choices[0].meaning == "adk_7Fh2xQ9b works through Fri 27 Nov 2026. adk_oldoldol ends now."
    assert choices[1].meaning.startswith("adk_7Fh2xQ9b stops working now; last used 3 min ago")
    assert [choice.value for choice in overlap_choices((TOKEN,), 0, TODAY, NOW)] == [0, None]
    assert prolong_choices(OLD, TODAY)[0].value == TODAY + timedelta(days=10)


def test_no_copy_of_a_client_is_a_secret() -> None:
    values = [choice.value for choice in client_copies(a_client())]
    assert values == ["c-77777777", "Payroll sync", "adk_7Fh2xQ9b", "auditdeck client show c-77777777"]
