"""The door for Python services: who reaches the application, and what the request log says of each request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, closing
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from data.clients.model import IssuedToken
from data.errors import DatabaseUnavailable
from data.gateway.gateway import Gateway
from data.gateway.middleware import App, AuditdeckMiddleware
from data.query import parse_query
from data.records import Event, Outcome
from data.services.audit_log import AuditLog
from tests.integration.client_worlds import ALICE
from tests.integration.events import UTC_ZONE
from tests.integration.lasting_clients import lasting_details

PROXY = ("127.0.0.1", 50_000)
STRANGER = ("203.0.113.9", 50_000)
_Message = MutableMapping[str, Any]


async def _hello(request: Request) -> Response:
    return PlainTextResponse(f"hello {request.scope['auditdeck.client'].client.name}")


async def _fail(request: Request) -> Response:
    raise RuntimeError("a secret")


async def _stream(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        await asyncio.sleep(0.05)
        yield b"two"

    async def long_work() -> None:
        await asyncio.sleep(0.5)

    return StreamingResponse(pieces(), background=BackgroundTask(long_work))


async def _break_off(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        raise RuntimeError("a secret")

    return StreamingResponse(pieces())


async def _missing(request: Request) -> Response:
    return PlainTextResponse("no such order", 404)


def application() -> Starlette:
    return Starlette(
        routes=[
            Route("/hello", _hello),
            Route("/fail", _fail),
            Route("/stream", _stream),
            Route("/break-off", _break_off),
            Route("/orders/{order}", _missing),
        ]
    )


class Service:
    """An application behind the middleware, and the request log it fills."""

    def __init__(self, address: str, *, durable: bool = False) -> None:
        self.log = AuditLog(address, UTC_ZONE)
        self.gateway = Gateway(address, durable=durable)
        self.issued: IssuedToken = self.log.clients.create(ALICE, lasting_details())
        self.app: App = application()

    def ask(self, path: str, token: str | None = None, peer: tuple[str, int] = PROXY, /, **more: str) -> httpx.Response:
        """A call with a token; `X_API_Key` is the header X-API-Key."""

        async def ask() -> httpx.Response:
            app = AuditdeckMiddleware(self.app, self.gateway, scope="users:read", service="orders")
            transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=peer)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                whole = self.issued.token.reveal() if token is None else token
                headers = {"Authorization": f"Bearer {whole}", "X-Request-ID": "r-1"}
                headers |= {name.replace("_", "-"): value for name, value in more.items()}
                return await client.get(path, headers=headers)

        return asyncio.run(ask())

    def recorded(self) -> list[Event]:
        """What the log has, newest first."""
        self.gateway.stop()
        return list(self.log.requests.page(parse_query("last:all")).items)

    def told(self) -> list[tuple[str, int, str]]:
        """Action, status and outcome of each."""
        return [
            ("" if event.target is None else str(event.target.name), int(str(event.data["status"])), str(event.outcome))
            for event in self.recorded()
        ]


@pytest.fixture
def service(sqlite_address: str) -> Iterator[Service]:
    opened = Service(sqlite_address)
    with closing(opened.log):
        yield opened
        opened.gateway.stop()


def test_the_application_is_handed_the_client_and_the_request_is_recorded(address: str) -> None:
    service = Service(address)
    with closing(service.log):
        assert service.ask("/hello?key=secret").text == "hello Payroll sync"
        (event,) = service.recorded()
    client = service.issued.client
    assert (event.type, event.outcome, event.service) == ("request.served", Outcome.SUCCESS, "orders")
    assert event.client is not None and (event.client.id, event.client.name) == (client.id, client.name)
    assert event.target is not None and event.target.name == "GET /hello"
    assert (event.token, event.request_id, event.data["status"]) == (service.issued.token.public_id, "r-1", 200)
    assert event.duration_ms is not None and event.ip == "127.0.0.1"


def test_refused_requests_do_not_reach_the_application(service: Service) -> None:
    service.log.clients.revoke(ALICE, service.issued.client.id, "leaked")
    answer = service.ask("/hello")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert service.ask("/hello", "nonsense").json()["refusal"] == "mistyped_token"
    assert [event.data["refusal"] for event in service.recorded()] == ["mistyped_token", "revoked"]


def test_two_tokens_that_differ_are_refused_and_two_of_the_same_are_not(service: Service) -> None:
    whole = service.issued.token.reveal()
    assert service.ask("/hello", X_API_Key=whole).status_code == 200
    both = service.ask("/hello", X_API_Key="another")
    assert (both.status_code, both.json()["refusal"]) == (400, "conflicting_tokens")


def test_a_forged_address_from_outside_changes_nothing(service: Service) -> None:
    bound = service.log.clients.create(ALICE, lasting_details("Bound", networks=("198.51.100.0/24",)))
    token = bound.token.reveal()
    assert service.ask("/hello", token, X_Forwarded_For="198.51.100.7").status_code == 200
    forged = service.ask("/hello", token, STRANGER, X_Forwarded_For="198.51.100.7")
    assert (forged.status_code, forged.json()["refusal"]) == (403, "wrong_network")
    assert [event.ip for event in service.recorded()] == ["203.0.113.9", "198.51.100.7"]


@pytest.mark.parametrize("name", ["Authorization", "X_API_Key", "X_Forwarded_For", "X_Request_ID", "User_Agent"])
def test_headers_of_100_kilobytes(service: Service, name: str) -> None:
    answer = service.ask("/hello", None, PROXY, **{name: "Bearer " + "x/" * 50_000})
    assert answer.status_code == {"Authorization": 401, "X_API_Key": 400}.get(name, 200)
    (event,) = service.recorded()
    assert len(repr(event)) < 5_000


def test_errors_and_failures_are_told_as_such(service: Service) -> None:
    assert service.ask("/orders/4711").status_code == 404
    assert service.ask("/fail").status_code == 500
    service.ask("/break-off")
    assert service.told() == [
        ("GET /break-off", 500, "failure"),
        ("GET /fail", 500, "failure"),
        ("GET /orders/{order}", 404, "failure"),
    ]
    reasons = [event.reason for event in service.recorded()]
    assert reasons == [
        "The service failed with RuntimeError after the status 200 was sent.",
        None,  # the application answered its failure itself
        None,
    ]


def test_a_stream_lasts_until_its_last_byte_and_not_longer(service: Service) -> None:
    assert service.ask("/stream").text == "onetwo"
    (event,) = service.recorded()
    assert event.duration_ms is not None and 50 <= event.duration_ms < 500


@pytest.mark.parametrize("path", ["/hello", "/stream", "/orders/1"])
def test_a_durable_gateway_commits_before_it_answers(sqlite_address: str, path: str) -> None:
    service = Service(sqlite_address, durable=True)
    answer = service.ask(path)
    with closing(AuditLog(sqlite_address, UTC_ZONE)) as other:
        (event,) = other.requests.page(parse_query("last:all")).items
    assert event.data["status"] == answer.status_code
    service.gateway.stop()


def test_a_durable_gateway_without_its_database_serves_nothing(
    sqlite_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(sqlite_address, durable=True)

    def away(*_: object) -> None:
        raise DatabaseUnavailable("No answer.")

    monkeypatch.setattr(service.gateway._recorder, "_write", away)
    answer = service.ask("/hello")
    assert (answer.status_code, answer.json()["status"]) == (503, 503)
    assert service.gateway._recorder.stop(0.05) == 1


def test_a_request_that_is_called_off_is_recorded(service: Service) -> None:
    async def never(scope: _Message, receive: object, send: object) -> None:
        await asyncio.sleep(60)

    async def ask() -> None:
        app = AuditdeckMiddleware(never, service.gateway)
        headers = [(b"x-api-key", service.issued.token.reveal().encode())]
        scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": ("127.0.0.1", 1)}
        task = asyncio.ensure_future(app(scope, _no_message, _nowhere))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(ask())
    assert service.told() == [("GET /", 499, "failure")]


async def _no_message() -> _Message:
    return {"type": "http.request"}


async def _nowhere(message: _Message) -> None:
    pass


def test_a_websocket_needs_a_token_too(service: Service) -> None:
    async def accept(scope: _Message, receive: object, send: Callable[[_Message], Awaitable[None]]) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})

    async def ask(token: str) -> list[str]:
        sent: list[str] = []

        async def send(message: _Message) -> None:
            sent.append(message["type"])

        app = AuditdeckMiddleware(accept, service.gateway)
        scope = {"type": "websocket", "path": "/feed", "headers": [(b"x-api-key", token.encode())], "client": None}
        await app(scope, _no_message, send)
        return sent

    assert asyncio.run(ask("nonsense")) == ["websocket.close"]
    assert asyncio.run(ask(service.issued.token.reveal())) == ["websocket.accept", "websocket.close"]
    assert [event.data["status"] for event in service.recorded() if event.client] == [101]


@pytest.mark.parametrize("kind", ["with a lifespan", "fails at it", "knows none"])
def test_the_end_of_the_application_writes_what_is_left(service: Service, kind: str) -> None:
    events: list[str] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        events.append("started")
        yield
        await once(service, app)
        events.append("ended")

    async def without(scope: _Message, receive: object, send: Callable[[_Message], Awaitable[None]]) -> None:
        if scope["type"] == "lifespan":
            if kind == "fails at it":
                raise RuntimeError("no lifespan")
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    inner = Starlette(routes=[Route("/hello", _hello)], lifespan=lifespan) if kind == "with a lifespan" else without
    app = AuditdeckMiddleware(inner, service.gateway)

    async def live() -> list[str]:
        messages = iter(["lifespan.startup", "lifespan.shutdown"])
        sent: list[str] = []

        async def receive() -> _Message:
            message = next(messages)
            if message == "lifespan.shutdown" and kind != "with a lifespan":
                await once(service, app)
            return {"type": message}

        async def send(message: _Message) -> None:
            sent.append(message["type"])

        await app({"type": "lifespan"}, receive, send)
        return sent

    assert asyncio.run(live()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert events == (["started", "ended"] if kind == "with a lifespan" else [])
    assert len(service.log.requests.page(parse_query("last:all")).items) == 1


async def once(service: Service, app: AuditdeckMiddleware) -> None:
    """One request that is served."""
    headers = [(b"x-api-key", service.issued.token.reveal().encode())]
    scope = {"type": "http", "method": "GET", "path": "/hello", "headers": headers, "client": ("127.0.0.1", 1)}
    await app({**scope, "query_string": b"", "root_path": ""}, _no_message, _nowhere)
