"""JSON in, without loss."""

import json
import math

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.exchange.exact_json import DEEPEST, JsonCursor, MalformedJson, decode
from data.exchange.rejects import BadRecord
from data.records import Json


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"9007199254740991", 2**53 - 1),
        (b"-9007199254740991", -(2**53) + 1),
        (b"9007199254740992", "9007199254740992"),
        (b"-9007199254740992", "-9007199254740992"),
        (b"18446744073709551616", "18446744073709551616"),
        (b"1" * 6000, "1" * 6000),
        (b'{"id":[12345678901234567890]}', {"id": ["12345678901234567890"]}),
        (b'"1234567890123456"', "1234567890123456"),
        (b"0.1234567890123456", 0.1234567890123456),
        (b" 1 \r", 1),
    ],
)
def test_no_digit_of_an_integer_is_lost(raw: bytes, value: object) -> None:
    decoded = decode(raw)
    assert decoded == value
    assert type(decoded) is type(value)


@pytest.mark.parametrize("digits", [b"", b'"1234567890123456",'])
@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999"])
def test_what_is_no_number_is_refused_on_both_ways_through(number: bytes, digits: bytes) -> None:
    with pytest.raises(BadRecord):
        decode(b"[" + digits + number + b"]")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "not valid JSON: .* at character"),
        (b'{"a":1}x', "not valid JSON"),
        (b'{"a":1234567890123456}x', "not valid JSON: more after its end at character 23"),
        (b'{"a":1234567890123456', "not valid JSON: .* at character"),
        (b'["caf\xe9"]', "not valid UTF-8: byte 6 is 0xe9"),
        (b'["caf\xe9",1234567890123456]', "not valid UTF-8: byte 6 is 0xe9"),
        (b'["\\ud800"]', "not valid JSON"),
        (b'["\\ud800",1234567890123456]', "half of a surrogate pair"),
    ],
)
def test_what_is_no_json_is_refused_with_the_place(raw: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        decode(raw)


@pytest.mark.parametrize("inner", [b"1", b"1234567890123456"])
def test_levels_are_bounded(inner: bytes) -> None:
    assert decode(b"[" * DEEPEST + inner + b"]" * DEEPEST)
    for levels in (DEEPEST + 1, 900, 100_000):
        with pytest.raises(BadRecord):
            decode(b"[" * levels + inner + b"]" * levels)


def test_the_many_items_of_one_list_are_not_levels() -> None:
    assert decode(b"[" + b"[]," * 1000 + b"1]")


def test_a_cursor_walks_and_steps_over_a_refused_value() -> None:
    cursor = JsonCursor(' [1, NaN , {"a": 2}] ')
    assert cursor.take("[")
    assert cursor.value() == 1
    cursor.end_item("]")
    with pytest.raises(BadRecord, match="NaN is no number that JSON has"):
        cursor.value()
    cursor.end_item("]")
    assert cursor.value() == {"a": 2}
    cursor.end_item("]")
    assert cursor.take("]")
    assert cursor.at_end()


def test_a_cursor_stays_before_what_it_cannot_read() -> None:
    cursor = JsonCursor('{"a": tru}')
    cursor.expect("{")
    assert cursor.value() == "a"
    with pytest.raises(MalformedJson):
        cursor.expect(",")
    cursor.expect(":")
    with pytest.raises(MalformedJson, match="at character 7"):
        cursor.value()
    assert cursor.text[cursor.position :] == "tru}"


VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def exact(value: Json) -> Json:
    match value:
        case int() if abs(value) >= 2**53:
            return str(value)
        case list():
            return [exact(inner) for inner in value]
        case dict():
            return {key: exact(inner) for key, inner in value.items()}
        case _:
            return value


@settings(deadline=None)
@given(VALUES)
def test_both_ways_through_agree_with_the_standard_library(value: Json) -> None:
    raw = json.dumps(value).encode()
    decoded = decode(raw)
    assert decoded == exact(value)
    assert JsonCursor(raw.decode()).value() == exact(value)
    orjson.dumps(decoded)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_floating_point_number_stays_the_same(number: float) -> None:
    decoded = decode(repr(number).encode())
    assert isinstance(decoded, float)
    assert decoded == number
    assert math.copysign(1, decoded) == math.copysign(1, number)
