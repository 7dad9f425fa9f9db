"""Saved views and reading marks: reading them, and writing them inside a unit of work. Never commits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from data.clock import Clock, from_microseconds, to_microseconds
from data.store.tables import member, reading_mark, saved_view
from data.store.upserting import insert_into
from data.views import SHIPPED, ReadingMark, View, ViewList, folded_name, plain_name

_WRITE_LOCK = int.from_bytes(b"adckview")
"""The number of the lock under which views are written on PostgreSQL; any that nobody else would think of."""


class ViewReader:
    """What one person sees of the views, in one transaction."""

    def __init__(self, connection: sa.Connection, names: Sequence[str]) -> None:
        """`names` are those under which the person's own are kept: what is written now, then what was before there were
        members."""
        self._connection = connection
        self._names = tuple(names)
        self.person = names[0]

    def all(self) -> ViewList:
        """Every view that the person sees, those that cannot be read among them."""
        own: list[View] = []
        others: list[View] = []
        for view in self._visible():
            (own if view.is_own else others).append(view)
        marks = self._marks()
        ordered = (*sorted(own, key=_by_name), *sorted(others, key=_by_name), *SHIPPED)
        return ViewList(self.person, tuple(replace(view, mark=marks.get(view.id)) for view in ordered))

    def find(self, view_id: UUID) -> View | None:
        """The view with this id, as far as the person sees it; those that ship are not asked for."""
        return next(self._visible(saved_view.c.id == view_id), None)

    def own(self, name: str) -> View | None:
        """The person's own view that is called so."""
        named = saved_view.c.folded == folded_name(name)
        return next(self._visible(saved_view.c.owner.in_(self._names), named), None)

    def _visible(self, *conditions: sa.ColumnElement[bool]) -> Iterator[View]:
        theirs = sa.or_(saved_view.c.owner.in_(self._names), saved_view.c.is_shared)
        known = sa.select(saved_view, member.c.name.label("member_name")).select_from(
            saved_view.outerjoin(member, member.c.id == saved_view.c.owner)
        )
        for row in self._connection.execute(known.where(theirs, *conditions)):
            yield View(
                row.id,
                row.name,
                row.query,
                owner=row.member_name or row.owner,
                is_own=row.owner in self._names,
                is_shared=row.is_shared,
                revision=row.revision,
            )

    def _marks(self, *conditions: sa.ColumnElement[bool]) -> dict[UUID, ReadingMark]:
        theirs = sa.select(reading_mark).where(reading_mark.c.reader.in_(self._names), *conditions)
        rows = self._connection.execute(theirs.order_by(reading_mark.c.left_at))  # of several, the last one counts
        return {row.view_id: ReadingMark(row.event_id, row.newest_id, from_microseconds(row.left_at)) for row in rows}


class ViewWriter(ViewReader):
    """Writes views, one writer at a time: what was looked at within the unit of work is still so when it is changed."""

    def __init__(self, connection: sa.Connection, names: Sequence[str], clock: Clock) -> None:
        if connection.dialect.name == "postgresql":  # on an embedded database the unit of work is alone already
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
        super().__init__(connection, names)
        self._clock = clock

    def add(self, view: View) -> None:
        """Add a view of the person's own. Its name must be free."""
        self._connection.execute(sa.insert(saved_view).values(id=view.id, owner=self.person, **self._values(view)))

    def change(self, view: View) -> None:
        """Make the stored view of the same id this one; a change of its query ends every reader's place in it."""
        stored = self._connection.execute(sa.select(saved_view.c.query).where(saved_view.c.id == view.id)).scalar_one()
        if stored != view.text:
            self._forget_marks(view.id)
        self._connection.execute(sa.update(saved_view).where(saved_view.c.id == view.id).values(**self._values(view)))

    def remove(self, view_id: UUID) -> None:
        """Delete a view, and every reader's place in it."""
        self._forget_marks(view_id)
        self._connection.execute(sa.delete(saved_view).where(saved_view.c.id == view_id))

    def mark(self, marks: Mapping[UUID, ReadingMark]) -> None:
        """Keep where the person stopped in these views, by their ids; one that is gone is passed over.

        Of two consoles the one that was left last counts; the newest event stood on never becomes an older one.
        """
        before = self._marks()
        known = {view.id for view in (*SHIPPED, *self._visible())}
        rows = [
            _mark_row(self.person, view_id, mark, before.get(view_id))
            for view_id, mark in marks.items()
            if view_id in known
        ]
        if rows:
            self._connection.execute(_put_marks(self._connection.dialect, rows))

    def _forget_marks(self, view_id: UUID) -> None:
        self._connection.execute(sa.delete(reading_mark).where(reading_mark.c.view_id == view_id))

    def _values(self, view: View) -> dict[str, Any]:
        now: datetime = self._clock()
        return {
            "name": plain_name(view.name),
            "folded": folded_name(view.name),
            "query": view.text,
            "is_shared": view.is_shared,
            "revision": view.revision,
            "saved_at": to_microseconds(now),
        }


def _put_marks(dialect: sa.Dialect, rows: Sequence[Mapping[str, Any]]) -> sa.Executable:
    """Rows of marks, each in the place of the one that is there."""
    keys = [reading_mark.c.reader, reading_mark.c.view_id]
    put = insert_into(reading_mark, dialect).values(rows)
    taken = ("event_id", "newest_id", "left_at")
    return put.on_conflict_do_update(index_elements=keys, set_={name: put.excluded[name] for name in taken})


def _mark_row(reader: str, view_id: UUID, mark: ReadingMark, before: ReadingMark | None) -> dict[str, Any]:
    last, newest = mark, mark.newest_id
    if before is not None:
        # A console that was held up may write its mark after one that was left later.
        last = max(mark, before, key=lambda one: one.left_at)
        newest = max(before.newest_id, newest)
    return {
        "reader": reader,
        "view_id": view_id,
        "event_id": last.event_id,
        "newest_id": newest,
        "left_at": to_microseconds(last.left_at),
    }


def _by_name(view: View) -> tuple[str, str]:
    return folded_name(view.name), view.owner or ""
