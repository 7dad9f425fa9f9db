"""The start of subcommands: from the process's start to its end."""

import sys
from collections.abc import Iterator
from statistics import median

from tests.benchmarks.report import Table, milliseconds, ratio
from tests.benchmarks.subprocess_time import seconds_of
from tests.benchmarks.workplace import EVERYTHING, PROGRAM, Workplace

_NOTHING = (sys.executable, "-c", "pass")


def measure(place: Workplace) -> Iterator[Table]:
    """A few subcommands against Python that does nothing, in turn."""
    database = ("--database", str(place.filled_log()))
    commands: dict[str, tuple[str, ...]] = {
        "events --limit 1": (*PROGRAM, "events", EVERYTHING, "--limit", "1", *database),
        "events --count": (*PROGRAM, "events", EVERYTHING, "--count", *database),
        "filters": (*PROGRAM, "filters"),
        "--help": (*PROGRAM, "--help"),
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    nothing: list[float] = []
    for words in commands.values():
        seconds_of(place, words)
    for _ in range(place.starts):
        nothing.append(seconds_of(place, _NOTHING))
        for name, words in commands.items():
            taken[name].append(seconds_of(place, words))
    baseline = median(nothing)
    rows = [
        (name, milliseconds(median(times)), milliseconds(baseline), ratio(median(times), baseline))
        for name, times in taken.items()
    ]
    yield Table(
        f"(g) Subcommands as processes, ms; median of {place.starts}",
        ("command", "ms", "python -c pass", "ratio"),
        tuple(rows),
    )
