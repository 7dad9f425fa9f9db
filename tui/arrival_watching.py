"""What arrives in the logs, told to the screens: so that none of them asks again and again."""

import logging
from collections.abc import Callable, Generator

from textual.dom import DOMNode

from data.errors import AuditdeckError
from data.records import Log
from data.stop import Stop
from tui.jobs import Jobs
from tui.reading.questions import LogOpener
from tui.restartable_timer import RestartableTimer

BEGIN_S = 1.0
"""Seconds after the start; the first page of the log goes before."""

_TRY_AGAIN_S = 5.0
_TOPIC = "arrivals"
_LOG = logging.getLogger("auditdeck.arrivals")


class ArrivalWatching:
    """Has the arrivals in the logs told for as long as the application runs, and is let in."""

    def __init__(self, app: DOMNode, jobs: Jobs, log: LogOpener, arrived: Callable[[frozenset[Log]], None]) -> None:
        """`arrived` is called each time, with the logs in which there may be something new."""
        self._jobs = jobs
        self._log = log
        self._arrived = arrived
        self._again = RestartableTimer(app)

    def begin(self) -> None:
        """Watch, from now on. Where the log cannot be opened, that is tried again; its screen tells why."""
        self._jobs.watch(_TOPIC, self._watch, self._arrived, self._failed)

    def _watch(self, stop: Stop) -> Generator[frozenset[Log], None, None]:
        yield from self._log().arrivals.watch(stop)

    def _failed(self, error: AuditdeckError) -> None:
        _LOG.info("not told what arrives: %s", error)
        self._again.start(_TRY_AGAIN_S, self.begin)
