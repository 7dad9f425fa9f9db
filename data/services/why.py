"""Why an integration stopped working: a client's requests, refusals and changes, read and told."""

from uuid import UUID
from zoneinfo import ZoneInfo

from data.answers import Cursor, Direction
from data.clock import from_microseconds
from data.net_change import is_same_thing
from data.query import Clause, EventQuery, Key, Pattern, window_of
from data.query.model import EVERYTHING, IN_ARCHIVE, LAST_30_DAYS
from data.records import Event, Log, Reference
from data.refusals import RefusalCode
from data.requests import REFUSED, SERVED
from data.services.acts import READ_CLIENTS, READ_LOG, READ_REQUESTS
from data.services.gate import Gate
from data.stop import Stop
from data.store import EventReader
from data.why.model import Story
from data.why.runs import is_of_client, refusal_of
from data.why.story import tell
from data.why.wording import Calendar

MOST_REQUESTS = 5_000
"""So many of a client's newest requests are read; the others are counted."""
MOST_CHANGES = 2_000
_AT_ONCE = 500
_CHANGES = Clause(Key.TYPE, (Pattern(("api_client.", "")), Pattern(("token.", ""))))


class Why:
    """Stories of clients in one database. Raises NotPermitted, Cancelled and the errors of `data.errors`.

    A story tells of requests, changes and clients: whoever asks for one has to be allowed to read each.
    """

    def __init__(self, gate: Gate, zone: ZoneInfo, *, most_requests: int = MOST_REQUESTS) -> None:
        """`zone` is what dates are read in and told in."""
        self._gate = gate
        self._zone = zone
        self._most_requests = most_requests

    def story(
        self, subject: Reference, times: tuple[Clause, ...] = (LAST_30_DAYS,), *, stop: Stop | None = None
    ) -> Story:
        """What became of a client's requests within these times, and why.

        `subject` is a client that is or was, or one that only events name. Archived events are told of as live ones are: a
        cause can be old.
        """
        now = self._gate.clock()
        asked = EventQuery((_naming(subject), *times, IN_ARCHIVE))
        # The requests first: the change that caused a refusal was committed before it, and is found after it.
        with self._gate.reading(READ_REQUESTS, stop, subject) as transaction:
            read = _Requests(transaction.events(self._zone, Log.REQUESTS), asked, subject, self._most_requests)
        with self._gate.reading(READ_LOG, stop, subject) as transaction:
            reader = transaction.events(self._zone)
            about = EventQuery((_naming(subject), _CHANGES, EVERYTHING, IN_ARCHIVE))
            changes = [one for one in _newest(reader, about, MOST_CHANGES) if _is_about(one, subject)]
        with self._gate.reading(READ_CLIENTS, stop, subject) as transaction:
            client = None if subject.id is None else transaction.clients.find(subject.id)
            policy = transaction.policy_in_force
        window = window_of(asked, now, self._zone)
        return tell(
            subject if client is None else client.reference,
            client,
            read.events,
            changes[::-1],
            Calendar(now, self._zone, policy.zone),
            since=None if window.start_us is None else from_microseconds(window.start_us),
            until=None if window.end_us is None else from_microseconds(window.end_us),
            earlier=read.earlier,
            gap_before=read.gap_before,
        )


class _Requests:
    """A client's newest requests, oldest first; where there are more, what was let in last and refused first, too.

    So it is told since when nothing was let in, however often was tried after.
    """

    def __init__(self, reader: EventReader, asked: EventQuery, subject: Reference, most: int) -> None:
        newest = _newest(reader, asked, most + 1)
        more = len(newest) > most
        del newest[most:]
        self.events = [one for one in newest[::-1] if _is_about(one, subject)]
        self.earlier = 0
        self.gap_before: UUID | None = None
        if not more:
            return
        oldest = newest[-1].id
        snapshot = reader.snapshot()
        edge = (
            []
            if any(one.type == SERVED for one in newest)
            else self._edge(reader, asked, Cursor(snapshot, position=oldest))
        )
        edge = [one for one in edge if one.id < oldest and _is_about(one, subject)]
        self.earlier = max(reader.count(asked, snapshot) - len(newest) - len(edge), 0)
        self.gap_before = self.events[0].id if self.events else None
        self.events = [*edge, *self.events]

    @staticmethod
    def _edge(reader: EventReader, asked: EventQuery, before: Cursor) -> list[Event]:
        """What was let in last before this place, and the first refusal after it that is the client's own."""
        served = reader.page(asked.adding(_of_type(SERVED)), before, limit=1).items
        begin = Cursor(before.snapshot, Direction.NEWER, served[0].id if served else None)
        refused = reader.page(asked.adding(_of_type(REFUSED)), begin, limit=_AT_ONCE).items
        own = (one for one in refused if is_of_client(one) and refusal_of(one) is not RefusalCode.WRONG_SECRET)
        return [*served, *[one for one in (next(own, None),) if one is not None]]


def _newest(reader: EventReader, query: EventQuery, most: int) -> list[Event]:
    """The newest events of a query, newest first."""
    found: list[Event] = []
    cursor: Cursor | None = None
    while len(found) < most:
        page = reader.page(query, cursor, limit=min(_AT_ONCE, most - len(found)))
        found.extend(page.items)
        cursor = page.next
        if cursor is None:
            break
    return found


def _naming(subject: Reference) -> Clause:
    return Clause(Key.CLIENT, (Pattern.literal(subject.id or subject.label),))


def _of_type(event_type: str) -> Clause:
    return Clause(Key.TYPE, (Pattern.literal(event_type),))


def _is_about(event: Event, subject: Reference) -> bool:
    """Whether an event is this client's: a query takes a name for an id."""
    return event.client is not None and is_same_thing(event.client, subject)
