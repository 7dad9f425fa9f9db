"""Signed notes, as C2SP's signed-note specification has them: a text, and who signed it, with Ed25519 (type 0x01).

Keys are written as that specification and Go's `note` package write them: `name+id+base64` for whoever checks, and
`PRIVATE+KEY+name+id+base64` for whoever signs.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_ID_BYTES = 4
_KEY_BYTES = 32
_SIGNATURE_BYTES = 64
_PRIVATE = "PRIVATE+KEY+"
_SIGNED_BY = "\u2014 "
_MOST_SIGNATURES = 100


class NoteInvalid(Exception):
    """A note or a key is none, or nobody who is known has signed it; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half of a key, and the name that goes with it."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The 4 bytes that stand in front of this key's signatures."""
        return sha256(f"{self.name}\n".encode() + ED25519 + self.key).digest()[:_ID_BYTES]

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """The key that was written as `name+id+base64`. Raises NoteInvalid."""
        name, key, id_ = _parsed_key(text.strip())
        found = cls(name, key)
        if found.id != id_:
            raise NoteInvalid("the key is not the one that its id names")
        return found

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(ED25519 + self.key)}"

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Whether this is the signature of this key under the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A whole key. Its `repr` does not show it."""

    verifier: Verifier
    _seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"

    @classmethod
    def generate(cls, name: str) -> "Signer":
        """A new key. Raises NoteInvalid for a name that no key can have."""
        return cls._of(_checked_name(name), Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """The key that was written as `PRIVATE+KEY+name+id+base64`. Raises NoteInvalid, which does not repeat it."""
        written = text.strip()
        if not written.startswith(_PRIVATE):
            raise NoteInvalid("not a private key: it would begin with PRIVATE+KEY+")
        name, seed, id_ = _parsed_key(written.removeprefix(_PRIVATE))
        found = cls._of(name, seed)
        if found.verifier.id != id_:
            raise NoteInvalid("the key is not the one that its id names")
        return found

    def written(self) -> str:
        """The whole key, to be kept where nobody else reads."""
        return f"{_PRIVATE}{self.verifier.name}+{self.verifier.id.hex()}+{_base64(ED25519 + self._seed)}"

    def sign(self, text: str) -> str:
        """The note: this text, which ends with a line feed, under a signature. Raises ValueError for any other text."""
        if not _is_text(text):
            raise ValueError("a note's text is lines of printable characters")
        signature = Ed25519PrivateKey.from_private_bytes(self._seed).sign(text.encode())
        return f"{text}\n{_SIGNED_BY}{self.verifier.name} {_base64(self.verifier.id + signature)}\n"

    @classmethod
    def _of(cls, name: str, seed: bytes) -> "Signer":
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        return cls(Verifier(name, public), seed)


def open_note(note: str, verifiers: Iterable[Verifier]) -> str:
    """The text of a note that at least one of these has signed, and none of them wrongly. Raises NoteInvalid.

    Signatures of others are passed over, as the specification asks.
    """
    text, separator, signatures = note.rpartition("\n\n")
    text += "\n"
    if not separator or not _is_text(text) or not signatures.endswith("\n"):
        raise NoteInvalid("not a signed note")
    lines = signatures.removesuffix("\n").split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise NoteInvalid("more signatures than a note may have")
    known = {(one.name, one.id): one for one in verifiers}
    is_signed = False
    for line in lines:
        name, id_, signature = _parsed_signature(line)
        verifier = known.get((name, id_))
        if verifier is not None:
            if len(signature) != _SIGNATURE_BYTES or not verifier.has_signed(text, signature):
                raise NoteInvalid(f"the signature of {name} is wrong")
            is_signed = True
    if not is_signed:
        raise NoteInvalid("nobody who is known has signed it")
    return text


def _parsed_signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_SIGNED_BY).partition(" ")
    signed = _decoded(encoded)
    if not line.startswith(_SIGNED_BY) or not _is_name(name) or len(signed) <= _ID_BYTES:
        raise NoteInvalid("a line below the text is no signature")
    return name, signed[:_ID_BYTES], signed[_ID_BYTES:]


def _parsed_key(written: str) -> tuple[str, bytes, bytes]:
    name, _, rest = written.partition("+")
    id_, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    if not _is_name(name) or len(id_) != 2 * _ID_BYTES or not key:
        raise NoteInvalid("not a key: it would be name+id+base64")
    if key[:1] != ED25519 or len(key) != 1 + _KEY_BYTES:
        raise NoteInvalid("a key of another kind: it has to be of Ed25519, type 1")
    try:
        return name, key[1:], bytes.fromhex(id_)
    except ValueError:
        raise NoteInvalid("not a key: its id is not of hexadecimal digits") from None


def _checked_name(name: str) -> str:
    if not _is_name(name):
        raise NoteInvalid("a key's name has neither blanks nor a plus sign")
    return name


def _is_name(name: str) -> bool:
    return bool(name) and name.isprintable() and "+" not in name and not any(sign.isspace() for sign in name)


def _is_text(text: str) -> bool:
    return text.endswith("\n") and all(sign == "\n" or sign >= " " for sign in text) and "\x7f" not in text


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decoded(text: str) -> bytes:
    """Nothing for what is no base64, whose one spelling it has to be."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return value if _base64(value) == text else b""
