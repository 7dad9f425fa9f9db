"""Reading what is unusual about the calls: asked for at the opening, with each refresh, and when it has grown old."""

import logging
from collections.abc import Callable

from data.answers import Snapshot
from data.clock import from_microseconds
from data.errors import AuditdeckError
from data.query import EventQuery
from data.unusual import Finding
from tui.glyphs import glyphs
from tui.jobs import Jobs
from tui.keymap import Scope, key_of
from tui.reading.questions import FACETS, OPEN, SHEET, TALLY, LogOpener
from tui.restartable_timer import RestartableTimer
from tui.screens.event_log.patience import Patience
from tui.widgets.findings_pane import FindingsPane
from tui.widgets.reading_pane import ReadingPane
from tui.workplace import Workplace

_LOG = logging.getLogger("auditdeck.unusual")

_UNUSUAL = "unusual"
# What is unusual about this hour changes with it, but not with each query that one reads.
_OLD_US = 60_000_000
# It comes after what one waits for: together they would all be later.
_BEFORE_IT = (OPEN, TALLY, FACETS, SHEET)
_LATER_S = 0.2


class UnusualReading:
    """Knows the findings, whatever is shown, and has the place of the cards while their tab is open."""

    scope = Scope.FINDINGS

    def __init__(
        self,
        jobs: Jobs,
        workplace: Workplace,
        cards: ReadingPane,
        show: Callable[[tuple[Finding, ...], str], None],
    ) -> None:
        """`show` is told the findings and how many these are in a word, whenever either changes."""
        self._jobs = jobs
        self._log: LogOpener = workplace.log
        self._cards = cards
        self._tell = show
        self._findings: tuple[Finding, ...] = ()
        self._asked_us: int | None = None
        self._is_known = self._has_failed = False
        self._snapshot: Snapshot | None = None
        self.pane = FindingsPane(workplace.zone, id="findings")
        self._later = RestartableTimer(self.pane)
        self._patience = Patience(self.pane, lambda: self.is_open and not self._is_known and self._is_asking, self._say)

    @property
    def is_open(self) -> bool:
        return bool(self.pane.display)

    @property
    def is_waiting(self) -> bool:
        """Whether it is about to be asked for."""
        return self._later.is_running

    def open(self) -> None:
        """Show the findings."""
        self.pane.display = True
        self._cards.give_place_to(self.pane)
        if self._later.is_running and self._snapshot is not None:
            self._ask_soon(self._snapshot)
        self._patience.begin()

    def leave(self) -> None:
        """Another tab is shown."""
        if self.is_open:
            self.pane.display = False
            self._cards.give_place_to(None)

    def close(self) -> None:
        """What the query cannot answer changes nothing here: the findings are those of all calls."""

    def asked(self, query: EventQuery) -> None:
        pass

    def refresh(self) -> None:
        """The next answer brings what is unusual then."""
        self._asked_us = None

    def answered(self, snapshot: Snapshot) -> None:
        """Ask, unless what is known is of just now."""
        self._snapshot = snapshot
        if self._asked_us is not None and 0 <= snapshot.taken_at_us - self._asked_us < _OLD_US:
            return
        self._asked_us = snapshot.taken_at_us
        self._has_failed = False
        if not self._is_known:
            self._tell((), glyphs().pending)
        if self.is_open:
            self._ask_soon(snapshot)
        else:  # what goes before it is not even being asked yet
            self._later.start(_LATER_S, lambda: self._ask_soon(snapshot))

    def found(self) -> None:
        if self._has_failed and self._snapshot is not None:
            self.refresh()
            self.answered(self._snapshot)

    def called_off(self) -> None:
        pass

    def call_off(self) -> bool:
        """Ask no more, if one waits for it; whether one did."""
        if not (self.is_open and self._is_asking):
            return False
        self._later.stop()
        self._jobs.drop(_UNUSUAL)
        self.refresh()
        if not self._is_known:
            self._say("Called off", f"{key_of('log.refresh')} asks again.")
            self._tell((), "?")
        return True

    @property
    def _is_asking(self) -> bool:
        return self._later.is_running or self._jobs.is_asking(_UNUSUAL)

    def _ask_soon(self, snapshot: Snapshot) -> None:
        """Ask once nothing else is being asked, or now if one waits for it."""
        if not self.is_open and self._jobs.is_asking(*_BEFORE_IT):
            self._later.start(_LATER_S, lambda: self._ask_soon(snapshot))
            return
        self._later.stop()
        self._jobs.ask(
            _UNUSUAL,
            lambda stop: self._log().request_statistics.unusual(snapshot, stop=stop),
            lambda findings: self._got(findings, snapshot),
            self._failed,
        )
        self._patience.begin()

    def _got(self, findings: tuple[Finding, ...], snapshot: Snapshot) -> None:
        self._findings, self._is_known = findings, True
        self.pane.show(findings, from_microseconds(snapshot.taken_at_us))
        self._tell(findings, str(len(findings)) if findings else "")

    def _failed(self, error: AuditdeckError) -> None:
        _LOG.warning("unusual: %s", error)
        self._findings, self._is_known, self._has_failed, self._asked_us = (), False, True, None
        self._say("What is unusual could not be read", str(error), f"{key_of('log.refresh')} tries again.")
        self._tell((), "?")

    def _say(self, *texts: str) -> None:
        self.pane.say(texts)
