"""Opening what is to be imported: a file or standard input, plain or gzip, told apart by content and never by name."""

import errno
import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from data.errors import UnreadableInput

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_INPUT = "-"
_CHUNK = 256 * 1024
_GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, section 2.3.1
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PLAIN_WORDS = {
    errno.ENOENT: "there is no such file",
    errno.EACCES: "permission denied",
    errno.EISDIR: "it is a folder",
}


class _Counted(io.RawIOBase):
    """A stream that counts the bytes read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.count = 0
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        target = memoryview(buffer)
        data = self._stream.read(len(target))
        target[: len(data)] = data
        self.count += len(data)
        return len(data)


class InputFile:
    """An input being read once, from front to back. A context manager; leaving it closes what it opened.

    `name` is what messages call it. `size` is the bytes of the file as it lies there (compressed, if it is), or None where
    nobody knows, as of a pipe.
    """

    def __init__(self, name: str, stream: BinaryIO, size: int | None, *, owned: bool = True) -> None:
        self.name = name
        self.size = size
        self._file = stream
        self._owned = owned
        self._counted = _Counted(stream)
        self._plain = io.BufferedReader(self._counted, _CHUNK)
        self._content: io.BufferedReader[_Counted] | gzip.GzipFile | None = None
        self._ahead: bytes | None = None
        self._ended = False
        self._failure: UnreadableInput | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._owned:
            self._file.close()

    @property
    def consumed(self) -> int:
        """Bytes of the underlying file read so far, in the units of `size`: for a progress bar."""
        return self._counted.count

    def peek(self, size: int) -> bytes:
        """The first bytes of the content: at least `size`, or all there is.

        A byte order mark at the start is not content. Reading starts at the same place afterwards. Never raises: what
        cannot be read is raised by `chunks`, after what could be.
        """
        ahead = bytearray(self._ahead or b"")
        while len(ahead) < size + len(_BYTE_ORDER_MARK) and not self._ended and self._failure is None:
            try:
                piece = self._read()
            except UnreadableInput as failure:
                self._failure = failure
                break
            self._ended = not piece
            ahead += piece
        self._ahead = bytes(ahead) if self._ahead is not None else bytes(ahead.removeprefix(_BYTE_ORDER_MARK))
        return self._ahead

    def chunks(self) -> Iterator[bytes]:
        """The content, once. Raises UnreadableInput where it ends too early or is damaged, after what could be read."""
        first = self.peek(1)
        self._ahead = b""
        if first:
            yield first
        if self._failure is not None:
            raise self._failure
        while not self._ended and (piece := self._read()):
            yield piece

    def _read(self) -> bytes:
        try:
            if self._content is None:
                compressed = self._plain.peek(2)[:2] == _GZIP_MAGIC
                self._content = gzip.GzipFile(fileobj=self._plain) if compressed else self._plain
            return self._content.read1(_CHUNK)
        except EOFError as error:
            raise UnreadableInput(f"{self.name} ends too early: the rest of its gzip data is missing") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise UnreadableInput(f"{self.name} holds damaged gzip data: {error}") from error
        except OSError as error:
            raise _unreadable(self.name, error) from error


def open_input(path: str) -> InputFile:
    """Open a file, or standard input for `-`. Raises UnreadableInput, in a sentence that names the path."""
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise UnreadableInput("cannot read standard input: it is closed")
        return InputFile("standard input", sys.stdin.buffer, None, owned=False)
    try:
        stream = io.FileIO(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:  # a NUL in the path
        raise UnreadableInput(f"cannot read {path}: {error}") from error
    status = os.fstat(stream.fileno())
    return InputFile(path, stream, status.st_size if stat.S_ISREG(status.st_mode) else None)


def _unreadable(name: str, error: OSError) -> UnreadableInput:
    return UnreadableInput(f"cannot read {name}: {_PLAIN_WORDS.get(error.errno or 0) or error.strerror or error}")
