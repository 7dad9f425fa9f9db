"""The list of members."""

from data.access.model import Member, MemberStatus
from data.permissions import Permission
from tui.presenters.access_roster import AccessRoster, permission_names
from tui.presenters.access_table import AccessTable, Cell, ListedItem, Order, searched
from tui.presenters.access_tabs import AccessTab
from tui.presenters.ages import NEVER, ago_text
from tui.presenters.list_columns import Column, NameColumn
from tui.presenters.noun import Noun
from tui.presenters.pieces import Role
from tui.presenters.values import count_text

STATUS_ROLES = {
    MemberStatus.ACTIVE: Role.FAINT,
    MemberStatus.SUSPENDED: Role.DENIED,
    MemberStatus.REMOVED: Role.MUTED,
}
OWNER_WORDS = "owns this database's file; may do everything"
ON_NOW = "on now"

_COLUMNS = (
    Column("Status", 9, 0),
    Column("Last seen", 11, 1),
    Column("Address", 24, 3),
    Column("Groups and roles", 18, 2, grows=True),
)
_ORDERS = (
    Order("n", "name", "From A to Z; the owner of the file stands first, who was removed last.", 0),
    Order("l", "last seen", "Who is on now or was on last stands first.", 2),
    Order("s", "status", "Suspended ones stand first.", 1),
)
_STATUS_ORDER = (MemberStatus.SUSPENDED, MemberStatus.ACTIVE, MemberStatus.REMOVED)


def member_table(roster: AccessRoster) -> AccessTable:
    """Every member, and first of all the one whose file an embedded database is."""
    there = [one for one in roster.members.values() if one.status is not MemberStatus.REMOVED]
    suspended = sum(one.status is MemberStatus.SUSPENDED for one in there)
    removed = len(roster.members) - len(there)
    on_now = sum(roster.is_on(one.id) for one in there)
    return AccessTable(
        AccessTab.MEMBERS,
        NameColumn(),
        _COLUMNS,
        _ORDERS,
        (*_owner(roster), *(_member(one, roster) for one in roster.members.values())),
        Noun("member", "members"),
        (
            *([(f"{count_text(on_now)} {ON_NOW}", Role.ACCENT)] if on_now else []),
            *([(f"{count_text(suspended)} suspended", Role.DENIED)] if suspended else []),
            *([(f"{count_text(removed)} removed", Role.MUTED)] if removed else []),
        ),
        ("There is no member yet", "Whoever accepts an invitation is one."),
        "name, address, groups, roles or permissions",
    )


def seen_words(roster: AccessRoster, member_id: str) -> str:
    """`on now`, or how long ago a member was."""
    return ON_NOW if roster.is_on(member_id) else ago_text(roster.last_seen(member_id), roster.now)


def _owner(roster: AccessRoster) -> list[ListedItem]:
    owner = roster.owner
    if owner is None or owner.id is None:
        return []
    cells = (
        Cell(owner.label, Role.TITLE, bold=True),
        Cell("owner", Role.FAINT),
        Cell("", Role.MUTED),
        Cell("", Role.MUTED),
        Cell(OWNER_WORDS, short="may do everything"),
    )
    return [
        ListedItem(
            owner.id,
            cells,
            searched(owner.label, owner.id, "owner", *permission_names(tuple(Permission))),
            (("",), (0, 0.0, ""), (-1, "")),
        )
    ]


def _member(member: Member, roster: AccessRoster) -> ListedItem:
    name = member.name.casefold()
    seen = roster.last_seen(member.id)
    held = (
        *(roster.groups[one].name for one in member.groups if one in roster.groups),
        *(roster.roles[one].name for one in member.roles if one in roster.roles),
    )
    may = permission_names(roster.found.access.permissions_of(member.id))
    is_on = roster.is_on(member.id)
    role = Role.TITLE if member.is_active else Role.MUTED
    when = seen_words(roster, member.id)
    return ListedItem(
        member.id,
        (
            Cell(member.name, role, bold=member.is_active),
            Cell(member.status.value, STATUS_ROLES[member.status]),
            Cell(when, Role.ACCENT if is_on else Role.FAINT if when == NEVER else Role.MUTED),
            Cell(member.email),
            Cell(held or ("(none)",), Role.MUTED if held else Role.FAINT),
        ),
        searched(member.name, member.email, member.id, member.login, member.status.value, *held, *may),
        (
            (name, member.id),
            (1 if is_on else 2, -seen.timestamp() if seen is not None else 0.0, name),
            (_STATUS_ORDER.index(member.status), name),
        ),
        over=member.status is MemberStatus.REMOVED,
    )
