"""Tests of tui.presenters.call_plot and of the plotting library that draws it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import CallPoint, CallSeries
from data.clock import to_microseconds
from data.query import Pattern
from tests.unit.tui.made_up_events import HOSTILE, ZONE
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.glyphs import ASCII, draw_with
from tui.presenters.call_plot import PlotSize, plot_rows, waiting_rows
from tui.presenters.pieces import Role, Row, plain_text

_DAY_US = 86_400_000_000
_START_US = to_microseconds(datetime(2026, 10, 22, tzinfo=UTC))
_SIZE = PlotSize(91, 8)


def _series(points: list[CallPoint], label: str = "Payroll sync") -> tuple[CallSeries, tuple[int, ...]]:
    edges = tuple(_START_US + number * _DAY_US for number in range(len(points) + 1))
    return CallSeries(label, Pattern.literal(label), tuple(points)), edges


def _drawn(points: list[CallPoint], size: PlotSize = _SIZE, label: str = "Payroll sync") -> tuple[Row, ...]:
    return plot_rows(*_series(points, label), size, ZONE)


def _of_role(rows: tuple[Row, ...], role: Role) -> str:
    return "".join(piece.text for row in rows[1:] for piece in row if piece.role is role)


def test_calls_errors_and_p95_are_drawn_each_in_its_own_look() -> None:
    rows = _drawn([CallPoint(10 + number, number % 3, 40 + number) for number in range(30)])
    assert plain_text(rows[0]).startswith(" Payroll sync  735 calls  × 30") and plain_text(rows[0]).endswith("p95")
    assert set(_of_role(rows, Role.FAILURE)) == {"×"} and "█" in _of_role(rows, Role.ACCENT)
    assert _of_role(rows, Role.AFTER), "the p95"
    labels = _of_role(rows, Role.MUTED)
    for text in ("39", "69 ms", "22 Oct", "20 Nov"):
        assert text in labels


def test_more_calls_reach_higher() -> None:
    rows = _drawn([CallPoint(1, 0, None)] * 15 + [CallPoint(8, 0, None)] * 15)
    texts = [plain_text(row)[:44] for row in rows[1:-1]]
    assert all("█" not in text[5:22] for text in texts[:4]) and all("██" in text[26:] for text in texts[1:])


def test_where_nothing_was_called_nothing_is_drawn() -> None:
    """Not even the lowest cell, which a single call has."""
    rows = _drawn([CallPoint(0, 0, None)] * 15 + [CallPoint(1_000, 0, None)] + [CallPoint(1, 0, None)] * 14)
    bottom = plain_text(rows[-2])
    assert bottom[6:20].strip() == "" and bottom[30:40].strip() and any("▌" in plain_text(row) for row in rows[2:-2])


def test_where_nothing_was_called_the_p95_is_broken() -> None:
    known, none = CallPoint(1, 0, 50), CallPoint(0, 0, None)
    whole = _of_role(_drawn([known] * 30), Role.AFTER)
    broken = _of_role(_drawn([known] * 10 + [none] * 10 + [known] * 10), Role.AFTER)
    assert 0 < len(broken) < len(whole) - 8


def test_without_durations_it_says_so() -> None:
    assert "no durations were noted" in " ".join(map(plain_text, _drawn([CallPoint(3, 0, None)] * 9)))


def test_one_bucket_and_no_calls_at_all_can_be_drawn() -> None:
    assert len(_drawn([CallPoint(3, 1, 12)])) == len(_drawn([CallPoint(0, 0, None)] * 5)) == _SIZE.rows


def test_on_a_terminal_with_ascii_alone_area_line_and_errors_are_three_characters() -> None:
    draw_with(ASCII)
    rows = _drawn([CallPoint(10 + number % 5, number % 2, 40 + number) for number in range(30)])
    assert all(plain_text(row).isascii() for row in rows)
    drawn = [set(_of_role(rows, role)) for role in (Role.ACCENT, Role.FAILURE, Role.AFTER)]
    assert drawn == [{":"}, {"x"}, {"*"}]


@pytest.mark.parametrize(
    ("width", "height", "rows"),
    [(55, 16, None), (80, 17, None), (80, 19, 7), (91, 35, 12), (171, 55, 15), (20, 3, None)],
)
def test_a_small_pane_has_no_plot_and_a_large_one_no_more_than_is_of_use(
    width: int, height: int, rows: int | None
) -> None:
    size = PlotSize.within(width, height)
    assert rows == (None if size is None else size.rows)
    assert size is None or len(waiting_rows(size, "...")) == rows


@given(
    st.lists(
        st.builds(CallPoint, st.integers(0, 10**7), st.integers(0, 10**6), st.none() | st.integers(0, 10**8)),
        min_size=1,
        max_size=60,
    ),
    st.integers(60, 200),
    st.integers(6, 14),
    st.text(max_size=40) | st.just(HOSTILE),
)
@settings(max_examples=30, deadline=None)
def test_every_row_fits_and_there_are_as_many_as_were_asked_for(
    points: list[CallPoint], width: int, height: int, label: str
) -> None:
    size = PlotSize(width, height)
    rows = _drawn(points, size, label)
    assert len(rows) == size.rows
    assert_fit_to_show(rows, width)
