"""The last checkpoint that somebody saw of a database, in a small file of their own: out of reach of whoever has that."""

import json
import os
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from data.clock import to_text
from data.merkle.checkpoints import Checkpoint
from data.merkle.notes import NoteInvalid, Verifier, open_note
from data.proof.errors import ProofBroken

_NAME_CHARACTERS = 16
_MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """A checkpoint as it was seen (UTC), with the key that had signed it; and how many events were verified then or before."""

    checkpoint: Checkpoint
    note: str
    verifier: Verifier
    seen_at: datetime
    verified: int = 0


class RememberedCheckpoint:
    """The file of one database. Whoever starts several programs at once has one memory."""

    def __init__(self, folder: Path | None, database: str) -> None:
        """Without a folder nothing is remembered. `database` is its address, without a password."""
        name = sha256(database.encode("utf-8", "surrogatepass")).hexdigest()[:_NAME_CHARACTERS]
        self.path: Path | None = None if folder is None else folder / f"checkpoint-{name}.json"

    @classmethod
    def at(cls, path: Path) -> "RememberedCheckpoint":
        """The file at this place."""
        made = cls(None, "")
        made.path = path
        return made

    def read(self) -> Remembered | None:
        """What was seen last, None where nothing was yet. Raises ProofBroken for a file that says nothing."""
        if self.path is None:
            return None
        try:
            with self.path.open("rb") as file:
                told = json.loads(file.read(_MOST_BYTES))
            verifier = Verifier.parse(told["verifier"])
            note = str(told["note"])
            checkpoint = Checkpoint.parse(open_note(note, [verifier]))
            verified = min(max(int(told.get("verified", 0)), 0), checkpoint.size)
            return Remembered(checkpoint, note, verifier, datetime.fromisoformat(told["seen_at"]), verified)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ProofBroken(f"What was seen here last cannot be read: {self.path}: {error.strerror}.") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, NoteInvalid):
            raise ProofBroken(f"What was seen here last cannot be understood: {self.path}.") from None

    def remember(self, seen: Remembered) -> None:
        """Keep this, unless somebody has seen more since. Raises OSError."""
        before = self.read()
        if before is None or before.checkpoint.size < seen.checkpoint.size:
            self._write(seen if before is None else replace(seen, verified=before.verified))

    def note_verified(self, size: int) -> None:
        """Keep that so many events were verified, all of those at the beginning. Raises OSError, ProofBroken."""
        seen = self.read()
        if seen is not None and seen.verified < size:
            # Whoever loses this verifies a little more than was needed.
            self._write(replace(seen, verified=min(size, seen.checkpoint.size)), durably=False)

    def _write(self, seen: Remembered, *, durably: bool = True) -> None:
        if self.path is None:
            return
        told = {
            "seen_at": to_text(seen.seen_at),
            "verified": seen.verified,
            "verifier": str(seen.verifier),
            "note": seen.note,
        }
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=self.path.parent, prefix=".checkpoint-", delete=False
        ) as file:
            unfinished = Path(file.name)
            try:
                json.dump(told, file, ensure_ascii=False, indent=1)
                file.flush()
                if durably:
                    os.fsync(file.fileno())
                unfinished.replace(self.path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise

    def forget(self) -> bool:
        """Begin anew with whatever is seen next; whether there was anything. Raises OSError."""
        if self.path is None or not self.path.exists():
            return False
        self.path.unlink()
        return True
