"""From bytes to JSON objects, each with the place where it stood: JSON lines, and documents with a list of records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from data.errors import UnreadableInput
from data.exchange.exact_json import JsonCursor, MalformedJson, decode
from data.exchange.input_file import InputFile
from data.exchange.rejects import RAW_KEPT, BadRecord, Reject
from data.records import Json

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one line; what is longer is a reject, and is never held in memory whole."""

LARGEST_DOCUMENT = 256 * 1024 * 1024
"""Bytes of one document; it is held in memory whole, its records are made into objects one by one."""

RECORDS_KEY = "Records"

Path: TypeAlias = tuple[str, ...]
"""The keys from a document down to a list of records; none at all for a document that is the list."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One JSON object of an input.

    `number` counts from 1: lines, or with `in_document` the records of a document. `raw` holds its first 64 KiB; `size` is
    its length, in bytes, or in characters in a document.
    """

    number: int
    value: dict[str, Json]
    raw: bytes
    size: int
    in_document: bool = False

    def rejected(self, reason: str) -> Reject:
        """This record as one that was not taken."""
        return Reject(self.number, f"record {self.number}: {reason}" if self.in_document else reason, self.raw)


class Line(NamedTuple):
    """A line without its newline. `content` is cut to the bound it was read with, `length` is its real one in bytes."""

    number: int
    content: bytes
    length: int


def bounded_lines(chunks: Iterator[bytes], longest: int) -> Iterator[Line]:
    """The lines of `chunks`, from 1, in memory of at most `longest` bytes and one chunk."""
    number = 1
    tail = bytearray()
    length = 0
    for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            if length:
                tail += piece[: longest - len(tail)]
                yield Line(number, bytes(tail), length + len(piece))
                tail.clear()
                length = 0
            else:
                yield Line(number, piece[:longest], len(piece))
            number += 1
        tail += rest[: longest - len(tail)]
        length += len(rest)
    if length:
        yield Line(number, bytes(tail), length)


def line_records(source: InputFile) -> Iterator[RawRecord | Reject]:
    """The objects of JSON lines; blank lines are skipped. Raises UnreadableInput where the input breaks off."""
    for number, content, length in bounded_lines(source.chunks(), LONGEST_LINE):
        raw = content[:RAW_KEPT]
        if length > LONGEST_LINE:
            reason = f"the line has {length:,} bytes, and {LONGEST_LINE:,} are the most that a line may have"
            yield Reject(number, reason, raw)
            continue
        if not content or content.isspace():
            continue
        try:
            value = decode(content)
        except BadRecord as error:
            yield Reject(number, str(error), raw)
            continue
        if isinstance(value, dict):
            yield RawRecord(number, value, raw, length)
        else:
            yield Reject(number, "a record should be an object", raw)


def document_records(source: InputFile, *paths: Path) -> Iterator[RawRecord | Reject]:
    """The objects in the lists at `paths` of a document, or of several documents one after the other; without a path, in
    the list `Records`.

    Where the JSON breaks, one reject stands for all the rest. Raises UnreadableInput for a document that is too large,
    and after what could be read where the input breaks off.
    """
    text, failure = _whole_text(source)
    walk = DocumentWalk(text, paths or ((RECORDS_KEY,),))
    try:
        yield from walk.records()
    except BadRecord as error:
        # Input that breaks off breaks its last record too; that is one failure, and it is told once.
        if failure is None:
            number, cursor = walk.whole + 1, walk.cursor
            reason = f"record {number}: {error}; nothing after it can be read"
            yield Reject(number, reason, _raw(cursor.text, cursor.position, len(cursor.text)))
    if failure is not None:
        raise failure


class DocumentWalk:
    """Stepping through a text of JSON to the records in it. `whole` is how many have been stepped over so far."""

    def __init__(self, text: str, paths: Sequence[Path]) -> None:
        self.cursor = JsonCursor(text)
        self.whole = 0
        self._paths = paths

    def records(self) -> Iterator[RawRecord | Reject]:
        """Every item of the lists at the paths. Raises BadRecord where the JSON breaks."""
        while not self.cursor.at_end():
            if not (self.cursor.at("[") and () in self._paths) and not self.cursor.at("{"):
                self.cursor.expect("{")
            yield from self._value(self._paths)

    def _value(self, paths: Sequence[Path]) -> Iterator[RawRecord | Reject]:
        cursor = self.cursor
        if () in paths and cursor.take("["):
            while not cursor.take("]"):
                yield _document_record(cursor, self.whole + 1)
                self.whole += 1
                cursor.end_item("]")
        elif any(paths) and cursor.take("{"):
            while not cursor.take("}"):
                key = cursor.value()
                cursor.expect(":")
                yield from self._value([path[1:] for path in paths if path[:1] == (key,)])
                cursor.end_item("}")
        else:
            cursor.value()


def _document_record(cursor: JsonCursor, number: int) -> RawRecord | Reject:
    start = cursor.skip_blanks()
    try:
        value = cursor.value()
    except MalformedJson:
        raise
    except BadRecord as error:
        return Reject(number, f"record {number}: {error}", _raw(cursor.text, start, cursor.position))
    raw = _raw(cursor.text, start, cursor.position)
    if not isinstance(value, dict):
        return Reject(number, f"record {number}: a record should be an object", raw)
    return RawRecord(number, value, raw, cursor.position - start, in_document=True)


def _raw(text: str, start: int, end: int) -> bytes:
    return text[start : min(end, start + RAW_KEPT)].encode("utf-8", "surrogateescape")[:RAW_KEPT]


def _whole_text(source: InputFile) -> tuple[str, UnreadableInput | None]:
    content = bytearray()
    failure = None
    try:
        for chunk in source.chunks():
            content += chunk
            if len(content) > LARGEST_DOCUMENT:
                break
    except UnreadableInput as error:
        failure = error
    if len(content) > LARGEST_DOCUMENT:
        raise UnreadableInput(f"cannot read {source.name}: a document may have {LARGEST_DOCUMENT:,} bytes at most")
    return content.decode("utf-8", "surrogateescape"), failure
