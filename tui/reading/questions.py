"""The questions that the screen of a log asks, each a topic of its own; none of them waits on the interface's thread."""

from collections.abc import Callable, Collection
from threading import Lock
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from data.answers import Cursor, Dimension, Direction, Facet, Page, Snapshot, Tally
from data.errors import AuditdeckError
from data.permissions import Permission
from data.query import Clause, EventQuery, Key
from data.query.editing import widened, with_archive
from data.query.model import EVERYTHING, IN_ARCHIVE, TIME_KEYS
from data.stop import Stop
from tui.first_answer import FirstAnswer
from tui.jobs import Jobs
from tui.permitted import Permitted
from tui.reading.history import Place
from tui.reading.narrowing import Narrowing
from tui.reading.opening import Loosening, Opening
from tui.reading.pages import PATIENCE_S, Pages, around, taken_up
from tui.reading.search import PAGE, Search

if TYPE_CHECKING:
    from data.access.errors import NotPermitted
    from data.services.audit_log import AuditLog
    from data.services.event_log import EventLog

OPEN, OLDER, NEWER, TALLY, FACETS, ARRIVED, LOOSEN = "open", "older", "newer", "tally", "facets", "arrived", "loosen"
SHEET = "sheet"
"""What is asked for what has the place of the cards."""
NARROW = "narrow"

# Values of each dimension that the sidebar shows, and of one that is looked through.
FEW_VALUES = 4
MANY_VALUES = 200


class LogOpener:
    """Opens the log once, at the first question, in that question's thread: SQLAlchemy is imported only there.

    What a process beside this one has answered, as `FirstAnswer`, was asked without it.
    """

    def __init__(
        self,
        open_log: Callable[[], "AuditLog"],
        permitted: Permitted | None = None,
        come_in: Callable[["AuditLog"], None] | None = None,
    ) -> None:
        """`come_in` is done before the log is lent to anybody, until it was done once. `permitted` knows what may be asked."""
        self._open_log = open_log
        self._permitted = permitted or Permitted()
        self._come_in = come_in
        self._is_in = come_in is None
        self._lock, self._door = Lock(), Lock()
        self._tries = 0
        self._refusal: AuditdeckError | None = None
        self._log: AuditLog | None = None

    def __call__(self) -> "AuditLog":
        with self._lock:
            if self._log is None:
                self._log = self._open_log()
            log = self._log
        if not self._is_in:
            self._enter(log)
        return log

    def needing(self, *needed: Permission) -> Callable[[], "AuditLog"]:
        """Opens the log for what needs these permissions.

        Without them it raises NotPermitted by itself: what nobody asked for, such as a look at what is new, would stand
        in the log as denied each time.
        """

        def opened() -> "AuditLog":
            log = self()
            refusal = self.refusal(*needed)
            if refusal is not None:
                raise refusal
            return log

        return opened

    def refusal(self, *needed: Permission) -> "NotPermitted | None":
        """What is to be said of that to one who lacks one of these permissions, as far as it is known."""
        return self._permitted.refusal(*needed)

    @property
    def opened(self) -> "AuditLog | None":
        """The log, if it was ever opened."""
        return self._log

    def may(self, needed: Permission) -> bool:
        """Whether whoever sits here holds a permission, as of the last beat: for what is asked though nobody wished for it."""
        self()
        return self._permitted.lacking(needed) is None

    def close(self) -> None:
        """Close the log if it was ever opened."""
        if self._log is not None:
            self._log.close()

    def _enter(self, log: "AuditLog") -> None:
        """Whoever waited while another tried goes by how that ended: a server that is silent is waited for once."""
        tries = self._tries
        with self._door:
            if self._is_in:
                return
            if self._tries != tries and self._refusal is not None:
                raise self._refusal
            assert self._come_in is not None
            try:
                self._come_in(log)
                self._is_in = True
            except AuditdeckError as error:
                self._refusal = error
                raise
            finally:
                self._tries += 1


class Failed(Protocol):
    """Told which topic failed, and how."""

    def __call__(self, topic: str, error: AuditdeckError) -> None: ...


class LogQuestions:
    """Asks on behalf of a screen. Answers come to the callbacks on the screen's own message loop."""

    def __init__(
        self, jobs: Jobs, log: Callable[[], "EventLog"], failed: Failed, first_answer: FirstAnswer | None = None
    ) -> None:
        """`first_answer` may have the start of an answer already."""
        self._jobs = jobs
        self._log = log
        self._failed = failed
        self._first_answer = first_answer

    def open_answer(
        self,
        query: EventQuery,
        place: Place | None,
        then: Callable[[Opening], None],
        *,
        patience_s: float | None = PATIENCE_S,
    ) -> None:
        """The start of the answer, or the surroundings of a place in it, in that place's own snapshot.

        After `patience_s` it is what was found until then; without, the whole start is waited for.
        """

        def question(stop: Stop) -> Opening:
            if self._first_answer is not None and place is None:
                first = self._first_answer.take(query, stop)
                if first is not None:
                    return first
            pages = Pages(self._log(), query, patience_s, stop)
            if place is None:
                return pages.newest()
            if place.snapshot is None:
                return taken_up(pages, place)
            return around(pages, place, place.snapshot)

        self._jobs.drop(OLDER, NEWER)
        self._ask(OPEN, question, then)

    def open_end(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        direction: Direction,
        reached: UUID | None,
        then: Callable[[Opening], None],
    ) -> None:
        """The newest events (NEWER) or the oldest (OLDER) of an answer that is being read.

        `reached` is how far from that end it was looked already, and nothing found.
        """

        def question(stop: Stop) -> Opening:
            search = Search(direction.opposite, reached=reached)
            page = self._log().page(query, search.cursor(snapshot), limit=PAGE, patience_s=PATIENCE_S, stop=stop)
            rest, more = search.after(page), page.next is not None
            searches = () if rest is None else (rest,)
            if direction is Direction.NEWER:
                return Opening(page.items, snapshot, 0, False, more, 0, searches)
            return Opening(page.items[::-1], snapshot, None, more, False, max(len(page.items) - 1, 0), searches)

        self._jobs.drop(OLDER, NEWER)
        self._ask(OPEN, question, then)

    def go_on(self, query: EventQuery, snapshot: Snapshot, search: Search, then: Callable[[Page], None]) -> None:
        """The next page of a search, or what of it is found until patience ends."""
        topic = OLDER if search.direction is Direction.OLDER else NEWER

        def question(stop: Stop) -> Page:
            cursor = search.cursor(snapshot)
            return self._log().page(query, cursor, limit=search.wanted, patience_s=PATIENCE_S, stop=stop)

        self._ask(topic, question, then)

    def is_searching(self, direction: Direction) -> bool:
        """Whether a page in this direction is on its way."""
        return self._jobs.is_asking(OLDER if direction is Direction.OLDER else NEWER)

    def tally(self, query: EventQuery, snapshot: Snapshot, most_buckets: int, then: Callable[[Tally], None]) -> None:
        """Count and histogram."""
        self._ask(TALLY, lambda stop: self._log().tally(query, snapshot, most_buckets=most_buckets, stop=stop), then)

    def facets(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        dimensions: Collection[Dimension],
        beside: tuple[Clause, ...],
        then: Callable[[tuple[Facet, ...]], None],
    ) -> None:
        """The most frequent values of these dimensions, and those that the query or the clauses `beside` it name."""

        def question(stop: Stop) -> tuple[Facet, ...]:
            log = self._log()
            # What is asked about a dimension changes nothing in its own counts, but its values are then among them.
            together = [one for one in dimensions if not _about(one, beside)]
            apart = [one for one in dimensions if one not in together]
            return (
                *log.facets(query, snapshot, together, limit=FEW_VALUES, stop=stop),
                *(
                    facet
                    for one in apart
                    for facet in log.facets(
                        query.adding(*_about(one, beside)), snapshot, [one], limit=FEW_VALUES, stop=stop
                    )
                ),
            )

        self._ask(FACETS, question, then)

    def narrow(
        self,
        query: EventQuery,
        snapshot: Snapshot,
        narrowing: Narrowing,
        beside: tuple[Clause, ...],
        then: Callable[[Facet], None],
    ) -> None:
        """The values that are looked for; called as the others name them, the clauses `beside` the query included."""
        dimension, text = narrowing.dimension, narrowing.text
        named = query.adding(*_about(dimension, beside))

        def question(stop: Stop) -> Facet:
            (found,) = self._log().facets(named, snapshot, [dimension], limit=MANY_VALUES, matching=text, stop=stop)
            return found

        self._ask(NARROW, question, then)

    def arrived(self, query: EventQuery, snapshot: Snapshot, then: Callable[[int], None]) -> None:
        """How many events arrived since the snapshot."""
        self._jobs.poll(
            ARRIVED,
            lambda stop: self._log().arrived(query, snapshot, stop=stop),
            then,
            lambda error: self._failed(ARRIVED, error),
        )

    def loosen(self, query: EventQuery, snapshot: Snapshot, then: Callable[[tuple[Loosening, ...]], None]) -> None:
        """For a query without a match: what each of its conditions keeps out, and names that a name in it is a part of."""

        def question(stop: Stop) -> tuple[Loosening, ...]:
            log = self._log()
            found = _archived(log, query, snapshot, stop)
            for clause in query.without(Key.IN).clauses:
                without = _left_out(log, query, (clause,), snapshot, stop)
                found.append(without)
                if without.events:
                    found += _widened(log, query, clause, snapshot, stop)
            times = query.of(*TIME_KEYS)
            if len(times) > 1:
                found.append(_left_out(log, query, times, snapshot, stop))
            if not any(way.events for way in found):
                over_all_time = EventQuery((*query.without_times(), EVERYTHING))
                found += _archived(log, over_all_time, snapshot, stop, EVERYTHING)
                for clause in query.without_times():
                    found += _widened(log, over_all_time, clause, snapshot, stop, EVERYTHING)
            return tuple(found)

        self._ask(LOOSEN, question, then)

    @property
    def is_counting(self) -> bool:
        """Whether numbers of the answer are being counted."""
        return self._jobs.is_asking(TALLY, FACETS)

    def call_off(self) -> bool:
        """Call off every question of the reading; whether the person waited for any. What is being saved goes on."""
        waited_for = (OPEN, OLDER, NEWER, TALLY, FACETS, NARROW, SHEET)
        running = self._jobs.is_asking(*waited_for)
        self._jobs.drop(*waited_for, ARRIVED, LOOSEN)
        return running

    def _ask(self, topic: str, question: Callable[[Stop], object], then: Callable[..., None]) -> None:
        self._jobs.ask(topic, question, then, lambda error: self._failed(topic, error))


def _about(dimension: Dimension, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return tuple(clause for clause in clauses if clause.key == Key(dimension))


def _besides(query: EventQuery, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return tuple(one for one in query.clauses if one not in clauses)


def _widened(
    log: "EventLog", query: EventQuery, clause: Clause, snapshot: Snapshot, stop: Stop, *beside: Clause
) -> list[Loosening]:
    """The query for the names that begin like those in the clause or, where there are none, that hold them.

    `beside` are clauses of the query that the person has not asked for.
    """
    for wider in widened(clause):
        asked = EventQuery(tuple(wider if one == clause else one for one in query.clauses))
        events = log.count(asked, snapshot, stop=stop)
        if events:
            return [Loosening((clause,), (wider, *beside), asked, events)]
    return []


def _archived(log: "EventLog", query: EventQuery, snapshot: Snapshot, stop: Stop, *beside: Clause) -> list[Loosening]:
    """The query over the archive, too, where that finds any."""
    events = log.archived(query, snapshot, stop=stop)
    asked = with_archive(query)
    if events is None:  # nobody has to wait for more than this: nothing else was found
        events = log.count(asked, snapshot, stop=stop)
    return [Loosening((), (*beside, IN_ARCHIVE), asked, events)] if events else []


def _left_out(
    log: "EventLog", query: EventQuery, clauses: tuple[Clause, ...], snapshot: Snapshot, stop: Stop
) -> Loosening:
    """The query without these clauses: over all time where none of its times is left."""
    rest = _besides(query, clauses)
    wider = EventQuery(rest if any(one.key in TIME_KEYS for one in rest) else (*rest, EVERYTHING))
    events = log.count(wider, snapshot, stop=stop)
    newest_at = None
    if events and all(clause.key in TIME_KEYS for clause in clauses):
        newest_at = log.page(wider, Cursor(snapshot), limit=1, stop=stop).items[0].occurred_at
    return Loosening(clauses, (), wider, events, newest_at)
