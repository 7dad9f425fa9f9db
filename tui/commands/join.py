"""`auditdeck join`: becoming a member with the code of an invitation."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from data.errors import DatabaseError
from data.settings import Settings
from tui.commands.command import SUCCEEDED, Command
from tui.commands.failures import Misuse
from tui.commands.opening import opened_log
from tui.commands.output import say, tell
from tui.commands.typing import given_secret, person_can_type, typed_line

if TYPE_CHECKING:
    from data.access.joining import Joining
    from data.services.audit_log import AuditLog

CODE_AMONG_WORDS = (
    "An argument is, or may be, an invitation's code. Arguments can be seen by others, and shells remember them: "
    "`auditdeck join` asks for the code, or takes it on standard input."
)
_MOST_TRIES = 3


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--name", metavar="NAME", help="what you are called here; otherwise you are asked")
    # Whatever stands there is not repeated: it may be a code.
    parser.add_argument("words", nargs="*", metavar="", help="none: the code is asked for, or read from standard input")


def _run(arguments: Namespace, settings: Settings) -> int:
    if arguments.words:
        raise Misuse(CODE_AMONG_WORDS)
    # Imported where it is needed: every command waits for what stands at the top.
    from data.access.joining import Joining

    with opened_log(settings, create=False) as log:
        if log.is_embedded:
            raise DatabaseError("This database is a file of one owner, who is its administrator; nobody else joins it.")
        join(log, Joining(), arguments.name)
    return SUCCEEDED


def join(
    log: "AuditLog", joining: "Joining", name: str | None = None, *, then: str = "`auditdeck` opens the console."
) -> None:
    """Ask for what is not there yet, and make whoever answers a member. `then` says what they can do next.

    On a terminal a mistyped code is asked for again, without a question to the database. Raises NothingTyped, CodeRefused,
    AccessWrong and the other errors of `data.errors`.
    """
    if name is None:
        name = typed_line("Your name (nothing for the one in your address):") if person_can_type() else ""
    member = log.invitations.accept(_code(), name, joining)
    say(f"{member.name} is a member now. {then}")


def _code() -> str:
    from data.access.codes import MistypedCode, NoCode, read_code

    tries = _MOST_TRIES if person_can_type() else 1
    while True:
        typed = given_secret("The invitation's code: ")
        tries -= 1
        try:
            return read_code(typed).reveal()
        except (NoCode, MistypedCode) as error:
            if not tries:
                return typed  # refused, counted and logged by the service
            tell(str(error))


COMMAND = Command(
    "join",
    "become a member with the code of an invitation",
    _run,
    _add_arguments,
    ("auditdeck join", "auditdeck join --name 'Bo Lind' < code"),
)
