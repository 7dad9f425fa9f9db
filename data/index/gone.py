"""Positions of segments whose events were removed: kept beside the segment, which itself never changes."""

from collections.abc import Mapping

import sqlalchemy as sa
from pyroaring import BitMap

from data.index import tables
from data.index.digests import SegmentDamaged, digest_of
from data.store.upserting import insert_into


def gone_of(connection: sa.Connection) -> Mapping[int, BitMap]:
    """What is gone of each segment that lacks anything, of both logs. Raises SegmentDamaged."""
    found = {}
    for segment, digest, body in connection.execute(sa.select(tables.gone)):
        if digest_of(tables.gone.name, segment, body) != digest:
            raise SegmentDamaged(segment)
        try:
            found[segment] = BitMap.deserialize(body)
        except ValueError:
            raise SegmentDamaged(segment) from None
    return found


def write_gone(connection: sa.Connection, segment: int, positions: BitMap) -> None:
    """These positions of a segment are gone, and no others."""
    body = positions.serialize()
    values = {"digest": digest_of(tables.gone.name, segment, body), "body": body}
    statement = insert_into(tables.gone, connection.dialect).values(segment=segment, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[tables.gone.c.segment], set_=values))
