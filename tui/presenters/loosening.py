"""One way to change a query that has no answer, in words."""

from zoneinfo import ZoneInfo

from data.query import print_clause
from data.query.model import IN_ARCHIVE
from tui.presenters.noun import Noun
from tui.presenters.values import minute_text
from tui.reading.opening import Loosening


def loosening_text(way: Loosening, noun: Noun, zone: ZoneInfo) -> str:
    """What it finds, and what was left out for it."""
    events = noun.counted(way.events)
    if way.instead == (IN_ARCHIVE,):
        return f"In the archive there {'is' if way.events == 1 else 'are'} {events}"
    if way.instead:
        return f"{' '.join(map(print_clause, way.instead))} finds {events}"
    left_out = print_clause(way.clauses[0]) if len(way.clauses) == 1 else "the dates"
    newest = "" if way.newest_at is None else f", the newest of {minute_text(way.newest_at, zone)}"
    return f"Without {left_out} there {'is' if way.events == 1 else 'are'} {events}{newest}"
