"""A link to a server that can be cut, or take nothing more: what an ssh client sees on a train, without the wait."""

import selectors
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Event, Thread

from tests.functional.ssh.sshd import ADDRESS

_PIECE = 65_536
_LOOK_S = 0.05
# Closing then resets the connection: no byte of farewell goes over it.
_WITHOUT_A_WORD = struct.pack("ii", 1, 0)


class Link:
    """One connection, from `port` on to the server's."""

    def __init__(self, server_port: int) -> None:
        self._listening = socket.create_server((ADDRESS, 0))
        self.port: int = self._listening.getsockname()[1]
        self._server_port = server_port
        self._is_cut, self._takes_nothing = Event(), Event()
        self._carrying = Thread(target=self._carry, daemon=True)
        self._carrying.start()

    def cut(self) -> None:
        """End the connection for both sides, with no word of ssh's."""
        self._is_cut.set()
        self._carrying.join()

    def take_nothing(self) -> None:
        """Carry no more of what the server says; what is said to it still arrives."""
        self._takes_nothing.set()

    def _carry(self) -> None:
        with closing(self._listening), suppress(OSError):
            self._listening.settimeout(_LOOK_S)
            while not self._is_cut.is_set():
                with suppress(TimeoutError):
                    client, _ = self._listening.accept()
                    with closing(client), socket.create_connection((ADDRESS, self._server_port)) as server:
                        self._carry_between(client, server)
                    return

    def _carry_between(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(client, selectors.EVENT_READ, server)
            waiting.register(server, selectors.EVENT_READ, client)
            while not self._is_cut.is_set():
                if self._takes_nothing.is_set() and len(waiting.get_map()) == 2:
                    waiting.unregister(server)
                for key, _ in waiting.select(_LOOK_S):
                    assert isinstance(key.fileobj, socket.socket)
                    piece = key.fileobj.recv(_PIECE)
                    if not piece:
                        return
                    key.data.sendall(piece)
        for one in (client, server):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _WITHOUT_A_WORD)


@contextmanager
def link_to(server_port: int) -> Iterator[Link]:
    """A link that is cut at the end of the block, if it was not before."""
    link = Link(server_port)
    try:
        yield link
    finally:
        link.cut()
