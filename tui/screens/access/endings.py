"""What comes to its end on the Access screen: what is said before, read anew each time, and what does it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from data.access.errors import AccessNotFound
from data.access.model import AccessList, Invitation, Member, Session, SshKey
from tui.presenters.access_end import (
    Consequences,
    consequence_rows,
    group_consequences,
    key_consequences,
    reinstatement_consequences,
    removal_consequences,
    revocation_consequences,
    role_consequences,
    session_consequences,
    suspension_consequences,
)
from tui.screens.ending import EndPlan

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Found = TypeVar("Found")
_Does = Callable[["AuditLog", str], object]


def role_end(found: AccessList, role_id: str) -> EndPlan[str]:
    """Deleting a role."""
    role = _there(found.access.roles.get(role_id), "role")

    def delete(log: "AuditLog", reason: str) -> None:
        log.roles.delete(log.caller(), role_id, even_in_use=True, reason=reason)

    return _plan(
        "Delete role",
        role.name,
        role_id,
        role_consequences(found, role_id),
        delete,
        f"{role.name} was deleted.",
        role_end,
    )


def group_end(found: AccessList, group_id: str) -> EndPlan[str]:
    """Deleting a group."""
    group = _there(found.access.groups.get(group_id), "group")

    def delete(log: "AuditLog", reason: str) -> None:
        log.groups.delete(log.caller(), group_id, even_in_use=True, reason=reason)

    return _plan(
        "Delete group",
        group.name,
        group_id,
        group_consequences(found, group_id),
        delete,
        f"{group.name} was deleted.",
        group_end,
    )


def member_end(zone: ZoneInfo, found: AccessList, member_id: str) -> EndPlan[str]:
    """Removing a member."""
    member = _there(found.access.members.get(member_id), "member")
    told = removal_consequences(found, member_id, zone)

    def remove(log: "AuditLog", reason: str) -> None:
        log.members.remove(log.caller(), member_id, reason)

    return _plan(
        "Remove member",
        member.name,
        member_id,
        told,
        remove,
        f"{member.name} was removed.",
        lambda now, key: member_end(zone, now, key),
    )


def suspension(zone: ZoneInfo, found: AccessList, member_id: str) -> EndPlan[str]:
    """Suspending a member."""
    member = _there(found.access.members.get(member_id), "member")
    told = suspension_consequences(found, member_id, zone)

    def suspend(log: "AuditLog", reason: str) -> None:
        log.members.suspend(log.caller(), member_id, reason)

    return _plan(
        "Suspend",
        member.name,
        member_id,
        told,
        suspend,
        f"{member.name} was suspended.",
        lambda now, key: suspension(zone, now, key),
    )


def reinstatement(found: AccessList, member_id: str) -> EndPlan[str]:
    """Letting a suspended member in again."""
    member = _there(found.access.members.get(member_id), "member")

    def reinstate(log: "AuditLog", reason: str) -> None:
        log.members.reinstate(log.caller(), member_id, reason)

    told = reinstatement_consequences(found, member_id)
    return _plan("Reinstate", member.name, member_id, told, reinstate, f"{member.name} was reinstated.", reinstatement)


def session_end(zone: ZoneInfo, session: Session) -> EndPlan[str]:
    """Ending a session."""

    def end(log: "AuditLog", reason: str) -> None:
        log.sessions.end(log.caller(), session.id, reason)

    told = session_consequences(session, zone)
    return _plan(
        "End session",
        session.member.label,
        session.id,
        told,
        end,
        f"The session of {session.member.label} was ended.",
        None,
        of=" of ",
    )


def revocation(zone: ZoneInfo, found: AccessList, invitation: Invitation) -> EndPlan[str]:
    """Revoking an invitation."""

    def revoke(log: "AuditLog", reason: str) -> None:
        log.invitations.revoke(log.caller(), invitation.id, reason)

    told = revocation_consequences(found, invitation, zone)
    return _plan(
        "Revoke invitation",
        invitation.email,
        invitation.id,
        told,
        revoke,
        f"The invitation of {invitation.email} was revoked.",
        None,
        of=" of ",
    )


def key_end(zone: ZoneInfo, found: AccessList | None, member: Member, key: SshKey) -> EndPlan[str]:
    """Removing a key; `found` is None where one may see no more than one's own."""

    def remove(log: "AuditLog", reason: str) -> None:
        log.keys.remove(log.caller(), member.id, key.fingerprint, reason)

    told = key_consequences(found, member, key, zone)
    said = f"The key {key.fingerprint} was removed."
    return _plan("Remove key", member.name, key.fingerprint, told, remove, said, None, of=" of ")


def _plan(
    verb: str,
    name: str,
    key: str,
    told: Consequences,
    does: _Does,
    said: str,
    newest: Callable[[AccessList, str], EndPlan[str]] | None,
    *,
    of: str = " ",
) -> EndPlan[str]:
    return EndPlan(
        verb,
        name,
        key,
        lambda width: consequence_rows(told, width),
        _saying(does, said),
        of,
        told,
        None if newest is None else lambda log: newest(log.access.read(), key),
    )


def _saying(does: _Does, said: str) -> "Callable[[AuditLog, str], str]":
    """The same, which gives a sentence about what was done."""

    def do(log: "AuditLog", reason: str) -> str:
        does(log, reason)
        return said

    return do


def _there(thing: Found | None, kind: str) -> Found:
    if thing is None:
        raise AccessNotFound(f"This {kind} is no longer there.")
    return thing
