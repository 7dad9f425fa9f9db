"""Cursors as text."""

from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import Cursor, Direction, Snapshot
from data.query import parse_query
from data.records import Log
from tui.commands.cursor_text import UnusableCursor, read_cursor, write_cursor

UTC = ZoneInfo("UTC")
QUERY = parse_query("outcome:denied last:7d")
CURSOR = Cursor(Snapshot(1_790_000_000_000_000, 4711), Direction.OLDER, UUID("018c2f3e-5a70-7d3a-9c1b-0242ac120002"))
NUMBERS = st.integers(0, 2**63 - 1)
CURSORS = st.builds(
    Cursor,
    st.builds(Snapshot, st.integers(0, 4_000_000_000_000_000), NUMBERS, NUMBERS, NUMBERS, st.lists(NUMBERS).map(tuple)),
    st.sampled_from(Direction),
    st.none() | st.uuids(),
)


@given(CURSORS)
@settings(deadline=None)
def test_what_is_written_is_read_again(cursor: Cursor) -> None:
    text = write_cursor(cursor, QUERY, UTC)
    assert read_cursor(text, QUERY, UTC) == cursor
    assert all(character.isalnum() or character in "-_" for character in text)


def test_any_changed_character_is_noticed_or_means_the_same() -> None:
    text = write_cursor(CURSOR, QUERY, UTC)
    refused = 0
    for place, character in enumerate(text):
        changed = f"{text[:place]}{'A' if character != 'A' else 'B'}{text[place + 1 :]}"
        try:
            # The last character's spare bits carry nothing.
            assert read_cursor(changed, QUERY, UTC) == CURSOR
        except UnusableCursor:
            refused += 1
    assert refused >= len(text) - 1


@given(st.text() | st.binary().map(lambda content: content.hex()))
@settings(deadline=None)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UnusableCursor):
        read_cursor(text, QUERY, UTC)


def test_it_belongs_to_its_query_and_zone() -> None:
    text = write_cursor(CURSOR, QUERY, UTC)
    with pytest.raises(UnusableCursor, match="another query"):
        read_cursor(text, parse_query("outcome:failure last:7d"), UTC)
    with pytest.raises(UnusableCursor, match="time zone"):
        read_cursor(text, QUERY, ZoneInfo("Europe/Berlin"))
    with pytest.raises(UnusableCursor, match="another query"):
        read_cursor(text, QUERY, UTC, Log.REQUESTS)
