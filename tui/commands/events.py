"""`auditdeck events`: a page of the change log, or the number of its events."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from data.query import EventQuery, parse_query
from data.records import Log
from data.settings import Settings
from data.views import View, ViewError
from tui.commands.command import SUCCEEDED, Command
from tui.commands.event_pages import Listing, add_page_arguments, say_answer
from tui.commands.opening import opened_log
from tui.presenters.event_table import event_table

_LISTING = Listing(Log.CHANGES, "event", event_table)


def _add_arguments(parser: ArgumentParser) -> None:
    add_page_arguments(parser, _LISTING.noun)
    parser.add_argument("--view", metavar="NAME", help="what a view asks, and QUERY besides; see `auditdeck views`")


def _run(arguments: Namespace, settings: Settings) -> int:
    asked = parse_query(" ".join(arguments.words))
    with opened_log(settings, create=settings.may_create_database) as log:
        query = asked if arguments.view is None else _narrowed(log.views.named(arguments.view), arguments.words)
        say_answer(arguments, log, query, _LISTING)
    return SUCCEEDED


def _narrowed(view: View, words: Sequence[str]) -> EventQuery:
    """What the view and the words ask together."""
    if view.problem is not None:
        raise ViewError(f"{view.name}: {view.problem}")
    return parse_query(" ".join((view.text, *words)))


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
    for_clients=True,
)
