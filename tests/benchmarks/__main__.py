"""`python -m tests.benchmarks`: what the program costs, each number against a baseline of the same run."""

import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import (
    bytes_sent,
    commands,
    exporting,
    gateway,
    idle,
    importing,
    keys,
    links,
    memory,
    paging,
    peers,
    postgres_importing,
    proving,
    reading,
    retiring,
    start,
    writers,
)
from tests.benchmarks.deadline import Deadline, OutOfTime
from tests.benchmarks.report import Table, machine
from tests.benchmarks.workplace import FOLDER_VARIABLE, Workplace, events_in, workplace

_PARTS: dict[str, Callable[[Workplace], Iterator[Table]]] = {
    "start": start.measure,
    "keys": keys.measure,
    "memory": memory.measure,
    "importing": importing.measure,
    "postgres": postgres_importing.measure,
    "writers": writers.measure,
    "reading": reading.measure,
    "exporting": exporting.measure,
    "proving": proving.measure,
    "commands": commands.measure,
    "gateway": gateway.measure,
    "retiring": retiring.measure,
    "links": links.measure,
    "idle": idle.measure,
    "bytes": bytes_sent.measure,
    "paging": paging.measure,
    "peers": peers.measure,
}

_TERMINATED = 128 + signal.SIGTERM


def main() -> int:
    """Measure and print; 1 if a part was not finished in time."""
    parser = ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure start, keys, memory, writing, reading, exporting, proving, slow links and other programs over "
        "made-up events.",
        epilog=f"The databases are deleted, unless {FOLDER_VARIABLE} names a folder to keep them in.",
    )
    parser.add_argument("--events", type=int, default=100_000, metavar="N", help="how many events (default: 100,000)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="take the median of N (default: 3)")
    parser.add_argument(
        "--seconds", type=float, default=300, metavar="S", help="stop a part after S seconds (default: 300)"
    )
    parser.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        help="look at all the events of this log, as tests.benchmarks.finding keeps it; for parts that start consoles",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(_PARTS)} (default: all)")
    asked = parser.parse_args()
    unknown = set(asked.parts) - set(_PARTS)
    if unknown or asked.events < 1_000 or asked.runs < 1:
        parser.error("no such part" if unknown else "at least 1,000 events and one run are needed")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))  # whatever was started is ended then, too
    began = time.monotonic()
    events = events_in(asked.database) if asked.database else asked.events
    print(f"{machine()}\n{events:,} events, {asked.runs} runs", flush=True)
    status = 0
    with workplace(events, asked.runs, asked.seconds) as empty:
        place = replace(empty, log=asked.database and asked.database.absolute())
        for name in asked.parts or _PARTS:
            try:
                for table in _PARTS[name](replace(place, deadline=Deadline(asked.seconds))):
                    print(f"\n{table.text()}", flush=True)
            except OutOfTime as problem:
                print(f"\n{name}: not finished, {problem}", flush=True)
                status = 1
    print(f"\n{time.monotonic() - began:.0f} s in all")
    return status


if __name__ == "__main__":
    sys.exit(main())
