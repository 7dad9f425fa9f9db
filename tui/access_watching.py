"""An application that offers what the person may do, and shows nothing any more to one who may no longer be here."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.dom import DOMNode
from textual.screen import Screen

from data.errors import AuditdeckError
from data.permissions import Permission
from tui.jobs import Jobs
from tui.keymap import BY_RUN, Action
from tui.numbered_screens import SCREENS, NumberedScreen
from tui.permitted import Permitted, put_in_force, sentence_for
from tui.presence import BEAT_S, Presence
from tui.size_watching import SizeWatchingApp
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.painting import forget_painted
from tui.widgets.title_bar import Titled
from tui.workplace import Workplace

if TYPE_CHECKING:
    from textual.actions import ActionParseResult

    from data.access.model import Standing
    from data.services.audit_log import AuditLog

LOCKED, FORBIDDEN = "locked", "forbidden"
_EVERYTHING = frozenset(Permission)
_NUMBERED = {f"app.screen_{one.id}": one for one in SCREENS}


class AccessWatchingApp(SizeWatchingApp, inherit_bindings=False):
    """What follows from who sits here. That is asked every few seconds; any other question may tell of it, too."""

    def __init__(self, open_log: "Callable[[], AuditLog]", terminal: str | None, beat_s: float = BEAT_S) -> None:
        """`terminal` is what the terminal calls itself."""
        super().__init__()
        self._permitted = Permitted()
        put_in_force(self._permitted)
        self.presence = Presence(open_log, terminal, self._permitted)
        """The session of this console."""
        self.turned_away: AuditdeckError | None = None
        """Why whoever sat here may no longer be here, if that is so."""
        self._jobs = Jobs(self)
        self._beat_s = beat_s
        self._standing: Standing | None = None
        self._away_from: NumberedScreen | None = None

    # What the application itself knows.

    @property
    def makers(self) -> Mapping[str, Callable[[], Screen[Any]]]:
        """What makes the screen of each mode that one goes to and comes back to."""
        raise NotImplementedError

    @property
    def workplace(self) -> Workplace:
        """What every screen is given."""
        raise NotImplementedError

    def forget(self, mode: str) -> None:
        """The screen of this mode is about to be taken away: the next one that is made is to go on where it was."""
        raise NotImplementedError

    def screen_of(self, mode: str) -> NumberedScreen:
        """What a mode needs, and what it is called."""
        raise NotImplementedError

    def _go_to(self, screen: str) -> None:
        """To this screen, as it was left."""
        raise NotImplementedError

    # What is watched.

    def on_mount(self) -> None:
        self.beat()
        self.set_interval(self._beat_s, self.beat)

    def beat(self) -> None:
        """See how one stands, unless that is being asked already."""
        if self.turned_away is None:
            self.presence.beat(self._jobs, self._take_standing)

    def on_jobs_answered(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    def on_jobs_turned_away(self, message: Jobs.TurnedAway) -> None:
        self.lock(message.error)

    def lock(self, error: AuditdeckError) -> None:
        """Show nothing but why, from now on, and call off whatever runs. One who never came in is not kept."""
        if self.turned_away is not None:
            return
        self.turned_away = error
        self._jobs.close()
        self._clipboard = ""
        if self._permitted.standing is None:
            self.exit()
            return
        from tui.screens.locked import LockedScreen

        self.add_mode(LOCKED, partial(LockedScreen, str(error)))
        self.switch_mode(LOCKED)
        for mode in [one for one in self._modes if one != LOCKED]:
            self.remove_mode(mode)
        forget_painted()

    def is_turned_away(self) -> bool:
        """Whether one may no longer be here, as it is now: it is asked, and the answer waited for."""
        return self.turned_away is not None or self.presence.is_turned_away()

    def say(self, sentence: str, *shorter: str) -> None:
        """Tell something on the last row of the screen that one is on, where there is no room for it the shorter."""
        for keys in self.screen.query(KeyBar):
            keys.show_notice(sentence, *shorter)

    def lacks(self, mode: str) -> bool:
        """Whether one may not go there; it is said then, where one is."""
        wanted = self.screen_of(mode)
        missing = self._permitted.lacking(*wanted.needed)
        if missing is not None:
            self.say(sentence_for(wanted.title, missing), f"{wanted.title} needs {missing}.")
        return missing is not None or self.turned_away is not None

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """As Textual's; of what one may not do, it is said what is missing."""
        known = BY_RUN.get(action) if isinstance(action, str) else None
        missing = None if known is None else self._permitted.lacking(*known.needed)
        if known is None or missing is None:
            return await super().run_action(action, default_namespace, namespaces)
        self.say(sentence_for(_called(known), missing), f"{_called(known)} needs {missing}.")
        return True

    def push_screen(self, screen: Any, *arguments: Any, **words: Any) -> Any:  # noqa: ANN401
        """As Textual's, as long as one may be here."""
        if self.turned_away is None:
            return super().push_screen(screen, *arguments, **words)
        return None

    def dress(self) -> None:
        """Name the member in the first row of the screen that one is on."""
        here = self.screen_stack[0]
        if isinstance(here, Titled):
            here.title_bar.show_member(self._member)

    @property
    def _member(self) -> str | None:
        from data.access.model import OWNER_ID

        if self._standing is None or self._standing.who.id == OWNER_ID:
            return None
        return self._standing.who.label

    def _take_standing(self, standing: "Standing") -> None:
        before, self._standing = self._standing, standing
        if before == standing:
            return
        self.dress()
        if standing.permissions == (_EVERYTHING if before is None else before.permissions):
            return
        here = self.current_mode
        for mode in [one for one in self.makers if one in self._screen_stacks]:
            missing = self._permitted.lacking(*self.screen_of(mode).needed)
            if missing is not None:
                self._empty(mode, missing)
        if before is None and self.current_mode == FORBIDDEN:
            self._go_to_first()
        elif here == FORBIDDEN and self._away_from is not None and not self.lacks(self._away_from.id):
            self._go_to(self._away_from.id)
        for row in self._rows():
            row.refresh()

    def _empty(self, mode: str, missing: Permission) -> None:
        """Take a screen away with all that it has read, and leave the reason in its place if one is there."""
        self.forget(mode)
        if mode == self.current_mode:
            from tui.screens.forbidden import ForbiddenScreen

            self._away_from = self.screen_of(mode)
            self.add_mode(FORBIDDEN, partial(ForbiddenScreen, self.workplace, self._away_from, missing))
            self.switch_mode(FORBIDDEN)
            self.see_to_size(self.size)
            self.dress()
        self.remove_mode(mode)
        forget_painted()
        self.add_mode(mode, self.makers[mode])

    def leave_forbidden(self) -> None:
        """One has gone on to another screen: the reason is made anew when there is one again."""
        if self.current_mode != FORBIDDEN and FORBIDDEN in self._modes:
            self._away_from = None
            self.remove_mode(FORBIDDEN)

    def _go_to_first(self) -> None:
        for screen in SCREENS:
            if self._permitted.lacking(*screen.needed) is None:
                wanted = self._away_from
                self._go_to(screen.id)
                if wanted is not None:
                    self.call_after_refresh(self.lacks, wanted.id)  # says what is missing, once there is a last row
                return

    def _rows(self) -> Iterator[OneRow]:
        for stack in self._screen_stacks.values():
            for screen in stack:
                yield from screen.query(OneRow)


def _called(action: Action) -> str:
    numbered = _NUMBERED.get(action.id)
    return "This" if numbered is None else numbered.title
