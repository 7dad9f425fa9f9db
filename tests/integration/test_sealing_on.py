"""Sealing on: whatever was altered meanwhile is told of, what can be made again is, and no second history is signed."""

from contextlib import closing
from pathlib import Path

import pytest

from data.proof.errors import ProofBroken, SealingRefused
from data.proof.findings import Wrong
from data.proof.sealer import Sealer
from data.store import Database
from tests.hand_clock import HandClock
from tests.integration.events import all_events, append, plain_drafts
from tests.integration.lawful_forgetting import erase_unsealed
from tests.integration.raw_access import count_rows, run_raw, stored_events
from tests.integration.sealed_logs import open_log, tamper
from tests.integration.test_sealing import check_paths, check_sealed, sealed_world


def test_what_was_altered_before_it_was_sealed_is_told_of_and_stays_a_finding(
    address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(5))
        id_ = stored_events(address)[1].id
        erase_unsealed(log.gate.database, 5)
        tamper(
            address,
            "UPDATE event SET body = replace(body, 'success', 'failure') WHERE seq = 2",
            "DELETE FROM event WHERE seq = 4",
        )
        assert log.keeper.seal() == 5 and log.keeper.seal() == 1
        (told,) = [event for event in all_events(log.gate.database) if event.type == "log.checkpoint_mismatch"]
        assert told.reason == f"Altered before it was sealed: {id_}. Removed before it was sealed: 1 event."
        found = log.proofs.verify(log.caller()).findings
        assert [(one.wrong, one.place) for one in found if one.wrong is not Wrong.INDEX] == [(Wrong.BODY, 1)]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE checkpoint SET peaks = zeroblob(64)",
        "UPDATE checkpoint SET peaks = x''",
        "INSERT INTO tile VALUES (8, 1, zeroblob(32))",
        "INSERT INTO tile VALUES (8, 7, zeroblob(32))",
    ],
)
def test_what_can_be_made_again_of_the_tree_keeps_nothing_from_being_sealed(
    damage: str, sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(300))
        sealer.run()
        run_raw(sqlite_address, damage)
        append(database, plain_drafts(300))
        assert sealer.run().events == 300 and check_sealed(sqlite_address, database) == 600
        check_paths(database, 600, [300])
        assert count_rows(sqlite_address, "tile") == 2


def test_the_nodes_of_the_tree_are_made_again_from_its_leaves(address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(600))
        sealer.run()
        before = run_raw(address, "SELECT height, idx, hash FROM tile ORDER BY idx")
        run_raw(address, "UPDATE tile SET hash = (SELECT hash FROM leaf WHERE leaf.idx = 1)")
        assert sealer.rebuild() == len(before) == 2
        assert run_raw(address, "SELECT height, idx, hash FROM tile ORDER BY idx") == before
        tamper(address, "UPDATE leaf SET hash = (SELECT hash FROM leaf AS l WHERE l.idx = 1) WHERE idx = 0")
        with pytest.raises(ProofBroken, match="not those that were signed"):
            sealer.rebuild()


def test_nothing_is_signed_that_does_not_continue_what_was_signed_last(
    sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(3))
        sealer.run()
    old = Path(sqlite_address).read_bytes()
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(3))
        sealer.run()
    Path(sqlite_address).write_bytes(old)
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(9))
        with pytest.raises(SealingRefused, match="cut short, or an old copy .* keeper --forget"):
            sealer.run()
        assert count_rows(sqlite_address, "pending") == 9
        assert sealer.forget() and sealer.run().events == 9 and not sealer.run().events


def test_what_was_signed_of_a_log_that_was_in_this_place_before_is_nothing_to_another(
    tmp_path: Path, clock: HandClock
) -> None:
    key = tmp_path / "sealing.key"
    for events in (3, 2):
        with closing(Database(str(tmp_path / f"{events}.db"), clock=clock)) as database:
            database.open()
            sealer = Sealer(database, clock, lambda _keys: key)
            for number in (events, 1):
                append(database, plain_drafts(number))
                assert sealer.run().events == number
        key.unlink()  # and what lies beside it stays
        assert [path.name for path in tmp_path.glob("sealing*")] == ["sealing.key.signed"]
