"""Why a member may do something, or why not: every permission, and of one each way to it with the events that made it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen

from data.access.history import Explanation
from data.errors import AuditdeckError, DatabaseUnavailable
from data.permissions import Permission
from data.query import EventQuery, Key
from data.query.model import EVERYTHING
from data.records import Reference
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.numbered_screens import SCREENS
from tui.presenters.clauses import reference_clause
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.why_member import LinkKey, PermissionKey, events_in, explanation_rows, permission_rows
from tui.reading.history import Place
from tui.restartable_timer import RestartableTimer
from tui.scopes import WHY_MEMBER_NEEDS
from tui.widgets.banner import Banner
from tui.widgets.key_bar import KeyBar
from tui.widgets.row_pane import PaneItem, RowPane
from tui.widgets.title_bar import TitleBar
from tui.workplace import Workplace

_EXPLANATION = "explanation"
_AGAIN_S = 5.0
"""So long after a connection was found to be lost it is asked again."""


@dataclass(frozen=True, slots=True)
class MemberWhyPlace:
    """Whose permissions are told, as of when (None: now), and of which one; None for all."""

    member: Reference
    at: datetime | None = None
    permission: Permission | None = None


class _WhyPane(RowPane):
    BINDINGS = bindings(Scope.MOVING, Scope.WHY_MEMBER)


class WhyMemberScreen(Screen[None]):
    """What one member may do. Come to from anywhere, and left to where one was."""

    AUTO_FOCUS = "#why-member"
    CSS_PATH = Path(__file__).parents[2] / "styles" / "why_member.tcss"
    BINDINGS = bindings(
        Scope.EVERYWHERE,
        ids={
            *(f"app.screen_{one.id}" for one in SCREENS),
            *("app.help", "app.palette", "app.quit"),
            *("log.refresh", "log.back", "log.leave", "log.cancel"),
        },
    )

    def __init__(self, workplace: Workplace, place: MemberWhyPlace) -> None:
        super().__init__()
        self._workplace = workplace
        self.place = place
        """What is told, or on its way."""
        self._told: tuple[Explanation, ...] = ()
        self._jobs = Jobs(self)
        self.title_bar = TitleBar(workplace.database, str(workplace.zone), "why")
        self._again = RestartableTimer(self)
        self._banner = Banner()
        self._pane = _WhyPane(id="why-member")
        self._keys = KeyBar()

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self._banner
        yield self._pane
        yield self._keys

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.WHY_MEMBER)
        self.tell(self.place)

    def on_unmount(self) -> None:
        self._jobs.drop_all()

    def on_resize(self) -> None:
        self._show(to_start=False)

    @property
    def is_asking(self) -> bool:
        """Whether any question waits for its answer."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    def tell(self, place: MemberWhyPlace) -> None:
        """Tell this, from its beginning."""
        self.place = place
        self._told = ()
        self._banner.clear()
        self.title_bar.show_view(f"Why: {place.member.label}")
        self._say("Looking ...", f"{key_of('log.cancel')} calls it off.")
        self._ask(to_start=True)

    # Keys.

    def action_follow_line(self) -> None:
        """To the ways to the permission, or to the event in the log of what it was done to."""
        match self._pane.current_key:
            case PermissionKey(permission=permission):
                self._turn_to(permission)
            case LinkKey(event=wanted):
                known = {key: one for told in self._told for key, one in events_in(told).items()}
                event = known[wanted]
                assert event.target is not None, "no event without one gives or takes anything"
                self._workplace.navigation.open_log(_log_of(event.target), Place(event.id, None, None))

    def action_log_of(self) -> None:
        self._workplace.navigation.open_log(_log_of(self.place.member))

    def action_refresh_log(self) -> None:
        self._ask(to_start=False)

    def action_cancel(self) -> None:
        if not self.is_asking and not self._again.is_running:
            self._keys.show_notice(f"Nothing runs. {key_of('app.quit')} quits.")
            return
        self._jobs.drop_all()
        self._again.stop()
        if not self._told:
            self._say("Called off", f"{key_of('log.refresh')} asks again.")
        else:
            self._keys.show_notice(f"Called off. {key_of('log.refresh')} asks again.")

    def action_back(self) -> None:
        """From one permission to all of them, and from there to where one was."""
        if self._told and self.place.permission is not None:
            self._turn_to(None)
        else:
            self._workplace.navigation.go_back()

    def action_leave(self) -> None:
        self.action_back()

    # The rest.

    @on(events.Key)
    def _clear_notice(self) -> None:
        self._keys.clear_notice()

    def _turn_to(self, permission: Permission | None) -> None:
        before = self.place.permission
        self.place = MemberWhyPlace(self.place.member, self.place.at, permission)
        self._show(to_start=True)
        if permission is None and before is not None:
            self._pane.move_to_key(PermissionKey(before))

    def _ask(self, *, to_start: bool) -> None:
        place, zone = self.place, self._workplace.zone

        def told(found: tuple[Explanation, ...]) -> None:
            self._told = found
            self._banner.clear()
            self.title_bar.show_state(f"as of {found[0].at.astimezone(zone):%H:%M}", Role.AFTER)
            self.title_bar.show_view(f"Why: {found[0].member.label}")
            self._show(to_start=to_start)

        def failed(error: AuditdeckError) -> None:
            self.title_bar.show_state("failed", Role.FAILURE)
            again = f"{key_of('log.refresh')} tries again."
            if isinstance(error, DatabaseUnavailable):
                again = "It is tried again by itself."
                self._again.start(_AGAIN_S, lambda: self._ask(to_start=to_start))
            if not self._told:
                self._say("This could not be read", str(error), again)
            else:
                self._banner.say(f"{error} {again}")

        self._again.stop()
        log = self._workplace.log.needing(*WHY_MEMBER_NEEDS)
        member_id = place.member.id or ""
        self._jobs.ask(
            _EXPLANATION, lambda stop: log().access_explaining.explain(member_id, place.at, stop=stop), told, failed
        )

    def _show(self, *, to_start: bool) -> None:
        width, zone = self._pane.size.width, self._workplace.zone
        if not self._told or not width:
            return
        is_now, wanted = self.place.at is None, self.place.permission
        if wanted is None:
            rows = permission_rows(self._told, width, zone, is_now=is_now)
        else:
            one = next(one for one in self._told if one.permission is wanted)
            rows = explanation_rows(one, width, zone, is_now=is_now)
        self._pane.show_items([PaneItem(lines, key) for lines, key in rows], to_start=to_start)

    def _say(self, headline: str, *lines: str) -> None:
        width = self._pane.size.width or self.app.size.width
        rows: list[Row] = [(), Line(width).at(2).add(headline, Role.TITLE, bold=True).row()]
        rows += [Line(width).at(2).add(line, Role.MUTED).row() for line in lines]
        self._pane.show_items([PaneItem(tuple(rows))])


def _log_of(thing: Reference) -> EventQuery:
    return EventQuery((reference_clause(Key.TARGET, thing), EVERYTHING))
