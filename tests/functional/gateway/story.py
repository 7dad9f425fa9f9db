"""One service that API clients call, as two stories tell it: behind nginx that asks the gateway, and with the middleware.

A `Story` has no console in it, so that a test can tell it with one or without.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from data.gateway.gateway import Gateway
from data.gateway.middleware import CLIENT, AuditdeckMiddleware
from data.query import parse_query
from data.records import Event
from data.services.audit_log import AuditLog
from tests.functional.gateway.servers import (
    PATIENCE_S,
    running_application,
    running_gateway,
    running_import,
    running_nginx,
)
from tests.integration.events import UTC_ZONE

PATH = "/v1/orders/4711?expand=lines"


@dataclass(frozen=True)
class Story:
    """A running service, and the log of the database that its gateway asks."""

    address: str
    log: AuditLog
    url: str

    def call(self, token: str | None = None, method: str = "GET", **headers: str) -> httpx.Response:
        """Call the service with a token; `X_Request_ID` is the header X-Request-ID."""
        bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.request(method, self.url + PATH, headers={**bearer, **named}, timeout=PATIENCE_S)

    def requests(self, count: int) -> list[Event]:
        """What the request log has once it has so many, newest first."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            events = [*self.log.requests.page(parse_query("last:all")).items]
            if len(events) >= count or time.monotonic() > deadline:
                assert len(events) == count
                return events
            time.sleep(0.05)


@contextmanager
def behind_nginx(address: str, folder: Path) -> Iterator[Story]:
    """The service behind nginx, which asks `auditdeck gateway`; its access log is imported as it is written."""
    with ExitStack() as running:
        log = running.enter_context(closing(AuditLog(address, UTC_ZONE)))
        log.open()
        gateway = running.enter_context(running_gateway(address, folder))
        application = running.enter_context(running_application(_proxied_application()))
        url, access_log = running.enter_context(running_nginx(folder / "nginx", gateway, application))
        running.enter_context(running_import(address, access_log, folder))
        yield Story(address, log, url)


@contextmanager
def with_middleware(address: str, _folder: Path) -> Iterator[Story]:
    """The service in Python, with the middleware around it."""
    with closing(AuditLog(address, UTC_ZONE)) as log:
        log.open()
        app = AuditdeckMiddleware(_python_application(), Gateway(address), scope="orders:read", service="orders")
        with running_application(app) as place:
            yield Story(address, log, f"http://{place}")


STORIES = {"nginx": behind_nginx, "middleware": with_middleware}


def _proxied_application() -> Starlette:
    """A service that is told by headers who calls it, and says what it was told."""

    async def order(request: Request) -> Response:
        told = ("x-auditdeck-client-id", "authorization", "x-api-key", "x-forwarded-for")
        return JSONResponse({name: request.headers.get(name) for name in told})

    return Starlette(routes=[Route("/v1/orders/{order}", order, methods=["GET", "POST"])])


def _python_application() -> Starlette:
    """The same service, which is handed the client."""

    async def order(request: Request) -> Response:
        return JSONResponse({"x-auditdeck-client-id": request.scope[CLIENT].client.id})

    return Starlette(routes=[Route("/v1/orders/{order}", order)])
