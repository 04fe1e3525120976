"""The service at ``/td/``: wires what clients and sessions share; start, stop, readiness."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from twisted.internet.defer import inlineCallbacks
from twisted.internet.task import deferLater
from twisted.logger import Logger

from webctp.clock import Reactor, Wall
from webctp.config.trading import TradingSettings
from webctp.ctp.catalog import Catalogue
from webctp.ctp.encoder import InvalidPrice
from webctp.ctp.front import Front, china_time
from webctp.ctp.rspinfo import RspInfo
from webctp.gateway.access.lockout import LockoutGuard
from webctp.gateway.access.principal import PrincipalOf, anybody_called
from webctp.gateway.admin.desk import AdminDesk
from webctp.gateway.conditional.desk import ConditionalDesk
from webctp.gateway.conditional.desk import Now as ExchangeTime
from webctp.gateway.conditional.prices import MakePrices as MakeTicks
from webctp.gateway.conditional.standing import Standing
from webctp.gateway.messages import own
from webctp.gateway.messages.encoder import Encoder
from webctp.gateway.messages.schema import Schema, trading_options
from webctp.gateway.portfolio.prices import MakePrices
from webctp.gateway.portfolio.session import Portfolios
from webctp.gateway.trading.client import TradingClient
from webctp.gateway.trading.commons import Commons, SettingsInForce
from webctp.gateway.trading.dues import DueKeeper
from webctp.gateway.trading.ownorders import OwnOrders
from webctp.gateway.trading.registry import SessionRegistry
from webctp.gateway.trading.riskservice import RiskService, note_word
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.language.text import english
from webctp.metrics import Sample
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.kill.filewatch import watch_with
from webctp.upstream.kill.halts import KillFile
from webctp.upstream.kill.killswitch import KillSwitch
from webctp.upstream.orders.client_order import ClientOrder
from webctp.upstream.portfolio.context import PortfolioContext
from webctp.upstream.risk.desk import RiskDesk
from webctp.upstream.risk.facts import InstrumentFacts, NewestTicks
from webctp.upstream.session.apiqueue import ApiQueue, reactor_threads
from webctp.upstream.session.login import LoginState
from webctp.upstream.trading.context import OnInstruments, TradingContext
from webctp.upstream.trading.figures import TradingFigures
from webctp.upstream.trading.flowreplay import QUIET
from webctp.upstream.trading.session import TradingSession
from webctp.upstream.trading.staticanswers import StaticAnswers

_log = Logger()

_TO_CANCEL: Final = 5.0
"""Seconds that the end waits for cancellations which are under way."""
_LOOK: Final = 0.1
"""Seconds between two looks at them."""


class TradingService:
    """Serve ``/td/``: make clients and sessions, start, stop, report readiness.

    Everything runs in the reactor's thread.

    :param ticks: the market data, where that is served.
    :param make_prices: makes what follows market data for a portfolio, where that is served.
    :param make_ticks: makes what conditional orders take ticks by, where that is served.
    :param exchange_time: gives the time at the exchanges, China's; that of ``wall`` by default.
    :param kill_path: the kill switch's file; empty for no kill switch.
    :param principal_of: gives who has entered what is to be sent later.
    :param admin: carries out what administrators ask; one of the service's own by default.
    :param wall: the time in seconds since 1970, for what clients are told.
    :param on_instruments, flow_quiet: see :class:`~webctp.upstream.trading.context.TradingContext`.
    """

    def __init__(
        self,
        apis: ApiQueue,
        front: Front,
        settings: TradingSettings,
        fanout: Fanout,
        invalid: InvalidPrice,
        on_instruments: OnInstruments | None = None,
        ticks: NewestTicks | None = None,
        *,
        kill_path: str = "",
        make_prices: MakePrices | None = None,
        make_ticks: MakeTicks | None = None,
        exchange_time: ExchangeTime | None = None,
        principal_of: PrincipalOf = anybody_called,
        admin: AdminDesk | None = None,
        wall: Wall = time.time,
        flow_quiet: float = QUIET,
    ) -> None:
        reactor = fanout.reactor
        catalogue = front.binding.trading
        schema = Schema(catalogue, trading_options, {"/md/": front.binding.market})
        fanout.traffic.sent.know((*own.names(catalogue), *TradingClient.own_scopes))
        encoder = Encoder(catalogue, invalid, keep_reserved=False)
        journal = self.journal = _journal(reactor, settings, catalogue, self._notify)
        dues = None
        if journal is not None:
            dues = DueKeeper(reactor, catalogue, journal.file, fanout.turns, wall)
        risk = self.risk = self._make_risk(
            reactor, catalogue, settings, fanout, ticks, kill_path, wall
        )
        self._turn_began = fanout.turn_began
        self._figures = TradingFigures(fanout.when_written)
        in_force = SettingsInForce(settings)
        portfolios = Portfolios(
            PortfolioContext(
                reactor, catalogue, settings.portfolio_interval, settings.portfolio_reconcile
            ),
            fanout.turns,
            lambda: in_force.settings.session_linger,
            make_prices,
            journal,
            lambda: in_force.settings.order_patience,
            wall,
        )
        conditionals = None
        if journal is not None:
            conditionals = ConditionalDesk(
                reactor,
                journal.file,
                catalogue.methods["ReqOrderInsert"],
                make_ticks,
                exchange_time or (lambda: china_time(int(wall() * 1e9))),
                lambda account: self.registry.of(account),
                Standing(principal_of, settings.broker_id, catalogue.methods["ReqOrderInsert"]),
                fanout.audit,
                settings.language,
            )
        self.commons = Commons(
            clock=reactor,
            wall=wall,
            fanout=fanout,
            in_force=in_force,
            schema=schema,
            encoder=encoder,
            callbacks=catalogue.callbacks,
            error_of=RspInfo(catalogue).code,
            guard=LockoutGuard(reactor, settings.login_refusals, settings.login_refusal_window),
            sharing=settings.shares_sessions,
            own_orders=OwnOrders(schema),
            on_order_read=self._order_read,
            portfolios=portfolios,
            admin=admin or AdminDesk(fanout.audit),
            dues=dues,
            conditionals=conditionals,
            risk=risk,
            language=settings.language,
        )
        if risk is not None:
            self.commons.admin.add(risk.carriers())
        self._context = TradingContext(
            reactor=reactor,
            apis=apis,
            front=front,
            settings=settings,
            static=StaticAnswers(),
            journal=self.journal,
            on_instruments=on_instruments,
            passwords=self,
            encode=encoder.struct,
            figures=self._figures,
            risk=None if risk is None else risk.desk,
            wall=wall,
            flow_quiet=flow_quiet,
        )
        self.registry = SessionRegistry(
            self.commons,
            lambda *opened: TradingSession(self._context, *opened),
            settings.max_sessions,
        )

    def _make_risk(
        self,
        reactor: Reactor,
        catalogue: Catalogue,
        settings: TradingSettings,
        fanout: Fanout,
        ticks: NewestTicks | None,
        kill_path: str,
        wall: Wall,
    ) -> RiskService | None:
        """Make what inserts are held against; None where there is nothing."""
        if settings.risk is None and settings.compliance is None and not kill_path:
            return None
        switch = None
        if kill_path:
            file = KillFile(kill_path)
            watch = watch_with(fanout.reactor.plain)
            place = os.path.abspath(settings.con_file_path)
            switch = KillSwitch(reactor, file, reactor_threads(reactor), wall, watch, place)
            if fanout.audit is not None:
                switch.on_word(partial(note_word, fanout.audit))
        desk = RiskDesk(
            fanout.clock,  # of which each order asks the time
            catalogue,
            limits=settings.risk,
            compliance=settings.compliance,
            facts=InstrumentFacts(ticks),
            switch=switch,
        )
        return RiskService(
            reactor, catalogue, desk, fanout.turns, lambda: self.registry, fanout.audit
        )

    def client(self, peer: Peer) -> TradingClient:
        """Make a new client."""
        return TradingClient(self.commons, self.registry, peer)

    def take_settings(self, settings: TradingSettings) -> None:
        """Take other limits: for all sessions, ``MaxQueriesPerClient`` for clients to come."""
        self.commons.in_force.take(settings)
        self.commons.portfolios.context.take_settings(
            settings.portfolio_interval, settings.portfolio_reconcile
        )
        self._context = replace(self._context, settings=settings)
        self.commons.guard.take_settings(settings.login_refusals, settings.login_refusal_window)
        self.registry.limit(settings.max_sessions)
        if self.risk is not None:
            self.risk.desk.take_settings(settings.risk, settings.compliance)
        for shared in self.registry:
            shared.session.take_settings(settings)

    def start(self) -> None:
        """Open the journal, read what is forbidden; sessions begin when clients log in."""
        if self.risk is not None:
            self.risk.start()
        if self.journal is not None:
            self.journal.start()
        if self.commons.conditionals is not None:
            self.commons.conditionals.start()

    def leave_clients(self) -> None:
        """Take note that the daemon ends, and is about to close the clients."""
        for shared in self.registry:
            shared.unattended.end()

    @inlineCallbacks
    def stop(self) -> Any:
        """End every session; fires when all are released."""
        if self.commons.conditionals is not None:
            self.commons.conditionals.stop()
        yield self._cancelled()
        if self.risk is not None:
            self.risk.stop()
        yield self.registry.close_all(english("the daemon stops"))
        if self.journal is not None:
            yield self.journal.stop()

    @inlineCallbacks
    def _cancelled(self) -> Any:
        """Wait a moment for cancellations that no next run would know of."""
        clock, waited = self.commons.clock, 0.0
        while resting := sum(
            one.session.entry.resting for one in self.registry if one.session.entry.cancelling
        ):
            if waited >= _TO_CANCEL:
                _log.error(
                    "{count} orders rest that were to be cancelled: the front has not said so in "
                    "time",
                    count=resting,
                )
                return
            yield deferLater(clock, _LOOK)
            waited += _LOOK

    def on_password_changed(self, account: AccountKey, old: str, new: str) -> None:
        """Let an account's other sessions recover with the password that holds now."""
        self.commons.guard.changed(account, new)
        for shared in self.registry.of(account):
            shared.session.password_changed(old, new)

    def on_password_doubted(self, account: AccountKey, old: str, new: str) -> None:
        """Let an account's other sessions recover with either of two passwords."""
        for shared in self.registry.of(account):
            shared.session.password_doubted(old, new)

    def _notify(self, order: ClientOrder) -> None:
        for shared in self.registry.of(AccountKey(order.broker_id, order.user_id)):
            for client in shared.clients:
                client.client_order(order)
        if self.commons.conditionals is not None:
            self.commons.conditionals.client_order(order)

    def _order_read(self, read_at: float) -> None:
        """Count how long the reactor's turn had taken when an insert or action was read."""
        began = self._turn_began()
        if began is not None:
            self._figures.times.read.observe(read_at - began)

    def samples(self) -> Iterator[Sample]:
        """Read the figures of trading; called on a scrape."""
        yield from self.commons.guard.samples()
        yield from self.registry.samples()
        yield from self._figures.samples()
        yield from self.commons.portfolios.context.counts.samples()
        if self.commons.conditionals is not None:
            yield from self.commons.conditionals.samples()
        if self.journal is not None:
            yield from self.journal.samples()
        if self.risk is not None and self.risk.switch is not None:
            yield from self.risk.switch.samples()

    def readiness(self) -> dict[str, Any]:
        """Sessions by state, for ``/readyz``, and what holds up those that are not ready.

        Without a session trading is ready all the same; without the journal that it is to keep
        it is not. Who the users are is nobody's business here.
        """
        trouble = None if self.journal is None else self.journal.file.trouble
        waiting = [
            own.for_page(own.session_standing(one.session.status))
            for one in self.registry
            if one.state is not LoginState.READY
        ]
        return {
            "ready": trouble is None,
            "sessions": Counter(one.state.value for one in self.registry),
            "not_ready": waiting,
            **({} if self.risk is None else self.risk.readiness()),
            **({} if trouble is None else {"journal": trouble}),
        }


def _journal(
    reactor: Reactor,
    trading: TradingSettings,
    catalogue: Catalogue,
    on_change: Callable[[ClientOrder], object],
) -> TradingJournal | None:
    settings = trading.journal
    if settings is None:
        return None
    return TradingJournal(
        reactor,
        settings.path,
        catalogue,
        days=settings.days,
        go_on=settings.go_on,
        on_change=on_change,
        language=trading.language,
    )
