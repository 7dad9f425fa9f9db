"""An application whose frames are drawn by `Frames`, in place of all that Textual would write for them."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import textual
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, RenderableType
from textual import events, messages
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from tui.fault_keeping import FaultKeepingApp
from tui.frames.frames import Frames
from tui.frames.traits import traits_of
from tui.lost_terminal import LastingWriter
from tui.restartable_timer import RestartableTimer

_LOG = logging.getLogger("auditdeck.frames")
TEXTUAL = "8.2.8"
"""The version whose internals frames are taken from; with any other, Textual draws as it does."""
# What would be raised if these had moved all the same; there is another way to draw.
_OUT_OF_TUNE = (AttributeError, LookupError, TypeError, ValueError)


class FramedApp(FaultKeepingApp):
    """Draws as Textual does until it is told to draw frames."""

    def __init__(self) -> None:
        super().__init__()
        self._frames: Frames | None = None
        self._is_written_elsewhere = False
        self._drawn_screen: Screen[Any] | None = None
        self._late_frame = RestartableTimer(self)

    def draw_frames(self, environment: Mapping[str, str], write: Callable[[str], None] | None = None) -> None:
        """Draw frames for the terminal that the environment tells of; `write` gets them in place of the driver."""
        if textual.__version__ != TEXTUAL:
            _LOG.warning("frames are left to Textual %s: they are made for %s", textual.__version__, TEXTUAL)
            return
        self._frames = Frames(
            COLOR_SYSTEMS.get(self.console.color_system or "", ColorSystem.TRUECOLOR),
            traits_of(environment),
            self._write_frame if write is None else write,
            lambda seconds, then: self._late_frame.start(seconds, lambda: self._have_frames(lambda _: then())),
            self._is_behind,
        )
        self._is_written_elsewhere = write is not None

    def take_terminal(self) -> None:
        """The driver has taken the terminal, or taken it up again: somebody else may have drawn on it."""
        self._have_frames(Frames.begin_anew)

    def action_redraw(self) -> None:
        """Draw every cell: something else has written on the terminal."""
        self._have_frames(Frames.redraw)
        self.screen.refresh()

    def on_terminal_supports_synchronized_output(self, _: messages.TerminalSupportsSynchronizedOutput) -> None:
        # Asked after each frame, the terminal answers by this each time.
        self._have_frames(Frames.answer)

    def on_resize(self, event: events.Resize) -> None:
        # What a terminal does with its cells then is its own affair.
        self._have_frames(lambda frames: frames.resize(*event.size))

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        frames = self._frames
        if frames is None or not isinstance(renderable, LayoutUpdate | ChopsUpdate) or not self._is_drawing:
            super()._display(screen, renderable)
            return
        if screen is not self._drawn_screen:
            self._drawn_screen = screen
            frames.forget_strips()
        try:
            if not self._batch_count:
                self._have_frames(lambda frames: frames.take(renderable, self._cursor_cell) or screen.refresh())
        finally:
            self.post_display_hook()

    def _have_frames(self, do: Callable[[Frames], object]) -> None:
        """Have the frames do something, if there are any. Should that fail, Textual draws from here on."""
        if self._frames is None or not self._is_drawing:
            return
        try:
            do(self._frames)
        except _OUT_OF_TUNE:
            _LOG.exception("frames are left to Textual")
            self._frames = None
            self.screen.refresh()

    @property
    def _is_drawing(self) -> bool:
        return self._running and not self._closed and (self._is_written_elsewhere or not self.is_headless)

    @property
    def _cursor_cell(self) -> tuple[int, int]:
        x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
        return x, y

    def _write_frame(self, frame: str) -> None:
        if self._driver is not None and self._is_drawing:
            self._driver.write(frame)
            self._driver.flush()

    def _is_behind(self) -> bool:
        """Whether the terminal has not taken yet what was written before."""
        writer = getattr(self._driver, "_writer_thread", None)
        return isinstance(writer, LastingWriter) and writer.is_behind
