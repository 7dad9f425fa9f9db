"""Percentiles of counted values: exact, by nearest rank, so that each is a value that there was."""

from collections.abc import Mapping


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """The least value that at least `percent` of a hundred are not above; None of nothing.

    `counts` says how often there is each value. It is PostgreSQL's `percentile_disc`.
    """
    total = sum(counts.values())
    if total == 0:
        return None
    rank = max(1, -(-total * percent // 100))
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0:
            return value
    raise ValueError(f"{percent} is no number of a hundred")
