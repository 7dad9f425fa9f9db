"""Rows of cells, made of the strips that Textual composes a screen of."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from data.hostile import holds_hostile
from tui.frames.looks import PLAIN, Look, read_look

BEHIND = "\0"
"""Stands in a row's text for the second cell of a character that takes two."""
FIRST_NAMED = chr(0xF0000)
"""From this character on, those of a row's text are names: for what takes more than one code point, or other widths on
other terminals. `CellMemory.named` tells what each is."""

# Four screens full, on a large terminal.
_MOST_STRIPS = 1024
_MOST_KEPT = 0x8000
# Wide since there are terminals with wide characters: the blocks of East Asian scripts. Emoji came one by one, and each
# terminal knows them up to its own year.
_ALWAYS_WIDE = (
    (0x1100, 0x115F), (0x2E80, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF60),
    (0xFFE0, 0xFFE6), (0x20000, 0x3FFFD),
)  # fmt: skip
_ALWAYS_NARROW_BELOW = 0x2E80


class Row(NamedTuple):
    """Cells beside each other: two texts of one length, in which each character is a cell.

    In `text`, what it shows; see `BEHIND` and `FIRST_NAMED`. In `looks`, the number of its look as a character.
    """

    text: str
    looks: str

    def cut(self, cells: int) -> "Row":
        """The first so many cells. Half of a wide character cannot be left over."""
        text = self.text[:cells]
        if len(text) == len(self.text):
            return self
        return Row(text[:-1] + " " if self.text[cells] == BEHIND else text, self.looks[:cells])


class CellMemory:
    """Strips as cells, each made once; looks and unusual characters under short names. All of it is bounded."""

    def __init__(self, colors: ColorSystem) -> None:
        self._colors = colors
        self._strips: dict[int, tuple[Strip, Row]] = {}
        self._pairs: dict[str, tuple[str, str]] = {}
        self.has_long_colors = colors is not ColorSystem.STANDARD
        """Whether setting a colour takes more than a way across the screen does."""
        self._looks: list[Look] = []
        self._blanks: list[str] = []
        self._ranks: list[str] = []
        self._numbers: dict[Look, str] = {}
        self._names: dict[str, str] = {}
        self._named: list[str] = []
        self.forget()

    def forget(self) -> None:
        """Begin anew. Rows that were made before mean nothing any more."""
        for memory in (self._strips, self._pairs, self._numbers, self._names):
            memory.clear()
        for kept in (self._looks, self._blanks, self._ranks, self._named):
            kept.clear()
        self.plain = self.number_of(PLAIN)

    def forget_strips(self) -> None:
        """Keep nothing of what was drawn: whoever has seen a secret once has seen it for the last time."""
        self._strips.clear()

    @property
    def is_full(self) -> bool:
        """Whether it should forget, once nobody needs its rows."""
        return max(len(self._looks), len(self._pairs), len(self._named)) >= _MOST_KEPT

    def look(self, number: str) -> Look:
        """The look with this number."""
        return self._looks[ord(number)]

    def blank_of(self, number: str) -> str:
        """The number of the least look in which a blank cell is the same as in this one."""
        return self._blanks[ord(number)]

    def rank(self, number: str) -> str:
        """Where a look comes among all, so that those that follow each other have most in common."""
        return self._ranks[ord(number)]

    def number_of(self, look: Look) -> str:
        """The number of a look, as a character."""
        number = self._numbers.get(look)
        if number is None:
            number = self._numbers[look] = chr(len(self._looks))
            self._looks.append(look)
            self._ranks.append(f"{look.background} {sorted(look.attributes)} {look.foreground} {look.link}")
            self._blanks.append(number)
            if look.on_blank != look:
                self._blanks[ord(number)] = self.number_of(look.on_blank)
        return number

    def named(self, name: str) -> str:
        """What a name in a row's text stands for."""
        return self._named[ord(name) - ord(FIRST_NAMED)]

    def row(self, strip: Strip) -> Row:
        """The cells of a strip, as many as it says that it has."""
        found = self._strips.get(id(strip))
        if found is not None and found[0] is strip:
            return found[1]
        made = self._made(strip)
        if len(self._strips) >= _MOST_STRIPS:
            self._strips.clear()
        self._strips[id(strip)] = strip, made  # kept with it, so that no other strip can come to have its id
        return made

    def blank(self, cells: int) -> Row:
        """So many cells of nothing."""
        return Row(" " * cells, self.plain * cells)

    def _made(self, strip: Strip) -> Row:
        texts: list[str] = []
        looks: list[str] = []
        last_drawn = self.plain
        for text, style, control in strip._segments:
            if control or not text:
                continue
            drawn, blank = self._pair(style)
            if not (text.isascii() and text.isprintable()):
                marks, text = self._in_cells(text)
                if marks and texts:
                    texts[-1], looks[-1] = self._joined(texts[-1], looks[-1], marks, last_drawn)
                if not text:
                    continue
            last_drawn = drawn
            texts.append(text)
            if drawn == blank or " " not in text:
                looks.append(drawn * len(text))
            else:
                looks.append("".join([blank if character == " " else drawn for character in text]))
        text, cells = "".join(texts), strip.cell_length
        if len(text) == cells:
            return Row(text, "".join(looks))
        missing = cells - len(text)
        return Row(text + " " * missing, "".join(looks) + self.plain * missing).cut(cells)

    def _pair(self, style: Style | None) -> tuple[str, str]:
        """The numbers of a style's look: where something is drawn, and where nothing is."""
        if style is None:
            return self.plain, self.plain
        parameters = style._ansi if style._ansi is not None else Strip.render_ansi(style, self._colors)
        link = f"id={style._link_id};{style._link}" if style._link and not holds_hostile(style._link) else ""
        key = f"{parameters} {link}" if link else parameters
        pair = self._pairs.get(key)
        if pair is None:
            look = read_look(parameters, link)
            number = self.number_of(look)
            pair = self._pairs[key] = number, self.blank_of(number)
        return pair

    def _in_cells(self, text: str) -> tuple[str, str]:
        """The marks that the text begins with, which belong to the cell before; and the rest, a character for each cell."""
        spans, _ = split_graphemes(text)
        marks = "".join([text[begin:end] for begin, end, width in spans if not width])
        return marks, "".join([self._in_cell(text[begin:end], width) for begin, end, width in spans])

    def _joined(self, text: str, looks: str, marks: str, drawn: str) -> tuple[str, str]:
        """Cells with these marks on the last, which is drawn on by that, blank or not."""
        if holds_hostile(marks):
            return text, looks
        place = len(text.rstrip(BEHIND)) - 1
        cluster = self.named(text[place]) if text[place] >= FIRST_NAMED else text[place]
        return text[:place] + self._name(cluster + marks) + text[place + 1 :], looks[:place] + drawn * (
            len(text) - place
        )

    def _in_cell(self, cluster: str, width: int) -> str:
        if holds_hostile(cluster):  # it was made visible long before; if ever it was not, it does not leave
            return "?" * width
        if width <= 0:
            return ""
        shown = cluster if len(cluster) == 1 and is_everywhere(cluster, width) else self._name(cluster)
        return shown + BEHIND * (width - 1)

    def _name(self, cluster: str) -> str:
        name = self._names.get(cluster)
        if name is None:
            name = self._names[cluster] = chr(ord(FIRST_NAMED) + len(self._named))
            self._named.append(cluster)
        return name


@lru_cache(maxsize=4096)
def is_everywhere(character: str, width: int) -> bool:
    """Whether every terminal gives this character this width, as far as is known."""
    code = ord(character)
    if unicodedata.east_asian_width(character) not in "WF":
        return width == 1 and code < _ALWAYS_NARROW_BELOW
    return width == 2 and any(first <= code <= last for first, last in _ALWAYS_WIDE)
