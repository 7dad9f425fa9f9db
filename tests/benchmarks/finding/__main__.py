"""`python -m tests.benchmarks.finding`: finding anything in millions of events, each answer compared with the right one."""

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.deadline import Deadline, OutOfTime
from tests.benchmarks.finding.engines import POSTGRES, SQLITE
from tests.benchmarks.finding.measuring import PARTS, Measuring
from tests.benchmarks.finding.questions import RANDOM
from tests.benchmarks.report import machine
from tests.benchmarks.workplace import FOLDER_VARIABLE, Workplace

_LEAST = 200
_ENGINES = {"sqlite": SQLITE, "postgres": POSTGRES}


def main(words: list[str] | None = None) -> int:
    """Make what is not made yet, compare, measure and print; 1 for a wrong answer, or where something took too long."""
    parser = _arguments()
    asked = parser.parse_args(words)
    if not set(asked.parts) <= set(PARTS) or asked.events < _LEAST * asked.growth or asked.runs < 1:
        parser.error(f"no such part, less than {_LEAST:,} events to compare with, or no run")
    began = time.monotonic()
    print(f"{machine()}\n{asked.events:,} events, {asked.runs} runs", flush=True)
    with ExitStack() as lent:
        work = Path(lent.enter_context(TemporaryDirectory(prefix="auditdeck-bench-")))
        kept = Path(os.environ.get(FOLDER_VARIABLE) or work / "made")
        place = Workplace(asked.events, asked.runs, Deadline(asked.seconds), work)
        try:
            status = _measure(Measuring(kept, place, asked.growth, asked.questions), asked)
        except OutOfTime as problem:
            print(f"\nnot finished, {problem}", flush=True)
            status = 1
    print(f"\n{time.monotonic() - began:.0f} s in all")
    return status


def _measure(measuring: Measuring, asked: Namespace) -> int:
    wrong = 0
    for name in asked.engines or _ENGINES:
        for table in measuring.tables(_ENGINES[name], asked.parts or list(PARTS)):
            print(f"\n{table.text()}", flush=True)
        wrong += measuring.wrong
    return 1 if wrong else 0


def _arguments() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m tests.benchmarks.finding",
        description="Compare and time pages, counts, facets, histograms and writing over made-up events of 24 months.",
        epilog=f"10,000,000 events take 11 GB on each engine; they are deleted, unless {FOLDER_VARIABLE} names a folder.",
    )
    parser.add_argument("--events", type=int, default=10_000_000, metavar="N", help="how many (default: 10,000,000)")
    parser.add_argument("--growth", type=int, default=10, metavar="N", help="against so many times fewer (default: 10)")
    parser.add_argument("--questions", type=int, default=RANDOM, metavar="N", help=f"random ones (default: {RANDOM})")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="take the median of N (default: 3)")
    parser.add_argument("--seconds", type=float, default=14_400, metavar="S", help="stop after S (default: 14,400)")
    parser.add_argument("--engine", action="append", choices=_ENGINES, dest="engines", help="one alone (default: both)")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)} (default: all)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
