"""The proof, looked at for as long as the application runs: what is wrong with it stands above every log."""

import logging
from collections.abc import Callable
from dataclasses import replace

from data.access.errors import NotSignedIn
from data.clock import system_clock
from data.errors import AuditdeckError, Cancelled, DatabaseUnavailable
from data.proof_state import ProofState
from data.stop import Stop
from tui.jobs import Jobs
from tui.reading.questions import LogOpener

LOOK_EVERY_S = 5.0
"""Seconds from one look to the next."""

_TOPIC = "proof"
_LOG = logging.getLogger("auditdeck.proof")


class ProofWatching:
    """Looks, each time that it is told to. That nobody answers is told of by whatever cannot be read then, too."""

    def __init__(self, jobs: Jobs, log: LogOpener, seen: Callable[[ProofState], None]) -> None:
        """`seen` is called with what each look found."""
        self._jobs = jobs
        self._log = log
        self._seen = seen
        self._before: ProofState | None = None

    def look(self) -> None:
        """Look, unless that is being done."""
        if not self._jobs.is_asking(_TOPIC):
            self._jobs.poll(_TOPIC, self._look, self._found, self._failed)

    def _look(self, stop: Stop) -> ProofState:
        return self._log().proofs.look(stop)

    def _found(self, state: ProofState) -> None:
        """What waits behind a keeper that gets on is being sealed: as after an import, or an upgrade."""
        before, self._before = self._before, state
        is_getting_on = before is None or state.size > before.size or state.unsealed < before.unsealed
        self._seen(replace(state, unsealed_since=None) if is_getting_on else state)

    def _failed(self, error: AuditdeckError) -> None:
        if isinstance(error, DatabaseUnavailable | Cancelled | NotSignedIn):
            _LOG.debug("the proof was not looked at: %s", error)  # of which the screen tells
        else:
            _LOG.warning("the proof was not looked at: %s", error)
            self._seen(ProofState(system_clock(), trouble=str(error)))
