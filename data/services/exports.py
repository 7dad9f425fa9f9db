"""Taking events away: each export is read over one snapshot, page by page, and is one event itself."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from data.answers import Cursor, Direction, StoredEvent, Survey
from data.caller import Caller
from data.errors import AuditdeckError, DatabaseError
from data.exchange.outgoing import JSON_LINES, OUTGOING, OutgoingFormat
from data.proof.errors import ProofBroken
from data.query import EventQuery, print_query
from data.records import SYSTEM, Outcome, Reference
from data.services.acts import EXPORT, NOTE_EXPORT
from data.services.archived import count_archived
from data.services.export_lines import ExportLines, lines_of
from data.services.gate import Gate
from data.services.reading_spool import ReadingSpool, with_its_id
from data.stop import Stop
from data.store import ReadTransaction
from data.store.event_rows import moment_of
from data.tokens import without_secrets

CHANGE_LOG = Reference("log", "change-log", "Change log")
"""The log as something that is exported, verified, held."""

# Few enough that one page is little memory, many enough that asking for the next one costs little.
_EVENTS_AT_ONCE = 2_000
# A search that has to look into the events is asked how far it is after so long.
_PATIENCE_S = 1.0
_SAMPLE = 250
"""Of the oldest and of the newest events, so many tell how long lines are."""
_NOT_TO_THE_END = "It was not read to its end."
_LOG = logging.getLogger("auditdeck.exports")


class Export:
    """Events on their way out: iterating gives their lines, each with its newline. It can be done once."""

    def __init__(
        self,
        gate: Gate,
        zone: ZoneInfo,
        query: EventQuery,
        form: OutgoingFormat,
        lines: ExportLines,
        start: Cursor,
        stop: Stop | None,
    ) -> None:
        self._gate = gate
        self._lines = lines
        self._zone = zone
        self._query = query
        self._stop = stop
        self._snapshot = start.snapshot
        self._cursor: Cursor | None = start
        self.form = form
        self.count = 0
        """How many events were handed on so far."""
        self.size = 0
        """How many bytes that were."""
        self.waits: str | None = None
        """Why it could not be recorded, once it is over, and is recorded later."""

    def __iter__(self) -> Iterator[bytes]:
        """Raises NotPermitted as soon as whoever asks may not read any more, and the errors of `data.errors`."""
        head = self._lines.head()
        self.size += len(head)
        if head:
            yield head
        while self._cursor is not None:
            with self._gate.reading(EXPORT, self._stop) as transaction:
                page = transaction.events(self._zone).stored_page(
                    self._query, self._cursor, limit=_EVENTS_AT_ONCE, patience_s=_PATIENCE_S
                )
                lines = self._lines.of(transaction, page.items)
            for line in lines:
                self.count += 1
                self.size += len(line)
                yield line
            if page.next is None and (end := self._lines.end()):
                self.size += len(end)
                yield end
            self._cursor = page.next

    def total(self) -> int:
        """How many events it will be in all: counted, so only for whoever looks on. Raises as iterating does."""
        with self._gate.reading(EXPORT, self._stop) as transaction:
            return transaction.events(self._zone).count(self._query, self._snapshot)

    @property
    def left_out(self) -> int:
        """How many events the query selects that are not in it so far, for they have no proof yet."""
        return self._lines.left_out

    @property
    def is_whole(self) -> bool:
        """Whether all of it was handed on."""
        return self._cursor is None


class Exports:
    """What is taken away from one log."""

    def __init__(self, gate: Gate, zone: ZoneInfo, folder: Path | None = None) -> None:
        """`zone` is what dates in a query are read in; in `folder` waits what cannot be recorded yet."""
        self._gate = gate
        self._zone = zone
        self._spool = ReadingSpool(folder, gate.database.location.shown)

    def survey(self, query: EventQuery, stop: Stop | None = None) -> Survey:
        """What exporting this would come to. Raises NotPermitted."""
        with self._gate.reading(EXPORT, stop) as transaction:
            reader = transaction.events(self._zone)
            snapshot = reader.snapshot()
            count = reader.count(query, snapshot)
            archived = count_archived(reader, query, snapshot, count)
            ends = [
                reader.stored_page(query, Cursor(snapshot, direction), limit=_SAMPLE, patience_s=_PATIENCE_S).items
                for direction in (Direction.NEWER, Direction.OLDER)
            ]
            is_exact = len(ends[0]) == count
            sample = ends[0] if is_exact else (*ends[0], *ends[1])
            sizes = {tag: self._size(transaction, form, query, sample, count) for tag, form in OUTGOING.items()}
        oldest, newest = (moment_of(end[0]) if end else None for end in ends)
        return Survey(count, sizes, is_exact, oldest, newest, archived)

    @contextmanager
    def begin(
        self,
        by: Caller,
        query: EventQuery,
        form: OutgoingFormat = JSON_LINES,
        *,
        direction: Direction = Direction.NEWER,
        stop: Stop | None = None,
    ) -> Iterator[Export]:
        """Export the events that were committed when it began, the oldest first unless `direction` says otherwise.

        At the end of the block it stands in the log, also where it broke off: how many events had been handed on by then,
        and why; unless the policy says that reading is not recorded. Where the log cannot be written it waits, as other
        readings do, and `waits` says why. Only a process that is killed leaves nothing. Raises NotPermitted, ProofBroken
        where a bundle would have nothing to prove by, and at the end NotSpooled where it cannot even wait.
        """
        with self._gate.reading(EXPORT, stop) as transaction:
            is_recorded = transaction.policy_in_force.record_reading
            snapshot = transaction.events(self._zone).snapshot()
            lines = lines_of(form, transaction, query, direction, self._gate.clock())
        export = Export(self._gate, self._zone, query, form, lines, Cursor(snapshot, direction), stop)
        try:
            yield export
        except BaseException as error:
            try:
                if is_recorded:
                    self._note(by, query, export, _why(error))
            except AuditdeckError as unwritten:  # what broke it off is what one has to know
                _LOG.error("an export that broke off could not be logged: %s", unwritten)
            raise
        if is_recorded:
            self._note(by, query, export, None if export.is_whole else _NOT_TO_THE_END)

    def _size(
        self,
        transaction: ReadTransaction,
        form: OutgoingFormat,
        query: EventQuery,
        sample: Sequence[StoredEvent],
        count: int,
    ) -> int | None:
        """How many bytes so many events come to, by some of them; None where that cannot be said."""
        if count and not sample:
            return None
        try:
            lines = lines_of(form, transaction, query, Direction.NEWER, self._gate.clock())
            head = len(lines.head())
            events = sum(map(len, lines.of(transaction, sample)))
        except ProofBroken:  # whoever exports is told
            return None
        return head + (round(events * count / len(sample)) if sample else 0) + len(lines.end())

    def _note(self, by: Caller, query: EventQuery, export: Export, failure: str | None) -> None:
        at = self._gate.clock()
        draft = by.draft(
            EXPORT.tag,
            at,
            outcome=Outcome.SUCCESS if failure is None else Outcome.FAILURE,
            target=CHANGE_LOG,
            reason=failure,
            data={
                "format": export.form.tag,
                "count": export.count,
                "size": export.size,
                "query": without_secrets(print_query(query)),
            },
        )
        event = with_its_id(draft, at)
        try:
            with (
                self._spool.emptying() as waiting,
                self._gate.writing(Caller(SYSTEM, by.service), NOTE_EXPORT) as work,
            ):
                work.events.append_new([*waiting, event])
                work.commit()
        except DatabaseError as error:
            self._spool.add(event)
            export.waits = str(error)


def _why(error: BaseException) -> str:
    """Why an export broke off, in a sentence that is for everybody to read."""
    match error:
        case BrokenPipeError():
            return "Whoever read it left."
        case AuditdeckError():
            return str(error)
        case KeyboardInterrupt() | SystemExit() | GeneratorExit():
            return "It was broken off."
        case _:
            return f"The program failed: {type(error).__name__}."
