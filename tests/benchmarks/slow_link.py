"""A distant and narrow way to a port of this machine: `python -m tests.benchmarks.slow_link PORT MS KBIT_S`."""

import asyncio
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from tests.benchmarks.subprocess_end import ended

LOOPBACK = "127.0.0.1"
_PACKET = 1_448
"""Bytes of TCP's in a packet of Ethernet's."""
_WAITING_PACKETS = 180
"""How many packets wait for the line, about 256 kB; whoever sends more is held up."""


class Link(NamedTuple):
    """How far away the other side is, and how much the line takes a second; with no rate, as much as there is."""

    round_trip_ms: int
    kbit_s: int = 0

    def __str__(self) -> str:
        rate = f", {self.kbit_s / 1_000:g} Mbit/s" if self.kbit_s >= 1_000 else f", {self.kbit_s} kbit/s"
        return f"{self.round_trip_ms} ms{rate if self.kbit_s else ''}"


class Line:
    """One of a link's two directions: a packet waits until the line is free, then takes its time, then the way."""

    def __init__(self, link: Link) -> None:
        self._way_s = link.round_trip_ms / 2_000
        self._bytes_s = link.kbit_s * 125
        self._free_at = 0.0

    def arrival(self, now: float, size: int) -> float:
        """When the last of so many bytes, handed over now, arrives; in seconds, as `now` is."""
        sending_s = size / self._bytes_s if self._bytes_s else 0.0
        self._free_at = max(now, self._free_at) + sending_s
        return self._free_at + self._way_s


@contextmanager
def slow_link(link: Link, port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """The port at which the link to this port begins, within the block; the link is a process of its own."""
    words = (sys.executable, "-m", "tests.benchmarks.slow_link", str(port), *map(str, link))
    with ended(subprocess.Popen(words, stdout=subprocess.PIPE, env=dict(environment))) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line) -> None:
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_WAITING_PACKETS)

    async def deliver() -> None:
        while True:
            arrives, data = await under_way.get()
            await asyncio.sleep(arrives - time.monotonic())
            if not data:
                return
            writer.write(data)
            await writer.drain()

    async def send() -> None:
        while True:
            data = await reader.read(_PACKET)
            await under_way.put((line.arrival(time.monotonic(), len(data)), data))
            if not data:
                return

    # Either side may leave without a word.
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(deliver())
            both.create_task(send())
    except* OSError:
        pass
    finally:
        writer.close()


async def _serve(port: int, link: Link) -> None:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(LOOPBACK, port, limit=_PACKET)
        for end in (writer, far_writer):
            end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(_carry(reader, far_writer, Line(link)), _carry(far_reader, writer, Line(link)))

    server = await asyncio.start_server(connect, LOOPBACK, 0, limit=_PACKET)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


def main() -> None:
    """Serve until ended."""
    parser = ArgumentParser(
        prog="python -m tests.benchmarks.slow_link",
        description="Carry connections to a port of this machine as a distant and narrow line would. Prints the port at which "
        "it listens, and goes on until it is ended.",
    )
    parser.add_argument("port", type=int, metavar="PORT", help="where connections go")
    parser.add_argument("round_trip_ms", type=int, metavar="MS", help="how long there and back takes")
    parser.add_argument(
        "kbit_s", type=int, metavar="KBIT_S", help="how much each direction takes; 0: as much as there is"
    )
    asked = parser.parse_args()
    asyncio.run(_serve(asked.port, Link(asked.round_trip_ms, asked.kbit_s)))


if __name__ == "__main__":
    main()
