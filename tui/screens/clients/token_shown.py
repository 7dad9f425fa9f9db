"""A token that was just made: shown whole, once. It is copied or saved, or ended; then nothing of it stays here."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from data.clients.model import ApiClient, IssuedToken
from data.errors import AuditdeckError
from data.tokens import SecretToken
from tui.clipboard import Between, between, refusal
from tui.jobs import Jobs
from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.choices import Choice
from tui.presenters.new_token import LAST, token_rows
from tui.presenters.pieces import Line, Role, Row
from tui.reading.questions import LogOpener
from tui.token_file import TokenNotSaved, path_of, path_problem, remove_token, save_token, suggested_path
from tui.typed_ahead import TypedAhead
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.prompts import Prompts
from tui.widgets.still_rows import StillRows

_HAND_OVER, _END = "hand over token", "end token"
_NOT_COPIED = "could not be copied"


class _Title(OneRow):
    background_role = "header"

    def __init__(self, client: ApiClient) -> None:
        super().__init__()
        self._client = client

    def make_row(self, width: int) -> Row:
        line = Line(width).at(1).add("New token of", Role.MUTED).add(" ")
        return line.add(self._client.name, Role.TITLE, bold=True).add("  ").add(self._client.id, Role.MUTED).row()


class _Keys(StillRows, can_focus=True):
    """Has the focus, and with it the keys."""

    BINDINGS = bindings(Scope.TOKEN)


class TokenScreen(PaintedScreen[str]):
    """Dismissed with what became of the token, a sentence. There is no other way out of it."""

    AUTO_FOCUS = "_Keys"
    BINDINGS = bindings(Scope.TOKEN, ids=())

    def __init__(
        self,
        log: LogOpener,
        issued: IssuedToken,
        *,
        older: tuple[str, date | None] | None,
        may_save: bool,
    ) -> None:
        """`older` is the public id of a token that lives beside this one, and its last day. `may_save`: to a file here."""
        super().__init__()
        self._log = log
        self._client = issued.client
        self._public_id = issued.token.public_id
        self._secret: SecretToken | None = issued.token
        self._older = older
        self._may_save = may_save
        self._done: list[str] = []
        self._jobs = Jobs(self)
        self._ahead = TypedAhead(self)
        self._is_early = True
        self._title = _Title(issued.client)
        self._rows = _Keys(self._make_rows)
        self._keys = KeyBar()
        self._prompts = Prompts(self._keys, self._focus_again)

    def compose(self) -> ComposeResult:
        yield self._title
        with VerticalScroll(id="token", can_focus=False):
            yield self._rows
        yield self._prompts

    def on_mount(self) -> None:
        self._keys.show_scope(Scope.TOKEN)
        self._ahead.begin()

    def on_unmount(self) -> None:
        self._jobs.close()
        self._forget()

    @property
    def is_asking(self) -> bool:
        """Whether something is being done with it."""
        return self._jobs.is_asking()

    @on(Jobs.Answered)
    def _deliver(self, message: Jobs.Answered) -> None:
        self._jobs.deliver(message)

    # Keys.

    def action_copy_token(self) -> None:
        secret = self._secret
        if secret is None or self._is_early or self._is_busy():
            return
        why_not = refusal(secret.reveal(), os.environ)

        def note() -> None:
            log = self._log()
            log.clients.note_handed_over(log.caller(), self._client.id, self._public_id, "copied", why_not)

        def noted(_: None) -> None:
            if why_not is not None:
                instead = f"; {key_of('token.save')} saves it to a file" if self._may_save else ""
                self._keys.show_notice(f"Not copied: {why_not}{instead}. Or select it with the mouse.")
                return
            if self._secret is not None:
                self.app.copy_to_clipboard(self._secret.reveal())
                way = between(os.environ)
                through = "" if way is Between.NOTHING else f" through {way}"
                # No terminal says whether it took it: the last characters, typed from where it was pasted, do.
                self._add(f"Sent to the terminal{through}: paste it where it belongs, and look at its last characters.")

        self._jobs.ask(_HAND_OVER, lambda _: note(), noted, self._say_not("Not copied"))

    def action_save_token(self) -> None:
        if self._secret is None or self._is_early or self._is_busy():
            return
        if not self._may_save:
            self._keys.show_notice(
                "Only with a database of your own, on your own machine, is there a file to save it to."
            )
            return
        suggestion = str(suggested_path(self._public_id, Path.home()))
        self._prompts.ask_text("Save to", suggestion, self._save, lambda text: path_problem(text) if text else "")

    def action_close_token(self) -> None:
        if self._secret is None or self._is_early or self._is_busy():
            return
        last = self._secret.reveal()[-LAST:]

        def check(text: str) -> str | None:
            if text.strip() == last:
                return None
            return "" if len(text.strip()) < LAST else "not its last four"

        def closed(_: str) -> None:
            self._leave(
                f"{self._public_id} is handed over."
                if self._done
                else f"{self._public_id} works, and is shown no more."
            )

        self._prompts.ask_text("Its last four characters", "", closed, check)

    def action_end_token(self) -> None:
        if self._secret is None or self._is_early or self._is_busy():
            return
        choices = [
            Choice("g", "go on", "The token stays as it is, and in sight.", False),
            Choice("e", "end it", f"{self._public_id} never works; {_next_way(self._client)}", True),
        ]
        self._prompts.ask("I could not copy it:", choices, self._end)

    # The rest.

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)
        self._keys.show_scope(self._prompts.scope or Scope.TOKEN)

    def on_key(self, event: events.Key) -> None:
        self._is_early = self._ahead.holds(event)
        self._keys.clear_notice()

    def _make_rows(self, width: int) -> Iterator[Row]:
        if self._secret is not None:
            yield from token_rows(self._client, self._secret, self._older, self._done, width)

    def _is_busy(self) -> bool:
        return self._jobs.is_asking()

    def _add(self, text: str) -> None:
        self._done.append(text)
        self._rows.refresh(layout=True)

    def _say_not(self, what: str) -> Callable[[AuditdeckError], None]:
        return lambda error: self._keys.show_notice(f"{what}. {error}")

    def _save(self, text: str) -> None:
        secret = self._secret
        if secret is None:
            return
        path = path_of(text)

        def save() -> str | None:
            log = self._log()
            note, by = log.clients.note_handed_over, log.caller()
            try:
                save_token(path, secret.reveal())
            except TokenNotSaved as error:
                note(by, self._client.id, self._public_id, "saved", str(error))
                return str(error)
            try:
                note(by, self._client.id, self._public_id, "saved")
            except BaseException:
                remove_token(path)  # no token lies anywhere of which the log does not know
                raise
            return None

        def saved(problem: str | None) -> None:
            if problem is None:
                self._add(f"Saved to {path}, for you alone to read.")
            else:
                self._keys.show_notice(f"Not saved: {problem}")

        self._jobs.ask(_HAND_OVER, lambda _: save(), saved, self._say_not("Not saved"))

    def _end(self, is_sure: bool) -> None:
        if not is_sure:
            return

        def end() -> None:
            log = self._log()
            log.clients.end_token(log.caller(), self._client.id, self._public_id, _NOT_COPIED)

        self._jobs.ask(
            _END,
            lambda _: end(),
            lambda _: self._leave(f"{self._public_id} was ended."),
            self._say_not("Not ended"),
        )

    def _leave(self, said: str) -> None:
        self._forget()
        self.dismiss(said)

    def _forget(self) -> None:
        """Let nothing of the secret stay: not here, not in the box, not in what the application would paste."""
        if self._secret is not None:
            if self.app.clipboard == self._secret.reveal():
                self.app._clipboard = ""  # what the terminal was sent it keeps
            self._secret = None
        self._prompts.forget()
        self._rows.refresh()

    def _focus_again(self) -> None:
        self.set_focus(self._rows)


def _next_way(client: ApiClient) -> str:
    return f"{key_of('clients.token')} issues {client.name} another one."
