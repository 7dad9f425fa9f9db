"""`auditdeck client delete`: a client out of sight, and its name free again."""

from argparse import ArgumentParser, Namespace

from data.caller import COMMAND_LINE
from data.clients.errors import ClientEnded, DetailsWrong
from data.clients.model import ApiClient, ClientStatus
from data.clock import system_clock
from data.naming.texts import reason_problem
from data.policy import Policy
from data.settings import Settings
from tui.commands.client.options import add_client_argument, add_json, add_reason, naming_options
from tui.commands.client.telling import say_done
from tui.commands.command import FAILED, SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import tell
from tui.commands.typing import person_can_type, typed_line
from tui.presenters.client_lines import last_use_words


def _add_arguments(parser: ArgumentParser) -> None:
    add_client_argument(parser)
    add_reason(parser)
    parser.add_argument("--yes", action="store_true", help="without asking for the client's name on the terminal")
    add_json(parser)


def _run(arguments: Namespace, settings: Settings) -> int:
    with opened_log(settings, create=settings.may_create_database) as log, naming_options():
        policy = log.policy.read()
        found = log.clients.find(arguments.client)
        if found.deleted_at is not None:
            raise ClientEnded(found, ClientStatus.DELETED)
        problem = reason_problem(arguments.reason)
        if problem is not None:  # before anybody types a name for nothing
            raise DetailsWrong({"reason": problem})
        if not arguments.yes and not _is_confirmed(found, policy):
            tell("auditdeck: That is neither its name nor its id; nothing was deleted.")
            return FAILED
        client = log.clients.delete(log.caller(COMMAND_LINE), found.id, arguments.reason)
    done = f"{client.name} ({client.id}) was deleted; none of its tokens works, and its name is free."
    say_done(client, policy, done, as_json=arguments.json)
    return SUCCEEDED


def _is_confirmed(client: ApiClient, policy: Policy) -> bool:
    """Whether the person at the terminal typed the client's name. Raises Misuse where there is none."""
    if not person_can_type():
        raise Misuse("Deleting is confirmed by the client's name on a terminal, and here is none; say --yes instead.")
    tell(f"{client.name} ({client.id}) has {last_use_words(client, system_clock(), policy.zone)}.")
    return typed_line("Type its name or id to delete it: ") in (client.name, client.id)


COMMAND = Command(
    "delete",
    "delete an API client, revoking it first; its history stays",
    _run,
    _add_arguments,
    (
        "auditdeck client delete 'Payroll sync' --reason 'replaced by Payroll 2'",
        "auditdeck client delete c-Ab3dE5gH --reason 'made by mistake' --yes",
    ),
)
