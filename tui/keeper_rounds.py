"""The keeper within the console: on an embedded database there is no service beside it that could do the work."""

import logging

from data.errors import AuditdeckError
from data.keeping import KeeperRun
from data.stop import Stop
from tui.jobs import Jobs
from tui.reading.questions import LogOpener

FIRST_AFTER_S = 3
"""Seconds after the start; the first page of the log goes before."""

_TOPIC, _INDEX_TOPIC, _SEAL_TOPIC = "keeper", "index", "seal"
_LOG = logging.getLogger("auditdeck.keeper")


class KeeperRounds:
    """Has the keeper look, each time that it is told to. What goes wrong is for the operational log, and for it once."""

    def __init__(self, jobs: Jobs, log: LogOpener) -> None:
        self._jobs = jobs
        self._log = log
        self._said = ""

    def go(self) -> None:
        """Begin a round, unless the one before has not come to its end."""
        if not self._jobs.is_asking(_TOPIC):
            self._jobs.ask(_TOPIC, self._round, self._done, self._failed)

    def index(self) -> None:
        """Look after the index, unless that is being done."""
        if not self._jobs.is_asking(_TOPIC, _INDEX_TOPIC):
            self._jobs.poll(_INDEX_TOPIC, self._index, lambda _done: None, self._failed)

    def seal(self) -> None:
        """Seal what has arrived, unless that is being done."""
        if not self._jobs.is_asking(_SEAL_TOPIC):
            self._jobs.poll(_SEAL_TOPIC, self._seal, lambda _done: None, self._failed)

    def _seal(self, stop: Stop) -> None:
        log = self._log()
        if log.is_embedded:
            log.keeper.seal(stop)

    def _index(self, stop: Stop) -> None:
        log = self._log()
        if log.is_embedded:
            log.keeper.index(stop, beside=True)

    def _round(self, stop: Stop) -> KeeperRun:
        log = self._log()
        return log.keeper.run(stop) if log.is_embedded else KeeperRun()

    def _done(self, _run: KeeperRun) -> None:
        self._said = ""

    def _failed(self, error: AuditdeckError) -> None:
        if str(error) != self._said:
            self._said = str(error)
            _LOG.warning("the keeper could not do its work: %s", error)
