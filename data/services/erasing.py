"""Erasing single events, each in one unit of work with the event that tells of it."""

import logging
from uuid import UUID

from data.caller import Caller
from data.erasing import Erased, NotErased, Unfinished, refuse_reason, why_never
from data.errors import AuditdeckError, EventNotFound
from data.index.erasing import index_anew
from data.index.term_removal import are_in_doubt
from data.records import ActorType, Json, Log, Reference
from data.services.acts import ERASE, READ_HEALTH
from data.services.gate import Gate, Refused, refusal_event
from data.services.reading_spool import with_its_id
from data.store import ReadTransaction, UnitOfWork
from data.store.erased_bytes import erased_bytes_since, note_erased_bytes
from data.store.erasing import Altered, Erasable
from data.store.holds import HoldReader, keep_holds_still

EVENT = "event"
"""What the target of an erasure is called."""
_LOG = logging.getLogger("auditdeck.erasing")


class Erasing:
    """Erases events of the change log: their personal part, or all of them but that they were there."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def erase(self, event_id: UUID, by: Caller, *, whole: bool, reason: str) -> Erased:
        """Erase an event's personal part, or the whole of it.

        What was erased so far already is left as it is, and nothing is logged. Raises NotErased without a reason, and for
        what is never erased or held, which is logged; EventNotFound, NotPermitted, and the errors of `data.errors`.
        """
        refuse_reason(reason)
        about = Reference(EVENT, str(event_id))
        with self._gate.writing(by, ERASE, about) as work:
            keep_holds_still(work.connection)
            try:
                found = work.erasing.find(event_id)
            except Altered:
                altered = "It was altered: it stays as evidence."
                event = refusal_event(ERASE.tag, by, self._gate.clock(), altered, about)
                raise Refused(NotErased(altered), event) from None
            if found is None:
                raise EventNotFound(f"No event of the audit log has the id {event_id}.")
            before = found.wholly_by or (None if whole else found.personally_by)
            if before is not None:
                return Erased(found.event, found.wholly_by is not None, before, was_already=True)
            sentence = _why_not(work, found, by, whole=whole)
            if sentence is not None:
                event = refusal_event(ERASE.tag, by, self._gate.clock(), sentence, about)
                raise Refused(NotErased(sentence), event)
            now = work.events.moment_after_all(self._gate.clock())
            data: dict[str, Json] = {"erased": str(event_id), "whole": whole}
            told = with_its_id(by.draft(ERASE.tag, now, target=about, reason=reason.strip(), data=data), now)
            work.events.append(told)
            index_anew(work.connection, Log.CHANGES, found.seq, event_id)
            left = work.erasing.erase(found, told, whole=whole)
            note_erased_bytes(work.connection, self._gate.clock())
            work.commit()
        self._let_go_of_bytes()
        return Erased(left, whole, told.id)

    def unfinished(self) -> Unfinished:
        """What is still to be done after all erasures so far. Raises NotSignedIn, and the errors of `data.errors`."""
        with self._gate.reading(READ_HEALTH) as transaction:
            return unfinished_in(transaction)

    def _let_go_of_bytes(self) -> None:
        try:
            self._gate.database.let_go_of_erased_bytes()
        except AuditdeckError as error:  # the event is erased all the same, and the keeper tries again
            _LOG.warning("the write-ahead log could not be emptied after an erasure: %s", error)


def unfinished_in(transaction: ReadTransaction) -> Unfinished:
    """What is still to be done after all erasures so far, as one transaction has it."""
    return Unfinished(are_in_doubt(transaction.connection), erased_bytes_since(transaction.connection))


def _why_not(work: UnitOfWork, found: Erasable, by: Caller, *, whole: bool) -> str | None:
    """Why this event is not erased; None where nothing forbids it."""
    if by.actor.type != ActorType.MEMBER:  # a shared database asks again who it is, and knows members alone
        return "Members alone erase events."
    sentence = why_never(found.event.type, whole=whole)
    if sentence is None:
        hold = HoldReader(work.connection).holding(found.event)
        if hold is not None:
            sentence = (
                f"{hold.placed_by.label} holds it, by the hold on {hold.text}: it can be erased once that is lifted."
            )
    return sentence
