"""The certificates that ports listen with: read again when they change, warned of in time."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.interfaces import IDelayedCall, IStreamServerEndpoint
from twisted.internet.ssl import CertificateOptions
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.config import ConfigError, Tls
from webctp.filewatch import FileWatch
from webctp.gateway.http.tls import ServerCertificate, TlsError, TlsFiles, usable
from webctp.language.text import english, reason_of
from webctp.listening import files_of, server_certificate
from webctp.upstream.session.apiqueue import reactor_threads

_log = Logger()

Commit = Callable[[], object]
"""Puts in force what was read."""

A_DAY: Final = 86_400.0
"""Seconds between two lines of a certificate that ends soon."""


class Certificates:
    """Every certificate of a daemon's ports. Runs in the reactor's thread.

    A file that changes is taken as SIGHUP takes it: certificate and key are checked as a pair, one
    that cannot be used is logged, and the one before stays. Connections that stand keep theirs.

    :param endpoints: what is listened on; ``own`` is the certificate of ``TLS``.
    """

    def __init__(
        self,
        reactor: Any,
        endpoints: Iterable[IStreamServerEndpoint],
        own: ServerCertificate | None,
    ) -> None:
        self._reactor = reactor
        self._own = own
        self._in_thread = reactor_threads(reactor)
        found = filter(None, map(server_certificate, endpoints))
        self._certificates = tuple(dict.fromkeys(found))
        self._watches = [self._watch(one) for one in self._certificates]
        self._call: IDelayedCall | None = None
        self._runs = False

    def start(self) -> None:
        """Warn of what ends soon, now and daily, and watch the files."""
        self._runs = True
        for watch in self._watches:
            watch.start()
        if self._certificates:
            self._warn()

    def stop(self) -> None:
        """Stop the timers."""
        self._runs = False
        for watch in self._watches:
            watch.stop()
        if self._call is not None and self._call.active():
            self._call.cancel()

    @inlineCallbacks
    def prepare(self, tls: Tls | None) -> Any:
        """Read every certificate again; fires with what puts them in force, a :data:`Commit`.

        It fails with :class:`~webctp.config.ConfigError` where one cannot be used.

        :param tls: what ``TLS`` names by now.
        """
        read: list[tuple[TlsFiles, CertificateOptions]] = []
        for one in self._certificates:
            files = files_of(tls) if tls is not None and one is self._own else one.files
            try:
                options = yield self._in_thread(usable, files)
            except TlsError as problem:
                told = english("{where}: {problem}", where="TLS", problem=problem)
                raise ConfigError(told, ("TLS",)) from problem
            read.append((files, options))

        def commit() -> None:
            for number, pair in enumerate(read):
                self._take(number, *pair)

        return commit

    def _take(self, number: int, files: TlsFiles, options: CertificateOptions) -> None:
        """Put a pair in force that was read, and watch its files."""
        one = self._certificates[number]
        self._watches[number].settled()
        if files.paths != one.files.paths:
            self._watches[number].stop()
            self._watches[number] = self._watch(one, files)
            if self._runs:
                self._watches[number].start()
        one.take(files, options)
        _log.info("TLS: new certificate, valid until {ends}", ends=one.validity.ends)

    def status(self) -> dict[str, Any]:
        """Return for ``/readyz``: until when each certificate is valid, and which end soon."""
        now = datetime.now(UTC)
        ends = [one.validity.ends for one in self._certificates]
        if not ends:
            return {}
        told: dict[str, Any] = {
            "certificates": [{"ends": f"{one:%Y-%m-%dT%H:%M:%SZ}"} for one in ends]
        }
        soon = [one for one in self._certificates if one.validity.expires_soon(now)]
        if soon:
            told["warnings"] = [
                f"the certificate {one.files.cert_file} ends at {one.validity.ends:%Y-%m-%d %H:%M} "
                "UTC: renew it"
                for one in soon
            ]
        return told

    def _watch(self, certificate: ServerCertificate, files: TlsFiles | None = None) -> FileWatch:
        paths = (files or certificate.files).paths
        return FileWatch(self._reactor, self._in_thread, paths, lambda: self._changed(certificate))

    def _changed(self, certificate: ServerCertificate) -> None:
        reading: Deferred[Any] = self._in_thread(usable, certificate.files)

        def done(options: CertificateOptions) -> None:
            certificate.take(certificate.files, options)
            _log.info("TLS: new certificate, valid until {ends}", ends=certificate.validity.ends)

        def refused(failure: Failure) -> None:
            failure.trap(TlsError)
            reason = reason_of(failure.value)
            _log.error("TLS: the old certificate stays: {reason}", reason=reason)

        reading.addCallbacks(done, refused)

    def _warn(self) -> None:
        """Log which certificates clients refuse, now or soon."""
        now = datetime.now(UTC)
        for one in self._certificates:
            dates = one.validity
            trouble = dates.trouble(now)
            if trouble:
                _log.error("TLS: the certificate is {trouble}; clients refuse it", trouble=trouble)
            elif dates.expires_soon(now):
                _log.warn("TLS: the certificate expires soon: {ends}", ends=dates.ends)
        self._call = self._reactor.callLater(A_DAY, self._warn)
