"""What a person sees on a pseudo-terminal: its output, emulated."""

import re

import pyte

from tests.benchmarks.deadline import OutOfTime
from tests.benchmarks.pseudo_terminal import Piece, PseudoTerminal

# What pyte would show as text or stumble over: private modes and requests, titles and the like, device strings.
_UNKNOWN = re.compile(
    rb"\x1b\[[<=>][0-9;]*[@-~]|\x1b\[\?[0-9;]*(?:\$p|u)|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?<>=$]*|[\]P][^\x07\x1b]*)?$")
_FRAME_BEGINS, _FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"
# Output is emulated when there is a pause in it, so that reading it, and the times, do not wait for that.
_PAUSE_S = 0.01


class Screen:
    """The emulated screen of a terminal, up to what was read of its output so far."""

    def __init__(self, terminal: PseudoTerminal) -> None:
        self._terminal = terminal
        self._screen = pyte.Screen(*terminal.size)
        self._stream = pyte.ByteStream(self._screen)
        self._waiting: list[Piece] = []
        self._held = b""
        self._in_frame = False

    def text(self) -> str:
        """All rows."""
        return "\n".join(self._screen.display)

    def wait_for(self, pattern: str, patience_s: float) -> float:
        """When a whole frame first showed what the pattern matches. Raises OutOfTime if none did in that time."""
        wanted = re.compile(pattern)
        end = self._terminal.now + patience_s
        while self._terminal.now < end:
            piece = self._terminal.read(_PAUSE_S)
            if piece is not None:
                self._waiting.append(piece)
                continue
            while self._waiting:
                shown = self._waiting.pop(0)
                self._emulate(shown.data)
                if not self._in_frame and wanted.search(self.text()):
                    return shown.at
        raise OutOfTime(f"{pattern!r} did not appear within {patience_s:.0f} s; there is:\n{self.text()}")

    def _emulate(self, output: bytes) -> None:
        seen = self._held + output
        unfinished = _UNFINISHED.search(seen)
        self._held = unfinished[0] if unfinished else b""
        whole = seen[: len(seen) - len(self._held)]
        begun, ended = whole.rfind(_FRAME_BEGINS), whole.rfind(_FRAME_ENDS)
        if begun != ended:
            self._in_frame = begun > ended
        self._stream.feed(_UNKNOWN.sub(b"", whole))
