"""How the whole stands, row by row, with what is looked for in it marked."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from textual import events
from textual.message import Message

from data.health import SystemState
from data.proof.findings import Finding
from data.setting_in_force import SettingInForce
from tui.keymap import Scope, bindings, key_of
from tui.presenters.find import Finder
from tui.presenters.pieces import Line, Role, Row
from tui.presenters.system import Verifying, Visit, system_head_row, system_rows
from tui.presenters.system_facts import SystemRow
from tui.presenters.verification import Verification
from tui.widgets.row_pane import PaneItem, RowPane


class SystemPane(RowPane):
    """Shows a state, and keeps the cursor on its row when another one comes."""

    BINDINGS = bindings(Scope.MOVING, Scope.SYSTEM)

    class Chosen(Message):
        """The row under the cursor was clicked a second time."""

    def __init__(
        self, settings: Sequence[SettingInForce], visit: Visit, zone: ZoneInfo, *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._settings = settings
        self._visit = visit
        self._zone = zone
        self._state: SystemState | None = None
        self._verification: Verification | None = None
        self._said: tuple[str, ...] = ()
        self._finder = Finder()

    @property
    def chosen(self) -> SystemRow | None:
        """The row under the cursor."""
        key = self.current_key
        return key if isinstance(key, SystemRow) else None

    @property
    def sought(self) -> str:
        """The words that were last looked for."""
        return self._finder.sought

    def show(self, state: SystemState) -> None:
        """Show this state."""
        self._state = state
        self._fill()

    def show_verification(self, verification: Verification | None) -> None:
        """Show how far a verification is, or what it came to."""
        if verification != self._verification:
            self._verification = verification
            self._fill()

    @property
    def chosen_finding(self) -> Finding | None:
        """What was found to be wrong, in the row under the cursor."""
        row = self.chosen
        if row is None or row.section != "proof" or self._verification is None:
            return None
        return self._verification.finding(row.name)

    def say(self, headline: str, *lines: str) -> None:
        """Say this while there is no state to show."""
        self._said = (headline, *lines)
        self._fill()

    def holds(self, words: str) -> bool:
        """Whether these words stand anywhere in it."""
        return self._finder.holds(words)

    def find(self, words: str) -> str | None:
        """Mark these words, and go to the first match from the cursor on; which one it is, `3 of 17`."""
        return self._go_to(self._finder.find(words, self.cursor_line))

    def next_match(self, by: int) -> str | None:
        """Go on to a match after (1) or before (-1), around the end; which one it is. None where there is none."""
        return self._go_to(self._finder.step(by, self.cursor_line))

    def row_at(self, line: int) -> Row:
        return self._finder.marked(super().row_at(line), line)

    def on_resize(self) -> None:
        self._fill()

    def on_click(self, event: events.Click) -> None:
        before = self.current_key
        super().on_click(event)
        if before is not None and self.current_key == before and event.y > 0:
            self.post_message(self.Chosen())

    def _fill(self) -> None:
        width = self.size.width
        if not width:
            return
        if self._state is None:
            rows = [
                Line(width).at(2).add(text, Role.MUTED if number else Role.TITLE, bold=not number).row()
                for number, text in enumerate(self._said)
            ]
            self.show_items([PaneItem(((), *rows))])
            return
        self.show_head(system_head_row(self._state, width, self._zone))
        hold_keys = key_of("system.hold"), key_of("system.lift")
        verifying = Verifying(self._verification, key_of("system.verify"), key_of("log.cancel"))
        rows_of = system_rows(
            self._state, self._settings, self._visit, width, self._zone, key_of("system.edit"), hold_keys, verifying
        )
        self.show_items([PaneItem(lines, key) for lines, key in rows_of])
        texts = [item.rows if item.key is not None else ((),) * len(item.rows) for item in self.items]
        self._finder.show(texts, at=self._finder.at)

    def _go_to(self, line: int | None) -> str | None:
        if line is not None:
            self.go_to_line(line)
        self.refresh()
        return self._finder.place
