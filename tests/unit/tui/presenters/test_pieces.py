"""Tests of tui.presenters.pieces."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tui.made_up_events import HOSTILE, wide_texts
from tests.unit.tui.presenters.row_checks import assert_fit_to_show, row_cells
from tui.presenters.pieces import Line, Piece, Role, plain_text

_ADDING = st.tuples(st.just("add"), wide_texts, st.none() | st.integers(0, 40))
_AT = st.tuples(st.just("at"), st.just(""), st.integers(0, 40))
_RIGHT = st.tuples(st.just("right"), wide_texts, st.none() | st.integers(0, 40))


def test_text_is_placed_cut_and_made_safe() -> None:
    line = Line(12).at(2).add("one", Role.TITLE, bold=True).add("\x1btwothree", until=9)
    assert line.row() == (Piece("  "), Piece("one", Role.TITLE, bold=True), Piece("␛tw…"))
    assert (line.used, line.room) == (9, 3)


def test_what_has_no_room_is_left_out() -> None:
    assert Line(3).add("abc").add("d").row() == (Piece("abc"),)
    assert Line(5).add("abc").add("d", until=3).row() == (Piece("abc"),)


def test_text_that_reaches_further_stays() -> None:
    assert plain_text(Line(10).add("abcdef").at(3).add("g").row()) == "abcdefg"


def test_text_on_the_right_ends_where_it_should() -> None:
    assert plain_text(Line(10).right("ab").row()) == "        ab"
    assert plain_text(Line(10).right("ab", end=9).row()) == "       ab"
    assert row_cells(Line(10).right("漢字").row()) == 10
    assert plain_text(Line(10).add("12345678").right("abc").row()) == "12345678a…"


@given(st.integers(0, 40), st.lists(st.one_of(_ADDING, _AT, _RIGHT), max_size=6))
@settings(deadline=None)
def test_no_line_is_wider_than_its_width(width: int, steps: list[tuple[str, str, int | None]]) -> None:
    line = Line(width)
    for step, text, cell in steps:
        if step == "add":
            line.add(text, until=cell)
        elif step == "right":
            line.right(text, end=None if cell is None else min(cell, width))
        else:
            line.at(min(cell or 0, width))
    assert_fit_to_show([line.row()], width)
    assert row_cells(line.row()) == line.used


def test_plain_text_is_the_row_without_its_looks() -> None:
    assert plain_text(Line(200).add(HOSTILE).row()).startswith("␛[31mred␛]52;c;")
