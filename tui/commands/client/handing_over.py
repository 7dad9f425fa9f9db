"""Handing a new token to standard output: once, and only because it was asked for.

That it was is an event, `token.printed`: it was not copied to a clipboard nor saved into a file of ours, and where
standard output leads to, nobody here knows.
"""

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from data.caller import Caller
from data.clients.model import IssuedToken
from data.clock import system_clock
from data.errors import AuditdeckError
from data.exchange import client_to_json
from data.policy import Policy
from tui.commands.command import FAILED, SUCCEEDED
from tui.commands.failures import Misuse
from tui.commands.output import (
    OutputLost,
    abandon_output,
    output_is_there,
    say_json_with_secret,
    say_secret,
    tell,
)

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

_TOKEN_HELP = "write the new token, and nothing else, to standard output; nobody can show it again"


def add_token_flag(parser: ArgumentParser) -> None:
    """That the token is to be written."""
    parser.add_argument("--token", action="store_true", help=_TOKEN_HELP)
    parser.add_argument("--json", action="store_true", help="with --token: one JSON object: client, public_id, token")


def refuse_losing(arguments_token: bool, what: str) -> None:
    """A token is made for somebody to have it: raises Misuse before it would be lost."""
    if not arguments_token:
        raise Misuse(f"{what} is shown once and never again: say --token to have it on standard output.")
    if not output_is_there():
        raise Misuse(f"{what} goes to standard output, which is closed.")


def hand_over(log: "AuditLog", by: Caller, issued: IssuedToken, policy: Policy, *, as_json: bool) -> int:
    """Write the token and log that it was written; the exit status. Raises TokenLost."""
    client, token = issued.client, issued.token
    try:
        if as_json:
            as_object = client_to_json(client, system_clock(), policy.zone)
            say_json_with_secret({"client": as_object, "public_id": token.public_id}, token)
        else:
            say_secret(token)
    except (BrokenPipeError, OutputLost) as lost:
        abandon_output()
        why = "its reader had left" if isinstance(lost, BrokenPipeError) else str(lost)
        log.clients.note_handed_over(by, client.id, token.public_id, "printed", f"not handed over: {why}")
        raise TokenLost(issued) from lost
    try:
        log.clients.note_handed_over(by, client.id, token.public_id, "printed")
    except AuditdeckError as error:
        tell(f"auditdeck: The token {token} was written and works, but the log could not be told so: {error}")
        return FAILED
    return SUCCEEDED


class TokenLost(AuditdeckError):
    """A token was made, and standard output did not take it."""

    def __init__(self, issued: IssuedToken) -> None:
        client, token = issued.client, issued.token
        super().__init__(
            f"The token {token} of {client.name} was made, but standard output did not take it, and nobody can show it "
            f"again. `auditdeck client rotate {client.id} --at-once --token` replaces it."
        )
