"""`auditdeck events`: a page of events, or their number."""

import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from data.answers import Cursor, Direction, Page
from data.exchange import event_to_json
from data.query import SORTS, EventQuery, parse_query, print_query
from data.query.model import EVERYTHING
from data.records import Json
from data.settings import Settings
from data.views import View, ViewError
from tui.commands.command import SUCCEEDED, Command, whole_number
from tui.commands.cursor_text import UnusableCursor, read_cursor, write_cursor
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import output_is_terminal, say, say_json, tell
from tui.presenters.event_table import event_table

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_MOST_EVENTS = 250
_DEFAULT_EVENTS = 50


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="QUERY",
        help="what to look for, see `auditdeck filters`; the last 30 days if nothing",
    )
    parser.add_argument("--view", metavar="NAME", help="what a view asks, and QUERY besides; see `auditdeck views`")
    parser.add_argument(
        "--limit",
        type=whole_number(1, _MOST_EVENTS),
        default=_DEFAULT_EVENTS,
        metavar="N",
        help=f"how many events at most, 1 to {_MOST_EVENTS} (default: {_DEFAULT_EVENTS})",
    )
    parser.add_argument("--cursor", metavar="C", help="go on where an earlier page ended: what it gave as its cursor")
    parser.add_argument("--sort", choices=SORTS, help="desc is newest first (the default), asc oldest first")
    parser.add_argument("--json", action="store_true", help="one JSON object: items, next_cursor, limit")
    parser.add_argument("--total", action="store_true", help="also say how many events there are in all")
    parser.add_argument("--count", action="store_true", help="only say how many events there are")


def _run(arguments: Namespace, settings: Settings) -> int:
    asked = parse_query(" ".join(arguments.words))
    with opened_log(settings, create=settings.may_create_database) as log:
        query = asked if arguments.view is None else _narrowed(log.views.named(arguments.view), arguments.words)
        if arguments.count:
            _say_count(arguments, log, query)
        else:
            _say_page(arguments, log, query)
    return SUCCEEDED


def _narrowed(view: View, words: Sequence[str]) -> EventQuery:
    """What the view and the words ask together."""
    if view.problem is not None:
        raise ViewError(f"{view.name}: {view.problem}")
    return parse_query(" ".join((view.text, *words)))


def _say_count(arguments: Namespace, log: "AuditLog", query: EventQuery) -> None:
    if arguments.cursor is not None:
        raise Misuse("--count is about the whole answer, and --cursor about the rest of one; give one of them.")
    count = log.count(query)
    if arguments.json:
        say_json({"count": count})
    else:
        say(str(count))


def _say_page(arguments: Namespace, log: "AuditLog", query: EventQuery) -> None:
    cursor = _asked_cursor(arguments, log, query)
    direction = Direction(arguments.sort or Direction.OLDER)
    page = log.page(query, cursor, direction=direction, limit=arguments.limit)
    total = log.count(query, page.snapshot) if arguments.total else None
    next_cursor = None if page.next is None else write_cursor(page.next, query, log.zone)
    if arguments.json:
        items: list[Json] = [event_to_json(event) for event in page.items]
        answer: dict[str, Json] = {"items": items, "next_cursor": next_cursor, "limit": arguments.limit}
        say_json(answer if total is None else {**answer, "total": total}, as_stored=True)
    else:
        _say_table(page, query, log, total, next_cursor)


def _asked_cursor(arguments: Namespace, log: "AuditLog", query: EventQuery) -> Cursor | None:
    if arguments.cursor is None:
        return None
    cursor = read_cursor(arguments.cursor, query, log.zone)
    if arguments.sort is not None and arguments.sort != cursor.direction:
        raise UnusableCursor(f"This cursor reads on with --sort {cursor.direction}; leave --sort out, or the cursor.")
    return cursor


def _say_table(page: Page, query: EventQuery, log: "AuditLog", total: int | None, next_cursor: str | None) -> None:
    if not page.items:
        tell(f"No event matches {print_query(query)}.")
        of_all_time = EventQuery((*query.without_times(), EVERYTHING))
        ever = 0 if of_all_time == query else log.count(of_all_time)
        if ever:
            tell(f"There {'is 1' if ever == 1 else f'are {ever:,}'} over all time: last:all.")
    else:
        width = shutil.get_terminal_size().columns if output_is_terminal() else None
        table = event_table(page.items, log.zone, width)
        if width is not None:
            say(table.heading)
        for line in table.lines:
            say(line)
        if table.left_out:
            tell(f"Left out on a terminal this narrow: {', '.join(table.left_out)}. A pipe and --json have all.")
    if total is not None:
        tell(f"{total:,} in all.")
    if next_cursor is not None:
        tell(f"There are more; for the next, add --cursor {next_cursor}")


COMMAND = Command(
    "events",
    "list the events that a query selects, newest first",
    _run,
    _add_arguments,
    (
        "auditdeck events outcome:denied last:7d",
        "auditdeck events 'actor:\"Alice Moss\"' -type:session.* --limit 100",
        "auditdeck events client:payroll* during:2026-10 --sort asc --json",
        "auditdeck events outcome:failure,denied during:last-quarter --count",
        "auditdeck events --view 'Denied yesterday' client:payroll*",
    ),
)
