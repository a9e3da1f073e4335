"""Which addresses on the network may be called where a person of a workspace typed them: only those of the open Internet.

A name is resolved once, every address it has is looked at, and the connection goes to that very address: whoever answers the second
question about a name differently from the first (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

# Ranges in which an IPv4 address is carried inside of an IPv6 one, with the bits from its right end.
_CARRIERS = (
    (ipaddress.ip_network("64:ff9b::/96"), 0),  # NAT64
    (ipaddress.ip_network("::/96"), 0),  # IPv4-compatible, gone since 2006
    (ipaddress.ip_network("2002::/16"), 80),  # 6to4
)
_CLOSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # carriers' NAT, some clouds' metadata
            "192.0.0.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "240.0.0.0/4",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",  # Teredo and other protocol assignments
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)

Resolve = Callable[..., list[Any]]  # as socket.getaddrinfo


class Forbidden(ValueError):
    """The address lies in a network that is not to be called. It does not say which: that would map our network for whoever asks."""


def is_open(address: str) -> bool:
    """Whether an IP address, in its canonical spelling, belongs to the open Internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # a zone (fe80::1%eth0) among others
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_open(str(ip.ipv4_mapped))
        for network, shift in _CARRIERS:
            if ip in network:
                return is_open(str(ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFFFFFF)))
    if any(ip.version == network.version and ip in network for network in _CLOSED):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def choose_address(
    host: str, port: int, *, resolve: Resolve = socket.getaddrinfo, allowed: Callable[[str], bool] = is_open
) -> str:
    """The IP address to connect to. Raises Forbidden where any address of the name is not of the open Internet; OSError where there is
    none at all.
    """
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise Forbidden("this is no name of a host") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise OSError(f"{host} has no address")
    if not all(allowed(address) for address in addresses):
        raise Forbidden("this host is not on the open Internet")
    return addresses[0]
