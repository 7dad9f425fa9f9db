"""The console's memory over as many pages as one reads in an hour."""

from collections.abc import Iterator

from tests.benchmarks.frames import Frames, framed_console
from tests.benchmarks.keys import PAGE_DOWN
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.report import Table, ratio
from tests.benchmarks.workplace import Workplace

_PAGES = 1_800
"""A page every two seconds for an hour."""
_LOOKED_AT = (0, 100, 300, 600, 900, 1_200, 1_500, 1_800)
_BASELINE = 300
"""After ten minutes everything that is kept is full."""
_CARDS_A_PAGE = 12
"""At most: before the log's end is reached, one goes back to the newest event."""
_TO_THE_TOP = b"g"
_QUIET_S = 0.01
_PATIENCE_S = 3.0
_GOAL = "goal: flat, at most 1.05 of what it was after ten minutes"


def measure(place: Workplace) -> Iterator[Table]:
    """Resident memory after more and more pages."""
    resident: dict[int, float] = {}
    with framed_console(place, Frames.AUTO) as (terminal, _):
        began = terminal.now
        for page in range(_PAGES + 1):
            if page in _LOOKED_AT:
                resident[page] = terminal.resident_mb()
            _press(terminal, PAGE_DOWN)
            if page % max(place.events // _CARDS_A_PAGE, 1) == 0:
                _press(terminal, _TO_THE_TOP)
        took_s = terminal.now - began
    yield Table(
        f"(n) Resident memory over an hour of paging, a page every two seconds, made up for in {took_s:.0f} s, MB",
        ("pages", "MB", f"/ after {_BASELINE}"),
        tuple((f"{page:,}", f"{mb:.1f}", ratio(mb, resident[_BASELINE])) for page, mb in resident.items()),
        (_GOAL,),
    )


def _press(terminal: PseudoTerminal, key: bytes) -> None:
    terminal.write(key)
    terminal.read_until_quiet(_QUIET_S, _PATIENCE_S)
