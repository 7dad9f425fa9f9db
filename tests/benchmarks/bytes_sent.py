"""What a key costs in bytes: the encoder's frames against stock output."""

from collections.abc import Iterator
from itertools import cycle, islice
from statistics import median

from tests.benchmarks.consoles import USUAL
from tests.benchmarks.frames import Frames, framed_console
from tests.benchmarks.keys import PAGE_DOWN
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size
from tests.benchmarks.report import Table, ratio
from tests.benchmarks.screen import Screen
from tests.benchmarks.workplace import Workplace

SIZES = (Size(80, 24), USUAL, Size(200, 60))
# In this order: paging leaves the cursor on the last card of the screen, so that every j after it scrolls.
_KEYS: dict[str, tuple[bytes, ...]] = {
    "j, k on the screen": (b"j", b"k"),
    "pgdn": (PAGE_DOWN,),
    "j, scrolling": (b"j",),
}
_TIMES = 12
_QUIET_S = 0.12
"""Longer than a key is held back, so that what follows a frame is counted with it."""
_PATIENCE_S = 3.0
_GOAL = "goal: a cursor move and a page at most 0.20 of stock output"


def measure(place: Workplace) -> Iterator[Table]:
    """A row a size and key."""
    rows = []
    for size in SIZES:
        sent = {frames: _sent(place, frames, size) for frames in Frames}
        for name in _KEYS:
            stock, auto = (sent[frames][name] for frames in (Frames.STOCK, Frames.AUTO))
            numbers = (median(stock), median(auto), max(stock), max(auto))
            cells = [f"{number:,.0f}" for number in numbers]
            rows.append((f"{size} {name}", *cells, ratio(numbers[1], numbers[0]), ratio(numbers[3], numbers[2])))
    yield Table(
        f"(l) Bytes sent a key, stock output and the encoder's; {_TIMES} keys each",
        ("size and key", "stock", "auto", "most: stock", "auto", "ratio", "of most"),
        tuple(rows),
        (_GOAL,),
    )


def _sent(place: Workplace, frames: Frames, size: Size) -> dict[str, list[int]]:
    with framed_console(place, frames, size) as (terminal, screen):
        return {name: _pressed(terminal, screen, keys) for name, keys in _KEYS.items()}


def _pressed(terminal: PseudoTerminal, screen: Screen, keys: tuple[bytes, ...]) -> list[int]:
    """Bytes that each key brought, pressed when the one before was answered."""
    sent = []
    for key in islice(cycle(keys), _TIMES):
        terminal.write(key)
        sent.append(sum(len(piece.data) for piece in screen.settle(_QUIET_S, _PATIENCE_S)))
    return sent
