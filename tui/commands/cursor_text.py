"""A cursor as text that can be handed back: opaque, and tied to the query that it belongs to."""

import base64
import hashlib
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from data.answers import Cursor, Direction, Snapshot
from data.clock import to_microseconds
from data.errors import AuditdeckError
from data.query import EventQuery, print_query
from data.records import Json, Log

_VERSION = 1
_DIGEST_CHARACTERS = 16
_LARGEST = 2**63 - 1
_LATEST_US = to_microseconds(datetime.max.replace(tzinfo=UTC))


class UnusableCursor(AuditdeckError):
    """A cursor that is damaged, or that belongs to something else."""


def write_cursor(cursor: Cursor, query: EventQuery, zone: ZoneInfo, log: Log = Log.CHANGES) -> str:
    """The cursor as characters that need no quotes in a shell or a URL: unpadded url-safe base64 of compact JSON."""
    snapshot = cursor.snapshot
    place: dict[str, Json] = {
        "v": _VERSION,
        "query": _query_digest(query, zone, log),
        "sort": cursor.direction.value,
        "beyond": None if cursor.position is None else str(cursor.position),
        "snapshot": [snapshot.taken_at_us, snapshot.seq, snapshot.xmin, snapshot.xmax, [*snapshot.open_xids]],
    }
    content = orjson.dumps({**place, "check": _check(place)})
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def read_cursor(text: str, query: EventQuery, zone: ZoneInfo, log: Log = Log.CHANGES) -> Cursor:
    """The cursor that the text is.

    Raises UnusableCursor for one that is damaged, of another version, query or zone, or of the other log.
    """
    place = _decoded(text)
    if place.get("v") != _VERSION:
        raise UnusableCursor("This cursor comes from another version of auditdeck; ask again without it.")
    if place.pop("check", None) != _check(place):
        raise _damaged()
    if place.get("query") != _query_digest(query, zone, log):
        raise UnusableCursor("This cursor belongs to another query, time zone or log; use all as they were, or none.")
    return _cursor(place)


def _decoded(text: str) -> dict[str, Json]:
    try:
        padded = text + "=" * (-len(text) % 4)
        content = orjson.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
    except ValueError as error:  # of the alphabet, of base64 and of JSON
        raise _damaged() from error
    if not isinstance(content, dict):
        raise _damaged()
    return content


def _cursor(place: dict[str, Json]) -> Cursor:
    match place:
        case {
            "sort": str(sort),
            "beyond": (str() | None) as beyond,
            "snapshot": [int(taken_at_us), int(seq), int(xmin), int(xmax), [*open_xids]],
        } if 0 <= taken_at_us <= _LATEST_US:
            xids = tuple(xid for xid in open_xids if isinstance(xid, int))
            numbers = (seq, xmin, xmax, *xids)
            if len(xids) == len(open_xids) and all(0 <= number <= _LARGEST for number in numbers):
                try:
                    position = None if beyond is None else UUID(beyond)
                    return Cursor(Snapshot(taken_at_us, seq, xmin, xmax, xids), Direction(sort), position)
                except ValueError as error:
                    raise _damaged() from error
    raise _damaged()


def _query_digest(query: EventQuery, zone: ZoneInfo, log: Log) -> str:
    """The zone too: dates in a query are read in it, so that another zone makes it another query."""
    words = f"{print_query(query)}\0{zone.key}" + (f"\0{log}" if log is not Log.CHANGES else "")
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_CHARACTERS]


def _check(place: dict[str, Json]) -> str:
    """Against copying mistakes, one of which could otherwise pass over events without a word; it keeps no secret."""
    content = orjson.dumps(place, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()[:_DIGEST_CHARACTERS]


def _damaged() -> UnusableCursor:
    return UnusableCursor("This is not a cursor, or not all of one; copy it again, whole.")
