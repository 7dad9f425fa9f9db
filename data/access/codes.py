"""Codes of invitations: how one is made, read out, typed again, and told from a mistyped one without a database.

A code is `adj-` and 28 characters in groups of four: 26 of 128 random bits, and two that are chosen so that all 28, read
as one number of base 32, are a multiple of a prime. The characters are Crockford's base 32, which has no I, L, O and U:
whoever types a small L for a 1, or an O for a 0, has typed it right (https://www.crockford.com/base32.html). Case, blanks
and hyphens do not matter, and `adj-` may be left out. What is kept of a code is the SHA-256 of the 28 characters.
"""

import hashlib
import secrets
from dataclasses import dataclass, field

from data.tokens import CODE_PREFIX, Entropy

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BYTES = 16
CHARACTERS = 28
"""Of a code, without its prefix and its hyphens."""

_GROUP = 4
_PRIME = 1021
"""The largest below 32 squared. No power of 32 and no difference of two characters is a multiple of it, so that no single
wrong character goes unnoticed; of other mistakes one in a thousand does, and finds no invitation."""
_MOST_TYPED = 200
_BESIDE = str.maketrans(
    {"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\t": None, "\u2010": None, "\u2011": None}
)


@dataclass(frozen=True, slots=True)
class JoinCode:
    """A whole code. Nothing of it is told wherever it is printed; `reveal` is the one way to it."""

    _characters: str = field(repr=False)

    def reveal(self) -> str:
        """The whole code, in groups."""
        groups = (self._characters[start : start + _GROUP] for start in range(0, CHARACTERS, _GROUP))
        return CODE_PREFIX + "-".join(groups)

    def __str__(self) -> str:
        return CODE_PREFIX

    @property
    def digest(self) -> bytes:
        """SHA-256 of its characters, all that is kept of it: 32 bytes."""
        return hashlib.sha256(self._characters.encode("ascii")).digest()


class NoCode(ValueError):
    """This text is no code at all: it has not the form of one."""

    def __init__(self) -> None:
        super().__init__(
            f"This is no invitation's code. One is {CODE_PREFIX} and {CHARACTERS // _GROUP} groups of {_GROUP} letters "
            "and digits."
        )


class MistypedCode(ValueError):
    """This has the form of a code, and its check does not fit: a character of it is wrong."""

    def __init__(self) -> None:
        super().__init__("This code was mistyped: a character of it is wrong. Type it once more.")


def new_code(entropy: Entropy = secrets.token_bytes) -> JoinCode:
    """A code that nobody else has."""
    number = int.from_bytes(entropy(SECRET_BYTES)) << 10  # two characters of five bits
    return JoinCode(_base32(number + -number % _PRIME))


def read_code(text: str) -> JoinCode:
    """The code that a person typed. Raises NoCode, or MistypedCode, without asking any database."""
    if len(text) > _MOST_TYPED or not text.isprintable():
        raise NoCode
    typed = text.upper().translate(_BESIDE)
    # No code begins so: the first character holds the three highest of 128 bits, and is a digit.
    typed = typed.removeprefix("ADJ")
    if len(typed) != CHARACTERS or any(character not in ALPHABET for character in typed):
        raise NoCode
    number = 0
    for character in typed:
        number = number * 32 + ALPHABET.index(character)
    if number % _PRIME or number >> 10 >= 1 << 8 * SECRET_BYTES:
        raise MistypedCode
    return JoinCode(typed)


def _base32(number: int) -> str:
    digits = []
    for _ in range(CHARACTERS):
        number, rest = divmod(number, 32)
        digits.append(ALPHABET[rest])
    return "".join(reversed(digits))
