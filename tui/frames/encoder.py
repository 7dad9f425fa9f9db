"""From one screen to the next in as few bytes as the terminal is known to understand."""

import re

from tui.frames.canvas import Canvas
from tui.frames.cells import BEHIND, FIRST_NAMED, CellMemory, Row
from tui.frames.looks import Look, change
from tui.frames.runs import Run, find_runs, is_even
from tui.frames.scrolling import Shift, find_shift
from tui.frames.traits import TerminalTraits

# Erasing costs as much as so many blanks, and going past what was erased as many again.
_SHORT_BLANKS = 5
_BLANKS = re.compile(f" {{{_SHORT_BLANKS + 1},}}")
# Up to so many lines are shifted one by one, for a byte each.
_FEW_LINES = 4
_MOST_CHANGES = 4096


class FrameEncoder:
    """Knows what the terminal shows, as far as it was told by this encoder's own frames."""

    def __init__(self, memory: CellMemory, traits: TerminalTraits) -> None:
        self._memory = memory
        self._traits = traits
        self._groups = memory.has_long_colors
        self._changes: dict[tuple[str | None, str], str] = {}
        self._shown: list[Row | None] = []
        self._width = 0
        self._out: list[str] = []
        # Where the cursor is (-1: not known), and the look that is set.
        self._x = self._y = -1
        self._look: str | None = None
        self.forget()

    def forget(self) -> None:
        """Take it that the terminal may show anything: the next frame draws every cell."""
        self._shown = []
        self._changes.clear()
        self._x = self._y = -1
        self._look = None

    def shows(self, canvas: Canvas, cursor: tuple[int, int]) -> bool:
        """Whether the terminal shows all of this already, its cursor where it belongs."""
        return self._shown == canvas.rows and (self._x, self._y) == cursor

    def encode(self, canvas: Canvas, cursor: tuple[int, int]) -> str:
        """What has the terminal show this canvas, and its cursor in that cell, column first; empty if it does."""
        self._out = []
        self._width = canvas.width
        if len(self._shown) != len(canvas.rows):
            self._shown = [None] * len(canvas.rows)
        self._shift(canvas)
        self._draw_changes(canvas)
        self._shown = list[Row | None](canvas.rows)
        if self._out or (self._x, self._y) != cursor:
            # Whatever else is written to the terminal finds it as it would without us.
            self._set(self._memory.plain)
            self._go(*cursor)
        return "".join(self._out)

    def _shift(self, canvas: Canvas) -> None:
        known = [row for row in self._shown if row is not None]
        blank = self._memory.blank(canvas.width)
        if not known or len(known) != len(canvas.rows) or len(known[0].text) != canvas.width:
            return
        shift = find_shift(known, canvas.rows, blank)
        if shift is None:
            return
        self._set(self._memory.plain)  # new lines are of the terminal's own background
        self._out.append(f"\x1b[{shift.top + 1};{shift.bottom + 1}r")
        self._x = self._y = 0
        self._move_lines(shift)
        self._out.append("\x1b[r")
        self._x = self._y = 0
        self._shown = list[Row | None](shift.of(known, blank))

    def _move_lines(self, shift: Shift) -> None:
        count = abs(shift.up)
        if self._traits.shifts_lines and count > _FEW_LINES:
            self._go(0, shift.top)
            self._out.append(f"\x1b[{count}{'M' if shift.up > 0 else 'L'}")
        elif shift.up > 0:
            self._go(0, shift.bottom)
            self._out.append("\n" * count)
        else:
            self._go(0, shift.top)
            self._out.append("\x1bM" * count)

    def _draw_changes(self, canvas: Canvas) -> None:
        """Draw what is not as it should be: cells of one look after those of another, for a change of colours is longer
        than a way across the screen. But rows with wide characters from left to right: half of one erases the other."""
        drawn: list[tuple[str, int, Run]] = []
        spans_blanks = self._traits.erases_characters and self._traits.erases_in_color
        for y, (old, new) in enumerate(zip(self._shown, canvas.rows, strict=True)):
            if old is new or old == new:
                continue
            runs = find_runs(old, new, self._memory, spans_blanks=spans_blanks)
            if is_even(new.text) and (old is None or is_even(old.text)):
                drawn += [(self._memory.rank(run.look), y, run) for run in runs]
            else:
                for run in runs:
                    self._draw(y, run, new)
        for _, y, run in sorted(drawn) if self._groups else drawn:
            self._draw(y, run, canvas.rows[y])

    def _draw(self, y: int, run: Run, row: Row) -> None:
        """Draw a run's cells; blanks in it are erased where that is shorter."""
        x, end, text, look = run.begin, run.end, row.text, run.look
        if self._can_erase(self._memory.look(look)):
            for blanks in _BLANKS.finditer(text, x, end):
                first, last = blanks.span()
                is_rest = last == len(text)
                is_worth_it = last == end or last - first > 2 * _SHORT_BLANKS
                if is_rest or (is_worth_it and self._traits.erases_characters):
                    self._write(y, x, text[x:first], look)
                    self._erase(y, first, last, look, is_rest=is_rest)
                    x = last
        self._write(y, x, text[x:end], look)

    def _erase(self, y: int, begin: int, end: int, look: str, *, is_rest: bool) -> None:
        self._go(begin, y)
        self._set(self._memory.blank_of(look), is_blank=True)
        self._out.append("\x1b[K" if is_rest else f"\x1b[{end - begin}X")

    def _write(self, y: int, x: int, text: str, look: str) -> None:
        if not text:
            return
        self._go(x, y)
        self._set(look, is_blank=not text.strip(" "))
        if text.isascii() and BEHIND not in text:
            self._put(text, len(text))
        elif max(text) < FIRST_NAMED:
            self._put(text.replace(BEHIND, ""), len(text))
        else:
            self._write_odd(y, x, text)

    def _write_odd(self, y: int, x: int, text: str) -> None:
        """Draw what a terminal may take for narrower or wider than we do, so that the rest stands where it should."""
        for place, character in enumerate(text, x):
            if character == BEHIND:
                continue
            self._go(place, y)
            if character < FIRST_NAMED:
                behind = text[place - x + 1 : place - x + 2] == BEHIND
                self._put(character, 2 if behind else 1)
                continue
            cells = 1
            while text[place - x + cells : place - x + cells + 1] == BEHIND:
                cells += 1
            self._put(" " * cells, cells)
            self._go(place, y)
            self._put(self._memory.named(character), cells)
            self._x = -1

    def _put(self, text: str, cells: int) -> None:
        self._out.append(text)
        self._x += cells
        if self._x >= self._width:
            self._x = -1  # in the last column, or behind it

    def _can_erase(self, look: Look) -> bool:
        return look.is_erasable and (self._traits.erases_in_color or not look.background)

    def _set(self, look: str, *, is_blank: bool = False) -> None:
        """Have the next cells drawn in this look; for blanks any will do that leaves them the same."""
        if is_blank:
            look = self._memory.blank_of(look)
            if self._look is not None and self._memory.blank_of(self._look) == look:
                return
        if look == self._look:
            return
        key = self._look, look
        found = self._changes.get(key)
        if found is None:
            if len(self._changes) >= _MOST_CHANGES:
                self._changes.clear()
            old = None if self._look is None else self._memory.look(self._look)
            found = self._changes[key] = change(old, self._memory.look(look), self._traits)
        self._out.append(found)
        self._look = look

    def _go(self, x: int, y: int) -> None:
        if (x, y) != (self._x, self._y):
            self._out.append(self._way(x, y))
            self._x, self._y = x, y

    def _way(self, x: int, y: int) -> str:
        """The shortest from where the cursor is."""
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
        if self._y >= 0:
            if y == self._y and x == 0:
                ways.append("\r")
            elif y == self._y + 1 and x == 0:
                ways.append("\r\n")
        if self._x >= 0:
            by = x - self._x
            if y == self._y and by > 0:
                ways.append(f"\x1b[{by}C" if by > 1 else "\x1b[C")
            elif y == self._y and by < 0:
                ways.append("\b" * -by)
            elif by == 0 and y == self._y + 1:
                ways.append("\x1b[B")
            elif by == 0 and y == self._y - 1:
                ways.append("\x1b[A")
        return min(ways, key=len)
