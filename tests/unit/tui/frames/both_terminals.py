"""Two emulated terminals: on one, updates as Textual writes them; on the other, as frames."""

from collections.abc import Callable, Sequence

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from tests.strategies.screens import Lay, Step
from tests.unit.tui.frames.emulated_terminal import Cell, EmulatedTerminal
from tui.frames.frames import Frames
from tui.frames.traits import MODERN, TerminalTraits


class Both:
    """The same updates on two terminals: as Textual writes them, and as frames."""

    def __init__(
        self,
        width: int,
        height: int,
        traits: TerminalTraits = MODERN,
        colors: ColorSystem = ColorSystem.TRUECOLOR,
        *,
        answers: bool = True,
    ) -> None:
        self.stock = EmulatedTerminal(width, height)
        self.framed = EmulatedTerminal(width, height, traits)
        self._console = Console(color_system=None)
        self._console._color_system = colors
        self._answers = answers
        self._now = 0.0
        self._waits: tuple[float, Callable[[], None]] | None = None
        self.frames = Frames(colors, traits, self._write, self._wait, clock=lambda: self._now)
        self.written: list[str] = []
        """The frames, each with what is around it."""
        if answers:
            self.frames.answer()

    def _write(self, frame: str) -> None:
        self.written.append(frame)
        self.framed.write(frame)

    def _wait(self, wait_s: float, then: Callable[[], None]) -> None:
        self._waits = wait_s, then

    def resize(self, width: int, height: int) -> None:
        """Both terminals have another size, and whoever draws is told so."""
        if (width, height) != (self.stock.columns, self.stock.lines):
            for terminal in (self.stock, self.framed):
                terminal.resize(height, width)
            self.frames.resize(width, height)

    def spoil(self) -> None:
        """Somebody else has drawn on the terminal of the frames."""
        for y in range(self.framed.lines):
            for x in range(self.framed.columns):
                self.framed.buffer[y][x] = Cell("?", fg="31", bg="42", underscore="single")
        self.frames.begin_anew()

    def show(self, update: LayoutUpdate | ChopsUpdate, cursor: tuple[int, int]) -> None:
        """Write the update to both."""
        self.stock.write(update.render_segments(self._console) + Control.move_to(*cursor).segment.text)
        assert self.frames.take(update, cursor)

    def settle(self) -> None:
        """The terminal takes and answers whatever is on its way."""
        if self._answers:
            self.frames.answer()
        while self._waits is not None:
            wait_s, then = self._waits
            self._waits = None
            self._now += wait_s
            then()
        if self._answers:
            self.frames.answer()

    def compare(self) -> None:
        """Every cell, and the cursor, are the same on both."""
        for y, (stock, framed) in enumerate(zip(self.stock.seen, self.framed.seen, strict=True)):
            for x, (wanted, found) in enumerate(zip(stock, framed, strict=True)):
                assert found == wanted, f"column {x} of row {y}"
        assert self.framed.cursor_cell == self.stock.cursor_cell

    def play(self, steps: Sequence[Step]) -> None:
        """Show one after the other, and compare wherever the terminal has come to the end."""
        for step in steps:
            self.resize(step.screen.width, len(step.screen.rows))
            if step.is_spoilt:
                self.spoil()
            self.show(step.screen.update(), step.cursor)
            if not step.is_held:
                self.settle()
                self.compare()
        self.settle()
        self.compare()

    def show_rows(self, *rows: Sequence[Segment]) -> None:
        """Show these rows, whole, and compare."""
        self.show(self.layout_of(*rows), (0, 0))
        self.settle()
        self.compare()

    def layout_of(self, *rows: Sequence[Segment]) -> LayoutUpdate:
        """All of the screen: these rows, filled up with blanks."""
        width = self.stock.columns
        return Lay(tuple(Strip(row).adjust_cell_length(width) for row in rows), width).update()
