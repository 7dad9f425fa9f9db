"""The life of a gateway within that of the application around which it stands (ASGI's lifespan protocol)."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from data.gateway.gateway import Gateway

_Message: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[_Message]]
_Send: TypeAlias = Callable[[_Message], Awaitable[None]]


class Lifespan:
    """Starts the gateway before the application, and stops it after: what the application did last is recorded, too.

    An application that knows nothing of the protocol fails or returns at once, as it may; then the gateway lives alone.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], gateway: Gateway) -> None:
        self._app = app
        self._gateway = gateway
        self._has_spoken = False
        self._received: list[str] = []

    async def __call__(self, scope: MutableMapping[str, Any], receive: _Receive, send: _Send) -> None:
        async def pass_in() -> _Message:
            message = await receive()
            self._received.append(message["type"])
            return message

        async def pass_on(message: _Message) -> None:
            self._has_spoken = True
            if message["type"] == "lifespan.shutdown.complete" or message["type"].endswith(".failed"):
                await self._gateway.stop_soon()
            await send(message)

        self._gateway.start()
        try:
            await self._app(scope, pass_in, pass_on)
        except Exception:
            if self._has_spoken:
                await self._gateway.stop_soon()
                raise
        if not self._has_spoken:
            await self._alone(receive, send)

    async def _alone(self, receive: _Receive, send: _Send) -> None:
        if not self._received:
            await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._gateway.stop_soon()
        await send({"type": "lifespan.shutdown.complete"})
