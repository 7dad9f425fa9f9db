"""Why a member may do something, as rows: what stands there, and what one can stand on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from data.access.history import Explanation, Way
from data.access.model import MemberStatus
from data.permissions import Permission
from data.records import Event, Reference
from tui.presenters.pieces import plain_text
from tui.presenters.why_member import LinkKey, PermissionKey, Rows, events_in, explanation_rows, permission_rows

UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)
ALICE, BO = Reference("member", "m-1", "Alice Moss"), Reference("member", "m-2", "Bo Lind")
DESK, READERS = Reference("group", "g-1", "Desk"), Reference("role", "r-1", "Readers")


def _event(number: int, tag: str, target: Reference, reason: str | None = None) -> Event:
    at = NOW - timedelta(days=number)
    return Event(
        type=tag, occurred_at=at, id=UUID(int=number), recorded_at=at, actor=ALICE, target=target, reason=reason
    )


JOINED, GRANTED = _event(3, "group.member_added", DESK), _event(2, "role.granted", READERS)
GIVEN, SINCE = _event(4, "role.created", READERS), _event(9, "member.joined", BO)
LOST = _event(1, "role.withdrawn", READERS, "no longer at the desk")
WAY = Way(READERS, GRANTED, Permission.AUDIT_READ, GIVEN, DESK, JOINED)
HELD = Explanation(BO, Permission.AUDIT_READ, NOW, MemberStatus.ACTIVE, SINCE, (WAY,), None, (READERS,))


def _text(rows: Rows) -> str:
    return "\n".join(plain_text(row) for lines, _ in rows for row in lines)


def test_a_path_is_told_link_by_link_with_its_events() -> None:
    rows = explanation_rows(HELD, 100, UTC_ZONE, is_now=True)
    assert _text(rows).split("\n") == [
        "  MAY  Bo Lind",
        " view audit logs  audit:read",
        "",
        " Bo Lind → Desk → Readers → audit:read",
        "   17 Nov 2026 14:09 UTC  in the group Desk  by Alice Moss",
        "   18 Nov 2026 14:09 UTC  Desk has the role Readers  by Alice Moss",
        "   16 Nov 2026 14:09 UTC  the role has audit:read  by Alice Moss",
    ]
    keys = [key.event for _, key in rows if isinstance(key, LinkKey)]
    assert keys == [JOINED.id, GRANTED.id, GIVEN.id]
    assert set(keys) <= events_in(HELD).keys()


def test_why_not_tells_what_was_lost_and_what_would_give_it() -> None:
    told = replace(HELD, ways=(), lost=LOST)
    text = _text(explanation_rows(told, 100, UTC_ZONE, is_now=False))
    assert " MAY NOT  Bo Lind  as of 20 Nov 2026 14:09 UTC" in text
    assert "LOST BY" in text and "no longer at the desk" in text
    assert "ROLES THAT HAVE IT\n   Readers" in text
    assert LOST.id in events_in(told)


def test_what_a_suspended_member_holds_does_not_count() -> None:
    barred = _event(1, "member.suspended", BO, "on leave")
    told = replace(HELD, status=MemberStatus.SUSPENDED, since=barred)
    rows = explanation_rows(told, 100, UTC_ZONE, is_now=True)
    assert "They are suspended: nothing is permitted to them. What their roles have does not count." in _text(rows)
    assert next(key.event for _, key in rows if isinstance(key, LinkKey)) == barred.id
    assert "Desk → Readers" in _text(rows)


def test_the_owner_and_one_who_was_not_there_yet() -> None:
    owner = Explanation(BO, Permission.AUDIT_READ, NOW, None, None, is_owner=True)
    assert "They own the file" in _text(explanation_rows(owner, 100, UTC_ZONE, is_now=True))
    nobody = Explanation(BO, Permission.AUDIT_READ, NOW, None, None, would_give=(READERS,))
    assert "They were no member then." in _text(explanation_rows(nobody, 100, UTC_ZONE, is_now=False))


def test_every_permission_stands_in_its_group() -> None:
    told = tuple(
        replace(HELD, permission=one, ways=(WAY,) if one is Permission.AUDIT_READ else ()) for one in Permission
    )
    rows = permission_rows(told, 80, UTC_ZONE, is_now=True)
    keys = [key.permission for _, key in rows if isinstance(key, PermissionKey)]
    assert sorted(keys) == sorted(Permission)
    text = _text(rows)
    assert "+ may view audit logs" in text and "- may not manage audit logs" in text
    assert "LOG-MANAGEMENT" in text and "ADMINISTRATION" in text


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_row_is_wider_than_there_is_room(width: int) -> None:
    for rows in (
        explanation_rows(HELD, width, UTC_ZONE, is_now=False),
        permission_rows(tuple(replace(HELD, permission=one) for one in Permission), width, UTC_ZONE, is_now=True),
    ):
        assert max(len(line) for line in _text(rows).split("\n")) <= width
