"""A query's text as words: which characters are signs, which are meant as they stand, and where each one is."""

import re
from dataclasses import dataclass

from data.errors import QueryError
from data.query.model import Pattern

MOST_CHARACTERS = 4096

# PostgreSQL's text cannot hold U+0000, and UTF-8 no lone surrogate (RFC 3629, section 3).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Character:
    """One character, and where in the text it stands. `escaped` by a backslash, `quoted` by double quotes."""

    text: str
    at: int
    quoted: bool
    escaped: bool

    def is_sign(self, sign: str) -> bool:
        """Whether this is `sign` with its special meaning: a colon, comma or minus outside quotes, not escaped."""
        return self.text == sign and not self.quoted and not self.escaped

    @property
    def is_wildcard(self) -> bool:
        """A star keeps its meaning inside quotes; only a backslash takes it away."""
        return self.text == "*" and not self.escaped


@dataclass(frozen=True, slots=True)
class Fragment:
    """A word or a part of one: its characters without quotes and backslashes, and its place from `start` up to `end`."""

    characters: tuple[Character, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters, each as it stands; a star is a star."""
        return "".join(character.text for character in self.characters)

    def pattern(self) -> Pattern:
        """The characters with wildcards; a run of stars is one."""
        parts: list[list[str]] = [[]]
        for character in self.characters:
            if not character.is_wildcard:
                parts[-1].append(character.text)
            elif len(parts) == 1 or parts[-1]:
                parts.append([])
        return Pattern(tuple("".join(part) for part in parts))

    def without_minus(self) -> "Fragment | None":
        """What follows a leading minus; None if there is no minus."""
        first = self.characters[0] if self.characters else None
        if first is None or first.at != self.start or not first.is_sign("-"):
            return None
        return Fragment(self.characters[1:], self.start + 1, self.end)

    def split(self, sign: str, most: int = -1) -> list["Fragment"]:
        """The parts between the first `most` occurrences of `sign` (all of them by default); at least one part."""
        parts: list[Fragment] = []
        first, start = 0, self.start
        for index, character in enumerate(self.characters):
            if len(parts) == most:
                break
            if character.is_sign(sign):
                parts.append(Fragment(self.characters[first:index], start, character.at))
                first, start = index + 1, character.at + 1
        return [*parts, Fragment(self.characters[first:], start, self.end)]


def read_words(text: str) -> list[Fragment]:
    """The words of a query, separated by white space. Raises QueryError for what is no text of a query at all."""
    if len(text) > MOST_CHARACTERS:
        problem = f"A query has at most {MOST_CHARACTERS:,} characters, this one {len(text):,}"
        raise QueryError(problem, text, MOST_CHARACTERS, len(text), "Leave out what is not needed.")
    if unstorable := _UNSTORABLE.search(text):
        problem = f"No event holds the character U+{ord(unstorable[0]):04X}"
        raise QueryError(problem, text, unstorable.start(), unstorable.end(), "Leave it out.")
    words: list[Fragment] = []
    characters: list[Character] = []
    start: int | None = None
    quote: int | None = None
    at = 0
    while at < len(text):
        sign = text[at]
        if quote is None and sign.isspace():
            if start is not None:
                words.append(Fragment(tuple(characters), start, at))
            characters, start = [], None
            at += 1
            continue
        start = at if start is None else start
        if sign == '"':
            quote = at if quote is None else None
        elif sign == "\\":
            at += 1
            if at == len(text):
                hint = r"For a backslash itself write \\."
                raise QueryError("Nothing follows the backslash", text, at - 1, at, hint)
            characters.append(Character(text[at], at, quote is not None, True))
        else:
            characters.append(Character(sign, at, quote is not None, False))
        at += 1
    if quote is not None:
        hint = r"Write a second quote where the phrase ends; for a quote itself write \"."
        raise QueryError("This quote is never closed", text, quote, len(text), hint)
    if start is not None:
        words.append(Fragment(tuple(characters), start, at))
    return words
