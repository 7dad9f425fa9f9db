"""Whatever a hand leaves behind is a finding: none of it keeps a verification from telling of it."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data.errors import DatabaseError
from data.merkle.notes import Signer
from data.proof import blocks, verifier
from data.proof.findings import Wrong
from data.proof.pool import exported_snapshot, pool
from data.services.audit_log import AuditLog
from data.stop import Stop
from tests.hand_clock import HandClock
from tests.integration.events import append, plain_drafts
from tests.integration.raw_access import run_raw
from tests.integration.sealed_logs import forty_sealed, mixed_drafts, open_log, tamper


@pytest.fixture
def log(address: str, clock: HandClock, tmp_path: Path) -> Iterator[AuditLog]:
    with forty_sealed(address, tmp_path, clock) as opened:
        yield opened


def wrong(log: AuditLog) -> list[tuple[Wrong, int | None]]:
    """What is found, and where."""
    return [(one.wrong, one.place) for one in log.proofs.verify(log.caller()).findings]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ("UPDATE event SET body = CAST(x'7bff7d' AS TEXT) WHERE seq = 5", (Wrong.BODY, 4)),
        ("UPDATE event SET personal = CAST(x'7bff7d' AS TEXT) WHERE seq = 5", (Wrong.PERSONAL, 4)),
        ("UPDATE term SET name = CAST(x'ff' AS TEXT) WHERE name = 'User 4'", (Wrong.NAME, 4)),
        ("UPDATE term SET ident = CAST(x'ff' AS TEXT) WHERE name = 'User 4'", (Wrong.NAME, 4)),
        ("UPDATE checkpoint SET note = CAST(x'ff' AS TEXT)", (Wrong.CHECKPOINT, None)),
        ("UPDATE sealing_key SET verifier = CAST(x'ff' AS TEXT)", (Wrong.CHECKPOINT, None)),
    ],
)
def test_bytes_that_are_no_text_are_found(
    edit: str, expected: tuple[Wrong, int | None], sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        append(log.gate.database, mixed_drafts())
        log.keeper.seal()
        tamper(sqlite_address, edit)
        assert expected in wrong(log)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE log_identity SET id = {id}",
        "DELETE FROM log_identity",
        "DELETE FROM sealing_key",
        "UPDATE sealing_key SET verifier = 'nothing'",
        "UPDATE sealing_key SET verifier = '{key}'",
        "UPDATE checkpoint SET peaks = root",
    ],
)
def test_what_names_the_log_and_its_key_is_found_to_be_altered(edit: str, log: AuditLog, address: str) -> None:
    id_ = "gen_random_uuid()" if "://" in address else "zeroblob(16)"
    tamper(address, *_without_guards(address), edit.format(id=id_, key=Signer.generate("auditdeck/x").verifier))
    assert (Wrong.CHECKPOINT, None) in wrong(log)


def _without_guards(address: str) -> list[str]:
    if "://" not in address:
        return []
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("log_identity", "sealing_key", "leaf")]


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        ("UPDATE tile SET hash = {hash} WHERE height = 8 AND idx = 1", 256),
        ("DELETE FROM tile WHERE height = 8 AND idx = 1", 256),
        ("INSERT INTO tile (height, idx, hash) VALUES (8, 7, {hash})", None),
        ("INSERT INTO tile (height, idx, hash) VALUES (16, 0, {hash})", None),
    ],
)
@pytest.mark.parametrize("pooled", [False, True])
def test_a_node_above_the_leaves_that_was_altered_is_found(
    edit: str,
    place: int | None,
    pooled: bool,
    sqlite_address: str,
    clock: HandClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if pooled:  # by blocks that are lower than the node
        monkeypatch.setattr(verifier, "WORTH_A_POOL", 1)
        monkeypatch.setattr(verifier, "BLOCK", 128)
        monkeypatch.setattr(blocks, "BLOCK", 128)
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(700))
        log.keeper.seal()
        run_raw(sqlite_address, edit.format(hash=f"x'{bytes(32).hex()}'"))
        assert wrong(log) == [(Wrong.LEAF, place)]


def _die(_connection: sa.Connection, _task: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _interrupted(_connection: sa.Connection, _task: object) -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return 7


def test_a_process_that_dies_is_told_of_and_an_interruption_is_the_first_ones(
    sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    with closing(open_log(sqlite_address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(3))
        done: list[int] = []
        with pool(sqlite_address, Stop()) as processes:
            processes.each(_interrupted, [1], done.append)
            assert done == [7]
            with pytest.raises(DatabaseError, match="ended before its time"):
                processes.each(_die, [1], lambda _done: None)


def _count(connection: sa.Connection, _task: object) -> Any:  # noqa: ANN401
    return connection.execute(sa.text("SELECT count(*) FROM event")).scalar_one()


@pytest.mark.postgres
def test_all_processes_see_the_same(postgres_address: str, clock: HandClock, tmp_path: Path) -> None:
    with closing(open_log(postgres_address, tmp_path, clock)) as log:
        append(log.gate.database, plain_drafts(3))
        counts: list[int] = []
        with log.gate.database.upkeep_reading() as connection:
            before = _count(connection, None)
            snapshot = exported_snapshot(connection)
            append(log.gate.database, plain_drafts(3))
            with pool(postgres_address, Stop(), snapshot) as processes:
                processes.each(_count, [1], counts.append)
        assert counts == [before]
