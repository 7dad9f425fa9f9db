"""`auditdeck gateway`: where it listens, and what it says where it cannot."""

import signal
import socket
import subprocess
from importlib import util
from pathlib import Path

import httpx
import pytest

from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import PROGRAM, Runner, process_environment
from tests.integration.events import UTC_ZONE

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def made(database: Path) -> None:
    """A database that is there; the gateway makes none."""
    log = AuditLog(str(database), UTC_ZONE)
    log.open()
    log.close()


def test_it_listens_on_a_unix_socket_that_not_everybody_may_use(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))  # what a gateway that was killed leaves behind
    with subprocess.Popen(
        [*PROGRAM, "gateway", "--listen", f"unix:{path}"], stderr=subprocess.PIPE, env=process_environment()
    ) as process:
        try:
            assert process.stderr is not None
            assert process.stderr.readline().decode() == f"The gateway listens at unix:{path}.\n"
            assert path.stat().st_mode & 0o777 == 0o660
            with httpx.Client(transport=httpx.HTTPTransport(uds=str(path))) as client:
                assert client.get("http://gateway/healthz").text == "ok\n"
                headers = {"X-Forwarded-For": "198.51.100.7"}
                assert client.get("http://gateway/authenticate", headers=headers).status_code == 401
                long = client.get("http://gateway/authenticate", headers={"X-API-Key": "x" * 100_000})
                assert (long.status_code, long.json()["refusal"]) == (401, "mistyped_token")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
    assert not path.exists()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("nowhere", "is not a place to listen"),
        ("127.0.0.1:99999", "is not a place to listen"),
        ("192.0.2.1:8400", "Cannot listen at 192.0.2.1:8400"),
        ("unix:/no/such/folder/gateway.sock", "Cannot listen at unix:/no/such/folder/gateway.sock"),
        (f"unix:{Path(__file__)}", "is a file already, and no socket"),
        ("unix:" + "x" * 200, "Cannot listen at"),
    ],
)
def test_where_it_cannot_listen_it_says_so(run: Runner, where: str, words: str) -> None:
    ran = run("gateway", "--listen", where)
    assert ran.status == 1 and len(ran.err.splitlines()) == 1
    assert words in ran.err


def test_a_place_that_is_taken_is_told(run: Runner) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        assert (
            run("gateway", "--listen", place).err == f"auditdeck: Cannot listen at {place}: Address already in use.\n"
        )


def test_without_its_extra_it_says_which(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    find = util.find_spec
    monkeypatch.setattr("tui.commands.gateway.find_spec", lambda name: None if name == "uvicorn" else find(name))
    ran = run("gateway")
    assert ran.status == 1
    assert ran.err == "auditdeck: The gateway needs the extra `gateway` (uvicorn): pip install 'auditdeck[gateway]'.\n"


def test_a_database_that_is_not_there_is_told_at_once(run: Runner, tmp_path: Path) -> None:
    ran = run("gateway", "--database", str(tmp_path / "nowhere.db"))
    assert ran.status == 1 and "nowhere.db" in ran.err
