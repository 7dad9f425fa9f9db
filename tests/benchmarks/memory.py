"""The console's memory after a while of reading."""

from collections.abc import Iterator

from tests.benchmarks.consoles import ready_console, ready_minimal
from tests.benchmarks.keys import PAGE_DOWN
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.report import Table, ratio
from tests.benchmarks.workplace import Workplace

_PAGES = 100
_QUIET_S = 0.01
_PATIENCE_S = 3.0


def measure(place: Workplace) -> Iterator[Table]:
    """Resident memory when everything is shown, and after paging, against the minimal app's."""
    with ready_minimal(place) as terminal:
        _press(terminal, b"j", _PAGES)
        baseline = terminal.resident_mb()
    with ready_console(place) as terminal:
        before = terminal.resident_mb()
        _press(terminal, PAGE_DOWN, _PAGES)
        after_pages = terminal.resident_mb()
        _press(terminal, b"G", 1)
        _press(terminal, b"g", 1)
        after_ends = terminal.resident_mb()
    measured = {
        "console, all shown": before,
        f"after {_PAGES} pages down": after_pages,
        "after G and g": after_ends,
    }
    yield Table(
        "(d) Resident memory, MB",
        ("what", "MB", "minimal app", "ratio"),
        tuple((name, f"{mb:.1f}", f"{baseline:.1f}", ratio(mb, baseline)) for name, mb in measured.items()),
    )


def _press(terminal: PseudoTerminal, key: bytes, times: int) -> None:
    for _ in range(times):
        terminal.write(key)
        terminal.read_until_quiet(_QUIET_S, _PATIENCE_S)
