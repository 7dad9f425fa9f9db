"""Tests of tui.widgets.key_bar."""

import pytest

from tests.unit.tui.presenters.row_checks import assert_fit_to_show
from tui.keymap import Scope, footer
from tui.presenters.access_tabs import AccessTab
from tui.presenters.pieces import Role, plain_text
from tui.screens.access.tab_keys import KEYS_OF_TABS
from tui.widgets.key_bar import KeyBar

# A box takes `?` as text, the help is what it leads to, and a new token is not left for it.
_WITHOUT_HELP = (
    Scope.TEXT,
    Scope.NARROW,
    Scope.HELP,
    Scope.FORM,
    Scope.CHECKS,
    Scope.REASON,
    Scope.TOKEN,
    Scope.PLACE,
    Scope.HAND_OVER,
    Scope.RULE,
)


@pytest.mark.parametrize("width", [40, 45, 60, 64, 80, 100, 120, 200])
@pytest.mark.parametrize("scope", Scope)
def test_only_whole_entries_are_shown_and_how_to_see_the_others(scope: Scope, width: int) -> None:
    bar = KeyBar()
    bar.show_scope(scope)
    row = bar.make_row(width)
    assert_fit_to_show([row], width)
    shown, entries = plain_text(row), [f"{keys} {words}" for keys, words in footer(scope)]
    rest = shown if scope in _WITHOUT_HELP else shown.removesuffix("? all keys")
    assert (rest != shown) is (scope not in _WITHOUT_HELP)
    whole = [entry for entry in entries if entry in rest]
    assert rest.strip() == "  ".join(whole), "nothing but whole entries"
    assert whole == entries[: len(whole)], "the most useful come first"
    assert whole or not entries


@pytest.mark.parametrize("scope", [Scope.DECK, Scope.NOTICE, Scope.CARD, Scope.TEXT])
def test_at_120_cells_every_entry_fits(scope: Scope) -> None:
    bar = KeyBar()
    bar.show_scope(scope)
    shown = plain_text(bar.make_row(120))
    assert all(f"{keys} {words}" in shown for keys, words in footer(scope))


def test_in_each_tab_of_access_the_keys_have_the_words_of_what_they_do_there() -> None:
    shown = {}
    for tab, keys in KEYS_OF_TABS.items():
        bar = KeyBar()
        bar.show_scope(Scope.ACCESS_LIST)
        bar.show_meaning(keys.lacks, keys.words)
        shown[tab] = plain_text(bar.make_row(200))
    assert "a invite  e edit  x suspend  D remove" in shown[AccessTab.MEMBERS]
    assert "a add  e edit  D delete" in shown[AccessTab.ROLES] and " t keys" not in shown[AccessTab.ROLES]
    assert "a invite  x revoke  S send again" in shown[AccessTab.INVITATIONS]
    assert "enter open  x end  , . tabs" in shown[AccessTab.SESSIONS]
    assert [tab for tab, keys in shown.items() if "w why" in keys] == [AccessTab.MEMBERS]


def test_a_notice_stands_there_until_it_is_cleared() -> None:
    bar = KeyBar()
    bar.show_notice("q again quits.")
    assert plain_text(bar.make_row(80)) == " q again quits."
    bar.show_scope(Scope.DECK)
    assert plain_text(bar.make_row(80)) == " q again quits.", "nobody pressed a key"
    bar.clear_notice()
    assert "j k move" in plain_text(bar.make_row(80))


def test_what_is_told_no_longer_takes_no_other_notice_with_it() -> None:
    bar = KeyBar()
    bar.tell("A whole name", Role.TEXT)
    bar.show_notice("Called off.")
    bar.tell(None, Role.TEXT)
    assert plain_text(bar.make_row(80)) == " Called off."
    bar.tell("A whole name", Role.TEXT)
    bar.tell(None, Role.TEXT)
    assert "A whole name" not in plain_text(bar.make_row(80))


def test_of_a_notice_the_longest_text_that_has_room_is_shown() -> None:
    bar = KeyBar()
    bar.show_notice("one two three", "one two", "one")
    shown = [plain_text(bar.make_row(width)) for width in (14, 13, 8, 7, 4, 3)]
    assert shown == [" one two three", " one two", " one two", " one", " one", " o…"]
