"""The tamper matrix: whatever a hand changes that has the file, or a superuser's login, is reported as what it is."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data.index import building
from data.index.digests import digest_of
from data.index.tallies import Tally
from data.proof import blocks, verifier
from data.proof.findings import Wrong
from data.proof.verifier import Verified
from data.records import Outcome
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.integration.events import all_events, append, plain_drafts
from tests.integration.raw_access import run_raw
from tests.integration.sealed_logs import COUNT, blob, forty_sealed, open_log, seq_at, tamper


@pytest.fixture
def log(address: str, clock: HandClock, tmp_path: Path) -> Iterator[AuditLog]:
    with forty_sealed(address, tmp_path, clock) as opened:
        yield opened


def verified(log: AuditLog, *, only_new: bool = False) -> Verified:
    return log.proofs.verify(log.caller("cli"), only_new=only_new)


def last_events(address: str) -> list[dict[str, Any]]:
    """The bodies of the events that came last."""
    return [json.loads(body) for (body,) in run_raw(address, "SELECT body FROM event ORDER BY seq DESC LIMIT 2")]


Statements = Callable[[str, int, int], list[str]]
"""What is executed on the database at an address; the row at place 8, and the one at place 9."""


def _edits(column: str, value: str) -> Statements:
    return lambda _address, seq, _other: [f"UPDATE event SET {column} = {value} WHERE seq = {seq}"]


def _swap(columns: str) -> Statements:
    def statements(_address: str, seq: int, other: int) -> list[str]:
        names = columns.split()
        both = f"CREATE TEMP TABLE held AS SELECT seq, {', '.join(names)} FROM event WHERE seq IN ({seq}, {other})"
        taken = ", ".join(
            f"{name} = (SELECT {name} FROM held WHERE held.seq = {seq} + {other} - event.seq)" for name in names
        )
        return [both, f"UPDATE event SET {taken} WHERE seq IN ({seq}, {other})"]

    return statements


TAMPERING: dict[str, tuple[Statements, Wrong]] = {
    "body": (_edits("body", "replace(body, 'success', 'failure')"), Wrong.BODY),
    "personal part": (_edits("personal", "replace(personal, 'Alice', 'Mallory')"), Wrong.PERSONAL),
    "personal part that is no JSON": (_edits("personal", "'{'"), Wrong.PERSONAL),
    "salt": (
        lambda address, seq, _: [f"UPDATE event SET salt = {blob(address, bytes(16))} WHERE seq = {seq}"],
        Wrong.PERSONAL,
    ),
    "personal part removed": (_edits("personal", "NULL"), Wrong.ERASED),
    "key": (_edits("actor", "(SELECT actor FROM event AS e WHERE e.seq = event.seq + 3)"), Wrong.KEY),
    "key removed": (_edits("client", "NULL"), Wrong.KEY),
    "key of nothing": (_edits("service", "99999"), Wrong.KEY),
    "name": (lambda *_: ["UPDATE term SET name = 'User 88' WHERE name = 'User 8'"], Wrong.NAME),
    "name as it is looked for": (lambda *_: ["UPDATE term SET folded = 'user 88' WHERE name = 'User 8'"], Wrong.NAME),
    "id of a term": (lambda *_: ["UPDATE term SET ident = 'u-88' WHERE name = 'User 8'"], Wrong.NAME),
    "time": (_edits("occurred_at", "occurred_at + 1"), Wrong.COLUMN),
    "time of receipt": (_edits("recorded_at", "recorded_at - 1"), Wrong.COLUMN),
    "duration": (_edits("duration_ms", "13"), Wrong.COLUMN),
    "request": (_edits("request_digest", "13"), Wrong.COLUMN),
    "flags": (_edits("flags", "0"), Wrong.COLUMN),
    "leaf beside the event": (
        lambda address, seq, _: [f"UPDATE event SET leaf = {blob(address, bytes(32))} WHERE seq = {seq}"],
        Wrong.COLUMN,
    ),
    "leaf in the tree": (
        lambda address, seq, _: [f"UPDATE leaf SET hash = {blob(address, bytes(32))} WHERE seq = {seq}"],
        Wrong.LEAF,
    ),
    "row": (lambda _address, seq, _: [f"DELETE FROM event WHERE seq = {seq}"], Wrong.MISSING),
    "row and leaf": (
        lambda _address, seq, _: [f"DELETE FROM event WHERE seq = {seq}", f"DELETE FROM leaf WHERE seq = {seq}"],
        Wrong.MISSING,
    ),
    "two bodies swapped": (_swap("body personal salt leaf"), Wrong.MOVED),
    "two places swapped": (
        lambda _address, seq, other: [
            f"UPDATE leaf SET seq = -1 WHERE seq = {seq}",
            f"UPDATE leaf SET seq = {seq} WHERE seq = {other}",
            f"UPDATE leaf SET seq = {other} WHERE seq = -1",
        ],
        Wrong.MOVED,
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_altered_is_reported_as_what_it_is(what: str, log: AuditLog, address: str) -> None:
    assert verified(log).holds
    statements, wrong = TAMPERING[what]
    tamper(address, *statements(address, seq_at(address, 8), seq_at(address, 9)))
    found = verified(log)
    assert not found.holds
    first = found.findings[0]
    assert (first.wrong, first.place) == (wrong, 8), found.findings
    (told,) = [event for event in last_events(address) if event["type"] == "log.verification_failed"]
    assert told["outcome"] == "failure"


def test_an_id_that_was_altered_is_reported(log: AuditLog, address: str) -> None:
    seq = seq_at(address, 8)
    new = "gen_random_uuid()" if "://" in address else "randomblob(16)"
    tamper(address, f"UPDATE event SET id = {new} WHERE seq = {seq}")
    (found,) = verified(log).findings
    assert (found.wrong, found.place) == (Wrong.COLUMN, 8)


def test_an_event_that_was_added_is_reported(log: AuditLog, address: str) -> None:
    columns = "occurred_at, recorded_at, type, outcome, actor, flags, leaf, salt, body, personal"
    overriding = "OVERRIDING SYSTEM VALUE " if "://" in address else ""
    new = "gen_random_uuid()" if "://" in address else "randomblob(16)"
    tamper(
        address,
        f"INSERT INTO event (seq, id, {columns}) {overriding}SELECT 9999, {new}, {columns} FROM event WHERE seq = 1",
    )
    run_raw(address, "DELETE FROM pending WHERE seq = 9999")
    (found,) = verified(log).findings
    assert (found.wrong, found.place) == (Wrong.ADDED, None) and found.id is not None


def test_the_tail_with_its_leaves_is_missed_by_who_saw_it(log: AuditLog, address: str) -> None:
    assert verified(log).holds
    tamper(address, "DELETE FROM event WHERE seq > 30", "DELETE FROM leaf WHERE seq > 30")
    found = verified(log)
    assert found.findings[0].wrong is Wrong.MISSING and found.findings[0].place == 30


def test_a_rewritten_body_with_its_hashes_is_found_by_the_signature(log: AuditLog, address: str) -> None:
    """Whoever has no key can recompute all but the checkpoint."""
    from data.store.encoding import leaf_of

    seq = seq_at(address, 8)
    ((body,),) = run_raw(address, f"SELECT body FROM event WHERE seq = {seq}")
    forged = str(body).replace("success", "failure")
    leaf = blob(address, leaf_of(forged.encode()))
    quoted = forged.replace("'", "''")
    tamper(
        address,
        f"UPDATE event SET body = '{quoted}', leaf = {leaf} WHERE seq = {seq}",
        f"UPDATE leaf SET hash = {leaf} WHERE seq = {seq}",
    )
    found = verified(log)
    assert found.findings[0].wrong is Wrong.LEAF and "not those that were signed" in found.findings[0].sentence


def test_a_checkpoint_that_was_altered_is_reported(log: AuditLog, address: str) -> None:
    tamper(address, "UPDATE checkpoint SET note = replace(note, '—', '-')")
    found = verified(log)
    assert Wrong.CHECKPOINT in {one.wrong for one in found.findings}


def test_no_lawful_step_is_reported(log: AuditLog, clock: HandClock, address: str, tmp_path: Path) -> None:
    for hours in (0, 1, 2):
        clock.move(hours=hours)
        append(log.gate.database, plain_drafts(300, start=clock()))
        found = verified(log)
        assert found.holds and found.unsealed >= 300
        log.keeper.run()
        log.keeper.replace_key()
        assert verified(log).holds and verified(log, only_new=True).holds
    told = [event for event in all_events(log.gate.database) if event.type == "log.verified"]
    assert told and all(event.outcome is Outcome.SUCCESS and event.data["root"] for event in told)


def test_only_what_is_new_is_looked_at_again(log: AuditLog, address: str, clock: HandClock) -> None:
    append(log.gate.database, plain_drafts(600))
    log.keeper.seal()
    first = verified(log, only_new=True)
    assert first.checked == first.size == COUNT + 600
    append(log.gate.database, plain_drafts(10))
    log.keeper.seal()
    again = verified(log, only_new=True)
    assert again.holds and again.checked < 300 < again.size
    append(log.gate.database, plain_drafts(300))
    log.keeper.seal()
    clock.move(hours=1)
    log.keeper.seal()
    second = verified(log, only_new=True)
    assert second.holds and second.checked == second.size - again.size == 301  # with the one that tells of the look
    append(log.gate.database, plain_drafts(300))
    log.keeper.seal()
    place = second.size + 50
    tamper(address, f"UPDATE checkpoint SET note = 'x' WHERE size < {second.size}")  # which is not looked at again
    tamper(address, f"UPDATE event SET flags = 1 WHERE seq = {seq_at(address, place)}")
    found = verified(log, only_new=True)
    assert [(one.wrong, one.place) for one in found.findings] == [(Wrong.COLUMN, place)]
    assert verified(log, only_new=True).checked == found.checked, "what does not hold was not verified"


def test_a_leaf_that_is_missing_is_found_by_several_processes(
    sqlite_address: str, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier, "WORTH_A_POOL", 1)
    monkeypatch.setattr(verifier, "BLOCK", 256)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(700))
        log.keeper.seal()
        tamper(sqlite_address, "DELETE FROM event WHERE seq = 101", "DELETE FROM leaf WHERE seq = 101")
        first = verified(log).findings[0]
        assert (first.wrong, first.place) == (Wrong.MISSING, 100)


def test_a_row_that_holds_what_none_can_is_found(log: AuditLog, address: str) -> None:
    if "://" in address:
        pytest.skip("PostgreSQL's columns hold what they are for")
    for place, damage in enumerate(("salt = 'text'", "leaf = 'text'", "id = 'text'", "occurred_at = 'text'"), 4):
        tamper(address, f"UPDATE event SET {damage} WHERE seq = {seq_at(address, place)}")
    found = verified(log).findings
    assert [one.place for one in found] == [4, 5, 6, 7], found


@pytest.mark.parametrize("tampered", [False, True])
def test_several_processes_find_the_same(
    tampered: bool, sqlite_address: str, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier, "WORTH_A_POOL", 1)
    monkeypatch.setattr(verifier, "BLOCK", 256)
    monkeypatch.setattr(blocks, "BLOCK", 256)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        for size in (700, 90, 300):
            append(log.gate.database, plain_drafts(size))
            clock.move(hours=1)
            log.keeper.seal()
        steps: list[tuple[str, int, int]] = []
        if tampered:
            tamper(sqlite_address, f"UPDATE event SET body = '{{}}' WHERE seq = {seq_at(sqlite_address, 900)}")
            tamper(sqlite_address, f"UPDATE event SET flags = 1 WHERE seq = {seq_at(sqlite_address, 300)}")
        found = log.proofs.verify(log.caller(), progress=lambda *step: steps.append(step))
        places = [(one.wrong, one.place) for one in found.findings]
        assert places == ([(Wrong.COLUMN, 300), (Wrong.BODY, 900)] if tampered else [])
        assert steps[-1] == (verifier.ROWS, 1090, 1090) and (verifier.HASHES, 1090, 1090) in steps


def test_a_log_that_was_never_sealed_holds_nothing(sqlite_address: str, clock: HandClock, tmp_path: Path) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(3))
        assert verified(log) == Verified(unsealed=3)


# The index.


@pytest.fixture
def indexed(log: AuditLog) -> AuditLog:
    """The same with a segment, and some that are in none."""
    append(log.gate.database, plain_drafts(building.LEAST))
    log.keeper.run()
    append(log.gate.database, plain_drafts(5))
    log.keeper.seal()
    return log


def index_findings(log: AuditLog) -> list[str]:
    """What is said of the index, where nothing else is said."""
    found = verified(log).findings
    assert {one.wrong for one in found} <= {Wrong.INDEX}, found
    return [one.sentence for one in found]


@pytest.mark.parametrize(
    ("column", "forged", "says"),
    [
        ("type", "(SELECT type FROM event AS e WHERE e.seq = event.seq - 1)", "does not find events by type"),
        ("actor", "(SELECT actor FROM event AS e WHERE e.seq = event.seq - 1)", "does not find events by actor"),
        ("ip", "NULL", "does not find events by ip"),
        ("ip", "outcome", "does not find events by ip"),
        ("duration_ms", "77777", "does not find events by what they have"),
        ("flags", "0", "does not find events by what they have"),
        ("occurred_at", "occurred_at + 5000", "happen at another time"),
    ],
)
def test_an_index_that_says_something_else_is_found_and_made_anew(
    column: str, forged: str, says: str, indexed: AuditLog, address: str
) -> None:
    """It is made of a row that is altered for the time: so it is whole by its own digests."""
    assert index_findings(indexed) == []
    seq = seq_at(address, 4)
    ((before,),) = run_raw(address, f"SELECT {column} FROM event WHERE seq = {seq}")
    tamper(address, f"UPDATE event SET {column} = {forged} WHERE seq = {seq}")
    ((segment,),) = run_raw(address, "SELECT id FROM index_segment WHERE is_live AND log = 1")
    with indexed.gate.database.upkeep_writing() as connection:
        connection.exec_driver_sql(f"INSERT INTO index_damage (segment) VALUES ({segment})")
    indexed.keeper.run()
    run_raw(address, f"UPDATE event SET {column} = {'NULL' if before is None else before} WHERE seq = {seq}")
    (told,) = index_findings(indexed)
    assert says in told
    indexed.keeper.run()
    assert index_findings(indexed) == []


def test_events_that_the_index_leaves_out_are_found(indexed: AuditLog, address: str) -> None:
    run_raw(address, "DELETE FROM unindexed_event WHERE seq = (SELECT max(seq) FROM unindexed_event)")
    assert index_findings(indexed) == ["The index lists 1 of the changes not at all."]
    run_raw(address, "DELETE FROM index_segment")
    told = index_findings(indexed)
    assert len(told) == 1 and told[0].endswith("of the changes not at all.")


def test_events_that_the_index_lists_twice_are_found(indexed: AuditLog, address: str) -> None:
    run_raw(address, f"INSERT INTO unindexed_event (seq) VALUES ({seq_at(address, 4)}), (99999)")
    assert index_findings(indexed) == ["The index lists 2 of the changes twice, or for nothing."]


def test_a_part_of_the_index_that_is_damaged_is_found(indexed: AuditLog, address: str) -> None:
    run_raw(address, "UPDATE index_pack SET body = digest")
    assert index_findings(indexed) == ["A part of the index is damaged."]
    indexed.keeper.run()
    assert index_findings(indexed) == []


def test_a_part_of_the_index_that_is_none_though_its_digest_is_right_is_found(indexed: AuditLog, address: str) -> None:
    key, body = next(
        (key, bytes(body))
        for key, body in run_raw(address, "SELECT key, body FROM index_tally")
        if Tally(bytes(body)).codes
    )
    forged = body[:-2] + b"\xff\xff"
    digest = digest_of("index_tally", key, forged)
    run_raw(
        address,
        f"UPDATE index_tally SET body = {blob(address, forged)}, digest = {blob(address, digest)} WHERE key = {key}",
    )
    assert index_findings(indexed) == ["A part of the index counts actor wrongly."]
