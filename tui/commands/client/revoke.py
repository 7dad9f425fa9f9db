"""`auditdeck client revoke`: the end of a client, which stays visible."""

from argparse import ArgumentParser, Namespace

from data.caller import COMMAND_LINE
from data.settings import Settings
from tui.commands.client.options import add_client_argument, add_json, add_reason, naming_options
from tui.commands.client.telling import say_done
from tui.commands.command import SUCCEEDED, Command
from tui.commands.opening import opened_log


def _add_arguments(parser: ArgumentParser) -> None:
    add_client_argument(parser)
    add_reason(parser)
    add_json(parser)


def _run(arguments: Namespace, settings: Settings) -> int:
    with opened_log(settings, create=settings.may_create_database) as log, naming_options():
        policy = log.policy.read()
        found = log.clients.find(arguments.client)
        client = log.clients.revoke(log.caller(COMMAND_LINE), found.id, arguments.reason)
    say_done(
        client, policy, f"{client.name} ({client.id}) was revoked; none of its tokens works.", as_json=arguments.json
    )
    return SUCCEEDED


COMMAND = Command(
    "revoke",
    "end an API client for good; it stays visible",
    _run,
    _add_arguments,
    ("auditdeck client revoke 'Payroll sync' --reason 'contract ended'",),
)
