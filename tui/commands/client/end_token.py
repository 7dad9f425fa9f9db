"""`auditdeck client end-token`: the end of one token."""

from argparse import ArgumentParser, Namespace

from data.caller import COMMAND_LINE
from data.settings import Settings
from tui.commands.client.options import (
    add_json,
    add_reason,
    add_token_argument,
    naming_options,
    read_public_id,
)
from tui.commands.client.telling import say_done
from tui.commands.command import SUCCEEDED, Command
from tui.commands.opening import opened_log


def _add_arguments(parser: ArgumentParser) -> None:
    add_token_argument(parser)
    add_reason(parser)
    add_json(parser)


def _run(arguments: Namespace, settings: Settings) -> int:
    public_id = read_public_id(arguments.public_id)
    with opened_log(settings, create=settings.may_create_database) as log, naming_options():
        policy = log.policy.read()
        found = log.clients.find(public_id)
        client = log.clients.end_token(log.caller(COMMAND_LINE), found.id, public_id, arguments.reason)
    say_done(client, policy, f"{public_id} of {client.name} was ended.", as_json=arguments.json)
    return SUCCEEDED


COMMAND = Command(
    "end-token",
    "end one token of an API client now; it cannot be undone",
    _run,
    _add_arguments,
    ("auditdeck client end-token adk_Ab3dE5gH --reason 'found in a public repository'",),
)
