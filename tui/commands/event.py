"""`auditdeck event ID`: all of one event, of the change log or the request log."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING
from uuid import UUID

from data.errors import EventNotFound
from data.exchange import event_to_json
from data.query import parse_query
from data.records import Event, Log
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json
from tui.commands.reading import note_reading
from tui.presenters.event_text import event_lines

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "id", metavar="ID", help="the event's id, as `auditdeck events` and `auditdeck requests` show it"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, in the form that can be imported")


def _run(arguments: Namespace, settings: Settings) -> int:
    event_id = _read_id(arguments.id)
    with opened_log(settings, create=settings.may_create_database) as log:
        event, which = _event(log, event_id)
        note_reading(log, parse_query(f"id:{event_id}"), which, 1)
    if arguments.json:
        say_json(event_to_json(event), as_stored=True)
    else:
        for line in event_lines(event, settings.zone):
            say(line)
    return SUCCEEDED


def _event(log: "AuditLog", event_id: UUID) -> tuple[Event, Log]:
    """The event, and which log it is in. No id is in both logs: each is made of a moment and chance, or of a source."""
    try:
        return log.get(event_id), Log.CHANGES
    except EventNotFound:
        return log.requests.get(event_id), Log.REQUESTS


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise EventNotFound(
            f"{text} is not the id of an event; those look like 018c2f3e-5a70-7d3a-9c1b-0242ac120002."
        ) from None


COMMAND = Command(
    "event",
    "show all of one event",
    _run,
    _add_arguments,
    (
        "auditdeck event 018c2f3e-5a70-7d3a-9c1b-0242ac120002",
        "auditdeck event 018c2f3e-5a70-7d3a-9c1b-0242ac120002 --json",
    ),
    for_clients=True,
)
