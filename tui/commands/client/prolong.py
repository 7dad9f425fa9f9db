"""`auditdeck client prolong`: more time for a token that was replaced."""

from argparse import ArgumentParser, Namespace

from data.caller import COMMAND_LINE
from data.clients.expiry import EXAMPLES, read_day
from data.clock import system_clock
from data.settings import Settings
from tui.commands.client.options import add_json, add_token_argument, read_public_id
from tui.commands.client.telling import say_done
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import SeveralProblems
from tui.commands.opening import opened_log


def _add_arguments(parser: ArgumentParser) -> None:
    add_token_argument(parser)
    parser.add_argument("--until", required=True, metavar="DAY", help=f"its last day: {EXAMPLES}")
    add_json(parser)


def _run(arguments: Namespace, settings: Settings) -> int:
    public_id = read_public_id(arguments.public_id)
    with opened_log(settings, create=settings.may_create_database) as log:
        policy = log.policy.read()
        try:
            until = read_day(arguments.until, system_clock().astimezone(policy.zone).date())
        except ValueError as error:
            raise SeveralProblems([f"--until: {error}"]) from None
        client = log.clients.prolong(log.caller(COMMAND_LINE), log.clients.find(public_id).id, public_id, until)
    say_done(client, policy, f"{public_id} of {client.name} works through {until}.", as_json=arguments.json)
    return SUCCEEDED


COMMAND = Command(
    "prolong",
    "let a token that was replaced work for longer",
    _run,
    _add_arguments,
    ("auditdeck client prolong adk_Ab3dE5gH --until 2027-01-31", "auditdeck client prolong adk_Ab3dE5gH --until 14d"),
)
