"""What cannot be undone: it starts in an empty field for the reason, and says what stops."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Input

from data.access.errors import AccessError, NotPermitted
from data.clients.errors import ClientEnded
from data.erasing import NotErased
from data.errors import AuditdeckError
from data.naming.texts import MOST_REASON_CHARACTERS, reason_problem
from data.tokens import without_secrets
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.pieces import Line, Role, Row
from tui.reading.questions import LogOpener
from tui.terminal import safe, wrap
from tui.typed_ahead import TypedAhead
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.safe_input import SafeInput
from tui.widgets.still_rows import StillRows

if TYPE_CHECKING:
    from data.services.audit_log import AuditLog

Done = TypeVar("Done")

_END, _LOOK = "end it", "look what ends"
_PAGES = ("reason.page_up", "reason.page_down")
_BESIDE, _INDENT = 16, 2
_WIDE = 64
_FINAL = (AccessError, ClientEnded, NotErased, NotPermitted)
"""Trying again would come to the same."""


@dataclass(frozen=True, slots=True)
class EndPlan(Generic[Done]):
    """What is ended, and what that means: `verb` and `name` head it, `of` stands between them.

    `rows` says what stops, for a width, and `facts` the same as something that can be compared. `end` does it, in a
    thread. `newest` gives the plan as of now: it is asked for when the screen opens, and again before anything is done.
    What is `typed`, if anything, has to be typed below the reason: it shows that one has looked what it is.
    """

    verb: str
    name: str
    id: str
    rows: Callable[[int], Iterable[Row]]
    end: "Callable[[AuditLog, str], Done]"
    of: str = " "
    facts: object = None
    newest: "Callable[[AuditLog], EndPlan[Done]] | None" = None
    typed: str = ""


@dataclass(frozen=True, slots=True)
class _Moved(Generic[Done]):
    """Nothing was done: what would stop is no longer what was shown."""

    plan: EndPlan[Done]


class _Title(OneRow):
    background_role = "header"

    def __init__(self, plan: "EndPlan[Done]") -> None:
        super().__init__()
        self._words = plan.verb, plan.of, plan.name, plan.id

    def make_row(self, width: int) -> Row:
        verb, of, name, thing_id = self._words
        line = Line(width).at(1).add(verb, Role.FAILURE, bold=True).add(of, Role.MUTED)
        return line.add(name, Role.TITLE, bold=True).add("  ").add(thing_id, Role.MUTED).row()


class _Label(OneRow):
    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def make_row(self, width: int) -> Row:
        return Line(width).at(2).add(self._words, Role.TITLE, bold=True).row()


class _Note(StillRows):
    """As many rows as the sentence needs: why something is refused is never cut."""

    class Settled(Message):
        """It has its place, and so has all that stands above it."""

    def __init__(self) -> None:
        super().__init__(self._make_rows)
        self._text, self._role = "", Role.FAINT

    def say(self, text: str, role: Role) -> None:
        self._text, self._role = text, role
        self.refresh(layout=True)
        self.keep_in_sight()

    def keep_in_sight(self) -> None:
        """Below all that stops there may be no room for it."""
        self.call_after_refresh(self._scroll_here)

    def _scroll_here(self) -> None:
        self.scroll_visible(animate=False)
        self.post_message(self.Settled())

    def _make_rows(self, width: int) -> Iterable[Row]:
        begin = _BESIDE if width >= _WIDE else _INDENT
        for part in wrap(safe(self._text, limit=2_000), max(width - begin - 1, 1)):
            yield Line(width).at(begin).add(part, self._role).row()


class ReasonBox(SafeInput):
    """Takes no letter that was pressed before it was seen."""

    BINDINGS = bindings(Scope.REASON)

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False, max_length=MOST_REASON_CHARACTERS + 100)
        self._ahead = TypedAhead(self)
        self._is_early = True

    def begin(self) -> None:
        """Something that has to be read before is about to be painted."""
        self._ahead.begin()

    def on_mount(self) -> None:
        self.begin()

    async def _on_key(self, event: events.Key) -> None:
        self._is_early = self._ahead.holds(event)
        if self._is_early:
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)

    def on_paste(self, event: events.Paste) -> None:
        if self._ahead.holds(event):
            event.stop()
            event.prevent_default()
        else:
            super().on_paste(event)

    async def action_submit(self) -> None:
        if not self._is_early:
            await super().action_submit()


class EndingScreen(PaintedScreen[Done | None]):
    """Dismissed with what came of it, or with nothing."""

    AUTO_FOCUS = "ReasonBox"
    CSS_PATH = "../styles/forms.tcss"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=())

    def __init__(self, log: LogOpener, plan: EndPlan[Done]) -> None:
        super().__init__()
        self._log = log
        self._plan = plan
        self._jobs = Jobs(self)
        self._title = _Title(plan)
        self._rows = StillRows(lambda width: self._plan.rows(width))
        self._box = ReasonBox()
        self._typed = ReasonBox() if plan.typed else None
        self._note = _Note()
        self._keys = KeyBar()

    def compose(self) -> ComposeResult:
        yield self._title
        with VerticalScroll(id="ending", can_focus=False):
            yield self._rows
            with Horizontal(id="reason"):
                yield _Label("Reason")
                yield self._box
            if self._typed is not None:
                with Horizontal(id="typed"):
                    yield _Label("To be typed")
                    yield self._typed
            yield self._note
        yield self._keys

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.REASON)
        self._say_why()
        newest = self._plan.newest
        if newest is not None:
            # Where it cannot be read again, what is on the screen stays: doing it asks once more.
            self._jobs.ask(_LOOK, lambda _: newest(self._log()), self._take_newest, lambda _: None)

    def on_resize(self) -> None:
        self._note.keep_in_sight()

    @on(_Note.Settled)
    def _see_whether_all_is_seen(self) -> None:
        fits = self.query_one("#ending").max_scroll_y == 0
        self._keys.show_meaning(_PAGES if fits else (), {})

    def action_page(self, by: int) -> None:
        told = self.query_one("#ending")
        told.scroll_relative(y=by * max(told.size.height - 1, 1), animate=False)

    def on_unmount(self) -> None:
        self._jobs.close()

    @property
    def is_asking(self) -> bool:
        """Whether it is being done, or looked at again."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        if message.input is self._typed:
            self._say_what_to_type()
            return
        problem = reason_problem(message.value) if message.value.strip() else None
        if problem is None:
            self._say_why()
        else:
            self._note.say(problem, Role.FAILURE)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        reason = without_secrets(self._box.value)
        problem = reason_problem(reason)
        if problem is not None:
            self._note.say(problem, Role.FAILURE)
            self.app.bell()
            self._box.focus()
        elif self._typed is not None and self._typed.value.strip() != self._plan.typed:
            if message.input is self._typed:
                self.app.bell()
            self._say_what_to_type(is_wrong=message.input is self._typed)
            self._typed.focus()
        elif not self._jobs.is_asking(_END):
            self._note.say("Doing it ...", Role.MUTED)
            self._jobs.drop(_LOOK)
            plan = self._plan
            self._jobs.ask(_END, lambda _: self._end(plan, reason), self._ended, self._not_ended)

    def on_safe_input_abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        if self._jobs.is_asking(_END):
            self._note.say("It is being done; that goes on.", Role.DENIED)
        else:
            self.dismiss(None)

    def _end(self, plan: EndPlan[Done], reason: str) -> Done | _Moved[Done]:
        log = self._log()
        if plan.newest is not None:
            now = plan.newest(log)
            if now.facts != plan.facts:
                return _Moved(now)
        return plan.end(log, reason.strip())

    def _ended(self, done: Done | _Moved[Done]) -> None:
        if not isinstance(done, _Moved):
            self.dismiss(done)
            return
        self._take_newest(done.plan)
        again = f"Not done: what would stop changed meanwhile, see above. {key_of('reason.end')} does it as it is now."
        self._note.say(again, Role.DENIED)

    def _not_ended(self, error: AuditdeckError) -> None:
        if isinstance(error, _FINAL):
            self._note.say(f"{error} {key_of('reason.leave')} goes back.", Role.FAILURE)
        else:
            self._note.say(f"Not done; {key_of('reason.end')} tries again. {error}", Role.FAILURE)

    def _take_newest(self, plan: EndPlan[Done]) -> None:
        is_other = plan.facts != self._plan.facts
        self._plan = plan
        self._rows.refresh(layout=True)
        if is_other:
            self._box.begin()

    def _say_what_to_type(self, *, is_wrong: bool = False) -> None:
        wanted = f"the last characters of the id, {self._plan.typed}, and then {key_of('reason.end')}"
        self._note.say(f"Type {wanted}." if is_wrong else wanted, Role.FAILURE if is_wrong else Role.FAINT)

    def _say_why(self) -> None:
        self._note.say("why; it stands in the log", Role.FAINT)
