"""Whether what is gone went with leave: events of the log itself tell of every erasure and every removal."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from pyroaring import BitMap64

from data.proof import tables
from data.proof.errors import ProofBroken
from data.proof.findings import MOST_FINDINGS, Finding, Wrong
from data.proof.forgetting import Erasure, KeyReplaced, Removal, Telling, is_tombstone, told_since
from data.proof.log_keys import log_keys
from data.store.forgetting_tables import RETIRING, erasure
from data.store.rows_by_key import is_one_of
from data.store.tables import event

_AT_ONCE = 500

Digests = Callable[[Sequence[Removal]], Iterable[bool]]
"""Which of these removals name the leaves of their places."""


@dataclass(slots=True)
class Gone:
    """Places that were found to lack something: all of the event, its body, or its personal part."""

    rows: BitMap64 = field(default_factory=BitMap64)
    bodies: BitMap64 = field(default_factory=BitMap64)
    personal: BitMap64 = field(default_factory=BitMap64)


@dataclass(slots=True)
class _Erased:
    """Places of events that were erased with leave: any of it, and all of it; and what is wrong with those told of."""

    any: BitMap64 = field(default_factory=BitMap64)
    wholly: BitMap64 = field(default_factory=BitMap64)
    findings: list[Finding] = field(default_factory=list)


class Leave:
    """What was taken away of the places from `begin` to before `size`, and whether it was told of.

    It is asked in a transaction that began after all places were looked at: what was erased meanwhile is told of there.
    """

    def __init__(
        self, connection: sa.Connection, begin: int, size: int, gone: Gone, told: Sequence[Telling], digests: Digests
    ) -> None:
        self._connection = connection
        self._begin, self._size = begin, size
        self._gone = gone
        self._told = [*told]
        self._later_keys = () if begin else _later_keys(connection)
        is_noted = self._later_keys or (
            not begin and connection.execute(sa.select(erasure.c.seq).limit(1)).first() is not None
        )
        if gone.rows or gone.bodies or gone.personal or is_noted:
            self._told += told_since(connection, size)
        self._erasures = [one for one in self._told if isinstance(one, Erasure)]
        self._digests = digests
        self._erased = _erased_places(connection, self._erasures)
        self._removed, self._named = self._removed_places()

    @property
    def erased(self) -> int:
        """How many events were erased with leave."""
        return len(self._erased.any & (self._gone.personal | self._gone.bodies))

    @property
    def removed(self) -> int:
        """How many were removed with leave."""
        return len(self._removed & self._gone.rows)

    def findings(self) -> Iterator[Finding]:
        """What is gone without, and what was told to be gone and is there."""
        gone, erased = self._gone, self._erased
        yield from self._each(
            gone.rows - self._removed, Wrong.MISSING, "It was removed: its place has no event.", named=False
        )
        yield from self._each(
            gone.bodies - erased.any - gone.rows, Wrong.ERASED, "It is gone, and no event tells that it was erased."
        )
        yield from self._each(
            gone.bodies - erased.wholly - gone.rows,
            Wrong.ERASED,
            "It is gone, and an event tells of the erasure of its personal part alone.",
        )
        yield from self._each(
            gone.personal - erased.any - gone.rows,
            Wrong.ERASED,
            "Its personal part is gone, and no event tells that it was erased.",
        )
        yield from erased.findings
        yield from self._each(
            self._there_again(), Wrong.BACK, "An event tells that it was removed because of its age, and it is here."
        )
        if not self._begin:
            yield from self._untold()

    def _each(self, places: BitMap64, wrong: Wrong, sentence: str, *, named: bool = True) -> Iterator[Finding]:
        """A finding for each place; of very many, how many more there are."""
        first = [place for place, _number in zip(places, range(MOST_FINDINGS), strict=False)]
        ids = ids_of(self._connection, first) if named else {}
        for place in first:
            yield Finding(wrong, sentence, place, ids.get(place))
        if len(places) > len(first):
            more = f"The same is so of {len(places) - len(first):,} more, up to place {places.max():,}."
            yield Finding(wrong, more, places[len(first)])

    def _removed_places(self) -> tuple[BitMap64, BitMap64]:
        """Places whose removal was told of rightly; and all of which it was told."""
        named, told = BitMap64(), []
        for one in self._told:
            if isinstance(one, Removal):
                places = BitMap64()
                for begin, end in one.ranges:
                    places.add_range(max(begin, self._begin), max(min(end, self._size), self._begin))
                named |= places
                if not places.isdisjoint(self._gone.rows):
                    told.append((one, places))
        rightly = BitMap64()
        for holds, (_one, places) in zip(self._digests([one for one, _places in told]), told, strict=True):
            if holds:
                rightly |= places
        return rightly, named

    def _there_again(self) -> BitMap64:
        """Places of which was told that their events were removed, which are there: now, and when they were looked at."""
        there, places = BitMap64(), [*(self._named - self._gone.rows)]
        leaf = tables.leaf
        for at in range(0, len(places), _AT_ONCE):
            some = is_one_of(leaf.c.idx, places[at : at + _AT_ONCE], self._connection.dialect)
            there |= BitMap64(
                self._connection.scalars(sa.select(leaf.c.idx).join(event, event.c.seq == leaf.c.seq).where(some))
            )
        return there

    def _untold(self) -> Iterator[Finding]:
        """Rows that open the guards, of which no event tells: there is no other way to them than by somebody's hand."""
        told = {(one.erased, one.is_whole, one.id) for one in self._erasures}
        columns = sa.select(erasure.c.event_id, erasure.c.is_whole, erasure.c.told_by).order_by(erasure.c.seq)
        untold = [row.event_id for row in self._connection.execute(columns) if tuple(row) not in told]
        for id_ in untold[:MOST_FINDINGS]:
            yield Finding(Wrong.GUARD, "Its erasure is noted, and no event tells of it.", None, str(id_))
        replaced = {one.key for one in self._told if isinstance(one, KeyReplaced)}
        for key in self._later_keys:
            if key not in replaced:
                yield Finding(Wrong.GUARD, f"No event tells that the log is sealed with {key}.")
        for table in RETIRING.values():
            left = self._connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            if left:
                yield Finding(Wrong.GUARD, f"{left:,} events are noted as being removed, and nobody is removing them.")


def ids_of(connection: sa.Connection, places: Sequence[int]) -> dict[int, str]:
    """The ids of the events that have these places."""
    leaf = tables.leaf
    rows = connection.execute(
        sa.select(leaf.c.idx, event.c.id)
        .join(event, event.c.seq == leaf.c.seq)
        .where(is_one_of(leaf.c.idx, places, connection.dialect))
    )
    return {place: str(id_) for place, id_ in rows}


def _later_keys(connection: sa.Connection) -> tuple[str, ...]:
    """The keys but for the first, of each of which an event tells."""
    try:
        return tuple(str(one) for one in log_keys(connection).verifiers[1:])
    except ProofBroken:  # a finding already
        return ()


def _erased_places(connection: sa.Connection, erasures: Sequence[Erasure]) -> _Erased:
    found = _Erased()
    wholly: dict[UUID, bool] = {}
    for one in erasures:
        wholly[one.erased] = wholly.get(one.erased, False) or one.is_whole
    ids, leaf = [*wholly], tables.leaf
    for at in range(0, len(ids), _AT_ONCE):
        rows = connection.execute(
            sa.select(event.c.id, leaf.c.idx, event.c.salt, event.c.personal, event.c.body)
            .outerjoin(leaf, leaf.c.seq == event.c.seq)
            .where(event.c.id.in_(ids[at : at + _AT_ONCE]))
        )
        for id_, place, salt, personal, body in rows:
            is_whole = wholly[id_]
            is_back = personal is not None or salt is not None
            if is_back or (is_whole and not is_tombstone(body.encode("utf-8", "surrogateescape"))):
                told = "An event tells that it was erased, and it is here."
                found.findings.append(Finding(Wrong.BACK, told, place, str(id_)))
            if place is not None:
                found.any.add(place)
                if is_whole:
                    found.wholly.add(place)
    return found
