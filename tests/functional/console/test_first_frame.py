"""The first frame: the first row on its ground before the rest is imported, and the terminal given back whatever happens."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.benchmarks.screen import Screen
from tests.functional.cli.command_line import process_environment
from tui import first_frame
from tui.first_frame import FirstFrame, drawn_frame
from tui.presenters.title_row import Title

_CONSOLE = (sys.executable, "-c", "import sys; from tui.start import main; sys.exit(main())")
_USUAL = Size(120, 40)
# The console, but for what it would be: it fails as its screens are imported.
_FAILING = """
import sys, termios
from tui.start import main
sys.modules["tui.app"] = None
before = termios.tcgetattr(0)
sys.argv[0] = "auditdeck"
status = main()
assert termios.tcgetattr(0) == before, "the terminal is not as it was"
sys.exit(status)
"""


class _First(Screen):
    """Which can be asked for what the first output alone has shown."""

    def first(self) -> list[str]:
        while not self.take_in(30):
            pass
        return [line.rstrip() for line in self.text().split("\n")]

    def looks(self) -> list[tuple[object, ...]]:
        """Of the first row's cells, as far as its looks can be seen: those of a blank are its ground and its line."""
        upto = len(" auditdeck  1 Audit log  2 Clients")  # of which so many expire soon, as is said later
        cells = [self._screen.buffer[0][column] for column in range(upto)]
        return [(one.data, one.bg, one.underscore, *((one.fg, one.bold) if one.data != " " else ())) for one in cells]


def _environment(database: Path, tmp_path: Path, **more: str) -> dict[str, str]:
    return process_environment(
        TERM="xterm-256color",
        AUDITDECK_DATABASE=str(database),
        AUDITDECK_LOG_FILE=str(tmp_path / "operational.log"),
        **more,
    )


def _modes(terminal: PseudoTerminal) -> list[object]:
    return termios.tcgetattr(terminal._leader)


@pytest.mark.parametrize("more", [{"COLORTERM": "truecolor"}, {"NO_COLOR": "1"}, {"AUDITDECK_THEME": "light"}], ids=str)
def test_it_is_the_first_row_that_the_console_has(own_demo: Path, tmp_path: Path, more: dict[str, str]) -> None:
    words = (*_CONSOLE, "--query", "last:all")  # by the real clock the demo's last month is soon over
    with on_terminal(words, _environment(own_demo, tmp_path, **more), _USUAL, Deadline(60)) as terminal:
        modes = _modes(terminal)
        screen = _First(terminal)
        first, *rest = screen.first()
        looks = screen.looks()
        assert first.startswith(" auditdeck  1 Audit log  2 Clients") and first.endswith("connecting") and not any(rest)
        assert _modes(terminal) != modes, "what is typed now is not shown"
        screen.wait_for(r"\d\d:\d\d:\d\d ", 30)
        assert screen.looks() == looks, "cell for cell and look for look"
        terminal.write(b"qq")
        with pytest.raises(EOFError):
            while terminal.read(30):
                pass
        assert terminal.wait(20) == 0
        assert _modes(terminal) == modes


def test_keys_typed_before_the_console_is_there_are_its_own(own_demo: Path, tmp_path: Path) -> None:
    with on_terminal(_CONSOLE, _environment(own_demo, tmp_path), _USUAL, Deadline(60)) as terminal:
        screen = _First(terminal)
        assert " auditdeck" in screen.first()[0]
        terminal.write(b"?")
        screen.wait_for("Everywhere", 30)


def test_what_fails_before_the_console_is_there_gives_the_terminal_back(own_demo: Path, tmp_path: Path) -> None:
    words = (sys.executable, "-c", _FAILING)
    with on_terminal(words, _environment(own_demo, tmp_path), _USUAL, Deadline(60)) as terminal:
        written = b""
        with pytest.raises(EOFError):
            while (piece := terminal.read(30)) is not None:
                written += piece.data
        assert terminal.wait(10) == 70
        shown, _, after = written.partition(b"\x1b[?1049l\x1b[?25h")
        assert b"auditdeck" in shown and b"This should not have happened" in after


def test_it_is_not_drawn_where_it_has_no_place() -> None:
    script = """
import os, sys
from tui import first_frame
from tui.first_frame import FirstFrame
from tui.presenters.title_row import Title
with FirstFrame("dark", Title("log", "UTC", "log"), os.environ) as frame:
    assert frame.hand_over() == "" and frame.handing_over_to(dict) is dict
"""
    for size in (Size(39, 40), Size(120, 11)):
        with on_terminal(
            (sys.executable, "-c", script), process_environment(TERM="xterm"), size, Deadline(30)
        ) as terminal:
            with pytest.raises(EOFError):
                terminal.read(30)
            assert terminal.wait(10) == 0
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, stdin=subprocess.DEVNULL, check=True)
    assert ended.stdout == ended.stderr == b""


_DRAWN = """
from tui.first_frame import drawn_frame
from tui.presenters.title_row import Title

for theme, environment in (("dark", {}), ("terminal", {}), ("dark", {"NO_COLOR": "1"})):
    print(repr(drawn_frame(theme, Title("log", "UTC", "log"), 80, environment)))
"""


def test_all_of_it_lies_on_the_ground_of_the_theme() -> None:
    # In a process of its own: a style keeps what it was first drawn as, on a terminal of fewer colours, say.
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    told = subprocess.run([sys.executable, "-c", _DRAWN], capture_output=True, env=environment, text=True, check=True)
    dark, terminal, without_color = map(literal_eval, told.stdout.splitlines())
    assert dark.startswith("\x1b[48;2;20;23;28m\x1b[2J\x1b[H\x1b[0m")
    assert terminal.startswith("\x1b[2J")
    assert "48;" not in without_color


def test_what_is_stored_drives_no_terminal() -> None:
    drawn = drawn_frame("dark", Title("a\x1b]52;c;x\x07\u202eb", "UTC", "log"), 120, {"NO_COLOR": "1"})
    assert "\x1b]" not in drawn and "\x07" not in drawn and "\u202e" not in drawn


@pytest.fixture
def leader(monkeypatch: pytest.MonkeyPatch) -> Iterator[BinaryIO]:
    """The other end of a terminal that this process draws on and reads from.

    Nothing is left to be written when it is closed: that is when a process ends, whose exit status would be another one.
    """
    other_end, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", _USUAL.rows, _USUAL.columns, 0, 0))
    with (
        open(other_end, "rb", buffering=0) as leader,
        open(follower, encoding="utf-8") as keyboard,
        open(follower, "w", encoding="utf-8", closefd=False) as screen,
    ):
        monkeypatch.setattr(sys, "__stdin__", keyboard)
        monkeypatch.setattr(sys, "__stderr__", screen)
        yield leader


def _frame() -> FirstFrame:
    return FirstFrame("dark", Title("log", "UTC", "log"), {"TERM": "xterm"})


def test_no_key_stops_or_quits_the_program_meanwhile(leader: BinaryIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would leave the terminal without an echo, and on its other screen."""
    before = termios.tcgetattr(leader)
    for off in (os.fpathconf(leader.fileno(), "PC_VDISABLE"), 255):  # which is Linux's, and others'
        monkeypatch.setattr(os, "fpathconf", lambda _place, _name, off=off: off)
        with _frame():
            keys = termios.tcgetattr(leader)[6]
            assert keys[termios.VQUIT] == keys[termios.VSUSP] == bytes([off])
            assert keys[termios.VINTR] == before[6][termios.VINTR], "which ends it in order"
        assert termios.tcgetattr(leader) == before


def test_a_terminal_that_hangs_up_meanwhile_is_no_fault(leader: BinaryIO) -> None:
    with _frame() as frame:
        leader.close()
        assert frame.hand_over()


def test_nor_is_one_that_hangs_up_as_the_program_ends(leader: BinaryIO) -> None:
    with pytest.raises(SystemExit), _frame():
        leader.close()
        raise SystemExit(129)


def test_one_whose_modes_cannot_be_changed_is_left_to_textual(
    leader: BinaryIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise termios.error(5, "Input/output error")

    monkeypatch.setattr(termios, "tcsetattr", refuse)
    with _frame() as frame:
        assert frame.hand_over() == "" and frame.handing_over_to(HeadlessDriver) is HeadlessDriver
    assert not select.select([leader], [], [], 0)[0], "nothing was drawn"


def test_what_breaks_off_as_it_begins_gives_the_terminal_back(
    leader: BinaryIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, written = termios.tcgetattr(leader), []

    def write(text: str) -> None:
        written.append(text)
        if len(written) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(first_frame, "_write", write)
    with pytest.raises(KeyboardInterrupt), _frame():
        pass
    assert termios.tcgetattr(leader) == before and written[1:] == ["\x1b[?1049l\x1b[?25h"]
