"""Members at their consoles: who is here, since when, and how each came in and left."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from data.access.details import reason_if_any
from data.access.errors import AccessNotFound
from data.access.model import LOST_AFTER, OWNER_ID, Session, SessionEnd, Standing
from data.caller import CONSOLE, KEEPER, Caller
from data.errors import DatabaseError, DatabaseUnavailable
from data.hostile import made_visible
from data.records import Draft, Json
from data.services.acts import BEGIN_SESSION, END_OWN_SESSION, END_SESSION, KEEP_SESSION, LEAVE_SESSION, NOTE_LOST
from data.services.gate import Gate
from data.services.new_ids import can_be_id, new_id
from data.store import UnitOfWork
from data.tokens import Entropy

SEEN_EVERY = timedelta(seconds=30)
"""A console that is heard of all the time is written down so often."""


_MOST_CHARACTERS = 40
"""Of a terminal's name, which whoever sits at it chooses."""
_LOG = logging.getLogger("auditdeck.sessions")


class Sessions:
    """The sessions of one database, and the one that this process may have.

    Every method may raise NotSignedIn, and the errors of `data.errors`.
    """

    def __init__(self, gate: Gate, entropy: Entropy = secrets.token_bytes) -> None:
        """`entropy` is what ids are made of."""
        self._gate = gate
        self._entropy = entropy
        self._mine: Session | None = None
        self._one_at_a_time = Lock()
        self._said = ""

    @property
    def mine(self) -> Session | None:
        """The session of this process, as it began."""
        return self._mine

    def begin(self, terminal: str | None, program_version: str) -> Session | None:
        """Sign in whoever the process works for; from here on all that it does is told with this session.

        None for the owner of an embedded database: opening one's own file is no sign-in. `terminal` is what it calls
        itself. Raises NotSignedIn for a stranger, and for one who may no longer come in; the refusal is logged.
        """
        with self._one_at_a_time:
            name = None if terminal is None else made_visible(terminal[:_MOST_CHARACTERS])
            self._gate.console = facts_of(name, program_version)
            return self._begin(name, program_version)

    def beat(self) -> Standing:
        """This console is still here: what may be done at it now. Raises NotSignedIn when nothing may be any more.

        The session is written down as seen, if it was not lately. One that was taken for lost, as after an outage, is
        followed by a new one.
        """
        standing = self._gate.standing()
        mine = self._mine
        if mine is None or self._gate.clock() - mine.seen_at < SEEN_EVERY:
            return standing
        try:
            self._see(mine)
        except DatabaseUnavailable:
            raise
        except DatabaseError as error:  # a database that can only be read, or has no room: one may read it
            if str(error) != self._said:
                self._said = str(error)
                _LOG.warning("a session could not be written down as seen: %s", error)
        else:
            self._said = ""
        return standing

    def leave(self, how: SessionEnd = SessionEnd.SIGNED_OUT, reason: str | None = None) -> None:
        """The session of this process is over: signed out, or lost. Without one, or if it was ended, nothing is done."""
        with self._one_at_a_time:
            mine, self._mine = self._mine, None
            if mine is None:
                return
            by = _caller_of(mine)
            with self._gate.writing(by, LEAVE_SESSION) as work:
                now = self._gate.clock()
                if work.sessions.end(mine.id, now, how):
                    tag = "session.lost" if how is SessionEnd.LOST else "session.signed_out"
                    work.events.append(session_event(tag, by, mine, now, reason))
                    work.commit()
            self._gate.session_id = None

    def end(self, by: Caller, session_id: str, reason: str = "") -> None:
        """End a session: its console locks. One's own may everybody end. Nothing is done to one that is over.

        Raises NotPermitted, AccessNotFound, and AccessWrong for a `reason` that cannot be.
        """
        with self._gate.writing(by, END_OWN_SESSION) as work:
            session = work.sessions.find(session_id) if can_be_id(session_id) else None
            if session is None or session.member.id != by.actor.id:
                about = None if session is None else session.member
                self._gate.demand(work, by, END_SESSION, about)
            if session is None:
                raise AccessNotFound(f"There is no session {session_id[:_MOST_CHARACTERS]}.")
            end_sessions(work, by, (session,), self._gate.clock(), reason_if_any(reason))
            work.commit()

    def note_lost(self) -> int:
        """End the sessions whose consoles have not been heard of for two minutes; how many. For the keeper.

        In a file nobody signs in but its owner, who has no session: what sessions one tells of, as the demo's does, have no
        consoles that could be heard of.
        """
        with self._gate.reading(NOTE_LOST) as transaction:
            if self._gate.database.location.is_embedded or not transaction.sessions.unseen_since(
                self._gate.clock() - LOST_AFTER
            ):
                return 0
        lost = 0
        with self._gate.writing(None, NOTE_LOST) as work:
            now = self._gate.clock()
            for session in work.sessions.unseen_since(now - LOST_AFTER):
                if work.sessions.end(session.id, now, SessionEnd.LOST):
                    reason = f"Nothing was heard of its console for {LOST_AFTER // timedelta(minutes=1)} minutes."
                    work.events.append(session_event("session.lost", KEEPER, session, now, reason))
                    lost += 1
            work.commit()
        return lost

    def _begin(self, terminal: str | None, program_version: str) -> Session | None:
        self._gate.session_id = None
        by = self._gate.caller()
        if by.actor.id is None or by.actor.id == OWNER_ID:
            return None
        with self._gate.writing(by, BEGIN_SESSION) as work:
            now = self._gate.clock()
            session = Session(
                id=new_id("s", self._entropy, work.sessions.find),
                member=by.actor,
                began_at=now,
                seen_at=now,
                address=by.ip,
                terminal=terminal,
                program_version=program_version,
                fingerprint=self._gate.identity.fingerprint,
            )
            work.sessions.add(session)
            work.events.append(session_event("session.signed_in", by, session, now))
            work.commit()
        self._mine, self._gate.session_id = session, session.id
        return session

    def _see(self, mine: Session) -> None:
        with self._one_at_a_time:
            if self._mine is not mine:  # left, or seen meanwhile
                return
            with self._gate.writing(_caller_of(mine), KEEP_SESSION) as work:
                now = self._gate.clock()
                stored = work.sessions.find(mine.id)
                goes_on = stored is not None and stored.ended_at is None
                if goes_on:
                    work.sessions.see(mine.id, now)
                    work.commit()
            if goes_on:
                self._mine = replace(mine, seen_at=now)
            else:
                self._begin(mine.terminal, mine.program_version)


def end_sessions(
    work: UnitOfWork, by: Caller, sessions: tuple[Session, ...], now: datetime, reason: str | None = None
) -> None:
    """End those of these sessions that go on, and tell of each, in a unit of work that whoever calls commits."""
    for session in sessions:
        if work.sessions.end(session.id, now, SessionEnd.ENDED, by.actor.label):
            work.events.append(session_event("session.ended", by, session, now, reason))


def session_event(tag: str, by: Caller, session: Session, at: datetime, reason: str | None = None) -> Draft:
    """What tells of something that became of a session. It is told under that session's id, whoever does it."""
    data: dict[str, Json] = dict(facts_of(session.terminal, session.program_version))
    if session.fingerprint is not None:
        data["fingerprint"] = session.fingerprint
    here = replace(by, session_id=session.id)
    return here.draft(tag, at, target=session.member, reason=reason or None, data=data)


def facts_of(terminal: str | None, program_version: str) -> Mapping[str, Json]:
    """What events tell of a console."""
    told: dict[str, Json] = {"program_version": program_version}
    return told if terminal is None else {**told, "terminal": terminal}


def _caller_of(session: Session) -> Caller:
    return Caller(session.member, CONSOLE, session.address, session_id=session.id)
