"""Random queries over the worlds: every key, patterns, networks, durations, times and text, asked for and excluded."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from itertools import islice, product, starmap
from uuid import UUID

from hypothesis import strategies as st

from data.catalogue import Tab
from data.query import Clause, DurationRange, EventQuery, Key, Pattern, Presence, Shelf, Span, Value
from data.records import Outcome
from tests.strategies.worlds import ADDRESSES, IDENTS, PEOPLE, REQUESTS, SERVICES, TYPES

_NETWORKS = tuple(
    ip_network(text)
    for text in (
        "198.51.100.0/24",
        "198.51.100.0/23",
        "198.51.100.7/32",
        "0.0.0.0/0",
        "2001:db8::/32",
        "2001:db8::/48",
        "fe80::/10",
        "::/0",
    )
)
_LEAST_MS = (None, 0, 1, 500, 501)
_MOST_MS = (None, 0, 500, 2000, 2**53 - 1)
_MOMENTS = (
    "2026",
    "2011",
    "2026-q3",
    "2026-q4",
    "2026-11",
    "2026-03-29",
    "2011-12-30",
    "2026-10-25t02:30",
    "2026-11-20t10:00",
    "2026-11-20t10:00:00.0005z",
    "2026-11-20t10:00:00.001+01:00",
    "1970-01-01",
    "today",
    "yesterday",
    "last-week",
    "last-month",
    "last-quarter",
)
_RANGES = (("2026-03", "2026-10"), ("2011-12-29", "2011-12-31"), ("2026-11-16", "today"), ("1970", "2030"))
_LASTS = ("1m", "59m", "1h", "24h", "1d", "7d", "30d", "2w", "999999999w", "all")
_TEXTS = (
    "alice",
    "MOSS",
    "ß",
    "SS",
    '"',
    "\n",
    "100%",
    "*",
    "[a]\\",
    "report 7",
    "\U0001f600",
    "ünï",
    "123456789",
    "2.5",
    "api client",
    "revoked",
    "s3",
    "denied",
    "req-",
    "example",
    "elsewhere",
    "name",
    "-7",
    "zzz",
)
_PEOPLES = tuple(dict.fromkeys(text for person in PEOPLE for text in person if text is not None))
_WORDS: dict[Key, tuple[str, ...]] = {
    Key.TYPE: TYPES,
    Key.TAB: tuple(Tab),
    Key.OUTCOME: tuple(Outcome),
    Key.ACTOR: (*_PEOPLES, "system"),
    Key.CLIENT: _PEOPLES,
    Key.TARGET: _PEOPLES,
    Key.SERVICE: SERVICES,
    Key.IP: ADDRESSES,
    Key.REQUEST: REQUESTS,
    Key.SESSION: IDENTS,
    Key.TOKEN: IDENTS,
}
_UNKNOWN = "nobody"


@st.composite
def _patterns(draw: st.DrawFn, words: Sequence[str]) -> Pattern:
    """A word of the world, or one or two pieces of it with wildcards around; letter case changed now and then."""
    word = draw(st.sampled_from((*words, _UNKNOWN)))
    word = draw(st.sampled_from((word, word, word.upper(), word.swapcase())))
    if draw(st.booleans()):
        return Pattern.literal(word)
    first, second = sorted((draw(st.integers(0, len(word))), draw(st.integers(0, len(word)))))
    head, middle, tail = word[:first], word[first:second], word[second:]
    shapes: list[tuple[str, ...]] = [(head, ""), ("", tail), (head, tail), ("", "")]
    if middle:
        shapes.append(("", middle, ""))
    return Pattern(draw(st.sampled_from(shapes)))


def _id_patterns(ids: Sequence[UUID]) -> st.SearchStrategy[Pattern]:
    written = st.sampled_from([str(one) for one in ids] or ["019b0000-0000-7000-8000-000000000000"])
    cut = st.integers(1, 20)
    return st.one_of(
        written.map(Pattern.literal),
        st.builds(lambda text, at: Pattern((text[:at], "")), written, cut),
        st.builds(lambda text, at: Pattern(("", text[-at:])), written, cut),
        st.builds(lambda text, at: Pattern((text[:8], text[9 : 9 + at], "")), written, cut),
        st.just(Pattern(("", "-", ""))),
    )


_durations = st.builds(DurationRange, st.sampled_from(_LEAST_MS), st.sampled_from(_MOST_MS))


def _values(key: Key, ids: Sequence[UUID]) -> st.SearchStrategy[Value]:
    match key:
        case Key.ID:
            return _id_patterns(ids)
        case Key.IP:
            return st.one_of(_patterns(ADDRESSES), st.sampled_from(_NETWORKS))
        case Key.DURATION:
            return _durations
        case Key.HAS:
            return st.sampled_from(Presence)
        case Key.IN:
            return st.sampled_from(Shelf)
        case Key.AFTER | Key.BEFORE:
            return st.sampled_from(_MOMENTS).map(Span)
        case Key.DURING:
            return st.one_of(
                st.sampled_from(_MOMENTS).map(Span), st.sampled_from(_RANGES).map(lambda pair: Span(*pair))
            )
        case Key.LAST:
            return st.sampled_from(_LASTS).map(Span)
        case Key.TEXT:
            return st.sampled_from(_TEXTS).map(Pattern.literal)
        case _:
            return _patterns(_WORDS[key])


def _each_pattern(words: Sequence[str]) -> Iterator[Pattern]:
    for word in (*words, _UNKNOWN):
        yield from map(Pattern.literal, dict.fromkeys((word, word.swapcase())))
        yield from (Pattern((word[:2], "")), Pattern(("", word[-2:])), Pattern((word[:1], word[-1:])))
        if word[1:-1]:
            yield Pattern(("", word[1:-1], ""))


def _each_id_pattern(ids: Sequence[UUID]) -> Iterator[Pattern]:
    for text in map(str, ids):
        yield from (
            Pattern.literal(text),
            Pattern((text[:9], "")),
            Pattern(("", text[-6:])),
            Pattern((text[:7], "-7", "")),
        )


def _each_value(key: Key, ids: Sequence[UUID]) -> Iterator[Value]:
    match key:
        case Key.ID:
            yield from _each_id_pattern(ids)
        case Key.DURATION:
            yield from starmap(DurationRange, product(_LEAST_MS, _MOST_MS))
        case Key.HAS:
            yield from Presence
        case Key.IN:
            yield from Shelf
        case Key.AFTER | Key.BEFORE:
            yield from map(Span, _MOMENTS)
        case Key.DURING:
            yield from (*map(Span, _MOMENTS), *starmap(Span, _RANGES))
        case Key.LAST:
            yield from map(Span, _LASTS)
        case Key.TEXT:
            yield from map(Pattern.literal, _TEXTS)
        case Key.CLIENT | Key.TARGET:
            yield from islice(_each_pattern(_WORDS[key]), 0, None, 6)  # asked for as actors are
        case _:
            yield from _each_pattern(_WORDS[key])
            yield from _NETWORKS if key is Key.IP else ()


def every_clause(key: Key, ids: Sequence[UUID]) -> Iterator[Clause]:
    """Clauses of one value about this key: each word, pattern, network, time, ..., asked for and excluded."""
    for value, negated in product(_each_value(key, ids), (False, True)):
        if not negated or key not in _NEVER_EXCLUDED:
            yield Clause(key, (value,), negated)


_ONE_VALUE = frozenset({Key.AFTER, Key.BEFORE, Key.LAST, Key.IN, Key.TEXT})
_NEVER_EXCLUDED = frozenset({Key.AFTER, Key.BEFORE, Key.LAST, Key.IN})


@st.composite
def clauses(draw: st.DrawFn, ids: Sequence[UUID] = ()) -> Clause:
    """A clause as the parser could have made it; `ids` are events worth asking for."""
    key = draw(st.sampled_from(Key))
    values = draw(st.lists(_values(key, ids), min_size=1, max_size=1 if key in _ONE_VALUE else 3))
    negated = key not in _NEVER_EXCLUDED and draw(st.booleans())
    return Clause(key, tuple(values), negated)


@st.composite
def queries(draw: st.DrawFn, ids: Sequence[UUID] = ()) -> EventQuery:
    """Up to three clauses; most often over all time, for else little is found."""
    asked = draw(st.lists(clauses(ids), max_size=3))
    if draw(st.sampled_from((True, True, False))):
        asked.append(Clause(Key.LAST, (Span("all"),)))
    return EventQuery(tuple(asked))
