"""Tokens of API clients: how one is made and checked without a database, and how one is recognised in text.

A token is `adk_`, 8 characters of public id, `_`, 43 characters of 32 random bytes, and 6 of a CRC-32 over all before;
the characters are base 62. Who it belongs to is found by the public id (`adk_` and its 8 characters), whether it is
genuine by the SHA-256 of the whole.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from zlib import crc32

Entropy = Callable[[int], bytes]
"""Gives so many random bytes."""

PREFIX = "adk_"
CODE_PREFIX = "adj-"
"""Of an invitation's code, see `data.access.codes`; it is here because text is rid of codes as it is of tokens."""
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PUBLIC_CHARACTERS = 8
SECRET_BYTES = 32
SECRET_CHARACTERS = 43
CHECK_CHARACTERS = 6
LENGTH = len(PREFIX) + PUBLIC_CHARACTERS + 1 + SECRET_CHARACTERS + CHECK_CHARACTERS
"""Of a whole token, in characters: 62."""

# More random bytes than the characters hold, so that no character is noticeably likelier than another.
_PUBLIC_BYTES = 16
_SHAPE = re.compile(rf"({PREFIX}[0-9A-Za-z]{{8}})_[0-9A-Za-z]{{{SECRET_CHARACTERS + CHECK_CHARACTERS}}}", re.ASCII)
_PUBLIC_ID = re.compile(rf"{PREFIX}[0-9A-Za-z]{{8}}", re.ASCII)
# `adk_`, the public id, and after it the secret: any of it is too much, be it cut short or mistyped, wherever it stands.
# Where a character of the public id or the `_` after it got lost, so many others can be nothing but a secret.
_WITH_SECRET = re.compile(r"(adk_[0-9a-z]{8})_[0-9a-z]+|(adk_[0-9a-z]{0,8})[0-9a-z_-]{20,}", re.IGNORECASE)
# Three groups in a row are of a code, and so are twenty characters, whatever was left out or mistyped.
_CODE = re.compile(r"(adj-)(?:[0-9a-z]{3,5}-[0-9a-z]{3,5}-[0-9a-z-]*|[0-9a-z-]{20,})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SecretToken:
    """A whole token. It is told by its public id wherever it is printed; `reveal` is the one way to the secret."""

    public_id: str
    _whole: str = field(repr=False)

    def reveal(self) -> str:
        """The whole token."""
        return self._whole

    def __str__(self) -> str:
        return self.public_id

    @property
    def digest(self) -> bytes:
        """SHA-256 of the whole token, all that is kept of it: 32 bytes."""
        return hashlib.sha256(self._whole.encode("ascii")).digest()


class NoToken(ValueError):
    """This text is no token at all: it has not the form of one."""


class MistypedToken(ValueError):
    """This has the form of a token, and its checksum does not fit: a character of it is wrong."""

    def __init__(self, public_id: str) -> None:
        self.public_id = public_id
        super().__init__(f"{public_id} was mistyped: its checksum does not fit")


def new_token(entropy: Entropy = secrets.token_bytes) -> SecretToken:
    """A token that nobody else has."""
    public = _base62(int.from_bytes(entropy(_PUBLIC_BYTES)) % 62**PUBLIC_CHARACTERS, PUBLIC_CHARACTERS)
    secret = _base62(int.from_bytes(entropy(SECRET_BYTES)), SECRET_CHARACTERS)
    before = f"{PREFIX}{public}_{secret}"
    return SecretToken(f"{PREFIX}{public}", before + _check(before))


def read_token(text: str) -> SecretToken:
    """The token that a text is. Raises NoToken, or MistypedToken, without asking any database."""
    shape = _SHAPE.fullmatch(text) if len(text) == LENGTH else None
    if shape is None:
        raise NoToken("this has not the form of a token")
    before = text[:-CHECK_CHARACTERS]
    if _check(before) != text[-CHECK_CHARACTERS:]:
        raise MistypedToken(shape[1])
    return SecretToken(shape[1], text)


def is_public_id(text: str) -> bool:
    """Whether a text is the public part of a token, as `adk_Ab3dE5gH`."""
    return _PUBLIC_ID.fullmatch(text) is not None


def without_secrets(text: str) -> str:
    """The text with every whole token reduced to its public id, and every invitation's code to its prefix.

    `adk_Ab3dE5gH_...` is `adk_Ab3dE5gH`, `adj-7H3K-...` is `adj-`.
    """
    return _CODE.sub(lambda found: found[1], _WITH_SECRET.sub(lambda found: found[1] or found[2], text))


def holds_secret(text: str) -> bool:
    """Whether a text holds the secret of a token, an invitation's code, or what can be nothing else."""
    return _WITH_SECRET.search(text) is not None or holds_code(text)


def holds_code(text: str) -> bool:
    """Whether a text holds an invitation's code, or what can be nothing else."""
    return _CODE.search(text) is not None


def _check(text: str) -> str:
    return _base62(crc32(text.encode("ascii")), CHECK_CHARACTERS)


def _base62(number: int, characters: int) -> str:
    digits = []
    for _ in range(characters):
        number, rest = divmod(number, 62)
        digits.append(BASE62[rest])
    return "".join(reversed(digits))
