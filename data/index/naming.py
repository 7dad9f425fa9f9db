"""What the values that were counted are called: by the newest of the events that were."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from data.answers import Dimension
from data.index.alias_memory import SharedValues
from data.index.part_reader import PartReader
from data.index.selection import Selected, chunks
from data.store.facets import Counted, CountedValue
from data.store.names_holding import WITH_IDS
from data.store.tables import DIMENSION_NUMBERS, key_column, term

_TERMS_AT_ONCE = 500


class Namer:
    """Names within one transaction."""

    def __init__(self, connection: sa.Connection, table: sa.Table, parts: PartReader) -> None:
        self._connection = connection
        self._table = table
        self._parts = parts

    def named(
        self, selected: Selected, dimension: Dimension, counts: Mapping[int, int], distinct: int, shared: SharedValues
    ) -> Counted:
        """Values by what they are called in the newest of the selected events; `counts` are in order."""
        terms_of = shared.terms_of(counts)
        newest = {
            value: some[0] if len(some) == 1 else self._newest(selected, dimension, some)
            for value, some in terms_of.items()
        }
        texts = self.texts(newest.values())
        named = []
        for value, count in counts.items():
            ident, folded, name = texts[newest[value]]
            identity = ident if dimension in WITH_IDS and ident is not None else folded
            named.append(CountedValue(identity or "", ident, name, count))
        return Counted(named, distinct)

    def _newest(self, selected: Selected, dimension: Dimension, terms: Sequence[int]) -> int:
        """Which of these terms is that of the newest selected event that has one of them."""
        number = DIMENSION_NUMBERS[dimension]
        last: list[tuple[int, int]] = []
        for source, positions in sorted(selected, key=lambda one: -one[0].last_moment):
            if last and source.last_moment < max(last)[0]:
                break
            self._parts.expect_packs(source.expect({number: terms}))
            here = source.having({number: terms}) & positions
            if here:
                last += source.places([here.max()])
        moment = max(last)[0]
        rows = [seq for one, seq in last if one == moment]
        newest: int = self._connection.execute(
            sa.select(key_column(self._table, dimension))
            .where(self._table.c.seq.in_(rows))
            .order_by(self._table.c.id.desc())
            .limit(1)
        ).scalar_one()
        return newest

    def texts(self, terms: Iterable[int]) -> dict[int, tuple[str | None, str | None, str | None]]:
        """Id, folded name and name of each of these terms."""
        found: dict[int, tuple[str | None, str | None, str | None]] = {}
        for some in chunks(terms, _TERMS_AT_ONCE):
            rows = self._connection.execute(
                sa.select(term.c.id, term.c.ident, term.c.folded, term.c.name).where(term.c.id.in_(some))
            )
            found.update({one: (ident, folded, name) for one, ident, folded, name in rows})
        return found
