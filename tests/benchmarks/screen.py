"""What a person sees on a pseudo-terminal: its output, emulated."""

import re
from collections.abc import Sequence

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
        self._shown_at = 0.0

    def text(self) -> str:
        """All rows."""
        return "\n".join(self._screen.display)

    def resize(self) -> None:
        """Take the size that the terminal has now."""
        self._screen.resize(self._terminal.size.rows, self._terminal.size.columns)

    @property
    def is_in_frame(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._in_frame

    def take_in(self, patience_s: float) -> bool:
        """Whether something came in that time; it is on the screen then. Raises EOFError once the program has ended."""
        piece = self._terminal.read(patience_s)
        if piece is not None:
            self._emulate(piece.data)
        return piece is not None

    def wait_for(self, pattern: str, patience_s: float) -> float:
        """When a whole frame first showed what the pattern matches. Raises OutOfTime if none did in that time."""
        (at,) = self.wait_for_each([pattern], patience_s)
        return at

    def wait_for_each(self, patterns: Sequence[str], patience_s: float) -> list[float]:
        """When a whole frame first showed what each of the patterns matches, which may be one frame for several: they are
        looked for in this order. Raises OutOfTime for one that did not appear in that time after the one before.
        """
        found: list[float] = []
        end = self._terminal.now + patience_s
        while self._terminal.now < end:
            piece = self._terminal.read(_PAUSE_S)
            if piece is not None:
                self._waiting.append(piece)
                continue
            while self._waiting:
                shown = self._waiting.pop(0)
                for text in self.frames_in(shown):
                    while re.search(patterns[len(found)], text):
                        found.append(shown.at)
                        end = self._terminal.now + patience_s
                        if len(found) == len(patterns):
                            return found
        raise OutOfTime(f"{patterns[len(found)]!r} did not appear within {patience_s:.0f} s; there is:\n{self.text()}")

    def shows(self, pattern: str, patience_s: float) -> float:
        """As `wait_for`; if the pattern matches what is there already, when that came."""
        if not self._in_frame and re.search(pattern, self.text()):
            return self._shown_at
        return self.wait_for(pattern, patience_s)

    def settle(self, quiet_s: float, patience_s: float) -> list[Piece]:
        """Show what is still on its way, until nothing came for `quiet_s`; what came, nothing if not within `patience_s`."""
        pieces = self._terminal.read_until_quiet(quiet_s, patience_s)
        for piece in (*self._waiting, *pieces):
            self.frames_in(piece)
        self._waiting.clear()
        return pieces

    def frames_in(self, piece: Piece) -> list[str]:
        """All rows, when the last frame that ends in this piece of output is shown, and at its end unless one has begun."""
        last = piece.data.rfind(_FRAME_ENDS)
        after = last + len(_FRAME_ENDS) if last >= 0 else len(piece.data)
        frames = []
        self._shown_at = piece.at
        for data in filter(None, (piece.data[:after], piece.data[after:])):
            self._emulate(data)
            if not self._in_frame:
                frames.append(self.text())
        return frames

    def _emulate(self, output: bytes) -> None:
        seen = self._held + output
        unfinished = _UNFINISHED.search(seen)
        self._held = unfinished[0] if unfinished else b""
        whole = seen[: len(seen) - len(self._held)]
        begun, ended = whole.rfind(_FRAME_BEGINS), whole.rfind(_FRAME_ENDS)
        if begun != ended:
            self._in_frame = begun > ended
        self._stream.feed(_UNKNOWN.sub(b"", whole))
