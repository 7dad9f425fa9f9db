"""The distant and narrow line of the benchmark: how long what is sent over it takes."""

import os
import socket
import time

import pytest

from tests.benchmarks.slow_link import LOOPBACK, Line, Link, slow_link


def test_what_is_sent_takes_its_time_and_then_half_the_way_there_and_back() -> None:
    line = Line(Link(round_trip_ms=100, kbit_s=512))
    assert line.arrival(10.0, 6_400) == pytest.approx(10.0 + 0.1 + 0.05)


def test_what_comes_later_waits_for_what_is_being_sent() -> None:
    line = Line(Link(round_trip_ms=100, kbit_s=512))
    line.arrival(10.0, 6_400)
    assert line.arrival(10.02, 6_400) == pytest.approx(10.0 + 0.2 + 0.05)


def test_a_line_that_was_idle_is_no_faster_for_it() -> None:
    line = Line(Link(round_trip_ms=0, kbit_s=512))
    line.arrival(10.0, 64)
    assert line.arrival(20.0, 6_400) == pytest.approx(20.1)


def test_without_a_rate_there_is_the_way_alone() -> None:
    assert Line(Link(100)).arrival(1.0, 10**9) == pytest.approx(1.05)


def test_a_link_is_named_by_what_it_can_do() -> None:
    assert [str(Link(100)), str(Link(100, 2_000)), str(Link(40, 512))] == [
        "100 ms",
        "100 ms, 2 Mbit/s",
        "40 ms, 512 kbit/s",
    ]


def test_a_connection_is_carried_both_ways_slowly_and_ends_on_both_sides() -> None:
    sent = os.urandom(20_000)
    with (
        socket.create_server((LOOPBACK, 0)) as server,
        slow_link(Link(round_trip_ms=60, kbit_s=2_000), server.getsockname()[1], os.environ) as port,
        socket.create_connection((LOOPBACK, port), timeout=10) as near,
    ):
        server.settimeout(10)
        far, _ = server.accept()
        with far:
            far.settimeout(10)
            began = time.monotonic()
            near.sendall(sent)
            assert _received(far, len(sent)) == sent
            far.sendall(b"there")
            assert _received(near, 5) == b"there"
            assert time.monotonic() - began >= 0.06 + len(sent) / 250_000
            near.close()
            assert far.recv(1) == b""


def _received(connection: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size and (data := connection.recv(size - len(found))):
        found += data
    return found
