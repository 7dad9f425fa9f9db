"""Which segments count as late: that comes to an end, whatever overlaps what."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.index import folding
from data.index.old_segments import OldSegment

_STRETCHES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 120), st.integers(1, 70), st.booleans()), min_size=1, max_size=12
)


def segment(number: int, low: int, high: int, events: int, *, is_late: bool) -> OldSegment:
    return OldSegment(number, events * 1_000, 0, is_late, UUID(int=low), UUID(int=high), 0, 0, 0, None)


def relabelled(segments: Sequence[OldSegment]) -> list[OldSegment] | None:
    """The segments after one step, None where there was none to be made."""
    labels: dict[int, bool] = {}

    class Switch:
        def relabel(self, ids: Sequence[int], *, is_late: bool) -> None:
            labels.update(dict.fromkeys(ids, is_late))

    @contextmanager
    def switching(_lend: object) -> Iterator[Switch]:
        yield Switch()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folding, "switching", switching)
        if not folding.relabel(lambda: None, segments):  # type: ignore[arg-type, return-value]
            assert not labels
            return None
    return [replace(one, is_late=labels.get(one.id, one.is_late)) for one in segments]


def steps(segments: Sequence[OldSegment]) -> list[list[OldSegment]]:
    """All states on the way to the one that stays."""
    seen = [[*segments]]
    while (after := relabelled(seen[-1])) is not None:
        assert len(seen) <= len(segments), "it never ends"
        seen.append(after)
    return seen


def test_a_log_that_was_imported_takes_the_place_of_few_events_that_were_in_its_way() -> None:
    (_, after) = steps([segment(0, 0, 400, 1, is_late=False), segment(1, 10, 390, 60, is_late=True)])
    assert [one.is_late for one in after] == [True, False]


def test_two_that_overlap_do_not_change_places_for_ever() -> None:
    bases = [segment(0, 0, 100, 1_100, is_late=False), segment(1, 200, 300, 65, is_late=False)]
    bases.append(segment(2, 400, 500, 1_100, is_late=False))
    late = [segment(3, 190, 310, 61, is_late=True), segment(4, 201, 249, 60, is_late=True)]
    late.append(segment(5, 250, 299, 60, is_late=True))
    steps([*bases, *late])


@given(_STRETCHES)
def test_whatever_overlaps_it_ends_and_more_is_in_order_after_each_step(
    stretches: list[tuple[int, int, int, bool]],
) -> None:
    segments: list[OldSegment] = []
    end = -1
    for number, (low, length, events, is_late) in enumerate(sorted(stretches)):
        is_apart = low > end and not is_late
        segments.append(segment(number, low, low + length, events, is_late=not is_apart))
        end = low + length if is_apart else end
    in_order = [sum(one.count for one in state if not one.is_late) for state in steps(segments)]
    assert in_order == sorted(set(in_order))
