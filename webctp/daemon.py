"""The daemon: wires the configuration, the fronts, the desks and the listening port."""

import gc
import os
from typing import Any, Protocol

from twisted.application.service import Service
from twisted.internet.defer import Deferred, inlineCallbacks, maybeDeferred
from twisted.internet.interfaces import IListeningPort
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp import preflight
from webctp.config import Config, ConfigError, Tls
from webctp.config.settings import settings_of
from webctp.ctp import binding
from webctp.ctp.encoder import InvalidPrice
from webctp.ctp.locale import LocaleError
from webctp.ctp.runtime import BindingError, Library
from webctp.fronts import FrontOf, Fronts
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.accepting import Accepting
from webctp.gateway.http.handshakes import take_turns
from webctp.gateway.http.site import Readiness, site
from webctp.gateway.http.tls import TlsError
from webctp.gateway.market.history import BarHistory
from webctp.gateway.market.service import MarketService
from webctp.gateway.trading.service import DeskSettings, TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.listening import certificate_of, endpoints_of, renew, warn_of_certificates
from webctp.recording.errors import TickFileError
from webctp.recording.recorder import Recorder
from webctp.start import CannotStart, cannot_listen, place_of
from webctp.upkeep import Upkeep
from webctp.upstream.journal.place import JournalInUse
from webctp.upstream.market.feed import MarketSettings
from webctp.upstream.market.frontsubscriber import Pace
from webctp.upstream.market.instrumentsfile import InstrumentsFileError, instruments_in
from webctp.upstream.session import descriptors
from webctp.upstream.session.apiqueue import ApiQueue, reactor_threads
from webctp.upstream.trading.session import TradingSettings

_log = Logger()


class Desk(Protocol):
    """A service's shared part."""

    def client(self, peer: Peer) -> ServiceClient:
        """A dispatcher for a new client."""

    def readiness(self) -> dict[str, Any]:
        """The service's state for ``/readyz``."""

    def start(self) -> None:
        """Begin to work."""

    def stop(self) -> Deferred[Any]:
        """Release everything; fires when that is done."""


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
        try:
            # Loaded before the fork, so that what is wrong stops the start.
            self._binding = binding.load(config.binding)
            preflight.check_values(config, self._binding.trading_codec)
            self._certificate = certificate_of(config)
            self._endpoints = endpoints_of(reactor, config, self._certificate)
            self._instruments = _instruments(config)
            front_of = Fronts(config, self._binding).of if fronts is None else fronts
            self._fronts = {
                addresses: front_of(key, addresses)
                for key, addresses, serves in (
                    ("TdFrontAddress", config.td_front_address, config.serves_td),
                    ("MdFrontAddress", config.md_front_address, config.serves_md),
                )
                if serves
            }
        except LocaleError as problem:
            raise ConfigError(str(problem)) from problem
        except BindingError as problem:
            raise ConfigError(f"Binding: {problem}", ("Binding",)) from problem
        except TlsError as problem:
            raise ConfigError(str(problem), ("TLS",)) from problem
        except InstrumentsFileError as problem:
            raise ConfigError(str(problem), ("InstrumentsFile",)) from problem
        self._recorder = self._make_recorder()
        self._upkeep: Upkeep | None = None
        self._desks: dict[str, Desk] = {}
        self._factories: list[GatewayFactory] = []
        self.ports: list[IListeningPort] = []
        self._refusal = ""

    def startService(self) -> None:
        """Start the desks and listen.

        :raises CannotStart: if what is needed for that cannot be had.
        """
        super().startService()
        try:
            preflight.check_places(self._config)
        except ConfigError as problem:
            raise CannotStart(str(problem), os.EX_CONFIG) from problem
        fanout = Fanout(self._reactor, self._config)
        self._desks = self._make_desks(fanout)
        self._lock_journal()
        services: dict[str, tuple[GatewayFactory, Readiness]] = {}
        for name, desk in self._desks.items():
            factory = GatewayFactory(self._reactor, fanout, self._config, desk.client)
            self._factories.append(factory)
            services[name] = (factory, self._readiness(name, desk))
        listening = self._site = site(services, self._reactor, self._config)
        room = descriptors.prepare()
        if room.is_small:
            _log.warn(
                "only {limit} file descriptors: clients and the CTP library share them, at most "
                "some {clients} clients; raise LimitNOFILE or ulimit -Hn to 8192 or more",
                limit=room.limit,
                clients=room.clients,
            )
        self._accepting = Accepting(self._reactor, room)
        for endpoint in self._endpoints:
            endpoint.listen(listening).addCallbacks(self._listening, self._not_listening)
        if self._refusal:
            raise CannotStart(self._refusal)
        warn_of_certificates(self._endpoints)
        if self._recorder is not None:
            self._recorder.start()
        for desk in self._desks.values():
            desk.start()
        self._upkeep = Upkeep(
            self._reactor, lambda: fanout.memory.freed, reactor_threads(self._reactor)
        )
        self._upkeep.start()
        # What was made so far stays for good. The collector need not look at it each time: that
        # would stop everything for some 30 ms whenever much comes at once.
        gc.collect()
        gc.freeze()

    @inlineCallbacks
    def stopService(self) -> Any:
        """Close clients with 1001, then release every session."""
        yield maybeDeferred(super().stopService)
        if self._upkeep is not None:
            self._upkeep.stop()
        for port in self.ports:
            yield maybeDeferred(port.stopListening)
        for factory in self._factories:
            yield factory.close_all()
        for desk in self._desks.values():
            yield desk.stop()
        if self._recorder is not None:
            # When nothing comes any more; it may wait for the disk.
            yield reactor_threads(self._reactor)(self._recorder.stop)

    def renew_certificate(self, files: Tls) -> Deferred[None]:
        """See :func:`webctp.listening.renew`."""
        return renew(self._reactor, self._certificate, files)

    def _make_desks(self, fanout: Fanout) -> dict[str, Desk]:
        config = self._config
        # One for both services: the native library's Init and Release are not thread-safe.
        apis = self._apis = ApiQueue.on(self._reactor)
        invalid = InvalidPrice.NULL if config.invalid_price is None else InvalidPrice.ZERO
        market_desk: MarketService | None = None
        if config.serves_md:
            front = self._fronts[config.md_front_address]
            market = _market_settings(config, self._recorder)
            market_desk = MarketService(
                self._reactor, apis, front, market, fanout, invalid, _history(config)
            )
            market_desk.hub.instruments.add(self._instruments)
        desks: dict[str, Desk] = {}
        if config.serves_td:
            desks["td"] = TradingService(
                self._reactor,
                apis,
                self._fronts[config.td_front_address],
                _trader_settings(config),
                fanout,
                invalid,
                _desk_settings(config),
                # What traders find is what watchers may name by patterns.
                learn=None if market_desk is None else market_desk.hub.instruments.add,
            )
        if market_desk is not None:
            desks["md"] = market_desk
        return desks

    def _lock_journal(self) -> None:
        """Keep other gateways from this one's journal.

        :raises CannotStart: if one keeps it already.
        """
        desk = self._desks.get("td")
        if isinstance(desk, TradingService) and desk.books is not None:
            try:
                desk.books.lock()
            except JournalInUse as problem:
                raise CannotStart(str(problem), os.EX_CONFIG) from problem

    def _make_recorder(self) -> Recorder | None:
        kept = self._config.record
        if kept is None or not self._config.serves_md:
            return None
        front = self._fronts[self._config.md_front_address]
        try:
            return Recorder(kept.path, kept.format, clock=front.clock)
        except TickFileError as problem:
            raise ConfigError(f"Record: {problem}", ("Record",)) from problem

    def _readiness(self, name: str, desk: Desk) -> Readiness:
        recorder = self._recorder if name == "md" else None
        library = self._library(name)

        def state() -> dict[str, Any]:
            return {
                **desk.readiness(),
                "library": library,
                "descriptors": self._accepting.status(),
                "stuck_apis": self._apis.stuck,
                **({} if recorder is None else {"recording": recorder.status()}),
            }

        return state

    def _library(self, name: str) -> dict[str, str]:
        """Which library serves td or md: its package, its file, its own version."""
        loaded = self._binding
        library: Library = loaded.td_library if name == "td" else loaded.md_library
        return {"binding": str(loaded), "path": library.path, "version": library.version}

    def _listening(self, port: IListeningPort) -> None:
        self.ports.append(port)
        self._accepting.guard(port)
        take_turns(port, self._site.turns)
        # Said when it is true in full: from then on SIGTERM stops the daemon in good order.
        self._reactor.callWhenRunning(
            _log.info,
            "serving {services} on {where}",
            services=", ".join(self._desks),
            where=place_of(port.getHost()),
        )

    def _not_listening(self, failure: Failure) -> None:
        """A daemon that nobody can reach is of no use: end, and say why."""
        self._refusal = cannot_listen(failure.value)
        if self._reactor.running:
            _log.critical("cannot listen: {reason}", reason=self._refusal)
            self._reactor.stop()


def _trader_settings(config: Config) -> TradingSettings:
    return settings_of(
        TradingSettings,
        config,
        addresses=config.td_front_address,
        flow_base=config.con_file_path,
        optional_authentication=config.authenticate == "optional",
        confirms=config.settlement_confirm == "auto",
    )


def _instruments(config: Config) -> list[bytes]:
    """What ``InstrumentsFile`` lists; nothing where there is none."""
    return [] if config.instruments_file is None else instruments_in(config.instruments_file)


def _history(config: Config) -> BarHistory | None:
    """What ``History`` keeps; nothing where there is none."""
    kept = config.history
    if kept is None:
        return None
    return BarHistory(kept)


def _market_settings(config: Config, recorder: Recorder | None) -> MarketSettings:
    return settings_of(
        MarketSettings,
        config,
        addresses=config.md_front_address,
        flow_base=config.con_file_path,
        user_id=config.md_user_id,
        password=config.md_password,
        pace=Pace(config.subscribe_batch, config.subscribe_interval, config.unsubscribe_grace),
        redundancy=config.md_redundancy,
        stall_seconds=config.md_stall_seconds,
        record=None if recorder is None else recorder.put,
    )


def _desk_settings(config: Config) -> DeskSettings:
    return settings_of(
        DeskSettings,
        config,
        linger=config.session_linger,
        sharing=config.session_sharing == "account",
        refusals=config.login_refusals,
        refusal_window=config.login_refusal_window,
        journal=config.journal,
    )
