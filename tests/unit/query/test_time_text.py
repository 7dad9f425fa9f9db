"""Tests of data.query.time_text."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import to_microseconds
from data.query import EventQuery, Key, Span, Window, parse_query, print_clause, print_query, resolve_span
from data.query.time_text import clause_over

BERLIN = ZoneInfo("Europe/Berlin")
_NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
_LAST_US = to_microseconds(datetime(9998, 12, 31, tzinfo=UTC))


def _us(text: str | None) -> int | None:
    return None if text is None else to_microseconds(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (None, None, "last:all"),
        ("2026-03-01T00:00+01:00", None, "after:2026-03-01"),
        ("2026-03-01T10:02+01:00", None, "after:2026-03-01t10:02"),
        ("2026-03-01T10:02:11.250+01:00", None, "after:2026-03-01t10:02:11.25"),
        (None, "2026-03-01T00:00+01:00", "before:2026-03-01"),
        (None, "2026-03-01T10:02:11.000001+01:00", "before:2026-03-01t10:02:11.000001"),
        ("2026-03-01T00:00+01:00", "2026-03-02T00:00+01:00", "during:2026-03-01"),
        ("2026-03-28T00:00+01:00", "2026-03-30T00:00+02:00", "during:2026-03-28..2026-03-29"),
        ("2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00", "during:2026-03"),
        ("2026-03-01T00:00+01:00", "2026-06-01T00:00+02:00", "during:2026-03..2026-05"),
        ("2026-04-01T00:00+02:00", "2026-07-01T00:00+02:00", "during:2026-q2"),
        ("2026-01-01T00:00+01:00", "2027-01-01T00:00+01:00", "during:2026"),
        ("2026-03-01T00:00+01:00", "2026-03-15T10:00+01:00", "during:2026-03-01..2026-03-15t09:59"),
        ("2026-03-15T09:00+01:00", "2026-03-15T10:00+01:00", "during:2026-03-15t09:00..2026-03-15t09:59"),
        ("2026-03-15T09:00+01:00", "2026-03-15T09:00:30+01:00", "during:2026-03-15t09:00..2026-03-15t09:00:29"),
        ("2026-03-15T09:00+01:00", "2026-03-15T09:00:30.25+01:00", "during:2026-03-15t09:00..2026-03-15t09:00:30.24"),
        ("2026-10-25T02:30+01:00", None, "after:2026-10-25t02:30+01:00"),
        (None, "2026-10-25T02:30+02:00", "before:2026-10-25t02:30"),
    ],
)
def test_a_stretch_is_written_as_plainly_as_it_can_be(start: str | None, end: str | None, text: str) -> None:
    assert print_clause(clause_over(Window(_us(start), _us(end)), BERLIN)) == text


def test_an_hour_that_passes_twice_can_end_at_its_first_passing() -> None:
    window = Window(_us("2026-10-25T00:00+02:00"), _us("2026-10-25T02:30+02:00"))
    clause = clause_over(window, BERLIN)
    (span,) = clause.values
    assert isinstance(span, Span) and resolve_span(clause.key, span, _NOW, BERLIN) == window


_zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"]
).map(ZoneInfo)
_units = st.sampled_from([1, 1_000, 1_000_000, 60_000_000, 900_000_000, 3_600_000_000, 86_400_000_000])
_edges = st.one_of(
    st.builds(lambda count, unit: count * unit % _LAST_US, st.integers(0, _LAST_US), _units),
    # The hours of 2026 in which clocks are put back.
    st.builds(lambda minute: 1_792_886_400_000_000 + minute * 60_000_000, st.integers(0, 60 * 24)),
)


@settings(deadline=None)
@given(st.one_of(st.none(), _edges), st.one_of(st.none(), _edges), _zones)
def test_the_text_means_exactly_the_window(start: int | None, end: int | None, zone: ZoneInfo) -> None:
    if start is not None and end is not None:
        start, end = min(start, end), max(start, end)
        end += start == end
    clause = clause_over(Window(start, end), zone)
    (read,) = parse_query(print_query(EventQuery((clause,)))).clauses
    assert read == clause
    (span,) = clause.values
    assert isinstance(span, Span)
    assert resolve_span(clause.key, span, _NOW, zone) == Window(start, end)
    assert clause.key in (Key.DURING, Key.AFTER, Key.BEFORE, Key.LAST)


def test_what_is_out_of_a_querys_reach_is_still_written() -> None:
    assert print_clause(clause_over(Window(start_us=-1), ZoneInfo("UTC"))) == "after:1969-12-31t23:59:59.999999z"
