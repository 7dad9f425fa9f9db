"""All of one member: what they hold and by which way, their keys and sessions."""

from collections.abc import Iterator

from data.access.model import Access, Member, Path, SshKey
from data.permissions import Permission
from tui.glyphs import glyphs
from tui.presenters.access_invitations import STATUS_ROLES
from tui.presenters.access_members import OWNER_WORDS, seen_words
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_sessions import lasted_words, status_words
from tui.presenters.access_sheet import KeyRow, Sheet
from tui.presenters.access_tabs import AccessTab, Item
from tui.presenters.ages import ago_text
from tui.presenters.pieces import Role
from tui.presenters.values import count_text, minute_text, moment_text

_MOST_SESSIONS = 5
_MOST_INVITATIONS = 5


def owner_sheet(sheet: Sheet, roster: AccessRoster) -> None:
    """The one whose file an embedded database is."""
    sheet.fact("is", OWNER_WORDS)
    sheet.fact("", "The file itself says so: there is nothing here that could be given or taken away.", Role.MUTED)
    sheet.heading("Permissions")
    sheet.permissions((Permission.ADMIN,), {Permission.ADMIN: ("as the owner of the file",)})
    _invitations(sheet, "owner", roster)


def member_sheet(sheet: Sheet, member: Member, roster: AccessRoster) -> None:
    """A member."""
    sheet.fact("address", member.email)
    sheet.fact("last seen", seen_words(roster, member.id))
    joined = minute_text(member.joined_at, sheet.zone)
    invitation = roster.invitation_of(member.id)
    sheet.fact("joined", joined)
    if invitation is not None:
        item = Item(AccessTab.INVITATIONS, invitation.id)
        sheet.linked_fact(
            "invited by", item, invitation.invited_by.label, moment_text(invitation.invited_at, sheet.zone)
        )
    if member.login is not None:
        sheet.fact("login", f"{member.login} at the database")
    sheet.fact("id", member.id, Role.MUTED)
    _holdings(sheet, member, roster)
    _may(sheet, member, roster.found.access)
    sheet.heading("SSH keys", "keys")
    if not member.keys:
        sheet.words("none", "keys")
    for key in member.keys:
        _key(sheet, key)
    _sessions(sheet, member, roster)
    _invitations(sheet, member.id, roster)


def ways_of(member: Member, access: Access) -> dict[Permission, list[str]]:
    """By which ways a member comes by each permission that their roles name."""
    found: dict[Permission, list[str]] = {}
    for path in access.roles_of(member.id):
        for permission in access.roles[path.role].permissions:
            found.setdefault(permission, []).append(f"via {path_words(path, access)}")
    return found


def path_words(path: Path, access: Access) -> str:
    """`Platform → Client manager`: the group, where there is one, and the role."""
    role = access.roles[path.role].name
    return role if path.group is None else f"{access.groups[path.group].name} {glyphs().arrow} {role}"


def key_words(key: SshKey) -> Iterator[str]:
    """An SSH key: what it is, and how it is recognised."""
    yield f"{key.kind}, {key.bits} bits  {key.comment}".rstrip()
    yield key.fingerprint


def _holdings(sheet: Sheet, member: Member, roster: AccessRoster) -> None:
    sheet.heading("Groups and roles")
    if not member.groups and not member.roles:
        sheet.words("in no group, without a role", "holds")
    for group_id in member.groups:
        group = roster.groups.get(group_id)
        if group is None:
            continue
        sheet.link("group", Item(AccessTab.GROUPS, group_id), group.name)
        for role_id in group.roles:
            if role_id in roster.roles:
                through = f"via {group.name}"
                sheet.link("", Item(AccessTab.ROLES, role_id), roster.roles[role_id].name, part=through, indent=9)
    for role_id in member.roles:
        if role_id in roster.roles:
            sheet.link("role", Item(AccessTab.ROLES, role_id), roster.roles[role_id].name)


def _may(sheet: Sheet, member: Member, access: Access) -> None:
    held = access.permissions_of(member.id)
    sheet.heading(f"Permissions  {count_text(len(held))}" if held else "Permissions")
    if not member.is_active:
        sheet.words(f"nothing: {member.status.value}", "may")
    elif not held:
        sheet.words("nothing yet", "may")
    else:
        ways = ways_of(member, access)
        sheet.permissions(ways.keys(), ways)


def _key(sheet: Sheet, key: SshKey) -> None:
    first, second = key_words(key)
    registered = f"registered {ago_text(key.registered_at, sheet.now)}"
    texts = [(first, Role.TEXT, True), (second, Role.MUTED, False), (registered, Role.MUTED, False)]
    sheet.lines(texts, KeyRow(key.fingerprint))


def _sessions(sheet: Sheet, member: Member, roster: AccessRoster) -> None:
    sessions = roster.sessions_of(member.id)
    sheet.heading("Sessions")
    if not sessions:
        sheet.words("none", "sessions")
    for session in sessions[:_MOST_SESSIONS]:
        after = "  ".join(
            one for one in (status_words(session, roster), lasted_words(session, roster), session.address or "") if one
        )
        began = moment_text(session.began_at, sheet.zone)
        item = Item(AccessTab.SESSIONS, session.id)
        sheet.link("", item, began, after, part=session.id, faint=session.ended_at is not None)
    if len(sessions) > _MOST_SESSIONS:
        sheet.words(f"and {count_text(len(sessions) - _MOST_SESSIONS)} before", "earlier sessions")


def _invitations(sheet: Sheet, member_id: str, roster: AccessRoster) -> None:
    sent = roster.invitations_by(member_id)
    if not sent:
        return
    sheet.heading("Invited")
    for one in sent[:_MOST_INVITATIONS]:
        status = one.status(roster.now)
        faint = STATUS_ROLES[status] is Role.MUTED
        sheet.link("", Item(AccessTab.INVITATIONS, one.id), one.email, status.value, part=one.id, faint=faint)
    if len(sent) > _MOST_INVITATIONS:
        sheet.words(f"and {count_text(len(sent) - _MOST_INVITATIONS)} before", "earlier invitations")
