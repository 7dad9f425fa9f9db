"""Tests of the pane of the Access screen: tui.presenters.access_detail and what it is made of."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from data.access.model import OWNER_ID, Access, AccessList
from data.permissions import Permission
from data.records import ActorType, Event, Reference
from tests.access_world import (
    ALICE,
    ALICES,
    AUDIT,
    BOB,
    CARLA,
    CONTRACTORS,
    DANA,
    EMI,
    ERIK,
    HUGO,
    IVAN,
    JANA,
    LENA,
    LOG_KEEPERS,
    PLATFORM,
    access_list,
)
from tests.functional.console.demo_log import END
from tests.unit.tui.made_up_events import HOSTILE, an_event
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.presenters.access_detail import access_detail_rows, access_head_row
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_sheet import Entry, KeyRow, LinkRow, PermissionRow
from tui.presenters.access_tabs import AccessTab, Item
from tui.presenters.detail_sections import NOTHING_YET, EventRow, Newest
from tui.presenters.pieces import Role, plain_text

ZONE = ZoneInfo("UTC")
OWNER = Reference(ActorType.MEMBER, OWNER_ID, "alice")
ROSTER = AccessRoster(access_list(OWNER))
TABS = (AccessTab.MEMBERS, AccessTab.GROUPS, AccessTab.ROLES, AccessTab.INVITATIONS, AccessTab.SESSIONS)
EVERYTHING = [
    *(Item(AccessTab.MEMBERS, one) for one in (OWNER_ID, *ROSTER.members)),
    *(Item(AccessTab.GROUPS, one) for one in ROSTER.groups),
    *(Item(AccessTab.ROLES, one) for one in ROSTER.roles),
    *(Item(AccessTab.INVITATIONS, one) for one in ROSTER.invitations),
    *(Item(AccessTab.SESSIONS, one) for one in ROSTER.sessions),
]


def entries(
    tab: AccessTab, item_id: str, roster: AccessRoster = ROSTER, newest: Newest = NOTHING_YET, width: int = 70
) -> list[Entry]:
    return access_detail_rows(roster, Item(tab, item_id), newest, width, ZONE, {"changes": "l", "keys": "K"})


def lines(*args: object, **more: object) -> list[str]:
    """The pane's rows as text."""
    return [plain_text(row) for rows, _ in entries(*args, **more) for row in rows]  # type: ignore[arg-type]


def text(*args: object, **more: object) -> str:
    return "\n".join(lines(*args, **more))


def links(tab: AccessTab, item_id: str, roster: AccessRoster = ROSTER) -> list[Item]:
    """Where the rows lead, from above."""
    return [key.item for _, key in entries(tab, item_id, roster) if isinstance(key, LinkRow)]


def with_role(held: str) -> AccessRoster:
    """Lena with one role beside the others."""
    found = access_list()
    members = {**found.access.members, LENA.id: replace(LENA, roles=(held,))}
    return AccessRoster(replace(found, access=replace(found.access, members=members)))


def test_a_member_leads_to_their_groups_and_through_them_to_roles() -> None:
    assert links(AccessTab.MEMBERS, HUGO.id) == [
        Item(AccessTab.GROUPS, AUDIT.id),
        Item(AccessTab.ROLES, "reviewer"),
        Item(AccessTab.GROUPS, PLATFORM.id),
        Item(AccessTab.ROLES, "client-manager"),
        Item(AccessTab.ROLES, LOG_KEEPERS.id),
        Item(AccessTab.ROLES, "reviewer"),
        Item(AccessTab.SESSIONS, "s-Session6"),
    ]
    keys = [key for _, key in entries(AccessTab.MEMBERS, HUGO.id) if key is not None]
    assert len(set(keys)) == len(keys), "or the cursor could not tell two rows apart"


def test_each_permission_of_a_member_says_by_which_ways_it_came() -> None:
    found = lines(AccessTab.MEMBERS, HUGO.id)
    at = found.index("    audit:read  view audit logs")
    assert found[at - 1] == "  LOG-MANAGEMENT"
    assert found[at + 1 : at + 4] == ["      via Log keepers", "      via Reviewer", "      via Audit → Reviewer"]
    keys = [key for _, key in entries(AccessTab.MEMBERS, HUGO.id) if isinstance(key, PermissionRow)]
    assert [key.permission for key in keys] == [
        Permission.AUDIT_READ,
        Permission.AUDIT_WRITE,
        Permission.REQUESTS_READ,
        Permission.CLIENTS_READ,
        Permission.CLIENTS_WRITE,
    ]


def test_who_may_do_everything_is_told_so_once() -> None:
    found = text(AccessTab.MEMBERS, ALICE.id)
    assert "Permissions  9" in found and "via Organisation administrator" in found
    assert "and with it everything else" in found and "clients:read" not in found
    assert "as the owner of the file" in text(AccessTab.MEMBERS, OWNER_ID)


@pytest.mark.parametrize(("member", "words"), [(EMI, "suspended"), (IVAN, "removed")])
def test_who_is_not_active_may_do_nothing(member: object, words: str) -> None:
    assert f"nothing: {words}" in text(AccessTab.MEMBERS, member.id)  # type: ignore[attr-defined]
    assert "nothing yet" in text(AccessTab.MEMBERS, LENA.id)


def test_a_members_keys_sessions_and_invitations() -> None:
    found = text(AccessTab.MEMBERS, ALICE.id)
    assert (
        "SSH keys  K" in found
        and "ssh-ed25519, 256 bits  alice@laptop" in found
        and "ssh-rsa, 3072 bits  alice@desk" in found
    )
    assert ALICE.keys[0].fingerprint in found and "registered 12 days ago" in found
    assert "20 Nov 12:57  on  1 h 12 min  198.51.100.7" in found
    assert "erik@example.net  open" in found and "marco@example.com  expired" in found
    keys = [key.fingerprint for _, key in entries(AccessTab.MEMBERS, ALICE.id) if isinstance(key, KeyRow)]
    assert keys == [key.fingerprint for key in ALICE.keys]
    assert "carla at the database" in text(AccessTab.MEMBERS, CARLA.id)


def test_of_many_sessions_the_newest_are_told_and_how_many_there_were() -> None:
    many = tuple(
        replace(ALICES, id=f"s-Number{number:02}", began_at=ALICES.began_at - timedelta(days=number))
        for number in range(9)
    )
    found = text(AccessTab.MEMBERS, ALICE.id, AccessRoster(replace(access_list(), sessions=many)))
    assert "20 Nov 12:57" in found and "16 Nov 12:57" in found and "15 Nov" not in found
    assert "and 4 before" in found


def test_who_joined_by_an_invitation_leads_to_it_and_it_to_them() -> None:
    (invitation,) = (item for item in links(AccessTab.MEMBERS, JANA.id) if item.tab is AccessTab.INVITATIONS)
    assert Item(AccessTab.MEMBERS, JANA.id) in links(AccessTab.INVITATIONS, invitation.id)
    assert Item(AccessTab.MEMBERS, ALICE.id) in links(AccessTab.INVITATIONS, invitation.id)
    assert "Was to join with" in text(AccessTab.INVITATIONS, "i-Invite05")
    assert "1 that is no longer there" in text(AccessTab.INVITATIONS, "i-Invite05")


def test_an_invitation_tells_what_one_joins_with_and_what_became_of_its_mail() -> None:
    found = text(AccessTab.INVITATIONS, ERIK.id, width=90)
    assert "not delivered: 451 4.3.0 mailbox busy; next try 20 Nov 14:40" in found and "tries       3" in found
    assert "27 Nov 2026 11:45 UTC, in 6 days" in found
    assert links(AccessTab.INVITATIONS, DANA.id) == [
        Item(AccessTab.MEMBERS, ALICE.id),
        Item(AccessTab.GROUPS, AUDIT.id),
        Item(AccessTab.ROLES, "reviewer"),
    ]


def test_a_group_leads_to_its_roles_and_members_and_tells_what_it_gives() -> None:
    assert links(AccessTab.GROUPS, PLATFORM.id) == [
        Item(AccessTab.ROLES, "client-manager"),
        Item(AccessTab.MEMBERS, EMI.id),
        Item(AccessTab.MEMBERS, HUGO.id),
    ]
    found = text(AccessTab.GROUPS, PLATFORM.id)
    assert "Emi Tanaka  suspended" in found and "clients:write  manage API clients" in found
    assert "via Client manager" in found
    empty = text(AccessTab.GROUPS, CONTRACTORS.id)
    assert "none: being in it gives nothing" in empty and "What it gives" not in empty


def test_a_role_tells_who_has_it_and_by_which_way() -> None:
    found = text(AccessTab.ROLES, "reviewer")
    assert "Hugo Lind  directly, via Audit" in found and "Jana Novak  via Audit" in found
    assert "Held by  3" in found and "built in: never changed, never deleted" in found
    assert links(AccessTab.ROLES, "reviewer")[0] == Item(AccessTab.GROUPS, AUDIT.id)
    suspended = text(AccessTab.ROLES, "client-manager")
    assert "Held by  1" in suspended and "Emi Tanaka  suspended" in suspended
    assert "none: holding it gives nothing" in text(AccessTab.ROLES, "r-Hollow00")
    assert "nobody" in text(AccessTab.ROLES, "r-Hollow00")
    assert "Lena Vogt  directly" in text(AccessTab.ROLES, "r-Hollow00", with_role("r-Hollow00"))


def test_a_session_tells_whose_from_where_how_long_and_how_it_ended() -> None:
    found = text(AccessTab.SESSIONS, ALICES.id)
    words = ("heard of    just now", "1 h 12 min", "198.51.100.7", "xterm-256color", "0.9.0", ALICE.keys[0].fingerprint)
    assert all(one in found for one in words)
    assert links(AccessTab.SESSIONS, "s-Session4") == [Item(AccessTab.MEMBERS, EMI.id)]
    unknown = replace(ALICES, address=None, terminal=None, ended_at=END, ending=None, ended_by="system")
    ended = text(AccessTab.SESSIONS, ALICES.id, AccessRoster(replace(access_list(), sessions=(unknown,))))
    assert ended.count("not known") == 2 and "by          system" in ended


def test_events_about_a_thing_name_the_other_that_had_a_part_in_it() -> None:
    def about(tab: AccessTab, item_id: str, event: Event) -> str:
        return text(tab, item_id, newest=Newest((event,)))

    granted = an_event(
        type="role.granted",
        target=LOG_KEEPERS.reference,
        client=None,
        changes=(),
        data={"grantee": HUGO.id, "grantee_name": HUGO.name},
    )
    assert "Role granted  Log keepers  Alice Moss" in about(AccessTab.MEMBERS, HUGO.id, granted)
    assert "Role granted  Hugo Lind  Alice Moss" in about(AccessTab.ROLES, LOG_KEEPERS.id, granted)
    joined = an_event(type="group.member_added", target=AUDIT.reference, client=None, data={"member_name": BOB.name})
    assert "Member added to group  Bob Okafor" in about(AccessTab.GROUPS, AUDIT.id, joined)
    (key,) = (
        key for _, key in entries(AccessTab.MEMBERS, HUGO.id, newest=Newest((granted,))) if isinstance(key, EventRow)
    )
    assert key.event is granted and not key.is_request


def test_what_is_newest_may_be_unknown_missing_or_unreadable() -> None:
    assert lines(AccessTab.MEMBERS, HUGO.id)[-1].strip() == "…"
    assert lines(AccessTab.MEMBERS, HUGO.id, newest=Newest(()))[-1].strip() == "none"
    assert "No answer." in text(AccessTab.MEMBERS, HUGO.id, newest=Newest(problem="No answer."))
    assert "Done in this session" in text(AccessTab.SESSIONS, ALICES.id)


@pytest.mark.parametrize("width", [30, 44, 58, 80, 199])
def test_every_row_fits(width: int) -> None:
    for item in EVERYTHING:
        assert entries(item.tab, item.id, width=width), item
        assert_fit_to_show([access_head_row(ROSTER, item, width)], width)
        for rows, _ in entries(item.tab, item.id, width=width):
            assert_fit_to_show(rows, width)


def test_the_head_says_how_it_stands_in_words() -> None:
    heads = {
        (AccessTab.MEMBERS, EMI.id): "Emi Tanaka  suspended",
        (AccessTab.MEMBERS, ALICE.id): "Alice Moss  active  on now",
        (AccessTab.MEMBERS, OWNER_ID): "alice  owner",
        (AccessTab.ROLES, "support"): "Support  role, built in",
        (AccessTab.GROUPS, AUDIT.id): "Audit  group",
        (AccessTab.INVITATIONS, ERIK.id): "erik@example.net  open",
        (AccessTab.SESSIONS, "s-Session5"): "Grace Lin  lost",
    }
    for (tab, item_id), words in heads.items():
        assert plain_text(access_head_row(ROSTER, Item(tab, item_id), 60)).strip() == words
    long = replace(EMI, name="E" * 300)
    found = access_list()
    roster = AccessRoster(replace(found, access=replace(found.access, members={EMI.id: long})))
    assert plain_text(access_head_row(roster, Item(AccessTab.MEMBERS, EMI.id), 40)).endswith("  suspended")


def test_nothing_stored_drives_a_terminal() -> None:
    key = replace(HUGO.keys[0], comment=HOSTILE, kind=HOSTILE, fingerprint=HOSTILE)
    member = replace(HUGO, name=HOSTILE, email=HOSTILE, login=HOSTILE, keys=(key,))
    group = replace(PLATFORM, name=HOSTILE, description=HOSTILE, members=(member.id,))
    roles = {one.id: replace(one, name=HOSTILE, description=HOSTILE) for one in ROSTER.roles.values()}
    invitation = replace(ERIK, email=HOSTILE, last_error=HOSTILE, invited_by=Reference("member", None, HOSTILE))
    session = replace(
        ALICES,
        member=member.reference,
        address=HOSTILE,
        terminal=HOSTILE,
        program_version=HOSTILE,
        fingerprint=HOSTILE,
        ended_at=END,
        ended_by=HOSTILE,
    )
    access = Access({member.id: member}, {group.id: group}, roles)
    roster = AccessRoster(AccessList(access, (invitation,), (session,), END, replace(OWNER, name=HOSTILE)))
    for tab, item_id in zip(TABS, (member.id, group.id, "reviewer", invitation.id, session.id), strict=True):
        for rows, _ in entries(tab, item_id, roster, Newest(problem=HOSTILE), 60):
            assert_fit_to_show(rows, 60)
        assert_fit_to_show([access_head_row(roster, Item(tab, item_id), 60)], 60)


def test_what_leads_somewhere_has_the_look_of_a_link() -> None:
    for rows, key in entries(AccessTab.MEMBERS, HUGO.id):
        roles = {piece.role for row in rows for piece in row}
        if isinstance(key, LinkRow) and key.item.tab is not AccessTab.SESSIONS:
            assert Role.LINK in roles
        elif not isinstance(key, LinkRow):
            assert Role.LINK not in roles
