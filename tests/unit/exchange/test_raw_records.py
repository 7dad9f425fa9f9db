"""From bytes to objects: lines with a bound, and documents."""

import gzip
import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import UnreadableInput
from data.exchange import raw_records
from data.exchange.input_file import InputFile
from data.exchange.raw_records import Line, RawRecord, bounded_lines, document_records, line_records
from data.exchange.rejects import RAW_KEPT, Reject

MIB = 1024 * 1024


def source(data: bytes) -> InputFile:
    return InputFile("a.json", io.BytesIO(data), len(data))


def lines(data: bytes) -> list[RawRecord | Reject]:
    return list(line_records(source(data)))


def document(data: bytes) -> list[RawRecord | Reject]:
    return list(document_records(source(data)))


def numbers(items: list[RawRecord | Reject]) -> list[tuple[str, int]]:
    return [("record", item.number) if isinstance(item, RawRecord) else ("reject", item.line) for item in items]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=6).map(lambda piece: piece.replace(b"x", b"\n"))), st.integers(0, 8))
def test_lines_are_those_of_the_whole_wherever_chunks_end(chunks: list[bytes], longest: int) -> None:
    expected = b"".join(chunks).split(b"\n")
    if not expected[-1]:
        expected.pop()
    found = list(bounded_lines(iter(chunks), longest))
    assert found == [Line(number, content[:longest], len(content)) for number, content in enumerate(expected, start=1)]


def test_blank_lines_are_skipped_and_counted() -> None:
    items = lines(b'\n{"a":1}\r\n  \t\n\r\n{"a":2}')
    assert numbers(items) == [("record", 2), ("record", 5)]
    assert [item.value for item in items if isinstance(item, RawRecord)] == [{"a": 1}, {"a": 2}]


def test_a_bad_line_is_a_reject_with_its_number_and_the_next_go_on() -> None:
    items = lines(b'{"a":1}\n{oops\n"caf\xe9"\n[1]\n{"a":2}\n')
    assert numbers(items) == [("record", 1), ("reject", 2), ("reject", 3), ("reject", 4), ("record", 5)]
    reasons = [item.reason for item in items if isinstance(item, Reject)]
    assert reasons[0].startswith("not valid JSON")
    assert reasons[1] == "not valid UTF-8: byte 5 is 0xe9"
    assert reasons[2] == "a record should be an object"
    assert [item.raw for item in items if isinstance(item, Reject)] == [b"{oops", b'"caf\xe9"', b"[1]"]


def test_a_line_past_the_bound_is_a_reject_and_the_next_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_records, "LONGEST_LINE", 20)
    fits = b'{"a":"' + b"x" * 12 + b'"}'
    assert len(fits) == 20
    items = lines(fits + b"\n" + fits.replace(b"x", b"xx", 1) + b"\n" + fits)
    assert numbers(items) == [("record", 1), ("reject", 2), ("record", 3)]
    assert isinstance(items[1], Reject)
    assert items[1].reason == "the line has 21 bytes, and 20 are the most that a line may have"


def test_the_raw_text_that_is_kept_is_bounded() -> None:
    (item,) = lines(b'{"a":"' + b"x" * 100_000 + b"\n")
    assert isinstance(item, Reject)
    assert len(item.raw) == RAW_KEPT


def test_a_real_line_of_20_mib_is_a_reject() -> None:
    items = lines(b'{"a":"' + b"x" * 20 * MIB + b'"}\n{"a":2}\n')
    assert numbers(items) == [("reject", 1), ("record", 2)]


class Endless(io.RawIOBase):
    """A line of `size` bytes that is never in memory whole, and a record after it."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._end = io.BytesIO(b'\n{"a":2}\n')

    def read(self, size: int = -1) -> bytes:
        taken = min(size, self._left)
        self._left -= taken
        return b"x" * taken or self._end.read(size)


def test_a_line_of_100_mib_takes_no_more_memory_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_records, "LONGEST_LINE", MIB)
    tracemalloc.start()
    try:
        items = list(line_records(InputFile("a", Endless(100 * MIB), None)))  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert numbers(items) == [("reject", 1), ("record", 2)]
    assert peak < 6 * MIB


RECORDS: list[dict[str, Any]] = [{"n": 1, "text": 'ä}]\\"'}, {"n": 2, "in": [{"Records": [5]}]}, {"n": 3}]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_gives_its_records_however_it_is_laid_out(indent: int | None) -> None:
    text = json.dumps({"before": [1, {"x": 2}], "Records": RECORDS, "after": None}, indent=indent, ensure_ascii=False)
    items = document(text.encode())
    assert [item.value for item in items if isinstance(item, RawRecord)] == RECORDS
    assert numbers(items) == [("record", 1), ("record", 2), ("record", 3)]
    assert [json.loads(item.raw) for item in items] == RECORDS


def test_documents_one_after_the_other_are_counted_through() -> None:
    assert numbers(document(b'{"Records":[{"n":1}]}\n{"Records":[]}{"Records":[{"n":2}]}\n')) == [
        ("record", 1),
        ("record", 2),
    ]


def test_a_refused_record_of_a_document_does_not_stop_the_others() -> None:
    items = document(b'{"Records":[{"n":NaN},{"n":"caf\xe9"},7,{"n":12345678901234567890}]}')
    assert numbers(items) == [("reject", 1), ("reject", 2), ("reject", 3), ("record", 4)]
    rejects = [item for item in items if isinstance(item, Reject)]
    assert rejects[0].reason == "record 1: NaN is no number that JSON has"
    assert rejects[1].reason.startswith("record 2: not valid UTF-8")
    assert rejects[1].raw == b'{"n":"caf\xe9"}'
    assert rejects[2].reason == "record 3: a record should be an object"
    assert isinstance(items[3], RawRecord)
    assert items[3].value == {"n": "12345678901234567890"}


@pytest.mark.parametrize(
    "text", [b'{"Records":[{"n":1},{"n":2', b'{"Records":[{"n":1},{"n"}]}', b'{"Records":[{"n":1} {"n":2}]}']
)
def test_where_the_json_breaks_one_reject_stands_for_the_rest(text: bytes) -> None:
    items = document(text)
    assert numbers(items) == [("record", 1), ("reject", 2)]
    assert isinstance(items[1], Reject)
    assert items[1].reason.startswith("record 2: not valid JSON")
    assert items[1].reason.endswith("; nothing after it can be read")
    assert b'"n"' in items[1].raw


def test_a_cut_off_compressed_document_gives_its_whole_records_and_then_fails() -> None:
    records = [{"n": number, "noise": f"{number * 7919 % 10007:x}" * 5} for number in range(2000)]
    packed = gzip.compress(json.dumps({"Records": records}).encode())
    found: list[RawRecord | Reject] = []
    with pytest.raises(UnreadableInput, match="ends too early"):
        found.extend(document_records(source(packed[: len(packed) // 2])))
    assert len(found) > 100
    assert [item.value for item in found if isinstance(item, RawRecord)] == records[: len(found)]


def test_a_document_past_the_bound_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b'{"Records":[{"n":1}]}'
    monkeypatch.setattr(raw_records, "LARGEST_DOCUMENT", len(text))
    assert numbers(document(text)) == [("record", 1)]
    with pytest.raises(UnreadableInput, match="cannot read a.json: a document may have 21 bytes at most"):
        document(text + b" ")


def test_a_record_says_in_a_document_that_it_is_counted_there() -> None:
    raw = RawRecord(3, {}, b"{}", 2)
    assert raw.rejected("why") == Reject(3, "why", b"{}")
    assert RawRecord(3, {}, b"{}", 2, in_document=True).rejected("why") == Reject(3, "record 3: why", b"{}")
