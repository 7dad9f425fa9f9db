"""Buckets of durations: without a gap, and cut where people write bounds."""

from hypothesis import given
from hypothesis import strategies as st

from data.index.dimensions import bucket_bounds, buckets_in, duration_bucket
from data.query import DurationRange
from data.query.durations import MOST_MILLISECONDS

_DURATIONS = st.integers(0, MOST_MILLISECONDS) | st.integers(0, 5_000)


@given(_DURATIONS)
def test_a_duration_lies_within_its_bucket_and_the_next_begins_where_it_ends(duration: int) -> None:
    bucket = duration_bucket(duration)
    least, most = bucket_bounds(bucket)
    assert least <= duration <= most
    assert duration_bucket(least) == duration_bucket(most) == bucket
    assert duration_bucket(most + 1) == bucket + 1


@given(_DURATIONS, _DURATIONS, st.booleans(), st.booleans())
def test_whole_buckets_are_within_a_range_and_partial_ones_only_in_part(
    least: int, most: int, from_below: bool, to_above: bool
) -> None:
    wanted = DurationRange(None if from_below else least, None if to_above else most)
    within = range(0 if from_below else least, (2**63 if to_above else most + 1))
    whole, partial = buckets_in(wanted)
    for bucket in (*whole[:3], *whole[-3:], *partial):
        first, last = bucket_bounds(bucket)
        inside = first in within and min(last, 2**63 - 1) in within
        assert inside is (bucket not in partial)
    for duration in (least, most):
        is_found = duration_bucket(duration) in whole or duration_bucket(duration) in partial
        assert is_found or duration not in within


@given(st.integers(10, 99), st.integers(0, 6), st.integers(10, 99), st.integers(0, 6))
def test_bounds_of_two_digits_need_no_look_at_rows(first: int, zeros: int, last: int, more_zeros: int) -> None:
    bound, other = first * 10**zeros, last * 10**more_zeros
    for wanted in (
        DurationRange(bound),
        DurationRange(bound + 1),
        DurationRange(None, bound),
        DurationRange(None, bound - 1),
        DurationRange(min(bound, other), max(bound, other)),
    ):
        assert not buckets_in(wanted)[1]
