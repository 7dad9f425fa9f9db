"""Bytes as they arrive: from a pipe, or from a file that grows and is now and then put aside for a new one."""

import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from io import FileIO

from data.errors import UnreadableInput

PAUSE_S = 0.25
"""So long nothing is waited for before something else is done."""

_CHUNK = 256 * 1024


def piped(descriptor: int, on_pause: Callable[[], None]) -> Iterator[bytes]:
    """What comes out of a pipe, until its other end is closed; `on_pause` is called whenever nothing comes for a while."""
    while True:
        ready, _, _ = select.select([descriptor], [], [], PAUSE_S)
        if not ready:
            on_pause()
            continue
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            return
        yield chunk


def followed(path: str, on_pause: Callable[[], None]) -> Iterator[bytes]:
    """What is in a file and what is added to it, for ever.

    A file that is put aside is read to its end, and then the one that has taken its name; one that is emptied is read
    from its beginning. Raises UnreadableInput if there is no such file at first, or it cannot be read.
    """
    current = _opened(path)
    if current is None:
        raise UnreadableInput(f"cannot read {path}: there is no such file")
    while True:
        with closing(current):
            yield from _until_put_aside(current, path, on_pause)
        # A line that was broken off by the change does not run on in the next file.
        yield b"\n"
        while (following := _opened(path)) is None:  # gone again already: there will be another one
            on_pause()
            time.sleep(PAUSE_S)
        current = following


def _until_put_aside(current: FileIO, path: str, on_pause: Callable[[], None]) -> Iterator[bytes]:
    is_aside = False
    while True:
        try:
            chunk = current.read(_CHUNK)
        except OSError as error:  # the disk is gone, or the folder is no longer mounted
            raise UnreadableInput(f"cannot read {path}: {error.strerror or error}") from error
        if chunk:
            yield chunk
            continue
        if is_aside:  # and what was written until it was put aside has been read
            return
        status = os.fstat(current.fileno())
        if status.st_size < current.tell():
            current.seek(0)
            yield b"\n"
            continue
        is_aside = _is_another(path, status)
        if not is_aside:
            on_pause()
            time.sleep(PAUSE_S)


def _is_another(path: str, status: os.stat_result) -> bool:
    """Whether the name is another file's now; while it is nobody's, the old one is still read."""
    try:
        return not os.path.samestat(os.stat(path), status)
    except OSError:
        return False


def _opened(path: str) -> FileIO | None:
    try:
        return FileIO(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"cannot read {path}: {error}") from error
