"""Damage: which segments somebody found to be other than they were written. Whoever builds makes them anew."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa

from data.index import tables
from data.store.upserting import insert_into


def note_damage(lend: Callable[[], AbstractContextManager[sa.Connection]], segment: int) -> None:
    """Note that a segment is damaged, if it is live and that is not known yet; `lend` as in `segment_writer`."""
    with lend() as writing:
        is_live = sa.and_(tables.segment.c.id == segment, tables.segment.c.is_live)
        if writing.execute(sa.select(tables.segment.c.id).where(is_live)).first() is not None:
            note_damaged(writing, segment)


def note_damaged(writing: sa.Connection, *segments: int) -> None:
    """Note that these segments have to be made anew, within somebody's transaction."""
    for segment in segments:
        note = insert_into(tables.damage, writing.dialect).values(segment=segment)
        writing.execute(note.on_conflict_do_nothing())


def damaged(connection: sa.Connection) -> set[int]:
    """The segments that somebody found to be damaged."""
    return set(connection.scalars(sa.select(tables.damage.c.segment)))
