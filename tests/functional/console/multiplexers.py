"""A real tmux and a real GNU screen, each a server of its own, to whose terminals the tests write themselves."""

import os
import select
import shlex
import shutil
import subprocess
import termios
import time
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self
from uuid import uuid4

TMUX, SCREEN = shutil.which("tmux"), shutil.which("screen")
_PATIENCE_S = 20.0
# Lines do not wrap, as Textual has it; and nothing is left of what was there.
_BEGINNING = "\x1b[?7l\x1b[r\x1b[m\x1b[H\x1b[2J"
_ARE_YOU_THERE, _HERE = b"\x1b[5n", b"\x1b[0n"
_ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}


class Pane:
    """The terminal that programs in a window see, without any program."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_NOCTTY)
        attributes = termios.tcgetattr(self._file)
        attributes[3] &= ~(termios.ICANON | termios.ECHO)
        termios.tcsetattr(self._file, termios.TCSANOW, attributes)

    def close(self) -> None:
        """Leave it."""
        os.close(self._file)

    def begin(self) -> None:
        """Show nothing."""
        self.write(_BEGINNING)

    def write(self, text: str) -> None:
        """Have it show this; it has when this returns."""
        left = text.encode() + _ARE_YOU_THERE
        while left:
            left = left[os.write(self._file, left) :]
        answer = b""
        end = time.monotonic() + _PATIENCE_S
        while not answer.endswith(_HERE):
            assert select.select([self._file], [], [], max(end - time.monotonic(), 0))[0], (
                "the terminal does not answer"
            )
            answer += os.read(self._file, 100)


class Tmux:
    """A tmux server with a window for each pane; it ends with the block."""

    def __init__(self, columns: int, rows: int) -> None:
        self._socket = Path(mkdtemp(prefix="auditdeck-")) / "tmux"  # a short path: there is no room for a long one
        self._size = str(columns), str(rows)
        self._panes: dict[str, Pane] = {}

    def __enter__(self) -> Self:
        width, height = self._size
        self._run("new-session", "-d", "-x", width, "-y", height, "sleep 1000")
        self._run("set-option", "-g", "status", "off")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for pane in self._panes.values():
            pane.close()
        self._run("kill-server")
        shutil.rmtree(self._socket.parent)

    def pane(self, name: str) -> Pane:
        """The pane of this name, made when it is first asked for."""
        if name not in self._panes:
            self._panes[name] = Pane(self.start(name, "sleep 1000"))
        return self._panes[name]

    def start(self, name: str, command: str) -> str:
        """Start a command in a window of this name; the path of its terminal."""
        return self._run("new-window", "-d", "-n", name, "-P", "-F", "#{pane_tty}", command).strip()

    def shown(self, name: str) -> tuple[str, list[str]]:
        """Where that pane's cursor is, and its rows with their looks."""
        cursor = ("display-message", "-p", "-t", name, "#{cursor_x},#{cursor_y}")
        place, *rows = self._run(*cursor, ";", "capture-pane", "-e", "-N", "-p", "-t", name).split("\n")
        return place, rows[:-1]

    def _run(self, *words: str) -> str:
        assert TMUX is not None
        return subprocess.run(
            (TMUX, "-S", str(self._socket), "-f", "/dev/null", *words),
            env=_ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=_PATIENCE_S,
        ).stdout  # fmt: skip


class Screen:
    """A GNU screen with one window, shown by a window of tmux: of its own looks it tells nobody. It ends with the block."""

    def __init__(self, tmux: Tmux) -> None:
        self._tmux = tmux
        self._name = f"auditdeck-{uuid4().hex}"
        self._folder = Path(mkdtemp(prefix="auditdeck-"))
        self._folder.chmod(0o700)

    def __enter__(self) -> Self:
        (self._folder / "screenrc").write_text("startup_message off\ndefutf8 on\nterm screen-256color\n")
        terminal = self._folder / "terminal"
        command = shlex.join(("sh", "-c", f"tty > {terminal}.new; mv {terminal}.new {terminal}; exec sleep 1000"))
        self._tmux.start("screen", f"{shlex.join(self._words)} -U -S {self._name} {command}")
        end = time.monotonic() + _PATIENCE_S
        while not terminal.exists():
            assert time.monotonic() < end, "GNU screen does not start"
            time.sleep(0.01)
        self.pane = Pane(terminal.read_text().strip())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.pane.close()
        subprocess.run(
            (*self._words, "-S", self._name, "-X", "quit"), check=False, capture_output=True, timeout=_PATIENCE_S
        )
        shutil.rmtree(self._folder)

    def shown_with(self, mark: str) -> list[str]:
        """The rows as tmux shows them, with their looks, once this is the last that is seen of them."""
        end = time.monotonic() + _PATIENCE_S
        while True:
            _, rows = self._tmux.shown("screen")
            if rows[-1].endswith(mark):
                return rows
            assert time.monotonic() < end, f"{mark!r} does not come: {rows}"
            time.sleep(0.005)

    @property
    def _words(self) -> tuple[str, ...]:
        assert SCREEN is not None
        return "env", f"SCREENDIR={self._folder}", SCREEN, "-c", str(self._folder / "screenrc")
