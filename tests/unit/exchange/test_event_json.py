"""An event as JSON, out and in."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.clock import to_text
from data.exchange.event_json import draft_from_json, dump_line, event_to_json
from data.exchange.exact_json import decode
from data.exchange.rejects import BadRecord
from data.personal_digest import SALT_BYTES
from data.records import (
    ANONYMOUS,
    TOMBSTONE,
    ActorType,
    Change,
    Draft,
    Erasure,
    Event,
    Json,
    Outcome,
    Reference,
    Seal,
    Source,
)
from data.store.encoding import encode
from data.store.identity import id_of

MOMENT = datetime(2026, 11, 1, 10, 0, 0, 123456, tzinfo=UTC)
MILLISECONDS = 1793527200123
ID = UUID(int=MILLISECONDS << 80 | 7 << 76 | 2 << 62 | 99)
LEAST: dict[str, Json] = {"type": "api_client.updated", "occurred_at": "2026-11-01T10:00:00.123456Z"}
WHOLE = Event(
    id=ID,
    type="api_client.updated",
    occurred_at=MOMENT,
    recorded_at=MOMENT + timedelta(seconds=1),
    outcome=Outcome.DENIED,
    actor=Reference(ActorType.MEMBER, "m-42", "Alice Moss"),
    client=Reference("api_client", "c-77", "Payroll sync"),
    target=Reference("api_client", "c-77", "Payroll sync"),
    service="console",
    duration_ms=0,
    ip="198.51.100.7",
    user_agent="curl/8",
    request_id="r-1",
    session_id="s-1",
    token="abcdefgh",
    reason="a line\nand another",
    changes=(Change("name", None, "Payroll sync"),),
    data={"a": None, "b": [1, {"c": 2.5}]},
    source=Source("elsewhere", "17"),
    seal=Seal.SEALED,
)


def draft(**more: Json) -> Draft:
    return draft_from_json({**LEAST, **more})


def test_the_keys_stand_in_the_documented_order() -> None:
    assert (
        " ".join(event_to_json(WHOLE))
        == "id type occurred_at recorded_at outcome actor client target service duration_ms ip user_agent request_id "
        "session_id token reason changes data seal"
    )


def test_values_have_the_documented_form() -> None:
    record = event_to_json(WHOLE)
    assert record["id"] == str(ID)
    assert record["occurred_at"] == "2026-11-01T10:00:00.123456Z"
    assert record["recorded_at"] == "2026-11-01T10:00:01.123456Z"
    assert record["outcome"] == "denied"
    assert record["actor"] == {"type": "member", "id": "m-42", "name": "Alice Moss"}
    assert record["client"] == {"id": "c-77", "name": "Payroll sync"}
    assert record["duration_ms"] == 0
    assert record["changes"] == [{"field": "name", "before": None, "after": "Payroll sync"}]
    assert record["data"] == {"a": None, "b": [1, {"c": 2.5}]}


def test_what_is_not_set_is_left_out() -> None:
    event = Event(id=ID, type="a.b", occurred_at=MOMENT, recorded_at=MOMENT)
    assert list(event_to_json(event)) == ["id", "type", "occurred_at", "recorded_at", "outcome", "actor"]


def test_a_line_has_no_newline_in_it() -> None:
    line = dump_line(WHOLE)
    assert line.decode().isprintable()
    assert b"\n" not in line
    assert orjson.loads(line) == event_to_json(WHOLE)


def test_a_line_that_was_written_is_read_back_whole() -> None:
    read = draft_from_json(orjson.loads(dump_line(WHOLE)))
    for name in event_to_json(WHOLE):
        if name not in ("recorded_at", "seal"):
            assert getattr(read, name) == getattr(WHOLE, name), name
    assert read.source == Source("auditdeck", str(ID))


def test_type_and_time_are_enough() -> None:
    read = draft()
    assert (read.type, read.occurred_at, read.outcome) == ("api_client.updated", MOMENT, Outcome.SUCCESS)
    assert read.actor == ANONYMOUS
    assert (read.id, read.source, read.client, read.target, read.changes, read.data) == (None, None, None, None, (), {})


def test_an_id_of_this_milliseconds_version_7_is_kept() -> None:
    read = draft(id=str(ID).upper())
    assert read.id == ID
    assert read.source == Source("auditdeck", str(ID))


@pytest.mark.parametrize(
    "identity",
    [
        str(UUID(int=ID.int + (1 << 80))),
        str(UUID(int=ID.int & ~(7 << 76) | 4 << 76)),
        ID.hex,
        f"{{{ID}}}",
        f"urn:uuid:{ID}",
        "order-17",
        42,
    ],
)
def test_any_other_id_is_the_sources_own_identity(identity: Json) -> None:
    read = draft(id=identity)
    assert read.id is None
    assert read.source == Source("auditdeck", str(identity))


@pytest.mark.parametrize("kind", ["system", "anonymous"])
def test_the_system_and_nobody_have_their_kind_for_a_name(kind: str) -> None:
    assert draft(actor={"type": kind}).actor == Reference(kind, None, kind)
    assert draft(actor={"type": kind, "name": "cron"}).actor == Reference(kind, None, "cron")


def test_numeric_ids_become_text() -> None:
    read = draft(
        actor={"type": "member", "id": 42},
        client={"id": 7},
        target={"type": "order", "id": 9},
        request_id=1,
        session_id=2,
    )
    assert read.actor == Reference(ActorType.MEMBER, "42")
    assert read.client == Reference("api_client", "7")
    assert read.target == Reference("order", "9")
    assert (read.request_id, read.session_id) == ("1", "2")


def test_unknown_keys_go_into_data_after_the_records_own() -> None:
    read = draft(
        data={"own": 1, "clash": 2},
        clash=3,
        extra={"x": [4]},
        actor={"type": "member", "id": "m", "email": "a@example.org"},
        changes=[{"field": "f", "note": "n"}],
    )
    assert read.data == {
        "own": 1,
        "clash": 2,
        "_clash": 3,
        "extra": {"x": [4]},
        "actor.email": "a@example.org",
        "changes[0].note": "n",
    }
    assert list(read.data)[:2] == ["own", "clash"]


def test_what_another_log_did_with_the_record_is_dropped() -> None:
    dropped: dict[str, Json] = {"seal": "erased", "erasure": {"by": {"type": "member", "id": "m-1"}}}
    assert draft(recorded_at="not even a time", sealed=True, **dropped).data == {}


def test_an_address_is_normalised_and_a_blank_one_is_none() -> None:
    assert draft(ip="::FFFF:198.51.100.7").ip == "198.51.100.7"
    assert draft(ip=" ").ip is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"type": None}, "type is missing"),
        ({"type": "  "}, "type is blank"),
        ({"type": 7}, "type should be text, and is the number 7"),
        ({"occurred_at": None}, "occurred_at is missing"),
        ({"occurred_at": ""}, "occurred_at is blank"),
        ({"occurred_at": 1793527200}, "occurred_at should be text, and is the number 1793527200"),
        ({"occurred_at": "2026-11-01T10:00:00"}, "occurred_at has no offset"),
        ({"occurred_at": "1969-01-01T00:00:00Z"}, "occurred_at lies before 1970"),
        ({"outcome": "ok"}, "outcome should be success, failure or denied, and is 'ok'"),
        ({"outcome": 1}, "outcome should be success, failure or denied, and is the number 1"),
        ({"actor": "alice"}, "actor should be an object, and is 'alice'"),
        ({"actor": {"id": "1"}}, "actor.type is missing"),
        ({"actor": {"type": "robot", "id": "1"}}, "actor.type should be member, api_client, system or anonymous"),
        ({"actor": {"type": "member"}}, "actor needs an id or a name"),
        ({"actor": {"type": "member", "id": []}}, "actor.id should be text or a whole number, and is a list"),
        ({"client": {}}, "client needs an id or a name"),
        ({"client": {"name": 1}}, "client.name should be text"),
        ({"target": {"id": "1"}}, "target.type is missing"),
        ({"target": {"type": "order", "name": " "}}, "target needs an id or a name"),
        ({"service": {}}, "service should be text, and is an object"),
        ({"ip": 16909060}, "ip should be text"),
        ({"reason": False}, "reason should be text, and is false"),
        ({"duration_ms": -1}, "duration_ms should be 0 or more, and is -1"),
        ({"duration_ms": 2**53}, "duration_ms should be 9007199254740991 or less, and is more"),
        ({"duration_ms": 1.0}, "duration_ms should be a whole number of milliseconds, and is the number 1.0"),
        ({"duration_ms": True}, "duration_ms should be a whole number of milliseconds, and is true"),
        ({"changes": {}}, "changes should be a list, and is an object"),
        ({"changes": ["name"]}, r"changes\[0\] should be an object, and is 'name'"),
        ({"changes": [{"before": 1}]}, r"changes\[0\].field is missing"),
        ({"data": []}, "data should be an object, and is a list"),
        ({"id": {}}, "id should be text or a whole number, and is an object"),
    ],
)
def test_a_record_that_is_wrong_is_refused_with_the_key_and_what_it_should_be(
    more: Mapping[str, Json], reason: str
) -> None:
    with pytest.raises(BadRecord, match=reason):
        draft(**more)


TEXT = st.text(min_size=1).filter(str.strip)
REFERENCES = st.builds(Reference, TEXT, TEXT, st.none() | TEXT)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    st.builds(
        Event,
        id=st.just(ID),
        type=TEXT,
        occurred_at=st.just(MOMENT),
        recorded_at=st.just(MOMENT),
        outcome=st.sampled_from(Outcome),
        actor=st.builds(Reference, st.sampled_from(ActorType), st.none() | TEXT, TEXT),
        client=st.none() | REFERENCES,
        target=st.none() | REFERENCES,
        service=st.none() | TEXT,
        duration_ms=st.none() | st.integers(0, 2**53 - 1),
        user_agent=st.none() | TEXT,
        reason=st.none() | TEXT,
        changes=st.lists(st.builds(Change, TEXT, VALUES, VALUES), max_size=3).map(tuple),
        data=st.dictionaries(st.text(), VALUES, max_size=3),
    )
)
def test_whatever_is_written_is_read_back(event: Event) -> None:
    read = draft_from_json(orjson.loads(dump_line(event)))
    for name in ("id", "type", "occurred_at", "outcome", "actor", "client", "target", "service", "duration_ms"):
        assert getattr(read, name) == getattr(event, name)
    assert (read.user_agent, read.reason, read.changes, read.data) == (
        event.user_agent,
        event.reason,
        event.changes,
        event.data,
    )


ODD_VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(2**53 - 2, 2**53 + 2) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ODD_REFERENCES = st.fixed_dictionaries(
    {"type": st.sampled_from(ActorType)}, optional={"id": ODD_VALUES, "name": st.text(), "more": ODD_VALUES}
)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(("api_client.updated", "elsewhere")),
            "occurred_at": st.just(LEAST["occurred_at"]),
        },
        optional={
            "id": st.just(str(ID)) | st.integers() | st.text(),
            "actor": ODD_REFERENCES,
            "target": ODD_REFERENCES,
            "duration_ms": st.integers(0) | st.integers(2**53 - 2, 2**53 + 2),
            "request_id": ODD_VALUES,
            "reason": st.text(st.characters()),
            "changes": st.lists(
                st.fixed_dictionaries({"field": st.text()}, optional={"before": ODD_VALUES, "after": ODD_VALUES}),
                max_size=2,
            ),
            "data": st.dictionaries(st.text(), ODD_VALUES, max_size=3),
            "unknown": ODD_VALUES,
        },
    )
)
@example({**LEAST, "duration_ms": 2**53})
def test_whatever_is_let_through_can_be_encoded(record: dict[str, Json]) -> None:
    try:
        read = decode(json.dumps(record).encode())
        assert isinstance(read, dict)
        taken = draft_from_json(read)
    except BadRecord:
        return
    assert encode(taken, id_of(taken), MOMENT, bytes(SALT_BYTES)).body


def test_how_an_event_stands_is_said_once_it_is_known() -> None:
    assert "seal" not in event_to_json(replace(WHOLE, seal=Seal.UNSEALED))
    assert event_to_json(WHOLE)["seal"] == "sealed"
    assert event_to_json(replace(WHOLE, seal=Seal.ALTERED))["seal"] == "altered"


def test_who_erased_an_event_is_said_and_nothing_that_is_not_known_of_it() -> None:
    erasure = Erasure(Reference("member", "m-1", "Alice Moss"), WHOLE.occurred_at, "asked for", True, WHOLE.id)
    told = {
        "by": {"type": "member", "id": "m-1", "name": "Alice Moss"},
        "at": to_text(WHOLE.occurred_at),
        "reason": "asked for",
        "whole": True,
        "told_by": str(WHOLE.id),
    }
    assert event_to_json(replace(WHOLE, seal=Seal.ERASED, erasure=erasure))["erasure"] == told
    blank = Event(
        id=WHOLE.id,
        type=TOMBSTONE,
        occurred_at=WHOLE.occurred_at,
        recorded_at=WHOLE.recorded_at,
        seal=Seal.ERASED,
        erasure=erasure,
    )
    assert " ".join(event_to_json(blank)) == "id type occurred_at recorded_at seal erasure"
