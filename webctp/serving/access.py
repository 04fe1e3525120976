"""Who may connect: tokens that are read again when they change, and what is open to all."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from twisted.internet.defer import (
    Deferred,
    DeferredList,
    inlineCallbacks,
    succeed,
)
from twisted.internet.interfaces import IDelayedCall, IStreamServerEndpoint
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.config import Config, ConfigError
from webctp.filewatch import FileWatch
from webctp.gateway.access.audit import Act, AuditLog
from webctp.gateway.access.principal import Principal, anybody_called
from webctp.gateway.access.tokens.authentication import TokenAuthentication
from webctp.gateway.access.tokens.file import TokenFileError, read_tokens, write_uses
from webctp.gateway.access.tokens.record import Token
from webctp.gateway.http.entrance import Entrance
from webctp.gateway.http.tls import ServerCertificate
from webctp.language.text import english
from webctp.metrics import Sample
from webctp.serving.certificates import Certificates, Commit
from webctp.start import open_to_all
from webctp.upstream.session.apiqueue import reactor_threads

_log = Logger()

KEEP_USES: Final = 60.0
"""Seconds between two times that the last uses are written."""


def _unusable(problem: BaseException) -> ConfigError:
    told = english("{where}: {problem}", where="Access.Tokens", problem=problem)
    return ConfigError(told, ("Access", "Tokens"))


class TokenKeeper:
    """The tokens of a daemon: a file, and who is let in by it.

    :raises webctp.config.ConfigError: if the file cannot be used.
    """

    def __init__(
        self, reactor: Any, path: str, *, in_query: bool, audit: AuditLog | None = None
    ) -> None:
        self._reactor = reactor
        self._path = Path(path)
        try:
            tokens = read_tokens(self._path)
        except TokenFileError as problem:
            raise _unusable(problem) from problem
        self._in_thread = reactor_threads(reactor)
        self._watch = FileWatch(reactor, self._in_thread, (path,), self.reload)
        self.authentication = TokenAuthentication(reactor, time.time, (), in_query=in_query)
        self._audit = audit
        self._tokens: Sequence[Token] = tokens
        self.on_changed: Callable[[set[str], set[str]], object] = lambda gone, come: None
        """Called with the hashes of tokens that the file holds no more, and holds newly."""
        self._kept: dict[str, Any] = {}
        self._call: IDelayedCall | None = None
        self._trouble = ""

    def start(self) -> None:
        """Put the tokens in force, watch the file, keep the last uses."""
        self.authentication.take(self._tokens)
        if not self._tokens:
            _log.warn("{path} has no token: nobody is let in", path=self._path)
        self._watch.start()
        self._call = self._reactor.callLater(KEEP_USES, self._keep)

    @inlineCallbacks
    def stop(self) -> Any:
        """Stop, and write the last uses."""
        self._watch.stop()
        self.authentication.close()
        if self._call is not None and self._call.active():
            self._call.cancel()
        yield self._write()

    def reload(self) -> "Deferred[None]":
        """Read the file again. One that cannot be used is logged, and the tokens stay."""
        self._watch.settled()
        reading: Deferred[Any] = self._in_thread(read_tokens, self._path)
        return reading.addCallbacks(self._take, self._refused)

    @inlineCallbacks
    def prepare(self) -> Any:
        """Read the file again; fires with what puts its tokens in force, a :data:`Commit`.

        It fails with :class:`~webctp.config.ConfigError` where the file cannot be used.
        """
        try:
            tokens = yield self._in_thread(read_tokens, self._path)
        except TokenFileError as problem:
            raise _unusable(problem) from problem

        def commit() -> None:
            self._watch.settled()
            self._take(tokens)

        return commit

    def revoke(self, hashes: Iterable[str], restored: Iterable[str]) -> None:
        """Take tokens no more that were revoked elsewhere, and again those that are restored."""
        for name in self.authentication.revoke(hashes, restored):
            _log.info("the token {name} was revoked at a CTP node", name=name)
            if self._audit is not None:
                self._audit.record(Act.TOKEN, "", "", Token=name, Change="revoked")

    def _take(self, tokens: Sequence[Token]) -> None:
        self.authentication.take(tokens)
        self._note_changes(self._tokens, tokens)
        before, now = ({one.sha256 for one in some} for some in (self._tokens, tokens))
        if before != now:
            self.on_changed(before - now - {""}, now - before)
        self._tokens = tokens
        _log.info("{count} tokens are in force, of {path}", count=len(tokens), path=self._path)

    def _note_changes(self, before: Sequence[Token], now: Sequence[Token]) -> None:
        """Note which tokens are new, gone or others. Who has changed them the file does not say."""
        if self._audit is None:
            return
        old = {one.name: one for one in before}
        new = {one.name: one for one in now}
        for name in sorted(old.keys() | new.keys()):
            first, second = old.get(name), new.get(name)
            if first == second:
                continue
            what = "added" if first is None else "revoked" if second is None else "changed"
            if first and second and first.sha256 != second.sha256:
                what = "rotated"
            self._audit.record(Act.TOKEN, "", "", Token=name, Change=what)

    def _refused(self, failure: Failure) -> None:
        failure.trap(TokenFileError)
        _log.error("the tokens stay as they were: {why}", why=failure.getErrorMessage())

    def _keep(self) -> None:
        self._write().addCallback(lambda _: self._wait())

    def _wait(self) -> None:
        self._call = self._reactor.callLater(KEEP_USES, self._keep)

    def _write(self) -> "Deferred[None]":
        """Write the last uses, where there are new ones."""
        uses = self.authentication.uses()
        if uses == self._kept:
            return succeed(None)
        writing = self._in_thread(write_uses, self._path, uses, self.authentication.names)

        def written(_: object) -> None:
            self._kept, self._trouble = uses, ""

        def failed(failure: Failure) -> None:
            failure.trap(TokenFileError)
            if self._trouble != failure.getErrorMessage():
                self._trouble = failure.getErrorMessage()
                _log.warn("when tokens were last shown is not kept: {why}", why=self._trouble)

        return writing.addCallbacks(written, failed)


class Access:
    """Everything of a daemon that decides who may connect.

    Made before the fork; runs in the reactor's thread from :meth:`start` on.

    :param endpoints: what is listened on.
    :param certificate: the one of ``TLS``.
    :raises webctp.config.ConfigError: if what the configuration names cannot be used.
    """

    def __init__(
        self,
        reactor: Any,
        config: Config,
        endpoints: Iterable[IStreamServerEndpoint] = (),
        certificate: ServerCertificate | None = None,
    ) -> None:
        access = config.access
        self.audit = _audit_log(reactor, config)
        """Where it is noted who did what; None where ``AuditLog`` is not set."""
        self._certificates = Certificates(reactor, endpoints, certificate)
        self._warning = open_to_all(config)
        self._origins = config.origins
        self._tokens = (
            None
            if access is None
            else TokenKeeper(
                reactor, access.tokens, in_query=access.token_in_query, audit=self.audit
            )
        )

    @property
    def entrance(self) -> Entrance:
        """Whom the ports let in, and what ``/readyz`` says of that."""
        if self._tokens is None:
            return Entrance(status=self._status, origins=self._origins, audit=self.audit)
        known = self._tokens.authentication
        return Entrance(known.authenticate, known.ticket, self._status, self._origins, self.audit)

    def _status(self) -> dict[str, Any]:
        told = self._certificates.status()
        if self._warning:
            told["warnings"] = [self._warning, *told.get("warnings", ())]
        if self._tokens is not None:
            told["access"] = self._tokens.authentication.status()
        return told

    def principal(self, name: str) -> Principal | None:
        """See :data:`~webctp.gateway.access.principal.PrincipalOf`.

        Without a name somebody has come when nobody had to say who is calling.
        """
        if self._tokens is None or not name:
            return anybody_called(name)
        return self._tokens.authentication.principal(name)

    def tokens(self) -> list[dict[str, Any]]:
        """Return what is in use of each token; see :meth:`TokenAuthentication.standing`."""
        return [] if self._tokens is None else self._tokens.authentication.standing()

    def revoke(self, hashes: Iterable[str], restored: Iterable[str]) -> None:
        """Take tokens no more that were revoked elsewhere, and again those that are restored."""
        if self._tokens is not None:
            self._tokens.revoke(hashes, restored)

    def on_changed(self, told: Callable[[set[str], set[str]], object]) -> None:
        """Tell of tokens that the file holds no more, and of those it holds newly, by hashes."""
        if self._tokens is not None:
            self._tokens.on_changed = told

    def samples(self) -> Iterator[Sample]:
        """See :class:`webctp.metrics.Source`."""
        if self._tokens is not None:
            yield from self._tokens.authentication.samples()
        if self.audit is not None:
            yield from self.audit.samples()

    def start(self) -> None:
        """Begin to watch files."""
        self._certificates.start()
        if self._tokens is not None:
            self._tokens.start()

    def stop(self) -> "Deferred[Any]":
        """Stop; fires when what is to be kept is written."""
        self._certificates.stop()
        ending = [] if self._tokens is None else [self._tokens.stop()]
        if self.audit is not None:
            ending.append(self.audit.close())
        return DeferredList(ending)

    @inlineCallbacks
    def prepare(self, config: Config) -> Any:
        """Read certificates and tokens again; fires with what puts them in force.

        It fails with :class:`~webctp.config.ConfigError` where something cannot be used.
        """
        commits: list[Commit] = [(yield self._certificates.prepare(config.tls))]
        if self._tokens is not None:
            commits.append((yield self._tokens.prepare()))

        def commit() -> None:
            self._origins = config.origins
            for one in commits:
                one()

        return commit


def _audit_log(reactor: Any, config: Config) -> AuditLog | None:
    """Return the log that ``AuditLog`` names; None where it is not set."""
    kept = config.audit_log
    if kept is None:
        return None
    path = Path(kept.path).absolute()
    in_thread = reactor_threads(reactor)
    return AuditLog(reactor, in_thread, time.time, path, kept.most_bytes, kept.days)
