"""`auditdeck client issue`: one more token beside the one there is."""

from argparse import ArgumentParser, Namespace

from data.caller import COMMAND_LINE
from data.settings import Settings
from tui.commands.client.handing_over import add_token_flag, hand_over, refuse_losing
from tui.commands.client.options import add_client_argument
from tui.commands.command import Command
from tui.commands.opening import opened_log
from tui.commands.output import tell


def _add_arguments(parser: ArgumentParser) -> None:
    add_client_argument(parser)
    add_token_flag(parser)


def _run(arguments: Namespace, settings: Settings) -> int:
    refuse_losing(arguments.token, "The new token")
    with opened_log(settings, create=settings.may_create_database) as log:
        client, by = log.clients.find(arguments.client), log.caller(COMMAND_LINE)
        policy = log.policy.read()  # before there is a token that could be lost with it
        issued = log.clients.issue(by, client.id)
        tell(f"{client.name} ({client.id}) has one more token, {issued.token}.")
        return hand_over(log, by, issued, policy, as_json=arguments.json)


COMMAND = Command(
    "issue",
    "issue one more token to an API client, beside the one it has",
    _run,
    _add_arguments,
    ("auditdeck client issue 'Payroll sync' --token > token",),
)
