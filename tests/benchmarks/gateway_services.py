"""The smallest service, alone and with the middleware, for uvicorn to serve."""

import os

from data.gateway.gateway import Gateway
from data.gateway.middleware import App, AuditdeckMiddleware, Receive, Scope, Send


def plain() -> App:
    """A service that answers everything with two bytes."""
    return _answer


def guarded() -> App:
    """The same behind the middleware."""
    gateway = Gateway(os.environ["AUDITDECK_DATABASE"])
    return AuditdeckMiddleware(_answer, gateway, scope="orders:read", service="orders")


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})
