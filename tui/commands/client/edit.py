"""`auditdeck client edit`: other values for a client's fields."""

from argparse import ArgumentParser, Namespace

from data.caller import COMMAND_LINE
from data.clients.changes import changes_between
from data.clients.errors import ClientChanged
from data.clients.rules import read_details
from data.clock import system_clock
from data.settings import Settings
from tui.commands.client.options import (
    add_client_argument,
    add_details,
    add_json,
    naming_options,
    typed_details,
)
from tui.commands.client.telling import say_done
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import Misuse, SeveralProblems
from tui.commands.opening import opened_log
from tui.presenters.client_lines import changed_lines


def _add_arguments(parser: ArgumentParser) -> None:
    add_client_argument(parser)
    parser.add_argument("--name", metavar="TEXT", help="another name")
    add_details(parser)
    add_json(parser)


def _run(arguments: Namespace, settings: Settings) -> int:
    typed = typed_details(arguments)
    if not typed:
        raise Misuse(
            "There is nothing to change: give at least one of --name, --description, --owner, --scopes, --networks, --expires."
        )
    with opened_log(settings, create=settings.may_create_database) as log, naming_options():
        seen = log.clients.find(arguments.client)
        policy = log.policy.read()
        wanted = read_details(typed, policy, system_clock().astimezone(policy.zone).date(), seen.details)
        try:
            client = log.clients.edit(log.caller(COMMAND_LINE), seen, wanted)
        except ClientChanged as error:
            raise SeveralProblems([str(error), *changed_lines(error.seen, error.now)]) from error
    changed = [change.field for change in changes_between(seen.details, client.details)]
    done = f"changed {', '.join(changed)}" if changed else "nothing was changed, it is so already"
    say_done(client, policy, f"{client.name} ({client.id}): {done}.", as_json=arguments.json)
    return SUCCEEDED


COMMAND = Command(
    "edit",
    "change an API client: its name, description, owner, scopes, networks, last day",
    _run,
    _add_arguments,
    (
        "auditdeck client edit 'Payroll sync' --expires '6 months'",
        "auditdeck client edit adk_Ab3dE5gH --scopes orders:read --networks ''",
    ),
)
