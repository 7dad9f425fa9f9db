"""The System screen: how database, rules, keeper and settings stand, and changing a rule."""

import os
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from textual import events, on
from textual.app import ComposeResult
from textual.widget import Widget

from data.errors import AuditdeckError
from data.health import SystemState
from data.holds import Hold
from data.permissions import Permission
from data.proof.findings import Finding
from data.query import parse_query
from data.setting_in_force import SettingInForce
from data.version import VERSION
from tui.jobs import Jobs
from tui.keymap import ACTIONS, Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import Choice
from tui.presenters.pieces import Role
from tui.presenters.retention import short_id
from tui.presenters.system import EDIT_NEEDS, HOLD_NEEDS, HOLDS, Visit
from tui.screens.system.holding import Holding
from tui.screens.system.rule_change import RuleChange
from tui.screens.system.verifying import Verifying
from tui.twice_to_quit import TwiceToQuit
from tui.why_asking import WhyAsking
from tui.widgets.banner import Banner
from tui.widgets.key_bar import KeyBar
from tui.widgets.prompts import Prompts
from tui.widgets.rule_editor import RuleEditor
from tui.widgets.system_pane import SystemPane
from tui.widgets.title_bar import TitleBar
from tui.workplace import Workplace

STATE = "system"
_POLL_S = 20.0
_SHOW_S = 0.25
# Counting takes a big database some time: it is counted anew by itself only after a hundred times as long.
_REST = 100
# There are no filters here, and no query that could be undone.
_LACKS = frozenset({"log.filters", "log.undo", "log.redo", "log.next_pane"})


class SystemScreen(PaintedScreen[None]):
    """Whoever is let in may look; a rule is changed by whom the service lets."""

    AUTO_FOCUS = "#system"
    CSS_PATH = Path(__file__).parents[2] / "styles" / "system.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, ids={action.id for action in ACTIONS} - _LACKS)

    def __init__(self, workplace: Workplace, settings: Sequence[SettingInForce]) -> None:
        """`settings` are those in force for this process."""
        super().__init__()
        self._log = workplace.log
        self._navigation = workplace.navigation
        self._jobs = Jobs(self)
        self._state: SystemState | None = None
        self._rest_until = 0.0
        self.title_bar = TitleBar(workplace.database, workplace.zone.key, "system")
        self._banner = Banner()
        visit = Visit(VERSION, workplace.clock(), os.environ.get("TERM") or "unknown")
        self._pane = SystemPane(settings, visit, workplace.zone, id="system")
        self._editor = RuleEditor(id="rule")
        self._keys = KeyBar(_LACKS)
        self._prompts = Prompts(self._keys, self._take_focus)
        self._asking_why = WhyAsking(
            self._jobs, workplace.log, self._prompts, workplace.navigation, self._keys.show_notice
        )
        self._holding = Holding(
            self._jobs, workplace.log, self._prompts, done=self._changed, say=self._keys.show_notice
        )
        self._verifying = Verifying(self._jobs, workplace.log, self._verified, self._not_verified)
        self._change = RuleChange(self._jobs, workplace.log, self._editor, self._changed, self._end_change)
        self._quitting = TwiceToQuit(self, self._keys)

    def compose(self) -> ComposeResult:
        yield self.title_bar
        yield self._banner
        yield self._pane
        yield self._editor
        yield self._prompts

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.SYSTEM)
        self._pane.say("Looking ...", f"{key_of('log.cancel')} calls it off.")
        self.look()
        self.set_interval(_POLL_S, self._poll)
        self.set_interval(_SHOW_S, self._show_how_far)

    def on_unmount(self) -> None:
        self._jobs.close()

    def on_screen_resume(self) -> None:
        if self._state is not None:
            self._poll()

    @property
    def is_asking(self) -> bool:
        """Whether any question waits for its answer."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    # Keys.

    @on(SystemPane.Chosen)
    def action_edit_rule(self) -> None:
        row, state = self._pane.chosen, self._state
        if row is None or state is None:
            return
        finding = self._pane.chosen_finding
        if finding is not None:
            self._open(finding)
        elif not row.is_rule:
            self._keys.show_notice("Only the rules under Policy are changed here.")
        elif not state.standing.may(Permission.SETTINGS_WRITE):
            self._keys.show_notice(EDIT_NEEDS)
        else:
            self._change.begin(row.name, state.policy)

    def action_place_hold(self) -> None:
        if self._may_hold():
            self._holding.place()

    def action_lift_hold(self) -> None:
        hold = self._chosen_hold()
        if hold is None:
            self._keys.show_notice("This row is no hold; those in force are under Holds.")
        elif self._may_hold():
            self._holding.lift(hold)

    def action_verify(self) -> None:
        if self._verifying.is_running:
            self._keys.show_notice(f"It is being verified. {key_of('log.cancel')} calls it off.")
            return
        choices = [
            Choice("a", "all", "all that was ever sealed, and the index", False),
            Choice("n", "new", "what was sealed since it was verified here last", True),
        ]
        self._prompts.ask("Verify", choices, self._verify)

    def action_find(self) -> None:
        self._prompts.ask_text("Find on this screen", self._pane.sought, self._find, self._complaint)

    def action_next_match(self, by: int) -> None:
        self._say_place(self._pane.next_match(by))

    def action_refresh_log(self) -> None:
        self.look()

    def action_cancel(self) -> None:
        if self._verifying.is_running:
            self._verifying.call_off()
            self._show_how_far()
            self._keys.show_notice(f"Called off. {key_of('system.verify')} begins again.")
        elif self._jobs.is_asking(STATE):
            self._jobs.drop(STATE)
            again = f"{key_of('log.refresh')} asks again."
            if self._state is None:
                self._pane.say("Called off", again)
            self._keys.show_notice(f"Called off. {again}")
        else:
            self._keys.show_notice(f"Nothing runs that could be called off. {key_of('app.quit')} quits.")

    def action_why_by_pasting(self) -> None:
        self._asking_why.begin()

    def action_back(self) -> None:
        self._navigation.go_back()

    async def action_leave(self) -> None:
        if self._navigation.go_back():
            return
        await self._quitting.ask()

    def _may_hold(self) -> bool:
        may = self._state is not None and self._state.standing.may(Permission.SETTINGS_WRITE)
        if not may:
            self._keys.show_notice(HOLD_NEEDS)
        return may

    def _chosen_hold(self) -> Hold | None:
        row, state = self._pane.chosen, self._state
        if row is None or state is None or state.retention is None or row.section != HOLDS:
            return None
        return next((one for one in state.retention.rules.holds if short_id(one.id) == row.name), None)

    # What the widgets say.

    @on(RuleEditor.Typed)
    def _typed(self) -> None:
        self._change.judge()

    @on(RuleEditor.Submitted)
    def _submitted(self) -> None:
        if not self._change.save():
            self.app.bell()

    @on(RuleEditor.Left)
    def _left(self) -> None:
        if not self._change.leave():
            self._keys.show_notice("It is being saved; that goes on.")

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        if self._editor.is_open and self.focused not in (None, self._editor.box) and not self._change.is_saving:
            self._editor.close()  # by a click elsewhere
        self._keys.show_scope(self._scope())

    def on_key(self, event: events.Key) -> None:
        self._keys.clear_notice()
        self._quitting.pressed(event)

    # The rest.

    def look(self) -> None:
        """Ask how the whole stands."""
        began = monotonic()

        def found(state: SystemState) -> None:
            self._rest_until = monotonic() + _REST * (monotonic() - began)
            self._take(state)

        self._jobs.ask(STATE, lambda stop: self._log().health.read(stop), found, self._failed)

    def _poll(self) -> None:
        if self.is_current and not self._jobs.is_asking(STATE) and monotonic() >= self._rest_until:
            self.look()

    def _take(self, state: SystemState) -> None:
        self._state = state
        self._banner.clear()
        self.title_bar.show_state("live", Role.TEXT)
        self._pane.show(state)
        self._change.saw(state.policy)

    def _failed(self, error: AuditdeckError) -> None:
        self.title_bar.show_state("no connection", Role.FAILURE)
        again = f"{key_of('log.refresh')} tries again."
        if self._state is None:
            self._pane.say("This could not be read", str(error), again)
        else:
            self._banner.say(f"{error} What is seen is as of before; {again}")

    def _changed(self, sentence: str) -> None:
        self._end_change()
        self._keys.show_notice(sentence, role=Role.AFTER)
        self.look()

    def _end_change(self) -> None:
        self._editor.close()
        self._take_focus()

    def _verify(self, only_new: bool) -> None:
        self._verifying.begin(only_new)
        self._show_how_far()

    def _verified(self) -> None:
        self._show_how_far()
        self.look()

    def _not_verified(self, error: AuditdeckError) -> None:
        self._show_how_far()
        self._keys.show_notice(f"It could not be verified. {error}", role=Role.FAILURE)

    def _show_how_far(self) -> None:
        self._pane.show_verification(self._verifying.shown)

    def _open(self, finding: Finding) -> None:
        if finding.id is None:
            self._keys.show_notice("This is about no event that could be opened.")
        else:
            self._navigation.open_log(parse_query(f"id:{finding.id} last:all"))

    def _find(self, words: str) -> None:
        self._say_place(self._pane.find(words))

    def _say_place(self, place: str | None) -> None:
        if place is None:
            self._keys.show_notice(f"Nothing is looked for; {key_of('log.find')} finds.")
        else:
            self._keys.show_notice(place, role=Role.TEXT)

    def _complaint(self, words: str) -> str | None:
        return "not on this screen" if words.strip() and not self._pane.holds(words) else None

    def _take_focus(self) -> None:
        self.set_focus(self._pane)

    def _scope(self) -> Scope:
        if self._prompts.scope is not None:
            return self._prompts.scope
        return Scope.RULE if self._editor.is_open else Scope.SYSTEM

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Give the focus to a widget, and show the keys that it has."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        self._keys.show_scope(self._scope())
