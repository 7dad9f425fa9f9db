"""Finding words in lines that are shown: where they stand, the same lines with them marked, and going through them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.presenters.pieces import Piece, Role, Row, plain_text
from tui.presenters.values import count_text


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a line: its characters `start` up to `end`."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Where the words stand once: on one line, or over the break between two."""

    stretches: tuple[Stretch, ...]

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.stretches[0].line


class Finder:
    """Looks for words in the texts that are shown, and knows at which of the matches one is."""

    def __init__(self, sought: str = "") -> None:
        self._texts: Sequence[tuple[Row, ...]] = ()
        self._sought = sought
        self._matches: list[Match] = []
        self._stretches: dict[int, list[Stretch]] = {}
        self._at: int | None = None

    @property
    def sought(self) -> str:
        """The words that were last looked for."""
        return self._sought

    @property
    def at(self) -> int | None:
        """The number of the match that one is at, from 0; None while one is at none."""
        return self._at

    @property
    def place(self) -> str | None:
        """Which match one is at, `3 of 17`; None while one is at none."""
        return None if self._at is None else f"{count_text(self._at + 1)} of {count_text(len(self._matches))}"

    def show(self, texts: Sequence[tuple[Row, ...]], at: int | None = None) -> None:
        """Other texts are shown; what was looked for is looked for in them, and one is at match number `at`, if it is there."""
        self._texts = texts
        self._look()
        self._at = at if at is not None and at < len(self._matches) else None

    def holds(self, words: str) -> bool:
        """Whether these words stand anywhere in the texts."""
        return bool(matches_in(self._texts, words))

    def find(self, words: str, line: int) -> int | None:
        """Look for other words; the line of the first match from this line on, or else of the first of all."""
        self._sought = words
        self._look()
        return self.step(1, line)

    def step(self, by: int, line: int) -> int | None:
        """Go on to the match after (1) or before (-1), around the end; its line, or None where there is none.

        While one is at none, the next is the first from `line` on, and the one before the last above it.
        """
        if not self._matches:
            return None
        if self._at is None:
            above = sum(match.line < line for match in self._matches)
            self._at = (above if by > 0 else above - 1) % len(self._matches)
        else:
            self._at = (self._at + by) % len(self._matches)
        return self._matches[self._at].line

    def marked(self, row: Row, line: int) -> Row:
        """The row that stands on this line, with what was found there marked."""
        stretches = self._stretches.get(line)
        if stretches is None:
            return row
        return marked(row, stretches, None if self._at is None else self._matches[self._at])

    def _look(self) -> None:
        self._at = None
        self._matches = matches_in(self._texts, self._sought)
        self._stretches = {}
        for match in self._matches:
            for stretch in match.stretches:
                self._stretches.setdefault(stretch.line, []).append(stretch)


def matches_in(texts: Sequence[tuple[Row, ...]], words: str) -> list[Match]:
    """Every place at which the words stand in texts that are wrapped to rows, whatever their case.

    Where a text was broken there may have been a space or nothing: both are found. Lines are counted over all texts.
    """
    sought = words.strip()
    if not sought:
        return []
    signs = ("[ \n]" if sign == " " else re.escape(sign) for sign in sought)
    pattern = re.compile(r"\n?".join(signs), re.IGNORECASE)
    matches: list[Match] = []
    line = 0
    for rows in texts:
        matches += _matches_in_text([plain_text(row) for row in rows], line, pattern)
        line += len(rows)
    return matches


def marked(row: Row, stretches: Sequence[Stretch], current: Match | None) -> Row:
    """The row with these stretches of it underlined in bold, and those of the current match filled too."""
    for stretch in stretches:
        row = _marked(row, stretch, is_current=current is not None and stretch in current.stretches)
    return row


def _matches_in_text(lines: Sequence[str], first: int, pattern: "re.Pattern[str]") -> Iterator[Match]:
    # Lines begin with blanks that are no part of the text.
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    parts = [line[indent:] for line, indent in zip(lines, indents, strict=True)]
    begins = [0]
    for part in parts[:-1]:
        begins.append(begins[-1] + len(part) + 1)
    for match in pattern.finditer("\n".join(parts)):
        stretches, at = [], match.start()
        index = bisect_right(begins, at) - 1
        for part in match[0].split("\n"):
            if part:
                start = at - begins[index] + indents[index]
                stretches.append(Stretch(first + index, start, start + len(part)))
            at += len(part) + 1
            index += 1
        yield Match(tuple(stretches))


def _marked(row: Row, stretch: Stretch, *, is_current: bool) -> Row:
    pieces: list[Piece] = []
    at = 0
    for piece in row:
        first = min(max(stretch.start - at, 0), len(piece.text))
        last = min(max(stretch.end - at, 0), len(piece.text))
        inside = piece._replace(text=piece.text[first:last], bold=True, underline=True)
        if is_current:
            inside = inside._replace(role=Role.ACCENT_BADGE)
        parts = (piece._replace(text=piece.text[:first]), inside, piece._replace(text=piece.text[last:]))
        pieces += [part for part in parts if part.text]
        at += len(piece.text)
    return tuple(pieces)
