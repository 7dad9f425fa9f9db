"""What is appended comes back, and what is stored of it is what was promised: body, personal part, salt and leaf."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, timedelta, timezone

import pytest
import rfc8785
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any

from data.catalogue import CATALOGUE
from data.errors import EventConflict
from data.query import parse_query
from data.records import Change, Draft, Json, Outcome, Reference, Seal, Source
from data.store import Database
from data.store.identity import id_at
from tests.hand_clock import NOW, HandClock
from tests.integration.events import UTC_ZONE, all_events, append, plain_drafts
from tests.integration.raw_access import count_rows, run_raw, stored_events
from tests.strategies import any_drafts

FACTS_OF_ALL = {"v", "id", "type", "occurred_at", "recorded_at", "outcome", "service", "duration_ms", "personal_digest"}
FACTS_ISSUED_HERE = FACTS_OF_ALL | {"actor", "client", "target", "session_id", "token", "changes", "data"}
RICH = Draft(
    type="api_client.updated",
    occurred_at=NOW,
    outcome=Outcome.DENIED,
    actor=Reference("member", "m-42", "Alice Moss"),
    client=Reference("api_client", "c-77", "Payroll sync"),
    target=Reference("s3_bucket", "b-9", "Salaries"),
    service="console",
    duration_ms=12,
    ip="198.51.100.7",
    user_agent="curl/8",
    request_id="req-1",
    session_id="s-4711",
    token="Ab3dE5gH",
    reason="asked on the phone",
    changes=(Change("name", "Payrol", "Payroll"), Change("status", "active", "revoked")),
    data={"expires": "2027-05-20", "note": {"written by": ["Bob", 7, 2.5, None, True]}},
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(draft=any_drafts())
def test_any_draft_comes_back_and_its_stored_form_proves_it(address: str, database: Database, draft: Draft) -> None:
    # A source's identity may have come up before; what is asked here is about an event that is new.
    source = None if draft.source is None else replace(draft.source, name=f"{draft.source.name}{_count(address)}")
    draft = replace(draft, source=source)

    assert append(database, [draft]).added == 1

    stored = stored_events(address)[-1]
    with database.reading(UTC_ZONE) as reader:
        found = reader.get(stored.id)
    assert found is not None
    assert _contents(found) == _contents(_as_kept(draft))
    body = json.loads(stored.body)
    assert stored.body.encode() == rfc8785.dumps(body)
    assert stored.leaf == hashlib.sha256(b"\x00" + stored.body.encode()).digest()
    personal = b"auditdeck/personal/v1\x00" + stored.salt + stored.personal.encode()
    assert body["personal_digest"] == hashlib.sha256(personal).hexdigest()
    assert body.keys() <= (FACTS_OF_ALL if draft.source else FACTS_ISSUED_HERE)
    for name in ("actor", "client", "target"):
        assert body.get(name, {}).keys() <= {"type", "id"}


def test_rich_draft_comes_back_equal(database: Database, clock: HandClock) -> None:
    clock.move(seconds=3)

    append(database, [RICH])

    (found,) = all_events(database)
    assert _contents(found) == _contents(RICH)
    assert found.recorded_at == NOW + timedelta(seconds=3)
    assert found.seal is Seal.UNSEALED


def test_time_of_another_zone_comes_back_as_the_same_instant(database: Database) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=-3, minutes=-30)))

    append(database, [replace(RICH, occurred_at=local)])

    (found,) = all_events(database)
    assert found.occurred_at == NOW
    assert found.occurred_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("Gate.example.org", "Gate.example.org"),
    ],
)
def test_address_is_kept_in_the_form_in_which_queries_name_it(database: Database, given: str, kept: str) -> None:
    append(database, [replace(RICH, ip=given)])

    assert all_events(database)[0].ip == kept


def test_ids_issued_here_are_facts_and_names_are_personal(address: str, database: Database) -> None:
    append(database, [RICH])

    (stored,) = stored_events(address)
    body, personal = json.loads(stored.body), json.loads(stored.personal)
    assert body["actor"] == {"type": "member", "id": "m-42"}
    assert body["client"] == {"type": "api_client", "id": "c-77"}
    assert body["target"] == {"type": "s3_bucket", "id": "b-9"}
    assert (body["session_id"], body["token"]) == ("s-4711", "Ab3dE5gH")
    assert body["changes"] == [{"field": "status", "before": "active", "after": "revoked"}]
    assert body["data"] == {"expires": "2027-05-20"}
    assert personal == {
        "actor": {"name": "Alice Moss"},
        "client": {"name": "Payroll sync"},
        "target": {"name": "Salaries"},
        "ip": "198.51.100.7",
        "user_agent": "curl/8",
        "request_id": "req-1",
        "reason": "asked on the phone",
        "changes": [{"field": "name", "before": "Payrol", "after": "Payroll"}],
        "data": {"note": {"written by": ["Bob", 7, 2.5, None, True]}},
    }


def test_nothing_of_an_imported_event_but_its_frame_is_a_fact(address: str, database: Database) -> None:
    append(database, [replace(RICH, source=Source("elsewhere", "e-1"))])

    (stored,) = stored_events(address)
    assert json.loads(stored.body).keys() == FACTS_OF_ALL
    personal = json.loads(stored.personal)
    assert personal["actor"] == {"type": "member", "id": "m-42", "name": "Alice Moss"}
    assert (personal["session_id"], personal["token"]) == ("s-4711", "Ab3dE5gH")
    assert [change["field"] for change in personal["changes"]] == ["name", "status"]
    assert personal["data"].keys() == {"expires", "note"}
    assert personal["source"] == {"name": "elsewhere", "identity": "e-1"}


def test_each_event_has_a_salt_of_its_own_and_awaits_its_place(address: str, database: Database) -> None:
    append(database, plain_drafts(20))

    stored = stored_events(address)
    assert {len(event.salt) for event in stored} == {16}
    assert len({event.salt for event in stored}) == 20
    assert count_rows(address, "pending") == 20
    assert {event.seal for event in all_events(database)} == {Seal.UNSEALED}


def test_event_whose_place_was_given_is_sealed(address: str, database: Database) -> None:
    append(database, plain_drafts(2))
    oldest = stored_events(address)[0]

    run_raw(address, f"DELETE FROM pending WHERE seq = {oldest.seq}")  # which alone gives it no place
    assert {event.seal for event in all_events(database)} == {Seal.UNSEALED}
    run_raw(address, f"INSERT INTO leaf (idx, seq, hash) SELECT 0, seq, leaf FROM event WHERE seq = {oldest.seq}")

    assert {event.id for event in all_events(database) if event.seal is Seal.SEALED} == {oldest.id}


def test_nothing_is_written_without_a_commit(address: str, database: Database) -> None:
    with database.writing() as work:
        assert work.events.append_new([RICH]).added == 1

    assert [count_rows(address, table) for table in ("event", "pending", "term")] == [0, 0, 0]
    append(database, [RICH])  # what the first try learnt about names was rolled back with it
    assert _count_by_name(database) == 1


def test_nothing_is_written_when_the_block_fails(address: str, database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as work:
        work.events.append(RICH)
        raise ZeroDivisionError

    assert count_rows(address, "event") == 0


def test_own_event_with_an_id_that_is_taken_is_refused(database: Database) -> None:
    draft = replace(RICH, id=id_at(1_795_168_800_000_000, 7))
    append(database, [draft])

    with pytest.raises(EventConflict), database.writing() as work:
        work.events.append(draft)


@pytest.mark.parametrize(
    "unfit",
    [
        {"reason": "half a pair: \ud800"},
        {"actor": Reference("member", "\udfff")},
        {"data": {"number": 2**64}},
        {"data": {"deep": [{"number": float("nan")}]}},
        {"changes": (Change("width", float("inf")),)},
        {"duration_ms": -1},
        {"duration_ms": 2**53},
        {"id": id_at(0, 0)},
    ],
    ids=lambda unfit: next(iter(unfit)),
)
def test_draft_that_cannot_be_kept_as_it_is_is_refused(
    address: str, database: Database, unfit: dict[str, object]
) -> None:
    with pytest.raises(ValueError), database.writing() as work:
        work.events.append_new([*plain_drafts(1), replace(RICH, **unfit)])  # type: ignore[arg-type]

    assert count_rows(address, "event") == 0


def _count_by_name(database: Database) -> int:
    with database.reading(UTC_ZONE) as reader:
        return reader.count(parse_query('last:all actor:"Alice Moss"'), reader.snapshot())


def _count(address: str) -> int:
    return count_rows(address, "event")


def _contents(draft: Draft) -> dict[str, object]:
    """Everything that a draft says, and the event that it became says too."""
    return {field.name: getattr(draft, field.name) for field in fields(Draft) if field.name != "id"}


def _as_kept(draft: Draft) -> Draft:
    """The draft as an event holds it: facts after other changes, and numbers that readers disagree on as text."""
    body_names = _fact_names(draft)

    def is_fact(change: Change) -> bool:
        return change.field in body_names and _is_flat(change.before) and _is_flat(change.after)

    facts = tuple(
        Change(change.field, _as_fact(change.before), _as_fact(change.after))
        for change in draft.changes
        if is_fact(change)
    )
    others = tuple(change for change in draft.changes if not is_fact(change))
    data = {
        name: _as_fact(value) if name in body_names and _is_flat(value) else value for name, value in draft.data.items()
    }
    return replace(draft, changes=others + facts, data=data)


def _fact_names(draft: Draft) -> tuple[str, ...]:
    return CATALOGUE.describe(draft.type).facts if draft.source is None else ()


def _is_flat(value: Json) -> bool:
    items = value if isinstance(value, list) else [value]
    return not any(isinstance(item, list | dict) for item in items)


def _as_fact(value: Json) -> Json:
    if isinstance(value, list):
        return [_as_fact(item) for item in value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_safe = isinstance(value, int) and -(2**53) < value < 2**53
    return repr(value) if is_number and not is_safe else value
