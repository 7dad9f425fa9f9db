"""What was erased or removed with leave is no finding, and what went without is."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.proof import blocks, verifier
from data.proof.findings import Wrong
from data.proof.verifier import Verified
from data.records import Outcome
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.integration.events import append, plain_drafts
from tests.integration.lawful_forgetting import erase, remove
from tests.integration.raw_access import run_raw
from tests.integration.sealed_logs import COUNT, forty_sealed, open_log, seq_at, tamper


@pytest.fixture
def log(address: str, clock: HandClock, tmp_path: Path) -> Iterator[AuditLog]:
    with forty_sealed(address, tmp_path, clock) as opened:
        yield opened


def verified(log: AuditLog, *, only_new: bool = False) -> Verified:
    return log.proofs.verify(log.caller("cli"), only_new=only_new)


def wrong(log: AuditLog) -> list[tuple[Wrong, int | None]]:
    """What is found, and where."""
    return [(one.wrong, one.place) for one in verified(log).findings]


def test_what_was_erased_or_removed_with_leave_is_no_finding(log: AuditLog) -> None:
    database = log.gate.database
    for place, wholly in ((4, False), (5, True), (6, False), (7, True)):
        erase(database, place, wholly=wholly)
    erase(database, 6, wholly=True)
    remove(database, [*range(10, 20), 25])
    for _is_sealed in (False, True):  # what tells of it waits for its own place at first
        found = verified(log)
        assert (found.findings, found.erased, found.removed) == ((), 4, 11)
        log.keeper.seal()
    remove(database, [7])
    assert verified(log).findings == () and verified(log, only_new=True).findings == ()


def test_an_erasure_of_which_no_event_tells_is_found(log: AuditLog, address: str) -> None:
    erase(log.gate.database, 4, wholly=False, told=False)
    erase(log.gate.database, 5, wholly=True, told=False)
    erase(log.gate.database, 6, wholly=True, told_wholly=False)
    erase(log.gate.database, 7, wholly=False, outcome=Outcome.DENIED)
    found = [(one.wrong, one.place) for one in verified(log).findings]
    # The notes that opened the guard are told of, too.
    assert found == [*[(Wrong.GUARD, None)] * 4, *((Wrong.ERASED, place) for place in (4, 5, 6, 7))]


def test_a_removal_of_which_no_event_tells_is_found(log: AuditLog) -> None:
    remove(log.gate.database, [4, 5, 6], told=[5])
    remove(log.gate.database, [20], digest="00" * 32)
    remove(log.gate.database, [30], told=[])
    found = verified(log)
    assert [(one.wrong, one.place) for one in found.findings] == [(Wrong.MISSING, one) for one in (4, 6, 20, 30)]
    assert found.removed == 1


@pytest.mark.parametrize("smuggled", ['"a":"more",', '"duration_ms":7,'])
def test_a_tombstone_says_nothing_else(smuggled: str, log: AuditLog) -> None:
    erase(log.gate.database, 5, wholly=True, smuggled=smuggled)
    assert wrong(log) == [(Wrong.BODY, 5)]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("client = actor", Wrong.KEY),
        ("duration_ms = 9", Wrong.COLUMN),
        ("flags = 0", Wrong.COLUMN),
        ("personal = '{}'", Wrong.PERSONAL),
        ("occurred_at = occurred_at + 1000", Wrong.BODY),
        ("recorded_at = recorded_at + 1", Wrong.BODY),
    ],
)
def test_what_is_left_of_an_event_is_checked(edit: str, expected: Wrong, log: AuditLog, address: str) -> None:
    erase(log.gate.database, 5, wholly=True)
    tamper(address, f"UPDATE event SET {edit} WHERE seq = {seq_at(address, 5)}")
    assert {(expected, 5)} >= {*wrong(log)} - {(Wrong.BACK, 5)} and not verified(log).holds


def test_what_was_erased_or_removed_and_is_here_is_found(log: AuditLog, address: str) -> None:
    run_raw(address, "CREATE TABLE held AS SELECT * FROM event")
    erase(log.gate.database, 4, wholly=True)
    erase(log.gate.database, 5, wholly=False)
    remove(log.gate.database, [6, 7])
    log.keeper.seal()
    overriding = "OVERRIDING SYSTEM VALUE " if "://" in address else ""
    put_back = [
        f"UPDATE event SET {', '.join(f'{name} = (SELECT {name} FROM held WHERE seq = 5)' for name in columns)} "
        "WHERE seq = 5"
        for columns in [["body", "salt", "personal", "type", "outcome", "actor", "client", "target", "service", "ip"]]
    ]
    names = ", ".join(["seq", *_columns(address)])
    seqs = ", ".join(str(seq_at(address, place)) for place in (6, 7))
    tamper(
        address,
        *put_back,
        f"INSERT INTO event ({names}) {overriding}SELECT {names} FROM held WHERE seq IN ({seqs})",
        "DELETE FROM pending",
    )
    found = {(one.wrong, one.place) for one in verified(log).findings}
    assert {(Wrong.BACK, 4), (Wrong.BACK, 6), (Wrong.BACK, 7)} <= found


def _columns(address: str) -> list[str]:
    from data.store.event_writer import ROW_COLUMNS

    return [*ROW_COLUMNS]


def test_rows_that_open_the_guards_and_are_not_told_of_are_found(log: AuditLog, address: str) -> None:
    run_raw(address, "INSERT INTO retiring_event (seq) VALUES (3)")
    ((id_,),) = run_raw(address, "SELECT id FROM event WHERE seq = 3")
    run_raw(address, "INSERT INTO erasure SELECT seq, 1 = 0, id, id FROM event WHERE seq = 3")
    found = verified(log).findings
    assert [one.wrong for one in found] == [Wrong.GUARD, Wrong.GUARD] and found[0].id is not None and id_


def test_what_is_gone_in_great_numbers_is_told_of_in_few_words(log: AuditLog, address: str) -> None:
    append(log.gate.database, plain_drafts(600))
    log.keeper.seal()
    tamper(address, f"DELETE FROM event WHERE seq >= {seq_at(address, 100)} AND seq < {seq_at(address, 500)}")
    found = [one for one in verified(log).findings if one.wrong is Wrong.MISSING]
    assert len(found) == 101 and "300 more, up to place 499" in found[-1].sentence


def test_more_altered_bodies_than_are_told_of_are_nothing_else(log: AuditLog, address: str) -> None:
    append(log.gate.database, plain_drafts(300))
    log.keeper.seal()
    tamper(address, f"UPDATE event SET body = replace(body, 'success', 'failure') WHERE seq > {seq_at(address, COUNT)}")
    found = verified(log).findings
    assert {one.wrong for one in found} == {Wrong.BODY} and len(found) == 101
    assert found[0].place == COUNT + 1 and "199 more" in found[-1].sentence


def test_several_processes_find_the_same_leave(
    sqlite_address: str, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifier, "WORTH_A_POOL", 1)
    monkeypatch.setattr(verifier, "BLOCK", 256)
    monkeypatch.setattr(blocks, "BLOCK", 256)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(900))
        log.keeper.seal()
        erase(log.gate.database, 300, wholly=True)
        erase(log.gate.database, 600, wholly=False)
        remove(log.gate.database, [*range(256), *range(512, 550)])
        log.keeper.seal()
        found = verified(log)
        assert (found.findings, found.erased, found.removed) == ((), 2, 294)
        tamper(sqlite_address, f"DELETE FROM event WHERE seq = {seq_at(sqlite_address, 555)}")
        assert (Wrong.MISSING, 555) in wrong(log) and len(wrong(log)) == 2  # the index lists it, too


def test_what_the_keeper_removes_because_of_its_age_is_removed_with_leave(log: AuditLog, clock: HandClock) -> None:
    clock.move(days=800)
    log.keeper.run()
    log.keeper.seal()
    found = verified(log)
    assert found.findings == () and found.removed == COUNT
