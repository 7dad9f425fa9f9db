"""A console left alone for a minute: what it sends, and what it takes of a processor."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

from tests.benchmarks.consoles import USUAL, ready_minimal
from tests.benchmarks.frames import Frames, framed_console
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.report import Table, ratio
from tests.benchmarks.workplace import Workplace

_LEFT_ALONE_S = 60.0
_LOOK_S = 0.05
# A console that has just been opened has an index to catch up with, and more of the kind.
_CALM_SHARE = 0.02
_CALM_LOOK_S = 2.0
_CALM_PATIENCE_S = 60.0
_GOAL = "goal: under 1,000 bytes, under 0.50 % of a core"


def measure(place: Workplace) -> Iterator[Table]:
    """The minimal app and the console with each way of sending frames, all of them over the same minute."""
    with ExitStack() as opened:
        terminals = {"minimal app": opened.enter_context(ready_minimal(place))}
        for frames in Frames:
            terminals[f"console, {frames}"], _ = opened.enter_context(framed_console(place, frames))
        waited_s = until_calm(terminals)
        before = {name: terminal.cpu_s() for name, terminal in terminals.items()}
        sent = bytes_within(terminals, _LEFT_ALONE_S)
        taken = {name: terminal.cpu_s() - before[name] for name, terminal in terminals.items()}
    baseline = taken["minimal app"]
    rows = (
        (
            name,
            f"{sent[name]:,}",
            f"{1e3 * taken[name]:.0f}",
            f"{100 * taken[name] / _LEFT_ALONE_S:.2f}",
            ratio(taken[name], baseline),
        )
        for name in terminals
    )
    yield Table(
        f"(m) Left alone for {_LEFT_ALONE_S:.0f} s, {waited_s:.0f} s after all was counted; {USUAL}",
        ("what", "bytes", "CPU ms", "% of a core", "/ minimal app"),
        tuple(rows),
        (_GOAL,),
    )


def until_calm(terminals: Mapping[str, PseudoTerminal]) -> float:
    """Wait until none of them is busy any more, and how long that took."""
    waited_s = 0.0
    while waited_s < _CALM_PATIENCE_S:
        before = [terminal.cpu_s() for terminal in terminals.values()]
        bytes_within(terminals, _CALM_LOOK_S)
        waited_s += _CALM_LOOK_S
        taken = (terminal.cpu_s() - was for terminal, was in zip(terminals.values(), before, strict=True))
        if max(taken) < _CALM_SHARE * _CALM_LOOK_S:
            break
    return waited_s


def bytes_within(terminals: Mapping[str, PseudoTerminal], seconds: float) -> dict[str, int]:
    """Bytes that each of them writes within so many seconds; what they ask the terminal is answered."""
    sent = dict.fromkeys(terminals, 0)
    first = next(iter(terminals.values()))
    end = first.now + seconds
    while first.now < end:
        for name, terminal in terminals.items():
            piece = terminal.read(_LOOK_S)
            sent[name] += len(piece.data) if piece else 0
    return sent
