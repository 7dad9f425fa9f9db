"""`auditdeck import --requests`: a proxy's access log into the request log."""

import json
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from data.query import parse_query
from data.records import Event
from data.services.audit_log import AuditLog
from tests.functional.cli.command_line import PROGRAM, Runner, process_environment, run_process
from tests.integration.events import UTC_ZONE

PATIENCE_S = 20.0


def access_lines(count: int, *, first: int = 0, **changes: str) -> bytes:
    """So many lines of a proxy, a second apart."""
    lines = [
        json.dumps(
            {
                "time": f"{1_793_527_200 + number}.000",
                "host": "web-1",
                "request_id": f"r-{number}",
                "service": "orders",
                "method": "GET",
                "uri": f"/v1/orders/{number}",
                "status": "200",
                "request_time": "0.010",
                "ip": "198.51.100.7",
                "client_id": "c-77",
                "client_name": "Payroll%20sync",
                **changes,
            }
        )
        for number in range(first, first + count)
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def recorded(database: Path) -> Sequence[Event]:
    log = AuditLog(str(database), UTC_ZONE)
    try:
        return log.requests.page(parse_query("last:all"), limit=250).items
    finally:
        log.close()


def test_importing_twice_changes_nothing(run: Runner, database: Path, tmp_path: Path) -> None:
    log = tmp_path / "orders.json"
    refused = access_lines(2, first=100, client_id="", status="401")
    log.write_bytes(access_lines(3) + refused + b"no JSON\n")
    ran = run("import", "--requests", str(log))
    assert ran.status == 3
    assert ran.out == "6 read: 3 added, 0 duplicates, 2 of no client, 1 rejected.\n"
    again = run("import", "--requests", str(log), "--json").json
    assert (again["read"], again["added"], again["duplicates"], again["skipped"], again["rejected"]) == (6, 0, 3, 2, 1)
    events = recorded(database)
    assert [event.request_id for event in events] == ["r-2", "r-1", "r-0"]
    assert {event.target.name for event in events if event.target} == {"GET /v1/orders/{id}"}
    assert run("events", "last:all", "--count").out == "0\n"  # the change log is another one


def test_another_host_has_requests_of_its_own(run: Runner, database: Path, tmp_path: Path) -> None:
    log = tmp_path / "orders.json"
    log.write_bytes(access_lines(1) + access_lines(1, host="web-2") + access_lines(1))
    assert run("import", "--requests", str(log)).out.startswith("3 read: 2 added, 1 duplicates")


def test_a_pipe_is_taken_in_as_it_comes(database: Path) -> None:
    ended = run_process(["import", "--requests", "-"], access_lines(3))
    assert (ended.status, ended.out) == (0, "3 read: 3 added, 0 duplicates, 0 of no client, 0 rejected.\n")
    with subprocess.Popen(
        [*PROGRAM, "import", "--requests", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=process_environment(),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(access_lines(2, first=10))
        process.stdin.flush()  # and it stays open
        wait_for(database, 5)
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


def test_a_file_is_followed_over_its_rotation_until_a_signal(database: Path, tmp_path: Path) -> None:
    log = tmp_path / "orders.json"
    log.write_bytes(access_lines(2))
    with subprocess.Popen(
        [*PROGRAM, "import", "--requests", "--follow", str(log)], stdout=subprocess.PIPE, env=process_environment()
    ) as process:
        try:
            wait_for(database, 2)
            log.rename(tmp_path / "orders.json.1")
            log.write_bytes(access_lines(2, first=2))
            wait_for(database, 4)
            with log.open("ab") as file:
                file.write(access_lines(1, first=4) + b'{"time":')  # the proxy is in the middle of a line
            time.sleep(0.4)
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert out.decode() == "5 read: 5 added, 0 duplicates, 0 of no client, 0 rejected.\n"
    assert len(recorded(database)) == 5


def test_what_does_not_go_together_is_told(run: Runner, tmp_path: Path) -> None:
    for words in (
        ("--follow", "a.json"),
        ("--requests", "--follow", "a.json", "b.json"),
        ("--requests", "--follow", "-"),
        ("--requests", "--format", "github", "a.json"),
    ):
        ran = run("import", *words)
        assert ran.status == 2 and len(ran.err.splitlines()) == 1
    ran = run("import", "--requests", str(tmp_path / "missing.json"))
    assert ran.status == 1 and "there is no such file" in ran.err


def wait_for(database: Path, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not database.exists() or len(recorded(database)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)
