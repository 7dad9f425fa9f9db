"""Running `auditdeck`: in this process, and as a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

PROJECT = Path(__file__).parents[3]
PROGRAM = (sys.executable, "-m", "tui.cli")

_OF_THE_TESTS = frozenset({"PYTHONUNBUFFERED", "COLUMNS", "LINES"})
"""What is set for the process of the tests, and not for those that they start: `readline` sets two of them."""


class Ran(NamedTuple):
    """How a command line ended, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        """The result, which has to be one line of JSON."""
        (line,) = self.out.splitlines()
        return json.loads(line)


class Runner(Protocol):
    """Runs one command line, without the program's name."""

    def __call__(self, *words: str) -> Ran: ...


def process_environment(**variables: str) -> dict[str, str]:
    """The environment of a process that finds the project from any folder, and is let in by a server of the tests, whose
    superuser it is there. What it writes is kept until it lets go of it, as everywhere, and it sees its terminal's size.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _OF_THE_TESTS}
    return {**kept, "PYTHONPATH": str(PROJECT), "AUDITDECK_AS_OWNER": "true", **variables}


def run_process(words: Sequence[str], given: bytes = b"") -> Ran:
    """Run one command line as a process of its own, without a terminal."""
    ended = subprocess.run(
        [*PROGRAM, *words], input=given, capture_output=True, env=process_environment(), timeout=30, check=False
    )
    return Ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
