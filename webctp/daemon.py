"""The daemon: puts the configuration, the fronts, the services and the ports together."""

import os
from typing import Any

from twisted.application.service import Service
from twisted.internet.defer import Deferred, inlineCallbacks, maybeDeferred
from twisted.internet.interfaces import IListeningPort

from webctp import preflight
from webctp.config import Config, ConfigError, Tls
from webctp.fronts import FrontOf
from webctp.gateway.http.site import site
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.listening import renew, warn_of_certificates
from webctp.serving.ports import Ports
from webctp.serving.prepared import prepare
from webctp.serving.readiness import ReadinessOf
from webctp.serving.services import Services
from webctp.start import CannotStart
from webctp.upkeep import Upkeep
from webctp.upstream.session.apiqueue import reactor_threads


class Daemon(Service):
    """The whole gateway as one Twisted service.

    Threads, sockets and native objects are made in :meth:`startService` only: twistd forks
    between making a service and starting it.

    :param fronts: gives the front behind a key's addresses; by default what their scheme says.
    :raises webctp.config.ConfigError: if what the configuration names cannot be used.
    """

    def __init__(self, reactor: Any, config: Config, fronts: FrontOf | None = None) -> None:
        self._reactor = reactor
        self._config = config
        self._prepared = prepare(reactor, config, fronts)
        self.services: Services | None = None
        self._factories: list[GatewayFactory] = []
        self._ports: Ports | None = None
        self._upkeep: Upkeep | None = None

    @property
    def ports(self) -> list[IListeningPort]:
        """The ports that are open; empty before the start."""
        return [] if self._ports is None else self._ports.listening

    def startService(self) -> None:
        """Start the services and listen.

        :raises CannotStart: if what is needed for that cannot be had.
        """
        super().startService()
        reactor, config, prepared = self._reactor, self._config, self._prepared
        try:
            preflight.check_places(config)
        except ConfigError as problem:
            raise CannotStart(str(problem), os.EX_CONFIG) from problem
        fanout = Fanout(reactor, config)
        services = self.services = Services(reactor, config, prepared, fanout)
        services.lock_journal()
        ports: Ports
        readiness = ReadinessOf(
            prepared.binding, services.apis, lambda: ports.accepting, prepared.recorder
        )
        served = {}
        for name, service in services:
            factory = GatewayFactory(reactor, fanout, config, service.client)
            self._factories.append(factory)
            served[name] = (factory, readiness(name, service))
        ports = self._ports = Ports(reactor, site(served, reactor, config), services.names)
        ports.open(prepared.endpoints)
        warn_of_certificates(prepared.endpoints)
        services.start()
        self._upkeep = Upkeep(reactor, lambda: fanout.memory.freed, reactor_threads(reactor))
        self._upkeep.start()
        self._upkeep.set_aside()

    @inlineCallbacks
    def stopService(self) -> Any:
        """Close clients with 1001, then release every session."""
        yield maybeDeferred(super().stopService)
        if self._upkeep is not None:
            self._upkeep.stop()
        if self._ports is not None:
            yield self._ports.close()
        for factory in self._factories:
            yield factory.close_all()
        if self.services is not None:
            yield self.services.stop()

    def renew_certificate(self, files: Tls) -> Deferred[None]:
        """See :func:`webctp.listening.renew`."""
        return renew(self._reactor, self._prepared.certificate, files)
