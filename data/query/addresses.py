"""IP addresses and networks in the one form in which they are compared: an IPv4-mapped IPv6 address is IPv4."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from data.query.model import Network

# The mapped addresses are ::ffff:0:0/96 (RFC 4291, section 2.5.5.2).
_MAPPED_PREFIX = 96
_IPV4_BITS = 0xFFFF_FFFF


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that the text is; None if it is something else (a host name)."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(maxsize=4096)
def plain_address(text: str) -> str:
    """The one way of writing an address, an IPv4-mapped one as IPv4; other text is a host name and stays as it is."""
    address = read_address(text)
    return text if address is None else str(address)


def read_network(text: str) -> Network:
    """The network that the text is; bits beyond the prefix are dropped. Raises ValueError."""
    network = ip_network(text, strict=False)
    if (
        isinstance(network, IPv6Network)
        and network.prefixlen >= _MAPPED_PREFIX
        and network.network_address.ipv4_mapped is not None
    ):
        return IPv4Network((int(network.network_address) & _IPV4_BITS, network.prefixlen - _MAPPED_PREFIX))
    return network
