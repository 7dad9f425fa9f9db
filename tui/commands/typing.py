"""What a person types on the terminal while a command runs, or another program gives on standard input."""

import getpass
import sys

from data.errors import AuditdeckError
from tui.commands.output import messages_are_terminal, tell

_MOST_CHARACTERS = 4_096


class NothingTyped(AuditdeckError):
    """Standard input ended, or there is none."""


def person_can_type() -> bool:
    """Whether a person sees what is told, and standard input is theirs."""
    return sys.stdin is not None and sys.stdin.isatty() and messages_are_terminal()


def typed_line(prompt: str) -> str:
    """What the person answers, without blanks around it; empty if nothing."""
    tell(prompt)
    return sys.stdin.readline(_MOST_CHARACTERS).strip()


def given_secret(prompt: str) -> str:
    """One line of standard input, without blanks around it; on a terminal it is not shown. Raises NothingTyped."""
    if sys.stdin is None:
        raise NothingTyped("There is no standard input to read from.")
    try:
        if person_can_type():
            line = getpass.getpass(prompt)
        else:
            line = sys.stdin.buffer.readline(_MOST_CHARACTERS).decode("ascii", "replace")
    except EOFError:
        line = ""
    if not line.strip():
        raise NothingTyped("Nothing came on standard input.")
    return line.strip()
