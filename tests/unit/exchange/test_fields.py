"""Typed access to a record's keys."""

import pytest

from data.exchange.fields import Fields, normalise_address, with_unknown
from data.exchange.rejects import BadRecord


def test_missing_null_and_blank_text_are_none() -> None:
    fields = Fields({"null": None, "blank": " \t", "text": " x "})
    assert [fields.text(key) for key in ("missing", "null", "blank", "text")] == [None, None, None, " x "]


def test_a_number_is_an_identifier_as_text_and_a_truth_value_is_none() -> None:
    fields = Fields({"number": 42, "text": "m-42", "truth": True, "part": 1.5})
    assert fields.identifier("number") == "42"
    assert fields.identifier("text") == "m-42"
    with pytest.raises(BadRecord, match="truth should be text or a whole number, and is true"):
        fields.identifier("truth")
    with pytest.raises(BadRecord, match="part should be text or a whole number, and is the number 1.5"):
        fields.identifier("part")


def test_messages_name_the_object_that_a_key_is_in() -> None:
    fields = Fields({"outer": {"list": [{"a": 1}, {"a": []}]}})
    outer = fields.child("outer")
    assert outer is not None
    _, second = outer.children("list")
    with pytest.raises(BadRecord, match=r"outer\.list\[1\]\.a should be text, and is a list"):
        second.text("a")


def test_unread_is_what_nobody_asked_for_at_any_depth_without_nulls() -> None:
    fields = Fields({"read": 1, "left": 2, "null": None, "inner": {"read": 3, "left": 4}})
    fields.value("read")
    inner = fields.child("inner")
    assert inner is not None
    inner.value("read")
    assert fields.unread() == {"left": 2, "inner.left": 4}


def test_an_unknown_key_never_overwrites_the_records_own_data() -> None:
    assert with_unknown({"a": 1, "_a": 2}, {"a": 3, "b": 4}) == {"a": 1, "_a": 2, "__a": 3, "b": 4}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("  ", None),
        ("198.51.100.7", "198.51.100.7"),
        (" 198.51.100.7 ", "198.51.100.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("secretsmanager.amazonaws.com", "secretsmanager.amazonaws.com"),
        ("AWS Internal", "AWS Internal"),
        ("198.51.100.7:443", "198.51.100.7:443"),
    ],
)
def test_an_address_has_one_way_of_writing_and_a_host_name_stays(text: str | None, expected: str | None) -> None:
    assert normalise_address(text) == expected
