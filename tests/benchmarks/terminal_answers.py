"""What a terminal types back when a program asks it something."""

import re

# Request, as a regular expression, and answer. A program that is not answered may wait, or do with less.
_ANSWERS: tuple[tuple[bytes, bytes], ...] = (
    (rb"\x1b\[\?2026\$p", b"\x1b[?2026;2$y"),  # synchronised output: supported, and off
    (rb"\x1b\[\?2048\$p", b"\x1b[?2048;0$y"),  # sizes reported in band: unknown
    (rb"\x1b\[6n", b"\x1b[1;1R"),  # where the cursor is
    (rb"\x1b\[5n", b"\x1b[0n"),  # status
    (rb"\x1b\[0?c", b"\x1b[?62;22c"),  # device attributes: a VT220 with colours
    (rb"\x1b\[>0?c", b"\x1b[>41;380;0c"),
)
_REQUEST = re.compile(b"|".join(b"(%s)" % request for request, _ in _ANSWERS))
_UNFINISHED = re.compile(rb"\x1b(\[[0-9;?>$]*)?$")


class TerminalAnswers:
    """Finds requests in output, even in two pieces."""

    def __init__(self) -> None:
        self._held = b""

    def to(self, output: bytes) -> bytes:
        """What to type back after this piece of output; often nothing."""
        seen = self._held + output
        unfinished = _UNFINISHED.search(seen)
        self._held = unfinished[0] if unfinished else b""
        return b"".join(_ANSWERS[(match.lastindex or 1) - 1][1] for match in _REQUEST.finditer(seen))
