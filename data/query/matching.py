"""Whether one event fits a query: the meaning of every key, in plain Python. The SQL is tested against this."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from zoneinfo import ZoneInfo

import orjson

from data.catalogue import CATALOGUE
from data.clock import to_microseconds
from data.hostile import record_is_hostile
from data.query.addresses import read_address
from data.query.model import Clause, DurationRange, EventQuery, Key, Network, Pattern, Presence, Shelf, Span, Value
from data.query.printing import text_of
from data.query.times import resolve_span
from data.records import Event, Json, Reference

# The same few values are held against many events, one after another.
_window = lru_cache(maxsize=64)(resolve_span)
_in_any_case = lru_cache(maxsize=256)(Pattern.folded)


def matches(query: EventQuery, event: Event, now: datetime, zone: ZoneInfo, *, live_since_us: int = 0) -> bool:
    """Whether the event fulfils every clause, at `now` (aware), for somebody who is shown times in `zone`.

    What both happened and arrived before `live_since_us` (UTC) is archived, and answered only where the query reaches it.
    """
    if not query.reaches_archive and is_older(event, live_since_us):
        return False
    return all(clause_holds(clause, event, now, zone) for clause in query.clauses)


def is_older(event: Event, moment_us: int) -> bool:
    """Whether the event both happened and arrived before a moment (µs, UTC): its age counts from the later of the two."""
    return max(map(to_microseconds, (event.occurred_at, event.recorded_at))) < moment_us


def clause_holds(clause: Clause, event: Event, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the event fulfils this one clause, excluding or not; `now` and `zone` as for `matches`."""
    for value in clause.values:
        if _fits(clause.key, value, event, now, zone):
            return not clause.negated
    return clause.negated


def searched_texts(event: Event) -> Iterator[str]:
    """Every text of the event that free text is searched in, as it is written there, in no particular order.

    All strings and numbers of the record but its times, duration and flags: of `data`, values at any depth and no keys.
    The titles of the event's type are among them.
    """
    described = CATALOGUE.describe(event.type)
    yield from (event.type, described.done, described.attempted, str(event.id), event.outcome.value)
    for reference in (event.actor, event.client, event.target):
        if reference is not None:
            yield from _present(reference.type, reference.id, reference.name)
    yield from _present(event.service, event.ip, event.user_agent, event.reason)
    yield from _present(event.request_id, event.session_id, event.token)
    if event.source is not None:
        yield from (event.source.name, event.source.identity)
    for change in event.changes:
        yield change.field
        yield from _texts_within([change.before, change.after])
    yield from _texts_within(event.data.values())


def hyphenless(pattern: Pattern) -> Pattern:
    """An id's pattern as it is compared with an id of 32 hexadecimal digits without hyphens."""
    parts = [part.replace("-", "") for part in pattern.folded().parts]
    # A run of hyphens alone between two stars leaves nothing, which a pattern cannot hold there.
    return Pattern((*(part for index, part in enumerate(parts) if part or index in (0, len(parts) - 1)),))


def _fits(key: Key, value: Value, event: Event, now: datetime, zone: ZoneInfo) -> bool:
    match value:
        case Pattern() if key is Key.TEXT:
            needle = text_of(value).casefold()
            return any(needle in text.casefold() for text in searched_texts(event))
        case Pattern():
            return _fits_pattern(key, value, event)
        case IPv4Network() | IPv6Network():
            return _comes_from(value, event)
        case DurationRange():
            return _takes(value, event)
        case Presence():
            return _has(value, event)
        case Shelf():
            return True
        case Span():
            return _window(key, value, now, zone).holds(to_microseconds(event.occurred_at))


def _fits_pattern(key: Key, pattern: Pattern, event: Event) -> bool:
    match key:
        case Key.TYPE:
            return _fits_folded(pattern, event.type)
        case Key.TAB:
            return _fits_folded(pattern, CATALOGUE.describe(event.type).tab)
        case Key.OUTCOME:
            return _fits_folded(pattern, event.outcome)
        case Key.ACTOR:
            return _names(pattern, event.actor)
        case Key.CLIENT:
            return _names(pattern, event.client)
        case Key.TARGET:
            return _names(pattern, event.target)
        case Key.SERVICE:
            return _fits_folded(pattern, event.service)
        case Key.IP:
            return _fits_folded(pattern, event.ip)
        case Key.ID:
            return hyphenless(pattern).matches(event.id.hex)
        case Key.REQUEST:
            return _fits_exactly(pattern, event.request_id)
        case Key.SESSION:
            return _fits_exactly(pattern, event.session_id)
        case Key.TOKEN:
            return _fits_exactly(pattern, event.token)
        case _:
            raise ValueError(f"{key} takes no pattern")


def _names(pattern: Pattern, reference: Reference | None) -> bool:
    if reference is None:
        return False
    return _fits_exactly(pattern, reference.id) or _fits_folded(pattern, reference.name)


def _fits_exactly(pattern: Pattern, text: str | None) -> bool:
    return text is not None and pattern.matches(text)


def _fits_folded(pattern: Pattern, text: str | None) -> bool:
    return text is not None and _in_any_case(pattern).matches(text.casefold())


def _comes_from(network: Network, event: Event) -> bool:
    address = None if event.ip is None else read_address(event.ip)
    return address is not None and address in network


def _takes(duration: DurationRange, event: Event) -> bool:
    if event.duration_ms is None:
        return False
    least = 0 if duration.least_ms is None else duration.least_ms
    return least <= event.duration_ms and (duration.most_ms is None or event.duration_ms <= duration.most_ms)


def _has(presence: Presence, event: Event) -> bool:
    match presence:
        case Presence.CHANGES:
            return bool(event.changes)
        case Presence.REASON:
            return event.reason is not None
        case Presence.IP:
            return event.ip is not None
        case Presence.DURATION:
            return event.duration_ms is not None
        case Presence.HOSTILE:
            return record_is_hostile(event)


def _present(*texts: str | None) -> Iterator[str]:
    return (text for text in texts if text is not None)


def _texts_within(values: Iterable[Json]) -> Iterator[str]:
    """The strings and numbers at any depth; a stack of its own, because imported data may be nested deeply."""
    waiting = [*values]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case bool() | None:
                pass
            case int() as number:
                yield str(number)
            case float() as number:
                yield orjson.dumps(number).decode()
            case list() as items:
                waiting.extend(items)
            case dict() as members:
                waiting.extend(members.values())
