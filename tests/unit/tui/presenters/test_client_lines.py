"""API clients and tokens as plain text."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from data.clients.model import ApiClient, ClientDetails, ClientList, Token
from data.clients.standing import TokenStanding
from data.refusals import RefusalCode
from tests.unit.tui.made_up_events import HOSTILE
from tui.presenters.client_lines import changed_lines, client_lines, client_table, last_use_words, standing_lines
from tui.terminal import cells_of, safe

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")
TOKEN = Token("adk_Ab3dE5gH", NOW - timedelta(days=3))
CLIENT = ApiClient("c-1", ClientDetails("Payroll sync", date(2026, 12, 2)), NOW, tokens=(TOKEN,))


def token_line(client: ApiClient, now: datetime = NOW) -> str:
    (line,) = (line for line in client_lines(client, now, ZONE, UTC_ZONE) if "adk_" in line)
    return " ".join(line.split())


def test_how_a_token_stands_is_said_in_words() -> None:
    issued = "issued 17 Nov 2026 10:00 UTC"
    used = replace(TOKEN, last_used_at=NOW - timedelta(minutes=3), last_used_ip="198.51.100.7")
    replaced = replace(TOKEN, overlap_ends=date(2026, 11, 21))
    ended = replace(TOKEN, ended_at=NOW, end_reason="leaked")
    for token, words in (
        (TOKEN, f"works; {issued}; never used"),
        (used, f"works; {issued}; last used 3 min ago from 198.51.100.7"),
        (replaced, f"works through 2026-11-21, tomorrow; {issued}; never used"),
        (ended, f"ended 20 Nov 2026 10:00 UTC: leaked; {issued}; never used"),
    ):
        assert token_line(replace(CLIENT, tokens=(token,))) == f"adk_Ab3dE5gH {words}"
    over = token_line(replace(CLIENT, tokens=(replaced,)), NOW + timedelta(days=2))
    assert "ended with 2026-11-21, its last day beside the one that replaced it" in over
    assert "does not work: the client is revoked" in token_line(replace(CLIENT, revoked_at=NOW))


def test_the_day_after_the_last_one_begins_in_the_zone_of_the_organisation() -> None:
    last_minute = datetime(2026, 12, 2, 22, 59, tzinfo=UTC)
    for moment, word in ((last_minute, "expiring"), (last_minute + timedelta(minutes=1), "expired")):
        lines = [" ".join(line.split()) for line in client_lines(CLIENT, moment, ZONE, UTC_ZONE)]
        assert f"status {word}" in lines
    assert "expires 2026-12-02 yesterday, through the end of the day, Europe/Berlin" in lines


def test_what_another_person_changed_is_told_field_by_field() -> None:
    details = replace(CLIENT.details, owner="Cy", scopes=("orders:read",))
    later = replace(CLIENT, details=details, tokens=(replace(TOKEN, ended_at=NOW), replace(TOKEN, public_id="adk_2")))
    assert [*changed_lines(CLIENT, later)] == [
        "owner: (none) → Cy",
        "scopes: (none) → orders:read",
        "token adk_2 was issued",
        "token adk_Ab3dE5gH was changed",
    ]
    assert [*changed_lines(CLIENT, replace(CLIENT, revision=2))] == []


def test_what_stops_working_is_said() -> None:
    assert last_use_words(CLIENT, NOW, ZONE) == "1 token that works, never used"
    assert last_use_words(replace(CLIENT, revoked_at=NOW), NOW, ZONE) == "no tokens that work, never used"


@pytest.mark.parametrize("width", [40, 44, 60, 80, 200])
def test_no_line_of_the_table_is_wider_than_the_terminal(width: int) -> None:
    details = replace(CLIENT.details, name=HOSTILE * 9, owner="漢字" * 40, scopes=("orders:read",) * 30)
    found = ClientList((CLIENT, replace(CLIENT, details=details)), NOW, ZONE)
    table = client_table(found, UTC_ZONE, width)
    assert all(cells_of(line) <= width and safe(line) == line for line in (table.heading, *table.lines))
    assert all("expiring" in line for line in table.lines)


def test_hostile_fields_drive_no_terminal() -> None:
    details = ClientDetails(HOSTILE, date(2026, 12, 2), HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE,))
    token = replace(TOKEN, ended_at=NOW, end_reason=HOSTILE, last_used_at=NOW, last_used_ip=HOSTILE)
    client = replace(
        CLIENT, details=details, revoked_at=NOW, revoked_by=HOSTILE, revoke_reason=HOSTILE, tokens=(token,)
    )
    standing = TokenStanding(token.public_id, RefusalCode.REVOKED, NOW, ZONE, True, client, token)
    for line in (
        *client_lines(client, NOW, ZONE, UTC_ZONE),
        *standing_lines(standing, UTC_ZONE),
        *changed_lines(CLIENT, client),
    ):
        assert safe(line) == line
