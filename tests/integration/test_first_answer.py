"""The first events, asked for by a process beside: what it answers, and that where it cannot nobody is the worse for it.

Each in a process of its own: one that has threads, as that of the tests may, asks nobody.
"""

import os
import select
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
from alembic import command

from data.store import Database
from data.store.schema import REVISIONS
from tests.functional.cli.made_up_log import fill, some_drafts

PROJECT = Path(__file__).parents[2]

_BEGINNING = """
import logging, os, signal, sys, threading, time
from zoneinfo import ZoneInfo
from data.errors import Cancelled
from data.query import EventQuery, parse_query
from data.stop import Stop
from tui import first_answer
from tui.first_answer import begin_first_answer

UTC, database, query = ZoneInfo("UTC"), sys.argv[1], parse_query("last:all")

def ended(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False

told, logged = [], logging.Handler()
logged.emit = lambda record: told.append(f"{record.levelname} {record.getMessage()}")
logging.getLogger("auditdeck").addHandler(logged)
logging.getLogger("auditdeck").setLevel(logging.INFO)

"""


def _run(script: str, database: Path) -> list[str]:
    """What the script writes: its own file descriptors are its standard output's alone."""
    ended = subprocess.run(
        [sys.executable, "-c", _BEGINNING + script, str(database)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


def test_it_is_the_answer_that_the_log_itself_gives(tmp_path: Path) -> None:
    fill(tmp_path / "log.db", some_drafts(150))
    script = """
first = begin_first_answer(database, UTC, query)
process = first._process
assert process and not first.shown.is_set()
opening = first.take(query, Stop())
assert ended(process) and not first.shown.is_set(), "it is not shown yet"
assert first.take(query, Stop()) is None and first.shown.is_set(), "once is all"
assert not {name for name in sys.modules if name.startswith("sqlalchemy")}
from data.services.audit_log import AuditLog
from tui.reading.pages import PATIENCE_S, Pages
log = AuditLog(database, UTC)
there = Pages(log, query, PATIENCE_S, Stop()).newest()
assert (opening.events, opening.has_older, opening.snapshot.seq) == (there.events, there.has_older, there.snapshot.seq)
assert log.page(query, limit=1).items[0] == opening.events[0]
print(len(opening.events), opening.has_older, log.count(query, opening.snapshot), log.count(query))
"""
    assert _run(script, tmp_path / "log.db") == ["100 True 150 150"]


def test_another_query_gets_none_of_it_and_the_process_ends(tmp_path: Path) -> None:
    fill(tmp_path / "log.db", some_drafts(3))
    script = """
first = begin_first_answer(database, UTC, query)
process = first._process
assert first.take(EventQuery(), Stop()) is None and first.shown.is_set() and ended(process)
first = begin_first_answer(database, UTC, query)
process, stop = first._process, Stop()
stop.request()
try:
    first.take(query, stop)
except Cancelled:
    print("cancelled")
assert ended(process) and first.shown.is_set()
first = begin_first_answer(database, UTC, query)
process = first._process
os.kill(process, signal.SIGKILL)
assert first.take(query, Stop()) is None and ended(process)
first = begin_first_answer(database, UTC, query)
process = first._process
first.close()
assert ended(process) and first.shown.is_set()
first._ends_at = 0  # one that takes too long
first_answer._answer = lambda *_: time.sleep(60)
first_answer._MOST_S = 0.3
first, began = begin_first_answer(database, UTC, query), time.monotonic()
process = first._process
assert first.take(query, Stop()) is None and ended(process) and time.monotonic() - began < 10
"""
    assert _run(script, tmp_path / "log.db") == ["cancelled"]


def test_an_answer_that_is_cut_short_is_none(tmp_path: Path) -> None:
    """However much of it came: the console asks as ever, and no fault of it is told. What became of it is in the log."""
    fill(tmp_path / "log.db", some_drafts(3))
    script = """
def dying_after(count):
    def write(pipe, answer):
        written(pipe, answer[:count])
        os.kill(os.getpid(), signal.SIGKILL)
    return write
written = os.write
for count in (0, 1, 8, 9, 500):
    os.write = dying_after(count)
    first = begin_first_answer(database, UTC, query)
    assert first.take(query, Stop()) is None and first.shown.is_set()
os.write = written
assert begin_first_answer(database, UTC, query).take(query, Stop()).events
print(*told, sep="\\n")
"""
    told = _run(script, tmp_path / "log.db")
    assert len(told) == 5 and all(line.startswith("INFO ") and line.endswith("ended with -9") for line in told), told


def test_that_there_is_no_answer_is_told_in_the_log(tmp_path: Path) -> None:
    fill(tmp_path / "log.db", some_drafts(3))
    script = """
def failing(*_):
    raise ValueError("of no interest")
for answer, most in ((lambda *_: b"", 20), (failing, 20), (lambda *_: os._exit(7), 20), (lambda *_: time.sleep(60), 0.2)):
    first_answer._answer, first_answer._MOST_S = answer, most
    first = begin_first_answer(database, UTC, query)
    assert first.take(query, Stop()) is None and first.shown.is_set()
print(*told, sep="\\n")
"""
    told = _run(script, tmp_path / "log.db")
    assert [line.rpartition("ended with ")[2] for line in told[:3]] == ["0", "1", "7"], told
    assert len(told) == 4 and all(line.startswith("INFO ") for line in told) and "too long" in told[3]


def test_a_process_whose_console_was_killed_ends_however_long_its_answer(tmp_path: Path) -> None:
    """It finds nobody who reads: were it a reader itself, it would wait for ever for room in the pipe."""
    fill(tmp_path / "log.db", some_drafts(3))
    script = """
first_answer._answer = lambda *_: bytes(1 << 20)
print(begin_first_answer(database, UTC, query)._process, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    reading, writing = os.pipe()  # open as long as one of them runs
    try:
        killed = subprocess.run(
            [sys.executable, "-c", _BEGINNING + script, str(tmp_path / "log.db")],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            pass_fds=[writing],
            timeout=60,
            check=False,
        )
        os.close(writing)
        assert killed.returncode == -signal.SIGKILL
        has_ended = bool(select.select([reading], [], [], 10)[0])
        if not has_ended:
            with suppress(ProcessLookupError):
                os.kill(int(killed.stdout), signal.SIGKILL)
        assert has_ended
    finally:
        os.close(reading)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _dump(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [*connection.iterdump()]


def test_nothing_is_made_mended_or_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is not there, is another program's, or has an older schema: as it was, and no word on the terminal."""
    old, foreign, missing = tmp_path / "old" / "log.db", tmp_path / "foreign" / "log.db", tmp_path / "none" / "log.db"
    for path in (old, foreign, missing):
        path.parent.mkdir()
    with monkeypatch.context() as before_the_last, closing(Database(str(old))) as database:
        upgrade = command.upgrade
        before_the_last.setattr(command, "upgrade", lambda config, _: upgrade(config, REVISIONS[-2]))
        database.upgrade()
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE mine (x)")
    script = """
first = begin_first_answer(database, UTC, query)
assert first.take(query, Stop()) is None and first.shown.is_set()
print(first_answer._is_own_file(database))
"""
    for path, is_there in ((old, ["True"]), (foreign, ["True"]), (missing, ["False"])):
        before = _contents(path.parent)
        assert _run(script, path) == is_there
        assert _contents(path.parent) == before
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISIONS[-2],)]


def test_an_answer_changes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    """But that SQLite moves its write-ahead log into the file, where whoever kept it open last has died."""
    closed, left = tmp_path / "closed" / "log.db", tmp_path / "left" / "log.db"
    for path in (closed, left):
        path.parent.mkdir()
    fill(closed, some_drafts(3))
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute("CREATE TABLE committed (x)")
        for path in closed.parent.iterdir():
            (left.parent / path.name).write_bytes(path.read_bytes())
    script = """
print(len(begin_first_answer(database, UTC, query).take(query, Stop()).events))
"""
    before = _contents(closed.parent)
    assert _run(script, closed) == ["3"]
    assert _contents(closed.parent) == before
    held = tmp_path / "held.db"
    for name, content in _contents(left.parent).items():
        (tmp_path / name.replace("log", "held")).write_bytes(content)
    assert _contents(left.parent)["log.db-wal"]
    assert _run(script, left) == ["3"]
    assert _contents(left.parent).keys() == before.keys() and _dump(left) == _dump(held)


def test_who_has_threads_or_a_shared_database_asks_nobody(tmp_path: Path) -> None:
    fill(tmp_path / "log.db", some_drafts(3))
    script = """
assert begin_first_answer("postgresql+psycopg://a@b/c", UTC, query)._process is None
thread = threading.Thread(target=time.sleep, args=(0.2,))
thread.start()
assert begin_first_answer(database, UTC, query)._process is None
thread.join()
os.chown(database, 12345, -1) if os.geteuid() == 0 else None
assert os.geteuid() or begin_first_answer(database, UTC, query)._process is None
"""
    assert _run(script, tmp_path / "log.db") == []
