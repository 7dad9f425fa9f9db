"""What the calls of the request log sum up to, as plain text: a line for each client, service or action."""

from zoneinfo import ZoneInfo

from data.answers import CallStatistics
from tui.presenters.event_table import time_text
from tui.presenters.plain_table import LONGEST_CELL, Column, Table, plain_table
from tui.presenters.values import count_text
from tui.terminal import safe

_EXPENDABLE = ("newest", "p50 ms")
"""What a narrow terminal goes without, in this order, before a line would need two rows."""


def calls_table(found: CallStatistics, what: str, zone: ZoneInfo, width: int | None = None) -> Table:
    """The groups in their order, headed by `what` they are; whole, or for a terminal of `width` cells."""
    columns = (
        Column(what, least=12),
        Column("calls", is_number=True),
        Column("errors", is_number=True),
        Column("p50 ms", is_number=True),
        Column("p95 ms", is_number=True),
        Column("newest"),
    )
    rows = [
        (
            safe(group.label, limit=LONGEST_CELL),
            count_text(group.calls),
            count_text(group.errors),
            _milliseconds(group.p50_ms),
            _milliseconds(group.p95_ms),
            time_text(group.newest, zone, whole=width is None),
        )
        for group in found.groups
    ]
    return plain_table(columns, rows, width, _EXPENDABLE)


def _milliseconds(duration: int | None) -> str:
    return "-" if duration is None else count_text(duration)
