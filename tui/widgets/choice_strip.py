"""A prompt on the last rows: a few choices, each with a letter, taken by letter or by arrows and enter."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from textual import events
from textual.strip import Strip

from tui.keymap import Scope, bindings, footer
from tui.presenters.choices import Choice
from tui.presenters.pieces import Line, Role, Row
from tui.terminal import cells_of
from tui.themes import palette_of
from tui.widgets.painting import blank, paint
from tui.widgets.prompt import Prompt

T = TypeVar("T")


class ChoiceStrip(Prompt, can_focus=True):
    """The question with its choices, and below them what the one under the cursor means."""

    BINDINGS = bindings(Scope.CHOICE)
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._question = ""
        self._choices: tuple[Choice[Any], ...] = ()
        self._then: Callable[[Any], None] = lambda _: None
        self._at = 0

    def ask(self, question: str, choices: Sequence[Choice[T]], then: Callable[[T], None]) -> None:
        """Ask, and take the focus; `then` is for the value of the choice that is taken."""
        self._question, self._choices, self._then, self._at = question, tuple(choices), then, 0
        self.display = True
        self.styles.height = len(self._choice_rows(self.app.size.width)) + 1
        self.screen.set_focus(self)  # at once: `focus` does it later, when the next key may have come
        self.refresh()

    def action_step(self, by: int) -> None:
        self._at = (self._at + by) % len(self._choices)
        self.refresh()

    def action_take(self) -> None:
        self._take(self._choices[self._at])

    def action_leave(self) -> None:
        self.end(None)

    def on_key(self, event: events.Key) -> None:
        choice = next((choice for choice in self._choices if choice.letter == event.character), None)
        if choice is not None:
            self._take(choice)
        if event.is_printable:  # no other letter means anything while a question is open
            event.stop()
            event.prevent_default()

    def render_line(self, y: int) -> Strip:
        palette = palette_of(self.app.theme)
        width = self.size.width
        rows = (*self._choice_rows(width), self._meaning_row(width)) if self._choices else ()
        return paint(rows[y], width, palette.header) if y < len(rows) else blank(width, palette.header)

    def on_resize(self) -> None:
        self.styles.height = len(self._choice_rows(self.size.width)) + 1

    def _choice_rows(self, width: int) -> tuple[Row, ...]:
        """The question and its choices, on as many rows as they take."""
        lines = [Line(width).at(1).add(self._question, Role.TITLE, bold=True)]
        begin = lines[0].used
        for index, choice in enumerate(self._choices):
            if lines[-1].used + 4 + cells_of(choice.name) >= width:
                lines.append(Line(width).at(begin))
            line = lines[-1].add("  ").add(choice.letter, Role.ACCENT, bold=True).add(" ")
            current = index == self._at
            line.add(choice.name, Role.TITLE if current else Role.MUTED, underline=current)
        return tuple(line.row() for line in lines)

    def _meaning_row(self, width: int) -> Row:
        keys = "  ".join(f"{keys} {words}" for keys, words in footer(Scope.CHOICE))
        line = Line(width).at(1).add(self._choices[self._at].meaning, Role.TEXT)
        # What is taken matters more than how: both instants of a stretch of time have to be seen before enter.
        return line.right(keys, Role.MUTED, end=width - 1).row() if line.room > len(keys) + 3 else line.row()

    def _take(self, choice: Choice[Any]) -> None:
        then = self._then
        self.end(lambda: then(choice.value))
