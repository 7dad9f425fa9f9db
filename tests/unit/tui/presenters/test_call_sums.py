"""Tests of tui.presenters.call_sums."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import CallGroup, Dimension
from data.query import EventQuery, Pattern
from data.records import Reference
from data.unusual import Finding, UnusualKind
from tests.unit.tui.made_up_events import HOSTILE, ZONE
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.glyphs import ASCII, draw_with
from tui.presenters.call_sums import (
    SumOrder,
    duration_text,
    more_row,
    sorted_groups,
    sum_head,
    sum_row,
    unusual_of,
)
from tui.presenters.pieces import Role, plain_text

_NOW = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)
_GROUP = CallGroup("Payroll sync", Pattern.literal("Payroll sync"), 1_775, 200, 68, 3_211, _NOW)


def _group(label: str, calls: int = 1, errors: int = 0, p95_ms: int | None = None) -> CallGroup:
    return CallGroup(label, Pattern.literal(label), calls, errors, p95_ms, p95_ms, _NOW)


def _text(group: CallGroup, width: int = 91, unusual: tuple[UnusualKind, ...] = ()) -> str:
    (row,) = sum_row(group, unusual, _NOW, width, ZONE)
    return plain_text(row)


def test_a_row_has_its_numbers_below_the_names_of_the_columns() -> None:
    head, text = plain_text(sum_head(Dimension.CLIENT, SumOrder.CALLS, 91)), _text(_GROUP)
    for name, value in (
        ("calls", "1,775"),
        ("errors", "11%"),
        ("p50", "68 ms"),
        ("p95", "3,211 ms"),
        ("newest", "14:09"),
    ):
        assert head.index(name) + len(name) == text.index(value) + len(value), name
    assert text.startswith("   Payroll sync ") and "    200  11%" in text


def test_what_is_unusual_has_a_mark_and_its_words() -> None:
    (row,) = sum_row(_GROUP, (UnusualKind.CALLS, UnusualKind.ADDRESS), _NOW, 91, ZONE)
    assert plain_text(row).startswith(" ! Payroll sync  calls, new address")
    assert [piece.text for piece in row if piece.role is Role.DENIED] == ["!", "calls, new address"]


def test_where_its_words_have_no_room_the_first_says_how_many_more_there_are() -> None:
    kinds = (UnusualKind.CALLS, UnusualKind.ADDRESS)
    assert _text(_GROUP, 76, kinds).startswith(" ! Payroll sync  calls +1 ")
    assert _text(_group("x" * 200), 91, kinds).startswith(" ! ")
    assert _text(_group("x" * 200), 76, (UnusualKind.CALLS,)).count("calls") == 1, "no name takes its place"


def test_none_failed_is_quiet_and_few_are_not_none() -> None:
    assert "%" not in _text(_group("a", 7))
    assert " <1%" in _text(_group("a", 1_000, 1)) and " 100%" in _text(_group("a", 3, 3))


def test_the_newest_is_a_time_of_today_else_a_day_else_a_year() -> None:
    ends = [_text(replace(_GROUP, newest=_NOW - timedelta(days=ago))).split()[-1] for ago in (0, 1, 400)]
    assert ends == ["14:09", "Nov", "2025"]


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(None, "–"), (0, "0 ms"), (9_999, "9,999 ms"), (12_400, "12.4 s"), (1_000_000, "1,000.0 s")],
)
def test_durations(milliseconds: int | None, text: str) -> None:
    assert duration_text(milliseconds) == text


def test_each_order_has_the_most_first_and_names_by_the_alphabet() -> None:
    groups = [_group("b", 3, 1, 50), _group("A", 2, 2, None), _group("c", 1, 0, 90)]
    labels = {order: "".join(one.label for one in sorted_groups(groups, order)) for order in SumOrder}
    assert labels == {SumOrder.CALLS: "bAc", SumOrder.ERRORS: "Abc", SumOrder.P95: "cbA", SumOrder.NAME: "Abc"}
    order = SumOrder.CALLS
    for _ in SumOrder:
        order = order.next
    assert order is SumOrder.CALLS


def test_the_column_of_the_order_stands_out() -> None:
    for order, name in ((SumOrder.NAME, "Service"), (SumOrder.P95, "p95"), (SumOrder.ERRORS, "errors")):
        head = sum_head(Dimension.SERVICE, order, 91)
        assert [piece.text for piece in head if piece.underline and piece.bold] == [name]


def test_what_is_unusual_about_a_client_is_known_by_its_id_or_else_its_name_and_of_a_service_by_its_name() -> None:
    finding = Finding(Reference("api_client", "c-1", "Payroll sync"), "orders", UnusualKind.ERRORS, "", EventQuery())
    other = replace(finding, client=Reference("api_client", "c-2", "Other"), service=None, kind=UnusualKind.SILENCE)
    renamed, namesake = replace(_group("Payroll"), id="c-1"), replace(_group("Payroll sync"), id="c-3")
    assert unusual_of(renamed, Dimension.CLIENT, (finding, finding, other)) == (UnusualKind.ERRORS,)
    assert unusual_of(namesake, Dimension.CLIENT, (finding, other)) == ()
    by_name = replace(finding, client=Reference("api_client", None, "Payroll sync"))
    assert unusual_of(_group("Payroll sync"), Dimension.CLIENT, (by_name, other)) == (UnusualKind.ERRORS,)
    assert unusual_of(_group("orders"), Dimension.SERVICE, (finding, other)) == (UnusualKind.ERRORS,)
    assert unusual_of(_group("orders"), Dimension.TARGET, (finding,)) == ()
    assert unusual_of(_group("orders"), Dimension.CLIENT, (finding,)) == ()


def test_that_there_are_more_is_said() -> None:
    assert plain_text(more_row(200, 1_204, Dimension.CLIENT, 91)).strip() == (
        "These are the 200 clients with the most calls, of 1,204."
    )


@given(
    st.text(max_size=60) | st.just(HOSTILE),
    st.integers(1, 10**7),
    st.integers(40, 220),
    st.sets(st.sampled_from(UnusualKind)),
    st.booleans(),
)
@settings(max_examples=100)
def test_every_row_fits(label: str, calls: int, width: int, kinds: set[UnusualKind], is_ascii: bool) -> None:
    if is_ascii:
        draw_with(ASCII)
    rows = sum_row(_group(label, calls, calls // 3, calls), tuple(kinds), _NOW, width, ZONE)
    assert_fit_to_show([*rows, sum_head(Dimension.CLIENT, SumOrder.CALLS, width)], width)
    assert not is_ascii or all(piece.text.isascii() for row in rows for piece in row)
