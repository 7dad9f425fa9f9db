"""Finding records however an input holds them, and seeing the first of them before."""

import io
import json

import pytest

from data.exchange.input_file import InputFile
from data.exchange.raw_records import Path, RawRecord
from data.exchange.rejects import Reject
from data.exchange.sample import SAMPLE_BYTES, Sample, records_at
from data.records import Json

TWO: list[Json] = [{"n": 1}, {"n": 2}]
LISTS: tuple[Path, ...] = (("entries",), ("data", "logs", "edges"), ("data", "logs", "nodes"))


def found(content: bytes, *paths: Path) -> list[Json]:
    return [
        item.value if isinstance(item, RawRecord) else item.reason
        for item in records_at(InputFile("a", io.BytesIO(content), len(content)), *paths)
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'{"n": 1}\n{"n": 2}\n',
        b'\n\n{"n": 1}\n\n{"n": 2}',
        json.dumps(TWO).encode(),
        json.dumps(TWO, indent=2).encode(),
        b" \n" + json.dumps(TWO).encode(),
        json.dumps({"entries": TWO}).encode(),
        json.dumps({"total": 2, "entries": TWO, "next": {"entries": [9]}}, indent=2).encode(),
        json.dumps({"data": {"logs": {"total": 2, "edges": TWO}}}).encode(),
        json.dumps({"data": {"logs": {"nodes": TWO}, "more": [5]}, "entries": 7}).encode(),
    ],
)
def test_records_are_found_in_lines_lists_and_documents(content: bytes) -> None:
    assert found(content, *LISTS) == TWO
    assert Sample.of(content).first_records(LISTS) == TWO


def test_an_object_without_the_list_is_a_line() -> None:
    assert found(b'{"entries": {}}\n{"x": []}', *LISTS) == [{"entries": {}}, {"x": []}]
    assert found(b'{"entries": [1]}') == [{"entries": [1]}]


def test_what_is_no_object_in_a_list_is_a_reject_with_its_number() -> None:
    assert found(b'[{"n": 1}, 5, {"n": 2}]') == [{"n": 1}, "record 2: a record should be an object", {"n": 2}]


def test_a_list_that_breaks_off_gives_what_was_whole() -> None:
    first, broken = found(b'[{"n": 1}, {"n": ')
    assert first == {"n": 1}
    assert isinstance(broken, str) and broken.startswith("record 2: not valid JSON")


def test_a_list_in_a_document_that_is_another_kind_is_passed_over() -> None:
    assert found(b'{"data": {"logs": {"edges": {}, "nodes": [{"n": 1}]}}}', *LISTS) == [{"n": 1}]
    assert found(b'{"data": {"logs": 5}}', *LISTS) == []


def test_the_sample_ends_in_the_middle_of_a_record_without_harm() -> None:
    long = json.dumps([{"n": 1}, {"text": "x" * SAMPLE_BYTES}]).encode()
    assert Sample.of(long[:SAMPLE_BYTES]).first_records(()) == [{"n": 1}]
    assert len(found(long)) == 2


def test_a_sample_shows_twenty_records_at_most() -> None:
    assert len(Sample.of(b'{"n": 1}\n' * 50).first_records(())) == 20


def test_lines_that_are_none_are_passed_over_in_a_sample() -> None:
    assert Sample.of(b'garbage\n[1]\n{"n": 1}\n\xff\n{"n"').first_records(()) == [{"n": 1}]


def test_rejects_have_their_line() -> None:
    (reject,) = records_at(InputFile("a", io.BytesIO(b"nothing"), 7), ("entries",))
    assert isinstance(reject, Reject) and reject.line == 1
