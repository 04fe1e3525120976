"""The daemon: puts the configuration, the fronts, the services and the ports together."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from twisted.application.service import Service
from twisted.internet.defer import inlineCallbacks, maybeDeferred
from twisted.internet.interfaces import IListeningPort

from webctp import preflight
from webctp.config import Config, ConfigError
from webctp.fronts import FrontOf
from webctp.gateway.admin.pages import AdminPages
from webctp.gateway.http.accepting import Accepting
from webctp.gateway.http.site import Readiness, Site
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.language.text import reason_of
from webctp.lifecycle.drain import Drain, Farewell
from webctp.lifecycle.drainstate import DrainState
from webctp.lifecycle.supervision import Supervision
from webctp.listening import CertificateDates, is_inherited
from webctp.metrics import Registry
from webctp.serving.admin import Admin, Ending, Process
from webctp.serving.doors import Doors
from webctp.serving.figures import DaemonFigures
from webctp.serving.ports import share_of_descriptors
from webctp.serving.prepared import prepare
from webctp.serving.reactorturns import ReactorTurns
from webctp.serving.readiness import ReadinessOf, standing
from webctp.serving.services import Services
from webctp.start import CannotStart
from webctp.upkeep import Upkeep, bound_heaps
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
        self._factories: dict[str, GatewayFactory] = {}
        self._doors: Doors | None = None
        self._supervision = Supervision(reactor, config.language)
        self._farewell = Farewell(any(map(is_inherited, self._prepared.endpoints)))
        self._drain: Drain | None = None
        self._upkeep: Upkeep | None = None
        self._turns = ReactorTurns(reactor)
        self._takers: list[Callable[[Config], object]] = []
        """What takes another configuration, in each room that has settings which may change."""
        self.registry = Registry()
        """Every figure of the daemon, once it runs."""

    @property
    def ports(self) -> list[IListeningPort]:
        """The ports that are open, those of the services first; empty before the start."""
        return [] if self._doors is None else self._doors.listening

    def supervise(self, supervision: Supervision) -> None:
        """Tell systemd how the daemon stands; before its start, and only of a process's own."""
        self._supervision = supervision

    def startService(self) -> None:
        """Start the services and listen.

        :raises CannotStart: if what is needed for that cannot be had.
        """
        super().startService()
        bound_heaps()
        reactor, config, prepared = self._reactor, self._config, self._prepared
        try:
            preflight.check_places(config)
        except ConfigError as problem:
            raise CannotStart(reason_of(problem), os.EX_CONFIG) from problem
        fanout = Fanout(reactor, config, prepared.access.audit, self._turns.began)
        services = self.services = Services(config, prepared, fanout)
        services.lock_journal()
        accepting = share_of_descriptors(reactor)
        drain = self._drain = self._make_drain(services, fanout)
        doors = self._doors = Doors(reactor, config, prepared, accepting)
        served = self._served(services, fanout, accepting, drain)
        main = doors.open_clients(served, services.names, self.registry, drain.check_open)
        admin = self._admin(services, fanout, main, drain)
        services.admin.add(admin.carriers())
        if config.admin_listen is not None:
            doors.open_admin(AdminPages(services.admin))
        self._takers += [
            fanout.take_settings,
            services.take_settings,
            admin.take_settings,
            lambda config: drain.take(config.drain_seconds),
            doors.take_settings,
            *(one.take_settings for one in self._factories.values()),
        ]
        prepared.access.start()
        services.start()
        self._turns.start()
        upkeep = self._upkeep = Upkeep(
            reactor,
            lambda: fanout.memory.freed,
            reactor_threads(reactor),
            messages=fanout.traffic.messages,
            ended=lambda: 0 if services.td is None else services.td.registry.released,
            awaited=lambda: self._turns.has_events() or services.awaits_answers,
        )
        upkeep.start()
        upkeep.set_aside()
        self.registry.add(
            *(fanout, services, accepting, main, drain, upkeep, self._turns, prepared.access),
            CertificateDates(prepared.all_endpoints),
            DaemonFigures(prepared.binding, services),
        )
        ready = partial(self._supervision.ready, partial(standing, services, drain))
        doors.opened().addCallback(lambda _: reactor.callWhenRunning(ready))

    def drain(self, then: Callable[[], object]) -> None:
        """End in good order: clients are told, orders go on for ``DrainSeconds``.

        :param then: stops the process; called at the end. Asked again, clients are closed at once.
        """
        if self._drain is None:
            then()
        else:
            self._drain.ask(then)

    @inlineCallbacks
    def stopService(self) -> Any:
        """Close clients, then release every session."""
        yield maybeDeferred(super().stopService)
        self._supervision.stopping(0.0)
        if self._drain is not None:
            self._drain.stop()
        if self.services is not None and self.services.td is not None:
            self.services.td.leave_clients()
        if self._upkeep is not None:
            self._upkeep.stop()
        self._turns.stop()
        if self._doors is not None:
            yield self._doors.close()
        for factory in self._factories.values():
            yield factory.close_all(self._farewell.code, self._farewell.reason)
        yield self._prepared.access.stop()
        if self.services is not None:
            yield self.services.stop()
        self._supervision.stop()

    @inlineCallbacks
    def reload(self, config: Config) -> Any:
        """Take another configuration, as far as that can be done; all of it or nothing.

        It fails with :class:`~webctp.config.ConfigError` where a file that it names, such as the
        certificate's, cannot be used.

        :param config: differs from the present one in keys that can be reloaded only.
        """
        commit = yield self._prepared.access.prepare(config)
        commit()
        for take in self._takers:
            take(config)

    def _make_drain(self, services: Services, fanout: Fanout) -> Drain:
        config = self._config
        return Drain(
            *(fanout, self._factories, services.td, self._farewell, config.drain_seconds),
            language=config.language,
            on_change=self._ending,
        )

    def _ending(self, state: DrainState) -> None:
        """Take note that the end has begun, or come nearer."""
        drain, doors = self._drain, self._doors
        if state is DrainState.DRAINING and drain is not None and doors is not None:
            self._supervision.stopping(drain.most_seconds)
            doors.leave_waiting()

    def _served(
        self, services: Services, fanout: Fanout, accepting: Accepting, drain: Drain
    ) -> dict[str, tuple[GatewayFactory, Readiness]]:
        """Return what is served at each path, and what ``/readyz`` says of it."""
        prepared = self._prepared
        readiness = ReadinessOf(
            prepared.binding, services.apis, accepting, drain, prepared.recorder
        )
        served = {}
        for name, service in services:
            make = drain.making(service.client)
            factory = GatewayFactory(self._reactor, fanout, self._config, make)
            self._factories[name] = factory
            served[name] = (factory, readiness(name, service))
        return served

    def _admin(self, services: Services, fanout: Fanout, main: Site, drain: Drain) -> Admin:
        """Return what administrators may do, to the daemon and to its process."""
        process: Any = self.parent
        access, reactor = self._prepared.access, self._reactor
        return Admin(
            *(self._config, fanout, self._factories, services.td, access, main.admission.status),
            Ending(drain, reactor.stop),
            process if isinstance(process, Process) else None,
        )
