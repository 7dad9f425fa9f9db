"""`auditdeck client create`: an API client and its first token."""

from argparse import ArgumentParser, Namespace

from data.caller import COMMAND_LINE
from data.clients.rules import read_details
from data.clock import system_clock
from data.exchange import client_to_json
from data.settings import Settings
from tui.commands.client.handing_over import add_token_flag, hand_over, refuse_losing
from tui.commands.client.options import add_details, naming_options, typed_details
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import say_json, tell


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="its name, which no other client may have or look like")
    add_details(parser)
    add_token_flag(parser)
    parser.add_argument(
        "--no-token",
        action="store_true",
        help="hand its token to nobody; `auditdeck client rotate NAME --at-once --token` gives one",
    )


def _run(arguments: Namespace, settings: Settings) -> int:
    if arguments.token and arguments.no_token:
        raise Misuse("--token and --no-token exclude each other; give one of them.")
    if not arguments.token and not arguments.no_token:
        raise Misuse(
            "A client is made with its first token, which is shown once and never again: say --token to have it on "
            "standard output, or --no-token to do without and have another one later."
        )
    if arguments.token:
        refuse_losing(True, "The token")
    typed = typed_details(arguments)
    with opened_log(settings, create=settings.may_create_database) as log, naming_options("NAME"):
        policy = log.policy.read()
        details = read_details(typed, policy, system_clock().astimezone(policy.zone).date())
        by = log.caller(COMMAND_LINE)
        issued = log.clients.create(by, details)
        client, token = issued.client, issued.token
        tell(f"{client.name} was made: client {client.id}, token {token}, valid through {client.details.expires}.")
        if arguments.token:
            return hand_over(log, by, issued, policy, as_json=arguments.json)
    tell(f"Its token was handed to nobody; `auditdeck client rotate {client.id} --at-once --token` gives one.")
    if arguments.json:
        client_object = client_to_json(client, system_clock(), policy.zone)
        say_json({"client": client_object, "public_id": token.public_id, "token": None})
    return SUCCEEDED


COMMAND = Command(
    "create",
    "make an API client and its first token",
    _run,
    _add_arguments,
    (
        "auditdeck client create 'Payroll sync' --owner 'Alice Moss' --scopes payroll:read --expires 90d --token > token",
        "auditdeck client create Reports --networks 198.51.100.0/24,2001:db8::/48 --no-token --json",
    ),
)
