"""Tests of tui.frames.runs."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.strategies.screens import RandomScreens
from tui.frames.cells import BEHIND, FIRST_NAMED, CellMemory
from tui.frames.runs import find_runs, is_even

_RED, _BLUE = Style(color="red"), Style(color="blue")


def _memory() -> CellMemory:
    return CellMemory(ColorSystem.TRUECOLOR)


def _runs(before: str, after: str) -> list[tuple[int, int]]:
    memory = _memory()
    old, new = (memory.row(Strip([Segment(text, _RED)])) for text in (before, after))
    return [(run.begin, run.end) for run in find_runs(old, new, memory)]


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("abc", "abc", []),
        ("abcdefgh", "abcdXfgh", [(4, 5)]),
        ("abcdefgh", "XbcdXfgh", [(0, 5)]),  # going past what stands between costs as much
        ("abcdefghij", "XbcdefghXj", [(0, 1), (8, 9)]),
        ("漢bcdefghi", "字bcdefgXi", [(0, 2), (8, 9)]),
        ("漢字漢字", "漢漢漢字", [(2, 4)]),
        ("ab🔒cdefghijk", "aX🔒cdefghijk", [(1, 2)]),
        ("ab🔒cdefghijk", "ab🔒cdefghXjk", [(2, 13)]),  # from there on nobody knows what stands where
        ("ab🔒cdefghijk", "abXXcdefghijk", [(2, 13)]),
    ],
)
def test_what_has_changed_is_drawn(before: str, after: str, runs: list[tuple[int, int]]) -> None:
    assert _runs(before, after) == runs


def test_blanks_are_gone_over_where_erasing_them_costs_the_same_however_many_they_are() -> None:
    memory = _memory()
    old, new = (memory.row(Strip([Segment(text, _RED)])) for text in ("ab      cd      ef", "                  "))
    assert [(run.begin, run.end) for run in find_runs(old, new, memory, spans_blanks=True)] == [(0, 18)]
    assert [(run.begin, run.end) for run in find_runs(old, new, memory)] == [(0, 2), (8, 10), (16, 18)]


def test_where_nothing_is_known_everything_is_drawn() -> None:
    memory = _memory()
    row = memory.row(Strip([Segment("ab", _RED), Segment("cd", _BLUE), Segment("    ", _BLUE)]))
    assert [(run.begin, run.end) for run in find_runs(None, row, memory)] == [(0, 2), (2, 8)]
    assert find_runs(memory.blank(5), row, memory) == find_runs(None, row, memory), "a row of another width"


def test_blanks_go_with_the_look_of_what_stands_beside_them() -> None:
    memory = _memory()
    row = memory.row(
        Strip([Segment("  "), Segment("ab", _RED), Segment("  "), Segment("cd", _RED), Segment("e", _BLUE)])
    )
    red, blue = (memory.row(Strip([Segment("x", style)])).looks for style in (_RED, _BLUE))
    assert [(run.begin, run.end, run.look) for run in find_runs(None, row, memory)] == [(0, 8, red), (8, 9, blue)]


def test_blanks_that_are_drawn_on_do_not() -> None:
    memory = _memory()
    row = memory.row(Strip([Segment("  ", Style(underline=True)), Segment("ab", _RED)]))
    assert [(run.begin, run.end) for run in find_runs(None, row, memory)] == [(0, 2), (2, 4)]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=True), width=st.integers(1, 30))
def test_runs_hold_all_that_has_changed_each_cell_once_in_a_look_that_it_is_seen_in(random: Random, width: int) -> None:
    memory = _memory()
    screens = RandomScreens(random)
    before = screens.row(width)
    old, new = memory.row(before), memory.row(screens.like(before))
    runs = find_runs(old, new, memory)
    drawn = [x for run in runs for x in range(run.begin, run.end)]
    assert drawn == sorted(set(drawn))
    changed = {x for x in range(width) if (old.text[x], old.looks[x]) != (new.text[x], new.looks[x])}
    assert changed <= set(drawn)
    for run in runs:
        assert new.text[run.begin] != BEHIND and new.text[run.end : run.end + 1] != BEHIND, "no halves"
        for x in range(run.begin, run.end):
            seen_in = {run.look, memory.blank_of(run.look)} if new.text[x] == " " else {run.look}
            assert new.looks[x] in seen_in


@pytest.mark.parametrize(
    ("text", "even"), [("abc", True), ("añ─", True), ("漢" + BEHIND, False), ("a" + FIRST_NAMED, False)]
)
def test_a_row_is_even_if_each_of_its_cells_holds_one_character(text: str, even: bool) -> None:
    assert is_even(text) is even
