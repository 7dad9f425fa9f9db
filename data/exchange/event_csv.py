"""An event as a row of CSV (RFC 4180), for a spreadsheet: what is in a cell is shown, and never run.

A spreadsheet takes a cell that begins as a formula does for one, and a formula can send the sheet's content anywhere. So
such a cell begins with an apostrophe, which makes it text (OWASP, "CSV Injection"). Control and format characters are
made visible, so no cell has a line break in it, and every event is one line of the file.
"""

from collections.abc import Iterable

import orjson

from data.catalogue import CATALOGUE
from data.clock import to_text
from data.hostile import made_visible
from data.records import Change, Event, Json, Outcome, Reference

COLUMNS = (
    *("id", "occurred_at", "recorded_at", "type", "title", "outcome"),
    *("actor_type", "actor_id", "actor_name", "client_id", "client_name", "target_type", "target_id", "target_name"),
    *("service", "duration_ms", "ip", "user_agent", "request_id", "session_id", "token", "reason"),
    *("changes", "data"),
)
"""What the columns are called. Times are in UTC; `title` is what a card is headed by."""

# With their forms of double width, which some spreadsheets take for the same; tab and CR stand here as OWASP lists them.
_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TEXT = "'"


def header() -> bytes:
    """The names of the columns, as a line without its newline."""
    return _line(COLUMNS)


def csv_line(event: Event) -> bytes:
    """The event as a line without its newline: of the line break that RFC 4180 asks for, only that is missing."""
    return _line(map(_cell, _values(event)))


def _values(event: Event) -> tuple[str | None, ...]:
    kind = CATALOGUE.describe(event.type)
    client = event.client or Reference("")
    target = event.target or Reference("")
    return (
        str(event.id),
        to_text(event.occurred_at),
        to_text(event.recorded_at),
        event.type,
        kind.done if event.outcome is Outcome.SUCCESS else kind.attempted,
        None if event.is_blank else event.outcome.value,
        *((None, None, None) if event.is_blank else (event.actor.type, event.actor.id, event.actor.name)),
        *(client.id, client.name),
        *(target.type, target.id, target.name),
        event.service,
        None if event.duration_ms is None else str(event.duration_ms),
        event.ip,
        event.user_agent,
        event.request_id,
        event.session_id,
        event.token,
        event.reason,
        "; ".join(map(_in_words, event.changes)),
        _json(dict(event.data)) if event.data else None,
    )


def _in_words(change: Change) -> str:
    """`name: "Payrol" -> "Payroll"`: both values as JSON, so that no text can be taken for two."""
    return f"{change.field}: {_json(change.before)} -> {_json(change.after)}"


def _json(value: Json) -> str:
    return orjson.dumps(value).decode()


def _cell(value: str | None) -> str:
    """What stands in a cell."""
    if not value:
        return ""
    shown = made_visible(value)
    # Blanks before it are passed over by some.
    return f"{_TEXT}{shown}" if value.lstrip().startswith(_BEGIN_FORMULAS) or value[0] in _BEGIN_FORMULAS else shown


def _line(cells: Iterable[str]) -> bytes:
    quoted = (cell if cell.isalnum() else '"' + cell.replace('"', '""') + '"' for cell in cells)
    return (",".join(quoted) + "\r").encode()
