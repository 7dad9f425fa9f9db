"""Tests of tui.presenters.query_hint."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from data.query import parse_query
from tui.presenters.query_hint import QueryHint, hint_for

_NOW = datetime(2026, 11, 20, 14, 9, tzinfo=UTC)


def _hint(text: str) -> QueryHint:
    return hint_for(text, _NOW, ZoneInfo("UTC"))


def test_what_is_right_is_said_as_its_time() -> None:
    assert _hint("during:2026-11") == QueryHint(("from 1 Nov 2026 00:00 UTC until 1 Dec 2026 00:00 UTC",))


@pytest.mark.parametrize("key", ["during", "last", "actor", "outcome"])
def test_a_value_that_is_still_to_come_has_fewer_examples_where_there_is_less_room(key: str) -> None:
    hint = _hint(f"has:ip {key}:")
    assert hint.error is not None and hint.texts[0].startswith(f"A value of {key} is missing. ")
    _, *examples, problem = hint.texts
    assert problem == f"A value of {key} is missing"
    assert examples and examples == sorted(examples, key=len, reverse=True)
    for text in examples:
        for value in text.removeprefix("Such as ").removesuffix(", ...").split(", "):
            assert parse_query(f"{key}:{value}")
    assert len(examples[-1]) < 40


def test_what_is_wrong_otherwise_has_no_examples() -> None:
    assert not any(text.startswith("Such as") for text in _hint("during:2026-13").texts + _hint("actr:").texts)
