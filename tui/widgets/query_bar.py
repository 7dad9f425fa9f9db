"""The query above the deck: shown while one reads, edited in place, with the count and what is new beside it."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from data.errors import QueryError
from data.query.lexing import MOST_CHARACTERS
from tui.glyphs import glyphs
from tui.keymap import key_of
from tui.presenters.noun import EVENTS, Noun
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.values import count_text
from tui.terminal import cells_of
from tui.widgets.one_row import OneRow
from tui.widgets.safe_input import SafeInput

_INPUT_AT = 3


class _Slash(OneRow):
    """The key that opens the box, where the query begins."""

    background_role = "panel"

    def make_row(self, width: int) -> Row:
        key = key_of("log.find")
        return Line(width).at(1).add(key if len(key) == 1 else ">", Role.FAINT).row()


class _QueryRow(OneRow):
    """The query while it is read, in one row with the count and the badge."""

    background_role = "panel"
    text = ""
    count = ""
    new = 0
    marked = 0
    paused = 0

    def on_click(self, event: events.Click) -> None:
        """The badge is a button, and all the rest a way into the box."""
        event.stop()
        is_badge = event.x >= self.size.width - len(self._badge)
        self.post_message(QueryBar.NewWanted() if is_badge else QueryBar.BoxWanted())

    @property
    def _badge(self) -> str:
        return f" {count_text(self.new)} new  {key_of('log.show_new')} " if self.new else ""

    def make_row(self, width: int) -> Row:
        line = Line(width)
        badge = self._badge
        paused = f"{self.paused} paused  " if self.paused else ""
        marked = f"{self.marked} marked  " if self.marked else ""
        right = len(paused) + len(marked) + cells_of(self.count) + (len(badge) + 1 if badge else 0) + 1
        line.add(self.text, Role.TEXT, until=max(width - right - 1, 10))
        line.at(width - right).add(f"{paused}{marked}", Role.ACCENT).add(self.count, Role.MUTED)
        if badge:
            line.right(badge, Role.ACCENT_BADGE, bold=True)
        return line.row()


class QueryBar(Horizontal):
    """One row: reading shows the query and its count, editing shows the box."""

    class Submitted(Message):
        """This text is to be asked."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Edited(Message):
        """The text under the cursor changed to this."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Abandoned(Message):
        """Editing was left without asking."""

    class BoxWanted(Message):
        """The query was clicked: it is to be edited."""

    class NewWanted(Message):
        """The badge was clicked: what is new is to be shown."""

    def __init__(self, noun: Noun = EVENTS, *, id: str | None = None) -> None:
        """`noun` is for what the query selects."""
        super().__init__(id=id)
        self._noun = noun
        self._row = _QueryRow()
        self._input = SafeInput(compact=True, select_on_focus=False, max_length=MOST_CHARACTERS)
        self._input.waits_after_enter = True
        self._input.display = False

    def compose(self) -> ComposeResult:
        yield _Slash()
        yield self._row
        yield self._input

    @property
    def is_editing(self) -> bool:
        return bool(self._input.display)

    def show(self, text: str) -> None:
        """The query that is being read."""
        self._row.text = text
        self._row.refresh()

    def show_count(self, count: int | None) -> None:
        """How many it selects; None while they are being counted."""
        words = glyphs().pending if count is None else self._noun.counted(count)
        if words != self._row.count:
            self._row.count = words
            self._row.refresh()

    def show_new(self, new: int) -> None:
        """How many have arrived since."""
        if new != self._row.new:
            self._row.new = new
            self._row.refresh()

    def show_marked(self, marked: int) -> None:
        """How many events the person has marked."""
        self._row.marked = marked
        self._row.refresh()

    def show_paused(self, paused: int) -> None:
        """How many conditions are kept beside the query without being applied; 0 also where the filters say so."""
        if paused != self._row.paused:
            self._row.paused = paused
            self._row.refresh()

    def edit(self, text: str) -> None:
        """Open the box on this text, the cursor behind it."""
        if self._input.value == text:
            self.post_message(self.Edited(text))  # the box itself says nothing of a text that it has already
        self._input.value = text
        self._input.display, self._row.display = True, False
        self._input.cursor_position = len(text)
        self.take_focus()

    def take_focus(self) -> None:
        """Go on editing what is in the box."""
        self.screen.set_focus(self._input)  # at once: `focus` does it later, when the next key may have come

    def refuse(self) -> None:
        """What was entered cannot be asked: go on editing it."""
        self.app.bell()
        self._input.settle()

    def close(self) -> None:
        """Back to reading."""
        self._input.display, self._row.display = False, True

    def column_of(self, error: QueryError) -> int:
        """The cell of the bar below which the place of an error lies."""
        return _INPUT_AT + self._input.cells_before(error.position) - int(self._input.scroll_offset.x)

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        if self.is_editing:
            self.post_message(self.Edited(message.value))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.post_message(self.Submitted(message.value))

    def on_safe_input_abandoned(self, message: SafeInput.Abandoned) -> None:
        message.stop()
        self.post_message(self.Abandoned())
