"""One event held against the proof, and what was altered of it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from data.errors import EventNotFound
from data.merkle.paths import is_included
from data.proof.findings import Wrong
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.integration.events import all_events, append, plain_drafts
from tests.integration.lawful_forgetting import erase
from tests.integration.raw_access import run_raw, stored_events
from tests.integration.sealed_logs import forty_sealed, seq_at, tamper
from tests.integration.test_verify import TAMPERING

_NOT_ABOUT_ONE = {"row", "row and leaf"}
_SAID_OTHERWISE = {
    "two bodies swapped": Wrong.BODY,
    "two places swapped": Wrong.BODY,
    "leaf in the tree": Wrong.LEAF,
}


@pytest.fixture
def log(address: str, clock: HandClock, tmp_path: Path) -> Iterator[AuditLog]:
    with forty_sealed(address, tmp_path, clock) as opened:
        yield opened


def id_at(address: str, place: int) -> UUID:
    """The id of the event at this place."""
    seq = seq_at(address, place)
    return next(one.id for one in stored_events(address) if one.seq == seq)


def test_it_is_proven_from_its_row_to_the_signature(log: AuditLog, address: str) -> None:
    id_ = id_at(address, 8)
    found = log.proofs.verify_event(log.caller(), id_)
    assert found.holds and (found.place, found.size) == (8, 40) and found.root is not None
    leaf = next(one.leaf for one in stored_events(address) if one.id == id_)
    assert is_included(leaf, 8, 40, found.path, found.root)
    said = " ".join(found.proven)
    for words in ("at place 8 of the checkpoint of 40 events", str(found.key), "Its body", "personal part", "keys"):
        assert words in said
    told = [event for event in all_events(log.gate.database) if event.type == "log.verified"]
    assert [event.target.id for event in told if event.target] == [str(id_)]


@pytest.mark.parametrize("what", sorted(TAMPERING.keys() - _NOT_ABOUT_ONE))
def test_what_was_altered_of_it_is_said(what: str, log: AuditLog, address: str) -> None:
    id_ = id_at(address, 8)
    statements, wrong = TAMPERING[what]
    tamper(address, *statements(address, seq_at(address, 8), seq_at(address, 9)))
    found = log.proofs.verify_event(log.caller(), id_)
    assert found.findings[0].wrong is _SAID_OTHERWISE.get(what, wrong), found.findings


def test_an_erased_one_is_told_of(log: AuditLog, address: str) -> None:
    ids = [id_at(address, place) for place in range(4, 8)]
    erase(log.gate.database, 4, wholly=False)
    erase(log.gate.database, 5, wholly=True)
    erase(log.gate.database, 6, wholly=True, told=False)
    erase(log.gate.database, 7, wholly=True, told_wholly=False)
    for _is_sealed in (False, True):
        found = [log.proofs.verify_event(log.caller(), id_) for id_ in ids]
        assert [[one.wrong for one in event.findings] for event in found] == [[], [], [Wrong.ERASED], [Wrong.ERASED]]
        assert all("erased with leave, as the event" in " ".join(event.proven) for event in found[:2])
        log.keeper.seal()


def test_what_has_no_place_is_not_proven(log: AuditLog, address: str) -> None:
    append(log.gate.database, plain_drafts(2))
    waiting, added = (one.id for one in stored_events(address)[-2:])
    run_raw(address, "DELETE FROM pending WHERE seq = (SELECT max(seq) FROM pending)")
    found = log.proofs.verify_event(log.caller(), waiting)
    assert (found.holds, found.place, found.proven) == (True, None, [])
    assert [one.wrong for one in log.proofs.verify_event(log.caller(), added).findings] == [Wrong.ADDED]
    with pytest.raises(EventNotFound):
        log.proofs.verify_event(log.caller(), uuid4())
