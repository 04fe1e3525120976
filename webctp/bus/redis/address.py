"""Where a bus is: the addresses of Redis, read and connected to.

- ``redis://HOST:PORT/DATABASE``, ``rediss://…`` over TLS
- ``redis+unix:///PATH?database=0``
- ``redis+sentinel://HOST:PORT,HOST:PORT/SERVICE/DATABASE``: whichever Redis Sentinel names

An edge's address may say whose ticks it follows: ``?name=2``. User and password stand in the
configuration's ``Bus.User`` and ``BusPassword``, so that an address can be shown to anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from twisted.internet.defer import CancelledError, inlineCallbacks
from twisted.internet.endpoints import HostnameEndpoint, UNIXClientEndpoint, wrapClientTLS
from twisted.internet.error import ConnectError, ConnectingCancelledError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.internet.ssl import Certificate, optionsForClientTLS, trustRootFromCertificates

from webctp.bus.redis.line import RedisLine, RedisTrouble
from webctp.config.bus import BusConfig
from webctp.language.text import Text, english, verbatim
from webctp.secret import Secret

PATIENCE: Final = 3
"""Seconds until an attempt to connect is given up."""
_PORT: Final = 6379
_SENTINEL_PORT: Final = 26379


@dataclass(frozen=True, slots=True)
class BusAddress:
    """An address of the bus, taken apart.

    ``places`` are the hosts and ports, of Redis or of the Sentinels that know where it is;
    ``path`` is the socket's where there is one; ``name`` is the publisher that an edge follows.
    """

    places: tuple[tuple[str, int], ...] = ()
    path: str = ""
    service: str = ""
    database: int = 0
    name: str = ""
    is_tls: bool = False


def address_of(text: str) -> BusAddress:
    """Read an address.

    :raises ValueError: saying what is wrong with it.
    """
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise ValueError(
            english("user and password do not belong there; set Bus.User and BusPassword")
        )
    given = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    name = given.pop("name", "")
    database = given.pop("database", "") if parts.scheme == "redis+unix" else ""
    if given:
        raise ValueError(english("it has no {name}", name=", ".join(given)))
    path = unquote(parts.path)
    if parts.scheme == "redis+unix":
        if parts.netloc or len(path) < 2:
            raise ValueError(english("wanted redis+unix:///PATH"))
        return BusAddress(path=path, database=_number(database), name=name)
    is_sentinel = parts.scheme == "redis+sentinel"
    service = ""
    if is_sentinel:
        service, _, path = path.removeprefix("/").partition("/")
        if not service:
            raise ValueError(english("wanted redis+sentinel://HOST:PORT/SERVICE"))
    port = _SENTINEL_PORT if is_sentinel else _PORT
    places = tuple(_place(one, port) for one in parts.netloc.split(","))
    if len(places) > 1 and not is_sentinel:
        raise ValueError(english("wanted one host"))
    return BusAddress(
        places,
        service=service,
        database=_number(path.removeprefix("/")),
        name=name,
        is_tls=parts.scheme == "rediss",
    )


def _number(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ValueError(english("{text!r} is no number of a database", text=text))
    return int(text or "0")


def _place(text: str, usual: int) -> tuple[str, int]:
    """Return host and port; an IPv6 address stands in brackets."""
    host, port = urlsplit(f"//{text}").hostname, urlsplit(f"//{text}").port
    if not host:
        raise ValueError(english("wanted HOST or HOST:PORT"))
    return host, usual if port is None else port


class Connector:
    """Makes connections to the Redis of an address, ready for use: logged in, database chosen."""

    def __init__(
        self, reactor: Any, address: BusAddress, settings: BusConfig, password: Secret
    ) -> None:
        # Of a reactor that flushes, the one that opens sockets.
        self._reactor = getattr(reactor, "plain", reactor)
        self._address = address
        self._user = settings.user
        self._password = password
        self._trust: Any = None
        if settings.ca_file is not None:
            with open(settings.ca_file, "rb") as held:
                self._trust = trustRootFromCertificates([Certificate.loadPEM(held.read())])

    @inlineCallbacks
    def connect(self, make: Callable[[], RedisLine]) -> Any:
        """Connect; fires with the line, or fails with :class:`RedisTrouble`.

        :param make: makes the line.
        """
        where = self._address
        if where.path:
            endpoint: IStreamClientEndpoint = UNIXClientEndpoint(
                self._reactor, where.path, timeout=PATIENCE
            )
        else:
            host, port = where.places[0]
            if where.service:
                host, port = yield self._master()
            endpoint = self._endpoint(host, port)
        line: RedisLine = yield self._reach(endpoint, make)
        try:
            yield self._greet(line)
        except BaseException as problem:
            line.drop(english("the greeting failed"))
            raise problem from None
        return line

    def _endpoint(self, host: str, port: int) -> IStreamClientEndpoint:
        endpoint = HostnameEndpoint(self._reactor, host, port, timeout=PATIENCE)
        if not self._address.is_tls:
            return endpoint
        return wrapClientTLS(optionsForClientTLS(host, trustRoot=self._trust), endpoint)

    @inlineCallbacks
    def _reach(self, endpoint: IStreamClientEndpoint, make: Callable[[], RedisLine]) -> Any:
        factory = Factory.forProtocol(make)
        factory.noisy = False
        try:
            line = yield endpoint.connect(factory)
        except (CancelledError, ConnectingCancelledError):
            raise RedisTrouble(english("the daemon stops")) from None
        except (ConnectError, OSError, ValueError) as problem:
            raise RedisTrouble(verbatim(str(problem))) from None
        return line

    @inlineCallbacks
    def _greet(self, line: RedisLine) -> Any:
        """Log in and choose the database; of Sentinel's word make sure."""
        if self._password:
            given = [self._user.encode()] if self._user else []
            yield line.ask(b"AUTH", *given, self._password.reveal().encode())
        if self._address.database:
            yield line.ask(b"SELECT", b"%d" % self._address.database)
        if self._address.service:
            role = yield line.ask(b"ROLE")
            if role[0] != b"master":
                raise RedisTrouble(english("the Redis that Sentinel named is no master any more"))

    @inlineCallbacks
    def _master(self) -> Any:
        """Ask the Sentinels, one after another, where the master is."""
        reason: Text = english("no Sentinel knows the master")
        for host, port in self._address.places:
            line: RedisLine | None = None
            try:
                endpoint = HostnameEndpoint(self._reactor, host, port, timeout=PATIENCE)
                line = yield self._reach(endpoint, lambda: RedisLine(self._reactor))
                found = yield line.ask(
                    b"SENTINEL", b"GET-MASTER-ADDR-BY-NAME", self._address.service.encode()
                )
            except RedisTrouble as problem:
                reason = problem.reason
                continue
            finally:
                if line is not None:
                    line.drop(english("the question is answered"))
            if found is not None:
                return found[0].decode(), int(found[1])
        raise RedisTrouble(reason)
