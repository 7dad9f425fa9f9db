"""Records that were not taken: why, and the file in which they are kept for whoever mends them."""

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import orjson

from data.errors import AuditdeckError
from data.hostile import escaped_json

RAW_KEPT = 64 * 1024
"""Bytes of a rejected record that are kept."""


class BadRecord(AuditdeckError):
    """One record cannot be taken. `str()` of it is the reason, without the place."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that was not taken.

    `line` is the number of its line from 1; in a CloudTrail document, which has no lines that mean anything, it is the
    ordinal number of the record from 1, and `reason` then begins with `record <number>:`. `raw` is the record as it stood
    in the file, its first 64 KiB at most.
    """

    line: int
    reason: str
    raw: bytes


class RejectsFile:
    """JSON lines of `file`, `line`, `reason` and `raw` (bytes that are no UTF-8 stand there as `\\xff`).

    The file is made when the first reject comes, readable by its owner alone, for what it holds is log content. A file
    that is there already is never touched: `name.jsonl` gives way to `name-2.jsonl`, `name-3.jsonl` and so on.
    `path` is None until then, and afterwards where the rejects really are.
    """

    def __init__(self, wanted: Path) -> None:
        self.path: Path | None = None
        self._wanted = wanted
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, file: str, reject: Reject) -> None:
        """Add one reject of the input named `file`. Raises AuditdeckError when the file cannot be made or written."""
        content = orjson.dumps(
            {
                # A path may hold bytes that are no UTF-8, which Python keeps as lone surrogates.
                "file": file.encode("utf-8", "backslashreplace").decode(),
                "line": reject.line,
                "reason": reject.reason,
                "raw": reject.raw.decode("utf-8", "backslashreplace"),
            }
        )
        # Whoever looks at why a record was refused does so with `cat`.
        line = f"{escaped_json(content.decode())}\n".encode()
        try:
            if self._stream is None:
                self.path, self._stream = _create_beside(self._wanted)
            self._stream.write(line)
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Write out what is held back. Raises AuditdeckError when that fails; closing twice is nothing."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            stream.close()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> AuditdeckError:
        return AuditdeckError(f"cannot write the rejects to {self.path or self._wanted}: {error.strerror or error}")


def _create_beside(wanted: Path) -> tuple[Path, BinaryIO]:
    for number in count(1):
        path = wanted if number == 1 else wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        try:
            return path, open(path, "xb", opener=_private)
        except FileExistsError:
            continue
    raise AssertionError("unreachable: the numbers do not end")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
