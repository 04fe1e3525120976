"""Where the gateway listens: endpoints, and the certificates of those with TLS."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from twisted.internet.defer import Deferred, execute
from twisted.internet.endpoints import (
    AdoptedStreamServerEndpoint,
    SSL4ServerEndpoint,
    TCP4ServerEndpoint,
    TCP6ServerEndpoint,
    serverFromString,
)
from twisted.internet.interfaces import (
    IListeningPort,
    IProtocolFactory,
    IStreamServerEndpoint,
)
from twisted.internet.tcp import Port
from twisted.protocols.haproxy._wrapper import proxyEndpoint
from twisted.protocols.tls import TLSMemoryBIOFactory
from zope.interface import implementer

from webctp.config import Config, ConfigError, Tls
from webctp.gateway.http.tls import ClientCertificates, ServerCertificate, TlsFiles, Validity
from webctp.gateway.http.unixsocket import UnixSocket
from webctp.language.text import english
from webctp.metrics import Kind, Metric, Sample

_BACKLOG = 4096
"""Connections that may wait to be accepted: after a cut all clients come back at once."""


_EXPIRES: Final = Metric(
    "webctp_certificate_expires_timestamp_seconds",
    Kind.GAUGE,
    "When the certificate of a listening endpoint expires, in seconds since 1970.",
    "监听端点的证书何时到期，自 1970 年起的秒数。",
    ("endpoint",),
)

_UNIX_MODE = "600"
"""Of a Unix socket of ``Listen`` that says nothing else with ``:mode=``; Twisted's is 0666."""
_SSL_WORDS: Final = ("port", "privateKey", "certKey", "interface", "backlog", "extraCertChain")
"""What an ``ssl:`` endpoint takes."""
_UNIX_WORDS: Final = ("address", "mode", "backlog", "lockfile")
"""What a ``unix:`` endpoint takes; the last is Twisted's, and of no effect here."""


def words_of(description: str) -> tuple[list[str], dict[str, str]]:
    """Split what names an endpoint, as Twisted does: at colons, but for those behind a backslash.

    :returns: the words without a name, the kind of endpoint first, and those with one.
    :raises ValueError: if it ends in a backslash.
    """
    words: list[str] = []
    named: dict[str, str] = {}
    name, text = None, ""
    rest = iter(f"{description}:")
    for sign in rest:
        if sign == "\\":
            text += next(rest)
        elif sign == "=" and name is None:
            name, text = text, ""
        elif sign != ":":
            text += sign
        else:
            if name is None:
                words.append(text)
            else:
                named[name] = text
            name, text = None, ""
    if text or name is not None:
        raise ValueError(english("it ends in a backslash; write two for one"))
    return words, named


def unix_path(description: str) -> str | None:
    """Return the path of the Unix socket that names an endpoint; None for another kind."""
    words, named = words_of(description)
    return _unix_words(words, named)["address"] if words[0] == "unix" else None


def files_of(tls: Tls) -> TlsFiles:
    """Return the files that ``TLS`` names."""
    clients = (
        None
        if tls.client_ca_file is None
        else ClientCertificates(tls.client_ca_file, tls.client_certificates == "required")
    )
    return TlsFiles(tls.cert_file, tls.key_file, tls.chain_file, clients)


def certificate_of(config: Config) -> ServerCertificate | None:
    """Read the certificate that ``TLS`` names; None where there is none.

    :raises webctp.gateway.http.tls.TlsError: if its files cannot be used.
    """
    return None if config.tls is None else ServerCertificate(files_of(config.tls))


def endpoints_of(
    reactor: Any, config: Config, certificate: ServerCertificate | None
) -> list[IStreamServerEndpoint]:
    """Make the endpoints of ``Listen``, or the one of ``Host``, ``Port`` and ``TLS``.

    :raises webctp.config.ConfigError: naming the one of ``Listen`` that cannot be made.
    """
    if config.listen:
        return [server_endpoint(reactor, one, "Listen", certificate) for one in config.listen]
    if config.reuse_port:
        shared = SharedPort(reactor, config.port, _BACKLOG, config.host)
        return [shared if certificate is None else TlsEndpoint(shared, certificate)]
    if certificate is not None:
        return [SSL4ServerEndpoint(reactor, config.port, certificate, _BACKLOG, config.host)]
    endpoint = TCP6ServerEndpoint if ":" in config.host else TCP4ServerEndpoint
    return [endpoint(reactor, config.port, _BACKLOG, config.host)]


def server_endpoint(
    reactor: Any,
    description: str,
    key: str = "Listen",
    certificate: ServerCertificate | None = None,
) -> IStreamServerEndpoint:
    """Make an endpoint of ``Listen``, no more open than those of ``Host`` and ``Port``.

    :param key: the key of the configuration that names it.
    :param certificate: of ``TLS``, for ``tls:``.
    :raises webctp.config.ConfigError: if it cannot be made.
    """
    try:
        return _endpoint(reactor, description, certificate)
    except Exception as problem:  # each kind of endpoint has errors of its own
        told = english("{where}: {problem}", where=f"{key}: {description}", problem=problem)
        raise ConfigError(told, (key,)) from problem


def comes_from_systemd(description: str) -> bool:
    """Return whether an endpoint's socket is one that systemd hands to the daemon alone."""
    return description.removeprefix("tls:").removeprefix("haproxy:").startswith("systemd:")


@implementer(IStreamServerEndpoint)
class SharedPort:
    """A port that several processes of one user listen on (``ReusePort``)."""

    def __init__(self, reactor: Any, port: int, backlog: int, host: str) -> None:
        self._reactor = reactor
        self._port = port
        self._backlog = backlog
        self._host = host

    def listen(self, protocolFactory: IProtocolFactory) -> "Deferred[IListeningPort]":
        """Twisted's name for listening; as its own endpoints do it."""
        return execute(self._listen, protocolFactory)

    def _listen(self, factory: IProtocolFactory) -> IListeningPort:
        port = _ReusedPort(self._port, factory, self._backlog, self._host, self._reactor)
        port.startListening()
        return port


class _ReusedPort(Port):
    """A port whose number other sockets may have, too, if theirs allows it as well."""

    def createInternetSocket(self) -> socket.socket:
        """Make the socket; Twisted calls this before it binds."""
        made: socket.socket = super().createInternetSocket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        return made


@implementer(IStreamServerEndpoint)
class TlsEndpoint:
    """TLS on another endpoint, such as a socket of systemd's.

    :param certificate: of ``TLS``; it can be replaced.
    """

    def __init__(self, endpoint: IStreamServerEndpoint, certificate: ServerCertificate) -> None:
        self._wrappedEndpoint = endpoint
        self._sslContextFactory = certificate

    def listen(self, protocolFactory: IProtocolFactory) -> "Deferred[IListeningPort]":
        """Twisted's name for listening; as its own TLS endpoint does it."""
        factory = TLSMemoryBIOFactory(self._sslContextFactory, False, protocolFactory)
        listening: Deferred[IListeningPort] = self._wrappedEndpoint.listen(factory)
        return listening


def _endpoint(
    reactor: Any, description: str, certificate: ServerCertificate | None
) -> IStreamServerEndpoint:
    words, named = words_of(description)
    rest = description.partition(":")[2]
    match words[0]:
        case "haproxy":
            return proxyEndpoint(_endpoint(reactor, rest, None))
        case "tls":
            if certificate is None:
                raise ValueError(english("tls: serves with the files of TLS; set TLS"))
            return TlsEndpoint(_endpoint(reactor, rest, None), certificate)
        case "systemd":
            return _handed_over(reactor, description)
        case "ssl":
            return _ssl_endpoint(reactor, words[1:], dict(named))
        case "unix":
            return _unix_endpoint(reactor, _unix_words(words, named))
    made: IStreamServerEndpoint = serverFromString(reactor, description)
    return made


def _unix_endpoint(reactor: Any, given: Mapping[str, str]) -> UnixSocket:
    mode, backlog = given.get("mode", _UNIX_MODE), given.get("backlog", str(_BACKLOG))
    return UnixSocket(reactor, given["address"], int(mode, 8), int(backlog))


def _unix_words(words: Sequence[str], named: Mapping[str, str]) -> dict[str, str]:
    """Return what a ``unix:`` endpoint says, by name.

    :raises ValueError: for a word that there is not.
    """
    given = {**dict(zip(_UNIX_WORDS, words[1:], strict=False)), **named}
    strange = ", ".join(given.keys() - set(_UNIX_WORDS)) or ", ".join(words[len(_UNIX_WORDS) + 1 :])
    if strange or not given.get("address"):
        raise ValueError(
            english(
                "unix: takes {known}, and not {strange}",
                known=", ".join(_UNIX_WORDS),
                strange=strange or english("a missing path"),
            )
        )
    return given


def _handed_over(reactor: Any, description: str) -> IStreamServerEndpoint:
    """Return the endpoint of a socket that systemd has handed over.

    :raises ValueError: where it has not.
    """
    try:
        made: IStreamServerEndpoint = serverFromString(reactor, description)
    except (IndexError, KeyError):
        raise ValueError(
            english(
                "systemd has handed no such socket over; start the gateway by systemctl, with "
                "webctp@.socket enabled, or set Host and Port in place of Listen"
            )
        ) from None
    return made


def _ssl_endpoint(reactor: Any, words: list[str], named: dict[str, str]) -> SSL4ServerEndpoint:
    """Make what Twisted's ``ssl:`` says, of a certificate that can be replaced.

    :raises ValueError: for a word that there is not.
    :raises webctp.gateway.http.tls.TlsError: if its files cannot be used.
    """
    given = {**dict(zip(_SSL_WORDS, words, strict=False)), **named}
    strange = ", ".join(given.keys() - set(_SSL_WORDS)) or ", ".join(words[len(_SSL_WORDS) :])
    if strange or "port" not in given:
        raise ValueError(
            english(
                "ssl: takes {known}, and not {strange}; TLS is 1.2 and 1.3, with ECDHE",
                known=", ".join(_SSL_WORDS),
                strange=strange or english("no port"),
            )
        )
    key = given.get("privateKey", "server.pem")
    files = TlsFiles(given.get("certKey", key), key, given.get("extraCertChain"))
    return SSL4ServerEndpoint(
        reactor,
        int(given["port"]),
        ServerCertificate(files),
        int(given.get("backlog", _BACKLOG)),
        given.get("interface", ""),
    )


def is_inherited(endpoint: IStreamServerEndpoint) -> bool:
    """Return whether an endpoint's socket was handed over (``systemd:``), and outlives us."""
    return any(isinstance(one, AdoptedStreamServerEndpoint) for one in _layers(endpoint))


def _layers(endpoint: IStreamServerEndpoint) -> Iterator[Any]:
    """Give an endpoint, and those that it wraps (``haproxy:``, ``tls:``)."""
    one: Any = endpoint
    while one is not None:
        yield one
        one = getattr(one, "_wrappedEndpoint", None)


def server_certificate(endpoint: IStreamServerEndpoint) -> ServerCertificate | None:
    """Return the certificate of an endpoint; None for one without TLS."""
    found = (getattr(one, "_sslContextFactory", None) for one in _layers(endpoint))
    return next((one for one in found if isinstance(one, ServerCertificate)), None)


def _dates_of(endpoint: IStreamServerEndpoint) -> Validity | None:
    """Return when the certificates of an endpoint are valid; None for one without TLS."""
    certificate = server_certificate(endpoint)
    return None if certificate is None else certificate.validity


class CertificateDates:
    """Tell on a scrape when the certificates of endpoints expire, renewed ones included.

    :param endpoints: what is listened on; those without TLS have no sample.
    """

    def __init__(self, endpoints: Sequence[IStreamServerEndpoint]) -> None:
        self._endpoints = endpoints

    def samples(self) -> Iterator[Sample]:
        """Read each certificate's end; ``endpoint`` counts from 0, as the keys name them."""
        for number, endpoint in enumerate(self._endpoints):
            dates = _dates_of(endpoint)
            if dates is not None:
                yield _EXPIRES.sample(dates.ends.timestamp(), str(number))
