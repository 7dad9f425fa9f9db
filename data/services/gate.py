"""The gate before every service: each transaction begins with who asks, and whether they may."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.access.errors import KeyRefused, NotPermitted, NotSignedIn
from data.access.model import SessionEnd, Standing
from data.caller import CONSOLE, Caller
from data.clock import Clock
from data.errors import AuditdeckError
from data.hostile import holds_hostile
from data.permissions import Permission
from data.records import ActorType, Draft, Json, Outcome, Reference
from data.services.identity import Identity, Transaction
from data.services.standings import standing_of
from data.stop import Stop
from data.store import Database, ReadTransaction, UnitOfWork
from data.tokens import without_secrets

_SHOWN_CHARACTERS = 60
_LOG = logging.getLogger("auditdeck.gate")

MOST_REFUSED, REFUSED_WITHIN = 20, timedelta(minutes=15)
"""So many refused sign-ins of one person, key or login are logged within this time."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a service does: the type of the event that tells of it, and the permission that it needs.

    Without `needs`, everybody may who is let in at all. What is `for_system` the program itself may do, where nobody
    asks: nothing else. What is there to be done `by_oneself` needs no permission of whoever does it to themself. What
    `changes_access` has members, groups and roles to itself.
    """

    tag: str
    needs: Permission | None = None
    for_system: bool = False
    by_oneself: bool = False
    changes_access: bool = False


class Refused(Exception):
    """A service will not do what is asked, for a reason that the log is to tell: raised within the gate's blocks.

    Whoever called the service is told by `error`, once `event` is in the log. With `counted_as`, which says who it is that
    was refused, there is room for so many in the log and no more: whoever may not come in can knock without end.
    """

    def __init__(self, error: AuditdeckError, event: Draft, counted_as: str | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.event = event
        self.counted_as = counted_as


class Gate:
    """Lends transactions to those who may have them. A refusal is logged after the rollback, before it is raised."""

    def __init__(self, database: Database, open_database: Callable[[], None], clock: Clock, identity: Identity) -> None:
        """`open_database` makes sure of the schema."""
        self.database = database
        self.clock = clock
        self.session_id: str | None = None
        """Of the session that this process has; see `data.services.sessions`."""
        self.console: Mapping[str, Json] = {}
        """The facts of this process's console, which refused sign-ins tell."""
        self.identity = identity
        self._open = open_database
        self._told: set[str] = set()

    @contextmanager
    def reading(
        self, act: Act, stop: Stop | None = None, about: Reference | None = None, by: Caller | None = None
    ) -> Iterator[ReadTransaction]:
        """A transaction that reads, for whomever the process works for. Raises NotPermitted.

        `about` is the thing that is asked about. `by` is given where the program itself asks. Raises Cancelled within the
        block once `stop` is requested.
        """
        self._open()
        with self._logging_refusals(), self.database.asking(stop) as transaction:
            self._check(transaction, by or self.caller_in(transaction), act, about)
            yield transaction

    @contextmanager
    def writing(self, by: Caller | None, act: Act, about: Reference | None = None) -> Iterator[UnitOfWork]:
        """A unit of work for `by`, who does something to the thing that `about` names. Raises NotPermitted.

        Without `by` it is for whomever the process works for.
        """
        self._open()
        with self._logging_refusals(), self.database.writing() as work:
            if act.changes_access:
                _ = work.access
            self._check(work, by or self.caller_in(work), act, about)
            yield work

    def caller(self, service: str = CONSOLE) -> Caller:
        """Whom the process works for, as the one who asks for what is done through a service. Raises NotSignedIn."""
        self._open()
        with self._logging_refusals(), self.database.asking() as transaction:
            by = self.caller_in(transaction, service)
            self.standing_of(transaction, by)
            return by

    def standing(self) -> Standing:
        """Who that is, and what they may do now. Raises NotSignedIn."""
        self._open()
        with self._logging_refusals(), self.database.asking() as transaction:
            return self.standing_of(transaction, self.caller_in(transaction))

    def standing_now(self, transaction: Transaction, who: Reference) -> Standing:
        """What somebody may do who does not ask now, nor has to be here. Raises NotSignedIn, of which no event tells."""
        return standing_of(transaction, who, self.clock(), is_embedded=self.database.location.is_embedded)

    def demand(self, transaction: Transaction, by: Caller, act: Act, about: Reference | None = None) -> None:
        """Go on, within a block, only if `by` may do this too: where only what is stored says what is needed."""
        self._check(transaction, by, act, about)

    def caller_in(self, transaction: Transaction, service: str = CONSOLE) -> Caller:
        """As `caller`, within a transaction that this gate has lent."""
        identity = self.identity
        try:
            who = identity.who(transaction, self.database.location.path)
        except KeyRefused:
            raise
        except NotSignedIn as error:
            stranger = Reference(ActorType.ANONYMOUS, name=identity.fingerprint or transaction.login)
            sentence = f"{error}{self._who_ended(transaction, self.session_id)}"
            raise self._not_let_in(sentence, Caller(stranger, service, identity.address)) from None
        return Caller(who, service, identity.address, session_id=self.session_id)

    def _check(self, transaction: Transaction, by: Caller, act: Act, about: Reference | None) -> None:
        if by.actor.type == ActorType.SYSTEM:
            if act.for_system:
                return
            sentence = "The program itself may not do this: a member has to ask for it."
        else:
            standing = self.standing_of(transaction, by)
            if standing.may(act.needs) or (act.by_oneself and _is_oneself(by, about)):
                return
            assert act.needs is not None
            held = ", ".join(sorted(standing.permissions)) or "no permission"
            sentence = f"This needs {act.needs}, to {act.needs.words}; {by.actor.label} holds {held}."
        event = refusal_event(act.tag, by, self.clock(), sentence, _named(transaction, about))
        raise Refused(NotPermitted(sentence, act.needs), event)

    def standing_of(self, transaction: Transaction, by: Caller) -> Standing:
        """What `by` may do, as this transaction has it: within the gate's blocks. NotSignedIn comes of it there."""
        try:
            standing = self.standing_now(transaction, by.actor)
        except NotSignedIn as error:
            sentence = f"{error}{self._who_ended(transaction, by.session_id)}"
            raise self._not_let_in(sentence, by) from None
        ended = self._who_ended(transaction, by.session_id)
        if ended:
            raise self._not_let_in(ended.strip(), by)
        return standing

    def _who_ended(self, transaction: Transaction, session_id: str | None) -> str:
        """That this session was ended, and by whom; nothing for one that goes on.

        Nor for one that was taken for lost, which takes nothing from anybody: it is followed by a new one.
        """
        if session_id is None:
            return ""
        session = transaction.sessions.find(session_id)
        if session is None:
            return " This session is unknown here."
        if session.ended_at is None or session.ending is SessionEnd.LOST:
            return ""
        return f" This session was ended by {session.ended_by}." if session.ended_by else " This session was ended."

    def _not_let_in(self, sentence: str, by: Caller) -> Exception:
        """What is raised for one who may not come in: logged once, however often they try from here."""
        error = NotSignedIn(sentence)
        if sentence in self._told:
            return error
        self._told.add(sentence)
        event = refusal_event("session.refused", by, self.clock(), sentence, None)
        return Refused(error, replace(event, data=self.console), f"refused {by.actor.id or by.actor.name}")

    @contextmanager
    def _logging_refusals(self) -> Iterator[None]:
        try:
            yield
        except Refused as refused:
            try:
                self._log_refusal(refused)
            except AuditdeckError as error:  # what was asked is refused all the same
                _LOG.error("a refusal could not be logged: %s (%s)", refused, error)
            raise refused.error from None

    def _log_refusal(self, refused: Refused) -> None:
        with self.database.writing() as work:
            if refused.counted_as is not None:
                _ = work.access  # whoever counts is alone
                now = self.clock()
                if work.invitations.attempts_of(refused.counted_as, now, REFUSED_WITHIN) >= MOST_REFUSED:
                    _LOG.warning("not logged, as there were %d before: %s", MOST_REFUSED, refused)
                    return
                work.invitations.note_attempt(refused.counted_as, now, REFUSED_WITHIN)
            work.events.append(refused.event)
            work.commit()


def _is_oneself(by: Caller, about: Reference | None) -> bool:
    return about is not None and by.actor.id is not None and (about.type, about.id) == (by.actor.type, by.actor.id)


def _without_secret(about: Reference, name: str) -> Reference:
    return replace(about, name=without_secrets(name)[:_SHOWN_CHARACTERS])


def _named(transaction: Transaction, about: Reference | None) -> Reference | None:
    """The thing that is asked about, by the name that it has now.

    What was only typed can be any text, be it an id that nothing has or a name: of that no secret is told, and what could
    drive a terminal or cannot be written is left out.
    """
    if about is None:
        return None
    if about.id is None:
        return None if about.name is None or holds_hostile(about.name) else _without_secret(about, about.name)
    if about.name is None and about.type == ActorType.API_CLIENT:
        client = transaction.checked_clients.find(about.id)
        return None if client is None else client.reference
    return about


def refusal_event(tag: str, by: Caller, at: datetime, reason: str, about: Reference | None) -> Draft:
    """What tells of a refusal."""
    client = about if about is not None and about.type == ActorType.API_CLIENT else None
    return by.draft(tag, at, outcome=Outcome.DENIED, client=client, target=about, reason=reason)
