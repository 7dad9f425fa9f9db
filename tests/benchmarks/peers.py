"""This console and other programs for the terminal, in turn on the same events: start, keys and memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.consoles import USUAL
from tests.benchmarks.deadline import OutOfTime
from tests.benchmarks.peer_programs import CONSOLE, Peer, installed, missing
from tests.benchmarks.pseudo_terminal import Piece, PseudoTerminal, on_terminal
from tests.benchmarks.report import UNKNOWN, Table, milliseconds, percentile, ratio
from tests.benchmarks.screen import Screen
from tests.benchmarks.workplace import Workplace

_PATIENCE_S = 60.0
_TIMES = 20
# Some of them tell of it when they have something to show, and take that away again.
_CALM_S, _CALM_PATIENCE_S = 1.0, 8.0
_QUIET_S, _ANSWER_S = 0.15, 2.0
_GOAL = "goal: first data of auditdeck at most 0.50 of harlequin's, and 0.30 of lnav's on 1,000,000"


@dataclass(slots=True)
class _Key:
    """Of one key pressed many times: seconds to the first and to the last output that it brought, and bytes."""

    first_s: list[float] = field(default_factory=list)
    last_s: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Figures:
    """Of one program: seconds to first paint and first data of each start; keys and memory of the first."""

    paint_s: list[float] = field(default_factory=list)
    data_s: list[float] = field(default_factory=list)
    keys: dict[str, _Key] = field(default_factory=dict)
    resident_mb: float = 0.0


def measure(place: Workplace) -> Iterator[Table]:
    """A table of starts and memory, and one of keys."""
    figures = {peer: _Figures() for peer in installed()}
    notes = [f"not installed: {', '.join(missing())}"] if missing() else []
    for run in range(-1, place.runs):  # the one before the first fills the file cache, and compiles
        for peer in tuple(figures):
            try:
                with _opened(place, peer, figures[peer] if run >= 0 else _Figures()) as terminal:
                    if run == 0:
                        _press_keys(terminal, peer, figures[peer])
            except (EOFError, OutOfTime) as problem:
                place.deadline.check()
                if peer.name == CONSOLE:
                    raise
                del figures[peer]
                notes.append(f"{peer.name} does not work here: {str(problem).partition(';')[0]}")
    by_name = {peer.name: one for peer, one in figures.items()}
    yield _start_table(place, by_name, (_GOAL, *notes))
    yield _keys_table(by_name)


@contextmanager
def _opened(place: Workplace, peer: Peer, figures: _Figures) -> Iterator[PseudoTerminal]:
    """The program with events on its screen."""
    with on_terminal(peer.words(place), peer.environment(place), USUAL, place.deadline) as terminal:
        screen = Screen(terminal)
        figures.paint_s.append(screen.shows(peer.paint, _PATIENCE_S))
        for awaited, typed in peer.opening:
            screen.shows(awaited, _PATIENCE_S)
            terminal.write(typed)
        figures.data_s.append(screen.shows(peer.data, _PATIENCE_S))
        yield terminal


def _press_keys(terminal: PseudoTerminal, peer: Peer, figures: _Figures) -> None:
    """Go down and page, each key when the one before was answered."""
    _output(terminal, _CALM_S, _CALM_PATIENCE_S)
    terminal.write(peer.before)
    _output(terminal, _CALM_S, _CALM_PATIENCE_S)
    for name, key in (("down", peer.down), ("page", peer.page)):
        found = figures.keys[name] = _Key()
        for _ in range(_TIMES):
            pressed = terminal.now
            terminal.write(key)
            if pieces := _output(terminal, _QUIET_S, _ANSWER_S):
                found.first_s.append(pieces[0].at - pressed)
                found.last_s.append(pieces[-1].at - pressed)
                found.sent.append(sum(len(piece.data) for piece in pieces))
    figures.resident_mb = terminal.resident_mb()


def _output(terminal: PseudoTerminal, quiet_s: float, patience_s: float) -> list[Piece]:
    """What is written until nothing was for `quiet_s`, or for as long as one waits: some never rest."""
    pieces: list[Piece] = []
    end = terminal.now + patience_s
    while terminal.now < end and (piece := terminal.read(quiet_s)):
        pieces.append(piece)
    return pieces


def _start_table(place: Workplace, figures: dict[str, _Figures], notes: tuple[str, ...]) -> Table:
    baseline = figures[CONSOLE]
    rows = []
    for name, one in figures.items():
        cells = [name]
        for its, ours in ((one.paint_s, baseline.paint_s), (one.data_s, baseline.data_s)):
            cells += [milliseconds(median(its)), ratio(median(ours), median(its))]
        rows.append((*cells, f"{one.resident_mb:.0f}", ratio(baseline.resident_mb, one.resident_mb)))
    return Table(
        f"(o) Other programs on {place.events:,} events, but at most 1,000,000 for others: start, ms, median of {place.runs}, and memory; {USUAL}",
        ("program", "first paint", "ours/its", "first data", "ours/its", "MB", "ours/its"),
        tuple(rows),
        notes,
    )


def _keys_table(figures: dict[str, _Figures]) -> Table:
    baseline = figures[CONSOLE].keys
    rows: list[tuple[str, ...]] = []
    for name, one in figures.items():
        for key, found in one.keys.items():
            if not found.sent:
                rows.append((f"{name}: {key}", *(UNKNOWN,) * 6))
                continue
            sent = median(found.sent)
            rows.append(
                (
                    f"{name}: {key}",
                    *(milliseconds(percentile(found.first_s, percent)) for percent in (50, 95)),
                    *(milliseconds(percentile(found.last_s, percent)) for percent in (50, 95)),
                    f"{sent:,.0f}",
                    ratio(median(baseline[key].sent), sent),
                )
            )
    return Table(
        f"(o) Other programs' keys, ms from a key to the first and to the last output that it brings; {_TIMES} each; {USUAL}",
        ("program and key", "first p50", "p95", "last p50", "p95", "bytes", "ours/its"),
        tuple(rows),
    )
