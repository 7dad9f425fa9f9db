"""The list of invitations, and what became of their mails in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from data.access.model import Delivery, Invitation, InvitationStatus
from tui.presenters.access_roster import AccessRoster
from tui.presenters.access_table import AccessTable, Cell, ListedItem, Order, searched
from tui.presenters.access_tabs import AccessTab
from tui.presenters.ages import ago_text, until_text
from tui.presenters.list_columns import Column, NameColumn
from tui.presenters.noun import Noun
from tui.presenters.pieces import Role
from tui.presenters.values import count_text, moment_text

STATUS_ROLES = {
    InvitationStatus.OPEN: Role.TEXT,
    InvitationStatus.ACCEPTED: Role.FAINT,
    InvitationStatus.REVOKED: Role.MUTED,
    InvitationStatus.EXPIRED: Role.MUTED,
}
_COLUMNS = (
    Column("Status", 8, 0),
    Column("Ends", 12, 1),
    Column("Invited by", 16, 3),
    Column("Mail", 20, 2, grows=True),
)
_ORDERS = (
    Order("t", "time", "The newest stands first.", 0),
    Order("a", "address", "From A to Z.", 0),
    Order("e", "ends", "The one that ends first stands first; what is over comes last.", 2),
)


def invitation_table(roster: AccessRoster, zone: ZoneInfo) -> AccessTable:
    """Every invitation."""
    there = roster.found.invitations
    still = sum(one.status(roster.now) is InvitationStatus.OPEN for one in there)
    return AccessTable(
        AccessTab.INVITATIONS,
        NameColumn("Address"),
        _COLUMNS,
        _ORDERS,
        tuple(_invitation(one, roster, zone) for one in there),
        Noun("invitation", "invitations"),
        (
            *([(f"{count_text(still)} open", Role.TEXT)] if still else []),
            *([(f"! {count_text(roster.undelivered)} not delivered", Role.DENIED)] if roster.undelivered else []),
        ),
        ("There is no invitation", "Whoever accepts one within seven days becomes a member."),
        "address, roles, groups or inviter",
    )


def end_words(invitation: Invitation, now: datetime) -> str:
    """When an open invitation ends, or when and how it came to its end."""
    match invitation.status(now):
        case InvitationStatus.OPEN:
            return until_text(invitation.expires_at, now)
        case InvitationStatus.ACCEPTED:
            return ago_text(invitation.accepted_at, now)
        case InvitationStatus.REVOKED:
            return ago_text(invitation.revoked_at, now)
        case InvitationStatus.EXPIRED:
            return ago_text(invitation.expires_at, now)


def delivery_words(invitation: Invitation, now: datetime, zone: ZoneInfo) -> str:
    """What became of its mail: `sent 3 h ago`, `not delivered: 451 mailbox busy; tried again 20 Nov 15:00`."""
    match invitation.delivery:
        case Delivery.BY_HAND:
            return "passed on by hand"
        case Delivery.WAITING:
            return "waits to be sent"
        case Delivery.SENT:
            return f"sent {ago_text(invitation.sent_at, now)}" if invitation.sent_at else "sent"
        case Delivery.FAILED:
            why = f": {invitation.last_error}" if invitation.last_error else ""
            if invitation.status(now) is not InvitationStatus.OPEN:
                return f"not delivered{why}"
            again = invitation.next_try_at
            tail = "given up" if again is None else f"next try {moment_text(again, zone)}"
            return f"not delivered{why}; {tail}"


def _invitation(invitation: Invitation, roster: AccessRoster, zone: ZoneInfo) -> ListedItem:
    now = roster.now
    status = invitation.status(now)
    is_open = status is InvitationStatus.OPEN
    has_failed = is_open and invitation.delivery is Delivery.FAILED
    address = invitation.email.casefold()
    held = (
        *(roster.groups[one].name for one in invitation.groups if one in roster.groups),
        *(roster.roles[one].name for one in invitation.roles if one in roster.roles),
    )
    expires = invitation.expires_at.timestamp()
    return ListedItem(
        invitation.id,
        (
            Cell(invitation.email, Role.TITLE if is_open else Role.MUTED, bold=is_open),
            Cell(status.value, STATUS_ROLES[status]),
            Cell(end_words(invitation, now), Role.TEXT if is_open else Role.FAINT),
            Cell(invitation.invited_by.label),
            Cell(delivery_words(invitation, now, zone), Role.DENIED if has_failed else Role.MUTED),
        ),
        searched(invitation.email, invitation.id, invitation.invited_by.label, status.value, *held),
        (
            (-invitation.invited_at.timestamp(), address),
            (address, -invitation.invited_at.timestamp()),
            (not is_open, expires if is_open else -expires),
        ),
        sign="!" if has_failed else "",
    )
