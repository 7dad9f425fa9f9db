"""Checkpoints, as C2SP's tlog-checkpoint has them: of which log, how many leaves, and the root over all of them."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from data.merkle.notes import NoteInvalid, Signer, Verifier, open_note
from data.merkle.tree import HASH_BYTES

_ORIGIN = "auditdeck/"
_MOST_DIGITS = 18
"""Of a size. Python refuses to read numbers of thousands of digits, and whoever signs with a key of their own writes any."""


def origin_of(log: UUID) -> str:
    """The name of a log, and of the key that seals it."""
    return f"{_ORIGIN}{log}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log held at some moment: `size` leaves, from 0 on, under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Raises NoteInvalid. Lines after the third are extensions, and passed over."""
        origin, size, root = (*text.split("\n"), "", "", "")[:3]
        if not origin or not size.isascii() or not size.isdigit() or len(size) > _MOST_DIGITS:
            raise NoteInvalid("not a checkpoint")
        if size[0] == "0" and size != "0":
            raise NoteInvalid("not a checkpoint")
        try:
            decoded = base64.b64decode(root, validate=True)
        except (binascii.Error, ValueError):
            decoded = b""
        if len(decoded) != HASH_BYTES or base64.b64encode(decoded).decode() != root:
            raise NoteInvalid("not a checkpoint: its root is not 32 bytes")
        return cls(origin, int(size), decoded)


def sealed(checkpoint: Checkpoint, signer: Signer) -> str:
    """The checkpoint as a signed note."""
    return signer.sign(checkpoint.text())


def open_checkpoint(note: str, origin: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """The checkpoint of this log that one of these has signed. Raises NoteInvalid, also for that of another log."""
    found = Checkpoint.parse(open_note(note, verifiers))
    if found.origin != origin:
        raise NoteInvalid(f"a checkpoint of another log, {found.origin}")
    return found
