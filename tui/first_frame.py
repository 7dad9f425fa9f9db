"""The first frame: the console's first row on its ground, while all that draws the rest is still imported.

Textual takes the terminal when the whole application is there, twice as long after the start as an empty one would need.
So the terminal is taken over before, with what the first screen shows of itself without any widget, and handed over as
Textual begins. Until then it echoes nothing that is typed, which waits for the console as ever, and whatever ends the
program gives it back.
"""

import os
import sys
import termios
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style
from textual import constants

from tui.no_color import wants_no_color
from tui.presenters.title_row import Title, title_row
from tui.themes import palette_of, suited
from tui.widgets.painting import paint

if TYPE_CHECKING:
    from types import TracebackType

    from textual.driver import Driver

# Smaller ones have no room for the console, which says so itself.
_LEAST_COLUMNS, _LEAST_ROWS = 40, 12
_TAKE, _GIVE_BACK = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
_LOCAL_MODES, _CONTROL_CHARACTERS = 3, 6
"""Where `termios.tcgetattr` has them."""


class FirstFrame:
    """Shown within the block, if standard error, on which Textual draws, is a terminal that has room for it."""

    def __init__(self, theme: str, title: Title, environment: Mapping[str, str]) -> None:
        """`theme` is the one that was asked for."""
        self._theme, self._title, self._environment = theme, title, environment
        self._modes: list[Any] | None = None
        self._drawn = ""

    def __enter__(self) -> Self:
        try:
            screen, keyboard = sys.__stderr__, sys.__stdin__
            if screen is None or keyboard is None or not screen.isatty():
                return self
            size = os.get_terminal_size(screen.fileno())
            modes = termios.tcgetattr(keyboard.fileno())
            quiet = _quiet(modes, os.fpathconf(keyboard.fileno(), "PC_VDISABLE"))
        except (OSError, ValueError, termios.error):  # whatever it is, it is for Textual to draw on
            return self
        if size.columns < _LEAST_COLUMNS or size.lines < _LEAST_ROWS:
            return self
        drawn = drawn_frame(self._theme, self._title, size.columns, self._environment)
        self._modes = modes
        try:
            if _is_set(quiet):
                self._drawn = drawn
                _write(_TAKE + drawn)
            else:
                self._modes = None
        except BaseException:  # a signal, say: a block that was never entered is not left, either
            self.hand_over()
            _write(_GIVE_BACK)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: "TracebackType | None"
    ) -> None:
        if self.hand_over():
            _write(_GIVE_BACK)

    def hand_over(self) -> str:
        """The terminal reads as it did before; once, what has to be drawn again where another takes it from here."""
        if self._modes is None:
            return ""
        _is_set(self._modes)  # whoever breaks this off hands it over again, and one that hung up needs no modes
        self._modes = None
        return self._drawn

    def handing_over_to(self, driver: "type[Driver]") -> "type[Driver]":
        """The same driver, to which it is handed over when that begins."""
        if not self._drawn:
            return driver

        def start_application_mode(taking: "Driver") -> None:
            drawn = self.hand_over()
            driver.start_application_mode(taking)
            if drawn:  # most terminals empty their other screen when it is asked for again
                taking.write(drawn)
                taking.flush()

        return type(driver.__name__, (driver,), {"start_application_mode": start_application_mode})


def drawn_frame(theme: str, title: Title, width: int, environment: Mapping[str, str]) -> str:
    """What draws it on a terminal of so many columns, wherever its cursor is."""
    # As Textual's own: the constant is one of the words that it takes.
    console = Console(color_system=constants.COLOR_SYSTEM, file=sys.__stderr__, force_terminal=True)  # type: ignore[arg-type]
    has_color = not wants_no_color(environment)
    system = console.color_system if has_color else None
    palette = palette_of(suited(theme, system))
    colors = COLOR_SYSTEMS.get(system or "", ColorSystem.STANDARD)
    row = ((one.text, one.style or Style()) for one in paint(title_row(title, width), width, palette.header))
    ground = _shown(" ", palette.background.bare, colors, has_color=has_color).partition(" ")[0]
    first = "".join(_shown(text, style, colors, has_color=has_color) for text, style in row)
    return f"{ground}\x1b[2J\x1b[H\x1b[0m{first}\x1b[0m"


def _shown(text: str, style: Style, colors: ColorSystem, *, has_color: bool) -> str:
    return (style if has_color else style.without_color).render(text, color_system=colors)


def _quiet(modes: list[Any], no_key: int) -> list[Any]:
    """Nothing that is typed is shown, and no key stops the program or has it quit: it would leave the terminal as it is now.

    `no_key` is what stands for a key that there is not.
    """
    quiet = [*modes]
    quiet[_LOCAL_MODES] = modes[_LOCAL_MODES] & ~termios.ECHO
    quiet[_CONTROL_CHARACTERS] = [*modes[_CONTROL_CHARACTERS]]
    for key in (termios.VSUSP, termios.VQUIT):
        quiet[_CONTROL_CHARACTERS][key] = bytes([no_key])
    return quiet


def _is_set(modes: list[Any]) -> bool:
    """Whether the terminal reads so from here on; it does not where it has hung up."""
    try:
        assert sys.__stdin__ is not None
        termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, modes)
    except (OSError, ValueError, termios.error):
        return False
    return True


def _write(text: str) -> None:
    """Raises nothing where the terminal went away: whoever reads from it notices.

    Past the stream's own buffer: what that keeps of a failed write fails again as the process ends, and is its exit status.
    """
    screen = sys.__stderr__
    assert screen is not None
    left = text.encode(screen.encoding, screen.errors or "strict")
    try:
        screen.flush()
        while left:
            left = left[os.write(screen.fileno(), left) :]
    except OSError:
        pass
