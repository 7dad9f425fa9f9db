"""Random screens as Textual's compositor gives them out: strips of segments, whole layouts, and chops of what has changed.

A screen's rows come from few texts in few styles, and a row from the one before: so rows recur, scroll, and differ in little.
Hypothesis draws the sizes and a seed alone: a screen that is drawn cell by cell takes a hundred times as long.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

ATTRIBUTES = (
    "bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal", "strike", "underline2", "frame",
    "encircle", "overline",
)  # fmt: skip
NARROW = (*"abz09.:|#~@\\", *"äñøßжΩ", *"─│┌┐█▁▌", "\uff71", "\u00a0", "\u1680", "e\u0301", "o\u0323\u0302")
WIDE = (*"漢字한글Ａ", "\u3000", "漢\u0301", "\U0001f512", "\u231b")
"""Of both, all terminals that are asked here know the width."""

_LINKS = ("https://a.example/", "https://b.example/x;y")
_BRIGHT = (0, 1, 128, 255)


@dataclass(frozen=True, slots=True)
class Lay:
    """All rows anew, as after a change of layout; the first time, and after a resize, there is no other way."""

    rows: tuple[Strip, ...]
    width: int

    def update(self) -> LayoutUpdate:
        """What the compositor gives out for it."""
        return LayoutUpdate([[row] for row in self.rows], Region(0, 0, self.width, len(self.rows)))


@dataclass(frozen=True, slots=True)
class Chop:
    """Some spans of rows as they should be now, cut where widgets begin and end."""

    rows: tuple[Strip, ...]
    width: int
    cuts: tuple[int, ...]
    spans: tuple[tuple[int, int, int], ...]

    def update(self) -> ChopsUpdate:
        """What the compositor gives out for it."""
        edges = [*sorted({cut for cut in self.cuts if 0 < cut < self.width}), self.width]
        touched = {y for y, _, _ in self.spans}
        if any(_begins_with_mark(piece) for y in touched for piece in self.rows[y].divide(edges)):
            edges = [
                self.width
            ]  # Textual has parted a mark from its letter: it is drawn on whatever comes to stand there
        begins = [0, *edges[:-1]]
        chops: list[dict[int, Strip | None]] = [
            dict(zip(begins, row.divide(edges) if y in touched else [None] * len(edges), strict=True))
            for y, row in enumerate(self.rows)
        ]
        return ChopsUpdate(chops, list(self.spans), [edges] * len(self.rows))


def _begins_with_mark(piece: Strip) -> bool:
    return bool(piece.text) and not cell_len(piece.text[0])


@dataclass(frozen=True, slots=True)
class Step:
    """What is shown next, and how.

    `is_held`: the terminal takes its time, and what comes next is merged with it. `is_spoilt`: somebody has drawn over the
    terminal before, and all is to be drawn anew.
    """

    screen: Lay | Chop
    cursor: tuple[int, int]
    is_held: bool
    is_spoilt: bool


def random_style(random: Random) -> Style:
    """Any style: none, one or some attributes, each colour of any kind or left to the terminal, seldom a link."""
    return Style(
        color=_color(random),
        bgcolor=_color(random),
        link=random.choice((None, None, None, None, *_LINKS)),
        **dict.fromkeys(random.sample(ATTRIBUTES, random.choice((0, 0, 1, 1, 2, 3))), True),  # type: ignore[arg-type]
    )


def _color(random: Random) -> Color | None:
    match random.randrange(5):
        case 0:
            return random.choice((None, Color.default()))
        case 1 | 2:
            return Color.from_ansi(random.randrange(16))
        case 3:
            return Color.from_ansi(random.randrange(16, 256))
        case _:
            return Color.from_rgb(*random.choices(_BRIGHT, k=3))


class RandomScreens:
    """Rows of one palette, changed from step to step."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._palette: list[Style | None] = [None, *(random_style(random) for _ in range(random.randint(1, 5)))]
        # Those that differ in one thing only are where the shortest change goes wrong.
        self._palette += [self._bolder(style) for style in self._palette[1:3] if style is not None]

    def row(self, width: int) -> Strip:
        """Any row of this many cells."""
        segments = [Segment(self._text(), self._random.choice(self._palette)) for _ in range(self._random.randrange(5))]
        return Strip(segments).adjust_cell_length(width, self._random.choice(self._palette))

    def like(self, row: Strip) -> Strip:
        """A row that differs from this one in little."""
        segments = list(row)
        number = self._random.randrange(len(segments))
        text, style, _ = segments[number]
        if self._random.randrange(3) == 0:
            segments[number] = Segment(text, self._random.choice(self._palette))
        else:
            place = self._random.randrange(len(text) or 1)
            group = next((group for group in (WIDE, NARROW) if text[place : place + 1] in group), (" ",))
            segments[number] = Segment(text[:place] + self._random.choice(group) + text[place + 1 :], style)
        return Strip(segments).adjust_cell_length(row.cell_length)

    @staticmethod
    def _bolder(style: Style) -> Style:
        # Not by adding: Rich remembers sums, and with each how it was first written, in whatever colours.
        attributes: dict[str, Any] = {name: True for name in ATTRIBUTES if getattr(style, name)}
        return Style(color=style.color, bgcolor=style.bgcolor, link=style.link, **(attributes | {"bold": True}))

    def _text(self) -> str:
        random = self._random
        match random.randrange(4):
            case 0:
                return " " * random.randint(1, 30)
            case 1:
                return "".join(random.choices((*NARROW, *WIDE, " "), k=random.randint(1, 8)))
            case 2:
                return "".join(random.choices("ab  ", k=random.randint(1, 12)))
            case _:
                return random.choice(("", "event", "漢字", "──────")) + str(random.randrange(100))

    def steps(self, width: int, height: int, count: int) -> list[Step]:
        """So many screens, the first of this size, and whole."""
        random = self._random
        rows = self._rows(width, height)
        made = [self._step(Lay(rows, width))]
        for _ in range(count - 1):
            first, last = sorted((random.randrange(height), random.randrange(height)))
            spans = [(y, 0, width) for y in range(first, last + 1)]
            match random.randrange(8):
                case 0:
                    width, height = random.randint(2, 2 * width), random.randint(1, 2 * height)
                    rows, spans = self._rows(width, height), []
                case 1 | 2 | 3:
                    first, last = random.choice(((0, height - 1), (first, last)))
                    spans = [(y, 0, width) for y in range(first, last + 1)]
                    rows = rows[:first] + self._scrolled(rows[first : last + 1]) + rows[last + 1 :]
                case 4:
                    rows = tuple(self.like(row) if first <= y <= last else row for y, row in enumerate(rows))
                    x, end = sorted((random.randrange(width), random.randint(1, width)))
                    spans = [(y, x, max(end, x + 1)) for y in range(first, last + 1)]
                case _:
                    change = random.choice((self.like, lambda row: self.row(row.cell_length)))
                    rows = tuple(change(row) if first <= y <= last else row for y, row in enumerate(rows))
            if spans and random.randrange(3):
                cuts = tuple(random.randint(1, width) for _ in range(random.randrange(4)))
                made.append(self._step(Chop(rows, width, cuts, tuple(spans))))
            else:
                made.append(self._step(Lay(rows, width)))
        return made

    def _rows(self, width: int, height: int) -> tuple[Strip, ...]:
        return tuple(self.row(width) for _ in range(height))

    def _scrolled(self, rows: tuple[Strip, ...]) -> tuple[Strip, ...]:
        by = self._random.randint(1, min(6, len(rows)))
        new = self._rows(rows[0].cell_length, by)
        return rows[by:] + new if self._random.randrange(2) else new + rows[:-by]

    def _step(self, screen: Lay | Chop) -> Step:
        random = self._random
        cursor = random.randrange(screen.width), random.randrange(len(screen.rows))
        return Step(screen, cursor, random.randrange(5) == 0, random.randrange(10) == 0)


def steps(most_columns: int = 44, most_rows: int = 14, most: int = 8) -> st.SearchStrategy[list[Step]]:
    """Sequences of screens."""
    return st.builds(
        lambda random, width, height, count: RandomScreens(random).steps(width, height, count),
        st.randoms(use_true_random=True),
        st.integers(2, most_columns),
        st.integers(1, most_rows),
        st.integers(2, most),
    )
