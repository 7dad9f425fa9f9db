"""The address that a request comes from, as far as it can be believed.

Each proxy adds the address that it was called from at the right end of `X-Forwarded-For`. So the entries are believed
from the right for as long as they name proxies that are trusted; the first other one is the client, and what stands to
the left of it is what the client says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from data.query.addresses import read_address, read_network

MOST_HOPS = 50
"""So many entries of the header are looked at, from the right; no chain of proxies is longer."""

_LONGEST_ENTRY = 100


@dataclass(frozen=True, slots=True)
class Networks:
    """Networks, IPv4-mapped IPv6 ones as IPv4."""

    networks: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Networks":
        """The networks that these texts (CIDR) are. Raises ValueError."""
        return _networks_of(tuple(texts))

    def __bool__(self) -> bool:
        return bool(self.networks)

    def hold(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether the address is in one of them."""
        return any(address in network for network in self.networks)


def client_address(peer: str | None, forwarded_for: Iterable[str], trusted: Networks) -> str | None:
    """The address of whoever made a request.

    `peer` is the address at the other end of the connection, None for a Unix socket, which is trusted: its file's
    permissions say who may connect. `forwarded_for` are the values of the `X-Forwarded-For` headers, in their order.
    An entry that is no address ends the chain; then the nearest hop that is known is the answer, None if there is none.
    """
    nearest = peer
    if peer is not None:
        address = read_address(peer)
        if address is None or not trusted.hold(address):
            return peer if address is None else str(address)
        nearest = str(address)
    for entry in _from_the_right(forwarded_for):
        address = _entry_address(entry)
        if address is None:
            return nearest
        nearest = str(address)
        if not trusted.hold(address):
            return nearest
    return nearest


def _from_the_right(values: Iterable[str]) -> list[str]:
    # One more than is wanted: the last part is whatever was not split.
    parts = ",".join(values).rsplit(",", MOST_HOPS)[-MOST_HOPS:]
    return [part.strip() for part in reversed(parts) if part.strip()]


def _entry_address(entry: str) -> IPv4Address | IPv6Address | None:
    """The address of an entry, which may have a port: `192.0.2.1:443`, `[2001:db8::1]:443`."""
    if len(entry) > _LONGEST_ENTRY:
        return None
    if entry.startswith("["):
        inner, bracket, port = entry[1:].partition("]")
        return read_address(inner) if bracket and _is_port(port) else None
    host, colon, port = entry.partition(":")
    if colon and "." in host and _is_port(colon + port):
        return read_address(host)
    return read_address(entry)


def _is_port(text: str) -> bool:
    return not text or (text[0] == ":" and text[1:].isascii() and text[1:].isdecimal())


@lru_cache(maxsize=1024)
def _networks_of(texts: tuple[str, ...]) -> Networks:
    return Networks(tuple(read_network(text) for text in texts))
