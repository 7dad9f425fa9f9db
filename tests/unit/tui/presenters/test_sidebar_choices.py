"""Tests of tui.presenters.sidebar_choices."""

import pytest

from data.answers import Dimension
from data.query import Pattern, parse_query, print_query
from data.query.editing import Choice
from data.query.pausing import Filtering
from tui.presenters.sidebar_choices import chosen, paused, taken
from tui.presenters.sidebar_state import ClauseKey, DatesKey, MoreKey, SidebarKey, TabsKey, ValueKey

MOSS = ValueKey(Dimension.ACTOR, Pattern.literal("m-42"))
WORD = ClauseKey(parse_query("word").clauses[0])


def _filtering(query: str, beside: str) -> Filtering:
    return Filtering(parse_query(query), parse_query(beside).without_times())


def _written(filtering: Filtering | None) -> tuple[str, int]:
    assert filtering is not None
    return print_query(filtering.query), len(filtering.paused)


@pytest.mark.parametrize(
    ("query", "beside", "key", "choice", "after"),
    [
        ("last:7d", "", MOSS, Choice.ONLY, ("last:7d actor:m-42", 0)),
        ("actor:m-42 last:7d", "", MOSS, Choice.ONLY, ("last:7d", 0)),
        ("last:7d", "-actor:m-42", MOSS, Choice.ONLY, ("last:7d actor:m-42", 0)),
        ("last:7d", "actor:m-42", MOSS, Choice.WITHOUT, ("last:7d -actor:m-42", 0)),
        ("last:7d", "actor:m-42,b", MOSS, Choice.ONLY, ("last:7d actor:m-42", 1)),
        ("word last:7d", "", WORD, Choice.ONLY, ("last:7d", 0)),
        ("word last:7d", "", WORD, Choice.WITHOUT, ("last:7d -word", 0)),
        ("last:7d", "word", WORD, Choice.ONLY, ("last:7d word", 0)),
        ("last:7d", "word", WORD, Choice.WITHOUT, ("last:7d -word", 0)),
    ],
)
def test_a_row_is_chosen(query: str, beside: str, key: SidebarKey, choice: Choice, after: tuple[str, int]) -> None:
    assert _written(chosen(_filtering(query, beside), key, choice)) == after


@pytest.mark.parametrize(
    ("query", "beside", "key", "after"),
    [
        ("actor:b last:7d", "", MOSS, ("last:7d actor:m-42", 0)),
        ("actor:b last:7d", "actor:m-42,c", MOSS, ("last:7d actor:m-42", 1)),
        ("last:7d", "word", WORD, ("last:7d word", 0)),
        ("word last:7d", "", WORD, ("last:7d word", 0)),
    ],
)
def test_a_row_is_taken(query: str, beside: str, key: SidebarKey, after: tuple[str, int]) -> None:
    assert _written(taken(_filtering(query, beside), key)) == after


@pytest.mark.parametrize(
    ("query", "beside", "key", "after"),
    [
        ("actor:m-42 last:7d", "", MOSS, ("last:7d", 1)),
        ("last:7d", "actor:m-42", MOSS, ("last:7d actor:m-42", 0)),
        ("last:7d", "", MOSS, ("last:7d", 0)),
        ("word last:7d", "", WORD, ("last:7d", 1)),
        ("tab:admin last:7d", "", TabsKey(), ("last:7d", 1)),
        ("tab:admin -tab:users last:7d", "", TabsKey(), ("last:7d", 2)),
        ("last:7d", "tab:admin -tab:users", TabsKey(), ("last:7d tab:admin -tab:users", 0)),
        ("tab:admin last:7d", "-tab:users", TabsKey(), ("last:7d", 2)),
        ("last:7d", "", TabsKey(), ("last:7d", 0)),
        ("last:7d", "", DatesKey(), ("last:7d", 0)),
    ],
)
def test_a_row_is_paused(query: str, beside: str, key: SidebarKey, after: tuple[str, int]) -> None:
    assert _written(paused(_filtering(query, beside), key)) == after


def test_rows_of_other_kinds_change_nothing() -> None:
    filtering = _filtering("actor:m-42 last:7d", "")
    for key in (TabsKey(), DatesKey(), MoreKey(Dimension.ACTOR), None):
        assert chosen(filtering, key, Choice.ONLY) is None and taken(filtering, key) is None
