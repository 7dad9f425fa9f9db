"""What changing invitations consists of, inside a unit of work that others have begun."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from data.access.details import email_problem, plain_address
from data.access.errors import AccessError, AccessNotFound
from data.access.model import Access, Invitation, InvitationStatus, MemberStatus
from data.caller import KEEPER, Caller
from data.services.invitation_events import invitation_event
from data.services.new_ids import can_be_id
from data.store import UnitOfWork
from data.store.access import folded_address

MOST_ADDRESSES = 100
"""So many can be invited at once."""

_SHOWN_CHARACTERS = 60
_ENDED = {
    InvitationStatus.ACCEPTED: "was accepted already",
    InvitationStatus.REVOKED: "was revoked",
    InvitationStatus.EXPIRED: "is over; invite them anew",
}


def open_invitation(work: UnitOfWork, invitation_id: str, now: datetime) -> Invitation:
    """The open invitation of this id. Raises AccessNotFound, AccessError for one that is not open."""
    found = work.invitations.find(invitation_id) if can_be_id(invitation_id) else None
    if found is None:
        raise AccessNotFound("There is no such invitation.")
    ended = _ENDED.get(found.status(now))
    if ended is not None:
        raise AccessError(f"The invitation of {found.email} {ended}.")
    return found


def revoke(
    work: UnitOfWork, by: Caller, invitation: Invitation, now: datetime, reason: str | None = None
) -> Invitation:
    """End an open invitation, with its event."""
    revoked = replace(invitation, revoked_at=now, next_try_at=None, revision=invitation.revision + 1)
    work.invitations.put(revoked)
    work.events.append(invitation_event("revoked", by, revoked, now, reason=reason))
    return revoked


def note_over(work: UnitOfWork, invitations: Iterable[Invitation]) -> int:
    """Log that these are over, each as of its own moment; how many."""
    noted = 0
    for invitation in invitations:
        over = replace(invitation, expired_at=invitation.expires_at, next_try_at=None, revision=invitation.revision + 1)
        work.invitations.put(over)
        work.events.append(invitation_event("expired", KEEPER, over, invitation.expires_at))
        noted += 1
    return noted


def address_problems(work: UnitOfWork, addresses: Sequence[str], access: Access, now: datetime) -> dict[str, str]:
    """Why these people cannot be invited, under their addresses as they were given.

    Of an invitation that is in the way only because nobody has logged yet that it is over, that is logged.
    """
    if not addresses:
        return {"addresses": "Whom do you invite? Write a mail address, such as bo@example.org."}
    if len(addresses) > MOST_ADDRESSES:
        return {"addresses": f"At most {MOST_ADDRESSES} people at once, these are {len(addresses):,}."}
    members = {
        folded_address(member.email): member
        for member in access.members.values()
        if member.status is not MemberStatus.REMOVED
    }
    problems: dict[str, str] = {}
    seen: set[str] = set()
    for given in addresses:
        address = plain_address(given)
        problem = email_problem(address)
        folded = folded_address(address)
        if problem is not None and address:
            shown = address if len(address) <= _SHOWN_CHARACTERS else f"{address[:_SHOWN_CHARACTERS]}..."
            problem = f"{shown}: {problem}"
        elif problem is None and folded in seen:
            problem = f"{address} is there twice."
        elif problem is None and folded in members:
            problem = f"{members[folded].name} has the address {address} and is a member already."
        elif problem is None and _has_open(work, folded, now):
            problem = f"{address} is invited already; send that invitation again, or revoke it first."
        seen.add(folded)
        if problem is not None:
            problems[given] = problem
    return problems


def given_problems(roles: Iterable[str], groups: Iterable[str], access: Access) -> dict[str, str]:
    """Which of these roles and groups are not there, under `roles` and `groups`."""
    problems = {}
    if any(one not in access.roles for one in roles):
        problems["roles"] = "One of these roles is not there any more."
    if any(one not in access.groups for one in groups):
        problems["groups"] = "One of these groups is not there any more."
    return problems


def _has_open(work: UnitOfWork, folded: str, now: datetime) -> bool:
    there = work.invitations.open_to(folded)
    over = tuple(one for one in there if one.status(now) is InvitationStatus.EXPIRED)
    note_over(work, over)
    return len(there) > len(over)
