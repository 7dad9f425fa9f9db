"""Tests of tui.presenters.names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tui.made_up_events import wide_texts
from tui.presenters.names import told_apart
from tui.terminal import cells_of, safe

_names = st.lists(st.tuples(wide_texts | st.text("ab", max_size=30), st.integers(6, 20)), max_size=6)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["short", "also short"], ["short", "also short"]),
        (["Contractor timesheets", "Payroll synchronisation"], ["Contractor …", "Payroll syn…"]),
        (["Contractor timesheets 1", "Contractor timesheets 2"], ["Contra…ets 1", "Contra…ets 2"]),
        (["Contractor timesheets north team", "Contractor timesheets south team"], ["…north team", "…south team"]),
        (["Contractor timesheets", "Contractor timesheets"], ["Contractor …", "Contractor …"]),
        (["給与計算システムの同期一", "給与計算システムの同期二"], ["給与計…同期一", "給与計…同期二"]),
    ],
)
def test_names_are_cut_where_they_do_not_differ(names: list[str], shown: list[str]) -> None:
    cells = max(cells_of(text) for text in shown)
    assert told_apart([(name, cells) for name in names]) == shown


@given(_names)
@settings(deadline=None)
def test_every_name_has_its_room_and_is_safe(names: list[tuple[str, int]]) -> None:
    for shown, (name, cells) in zip(told_apart(names), names, strict=True):
        assert cells_of(shown) <= cells
        assert safe(shown) == shown
        if cells_of(safe(name)) <= cells:
            assert shown == safe(name)


@given(
    st.text("ab ", max_size=12), st.text("abcß給 ", max_size=30), st.text("abcß給 ", max_size=30), st.integers(6, 20)
)
@settings(deadline=None, max_examples=300)
def test_two_names_that_differ_look_different(begin: str, one: str, other: str, cells: int) -> None:
    names = [begin * 3 + one, begin * 3 + other]
    shown = told_apart([(name, cells) for name in names])
    assert (shown[0] == shown[1]) is (names[0] == names[1])
