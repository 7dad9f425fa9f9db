"""Requests of API clients as a table of plain text, one line each."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from data.records import Event
from tui.presenters.card import title_of
from tui.presenters.event_table import outcome_text, time_text
from tui.presenters.plain_table import LONGEST_CELL, Column, Table, plain_table
from tui.presenters.values import count_text
from tui.terminal import safe

_EXPENDABLE = ("id", "address", "service", "refusal", "ms")
"""What a narrow terminal goes without, in this order, before a line would need two rows."""


def request_table(
    requests: Sequence[Event], zone: ZoneInfo, width: int | None = None, before: Table | None = None
) -> Table:
    """The requests in their order, on a terminal of `width` cells or whole, with times as those of `event_table`."""
    columns = (
        Column(f"time ({zone.key})"),
        Column("outcome"),
        Column("status"),
        Column("client", least=10),
        Column("service", least=8),
        Column("action", least=12),
        Column("ms", is_number=True),
        Column("address", least=10),
        Column("refusal"),
        Column("id"),
    )
    rows = [_cells(request, zone, whole_time=width is None) for request in requests]
    return plain_table(columns, rows, width, _EXPENDABLE, before)


def _cells(request: Event, zone: ZoneInfo, *, whole_time: bool) -> tuple[str, ...]:
    status, refusal = request.data.get("status"), request.data.get("refusal")
    texts = (
        "" if status is None else str(status),
        request.client.label if request.client is not None else "",
        request.service or "",
        _action(request),
        "" if request.duration_ms is None else str(request.duration_ms),
        request.ip or "",
        "" if refusal is None else str(refusal),
    )
    return (
        time_text(request.occurred_at, zone, whole=whole_time),
        outcome_text(request.outcome),
        *(safe(text, limit=LONGEST_CELL) for text in texts),
        str(request.id),
    )


def _action(request: Event) -> str:
    """What was asked for; for all that strangers tried within a minute, how often."""
    if request.target is not None:
        return request.target.label
    count = request.data.get("count")
    return f"{title_of(request)}: {count_text(count)}" if isinstance(count, int) else title_of(request)
