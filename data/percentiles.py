"""Percentiles of counted values: exact, by nearest rank, so that each is a value that there was."""

from collections.abc import Mapping
from math import ceil, floor, sqrt

_SURELY = 3
"""Standard deviations."""


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """The least value that at least `percent` of a hundred are not above; None of nothing.

    `counts` says how often there is each value. It is PostgreSQL's `percentile_disc`.
    """
    total = sum(counts.values())
    return _at_rank(counts, -(-total * percent // 100)) if total else None


def percentile_bounds(counts: Mapping[int, int], percent: int) -> tuple[int, int] | None:
    """Between which two of the values the percentile surely lies of all that could have been; None of nothing.

    How many of `n` values are not above it is binomial, whatever they are: the bounds are the values three standard
    deviations of that beside its rank. Of 30 values, p95 lies between the 25th and the largest.
    """
    total = sum(counts.values())
    if not total:
        return None
    share = percent / 100
    beside = _SURELY * sqrt(total * share * (1 - share))
    return _at_rank(counts, ceil(total * share - beside)), _at_rank(counts, floor(total * share + beside) + 1)


def _at_rank(counts: Mapping[int, int], rank: int) -> int:
    """The value at this place, counted from 1, in order; the first or the last for a place before or behind all."""
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0 and counts[value]:
            return value
    return max(value for value, times in counts.items() if times)
