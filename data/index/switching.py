"""The one transaction in which a segment becomes live and what it takes the place of goes: all of it, or nothing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from data.index import tables
from data.index.old_segments import OldSegment
from data.index.segment_writer import GIVEN_UP, Lend, Overtaken, is_being_written
from data.records import Log
from data.store.forgetting_tables import erasure
from data.store.rows_by_key import is_one_of


@dataclass(frozen=True, slots=True)
class Erasures:
    """What tells one moment from another at which an event was erased in between, of the rows from `least` to `most`: how many
    erasures there were.
    """

    least: int
    most: int
    count: int


_SWITCH_LOCK = int.from_bytes(b"adckswch")
"""Under which switches on a shared database go one after the other."""


@contextmanager
def switching(lend: Lend) -> Iterator["Switch"]:
    """A switch, made at the end of the block. Raises Overtaken where somebody else was quicker; then nothing is done."""
    with lend() as connection:
        hold_switches(connection)
        yield Switch(connection)


def erasures(connection: sa.Connection, least: int, most: int) -> Erasures:
    """Those of these rows so far: none is ever forgotten."""
    among = sa.select(sa.func.count()).select_from(erasure).where(erasure.c.seq.between(least, most))
    return Erasures(least, most, connection.execute(among).scalar_one())


def erasures_within(connection: sa.Connection, segments: Sequence[OldSegment]) -> Erasures:
    """Those of what may be in these segments."""
    return erasures(connection, min(one.least_seq for one in segments), max(one.most_seq for one in segments))


def hold_switches(connection: sa.Connection) -> None:
    """No segment becomes live, or goes, until this transaction has ended."""
    if connection.dialect.name == "postgresql":  # on SQLite, nobody else writes
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_SWITCH_LOCK)))


class Switch:
    """What can be done in a switch. Each method raises Overtaken where things are not as they were any more."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def make_live(self, segments: Collection[int], built_by: int | None = None) -> None:
        """Show these, which are whole. `built_by` is the greatest of those that they are made of; None for new ones."""
        if built_by is None:
            built_by = self._current_transaction()
        change = sa.update(tables.segment).values(is_live=True, built_by=built_by)
        self._change(change, is_being_written(), segments)

    def retire(self, segments: Iterable[OldSegment]) -> None:
        """Hide these for good, which are as they were read. Their parts are for `repair.remove_hidden`."""
        for segment in segments:
            self._check_gone(segment)
            self._connection.execute(sa.delete(tables.gone).where(tables.gone.c.segment == segment.id))
            unchanged = sa.and_(tables.segment.c.is_live, tables.segment.c.begin == segment.begin)
            self._change(sa.update(tables.segment).values(is_live=False, begin=GIVEN_UP), unchanged, (segment.id,))

    def relabel(self, segments: Collection[int], *, is_late: bool) -> None:
        """Make late segments of base segments, or the other way round."""
        table = tables.segment
        condition = sa.and_(table.c.is_live, table.c.is_late.is_not(is_late))
        self._change(sa.update(table).values(is_late=is_late), condition, segments)

    def shorten(self, segment: OldSegment, begin: int) -> None:
        """Its positions up to `begin` are another segment's now."""
        if begin == segment.size:
            self.retire((segment,))
            return
        self._check_gone(segment)
        table = tables.segment
        condition = sa.and_(table.c.is_live, table.c.begin == segment.begin)
        self._change(sa.update(table).values(begin=begin), condition, (segment.id,))

    def index(self, log: Log, seqs: Sequence[int]) -> None:
        """These rows wait no more. They are all that wait between the first and the last of them, on SQLite."""
        seq = tables.UNINDEXED[log].c.seq
        if self._connection.dialect.name == "postgresql":
            # What commits late has numbers among theirs.
            those = is_one_of(seq, seqs, self._connection.dialect)
        else:
            those = seq.between(min(seqs), max(seqs))
        gone = self._connection.execute(sa.delete(tables.UNINDEXED[log]).where(those)).rowcount
        if gone != len(seqs):
            raise Overtaken(f"{gone} of {len(seqs)} rows were still waiting")

    def mended(self, segments: Collection[int]) -> None:
        """These are damaged no more, for they are gone."""
        self._connection.execute(sa.delete(tables.damage).where(tables.damage.c.segment.in_(segments)))

    def check_erased(self, before: Erasures) -> None:
        """No event was erased since then among these rows: what was built has the keys that events have now."""
        if erasures(self._connection, before.least, before.most) != before:
            raise Overtaken("an event was erased meanwhile")

    def _check_gone(self, segment: OldSegment) -> None:
        digest = self._connection.execute(
            sa.select(tables.gone.c.digest).where(tables.gone.c.segment == segment.id)
        ).scalar()
        if digest != segment.gone:
            raise Overtaken(f"events of segment {segment.id} were removed meanwhile")

    def _change(self, change: sa.Update, condition: sa.ColumnElement[bool], segments: Collection[int]) -> None:
        some = sa.and_(tables.segment.c.id.in_(segments), condition)
        if self._connection.execute(change.where(some)).rowcount != len(segments):
            raise Overtaken(f"segments {sorted(segments)} are not what they were")

    def _current_transaction(self) -> int:
        """On PostgreSQL the number of this transaction: whoever sees it sees what the segment holds."""
        if self._connection.dialect.name != "postgresql":
            return 0
        return int(self._connection.execute(sa.text("SELECT pg_current_xact_id()::text")).scalar_one())
