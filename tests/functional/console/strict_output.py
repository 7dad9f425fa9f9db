"""What a console writes to its terminal, read as strictly as can be: whatever it has no reason to write fails the test.

Looks, places and modes are those that frames are made of, ours and Textual's; no other control has a reason. The cells
that are drawn are counted by `wcwidth`, which knows nothing of the program's own counting.
"""

import re
import unicodedata

from wcwidth import iter_graphemes, wcswidth

_DRIVING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
FOREIGN_COLOUR = "8;2;1;2;3"
"""Of no theme: a text that asks for it has got through."""
_COLOUR = r"[34]8;2;\d+;\d+;\d+"
# Bold, dim, italic, underline and reverse, what undoes them, and colours in full; a text of 1990 has them by number.
_LOOK = rf"(?:{_COLOUR}|2?[1-47]|[34]9)"
_STYLE = re.compile(rf"\x1b\[(?:0|;?{_LOOK}(?:;{_LOOK})*)?m")
_ANY_STYLE = re.compile(r"\x1b\[[\d;]*m")
_PLACE = re.compile(r"\x1b\[(\d+)?(?:;(\d+))?H")
_STEP = re.compile(r"\x1b\[(\d*)([ABC])|\x08")
_ERASE = re.compile(r"\x1b\[(\d*)([XK])")
_ERASE_ALL = re.compile(r"\x1b\[2J")
_MARGINS = re.compile(r"\x1b\[(?:(\d+);(\d+))?r")
_LINES = re.compile(r"\x1b\[(\d+)([LM])|\x1b(M)|\n")
_LEAVES = "\x1b[?1049l"
_MODES = re.compile(
    r"\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1049|2004|2026)[hl]"  # wrapping, cursor, mouse, focus, screen, paste, frames
    r"|\x1b\[\?(?:2026|2048)\$p"  # asks for frames, sizes
    r"|\x1b\[(?:>\d+|<)u"  # keys
    r"|\x1b\]22;(?:default|text|pointer)\x07"  # the mouse's shape
)
_BELL = re.compile("\x07")
_RETURN = re.compile(r"\r\n?")
_TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f]+")
_UNFINISHED = re.compile(r"(?:\r|\x1b(?:\[[0-9;?<>$]*|\][^\x07\x1b]*)?)\Z")


class StrictOutput:
    """The screen, from the bytes that were written to it. Any that have no reason raise AssertionError."""

    def __init__(self, columns: int, rows: int, *, may_ring: bool = False, any_colors: bool = False) -> None:
        """The screen's size in cells, whether the bell has a reason, and whether colours may be fewer than all."""
        self.columns, self.rows = columns, rows
        self._may_ring = may_ring
        self._style = _ANY_STYLE if any_colors else _STYLE
        self.after = ""
        """What was written once the screen was given back."""
        self._cells = [[" "] * columns for _ in range(rows)]
        self._row = self._column = 0
        self._margins: tuple[int, int] | None = None
        self._has_left = False
        self._bytes = b""
        self._held = ""

    @property
    def lines(self) -> list[str]:
        """The rows of the screen."""
        return ["".join(row) for row in self._cells]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines)

    def feed(self, data: bytes) -> None:
        """More of the output; it may break off anywhere."""
        seen = self._bytes + data
        try:
            text, self._bytes = seen.decode(), b""
        except UnicodeDecodeError as error:
            assert error.reason == "unexpected end of data", seen[error.start - 20 : error.end + 20]
            text, self._bytes = seen[: error.start].decode(), seen[error.start :]
        text = self._held + text
        unfinished = _UNFINISHED.search(text)
        self._held = unfinished[0] if unfinished else ""
        read = self._read(text[: len(text) - len(self._held)], may_go_on=not self._held)
        self._held = text[read:]

    def finish(self) -> None:
        """The output has ended: the screen was given back, and nothing is left over."""
        assert (self._bytes, self._has_left) == (b"", True)
        self._read(self._held, may_go_on=False)

    def _read(self, text: str, *, may_go_on: bool) -> int:
        """Read up to the position that is returned: what comes after a last run of text can join its last cluster."""
        at = 0
        while at < len(text):
            around = repr(text[max(at - 60, 0) : at + 60])
            if found := _TEXT.match(text, at):
                if may_go_on and found.end() == len(text):
                    return at
                self._draw(found[0])
            elif found := self._style.match(text, at):
                assert FOREIGN_COLOUR not in found[0], f"no theme has this colour: {around}"
            elif found := _MODES.match(text, at):
                self._has_left = self._has_left or found[0] == _LEAVES
            elif self._may_ring and (found := _BELL.match(text, at)):
                pass
            elif found := _RETURN.match(text, at):
                self._return(found[0])
            elif found := self._moved(text, at):
                assert not self._has_left, f"the screen was given back: {around}"
                assert 0 <= self._row < self.rows and 0 <= self._column < self.columns, f"past the edge: {around}"
            else:
                raise AssertionError(f"nobody has a reason to write this: {around}")
            at = found.end()
        return at

    def _return(self, how: str) -> None:
        if self._has_left:
            self.after += "\n" if how.endswith("\n") else ""
            return
        self._column = 0
        if how.endswith("\n"):
            self._feed_line()

    def _moved(self, text: str, at: int) -> re.Match[str] | None:
        """What moves the cursor, or lines, or erases, if that is what stands here."""
        if found := _PLACE.match(text, at):
            self._row, self._column = int(found[1] or 1) - 1, int(found[2] or 1) - 1
        elif found := _STEP.match(text, at):
            count, way = int(found[1] or 1), found[2]
            self._row += {"A": -count, "B": count}.get(way, 0)
            self._column += {"C": count, None: -1}.get(way, 0)
        elif found := _ERASE.match(text, at):
            assert found[1] or found[2] == "K"
            end = self._column + int(found[1]) if found[2] == "X" else self.columns
            self._put([" "] * (end - self._column))
        elif found := _ERASE_ALL.match(text, at):
            assert not any(line.strip() for line in self.lines[1:]), "more is erased than the first frame"
            self._cells = [[" "] * self.columns for _ in range(self.rows)]
        elif found := _MARGINS.match(text, at):
            self._margins = (int(found[1]) - 1, int(found[2]) - 1) if found[1] else None
            self._row = self._column = 0
        elif found := _LINES.match(text, at):
            if found[0] == "\n":
                self._feed_line()
            elif found[3]:
                assert self._margins is not None and self._row == self._margins[0], "lines go down within margins alone"
                self._shift(-1)
            else:
                assert self._margins is not None and self._row == self._margins[0], "lines go from the first margin on"
                self._shift(int(found[1]) * (1 if found[2] == "M" else -1))
        return found

    def _feed_line(self) -> None:
        if self._margins is not None and self._row == self._margins[1]:
            self._shift(1)
        else:
            self._row += 1
            assert self._row < self.rows, "the whole screen would scroll"

    def _shift(self, up: int) -> None:
        assert self._margins is not None
        top, bottom = self._margins
        assert 0 <= top < bottom < self.rows and abs(up) <= bottom - top
        inside = self._cells[top : bottom + 1]
        blank = [[" "] * self.columns for _ in range(abs(up))]
        self._cells[top : bottom + 1] = inside[up:] + blank if up > 0 else blank + inside[:up]

    def _draw(self, text: str) -> None:
        driving = {hex(ord(char)) for char in text if unicodedata.category(char) in _DRIVING}
        assert not driving, (driving, text)
        if self._has_left:
            self.after += text
            return
        cells: list[str] = []
        for cluster in text if text.isascii() else iter_graphemes(text):
            cells += (cluster, *[""] * (wcswidth(cluster) - 1))
        self._put(cells)
        # At the right edge the cursor stays: lines do not wrap.
        self._column = min(self._column + len(cells), self.columns - 1)

    def _put(self, cells: list[str]) -> None:
        end = self._column + len(cells)
        assert self._row < self.rows and end <= self.columns, f"past the edge: {self.lines[self._row]}{cells}"
        row = self._cells[self._row]
        # Half of a wide character is none.
        if row[self._column] == "":
            row[self._column - 1] = " "
        if end < self.columns and row[end] == "":
            row[end] = " "
        row[self._column : end] = cells
