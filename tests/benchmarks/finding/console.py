"""The console on many events, in a pseudo-terminal: its memory, and whether keys answer while a question takes long."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from typing import NamedTuple

from tests.benchmarks.consoles import PATIENCE_S, USUAL, ready_minimal
from tests.benchmarks.keys import PAGE_DOWN
from tests.benchmarks.pseudo_terminal import PseudoTerminal, on_terminal
from tests.benchmarks.screen import Screen
from tests.benchmarks.workplace import EVERYTHING, PROGRAM, Workplace

_QUIET_S = 0.4
_MINUTE_S = 60.0
_KEYS, _KEY_PAUSE_S = 40, 0.05
_PAGES = 100
_ENTER, _ESCAPE = b"\r", b"\x1b"
# Found nowhere, so every event is looked at.
_SLOWEST = b' "no event says this"'


class Memory(NamedTuple):
    """Resident MB of the console when everything is shown, and at most; and the minimal app's."""

    shown: float
    most: float
    minimal: float


@contextmanager
def _console(place: Workplace, address: str) -> Iterator[PseudoTerminal]:
    words = (*PROGRAM, "--database", address, "--query", EVERYTHING)
    with on_terminal(words, place.environment(), USUAL, place.deadline) as terminal:
        # That it was opened is itself an event of the log.
        Screen(terminal).wait_for(rf"{place.events:,}"[:-2] + r"\d\d events", _MINUTE_S)
        terminal.read_until_quiet(_QUIET_S, PATIENCE_S)
        yield terminal


def memory(place: Workplace, address: str) -> Memory:
    """After paging, going to both ends, and asking for other events; the minimal app's after as many keys."""
    with ready_minimal(place) as terminal:
        _press(terminal, b"j", _PAGES)
        minimal = terminal.resident_mb()
    seen = []
    with _console(place, address) as terminal:
        seen.append(terminal.resident_mb())
        for keys, times in ((PAGE_DOWN, _PAGES), (b"G", 1), (b"g", 1)):
            _press(terminal, keys, times)
            seen.append(terminal.resident_mb())
        for asked in (b" outcome:denied", b" tab:admin", b" -outcome:success"):
            _ask(terminal, asked)
            terminal.read_until_quiet(_QUIET_S, PATIENCE_S)
            seen.append(terminal.resident_mb())
    return Memory(seen[0], max(seen), minimal)


class Keys(NamedTuple):
    """Seconds from each key to the first byte that it brought, and how much of a processor the console used meanwhile: what
    tells whether the question was still being answered."""

    taken: list[float]
    processor: float


def answers_to_keys(place: Workplace, address: str) -> Keys:
    """Letters typed into the search box while the slowest question is being answered."""
    with _console(place, address) as terminal:
        _ask(terminal, _SLOWEST)
        terminal.read_until_quiet(_KEY_PAUSE_S, 1.0)
        terminal.write(b"/")
        terminal.read_until_quiet(_KEY_PAUSE_S, 1.0)
        taken = []
        began, used = terminal.now, terminal.cpu_s()
        for key in islice(cycle((b"a", b"b", b"c")), _KEYS):
            pressed = terminal.now
            terminal.write(key)
            piece = terminal.read(PATIENCE_S)
            taken.append(PATIENCE_S if piece is None else piece.at - pressed)
            terminal.read_until_quiet(_KEY_PAUSE_S, _KEY_PAUSE_S)
        processor = (terminal.cpu_s() - used) / (terminal.now - began)
        terminal.write(_ESCAPE)
    return Keys(taken, processor)


def _ask(terminal: PseudoTerminal, addition: bytes) -> None:
    """Add this to the query and ask."""
    terminal.write(b"/")
    terminal.read_until_quiet(_KEY_PAUSE_S, 1.0)
    terminal.write(addition)
    terminal.read_until_quiet(_KEY_PAUSE_S, 1.0)
    terminal.write(_ENTER)


def _press(terminal: PseudoTerminal, key: bytes, times: int) -> None:
    for _ in range(times):
        terminal.write(key)
        terminal.read_until_quiet(0.01, 3.0)
