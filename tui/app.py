"""The application: themes, the screens and the ways from one to another, and the keys that work everywhere."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from textual import events
from textual.screen import Screen

from data.clock import Clock, system_clock
from data.keeping import EVERY_S, Unwritable
from data.permissions import Permission
from data.proof_state import ProofState
from data.query import EventQuery
from data.records import Event, Json, Log
from data.setting_in_force import SettingInForce
from data.stop import Stop
from tui.access_watching import FORBIDDEN
from tui.active_actions import active_actions
from tui.arrival_watching import BEGIN_S, ArrivalWatching
from tui.first_answer import FirstAnswer
from tui.jobs import Asking
from tui.jumping_app import WHY, WHY_MEMBER, WHY_MEMBER_SCREEN, WHY_SCREEN, JumpingApp
from tui.keeper_rounds import FIRST_AFTER_S, KeeperRounds
from tui.keymap import Scope, put_in_force
from tui.numbered_screens import FIRST, SCREENS, NumberedScreen
from tui.presence import BEAT_S
from tui.presenters.greeting import greeting
from tui.proof_watching import LOOK_EVERY_S, ProofWatching
from tui.reading_recorder import Recording
from tui.remapping import remapped
from tui.screens.audit_log.screen import AuditLogScreen
from tui.screens.event_log.screen import EventLogScreen
from tui.themes import PALETTES
from tui.widgets.event_deck import EventDeck
from tui.widgets.proof_banner import ProofBanner
from tui.widgets.title_bar import Titled
from tui.widgets.writing_banner import WritingBanner
from tui.workplace import Workplace

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog
    from tui.screens.requests.screen import RequestsScreen

_SETTLE_PAUSE_S = 0.01
_WRITING_S = 1.0
# After the first answers, which matter more, and then now and again.
_FIRST_COUNT_S, _COUNT_S = 1.5, 300.0


class AuditdeckApp(JumpingApp, inherit_bindings=False):
    """The console on one database. Of Textual's own keys for applications it has none: they go before all others."""

    TITLE = "auditdeck"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "styles/prompts.tcss"  # what more than one screen has; the rest is in each screen's own

    def __init__(
        self,
        open_log: Callable[[], "AuditLog"],
        query: EventQuery,
        *,
        database: str,
        zone: ZoneInfo,
        as_json: Callable[[Event], Mapping[str, Json]],
        address: str | None = None,
        theme: str = "dark",
        keys: Mapping[str, Sequence[str]] | None = None,
        last_query: EventQuery | None = None,
        last_requests: EventQuery | None = None,
        is_first: bool = False,
        terminal: str | None = None,
        beat_s: float = BEAT_S,
        reading_pace_s: float | None = None,
        settings: Callable[[], Sequence[SettingInForce]] = tuple,
        first_answer: FirstAnswer | None = None,
        clock: Clock = system_clock,
    ) -> None:
        """`open_log` is called in a thread, once, after the first paint. `theme` is one of `tui.themes.PALETTES`.

        `database` is what it is called on the screen, `address` what a command line calls it, without a password.

        `keys` are the person's own, by the ids of the actions, as `tui.remapping` takes them. `last_query` is what was
        read here the last time, which is offered, and `last_requests` the same of the request log; `is_first` is for somebody who has not seen the console yet.

        `terminal` is what the terminal calls itself, and every `beat_s` seconds it is seen whether one is still signed in.
        After `reading_pace_s` a query that stands is read, and recorded; without, nothing is. `settings` tells those in force.
        `first_answer` may have the first events of `query`.
        """
        super().__init__(open_log, terminal, beat_s)
        # Nothing moves but what was asked to: over SSH each frame in between is a packet, and says nothing.
        self.animation_level = "none"
        self._remapping = remapped(keys or {})
        put_in_force(self._remapping.keymap)
        self.set_keymap(self._remapping.keymap.for_textual())
        for palette in PALETTES.values():
            self.register_theme(palette.theme())
        self.theme = theme
        self.recording = Recording(reading_pace_s)
        """What is recorded of the reading that is done here."""
        self._workplace = Workplace(
            self.presence.log,
            database,
            address,
            zone,
            clock,
            as_json,
            self,
            recording=self.recording,
            first_answer=first_answer,
        )
        offered = None if last_query == query else last_query
        self._log_screen = AuditLogScreen(
            self._workplace,
            query,
            offered=offered,
            greeting=greeting(self._remapping.notice, offered, is_first=is_first),
        )
        self._last_requests, self._settings = last_requests, settings
        self._requests_screen: RequestsScreen | None = None
        self._keeper = KeeperRounds(self, self._jobs, self._workplace.log)
        self._arrivals = ArrivalWatching(self, self._jobs, self._workplace.log, self._tell_of_arrivals)
        self._proof = ProofWatching(self._jobs, self._workplace.log, self._tell_of_proof)
        self._unwritable: Unwritable | None = None
        self._expiring = 0
        self._makers = {screen: partial(make, self) for screen, make in _MAKERS.items()}
        for screen, make in self._makers.items():
            self.add_mode(screen, make)

    @property
    def query_being_read(self) -> EventQuery:
        """The query whose answer is shown, or on its way."""
        return self._log_screen.reading.query

    @property
    def requests_being_read(self) -> EventQuery | None:
        """The same of the request log; None while nobody has gone there."""
        return None if self._requests_screen is None else self._requests_screen.reading.query

    def on_mount(self) -> None:
        self._go_to(FIRST.id)
        self.set_timer(BEGIN_S, self._arrivals.begin)
        self._keeper.begin()
        self.set_timer(FIRST_AFTER_S, self._keeper.go)
        self.set_interval(EVERY_S, self._keeper.go)
        self.set_interval(LOOK_EVERY_S, self._proof.look)
        self.set_interval(_WRITING_S, self._tell_of_writing)
        self.set_timer(_FIRST_COUNT_S, self._count_expiring)
        self.set_interval(_COUNT_S, self._count_expiring)

    def on_resize(self, event: events.Resize) -> None:
        if self.current_mode in _MAKERS or self.current_mode == FORBIDDEN:
            self.see_to_size(event.size)

    def on_unmount(self) -> None:
        self._jobs.close()  # a timer may still be to come
        self._workplace.log.close()

    @property
    def is_asking(self) -> bool:
        """Whether any screen waits for an answer."""
        screens = (screen for stack in self._screen_stacks.values() for screen in stack)
        return any(screen.is_asking for screen in screens if isinstance(screen, Asking))

    async def settle(self) -> None:
        """Wait until no question is open: for whatever drives the console from outside, such as tests and pictures."""
        while self.is_asking:
            await asyncio.sleep(_SETTLE_PAUSE_S)

    def action_palette(self) -> None:
        from tui.screens.palette import PaletteScreen

        found = {active.action.id: active for active in active_actions(self.screen)}
        found.pop("app.palette", None)

        async def run(action_id: str | None) -> None:
            if action_id is not None:
                await self.run_action(found[action_id].action.run, found[action_id].node)

        # Moving is what one does by its keys: it comes last.
        actions = sorted((active.action for active in found.values()), key=lambda one: one.scope is Scope.MOVING)
        self.push_screen(PaletteScreen(actions), run)

    async def action_quit(self) -> None:
        """Leave the console; the place in a view is kept."""
        if self.turned_away is not None or not self._log_screen.is_attached:  # nobody reads there, or may any more
            self.exit()
            return
        self._log_screen.leave_for_good(self.exit)

    def action_views(self) -> None:
        from tui.screens.views import ViewsScreen

        self._log_screen.keep_place()
        views = ViewsScreen(self._workplace.log, zone=self._workplace.zone, reading=self._log_screen.views)
        self.push_screen(views, self._log_screen.take_up)

    def _go_to(self, screen: str) -> None:
        super()._go_to(screen)
        self._show_expiring()

    # For what is watched; `tui.access_watching.AccessWatchingApp`.

    @property
    def makers(self) -> Mapping[str, Callable[[], Screen[Any]]]:
        return self._makers

    @property
    def workplace(self) -> Workplace:
        return self._workplace

    def screen_of(self, mode: str) -> NumberedScreen:
        return next(one for one in (*SCREENS, WHY_SCREEN, WHY_MEMBER_SCREEN) if one.id == mode)

    def forget(self, mode: str) -> None:
        if mode == FIRST.id:
            self._log_screen = AuditLogScreen(self._workplace, self._log_screen.reading.query)
        elif mode == "requests" and self._requests_screen is not None:
            self._wanted = self._requests_screen.reading.query

    def action_own_keys(self) -> None:
        """Everybody's own, whatever else they may see."""
        from tui.screens.access.ssh_keys import SshKeysScreen

        if not isinstance(self.screen, SshKeysScreen):
            self.push_screen(SshKeysScreen(self._workplace.log, self._workplace.zone))

    def action_show_screen(self, screen: str) -> None:
        if self.lacks(screen):
            return
        self.forget_the_way()
        self._go_to(screen)

    def show_expiring(self, count: int) -> None:
        """How many API clients expire soon: said in the first row of every screen."""
        self._expiring = count
        self._show_expiring()

    def _tell_of_arrivals(self, logs: frozenset[Log]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, EventLogScreen):
                screen.arrived(logs)

    def _tell_of_proof(self, state: ProofState) -> None:
        for screen in self.screen_stack:
            for banner in screen.query(ProofBanner):
                banner.show_state(state)
            if isinstance(screen, AuditLogScreen) and not state.unsealed:
                for deck in screen.query(EventDeck):
                    deck.show_sealed(state.asked_at)

    def _tell_of_writing(self) -> None:
        """What is written here now and then, if by the keeper alone, shows whether anything can be."""
        log = self.presence.log.opened
        state = None if log is None else log.unwritable
        if state is None and self._unwritable is None:
            return
        self._unwritable = state
        for screen in self.screen_stack:
            for banner in screen.query(WritingBanner):
                banner.show_state(state)

    def _count_expiring(self) -> None:
        """Nobody waits for it: where it cannot be known, nothing is said."""
        log = self._workplace.log

        def question(_: Stop) -> int:
            return log().clients.expiring_count() if log.may(Permission.CLIENTS_READ) else 0

        self._jobs.poll("expiring", question, self.show_expiring, lambda _: None)

    def _show_expiring(self) -> None:
        here = self._screen_here if self.screen_stack else None  # an answer can come as the last screen goes
        if isinstance(here, Titled):
            here.title_bar.show_expiring(self._expiring)

    def _make_log(self) -> Screen[Any]:
        return self._log_screen

    def action_help(self) -> None:
        from tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        else:
            near = dict.fromkeys(active.action.scope for active in active_actions(self.screen))
            self.push_screen(HelpScreen(tuple(near), self._remapping.remarks))

    def _make_why(self) -> Screen[Any]:
        from tui.screens.why.screen import WhyScreen

        assert self._why is not None, "one goes there with a client"
        return WhyScreen(self._workplace, self._why)

    def _make_why_member(self) -> Screen[Any]:
        from tui.screens.why_member.screen import WhyMemberScreen

        assert self._member_why is not None, "one goes there with a member"
        return WhyMemberScreen(self._workplace, self._member_why)

    def _make_requests(self) -> Screen[Any]:
        offered = None if self._last_requests == self._wanted else self._last_requests
        greets = greeting(None, offered, is_first=False)
        from tui.screens.requests.screen import RequestsScreen

        self._requests_screen = RequestsScreen(self._workplace, self._wanted, offered=offered, greeting=greets)
        return self._requests_screen

    def _make_clients(self) -> Screen[Any]:
        from tui.screens.clients.screen import ClientsScreen

        return ClientsScreen(self._workplace)

    def _make_access(self) -> Screen[Any]:
        from tui.screens.access.screen import AccessScreen

        return AccessScreen(self._workplace)

    def _make_system(self) -> Screen[Any]:
        from tui.screens.system.screen import SystemScreen

        return SystemScreen(self._workplace, tuple(self._settings()))


_MAKERS: Mapping[str, Callable[[AuditdeckApp], Screen[Any]]] = {
    "log": AuditdeckApp._make_log,
    "clients": AuditdeckApp._make_clients,
    "access": AuditdeckApp._make_access,
    "requests": AuditdeckApp._make_requests,
    "system": AuditdeckApp._make_system,
    WHY: AuditdeckApp._make_why,
    WHY_MEMBER: AuditdeckApp._make_why_member,
}
"""What makes each screen that one goes to and comes back to, when it is first gone to."""
