"""Frames for one terminal: taken from Textual as they are composed, sent when they may leave, those in between merged."""

from collections.abc import Callable
from time import monotonic

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate

from tui.frames.canvas import Canvas
from tui.frames.cells import CellMemory
from tui.frames.encoder import FrameEncoder
from tui.frames.pace import Pace
from tui.frames.traits import TerminalTraits

_FRAME_BEGINS, _FRAME_ENDS = "\x1b[?2026h", "\x1b[?2026l"
_ARE_YOU_THERE = "\x1b[?2026$p"
# While the terminal, or the line to it, takes nothing at all.
_BEHIND_PAUSE_S = 0.02


class Frames:
    """`write` is how text gets to the terminal, `is_behind` whether earlier text still waits to leave.

    `wait` calls something later, after so many seconds, in place of what it was to call before.
    """

    def __init__(
        self,
        colors: ColorSystem,
        traits: TerminalTraits,
        write: Callable[[str], None],
        wait: Callable[[float, Callable[[], None]], None],
        is_behind: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._memory = CellMemory(colors)
        self._encoder = FrameEncoder(self._memory, traits)
        self._canvas = Canvas(self._memory, 0, 0)
        self._pace = Pace()
        self._write, self._wait, self._is_behind, self._clock = write, wait, is_behind, clock
        self._cursor = 0, 0
        self._size: tuple[int, int] | None = None

    def take(self, update: LayoutUpdate | ChopsUpdate, cursor: tuple[int, int]) -> bool:
        """Change the canvas, and send what has changed if it may leave. False if all has to be composed anew first.

        `cursor` is the cell that the terminal's cursor belongs in, column first.
        """
        size = _size_of(update)
        if self._size not in (None, size):
            return False  # it was composed before the terminal's size was known
        if self._memory.is_full:
            self._memory.forget()
            self._encoder.forget()
            self._canvas = Canvas(self._memory, 0, 0)
        if size != (self._canvas.width, len(self._canvas.rows)):
            if not isinstance(update, LayoutUpdate):
                return False
            self._canvas = Canvas(self._memory, *size)
            self._encoder.forget()
        self._cursor = cursor
        if isinstance(update, LayoutUpdate):
            self._canvas.lay(update.region.x, update.region.y, update.strips)
        else:
            self._canvas.chop(update.chops, update.spans, update.chop_ends)
        self.send()
        return True

    def forget_strips(self) -> None:
        """Another screen is drawn from here on: of the one before, what it leaves on the terminal is all that is kept."""
        self._memory.forget_strips()

    def begin_anew(self) -> None:
        """Somebody else has had the terminal, and may have taken its answers: nothing that it shows is known."""
        self._encoder.forget()
        self._pace.begin()

    def redraw(self) -> None:
        """Something else has written on the terminal: draw all of it."""
        self._encoder.forget()
        self.send()

    def resize(self, width: int, height: int) -> None:
        """The terminal has this size now, and may show anything. Unless it had it before, all is composed anew for it."""
        self._size = width, height
        self._encoder.forget()
        if self._size == (self._canvas.width, len(self._canvas.rows)):
            self.send()
        else:
            # Whoever asks for a frame before that would have rows drawn where there are none any more.
            self._canvas = Canvas(self._memory, 0, 0)

    def answer(self) -> None:
        """The terminal has shown what it was sent."""
        self._pace.answer(self._clock())
        self.send()

    def send(self) -> None:
        """Send what has changed, or see to it that it leaves as soon as it may."""
        if not self._canvas.rows or self._encoder.shows(self._canvas, self._cursor):
            return
        wait_s = self._pace.wait_s(self._clock())
        if not wait_s and not self._pace.answers and self._is_behind():
            wait_s = _BEHIND_PAUSE_S
        if wait_s:
            self._wait(wait_s, self.send)
            return
        frame = self._encoder.encode(self._canvas, self._cursor)
        if self._pace.answers:
            frame = f"{_FRAME_BEGINS}{frame}{_FRAME_ENDS}{_ARE_YOU_THERE}"
        self._pace.send(len(frame.encode("utf-8", "replace")), self._clock())
        self._write(frame)


def _size_of(update: LayoutUpdate | ChopsUpdate) -> tuple[int, int]:
    """Of the screen that an update is of, columns first."""
    if isinstance(update, LayoutUpdate):
        return update.region.right, update.region.bottom
    return update.chop_ends[0][-1] if update.chop_ends else 0, len(update.chops)
