"""A field of a form in which one ticks: a box to narrow what is offered, and below it a row for each."""

from collections.abc import Callable, Iterable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from tui.keymap import Scope, bindings, keys_of
from tui.presenters.check_rows import Option, arranged, check_rows, narrowed
from tui.presenters.form import ticked_text
from tui.presenters.pieces import Line, Role
from tui.widgets.form_field import LABEL_WIDTH, FieldBox, FormField
from tui.widgets.row_pane import PaneItem, RowPane

_WIDE, _INDENT = 80, 2
_MOST_TYPED = 60
_HOW = "letters find one"
_AROUND = 3
"""Rows of the field beside its options: the box, and what is said below."""


class CheckBox(FieldBox):
    """Has the focus: what is typed narrows the rows below, and the keys that are no text are theirs."""

    BINDINGS = bindings(Scope.CHECKS)

    class Toggled(Message):
        """The row under the cursor shall be ticked, or no longer."""

    def __init__(self, step: Callable[[int], None], rows: RowPane) -> None:
        super().__init__("", step, most_characters=_MOST_TYPED, typed_over=False)
        self._rows = rows

    def takes(self, key: str) -> bool:
        """Ticking and moving, what is nearest first; escape empties what was typed before it leaves the form."""
        if self.value and key in keys_of("form.leave"):
            self.value = ""
            return True
        for action_id, act in (
            ("checks.toggle", self.action_tick),
            ("checks.down", lambda: self.action_move(1)),
            ("checks.up", lambda: self.action_move(-1)),
            ("checks.page_down", lambda: self.action_page(1)),
            ("checks.page_up", lambda: self.action_page(-1)),
        ):
            if key in keys_of(action_id):
                act()
                return True
        return super().takes(key)

    def action_tick(self) -> None:
        self.post_message(self.Toggled())

    def action_move(self, by: int) -> None:
        """To the next row; from the last one on to the next field."""
        before = self._rows.current_key
        self._rows.action_move(by)
        if self._rows.current_key == before:
            self.step(by)

    def action_page(self, by: int) -> None:
        self._rows.action_page(by)

    def on_blur(self) -> None:
        self.value = self.placeholder = ""
        self._rows.refresh()

    def on_focus(self) -> None:
        self.placeholder = _HOW
        self._rows.refresh()


class _Rows(RowPane, can_focus=False):
    """Shows its cursor while the box above has the focus."""

    box: CheckBox

    @property
    def shows_cursor(self) -> bool:
        return self.box.has_focus

    def on_click(self, event: events.Click) -> None:
        super().on_click(event)
        self.screen.set_focus(self.box)


class CheckField(FormField):
    """What stands in it are the ids of what is ticked, see `tui.presenters.form`."""

    class Refused(Message):
        """This cannot be ticked, for the reason that the option has."""

        def __init__(self, option: Option) -> None:
            super().__init__()
            self.option = option

    def __init__(
        self, field: str, label: str, text: str, step: Callable[[int], None], options: Sequence[Option]
    ) -> None:
        self._rows = _Rows()
        self._options: Sequence[Option] = ()
        self._arranged: Sequence[Option] = ()
        self._kept = ""
        self._at_first: frozenset[str] = frozenset()
        self._ticked: frozenset[str] = frozenset()
        super().__init__(field, label, text, step, most_characters=_MOST_TYPED)
        self._offer(options, text)
        self._ticked = self._known(text)

    def make_box(self, text: str, step: Callable[[int], None], most_characters: int, typed_over: bool) -> FieldBox:
        box = CheckBox(step, self._rows)
        self._rows.box = box
        return box

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._label
            yield self.box
        yield self._rows
        yield self._note

    @property
    def text(self) -> str:
        return ticked_text(self._ticked)

    def offer(self, options: Sequence[Option], kept: str) -> None:
        """Offer these from now on; what is ticked stays so. Those that `kept` names can be ticked whatever they are."""
        if options != self._options or kept != self._kept:
            self._offer(options, kept)
            self._tick(self._known(self.text))
            self._fill()

    def put(self, text: str) -> None:
        self._tick(self._known(text))

    def _offer(self, options: Sequence[Option], kept: str) -> None:
        self._options, self._kept = options, kept
        self._at_first = frozenset(kept.split())
        self._arranged = arranged(options, self._at_first)

    def _known(self, text: str) -> frozenset[str]:
        return frozenset(option.id for option in self._options).intersection(text.split())

    def on_mount(self) -> None:
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._fill(to_start=True)

    def on_check_box_toggled(self, message: CheckBox.Toggled) -> None:
        message.stop()
        self.toggle()

    def toggle(self) -> None:
        """Tick the row under the cursor, or tick it no longer."""
        option = next((one for one in self._options if one.id == self._rows.current_key), None)
        if option is None:
            return
        was_on = option.id in self._ticked or option.id in self._at_first
        if option.refusal is not None and (option.is_fixed or not was_on):
            self.post_message(self.Refused(option))
        else:
            self._tick(self._ticked ^ {option.id})

    def _tick(self, ids: Iterable[str]) -> None:
        ticked = frozenset(ids)
        if ticked != self._ticked:
            self._ticked = ticked
            self._fill()
            if self.is_running:
                self.post_message(self.Changed(self.field))

    def _fill(self, *, to_start: bool = False) -> None:
        width = self.size.width
        if not width:
            return
        shown = narrowed(self._arranged, self.box.value)
        at = LABEL_WIDTH if width >= _WIDE else _INDENT
        items = [PaneItem((one.row,), one.id) for one in check_rows(shown, self._ticked, width, at)]
        if not items:
            said = "none has this in its name" if self._options else "there is none yet"
            items = [PaneItem((Line(width).at(at).add(said, Role.FAINT).row(),))]
        self._rows.show_items(items, to_start=to_start)
        if not self.box.value:
            self.styles.max_height = len(items) + _AROUND
