"""The events that tell what became of an invitation, and of whoever joined with it."""

from collections.abc import Mapping
from datetime import datetime

from data.access.model import Invitation, Member
from data.access.ssh_keys import PublicKey
from data.caller import Caller
from data.clock import to_text
from data.records import Draft, Json, Outcome
from data.services.gate import refusal_event


def invitation_event(
    act: str,
    by: Caller,
    invitation: Invitation,
    at: datetime,
    *,
    reason: str | None = None,
    data: Mapping[str, Json] | None = None,
    outcome: Outcome = Outcome.SUCCESS,
) -> Draft:
    """What was done to an invitation that is `invitation` since."""
    told: dict[str, Json] = {
        "roles": [*invitation.roles],
        "groups": [*invitation.groups],
        "expires": to_text(invitation.expires_at),
        **(data or {}),
    }
    return by.draft(f"invitation.{act}", at, target=invitation.reference, outcome=outcome, reason=reason, data=told)


def code_refused_event(by: Caller, at: datetime, reason: str, about: Invitation | None) -> Draft:
    """Somebody typed a code that nobody joins with."""
    return refusal_event("invitation.accepted", by, at, reason, None if about is None else about.reference)


def joined_event(by: Caller, member: Member, key: PublicKey | None, invitation: Invitation, at: datetime) -> Draft:
    """Somebody is a member since, with this key."""
    data: dict[str, Json] = {"email": member.email, "invitation": invitation.id}
    if member.login is not None:
        data["login"] = member.login
    if key is not None:
        data["key_type"] = key.kind
    return by.draft("member.joined", at, target=member.reference, data=data)
