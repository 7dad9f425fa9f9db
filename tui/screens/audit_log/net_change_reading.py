"""Reading the net change of one thing: asked for over the dates of the query that is read, and again when they change."""

import logging
from zoneinfo import ZoneInfo

from data.answers import Snapshot
from data.clock import from_microseconds
from data.errors import AuditdeckError
from data.net_change import NetChange
from data.query import Clause, EventQuery, Window, window_of
from data.query.model import EVERYTHING, REACH_KEYS
from data.records import Reference
from tui.jobs import Jobs
from tui.keymap import Scope, key_of
from tui.presenters.net_change import NetChangeState
from tui.reading.questions import SHEET, LogOpener
from tui.screens.event_log.patience import Patience
from tui.widgets.net_change_pane import NetChangePane
from tui.widgets.reading_pane import ReadingPane

_LOG = logging.getLogger("auditdeck.net-change")


class NetChangeReading:
    """Has the place of the cards while it is open; the answer to the query goes on being read beneath."""

    scope = Scope.NET_CHANGE

    def __init__(self, jobs: Jobs, log: LogOpener, cards: ReadingPane, zone: ZoneInfo) -> None:
        self._jobs = jobs
        self._log = log
        self._cards = cards
        self._zone = zone
        self._about = Reference("")
        self._clause = EVERYTHING
        self._query = EventQuery()
        self._window = Window()
        self._snapshot: Snapshot | None = None
        self._is_pending = False
        self._has_failed = False
        self.pane = NetChangePane(zone, id="net-change")
        self._patience = Patience(self.pane, lambda: self._is_pending, self._say_looking)

    @property
    def is_open(self) -> bool:
        return bool(self.pane.display)

    @property
    def query(self) -> EventQuery:
        """All events of the thing over the dates shown, archived ones where they are shown."""
        return EventQuery((self._clause, *(self._query.of(*REACH_KEYS) or (EVERYTHING,))))

    def open(self, about: Reference, clause: Clause, query: EventQuery, snapshot: Snapshot | None) -> None:
        """Show the net change of the thing whose events `clause` asks for, over the dates of `query`.

        Without a snapshot the query is not answered yet: `answered` is waited for.
        """
        self._about, self._clause, self._query = about, clause, query
        self._window = Window()
        self.pane.display = True
        self._cards.give_place_to(self.pane)
        if snapshot is None:
            self._wait()
        else:
            self.answered(snapshot)

    def close(self) -> None:
        """Give the cards their place back."""
        if self.is_open:
            self._jobs.drop(SHEET)
            self._is_pending = False
            self.pane.display = False
            self._cards.give_place_to(None)

    def asked(self, query: EventQuery) -> None:
        """Another query is being read: over other dates this one is too; what asks for other cards closes it."""
        if not self.is_open:
            return
        if query.conditions() == self._query.conditions():
            self._query = query
            self._wait()
        else:
            self.close()

    def answered(self, snapshot: Snapshot) -> None:
        """The query has its first events, as of this snapshot."""
        if self.is_open:
            self._snapshot = snapshot
            self._window = window_of(self.query, from_microseconds(snapshot.taken_at_us), self._zone)
            self._wait()
            about, query = self._about, self.query
            self._jobs.ask(
                SHEET,
                lambda stop: self._log().net_change(about, query, snapshot, stop=stop),
                self._got,
                self._failed,
            )

    def found(self) -> None:
        """There is a connection again."""
        if self._has_failed and self._snapshot is not None:
            self.answered(self._snapshot)

    def called_off(self) -> None:
        """Nothing is asked any more."""
        if self._is_pending:
            self._say("Called off.", f"{key_of('log.refresh')} asks again, {key_of('log.back')} goes back.")

    def _wait(self) -> None:
        self._jobs.drop(SHEET)
        self._say()
        self._is_pending = True
        self._patience.begin()

    def _say_looking(self, headline: str, way_out: str) -> None:
        self._say(headline, way_out)
        self._is_pending = True

    def _say(self, *texts: str) -> None:
        self._is_pending = self._has_failed = False
        self.pane.show(NetChangeState(self._about.label, self._window, said=texts))

    def _got(self, net: NetChange) -> None:
        self._is_pending = False
        self.pane.show(NetChangeState(net.subject.thing.label, self._window, net))

    def _failed(self, error: AuditdeckError) -> None:
        _LOG.warning("net change: %s", error)
        self._say("This could not be read.", str(error), f"{key_of('log.refresh')} tries again.")
        self._has_failed = True
