"""The screen as it should be by now, in rows of cells."""

from collections.abc import Iterable, Mapping, Sequence

from textual.strip import Strip

from tui.frames.cells import BEHIND, CellMemory, Row


class Canvas:
    """`rows` of one width, changed piece by piece."""

    def __init__(self, memory: CellMemory, width: int, height: int) -> None:
        self._memory = memory
        self.width = width
        self.rows: list[Row] = [memory.blank(width)] * height

    def lay(self, x: int, y: int, lines: Iterable[Iterable[Strip]]) -> None:
        """Put lines, one below the other, each of strips side by side, so that the first begins in this cell."""
        row = self._memory.row
        for number, line in enumerate(lines, y):
            pieces = [row(strip) for strip in line]
            self._put(x, number, Row("".join([one.text for one in pieces]), "".join([one.looks for one in pieces])))

    def chop(
        self,
        chops: Sequence[Mapping[int, Strip | None]],
        spans: Iterable[tuple[int, int, int]],
        ends: Sequence[Sequence[int]],
    ) -> None:
        """Put those pieces of lines that spans touch, each a line and the first and the last cell but one of it.

        `chops` are a line's pieces by where they begin, `ends` where they end: Textual's `ChopsUpdate`.
        """
        row = self._memory.row
        for y, first, last in spans:
            for end, (x, strip) in zip(ends[y], chops[y].items(), strict=False):
                if strip is None or x > last or end <= first:
                    continue
                self._put(x, y, row(strip if end <= last else strip.crop(0, last - x)))

    def _put(self, x: int, y: int, piece: Row) -> None:
        if not 0 <= y < len(self.rows):
            return
        text, looks = self.rows[y]
        piece = piece.cut(max(self.width - x, 0))
        length = len(piece.text)
        if not length:
            return
        if length == self.width:
            self.rows[y] = piece
            return
        before, after = text[:x], text[x + length :]
        # Half of a wide character cannot be left over.
        if text[x] == BEHIND:
            before = before[:-1] + " "
        if after.startswith(BEHIND):
            after = " " + after[1:]
        self.rows[y] = Row(before + piece.text + after, looks[:x] + piece.looks + looks[x + length :])
