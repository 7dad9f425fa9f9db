"""The help screen: what the keys do where one was, how a query is written, and all the rest."""

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult

from tui.keymap import Scope, bindings, key_of
from tui.painted_screen import PaintedScreen
from tui.presenters.help import help_rows
from tui.presenters.pieces import Line, Role, Row
from tui.widgets.key_bar import KeyBar
from tui.widgets.one_row import OneRow
from tui.widgets.prompts import Prompts
from tui.widgets.row_pager import RowPager


class _HelpPager(RowPager):
    BINDINGS = bindings(Scope.MOVING, Scope.HELP)

    def __init__(self, near: Sequence[Scope], remarks: Sequence[str]) -> None:
        super().__init__(id="help")
        self._near = near
        self._remarks = remarks

    def fit(self) -> None:
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


class HelpScreen(PaintedScreen[None]):
    """All keys. Any way back leaves it."""

    AUTO_FOCUS = "#help"
    CSS_PATH = "../styles/help.tcss"
    BINDINGS = bindings(
        Scope.EVERYWHERE,
        ids=("app.help", "app.palette", "log.back", "log.find", "log.leave"),
    )

    def __init__(self, near: Sequence[Scope] = (), remarks: Sequence[str] = ()) -> None:
        """`near` are the scopes of what had the focus; `remarks` are sentences on the person's own keys."""
        super().__init__()
        self._title = _HelpTitle()
        self._pager = _HelpPager(near, remarks)
        self._keys = KeyBar()
        self._prompts = Prompts(self._keys, lambda: self.set_focus(self._pager))

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._pager
        self._keys.show_scope(Scope.HELP)
        yield self._prompts

    def on_key(self) -> None:
        self._keys.clear_notice()

    def action_find(self) -> None:
        self._prompts.ask_text("Find in the help", self._pager.sought, self._pager.find, self._complaint)

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

    @on(events.DescendantFocus)
    def _focus_moved(self) -> None:
        self._prompts.follow(self.focused)

    def _complaint(self, words: str) -> str | None:
        return "not in the help" if words.strip() and not self._pager.holds(words) else None
