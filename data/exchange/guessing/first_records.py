"""The first records of an input of any form: lines, a list, or a document with a list somewhere in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from data.exchange.exact_json import JsonCursor, decode
from data.exchange.input_file import InputFile
from data.exchange.raw_records import DocumentWalk, Path, RawRecord
from data.exchange.rejects import BadRecord
from data.exchange.sample import Sample
from data.records import Json

LOOKED_AT_BYTES = 4 * 1024 * 1024
"""Of the content of an input; no guess looks further, however large it is."""

MOST_RECORDS = 2_000

_DEEPEST_LIST = 4
_MOST_LISTS = 16

Record = dict[str, Json]


@dataclass(frozen=True, slots=True)
class FirstRecords:
    """Records in one reading of an input: in the list at this path of its documents; with no keys, its lines or the list
    that it is."""

    path: Path
    records: tuple[Record, ...]


def first_records(source: InputFile, most: int = MOST_RECORDS) -> list[FirstRecords]:
    """Every reading of an input that comes to records, its lines first. Leaves the input where it was."""
    content = source.peek(LOOKED_AT_BYTES)[:LOOKED_AT_BYTES]
    sample = Sample.of(content)
    if sample.is_list():
        readings = [FirstRecords((), _of_document(sample.text, (), most))]
    else:
        paths = _lists_in(sample.text)
        readings = [FirstRecords((), _of_lines(sample.text, most))]
        readings += [FirstRecords(path, _of_document(sample.text, path, most)) for path in paths]
    return [reading for reading in readings if reading.records]


def _of_lines(text: str, most: int) -> tuple[Record, ...]:
    return tuple(islice(_line_objects(text), most))


def _line_objects(text: str) -> Iterator[Record]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        try:
            value = decode(text[start:end].encode("utf-8", "replace"))
        except BadRecord:
            value = None
        if isinstance(value, dict):
            yield value
        start = end + 1


def _of_document(text: str, path: Path, most: int) -> tuple[Record, ...]:
    found: list[Record] = []
    try:
        for item in DocumentWalk(text, (path,)).records():
            if isinstance(item, RawRecord):
                found.append(item.value)
            if len(found) >= most:
                break
    except BadRecord:
        pass  # where the text is cut off
    return tuple(found)


def _lists_in(text: str) -> Sequence[Path]:
    """The places of lists in the first object, as far as the text goes; a key with a dot cannot be named in a mapping."""
    cursor = JsonCursor(text)
    found: list[Path] = []

    def walk(path: Path) -> None:
        while not cursor.take("}"):
            key = cursor.value()
            cursor.expect(":")
            named = isinstance(key, str) and key and "." not in key and len(found) < _MOST_LISTS
            inner = (*path, str(key))
            if named and cursor.at("["):
                found.append(inner)
            if named and len(inner) < _DEEPEST_LIST and cursor.take("{"):
                walk(inner)
            else:
                cursor.value()
            cursor.end_item("}")

    try:
        if cursor.take("{"):
            walk(())
    except BadRecord:
        pass
    return found
