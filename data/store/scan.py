"""The row check: clauses that need the event itself, decided over a stream of candidates that can be called off."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from data.answers import StoredEvent
from data.catalogue import CATALOGUE
from data.query import Clause, Key, Pattern, clause_holds
from data.records import Log
from data.stop import Stop
from data.store.encoding import decode
from data.store.tables import LOG_TABLES, LogTable, pending


def _event_columns(log: LogTable) -> tuple[sa.ColumnElement[Any], ...]:
    table = log.table
    sealed = sa.not_(sa.exists().where(pending.c.seq == table.c.seq)) if log.is_sealed else sa.false()
    return (table.c.seq, table.c.id, sealed.label("sealed"), table.c.body, table.c.personal)


EVENT_COLUMNS = {log: _event_columns(log_table) for log, log_table in LOG_TABLES.items()}
"""What a row of each log must hold to become an event; its two stored parts come last."""

_ROWS_AT_ONCE = 500


def stored_columns(log: Log) -> tuple[sa.ColumnElement[Any], ...]:
    """What a row must hold to be handed on as it is stored; its id as the driver has it, for few rows' ids are asked for."""
    table = LOG_TABLES[log].table
    return (sa.type_coerce(table.c.id, sa.types.NULLTYPE).label("id"), table.c.body, table.c.personal)


def stored_parts(rows: Sequence[Any]) -> list[StoredEvent]:
    """The two parts that such rows hold, or those of EVENT_COLUMNS."""
    return [row[-2:] for row in rows]


class RowCheck:
    """Decides the clauses that SQL does not: free text, and wildcards over request ids."""

    def __init__(self, clauses: tuple[Clause, ...], now: datetime, zone: ZoneInfo) -> None:
        self._clauses = clauses
        self._now = now
        self._zone = zone
        self._needles = tuple(
            _Needle(value.parts[0])
            for clause in clauses
            for value in clause.values
            if clause.key is Key.TEXT and not clause.negated and isinstance(value, Pattern)
        )

    def passes(self, row: Any) -> bool:  # noqa: ANN401
        """Whether the event of this row, of EVENT_COLUMNS, fulfils the clauses."""
        if not self._clauses:
            return True
        if self._needles and row.personal is not None:
            raw = (row.body + row.personal).casefold()
            if not all(needle.may_be_in(raw) for needle in self._needles):
                return False
        stored = decode(row.body, row.personal, sealed=row.sealed)
        return all(clause_holds(clause, stored, self._now, self._zone) for clause in self._clauses)


class _Needle:
    """A text to find, prepared for a cheap look at stored JSON that is never wrong when it says no.

    JSON writes each character by itself, so a text within a value is, written as JSON, within the value's JSON; and
    folding case works on each character by itself, too. A type's labels are searched as well, but are not stored: its
    tag stands for them.
    """

    def __init__(self, text: str) -> None:
        folded = text.casefold()
        self._written = orjson.dumps(folded).decode()[1:-1].casefold()
        self._tags = tuple(
            f'"type":"{kind.tag}"'
            for kind in CATALOGUE
            if folded in kind.done.casefold() or folded in kind.attempted.casefold()
        )

    def may_be_in(self, raw: str) -> bool:
        return self._written in raw or any(tag in raw for tag in self._tags)


def matching_rows(
    connection: sa.Connection, statement: sa.Select[Any], check: RowCheck, stop: Stop
) -> Iterator[sa.Row[Any]]:
    """The rows of `statement`, which selects EVENT_COLUMNS, that pass the check, in its order, as they are found."""
    # With this statement alone: options set on a connection stay on it.
    with connection.execute(statement, execution_options={"yield_per": _ROWS_AT_ONCE}) as rows:
        for number, row in enumerate(rows):
            if number % _ROWS_AT_ONCE == 0:
                stop.check()
            if check.passes(row):
                yield row
