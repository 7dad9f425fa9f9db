"""Holds: read in a transaction, and written inside a unit of work. Never commits."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from data.clock import from_microseconds, to_microseconds
from data.holds import Hold
from data.once import once
from data.records import Event, Reference
from data.store.forgetting_tables import hold

_LOCK = int.from_bytes(b"adckhold")
"""The number of the lock under which holds are placed and lifted on PostgreSQL."""


def keep_holds_still(connection: sa.Connection) -> None:
    """Nobody places or lifts a hold from here on until this transaction ends: for whoever erases or removes what is not
    held. It comes before the question what is held.
    """
    if connection.dialect.name == "postgresql":  # on an embedded database whoever writes is alone already
        connection.execute(sa.text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _LOCK})


class HoldReader:
    """The holds, as they are in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def in_force(self) -> tuple[Hold, ...]:
        """Those that nobody has lifted, the oldest first."""
        return self._in_force

    def holding(self, event: Event) -> Hold | None:
        """The oldest hold that forbids this event to be erased or removed; None where none does."""
        return next((one for one in self._in_force if one.holds(event)), None)

    def find(self, hold_id: UUID) -> Hold | None:
        """The hold with this id, lifted or not."""
        return next(iter(self._found(hold.c.id == hold_id)), None)

    @once
    def _in_force(self) -> tuple[Hold, ...]:
        return self._found(hold.c.lifted_at.is_(None))

    def _found(self, condition: sa.ColumnElement[bool]) -> tuple[Hold, ...]:
        rows = self._connection.execute(sa.select(hold).where(condition).order_by(hold.c.placed_at, hold.c.id))
        return tuple(map(_read, rows))


class HoldWriter:
    """Places and lifts holds, one writer at a time: what was looked at within the unit of work is still so."""

    def __init__(self, connection: sa.Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        self._connection = connection

    def find(self, hold_id: UUID) -> Hold | None:
        """The hold with this id, lifted or not."""
        return HoldReader(self._connection).find(hold_id)

    def place(self, placed: Hold) -> None:
        """Keep a hold, from now on in force."""
        self._connection.execute(
            sa.insert(hold).values(
                id=placed.id,
                query=placed.text,
                reason=placed.reason,
                placed_at=to_microseconds(placed.placed_at),
                placed_by=_written(placed.placed_by),
            )
        )

    def lift(self, hold_id: UUID, at: datetime, by: Reference) -> None:
        """End one that is in force; the row stays."""
        change = sa.update(hold).where(hold.c.id == hold_id, hold.c.lifted_at.is_(None))
        self._connection.execute(change.values(lifted_at=to_microseconds(at), lifted_by=_written(by)))


def _written(who: Reference) -> str:
    return json.dumps({"type": who.type, "id": who.id, "name": who.name})


def _who(written: str) -> Reference:
    told = json.loads(written)
    return Reference(told["type"], told.get("id"), told.get("name"))


def _read(row: Any) -> Hold:  # noqa: ANN401
    return Hold(
        row.id,
        row.query,
        row.reason,
        from_microseconds(row.placed_at),
        _who(row.placed_by),
        None if row.lifted_at is None else from_microseconds(row.lifted_at),
        None if row.lifted_by is None else _who(row.lifted_by),
    )
