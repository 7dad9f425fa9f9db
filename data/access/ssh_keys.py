"""Public keys of OpenSSH: reading one as it stands in `id_ed25519.pub`, and which may be registered.

The form is that of sshd(8), "AUTHORIZED_KEYS FILE FORMAT", and within the base64 that of RFC 4253, section 6.6, RFC 5656,
section 3.1, RFC 8709, section 4, and OpenSSH's PROTOCOL.u2f. Whether a point lies on its curve is not looked at: a key
that cannot be used lets nobody in.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from data.access.errors import AccessWrong
from data.hostile import holds_hostile

FIELD = "key"
"""What a key is called among the problems of `AccessWrong`."""

LEAST_RSA_BITS = 2048
MOST_RSA_BITS = 16_384
"""Beyond that OpenSSH reads no number."""
MOST_COMMENT_CHARACTERS = 200
_MOST_CHARACTERS = 16_384
_LONGEST_WORD = 40
"""Characters of what was given that are repeated: it may be anything, a private key too."""

_INSTEAD = "`ssh-keygen -t ed25519` makes one that is accepted"
_SECRET = "PRIVATE KEY"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that may be registered. `kind` is its type as OpenSSH writes it, `blob` the key itself in base64."""

    kind: str
    bits: int
    blob: str
    comment: str = ""

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -lf` prints it."""
        return fingerprint_of(b64decode(self.blob))

    @property
    def line(self) -> str:
        """Type and key, as they are written into a file of keys; without the comment."""
        return f"{self.kind} {self.blob}"


class _Wrong(Exception):
    """A key is not written as one; the text says how."""


class _Reader:
    """Reads the fields of a key in the order in which they stand (RFC 4251, section 5)."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    def field(self) -> bytes:
        """A string: four bytes that say its length, and so many more."""
        length = int.from_bytes(self._left[:4])
        if len(self._left) < 4 + length:
            raise _Wrong("it ends too early, as if it was not copied whole")
        found, self._left = self._left[4 : 4 + length], self._left[4 + length :]
        return found

    def number(self) -> int:
        """A number above 0, in as few bytes as it needs."""
        written = self.field()
        number = int.from_bytes(written)
        if not number or written[0] & 0x80 or len(written) != number.bit_length() // 8 + 1:
            raise _Wrong("a number in it is not written as one")
        return number

    def expect(self, wanted: bytes) -> None:
        if self.field() != wanted:
            raise _Wrong("the key within is of another type than the word before it")

    def finish(self) -> None:
        if self._left:
            raise _Wrong("there is more in it than a key")


def _rsa(reader: _Reader) -> int:
    exponent, modulus = reader.number(), reader.number()
    if exponent < 3 or not exponent % 2 or not modulus % 2:
        raise _Wrong("its numbers are none of an RSA key")
    bits = modulus.bit_length()
    if bits < LEAST_RSA_BITS:
        raise _Wrong(f"an RSA key of {bits:,} bits is too weak; it needs {LEAST_RSA_BITS:,}, or {_INSTEAD}")
    if bits > MOST_RSA_BITS:
        raise _Wrong(f"an RSA key of {bits:,} bits is longer than OpenSSH takes")
    return bits


def _ed25519(reader: _Reader) -> int:
    if len(reader.field()) != 32:
        raise _Wrong("an Ed25519 key has 32 bytes")
    return 256


def _ecdsa(bits: int) -> Callable[[_Reader], int]:
    def read(reader: _Reader) -> int:
        reader.expect(b"nistp%d" % bits)
        point = reader.field()
        # 4 is a point that is not compressed; OpenSSH reads no other.
        if len(point) != 1 + 2 * ((bits + 7) // 8) or point[0] != 4:
            raise _Wrong(f"it is no point of the curve nistp{bits}")
        return bits

    return read


def _on_a_device(read: Callable[[_Reader], int]) -> Callable[[_Reader], int]:
    """A key of a security key: the same, and the application that it is for."""

    def read_with_application(reader: _Reader) -> int:
        bits = read(reader)
        if not reader.field():
            raise _Wrong("it names no application")
        return bits

    return read_with_application


KINDS: dict[str, Callable[[_Reader], int]] = {
    "ssh-ed25519": _ed25519,
    "sk-ssh-ed25519@openssh.com": _on_a_device(_ed25519),
    "ecdsa-sha2-nistp256": _ecdsa(256),
    "ecdsa-sha2-nistp384": _ecdsa(384),
    "ecdsa-sha2-nistp521": _ecdsa(521),
    "sk-ecdsa-sha2-nistp256@openssh.com": _on_a_device(_ecdsa(256)),
    "ssh-rsa": _rsa,
}
"""Each type that may be registered, and what reads its fields after the first one and says how many bits it has."""


def read_public_key(line: str) -> PublicKey:
    """The key in a line: its type, the key in base64, and if there is one its comment. Raises AccessWrong."""
    try:
        return _read(line)
    except _Wrong as wrong:
        sentence = str(wrong)
        raise AccessWrong({FIELD: f"{sentence[0].upper()}{sentence[1:]}."}) from None


def key_problem(line: str) -> str | None:
    """Why a line cannot be registered, in a plain sentence; None if it can, as far as the line alone says."""
    try:
        read_public_key(line)
    except AccessWrong as wrong:
        return wrong.problems[FIELD]
    return None


def fingerprint_of(blob: bytes) -> str:
    """The fingerprint of a key as OpenSSH shows it."""
    return "SHA256:" + b64encode(sha256(blob).digest()).decode().rstrip("=")


def _read(line: str) -> PublicKey:
    text = line.strip()
    if not text:
        raise _Wrong("paste a public key, as the file id_ed25519.pub has it")
    if _SECRET in text:
        raise _Wrong(
            "this is a private key, which nobody else may ever see; the public one is in the file that ends in .pub"
        )
    if text.startswith("---- BEGIN SSH2"):
        raise _Wrong("this is a key in another program's form; `ssh-keygen -i -f FILE` writes it in OpenSSH's")
    if len(text) > _MOST_CHARACTERS:
        raise _Wrong(f"a public key has at most {_MOST_CHARACTERS:,} characters")
    if len(text.splitlines()) > 1:
        raise _Wrong("a public key is one line, and these are several; one is registered at a time")
    kind, _, rest = text.replace("\t", " ").partition(" ")
    read = KINDS.get(kind)
    if read is None:
        raise _Wrong(_why_not(kind, text.split()[1:]))
    written, _, comment = rest.lstrip().partition(" ")
    if not written:
        raise _Wrong("after its type the key itself is missing")
    blob = _decoded(written)
    reader = _Reader(blob)
    reader.expect(kind.encode())
    bits = read(reader)
    reader.finish()
    return PublicKey(kind, bits, b64encode(blob).decode(), _comment(comment))


def _decoded(written: str) -> bytes:
    try:
        return b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise _Wrong("the key itself is no base64, as if it was not copied whole") from None


def _comment(text: str) -> str:
    comment = text.strip()
    if len(comment) > MOST_COMMENT_CHARACTERS:
        raise _Wrong(f"its comment has more than {MOST_COMMENT_CHARACTERS} characters")
    if holds_hostile(comment):
        raise _Wrong("its comment holds an invisible or control character")
    return comment


def _why_not(kind: str, others: list[str]) -> str:
    """Why a line that begins with this word is none that can be registered."""
    if "-cert-v0" in kind:
        return "this is a certificate; register the key that it is of"
    if kind == "ssh-dss":
        return f"DSA keys are too weak; {_INSTEAD}"
    if any(word in KINDS for word in others):
        return "nothing may stand before the key's type: no options are registered with it"
    if "-" not in kind or holds_hostile(kind) or len(kind) > _LONGEST_WORD:
        return f"a public key begins with its type, as ssh-ed25519; {_INSTEAD}"
    return f"keys of the type {kind} are not known here; {_INSTEAD}"
