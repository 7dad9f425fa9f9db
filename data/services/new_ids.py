"""Ids of what is made here: a letter for the kind and 8 characters that nobody guesses, as `c-Ab3dE5gH`."""

import re
from collections.abc import Callable

from data.tokens import BASE62, Entropy

_CHARACTERS = 8
# More random bytes than the characters hold, so that no character is noticeably likelier than another.
_BYTES = 16
_SHAPE = re.compile(r"[0-9A-Za-z]+(-[0-9A-Za-z]+)*", re.ASCII)
_MOST_CHARACTERS = 40


def new_id(letter: str, entropy: Entropy, is_taken: Callable[[str], object]) -> str:
    """An id that nothing has or had, as far as `is_taken` knows."""
    while True:
        number = int.from_bytes(entropy(_BYTES))
        fresh = f"{letter}-" + "".join(BASE62[number // 62**place % 62] for place in range(_CHARACTERS))
        if not is_taken(fresh):
            return fresh


def can_be_id(text: str) -> bool:
    """Whether a text has the form of an id: what has not is repeated nowhere."""
    return len(text) <= _MOST_CHARACTERS and _SHAPE.fullmatch(text) is not None
