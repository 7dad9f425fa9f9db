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

    def begin_command(self, command: str) -> None:
        """Sign in whoever the process works for, for one command: that is an event, and no session."""
        by = self._gate.caller(_SERVICE)
        with self._gate.writing(by, RUN_COMMAND) as work:
            told = {**_told(command), "program_version": VERSION}
            work.events.append(by.draft(RUN_COMMAND.tag, self._gate.clock(), target=by.actor, data=told))
            work.commit()

    def refuse(self, command: str, sentence: str) -> NoReturn:
        """Refuse what a member asked for. Raises NotPermitted with this sentence, once it is in the log."""
        by = self._gate.caller(_SERVICE)
        with self._gate.writing(by, RUN_COMMAND):
            event = refusal_event("session.refused", by, self._gate.clock(), sentence, by.actor)
            raise Refused(NotPermitted(sentence), replace(event, data=_told(command)))

    def turn_away(self, fingerprint: str, address: str | None, command: str, sentence: str) -> None:
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
            work.events.append(replace(event, data=_told(command)))
            work.commit()


def _told(command: str) -> dict[str, Json]:
    """What was asked for, as it was written, bytes that are no UTF-8 as `\\xff`; without a command, nothing."""
    text = command[:_MOST_CHARACTERS].encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return {"command": without_secrets(text)} if command else {}
