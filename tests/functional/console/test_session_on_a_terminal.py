"""The session of a console that is a process on a terminal of its own, over a shared database: how it ends."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from data.access.model import Session, SessionEnd
from data.clock import system_clock
from data.query import parse_query
from data.records import Event
from data.services.audit_log import AuditLog
from data.services.identity import Process
from data.store import Database
from tests.functional.cli.command_line import process_environment
from tests.hand_clock import HandClock
from tests.integration.events import UTC_ZONE
from tests.integration.raw_access import run_raw

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal"),
]

_LIMIT_S = 15
_LOCKS_WITHIN_S = 5
"""As it is promised: by the clock, on a console that looks as often as every other one."""


class Console:
    """A process, and the terminal that it is on."""

    def __init__(self, process: "subprocess.Popen[bytes]", leader: int) -> None:
        self.process = process
        self._leader = leader

    def see(self, words: bytes) -> None:
        """Read on until this is among what it has written."""
        seen = b""
        while words not in seen:
            piece = self._read()
            assert piece, f"it ended, and said no more than {seen[-2000:]!r}"
            seen += piece

    def press(self, keys: bytes) -> None:
        os.write(self._leader, keys)

    def end(self) -> tuple[int, str]:
        """Its exit status, and what it said on the normal screen, after the last that it drew."""
        seen = b""
        while piece := self._read():
            seen += piece
        return self.process.wait(_LIMIT_S), seen.rpartition(b"\x1b[?1049l")[2].decode()

    def _read(self) -> bytes:
        ready, _, _ = select.select([self._leader], [], [], _LIMIT_S)
        assert ready, "it says nothing"
        try:
            return os.read(self._leader, 65_536)
        except OSError:  # EIO: nobody is left on the terminal
            return b""


@contextmanager
def console(address: str, folder: Path, **variables: str) -> Iterator[Console]:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    environment = process_environment(
        TERM="xterm-256color",
        AUDITDECK_DATABASE=address,
        AUDITDECK_LOG_FILE=str(folder / "operational.log"),
        AUDITDECK_STATE_FILE="",
        **variables,
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tui.cli"],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment,
        start_new_session=True,
    ) as process:
        os.close(follower)
        try:
            yield Console(process, leader)
        finally:
            process.kill()
            os.close(leader)


def session_at(address: str) -> Session:
    with closing(Database(address)) as database, database.asking() as transaction:
        (session,) = transaction.sessions.newest(10)
    return session


def told(address: str) -> list[Event]:
    with closing(AuditLog(address, UTC_ZONE)) as log:
        found = log.page(parse_query("type:session.* last:all"), limit=10).items
    return sorted(found, key=lambda event: event.occurred_at)


@pytest.mark.parametrize("by", ["a key", "SIGHUP"])
def test_a_console_signs_out_or_says_that_its_terminal_is_lost(postgres_address: str, tmp_path: Path, by: str) -> None:
    with console(postgres_address, tmp_path) as here:
        here.see(b"live")
        began = session_at(postgres_address)
        assert began.ending is None and began.terminal == "xterm-256color"
        if by == "SIGHUP":
            here.process.send_signal(signal.SIGHUP)
        else:
            here.press(b"\x11")
        status, said = here.end()
    assert status == (129 if by == "SIGHUP" else 0) and "auditdeck:" not in said
    ended = session_at(postgres_address)
    assert ended.ending is (SessionEnd.LOST if by == "SIGHUP" else SessionEnd.SIGNED_OUT)
    signed_in, left = told(postgres_address)
    assert (signed_in.type, left.type) == (
        "session.signed_in",
        "session.lost" if by == "SIGHUP" else "session.signed_out",
    )
    assert left.session_id == signed_in.session_id == began.id


def test_one_that_is_killed_is_the_keepers_to_note(postgres_address: str, tmp_path: Path) -> None:
    with console(postgres_address, tmp_path) as here:
        here.see(b"live")
        here.process.kill()
        here.end()
    assert session_at(postgres_address).ending is None
    later = HandClock(system_clock() + timedelta(minutes=3))
    with closing(AuditLog(postgres_address, UTC_ZONE, clock=later, identity=Process())) as log:
        assert log.keeper.run().lost == 1
    assert session_at(postgres_address).ending is SessionEnd.LOST


def test_one_whose_session_is_ended_locks_and_a_stranger_is_sent_away(postgres_address: str, tmp_path: Path) -> None:
    with console(postgres_address, tmp_path) as here:
        here.see(b"live")
        began = session_at(postgres_address)
        with closing(Database(postgres_address)) as database, database.writing() as work:
            work.sessions.end(began.id, system_clock(), SessionEnd.ENDED, "Ben Ito")
            work.commit()
        since = monotonic()
        here.see(b"This console is locked")
        assert monotonic() - since < _LOCKS_WITHIN_S
        here.press(b"q")
        status, said = here.end()
        assert status == 1 and "auditdeck: This session was ended by Ben Ito." in said
    run_raw(postgres_address, "UPDATE member SET login = NULL")
    with console(postgres_address, tmp_path) as there:
        status, said = there.end()
    assert status == 1
    assert "auditdeck: The login " in said and "is no member's here" in said and said.count("\n") == 1


def test_a_superuser_is_sent_away(postgres_address: str, tmp_path: Path) -> None:
    if not run_raw(postgres_address, "SELECT rolsuper FROM pg_roles WHERE rolname = session_user")[0][0]:
        pytest.skip("this server's user is no superuser")
    with console(postgres_address, tmp_path, AUDITDECK_AS_OWNER="false") as here:
        status, said = here.end()
    assert status == 1
    assert "auditdeck: The login " in said and "is a superuser" in said and said.count("\n") == 1
    assert told(postgres_address) == []
