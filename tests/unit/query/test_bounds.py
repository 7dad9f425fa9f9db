"""Tests of data.query.bounds."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import to_microseconds
from data.query import Clause, EventQuery, Key, Span, Window, parse_query, print_query, resolve_span
from data.query.bounds import narrowed
from data.query.model import TIME_KEYS
from tests.unit.query.queries import clauses, lasts, moments, ranges

_ZONE = ZoneInfo("Europe/Berlin")
_NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
_FIRST_US, _LAST_US = 0, to_microseconds(datetime(9998, 12, 30, tzinfo=UTC))
_T = to_microseconds(datetime(2026, 11, 10, 9, 15, 2, 123456, tzinfo=UTC))
_TEXT = "2026-11-10t10:15:02.123456"


def _printed(query: EventQuery | None) -> str | None:
    return None if query is None else print_query(query)


@pytest.mark.parametrize(
    ("before", "since", "until"),
    [
        ("last:all", f"after:{_TEXT}", f"before:{_TEXT[:-1]}7"),
        ("last:30d", f"after:{_TEXT}", f"during:2026-10-22..{_TEXT}"),
        ("during:2026-11", f"during:{_TEXT}..2026-11-30", f"during:2026-11-01..{_TEXT}"),
        ("after:2026-11-01", f"after:{_TEXT}", f"during:2026-11-01..{_TEXT}"),
        ("before:2026-12", f"during:{_TEXT}..2026-11-30", f"before:{_TEXT[:-1]}7"),
        (
            "outcome:denied after:2026-11-01 actor:a before:2026-12",
            f"outcome:denied during:{_TEXT}..2026-11-30 actor:a",
            f"outcome:denied during:2026-11-01..{_TEXT} actor:a",
        ),
        (
            "during:2026-09,2026-11 -during:2026-11-05",
            f"during:2026-09,2026-11 -during:2026-11-05 after:{_TEXT}",
            f"during:2026-09,2026-11 -during:2026-11-05 before:{_TEXT[:-1]}7",
        ),
        ("id:019e*", f"id:019e* after:{_TEXT}", f"id:019e* before:{_TEXT[:-1]}7"),
    ],
)
def test_one_bound_is_replaced_and_the_other_stays(before: str, since: str, until: str) -> None:
    query = parse_query(before)
    assert _printed(narrowed(query, Window(start_us=_T), _NOW, _ZONE)) == since
    assert _printed(narrowed(query, Window(end_us=_T + 1), _NOW, _ZONE)) == until


def test_since_then_until_leaves_what_lies_between() -> None:
    query = narrowed(parse_query("last:30d"), Window(start_us=_T), _NOW, _ZONE)
    later = to_microseconds(datetime(2026, 11, 12, 0, 0, tzinfo=_ZONE))
    assert query is not None
    assert _printed(narrowed(query, Window(end_us=later), _NOW, _ZONE)) == f"during:{_TEXT}..2026-11-11"


@pytest.mark.parametrize("text", ["during:2026-11-05..2026-11-15", "last:5d", "after:2026-11-09 before:2026-11-12"])
def test_a_window_around_it_changes_nothing(text: str) -> None:
    query = parse_query(text)
    assert narrowed(query, Window(start_us=0), _NOW, _ZONE) is query


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("during:2026-01", Window(start_us=_T)),
        ("last:5d", Window(end_us=_T)),
        ("outcome:denied before:2026-11-10t10:15:02.123456", Window(start_us=_T)),
        ("after:2026-11-10t10:15:02.123456", Window(end_us=_T)),
        ("after:2026-03 before:2026-01", Window(start_us=_T)),
        ("before:1970", Window(start_us=0)),
        ("last:all", Window(_T, _T)),
    ],
)
def test_with_no_moment_in_common_there_is_nothing_to_ask(text: str, window: Window) -> None:
    assert narrowed(parse_query(text), window, _NOW, _ZONE) is None


def _holds(query: EventQuery, moment_us: int) -> bool:
    return all(
        any(
            resolve_span(clause.key, span, _NOW, _ZONE).holds(moment_us)
            for span in clause.values
            if isinstance(span, Span)
        )
        is not clause.negated
        for clause in query.of(*TIME_KEYS)
    )


_moments_us = st.one_of(
    st.integers(_FIRST_US, _LAST_US),
    st.integers(_T - 10**13, _T + 10**13),
    st.integers(-400, 400).map(lambda days: _T // 86_400_000_000 * 86_400_000_000 + days * 86_400_000_000),
)
_times = st.one_of(
    st.builds(
        lambda key, word: Clause(key, (Span(word),)), st.sampled_from([Key.AFTER, Key.BEFORE, Key.DURING]), moments
    ),
    lasts.map(lambda span: Clause(Key.LAST, (span,))),
    st.builds(
        lambda spans, negated: Clause(Key.DURING, tuple(spans), negated),
        st.lists(st.one_of(moments.map(Span), ranges), min_size=1, max_size=3),
        st.booleans(),
    ),
)
_queries = st.lists(st.one_of(_times, clauses()), min_size=1, max_size=4).map(lambda drawn: EventQuery(tuple(drawn)))


@settings(deadline=None, max_examples=300)
@given(_queries, st.one_of(st.none(), _moments_us), st.one_of(st.none(), _moments_us), st.data())
def test_exactly_the_moments_of_both_are_left(
    query: EventQuery, start: int | None, end: int | None, data: st.DataObject
) -> None:
    window = Window(start, end)
    after = narrowed(query, window, _NOW, _ZONE)
    edges = [
        edge
        for clause in (*query.of(*TIME_KEYS), *(() if after is None else after.of(*TIME_KEYS)))
        for span in clause.values
        if isinstance(span, Span)
        for at in [resolve_span(clause.key, span, _NOW, _ZONE)]
        for edge in (at.start_us, at.end_us)
        if edge is not None
    ] + [edge for edge in (start, end) if edge is not None]
    seen = [moment + by for moment in edges for by in (-1, 0, 1)] + [data.draw(_moments_us)]
    for moment in seen:
        is_left = after is not None and _holds(after, moment)
        assert is_left == (_holds(query, moment) and window.holds(moment)), moment
    if after is not None:
        assert after.without_times() == query.without_times()
        assert parse_query(print_query(after)) == after
