"""`auditdeck event ID`: all of one event, of the change log or the request log; `auditdeck event erase ID` erases it."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING
from uuid import UUID

from data.errors import EventNotFound
from data.exchange import event_to_json
from data.query import parse_query
from data.records import Event, Log
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json
from tui.commands.reading import note_reading
from tui.presenters.event_text import event_lines

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog


_ERASE = "erase"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="+",
        metavar="ID",
        help="the event's id, as `auditdeck events` and `auditdeck requests` show it; after the word `erase`, that of the "
        "event whose personal part is erased for good, or with --whole all of it but its place",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, in the form that can be imported")
    erasing = parser.add_argument_group("to erase it")
    erasing.add_argument("--reason", metavar="TEXT", help="why; it stands in the log")
    erasing.add_argument("--whole", action="store_true", help="all of it: only its id, its times and its proof stay")
    erasing.add_argument("--yes", action="store_true", help="without asking on the terminal")


def _run(arguments: Namespace, settings: Settings) -> int:
    words = arguments.words
    if words[0] == _ERASE and len(words) > 1:
        if len(words) > 2:
            raise Misuse("One event is erased at a time: auditdeck event erase ID --reason TEXT.")
        from tui.commands.event_erasing import erase

        return erase(_read_id(words[1]), arguments, settings)
    if len(words) > 1 or arguments.reason is not None or arguments.whole or arguments.yes:
        raise Misuse(
            "One event is shown by its id alone; --reason, --whole and --yes are for `auditdeck event erase ID`."
        )
    event_id = _read_id(words[0])
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
    "show all of one event, or erase it",
    _run,
    _add_arguments,
    (
        "auditdeck event 018c2f3e-5a70-7d3a-9c1b-0242ac120002",
        "auditdeck event 018c2f3e-5a70-7d3a-9c1b-0242ac120002 --json",
        "auditdeck event erase 018c2f3e-5a70-7d3a-9c1b-0242ac120002 --reason 'asked for by the person' --yes",
    ),
    for_clients=True,
)
