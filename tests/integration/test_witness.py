"""What a console remembers: a log that does not continue what was seen of it is told of, and no lawful step ever is."""

import json
import re
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from data.merkle.checkpoints import Checkpoint, sealed
from data.merkle.notes import Signer
from data.merkle.tree import Frontier
from data.permissions import Permission
from data.proof import waiting, witness
from data.proof.errors import SealingRefused
from data.proof.findings import Wrong
from data.proof.log_keys import latest_checkpoint
from data.proof.places import SealingPlaces
from data.proof_state import ProofState
from data.records import Outcome
from data.services.audit_log import AuditLog
from tests.hand_clock import HandClock
from tests.integration.events import UTC_ZONE, all_events, plain_drafts
from tests.integration.insiders import let_in
from tests.integration.raw_access import run_raw

_UNGUARDED = (
    *("DROP TRIGGER leaf_no_update", "DROP TRIGGER leaf_no_delete", "DROP TRIGGER log_identity_no_update"),
    *("DROP TRIGGER sealing_key_no_update", "DROP TRIGGER sealing_key_no_delete"),
)


def open_log(address: str, folder: Path, clock: HandClock) -> AuditLog:
    """A console's or keeper's log, whose key and memory are in one folder."""
    let_in(address, Permission.ADMIN)
    return AuditLog(address, UTC_ZONE, clock=clock, state_folder=folder, sealing=SealingPlaces(key_folder=folder))


def signer_of(address: str) -> Signer:
    """The key of an embedded database: of somebody who has that, too."""
    return Signer.parse(Path(f"{address}.key").read_text())


def resign(address: str, signer: Signer) -> None:
    """Make up the tree and its checkpoint anew, from whatever leaves there are."""
    tiles: list[tuple[int, int, bytes]] = []
    tree = Frontier(0, (), lambda height, index, root: tiles.append((height, index, root)))
    for (leaf,) in run_raw(address, "SELECT hash FROM leaf ORDER BY idx"):
        tree.add(leaf)
    note = sealed(Checkpoint(signer.verifier.name, tree.size, tree.root()), signer)
    run_raw(
        address,
        "DELETE FROM checkpoint",
        "DELETE FROM tile",
        *(
            f"INSERT INTO tile VALUES ({height}, {idx}, x'{root.hex()}')"
            for height, idx, root in tiles
            if height % 8 == 0
        ),
        f"INSERT INTO checkpoint VALUES ({tree.size}, x'{tree.root().hex()}', x'{b''.join(tree.peaks).hex()}', '{note}', 0)",
    )


def test_a_log_that_goes_on_is_what_was_seen(address: str, clock: HandClock, tmp_path: Path) -> None:
    with closing(open_log(address, tmp_path, clock)) as log:
        assert log.proofs.look() == ProofState(clock())
        for number in (1, 2, 253, 1, 700):
            log.append(plain_drafts(number))
            waiting = log.proofs.look()
            assert waiting.mismatch is None and waiting.unsealed == number
            clock.move(minutes=40)
            assert log.keeper.seal() == number
            state = log.proofs.look()
            assert (state.mismatch, state.unsealed, state.sealed_at) == (None, 0, clock())
        assert state.size == 957
        log.keeper.replace_key()
        log.keeper.seal()
        with closing(open_log(address, tmp_path, clock)) as other:
            assert other.proofs.look().mismatch is None
        (told,) = [event for event in all_events(log.gate.database) if event.type == "log.key_replaced"]
        assert told.outcome is Outcome.SUCCESS and "key" in told.data


def _cut_short(address: str) -> None:
    run_raw(address, *_UNGUARDED, "DELETE FROM leaf WHERE idx >= 200")
    resign(address, signer_of(address))


def _rewrite_with_its_key(address: str) -> None:
    run_raw(address, *_UNGUARDED, "UPDATE leaf SET hash = zeroblob(32) WHERE idx = 5")
    resign(address, signer_of(address))


def _move(address: str) -> None:
    swapped = (
        "UPDATE leaf SET hash = (SELECT hash FROM leaf AS other WHERE other.idx = 13 - leaf.idx) WHERE idx IN (6, 7)"
    )
    run_raw(address, *_UNGUARDED, swapped)
    resign(address, signer_of(address))


def _rewrite_with_another_key(address: str) -> None:
    signer = Signer.generate(signer_of(address).verifier.name)
    run_raw(address, *_UNGUARDED, f"UPDATE sealing_key SET verifier = '{signer.verifier}'")
    resign(address, signer)


def _put_another_in_its_place(address: str) -> None:
    run_raw(address, *_UNGUARDED, "UPDATE log_identity SET id = zeroblob(16)")
    signer = Signer.generate("auditdeck/00000000-0000-0000-0000-000000000000")
    run_raw(address, f"UPDATE sealing_key SET verifier = '{signer.verifier}'")
    resign(address, signer)


def _seal_nothing(address: str) -> None:
    run_raw(address, *_UNGUARDED, "DELETE FROM leaf", "DELETE FROM checkpoint", "DELETE FROM sealing_key")


def _forge_a_signature(address: str) -> None:
    run_raw(address, "UPDATE checkpoint SET note = replace(note, '—', '-')")


def _lose_a_node(address: str) -> None:
    run_raw(address, "DELETE FROM tile")


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (_cut_short, "^The log was cut short, .*: 300 were there on .*, and now there are fewer"),
        (_rewrite_with_its_key, "^Sealed events were changed, moved or removed: 300 were there"),
        (_move, "^Sealed events were changed, moved or removed: 300 were there"),
        (_rewrite_with_another_key, "^It is sealed with another key: "),
        (_put_another_in_its_place, "^This is another log, "),
        (_seal_nothing, "^Nothing is sealed any more: "),
        (_forge_a_signature, "does not hold"),
        (_lose_a_node, "lacks some of its hashes"),
    ],
)
def test_what_was_changed_behind_the_back_of_a_console_is_told_of_and_logged(
    tamper: Callable[[str], None], says: str, sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        log.append(plain_drafts(300))
        log.keeper.seal()
        assert log.proofs.look().mismatch is None
        if tamper is not _cut_short:
            log.append(plain_drafts(10))
            log.keeper.seal()
    tamper(sqlite_address)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        for _ in range(2):
            mismatch = log.proofs.look().mismatch
        assert mismatch is not None
        assert re.search(says, mismatch), mismatch
        (told,) = [event for event in all_events(log.gate.database) if event.type == "log.checkpoint_mismatch"]
        assert (told.reason, told.outcome) == (mismatch, Outcome.FAILURE)


def test_an_old_copy_in_its_place_is_told_of_until_it_is_taken_for_true(
    sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        log.append(plain_drafts(3))
        log.keeper.seal()
    old = Path(sqlite_address).read_bytes()
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        log.append(plain_drafts(3))
        log.keeper.seal()
        assert log.proofs.look().mismatch is None
    Path(sqlite_address).write_bytes(old)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        for _ in range(2):
            assert "6 were there on" in str(log.proofs.look().mismatch)
        log.append(plain_drafts(9))
        # Nor does the keeper sign a second history, which would be one with its own key.
        with pytest.raises(SealingRefused, match="keeper --forget"):
            log.keeper.seal()
        assert log.keeper.forget_signed() and not log.keeper.forget_signed()
        log.keeper.seal()
        assert "events were changed" in str(log.proofs.look().mismatch)
        assert log.proofs.forget(log.caller()) and not log.proofs.forget(log.caller())
        assert log.proofs.look().mismatch is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"note": 1}', "\x00", "[" * 100_000])
def test_a_memory_that_says_nothing_is_told_of(
    content: str, sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        log.append(plain_drafts(3))
        log.keeper.seal()
        log.proofs.look()
        (memory,) = tmp_path.glob("checkpoint-*.json")
        memory.write_text(content)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        state = log.proofs.look()
        assert "cannot be understood" in str(state.trouble) and state.mismatch is None
        log.proofs.forget(log.caller())
        assert log.proofs.look().mismatch is None


def test_a_memory_forged_by_another_key_is_none(sqlite_address: str, clock: HandClock, tmp_path: Path) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        log.append(plain_drafts(3))
        log.keeper.seal()
        log.proofs.look()
    (memory,) = tmp_path.glob("checkpoint-*.json")
    told = json.loads(memory.read_text())
    told["verifier"] = str(Signer.generate("elsewhere").verifier)
    memory.write_text(json.dumps(told))
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        assert "cannot be understood" in str(log.proofs.look().trouble)


def test_without_a_folder_nothing_is_remembered(sqlite_address: str, clock: HandClock) -> None:
    with closing(AuditLog(sqlite_address, UTC_ZONE, clock=clock)) as log:
        log.append(plain_drafts(3))
        log.keeper.seal()
        assert log.proofs.look().mismatch is None and not log.proofs.forget(log.caller())


def test_two_consoles_with_one_memory_keep_the_larger(address: str, clock: HandClock, tmp_path: Path) -> None:
    with closing(open_log(address, tmp_path, clock)) as one, closing(open_log(address, tmp_path, clock)) as other:
        one.append(plain_drafts(3))
        one.keeper.seal()
        assert other.proofs.look().mismatch is None
        one.append(plain_drafts(3))
        one.keeper.seal()
        assert one.proofs.look().mismatch is None and other.proofs.look().mismatch is None
        (memory,) = tmp_path.glob("checkpoint-*.json")
        assert "\n6\n" in json.loads(memory.read_text())["note"]


def test_a_mismatch_is_logged_once_however_the_log_goes_on(
    sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        log.append(plain_drafts(300))
        log.keeper.seal()
        log.proofs.look()
    _cut_short(sqlite_address)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        for _ in range(4):
            assert log.proofs.look().mismatch is not None
            with suppress(SealingRefused):
                log.keeper.seal()
        told = [event for event in all_events(log.gate.database) if event.type == "log.checkpoint_mismatch"]
        assert len(told) == 1


def test_what_another_console_saw_meanwhile_is_no_mismatch(
    sqlite_address: str, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        closing(open_log(sqlite_address, tmp_path, clock)) as one,
        closing(open_log(sqlite_address, tmp_path, clock)) as other,
    ):
        one.append(plain_drafts(3))
        one.keeper.seal()

        def latest(connection: Any) -> Any:  # noqa: ANN401
            found = latest_checkpoint(connection)
            monkeypatch.undo()
            one.append(plain_drafts(3))
            one.keeper.seal()
            assert other.proofs.look().size == 6
            return found

        monkeypatch.setattr(witness, "latest_checkpoint", latest)
        state = one.proofs.look()
        assert (state.size, state.mismatch) == (3, None)


@pytest.mark.parametrize(
    "damage",
    [
        "sealed_at = 9000000000000000000",
        "sealed_at = 'x'",
        "root = 'x'",
        "peaks = 7",
        "note = CAST(note AS BLOB)",
        "size = 0",
    ],
)
def test_a_checkpoint_that_is_none_is_told_of(
    damage: str, sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        log.append(plain_drafts(3))
        log.keeper.seal()
        run_raw(sqlite_address, f"UPDATE checkpoint SET {damage}")
        assert "is none" in str(log.proofs.look().mismatch)
        found = log.proofs.verify(log.caller()).findings
        assert Wrong.CHECKPOINT in {one.wrong for one in found}


def test_of_very_much_that_waits_not_all_is_counted(
    address: str, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_COUNTED", 5)
    with closing(open_log(address, tmp_path, clock)) as log:
        log.append(plain_drafts(9))
        assert log.proofs.look().unsealed == log.proofs.verify(log.caller()).unsealed == 5


def _sign_with(address: str, signer: Signer) -> None:
    """Sign the tree again with another key, which is noted among those of the log."""
    known = [key for (key,) in run_raw(address, "SELECT verifier FROM sealing_key")]
    if str(signer.verifier) not in known:
        run_raw(address, f"INSERT INTO sealing_key VALUES ({len(known)}, '{signer.verifier}')")
    resign(address, signer)


def test_another_key_than_before_is_told_of_unless_an_event_tells_of_it(
    sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        log.append(plain_drafts(3))
        log.keeper.seal()
        old = signer_of(sqlite_address)
        assert log.proofs.look().mismatch is None
        log.keeper.replace_key()
        log.keeper.seal()
        assert log.proofs.look().mismatch is None, "of which an event tells"
        _sign_with(sqlite_address, old)
        assert "with an older key than before" in str(log.proofs.look().mismatch)
        _sign_with(sqlite_address, Signer.generate(old.verifier.name))
        assert "a new key of which no event tells" in str(log.proofs.look().mismatch)
        found = log.proofs.verify(log.caller()).findings
        assert "No event tells that the log is sealed with" in " ".join(one.sentence for one in found)
