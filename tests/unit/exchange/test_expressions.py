"""JMESPath expressions: what is refused when they are read, and what they come to."""

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.exchange.expressions import LONGEST, BadExpression, Expression
from data.exchange.rejects import BadRecord
from data.records import Json


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b.c", ("a", "b", "c")),
        ('"@timestamp"', ("@timestamp",)),
        ('a."b.c"', ("a", "b.c")),
        ("a[0].b", None),
        ("a.*.b", None),
        ("a || b", None),
        ("@", None),
        ("'a'", None),
        ("a | b", None),
    ],
)
def test_only_keys_one_after_the_other_are_a_plain_path(text: str, path: tuple[str, ...] | None) -> None:
    assert Expression(text).path == path


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "it is empty"),
        ("a.", "it ends too early"),
        ("a ||", "it ends too early"),
        ("a..b", "'.' should not stand at character 3"),
        ("a b", "'b' should not stand at character 3"),
        ("foo(#)", "Unknown token # at character 5"),
        ("'a", "Unclosed ' delimiter at character 1"),
        ("nope(a)", "there is no function nope()"),
        ("a[?nope(@)].b", "there is no function nope()"),
        ("split(a)", "split() takes 2 arguments, and has 1"),
        ("lower(a, b)", "lower() takes 1 argument, and has 2"),
        ("not_null()", "not_null() takes 1 or more arguments, and has 0"),
        ("(" * 3_000, "it lies too deep within brackets"),
        ("a" * (LONGEST + 1), "it has 4,001 characters, and 4,000 are the most"),
    ],
)
def test_what_is_no_expression_is_told_with_its_place(text: str, wrong: str) -> None:
    with pytest.raises(BadExpression) as refused:
        Expression(text)
    assert str(refused.value) == wrong


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lower(a)", "one two"),
        ("replace(a, ' ', '_')", "One_Two"),
        ("replace(a, '', '-')", "One Two"),
        ("split(a, ' ')", ["One", "Two"]),
        ("split(a, ' ')[-1]", "Two"),
        ("split(a, '')", ["One Two"]),
        ("b[?c == `1`].d | [0]", "x"),
        ("b.*.c", None),
        ("nothing.here", None),
    ],
)
def test_an_expression_comes_to_a_value(text: str, value: Json) -> None:
    assert Expression(text).of({"a": "One Two", "b": [{"c": 1, "d": "x"}, {"c": 2}]}) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("split(a, '.')", "split() takes text, and was given a number"),
        ("lower(nothing)", "lower() takes text, and was given null"),
        ("join(',', b)", "join() takes a list of texts, and was given a number"),
        ("b[?@ > 'x']", "b[?@ > 'x'] cannot be worked out for this record"),
        ("b[?c > `1`]", "b[?c > `1`] cannot be worked out for this record"),
        (
            "not_null(b[?c > `1`], 'x" + "x" * 200 + "')",
            "not_null(b[?c > `1`], '" + "x" * 57 + "... cannot be worked out for this record",
        ),
    ],
)
def test_what_cannot_be_worked_out_is_a_bad_record(text: str, reason: str) -> None:
    record: dict[str, Json] = {"a": 1, "b": [1, {"c": "text"}]}
    expression = Expression(text)
    with pytest.raises(BadRecord) as refused:
        expression.of(record)
    assert str(refused.value) == reason
    assert not expression.holds(record)


@pytest.mark.parametrize("text", ["to_number(a)", "[[to_number(a)]]", "{b: {c: to_number(a)}}", "abs(to_number(a))"])
@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e400", "9" * 20, "-" + "9" * 20, "9" * 5_000])
def test_a_number_that_json_cannot_hold_is_a_bad_record(text: str, number: str) -> None:
    expression = Expression(text)
    with pytest.raises(BadRecord) as refused:
        expression.of({"a": number})
    assert str(refused.value) == f"{text} comes to a number that cannot be kept"
    assert not expression.holds({"a": number})


@pytest.mark.parametrize("number", [0, -1.5, 1e308, 2**64 - 1, -(2**63)])
def test_a_number_that_json_can_hold_is_kept(number: float) -> None:
    assert Expression("{b: [to_number(a)]}").of({"a": str(number)}) == {"b": [number]}


@pytest.mark.parametrize(("text", "holds"), [("a", True), ("b", False), ("c", True), ("d", False), ("e", False)])
def test_an_expression_holds_as_jmespath_has_it(text: str, holds: bool) -> None:
    assert Expression(text).holds({"a": "x", "b": "", "c": 0, "d": [], "e": False}) is holds


_KEYS = st.sampled_from(["a", "b", "c d"])
_VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=3), st.lists(_KEYS, min_size=1, max_size=4))
def test_a_plain_path_comes_to_what_jmespath_says(record: dict[str, Json], keys: list[str]) -> None:
    text = ".".join(f'"{key}"' for key in keys)
    expression = Expression(text)
    assert expression.path == tuple(keys)
    assert expression.of(record) == jmespath.search(text, record)
