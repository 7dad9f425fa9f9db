"""From a key to the frame that answers it, and what the key costs in processor time and in bytes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from statistics import mean, median

from tests.benchmarks.consoles import USUAL, ready_console, ready_minimal
from tests.benchmarks.pseudo_terminal import Piece, PseudoTerminal, Size
from tests.benchmarks.report import Table, milliseconds, percentile, ratio
from tests.benchmarks.screens import measure_screens
from tests.benchmarks.workplace import Workplace

PAGE_DOWN = b"\x1b[6~"
# In this order: paging leaves the cursor on the last card of the screen, so that every j after it scrolls.
_KEYS: dict[str, tuple[bytes, ...]] = {
    "j, k on the screen": (b"j", b"k"),
    "pgdn": (PAGE_DOWN,),
    "j, scrolling": (b"j",),
    "G, g": (b"G", b"g"),
}
_SIZES = (Size(80, 24), USUAL, Size(200, 60))
_TIMES = 40
_TIMES_ELSEWHERE = 12
_FRAME_ENDS = b"\x1b[?2026l"
# A key is answered by one frame or by several shortly after each other; then the next key is pressed.
_QUIET_S = 0.08
_PATIENCE_S = 3.0


@dataclass(slots=True)
class _Figures:
    """Of one key pressed many times: seconds to the end of its first and of its last frame, bytes and frames a key."""

    first_s: list[float] = field(default_factory=list)
    last_s: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    unanswered: int = 0
    cpu_s: float = 0.0


def measure(place: Workplace) -> Iterator[Table]:
    """A table of latencies at the usual size, one of bytes at all sizes, and one of latencies on every screen."""
    with ready_minimal(place) as terminal:
        minimal = _press(terminal, (b"j",), _TIMES)
    by_size: dict[Size, dict[str, _Figures]] = {}
    for size in _SIZES:
        with ready_console(place, size) as terminal:
            times = _TIMES if size == USUAL else _TIMES_ELSEWHERE
            by_size[size] = {name: _press(terminal, keys, times) for name, keys in _KEYS.items()}
    yield _latency_table(by_size[USUAL], minimal)
    yield _bytes_table(by_size)
    yield from measure_screens(place, minimal.cpu_s)


def _latency_table(console: dict[str, _Figures], minimal: _Figures) -> Table:
    rows = []
    for name, one in {"minimal app, j": minimal, **console}.items():
        cells = [name]
        for mine, baseline in ((one.first_s, minimal.first_s), (one.last_s, minimal.last_s)):
            cells += (milliseconds(percentile(mine, percent)) for percent in (50, 95))
            cells.append(ratio(percentile(mine, 50), percentile(baseline, 50)))
        rows.append((*cells, milliseconds(one.cpu_s), ratio(one.cpu_s, minimal.cpu_s), str(one.unanswered)))
    return Table(
        f"(b) Key to frame, ms; {_TIMES} keys each; {USUAL}; the baseline is a key in the minimal app",
        ("key", "first p50", "p95", "ratio", "last p50", "p95", "ratio", "CPU a key", "ratio", "unanswered"),
        tuple(rows),
        ("first, last: the end of the first and of the last frame that the key brings; ratios are of p50",),
    )


def _bytes_table(by_size: dict[Size, dict[str, _Figures]]) -> Table:
    rows = []
    for size, figures in by_size.items():
        cells = size.columns * size.rows
        for name, one in figures.items():
            sent = median(one.sent) if one.sent else 0
            frames = f"{mean(one.frames):.1f}" if one.frames else "0"
            largest = f"{max(one.sent, default=0):,}"
            rows.append((f"{size} {name}", f"{sent:,.0f}", largest, frames, f"{cells:,}", ratio(sent, cells)))
    return Table(
        "(c) Bytes sent a key; the baseline is the screen as plain text, a byte a cell",
        ("size and key", "median", "most", "frames", "baseline", "ratio"),
        tuple(rows),
    )


def _press(terminal: PseudoTerminal, keys: tuple[bytes, ...], times: int) -> _Figures:
    """Press the keys in turn, each when the one before was answered."""
    figures = _Figures()
    cpu_before = terminal.cpu_s()
    for key in islice(cycle(keys), times):
        pressed = terminal.now
        terminal.write(key)
        pieces = terminal.read_until_quiet(_QUIET_S, _PATIENCE_S)
        ends = _frame_ends(pieces)
        if not ends:
            figures.unanswered += 1
            continue
        figures.first_s.append(ends[0] - pressed)
        figures.last_s.append(ends[-1] - pressed)
        figures.sent.append(sum(len(piece.data) for piece in pieces))
        figures.frames.append(len(ends))
    figures.cpu_s = (terminal.cpu_s() - cpu_before) / times
    return figures


def _frame_ends(pieces: list[Piece]) -> list[float]:
    """When each frame was complete. The mark of its end may lie across two pieces."""
    ends: list[float] = []
    seen = b""
    for piece in pieces:
        seen += piece.data
        found = seen.count(_FRAME_ENDS)
        ends += [piece.at] * found
        if found:
            seen = seen[seen.rfind(_FRAME_ENDS) + len(_FRAME_ENDS) :]
    return ends
