from ipaddress import ip_network

import pytest
from hypothesis import given, settings

from data.query import (
    Clause,
    DurationRange,
    EventQuery,
    Key,
    Pattern,
    Presence,
    Shelf,
    Span,
    Value,
    parse_query,
    print_clause,
    print_query,
)
from tests.unit.query.queries import queries


@settings(deadline=None, max_examples=600)
@given(queries)
def test_what_a_query_prints_parses_to_the_same_query(query: EventQuery) -> None:
    assert parse_query(print_query(query)) == query


@pytest.mark.parametrize(
    ("key", "values", "printed"),
    [
        (Key.ACTOR, [Pattern.literal("m-42")], "actor:m-42"),
        (Key.ACTOR, [Pattern.literal("Alice Moss"), Pattern.literal("bob")], 'actor:"Alice Moss",bob'),
        (Key.ACTOR, [Pattern(("Alice M", ""))], 'actor:"Alice M*"'),
        (Key.ACTOR, [Pattern.literal("a,b")], 'actor:"a,b"'),
        (Key.ACTOR, [Pattern.literal("a:b")], "actor:a:b"),
        (Key.ACTOR, [Pattern.literal('a"b\\c*')], r"actor:a\"b\\c\*"),
        (Key.ACTOR, [Pattern.literal("-a")], "actor:-a"),
        (Key.TYPE, [Pattern(("", ""))], "type:*"),
        (Key.IP, [ip_network("2001:db8::/32")], "ip:2001:db8::/32"),
        (Key.DURATION, [DurationRange(501, None)], "duration:>500ms"),
        (Key.HAS, [Presence.CHANGES, Presence.IP], "has:changes,ip"),
        (Key.IN, [Shelf.ARCHIVE], "in:archive"),
        (Key.DURING, [Span("2026-q3"), Span("2026", "today")], "during:2026-q3,2026..today"),
        (Key.TEXT, [Pattern.literal("payroll")], "payroll"),
        (Key.TEXT, [Pattern.literal("two words")], '"two words"'),
        (Key.TEXT, [Pattern.literal("a:b")], '"a:b"'),
        (Key.TEXT, [Pattern.literal("a,b*c")], "a,b*c"),
        (Key.TEXT, [Pattern.literal("-a")], '"-a"'),
        (Key.TEXT, [Pattern.literal('a"b\\')], r"a\"b\\"),
    ],
)
def test_a_clause_prints_with_quotes_only_where_needed(key: Key, values: list[Value], printed: str) -> None:
    clause = Clause(key, tuple(values))
    assert print_clause(clause) == printed
    assert parse_query(printed).clauses[0] == clause


def test_an_excluding_clause_prints_its_minus() -> None:
    assert print_clause(Clause(Key.OUTCOME, (Pattern.literal("denied"),), negated=True)) == "-outcome:denied"
    assert print_clause(Clause(Key.TEXT, (Pattern.literal("-a"),), negated=True)) == '-"-a"'


def test_the_default_time_is_printed() -> None:
    assert print_query(EventQuery()) == "last:30d"


def test_free_text_with_several_values_has_no_text() -> None:
    with pytest.raises(ValueError, match="too many values"):
        print_clause(Clause(Key.TEXT, (Pattern.literal("a"), Pattern.literal("b"))))


def test_free_text_is_a_pattern() -> None:
    with pytest.raises(TypeError, match="no free text"):
        print_clause(Clause(Key.TEXT, (Span("today"),)))
