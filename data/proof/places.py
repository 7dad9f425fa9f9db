"""Where a sealer finds the key of its log, and where checkpoints go besides the database."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from data.proof.errors import SealingRefused


@dataclass(frozen=True, slots=True)
class SealingPlaces:
    """As the settings say. `key` is one file for whatever log; without it, an embedded database has its key beside it, and
    a shared one's is in `key_folder`, under the log's name.

    `checkpoint_file` is replaced with each checkpoint; `checkpoint_command`, a program and its arguments, has it on its
    standard input.
    """

    key: Path | None = None
    key_folder: Path | None = None
    checkpoint_file: Path | None = None
    checkpoint_command: tuple[str, ...] = ()

    def key_of(self, log: UUID, database: Path | None) -> Path:
        """Where the key of this log lies; `database` is the file of an embedded one. Raises SealingRefused for nowhere."""
        if self.key is not None:
            return self.key
        if database is not None:
            return database.with_name(f"{database.name}.key")
        if self.key_folder is None:
            raise SealingRefused("Nothing says where the key is that seals this log.")
        return self.key_folder / f"{log}.key"
