"""Reading whole inputs."""

import gzip
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from data.errors import UnreadableInput
from data.exchange import Entry, Reject, read_entries, read_records, recognise
from data.exchange.input_file import InputFile
from data.records import Draft, Json

NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)


def clock() -> datetime:
    return NOW


def event(moment: datetime = NOW, **more: Json) -> bytes:
    return json.dumps({"type": "a.b", "occurred_at": moment.isoformat(), **more}).encode() + b"\n"


def trail(event_id: str, moment: datetime = NOW) -> dict[str, Json]:
    return {
        "eventVersion": "1.08",
        "eventSource": "s3.amazonaws.com",
        "eventName": "CreateBucket",
        "eventTime": moment.isoformat(),
        "eventID": event_id,
    }


def read(data: bytes) -> list[Draft | Reject]:
    source = InputFile("a", io.BytesIO(data), len(data))
    return list(read_records(source, recognise(source), clock))


def test_drafts_and_rejects_come_in_the_order_of_the_input() -> None:
    items = read(event(id="1") + b"oops\n" + event(id="2", outcome="maybe") + event(id="3"))
    assert [type(item) for item in items] == [Draft, Reject, Reject, Draft]
    assert [item.line for item in items if isinstance(item, Reject)] == [2, 3]
    refused = items[2]
    assert isinstance(refused, Reject)
    assert refused.reason == "outcome should be success, failure or denied, and is 'maybe'"
    assert refused.raw == event(id="2", outcome="maybe").rstrip()


def test_a_day_ahead_is_a_clock_and_more_is_a_reject() -> None:
    tolerated, refused = read(event(NOW + timedelta(days=1)) + event(NOW + timedelta(days=1, microseconds=1)))
    assert isinstance(tolerated, Draft)
    assert isinstance(refused, Reject)
    assert refused.reason == "its time lies more than a day in the future: 2026-11-02T10:00:00.000001Z"


def test_cloudtrail_is_read_as_a_document_and_as_lines() -> None:
    records = [trail("1"), trail("2")]
    document = read(json.dumps({"Records": records}).encode())
    as_lines = read(b"\n".join(json.dumps(record).encode() for record in records))
    assert document == as_lines
    assert [item.source.identity for item in document if isinstance(item, Draft) and item.source] == ["1", "2"]


def test_a_reject_of_a_document_names_the_record() -> None:
    records = [trail("1"), trail("2", NOW + timedelta(days=9)), {**trail("3"), "eventTime": "2026-11-01T10:00:00"}]
    _, future, ambiguous = read(json.dumps({"Records": records}).encode())
    assert isinstance(future, Reject) and isinstance(ambiguous, Reject)
    assert future.reason.startswith("record 2: its time lies more than a day in the future")
    assert (ambiguous.line, ambiguous.reason.startswith("record 3: eventTime has no offset")) == (3, True)
    assert json.loads(ambiguous.raw)["eventID"] == "3"


def test_an_entry_knows_its_record() -> None:
    data = b"\n" + event(id="1")
    source = InputFile("a", io.BytesIO(data), len(data))
    (entry,) = read_entries(source, recognise(source), clock)
    assert isinstance(entry, Entry)
    assert (entry.record.number, entry.record.raw, entry.record.size) == (2, data.strip(), len(data) - 2)


def test_an_empty_input_has_no_records() -> None:
    assert read(b"") == []
    assert read(b"\xef\xbb\xbf\n \n") == []


def test_cut_off_gzip_fails_after_the_records_that_could_be_read() -> None:
    packed = gzip.compress(b"".join(event(id=str(number), reason=f"{number * 7919:b}") for number in range(20_000)))
    data = packed[: len(packed) // 2]
    source = InputFile("a", io.BytesIO(data), len(data))
    found: list[Draft | Reject] = []
    with pytest.raises(UnreadableInput, match="a ends too early"):
        found.extend(read_records(source, recognise(source), clock))
    assert len(found) > 1000
    assert all(isinstance(item, Draft) for item in found)
