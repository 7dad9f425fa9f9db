"""Has recorded what a person reads in a log: a query that has stood for a while, or of which a card was opened, once.

Neither a page nor a key is recorded, nor the same query asked anew. After another one it is read again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition

from textual.message_pump import MessagePump

from data.access.errors import NotPermitted
from data.errors import AuditdeckError, DatabaseUnavailable
from data.query import EventQuery
from data.records import Log
from data.stop import Stop
from tui.jobs import Jobs
from tui.reading.questions import LogOpener
from tui.restartable_timer import RestartableTimer
from tui.widgets.banner import Banner

STANDS_S = 2.0
"""A query that has stood for so many seconds is read."""

AGAIN_S = 30.0
"""What could not be recorded is tried again after so many seconds."""

_LOG = logging.getLogger("auditdeck.readings")
_AGAIN = "readings that wait"


@dataclass(slots=True)
class Recording:
    """Whether reading is recorded, after how many seconds (None: it is not), and what is being recorded right now."""

    pace_s: float | None = None
    _under_way: int = 0
    _changed: Condition = field(default_factory=Condition)

    def begin(self) -> None:
        """One more is being recorded."""
        with self._changed:
            self._under_way += 1

    def end(self) -> None:
        """One of them is recorded, or could not be."""
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until none is being recorded, at most so long: what was read last is recorded too; whether it was."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, seconds)


class ReadingRecorder:
    """Told by the screen of one log what becomes of its query. Has its own row above for what goes wrong."""

    def __init__(self, screen: MessagePump, jobs: Jobs, opened: LogOpener, log: Log, recording: Recording) -> None:
        self.banner = Banner()
        self._jobs = jobs
        self._opened = opened
        self._log = log
        self._recording = recording
        self._stands = RestartableTimer(screen)
        self._again = RestartableTimer(screen)
        self._query: EventQuery | None = None
        self._count: int | None = None
        self._is_answered = False
        self._is_read = False
        self._is_noted = False
        self._number = 0
        self._waiting: list[Callable[[], str | None]] = []

    def asked(self, query: EventQuery) -> None:
        """A query is asked; the same one again is no other."""
        if query != self._query:
            self.leave()
            self._query, self._count, self._is_answered, self._is_noted = query, None, False, False

    def answered(self) -> None:
        """Its first events are here. A card that stays open beside them was opened on another query's."""
        pace_s = self._recording.pace_s
        self._is_answered = True
        if pace_s is not None and not self._is_noted and not self._stands.is_running:
            self._stands.start(pace_s, self._read)

    def opened_card(self) -> None:
        """One of its cards was opened."""
        is_wanted = self._recording.pace_s is not None and self._is_answered
        if is_wanted and not self._is_noted and not self._is_read:
            self._read()

    def counted(self, count: int) -> None:
        """So many events it selects."""
        self._count = count
        if self._is_read:
            self._note()

    def leave(self) -> None:
        """It is read no longer."""
        self._stands.stop()
        if self._is_read:
            self._note()

    def _read(self) -> None:
        """It counts as read; where its events are still being counted, that is waited for as long again."""
        self._is_read = True
        if self._count is None and self._recording.pace_s is not None:
            self._stands.start(self._recording.pace_s, self._note)
        else:
            self._note()

    def _note(self) -> None:
        query, count, log = self._query, self._count, self._log
        assert query is not None, "only what was asked can be read"
        self._stands.stop()
        self._is_read, self._is_noted = False, True
        self._ask(lambda: self._opened().readings.note(query, log, count))

    def _ask(self, note: Callable[[], str | None]) -> None:
        def question(_stop: Stop) -> str | None:
            try:
                return note()
            finally:
                self._recording.end()

        def failed(error: AuditdeckError) -> None:
            if isinstance(error, DatabaseUnavailable):  # nobody knows yet in whose name
                self._waiting.append(note)
                self._recorded(str(error))
            elif not isinstance(error, NotPermitted):  # which the log itself says
                _LOG.error("a reading is not recorded: %s", error)
                self.banner.say(f"What you read is not recorded. {error}")

        self._number += 1
        self._recording.begin()
        self._jobs.ask(f"reading {self._number}", question, self._recorded, failed)

    def _recorded(self, problem: str | None) -> None:
        if problem is None:
            self.banner.clear()
            self._again.stop()
        else:
            _LOG.warning("a reading waits to be recorded: %s", problem)
            self.banner.say(f"What you read is recorded later; reading goes on. {problem}")
            self._again.start(AGAIN_S, self._try_again)

    def _try_again(self) -> None:
        waiting, self._waiting = self._waiting, []
        for note in waiting:
            self._ask(note)
        if not waiting:
            self._jobs.ask(_AGAIN, lambda _: self._opened().readings.hand_in(), self._recorded, self._still_waiting)

    def _still_waiting(self, error: AuditdeckError) -> None:
        self._recorded(str(error))
