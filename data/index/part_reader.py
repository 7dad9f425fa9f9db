"""Reading parts of segments: many with one statement, and none without a look at its digest."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

import sqlalchemy as sa

from data.index import tables
from data.index.digests import SegmentDamaged, digest_of
from data.index.packs import Pack
from data.index.places import PlaceChunk
from data.index.tables import KEY_BITS
from data.index.tallies import Tally
from data.stop import Stop
from data.store.rows_by_key import rows_by_key

_KEYS_AT_ONCE = 2_000
_BLOCKS_AT_ONCE = 16
_PACKS_KEPT = 4_000
_PART = ("key", "digest", "body")
_Part = TypeVar("_Part", Pack, PlaceChunk, Tally)


def intact(table: sa.Table, key: int, digest: bytes, body: bytes, made_of: type[_Part]) -> _Part:
    """The part that a row holds. Raises SegmentDamaged if it is not what was written."""
    if digest_of(table.name, key, body) != digest:
        raise SegmentDamaged(key >> KEY_BITS)
    try:
        return made_of(body)
    except ValueError:
        raise SegmentDamaged(key >> KEY_BITS) from None


class PartReader:
    """Reads parts of segments within one transaction, many at once; some are kept until it ends, others come next."""

    def __init__(self, connection: sa.Connection, stop: Stop) -> None:
        self._connection = connection
        self._stop = stop
        self._packs: dict[int, Pack] = {}
        self._places: dict[int, PlaceChunk] = {}
        self._tallies: dict[int, Tally] = {}

    def expect_packs(self, keys: Collection[int]) -> None:
        """Read these packs now, together."""
        self._packs.update(self._read(tables.pack, [key for key in keys if key not in self._packs], Pack))
        surplus = len(self._packs) - _PACKS_KEPT
        if surplus > 0:  # those that were read first go: what was read ahead of them has been used by then
            asked = frozenset(keys)
            for key in list(islice((key for key in self._packs if key not in asked), surplus)):
                del self._packs[key]

    def expect_places(self, keys: Iterable[int]) -> None:
        """Read these chunks of places now, together."""
        self._places.update(self._read(tables.place, [key for key in keys if key not in self._places], PlaceChunk))

    def expect_tallies(self, keys: Iterable[int]) -> None:
        """Read these tallies now, together."""
        self._tallies.update(self._read(tables.tally, [key for key in keys if key not in self._tallies], Tally))

    def pack(self, key: int) -> Pack:
        if key not in self._packs:
            self.expect_packs((key,))
        return self._packs[key]

    def places(self, keys: Iterable[int]) -> Mapping[int, PlaceChunk]:
        """At least these chunks of places, by their keys."""
        self.expect_places(keys)
        return self._places

    def tally(self, key: int) -> Tally:
        if key not in self._tallies:
            self.expect_tallies((key,))
        return self._tallies[key]

    def all_packs(self, keys: range) -> Iterator[Pack]:
        """These packs in order; none of them is kept."""
        for begin in range(keys.start, keys.stop, _KEYS_AT_ONCE):
            some = range(begin, min(keys.stop, begin + _KEYS_AT_ONCE))
            read = self._read(tables.pack, [key for key in some if key not in self._packs], Pack)
            yield from (self._packs.get(key) or read[key] for key in some)

    def all_places(self, keys: range) -> Iterator[PlaceChunk]:
        """These chunks in order; none of them is kept."""
        for begin in range(keys.start, keys.stop, _KEYS_AT_ONCE):
            some = range(begin, min(keys.stop, begin + _KEYS_AT_ONCE))
            read = self._read(tables.place, some, PlaceChunk)
            yield from (read[key] for key in some)

    def coded_blocks(self, keys: Sequence[int]) -> Iterator[Tally]:
        """These tallies in order; none of them is kept, for they are large."""
        for begin in range(0, len(keys), _BLOCKS_AT_ONCE):
            some = keys[begin : begin + _BLOCKS_AT_ONCE]
            read = self._read(tables.tally, some, Tally)
            yield from (read[key] for key in some)

    def _read(self, table: sa.Table, keys: Sequence[int], made_of: type[_Part]) -> dict[int, _Part]:
        """Raises SegmentDamaged for a part that is not there, or not what was written."""
        found: dict[int, _Part] = {}
        for begin in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[begin : begin + _KEYS_AT_ONCE]
            self._stop.check()
            for key, digest, body in rows_by_key(self._connection, table, _PART, "key", some):
                found[key] = intact(table, key, digest, body, made_of)
            missing = next((key for key in some if key not in found), None)
            if missing is not None:
                raise SegmentDamaged(missing >> KEY_BITS)
        return found
