"""A terminal, emulated by pyte with cells as real terminals have them, that fails on whatever frames may not be made of.

Beyond pyte itself: every attribute that Rich knows, links, both halves of a wide character going when one is overwritten,
and erasing and scrolling as terminals of certain traits do it. Lines do not wrap, as Textual has it.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

import pyte
from wcwidth import wcwidth

from tui.frames.traits import MODERN, TerminalTraits

_DRIVING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What Textual writes for an update, and what frames are made of; text is all that is not driving.
_LINK = re.compile(r"\x1b\]8;([^\x00-\x1f\x7f-\x9f]*)\x1b\\")
_CONTROL = re.compile(r"\x1b\[(?:[0-9;]*[ABCHKLMXmr]|\?2026(?:[hl]|\$p))|\x1bM|[\r\n\b]")
_COLORS = (*range(30, 38), *range(90, 98))
_SET: dict[int, dict[str, object]] = {
    1: {"bold": True}, 2: {"dim": True}, 3: {"italics": True}, 4: {"underscore": "single"}, 5: {"blink": "slow"},
    6: {"blink": "fast"}, 7: {"reverse": True}, 8: {"concealed": True}, 9: {"strikethrough": True},
    21: {"underscore": "double"}, 51: {"frame": "square"}, 52: {"frame": "round"}, 53: {"overline": True},
    **{number: {"fg": str(number)} for number in _COLORS},
    **{number + 10: {"bg": str(number + 10)} for number in _COLORS},
}  # fmt: skip
_UNDO: dict[int, dict[str, object]] = {
    22: {"bold": False, "dim": False}, 23: {"italics": False}, 24: {"underscore": ""}, 25: {"blink": ""},
    27: {"reverse": False}, 28: {"concealed": False}, 29: {"strikethrough": False}, 39: {"fg": ""}, 49: {"bg": ""},
    54: {"frame": ""}, 55: {"overline": False},
}  # fmt: skip


class Cell(NamedTuple):
    """One cell; `data` is empty in the second of a wide character."""

    data: str = " "
    fg: str = ""
    bg: str = ""
    bold: bool = False
    dim: bool = False
    italics: bool = False
    underscore: str = ""
    blink: str = ""
    reverse: bool = False
    concealed: bool = False
    strikethrough: bool = False
    frame: str = ""
    overline: bool = False
    link: str = ""

    @property
    def seen(self) -> "Cell":
        """What can be seen of it: of a blank that nothing is drawn on, the background alone."""
        drawn_on = self.underscore or self.reverse or self.strikethrough or self.frame or self.overline or self.link
        return self if self.data != " " or drawn_on else Cell(bg=self.bg)


class EmulatedTerminal(pyte.Screen):
    """Does what terminals of these traits do, and fails on what they are not known to understand."""

    # Their cells are ours.
    buffer: Any
    cursor: Any

    def __init__(
        self,
        columns: int,
        lines: int,
        traits: TerminalTraits = MODERN,
        width: Callable[[str], int] = wcwidth,
    ) -> None:
        """`width` gives the cells that a character takes here: 2, 1, or 0 where it joins the one before."""
        self.traits = traits
        self._width = width
        super().__init__(columns, lines)
        self._stream = pyte.Stream(self)

    @property
    def default_char(self) -> Cell:  # type: ignore[override]
        return Cell()

    def write(self, text: str) -> None:
        """Show this. Raises AssertionError for anything that nobody has a reason to write."""
        for number, piece in enumerate(_LINK.split(text)):
            if number % 2:
                self.cursor.attrs = self.cursor.attrs._replace(link="" if piece == ";" else piece)
                continue
            left = {hex(ord(one)) for one in _CONTROL.sub("", piece) if unicodedata.category(one) in _DRIVING}
            assert not left, (left, piece)
            self._stream.feed(piece)

    @property
    def seen(self) -> list[list[Cell]]:
        """What is seen in every cell."""
        return [[self.buffer[y][x].seen for x in range(self.columns)] for y in range(self.lines)]

    @property
    def cursor_cell(self) -> tuple[int, int]:
        """Where the cursor is, column first."""
        return min(self.cursor.x, self.columns - 1), self.cursor.y

    def reset(self) -> None:
        super().reset()
        self.cursor.attrs = self.default_char

    def draw(self, data: str) -> None:
        for character in data:
            width = self._width(character)
            if width <= 0:
                self._join(character)
                continue
            x = min(self.cursor.x, self.columns - width)
            self._part(x)
            self._part(x + width)
            line = self.buffer[self.cursor.y]
            line[x] = self.cursor.attrs._replace(data=character)
            if width == 2:
                line[x + 1] = self.cursor.attrs._replace(data="")
            self.cursor.x = x + width

    def _join(self, character: str) -> None:
        """Put it into the cell before the cursor."""
        line, x = self.buffer[self.cursor.y], self.cursor.x - 1
        if x > 0 and not line[x].data:
            x -= 1
        if x >= 0:
            line[x] = line[x]._replace(data=line[x].data + character)

    def _part(self, edge: int) -> None:
        """Leave no half of a wide character on one side of this edge: the other half would be overwritten."""
        line = self.buffer[self.cursor.y]
        if 0 < edge < self.columns and not line[edge].data:
            line[edge - 1] = line[edge - 1]._replace(data=" ")
            line[edge] = line[edge]._replace(data=" ")

    def select_graphic_rendition(self, *attrs: int) -> None:
        words, cell = list(attrs or (0,)), self.cursor.attrs
        while words:
            word = words.pop(0)
            if word in (38, 48):
                count = {2: 4, 5: 2}[words[0]]
                assert len(words) >= count, attrs
                color = ";".join(map(str, words[:count]))
                cell = cell._replace(**{"fg" if word == 38 else "bg": color})
                del words[:count]
            elif word == 0:
                cell = Cell(link=cell.link)
            elif word in _UNDO:
                assert self.traits.undoes_attributes, f"may not be known here: {attrs}"
                cell = cell._replace(**_UNDO[word])
            else:
                cell = cell._replace(**_SET[word])
        self.cursor.attrs = cell

    def erase_characters(self, count: int | None = None) -> None:
        assert self.traits.erases_characters, "ECH may not be known here"
        self._erase(self.cursor.x, self.cursor.x + (count or 1))

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        assert how == 0
        self._erase(self.cursor.x, self.columns)

    def _erase(self, begin: int, end: int) -> None:
        assert begin < self.columns, "terminals disagree about what is erased behind the last column"
        assert end <= self.columns
        self._part(begin)
        self._part(end)
        for x in range(begin, end):
            self.buffer[self.cursor.y][x] = self._erased

    @property
    def _erased(self) -> Cell:
        """A cell that was erased."""
        attrs: Cell = self.cursor.attrs
        if not self.traits.erases_in_color:
            assert not attrs.bg, "what is erased may take this background, or may not"
        return Cell(bg=attrs.bg)

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        super().set_margins(top, bottom)
        self.cursor_position()

    def index(self) -> None:
        top, bottom = self.margins or (0, self.lines - 1)
        if self.cursor.y != bottom:
            self.cursor_down()
            return
        assert self.margins is not None, "the whole screen would scroll"
        self._move_lines(top, bottom, 1)

    def reverse_index(self) -> None:
        assert self.margins is not None and self.cursor.y == self.margins.top, "only for scrolling within margins"
        self._move_lines(*self.margins, -1)

    def delete_lines(self, count: int | None = None) -> None:
        self._move_lines_from_cursor(count or 1)

    def insert_lines(self, count: int | None = None) -> None:
        self._move_lines_from_cursor(-(count or 1))

    def _move_lines_from_cursor(self, up: int) -> None:
        assert self.traits.shifts_lines, "IL and DL may not be known here"
        assert self.margins is not None and self.cursor.y == self.margins.top
        self._move_lines(*self.margins, up)
        self.cursor.x = 0

    def _move_lines(self, top: int, bottom: int, up: int) -> None:
        inside = [self.buffer.pop(y, None) for y in range(top, bottom + 1)]
        erased = self._erased
        for y in range(top, bottom + 1):
            found = inside[y - top + up] if 0 <= y - top + up < len(inside) else None
            if found is not None:
                self.buffer[y] = found
            elif erased != self.default_char and not 0 <= y - top + up < len(inside):
                for x in range(self.columns):
                    self.buffer[y][x] = erased

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """As terminals do that keep what there is: at the upper left."""
        self.lines, self.columns = lines or self.lines, columns or self.columns
        for y in [y for y in self.buffer if y >= self.lines]:
            del self.buffer[y]
        for line in self.buffer.values():
            for x in [x for x in line if x >= self.columns]:
                del line[x]
        self.set_margins()

    def debug(self, *args: object, **kwargs: object) -> None:
        raise AssertionError(f"no terminal knows this: {args}")
