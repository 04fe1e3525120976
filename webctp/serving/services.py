"""Make the services that a configuration asks for, and start and stop them together."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from twisted.internet.defer import Deferred, inlineCallbacks

from webctp.bus.front import BusFront
from webctp.bus.publisher import Publisher
from webctp.config import Config
from webctp.ctp.encoder import InvalidPrice
from webctp.ctp.front import china_time
from webctp.fronts import is_paper, scheme_of
from webctp.gateway.admin.desk import AdminDesk
from webctp.gateway.client import ServiceClient
from webctp.gateway.market.barkeeping import BarKeeper
from webctp.gateway.market.history import BarHistory
from webctp.gateway.market.service import MarketService
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.language.text import reason_of
from webctp.metrics import Sample
from webctp.serving.prepared import Prepared
from webctp.start import CannotStart
from webctp.upstream.barstore.store import BarStore
from webctp.upstream.journal.place import JournalInUse
from webctp.upstream.session.apiqueue import ApiQueue, reactor_threads

if TYPE_CHECKING:
    from webctp.serving.papermarket import PaperMarket


class GatewayService(Protocol):
    """What is served at a path, shared by all of its clients."""

    def client(self, peer: Peer) -> ServiceClient:
        """Make what handles a new client's requests."""

    def readiness(self) -> dict[str, Any]:
        """Read the service's state for ``/readyz``."""

    def samples(self) -> Iterator[Sample]:
        """Read the figures of the service and of its rooms; called on a scrape."""

    def start(self) -> None:
        """Begin to work."""

    def stop(self) -> Deferred[Any]:
        """Release everything; fires when that is done."""


class Services:
    """Hold the services of a daemon, by name, with what they share. All in the reactor's thread.

    :ivar td: trading; None where it is not served.
    :ivar md: market data; None where it is not served.
    :ivar admin: carries out what administrators ask.
    :ivar apis: one queue for both: the native library's ``Init`` and ``Release`` are not
        thread-safe.
    """

    def __init__(self, config: Config, prepared: Prepared, fanout: Fanout) -> None:
        reactor = self._reactor = fanout.reactor
        self._recorder = prepared.recorder
        self._bars: BarStore | None = None
        self.apis = ApiQueue.on(reactor)
        self.admin = AdminDesk(fanout.audit)
        self.md: MarketService | None = None
        self.td: TradingService | None = None
        invalid = InvalidPrice.NULL if config.invalid_price is None else InvalidPrice.ZERO
        if config.serves_md:
            front = prepared.fronts[config.md_front_address]
            record = None if prepared.recorder is None else prepared.recorder.put
            sources = scheme_of(config.md_front_address[0]).sources
            self.md = MarketService(
                front,
                partial(sources, reactor, self.apis, front, config, record),
                config,
                fanout,
                invalid,
                None if config.history is None else BarHistory(config.history),
                record,
                self._bar_keeper(config, prepared),
            )
            self.md.hub.instruments.add(prepared.instruments)
            if isinstance(front, BusFront):
                front.on_revoked = prepared.access.revoke
        self._publisher = self._make_publisher(config, prepared)
        if self._publisher is not None:
            prepared.access.on_changed(self._publisher.revoke)
        self._paper = self._paper_market(config, prepared)
        if config.serves_td:
            trader = prepared.fronts[config.td_front_address]
            self.td = TradingService(
                self.apis,
                trader,
                config,
                fanout,
                invalid,
                # What traders find is what watchers may name by patterns.
                on_instruments=None if self.md is None else self.md.hub.instruments.add,
                ticks=None if self.md is None else self.md.hub,
                kill_path=kill_path(config),
                make_prices=None if self.md is None else self.md.prices,
                make_ticks=None if self.md is None else self.md.condition_prices,
                exchange_time=(lambda: china_time(trader.clock()))
                if self.md is None
                else self.md.hub.now,
                principal_of=prepared.access.principal,
                admin=self.admin,
            )

    def _bar_keeper(self, config: Config, prepared: Prepared) -> BarKeeper | None:
        """Make what keeps bars on disk; None where nothing is kept."""
        settings = config.bar_store
        if settings is None:
            return None
        self._bars = BarStore(self._reactor, Path(settings.path).absolute(), settings.days)
        layout = prepared.binding.market_codec.layout("CThostFtdcDepthMarketDataField")
        return BarKeeper(settings, self._bars, self._reactor, layout)

    def _make_publisher(self, config: Config, prepared: Prepared) -> Publisher | None:
        """Make what publishes market data to the bus; None where nothing is published."""
        settings = config.bus
        if self.md is None or settings is None or not settings.publish:
            return None
        return Publisher(
            self._reactor,
            self.md.hub,
            prepared.fronts[config.md_front_address],
            settings,
            config.bus_password,
            self.md.trading_day,
        )

    def _paper_market(self, config: Config, prepared: Prepared) -> "PaperMarket | None":
        """Join accounts on paper and the market data; None where there are none."""
        if self.md is None or not config.serves_td or not is_paper(config.td_front_address):
            return None
        # Imported only where it is asked for, as simulated fronts are.
        from webctp.serving.papermarket import paper_market

        return paper_market(
            prepared.fronts[config.td_front_address],
            self._reactor,
            self.md.hub,
            prepared.fronts[config.md_front_address],
        )

    def __iter__(self) -> Iterator[tuple[str, GatewayService]]:
        """Give each service with its name, which is its path's."""
        if self.td is not None:
            yield "td", self.td
        if self.md is not None:
            yield "md", self.md

    @property
    def names(self) -> str:
        """The names of all services, for people."""
        return ", ".join(name for name, _ in self)

    @property
    def awaits_answers(self) -> bool:
        """Whether CTP owes an answer to somebody who trades."""
        return self.td is not None and self.td.registry.awaits_answers

    def samples(self) -> Iterator[Sample]:
        """Read the figures of every service, and of what they share; called on a scrape."""
        yield from self.apis.samples()
        if self._recorder is not None:
            yield from self._recorder.samples()
        if self._publisher is not None:
            yield from self._publisher.samples()
        for _, service in self:
            yield from service.samples()

    def take_settings(self, config: Config) -> None:
        """Take other limits; see :class:`webctp.serving.reload.Reload`."""
        if self.td is not None:
            self.td.take_settings(config)
        if self.md is not None:
            self.md.take_settings(config)

    def lock_journal(self) -> None:
        """Keep other gateways from this one's journal.

        :raises CannotStart: if one keeps it already.
        """
        if self.td is not None and self.td.journal is not None:
            try:
                self.td.journal.lock()
            except JournalInUse as problem:
                raise CannotStart(reason_of(problem), os.EX_CONFIG) from problem

    def start(self) -> None:
        """Start the recorder, then each service."""
        if self._recorder is not None:
            self._recorder.start()
        if self._publisher is not None:
            self._publisher.start()
        for _, service in self:
            service.start()
        if self._paper is not None:
            self._paper.start()

    @inlineCallbacks
    def stop(self) -> Any:
        """Release every session, then write out what is still to be recorded."""
        if self._paper is not None:
            self._paper.stop()
        if self._publisher is not None:
            yield self._publisher.stop()
        for _, service in self:
            yield service.stop()
        if self._bars is not None:
            yield reactor_threads(self._reactor)(self._bars.stop)
        if self._recorder is not None:
            # When nothing comes any more; it may wait for the disk.
            yield reactor_threads(self._reactor)(self._recorder.stop)


def kill_path(config: Config) -> str:
    """Return where the kill switch keeps what it forbids."""
    return config.kill_file or os.path.join(config.con_file_path, "kill.json")
