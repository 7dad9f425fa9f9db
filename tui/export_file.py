"""An export in a file of its own: under its name there is all of it, or nothing.

It is written beside that, to a file that its owner alone can read, and takes the name when it lies on the disk as a whole.
"""

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.errors import AuditdeckError
from data.hostile import holds_hostile

_MODE = 0o600
_BUFFER = 256 * 1024
# Of a name's 255 bytes, those that are left beside what makes it another.
_MOST_NAME_BYTES = 200
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


class NotExported(AuditdeckError):
    """The file cannot be made; nothing is left of it, and what was there stays as it was."""


def place_problem(path: Path, *, force: bool = False) -> str | None:
    """Why an export cannot lie there, as far as can be seen before it is tried; None if it can.

    With `force` a file that is there already may be written over; nothing else may.
    """
    if holds_hostile(str(path)):
        return "The path holds an invisible or control character."
    try:
        if path.is_dir():
            return f"{path} is a folder; write a file's name too."
        if os.path.lexists(path):
            if force and path.is_file():
                return None
            return f"{path} is there already, and stays as it is{'' if path.is_file() else '; it is no file'}."
        if not path.parent.is_dir():
            return f"There is no folder {path.parent}."
    except (OSError, ValueError) as error:
        return f"{path} is no path: {_words(error)}."
    return None


@contextmanager
def export_file(path: Path, *, force: bool = False) -> Iterator[Callable[[bytes], None]]:
    """What to write the export with, within the block; at its end the file is there, with no more in it.

    Raises NotExported, at any time. A block that is left by an exception leaves nothing.
    """
    problem = place_problem(path, force=force)
    if problem is not None:
        raise NotExported(problem)
    beside = path.parent / f".{_cut(path.name)}.{secrets.token_hex(4)}.part"
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    except (OSError, ValueError) as error:
        raise NotExported(f"{path} cannot be made: {_words(error)}.") from None
    try:
        try:
            os.fchmod(descriptor, _MODE)  # whatever the umask
            file = _File(path, descriptor)
            yield file.take
            file.finish()
        finally:
            os.close(descriptor)
        _give_name(beside, path, force=force)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


class _File:
    """Lines on their way to the disk, many at once. It has no buffer that would be written once more when all is over."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self._lines: list[bytes] = []
        self._held = 0

    def take(self, line: bytes) -> None:
        self._lines.append(line)
        self._held += len(line)
        if self._held >= _BUFFER:
            self._hand_over()

    def finish(self) -> None:
        """Have all of it on the disk."""
        self._hand_over()
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise _cannot_write(self._path, error) from None

    def _hand_over(self) -> None:
        left = memoryview(b"".join(self._lines))
        self._lines, self._held = [], 0
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError as error:
            raise _cannot_write(self._path, error) from None


def _give_name(beside: Path, path: Path, *, force: bool) -> None:
    try:
        if force:
            beside.replace(path)
        else:
            _link(beside, path)
    except FileExistsError:
        raise NotExported(f"{path} came to be there meanwhile, and stays as it is.") from None
    except OSError as error:
        raise _cannot_write(path, error) from None
    with suppress(OSError):  # that the name outlasts a crash: not every file system lets a folder be asked for that
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _link(beside: Path, path: Path) -> None:
    """Give it the name unless something else has it: a link, unlike a new name, takes nothing's place."""
    try:
        os.link(beside, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise FileExistsError from None
        beside.rename(path)
    else:
        beside.unlink()


def _cannot_write(path: Path, error: OSError) -> NotExported:
    return NotExported(f"{path} cannot be written: {_words(error)}. Nothing is left of it.")


def _cut(name: str) -> str:
    return os.fsdecode(os.fsencode(name)[:_MOST_NAME_BYTES])


def _words(error: Exception) -> str:
    words = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return words[:1].lower() + words[1:]
