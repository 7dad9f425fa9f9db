"""A keeper of a file that nobody writes to asks it for nothing, and misses nothing that somebody writes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from data.errors import DatabaseError
from data.index import building
from data.index.indexer import Indexed
from data.proof.errors import SealingRefused
from data.proof.places import SealingPlaces
from data.services.audit_log import AuditLog
from data.store import Database
from data.store.erased_bytes import erased_bytes_since, note_erased_bytes
from tests.hand_clock import HandClock
from tests.integration.events import UTC_ZONE, append, plain_drafts
from tests.integration.raw_access import run_raw

_SEALS, _INDEXES = 120, 60
"""In a minute."""
_ERASED_BYTES = "SELECT 1 FROM upkeep WHERE task = 'erased bytes'"


@pytest.fixture
def log(sqlite_address: str, clock: HandClock) -> Iterator[AuditLog]:
    with opened(sqlite_address, clock) as log:
        yield log


@contextmanager
def opened(address: str, clock: HandClock, sealing: SealingPlaces | None = None) -> Iterator[AuditLog]:
    """A log with an event; the keeper has done all that there is to do."""
    with closing(AuditLog(address, UTC_ZONE, clock=clock, sealing=sealing)) as log:
        log.append(plain_drafts(1))
        keep(log)
        keep(log)
        yield log


def keep(log: AuditLog) -> int:
    """Both looks; how many events were sealed."""
    log.keeper.index()
    return log.keeper.seal()


@contextmanager
def asked(log: AuditLog) -> Iterator[list[str]]:
    """The statements that the log's database is asked within the block, but for its data version."""
    engine, statements = log.gate.database._engine, list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_in_an_idle_minute_a_file_is_asked_for_nothing(log: AuditLog) -> None:
    with asked(log) as statements:
        for _ in range(_INDEXES):
            log.keeper.index()
        for _ in range(_SEALS):
            assert log.keeper.seal() == 0
    assert statements == []


def test_a_shared_database_is_asked_each_time(address: str, clock: HandClock) -> None:
    with opened(address, clock) as log, asked(log) as statements:
        keep(log)
        assert bool(statements) is not log.is_embedded


def test_what_anybody_writes_is_sealed_with_the_next_look(log: AuditLog, sqlite_address: str, clock: HandClock) -> None:
    log.append(plain_drafts(1))
    assert keep(log) == 1, "written by oneself"
    assert keep(log) == keep(log) == 0
    with closing(Database(sqlite_address, clock=clock)) as another:
        for _ in range(3):
            append(another, plain_drafts(2))
            assert keep(log) == 2
            assert keep(log) == keep(log) == 0


def test_what_waits_for_the_index_comes_into_it_with_the_next_look(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "LEAST", 2)
    keep(log)
    log.append(plain_drafts(2))
    assert log.keeper.index().segments == 1
    assert log.keeper.index().segments == log.keeper.index().segments == 0


def test_what_could_not_be_sealed_is_tried_again_though_nobody_writes(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(plain_drafts(1))
    with monkeypatch.context() as broken:
        broken.setattr(log.keeper._sealer, "run", _fail)
        for _ in range(3):
            with pytest.raises(DatabaseError):
                log.keeper.seal()
    assert log.keeper.seal() == 1


def test_what_could_not_be_indexed_is_tried_again_though_nobody_writes(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "LEAST", 2)
    log.append(plain_drafts(2))
    with monkeypatch.context() as broken:
        broken.setattr(log.keeper._indexer, "run", lambda _stop, most: Indexed())  # somebody else is at it
        for _ in range(3):
            assert log.keeper.index() == Indexed()
    assert log.keeper.index().segments == 1


def test_a_checkpoint_that_could_not_be_handed_on_is_tried_again_though_nobody_writes(
    sqlite_address: str, clock: HandClock, tmp_path: Path
) -> None:
    file = tmp_path / "elsewhere" / "checkpoint"
    with closing(AuditLog(sqlite_address, UTC_ZONE, clock=clock, sealing=SealingPlaces(checkpoint_file=file))) as log:
        log.append(plain_drafts(1))
        for _ in range(4):
            with pytest.raises(SealingRefused):
                log.keeper.seal()
        file.parent.mkdir()
        log.keeper.seal()
        assert file.exists()
        with asked(log) as statements:
            log.keeper.seal()
        assert statements == []


def test_bytes_of_what_was_erased_go_as_soon_as_nobody_reads_though_nobody_writes(
    log: AuditLog, sqlite_address: str
) -> None:
    database = log.gate.database
    with database.upkeep_writing() as writing:
        note_erased_bytes(writing, log.gate.clock())
    with database.upkeep_reading() as reading:
        assert erased_bytes_since(reading)
        for _ in range(4):
            keep(log)
        assert run_raw(sqlite_address, _ERASED_BYTES)
    keep(log)
    assert not run_raw(sqlite_address, _ERASED_BYTES)


def test_a_round_looks_whatever_was_found_before(log: AuditLog) -> None:
    with asked(log) as statements:
        log.keeper.run()
    assert any("pending" in statement for statement in statements)


def _fail(_stop: object) -> None:
    raise DatabaseError("The disk is full.")
