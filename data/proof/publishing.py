"""Checkpoints outside the database: whoever can rewrite it all cannot rewrite what somebody else has."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic

from data.proof.errors import SealingRefused
from data.proof.places import SealingPlaces

COMMAND_EVERY_S = 60
"""The command is started at most so often, and then has the latest checkpoint."""

_PATIENCE_S = 20
_MOST_TOLD = 200


class Publisher:
    """Hands checkpoints on. What could not be handed on is tried again with the next look."""

    def __init__(self, places: SealingPlaces, now_s: Callable[[], float] = monotonic) -> None:
        self._places = places
        self._now_s = now_s
        self._for_file: str | None = None
        self._for_command: str | None = None
        self._commanded_at = -float(COMMAND_EVERY_S)

    def publish(self, note: str | None) -> None:
        """Hand on the note of a new checkpoint; None for whatever is still to be handed on.

        Raises SealingRefused, in words, where a file cannot be written or the command fails.
        """
        if note is not None:
            self._for_file = note if self._places.checkpoint_file is not None else None
            self._for_command = note if self._places.checkpoint_command else None
        if self._for_file is not None and self._places.checkpoint_file is not None:
            _write(self._places.checkpoint_file, self._for_file)
            self._for_file = None
        if self._for_command is not None and self._now_s() - self._commanded_at >= COMMAND_EVERY_S:
            self._commanded_at = self._now_s()
            _run(self._places.checkpoint_command, self._for_command)
            self._for_command = None


def _write(path: Path, note: str) -> None:
    try:
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            unfinished = Path(file.name)
            try:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o644)  # it is for others to see
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise SealingRefused(f"The checkpoint cannot be written to {path}: {error.strerror}.") from None


def _run(command: tuple[str, ...], note: str) -> None:
    try:
        done = subprocess.run(
            command, input=note.encode(), capture_output=True, timeout=_PATIENCE_S, check=False, start_new_session=True
        )
    except subprocess.TimeoutExpired:
        raise SealingRefused(f"{command[0]} did not take the checkpoint within {_PATIENCE_S} seconds.") from None
    except OSError as error:
        raise SealingRefused(f"{command[0]}, to which the checkpoint goes, cannot run: {error.strerror}.") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-_MOST_TOLD:]
        raise SealingRefused(
            f"{command[0]} did not take the checkpoint: it ended with status {done.returncode}"
            f"{f', and said {said!r}' if said else ''}."
        )
