"""Random queries, values and texts for the property tests."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from uuid import UUID

from hypothesis import strategies as st

from data.query import Clause, DurationRange, EventQuery, Key, Network, Pattern, Presence, Shelf, Span, Value
from data.query.addresses import read_address, read_network

NAME_KEYS = (Key.TYPE, Key.ACTOR, Key.CLIENT, Key.TARGET, Key.SERVICE, Key.REQUEST, Key.SESSION, Key.TOKEN)

# Characters with a meaning come up far more often than by chance.
_characters = st.one_of(
    st.sampled_from(' ",:*\\-/.>\n\u00a0ß'),
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
)
runs = st.text(_characters, min_size=1, max_size=8)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Any pattern but the empty literal, which has no text."""
    if draw(st.booleans()):
        return Pattern.literal(draw(runs))
    ends = st.one_of(st.just(""), runs)
    return Pattern((draw(ends), *draw(st.lists(runs, max_size=3)), draw(ends)))


def _is_plain_host(pattern: Pattern) -> bool:
    return not any("/" in part for part in pattern.parts) and (
        not pattern.is_literal or read_address(pattern.parts[0]) is None
    )


def _network(number: int, bits: int, prefix: int) -> Network:
    return read_network(f"{_address_text(number, bits)}/{prefix}")


def _address_text(number: int, bits: int) -> str:
    network = IPv4Network((number, 32)) if bits == 32 else IPv6Network((number, 128))
    return str(network.network_address)


networks: st.SearchStrategy[Network] = st.one_of(
    st.builds(_network, st.integers(0, 2**32 - 1), st.just(32), st.integers(0, 32)),
    st.builds(_network, st.integers(0, 2**128 - 1), st.just(128), st.integers(0, 128)),
)
addresses = networks.map(lambda network: Pattern.literal(str(ip_network(network).network_address)))

_milliseconds = st.one_of(st.integers(0, 10_000), st.integers(0, 10_000).map(lambda count: count * 1000))


@st.composite
def durations(draw: st.DrawFn) -> DurationRange:
    """Any range that is open on one side at most."""
    least, most = sorted((draw(_milliseconds), draw(_milliseconds)))
    return draw(
        st.sampled_from([DurationRange(least, most), DurationRange(least, None), DurationRange(None, most)]),
    )


_hex = st.text("0123456789abcdef-", max_size=6)
_hex_middle = _hex.filter(lambda part: part.strip("-") != "")
id_patterns: st.SearchStrategy[Pattern] = st.one_of(
    st.uuids().map(lambda identity: Pattern.literal(str(UUID(int=identity.int)))),
    st.builds(
        lambda first, middle, last: Pattern((first, *middle, last)), _hex, st.lists(_hex_middle, max_size=2), _hex
    ),
)

relative = st.sampled_from(["today", "yesterday", "last-week", "last-month", "last-quarter"])
absolute = st.one_of(
    st.integers(1970, 9998).map(str),
    st.builds("{}-q{}".format, st.integers(1970, 9998), st.integers(1, 4)),
    st.builds("{}-{:02}".format, st.integers(1970, 9998), st.integers(1, 12)),
    st.builds("{}-{:02}-{:02}".format, st.integers(1970, 9998), st.integers(1, 12), st.integers(1, 28)),
    st.builds(
        "{}-{:02}-{:02}t{:02}:{:02}{}{}".format,
        st.integers(1970, 9998),
        st.integers(1, 12),
        st.integers(1, 28),
        st.integers(0, 23),
        st.integers(0, 59),
        st.sampled_from(["", ":07", ":59.5", ":00.123456"]),
        st.sampled_from(["", "z", "+01:00", "-11:30"]),
    ),
)
moments = st.one_of(relative, absolute)
# Quarters of two years a hundred apart can never be the wrong way round.
ranges = st.builds(
    lambda start, end: Span(f"{start}-q1", f"{end}-q4"), st.integers(1970, 4000), st.integers(4100, 9998)
)
lasts = st.one_of(
    st.just(Span("all")),
    st.builds(lambda count, unit: Span(f"{count}{unit}"), st.integers(1, 10**9 - 1), st.sampled_from("mhdw")),
)

_several: dict[Key, st.SearchStrategy[Value]] = {
    **{key: patterns() for key in NAME_KEYS},
    Key.TAB: st.sampled_from(
        [Pattern.literal("admin"), Pattern.literal("users"), Pattern(("a", "")), Pattern(("", ""))]
    ),
    Key.OUTCOME: st.sampled_from([Pattern.literal("success"), Pattern.literal("denied"), Pattern(("", "e", "d"))]),
    Key.IP: st.one_of(patterns().filter(_is_plain_host), networks, addresses),
    Key.DURATION: durations(),
    Key.ID: id_patterns,
    Key.HAS: st.sampled_from(Presence),
    Key.DURING: st.one_of(moments.map(Span), ranges),
}
_single: dict[Key, st.SearchStrategy[Value]] = {
    Key.AFTER: moments.map(Span),
    Key.BEFORE: moments.map(Span),
    Key.LAST: lasts,
    Key.IN: st.sampled_from(Shelf),
}


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    """Any clause that can be written."""
    key = draw(st.sampled_from(Key))
    if key in _single:
        return Clause(key, (draw(_single[key]),))
    if key is Key.TEXT:
        return Clause(key, (Pattern.literal(draw(runs)),), draw(st.booleans()))
    return Clause(key, tuple(draw(st.lists(_several[key], min_size=1, max_size=3))), draw(st.booleans()))


queries = st.lists(clauses(), max_size=6).map(lambda drawn: EventQuery(tuple(drawn)))
texts = st.text(
    st.one_of(
        st.sampled_from('"\\*:,- \n.<>/'),
        st.sampled_from("acdeimnoprtuy0123456789"),
        st.characters(),
    ),
    max_size=80,
)
