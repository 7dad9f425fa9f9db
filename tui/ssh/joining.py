"""Joining over ssh: a key that is nobody's becomes that of whoever has an invitation's code."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from data.access.ssh_keys import PublicKey
from data.errors import AuditdeckError
from data.settings import Settings
from tui.commands.command import MISUSED, SUCCEEDED
from tui.commands.join import join
from tui.commands.opening import opened_log
from tui.commands.output import tell

JOIN = "join"
_PATIENCE_S = 180
"""Anybody on the network comes so far: they are not waited for without end."""
_NEXT = "Sign in again, with the same key, for the console."


class _TookTooLong(AuditdeckError):
    """Nobody typed a code in time."""


def join_over_ssh(settings: Settings, key: PublicKey, address: str | None, command: str) -> int:
    """Let whoever has this key join, and nothing else; the exit status. `command` is what they asked for."""
    with opened_log(settings, create=False) as log:
        if command not in ("", JOIN):
            refusal = f"The key {key.fingerprint} is nobody's here: all that one can do with it is join."
            tell(f"auditdeck: {refusal}")
            log.visits.turn_away(key.fingerprint, address, command, refusal, os.environ.get("TERM"))
            return MISUSED
        tell(f"The key {key.fingerprint} is nobody's here. With an invitation's code it becomes yours.")
        tell("If another key of yours is registered, say which one: ssh -o IdentitiesOnly=yes -i FILE")
        # Imported where it is needed: every session waits for what stands at the top.
        from data.access.joining import Joining

        with _for_a_while():
            join(log, Joining(key_line=key.line, address=address, terminal=os.environ.get("TERM")), then=_NEXT)
    return SUCCEEDED


@contextmanager
def _for_a_while() -> Iterator[None]:
    def over(_number: int, _frame: FrameType | None) -> None:
        raise _TookTooLong("No code was typed; sign in again once you have it.")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(_PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
