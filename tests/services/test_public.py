"""Only the public internet is public."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.public import is_public

OWN = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
    *("::/96", "::ffff:0:0/96", "64:ff9b:1::/48", "64:ff9b::7f00:0/104", "64:ff9b::a00:0/104"),
    *("100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10"),
    *("fec0::/10", "ff00::/8"),
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("93.184.215.14", True),
        ("100.63.255.255", True),
        ("100.128.0.0", True),
        ("172.15.255.255", True),
        ("172.32.0.0", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::808:808", True),
        ("0.0.0.0", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("192.0.0.9", False),
        ("192.88.99.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::ffff:8.8.8.8", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
    ],
)
def test_what_is_public(address: str, expected: bool) -> None:
    """Neighbours of a range on both sides, and what famously leads within."""
    assert expected == is_public(ip_address(address))


@given(st.sampled_from(OWN).flatmap(lambda one: st.ip_addresses(network=one)))
def test_nothing_of_our_own_is_public(address: IPv4Address | IPv6Address) -> None:
    """Private, shared, loopback, link-local, mapped, tunnelled, many at once, or reserved."""
    assert not is_public(address)


@given(st.ip_addresses())
def test_what_python_calls_private_is_not_public(address: IPv4Address | IPv6Address) -> None:
    """Whatever else we refuse; its own idea of it grows with its versions."""
    assert not is_public(address) or not (address.is_private or address.is_multicast)
