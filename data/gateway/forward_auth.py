"""The door for reverse proxies: an HTTP service that answers whether a request may pass, and who makes it.

The proxy's configuration says what is needed, in the query of the address that it asks:
`/authenticate?scope=orders:read&service=orders`. Envoy puts the request's own path behind a prefix, so there the same
stands in the path: `/envoy/scope=orders:read&service=orders` is the prefix.

Refused requests are recorded here. Those that pass are not: how they end only the proxy knows, whose log is imported.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, quote

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from data.errors import AuditdeckError
from data.gateway.authentication import Admission
from data.gateway.gateway import Gateway, Question, recorded
from data.gateway.problems import Problem, problem_of, unavailable
from data.gateway.proxied import Headers, asked_about, refused_request
from data.oplog import LOGGER_NAME

CHECK_PATH = "/authenticate"
ENVOY_PATH = "/envoy"
HEALTH_PATH = "/healthz"

_WORDS = ("scope", "service")
_SHOWN_CHARACTERS = 40

_log = logging.getLogger(LOGGER_NAME)


class UnknownNeed(AuditdeckError):
    """The proxy's configuration asks in words that are not ours: to pass over them would let in more than is meant."""


def forward_auth_app(gateway: Gateway) -> Starlette:
    """The service. Starting it starts the gateway, stopping it writes what is left."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        gateway.start()
        try:
            yield
        finally:
            await gateway.stop_soon()

    async def healthz(_request: HttpRequest) -> Response:
        return PlainTextResponse("ok\n")

    return Starlette(
        routes=[
            Route(CHECK_PATH, _Check(gateway)),
            Route(f"{ENVOY_PATH}/{{needs}}", _Check(gateway)),
            Route(f"{ENVOY_PATH}/{{needs}}/{{path:path}}", _Check(gateway)),
            Route(HEALTH_PATH, healthz),
        ],
        lifespan=lifespan,
    )


class _Check:
    """Answers about one request; an ASGI application, for which no method is wrong."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._response(scope)
        await response(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        headers: Headers = scope["headers"]
        peer = scope["client"][0] if scope.get("client") else None
        try:
            needs = _needs(scope)
            answer = await self._gateway.ask_soon(Question(headers, peer, needs.scope))
        except AuditdeckError as error:
            _log.error("a proxy could not be answered: %s", error)
            return _response_of(unavailable())
        if isinstance(answer.found, Admission):
            return _passes(answer.found, answer.address)
        problem = problem_of(answer.found, needs.scope)
        request = refused_request(
            answer,
            answer.found,
            problem.status,
            asked_about(headers, scope["method"], needs.path),
            needs.service,
            self._gateway.clock(),
        )
        return _response_of(problem if await recorded(self._gateway, request) else unavailable())


@dataclass(frozen=True, slots=True)
class _Needs:
    """What the proxy's configuration says of the request, and the request's own path where the proxy appends it."""

    scope: str | None
    service: str | None
    path: str


def _needs(scope: Scope) -> _Needs:
    """Raises UnknownNeed."""
    params: dict[str, str] = scope.get("path_params", {})
    query = scope["query_string"].decode("latin-1") if scope["path"] == CHECK_PATH else params.get("needs", "")
    values = parse_qs(query, keep_blank_values=True)
    for word in values:
        if word not in _WORDS:
            raise UnknownNeed(f"its configuration says {word[:_SHOWN_CHARACTERS]!r}, none of {' and '.join(_WORDS)}.")
    raw_path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    # Behind the prefix and what is needed; the path as it was sent, for a decoded one may have other slashes.
    behind = raw_path.split("/", 3)[3] if raw_path.count("/") > 2 else ""
    service = values.get("service", [""])[0] or None
    return _Needs(" ".join(values.get("scope", [])) or None, service, f"/{behind}")


def _passes(admission: Admission, address: str | None) -> Response:
    headers = {
        "X-Auditdeck-Client-Id": admission.client.id or "",
        "X-Auditdeck-Client-Name": quote(admission.client.name or "", safe=""),
        "X-Auditdeck-Client-Address": address or "",
        "X-Auditdeck-Token": admission.public_id,
    }
    return Response(status_code=200, headers=headers)


def _response_of(problem: Problem) -> Response:
    response = Response(problem.body, problem.status)
    # For proxies that hand on no body but their own, as nginx does.
    response.raw_headers = [*problem.headers, (b"x-auditdeck-problem", problem.body)]
    return response
