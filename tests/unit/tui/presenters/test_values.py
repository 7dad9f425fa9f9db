"""Tests of tui.presenters.values."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from data.records import Json
from tests.strategies import json_values
from tui.presenters.values import (
    clock_text,
    count_text,
    day_text,
    field_text,
    instant_text,
    is_short,
    minute_text,
    short_day_text,
    value_text,
    weekday_text,
)

BERLIN = ZoneInfo("Europe/Berlin")
MOMENT = datetime(2026, 3, 29, 0, 59, 59, 123_456, tzinfo=UTC)
"""A second before summer time begins in Berlin."""


def test_days_read_the_same_in_every_locale() -> None:
    day = date(2026, 11, 5)
    assert (day_text(day), short_day_text(day), weekday_text(day)) == ("5 Nov 2026", "5 Nov", "Thu 5 Nov 2026")


def test_moments_are_in_the_zone_shown_and_name_it() -> None:
    assert clock_text(MOMENT, BERLIN) == "01:59:59"
    assert instant_text(MOMENT, BERLIN) == "Sun 29 Mar 2026 01:59:59.123456 CET"
    assert instant_text(MOMENT.replace(hour=1), BERLIN) == "Sun 29 Mar 2026 03:59:59.123456 CEST"
    assert minute_text(MOMENT, BERLIN) == "29 Mar 2026 01:59 CET"


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (999, "999"), (1204, "1,204"), (10**9, "1,000,000,000")])
def test_counts_have_thousands(number: int, text: str) -> None:
    assert count_text(number) == text


def test_field_names_read_as_words() -> None:
    assert field_text("allowed_networks") == "allowed networks"
    assert (field_text("_document_id"), field_text("_")) == ("document id", "_")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "(none)"),
        ("", "(empty)"),
        ([], "(empty)"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (2**80, str(2**80)),
        (2.5, "2.5"),
        ("text", "text"),
        ("2026-11-05", "5 Nov 2026"),
        ("2026-02-30", "2026-02-30"),
        ("2026-W45-4", "2026-W45-4"),
        (["a", 1, None, "2026-11-05"], "a, 1, (none), 5 Nov 2026"),
        ([["a"]], '[["a"]]'),
        ({"a": {"b": "2026-11-05"}}, '{"a":{"b":"2026-11-05"}}'),
        ({}, "{}"),
    ],
)
def test_a_value_reads_as_words(value: Any, text: str) -> None:  # noqa: ANN401
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ("x" * 32, True),
        ("x" * 33, False),
        ("", False),
        (0, True),
        (False, True),
        (None, False),
        ([1], False),
        ({"a": 1}, False),
        (2.5, False),
    ],
)
def test_a_line_of_facts_has_room_for_scalars_alone(value: Any, short: bool) -> None:  # noqa: ANN401
    assert is_short(value) is short


@given(json_values)
@settings(deadline=None)
def test_every_value_has_a_text(value: Json) -> None:
    assert value_text(value)
