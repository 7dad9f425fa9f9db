"""The indexer: does all that is due to the index, and as often as one likes."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from data.index import building, damage, folding, merging, repair, term_removal
from data.index.aliases import Aliases
from data.index.digests import SegmentDamaged
from data.index.old_segments import OldSegment, old_segments
from data.index.segment_writer import Overtaken
from data.records import Log
from data.stop import Stop
from data.store import Database
from data.store.erased_bytes import note_erased_bytes

AT_ONCE, AT_ONCE_BESIDE = 1 << 16, 1 << 14
"""So many events are built at once, which takes some 60 MB, or 15 MB within a program that has something else to do."""

_ALONE = int.from_bytes(b"adckindx")
_TRIES = 8
_LOG = logging.getLogger("auditdeck.index")


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a run did: the events and segments that it built, how often it merged and folded segments, and those it mended."""

    events: int = 0
    segments: int = 0
    merged: int = 0
    folded: int = 0
    mended: int = 0

    def __add__(self, other: "Indexed") -> "Indexed":
        return Indexed(
            self.events + other.events,
            self.segments + other.segments,
            self.merged + other.merged,
            self.folded + other.folded,
            self.mended + other.mended,
        )


class Indexer:
    """Keeps the index of one database. Safe to use from several threads and processes: one of them works at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._aliases = Aliases()

    def is_due(self) -> bool:
        """Whether there is anything to be built, mended or forgotten: a cheap look."""
        with self._database.upkeep_reading() as connection:
            return (
                any(building.are_waiting(connection, log) for log in Log)
                or bool(damage.damaged(connection))
                or term_removal.are_in_doubt(connection)
            )

    def run(self, stop: Stop | None = None, *, most: int = AT_ONCE) -> Indexed:
        """Do all that is due in both logs; nothing if somebody else is at it.

        At most so many events are built into a segment at once. Raises Cancelled between two steps once `stop` is
        requested, and the errors of `data.errors`: what was done until then is done.
        """
        stop = stop or Stop()
        done = Indexed()
        with self._database.upkeep_alone(_ALONE) as is_alone:
            if not is_alone:
                return done
            # Each by itself: where one log's work is overtaken again and again, the other is indexed all the same.
            for log in Log:
                done += self._index(log, stop, most)
            with self._tolerant():
                self._tidy(stop)
                self._forget_terms(stop)
        return done

    def _index(self, log: Log, stop: Stop, most: int) -> Indexed:
        """Do all that is due in one log."""
        done = Indexed()
        for _ in range(_TRIES):
            with self._tolerant():
                self._tidy(stop)
                while step := self._step(log, stop, most):
                    done += step
                break
        return done

    @contextmanager
    def _tolerant(self) -> Iterator[None]:
        """Note what is found to be damaged, and let others be quicker: then it is tried again."""
        try:
            yield
        except SegmentDamaged as error:
            _LOG.warning("%s: it is made anew", error)
            damage.note_damage(self._database.upkeep_writing, error.segment)
        except Overtaken as error:  # by somebody who believes to be alone, too: after a connection that broke
            _LOG.info("something else was quicker: %s", error)

    def _tidy(self, stop: Stop) -> None:
        with self._reading(stop) as connection:
            repair.forget_foreign_transactions(connection, self._database.upkeep_writing)
            repair.remove_hidden(connection, self._database.upkeep_writing, stop)
            repair.forget_old_damage(connection, self._database.upkeep_writing)

    def _forget_terms(self, stop: Stop) -> None:
        def note(connection: sa.Connection) -> None:
            note_erased_bytes(connection, self._database.clock())

        removed = term_removal.remove_unused(lambda: self._reading(stop), self._database.upkeep_writing, note)
        if removed:
            _LOG.info("names that no event has any more were removed from the dictionary: %d", removed)

    def _step(self, log: Log, stop: Stop, most: int) -> Indexed | None:
        """What is most urgent of all that is due; None if nothing is."""
        lend = self._database.upkeep_writing
        with self._reading(stop) as connection:
            broken = damage.damaged(connection)
            if broken and (mended := repair.rebuild(connection, lend, log, stop, broken, most)):
                return Indexed(mended=mended)
            if building.are_waiting(connection, log):
                events, built = building.build(connection, lend, log, self._aliases, stop, most=most)
                return Indexed(events, built)
            segments = old_segments(connection, log)
            for is_late in (False, True):
                due = merging.due([segment for segment in segments if segment.is_late is is_late])
                if due:
                    merging.merge(connection, lend, log, stop, due)
                    return Indexed(merged=len(due))
        if not folding.is_due(segments):
            return None
        if worn := {segment.id for segment in segments if segment.gone is not None}:
            with self._reading(stop) as connection:
                return Indexed(mended=repair.rebuild(connection, lend, log, stop, worn, most))
        folded = self._fold(log, segments, stop)
        return Indexed(folded=folded) if folded else None

    def _fold(self, log: Log, segments: Sequence[OldSegment], stop: Stop) -> int:
        """Fold in all that can be; how many base segments it went into."""
        lend = self._database.upkeep_writing
        if folding.relabel(lend, segments):
            return 1
        folded, after = 0, None
        while True:
            with self._reading(stop) as connection:
                after = folding.fold_next(connection, lend, log, stop, old_segments(connection, log), after)
            if after is None:
                return folded
            folded += 1

    def _reading(self, stop: Stop) -> AbstractContextManager[sa.Connection]:
        stop.check()
        return self._database.upkeep_reading(stop)
