"""Invitations as plain text: a table of many."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from data.access.model import Invitation
from tui.presenters.plain_table import LONGEST_CELL, Column, Table, plain_table
from tui.presenters.values import minute_text
from tui.terminal import safe

_EXPENDABLE = ("id", "invited by", "ends", "what went wrong")
"""What a narrow terminal goes without, in this order, before a line would need two rows."""


def invitation_table(shown: Sequence[Invitation], now: datetime, shown_in: ZoneInfo, width: int | None = None) -> Table:
    """The invitations in their order: for a terminal of `width` cells, or whole for any reader."""
    columns = (
        Column("address", least=16),
        Column("id"),
        Column("status"),
        Column("invited by", least=10),
        Column("ends"),
        Column("mail"),
        Column("what went wrong", least=16),
    )
    rows = [
        (
            safe(one.email[:LONGEST_CELL]),
            one.id,
            str(one.status(now)),
            safe(one.invited_by.label[:LONGEST_CELL]),
            minute_text(one.expires_at, shown_in),
            str(one.delivery),
            safe((one.last_error or "")[:LONGEST_CELL]),
        )
        for one in shown
    ]
    return plain_table(columns, rows, width, _EXPENDABLE)
