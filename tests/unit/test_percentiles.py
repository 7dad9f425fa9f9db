"""Tests of data.percentiles."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.percentiles import percentile, percentile_bounds


def test_there_is_none_of_nothing() -> None:
    assert percentile({}, 50) is None
    assert percentile({7: 0}, 50) is None


@pytest.mark.parametrize(("percent", "expected"), [(0, 1), (1, 1), (50, 50), (95, 95), (100, 100)])
def test_of_a_hundred_values(percent: int, expected: int) -> None:
    assert percentile(dict.fromkeys(range(1, 101), 1), percent) == expected


@given(values=st.lists(st.integers(0, 9), min_size=1, max_size=40), percent=st.integers(1, 100))
def test_it_is_the_least_value_that_so_many_are_not_above(values: list[int], percent: int) -> None:
    enough = [value for value in values if 100 * sum(one <= value for one in values) >= percent * len(values)]
    assert percentile(Counter(values), percent) == min(enough)


def test_few_values_tell_a_percentile_only_between_bounds() -> None:
    assert percentile_bounds({}, 95) is None
    assert percentile_bounds({7: 1}, 95) == (7, 7)
    assert percentile_bounds(dict.fromkeys(range(1, 31), 1), 95) == (25, 30)
    assert percentile_bounds(dict.fromkeys(range(1, 10_001), 1), 95) == (9_435, 9_566)


@given(values=st.lists(st.integers(0, 9), min_size=1, max_size=40), percent=st.integers(1, 100))
def test_a_percentile_lies_between_its_bounds(values: list[int], percent: int) -> None:
    bounds, exact = percentile_bounds(Counter(values), percent), percentile(Counter(values), percent)
    assert bounds is not None and exact is not None
    assert bounds[0] <= exact <= bounds[1]
