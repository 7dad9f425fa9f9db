"""The console as a job of a shell: stopped by its key and by others, and continued; and where there is no shell."""

import os
import re
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from data.store import Database
from data.store.write_turn import write_turn
from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.benchmarks.screen import Screen
from tests.functional.cli.command_line import PROGRAM, process_environment
from tests.integration.events import append, plain_drafts
from tui.reading_recorder import STANDS_S

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
_PATIENCE_S = 30.0
_LOOK_S, _ROUND_TRIP_S = 0.02, 0.3
_WIDE, _NARROW = Size(120, 30), Size(90, 24)
_QUERY, _DECK = "type:project.created last:all", "60 events"
_NEWEST, _THIRD = "▌10:00:59", "▌10:00:57"
_EMPTY = "printf '\\033[2J\\033[H'\n"
_CTRL_Z, _CTRL_Q = "\x1a", "\x11"


class _Terminal:
    """A terminal, what is seen on it, and the console among the processes there."""

    def __init__(self, terminal: PseudoTerminal, database: Path) -> None:
        self._terminal, self.database = terminal, database
        self._screen = Screen(terminal)

    def type(self, text: str) -> None:
        self._terminal.write(text.encode())

    def see(self, pattern: str) -> str:
        """All rows, as soon as what the pattern matches is among them."""
        self.wait_until(lambda: re.search(pattern, self._screen.text()) is not None)
        return self._screen.text()

    def see_shell(self) -> None:
        """Wait for a shell that reads lines, and empty the screen."""
        self.wait_until(lambda: not self._terminal.is_raw)
        self.type(_EMPTY)
        self.see(r"\A\s*shell> \s*\Z")

    def resize(self, size: Size) -> None:
        self._terminal.resize(size)
        self._screen.resize()

    @property
    def is_raw(self) -> bool:
        return self._terminal.is_raw

    @property
    def console(self) -> int:
        """The console's process id."""
        begins = "\0".join(PROGRAM).encode()
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                line = entry.read_bytes()
                if line.startswith(begins) and str(self.database).encode() in line:
                    return int(entry.parent.name)
        raise AssertionError("there is no console")

    @property
    def is_stopped(self) -> bool:
        return Path(f"/proc/{self.console}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.console}/task"))

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Look again and again, reading on meanwhile, until it is so."""
        end = monotonic() + _PATIENCE_S
        while self._screen.take_in(_LOOK_S) or self._screen.is_in_frame or not is_so():
            assert monotonic() < end, self._screen.text()

    def watch(self, seconds: float) -> None:
        """Read on for so long."""
        end = monotonic() + seconds
        self.wait_until(lambda: monotonic() > end)

    def end(self) -> int:
        """The exit status of what the terminal was opened with."""
        with suppress(EOFError):
            while self._terminal.read(_PATIENCE_S) is not None:
                pass
        return self._terminal.wait(_PATIENCE_S)


def _filled(template: Path, folder: Path) -> Path:
    """A database with a few events in this folder."""
    path = folder / "audit.db"
    shutil.copy(template, path)
    with closing(Database(str(path))) as opened:
        append(opened, plain_drafts(60))
    return path


def _command(database: Path) -> list[str]:
    return [*PROGRAM, "--database", str(database), "--query", _QUERY]


@contextmanager
def _terminal(words: Sequence[str], database: Path) -> Iterator[_Terminal]:
    home = str(database.parent)
    environment = process_environment(
        TERM="xterm-256color", LANG="C.UTF-8", PS1="shell> ", HOME=home, XDG_CONFIG_HOME=home, XDG_STATE_HOME=home
    )
    with on_terminal(words, environment, _WIDE, Deadline(120), is_controlling=True) as terminal:
        yield _Terminal(terminal, database)


@pytest.fixture(scope="module")
def job(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Terminal]:
    """The console, on its newest event, as the one job of a shell. Each test leaves it like that; whoever is last quits."""
    database = _filled(sqlite_template, tmp_path_factory.mktemp("job"))
    with _terminal(["sh", "-i"], database) as terminal:
        terminal.see(r"(?m)^shell> +$")
        terminal.type(f"{shlex.join(_command(database))}\n")
        terminal.see(rf"(?s){_NEWEST}(?!.*unsealed)")
        yield terminal
        terminal.type(_CTRL_Q)
        terminal.wait_until(lambda: not terminal.is_raw)
        terminal.type(f"{_EMPTY}echo left with $?\n")
        terminal.see("left with 0")
        terminal.type("exit\n")
        assert terminal.end() == 0


def test_its_key_leads_to_the_shell_and_fg_comes_back_to_the_same_cards(job: _Terminal) -> None:
    job.type("jj")
    before = job.see(_THIRD)
    for _ in range(2):
        job.type(_CTRL_Z)
        job.see_shell()
        assert job.is_stopped
        job.type("fg\n")
        assert job.see(_THIRD) == before
    job.type("kk")
    job.see(_NEWEST)


def test_it_comes_back_in_the_size_that_the_terminal_has_by_then(job: _Terminal) -> None:
    for size in (_NARROW, _WIDE):
        job.type(_CTRL_Z)
        job.see_shell()
        job.resize(size)
        job.type("fg\n")
        shown = job.see(rf"(?s){_NEWEST}.*all keys *\Z").split("\n")
        assert [len(row) for row in shown] == [size.columns] * size.rows


def test_in_the_background_it_waits_for_the_terminal(job: _Terminal) -> None:
    job.type(_CTRL_Z)
    job.see_shell()
    job.type("bg\n")
    job.wait_until(lambda: job.is_stopped)
    job.type("echo still a shell\n")
    assert _DECK not in job.see("(?m)^still a shell")
    job.type("fg\n")
    job.see(_NEWEST)


@pytest.mark.parametrize("by", [signal.SIGSTOP, signal.SIGTSTP])
def test_stopped_by_another_it_goes_on_as_before(job: _Terminal, by: signal.Signals) -> None:
    before, threads = job.see(_NEWEST), job.threads()
    for _ in range(2):
        os.kill(job.console, by)
        job.see("Stopped")
        job.type("stty sane\n")  # nobody who is stopped by SIGSTOP can give the terminal back
        job.see_shell()
        job.type("fg\n")
        assert job.see(_NEWEST) == before
        assert job.is_raw
    job.wait_until(lambda: job.threads() <= threads)


def test_what_is_printed_can_be_left_for_the_shell_too(job: _Terminal) -> None:
    before = job.see(_NEWEST)
    job.type("yp")
    job.see("enter goes back to auditdeck")
    job.type(_CTRL_Z)
    job.see_shell()
    job.type("fg\n")
    job.wait_until(lambda: not job.is_stopped)
    job.type("\n")
    assert job.see(_NEWEST).split("\n")[:-1] == before.split("\n")[:-1]


def test_while_it_waits_to_write_it_goes_on(job: _Terminal) -> None:
    """Stopped in its turn to write, it would hold up every other writer."""
    job.see(_NEWEST)
    with write_turn(job.database):
        job.type("0")  # a reading, to be recorded as soon as it stands
        job.watch(STANDS_S + _ROUND_TRIP_S)
        job.type(_CTRL_Z)
        job.watch(2 * _ROUND_TRIP_S)
        assert not job.is_stopped
    job.see_shell()
    job.type("fg\nu")
    job.see(f"(?s){_DECK}.*{_NEWEST}")


def test_an_answer_that_is_late_is_not_typed_at_the_shell(job: _Terminal) -> None:
    """The terminal answers what it is asked when it comes to it: here, as it is read."""
    job.see(_NEWEST)
    job.type("j")
    sleep(_ROUND_TRIP_S)
    job.type(_CTRL_Z)
    sleep(_ROUND_TRIP_S)
    job.wait_until(lambda: not job.is_raw)
    job.type("\n")
    assert "2026;" not in job.see("(?s)Stopped.*shell> .*shell> ")
    job.see_shell()
    job.type("fg\nk")
    job.see(_NEWEST)


def test_where_there_is_no_shell_nothing_stops_it(sqlite_template: Path, tmp_path: Path) -> None:
    database = _filled(sqlite_template, tmp_path)
    with _terminal(_command(database), database) as terminal:
        terminal.see(_NEWEST)
        os.kill(terminal.console, signal.SIGTSTP)
        terminal.type(f"{_CTRL_Z}jj")
        terminal.see(_THIRD)
        terminal.type(_CTRL_Q)
        assert terminal.end() == 0
