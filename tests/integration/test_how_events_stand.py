"""How each event stands when it is read: unsealed, sealed, erased by somebody, or altered; and no row takes a page with it."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from data.answers import Cursor, Direction
from data.exchange.outgoing import CSV, JSON_LINES, OCSF
from data.query import parse_query
from data.records import TOMBSTONE, UNREADABLE, Erasure, Event, Log, Outcome, Reference, Seal
from data.store import Database
from data.store.encoding import leaf_of
from data.store.plain_reader import PlainReaders
from tests.hand_clock import NOW, HandClock
from tests.integration.erased_events import ALICE, erase, note_erasure, telling_of
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, append
from tests.integration.raw_access import run_raw
from tests.integration.sealed_logs import blob, mixed_drafts, tamper

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def drafted(database: Database) -> tuple[Event, ...]:
    """Three events with all that a row can hold, the newest first."""
    append(database, mixed_drafts()[:5:2])
    return all_events(database)


def by_id(database: Database) -> dict[UUID, Event]:
    return {one.id: one for one in all_events(database)}


def seq_of(address: str, event_id: UUID) -> int:
    written = f"'{event_id}'" if "://" in address else f"x'{event_id.hex}'"
    ((seq,),) = run_raw(address, f"SELECT seq FROM event WHERE id = {written}")
    assert isinstance(seq, int)
    return seq


def alter(address: str, event_id: UUID, setting: str) -> None:
    tamper(address, f"UPDATE event SET {setting} WHERE seq = {seq_of(address, event_id)}")


READABLE = {
    "body": "body = replace(body, 'success', 'failure')",
    "personal part": "personal = replace(personal, 'Alice', 'Mallory')",
    "salt taken": "salt = NULL",
    "personal part taken": "personal = NULL, salt = NULL",
    "personal part taken and said to be erased": "personal = NULL, salt = NULL, flags = 8",
    "an actor that is a text": 'body = replace(body, \'"actor":{\', \'"actor":"Eve","x":{\')',
    "an actor's id that is a number": "body = replace(body, '\"m-1\"', '1')",
    "time in the body": 'body = replace(body, \'"occurred_at":"2\', \'"occurred_at":"0\')',
}


@pytest.mark.parametrize("what", READABLE)
def test_what_was_altered_says_so_and_the_others_do_not(
    what: str, address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    altered = drafted[1]
    alter(address, altered.id, READABLE[what])
    found = by_id(database)
    assert [found[one.id].seal for one in drafted] == [Seal.UNSEALED, Seal.ALTERED, Seal.UNSEALED]
    assert found[altered.id].type == altered.type
    assert found[altered.id].occurred_at == altered.occurred_at, "its place in the log is that of its row"
    with database.reading(UTC_ZONE) as reader:
        assert reader.get(altered.id) == found[altered.id]


UNREADABLE_TEXTS = {
    "no JSON": "body = '{'",
    "no JSON in the personal part": "personal = '{'",
    "a list": "body = '[]'",
    "a number for the personal part": "personal = '7'",
    "nothing in it": "body = '{}'",
    "a type that is a number": "body = replace(body, '\"api_client.updated\"', '7')",
    "an outcome that is none": "body = replace(body, 'success', 'splendid')",
    "a time without a zone": "body = replace(body, 'Z\"', '\"')",
    "an address that is a list": "personal = replace(personal, '\"198.51.100.9\"', '[7]')",
    "a change without a field": "body = replace(body, '\"field\"', '\"meadow\"')",
    "bytes that are no text": "body = CAST(x'7bff7d' AS TEXT)",
    "bytes that are no text in the personal part": "personal = CAST(x'ff' AS TEXT)",
}


@pytest.mark.parametrize("what", UNREADABLE_TEXTS)
def test_what_cannot_be_read_is_shown_as_what_its_row_says(
    what: str, address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    if "://" in address and "bytes" in what:
        pytest.skip("PostgreSQL keeps no such text")
    altered = drafted[1]
    alter(address, altered.id, UNREADABLE_TEXTS[what])
    found = by_id(database)
    assert found[altered.id] == Event(
        id=altered.id,
        type=UNREADABLE,
        occurred_at=altered.occurred_at,
        recorded_at=altered.recorded_at,
        seal=Seal.ALTERED,
    )
    assert [one.seal for one in all_events(database)] == [Seal.UNSEALED, Seal.ALTERED, Seal.UNSEALED]
    with database.reading(UTC_ZONE) as reader:  # a search goes on past it
        assert [one.id for one in reader.page(parse_query("alice last:all")).items] == [drafted[0].id, drafted[2].id]


def test_an_id_or_a_time_that_is_none_takes_no_page_with_it(
    address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    if "://" in address:
        pytest.skip("PostgreSQL's columns hold nothing else")
    alter(address, drafted[1].id, "occurred_at = 'soon', id = x'01'")
    alter(address, drafted[2].id, f"occurred_at = {2**62}")
    first, second, third = all_events(database)
    assert (first.id, first.seal) == (drafted[0].id, Seal.UNSEALED)
    assert (second.id, second.seal, second.occurred_at) == (drafted[2].id, Seal.UNSEALED, drafted[2].occurred_at)
    assert (third.id.bytes, third.seal) == (b"\x01" + bytes(15), Seal.ALTERED)


def test_another_events_content_under_an_id_is_altered(
    address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    columns = ", ".join(f"{name} = other.{name}" for name in ("leaf", "salt", "body", "personal"))
    alter(
        address,
        drafted[1].id,
        f"{columns} FROM (SELECT leaf, salt, body, personal FROM event WHERE seq = {seq_of(address, drafted[0].id)}) AS other",
    )
    assert [one.seal for one in all_events(database)] == [Seal.UNSEALED, Seal.ALTERED, Seal.UNSEALED]


def test_a_leaf_that_was_made_anew_is_not_the_one_that_was_sealed(
    address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    run_raw(address, "INSERT INTO leaf (idx, seq, hash) SELECT seq - 1, seq, leaf FROM event")
    assert {one.seal for one in all_events(database)} == {Seal.SEALED}
    seq = seq_of(address, drafted[1].id)
    ((body,),) = run_raw(address, f"SELECT body FROM event WHERE seq = {seq}")
    forged = str(body).replace("success", "failure")
    leaf = blob(address, leaf_of(forged.encode()))
    alter(address, drafted[1].id, f"body = '{forged}', leaf = {leaf}")
    assert [one.seal for one in all_events(database)] == [Seal.SEALED, Seal.ALTERED, Seal.SEALED]


@pytest.mark.parametrize("whole", [False, True])
def test_what_was_erased_says_by_whom_and_why(whole: bool, database: Database, drafted: tuple[Event, ...]) -> None:
    erase(database, drafted[1], LATER, "GDPR request 12", whole=whole)
    telling, *found = all_events(database)
    assert telling.type == "log.event_erased"
    assert [one.seal for one in found] == [Seal.UNSEALED, Seal.ERASED, Seal.UNSEALED]
    assert found[1].erasure == Erasure(ALICE, LATER, "GDPR request 12", whole, telling.id)
    assert (found[1].is_blank, found[1].type == TOMBSTONE) == (whole, whole)
    assert found[1].actor == (Reference("anonymous") if whole else Reference("member", "m-1"))
    assert found[1].occurred_at == drafted[1].occurred_at
    with database.reading(UTC_ZONE) as reader:
        assert reader.get(drafted[1].id) == found[1]


def test_what_was_erased_twice_tells_of_the_whole(database: Database, drafted: tuple[Event, ...]) -> None:
    erase(database, drafted[1], LATER, "first", whole=False)
    erase(database, drafted[1], LATER + timedelta(hours=1), "then all of it", whole=True)
    erased = by_id(database)[drafted[1].id]
    assert erased.erasure is not None
    assert (erased.erasure.reason, erased.erasure.is_whole) == ("then all of it", True)


TELLS_NOTHING = {
    "refused": lambda told: replace(told, outcome=Outcome.DENIED),
    "of another event": lambda told: replace(told, target=Reference("event", str(UUID(int=1)))),
    "something else": lambda told: replace(told, type="log.exported"),
    "of nothing": lambda told: replace(told, target=None),
}


@pytest.mark.parametrize("what", TELLS_NOTHING)
def test_an_erasure_of_which_no_event_tells_is_an_alteration(
    what: str, address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    told = TELLS_NOTHING[what](telling_of(drafted[1].id, LATER, None, whole=False))
    note_erasure(database, drafted[1].id, told, whole=False)
    alter(address, drafted[1].id, "personal = NULL, salt = NULL, flags = 8")
    erased = by_id(database)[drafted[1].id]
    assert (erased.seal, erased.erasure) == (Seal.ALTERED, None)


def test_an_erasure_is_not_believed_of_an_altered_event(
    address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    erase(database, drafted[1], LATER, "a reason", whole=False)
    told_by = all_events(database)[0].id
    alter(address, told_by, "personal = replace(personal, 'a reason', 'another')")
    assert by_id(database)[drafted[1].id].seal is Seal.ALTERED


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_left_of_an_erased_event_can_be_altered(
    whole: bool, address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    erase(database, drafted[1], LATER, whole=whole)
    alter(address, drafted[1].id, "body = replace(body, 'success', 'failure')")
    altered = by_id(database)[drafted[1].id]
    assert altered.seal is Seal.ALTERED and altered.erasure is not None


def test_leave_to_erase_a_part_is_no_leave_to_erase_all(
    address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    erase(database, drafted[1], LATER, whole=False)
    from data.store.encoding import tombstone

    body = tombstone(drafted[1].id, drafted[1].occurred_at, drafted[1].recorded_at).decode()
    alter(address, drafted[1].id, f"body = '{body}'")
    assert by_id(database)[drafted[1].id].seal is Seal.ALTERED


def test_pages_of_both_readers_and_of_the_request_log_say_it(
    address: str, database: Database, clock: HandClock, drafted: tuple[Event, ...]
) -> None:
    append(database, [replace(draft, source=None) for draft in mixed_drafts()[:2]], Log.REQUESTS)
    guard = (
        "ALTER TABLE request DISABLE TRIGGER request_no_update"
        if "://" in address
        else "DROP TRIGGER request_no_update"
    )
    run_raw(address, guard, "UPDATE request SET personal = NULL WHERE seq = 1")
    assert [one.seal for one in all_events(database, Log.REQUESTS)] == [Seal.UNSEALED, Seal.ALTERED]
    alter(address, drafted[0].id, "body = '{'")
    plain = Database(address, clock=clock, readers=PlainReaders())
    try:
        assert all_events(plain) == all_events(database)
    finally:
        plain.close()


@pytest.mark.parametrize("form", [JSON_LINES, CSV, OCSF], ids=lambda form: form.tag)
def test_an_export_has_a_line_for_what_cannot_be_read(
    form: object, address: str, database: Database, drafted: tuple[Event, ...]
) -> None:
    from data.services.export_lines import lines_of

    alter(address, drafted[1].id, "body = '{'")
    with database.asking() as transaction:
        lines = lines_of(form, transaction, EVERYTHING, Direction.NEWER, NOW)  # type: ignore[arg-type]
        reader = transaction.events(UTC_ZONE)
        page = reader.stored_page(EVERYTHING, Cursor(reader.snapshot(), Direction.NEWER), limit=10)
        written = [*lines.of(transaction, page.items)]
    assert len(written) == 3
    assert str(drafted[1].id).encode() in written[1] and UNREADABLE.encode() in written[1]
    if form is JSON_LINES:
        assert json.loads(written[1]) == {
            "id": str(drafted[1].id),
            "type": UNREADABLE,
            "occurred_at": "2026-11-20T10:00:02.000000Z",
            "recorded_at": "2026-11-20T10:00:00.000000Z",
            "seal": "altered",
        }


def test_an_export_says_what_was_erased(database: Database, drafted: tuple[Event, ...]) -> None:
    from data.services.export_lines import lines_of

    erase(database, drafted[0], LATER, whole=True)
    erase(database, drafted[1], LATER, whole=False)
    with database.asking() as transaction:
        lines = lines_of(JSON_LINES, transaction, EVERYTHING, Direction.OLDER, NOW)
        reader = transaction.events(UTC_ZONE)
        page = reader.stored_page(EVERYTHING, Cursor(reader.snapshot(), Direction.OLDER), limit=10)
        *_, whole, part, untouched = map(json.loads, lines.of(transaction, page.items))
    assert [one.get("seal") for one in (whole, part, untouched)] == ["erased", "erased", None]
    assert set(whole) == {"id", "type", "occurred_at", "recorded_at", "seal"} and whole["type"] == TOMBSTONE
    assert part["actor"] == {"type": "member", "id": "m-1"}
