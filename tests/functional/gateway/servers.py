"""Servers on the loopback interface for as long as a test needs them: nginx, uvicorn in a thread, and our own program."""

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from tests.functional.cli.command_line import PROGRAM, PROJECT, process_environment

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
EXAMPLE = PROJECT / "data" / "gateway" / "nginx.conf.example"
PATIENCE_S = 15.0
_ATTEMPTS = 5

_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    access_log off;
    include {folder}/orders.conf;
}}
"""


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_nginx(folder: Path, gateway: str, application: str, *, asks: bool = True) -> Iterator[tuple[str, Path]]:
    """The documented nginx, between these two places: its URL, and the access log that it writes.

    One that does not ask the gateway lets everything through.
    """
    if NGINX is None:
        pytest.skip("there is no nginx here (Debian: apt-get install nginx)")
    folder.mkdir()
    access_log = folder / "orders.json"
    (folder / "nginx.conf").write_text(_CONFIGURATION.format(folder=folder))
    for _ in range(_ATTEMPTS):  # another program may take the port before nginx does
        port = free_port()
        example = EXAMPLE.read_text()
        for documented, here in (
            ("server 127.0.0.1:8400;", f"server {gateway};"),
            ("server 127.0.0.1:8000;", f"server {application};"),
            ("listen 8080;", f"listen 127.0.0.1:{port};"),
            ("access_log /var/log/nginx/orders.json", f"access_log {access_log}"),
        ):
            assert example.count(documented) == 1, documented
            example = example.replace(documented, here)
        if not asks:
            example = example.replace("auth_request /auditdeck;", "")
        (folder / "orders.conf").write_text(example)
        command = [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "error.log")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            if _answers(port, process):
                yield f"http://127.0.0.1:{port}", access_log
                return
        finally:
            _end(process)
    log = folder / "error.log"
    pytest.fail(f"nginx does not start: {log.read_text() if log.exists() else 'it says nothing'}")


@contextmanager
def running_gateway(address: str, folder: Path, **settings: str) -> Iterator[str]:
    """`auditdeck gateway` over this database, as a process: where it listens. It is ended by SIGTERM, and ends well."""
    environment = process_environment(
        AUDITDECK_DATABASE=address, AUDITDECK_LOG_FILE=str(folder / "gateway.log"), **settings
    )
    command = [*PROGRAM, "gateway", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        try:
            line = process.stderr.readline()
            found = re.search(r"listens at (\S+)\.$", line)
            assert found, line + process.stderr.read()
            yield found[1]
            process.terminate()
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()


@contextmanager
def running_import(address: str, access_log: Path, folder: Path) -> Iterator[None]:
    """`auditdeck import --requests --follow`, as a process."""
    environment = process_environment(AUDITDECK_DATABASE=address, AUDITDECK_LOG_FILE=str(folder / "import.log"))
    command = [
        *PROGRAM,
        "import",
        "--requests",
        "--follow",
        str(access_log),
        "--rejects",
        str(folder / "rejects.jsonl"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=folder) as process:
        try:
            yield
            process.terminate()
            process.wait(PATIENCE_S)
        finally:
            process.kill()


@contextmanager
def running_application(app: Any) -> Iterator[str]:  # noqa: ANN401
    """An ASGI application served by uvicorn in a thread: where it listens. Its lifespan is over after the block."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listener.close()


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stderr is not None:
        process.stderr.close()
