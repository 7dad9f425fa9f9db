"""A list with what stands above it: how many there are, and the box in which one looks for some of them."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from data.tokens import without_secrets
from tui.presenters.pieces import Line, Role, Row
from tui.widgets.deck_notice import Notice
from tui.widgets.line_table import LineTable
from tui.widgets.one_row import OneRow
from tui.widgets.safe_input import SafeInput


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed: the records' keys, how a row, the head and the bar above are drawn at a width.

    Where there are no keys, `nothing` says why: a headline, and what one can do about it.
    """

    keys: Sequence[Hashable]
    make_row: Callable[[int, int], Row]
    make_head: Callable[[int], Row]
    make_bar: Callable[[int], Row]
    nothing: Sequence[str] = ()


class ListBar(OneRow):
    """What the list is of."""

    background_role = "panel"

    def __init__(self) -> None:
        super().__init__()
        self._make: Callable[[int], Row] = lambda width: Line(width).row()

    def show(self, make: Callable[[int], Row]) -> None:
        """Show another row."""
        self._make = make
        self.refresh()

    def make_row(self, width: int) -> Row:
        return self._make(width)


class ListPane(Vertical):
    """Shows what `make_listing` gives, narrowed by what is typed in the box."""

    class Shown(Message):
        """Other records are shown, or the same as they are by now."""

    def __init__(self, table: LineTable, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._bar = ListBar()
        self._box = SafeInput(compact=True, select_on_focus=False, max_length=200, placeholder="")
        self._notice = Notice()
        self.table = table
        self._box.display = False

    def compose(self) -> ComposeResult:
        yield self._bar
        yield self._box
        yield self.table
        yield self._notice

    def on_mount(self) -> None:
        self.say("Looking ...", role=Role.MUTED)

    def make_listing(self, text: str) -> Listing | None:
        """What there is to list that holds this text; None while that is not known."""
        raise NotImplementedError

    @property
    def is_looking(self) -> bool:
        """Whether one types what to look for."""
        return self._box.has_focus

    @property
    def text(self) -> str:
        """What the list is narrowed by."""
        return without_secrets(self._box.value) if self._box.display else ""

    def say(self, headline: str, *lines: str, role: Role = Role.FAILURE) -> None:
        """Say this in the place of the list."""
        self._notice.say(headline, *lines, role=role)
        self.set_class(True, "-empty")

    def look_for(self) -> None:
        """Open the box."""
        self._box.display = True
        self.screen.set_focus(self._box)

    def close_box(self) -> bool:
        """Show all again; whether any could have been hidden."""
        if not self._box.display:
            return False
        self._box.value = ""
        self._box.display = False
        self.screen.set_focus(self.table)
        self.fill()
        return True

    def narrow_by(self, text: str) -> None:
        """Put this into the box, which is closed where it is empty; the focus stays where it is, if it was not there."""
        had_focus = self._box.has_focus
        with self.prevent(Input.Changed):
            self._box.value = text
        self._box.display = bool(text)
        if had_focus and not text:
            self.screen.set_focus(self.table)

    def on_resize(self) -> None:
        self.fill()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.fill()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.screen.set_focus(self.table)

    @on(SafeInput.Abandoned)
    def _abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        self.close_box()

    def fill(self, *, to_start: bool = False) -> None:
        """Show the records as they are now."""
        listing = self.make_listing(self.text)
        if listing is None:
            return
        self._bar.show(listing.make_bar)
        head = listing.make_head if listing.keys else None
        self.table.show(listing.keys, listing.make_row, head, to_start=to_start)
        if listing.keys:
            self.set_class(False, "-empty")
        else:
            self.say(*listing.nothing, role=Role.TITLE)
        self.post_message(self.Shown())
