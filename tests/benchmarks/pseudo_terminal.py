"""A program on a real pseudo-terminal: what it writes, with the time of each piece, and what it costs. Linux only."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.deadline import Deadline
from tests.benchmarks.subprocess_end import descendants
from tests.benchmarks.terminal_answers import TerminalAnswers

_PIECE = 65_536
_LAST_WORDS_S = 2.0
_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


class Size(NamedTuple):
    """Of a terminal, in cells."""

    columns: int
    rows: int

    def __str__(self) -> str:
        return f"{self.columns}x{self.rows}"


class Piece(NamedTuple):
    """Output that arrived together, and when (seconds since the program was started)."""

    at: float
    data: bytes


class PseudoTerminal:
    """One program on one terminal. All times are in seconds since it was started."""

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        size: Size,
        deadline: Deadline,
        *,
        is_controlling: bool = False,
    ) -> None:
        """A controlling terminal has jobs, and tells of its size when that changes."""
        self.size = size
        self._deadline = deadline
        self._answers = TerminalAnswers()
        self._leader, follower = pty.openpty()
        try:
            fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", size.rows, size.columns, 0, 0))
            self._started = time.perf_counter()
            self._process = subprocess.Popen(
                ["setsid", "--ctty", *words] if is_controlling else words,
                stdin=follower,
                stdout=follower,
                stderr=follower,
                env=dict(environment),
                start_new_session=not is_controlling,
            )
        except BaseException:
            os.close(self._leader)
            raise
        finally:
            os.close(follower)

    @property
    def now(self) -> float:
        return time.perf_counter() - self._started

    def write(self, keys: bytes) -> None:
        """Type."""
        os.write(self._leader, keys)

    def read(self, patience_s: float) -> Piece | None:
        """The next output, answered where it asks; None if none came in that time. Raises EOFError once it has ended."""
        ready, _, _ = select.select([self._leader], [], [], self._deadline.at_most(patience_s))
        if not ready:
            return None
        try:
            data = os.read(self._leader, _PIECE)
        except OSError:  # EIO: the program has left the terminal
            data = b""
        if not data:
            raise EOFError("the program ended")
        piece = Piece(self.now, data)
        answer = self._answers.to(data)
        if answer:
            self.write(answer)
        return piece

    def read_until_quiet(self, quiet_s: float, patience_s: float) -> list[Piece]:
        """Output until none came for `quiet_s`; empty if none had begun within `patience_s`."""
        pieces: list[Piece] = []
        while piece := self.read(quiet_s if pieces else patience_s):
            pieces.append(piece)
        return pieces

    def resize(self, size: Size) -> None:
        """Give the terminal another size; whatever has it as its own is told."""
        self.size = size
        fcntl.ioctl(self._leader, termios.TIOCSWINSZ, struct.pack("HHHH", size.rows, size.columns, 0, 0))

    @property
    def is_raw(self) -> bool:
        """Whether each key is sent as it is pressed, as a console wants it; a shell that waits for a command reads lines."""
        return not termios.tcgetattr(self._leader)[3] & termios.ICANON

    def cpu_s(self) -> float:
        """Seconds of processor that the program has used, in all its threads, those that ended too."""
        # clock_getcpuclockid(3), which Python lacks: the number of a process upside down, then CPUCLOCK_SCHED.
        return time.clock_gettime(~self._process.pid << 3 | 2)

    def resident_mb(self) -> float:
        """Its memory that is in use and not swapped out, with that of processes that it started, MB of 2^20 bytes."""
        return sum(_resident_kb(number) for number in (self._process.pid, *descendants(self._process.pid))) / 1024

    def wait(self, patience_s: float) -> int:
        """The exit status of a program that has ended, or is about to."""
        return self._process.wait(self._deadline.at_most(patience_s))

    def kill(self) -> None:
        """End the program with no time for a last word."""
        self._process.kill()

    def close(self) -> None:
        """End the program and give up the terminal."""
        self._process.terminate()
        try:
            # Nobody reads any more: a program with much to say would wait for ever, and must be killed.
            self._process.wait(_LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._leader)


def _resident_kb(number: int) -> int:
    """0 for a process that has ended."""
    try:
        found = _RESIDENT.search(Path(f"/proc/{number}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


@contextmanager
def on_terminal(
    words: Sequence[str],
    environment: Mapping[str, str],
    size: Size,
    deadline: Deadline,
    *,
    is_controlling: bool = False,
) -> Iterator[PseudoTerminal]:
    """The program on a terminal of its own, within the block."""
    terminal = PseudoTerminal(words, environment, size, deadline, is_controlling=is_controlling)
    try:
        yield terminal
    finally:
        terminal.close()
