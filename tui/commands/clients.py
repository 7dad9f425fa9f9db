"""`auditdeck clients`: the API clients, and which of them end soon."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date

from data.clients.expiry import read_day
from data.clients.model import ClientList, ClientStatus
from data.exchange import client_to_json
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.opening import opened_log
from tui.commands.output import say_json, tell
from tui.commands.table import say_table
from tui.presenters.client_lines import client_table

_LIST = re.compile(r"[\s,]+")


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--expiring",
        type=_read_span,
        metavar="SPAN",
        help="only those still valid that end within it, as 30d, 2w, 1m or a day; the first to end first",
    )
    parser.add_argument(
        "--status", type=_read_statuses, metavar="STATUS", help=f"only these, with commas: {', '.join(ClientStatus)}"
    )
    parser.add_argument("--all", action="store_true", help="the deleted ones too")
    parser.add_argument("--json", action="store_true", help="a JSON object a line, each a client with its tokens")


def _read_span(text: str) -> str:
    """The span as it was typed, once it can be read; which days it means is known with the organisation's zone."""
    try:
        read_day(text, date(2000, 1, 1))
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r}: {str(error).rstrip('.')}") from None
    return text


def _read_statuses(text: str) -> frozenset[ClientStatus]:
    try:
        return frozenset(ClientStatus(word.casefold()) for word in _LIST.split(text) if word)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not one or several of {', '.join(ClientStatus)}") from None


def _run(arguments: Namespace, settings: Settings) -> int:
    wanted: frozenset[ClientStatus] | None = arguments.status
    include_deleted = arguments.all or (wanted is not None and ClientStatus.DELETED in wanted)
    with opened_log(settings, create=settings.may_create_database) as log:
        there = log.clients.all(include_deleted=include_deleted)
    found = _narrowed(there, arguments.expiring, wanted)
    if arguments.json:
        for client in found.clients:
            say_json(client_to_json(client, found.now, found.zone))
    elif found.clients:
        say_table(lambda width: client_table(found, settings.zone, width))
    elif there.clients:
        tell(f"None of the {len(there.clients):,} clients is such a one.")
    else:
        tell("There is no API client yet; `auditdeck client create` makes one.")
    return SUCCEEDED


def _narrowed(found: ClientList, span: str | None, wanted: frozenset[ClientStatus] | None) -> ClientList:
    clients = found.clients
    if span is not None:
        today = found.now.astimezone(found.zone).date()
        clients = found.expiring_within((read_day(span, today) - today).days)
    if wanted is not None:
        clients = tuple(client for client in clients if client.status(found.now, found.zone) in wanted)
    return ClientList(clients, found.now, found.zone)


COMMAND = Command(
    "clients",
    "list the API clients, and which of them end soon",
    _run,
    _add_arguments,
    (
        "auditdeck clients",
        "auditdeck clients --expiring 30d --json",
        "auditdeck clients --status expired,revoked",
        "auditdeck clients --all --json | jq -r 'select(.last_used_at == null) | .name'",
    ),
    for_clients=True,
)
