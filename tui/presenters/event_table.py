"""Events as a table of plain text, one line each: aligned, and cut only where a terminal's width asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from data.records import Event, Outcome
from tui.presenters.card import object_of, outcome_mark, title_of
from tui.terminal import cells_of, cut, safe

_GAP = 2
_LONGEST_CELL = 400
"""Characters of one value that are looked at; nobody reads more of it in a table."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One column. `least` is the fewest cells it may be cut to, None for one that is whole or not there at all."""

    heading: str
    least: int | None = None


_COLUMNS = (
    _Column("time"),
    _Column("outcome"),
    _Column("title", least=12),
    _Column("object", least=10),
    _Column("actor", least=10),
    _Column("address", least=10),
    _Column("id"),
)
_EXPENDABLE = ("id", "address")
"""What a narrow terminal goes without, in this order, before a line would need two rows."""

# Upper case tells what went wrong apart in plain text, where the console has a badge.
_OUTCOME_WORDS = {
    Outcome.SUCCESS: "success",
    Outcome.FAILURE: "FAILURE",
    Outcome.DENIED: "DENIED",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of safe text, and the headings of the columns that were left out for want of room."""

    heading: str
    lines: tuple[str, ...]
    left_out: tuple[str, ...]


def event_table(events: Sequence[Event], zone: ZoneInfo, width: int | None = None) -> Table:
    """The events in their order.

    For a terminal of `width` cells, times are those of the zone, which the heading names, and a column that is empty is
    not there. Without a width only values past 400 characters are cut, and each time is RFC 3339 with its offset: a line
    has to make sense by itself, wherever it is sent.
    """
    rows = [_cells(event, zone, whole_time=width is None) for event in events]
    widths = [max((cells_of(row[place]) for row in rows), default=0) for place in range(len(_COLUMNS))]
    heading = tuple(f"time ({zone.key})" if column.heading == "time" else column.heading for column in _COLUMNS)
    if width is None:
        shown = filled = tuple(range(len(_COLUMNS)))
    else:
        filled = tuple(place for place, widest in enumerate(widths) if widest)
        widths = [max(widest, cells_of(word)) for widest, word in zip(widths, heading, strict=True)]
        shown = _fit(filled, widths, width)
    return Table(
        _line(heading, widths, shown),
        tuple(_line(row, widths, shown) for row in rows),
        tuple(_COLUMNS[place].heading for place in filled if place not in shown),
    )


def _cells(event: Event, zone: ZoneInfo, *, whole_time: bool) -> tuple[str, ...]:
    local = event.occurred_at.astimezone(zone)
    time = local.isoformat(timespec="seconds") if whole_time else local.strftime("%Y-%m-%d %H:%M:%S")
    return (
        time,
        f"{outcome_mark(event.outcome) or ' '} {_OUTCOME_WORDS[event.outcome]}",
        *(
            safe(text or "", limit=_LONGEST_CELL)
            for text in (title_of(event), object_of(event), event.actor.label, event.ip)
        ),
        str(event.id),
    )


def _fit(filled: tuple[int, ...], widths: list[int], width: int) -> tuple[int, ...]:
    """The columns that `width` cells have room for. Cuts `widths` until they fit, as far as each column allows."""
    shown = [*filled]
    for heading in ("", *_EXPENDABLE):
        shown = [place for place in shown if _COLUMNS[place].heading != heading]
        if sum(_least(place, widths[place]) for place in shown) + _GAP * (len(shown) - 1) <= width:
            break
    excess = sum(widths[place] for place in shown) + _GAP * (len(shown) - 1) - width
    while excess > 0:
        widest = max(shown, key=lambda place: widths[place] - _least(place, widths[place]))
        if widths[widest] == _least(widest, widths[widest]):
            break
        widths[widest] -= 1
        excess -= 1
    return tuple(shown)


def _least(place: int, natural: int) -> int:
    least = _COLUMNS[place].least
    return natural if least is None else min(least, natural)


def _line(row: tuple[str, ...], widths: list[int], shown: tuple[int, ...]) -> str:
    cells = (cut(row[place], widths[place]) for place in shown)
    padded = (cell + " " * (widths[place] - cells_of(cell)) for cell, place in zip(cells, shown, strict=True))
    return (" " * _GAP).join(padded).rstrip()
