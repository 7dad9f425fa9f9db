"""Addresses that lead nowhere: each is refused in one sentence that names the place and never the password."""

import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import rmtree
from traceback import format_exception

import pytest

from data.errors import DatabaseError, DatabaseUnavailable
from data.services.audit_log import AuditLog
from data.store import Database, engine, write_turn
from data.store.ownership import APPLICATION_ID
from tests.integration.events import EVERYTHING, UTC_ZONE, all_events, append, plain_drafts
from tests.integration.raw_access import run_raw
from tests.integration.test_append import RICH


@pytest.fixture
def quiet_port() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / "file" / "folder" / "audit.db"

    with pytest.raises(DatabaseError, match=rf"^{path} cannot be written: Not a directory\.$"):
        Database(str(path)).open()


def test_folder_that_takes_no_files() -> None:
    with pytest.raises(DatabaseError, match=r"^/proc/nope cannot be written: "):
        Database("/proc/nope").open()


def test_path_of_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=rf"^{tmp_path} cannot be written: Is a directory\.$"):
        Database(str(tmp_path)).open()


def test_path_with_a_nul(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot hold a NUL character"):
        Database(f"{tmp_path}/a\0b")


def test_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(b"Dear all,\n" * 500)

    with pytest.raises(DatabaseError, match=rf"^{path}: file is not a database\.$"):
        Database(str(path)).open()

    assert path.read_bytes() == b"Dear all,\n" * 500


@pytest.mark.parametrize("number", [0, 0x0F055112])
@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_database_of_another_program_is_left_as_it_is(tmp_path: Path, number: int, journal: str) -> None:
    path = tmp_path / "notes.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as notes:
        notes.execute(f"PRAGMA journal_mode={journal}")
        notes.execute(f"PRAGMA application_id={number}")
        notes.execute("CREATE TABLE note (words TEXT)")
    before = path.read_bytes()

    with closing(Database(str(path))) as database:
        for attempt in (database.open, database.upgrade):
            with pytest.raises(DatabaseError) as refused:
                attempt()
            assert str(refused.value) == f"{path} is a database of another program; auditdeck does not touch it."

    assert path.read_bytes() == before
    assert not Path(f"{path}.lock").exists()


def test_database_without_tables_becomes_an_audit_log(tmp_path: Path) -> None:
    path = tmp_path / "audit.db"
    with closing(sqlite3.connect(path)) as empty:
        empty.execute("PRAGMA journal_mode=WAL")

    with closing(Database(str(path))) as database:
        database.open()
        append(database, plain_drafts(1))

        # Its header is still that of the empty file: what was written since is in the write-ahead log.
        with closing(Database(str(path))) as another:
            another.open()
            assert len(all_events(another)) == 1
    assert run_raw(str(path), "PRAGMA application_id") == [(APPLICATION_ID,)]


@pytest.mark.parametrize("there", ["folder/audit.db", "audit.db", "empty.db"])
def test_nothing_is_made_where_nothing_may_be_made(tmp_path: Path, there: str) -> None:
    (tmp_path / "empty.db").touch()
    path = tmp_path / there

    with closing(AuditLog(str(path), UTC_ZONE, create=False)) as log, pytest.raises(DatabaseError) as refused:
        log.count(EVERYTHING)

    makes = "`auditdeck import` makes one, `auditdeck db upgrade` an empty one"
    assert str(refused.value) == f"There is no database at {path}; {makes}."
    assert [(left.name, left.stat().st_size) for left in tmp_path.iterdir()] == [("empty.db", 0)]


def test_database_that_is_there_opens_without_leave_to_make_one(sqlite_address: str) -> None:
    with closing(AuditLog(sqlite_address, UTC_ZONE, create=False)) as log:
        assert log.append(plain_drafts(1)).added == 1


def test_folder_that_goes_away(tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    with closing(Database(str(folder / "audit.db"))) as database:
        database.open()
        rmtree(folder)

        with pytest.raises(DatabaseError, match="audit.db"):
            append(database, plain_drafts(1))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://root@localhost/log", "mysql is not a database that auditdeck works with: SQLite and PostgreSQL are."),
        ("://", "This is not a database URL."),
        ("postgresql//user@host/log://", "This is not a database URL."),
        ("postgresql://host:port/log", "This is not a database URL."),
        ("postgresql://[::1/log", "This is not a database URL."),
        ("sqlite://", "An embedded database needs a file: sqlite:///PATH."),
        ("sqlite:///:memory:", "An embedded database needs a file: sqlite:///PATH."),
    ],
)
def test_address_that_cannot_be_understood(address: str, sentence: str) -> None:
    with pytest.raises(DatabaseError) as refused:
        Database(address)

    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("secret", ["reader:hunter2@127.0.0.1:{}/log", "reader@127.0.0.1:{}/log?password=hunter2"])
def test_port_where_nobody_listens(closed_port: int, secret: str) -> None:
    database = Database(f"postgresql+psycopg://{secret.format(closed_port)}")
    start = time.monotonic()

    with pytest.raises(DatabaseUnavailable) as refused:
        database.open()

    assert time.monotonic() - start < 3
    assert str(refused.value).startswith("No answer from postgresql+psycopg://reader")
    assert f"127.0.0.1:{closed_port}/log" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_port_where_nobody_answers(quiet_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "CONNECT_TIMEOUT_S", 1)
    database = Database(f"postgresql+psycopg://reader@127.0.0.1:{quiet_port}/log")
    start = time.monotonic()

    with pytest.raises(DatabaseUnavailable, match="No answer from"):
        database.open()

    assert time.monotonic() - start < 5


def test_embedded_database_that_another_program_keeps_to_itself(
    sqlite_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pragmas = tuple(one for one in engine._SQLITE_PRAGMAS if not one.startswith("busy_timeout"))
    monkeypatch.setattr(engine, "_SQLITE_PRAGMAS", (*pragmas, "busy_timeout=10"))
    with closing(Database(sqlite_address)) as database:
        with closing(sqlite3.connect(sqlite_address, isolation_level=None)) as rude:
            rude.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseUnavailable, match=rf"^{sqlite_address} is locked by another program\.$"):
                append(database, plain_drafts(1))
            assert all_events(database) == ()

        append(database, plain_drafts(1))

        assert len(all_events(database)) == 1


def test_turn_to_write_that_never_comes(sqlite_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_turn, "LOCK_TIMEOUT_S", 0.05)
    with closing(Database(sqlite_address)) as slow, closing(Database(sqlite_address)) as database:
        with (
            slow.writing(),
            pytest.raises(DatabaseUnavailable, match=f"has been writing to {sqlite_address} for too long"),
            database.writing(),
        ):
            pass

        for draft in plain_drafts(3):  # the turn that nobody waits for any more goes on
            append(database, [draft])


def test_failure_names_nothing_of_what_was_to_be_written(address: str, database: Database) -> None:
    append(database, plain_drafts(1))
    run_raw(address, "DROP TABLE pending")

    with pytest.raises(DatabaseError) as failed:
        append(database, [RICH])

    # What a traceback says ends up in log files, where nobody erases personal data.
    told = "".join(format_exception(failed.value))
    assert "pending" in told
    assert "Alice Moss" not in told
    assert "198.51.100.7" not in told
