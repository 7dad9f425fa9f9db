"""The console with each way of sending frames: what its encoder makes of them, and stock output, which is the baseline."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from tests.benchmarks.consoles import PATIENCE_S, USUAL, console_words, count_shown
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.benchmarks.screen import Screen
from tests.benchmarks.workplace import Workplace

_QUIET_S = 0.4


class Frames(StrEnum):
    """The values of AUDITDECK_FRAMES, the baseline first."""

    STOCK = "stock"
    AUTO = "auto"


def frames_environment(place: Workplace, frames: Frames) -> dict[str, str]:
    """The environment of a console that sends frames so."""
    return place.environment(AUDITDECK_FRAMES=frames)


@contextmanager
def framed_console(place: Workplace, frames: Frames, size: Size = USUAL) -> Iterator[tuple[PseudoTerminal, Screen]]:
    """The console with all its counts on the screen, and nothing on its way."""
    with on_terminal(console_words(place), frames_environment(place, frames), size, place.deadline) as terminal:
        yield terminal, counted(place, terminal)


def counted(place: Workplace, terminal: PseudoTerminal) -> Screen:
    """The screen of a console that has just been started, when all counts are on it."""
    screen = Screen(terminal)
    screen.wait_for(count_shown(place), PATIENCE_S)
    screen.settle(_QUIET_S, 2 * _QUIET_S)
    return screen
