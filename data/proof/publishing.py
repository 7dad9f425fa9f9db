"""Checkpoints outside the database: whoever can rewrite it all cannot rewrite what somebody else has."""

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from threading import Lock
from time import monotonic

from data.proof.errors import SealingRefused
from data.proof.places import SealingPlaces

COMMAND_EVERY_S = 60
"""The command is started at most so often, and then has the latest checkpoint."""

_PATIENCE_S = 20
_MOST_TOLD = 200


class Publisher:
    """Hands checkpoints on. What could not be handed on is tried again with the next look. Safe to use from several threads.

    Nobody waits for the command, but for whoever asks to: sealing goes on meanwhile.
    """

    def __init__(self, places: SealingPlaces, now_s: Callable[[], float] = monotonic) -> None:
        self._places = places
        self._now_s = now_s
        self._for_file: str | None = None
        self._for_command: str | None = None
        self._commanded_at = -float(COMMAND_EVERY_S)
        self._running: _Running | None = None
        self._is_new = True
        self._one_at_a_time = Lock()

    @property
    def lacks_the_last(self) -> bool:
        """Whether it has never been handed anything, and so cannot know whether the last checkpoint was handed on."""
        return self._is_new and (self._places.checkpoint_file is not None or bool(self._places.checkpoint_command))

    @property
    def is_behind(self) -> bool:
        """Whether there is anything to be handed on, or somebody to be heard of who was handed it."""
        waits = self._for_file is not None or self._for_command is not None or self._running is not None
        return waits or self.lacks_the_last

    def publish(self, note: str | None) -> None:
        """Hand on the note of a new checkpoint; None for whatever is still to be handed on.

        Raises SealingRefused, in words, where a file cannot be written or the command has failed.
        """
        with self._one_at_a_time:
            self._is_new = False
            if note is not None:
                self._for_file = note if self._places.checkpoint_file is not None else None
                self._for_command = note if self._places.checkpoint_command else None
            if self._for_file is not None and self._places.checkpoint_file is not None:
                _write(self._places.checkpoint_file, self._for_file)
                self._for_file = None
            if self._running is not None:
                self._end(0)
            elif self._for_command is not None and self._now_s() - self._commanded_at >= COMMAND_EVERY_S:
                self._commanded_at = self._now_s()
                self._running = _Running(self._places.checkpoint_command, self._for_command)

    def finish(self) -> None:
        """Wait for a command that runs, 20 seconds at most since it began. Raises as `publish`."""
        with self._one_at_a_time:
            if self._running is not None:
                self._end(_PATIENCE_S)

    def _end(self, patience_s: float) -> None:
        running = self._running
        if running is None or not running.has_ended(patience_s):
            return
        self._running = None
        running.check()
        if self._for_command == running.note:
            self._for_command = None


class _Running:
    """A command that has a note on its standard input."""

    def __init__(self, command: tuple[str, ...], note: str) -> None:
        """Raises SealingRefused where it cannot begin."""
        self.note = note
        self._name = command[0]
        self._began = monotonic()
        self._said = TemporaryFile()  # noqa: SIM115 - until it has ended
        self._is_late = False
        try:
            with TemporaryFile() as given:
                given.write(note.encode())
                given.seek(0)
                self._process = subprocess.Popen(
                    command, stdin=given, stdout=subprocess.DEVNULL, stderr=self._said, start_new_session=True
                )
        except OSError as error:
            self._said.close()
            raise SealingRefused(f"{self._name}, to which the checkpoint goes, cannot run: {error.strerror}.") from None

    def has_ended(self, patience_s: float) -> bool:
        """Whether it has, waiting so long at most for it; one that takes too long is ended."""
        left = self._began + _PATIENCE_S - monotonic()
        try:
            self._process.wait(max(min(patience_s, left), 0))
        except subprocess.TimeoutExpired:
            if monotonic() < self._began + _PATIENCE_S:
                return False
            self._is_late = True
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        return True

    def check(self) -> None:
        """Raise SealingRefused unless it has taken the note."""
        with self._said:
            self._said.seek(0)
            said = self._said.read()[-_MOST_TOLD:].decode(errors="replace").strip()
        if self._is_late:
            raise SealingRefused(f"{self._name} did not take the checkpoint within {_PATIENCE_S} seconds.")
        if self._process.returncode:
            raise SealingRefused(
                f"{self._name} did not take the checkpoint: it ended with status {self._process.returncode}"
                f"{f', and said {said!r}' if said else ''}."
            )


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
