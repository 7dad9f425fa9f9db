"""How old events are: which of them had both happened and arrived before a moment."""

from dataclasses import dataclass

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Edge:
    """What happened before `us` (µs, UTC) and has at most the number `seq` is before it: it is as old in both ways."""

    us: int
    seq: int

    @property
    def holds_any(self) -> bool:
        """Whether any event can be before it."""
        return self.seq > 0


def edge_at(connection: sa.Connection, table: sa.Table, us: int) -> Edge:
    """The edge at a moment. Events are numbered as they arrive, so the last that arrived before it is searched by halves:
    the moments of arrival are in no index. Those that were written at the same time may be numbered some seconds out of
    order, which is nothing in an age of days.
    """
    number, arrived = table.c.seq, table.c.recorded_at
    first = connection.execute(sa.select(number, arrived).order_by(number).limit(1)).first()
    if first is None or first.recorded_at >= us:  # a young log is asked no more
        return Edge(us, 0)
    low, high = first.seq, connection.execute(sa.select(sa.func.max(number))).scalar_one()
    while low < high:  # all up to `low` arrived before, all beyond `high` did not
        middle = (low + high + 1) // 2
        found = connection.execute(
            sa.select(number, arrived).where(number >= middle, number <= high).order_by(number).limit(1)
        ).first()
        if found is None or found.recorded_at >= us:
            high = middle - 1
        else:
            low = found.seq
    return Edge(us, low)


def before(table: sa.Table, edge: Edge) -> sa.ColumnElement[bool]:
    """Whether an event of this log is before the edge."""
    return sa.and_(table.c.occurred_at < edge.us, table.c.seq <= edge.seq)


def beyond(table: sa.Table, edge: Edge) -> sa.ColumnElement[bool]:
    """Whether it is not: it happened later, or arrived later."""
    return sa.or_(table.c.occurred_at >= edge.us, table.c.seq > edge.seq)
