"""From the start of the process to what a person sees of the console."""

from collections.abc import Iterator, Sequence
from statistics import median

from tests.benchmarks.consoles import (
    CONSOLE_PAINT,
    FIRST_CARDS,
    MINIMAL_PAINT,
    MINIMAL_WORDS,
    PATIENCE_S,
    USUAL,
    WHOLE_SCREEN,
    console_words,
    count_shown,
)
from tests.benchmarks.pseudo_terminal import on_terminal
from tests.benchmarks.report import Table, milliseconds, ratio
from tests.benchmarks.screen import Screen
from tests.benchmarks.workplace import Workplace


def measure(place: Workplace) -> Iterator[Table]:
    """First paint, which is the first row, the whole screen, first cards and first count, against the minimal app's first paint; medians, the two in turn."""
    sights = {
        "console, first paint": CONSOLE_PAINT,
        "console, whole screen": WHOLE_SCREEN,
        "console, first cards": FIRST_CARDS,
        "console, events counted": count_shown(place),
    }
    words = console_words(place)
    _sights(place, words, [CONSOLE_PAINT])  # so that files are in the cache and compiled
    _sights(place, MINIMAL_WORDS, [MINIMAL_PAINT])
    minimal: list[float] = []
    console: list[list[float]] = []
    for _ in range(place.starts):
        minimal += _sights(place, MINIMAL_WORDS, [MINIMAL_PAINT])
        console.append(_sights(place, words, list(sights.values())))
    baseline = median(minimal)
    rows = [
        (name, milliseconds(number), milliseconds(baseline), ratio(number, baseline))
        for name, number in zip(sights, map(median, zip(*console, strict=True)), strict=True)
    ]
    yield Table(
        f"(a) Start of the console, ms; median of {place.starts}; {USUAL}",
        ("what", "ms", "minimal app", "ratio"),
        tuple(rows),
    )


def _sights(place: Workplace, words: Sequence[str], patterns: Sequence[str]) -> list[float]:
    """When each of the patterns, which appear in this order, was first seen, in seconds."""
    with on_terminal(words, place.environment(), USUAL, place.deadline) as terminal:
        screen = Screen(terminal)
        return screen.wait_for_each(patterns, PATIENCE_S)
