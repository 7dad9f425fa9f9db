"""The line in which the writers of an embedded database wait: a lock on a file beside it.

SQLite's own lock is not fair: of eight busy writers one waited five seconds. Nor is a lock for which each looks again and
again: whoever gives it back is the first to look. Who waits within `flock` is woken as it is given back, the one that has
waited longest before the others; somebody who asks at that very moment may come first, but nobody is passed over again and
again (measured: 96 ms at most among eight). Whoever dies, with the turn or in the line, gives up both.

In a turn nobody else copies the write-ahead log into the file, either: SQLite does that within a commit. Up to 3.51.2 it
could lose commits where one did it while another began the log anew (sqlite.org/wal.html, "The WAL-Reset Bug").
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread

from data.errors import DatabaseError, DatabaseUnavailable, DiskFull
from data.stopping import WRITERS

LOCK_TIMEOUT_S = 10.0


@contextmanager
def write_turn(path: Path | None) -> Iterator[None]:
    """Wait in line to write to an embedded database; nothing to wait for on a shared one.

    Raises DatabaseUnavailable when the turn does not come within LOCK_TIMEOUT_S seconds, DatabaseError when there is no
    writing at that place.
    """
    with WRITERS.writing():
        if path is None:
            yield
            return
        descriptor = _taken(path)
        try:
            yield
        finally:
            os.close(descriptor)


def _taken(path: Path) -> int:
    """The open file whose lock is ours now: closing it gives the turn to the next."""
    line = f"{os.path.realpath(path)}.lock"  # one for all names of a file, and where SQLite has its own files beside it
    try:
        descriptor = os.open(line, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _refused(line, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if not _Waiting(descriptor).has_come(LOCK_TIMEOUT_S):
            raise DatabaseUnavailable(f"Another program has been writing to {path} for too long.") from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _refused(line: str, error: OSError) -> DatabaseError:
    kind = DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else DatabaseError
    return kind(f"{line} cannot be written: {error.strerror}.")


class _Waiting:
    """Waits for the lock of an open file in a thread of its own, for `flock` knows no time limit.

    Where nobody waits for the turn any more when it comes, it goes on to the next at once.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._deciding = Lock()
        self._is_here, self._is_given_up = Lock(), False
        self._is_here.acquire()

    def has_come(self, within_s: float) -> bool:
        """Wait for the turn, and say whether it is here. If it is not, or after an exception, the file is not ours any more."""
        try:
            # A thread that waits is nothing to wait for at the end of the process: the kernel takes it from the line.
            Thread(target=self._wait, name="auditdeck-write-turn", daemon=True).start()
        except BaseException:
            os.close(self._descriptor)
            raise
        has_come = False
        try:
            has_come = self._is_here.acquire(timeout=within_s)
        finally:
            if not has_come:
                self._give_up()
        return has_come

    def _wait(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._deciding:
            if self._is_given_up:
                os.close(self._descriptor)
            else:
                self._is_here.release()

    def _give_up(self) -> None:
        with self._deciding:
            self._is_given_up = True
            if self._is_here.acquire(blocking=False):  # it came in the moment between
                os.close(self._descriptor)


@contextmanager
def lone_turn(path: Path, key: int) -> Iterator[bool]:
    """Whether nobody else, in whatever process, is within such a block with this key on this embedded database.

    Raises DatabaseError when there is no writing at that place.
    """
    line = f"{os.path.realpath(path)}.lock-{key}"
    try:
        descriptor = os.open(line, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _refused(line, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
