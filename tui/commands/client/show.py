"""`auditdeck client show`: all of one client."""

from argparse import ArgumentParser, Namespace

from data.clock import system_clock
from data.exchange import client_to_json, event_to_json
from data.query import Clause, EventQuery, Key, Pattern
from data.query.model import EVERYTHING, IN_ARCHIVE
from data.records import Json
from data.settings import Settings
from tui.commands.client.options import add_client_argument
from tui.commands.command import SUCCEEDED, Command
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json
from tui.commands.table import say_table
from tui.presenters.client_lines import client_lines
from tui.presenters.event_table import event_table

_CHANGES = 10


def _add_arguments(parser: ArgumentParser) -> None:
    add_client_argument(parser)
    parser.add_argument(
        "--json", action="store_true", help="one JSON object: the client, its tokens, and its recent changes"
    )


def _run(arguments: Namespace, settings: Settings) -> int:
    with opened_log(settings, create=settings.may_create_database) as log:
        client = log.clients.find(arguments.client)
        policy = log.policy.read()
        about = EventQuery((Clause(Key.CLIENT, (Pattern.literal(client.id),)), EVERYTHING, IN_ARCHIVE))
        changes = log.page(about, limit=_CHANGES).items
    now = system_clock()
    if arguments.json:
        recent: list[Json] = [event_to_json(event) for event in changes]
        say_json({**client_to_json(client, now, policy.zone), "recent_changes": recent})
        return SUCCEEDED
    for line in client_lines(client, now, policy.zone, settings.zone):
        say(line)
    say()
    say("Recent changes")
    say_table(lambda width: event_table(changes, settings.zone, width), indent="  ")
    return SUCCEEDED


COMMAND = Command(
    "show",
    "show all of one API client: its tokens, its networks, and what was last done to it",
    _run,
    _add_arguments,
    (
        "auditdeck client show 'Payroll sync'",
        "auditdeck client show adk_Ab3dE5gH --json",
    ),
    for_clients=True,
)
