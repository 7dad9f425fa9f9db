import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.query import Clause, EventQuery, Key, Pattern, Span, parse_query

_ID = "018c2f3e-5a70-7d3a-9c1b-0242ac120002"
_letters = st.text("ab*\n", max_size=4)


@st.composite
def _small_patterns(draw: st.DrawFn) -> Pattern:
    parts = draw(st.lists(_letters, min_size=1, max_size=5))
    return Pattern((parts[0], *(part for part in parts[1:-1] if part), *parts[1:][-1:]))


@settings(deadline=None, max_examples=1000)
@given(_small_patterns(), st.text("ab*\n", max_size=12))
def test_a_pattern_matches_what_the_regular_expression_matches(pattern: Pattern, text: str) -> None:
    oracle = re.compile(".*".join(re.escape(part) for part in pattern.parts), re.DOTALL)
    assert pattern.matches(text) is (oracle.fullmatch(text) is not None)


@settings(deadline=None)
@given(_small_patterns(), st.lists(_letters, min_size=4, max_size=4))
def test_a_pattern_matches_whatever_stands_between_its_runs(pattern: Pattern, between: list[str]) -> None:
    text = "".join(
        part + gap for part, gap in zip(pattern.parts, [*between[: len(pattern.parts) - 1], ""], strict=True)
    )
    assert pattern.matches(text)


def test_the_first_and_the_last_run_may_not_overlap() -> None:
    assert not Pattern(("aba", "ba")).matches("aba")
    assert Pattern(("aba", "ba")).matches("ababa")


@pytest.mark.parametrize("parts", [(), ("a", "", "b")])
def test_a_pattern_has_one_form_only(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not a pattern"):
        Pattern(parts)


def test_without_a_time_the_last_30_days_are_meant() -> None:
    assert EventQuery().clauses == (Clause(Key.LAST, (Span("30d"),)),)
    assert EventQuery((Clause(Key.ID, (Pattern(("", "")),), negated=True),)).of(Key.LAST) != ()


def test_an_id_or_a_time_is_enough() -> None:
    for clause in (Clause(Key.ID, (Pattern(("", "")),)), Clause(Key.DURING, (Span("today"),), negated=True)):
        assert EventQuery((clause,)).clauses == (clause,)


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("last:all", False),
        ("in:archive", True),
        (f"id:{_ID}", True),
        (f"id:{_ID},{_ID}", True),
        (f"id:{_ID},018c2f3e*", False),
        ("id:018c2f3e*", False),
        (f"-id:{_ID} last:all", False),
        (f"-id:{_ID} id:{_ID}", True),
    ],
)
def test_a_query_reaches_the_archive_if_it_says_so_or_names_its_events(text: str, reaches: bool) -> None:
    assert parse_query(text).reaches_archive is reaches


def test_conditions_are_what_says_something_of_the_events() -> None:
    query = parse_query("outcome:denied in:archive last:all payroll")
    assert query.conditions() == parse_query("outcome:denied payroll last:all").without_times()
