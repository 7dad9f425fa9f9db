"""What cannot be undone: it starts in an empty field for the reason, and says what stops working."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input

from data.clients.errors import ClientEnded
from data.clients.model import ApiClient, Token
from data.errors import AuditdeckError
from data.naming.texts import MOST_REASON_CHARACTERS, reason_problem
from data.tokens import without_secrets
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.presenters.client_end import Ending, ending_rows
from tui.presenters.pieces import Line, Role, Row
from tui.reading.questions import LogOpener
from tui.typed_ahead import TypedAhead
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.safe_input import SafeInput
from tui.widgets.still_rows import StillRows

_END = "end client"


class _Title(OneRow):
    background_role = "header"

    def __init__(self, ending: Ending, client: ApiClient) -> None:
        super().__init__()
        self._ending = ending
        self._client = client

    def make_row(self, width: int) -> Row:
        of = " of " if self._ending is Ending.END_TOKEN else " "
        line = Line(width).at(1).add(self._ending.value, Role.FAILURE, bold=True).add(of, Role.MUTED)
        return line.add(self._client.name, Role.TITLE, bold=True).add("  ").add(self._client.id, Role.MUTED).row()


class _Label(OneRow):
    def make_row(self, width: int) -> Row:
        return Line(width).at(2).add("Reason", Role.TITLE, bold=True).row()


class _Note(OneRow):
    text, role = "", Role.FAINT

    def say(self, text: str, role: Role) -> None:
        self.text, self.role = text, role
        self.refresh()

    def make_row(self, width: int) -> Row:
        return Line(width).at(16).add(self.text, self.role, until=width - 1).row()


class ReasonBox(SafeInput):
    """Takes no letter that was pressed before it was seen."""

    BINDINGS = bindings(Scope.REASON)

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=False, max_length=MOST_REASON_CHARACTERS + 100)
        self._ahead = TypedAhead(self)
        self._is_early = True

    def on_mount(self) -> None:
        self._ahead.begin()

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


class EndingScreen(Screen[ApiClient | None]):
    """Dismissed with the client as it is since, or with nothing."""

    AUTO_FOCUS = "ReasonBox"
    BINDINGS = bindings(Scope.EVERYWHERE, ids=("app.quit",))

    def __init__(
        self,
        log: LogOpener,
        ending: Ending,
        client: ApiClient,
        *,
        token: Token | None = None,
        week: Sequence[int] | None,
        now: datetime,
        zone: ZoneInfo,
    ) -> None:
        """`token` is the one that is ended, of all; `week` are the client's requests day by day, if they are known."""
        super().__init__()
        self._log = log
        self._ending = ending
        self._client = client
        self._token = token
        self._jobs = Jobs(self)
        self._title = _Title(ending, client)
        self._rows = StillRows(lambda width: ending_rows(ending, client, token, week, width, now, zone))
        self._box = ReasonBox()
        self._note = _Note()
        self._keys = KeyBar()

    def compose(self) -> ComposeResult:
        yield self._title
        with VerticalScroll(id="ending", can_focus=False):
            yield self._rows
            with Horizontal(id="reason"):
                yield _Label()
                yield self._box
            yield self._note
        yield self._keys

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.REASON)
        self._say_keys()

    def on_unmount(self) -> None:
        self._jobs.drop_all()

    @property
    def is_asking(self) -> bool:
        """Whether it is being done."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        problem = reason_problem(message.value) if message.value.strip() else None
        if problem is None:
            self._say_keys()
        else:
            self._note.say(problem, Role.FAILURE)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        reason = without_secrets(message.value)
        problem = reason_problem(reason)
        if problem is not None:
            self._note.say(problem, Role.FAILURE)
            self.app.bell()
        elif not self._jobs.is_asking(_END):
            self._note.say("Ending it ...", Role.MUTED)
            self._jobs.ask(_END, lambda _: self._end(reason), self._ended, self._not_ended)

    def on_safe_input_abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        if self._jobs.is_asking(_END):
            self._note.say("It is being done; that goes on.", Role.DENIED)
        else:
            self.dismiss(None)

    def _end(self, reason: str) -> ApiClient:
        log = self._log()
        by, clients = log.caller(), log.clients
        match self._ending:
            case Ending.REVOKE:
                return clients.revoke(by, self._client.id, reason)
            case Ending.DELETE:
                return clients.delete(by, self._client.id, reason)
            case Ending.END_TOKEN:
                assert self._token is not None
                return clients.end_token(by, self._client.id, self._token.public_id, reason)

    def _ended(self, client: ApiClient) -> None:
        self.dismiss(client)

    def _not_ended(self, error: AuditdeckError) -> None:
        if isinstance(error, ClientEnded):
            self._note.say(f"{error} {key_of('reason.leave')} goes back.", Role.FAILURE)
        else:
            self._note.say(f"Not done; {key_of('reason.end')} tries again. {error}", Role.FAILURE)

    def _say_keys(self) -> None:
        self._note.say("why; it stands in the log", Role.FAINT)
