"""The door for Python services: ASGI middleware that authenticates every request, and records how each one ended.

    app = AuditdeckMiddleware(app, Gateway("postgresql+psycopg://..."), scope="orders:read", service="orders")

The client is then `scope["auditdeck.client"]`, an `Admission`.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from data.actions import action_of
from data.errors import AuditdeckError
from data.gateway.authentication import Admission
from data.gateway.gateway import Answer, Gateway, Question, recorded
from data.gateway.lifespan import Lifespan
from data.gateway.problems import Problem, problem_of, unavailable
from data.gateway.proxied import Described, described, first_headers, refused_request
from data.oplog import LOGGER_NAME
from data.requests import Request

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Wording: TypeAlias = "str | Callable[[Scope], str | None] | None"
"""A word for every request, or what makes one of a request's ASGI scope."""

CLIENT = "auditdeck.client"
"""Where the application finds the `Admission`."""

_FAILED = 500
_CLIENT_CLOSED = 499  # as nginx counts it
_SWITCHED = 101
_POLICY_VIOLATION = 1008  # RFC 6455, section 7.4.1

_log = logging.getLogger(LOGGER_NAME)


class AuditdeckMiddleware:
    """Only requests with a token that may reach the application; all of them reach the request log.

    `scope` is what a token needs, `service` what the log calls the application; `action` what it calls a request, by
    itself its method and the template of its route, or its path with `{id}` in place of ids.
    """

    def __init__(
        self, app: App, gateway: Gateway, *, scope: Wording = None, service: Wording = None, action: Wording = None
    ) -> None:
        self._app = app
        self._gateway = gateway
        self._needed = scope
        self._service = service
        self._action = action

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await Lifespan(self._app, self._gateway)(scope, receive, send)
        elif scope["type"] in ("http", "websocket"):
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, executed_at = time.perf_counter(), self._gateway.clock()
        peer = scope["client"][0] if scope.get("client") else None
        needed = _worded(self._needed, scope)
        try:
            answer = await self._gateway.ask_soon(Question(scope["headers"], peer, needed))
        except AuditdeckError as error:
            _log.error("a request could not be authenticated: %s", error)
            await _refuse(scope, send, unavailable())
            return
        if not isinstance(answer.found, Admission):
            problem = problem_of(answer.found, needed)
            request = refused_request(
                answer, answer.found, problem.status, self._described(scope), _worded(self._service, scope), executed_at
            )
            await _refuse(scope, send, problem if await recorded(self._gateway, request) else unavailable())
            return
        inner = {**scope, CLIENT: answer.found}
        answering = _Answering(self, inner, answer, answer.found, executed_at, began, send)
        await answering.run(self._app, receive)

    def served(self, scope: Scope, answer: Answer, admission: Admission, ended: "_Ended") -> Request:
        """A request that the application was given, as the log tells of it."""
        asked = self._described(scope)
        return Request(
            action=asked.action,
            status=ended.status,
            executed_at=ended.executed_at,
            client=admission.client,
            token=admission.public_id,
            service=_worded(self._service, scope),
            duration_ms=ended.duration_ms,
            ip=answer.address,
            request_id=asked.request_id,
            user_agent=asked.user_agent,
            reason=ended.reason,
        )

    async def keep(self, request: Request) -> bool:
        """Record a request; whether it may be answered as it was going to be."""
        return await recorded(self._gateway, request)

    @property
    def is_durable(self) -> bool:
        return self._gateway.is_durable

    def _described(self, scope: Scope) -> Described:
        return described(first_headers(scope["headers"]), _worded(self._action, scope) or _action(scope))


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a request ended."""

    status: int
    executed_at: datetime
    duration_ms: int
    reason: str | None = None


class _Answering:
    """One request on its way through the application: it is recorded once, with its last byte or when it breaks off.

    A durable gateway commits it before that last byte is sent, and before the first one where there is only one piece.
    """

    def __init__(
        self,
        middleware: AuditdeckMiddleware,
        scope: Scope,
        answer: Answer,
        admission: Admission,
        executed_at: datetime,
        began: float,
        send: Send,
    ) -> None:
        self._middleware = middleware
        self._scope = scope
        self._answer = answer
        self._admission = admission
        self._executed_at = executed_at
        self._began = began
        self._send = send
        self._status: int | None = None
        self._held: Message | None = None
        self._is_recorded = False

    async def run(self, app: App, receive: Receive) -> None:
        try:
            await app(self._scope, receive, self._pass_on)
        except asyncio.CancelledError:
            await self._record(_CLIENT_CLOSED, "The request was called off.")
            raise
        except Exception as error:
            sent = "" if self._status is None else f" after the status {self._status} was sent"
            await self._record(_FAILED, f"The service failed with {type(error).__name__}{sent}.")
            raise
        await self._record(self._status or _FAILED)

    async def _pass_on(self, message: Message) -> None:
        match message["type"]:
            case "http.response.start":
                self._status = message["status"]
                if self._middleware.is_durable:
                    self._held = message
                    return
            case "http.response.body" | "http.response.pathsend" if not message.get("more_body", False):
                if not await self._record(self._status or _FAILED) and self._held is not None:
                    self._held = None
                    await _refuse(self._scope, self._send, unavailable())
                    return
            case "websocket.accept":
                self._status = _SWITCHED
            case "websocket.close" if self._status is None:
                self._status = 403
        held, self._held = self._held, None
        if held is not None:
            await self._send(held)
        await self._send(message)

    async def _record(self, status: int, reason: str | None = None) -> bool:
        if self._is_recorded:
            return True
        self._is_recorded = True
        duration_ms = round((time.perf_counter() - self._began) * 1_000)
        ended = _Ended(status, self._executed_at, duration_ms, reason)
        request = self._middleware.served(self._scope, self._answer, self._admission, ended)
        return await self._middleware.keep(request)


async def _refuse(scope: Scope, send: Send, problem: Problem) -> None:
    if scope["type"] == "websocket":  # before it was accepted this is an HTTP 403 to the client
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        return
    await send({"type": "http.response.start", "status": problem.status, "headers": [*problem.headers]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else problem.body})


def _worded(wording: Wording, scope: Scope) -> str | None:
    return wording(scope) if callable(wording) else wording


def _action(scope: Scope) -> str:
    """The method with the template of the route, where the application says which that was."""
    method = scope.get("method", "WEBSOCKET")
    template = getattr(scope.get("route"), "path", None)
    if isinstance(template, str) and template:
        return f"{method} {scope.get('root_path', '')}{template}"[:300]
    path = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogatepass")
    return action_of(method, path.decode("latin-1"))
