"""Those who come over ssh for a single command, or are turned away: what the log is told of them."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

from data.access.errors import NotPermitted
from data.caller import Caller
from data.records import SYSTEM, ActorType, Json, Reference
from data.services.acts import RUN_COMMAND, TURN_AWAY
from data.services.gate import Gate, Refused, refusal_event
from data.services.sessions import facts_of
from data.tokens import without_secrets
from data.version import VERSION

MOST_STRANGERS = 20
"""So many refusals of strangers are logged within the window: anybody on the network can bring them about."""
WINDOW = timedelta(minutes=15)

_STRANGERS = "strangers over ssh"
_SERVICE = "ssh"
_MOST_CHARACTERS = 500
_LOG = logging.getLogger("auditdeck.visits")


class Visits:
    """Every method may raise NotSignedIn, and the errors of `data.errors`."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def begin_command(self, command: str, terminal: str | None = None) -> None:
        """Sign in whoever the process works for, for one command: that is an event, and no session.

        `terminal` is the kind of theirs, if they have one.
        """
        told = self._arrived(command, terminal)
        by = self._gate.caller(_SERVICE)
        with self._gate.writing(by, RUN_COMMAND) as work:
            work.events.append(by.draft(RUN_COMMAND.tag, self._gate.clock(), target=by.actor, data=told))
            work.commit()

    def refuse(self, command: str, sentence: str, terminal: str | None = None) -> NoReturn:
        """Refuse what a member asked for. Raises NotPermitted with this sentence, once it is in the log."""
        told = self._arrived(command, terminal)
        by = self._gate.caller(_SERVICE)
        with self._gate.writing(by, RUN_COMMAND):
            event = refusal_event("session.refused", by, self._gate.clock(), sentence, by.actor)
            raise Refused(NotPermitted(sentence), replace(event, data=told))

    def turn_away(
        self, fingerprint: str, address: str | None, command: str, sentence: str, terminal: str | None = None
    ) -> None:
        """Log that a stranger with this key was refused; beyond what the log has room for, in the operational log."""
        with self._gate.writing(Caller(SYSTEM, _SERVICE, address), TURN_AWAY) as work:
            now = self._gate.clock()
            before = work.invitations.attempts_of(_STRANGERS, now, WINDOW)
            if before >= MOST_STRANGERS:
                _LOG.warning("a stranger with the key %s was turned away at %s", fingerprint, address)
                return
            work.invitations.note_attempt(_STRANGERS, now, WINDOW)
            stranger = Caller(Reference(ActorType.ANONYMOUS, name=fingerprint), _SERVICE, address)
            event = refusal_event(TURN_AWAY.tag, stranger, now, sentence, None)
            work.events.append(replace(event, data=self._arrived(command, terminal)))
            work.commit()

    def _arrived(self, command: str, terminal: str | None) -> dict[str, Json]:
        """What is told of whoever came: program, terminal, and what they asked for, as it was written.

        Bytes of the command that are no UTF-8 are told as `\\xff`. From here on the gate tells of the first two where it
        lets nobody in.
        """
        self._gate.console = facts_of(terminal, VERSION)
        text = command[:_MOST_CHARACTERS].encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        asked: dict[str, Json] = {"command": without_secrets(text)} if command else {}
        return {**self._gate.console, **asked}
