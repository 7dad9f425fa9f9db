"""From a key to the first byte that answers it, on every screen: pressed one by one, and held."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import mean

from data.demo import make_demo
from tests.benchmarks.consoles import PATIENCE_S, USUAL
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.benchmarks.report import Table, milliseconds, percentile, ratio
from tests.benchmarks.screen import Screen
from tests.benchmarks.workplace import EVERYTHING, PROGRAM, Workplace

_KEYS = {
    "esc": b"\x1b", "tab": b"\t", "enter": b"\r", "down": b"\x1b[B", "up": b"\x1b[A", "left": b"\x1b[D",
    "right": b"\x1b[C", "pgdn": b"\x1b[6~", "pgup": b"\x1b[5~", "back": b"\x7f", "ctrl+d": b"\x04",
}  # fmt: skip
_BESIDE = Size(160, 45)
_FRAME_ENDS = b"\x1b[?2026l"
_TIMES = 24
_HELD_EVERY_S = 1 / 30
_HELD_TIMES = 30
_QUIET_S, _SETTLED_S = 0.06, 0.4
_KEY_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Somewhere in the console: the keys that lead there from the place before, and those that are measured."""

    name: str
    way: str
    keys: str


_PLACES = (
    _Place("deck, cards: j k", "", "j k"),
    _Place("deck, cards: scrolling", "", "j"),
    _Place("deck, cards: pages", "g", "pgdn pgdn pgdn pgup"),
    _Place("deck, compact", "g z", "j"),
    _Place("deck, lines", "z", "j"),
    _Place("open card", "z g enter", "j j k"),
    _Place("open card: next", "", "J"),
    _Place("filters", "back f", "j"),
    _Place("search box", "esc /", "space a b back"),
    _Place("dates", "esc d", "right"),
    _Place("palette", "esc :", "down"),
    _Place("palette: typing", "", "e x back back"),
    _Place("help", "esc ?", "j j j k"),
    _Place("histogram", "esc tab tab", "left"),
    _Place("views", "tab v", "j k"),
    _Place("export", "esc E", "down up"),
    _Place("clients", "esc 2", "j j k"),
    _Place("clients: one of them", "tab", "j j k"),
    _Place("access: members", "3", "j k"),
    _Place("access: tabs", "", "."),
    _Place("requests", "4", "j"),
    _Place("requests: sums", ".", "j k"),
    _Place("system", "5", "j j k"),
    _Place("why, of a client", "2 w", "j j k"),
    _Place("why, of a member", "back 3 w", "j j k"),
    _Place("form: typing", "2 a", "a b c back"),
)
_PLACES_BESIDE = (
    _Place("card beside the deck", "enter", "j j k"),
    _Place("card beside the deck: scrolling", "G g", "j"),
)


@dataclass(slots=True)
class _Figures:
    """Seconds to the first byte, of keys pressed one by one and of the same held; frames and processor a key."""

    single_s: list[float] = field(default_factory=list)
    held_s: list[float] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    cpu_s: float = 0.0
    pressed: int = 0


def measure_screens(place: Workplace, minimal_cpu_s: float) -> Iterator[Table]:
    """A table of every screen of the demo organisation; the baseline is the processor time of a key in the minimal app."""
    database = _demo(place)
    rows = []
    for size, places in ((USUAL, _PLACES), (_BESIDE, _PLACES_BESIDE)):
        with _console(place, database, size) as terminal:
            for one in places:
                rows.append(_row(one, _press(terminal, one), minimal_cpu_s))
    yield Table(
        f"(d) Key to first byte on every screen, ms; the demo organisation; {USUAL}, {_BESIDE} with a card beside the deck",
        ("place", "p50", "p95", "held p50", "p95", "frames a key", "CPU a key", "ratio", "unanswered"),
        tuple(rows),
        (
            f"held: {1 / _HELD_EVERY_S:.0f} a second; the baseline is the processor time of a key in the minimal app",
            "unanswered keys are those that have nothing to do, such as one more down on the last row",
        ),
    )


def _row(place: _Place, figures: _Figures, minimal_cpu_s: float) -> tuple[str, ...]:
    latencies = [
        milliseconds(percentile(seconds, percent))
        for seconds in (figures.single_s, figures.held_s)
        for percent in (50, 95)
    ]
    frames = f"{mean(figures.frames):.1f}" if figures.frames else "0"
    cpu, unanswered = milliseconds(figures.cpu_s), str(figures.pressed - len(figures.single_s))
    return (place.name, *latencies, frames, cpu, ratio(figures.cpu_s, minimal_cpu_s), unanswered)


def _press(terminal: PseudoTerminal, place: _Place) -> _Figures:
    """Go there, press its keys one by one, and hold them."""
    for key in place.way.split():
        terminal.write(_code(key))
        terminal.read_until_quiet(_SETTLED_S, _KEY_PATIENCE_S)
    figures = _Figures(pressed=_TIMES)
    codes = [_code(key) for key in place.keys.split()]
    cpu_before = terminal.cpu_s()
    for code in islice(cycle(codes), _TIMES):
        pressed = terminal.now
        terminal.write(code)
        pieces = terminal.read_until_quiet(_QUIET_S, _KEY_PATIENCE_S / 4)
        if pieces:
            figures.single_s.append(pieces[0].at - pressed)
            figures.frames.append(b"".join(piece.data for piece in pieces).count(_FRAME_ENDS))
    figures.cpu_s = (terminal.cpu_s() - cpu_before) / _TIMES
    figures.held_s = _hold(terminal, codes)
    terminal.read_until_quiet(_SETTLED_S, _SETTLED_S)
    return figures


def _hold(terminal: PseudoTerminal, codes: list[bytes]) -> list[float]:
    """Press them at the pace of a held key, whatever is answered; seconds from each to the first byte after it."""
    found: list[float] = []
    waiting: list[float] = []
    due = terminal.now
    for code in islice(cycle(codes), _HELD_TIMES):
        while (left := due - terminal.now) > 0:
            piece = terminal.read(left)
            if piece is not None:
                found += [piece.at - pressed for pressed in waiting]
                waiting.clear()
        waiting.append(terminal.now)
        terminal.write(code)
        due += _HELD_EVERY_S
    piece = terminal.read(_KEY_PATIENCE_S / 4)
    if piece is not None:
        found += [piece.at - pressed for pressed in waiting]
    return found


def _code(key: str) -> bytes:
    return b" " if key == "space" else _KEYS.get(key, key.encode())


def _demo(place: Workplace) -> Path:
    path = place.folder / "demo.db"
    if not path.exists():
        make_demo(str(path), datetime.now(UTC))
    return path


@contextmanager
def _console(place: Workplace, database: Path, size: Size) -> Iterator[PseudoTerminal]:
    """The console on the demo organisation, with everything on the screen."""
    words = (*PROGRAM, "--database", str(database), "--query", EVERYTHING)
    with on_terminal(words, place.environment(), size, place.deadline) as terminal:
        Screen(terminal).wait_for(r"\d,\d\d\d events", PATIENCE_S)
        terminal.read_until_quiet(_SETTLED_S, 2.0)
        yield terminal
