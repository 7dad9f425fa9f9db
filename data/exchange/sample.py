"""The first bytes of an input, by which its format is recognised and its records are found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from data.exchange.exact_json import JsonCursor, decode
from data.exchange.input_file import InputFile
from data.exchange.raw_records import DocumentWalk, Path, RawRecord, document_records, line_records
from data.exchange.rejects import BadRecord, Reject
from data.records import Json

SAMPLE_BYTES = 256 * 1024

_MOST_RECORDS = 20


@dataclass(frozen=True)
class Sample:
    """What a format is recognised by. `text` is the start of the content, cut off anywhere."""

    text: str

    @classmethod
    def of(cls, content: bytes) -> "Sample":
        """The sample that these first bytes are; bytes that are no UTF-8 are in nobody's way."""
        return cls(content.decode("utf-8", "replace"))

    @cached_property
    def document(self) -> Mapping[str, str]:
        """The keys of the object that the content begins with, over as many lines as it takes, each with the first
        character of its value. An object that the sample cuts off has the keys that are still in it."""
        return _leading_keys(self.text)

    @cached_property
    def lines(self) -> tuple[Mapping[str, str], ...]:
        """The same for each line that begins with an object."""
        keys = (_leading_keys(line) for line in self.text.split("\n"))
        return tuple(found for found in keys if found)

    def any_line_has(self, *keys: str) -> bool:
        """Whether one of the lines is an object with all of these keys."""
        return any(all(key in line for key in keys) for line in self.lines)

    def is_list(self) -> bool:
        """Whether the content is one list."""
        return self.text.lstrip().startswith("[")

    def has_list_at(self, path: Path) -> bool:
        """Whether the content is an object that may hold a list at this path, as far as its first key tells."""
        return bool(path) and self.document.get(path[0]) == ("[" if len(path) == 1 else "{")

    def first_records(self, paths: Sequence[Path]) -> list[dict[str, Json]]:
        """The first objects, twenty at most, that stand whole in the sample and would be read by `records_at`."""
        return list(islice(self._records(paths), _MOST_RECORDS))

    def _records(self, paths: Sequence[Path]) -> Iterator[dict[str, Json]]:
        if self.is_list() or any(map(self.has_list_at, paths)):
            try:
                for item in DocumentWalk(self.text, ((), *paths)).records():
                    if isinstance(item, RawRecord):
                        yield item.value
            except BadRecord:
                return  # the cut
        else:
            for line in self.text.split("\n"):
                try:
                    value = decode(line.encode())
                except BadRecord:
                    continue
                if isinstance(value, dict):
                    yield value


def records_at(source: InputFile, *paths: Path) -> Iterator[RawRecord | Reject]:
    """The objects of an input, however it holds them: as one list, as an object with a list at one of `paths`, or one a
    line. Raises UnreadableInput as those ways of reading do."""
    sample = Sample.of(source.peek(SAMPLE_BYTES))
    if sample.is_list():
        return document_records(source, ())
    if any(map(sample.has_list_at, paths)):
        return document_records(source, *paths)
    return line_records(source)


def _leading_keys(text: str) -> dict[str, str]:
    keys: dict[str, str] = {}
    cursor = JsonCursor(text)
    if not cursor.take("{"):
        return keys
    try:
        while not cursor.take("}"):
            key = cursor.value()
            cursor.expect(":")
            if cursor.at_end() or not isinstance(key, str):
                break
            keys[key] = cursor.text[cursor.position]
            cursor.value()
            cursor.end_item("}")
    except BadRecord:
        pass
    return keys
