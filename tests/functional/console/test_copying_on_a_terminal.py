"""Copying on a real pseudo-terminal: the very bytes that leave, and printing on the normal screen."""

import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.benchmarks.deadline import Deadline
from tests.benchmarks.pseudo_terminal import PseudoTerminal, Size, on_terminal
from tests.functional.cli.command_line import PROGRAM, process_environment
from tests.functional.console.demo_log import END, events_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the pseudo-terminal's accounting is Linux's")
_PATIENCE_S = 30.0
_LEFT, _ENTERED = b"\x1b[?1049l", b"\x1b[?1049h"


class _Seen:
    """What the program has written, waited for piece by piece."""

    def __init__(self, terminal: PseudoTerminal) -> None:
        self._terminal = terminal
        self.all = b""

    def until(self, pattern: bytes) -> bytes:
        """All output since the last call, up to and with what matches."""
        while (found := re.search(pattern, self.all, re.DOTALL)) is None:
            piece = self._terminal.read(_PATIENCE_S)
            assert piece is not None, f"{pattern!r} never came; the end of what did: {self.all[-2000:]!r}"
            self.all += piece.data
        before, self.all = self.all[: found.end()], self.all[found.end() :]
        return before


def _newest_id(database: Path) -> str:
    """Of the demo's events: what has expired since, the console's keeper notes sooner or later."""
    return str(next(event.id for event in events_of(database) if event.occurred_at <= END))


@contextmanager
def _console(database: Path, tmp_path: Path, **variables: str) -> Iterator[tuple[PseudoTerminal, _Seen]]:
    environment = process_environment(
        TERM="xterm-256color", XDG_CONFIG_HOME=str(tmp_path), XDG_STATE_HOME=str(tmp_path), LANG="C.UTF-8"
    )
    for name in ("TMUX", "STY", "TERM_PROGRAM", "NO_COLOR"):
        environment.pop(name, None)
    words = [*PROGRAM, "--database", str(database), "--query", "during:2026-01..2026-11-20"]
    with on_terminal(words, {**environment, **variables}, Size(120, 40), Deadline(120)) as terminal:
        seen = _Seen(terminal)
        seen.until(rb"5,261 events")
        yield terminal, seen


@pytest.mark.parametrize(
    ("variables", "pattern"),
    [
        ({}, rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07"),
        ({"TMUX": "x", "TERM": "screen-256color"}, rb"\x1bPtmux;\x1b\x1b\]52;c;([A-Za-z0-9+/=]+)\x07\x1b\\"),
        ({"STY": "1.x", "TERM": "screen"}, rb"\x1bP\x1b\]52;c;([A-Za-z0-9+/=]+)\x07\x1b\\"),
    ],
    ids=["plain", "tmux", "screen"],
)
def test_an_id_leaves_as_the_terminal_takes_it(
    own_demo: Path, tmp_path: Path, variables: dict[str, str], pattern: bytes
) -> None:
    with _console(own_demo, tmp_path, **variables) as (terminal, seen):
        terminal.write(b"yi")
        found = re.search(pattern, seen.until(pattern))
        assert found is not None and b64decode(found[1]).decode() == _newest_id(own_demo)


def test_a_card_is_printed_on_the_normal_screen_until_enter(own_demo: Path, tmp_path: Path) -> None:
    with _console(own_demo, tmp_path) as (terminal, seen):
        for _ in range(2):
            terminal.write(b"yp")
            printed = seen.until(rb"enter goes back to auditdeck")
            assert _LEFT in printed
            text = printed.partition(_LEFT)[2].decode()
            assert _newest_id(own_demo) in text and "  outcome  " in text
            terminal.write(b"\r")
            seen.until(re.escape(_ENTERED))
            seen.until(rb"5,261 events")
