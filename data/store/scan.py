"""The row check: clauses that need the event itself, decided over a stream of candidates that can be called off."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from data.catalogue import CATALOGUE
from data.query import Clause, Key, Pattern, clause_holds
from data.stop import Stop
from data.store.event_rows import read_plainly

_ROWS_AT_ONCE = 500


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
        """Whether the event of this row, of SCAN_COLUMNS or more, fulfils the clauses."""
        if not self._clauses:
            return True
        if self._needles and row.personal is not None:
            raw = _text(row.body + row.personal).casefold()
            if not all(needle.may_be_in(raw) for needle in self._needles):
                return False
        stored = read_plainly(row)
        return all(clause_holds(clause, stored, self._now, self._zone) for clause in self._clauses)


def _text(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else stored.decode(errors="replace")


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
    """The rows of `statement`, which selects SCAN_COLUMNS or more, that pass the check, in its order, as they are found."""
    # With this statement alone: options set on a connection stay on it.
    with connection.execute(statement, execution_options={"yield_per": _ROWS_AT_ONCE}) as rows:
        for number, row in enumerate(rows):
            if number % _ROWS_AT_ONCE == 0:
                stop.check()
            if check.passes(row):
                yield row
