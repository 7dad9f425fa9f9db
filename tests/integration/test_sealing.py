"""Sealing: every event gets one place, the tree is RFC 6962's over them, and what is signed says so."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import AuditdeckError
from data.merkle.checkpoints import open_checkpoint
from data.merkle.notes import Signer
from data.merkle.paths import consistency_path, inclusion_path, is_consistent, is_included
from data.merkle.tree import Frontier
from data.proof import sealer as sealing
from data.proof.errors import ProofBroken, SealingRefused
from data.proof.log_keys import LogKeys, latest_checkpoint, log_keys, opened
from data.proof.nodes import stored_nodes
from data.proof.sealer import Sealer
from data.store import Database
from tests.hand_clock import NOW, HandClock
from tests.integration.events import append, plain_drafts
from tests.integration.raw_access import REFUSALS, count_rows, run_raw, stored_events


@contextmanager
def sealed_world(address: str, clock: HandClock, tmp_path: Path) -> Iterator[tuple[Database, Sealer]]:
    """A database, and its sealer with a key in the test's own folder."""
    with closing(Database(address, clock=clock)) as database:
        database.open()
        yield database, Sealer(database, clock, lambda keys: tmp_path / "keys" / f"{keys.log}.key")


def keys_of(database: Database) -> LogKeys:
    with database.upkeep_reading() as connection:
        return log_keys(connection)


def check_sealed(address: str, database: Database) -> int:
    """All leaves are there, one for each event, and the latest checkpoint is signed over just these; how many."""
    leaves = run_raw(address, "SELECT idx, seq, hash FROM leaf ORDER BY idx")
    assert [idx for idx, _seq, _hash in leaves] == list(range(len(leaves)))
    stored = {event.seq: event.leaf for event in stored_events(address)}
    waiting = {seq for (seq,) in run_raw(address, "SELECT seq FROM pending")}
    assert {seq: bytes(leaf) for _idx, seq, leaf in leaves} == {
        seq: leaf for seq, leaf in stored.items() if seq not in waiting
    }
    tree = Frontier()
    for _idx, _seq, leaf in leaves:
        tree.add(bytes(leaf))
    with database.upkeep_reading() as connection:
        latest, keys = latest_checkpoint(connection), log_keys(connection)
    if latest is None:
        assert not leaves
        return 0
    signed = open_checkpoint(latest.note, keys.origin, keys.verifiers)
    assert (signed.size, signed.root) == (tree.size, tree.root()) == (latest.size, latest.root)
    return len(leaves)


def test_every_event_is_sealed_once_in_the_order_of_arrival(address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(address, clock, tmp_path) as (database, sealer):
        assert not sealer.is_due() and sealer.run().events == 0
        append(database, plain_drafts(7))
        assert sealer.is_due()
        first = sealer.run()
        assert first.events == 7 and first.note is not None and check_sealed(address, database) == 7
        append(database, plain_drafts(5, start=NOW - timedelta(days=400)))  # older, and later here
        assert sealer.run().events == 5 and check_sealed(address, database) == 12
        assert [seq for (seq,) in run_raw(address, "SELECT seq FROM leaf ORDER BY idx")] == sorted(
            event.seq for event in stored_events(address)
        )
        assert not sealer.is_due() and sealer.run().note is None


@pytest.mark.postgres
def test_what_commits_late_is_sealed_after_what_came_later(
    postgres_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with sealed_world(postgres_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(1))  # whose terms both know then
        sealer.run()
        with database.writing() as slow:
            slow.events.append_new(plain_drafts(1))
            append(database, plain_drafts(1))
            assert sealer.run().events == 1
            slow.commit()
        assert sealer.run().events == 1
        seqs = [seq for (seq,) in run_raw(postgres_address, "SELECT seq FROM leaf ORDER BY idx")]
        assert seqs == [1, 3, 2] and check_sealed(postgres_address, database) == 3


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sizes=st.lists(st.integers(1, 300), min_size=1, max_size=6), at_once=st.integers(1, 300))
def test_however_it_is_parted_the_proof_is_the_same(
    sizes: list[int], at_once: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("parted")
    with (
        pytest.MonkeyPatch.context() as patch,
        sealed_world(str(folder / "audit.db"), HandClock(), folder) as (database, sealer),
    ):
        patch.setattr(sealing, "AT_ONCE", at_once)
        for size in sizes:
            append(database, plain_drafts(size))
            assert sealer.run().events == size
        assert check_sealed(str(folder / "audit.db"), database) == sum(sizes)
        check_paths(database, sum(sizes), [sum(sizes[: end + 1]) for end in range(len(sizes))])


def check_paths(database: Database, size: int, ends: list[int]) -> None:
    """The stored nodes prove some leaves and some earlier sizes."""
    with database.upkeep_reading() as connection:
        leaves = [stored_nodes(connection)(0, index) for index in range(size)]
        roots: dict[int, bytes] = {}
        tree = Frontier()
        for leaf in leaves:
            tree.add(leaf)
            roots[tree.size] = tree.root()
        for index in {0, size // 3, size - 1}:
            path = inclusion_path(index, size, stored_nodes(connection))
            assert is_included(leaves[index], index, size, path, roots[size])
        for old in ends:
            path = consistency_path(old, size, stored_nodes(connection))
            assert is_consistent(old, roots[old], size, roots[size], path)


def test_of_two_sealers_one_works(address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(600))
        together, done, went_wrong = threading.Barrier(3), [], []

        def run() -> None:
            try:
                together.wait(10)
                done.append(sealer.run().events)
            except BaseException as error:  # noqa: BLE001 - told by the test
                went_wrong.append(error)

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert not went_wrong and sum(done) == 600
        assert check_sealed(address, database) == 600 and count_rows(address, "sealing_key") == 1


def test_one_checkpoint_an_hour_stays_and_the_latest(address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(address, clock, tmp_path) as (database, sealer):
        for minutes in (10, 20, 40, 15, 5):  # 10:10, 10:30, 11:10, 11:25, 11:30
            clock.move(minutes=minutes)
            append(database, plain_drafts(2))
            sealer.run()
        assert [size for (size,) in run_raw(address, "SELECT size FROM checkpoint ORDER BY size")] == [4, 10]


def test_nothing_that_is_gone_gets_a_place(sqlite_address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(3))
        run_raw(sqlite_address, "DROP TRIGGER event_no_delete", "DELETE FROM event WHERE seq = 2")
        done = sealer.run()
        assert (done.events, done.gone) == (2, 1) and not sealer.is_due()


def test_what_is_noted_as_pending_again_keeps_its_one_place(address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(3))
        sealer.run()
        run_raw(address, "INSERT INTO pending (seq) VALUES (2), (77)")
        append(database, plain_drafts(1))
        assert sealer.run().events == 1 and check_sealed(address, database) == 4


# The key.


def written_as(content: str, keys: LogKeys) -> str:
    """What stands in a key's file."""
    match content:
        case "its public half":
            return str(keys.verifiers[-1])
        case "that of elsewhere":
            return Signer.generate("elsewhere").written()
        case "another":
            return Signer.generate(keys.origin).written()
        case _:
            return content


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        (None, 0o600, "cannot be read"),
        ("nonsense", 0o600, "no key"),
        ("é", 0o600, "no key"),
        ("", 0o600, "no key"),
        ("PRIVATE+KEY+name+00000000+AAAA", 0o600, "another kind"),
        ("its public half", 0o600, "no key"),
        ("that of elsewhere", 0o600, "another log"),
        ("same", 0o640, "Others may read"),
        ("same", 0o604, "Others may read"),
        ("another", 0o600, "another key"),
    ],
)
def test_without_its_key_nothing_is_sealed(
    content: str | None, mode: int, says: str, sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(2))
        sealer.run()
        (path,) = (tmp_path / "keys").glob("*.key")
        assert path.stat().st_mode & 0o777 == 0o600
        if content is None:
            path.unlink()
        elif content != "same":
            path.write_text(written_as(content, keys_of(database)))
        if content is not None:
            path.chmod(mode)
        written = path.read_text(errors="replace") if path.exists() else ""
        append(database, plain_drafts(2))
        with pytest.raises(SealingRefused, match=says) as refused:
            sealer.run()
        assert not written or written.strip()[-20:] not in str(refused.value) or len(written) < 50
        assert count_rows(sqlite_address, "pending") == 2 and check_sealed(sqlite_address, database) == 2


def test_a_key_that_was_made_before_a_crash_is_taken(sqlite_address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(1))
        keys = keys_of(database)
        path = tmp_path / "keys" / f"{keys.log}.key"
        path.parent.mkdir()
        signer = Signer.generate(keys.origin)
        path.write_text(signer.written())
        path.chmod(0o600)
        assert sealer.run().events == 1
        assert keys_of(database).verifiers == (signer.verifier,)


def test_a_key_that_cannot_be_made_is_told_of(sqlite_address: str, clock: HandClock, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(1))
        with pytest.raises(SealingRefused, match="No key can be made"):
            sealer.run()
        assert count_rows(sqlite_address, "pending") == 1


# What is not as it was signed is not signed over.


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM leaf WHERE idx = 2",
        "DELETE FROM checkpoint",
        "UPDATE checkpoint SET size = 2",
        "UPDATE checkpoint SET root = zeroblob(32)",
        "UPDATE checkpoint SET note = replace(note, '3', '4')",
        "UPDATE checkpoint SET note = ''",
        "DELETE FROM log_identity",
        "UPDATE log_identity SET id = zeroblob(16)",
        "DELETE FROM sealing_key",
        "UPDATE sealing_key SET verifier = 'nothing'",
    ],
)
def test_nothing_is_signed_over_what_was_altered(
    damage: str, sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(3))
        sealer.run()
        triggers = run_raw(
            sqlite_address, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%proof%'"
        )
        run_raw(sqlite_address, *(f"DROP TRIGGER {name}" for (name,) in triggers), damage)
        before = run_raw(sqlite_address, "SELECT size, note FROM checkpoint")
        append(database, plain_drafts(1))
        with pytest.raises((ProofBroken, SealingRefused)):
            sealer.run()
        assert count_rows(sqlite_address, "pending") == 1
        assert run_raw(sqlite_address, "SELECT size, note FROM checkpoint") == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE leaf SET hash = hash",
        "DELETE FROM leaf",
        "UPDATE sealing_key SET verifier = ''",
        "DELETE FROM sealing_key",
        "UPDATE log_identity SET id = id",
        "DELETE FROM log_identity",
    ],
)
def test_the_proof_is_append_only(statement: str, address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(3))
        sealer.run()
        with pytest.raises(REFUSALS, match="append-only"):
            run_raw(address, statement)
        assert check_sealed(address, database) == 3


@pytest.mark.parametrize("into", ["INTO leaf VALUES (0, 99, x'00')", "INTO leaf VALUES (99, 1, x'00')"])
def test_no_leaf_is_replaced(into: str, sqlite_address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(3))
        sealer.run()
        with pytest.raises(REFUSALS, match="append-only"):
            run_raw(sqlite_address, f"REPLACE {into}")
        assert check_sealed(sqlite_address, database) == 3


def test_a_node_that_is_missing_is_said_to_be(sqlite_address: str, clock: HandClock, tmp_path: Path) -> None:
    with sealed_world(sqlite_address, clock, tmp_path) as (database, sealer):
        append(database, plain_drafts(300))
        sealer.run()
        run_raw(sqlite_address, "DELETE FROM tile")
        with (
            database.upkeep_reading() as connection,
            pytest.raises(ProofBroken, match="lacks some of its hashes between the places 0 and 255"),
        ):
            stored_nodes(connection)(8, 0)
        with database.upkeep_reading() as connection:
            stored: Any = latest_checkpoint(connection)
            assert opened(stored, log_keys(connection)).size == 300


def test_a_server_that_is_gone_is_no_proof_that_broke(tmp_path: Path, clock: HandClock) -> None:
    with closing(Database(str(tmp_path / "none" / "audit.db"), clock=clock)) as database:
        with pytest.raises(AuditdeckError) as raised:
            Sealer(database, clock, lambda _keys: tmp_path / "key").is_due()
        assert not isinstance(raised.value, ProofBroken | SealingRefused)
