"""Damage: which segments somebody found to be other than they were written. Whoever builds makes them anew."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa

from data.index import tables


def note_damage(lend: Callable[[], AbstractContextManager[sa.Connection]], segment: int) -> None:
    """Note that a segment is damaged, if it is live and that is not known yet; `lend` as in `segment_writer`."""
    with lend() as writing:
        is_noted = sa.exists().where(tables.damage.c.segment == segment)
        is_live = sa.and_(tables.segment.c.id == segment, tables.segment.c.is_live)
        note = sa.select(tables.segment.c.id).where(is_live, sa.not_(is_noted))
        writing.execute(sa.insert(tables.damage).from_select(["segment"], note))


def damaged(connection: sa.Connection) -> set[int]:
    """The segments that somebody found to be damaged."""
    return set(connection.scalars(sa.select(tables.damage.c.segment)))
