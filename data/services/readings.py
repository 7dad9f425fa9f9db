"""Reading is recorded: which query was read, by whom, and how many events it selected; while the policy asks for it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data.caller import CONSOLE, Caller
from data.errors import DatabaseError, DatabaseUnavailable
from data.policy import Policy
from data.query import EventQuery, print_query
from data.records import Event, Json, Log, Reference
from data.services.acts import HAND_IN_READINGS, READ_LOG, READ_REQUESTS
from data.services.gate import Act, Gate
from data.services.reading_spool import ReadingSpool, with_its_id
from data.tokens import without_secrets

_READ = {Log.CHANGES: READ_LOG, Log.REQUESTS: READ_REQUESTS}
_TARGETS = {
    Log.CHANGES: Reference("log", "change-log", "Change log"),
    Log.REQUESTS: Reference("log", "request-log", "Request log"),
}


class Readings:
    """Records what is read of one database. The log is never the poorer for it: where it cannot be written, reading goes on.

    Then the reading waits in a file, and is written before the next one, in the same unit of work. It has its id from the
    start, so that one whose commit was lost on the way can be written again.
    """

    def __init__(self, gate: Gate, zone: ZoneInfo, folder: Path | None) -> None:
        """`zone` is what dates in a query are read in; without a `folder` no reading can wait."""
        self._gate = gate
        self._zone = zone
        self._spool = ReadingSpool(folder, gate.database.location.shown)
        self._policy: Policy | None = None
        self._by: Caller | None = None

    def note(
        self,
        query: EventQuery,
        log: Log,
        count: int | None = None,
        *,
        shown: int | None = None,
        service: str = CONSOLE,
    ) -> str | None:
        """Record that a query was read, which selected `count` events; None once that is done, or is not asked for.

        Else why it waits. `shown` is how many of them were handed out, where that is another number. Raises NotPermitted,
        NotSpooled where it cannot even wait, and DatabaseUnavailable where nobody knows yet who reads.
        """
        at, act = self._gate.clock(), _READ[log]
        trouble: DatabaseError | None = None
        try:
            with self._gate.reading(act) as transaction:
                self._policy = transaction.policy_in_force
                self._by = self._gate.caller_in(transaction, service)
        except DatabaseUnavailable as error:
            if self._by is None:
                raise
            trouble = error
        if self._policy is None or self._by is None or not self._policy.record_reading:
            return None
        event = self._event(act, self._by, at, query, log, {"count": count, "shown": shown})
        if trouble is None:
            try:
                self._write(self._by, act, event)
                return None
            except DatabaseError as error:
                trouble = error
        self._spool.add(event)
        return str(trouble)

    @property
    def any_waits(self) -> bool:
        """Whether a reading waits to be written."""
        return self._spool.holds_any

    def hand_in(self, service: str = CONSOLE) -> None:
        """Write what waits. Raises DatabaseError where that cannot be done yet, and NotSignedIn."""
        by = self._gate.caller(service)
        if self.any_waits:
            self._write(by, HAND_IN_READINGS)

    def _write(self, by: Caller, act: Act, *events: Event) -> None:
        with self._spool.emptying() as waiting, self._gate.writing(by, act) as work:
            work.events.append_new([*waiting, *events])
            work.commit()

    def _event(self, act: Act, by: Caller, at: datetime, query: EventQuery, log: Log, told: dict[str, Json]) -> Event:
        draft = by.draft(
            act.tag,
            at,
            target=_TARGETS[log],
            data={
                **{name: value for name, value in told.items() if value is not None},
                "query": without_secrets(print_query(query)),
                "zone": self._zone.key,
            },
        )
        return with_its_id(draft, at)
