"""What the gate before the services knows of the stories' people: that they are members, and which sessions they have.

The stories themselves say what each of them may do and refuse the rest, so here all of them may do everything.
"""

from datetime import datetime

from data.access.model import ADMINISTRATOR_ROLE, Member, Session, SessionEnd
from data.records import Reference
from data.services.audit_log import AuditLog


class Register:
    """The rows of members and sessions in the demo's database."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._database = log.gate.database
        self._unwritten: dict[str, Session] = {}

    def enrol(self, member: Reference, email: str, at: datetime) -> None:
        """Somebody is a member from now on."""
        assert member.id is not None
        self._log.open()
        with self._database.writing() as work:
            work.access.put_member(Member(member.id, member.label, email, at, roles=(ADMINISTRATOR_ROLE,)))
            work.commit()

    def begin(self, session_id: str, member: Reference, at: datetime, ip: str, terminal: str | None) -> None:
        """A member has signed in; that is written when a service is called from there, for most sessions call none."""
        self._unwritten[session_id] = Session(session_id, member, at, at, ip, terminal)

    def call(self, session_id: str | None) -> None:
        """A service is called from a session, or from none."""
        new = self._unwritten.pop(session_id or "", None)
        if new is not None:
            with self._database.writing() as work:
                work.sessions.add(new)
                work.commit()

    def end(self, session_id: str, at: datetime, how: SessionEnd, ended_by: str | None = None) -> None:
        """A session is over."""
        if self._unwritten.pop(session_id, None) is not None:
            return
        with self._database.writing() as work:
            work.sessions.end(session_id, at, how, ended_by)
            work.commit()
