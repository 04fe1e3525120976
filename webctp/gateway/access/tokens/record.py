"""One token: what it is made of, and what whoever shows it may do.

A token is 256 random bits. There is nothing to guess in it, so that a plain SHA-256 keeps it as
well as a slow hash of passwords would, and costs two microseconds at a login instead of a tenth of
a second, which strangers could ask for.
"""

import hashlib
import re
import secrets
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

import msgspec

from webctp.gateway.access.address import LOCAL
from webctp.gateway.access.principal import PrincipalLimits, Scope
from webctp.language.text import english
from webctp.secret import TOKEN_PREFIX, Secret, holds_token

_BYTES: Final = 32
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", re.ASCII)
_PATTERN: Final = re.compile(r"[!-~][ -~]{0,79}", re.ASCII)
_MAPPED_BITS: Final = 96
"""Bits before the IPv4 address in an IPv6 address that stands for one."""
_HASH: Final = re.compile(r"[0-9a-f]{64}|", re.ASCII)


def new_token() -> Secret:
    """Return a new token of 256 random bits."""
    return Secret(TOKEN_PREFIX + secrets.token_urlsafe(_BYTES))


def hash_of(token: Secret) -> str:
    """Return what stands for a token in the file: its SHA-256, in hex."""
    return hashlib.sha256(token.reveal().encode("utf-8", "surrogatepass")).hexdigest()


class Token(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """An entry of the file: a principal, and the hash of the token by which it is known.

    ``sha256`` is empty for one that is known by its client certificate alone. Without ``accounts``,
    ``instruments`` or ``networks`` there is no bound of that kind. ``expires`` is an exclusive end.

    :raises ValueError: for a field that holds something else than it should.
    """

    name: str
    sha256: str = ""
    scopes: tuple[Scope, ...]
    accounts: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    limits: PrincipalLimits = PrincipalLimits()
    created: datetime
    expires: datetime | None = None

    def __post_init__(self) -> None:
        """Check each field; msgspec has checked their types."""
        if holds_token(self.name):
            raise ValueError(english("a token stands where its name belongs; choose a name for it"))
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                english(
                    "the name {name!a} is none: 1 to 64 letters, digits, '_', '-', '.', '@'",
                    name=self.name[:64],
                )
            )
        if not _HASH.fullmatch(self.sha256):
            raise ValueError(english("{name}: sha256 is no SHA-256 in hex", name=self.name))
        if not self.scopes:
            raise ValueError(
                english(
                    "{name}: no scope is given; scopes are {scopes}",
                    name=self.name,
                    scopes=", ".join(Scope),
                )
            )
        for pattern in (*self.accounts, *self.instruments):
            if not _PATTERN.fullmatch(pattern):
                raise ValueError(
                    english(
                        "{name}: {pattern!a} is no pattern: 1 to 80 of ASCII",
                        name=self.name,
                        pattern=pattern[:80],
                    )
                )
        for network in self.networks:
            if network != LOCAL:
                try:
                    _network(network)
                except ValueError as problem:
                    raise ValueError(
                        english(
                            "{name}: {network!a} is no network; write it such as 10.0.0.0/8, ::1 "
                            "or unix, without bits beyond the prefix",
                            name=self.name,
                            network=network[:80],
                        )
                    ) from problem
        for moment in (self.created, self.expires):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(
                    english("{name}: a time without a time zone; write it in UTC", name=self.name)
                )

    def has_expired(self, now: float) -> bool:
        """Return whether it is no longer taken at a moment, in seconds since 1970."""
        return self.expires is not None and self.expires.timestamp() <= now

    def admits(self, host: str) -> bool:
        """Return whether it may be shown from an address; from a Unix socket where ``unix`` stands.

        :param host: an address in full, or :data:`~webctp.gateway.access.address.LOCAL`.
        """
        if not self.networks:
            return True
        if host == LOCAL:
            return LOCAL in self.networks
        address = ip_address(host.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in _network(one) for one in self.networks if one != LOCAL)


def _network(text: str) -> IPv4Network | IPv6Network:
    """Return a network; of IPv4 addresses written as IPv6 (``::ffff:10.0.0.0/104``) theirs.

    :raises ValueError: for what is none.
    """
    network = ip_network(text)
    if isinstance(network, IPv6Network) and network.prefixlen >= _MAPPED_BITS:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return IPv4Network((mapped, network.prefixlen - _MAPPED_BITS))
    return network


def utc(seconds: float) -> datetime:
    """Return a moment to the second, in UTC."""
    return datetime.fromtimestamp(int(seconds), UTC)
