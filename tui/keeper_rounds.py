"""The keeper within the console: on an embedded database there is no service beside it that could do the work."""

import logging
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from data.errors import AuditdeckError
from data.keeping import INDEX_EVERY_S, SEAL_EVERY_S, KeeperRun
from data.memory import given_back
from data.stop import Stop
from tui.jobs import Jobs, is_refused
from tui.reading.questions import LogOpener
from tui.restartable_timer import RestartableTimer

if TYPE_CHECKING:
    from data.services.keeper import Keeper

FIRST_AFTER_S = 3
"""Seconds after the start; the first page of the log goes before."""

_TOPIC, _INDEX_TOPIC, _SEAL_TOPIC = "keeper", "index", "seal"
_LOG = logging.getLogger("auditdeck.keeper")


class KeeperRounds:
    """Has the keeper look. What goes wrong is for the operational log, and for it once.

    What waits to be sealed or indexed is looked for in two threads that go on as long as the application runs: the
    application hears nothing of looks that find nothing.
    """

    def __init__(self, app: DOMNode, jobs: Jobs, log: LogOpener) -> None:
        self._jobs = jobs
        self._log = log
        self._said = ""
        self._seal_again, self._index_again = RestartableTimer(app), RestartableTimer(app)

    def begin(self) -> None:
        """Have sealed and indexed what arrives, from now on."""
        self._seal_again.start(SEAL_EVERY_S, self._keep_sealed)
        self._index_again.start(INDEX_EVERY_S, self._keep_indexed)

    def go(self) -> None:
        """Begin a round, unless the one before has not come to its end."""
        if not self._jobs.is_asking(_TOPIC):
            self._jobs.ask(_TOPIC, self._round, self._done, self._failed)

    def _keep_sealed(self) -> None:
        def look(keeper: "Keeper", stop: Stop) -> None:
            keeper.seal(stop)

        self._keep(_SEAL_TOPIC, look, SEAL_EVERY_S, self._seal_again, self._keep_sealed)

    def _keep_indexed(self) -> None:
        def look(keeper: "Keeper", stop: Stop) -> None:
            keeper.index(stop, beside=True)

        self._keep(_INDEX_TOPIC, look, INDEX_EVERY_S, self._index_again, self._keep_indexed)

    def _keep(
        self,
        topic: str,
        look: "Callable[[Keeper, Stop], None]",
        every_s: float,
        again: RestartableTimer,
        begin: Callable[[], None],
    ) -> None:
        """Look again and again, and after what went wrong anew: but for somebody who may not, which stands in the log."""

        def looking(stop: Stop) -> Generator[None, None, None]:
            yield from ()  # there is nothing to be told
            log = self._log()
            while log.is_embedded:
                with given_back():
                    look(log.keeper, stop)
                stop.wait(every_s)

        def failed(error: AuditdeckError) -> None:
            self._failed(error)
            if not is_refused(error):
                again.start(every_s, begin)

        self._jobs.watch(topic, looking, lambda _told: None, failed)

    def _round(self, stop: Stop) -> KeeperRun:
        log = self._log()
        return log.keeper.run(stop) if log.is_embedded else KeeperRun()

    def _done(self, _run: KeeperRun) -> None:
        self._said = ""

    def _failed(self, error: AuditdeckError) -> None:
        if str(error) != self._said:
            self._said = str(error)
            _LOG.warning("the keeper could not do its work: %s", error)
