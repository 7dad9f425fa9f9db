"""Tests of data.gateway.addresses."""

import time

import pytest

from data.gateway.addresses import MOST_HOPS, Networks, client_address

TRUSTED = Networks.of(["127.0.0.0/8", "::1/128", "10.0.0.0/8", "2001:db8:1::/48"])


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        # Nobody between.
        ("203.0.113.9", [], "203.0.113.9"),
        # What a stranger says about itself changes nothing.
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),
        ("203.0.113.9", ["10.0.0.1, 127.0.0.1"], "203.0.113.9"),
        # A trusted proxy is believed, and so are those behind it that are trusted.
        ("127.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("127.0.0.1", ["198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("127.0.0.1", ["198.51.100.7", "10.0.0.2"], "198.51.100.7"),
        # What the client wrote itself stands to the left of its address.
        ("127.0.0.1", ["10.0.0.9, 192.0.2.1, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        # All of them trusted: a client within.
        ("127.0.0.1", ["10.0.0.9, 10.0.0.2"], "10.0.0.9"),
        ("127.0.0.1", [], "127.0.0.1"),
        # A Unix socket is trusted.
        (None, ["198.51.100.7"], "198.51.100.7"),
        (None, [], None),
        (None, ["unknown"], None),
        # IPv6, ports, brackets, mapped addresses.
        ("::1", ["2001:db8:ffff::7"], "2001:db8:ffff::7"),
        ("::1", ["[2001:db8:ffff::7]:443"], "2001:db8:ffff::7"),
        ("::1", ["[2001:db8:ffff::7]"], "2001:db8:ffff::7"),
        ("127.0.0.1", ["198.51.100.7:51412"], "198.51.100.7"),
        ("127.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("::ffff:127.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("2001:db8:1::5", ["2001:DB8:FFFF:0::7"], "2001:db8:ffff::7"),
        # Garbage ends the chain at what is known.
        ("127.0.0.1", ["198.51.100.7, unknown"], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.7, _hidden, 10.0.0.2"], "10.0.0.2"),
        ("127.0.0.1", ["198.51.100.7:99x"], "127.0.0.1"),
        ("127.0.0.1", ["[2001:db8::7"], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.7,, ,"], "198.51.100.7"),
        ("127.0.0.1", ["\x00\xff"], "127.0.0.1"),
        # A host that is no address is a stranger.
        ("testclient", ["198.51.100.7"], "testclient"),
    ],
)
def test_the_rightmost_address_that_is_not_trusted(peer: str | None, forwarded_for: list[str], address: str) -> None:
    assert client_address(peer, forwarded_for, TRUSTED) == address


@pytest.mark.parametrize("entry", ["10.0.0.2, ", "x", ",", "1", "[", "198.51.100.7:"])
def test_a_header_of_100_kilobytes_takes_no_time(entry: str) -> None:
    header = entry * (100_000 // len(entry))
    began = time.perf_counter()
    assert client_address("127.0.0.1", [header], TRUSTED) in ("127.0.0.1", "10.0.0.2")
    assert time.perf_counter() - began < 0.1


def test_no_more_hops_are_looked_at_than_there_can_be() -> None:
    chain = ", ".join(["198.51.100.7", *["10.0.0.2"] * MOST_HOPS])
    assert client_address("127.0.0.1", [chain], TRUSTED) == "10.0.0.2"
    assert client_address("127.0.0.1", [chain.removesuffix(", 10.0.0.2")], TRUSTED) == "198.51.100.7"
