"""Tests of tui.presenters.days."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.tui.presenters.row_checks import assert_fit_to_show, row_cells
from tui.presenters.days import heading_row, read_to_row
from tui.presenters.pieces import plain_text

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (TODAY, " Today  Sun 1 Mar 2026  ──"),
        (date(2026, 2, 28), " Yesterday  Sat 28 Feb 2026  ──"),
        (date(2026, 2, 27), " Fri 27 Feb 2026  ──"),
        (date(2026, 3, 2), " Mon 2 Mar 2026  ──"),
        (date(2025, 3, 1), " Sat 1 Mar 2025  ──"),
    ],
)
def test_a_day_is_named(day: date, start: str) -> None:
    assert plain_text(heading_row(day, TODAY, 90)).startswith(start)


@pytest.mark.parametrize("width", [40, 79, 90])
def test_the_rule_ends_a_cell_before_the_edge(width: int) -> None:
    assert row_cells(heading_row(TODAY, TODAY, width)) == width - 1


@pytest.mark.parametrize("width", range(1, 40, 3))
def test_a_heading_keeps_to_its_width(width: int) -> None:
    assert_fit_to_show([heading_row(TODAY, TODAY, width)], width)


def test_the_rule_where_a_view_was_left_names_the_moment_in_the_zone_shown() -> None:
    row = read_to_row(datetime(2026, 11, 19, 16, 2, tzinfo=UTC), ZoneInfo("Europe/Berlin"), 90)
    assert plain_text(row).startswith(" ── read to here, 19 Nov 17:02 ──")
    assert row_cells(row) == 89


@pytest.mark.parametrize("width", range(1, 40, 3))
def test_that_rule_keeps_to_its_width(width: int) -> None:
    assert_fit_to_show([read_to_row(datetime(2026, 11, 19, tzinfo=UTC), ZoneInfo("UTC"), width)], width)
