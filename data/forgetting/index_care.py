"""What removing events leaves to be done to the index: noted for whoever builds it."""

from collections.abc import Iterator
from contextlib import contextmanager

from data.index.damage import note_damage
from data.index.digests import SegmentDamaged
from data.index.wear import worn
from data.store import Database


@contextmanager
def damage_noted(database: Database) -> Iterator[None]:
    """Whatever needs a segment that cannot be read ends with the block: the segment is made anew first."""
    try:
        yield
    except SegmentDamaged as error:
        note_damage(database.upkeep_writing, error.segment)


def note_worn(database: Database) -> None:
    """Have those segments be made anew of which much is gone."""
    with damage_noted(database):
        with database.upkeep_reading() as connection:
            segments = worn(connection)
        for segment in segments:
            note_damage(database.upkeep_writing, segment)
