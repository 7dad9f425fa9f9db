"""The help screen: what the keys do where one was, how a query is written, and all the rest."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen

from tui.keymap import Scope, bindings, key_of
from tui.presenters.help import help_rows
from tui.presenters.pieces import Line, Role, Row
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.row_pager import RowPager
from tui.widgets.text_prompt import TextPrompt


class _HelpPager(RowPager):
    BINDINGS = bindings(Scope.MOVING, Scope.HELP)

    def __init__(self, near: Sequence[Scope], remarks: Sequence[str]) -> None:
        super().__init__(id="help")
        self._near = near
        self._remarks = remarks

    def on_resize(self) -> None:
        self.show_rows(help_rows(self.size.width, self._near, self._remarks))


class _HelpTitle(OneRow):
    background_role = "header"
    place = ""

    def show_place(self, place: str) -> None:
        """Which rows are seen."""
        self.place = place
        self.refresh()

    def make_row(self, width: int) -> Row:
        line = Line(width).at(1).add("auditdeck", Role.ACCENT, bold=True).add("  ")
        return (
            line.add("Help", Role.TITLE, bold=True, underline=True).right(self.place, Role.MUTED, end=width - 1).row()
        )


class HelpScreen(Screen[None]):
    """All keys. Any way back leaves it."""

    AUTO_FOCUS = "#help"
    CSS_PATH = "../styles/help.tcss"
    BINDINGS = bindings(
        Scope.EVERYWHERE, ids=("app.help", "app.palette", "app.quit", "log.back", "log.find", "log.leave")
    )

    def __init__(self, near: Sequence[Scope] = (), remarks: Sequence[str] = ()) -> None:
        """`near` are the scopes of what had the focus; `remarks` are sentences on the person's own keys."""
        super().__init__()
        self._title = _HelpTitle()
        self._pager = _HelpPager(near, remarks)
        self._keys = KeyBar()
        self._prompt = TextPrompt()

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._pager
        self._keys.show_scope(Scope.HELP)
        yield self._keys
        yield self._prompt

    def on_key(self) -> None:
        self._keys.clear_notice()

    def action_find(self) -> None:
        self._keys.display = False
        self._prompt.ask("Find in the help", self._pager.sought, self._pager.find, check=self._complaint)

    def action_next_match(self, by: int) -> None:
        if not self._pager.next_match(by):
            self._keys.show_notice(f"Nothing is looked for; {key_of('log.find')} finds.")

    def action_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()

    @on(RowPager.Scrolled)
    def _scrolled(self, message: RowPager.Scrolled) -> None:
        is_all = message.first == 1 and message.last == message.total
        self._title.show_place("" if is_all else f"{message.first} to {message.last} of {message.total} rows")

    @on(TextPrompt.Taken)
    def _take(self, message: TextPrompt.Taken) -> None:
        self._leave_prompt()
        message.answer()

    @on(TextPrompt.Left)
    def _leave_prompt(self) -> None:
        self._keys.display = True
        self.set_focus(self._pager)

    def _complaint(self, words: str) -> str | None:
        return "not in the help" if words.strip() and not self._pager.holds(words) else None
