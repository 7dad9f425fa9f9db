"""Telling formats apart by content."""

import gzip
import io
import json

import pytest

from data.errors import UnreadableInput
from data.exchange.formats import (
    AUTHGEAR,
    CLOUDTRAIL_DOCUMENT,
    CLOUDTRAIL_LINES,
    EVENT_LINES,
    FORMATS,
    GITHUB,
    EventDecoder,
    Format,
    formats_named,
    recognise,
    shipped_formats,
)
from data.exchange.input_file import InputFile
from data.exchange.sample import Sample
from data.records import Json, Source

EVENT = b'{"type":"a.b","occurred_at":"2026-11-01T10:00:00Z"}'
TRAIL = b'{"eventVersion":"1.08","eventSource":"s3.amazonaws.com"}'


def source(data: bytes) -> InputFile:
    return InputFile("a", io.BytesIO(data), len(data))


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (EVENT, EVENT_LINES),
        (EVENT + b"\n" + EVENT, EVENT_LINES),
        (b"\n \r\n" + EVENT, EVENT_LINES),
        (b"\xef\xbb\xbf" + EVENT, EVENT_LINES),
        (gzip.compress(EVENT, mtime=0), EVENT_LINES),
        (b'{"occurred_at": 1, "x": {}, "type": null}', EVENT_LINES),
        (b"garbage\n\xff\xfe\n{broken\n" + EVENT, EVENT_LINES),
        (b'{"type":"a.b","occurred_at":"t","Records":[]}', EVENT_LINES),
        (b'{"type":"a.b","occurred_at":"t","data":{"long":"' + b"x" * 300_000, EVENT_LINES),
        (TRAIL, CLOUDTRAIL_LINES),
        (TRAIL + b"\n" + TRAIL, CLOUDTRAIL_LINES),
        (b'{"Records":[' + TRAIL + b"]}", CLOUDTRAIL_DOCUMENT),
        (b'{"Records":[\n' + TRAIL + b",\n" + TRAIL + b"\n]}", CLOUDTRAIL_DOCUMENT),
        (b'{"Records":[' + TRAIL * 9000, CLOUDTRAIL_DOCUMENT),
        (b'\n{"other":{"Records":1},"Records":[]}', CLOUDTRAIL_DOCUMENT),
        (json.dumps({"Records": [json.loads(TRAIL)]}, indent=4).encode(), CLOUDTRAIL_DOCUMENT),
        (b"", EVENT_LINES),
        (b" \n\n", EVENT_LINES),
    ],
)
def test_a_format_is_known_by_its_content(content: bytes, known: Format) -> None:
    assert recognise(source(content)) is known


@pytest.mark.parametrize(
    "content",
    [
        b"time,type\n1,2\n",
        b"[" + EVENT + b"]",
        b'{"type":"a.b"}\n{"occurred_at":"t"}',
        b'{"Records":{}}',
        b'{"data":{"type":"a","occurred_at":"t"}}',
        json.dumps(json.loads(EVENT), indent=2).encode(),
        b'"type","occurred_at"',
        b"{" * 100_000,
        b"\x00\x01\x02",
    ],
)
def test_content_that_nobody_knows_is_told_with_what_is_known(content: bytes) -> None:
    with pytest.raises(UnreadableInput, match="cannot read a: nobody knows its format; known are") as failure:
        recognise(source(content))
    assert all(known.name in str(failure.value) for known in (*FORMATS, *shipped_formats()))


@pytest.mark.parametrize(
    ("wanted", "content", "known"),
    [
        ("auditdeck", TRAIL, EVENT_LINES),
        ("cloudtrail", b'{"Records":[' + TRAIL + b"]}", CLOUDTRAIL_DOCUMENT),
        ("cloudtrail", TRAIL, CLOUDTRAIL_LINES),
        ("cloudtrail", EVENT, CLOUDTRAIL_LINES),
        ("github", TRAIL, GITHUB),
        ("authgear", b"", AUTHGEAR),
    ],
)
def test_a_format_that_was_asked_for_is_taken_whatever_the_content(wanted: str, content: bytes, known: Format) -> None:
    assert recognise(source(content), formats_named(wanted)) is known


def test_recognising_takes_nothing_away() -> None:
    opened = source(EVENT)
    recognise(opened)
    assert b"".join(opened.chunks()) == EVENT


def test_a_sample_holds_the_keys_that_the_cut_left() -> None:
    sample = Sample.of(b'{"a": {"b": [1]}, "c": [2, 3')
    assert sample.document == {"a": "{", "c": "["}
    assert sample.lines == (sample.document,)


def decoded(*records: dict[str, Json]) -> list[Source | None]:
    decoder = EventDecoder()
    return [decoder(record).source for record in records]


def test_a_record_without_identity_gets_its_contents() -> None:
    one: dict[str, Json] = {"type": "a", "occurred_at": "2026-11-01T10:00:00Z"}
    turned: dict[str, Json] = dict(reversed(one.items()))
    other: dict[str, Json] = {**one, "reason": "x"}
    first, second, third, fourth = decoded(one, other, turned, other)
    assert first is not None and second is not None and third is not None and fourth is not None
    digest, _, count = first.identity.partition(":")
    assert (first.name, len(digest), count) == ("auditdeck", 64, "0")
    assert third.identity == f"{digest}:1"
    assert second.identity.partition(":")[0] != digest
    assert fourth.identity == second.identity.replace(":0", ":1")


def test_the_same_file_again_has_the_same_identities() -> None:
    records: list[dict[str, Json]] = [{"type": "a", "occurred_at": "2026-11-01T10:00:00Z"}] * 3
    assert decoded(*records) == decoded(*records)
    assert len(set(decoded(*records))) == 3


def test_an_identity_of_its_own_is_kept_and_counts_for_nothing() -> None:
    record: dict[str, Json] = {"type": "a", "occurred_at": "2026-11-01T10:00:00Z", "id": "n-1"}
    assert decoded(record, record) == [Source("auditdeck", "n-1")] * 2
