"""What a driver's errors become: a sentence, and the class that says whether trying again may help."""

import os
import sqlite3
from pathlib import Path
from threading import Thread

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from data.errors import Cancelled, DatabaseError, DatabaseUnavailable, DiskFull
from data.store.engine import make_room, open_engine, plain_errors
from data.store.location import parse_location
from data.store.write_turn import write_turn

EMBEDDED = parse_location("/var/log/audit.db")
SHARED = parse_location("postgresql://reader:hunter2@db.example.org/log")


def sqlite_error(words: str, code: int) -> sqlite3.Error:
    """An error as SQLite raises it, with its extended code."""
    error = sqlite3.OperationalError(words)
    error.sqlite_errorcode = code
    return error


def translated(error: Exception, address: str) -> Exception:
    with pytest.raises((DatabaseError, Cancelled)) as raised, plain_errors(parse_location(address)):
        raise error
    return raised.value


@pytest.mark.parametrize(
    ("address", "error", "kind"),
    [
        (EMBEDDED.shown, sqlite3.OperationalError("interrupted"), Cancelled),
        (EMBEDDED.shown, sqlite3.OperationalError("database is locked"), DatabaseUnavailable),
        (EMBEDDED.shown, sqlite_error("database or disk is full", sqlite3.SQLITE_FULL), DiskFull),
        (EMBEDDED.shown, sqlite_error("disk I/O error", sqlite3.SQLITE_IOERR_WRITE), DiskFull),
        (EMBEDDED.shown, sqlite_error("disk I/O error", sqlite3.SQLITE_IOERR_READ), DatabaseUnavailable),
        (EMBEDDED.shown, sqlite_error("readonly database", sqlite3.SQLITE_READONLY), DatabaseError),
        (SHARED.shown, psycopg.errors.QueryCanceled("canceling statement due to user request"), Cancelled),
        (SHARED.shown, psycopg.errors.QueryCanceled("storniere Anfrage wegen Benutzeraufforderung"), Cancelled),
        (SHARED.shown, psycopg.OperationalError("connection refused\nIs it running?"), DatabaseUnavailable),
        (SHARED.shown, psycopg.OperationalError(""), DatabaseUnavailable),
        (SHARED.shown, psycopg.errors.DiskFull("could not extend file"), DiskFull),
        (SHARED.shown, psycopg.errors.OutOfMemory("out of memory"), DiskFull),
        (SHARED.shown, psycopg.errors.InsufficientPrivilege("permission denied"), DatabaseError),
    ],
)
def test_error_of_a_statement_has_its_class(address: str, error: Exception, kind: type[Exception]) -> None:
    wrapped = (exc.OperationalError if isinstance(error, psycopg.OperationalError) else exc.DatabaseError)(
        "SELECT 1", None, error
    )

    result = translated(wrapped, address)

    assert type(result) is kind
    assert "\n" not in str(result)
    assert str(result).endswith(".")


def test_sentence_names_the_place_and_no_password() -> None:
    refused = exc.OperationalError("SELECT 1", None, psycopg.OperationalError("connection refused\nIs it running?"))

    with pytest.raises(DatabaseUnavailable) as raised, plain_errors(SHARED):
        raise refused

    assert str(raised.value) == (
        "No answer from postgresql+psycopg://reader:***@db.example.org/log: connection refused."
    )


def test_pool_that_is_used_up_is_a_matter_of_time() -> None:
    assert type(translated(exc.TimeoutError("QueuePool limit"), SHARED.shown)) is DatabaseUnavailable


def test_errors_of_the_caller_pass_through() -> None:
    with pytest.raises(PermissionError), plain_errors(EMBEDDED):
        raise PermissionError


def test_room_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "audit.db"

    make_room(path)
    make_room(path)

    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600


def test_room_is_found_by_other_threads_when_its_file_is_closed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "audit.db"
    order: list[str] = []
    close = os.close

    def find() -> None:
        make_room(path)
        order.append("found")  # and whoever finds it connects: no descriptor of it may be closed after that

    second = Thread(target=find)

    def close_slowly(descriptor: int) -> None:
        second.start()
        second.join(0.05)
        close(descriptor)
        order.append("closed")

    monkeypatch.setattr(os, "close", close_slowly)
    make_room(path)
    second.join(10)

    assert order == ["closed", "found"]


def test_room_that_this_user_may_not_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "audit.db"
    path.touch(0o400)
    monkeypatch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)  # as for anybody but root

    with pytest.raises(DatabaseError) as refused:
        make_room(path)

    assert str(refused.value) == f"{path} cannot be written: this user may not, or its disk is read-only."


@pytest.mark.parametrize("name", ["audit.db", "link.db"])
def test_turns_do_not_overlap(tmp_path: Path, name: str) -> None:
    path = tmp_path / "audit.db"
    (tmp_path / "link.db").symlink_to(path)
    order: list[str] = []

    def second() -> None:
        with write_turn(tmp_path / name):
            order.append("second")

    with write_turn(path):
        waiting = Thread(target=second)
        waiting.start()
        waiting.join(0.05)
        order.append("first")
    waiting.join(10)

    assert order == ["first", "second"]


def test_shared_database_needs_no_turn() -> None:
    with write_turn(None), write_turn(None):
        pass


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 2), (False, 0)])
def test_only_a_database_that_is_thrown_away_is_not_waited_for(tmp_path: Path, durable: bool, synchronous: int) -> None:
    engine = open_engine(parse_location(str(tmp_path / "audit.db")), durable=durable)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == synchronous
    engine.dispose()


def connect_options(address: str) -> dict[str, object]:
    """What the driver would be asked to connect with."""
    engine = open_engine(parse_location(address))

    class Enough(Exception):
        pass

    options: dict[str, object] = {}

    @sa.event.listens_for(engine, "do_connect")
    def look(_dialect: object, _record: object, _words: object, asked: dict[str, object]) -> None:
        options.update(asked)
        raise Enough

    with pytest.raises(Enough):
        engine.connect()
    return {name: value for name, value in options.items() if name != "context"}


def test_silent_network_is_noticed_within_seconds() -> None:
    options = connect_options("postgresql://db.example.org/log")

    assert options == {
        "host": "db.example.org",
        "dbname": "log",
        "connect_timeout": 5,
        "application_name": "auditdeck",
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    }


def test_what_the_address_sets_stays() -> None:
    options = connect_options("postgresql://db.example.org/log?keepalives_idle=60&connect_timeout=30")

    assert (options["keepalives_idle"], options["connect_timeout"], options["keepalives_count"]) == ("60", "30", 3)
