"""Where the gateway listens: endpoints, and the certificates of those with TLS."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from twisted.internet.defer import Deferred, succeed
from twisted.internet.endpoints import (
    SSL4ServerEndpoint,
    TCP4ServerEndpoint,
    TCP6ServerEndpoint,
    _parse,
    serverFromString,
)
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.config import Config, ConfigError, Tls
from webctp.gateway.http.tls import ServerCertificate, TlsError, Validity, limit_ciphers, validity
from webctp.language.text import english, reason_of
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.session.apiqueue import reactor_threads

_log = Logger()

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
"""Of a Unix socket of ``Listen`` that says nothing else with ``:mode=``."""
_UNIX_WORDS = 3
"""``unix:PATH:MODE``, where the mode goes without its name."""


def certificate_of(config: Config) -> ServerCertificate | None:
    """Read the certificate that ``TLS`` names; None where there is none.

    :raises webctp.gateway.http.tls.TlsError: if its files cannot be used.
    """
    tls = config.tls
    return None if tls is None else ServerCertificate(tls.cert_file, tls.key_file, tls.chain_file)


def endpoints_of(
    reactor: Any, config: Config, certificate: ServerCertificate | None
) -> list[IStreamServerEndpoint]:
    """Make the endpoints of ``Listen``, or the one of ``Host``, ``Port`` and ``TLS``.

    :raises webctp.config.ConfigError: naming the one of ``Listen`` that cannot be made.
    """
    if config.listen:
        return [server_endpoint(reactor, description) for description in config.listen]
    if certificate is not None:
        return [SSL4ServerEndpoint(reactor, config.port, certificate, _BACKLOG, config.host)]
    endpoint = TCP6ServerEndpoint if ":" in config.host else TCP4ServerEndpoint
    return [endpoint(reactor, config.port, _BACKLOG, config.host)]


def server_endpoint(reactor: Any, description: str, key: str = "Listen") -> IStreamServerEndpoint:
    """Make an endpoint of ``Listen``, no more open than those of ``Host`` and ``Port``.

    :param key: the key of the configuration that names it.
    :raises webctp.config.ConfigError: if it cannot be made.
    """
    try:
        made = _endpoint(reactor, description)
    except Exception as problem:  # each kind of endpoint has errors of its own
        told = english("{where}: {problem}", where=f"{key}: {description}", problem=problem)
        raise ConfigError(told, (key,)) from problem
    if isinstance(made, SSL4ServerEndpoint):
        # Twisted keeps to itself what it has read from the files.
        limit_ciphers(made._sslContextFactory.getContext())
    return made


def _endpoint(reactor: Any, description: str) -> IStreamServerEndpoint:
    words, named = _parse(description)
    if words[0] == "unix" and len(words) < _UNIX_WORDS and "mode" not in named:
        # Twisted's own is 0666, whatever the umask.
        description += f":mode={_UNIX_MODE}"
    made: IStreamServerEndpoint = serverFromString(reactor, description)
    return made


def _dates_of(endpoint: IStreamServerEndpoint) -> Validity | None:
    """Return when the certificates of an endpoint are valid; None for one without TLS."""
    if not isinstance(endpoint, SSL4ServerEndpoint):
        return None
    context = endpoint._sslContextFactory
    return context.validity if isinstance(context, ServerCertificate) else validity(context)


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


def warn_of_certificates(endpoints: Iterable[IStreamServerEndpoint]) -> None:
    """Log which certificates clients refuse, now or soon."""
    now = datetime.now(UTC)
    for dates in filter(None, map(_dates_of, endpoints)):
        trouble = dates.trouble(now)
        if trouble:
            _log.error("TLS: the certificate is {trouble}; clients refuse it", trouble=trouble)
        elif dates.expires_soon(now):
            _log.warn("TLS: the certificate expires soon: {ends}", ends=dates.ends)


def renew(reactor: Any, certificate: ServerCertificate | None, files: Tls) -> Deferred[None]:
    """Serve new connections with what these files hold now; fires when that is decided.

    What cannot be used is logged, and the old certificate stays.
    """
    if certificate is None:
        return succeed(None)
    in_thread = reactor_threads(reactor)
    replaced = in_thread(certificate.replace, files.cert_file, files.key_file, files.chain_file)

    def done(_: object) -> None:
        _log.info("TLS: new certificate, valid until {ends}", ends=certificate.validity.ends)

    def refused(failure: Failure) -> None:
        failure.trap(TlsError)
        reason = reason_of(failure.value)
        _log.error("TLS: the old certificate stays: {reason}", reason=reason)

    return replaced.addCallbacks(done, refused)
