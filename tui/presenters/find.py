"""Finding words in lines that are shown: where they stand, and the same lines with them marked."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.presenters.pieces import Piece, Role, Row, plain_text


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
