"""Ending what was started: politely, then for certain."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_LAST_WORDS_S = 5.0
_LOOK_S = 0.02


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    """A process that runs within the block, and not after it."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def descendants(number: int) -> list[int]:
    """The processes that this one started, and those that these did, as far as they run. Linux only."""
    found: list[int] = []
    waiting = [number]
    while waiting:
        with suppress(OSError):  # ended meanwhile
            for children in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
                waiting += (started := [int(child) for child in children.read_text().split()])
                found += started
    return found


def await_end(numbers: Sequence[int]) -> None:
    """Wait until these processes, which have nothing more to do, have ended; those that do not are killed."""
    end = time.monotonic() + _LAST_WORDS_S
    left = list(numbers)
    while left := [number for number in left if Path(f"/proc/{number}").exists()]:
        if time.monotonic() > end:
            break
        time.sleep(_LOOK_S)
    for number in left:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
