"""Tests of data.query.pausing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.query import EventQuery, Key, Pattern, parse_query, print_query
from data.query.editing import Choice, choice_of, choosing, cleared
from data.query.model import TIME_KEYS
from data.query.pausing import VALUE_KEYS, Filtering
from tests.unit.query.queries import queries, runs

MOSS = Pattern.literal("m-42")
_KEYS = st.sampled_from(sorted(VALUE_KEYS - {Key.OUTCOME, Key.IP}))
_VALUES = runs.map(Pattern.literal)


def _filtering(query: str, paused: str = "") -> Filtering:
    return Filtering(parse_query(query), parse_query(paused).without_times())


def _written(filtering: Filtering) -> tuple[str, str]:
    paused = EventQuery((*filtering.paused, *parse_query("last:all").clauses))
    return print_query(filtering.query), print_query(paused).removesuffix("last:all").rstrip()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("actor:m-42 last:7d", ""), ("last:7d", "actor:m-42")),
        (("-actor:m-42 last:7d", ""), ("last:7d", "-actor:m-42")),
        (("actor:m-42,a last:7d", ""), ("actor:a last:7d", "actor:m-42")),
        (("last:7d", "actor:m-42"), ("last:7d actor:m-42", "")),
        (("last:7d", "-actor:m-42"), ("last:7d -actor:m-42", "")),
        (("actor:a last:7d", "actor:m-42,b"), ("actor:a,m-42 last:7d", "actor:b")),
        (("actor:m-42 last:7d", "actor:b -client:c"), ("last:7d", "actor:b,m-42 -client:c")),
        (("client:m-42 last:7d", ""), ("client:m-42 last:7d", "")),
    ],
)
def test_a_value_is_paused_and_applied_again(before: tuple[str, str], after: tuple[str, str]) -> None:
    assert _written(_filtering(*before).pausing(Key.ACTOR, MOSS)) == after


@pytest.mark.parametrize(
    ("before", "clause", "after"),
    [
        (("word last:7d", ""), "word", ("last:7d", "word")),
        (("last:7d", "-word has:ip"), "-word", ("last:7d -word", "has:ip")),
        (("has:ip,reason last:7d", ""), "has:ip,reason", ("last:7d", "has:ip,reason")),
        (("-during:2026-10 last:7d", ""), "-during:2026-10", ("last:7d", "-during:2026-10")),
        (("during:2026-10", ""), "during:2026-10", ("during:2026-10", "")),
        (("last:7d", ""), "word", ("last:7d", "")),
    ],
)
def test_a_clause_is_paused_as_a_whole(before: tuple[str, str], clause: str, after: tuple[str, str]) -> None:
    assert _written(_filtering(*before).pausing_clause(parse_query(clause).clauses[0])) == after


def test_what_the_query_says_is_not_paused_as_well() -> None:
    assert _written(_filtering("actor:a word last:7d", "-actor:a,b word has:ip")) == (
        "actor:a word last:7d",
        "-actor:b has:ip",
    )


@given(queries, _KEYS, _VALUES, st.sampled_from([Choice.ONLY, Choice.WITHOUT]))
@settings(deadline=None)
def test_pausing_takes_a_value_out_of_the_query_alone_and_back_as_it_was(
    query: EventQuery, key: Key, value: Pattern, choice: Choice
) -> None:
    applied = Filtering(choosing(choosing(query, key, value, Choice.OFF), key, value, choice))
    paused = applied.pausing(key, value)
    assert choice_of(paused.query, key, value) is Choice.OFF
    assert paused.is_paused(key, value) and paused.choice_of(key, value) is choice
    assert paused.query == choosing(applied.query, key, value, Choice.OFF)
    again = paused.pausing(key, value)
    assert not again.paused and choice_of(again.query, key, value) is choice
    assert choosing(again.query, key, value, Choice.OFF) == paused.query


@given(queries)
@settings(deadline=None)
def test_clauses_paused_one_by_one_are_in_the_query_or_beside_it(query: EventQuery) -> None:
    filtering = Filtering(query)
    others = [clause for clause in dict.fromkeys(query.clauses) if clause.key not in VALUE_KEYS | TIME_KEYS]
    for clause in others:
        filtering = filtering.pausing_clause(clause)
        assert clause in filtering.paused and clause not in filtering.query.clauses
    for clause in others:
        filtering = filtering.without_clause(clause)
    assert not filtering.paused
    assert {*filtering.query.without_times()} == {one for one in query.clauses if one.key in VALUE_KEYS}


@given(queries, queries)
@settings(deadline=None)
def test_paused_conditions_never_say_what_the_query_says(query: EventQuery, beside: EventQuery) -> None:
    filtering = Filtering(query, beside.without_times())
    assert filtering.query == query
    for clause in filtering.paused:
        if clause.key in VALUE_KEYS:
            assert all(choice_of(query, clause.key, value) is Choice.OFF for value in clause.values)
        else:
            assert clause not in query.clauses
    assert Filtering(cleared(query), filtering.paused).paused == filtering.paused
