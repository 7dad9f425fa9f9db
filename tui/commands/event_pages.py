"""What `auditdeck events` and `auditdeck requests` share: a page of a log, or the number of what a query selects in it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from data.answers import Cursor, Direction, Page
from data.exchange import event_to_json
from data.query import SORTS, EventQuery, print_query
from data.query.model import EVERYTHING
from data.records import Event, Json, Log
from tui.commands.command import whole_number
from tui.commands.cursor_text import UnusableCursor, read_cursor, write_cursor
from tui.commands.failures import Misuse
from tui.commands.output import flush_output, say, say_json, tell
from tui.commands.reading import note_reading
from tui.commands.table import say_table
from tui.presenters.plain_table import Table

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog
    from data.services.event_log import EventLog

MOST_EVENTS = 250
DEFAULT_EVENTS = 50
# What is found within it is written at once and in one piece.
_PATIENCE_S = 0.5

_Note: TypeAlias = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Listing:
    """How the events of one of the logs are listed: what one is called, and a table of some for a width or for any, which may go on with another."""

    log: Log
    noun: str
    table: Callable[[Sequence[Event], ZoneInfo, int | None, Table | None], Table]


def add_page_arguments(parser: ArgumentParser, noun: str) -> None:
    """The query as words, and which page of the answer is asked for."""
    parser.add_argument(
        "words",
        nargs="*",
        metavar="QUERY",
        help="what to look for, see `auditdeck filters`; the last 30 days if nothing",
    )
    parser.add_argument(
        "--limit",
        type=whole_number(1, MOST_EVENTS),
        default=DEFAULT_EVENTS,
        metavar="N",
        help=f"how many {noun}s at most, 1 to {MOST_EVENTS} (default: {DEFAULT_EVENTS})",
    )
    parser.add_argument("--cursor", metavar="C", help="go on where an earlier page ended: what it gave as its cursor")
    parser.add_argument("--sort", choices=SORTS, help="desc is newest first (the default), asc oldest first")
    parser.add_argument("--json", action="store_true", help="one JSON object: items, next_cursor, limit")
    parser.add_argument("--total", action="store_true", help=f"also say how many {noun}s there are in all")
    parser.add_argument("--count", action="store_true", help=f"only say how many {noun}s there are")


def say_answer(arguments: Namespace, opened: "AuditLog", query: EventQuery, listing: Listing) -> None:
    """The page that the arguments ask for, or with `--count` the number alone; either of them is recorded."""
    log = opened if listing.log is Log.CHANGES else opened.requests

    def note(count: int | None, shown: int | None = None) -> None:
        note_reading(opened, query, listing.log, count, shown=shown)

    if arguments.count:
        _say_count(arguments, log, query, note)
    else:
        _say_page(arguments, log, query, listing, note)


def _say_count(arguments: Namespace, log: "EventLog", query: EventQuery, note: "_Note") -> None:
    if arguments.cursor is not None:
        raise Misuse("--count is about the whole answer, and --cursor about the rest of one; give one of them.")
    count = log.count(query)
    note(count)
    if arguments.json:
        say_json({"count": count})
    else:
        say(str(count))
        tell_archived(query, log)


def _say_page(arguments: Namespace, log: "EventLog", query: EventQuery, listing: Listing, note: "_Note") -> None:
    cursor = _asked_cursor(arguments, log, query, listing)
    direction = Direction(arguments.sort or Direction.OLDER)
    # What is one object can only be written as a whole.
    patience_s = None if arguments.json else _PATIENCE_S
    page = log.page(query, cursor, direction=direction, limit=arguments.limit, patience_s=patience_s)
    if page.next is not None and len(page.items) < arguments.limit:
        _say_as_found(arguments, log, query, listing, page, note)
        return
    total = log.count(query, page.snapshot) if arguments.total else None
    note(total, len(page.items))
    next_cursor = None if page.next is None else _written(page.next, query, log, listing)
    if arguments.json:
        items: list[Json] = [event_to_json(event) for event in page.items]
        answer: dict[str, Json] = {"items": items, "next_cursor": next_cursor, "limit": arguments.limit}
        say_json(answer if total is None else {**answer, "total": total}, as_stored=True)
    else:
        _say_table(page, query, log, listing, total, next_cursor)


def _say_as_found(
    arguments: Namespace, log: "EventLog", query: EventQuery, listing: Listing, page: Page, note: "_Note"
) -> None:
    """A search that takes long: each piece of the page as soon as it is found."""
    note(None)  # before anything is written; how many it will be nobody knows yet
    table: Table | None = None
    left = arguments.limit
    try:
        while True:
            left -= len(page.items)
            if page.items:
                table = say_table(partial(_table_of, listing, page.items, log.zone, table), before=table)
                flush_output()
            if page.next is None or not left:
                break
            page = log.page(query, page.next, limit=left, patience_s=_PATIENCE_S)
    except KeyboardInterrupt:
        if page.next is not None:
            tell(f"The search was ended; to go on, add --cursor {_written(page.next, query, log, listing)}")
        raise
    if table is None:
        tell_none(query, log, listing.noun)
    total = log.count(query, page.snapshot) if arguments.total else None
    _say_around(total, None if page.next is None else _written(page.next, query, log, listing))


def _table_of(
    listing: Listing, items: Sequence[Event], zone: ZoneInfo, before: Table | None, width: int | None
) -> Table:
    return listing.table(items, zone, width, before)


def _written(cursor: Cursor, query: EventQuery, log: "EventLog", listing: Listing) -> str:
    return write_cursor(cursor, query, log.zone, listing.log)


def _asked_cursor(arguments: Namespace, log: "EventLog", query: EventQuery, listing: Listing) -> Cursor | None:
    if arguments.cursor is None:
        return None
    cursor = read_cursor(arguments.cursor, query, log.zone, listing.log)
    if arguments.sort is not None and arguments.sort != cursor.direction:
        raise UnusableCursor(f"This cursor reads on with --sort {cursor.direction}; leave --sort out, or the cursor.")
    return cursor


def _say_table(
    page: Page, query: EventQuery, log: "EventLog", listing: Listing, total: int | None, next_cursor: str | None
) -> None:
    if page.items:
        say_table(lambda width: listing.table(page.items, log.zone, width, None))
        if next_cursor is None:
            tell_archived(query, log)
    else:
        tell_none(query, log, listing.noun)
    _say_around(total, next_cursor)


def _say_around(total: int | None, next_cursor: str | None) -> None:
    if total is not None:
        tell(f"{total:,} in all.")
    if next_cursor is not None:
        tell(f"There are more; for the next, add --cursor {next_cursor}")


def tell_none(query: EventQuery, log: "EventLog", noun: str) -> None:
    """That the query selects nothing, and whether it would over all time."""
    tell(f"No {noun} matches {print_query(query)}.")
    of_all_time = EventQuery((*query.without_times(), EVERYTHING))
    ever = 0 if of_all_time == query else log.count(of_all_time)
    if ever:
        tell(f"There {'is 1' if ever == 1 else f'are {ever:,}'} over all time: last:all.")
    tell_archived(of_all_time, log, "in:archive" if of_all_time == query else "last:all in:archive")


def tell_archived(query: EventQuery, log: "EventLog", words: str = "in:archive") -> None:
    """That there is more in the archive which the query leaves out, and the words that ask for it; nothing without any."""
    archived = log.archived(query)
    if archived is None:
        tell(f"The archive was not searched; {words} searches it, too.")
    elif archived:
        tell(f"In the archive there {'is 1' if archived == 1 else f'are {archived:,}'} more: {words}.")
