"""The line with which sshd is told what a key opens: sshd(8), "AUTHORIZED_KEYS FILE FORMAT"."""

import shlex
from collections.abc import Sequence

from data.access.ssh_keys import PublicKey
from data.hostile import holds_hostile

_OPTIONS = "restrict,pty"
"""No forwarding of any kind, no file of the account's that is run first; but a terminal, for the console."""


def authorized_line(key: PublicKey, command: Sequence[str]) -> str:
    """The line for a key that opens this command and nothing else. Raises ValueError for one that no line can hold."""
    # In place of the shell through which sshd starts it, not below it.
    written = f"exec {shlex.join(command)}"
    if holds_hostile(written):
        raise ValueError("a line can hold no control character")
    # sshd takes a backslash away before a quotation mark, and nowhere else; a command quoted for a shell ends with none.
    quoted = written.replace('"', '\\"')
    return f'{_OPTIONS},command="{quoted}" {key.line}'
