"""The places of the tree looked at block by block, each by whichever process is free: hashes, and the rows behind them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from data.merkle.tree import Frontier
from data.proof.findings import Finding, Wrong
from data.proof.nodes import TILE_HEIGHT
from data.proof.row_checks import ROW, Dictionary, Row, findings_of, keys_in

BLOCK = 1 << 16
"""So many places are a block: a perfect subtree, but for the last."""

MOST_FINDINGS = 100
"""Of each block no more are told: what was altered on purpose begins with one."""

_ROWS_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True)
class Altered:
    """A place whose event's bytes have another hash now; `computed` is None where the event is gone.

    `noted` is the hash that stands beside the event.
    """

    place: int
    stored: bytes
    computed: bytes | None
    noted: bytes | None


@dataclass(slots=True)
class Hashed:
    """What the hashes of the places from `begin` to before `end` came to.

    `peaks` are, by a size of the whole tree, the roots of the perfect subtrees over the places from `base` on below it, the
    largest first; `end` is smaller than was asked for where a leaf is missing. `tiles` are the nodes that are to be stored,
    as they have to be: height, index and hash.
    """

    base: int
    end: int
    peaks: dict[int, tuple[bytes, ...]] = field(default_factory=dict)
    tiles: list[tuple[int, int, bytes]] = field(default_factory=list)
    altered: list[Altered] = field(default_factory=list)


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
    for place, stored, computed, noted in _leaves(connection, begin, end, look):
        if place != done.end:
            break
        if computed != stored and len(done.altered) < MOST_FINDINGS:
            done.altered.append(Altered(place, stored, computed, noted))
        tree.add(stored)
        done.end += 1
        if waiting and done.end == waiting[0]:
            done.peaks[waiting.pop(0)] = tree.peaks
    done.peaks[done.end] = tree.peaks
    return done


def check_rows(
    connection: sa.Connection, begin: int, end: int, altered: frozenset[int], look: Callable[[], None]
) -> list[Finding]:
    """What is wrong with the events of these places beside their bodies, which those of `altered` places have."""
    dictionary = Dictionary(connection)
    found: list[Finding] = []
    for first in range(begin, end, _ROWS_AT_ONCE):
        look()
        values = connection.exec_driver_sql(
            f"SELECT l.idx, {ROW} FROM leaf l JOIN event e ON e.seq = l.seq "
            f"WHERE l.idx >= {first} AND l.idx < {min(first + _ROWS_AT_ONCE, end)} ORDER BY l.idx"
        ).fetchall()
        rows = [(one[0], Row.of(one[1:])) for one in values if one[0] not in altered]
        dictionary.expect(keys_in([row for _place, row in rows]))
        for place, row in rows:
            try:
                found += findings_of(row, place, dictionary)
            except (TypeError, ValueError, AttributeError, OverflowError):  # on SQLite any column can hold anything
                found.append(Finding(Wrong.COLUMN, "A column of its row holds what none can hold.", place))
        if len(found) >= MOST_FINDINGS:
            break
    return found


def _leaves(
    connection: sa.Connection, begin: int, end: int, look: Callable[[], None]
) -> Iterator[tuple[int, bytes, bytes | None, bytes | None]]:
    """Each place with its stored hash, the one that its event's bytes have now, and the one beside them; None where the
    event is gone.
    """
    # As bytes: a text would be decoded only to be encoded again.
    as_bytes = "CAST(e.body AS BLOB)" if connection.dialect.name == "sqlite" else "convert_to(e.body, 'UTF8')"
    for first in range(begin, end, _ROWS_AT_ONCE):
        look()
        rows: Sequence[Any] = connection.exec_driver_sql(
            f"SELECT l.idx, l.hash, {as_bytes}, e.leaf FROM leaf l LEFT JOIN event e ON e.seq = l.seq "
            f"WHERE l.idx >= {first} AND l.idx < {min(first + _ROWS_AT_ONCE, end)} ORDER BY l.idx"
        ).fetchall()
        for place, stored, body, noted in rows:
            computed = None if body is None else sha256(b"\x00" + bytes(body)).digest()
            yield place, _hash_in(stored), computed, None if noted is None else _hash_in(noted)


def _hash_in(value: Any) -> bytes:  # noqa: ANN401
    """The bytes that a column holds; on SQLite it can hold anything, which is no hash then."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
