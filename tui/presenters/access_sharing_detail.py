"""All of one group or role: what it gives, and who has it by which way."""

from data.access.model import Group, Member, Path
from data.access.model import Role as AccessRole
from data.permissions import Permission
from tui.presenters.access_roster import AccessRoster, by_name
from tui.presenters.access_sheet import Sheet
from tui.presenters.access_tabs import AccessTab, Item
from tui.presenters.noun import Noun
from tui.presenters.pieces import Role
from tui.presenters.values import NOT_SET, count_text

_MEMBERS = Noun("member", "members")


def group_sheet(sheet: Sheet, group: Group, roster: AccessRoster) -> None:
    """A group."""
    sheet.fact("description", group.description or NOT_SET, Role.TEXT if group.description else Role.FAINT)
    sheet.fact("id", group.id, Role.MUTED)
    roles = by_name(roster.roles[one] for one in group.roles if one in roster.roles)
    sheet.heading("Roles")
    if not roles:
        sheet.words("none: being in it gives nothing", "roles")
    for role in roles:
        sheet.link("", Item(AccessTab.ROLES, role.id), role.name, part="role")
    members = roster.members_in(group)
    sheet.heading(f"Members  {count_text(len(members))}" if members else "Members")
    if not members:
        sheet.words("none", "members")
    for member in members:
        sheet.link("", Item(AccessTab.MEMBERS, member.id), member.name, _standing(member), part="member")
    if not roles:
        return
    sheet.heading("What it gives")
    ways: dict[Permission, list[str]] = {}
    for role in roles:
        for permission in role.permissions:
            ways.setdefault(permission, []).append(f"via {role.name}")
    sheet.permissions(ways.keys(), ways)


def role_sheet(sheet: Sheet, role: AccessRole, roster: AccessRoster) -> None:
    """A role."""
    sheet.fact("description", role.description or NOT_SET, Role.TEXT if role.description else Role.FAINT)
    if role.built_in:
        sheet.fact("kind", "built in: never changed, never deleted")
    sheet.fact("id", role.id, Role.MUTED)
    sheet.heading("Permissions")
    if not role.permissions:
        sheet.words("none: holding it gives nothing", "permissions")
    sheet.permissions(role.permissions)
    groups = roster.groups_with(role.id)
    sheet.heading("Groups with this role")
    if not groups:
        sheet.words("none", "groups")
    for group in groups:
        number = _MEMBERS.counted(len(group.members))
        sheet.link("", Item(AccessTab.GROUPS, group.id), group.name, number, part="group")
    _holders(sheet, role, roster)


def _holders(sheet: Sheet, role: AccessRole, roster: AccessRoster) -> None:
    access = roster.found.access
    holders = by_name(roster.holders_of(role.id))
    # They would have it again the moment that they are reinstated.
    idle = by_name(
        one
        for one in roster.members.values()
        if not one.is_active
        and (role.id in one.roles or any(role.id in roster.groups[g].roles for g in one.groups if g in roster.groups))
    )
    sheet.heading(f"Held by  {count_text(len(holders))}" if holders else "Held by")
    if not holders and not idle:
        sheet.words("nobody", "holders")
    for member in holders:
        ways = [path for path in access.roles_of(member.id) if path.role == role.id]
        sheet.link("", Item(AccessTab.MEMBERS, member.id), member.name, _ways_words(ways, roster), part="holder")
    for member in idle:
        sheet.link("", Item(AccessTab.MEMBERS, member.id), member.name, _standing(member), part="idle", faint=True)


def _ways_words(ways: list[Path], roster: AccessRoster) -> str:
    """`directly`, `via Platform`, or both."""
    return ", ".join("directly" if path.group is None else f"via {roster.groups[path.group].name}" for path in ways)


def _standing(member: Member) -> str:
    return "" if member.is_active else member.status.value
