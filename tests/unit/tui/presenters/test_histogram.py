"""Tests of tui.presenters.histogram."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import Bucket, Histogram
from data.clock import to_microseconds
from tests.unit.tui.made_up_events import ZONE
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.presenters.histogram import bar_cells, bucket_at, bucket_texts, cell_of, histogram_row
from tui.presenters.pieces import Role, plain_text

_FIRST_DAY = datetime(2026, 10, 22, tzinfo=UTC)
_BARS = set("▁▂▃▄▅▆▇█")


def _days(counts: list[int], *, not_ok: int = 0, first: datetime = _FIRST_DAY) -> Histogram:
    starts = [to_microseconds(first + timedelta(days=number)) for number in range(len(counts) + 1)]
    return Histogram(
        "day",
        tuple(
            Bucket(start, end, count, not_ok if number == 0 else 0)
            for number, (start, end, count) in enumerate(zip(starts, starts[1:], counts, strict=False))
        ),
    )


def _bars(histogram: Histogram, width: int = 90) -> str:
    return "".join(char for char in plain_text(histogram_row(histogram, width, ZONE, None)) if char in _BARS)


def test_a_row_has_its_ends_its_bars_and_what_was_not_ok() -> None:
    row = plain_text(histogram_row(_days([1] * 29 + [8], not_ok=156), 90, ZONE, None))
    assert row.startswith(" 22 Oct ▂▂") and "██ 20 Nov" in row and row.endswith("156 not ok") and len(row) == 89


def test_every_day_has_two_cells_at_90_and_one_at_80() -> None:
    histogram = _days([8, 4, 0] * 10)
    assert _bars(histogram, 90) == "██▄▄▁▁" * 10
    assert _bars(histogram, 80) == "█▄▁" * 10


def test_the_highest_bucket_is_full_and_a_single_event_is_seen() -> None:
    assert _bars(_days([1000, 1, 0]), 40)[:: len(_bars(_days([1, 1, 1]), 40)) // 3] == "█▂▁"
    assert set(_bars(_days([1, 1, 1]))) == {"█"}


def test_the_bucket_of_the_selected_card_is_marked_and_no_other() -> None:
    histogram = _days([3] * 30)
    for moment, marked in (
        (_FIRST_DAY, 0),
        (_FIRST_DAY + timedelta(days=1) - timedelta(microseconds=1), 0),
        (_FIRST_DAY + timedelta(days=1), 1),
        (_FIRST_DAY + timedelta(days=29), 29),
    ):
        row = histogram_row(histogram, 90, ZONE, to_microseconds(moment))
        bars = [piece.role for piece in row if set(piece.text) <= _BARS]
        assert [index for index, role in enumerate(bars) if role is Role.MARKED] == [marked]
    for moment in (_FIRST_DAY - timedelta(microseconds=1), _FIRST_DAY + timedelta(days=30)):
        row = histogram_row(histogram, 90, ZONE, to_microseconds(moment))
        assert all(piece.role is not Role.MARKED for piece in row)


def test_the_ends_name_the_year_only_where_two_years_are_shown() -> None:
    two_years = plain_text(histogram_row(_days([1] * 20, first=datetime(2026, 12, 20, tzinfo=UTC)), 90, ZONE, None))
    assert two_years.startswith(" 20 Dec 26 ") and " 8 Jan 27" in two_years


def test_within_a_day_the_ends_are_times() -> None:
    start = to_microseconds(datetime(2026, 11, 20, 9, tzinfo=UTC))
    hours = tuple(Bucket(start + n * 3_600_000_000, start + (n + 1) * 3_600_000_000, n, 0) for n in range(5))
    row = plain_text(histogram_row(Histogram("hour", hours), 90, ZONE, None))
    assert row.startswith(" 20 Nov 09:00 ") and row.endswith(" 13:59")


def test_no_events_make_no_bars() -> None:
    row = plain_text(histogram_row(Histogram("day", ()), 90, ZONE, None))
    assert row.strip() and not set(row) & _BARS


@pytest.mark.parametrize("width", [20, 40, 60, 79, 90, 200])
def test_there_is_room_for_the_bars_that_are_asked_for(width: int) -> None:
    cells = bar_cells(width)
    assert 1 <= cells <= width
    assert len(_bars(_days([1] * cells, first=datetime(2026, 12, 20, tzinfo=UTC)), width)) == cells


@given(
    st.lists(st.integers(0, 10**9), max_size=70),
    st.integers(1, 200),
    st.integers(0, 10**9),
    st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)),
)
@settings(deadline=None)
def test_a_row_keeps_to_its_width(counts: list[int], width: int, not_ok: int, first: datetime) -> None:
    histogram = _days(counts, not_ok=not_ok, first=first)
    assert_fit_to_show([histogram_row(histogram, width, ZONE, to_microseconds(first))], width)


def _bucket(first: datetime, end: datetime, count: int = 43) -> Bucket:
    return Bucket(to_microseconds(first), to_microseconds(end), count, 2)


@pytest.mark.parametrize(
    ("first", "end", "text"),
    [
        ("2026-11-19T00:00", "2026-11-20T00:00", "19 Nov 2026"),
        ("2026-11-19T13:00", "2026-11-19T14:00", "19 Nov 2026 13:00–14:00"),
        ("2026-11-19T23:45", "2026-11-20T00:00", "19 Nov 2026 23:45–00:00"),
        ("2026-12-28T00:00", "2027-01-04T00:00", "28 Dec 2026 – 3 Jan 2027"),
        ("2026-11-01T00:00", "2026-12-01T00:00", "Nov 2026"),
        ("2026-10-01T00:00", "2027-01-01T00:00", "Oct 2026 – Dec 2026"),
        ("2026-01-01T00:00", "2027-01-01T00:00", "2026"),
        ("2020-01-01T00:00", "2024-01-01T00:00", "2020 – 2023"),
    ],
)
def test_a_bucket_says_its_stretch_and_its_counts(first: str, end: str, text: str) -> None:
    begin, stop = (datetime.fromisoformat(moment).replace(tzinfo=ZONE) for moment in (first, end))
    assert bucket_texts(_bucket(begin, stop), ZONE)[0] == f"{text} · 43 events · 2 not ok"
    assert bucket_texts(_bucket(begin, stop, 1), ZONE)[0] == f"{text} · 1 event · 2 not ok"
    assert bucket_texts(_bucket(begin, stop), ZONE, is_counted=False)[0] == f"{text} · …"


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(40, 220))
def test_a_cell_of_a_bar_leads_to_its_bucket_and_back(days: int, width: int) -> None:
    if days > bar_cells(width):
        return
    histogram = _days([3] * days)
    row = plain_text(histogram_row(histogram, width, ZONE, None))
    for cell, char in enumerate(row.ljust(width)):
        index = bucket_at(histogram, cell, width, ZONE)
        assert (index is not None) == (char in _BARS), cell
        if index is not None:
            assert cell_of(histogram, index, width, ZONE) <= cell
            assert index == days - 1 or cell < cell_of(histogram, index + 1, width, ZONE)


def test_the_bar_under_the_cursor_stands_out() -> None:
    row = histogram_row(_days([3] * 30), 90, ZONE, None, cursor=4)
    assert [
        index for index, piece in enumerate(p for p in row if set(p.text) <= _BARS) if piece.role is Role.TITLE
    ] == [4]
