"""All of one member, group, role, invitation or session: what it is, what leads to it and where it leads."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from data.access.model import OWNER_ID, InvitationStatus
from tui.presenters.access_invitations import STATUS_ROLES as INVITATION_ROLES
from tui.presenters.access_invitations import delivery_words, end_words
from tui.presenters.access_member_detail import member_sheet, owner_sheet
from tui.presenters.access_members import ON_NOW
from tui.presenters.access_members import STATUS_ROLES as MEMBER_ROLES
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_sessions import lasted_words, status_words
from tui.presenters.access_sharing_detail import group_sheet, role_sheet
from tui.presenters.access_sheet import Entry, Sheet
from tui.presenters.access_tabs import AccessTab, Item
from tui.presenters.ages import ago_text
from tui.presenters.detail_sections import Newest
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import minute_text

_NEWEST = {AccessTab.SESSIONS: "Done in this session"}


def access_head_row(roster: AccessRoster, item: Item, width: int) -> Row:
    """What it is called, and how it stands."""
    name, words = _named(roster, item)
    line = Line(width).at(1)
    line.add(name, Role.TITLE, until=width - 1 - sum(len(text) + 2 for text, _ in words), bold=True)
    for text, role in words:
        line.add("  ").add(text, role)
    return line.row()


def access_detail_rows(
    roster: AccessRoster, item: Item, newest: Newest, width: int, zone: ZoneInfo, keys: Mapping[str, str]
) -> list[Entry]:
    """Rows `width` cells wide, each group of them with its key, or None for a heading.

    `keys` are the keys that a heading names, by the section's name.
    """
    sheet = Sheet(width, roster.now, zone, keys)
    match item.tab:
        case AccessTab.MEMBERS if item.id in roster.members:
            member_sheet(sheet, roster.members[item.id], roster)
        case AccessTab.MEMBERS if roster.owner is not None and item.id == roster.owner.id:
            owner_sheet(sheet, roster)
        case AccessTab.GROUPS if item.id in roster.groups:
            group_sheet(sheet, roster.groups[item.id], roster)
        case AccessTab.ROLES if item.id in roster.roles:
            role_sheet(sheet, roster.roles[item.id], roster)
        case AccessTab.INVITATIONS if item.id in roster.invitations:
            _invitation_sheet(sheet, item.id, roster)
        case AccessTab.SESSIONS if item.id in roster.sessions:
            _session_sheet(sheet, item.id, roster)
        case _:
            return []
    heading = _NEWEST.get(item.tab, "Recent changes")
    sheet.newest(newest, item.id, "What they did" if item.id == OWNER_ID else heading)
    return sheet.entries


def _named(roster: AccessRoster, item: Item) -> tuple[str, list[tuple[str, Role]]]:
    match item.tab:
        case AccessTab.MEMBERS if item.id in roster.members:
            member = roster.members[item.id]
            words = [(member.status.value, MEMBER_ROLES[member.status])]
            return member.name, [*words, *([(ON_NOW, Role.ACCENT)] if roster.is_on(item.id) else [])]
        case AccessTab.MEMBERS if roster.owner is not None:
            return roster.owner.label, [("owner", Role.FAINT)]
        case AccessTab.GROUPS if item.id in roster.groups:
            return roster.groups[item.id].name, [("group", Role.FAINT)]
        case AccessTab.ROLES if item.id in roster.roles:
            role = roster.roles[item.id]
            return role.name, [("role, built in" if role.built_in else "role", Role.FAINT)]
        case AccessTab.INVITATIONS if item.id in roster.invitations:
            invitation = roster.invitations[item.id]
            status = invitation.status(roster.now)
            return invitation.email, [(status.value, INVITATION_ROLES[status])]
        case AccessTab.SESSIONS if item.id in roster.sessions:
            session = roster.sessions[item.id]
            role_of_state = Role.DENIED if roster.is_unheard(session) else Role.FAINT
            return session.member.label, [
                (
                    status_words(session, roster),
                    role_of_state if session.ended_at or roster.is_unheard(session) else Role.ACCENT,
                )
            ]
        case _:
            return "", []


def _invitation_sheet(sheet: Sheet, invitation_id: str, roster: AccessRoster) -> None:
    invitation = roster.invitations[invitation_id]
    status = invitation.status(roster.now)
    now, zone = roster.now, sheet.zone
    if status is InvitationStatus.OPEN:
        sheet.fact("ends", f"{minute_text(invitation.expires_at, zone)}, {end_words(invitation, now)}")
    else:
        sheet.fact(status.value, end_words(invitation, now))
    has_failed = bool(invitation.last_error) and status is InvitationStatus.OPEN
    sheet.fact("mail", delivery_words(invitation, now, zone), Role.DENIED if has_failed else Role.TEXT)
    if invitation.attempts > 1:
        sheet.fact("tries", str(invitation.attempts))
    inviter = invitation.invited_by
    at = minute_text(invitation.invited_at, zone)
    item = None if inviter.id is None else Item(AccessTab.MEMBERS, inviter.id)
    if item is not None and roster.holds(item):
        sheet.linked_fact("invited by", item, inviter.label)
    else:
        sheet.fact("invited by", inviter.label)
    sheet.fact("invited", at)
    joined = invitation.accepted_by
    if joined is not None and joined in roster.members:
        sheet.linked_fact("joined", Item(AccessTab.MEMBERS, joined), roster.members[joined].name)
    sheet.fact("id", invitation.id, Role.MUTED)
    sheet.heading("Joins with" if status is InvitationStatus.OPEN else "Was to join with")
    for group_id in invitation.groups:
        if group_id in roster.groups:
            sheet.link("group", Item(AccessTab.GROUPS, group_id), roster.groups[group_id].name)
    for role_id in invitation.roles:
        if role_id in roster.roles:
            sheet.link("role", Item(AccessTab.ROLES, role_id), roster.roles[role_id].name)
    gone = sum(one not in roster.groups for one in invitation.groups) + sum(
        one not in roster.roles for one in invitation.roles
    )
    if gone:
        sheet.words(f"{gone} that {'is' if gone == 1 else 'are'} no longer there", "gone")
    elif not invitation.groups and not invitation.roles:
        sheet.words("no role and no group: may do nothing at first", "holds")


def _session_sheet(sheet: Sheet, session_id: str, roster: AccessRoster) -> None:
    session = roster.sessions[session_id]
    zone = sheet.zone
    if session.member.id is not None and session.member.id in roster.members:
        sheet.linked_fact("member", Item(AccessTab.MEMBERS, session.member.id), roster.members[session.member.id].name)
    else:
        sheet.fact("member", session.member.label)
    sheet.fact("since", minute_text(session.began_at, zone))
    if session.ended_at is not None:
        sheet.fact("ended", minute_text(session.ended_at, zone))
        sheet.fact("how", session.ending.value if session.ending is not None else "ended")
        if session.ended_by is not None:
            sheet.fact("by", session.ended_by)
    else:
        role = Role.DENIED if roster.is_unheard(session) else Role.TEXT
        sheet.fact("heard of", ago_text(session.seen_at, roster.now), role)
    sheet.fact("for", lasted_words(session, roster))
    sheet.fact("from", session.address or "not known", Role.TEXT if session.address else Role.FAINT)
    sheet.fact("terminal", session.terminal or "not known", Role.TEXT if session.terminal else Role.FAINT)
    if session.program_version:
        sheet.fact("program", session.program_version)
    if session.fingerprint is not None:
        sheet.fact("key", session.fingerprint, Role.MUTED)
    sheet.fact("id", session.id, Role.MUTED)
