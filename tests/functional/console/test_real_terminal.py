"""The console as a process of its own on a real pseudo-terminal, over a log that tries to drive it: every byte is looked at."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.functional.cli.command_line import PROGRAM, PROJECT
from tests.functional.console.hostile_log import TEXTS, fill_hostile
from tests.functional.console.strict_output import StrictOutput
from tests.unit.tui.made_up_events import HOSTILE
from tests.unrecorded_readings import leave_readings_unrecorded

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

# Ends a test that hangs; nothing is measured.
_DEADLINE_S = 120.0
_PATIENCE_S = 30.0
_PAGE_DOWN, _RIGHT, _ESCAPE = b"\x1b[6~", b"\x1b[C", b"\x7f"
# Terminals take escape characters out of what is pasted, for they would end the paste; all else comes as it is.
_HARSH = "".join(char for text in (HOSTILE, TEXTS["c1"], TEXTS["bidi"]) for char in text if char not in "\x1b\r\n")
_PASTED = b"\x1b[200~" + _HARSH.encode() + b"\xff\xe9 latin\x1b[201~"
_HELP = "auditdeck  Help"
_NARROW = Size(80, 24)
_EVERY = f" {3 * len(TEXTS)} events"


class Console:
    """A console on a terminal: keys go in, and its output is read strictly."""

    def __init__(self, terminal: PseudoTerminal, *, may_ring: bool) -> None:
        self.output = StrictOutput(*terminal.size, may_ring=may_ring)
        self._terminal = terminal

    def press(self, *keys: bytes) -> None:
        """Type these keys, and wait for nothing."""
        for key in keys:
            self._terminal.write(key)

    def wait_for(self, text: str, *, gone: bool = False) -> None:
        """Read on until this text is on the screen, or is not any more."""
        end = self._terminal.now + _PATIENCE_S
        while (text in self.output.text) is gone:
            assert self._terminal.now < end, f"{text!r} {'stays' if gone else 'does not come'}:\n{self.output.text}"
            piece = self._terminal.read(_PATIENCE_S)
            assert piece is not None, f"no more output, and {text!r} was waited for:\n{self.output.text}"
            self.output.feed(piece.data)

    def catch_up(self) -> None:
        """Wait until all keys before were taken: the help comes and goes after them."""
        self.press(b"?")
        self.wait_for(_HELP)
        self.press(_ESCAPE)
        self.wait_for(_HELP, gone=True)

    def end(self) -> int:
        """Read to the end of the output; the exit status."""
        try:
            while piece := self._terminal.read(_PATIENCE_S):
                self.output.feed(piece.data)
        except EOFError:
            pass
        self.output.finish()
        return self._terminal.wait(_PATIENCE_S)


@contextmanager
def _console(
    words: Sequence[str], folder: Path, size: Size, *, frames: str = "auto", may_ring: bool = False
) -> Iterator[Console]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(PROJECT),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TEXTUAL_ANIMATIONS": "none",
        "AUDITDECK_FRAMES": frames,
        "XDG_CONFIG_HOME": str(folder / "config"),
        "AUDITDECK_LOG_FILE": str(folder / "operational.log"),
    }
    with on_terminal(words, environment, size, Deadline(_DEADLINE_S)) as terminal:
        yield Console(terminal, may_ring=may_ring)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terminal") / "hostile.db"
    fill_hostile(path)
    leave_readings_unrecorded(path)
    return path


@pytest.mark.parametrize(
    ("size", "frames"),
    [(Size(120, 40), "auto"), (_NARROW, "auto"), (_NARROW, "stock")],
    ids=["120x40", "80x24", "80x24-stock"],
)
def test_nothing_leaves_that_the_program_has_no_reason_to_write(
    hostile: Path, tmp_path: Path, size: Size, frames: str
) -> None:
    words = (*PROGRAM, "--database", str(hostile), "--query", "last:all")
    with _console(words, tmp_path, size, frames=frames) as console:
        console.wait_for(_EVERY)
        for _ in range(8):
            console.press(_PAGE_DOWN, _PAGE_DOWN)
            console.catch_up()
        console.press(b"g", b"\r")
        console.wait_for("when ")
        # An open card is the same in both sizes, and so are the values: in one of them each text is read to its end.
        for _ in range(len(TEXTS) if size == _NARROW else 2):
            console.press(_PAGE_DOWN, _PAGE_DOWN, b"G")
            console.catch_up()
            console.press(b"J", b"J", b"J")
        console.catch_up()
        console.press(_ESCAPE)
        console.catch_up()
        if size == _NARROW:
            _ask_for_hostile_values(console)
        _go_through_the_filters(console)
        console.press(b"q", b"q")
        assert console.end() == 0
        assert console.output.after.strip() == ""


def _go_through_the_filters(console: Console) -> None:
    """Every heading and its values."""
    console.press(b"f")
    console.wait_for("space only")
    for letter in (b"t", b"a", b"c", b"s", b"i", b"e"):
        console.press(letter, _PAGE_DOWN)
        console.catch_up()
    console.press(_ESCAPE)
    console.wait_for("d dates")
    console.press(b"d")
    console.wait_for("7 days")
    console.press(_RIGHT, _RIGHT, _ESCAPE)
    console.wait_for("7 days", gone=True)
    console.catch_up()


def _ask_for_hostile_values(console: Console) -> None:
    for letter in (b"a", b"e", b"n"):
        console.press(b"g", b"j", b"j", b"j", b"+")
        console.wait_for("Only")
        console.press(_RIGHT, _RIGHT, letter)
        console.wait_for(" 3 events")
        console.press(b"/")
        console.wait_for("put back")
        console.press(b"x")
        console.press(b"\x1b")
        console.wait_for("put back", gone=True)
        console.press(b"u")
        console.wait_for(_EVERY)
    console.press(b"/")
    console.wait_for("put back")
    console.press(_PASTED)
    console.wait_for("latin")
    console.press(b"\x1b")
    console.wait_for("put back", gone=True)


_FAILING = """
import sys
from tui.presenters import detail
from tui.cli import main

def fail(*_):
    raise ValueError({text!r})

detail.title_of = fail
sys.exit(main(sys.argv[1:]))
"""


def test_a_console_that_fails_says_so_and_writes_no_text_of_the_log(hostile: Path, tmp_path: Path) -> None:
    program = (sys.executable, "-c", _FAILING.format(text=HOSTILE))
    words = (*program, "--database", str(hostile), "--query", "last:all")
    with _console(words, tmp_path, Size(120, 40), may_ring=True) as console:
        console.wait_for(_EVERY)
        console.press(b"\r")
        assert console.end() == 70
        said = console.output.after
        assert "auditdeck: This should not have happened: ValueError: ␛[31mred" in said
        assert said.count("\n") <= 2 and "Traceback" not in said
    assert "Traceback" in (tmp_path / "operational.log").read_text(encoding="utf-8")
