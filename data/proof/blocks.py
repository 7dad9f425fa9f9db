"""The places of the tree looked at block by block, each by whichever process is free: hashes, and the rows behind them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from pyroaring import BitMap64

from data.merkle.tree import Frontier, leaf_hash
from data.proof.findings import MOST_FINDINGS, Finding, Wrong
from data.proof.forgetting import Telling, is_tombstone, may_tell, telling_of
from data.proof.nodes import TILE_HEIGHT
from data.proof.row_checks import Dictionary, Row, findings_of, keys_in, row_columns

BLOCK = 1 << 16
"""So many places are a block: a perfect subtree, but for the last."""

_ROWS_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class Altered:
    """A place whose event's bytes have another hash now; `noted` is the hash that stands beside the event."""

    place: int
    stored: bytes
    computed: bytes
    noted: bytes


@dataclass(slots=True)
class Hashed:
    """What the hashes of the places from `begin` to before `end` came to.

    `peaks` are, by a size of the whole tree, the roots of the perfect subtrees over the places from `base` on below it, the
    largest first; `end` is smaller than was asked for where a leaf is missing. `tiles` are the nodes that are to be stored,
    as they have to be: height, index and hash.

    `altered` are the places of other bytes, of which the first are in `details`; `gone` those without an event,
    `tombstones` those whose event seems to have been erased wholly. `told` is what events told of such.
    """

    base: int
    end: int
    peaks: dict[int, tuple[bytes, ...]] = field(default_factory=dict)
    tiles: list[tuple[int, int, bytes]] = field(default_factory=list)
    altered: BitMap64 = field(default_factory=BitMap64)
    details: list[Altered] = field(default_factory=list)
    gone: BitMap64 = field(default_factory=BitMap64)
    tombstones: BitMap64 = field(default_factory=BitMap64)
    told: list[Telling] = field(default_factory=list)

    def note(self, place: int, stored: bytes, body: bytes | None, noted: bytes) -> None:
        """Note what is at this place, whose leaf is `stored`; `noted` is the one beside the event."""
        if body is None:
            self.gone.add(place)
            return
        computed = leaf_hash(body)
        if computed == stored:
            told = telling_of(body, place)
            if told is not None:
                self.told.append(told)
        elif noted == stored and is_tombstone(body):
            self.tombstones.add(place)
        else:
            self.altered.add(place)
            if len(self.details) < MOST_FINDINGS:
                self.details.append(Altered(place, stored, computed, noted))


@dataclass(slots=True)
class Checked:
    """What the rows of some places came to: what is wrong, the first of it; which have no personal part any more, and of
    which nothing is left but a tombstone.
    """

    findings: list[Finding] = field(default_factory=list)
    forgotten: BitMap64 = field(default_factory=BitMap64)
    tombstones: BitMap64 = field(default_factory=BitMap64)


def hash_places(
    connection: sa.Connection, base: int, before: Frontier, end: int, sizes: Sequence[int], look: Callable[[], None]
) -> Hashed:
    """Hash the stored bytes of the places from where the tree `before`, whose first leaf is at place `base`, ends.

    `sizes`, in order, are those at which the whole tree was signed. `look` is called from time to time, and may raise.
    """
    begin = base + before.size
    done = Hashed(base, begin)

    def completed(height: int, index: int, root: bytes) -> None:
        if height % TILE_HEIGHT == 0:
            done.tiles.append((height, index + (base >> height), root))

    tree = Frontier(before.size, before.peaks, completed)
    waiting = [size for size in sizes if begin < size <= end]
    for place, stored, body, noted in _leaves(connection, begin, end, look):
        if place != done.end:
            break
        if body is None or leaf_hash(body) != stored or may_tell(body):
            done.note(place, stored, body, noted)
        tree.add(stored)
        done.end += 1
        if waiting and done.end == waiting[0]:
            done.peaks[waiting.pop(0)] = tree.peaks
    done.peaks[done.end] = tree.peaks
    return done


def check_rows(connection: sa.Connection, begin: int, end: int, altered: BitMap64, look: Callable[[], None]) -> Checked:
    """What is wrong with the events of these places beside their bodies, which those of `altered` places have."""
    dictionary = Dictionary(connection)
    columns = row_columns(connection.dialect)
    done = Checked()
    for first in range(begin, end, _ROWS_AT_ONCE):
        look()
        values = connection.exec_driver_sql(
            f"SELECT l.idx, l.hash, {columns} FROM leaf l JOIN event e ON e.seq = l.seq "
            f"WHERE l.idx >= {first} AND l.idx < {min(first + _ROWS_AT_ONCE, end)} ORDER BY l.idx"
        ).fetchall()
        rows = [(one[0], one[1], Row.of(one[2:])) for one in values if not altered or one[0] not in altered]
        dictionary.expect(keys_in([row for _place, _leaf, row in rows]))
        for place, leaf, row in rows:
            if row.is_forgotten:
                done.forgotten.add(place)
            found = _findings_of(row, place, leaf, dictionary)
            if len(done.findings) < MOST_FINDINGS:
                done.findings += found
            if row.is_forgotten and row.is_tombstone:
                done.tombstones.add(place)
    return done


def _findings_of(row: Row, place: int, leaf: bytes, dictionary: Dictionary) -> list[Finding]:
    try:
        return [*findings_of(row, place, leaf, dictionary)]
    except (TypeError, ValueError, AttributeError, OverflowError):  # on SQLite any column can hold anything
        return [Finding(Wrong.COLUMN, "A column of its row holds what none can hold.", place)]


def _leaves(
    connection: sa.Connection, begin: int, end: int, look: Callable[[], None]
) -> Iterator[tuple[int, bytes, bytes | None, bytes]]:
    """Each place with its stored hash, its event's bytes, and the hash beside them; None where the event is gone."""
    # As bytes: a text would be decoded only to be encoded again.
    as_bytes = "CAST(e.body AS BLOB)" if connection.dialect.name == "sqlite" else "convert_to(e.body, 'UTF8')"
    for first in range(begin, end, _ROWS_AT_ONCE):
        look()
        rows: Sequence[Any] = connection.exec_driver_sql(
            f"SELECT l.idx, l.hash, {as_bytes}, e.leaf FROM leaf l LEFT JOIN event e ON e.seq = l.seq "
            f"WHERE l.idx >= {first} AND l.idx < {min(first + _ROWS_AT_ONCE, end)} ORDER BY l.idx"
        ).fetchall()
        for place, stored, body, noted in rows:
            yield place, _hash_in(stored), None if body is None else bytes(body), _hash_in(noted)


def _hash_in(value: Any) -> bytes:  # noqa: ANN401
    """The bytes that a column holds; on SQLite it can hold anything, which is no hash then."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
