"""What a console writes to its terminal, read as strictly as can be: whatever it has no reason to write fails the test.

Colours, places and modes are those that Textual writes for this program's own rows; no other control has a reason. The
cells that are drawn are counted by `wcwidth`, which knows nothing of the program's own counting.
"""

import re
import unicodedata

from wcwidth import iter_graphemes, wcswidth

_DRIVING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
FOREIGN_COLOUR = "8;2;1;2;3"
"""Of no theme: a text that asks for it has got through."""
_COLOUR = r"[34]8;2;\d+;\d+;\d+"
# Bold, dim, italic, underline and reverse, and colours in full; a text of 1990 has them by number.
_STYLE = re.compile(rf"\x1b\[(?:0|(?:[1-47];)*(?:{_COLOUR})(?:;{_COLOUR})?)m")
_PLACE = re.compile(r"\x1b\[(\d+);(\d+)H")
_LEAVES = "\x1b[?1049l"
_MODES = re.compile(
    r"\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1049|2004|2026)[hl]"  # wrapping, cursor, mouse, focus, screen, paste, frames
    r"|\x1b\[\?(?:2026|2048)\$p"  # asks for frames, sizes
    r"|\x1b\[(?:>\d+|<)u"  # keys
    r"|\x1b\]22;(?:default|text|pointer)\x07"  # the mouse's shape
)
_BELL = re.compile("\x07")
_LINE_END = re.compile(r"\r\n")
_TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f]+")
_UNFINISHED = re.compile(r"(?:\r|\x1b(?:\[[0-9;?<>$]*|\][^\x07\x1b]*)?)\Z")


class StrictOutput:
    """The screen, from the bytes that were written to it. Any that have no reason raise AssertionError."""

    def __init__(self, columns: int, rows: int, *, may_ring: bool = False) -> None:
        """The screen's size in cells, and whether the bell has a reason."""
        self.columns, self.rows = columns, rows
        self._may_ring = may_ring
        self.after = ""
        """What was written once the screen was given back."""
        self.edges: set[int] = set()
        """The columns, from 0, at which runs of cells ended."""
        self._cells = [[" "] * columns for _ in range(rows)]
        self._row = self._column = 0
        self._has_drawn = self._has_left = self._is_drawing = self._must_place = False
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
            was_drawing, must_place = self._is_drawing, self._must_place
            self._is_drawing = self._must_place = False
            if found := _PLACE.match(text, at):
                self._end_run()
                self._row, self._column = int(found[1]) - 1, int(found[2]) - 1
            elif must_place:
                raise AssertionError(f"a line break within a text: {around}")
            elif found := _TEXT.match(text, at):
                if may_go_on and found.end() == len(text):
                    return at
                self._is_drawing = True
                self._draw(found[0])
            elif found := _STYLE.match(text, at):
                assert FOREIGN_COLOUR not in found[0], f"no theme has this colour: {around}"
            elif self._may_ring and (found := _BELL.match(text, at)):
                pass
            elif found := _MODES.match(text, at):
                self._has_left = self._has_left or found[0] == _LEAVES
            elif found := _LINE_END.match(text, at):
                # So Textual ends a row of a region, and then says where the next begins; after the console, lines end so.
                assert self._has_left or not was_drawing, f"a line break within a text: {around}"
                self._must_place = not self._has_left
                self.after += "\n" * self._has_left
            else:
                raise AssertionError(f"nobody has a reason to write this: {around}")
            at = found.end()
        return at

    def _draw(self, text: str) -> None:
        driving = {hex(ord(char)) for char in text if unicodedata.category(char) in _DRIVING}
        assert not driving, (driving, text)
        if self._has_left:
            self.after += text
            return
        cells: list[str] = []
        for cluster in text if text.isascii() else iter_graphemes(text):
            cells += (cluster, *[""] * (wcswidth(cluster) - 1))
        end = self._column + len(cells)
        assert self._row < self.rows and end <= self.columns, f"past the edge: {self.lines[self._row]}{text}"
        self._cells[self._row][self._column : end] = cells
        self._column, self._has_drawn = end, True

    def _end_run(self) -> None:
        if self._has_drawn:
            self.edges.add(self._column)
        self._has_drawn = False
