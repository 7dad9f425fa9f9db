"""Invitations as JSON, for scripts."""

from datetime import datetime

from data.access.model import Invitation
from data.clock import to_text
from data.records import Json


def invitation_to_json(invitation: Invitation, now: datetime) -> dict[str, Json]:
    """The invitation as it stands at `now`. Times are RFC 3339 in UTC; roles and groups are ids. No code is in it."""
    return {
        "id": invitation.id,
        "email": invitation.email,
        "status": invitation.status(now).value,
        "roles": [*invitation.roles],
        "groups": [*invitation.groups],
        "invited_by": invitation.invited_by.label,
        "invited_at": to_text(invitation.invited_at),
        "expires_at": to_text(invitation.expires_at),
        "accepted_at": _time(invitation.accepted_at),
        "accepted_by": invitation.accepted_by,
        "revoked_at": _time(invitation.revoked_at),
        "delivery": invitation.delivery.value,
        "attempts": invitation.attempts,
        "sent_at": _time(invitation.sent_at),
        "last_error": invitation.last_error,
        "next_try_at": _time(invitation.next_try_at),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)
