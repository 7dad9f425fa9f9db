"""Tests of tui.presenters.palette."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.keymap import ACTIONS, BY_ID
from tui.presenters.palette import Found, command_row, found_actions
from tui.presenters.pieces import plain_text


def _is_in(typed: str, text: str) -> bool:
    """Whether these letters are in the text in this order: the oracle."""
    letters = iter(text.lower())
    return all(letter in letters for letter in typed.lower())


def test_nothing_typed_is_all_of_them_as_they_come() -> None:
    assert [found.action for found in found_actions(ACTIONS, "  ")] == [*ACTIONS]


@given(st.text("abcdefghilmnorstuvy", min_size=1, max_size=6))
def test_an_action_is_found_by_letters_that_are_in_its_words_in_order(typed: str) -> None:
    found = {found.action.id for found in found_actions(ACTIONS, typed)}
    for action in ACTIONS:
        seen = _is_in(typed, action.help)
        assert (action.id in found) == (seen or typed in action.short or typed in action.id), action.id


@pytest.mark.parametrize(
    ("typed", "first"),
    [("undo", "log.undo"), ("REFRESH", "log.refresh"), ("half  page up", "move.half_up"), ("qu", "app.quit")],
)
def test_the_best_match_comes_first(typed: str, first: str) -> None:
    assert found_actions(ACTIONS, typed)[0].action.id == first


def test_what_is_not_seen_comes_last() -> None:
    found = [found.action.id for found in found_actions(ACTIONS, "put back")]
    assert found[:2] == ["log.put_back", "text.abandon"]
    assert [found.action.id for found in found_actions(ACTIONS, "app.quit")] == ["app.quit"]


@pytest.mark.parametrize("width", [20, 56, 76])
def test_a_row_has_the_words_and_the_keys(width: int) -> None:
    for action in ACTIONS:
        row = command_row(Found(action, frozenset({0, 2})), width)
        assert_fit_to_show([row], width)
        assert plain_text(row).endswith(action.shown_keys[-1])
        if width == 76:
            assert plain_text(row).strip().startswith(action.help)


def test_the_letters_typed_are_marked() -> None:
    row = command_row(found_actions([BY_ID["log.undo"]], "udo")[0], 60)
    assert "".join(piece.text for piece in row if piece.underline).lower() == "udo"
