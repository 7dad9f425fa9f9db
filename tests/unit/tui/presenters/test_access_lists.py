"""Tests of the Access screen's lists: tui.presenters.access_table, access_roster and one presenter a tab."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from data.access.model import OWNER_ID, Access, AccessList, Delivery, InvitationStatus
from data.records import ActorType, Reference
from tests.access_world import (
    ALICE,
    ALICES,
    BOB,
    CONTRACTORS,
    DANA,
    EMI,
    ERIK,
    HUGO,
    IVAN,
    JANA,
    LENA,
    LOG_KEEPERS,
    MARCO,
    PLATFORM,
    access_list,
)
from tests.functional.console.demo_log import END
from tests.unit.tui.made_up_events import HOSTILE
from tests.unit.tui.presenters.row_checks import assert_fit_to_show, row_cells
from tui.glyphs import ASCII, UNICODE, draw_with
from tui.presenters.access_groups import group_table
from tui.presenters.access_invitations import delivery_words, invitation_table
from tui.presenters.access_members import member_table
from tui.presenters.access_roles import role_table
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_sessions import session_table
from tui.presenters.access_table import AccessTable, arranged, bar_row, fitting, head_row, item_row, order_choices
from tui.presenters.access_tables import access_tables
from tui.presenters.access_tabs import AccessTab, Item, beside_tabs, item_of
from tui.presenters.list_columns import Column, NameColumn, placed
from tui.presenters.pieces import Role, plain_text

ZONE = ZoneInfo("UTC")
OWNER = Reference(ActorType.MEMBER, OWNER_ID, "alice")
ROSTER = AccessRoster(access_list(OWNER))


def tables(roster: AccessRoster = ROSTER) -> tuple[AccessTable, ...]:
    return tuple(access_tables(roster, ZONE).values())


def names(table: AccessTable, order: int = 0, text: str = "") -> list[str]:
    """What stands in the first column, from above."""
    return [str(item.cells[0].text) for item in arranged(table, order, text)]


def row_of(table: AccessTable, item_id: str, width: int = 120) -> str:
    return plain_text(item_row(table, next(one for one in table.items if one.id == item_id), width))


@pytest.fixture
def only_ascii() -> Iterator[None]:
    draw_with(ASCII)
    yield
    draw_with(UNICODE)


def test_the_owner_of_the_file_stands_first_and_who_was_removed_last() -> None:
    table = member_table(ROSTER)
    for order in range(3):
        found = names(table, order)
        assert (found[0], found[-1]) == ("alice", IVAN.name), order
    assert "owns this database's file; may do everything" in row_of(table, OWNER_ID)
    assert row_of(table, OWNER_ID, 60).endswith("may do everything")
    assert OWNER.label not in names(member_table(AccessRoster(access_list())))


def test_a_member_is_told_by_status_presence_and_what_they_hold() -> None:
    table = member_table(ROSTER)
    row = row_of(table, ALICE.id)
    assert all(words in row for words in ("Alice Moss", "active", "on now", ALICE.email, "Organisation administrator"))
    assert all(words in row_of(table, EMI.id) for words in ("suspended", "1 day ago", "Platform"))
    assert all(words in row_of(table, LENA.id) for words in ("never", "(none)"))
    assert all(words in row_of(table, HUGO.id, 60) for words in ("Audit, Platform +2", "1 day ago"))
    assert plain_text(bar_row(table, 10, 0, "", 80)).startswith(" 10 members  3 on now  1 suspended  1 removed")


def test_members_are_sorted_by_name_by_when_they_were_seen_and_by_status() -> None:
    table = member_table(ROSTER)
    assert names(table)[1:5] == ["Alice Moss", "Bob Okafor", "Carla Ruiz", "Emi Tanaka"]
    assert names(table, 1)[1:6] == ["Alice Moss", "Bob Okafor", "Carla Ruiz", "Grace Lin", "Hugo Lind"]
    assert names(table, 2)[1] == "Emi Tanaka"


def test_one_looks_for_members_in_all_that_is_told_of_them() -> None:
    table = member_table(ROSTER)
    for text, found in (("PLATFORM", ["Emi Tanaka", "Hugo Lind"]), ("lena@", ["Lena Vogt"]), (BOB.id, ["Bob Okafor"])):
        assert names(table, text=text) == found
    assert plain_text(bar_row(table, 2, 0, "platform", 80)).startswith(" 2 of 10 members")
    assert names(table, text="no such thing") == []


def test_who_may_do_something_is_found_by_the_permission_s_name() -> None:
    readers = ["alice", "Alice Moss", "Bob Okafor", "Carla Ruiz", "Grace Lin", "Hugo Lind", "Jana Novak"]
    assert names(member_table(ROSTER), text="audit:read") == readers, "each as admin, by a role or by a group"
    assert "Emi Tanaka" not in names(member_table(ROSTER), text="clients:read"), "who is suspended may do nothing"
    assert names(group_table(ROSTER), text="audit:read") == ["Audit", "Support"]
    assert names(role_table(ROSTER), text="audit:write") == ["Log keepers", "Organisation administrator"]
    for table in (member_table(ROSTER), group_table(ROSTER), role_table(ROSTER)):
        assert table.looked_for_in.endswith("or permissions")


def test_a_group_is_told_by_how_many_are_in_it_and_its_roles() -> None:
    table = group_table(ROSTER)
    assert all(words in row_of(table, PLATFORM.id) for words in ("Platform", "2", "Client manager", "Who connects"))
    assert all(words in row_of(table, CONTRACTORS.id) for words in ("none", "(none)"))
    assert names(table, 1) == ["Audit", "Platform", "Support", "Contractors"], "the largest first"


def test_a_role_is_told_by_its_kind_its_permissions_and_how_many_hold_it() -> None:
    table = role_table(ROSTER)
    row = row_of(table, LOG_KEEPERS.id)
    assert all(words in row for words in ("Log keepers", "own", "audit:read, audit:write"))
    assert all(words in row_of(table, "reviewer") for words in ("built in", "  3  "))
    assert all(words in row_of(table, "r-Hollow00") for words in ("nobody", "(none)"))
    assert "clients:read, clients:write +1" in row_of(table, "client-manager", 82)
    assert names(table, 1)[0] == "Reviewer" and names(table, 2)[:2] == ["Log keepers", "Newcomers"]
    assert names(table, text="log-management") == ["Log keepers", "Organisation administrator", "Reviewer", "Support"]


def test_an_invitation_is_told_by_its_end_and_what_became_of_its_mail() -> None:
    table = invitation_table(ROSTER, ZONE)
    row = row_of(table, ERIK.id, 160)
    assert row.startswith(" ! erik@example.net") and "in 6 days" in row
    assert "not delivered: 451 4.3.0 mailbox busy; next try 20 Nov 14:40" in row
    assert all(words in row_of(table, "i-Invite03") for words in ("open", "in 4 h", "passed on by hand", "Carla Ruiz"))
    assert all(words in row_of(table, "i-Invite05") for words in ("revoked", "19 days ago"))
    assert all(words in row_of(table, "i-Invite04") for words in ("accepted", "3 days ago", "sent 4 days ago"))
    over = row_of(table, MARCO.id, 160)
    assert "expired" in over and "!" not in over and "not delivered: 550 5.1.1 no such user" in over
    assert plain_text(bar_row(table, 6, 0, "", 80)).startswith(" 6 invitations  3 open  ! 1 not delivered")
    assert names(table)[0] == "erik@example.net" and names(table, 2)[:3] == [
        "freya@example.org",
        DANA.email,
        "erik@example.net",
    ]


def test_those_who_were_invited_together_stand_by_their_addresses() -> None:
    found = tuple(replace(DANA, id=f"i-{number}", email=f"{name}@example.org") for number, name in enumerate("cab"))
    table = invitation_table(AccessRoster(replace(access_list(), invitations=found)), ZONE)
    assert names(table) == ["a@example.org", "b@example.org", "c@example.org"]


def test_each_way_of_a_mail_has_its_words() -> None:
    assert delivery_words(replace(DANA, delivery=Delivery.WAITING), END, ZONE) == "waits to be sent"
    assert delivery_words(replace(ERIK, next_try_at=None), END, ZONE).endswith("mailbox busy; given up")
    assert delivery_words(replace(ERIK, last_error=None), END, ZONE) == "not delivered; next try 20 Nov 14:40"
    assert beside_tabs(0) == {} and beside_tabs(ROSTER.undelivered)[AccessTab.INVITATIONS].text == "1!"


def test_a_session_is_told_by_who_since_when_how_long_and_how_it_ended() -> None:
    table = session_table(ROSTER, ZONE)
    row = row_of(table, ALICES.id)
    assert all(
        one in row for one in ("Alice Moss", "on", "20 Nov 12:57", "1 h 12 min", "198.51.100.7", "xterm-256color")
    )
    assert all(one in row_of(table, "s-Session4") for one in ("ended", "40 min", "2001:db8:71::a4"))
    assert names(table)[:4] == ["Carla Ruiz", "Alice Moss", "Bob Okafor", "Grace Lin"], "who is on, then the newest"
    over = next(one for one in table.items if one.id == "s-Session6")
    assert over.cells[0].role is Role.MUTED and {cell.role for cell in over.cells[1:]} == {Role.FAINT}
    unheard = replace(ALICES, seen_at=END - timedelta(minutes=3))
    found = replace(access_list(), sessions=(unheard,))
    silent = AccessRoster(found)
    assert "not heard" in row_of(session_table(silent, ZONE), ALICES.id)
    assert silent.on_now == 0 and "3 min ago" in row_of(member_table(silent), ALICE.id), "nobody is on who is not heard"


def test_where_there_is_nothing_it_says_why() -> None:
    empty = AccessRoster(AccessList(Access(), (), (), END))
    for table in tables(empty):
        assert table.nothing and not table.items
        assert plain_text(bar_row(table, 0, 0, "", 80)).startswith(" 0 ")
    assert len(session_table(AccessRoster(AccessList(Access(), (), (), END, OWNER)), ZONE).nothing) == 2


@pytest.mark.parametrize("width", [20, 40, 57, 69, 80, 116, 200])
def test_no_column_reaches_into_the_next(width: int) -> None:
    for table in tables():
        columns = table.placed(width)
        for left, right in itertools.pairwise(columns):
            assert left.at + left.cells < right.at
        rows = [head_row(table, 0, width), bar_row(table, len(table.items), 0, "", width)]
        rows += [item_row(table, item, width) for item in table.items]
        assert_fit_to_show(rows, width)
        assert all(row_cells(row) <= width for row in rows)


def test_nothing_stored_drives_a_terminal(only_ascii: None) -> None:
    member = replace(HUGO, name=HOSTILE, email=HOSTILE)
    group, role = replace(PLATFORM, name=HOSTILE, description=HOSTILE), replace(LOG_KEEPERS, name=HOSTILE)
    invitation = replace(ERIK, email=HOSTILE, last_error=HOSTILE, invited_by=replace(ALICE.reference, name=HOSTILE))
    session = replace(ALICES, member=member.reference, address=HOSTILE, terminal=HOSTILE)
    access = Access({member.id: member}, {group.id: group}, {role.id: role})
    roster = AccessRoster(AccessList(access, (invitation,), (session,), END, replace(OWNER, name=HOSTILE)))
    for table in tables(roster):
        for width in (30, 80, 200):
            assert_fit_to_show([item_row(table, item, width) for item in table.items], width)


def test_every_order_has_a_letter_and_a_column() -> None:
    for table in tables():
        choices = order_choices(table)
        assert len({choice.letter for choice in choices}) == len(choices) == len(table.orders)
        assert [choice.value for choice in choices] == list(range(len(choices)))
        assert all(len(item.ranks) == len(choices) for item in table.items)
        assert all(len(item.cells) == len(table.columns) + 1 for item in table.items)
        for number in range(len(choices)):
            underlined = [piece.text for piece in head_row(table, number, 200) if piece.underline]
            assert len(underlined) == 1


def test_columns_go_by_how_much_they_are_needed_and_the_last_has_the_rest() -> None:
    name, columns = NameColumn(), (Column("A", 8, 1), Column("B", 10, 0), Column("C", 10, 2, grows=True))
    assert [one.number for one in placed(name, columns, 30)] == [0, 2]
    assert [one.number for one in placed(name, columns, 50)] == [0, 1, 2]
    assert [one.number for one in placed(name, columns, 56)] == [0, 1, 2, 3]
    last = placed(name.fitted(16), columns, 90)[-1]
    assert last.at + last.cells == 89


def test_as_many_are_named_as_fit() -> None:
    assert fitting(["Support", "Audit", "Platform"], 30) == "Support, Audit, Platform"
    assert fitting(["Support", "Audit", "Platform"], 18) == "Support, Audit +1"
    assert fitting(["Support", "Audit"], 8).startswith("Support") and fitting([], 9) == ""


def test_the_roster_knows_what_leads_from_one_to_another() -> None:
    assert [one.email for one in ROSTER.invitations_by(ALICE.id)] == [
        DANA.email,
        ERIK.email,
        JANA.email,
        MARCO.email,
    ]
    found = ROSTER.invitation_of(JANA.id)
    assert found is not None and found.status(END) is InvitationStatus.ACCEPTED
    assert [one.name for one in ROSTER.groups_with("reviewer")] == ["Audit"]
    for role_id in ROSTER.roles:
        assert ROSTER.holders_of(role_id) == ROSTER.found.access.holders_of(role_id)
    assert ROSTER.is_on(ALICE.id) and not ROSTER.is_on(EMI.id) and ROSTER.last_seen(LENA.id) is None
    for tab, one in (
        (AccessTab.MEMBERS, ALICE),
        (AccessTab.GROUPS, PLATFORM),
        (AccessTab.ROLES, LOG_KEEPERS),
        (AccessTab.INVITATIONS, DANA),
        (AccessTab.SESSIONS, ALICES),
    ):
        item = Item(tab, one.id)
        assert ROSTER.holds(item) and ROSTER.reference_of(item) == one.reference
        assert item_of(one.reference) == item
        gone = Item(tab, "x-Nobody00")
        assert not ROSTER.holds(gone) and ROSTER.reference_of(gone) is None
    assert ROSTER.reference_of(Item(AccessTab.MEMBERS, OWNER_ID)) == OWNER
    assert item_of(Reference("api_client", "c-1")) is None is item_of(Reference("role", None, "Support"))
