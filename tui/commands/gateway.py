"""`auditdeck gateway`: answers reverse proxies whose token a request has, and whether it may pass."""

import logging
import signal
from argparse import ArgumentParser, Namespace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from data.errors import AuditdeckError
from data.oplog import LOGGER_NAME
from data.settings import Settings
from tui.commands.command import FAILED, SUCCEEDED, Command
from tui.commands.output import tell

if TYPE_CHECKING:
    import socket

    from data.gateway.gateway import Gateway

_LISTEN = "127.0.0.1:8400"
_NEEDED = ("starlette", "uvicorn")
_LARGEST_HEADERS = 256 * 1024
"""Bytes; beyond that a request is not even refused with a reason."""
_GRACE_S = 10
_KEEP_ALIVE_S = 75
"""Longer than a proxy keeps a connection that nobody uses: nginx 60 seconds, so that it is never the gateway that hangs up."""


class MissingExtra(AuditdeckError):
    """What the gateway needs beyond the console is not installed."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--listen",
        default=_LISTEN,
        metavar="WHERE",
        help=f"HOST:PORT, or unix:PATH for a socket that its owner and group may use (default: {_LISTEN})",
    )


def _run(arguments: Namespace, settings: Settings) -> int:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise MissingExtra(
            f"The gateway needs the extra `gateway` ({', '.join(missing)}): pip install 'auditdeck[gateway]'."
        )
    from data.gateway.gateway import Gateway
    from data.gateway.listening import close_listener, open_listener, place_of

    gateway = Gateway(settings.database, durable=settings.gateway_durable, as_owner=settings.as_owner)
    try:
        gateway.open()
    except AuditdeckError:
        gateway.stop()  # which lets go of the database
        raise
    listener = open_listener(arguments.listen)
    place = place_of(listener)
    try:
        tell(f"The gateway listens at {place}.")
        return SUCCEEDED if _serve(gateway, listener) else FAILED
    finally:
        close_listener(listener, place)


def _serve(gateway: "Gateway", listener: "socket.socket") -> bool:
    """Answer until a signal says to stop, and write what is left; whether it could be started."""
    import uvicorn

    from data.gateway.forward_auth import forward_auth_app

    _log_to_the_operational_log("uvicorn")
    # The server takes the signal, ends in order, and raises it again at its end: by then there is nothing left to do.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    config = uvicorn.Config(
        forward_auth_app(gateway),
        http="h11",
        ws="none",
        lifespan="on",
        # Whose `X-Forwarded-For` is believed is for the policy to say.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        h11_max_incomplete_event_size=_LARGEST_HEADERS,
        timeout_graceful_shutdown=_GRACE_S,
        timeout_keep_alive=_KEEP_ALIVE_S,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    return server.started


def _log_to_the_operational_log(name: str) -> None:
    logger = logging.getLogger(name)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    for handler in logging.getLogger(LOGGER_NAME).handlers:
        logger.addHandler(handler)


COMMAND = Command(
    "gateway",
    "answer reverse proxies (nginx, Caddy, Traefik, Envoy) whether a request may pass, and whose it is",
    _run,
    _add_arguments,
    (
        "auditdeck gateway",
        "auditdeck gateway --listen unix:/run/auditdeck/gateway.sock",
        "auditdeck gateway --listen 10.0.0.5:8400 --database postgresql+psycopg://gateway@db/audit",
    ),
)
