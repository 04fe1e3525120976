"""Listen on the endpoints of a configuration, with a share of the descriptors that is bounded."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from twisted.internet.defer import Deferred, DeferredList, inlineCallbacks, maybeDeferred
from twisted.internet.interfaces import IListeningPort, IStreamServerEndpoint
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.gateway.http.accepting import Accepting
from webctp.gateway.http.adminport import AdminSite
from webctp.gateway.http.handshakes import take_turns
from webctp.gateway.http.site import Site
from webctp.language.text import NOTHING
from webctp.listening import is_inherited
from webctp.start import CannotStart, cannot_listen, place_of
from webctp.upstream.session import descriptors

_log = Logger()


def share_of_descriptors(reactor: Any) -> Accepting:
    """Raise the limit of descriptors as far as useful; return what all ports accept by.

    To be called once, at the start.
    """
    room = descriptors.prepare()
    if room.is_small:
        _log.warn(
            "only {limit} file descriptors: clients and the CTP library share them, at most "
            "some {clients} clients; raise LimitNOFILE or ulimit -Hn to 8192 or more",
            limit=room.limit,
            clients=room.clients,
        )
    return Accepting(reactor, room)


class Ports:
    """The ports that serve a site. Runs in the reactor's thread.

    :param accepting: the ports' share of the descriptors.
    :param serves: what is served there, for the log.
    :ivar listening: ports that are open, in the order in which they were opened.
    """

    def __init__(
        self, reactor: Any, site: Site | AdminSite, accepting: Accepting, serves: str
    ) -> None:
        self._reactor = reactor
        self._site = site
        self._accepting = accepting
        self._serves = serves
        self._refusal = NOTHING
        self.listening: list[IListeningPort] = []
        self._inherited: list[Any] = []
        """Those whose socket was handed over by systemd, which keeps it open."""

    def open(self, endpoints: Iterable[IStreamServerEndpoint]) -> Deferred[Any]:
        """Listen on each endpoint; fires when all are listened on.

        One that fails later (its name is still being looked up) ends the daemon with the reason.

        :raises CannotStart: if one cannot be listened on.
        """
        opening = []
        for endpoint in endpoints:
            opened = partial(self._opened, is_inherited=is_inherited(endpoint))
            listening = endpoint.listen(self._site)
            opening.append(listening.addCallbacks(opened, self._not_opened))
        if self._refusal:
            raise CannotStart(self._refusal)
        return DeferredList(opening)

    def leave_waiting(self) -> None:
        """Accept no more where systemd holds the socket: who connects waits for the next run."""
        for port in self._inherited:
            port.stopReading()

    @inlineCallbacks
    def close(self) -> Any:
        """Listen no more; fires when every port is closed."""
        for port in self.listening:
            yield maybeDeferred(port.stopListening)

    def _opened(self, port: IListeningPort, *, is_inherited: bool) -> None:
        self.listening.append(port)
        if is_inherited:
            self._inherited.append(port)
        self._accepting.guard(port)
        take_turns(port, self._site.turns)
        # Said when it is true in full: from then on SIGTERM stops the daemon in good order.
        self._reactor.callWhenRunning(
            _log.info,
            "serving {services} on {where}",
            services=self._serves,
            where=place_of(port.getHost()),
        )

    def _not_opened(self, failure: Failure) -> None:
        """End a daemon that nobody can reach, and say why."""
        self._refusal = cannot_listen(failure.value)
        if self._reactor.running:
            _log.critical("cannot listen: {reason}", reason=self._refusal)
            self._reactor.stop()
