"""Events as a table of plain text, one line each."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from data.records import Event, Outcome, Seal
from tui.presenters.card import actor_of, card_mark, object_of, outcome_mark, title_of
from tui.presenters.plain_table import LONGEST_CELL, Column, Table, plain_table
from tui.terminal import safe

_EXPENDABLE = ("id", "address")
"""What a narrow terminal goes without, in this order, before a line would need two rows."""

# Upper case tells what went wrong apart in plain text, where the console has a badge.
_OUTCOME_WORDS = {
    Outcome.SUCCESS: "success",
    Outcome.FAILURE: "FAILURE",
    Outcome.DENIED: "DENIED",
}


def event_table(
    events: Sequence[Event], zone: ZoneInfo, width: int | None = None, before: Table | None = None
) -> Table:
    """The events in their order.

    For a terminal of `width` cells, times are those of the zone, which the heading names, and a column that is empty is
    not there. Without a width only values past 400 characters are cut, and each time is RFC 3339 with its offset: a line
    has to make sense by itself, wherever it is sent.
    """
    columns = (
        Column(f"time ({zone.key})"),
        Column("outcome"),
        Column("title", least=12),
        Column("object", least=10),
        Column("actor", least=10),
        Column("address", least=10),
        Column("id"),
    )
    rows = [_cells(event, zone, whole_time=width is None) for event in events]
    return plain_table(columns, rows, width, _EXPENDABLE, before)


def time_text(moment: datetime, zone: ZoneInfo, *, whole: bool) -> str:
    """The time to the second in the zone, `whole` with its offset (RFC 3339)."""
    local = moment.astimezone(zone)
    return local.isoformat(timespec="seconds") if whole else local.strftime("%Y-%m-%d %H:%M:%S")


def outcome_text(outcome: Outcome) -> str:
    """The mark and the word of an outcome, the words under each other."""
    return f"{outcome_mark(outcome) or ' '} {_OUTCOME_WORDS[outcome]}"


def _outcome_of(event: Event) -> str:
    """As `outcome_text`; of what was altered, and of what was erased as a whole, that instead of an outcome."""
    mark, _ = card_mark(event)
    is_said = event.is_blank or event.seal is Seal.ALTERED
    return f"{mark or ' '} {event.seal.value.upper() if is_said else _OUTCOME_WORDS[event.outcome]}"


def _cells(event: Event, zone: ZoneInfo, *, whole_time: bool) -> tuple[str, ...]:
    return (
        time_text(event.occurred_at, zone, whole=whole_time),
        _outcome_of(event),
        *(
            safe(text or "", limit=LONGEST_CELL)
            for text in (title_of(event), object_of(event), actor_of(event), event.ip)
        ),
        str(event.id),
    )
