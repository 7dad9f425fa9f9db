"""Where the gateway listens: an address and a port, or a Unix socket."""

import os
import socket
import stat
from contextlib import suppress

from data.errors import AuditdeckError

_UNIX = "unix:"
_BACKLOG = 2048
# Whoever may write to the socket is believed about whom it speaks for: the owner, and the group that proxies are put in.
_SOCKET_MODE = 0o660


class ListenError(AuditdeckError):
    """The gateway cannot listen there."""


def open_listener(where: str) -> socket.socket:
    """A socket that listens at `HOST:PORT` (an IPv6 address in brackets; port 0 for any) or at `unix:PATH`.

    Raises ListenError, in a sentence that names the place.
    """
    if where.startswith(_UNIX):
        return _unix_listener(where.removeprefix(_UNIX))
    host, colon, port = where.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise ListenError(
            f"{where!r} is not a place to listen; write 127.0.0.1:8400, [::1]:8400 or unix:/run/gateway.sock."
        )
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ListenError(f"Cannot listen at {where}: {error.strerror or error}.") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return _bound(listener, address, where)


def place_of(listener: socket.socket) -> str:
    """Where a socket listens, as `open_listener` reads it."""
    name = listener.getsockname()
    if isinstance(name, str):
        return f"{_UNIX}{name}"
    host, port = name[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def close_listener(listener: socket.socket, place: str) -> None:
    """Stop listening, if that was not done already, and take the file of the Unix socket at that place away."""
    listener.close()
    if place.startswith(_UNIX):
        with suppress(OSError):
            os.unlink(place.removeprefix(_UNIX))


def _unix_listener(path: str) -> socket.socket:
    _remove_abandoned(path)
    before = os.umask(0o777 & ~_SOCKET_MODE)
    try:
        return _bound(socket.socket(socket.AF_UNIX), path, f"{_UNIX}{path}")
    finally:
        os.umask(before)


def _remove_abandoned(path: str) -> None:
    """Take away the socket file of a gateway that was killed; never a file of another kind."""
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            raise ListenError(f"{path} is a file already, and no socket.")
    except (OSError, ValueError):  # not there, or no path at all, which binding will say
        return
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            with suppress(OSError):
                os.unlink(path)
        except OSError:
            pass


def _bound(listener: socket.socket, address: object, where: str) -> socket.socket:
    try:
        listener.bind(address)  # type: ignore[arg-type]
        listener.listen(_BACKLOG)
    except (OSError, ValueError) as error:
        listener.close()
        words = error.strerror if isinstance(error, OSError) else None
        raise ListenError(f"Cannot listen at {where}: {words or error}.") from error
    return listener
