"""Tests of tui.presenters.views."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.answers import ViewCounts
from data.views import SHIPPED, ReadingMark, View
from tests.unit.tui.made_up_events import HOSTILE
from tests.unit.tui.presenters.row_checks import assert_fit_to_show, row_cells
from tui.presenters.pieces import plain_text
from tui.presenters.views import list_rows, narrowed, new_text

ZONE = ZoneInfo("Europe/Berlin")
OWN = View(UUID(int=1), "Refusals", "outcome:denied last:14d", "ann", is_own=True)
SHARED = View(UUID(int=2), "Nights", "last:30d type:session.*", "bob", is_shared=True)
MARK = ReadingMark(UUID(int=9), UUID(int=9), datetime(2026, 11, 19, 16, 2, tzinfo=UTC))
VIEWS = (OWN, SHARED, *SHIPPED)


def lines(*views: View, counts: dict[UUID, ViewCounts] | None = None, width: int = 60) -> list[str]:
    groups = list_rows(views, counts or {}, {}, width, ZONE)
    return [plain_text(row) for rows, _ in groups for row in rows]


def test_each_group_has_its_heading_once_and_each_view_its_key() -> None:
    shown = list(list_rows(VIEWS, {}, {}, 60, ZONE))
    assert [view_id for _, view_id in shown if view_id is not None] == [view.id for view in VIEWS]
    headings = [plain_text(rows[-1]) for rows, view_id in shown if view_id is None]
    assert headings == [" Yours", " Shared by others", " Built in"]


def test_a_view_says_who_sees_it_and_its_query() -> None:
    assert lines(OWN)[1:] == [f"{'  Refusals':<58}…", "    outcome:denied last:14d"]
    assert lines(replace(OWN, is_shared=True))[1].startswith("  Refusals  shared ")
    assert lines(SHARED)[1].startswith("  Nights  by bob ")


def test_counts_stand_at_the_right_and_what_is_new_before_them() -> None:
    rows = lines(replace(OWN, mark=MARK), counts={OWN.id: ViewCounts(1204, 3)})
    assert rows[1] == f"{'  Refusals':<47}3 new  1,204"
    assert rows[2] == "    outcome:denied last:14d            read to 19 Nov 17:02", "in the zone shown"


def test_a_newer_mark_counts_before_the_view_s_own() -> None:
    newer = replace(MARK, left_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    shown = list_rows((replace(OWN, mark=MARK),), {}, {OWN.id: newer}, 60, ZONE)
    assert "read to 20 Nov 09:00" in "".join(plain_text(row) for rows, _ in shown for row in rows)


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (ViewCounts(5, None), None),
        (ViewCounts(5, 0), None),
        (ViewCounts(5, 1), "1 new"),
        (ViewCounts(500, 99, has_more_new=True), "99+ new"),
    ],
)
def test_what_is_new_in_words(counts: ViewCounts, text: str | None) -> None:
    assert new_text(counts) == text


def test_a_query_that_cannot_be_read_has_its_problem_and_no_count() -> None:
    rows = lines(replace(OWN, text="colour:red"), width=90)
    assert rows[1] == "  Refusals" and rows[2] == "    colour:red"
    assert rows[3].startswith("    This program cannot read its query: ")


@given(st.integers(40, 130), st.text(max_size=70) | st.just(HOSTILE), st.booleans())
def test_rows_keep_to_their_width_and_drive_nothing(width: int, text: str, is_own: bool) -> None:
    view = replace(OWN, name=text, text=text, owner=text, is_own=is_own, is_shared=True, mark=MARK)
    for counts in ({}, {view.id: ViewCounts(123_456, 99, has_more_new=True)}):
        for rows, _ in list_rows((view,), counts, {}, width, ZONE):
            assert_fit_to_show(rows, width)


def test_narrowing_looks_at_name_query_and_owner_whatever_the_case() -> None:
    assert narrowed(VIEWS, "") == VIEWS
    assert narrowed(VIEWS, "REFUS") == (OWN,)
    assert narrowed(VIEWS, "session") == (SHARED,)
    assert narrowed(VIEWS, "Bob") == (SHARED,)
    assert [view.name for view in narrowed(VIEWS, "yesterday")] == ["Denied yesterday"]
    assert narrowed(VIEWS, "nothing of the kind") == ()


def test_the_count_ends_a_cell_before_the_edge() -> None:
    for width in (40, 60, 90):
        (_, (rows, _)) = list_rows((OWN,), {OWN.id: ViewCounts(7, 2)}, {}, width, ZONE)
        assert row_cells(rows[0]) == width - 1
