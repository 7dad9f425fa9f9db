"""An event as a row of CSV: read back it is what was shown, and no spreadsheet runs any of it."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from itertools import product
from uuid import UUID

import pytest
from hypothesis import example, given

from data.exchange.event_csv import COLUMNS, csv_line, header
from data.hostile import holds_hostile
from data.records import ActorType, Change, Draft, Event, Outcome, Reference
from data.store.encoding import decode, encode
from tests.strategies.any_drafts import any_drafts, texts

_MOMENT = datetime(2026, 11, 1, 11, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
_WHOLE = Event(
    id=UUID("019a3ec1-2f00-7000-8000-000000000001"),
    type="api_client.revoked",
    occurred_at=_MOMENT,
    recorded_at=_MOMENT + timedelta(seconds=1),
    outcome=Outcome.DENIED,
    actor=Reference(ActorType.MEMBER, "m-42", "Alice Moss"),
    client=Reference("api_client", "c-77", "Payroll, sync"),
    target=Reference("api_client", "c-77", 'Payroll "sync"'),
    service="console",
    duration_ms=0,
    ip="198.51.100.7",
    user_agent="curl/8",
    request_id="r-1",
    session_id="s-1",
    token="abcdefgh",
    reason="a line\nand another",
    changes=(Change("name", None, "a; b: c -> d"), Change("scopes", ["a"], ["a", "b"])),
    data={"a": None},
)
_FORMULA_STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


def read_back(*lines: bytes) -> list[list[str]]:
    text = "".join(f"{line.decode()}\n" for line in lines)
    return [*csv.reader(StringIO(text, newline=""), strict=True)]


def event_of(draft: Draft) -> Event:
    """As it comes out of the log: numbers that JSON's readers would not agree on have become text."""
    stored = encode(draft, _WHOLE.id, _MOMENT, bytes(16))
    return decode(stored.body, stored.personal)


def test_every_column_has_what_its_name_says() -> None:
    names, cells = read_back(header(), csv_line(_WHOLE))
    assert tuple(names) == COLUMNS
    assert dict(zip(names, cells, strict=True)) == {
        "id": "019a3ec1-2f00-7000-8000-000000000001",
        "occurred_at": "2026-11-01T10:00:00.000005Z",
        "recorded_at": "2026-11-01T10:00:01.000005Z",
        "type": "api_client.revoked",
        "title": "Revoke API client",  # it was denied, and must not read as done
        "outcome": "denied",
        "actor_type": "member",
        "actor_id": "m-42",
        "actor_name": "Alice Moss",
        "client_id": "c-77",
        "client_name": "Payroll, sync",
        "target_type": "api_client",
        "target_id": "c-77",
        "target_name": 'Payroll "sync"',
        "service": "console",
        "duration_ms": "0",
        "ip": "198.51.100.7",
        "user_agent": "curl/8",
        "request_id": "r-1",
        "session_id": "s-1",
        "token": "abcdefgh",
        "reason": "a line␊and another",
        "changes": 'name: null -> "a; b: c -> d"; scopes: ["a"] -> ["a","b"]',
        "data": '{"a":null}',
    }


def test_lines_end_as_rfc_4180_says_and_every_cell_can_be_quoted() -> None:
    assert header().endswith(b",data\r")
    assert b'"Payroll ""sync"""' in csv_line(_WHOLE)


@pytest.mark.parametrize(
    ("before", "start"), [*product([""], _FORMULA_STARTS), *product([" ", "\u00a0", "\t"], "=+-@")]
)
def test_a_formula_is_text(before: str, start: str) -> None:
    formula = f'{before}{start}HYPERLINK("http://example.org")'
    (cells,) = read_back(csv_line(replace(_WHOLE, reason=formula)))
    assert cells[COLUMNS.index("reason")].startswith("'")


@given(any_drafts())
@example(replace(_WHOLE, reason='",=1+1\r\n=2'))
def test_every_event_is_one_line_that_reads_back_and_runs_nothing(draft: Draft) -> None:
    line = csv_line(event_of(draft))
    text = line.decode()
    assert text.endswith("\r") and not holds_hostile(text[:-1])
    (cells,) = read_back(line)
    assert len(cells) == len(COLUMNS)
    for cell in cells:
        assert not cell.lstrip().startswith(tuple(_FORMULA_STARTS))


@given(texts)
def test_plain_text_comes_back_as_it_is(text: str) -> None:
    (cells,) = read_back(csv_line(replace(_WHOLE, reason=text)))
    if not holds_hostile(text) and not text.lstrip().startswith(tuple(_FORMULA_STARTS)):
        assert cells[COLUMNS.index("reason")] == text


def test_times_are_in_utc() -> None:
    (cells,) = read_back(csv_line(replace(_WHOLE, occurred_at=datetime(2026, 1, 1, tzinfo=UTC))))
    assert cells[1] == "2026-01-01T00:00:00.000000Z"
