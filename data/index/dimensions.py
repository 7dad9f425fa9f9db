"""What a segment's terms are: those of the dictionary by their ids, and numbers for what has no dictionary.

Dimensions of the dictionary keep its numbers; the others begin at 20.
"""

from collections.abc import Iterator
from typing import NamedTuple

from data.answers import Dimension
from data.query import DurationRange
from data.store.tables import DIMENSION_NUMBERS, FLAG_CHANGES, FLAG_HOSTILE, FLAG_REASON

HAVING = 20
"""Dimension of what an event has: one of the numbers below."""
DURATION = 21
"""Dimension of durations, by their buckets; see `duration_bucket`."""
REQUEST = 22
"""Dimension of request ids, by the lowest bits of their digests: too many to have a term each."""

HAS_CHANGES, HAS_REASON, HAS_HOSTILE = FLAG_CHANGES, FLAG_REASON, FLAG_HOSTILE
HAS_IP, HAS_DURATION = 8, 16

REQUEST_MASK = (1 << 14) - 1
_KEY_DIMENSIONS = tuple(DIMENSION_NUMBERS.values())
_FLAGS = (HAS_CHANGES, HAS_REASON, HAS_HOSTILE)

COUNTED = tuple(DIMENSION_NUMBERS[dimension] for dimension in Dimension)
"""Dimensions whose terms are counted ahead, segment by segment."""

CODED = (DIMENSION_NUMBERS["actor"], DIMENSION_NUMBERS["client"])
"""Dimensions of which each position's term is kept as well: those with many values that are counted all the time."""


class IndexedRow(NamedTuple):
    """What of an event's row goes into a segment. Its first columns are in the order of `DIMENSION_NUMBERS`."""

    type: int
    outcome: int
    actor: int
    client: int | None
    target: int | None
    service: int | None
    ip: int | None
    session: int | None
    token: int | None
    duration_ms: int | None
    request_digest: int | None
    flags: int
    occurred_at: int
    seq: int


def terms_of(row: IndexedRow) -> Iterator[tuple[int, int]]:
    """Dimension and term of all that is to be found of a row."""
    for dimension, key in zip(_KEY_DIMENSIONS, row, strict=False):
        if key is not None:
            yield dimension, key
    if row.ip is not None:
        yield HAVING, HAS_IP
    if row.duration_ms is not None:
        yield HAVING, HAS_DURATION
        yield DURATION, duration_bucket(row.duration_ms)
    if row.request_digest is not None:
        yield REQUEST, row.request_digest & REQUEST_MASK
    for flag in _FLAGS:
        if row.flags & flag:
            yield HAVING, flag


def terms_in(row: IndexedRow, dimension: int) -> Iterator[int]:
    """The terms of one dimension that a row has."""
    if dimension <= len(_KEY_DIMENSIONS):
        key: int | None = row[dimension - 1]
        if key is not None:
            yield key
    else:
        yield from (term for one, term in terms_of(row) if one == dimension)


_SINGLE = 100
"""Up to this, each duration has a bucket of its own."""


def duration_bucket(milliseconds: int) -> int:
    """The bucket of a duration: by its two leading decimal digits and its magnitude, as people write bounds.

    0 to 99 ms are buckets of their own, then come 100, 101-109, 110, 111-119, ..., 1000, 1001-1099 and so on: a bound of
    two digits falls between buckets, whether it is to be reached or exceeded, and needs no look at the rows.
    """
    if milliseconds < _SINGLE:
        return milliseconds
    digits = str(milliseconds)
    leading = int(digits[:2]) + 90 * (len(digits) - 2) - _SINGLE
    return _SINGLE + 2 * leading + (0 if digits.count("0", 2) == len(digits) - 2 else 1)


def bucket_bounds(bucket: int) -> tuple[int, int]:
    """The shortest and the longest duration (ms) of a bucket."""
    if bucket < _SINGLE:
        return bucket, bucket
    zeros, leading = divmod((bucket - _SINGLE) // 2, 90)
    least = (leading + 10) * 10 ** (zeros + 1)
    return (least + 1, least + 10 ** (zeros + 1) - 1) if (bucket - _SINGLE) % 2 else (least, least)


_LAST_BUCKET = duration_bucket(2**63 - 1)


def buckets_in(wanted: DurationRange) -> tuple[range, frozenset[int]]:
    """The buckets that lie wholly within a range, and those that do in part, whose rows must be looked at."""
    least = max(0, wanted.least_ms or 0)
    if wanted.most_ms is not None and wanted.most_ms < least:
        return range(0), frozenset()
    first, last = duration_bucket(least), _LAST_BUCKET if wanted.most_ms is None else duration_bucket(wanted.most_ms)
    partial: set[int] = set()
    whole_first, whole_last = first, last
    if bucket_bounds(first)[0] < least:
        partial.add(first)
        whole_first += 1
    if wanted.most_ms is not None and bucket_bounds(last)[1] > wanted.most_ms:
        partial.add(last)
        whole_last -= 1
    return range(whole_first, whole_last + 1), frozenset(partial)
