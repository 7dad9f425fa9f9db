"""The console and the minimal app, each ready on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.benchmarks.screen import Screen
from tests.benchmarks.workplace import PROGRAM, Workplace

USUAL = Size(120, 40)
PATIENCE_S = 20.0
MINIMAL_WORDS = (sys.executable, "-m", "tests.benchmarks.minimal_app")
MINIMAL_PAINT = r"pressed 0"
CONSOLE_PAINT = r"auditdeck"
WHOLE_SCREEN = r"Filters"
FIRST_CARDS = r"\d\d:\d\d:\d\d "
_QUIET_S = 0.4


def console_words(place: Workplace) -> tuple[str, ...]:
    """The command line of the console over all events."""
    return (*PROGRAM, "--database", str(place.filled_log()), "--query", place.query)


def count_shown(place: Workplace) -> str:
    """What the screen shows when the events are counted, as a pattern."""
    return rf"{place.events:,} events"


@contextmanager
def ready_console(place: Workplace, size: Size = USUAL) -> Iterator[PseudoTerminal]:
    """The console with its first cards and all its counts on the screen, and nothing on its way."""
    words = console_words(place)
    with on_terminal(words, place.environment(), size, place.deadline) as terminal:
        Screen(terminal).wait_for(count_shown(place), PATIENCE_S)
        terminal.read_until_quiet(_QUIET_S, 2.0)  # the values of the filters come last, unless they have come
        yield terminal


@contextmanager
def ready_minimal(place: Workplace, size: Size = USUAL) -> Iterator[PseudoTerminal]:
    """The minimal app after its first paint."""
    with on_terminal(MINIMAL_WORDS, place.environment(), size, place.deadline) as terminal:
        Screen(terminal).wait_for(MINIMAL_PAINT, PATIENCE_S)
        terminal.read_until_quiet(_QUIET_S, _QUIET_S)
        yield terminal
