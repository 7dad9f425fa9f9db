"""Tests of tui.deck.window."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from data.answers import Direction
from data.records import Event, Seal
from tests.unit.tui.made_up_events import WHEN, an_event
from tui.deck.window import MOST_EVENTS, DeckWindow

ALL = [an_event(id=UUID(int=10_000 - number), occurred_at=WHEN - timedelta(seconds=number)) for number in range(5_000)]
"""A whole answer, newest first."""


def _window(start: int, end: int, *, offset_known: bool = True) -> DeckWindow:
    return DeckWindow(
        ALL[start:end],
        offset=start if offset_known else None,
        has_newer=start > 0,
        has_older=end < len(ALL),
    )


def _assert_is_stretch(window: DeckWindow) -> None:
    """The window is a contiguous stretch of the whole, and what it says of itself is true."""
    start = ALL.index(window.events[0])
    end = start + len(window)
    assert window.events == ALL[start:end]
    assert window.offset in (None, start)
    assert window.has_newer is (start > 0) and window.has_older is (end < len(ALL))
    assert len(window) <= MOST_EVENTS


def _older(window: DeckWindow, count: int) -> list[Event]:
    end = ALL.index(window.events[-1]) + 1
    return ALL[end : end + count]


def _newer(window: DeckWindow, count: int) -> list[Event]:
    start = ALL.index(window.events[0])
    return ALL[max(start - count, 0) : start]


def test_older_events_go_behind_the_last() -> None:
    window = _window(0, 100)
    assert window.add_older(ALL[100:200], more=True) == 0
    _assert_is_stretch(window)
    assert len(window) == 200 and window.offset == 0


def test_what_has_no_room_goes_from_the_far_end() -> None:
    window = _window(0, MOST_EVENTS)
    assert window.add_older(ALL[MOST_EVENTS : MOST_EVENTS + 100], more=True) == 100
    _assert_is_stretch(window)
    assert window.offset == 100 and window.has_newer


def test_newer_events_go_before_the_first() -> None:
    window = _window(200, 300)
    assert window.add_newer(ALL[100:200], more=True) == 100
    _assert_is_stretch(window)
    assert window.offset == 100


def test_at_the_newest_event_the_place_is_known() -> None:
    window = _window(100, 200, offset_known=False)
    window.add_newer(ALL[:100], more=False)
    assert window.offset == 0 and not window.has_newer


def test_an_event_is_found_by_its_id() -> None:
    window = _window(100, 200)
    assert window.index_of(ALL[150].id) == 50
    assert window.index_of(ALL[99].id) is None


@given(
    st.integers(0, 4_899),
    st.lists(st.tuples(st.sampled_from(["older", "newer"]), st.integers(1, 250)), max_size=25),
    st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_reading_on_in_any_way_keeps_one_contiguous_stretch(
    start: int, steps: list[tuple[str, int]], offset_known: bool
) -> None:
    window = _window(start, start + 100, offset_known=offset_known)
    for direction, count in steps:
        if direction == "older" and window.has_older:
            more = _older(window, count)
            window.add_older(more, more=more[-1] is not ALL[-1])
        elif direction == "newer" and window.has_newer:
            more = _newer(window, count)
            window.add_newer(more, more=more[0] is not ALL[0])
        _assert_is_stretch(window)


def test_its_ends_are_its_newest_and_its_oldest_event() -> None:
    window = _window(3, 8)
    assert window.end(Direction.NEWER) == window.events[0].id and window.end(Direction.OLDER) == window.events[-1].id
    assert DeckWindow().end(Direction.NEWER) is None and DeckWindow().end(Direction.OLDER) is None


def test_what_was_recorded_before_the_last_seal_is_sealed() -> None:
    seals = (Seal.UNSEALED, Seal.ALTERED, Seal.SEALED, Seal.UNSEALED)
    events = [
        replace(event, recorded_at=WHEN + timedelta(seconds=n), seal=seal)
        for n, (event, seal) in enumerate(zip(ALL, seals, strict=False))
    ]
    window = DeckWindow(events)
    assert window.note_sealed(WHEN + timedelta(seconds=2))
    assert [event.seal for event in window.events] == [Seal.SEALED, Seal.ALTERED, Seal.SEALED, Seal.UNSEALED]
    assert [event.id for event in window.events] == [event.id for event in events]
    assert not window.note_sealed(WHEN + timedelta(seconds=2))
