"""Addresses of the public internet: all others are somebody's own, and are never visited.

Each range is written down, for what Python calls global differs from version to version.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

Address = IPv4Address | IPv6Address

_OWN = tuple(
    ip_network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # where Azure answers its machines
    )
)

_GLOBAL = ip_network("2000::/3")
"""All that is given out so far; what is outside is local, mapped, translated or nobody's."""

_SPECIAL = tuple(
    ip_network(one)
    for one in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")  # tunnels and examples
)

_TRANSLATED = ip_network("64:ff9b::/96")
"""Where a network without IPv4 finds it; the last four bytes are the address."""


def is_public(address: Address) -> bool:
    """Whether anybody may visit it: it is global, and leads to no place within."""
    if isinstance(address, IPv4Address):
        return not any(address in one for one in _OWN)
    if address in _TRANSLATED:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL and not any(address in one for one in _SPECIAL)
