"""A terminal for a console that runs within a test: it gets the console's frames, and shows what they draw."""

import difflib
from collections.abc import Sequence

from tests.functional.console.strict_output import StrictOutput
from tui.app import AuditdeckApp
from tui.frames.cells import BEHIND, FIRST_NAMED, Row
from tui.frames.frames import Frames

_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
_ASKS = "\x1b[?2026$p"


class ShownTerminal:
    """As large as the console that draws on it, and as quick to answer."""

    def __init__(self, app: AuditdeckApp) -> None:
        self._app = app
        self._output = StrictOutput(0, 0, any_colors=True)
        app.draw_frames(_ENVIRONMENT, self._write)
        self._answer()  # as terminals are asked at the start
        app.screen.refresh()

    @property
    def lines(self) -> list[str]:
        """Its rows, from the top."""
        return self._output.lines

    def check(self, lines: Sequence[str] | None = None) -> None:
        """Raise AssertionError unless it shows these lines, or whatever the console has drawn."""
        frames = self._app._frames
        assert frames is not None, "something in the frames has failed; they were left to Textual"
        wanted = [_text(frames, row) for row in frames._canvas.rows] if lines is None else lines
        if self.lines != wanted:
            there = "\n".join(difflib.unified_diff(wanted, self.lines, "wanted", "shown", lineterm=""))
            raise AssertionError(f"the terminal shows something else:\n{there}")

    def _write(self, frame: str) -> None:
        width, height = self._app.size
        if (self._output.columns, self._output.rows) != (width, height):
            self._output = StrictOutput(width, height, any_colors=True)
        self._output.feed(frame.encode())
        if frame.endswith(_ASKS):
            self._app.call_next(self._answer)

    def _answer(self) -> None:
        if self._app._frames is not None:
            self._app._frames.answer()


def _text(frames: Frames, row: Row) -> str:
    """What the cells of a row show."""
    cells = row.text.replace(BEHIND, "")
    return "".join(frames._memory.named(cell) if cell >= FIRST_NAMED else cell for cell in cells)
