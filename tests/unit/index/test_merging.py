"""Which neighbours are merged: few segments, and each event written anew a few times at most."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from data.index.merging import CAPS, MOST_SMALL, due
from data.index.old_segments import OldSegment


def segments(*sizes: int) -> list[OldSegment]:
    return [
        OldSegment(number, size, 0, False, UUID(int=0), UUID(int=0), 0, 0, 0, None) for number, size in enumerate(sizes)
    ]


def merged(*sizes: int) -> list[int]:
    """The numbers of those that are merged."""
    return [segment.id for segment in due(segments(*sizes))]


def test_neighbours_are_merged_when_together_they_come_up_to_the_next_size() -> None:
    assert merged(1_024, 1_024, 1_024) == []
    assert merged(1_024, 1_024, 1_024, 1_024) == [0, 1, 2, 3]
    assert merged(2_000, 2_500, 1_024) == [0, 1]
    assert merged(*[1 << 14] * 2) == [] and merged(*[1 << 14] * 3) == [0, 1, 2]
    assert merged(*[1 << 16] * 15) == [] and merged(*[1 << 16] * 16) == [*range(16)]
    assert merged(1 << 20, 1 << 20, 1 << 20) == []


def test_a_bulk_of_which_some_was_late_is_not_merged_before_there_is_a_million() -> None:
    assert merged(*[62_000] * 16) == [] and len(merged(*[62_000] * 17)) == 17


def test_few_events_at_a_time_do_not_make_many_segments() -> None:
    assert merged(*[3] * (MOST_SMALL - 1)) == [] and merged(*[3] * MOST_SMALL) == [0, 1, 2, 3]


def test_small_ones_between_large_ones_are_merged_with_them_in_the_end() -> None:
    assert merged(1 << 20, 1_024, 70_000, 1_024, 1 << 20) == []
    assert merged(1 << 20, 1_024, 900_000, 1_024, 300_000) == [1, 2, 3, 4]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 3_000), max_size=300))
def test_whatever_is_built_each_event_is_merged_seldom_and_few_segments_remain(built: list[int]) -> None:
    held: list[int] = []
    written = 0
    for size in built:
        held.append(size)
        while chosen := due(segments(*held)):
            first, count = chosen[0].id, len(chosen)
            held[first : first + count] = [sum(held[first : first + count])]
            written += held[first]
    assert sum(held) == sum(built)
    assert len(held) <= len(CAPS) * MOST_SMALL
    # The smallest of all are merged several times below the first size, which costs little.
    assert written <= len(CAPS) * sum(built) + MOST_SMALL * sum(built)
