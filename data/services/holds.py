"""Holds: placed and lifted with their events, each in one unit of work."""

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from data.caller import Caller
from data.clients.errors import ClientNotFound
from data.holds import Hold, HoldError, HoldNotFound, query_of_client, text_to_hold
from data.naming.texts import plain_text, reason_problem
from data.query import EventQuery
from data.records import ActorType, Json, Reference
from data.services.acts import LIFT_HOLD, PLACE_HOLD, READ_HOLDS
from data.services.gate import Gate
from data.store import UnitOfWork
from data.store.holds import HoldReader, HoldWriter
from data.tokens import without_secrets

_SHOWN_CHARACTERS = 60


class Holds:
    """What of one database is neither erased nor removed.

    Every method may raise NotPermitted and the errors of `data.errors`; those that change something raise HoldError for
    a reason that cannot be kept.
    """

    def __init__(self, gate: Gate, zone: ZoneInfo) -> None:
        """`zone` is what dates in a query are read in."""
        self._gate = gate
        self._zone = zone

    def all(self) -> tuple[Hold, ...]:
        """The holds in force, the oldest first."""
        with self._gate.reading(READ_HOLDS) as transaction:
            return HoldReader(transaction.connection).in_force()

    def place(self, by: Caller, query: EventQuery, reason: str) -> Hold:
        """Hold what the query selects now and later; its times are those that it means now. Raises HoldError."""
        with self._gate.writing(by, PLACE_HOLD) as work:
            return self._place(work, by, query, reason)

    def place_on_client(self, by: Caller, client_id: str, reason: str) -> Hold:
        """Hold everything that names an API client by its id. Raises ClientNotFound where there never was one."""
        with self._gate.writing(by, PLACE_HOLD, Reference(ActorType.API_CLIENT, client_id)) as work:
            found = work.checked_clients.find(client_id)
            if found is None:
                raise ClientNotFound(f"There is no client {without_secrets(client_id)[:_SHOWN_CHARACTERS]}.")
            return self._place(work, by, query_of_client(found.id), reason, found.reference)

    def lift(self, by: Caller, hold_id: UUID, reason: str) -> Hold:
        """End a hold; it as it is then. Raises HoldNotFound where none with this id is in force."""
        kept = _reason(reason)
        with self._gate.writing(by, LIFT_HOLD, Reference("hold", str(hold_id))) as work:
            writer = HoldWriter(work.connection)
            hold = writer.find(hold_id)
            if hold is None:
                raise HoldNotFound(f"No hold has the id {hold_id}.")
            if hold.lifted_at is not None:
                raise HoldNotFound(f"This hold was lifted by {hold.lifted_by.label if hold.lifted_by else 'somebody'}.")
            writer.lift(hold_id, self._gate.clock(), by.actor)
            self._tell(work, by, LIFT_HOLD.tag, hold, kept)
            lifted = writer.find(hold_id)
            work.commit()
        assert lifted is not None
        return lifted

    def _place(
        self, work: UnitOfWork, by: Caller, query: EventQuery, reason: str, client: Reference | None = None
    ) -> Hold:
        now = self._gate.clock()
        hold = Hold(uuid4(), text_to_hold(query, now, self._zone), _reason(reason), now, by.actor)
        HoldWriter(work.connection).place(hold)
        self._tell(work, by, PLACE_HOLD.tag, hold, hold.reason, client)
        work.commit()
        return hold

    def _tell(
        self, work: UnitOfWork, by: Caller, tag: str, hold: Hold, reason: str, client: Reference | None = None
    ) -> None:
        data: dict[str, Json] = {"hold": str(hold.id), "query": hold.text}
        at = self._gate.clock()
        work.events.append(by.draft(tag, at, target=hold.reference, client=client, reason=reason, data=data))


def _reason(typed: str) -> str:
    """As it is kept. Raises HoldError for one that cannot be."""
    problem = reason_problem(typed)
    if problem is not None:
        raise HoldError(problem)
    return plain_text(typed)
