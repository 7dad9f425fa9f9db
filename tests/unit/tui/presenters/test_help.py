"""Tests of tui.presenters.help."""

import pytest

from data.query import REFERENCE, parse_query
from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.glyphs import ASCII, draw_with
from tui.keymap import ACTIONS, Scope
from tui.presenters.help import help_rows
from tui.presenters.pieces import plain_text

_DECK = (Scope.MOVING, Scope.DECK, Scope.READING, Scope.EVERYWHERE)


def _texts(width: int, near: tuple[Scope, ...] = (), remarks: tuple[str, ...] = ()) -> list[str]:
    return [plain_text(row) for row in help_rows(width, near, remarks)]


def _headings(texts: list[str]) -> list[str]:
    return [text.strip().removesuffix("  here") for text in texts if text[:1] == " " and text[1:2].strip()]


@pytest.mark.parametrize("near", [(), _DECK, (Scope.TEXT, Scope.EVERYWHERE)])
@pytest.mark.parametrize("width", [45, 60, 80, 119, 120, 200])
def test_every_row_fits(width: int, near: tuple[Scope, ...]) -> None:
    assert_fit_to_show(help_rows(width, near, ("A remark that is long enough to be broken. " * 3,)), width)


@pytest.mark.parametrize("width", [45, 80])
def test_every_action_is_in_the_help_with_its_keys(width: int) -> None:
    texts = _texts(width, _DECK)
    shown = " ".join(" ".join(texts).split())
    for action in ACTIONS:
        assert any(text.split()[: len(action.shown_keys)] == [*action.shown_keys] for text in texts), action.id
        assert action.help.split()[0] in shown
        if width == 80:
            assert any(text.endswith(f" {action.help}") for text in texts), action.id


@pytest.mark.parametrize("near", [(), _DECK, (Scope.SIDEBAR, Scope.MOVING, Scope.EVERYWHERE)])
def test_every_scope_has_one_heading(near: tuple[Scope, ...]) -> None:
    headings = _headings(_texts(80, near))
    for scope in {action.scope for action in ACTIONS}:
        assert headings.count(scope.value) == 1, scope


def test_the_keys_of_what_had_the_focus_come_first_and_moving_last_of_them() -> None:
    headings = _headings(_texts(80, _DECK))
    assert headings[:4] == ["Deck", "Deck and open card", "Everywhere", "Moving"]
    assert headings[4:7] == ["Queries", "Times in queries", "Marks on a card"]
    assert " Deck  here" in _texts(80, _DECK)


def test_who_writes_a_query_sees_next_how_it_is_written() -> None:
    headings = _headings(_texts(80, (Scope.TEXT, Scope.EVERYWHERE)))
    assert headings[:4] == ["Search box", "Queries", "Times in queries", "Everywhere"]


def test_remarks_on_ones_own_keys_stand_above_all() -> None:
    texts = _texts(60, _DECK, ("log.fnd is no action; log.find is one.",))
    assert texts[:2] == [" Your keys", "   log.fnd is no action; log.find is one."]


def test_every_key_of_a_query_has_its_example_which_parses() -> None:
    texts = _texts(80)
    for entry in REFERENCE:
        assert any(text[3:].startswith(f"{entry.example} ") for text in texts), entry.key
        parse_query(entry.example)


def test_in_two_columns_all_is_there_and_neither_is_much_longer() -> None:
    wide, narrow = help_rows(160, _DECK), help_rows(80, _DECK)
    halves = ([plain_text(row)[:80].strip() for row in wide], [plain_text(row)[80:].strip() for row in wide])
    assert sorted(text for half in halves for text in half if text) == sorted(
        text.strip() for text in map(plain_text, narrow) if text
    )
    assert len(wide) < 0.7 * len(narrow)


def test_the_marks_are_those_that_are_drawn() -> None:
    assert any(text.split() == ["×", "it", "failed"] for text in _texts(80))
    draw_with(ASCII)
    texts = _texts(80)
    assert any(text.split() == ["x", "it", "failed"] for text in texts)
    assert all(text.isascii() for text in texts)
