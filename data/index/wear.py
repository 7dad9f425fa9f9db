"""Segments of which so much is gone that they are better made anew."""

import sqlalchemy as sa

from data.index import tables
from data.index.gone import gone_of

_SHARE = 8
"""More than one in so many of a segment's events are gone: until then, leaving them out costs less than making it anew."""


def worn(connection: sa.Connection) -> list[int]:
    """The live segments of both logs that are. Raises SegmentDamaged."""
    gone = gone_of(connection)
    table = tables.segment
    found = connection.execute(sa.select(table.c.id, table.c.begin, table.c.size).where(table.c.is_live)).all()
    return [
        segment
        for segment, begin, size in found
        if segment in gone and gone[segment].range_cardinality(begin, size) * _SHARE > size - begin
    ]
