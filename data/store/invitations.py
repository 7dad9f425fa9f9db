"""Invitations: reading them, and writing them inside a unit of work. Never commits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from data.access.model import Delivery, Invitation
from data.clock import from_microseconds, to_microseconds
from data.records import Reference
from data.store.access import folded_address
from data.store.moments import moment_of, stored_moment
from data.store.row_changing import change_row
from data.store.tables import invitation, join_attempt

_IS_OPEN = sa.and_(
    invitation.c.accepted_at.is_(None), invitation.c.revoked_at.is_(None), invitation.c.expired_at.is_(None)
)


class InvitationReader:
    """Invitations as they are in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Invitation, ...]:
        """Every invitation, the newest first."""
        return tuple(sorted(self._invitations(), key=lambda one: (one.invited_at, one.id), reverse=True))

    def find(self, invitation_id: str) -> Invitation | None:
        """The invitation with this id."""
        return next(self._invitations(invitation.c.id == invitation_id), None)

    def with_code(self, digest: bytes) -> Invitation | None:
        """The invitation whose newest code has this SHA-256, however it stands."""
        return next(self._invitations(invitation.c.code_digest == digest), None)

    def open_to(self, email: str) -> tuple[Invitation, ...]:
        """Those to this address that nothing has ended; their time may be over."""
        return tuple(self._invitations(_IS_OPEN, invitation.c.folded == folded_address(email)))

    def over(self, now: datetime) -> tuple[Invitation, ...]:
        """Those whose time is over and of which the log does not know it."""
        return tuple(self._invitations(_IS_OPEN, invitation.c.expires_at <= to_microseconds(now)))

    def to_be_sent(self, now: datetime) -> tuple[Invitation, ...]:
        """Those whose mail is due."""
        due = sa.or_(invitation.c.next_try_at.is_(None), invitation.c.next_try_at <= to_microseconds(now))
        waiting = sa.or_(
            invitation.c.delivery == Delivery.WAITING,
            sa.and_(invitation.c.delivery == Delivery.FAILED, invitation.c.next_try_at.is_not(None)),
        )
        in_time = invitation.c.expires_at > to_microseconds(now)
        return tuple(self._invitations(_IS_OPEN, waiting, due, in_time))

    def attempts_of(self, who: str, now: datetime, window: timedelta) -> int:
        """How many wrong codes somebody typed within this time; none that a clock puts where time is not yet by far."""
        row = self._connection.execute(sa.select(join_attempt).where(join_attempt.c.who == who)).mappings().first()
        return 0 if row is None or abs(now - from_microseconds(row["first_at"])) >= window else int(row["count"])

    def _invitations(self, *conditions: sa.ColumnElement[bool]) -> Iterator[Invitation]:
        statement = sa.select(invitation).where(*conditions).order_by(invitation.c.invited_at, invitation.c.id)
        for row in self._connection.execute(statement).all():
            yield Invitation(
                id=row.id,
                email=row.email,
                invited_by=Reference(row.invited_by_type, row.invited_by_id, row.invited_by_name),
                invited_at=from_microseconds(row.invited_at),
                expires_at=from_microseconds(row.expires_at),
                roles=tuple(row.roles.split()),
                groups=tuple(row.groups.split()),
                accepted_at=moment_of(row.accepted_at),
                accepted_by=row.accepted_by,
                revoked_at=moment_of(row.revoked_at),
                expired_at=moment_of(row.expired_at),
                delivery=Delivery(row.delivery),
                attempts=row.attempts,
                last_error=row.last_error,
                next_try_at=moment_of(row.next_try_at),
                sent_at=moment_of(row.sent_at),
                revision=row.revision,
            )


_SAID_ONCE = ("email", "folded", "invited_at")
"""Who was invited, and since when, is never changed."""


class InvitationWriter(InvitationReader):
    """Writes invitations; whoever does has `UnitOfWork.access`, and so is alone."""

    def put(self, wanted: Invitation, code_digest: bytes | None = None) -> None:
        """Add an invitation, or make the stored one of this id this one. With a digest it has another code since."""
        values: dict[str, Any] = {
            "email": wanted.email,
            "folded": folded_address(wanted.email),
            "roles": " ".join(wanted.roles),
            "groups": " ".join(wanted.groups),
            "invited_by_type": wanted.invited_by.type,
            "invited_by_id": wanted.invited_by.id,
            "invited_by_name": wanted.invited_by.name,
            "invited_at": to_microseconds(wanted.invited_at),
            "expires_at": to_microseconds(wanted.expires_at),
            "accepted_at": stored_moment(wanted.accepted_at),
            "accepted_by": wanted.accepted_by,
            "revoked_at": stored_moment(wanted.revoked_at),
            "expired_at": stored_moment(wanted.expired_at),
            "delivery": str(wanted.delivery),
            "attempts": wanted.attempts,
            "last_error": wanted.last_error,
            "next_try_at": stored_moment(wanted.next_try_at),
            "sent_at": stored_moment(wanted.sent_at),
            "revision": wanted.revision,
        }
        if code_digest is not None:
            values["code_digest"] = code_digest
        later = {name: value for name, value in values.items() if name not in _SAID_ONCE}
        if not change_row(self._connection, invitation.c.id, wanted.id, later):
            self._connection.execute(sa.insert(invitation).values(id=wanted.id, **values))

    def forget_code(self, invitation_id: str) -> None:
        """From here on nobody joins with the code that an invitation had."""
        self._connection.execute(sa.update(invitation).where(invitation.c.id == invitation_id).values(code_digest=None))

    def note_attempt(self, who: str, now: datetime, window: timedelta) -> None:
        """Count one more wrong code, and forget those of all whose time is over."""
        first_at, edges = join_attempt.c.first_at, (to_microseconds(now - window), to_microseconds(now + window))
        self._connection.execute(sa.delete(join_attempt).where(sa.or_(first_at <= edges[0], first_at >= edges[1])))
        one_more = sa.update(join_attempt).where(join_attempt.c.who == who).values(count=join_attempt.c.count + 1)
        if not self._connection.execute(one_more).rowcount:
            self._connection.execute(sa.insert(join_attempt).values(who=who, first_at=to_microseconds(now), count=1))
