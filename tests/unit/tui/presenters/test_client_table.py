"""Tests of tui.presenters.client_table, ages and sparkline."""

import itertools
from datetime import timedelta

import pytest

from data.clients.model import ApiClient
from tests.unit.tui.made_up_clients import NOW, TODAY, TOKEN, a_client, hostile_client, listed
from tests.unit.tui.presenters.row_checks import assert_fit_to_show, row_cells
from tui.glyphs import ASCII, draw_with
from tui.presenters.ages import ago_text, days_text, lasting_text, until_text
from tui.presenters.client_table import (
    Column,
    Order,
    arranged,
    bar_row,
    client_row,
    columns_for,
    expiring_count,
    head_row,
    scopes_text,
    warning_sign,
)
from tui.presenters.pieces import plain_text
from tui.presenters.sparkline import sparkline


def ending_in(days: int, **fields: object) -> ApiClient:
    return a_client(expires=TODAY + timedelta(days=days), **fields)


def text_of(client: ApiClient, width: int = 120) -> str:
    return plain_text(client_row(listed(client)[0], (0, 0, 1, 2, 4, 8, 8), width, NOW))


def test_columns_go_by_how_much_they_are_needed() -> None:
    shown = {width: {column for column, _, _ in columns_for(width)} for width in (40, 60, 80, 100, 128)}
    assert shown[40] == {Column.NAME, Column.STATUS, Column.EXPIRES}
    assert shown[60] == shown[40] | {Column.USED}
    assert shown[80] == shown[60] | {Column.LEFT, Column.WEEK}
    assert shown[100] == shown[80] | {Column.OWNER}
    assert shown[128] == set(Column)


@pytest.mark.parametrize("width", range(20, 240, 7))
def test_no_column_reaches_into_the_next(width: int) -> None:
    columns = columns_for(width)
    for (_, at, cells), (_, after, _) in itertools.pairwise(columns):
        assert at + cells < after
    for client in (a_client(), hostile_client(), ending_in(0), a_client(name="漢" * 200, owner="字" * 90)):
        assert_fit_to_show([client_row(listed(client)[0], None, width, NOW), head_row(width, Order.NAME)], width)
        assert row_cells(client_row(listed(client)[0], None, width, NOW)) <= width


@pytest.mark.parametrize(
    ("days", "sign", "words"),
    [(31, "", ""), (30, "!", "in 30 days"), (7, "!!", "in 7 days"), (1, "!!!", "tomorrow"), (0, "!!!", "today")],
)
def test_an_end_that_is_near_has_a_sign_and_words(days: int, sign: str, words: str) -> None:
    client = ending_in(days)
    assert warning_sign(listed(client)[0]) == sign
    row = text_of(client)
    assert row.split("Payroll sync")[0].strip() == sign and words in row
    assert ("expiring" in row) is bool(sign)


def test_what_has_ended_warns_of_nothing() -> None:
    for client in (ending_in(-1), ending_in(5, revoked_at=NOW)):
        assert warning_sign(listed(client)[0]) == "" and "!" not in text_of(client)
    assert expiring_count(listed(ending_in(-1), ending_in(5, revoked_at=NOW), ending_in(30), ending_in(31))) == 1


def test_a_row_says_when_it_was_used_and_how_much() -> None:
    assert "3 min ago" in text_of(a_client()) and "  ▁▂▄██" in text_of(a_client())
    assert "never" in text_of(a_client(tokens=()))
    assert "in 112 days" in text_of(a_client()) and "12 Mar 2027" in text_of(a_client())
    assert "in 12 days" in text_of(ending_in(12), 60) and "12 Mar 2027" in text_of(a_client(), 60)


def test_the_list_is_sorted_by_what_matters() -> None:
    soon, late, gone = ending_in(3, name="b"), ending_in(90, name="a", tokens=()), ending_in(-2, name="c")
    fresh = ending_in(50, name="d", tokens=(TOKEN,))
    clients = listed(late, soon, gone, fresh)

    def names(order: Order, text: str = "") -> str:
        return "".join(one.client.name for one in arranged(clients, order, text))

    assert names(Order.NAME) == "abcd"
    assert names(Order.EXPIRES) == "bdac"
    assert names(Order.USED) == "bcda"
    assert names(Order.STATUS) == "badc"
    assert names(Order.NAME, "7FH2") == "bcd", "by a token's public id, case ignored"
    assert names(Order.NAME, "a:write") == "abcd" and names(Order.NAME, "nothing") == ""


def test_the_row_above_counts_what_is_shown() -> None:
    assert plain_text(bar_row(80, 1, 1, 0, Order.NAME, "")).startswith(" 1 client ")
    assert plain_text(bar_row(80, 2, 1204, 3, Order.USED, "x")).startswith(
        " 2 of 1,204 clients  ! 3 end within 30 days"
    )


def test_scopes_are_cut_to_whole_ones() -> None:
    assert scopes_text(("orders:read", "orders:write", "users:read"), 30) == "orders:read orders:write +1"
    assert scopes_text(("orders:read", "orders:write"), 16) == "orders:read +1"
    assert scopes_text((), 10) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "just now"),
        (180, "3 min ago"),
        (3_600, "1 h ago"),
        (86_400, "1 day ago"),
        (86_400 * 60, "60 days ago"),
        (86_400 * 100, "3 mon ago"),
    ],
)
def test_ages_are_told_in_the_largest_unit_that_says_enough(seconds: int, text: str) -> None:
    assert ago_text(NOW - timedelta(seconds=seconds), NOW) == text
    assert len(text) <= 11


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (12, "in 12 days"),
        (-3, "3 days ago"),
        (2_000, "in 2,000 days"),
    ],
)
def test_days_are_counted_from_today(days: int, text: str) -> None:
    assert days_text(days) == text


def test_a_sparkline_has_a_cell_a_count_and_little_is_not_nothing() -> None:
    assert sparkline((0, 1, 500, 1000)) == " ▁▄█"
    assert sparkline((0, 0)) == "  " and sparkline(()) == ""
    draw_with(ASCII)
    assert sparkline((0, 1, 500, 1000)) == " .:#"


@pytest.mark.parametrize(
    ("seconds", "lasting", "until"),
    [
        (30, "0 min", "in less than a minute"),
        (60, "1 min", "in 1 min"),
        (3_600, "1 h", "in 1 h"),
        (4_320, "1 h 12 min", "in 1 h"),
        (35_999, "9 h 59 min", "in 9 h"),
        (36_060, "10 h", "in 10 h"),
        (86_400, "1 day", "in 1 day"),
        (600_000, "6 days", "in 6 days"),
        (-60, "", "1 min ago"),
    ],
)
def test_how_long_something_takes_and_when_it_ends(seconds: int, lasting: str, until: str) -> None:
    assert until_text(NOW + timedelta(seconds=seconds), NOW) == until
    if lasting:
        assert lasting_text(seconds) == lasting
