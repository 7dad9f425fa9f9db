"""`auditdeck token`: what is known of a token that somebody has."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.clients.standing import TokenStanding
from data.exchange import event_to_json, standing_to_json
from data.query import Clause, EventQuery, Key, Pattern
from data.query.model import EVERYTHING, IN_ARCHIVE
from data.records import Event, Json
from data.refusals import RefusalCode
from data.settings import Settings
from data.tokens import MistypedToken, NoToken, SecretToken, is_public_id, read_token
from tui.commands.command import FAILED, SUCCEEDED, Command, CommandGroup
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import say, say_json
from tui.commands.table import say_table
from tui.commands.typing import given_secret
from tui.presenters.client_lines import standing_lines
from tui.presenters.request_table import request_table

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

REFUSED = 3
UNKNOWN = 4
MISTYPED = 5
"""Exit statuses: it does not work; there is none such here; it is not written as a token."""

_STATUSES = f"""\
exit status:
  {SUCCEEDED}  the token works
  {FAILED}  the question could not be answered
  {REFUSED}  the token is known and does not work: it or its client has ended, or its secret is wrong
  {UNKNOWN}  no token here has its public id
  {MISTYPED}  it is not written as a token, or mistyped: its checksum does not fit; no database was asked"""

_REQUESTS = 10


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "token", metavar="-|PUBLIC_ID", help="- reads a token from standard input; a public id is as adk_Ab3dE5gH"
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="one JSON object: public_id, works, refusal, proven, token, client, requests",
    )
    parser.epilog = f"{_STATUSES}\n\n{parser.epilog}"


@dataclass(frozen=True, slots=True)
class _Uses:
    """The newest requests with a token, newest first, of `in_all`."""

    newest: tuple[Event, ...]
    in_all: int


def _inspect(arguments: Namespace, settings: Settings) -> int:
    try:
        wanted = _wanted(arguments.token)
    except (MistypedToken, NoToken) as error:
        return _say_unreadable(error, as_json=arguments.json)
    with opened_log(settings, create=settings.may_create_database) as log:
        standing = log.tokens.inspect(wanted)
        uses = _uses(log, standing.public_id)
    if arguments.json:
        requests: list[Json] = [event_to_json(event) for event in uses.newest]
        say_json({**standing_to_json(standing), "requests": requests})
    else:
        _say_standing(standing, uses, settings, has_secret=isinstance(wanted, SecretToken))
    if standing.refusal is None:
        return SUCCEEDED
    return UNKNOWN if standing.refusal is RefusalCode.UNKNOWN_TOKEN else REFUSED


def _wanted(argument: str) -> SecretToken | str:
    """The token that is meant. Raises MistypedToken, NoToken, and Misuse for an argument that is neither - nor a public id."""
    if argument == "-":
        text = given_secret("Token (it is not shown): ")
        return text if is_public_id(text) else read_token(text)
    if not is_public_id(argument):
        raise Misuse("Give - to have the token read from standard input, or a public id such as adk_Ab3dE5gH.")
    return argument


def _uses(log: "AuditLog", public_id: str) -> _Uses:
    query = EventQuery((Clause(Key.TOKEN, (Pattern.literal(public_id),)), EVERYTHING, IN_ARCHIVE))
    page = log.requests.page(query, limit=_REQUESTS)
    return _Uses(page.items, len(page.items) if page.next is None else log.requests.count(query, page.snapshot))


def _say_unreadable(error: MistypedToken | NoToken, *, as_json: bool) -> int:
    """What was read is not repeated: it may be a secret, all the same."""
    public_id = error.public_id if isinstance(error, MistypedToken) else None
    if as_json:
        code = RefusalCode.MISTYPED_TOKEN.value
        say_json(
            {
                "public_id": public_id,
                "works": False,
                "refusal": code,
                "proven": False,
                "token": None,
                "client": None,
                "requests": [],
            }
        )
    elif public_id is None:
        say("This is not a token: adk_, 8 characters, _ and 49 more, letters and digits of ASCII.")
    else:
        say(f"{public_id} was mistyped, or a part of it is missing: its checksum does not fit. Copy it again, whole.")
    return MISTYPED


def _say_standing(standing: TokenStanding, uses: _Uses, settings: Settings, *, has_secret: bool) -> None:
    for sentence in _sentences(standing, has_secret=has_secret):
        say(sentence)
    say()
    for line in standing_lines(standing, settings.zone):
        say(line)
    if standing.client is not None:
        say()
    if not uses.newest:
        say("No request with it is in the request log.")
        return
    shown = "" if uses.in_all == len(uses.newest) else f", the newest {len(uses.newest)}"
    say(f"Requests with it: {uses.in_all:,}{shown}")
    say_table(lambda width: request_table(uses.newest, settings.zone, width), indent="  ")


def _sentences(standing: TokenStanding, *, has_secret: bool) -> list[str]:
    if standing.refusal is RefusalCode.UNKNOWN_TOKEN:
        found = [f"{standing.public_id} is unknown here. {standing.refusal.sentence}"]
        return [*found, "It is written as a token is: perhaps it belongs to another database."] if has_secret else found
    if standing.refusal is not None:
        return [f"{standing.public_id} does not work. {standing.refusal.sentence}"]
    proof = "" if has_secret else " Its secret was not given: who has it is not known."
    return [f"{standing.public_id} works.{proof}"]


COMMANDS = CommandGroup(
    "token",
    "say what is known of a token",
    (
        Command(
            "inspect",
            "say whose a token is, how it stands, and what used it from where",
            _inspect,
            _add_arguments,
            (
                "auditdeck token inspect -",
                "auditdeck token inspect - < token",
                "auditdeck token inspect adk_Ab3dE5gH --json",
            ),
            for_clients=True,
        ),
    ),
)
