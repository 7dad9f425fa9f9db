"""The console as a process on a pseudo-terminal, with every byte that it writes."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import Piece, PseudoTerminal, Size
from tests.benchmarks.screen import Screen

_PATIENCE_S = 30.0
_CONSOLE = (sys.executable, "-m", "tui.cli")
_SGR = re.compile(rb"\x1b\[([0-9;]*)m")
# What in the environment of the tests could change what is drawn.
_WISHES = ("NO_COLOR", "COLORTERM", "LC_ALL", "LC_CTYPE", "TERM_PROGRAM", "COLUMNS", "LINES")

TOUR: tuple[tuple[bytes, str], ...] = (
    (b"j", r"1,\d\d\d|events"),
    (b"f", "space only"),
    (b"\x1b", "j k move"),
    (b"\r", "What changed|Context"),
    (b"\x7f", "j k move"),
    (b"+", "Only "),
    (b"\x7f", "j k move"),
    (b"/", "enter ask"),
    (b"actr:x", "Unknown key"),
    (b"\x1b", "j k move"),
    (b"\x10", "Open the card"),
    # The deck's own keys stand below the palette: a key sent before it is gone would be alt and that key.
    (b"\x1b", r"(?s)\A(?!.*Open the card).*j k move"),
    (b"?", "Everywhere"),
)
"""Keys, and what is seen after each: the deck, filters, an open card, a prompt, search box, command palette and help."""


class _Recorded(PseudoTerminal):
    """Keeps what was read."""

    written = b""

    def read(self, patience_s: float) -> Piece | None:
        piece = super().read(patience_s)
        if piece is not None:
            self.written += piece.data
        return piece


@dataclass(frozen=True, slots=True)
class Recording:
    """What a console wrote from its start to its end, and the screen as it was at the end of each step."""

    written: bytes
    screens: tuple[str, ...] = field(repr=False)

    @property
    def looks(self) -> set[str]:
        """Every look (SGR parameter) that was set; a colour of 256 or more as `38;5` or `48;2` alone."""
        found: set[str] = set()
        for match in _SGR.finditer(self.written):
            parameters = match[1].decode().split(";")
            while parameters:
                first = parameters.pop(0)
                if first in ("38", "48"):
                    kind = parameters.pop(0)
                    del parameters[: 1 if kind == "5" else 3]
                    first = f"{first};{kind}"
                found.add(first or "0")
        return found

    @property
    def colors(self) -> set[str]:
        """Those of them that are about colours, the terminal's own default ones too."""
        return {look for look in self.looks if ";" in look or 30 <= int(look) <= 49 or 90 <= int(look) <= 107}


def record(
    database: Path,
    *options: str,
    environment: Mapping[str, str],
    steps: Sequence[tuple[bytes, str]] = TOUR,
    size: tuple[int, int] = (120, 40),
) -> Recording:
    """Open the console on all events of a database, take these steps, and quit. Raises OutOfTime where one is not seen."""
    kept = {name: value for name, value in os.environ.items() if name not in _WISHES}
    home = str(database.parent)
    everything = {
        **kept,
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "LANG": "C.UTF-8",
        "AUDITDECK_LOG_FILE": f"{home}/operational.log",
        "XDG_CONFIG_HOME": home,
        **environment,
    }
    words = (*_CONSOLE, "--database", str(database), "--query", "last:all", *options)
    terminal = _Recorded(words, everything, Size(*size), Deadline(4 * _PATIENCE_S))
    try:
        screen = Screen(terminal)
        screen.wait_for("not ok", _PATIENCE_S)
        screens = [screen.text()]
        for keys, shown in steps:
            terminal.write(keys)
            screen.wait_for(shown, _PATIENCE_S)
            screens.append(screen.text())
        terminal.write(b"\x11")  # ctrl+q
        with suppress(EOFError):
            while terminal.read(_PATIENCE_S) is not None:
                pass
        return Recording(bytes(terminal.written), tuple(screens))
    finally:
        terminal.close()
