"""Tests of data.query.editing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.query import EventQuery, Key, Pattern, Span, parse_query, print_clause, print_query
from data.query.editing import (
    Choice,
    afresh,
    archive_toggled,
    choice_of,
    choosing,
    cleared,
    only,
    over,
    toggled,
    widened,
)
from data.query.model import REACH_KEYS, TIME_KEYS
from tests.unit.query.queries import queries, runs

MOSS = Pattern.literal("m-42")
_KEYS = st.sampled_from([Key.TYPE, Key.OUTCOME, Key.ACTOR, Key.CLIENT, Key.TARGET, Key.SERVICE, Key.IP])
_VALUES = runs.map(Pattern.literal)


@pytest.mark.parametrize(
    ("before", "choice", "after"),
    [
        ("last:7d", Choice.ONLY, "last:7d actor:m-42"),
        ("last:7d", Choice.WITHOUT, "last:7d -actor:m-42"),
        ("actor:a last:7d", Choice.ONLY, "actor:a,m-42 last:7d"),
        ("actor:a last:7d", Choice.WITHOUT, "actor:a last:7d -actor:m-42"),
        ("-actor:a last:7d", Choice.WITHOUT, "-actor:a,m-42 last:7d"),
        ("actor:m-42 last:7d", Choice.WITHOUT, "last:7d -actor:m-42"),
        ("actor:m-42,a last:7d", Choice.OFF, "actor:a last:7d"),
        ("-actor:m-42 last:7d", Choice.OFF, "last:7d"),
        ("actor:m-42 outcome:denied last:7d", Choice.ONLY, "actor:m-42 outcome:denied last:7d"),
        ("client:m-42 last:7d", Choice.OFF, "client:m-42 last:7d"),
    ],
)
def test_one_value_is_chosen_beside_the_others(before: str, choice: Choice, after: str) -> None:
    assert print_query(choosing(parse_query(before), Key.ACTOR, MOSS, choice)) == after


@given(queries, _KEYS, _VALUES, st.sampled_from(Choice))
@settings(deadline=None)
def test_what_was_chosen_is_what_the_query_says(query: EventQuery, key: Key, value: Pattern, choice: Choice) -> None:
    assert choice_of(choosing(query, key, value, choice), key, value) is choice


@given(queries, _KEYS, _VALUES, _VALUES, st.sampled_from(Choice))
@settings(deadline=None)
def test_choosing_one_value_says_nothing_about_another(
    query: EventQuery, key: Key, value: Pattern, other: Pattern, choice: Choice
) -> None:
    if value != other:
        chosen = choosing(query, key, value, choice)
        assert choice_of(chosen, key, other) is choice_of(query, key, other)
        assert chosen.without(key) == query.without(key)


@given(queries, _KEYS, _VALUES, st.sampled_from([Choice.ONLY, Choice.WITHOUT]))
@settings(deadline=None)
def test_the_same_choice_again_takes_it_back(query: EventQuery, key: Key, value: Pattern, choice: Choice) -> None:
    clean = choosing(query, key, value, Choice.OFF)
    once = toggled(clean, key, value, choice)
    assert choice_of(once, key, value) is choice
    assert choice_of(toggled(once, key, value, choice), key, value) is Choice.OFF


@given(queries, _KEYS, _VALUES)
@settings(deadline=None)
def test_only_leaves_no_other_value_of_the_key(query: EventQuery, key: Key, value: Pattern) -> None:
    narrowed = only(query, key, value)
    (clause,) = narrowed.of(key)
    assert clause.values == (value,) and not clause.negated
    assert narrowed.without(key) == query.without(key)


def test_a_fresh_query_keeps_the_time_alone() -> None:
    query = parse_query("outcome:denied -actor:a text during:2026-11")
    assert print_query(afresh(query, Key.ACTOR, MOSS)) == "actor:m-42 during:2026-11"
    assert print_query(afresh(query, Key.DURING, Span("today"))) == "during:today"


def test_another_time_replaces_every_time() -> None:
    query = parse_query("outcome:denied after:2026-11-01 before:2026-11-05 actor:a")
    assert print_query(over(query, Key.DURING, Span("today"))) == "outcome:denied actor:a during:today"


@given(queries)
@settings(deadline=None)
def test_clearing_leaves_the_time_and_the_archive_alone(query: EventQuery) -> None:
    left = cleared(query)
    assert all(clause.key in REACH_KEYS for clause in left.clauses)
    assert left.of(*TIME_KEYS) == (query.of(*TIME_KEYS) or parse_query("").clauses)
    assert left.of(Key.IN) == query.of(Key.IN)


@given(queries)
@settings(deadline=None)
def test_the_archive_is_one_clause_more_or_less(query: EventQuery) -> None:
    once = archive_toggled(query)
    assert bool(once.of(Key.IN)) is not bool(query.of(Key.IN))
    assert once.without(Key.IN) == query.without(Key.IN)
    assert archive_toggled(archive_toggled(once)) == once
    assert parse_query(print_query(once)) == once


@given(queries, _KEYS, _VALUES, st.sampled_from(Choice))
@settings(deadline=None)
def test_an_edited_query_can_be_printed_and_read_again(
    query: EventQuery, key: Key, value: Pattern, choice: Choice
) -> None:
    if key in (Key.OUTCOME, Key.IP):
        value = Pattern.literal("denied")
    edited = choosing(query, key, value, choice)
    assert parse_query(print_query(edited)) == edited


@pytest.mark.parametrize(
    ("text", "wider"),
    [
        ("actor:alice", ["actor:alice*", "actor:*alice*"]),
        ('client:"Payroll sync",hr', ['client:"Payroll sync*",hr*', 'client:"*Payroll sync*",*hr*']),
        ("target:c-77,pay*", ["target:c-77*,pay*", "target:*c-77*,pay*"]),
        ("-actor:alice", []),
        ("actor:ali*", []),
        ("outcome:denied", []),
        ("alice", []),
    ],
)
def test_names_are_widened_to_what_begins_so_and_then_to_what_holds_them(text: str, wider: list[str]) -> None:
    assert [print_clause(clause) for clause in widened(parse_query(text).clauses[0])] == wider
