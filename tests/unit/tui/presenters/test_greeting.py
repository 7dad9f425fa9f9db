"""Tests of tui.presenters.greeting."""

from contextvars import copy_context

from data.query import parse_query
from tui.keymap import Keymap, put_in_force
from tui.presenters.greeting import greeting
from tui.presenters.pieces import Role

_QUERY = parse_query("outcome:denied last:7d")


def _text(remark: str | None = None, *, offers: bool = False, is_first: bool = False) -> str | None:
    found = greeting(remark, _QUERY if offers else None, is_first=is_first)
    return None if found is None else found.texts[0]


def test_there_is_one_line_and_what_is_amiss_comes_first() -> None:
    assert _text() is None
    assert _text("Your keys: x.", offers=True, is_first=True) == "Your keys: x."
    assert _text(offers=True, is_first=True) == "U takes up your last query: outcome:denied last:7d"
    assert _text(is_first=True) == ("? shows all keys · / searches · f filters · enter opens a card · : finds commands")


def test_where_there_is_no_room_for_it_the_first_keys_are_fewer() -> None:
    found = greeting(None, None, is_first=True)
    assert found is not None
    assert found.texts[1:] == (
        "? all keys · / search · f filters · enter open · : commands",
        "? all keys · / search · f filters · enter open",
        "? all keys · / search · f filters",
        "? all keys · / search",
        "? all keys",
    )
    assert list(found.texts) == sorted(found.texts, key=len, reverse=True)


def test_only_what_is_amiss_is_loud() -> None:
    amiss, first = greeting("Amiss.", None, is_first=True), greeting(None, None, is_first=True)
    assert amiss is not None and first is not None
    assert (amiss.role, first.role) == (Role.DENIED, Role.TEXT)


def test_the_keys_are_ones_own() -> None:
    def look() -> None:
        put_in_force(Keymap({"log.redo": (), "log.find": (), "deck.open": ("f2",)}))
        assert _text(offers=True) is None
        assert _text(is_first=True) == "? shows all keys · f filters · F2 opens a card · : finds commands"

    copy_context().run(look)
