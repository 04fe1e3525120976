"""A client's address, in the form in which clients are counted."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final

LOCAL: Final = "unix"
"""What stands for the address of a client on a Unix socket."""

_IPV6_SITE: Final = 64
"""Bits of an IPv6 address that name a site; a client picks the others as it likes."""


def peer_address(peer: Any) -> str:
    """Return the address to count a client by, without its port.

    An IPv4 address is itself (also where it comes as ``::ffff:192.0.2.1``), an IPv6 address is
    its /64 network, as one client has at least as many; whatever has no host is ``unix``.

    :param peer: what ``transport.getPeer()`` gives.
    """
    host = getattr(peer, "host", None)
    if not isinstance(host, str):
        return LOCAL
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    if address.is_loopback:
        return str(address)
    return str(ip_network((address, _IPV6_SITE), strict=False))


def is_local(address: str) -> bool:
    """Return whether an address that :func:`peer_address` gave is of this machine."""
    return address in (LOCAL, "::1") or address.startswith("127.")
