"""The events that tell what became of an invitation, and of whoever joined with it."""

from collections.abc import Mapping
from datetime import datetime

from data.access.model import Group, Invitation, Member, Role, SshKey
from data.caller import Caller
from data.clock import to_text
from data.records import ANONYMOUS, ActorType, Draft, Json, Outcome, Reference


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
    }
    return _draft(
        f"invitation.{act}", by, invitation.reference, at, reason=reason, data={**told, **(data or {})}, outcome=outcome
    )


def code_refused_event(by: Caller, at: datetime, reason: str, about: Invitation | None) -> Draft:
    """Somebody typed a code that nobody joins with."""
    target = None if about is None else about.reference
    return _draft("invitation.accepted", by, target, at, reason=reason, outcome=Outcome.DENIED)


def joined_event(by: Caller, member: Member, invitation: Invitation, at: datetime) -> Draft:
    """Somebody is a member since."""
    data: dict[str, Json] = {"email": member.email, "invitation": invitation.id}
    if member.login is not None:
        data["login"] = member.login
    for key in member.keys:
        data["key_type"] = key.kind
    return _draft("member.joined", by, member.reference, at, data=data)


def key_registered_event(by: Caller, member: Member, key: SshKey, at: datetime) -> Draft:
    """The key that somebody joined with is theirs since."""
    data: dict[str, Json] = {
        "fingerprint": key.fingerprint,
        "key_type": key.kind,
        "bits": key.bits,
        "comment": key.comment,
    }
    return _draft("member.key_registered", by, member.reference, at, data=data)


def granted_event(by: Caller, role: Role, member: Member, at: datetime) -> Draft:
    """A member holds a role since."""
    data: dict[str, Json] = {
        "grantee_type": ActorType.MEMBER,
        "grantee": member.id,
        "grantee_name": member.name,
    }
    return _draft("role.granted", by, role.reference, at, data=data)


def added_event(by: Caller, group: Group, member: Member, at: datetime) -> Draft:
    """A member is in a group since."""
    data: dict[str, Json] = {"member": member.id, "member_name": member.name}
    return _draft("group.member_added", by, group.reference, at, data=data)


def stranger(name: str | None) -> Reference:
    """Who types a code, as far as that is known before they have joined."""
    return Reference(ActorType.ANONYMOUS, name=name) if name else ANONYMOUS


def _draft(
    tag: str,
    by: Caller,
    target: Reference | None,
    at: datetime,
    *,
    reason: str | None = None,
    data: Mapping[str, Json] | None = None,
    outcome: Outcome = Outcome.SUCCESS,
) -> Draft:
    return Draft(
        type=tag,
        occurred_at=at,
        outcome=outcome,
        actor=by.actor,
        target=target,
        service=by.service,
        ip=by.ip,
        user_agent=by.user_agent,
        request_id=by.request_id,
        session_id=by.session_id,
        token=by.token,
        reason=reason,
        data=data or {},
    )
