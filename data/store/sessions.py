"""Sessions of members at consoles: reading them, and writing them inside a unit of work. Never commits."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data.access.model import Session, SessionEnd
from data.clock import from_microseconds, to_microseconds
from data.records import ActorType, Reference
from data.store.moments import moment_of, stored_moment
from data.store.tables import console_session, member

_SESSIONS = sa.select(console_session, member.c.name.label("member_name")).join(member)
# Ready-made, for they are asked with nearly every call of a service.
_BY_ID = _SESSIONS.where(console_session.c.id == sa.bindparam("wanted"))
_ADD = sa.insert(console_session)
_END = (
    sa.update(console_session)
    .where(console_session.c.id == sa.bindparam("wanted"), console_session.c.ended_at.is_(None))
    .values(ended_at=sa.bindparam("at"), ending=sa.bindparam("how"), ended_by=sa.bindparam("by_whom"))
)


class SessionReader:
    """Sessions as they are in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def newest(self, most: int) -> tuple[Session, ...]:
        """Those that go on, and of the others the newest, the newest first: at most so many."""
        goes_on = console_session.c.ended_at.is_(None)
        found = self._sessions(order=(sa.desc(goes_on), console_session.c.began_at.desc()), most=most)
        return tuple(found)

    def find(self, session_id: str) -> Session | None:
        """The session with this id."""
        return next(map(_session, self._connection.execute(_BY_ID, {"wanted": session_id})), None)

    def going_on(self, *, member_id: str | None = None, fingerprint: str | None = None) -> tuple[Session, ...]:
        """Those that nothing has ended; of one member, or opened with one key, alone."""
        conditions: list[sa.ColumnElement[bool]] = [console_session.c.ended_at.is_(None)]
        if member_id is not None:
            conditions.append(console_session.c.member_id == member_id)
        if fingerprint is not None:
            conditions.append(console_session.c.fingerprint == fingerprint)
        return tuple(self._sessions(*conditions))

    def unseen_since(self, moment: datetime) -> tuple[Session, ...]:
        """Those that nothing has ended, and whose console has not been heard of since."""
        return tuple(
            self._sessions(console_session.c.ended_at.is_(None), console_session.c.seen_at < to_microseconds(moment))
        )

    def _sessions(
        self,
        *conditions: sa.ColumnElement[bool],
        order: tuple[Any, ...] = (),
        most: int | None = None,
    ) -> Iterator[Session]:
        statement = (
            _SESSIONS.where(*conditions).order_by(*order, console_session.c.began_at, console_session.c.id).limit(most)
        )
        yield from map(_session, self._connection.execute(statement).all())


class SessionWriter(SessionReader):
    """Writes sessions."""

    def add(self, new: Session) -> None:
        """Add a session that begins."""
        values = {
            "id": new.id,
            "member_id": new.member.id,
            "began_at": to_microseconds(new.began_at),
            "seen_at": to_microseconds(new.seen_at),
            "address": new.address,
            "terminal": new.terminal,
            "program_version": new.program_version,
            "fingerprint": new.fingerprint,
            "ended_at": stored_moment(new.ended_at),
            "ending": new.ending,
            "ended_by": new.ended_by,
        }
        self._connection.execute(_ADD, values)

    def see(self, session_id: str, now: datetime) -> None:
        """Its console was heard of."""
        self._connection.execute(
            sa.update(console_session)
            .where(console_session.c.id == session_id, console_session.c.seen_at < to_microseconds(now))
            .values(seen_at=to_microseconds(now))
        )

    def end(self, session_id: str, now: datetime, how: SessionEnd, ended_by: str | None = None) -> bool:
        """End a session, unless something has ended it before; whether it did."""
        values = {"wanted": session_id, "at": to_microseconds(now), "how": str(how), "by_whom": ended_by}
        return self._connection.execute(_END, values).rowcount > 0


def _session(row: sa.Row[Any]) -> Session:
    return Session(
        id=row.id,
        member=Reference(ActorType.MEMBER, row.member_id, row.member_name),
        began_at=from_microseconds(row.began_at),
        seen_at=from_microseconds(row.seen_at),
        address=row.address,
        terminal=row.terminal,
        program_version=row.program_version,
        fingerprint=row.fingerprint,
        ended_at=moment_of(row.ended_at),
        ending=None if row.ending is None else SessionEnd(row.ending),
        ended_by=row.ended_by,
    )
