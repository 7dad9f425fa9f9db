"""What of the index turns out to be damaged while events are removed: noted for whoever makes it anew."""

from collections.abc import Iterator
from contextlib import contextmanager

from data.index.damage import note_damage
from data.index.digests import SegmentDamaged
from data.store import Database


@contextmanager
def damage_noted(database: Database) -> Iterator[None]:
    """Whatever needs a segment that cannot be read ends with the block: the segment is made anew first."""
    try:
        yield
    except SegmentDamaged as error:
        note_damage(database.upkeep_writing, error.segment)
