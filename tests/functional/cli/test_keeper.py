"""`auditdeck keeper`: once for a timer, and as a service that ends when it is told to."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from data.caller import Caller
from data.clients.model import ClientDetails
from data.clock import system_clock
from data.errors import DatabaseUnavailable, DiskFull
from data.keeping import EVERY_S, INDEX_EVERY_S, KeeperRun
from data.services.audit_log import AuditLog
from data.services.keeper import Keeper
from tests.functional.cli.command_line import PROGRAM, Runner, process_environment
from tests.integration.events import UTC_ZONE
from tests.integration.raw_access import raw_connection
from tests.members import ALICE, enrol

_LIMIT_S = 30


def make_expired(address: str) -> None:
    """Leave a client in the database whose last day is over and of which the log does not tell it."""
    then = system_clock() - timedelta(days=9)
    with closing(AuditLog(address, UTC_ZONE, clock=lambda: then)) as log:
        log.open()
        enrol(log._database)
        log.clients.create(Caller(ALICE), ClientDetails("Payroll sync", then.date() + timedelta(days=1)))


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + _LIMIT_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


@contextmanager
def service(log_file: Path, address: str) -> Iterator[subprocess.Popen[str]]:
    """A keeper as a process of its own, which has begun."""
    words = [*PROGRAM, "keeper", "--json", "--database", address]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=process_environment()
    ) as process:
        try:
            wait_for(lambda: log_file.exists() and "the keeper has begun" in log_file.read_text())
            yield process
        finally:
            process.kill()


def test_once_it_says_what_it_did(run: Runner, database: Path) -> None:
    make_expired(str(database))
    first = run("keeper", "--once", "--json").json
    assert first == {**asdict(KeeperRun(expired=1)), "sealed": 2}
    told = run("keeper", "--once", "--json").json
    assert told == asdict(KeeperRun(sealed=1)), "what the first run logged"
    assert run("keeper", "--once").out == "Nothing was due.\n"
    assert run("events", "type:api_client.expired", "last:all", "--count").out == "1\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_works_and_ends_at_once_when_it_is_told_to(
    database: Path, tmp_path: Path, number: signal.Signals
) -> None:
    make_expired(str(database))
    with service(tmp_path / "operational.log", str(database)) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert {**told, "sealed": 0} == asdict(KeeperRun(expired=1))
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(_LIMIT_S) == 0
        assert time.monotonic() - began < 5
        assert process.stderr is not None and process.stderr.read() == ""
    assert "the keeper has ended, as it was told to" in (tmp_path / "operational.log").read_text()


@pytest.mark.postgres
def test_it_ends_at_once_while_another_program_has_the_clients(postgres_address: str, tmp_path: Path) -> None:
    make_expired(postgres_address)
    with raw_connection(postgres_address) as other:
        other.execute(f"SELECT pg_advisory_lock({int.from_bytes(b'adckclnt')})")
        with service(tmp_path / "operational.log", postgres_address) as process:
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            wait_for(lambda: bool(other.execute(waiting).fetchone()[0]))
            began = time.monotonic()
            process.terminate()
            assert process.wait(_LIMIT_S) == 0
            assert time.monotonic() - began < 5


def test_a_server_that_has_vanished_is_waited_for(
    run: Runner, tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: Iterator[Exception | KeeperRun] = iter(
        [
            *([DatabaseUnavailable("No answer from db.example.org: gone.")] * 2),
            *([DiskFull("It is full.")] * 2),
            KeeperRun(expired=2),
        ]
    )

    def answer(_keeper: Keeper, **_how: object) -> KeeperRun:
        told = next(answers)
        if isinstance(told, Exception):
            raise told
        return told

    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 5 * EVERY_S:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(Keeper, "run", answer)
    monkeypatch.setattr(Keeper, "index", lambda _keeper: None)
    monkeypatch.setattr(Keeper, "seal", lambda _keeper, _stop: 0)
    monkeypatch.setattr("tui.commands.keeper.time.sleep", pause)
    assert run("keeper", "--json") == (
        0,
        '{"expired":2,"lost":0,"over":0,"sent":0,"unsent":0,"indexed":0,"segments":0,"sealed":0,"retired":0}\n',
        "",
    )
    assert paused == [INDEX_EVERY_S] * EVERY_S * 5
    log = (tmp_path / "operational.log").read_text()
    for once in ("No answer from db.example.org: gone.", "It is full."):
        assert log.count(f"WARNING the keeper tries again in 60 seconds: {once}") == 1
