"""The exchange and its front as a pure core: requests and time in, events out.

No threads, no IO, no clock of its own: `now` comes with every call and never goes back. The same
seed and the same calls give the same events.
"""

import sys
from collections import deque
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webctp.exchanges.sessions import (
    AUCTION_MATCHING,
    AUCTION_ORDERING,
    CONTINUOUS,
)
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.accountfile import Opening
from webctp.sim.accounts.banks import Transfers
from webctp.sim.accounts.notices import Notices
from webctp.sim.accounts.parked import Parked, ParkedOrders
from webctp.sim.accounts.sessions import Session, User
from webctp.sim.broker.checks import OrderChecks
from webctp.sim.broker.combactions import CombActions, cover
from webctp.sim.broker.exercise import Exercises
from webctp.sim.broker.forquotes import ForQuotes
from webctp.sim.broker.instructions import Register
from webctp.sim.broker.quotes import Quotes
from webctp.sim.broker.selfclose import SelfCloses
from webctp.sim.broker.spreadorders import SpreadOrders
from webctp.sim.events import (
    READ_FAILED,
    AccountKey,
    Broadcast,
    DayBegan,
    Event,
    FlowsBegan,
    Hangup,
    Reply,
    Values,
)
from webctp.sim.exchange.marketdata import MarketData, in_order
from webctp.sim.exchange.pace import HalfSeconds, Pace
from webctp.sim.exchange.phases import Phases
from webctp.sim.exchange.requests import Answering, Request
from webctp.sim.exchange.risk import RiskDesk
from webctp.sim.market.markets import Markets
from webctp.sim.matching.engine import MatchingEngine
from webctp.sim.matching.transit import Latency, Transit
from webctp.sim.model.timeline import Day
from webctp.sim.options import SimOptions
from webctp.sim.refusals import NOT_LOGGED_IN, NOT_READY, NOT_SUPPORTED, Refused
from webctp.sim.settlement import archive
from webctp.sim.settlement.expiry import exercise
from webctp.sim.settlement.settle import Result, renew, settle
from webctp.sim.settlement.statement import of_day

_TAKES_ORDERS: Final = frozenset({CONTINUOUS, AUCTION_ORDERING})
"""InstrumentStatus values at which the exchange takes orders and cancellations."""
_BEFORE_A_REQUEST: Final = 32
"""Instruments that are stepped at most before a request is handled: a millisecond."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """What answers requests; handed in, because handlers use the exchange.

    ``send_parked`` sends a parked request in a session's name; gives its ErrorID, 0 for none.
    """

    by_name: Mapping[str, Callable[["Exchange", Request], None]]
    before_login: Set[str]
    send_parked: Callable[["Exchange", Session, Parked], int]


class Exchange:
    """The simulated exchange with its broker and front.

    :param markets: on the first trading day; their time is the exchange's.
    :param handlers: what answers requests.
    :param answering: how each request of the API is answered, by the binding's catalogue.
    :param latency: of messages between CTP and the exchanges; None for the options'.
    :param data: makes the market data, from the markets, the phases and what takes events.
    :param pace: makes what lets time go on.
    """

    def __init__(
        self,
        options: SimOptions,
        markets: Markets,
        handlers: Handlers,
        answering: Mapping[str, Answering],
        *,
        latency: Latency | None = None,
        data: Callable[[Markets, Phases, Callable[[Event], None]], MarketData] = MarketData,
        pace: Callable[["Exchange"], Pace] = HalfSeconds,
    ) -> None:
        self.options = options
        self.markets = markets
        self.phases = Phases(markets)
        self.market_data = data(markets, self.phases, self.tell)
        known = Latency(options.latency, options.latency_more) if latency is None else latency
        self.transit = Transit(known, options.seed)
        self.engine = MatchingEngine(markets, self.tell, self.transit, options.exchange_rate)
        self.comb_actions = CombActions(markets, self.engine.next_sequence, self.tell)
        self.checks = OrderChecks(markets, self.engine, options.not_trading, self._position_limit)
        self.instructions = Register(markets, self.engine, self.tell)
        self.exercises = Exercises(markets, self.checks, self.instructions)
        self.self_closes = SelfCloses(markets, self.checks, self.instructions)
        self.quotes = Quotes(markets, self.checks, self.engine, self.instructions, self.transit)
        self.for_quotes = ForQuotes(markets)
        self.spread_orders = SpreadOrders(markets, self.checks, self.comb_actions)
        self.accounts: dict[AccountKey, Account] = {}
        self.users: dict[AccountKey, User] = {}
        self.sessions: dict[int, Session] = {}
        self.openings: Mapping[str, Opening] = {}
        self.parked = ParkedOrders()
        self.transfers = Transfers()
        self.notices = Notices()
        self.risk = RiskDesk(self, options.force_close_after)
        # The moments of each user's latest orders and actions, for the order rate.
        self.recent_orders: dict[AccountKey, deque[datetime]] = {}
        # Of this address, over the trading day: CTP counts them for all behind it.
        self.failed_logins = 0
        self.failed_authentications = 0
        self.next_session = 1
        self.next_change = markets.timeline.next_change(markets.now)
        self._handlers = handlers
        self._answering = answering
        self._events: list[Event] = []
        self._was_connected = self.connected
        self._pace = pace(self)

    # Events

    def tell(self, event: Event) -> None:
        """Add an event to what `drain` gives."""
        self._events.append(event)

    def drain(self) -> list[Event]:
        """Return the events since the last call, in order."""
        events, self._events = self._events, []
        return events

    # Sessions

    @property
    def connected(self) -> bool:
        """Whether the front takes connections now."""
        return self.markets.timeline.connected(self.now)

    def connect(self, now: datetime, *, trading: bool) -> Session:
        """Make a new connection to the front."""
        self.arrive(now)
        session = Session(self.take_session_id(), trading, now)
        self.sessions[session.session_id] = session
        return session

    def disconnect(self, session_id: int) -> None:
        """End a connection; its orders stay."""
        session = self.sessions.pop(session_id)
        for instrument in list(session.subscribed):
            self.market_data.unwatch(session, instrument)

    def request(
        self,
        session_id: int,
        name: str,
        values: Mapping[str, object],
        request_id: int,
        now: datetime,
    ) -> None:
        """Handle a request: every one is answered, by its own callback or by pushes."""
        self.arrive(now)
        self._handle(self.sessions[session_id], name, values, request_id)

    def refuse(
        self, session_id: int, name: str, values: Values, request_id: int, code: int
    ) -> None:
        """Answer a request with an error and do nothing else.

        That the query core is not ready (90) comes by OnRspError, as its page has it.
        """
        if code == NOT_READY:
            self.tell(Reply(session_id, "OnRspError", None, request_id, code))
            return
        self.tell(self._request(self.sessions[session_id], name, values, request_id).refusal(code))

    def _request(self, session: Session, name: str, values: Values, request_id: int) -> Request:
        answering = self._answering[name]
        return Request(session, name, answering.callback, answering.echoes, values, request_id)

    def _handle(
        self, session: Session, name: str, values: Mapping[str, object], request_id: int
    ) -> None:
        request = self._request(session, name, values, request_id)
        handler = self._handlers.by_name.get(name)
        if session.account is None and name not in self._handlers.before_login:
            self.tell(request.refusal(NOT_LOGGED_IN))
        elif handler is None:
            self.tell(request.refusal(NOT_SUPPORTED))
        else:
            try:
                handler(self, request)
            except Refused as refused:
                self.tell(request.refusal(refused.code, refused.more))

    def act(self, session: Session, name: str, values: Mapping[str, object]) -> None:
        """Handle a request of the broker's own, whose answer goes nowhere."""
        self._handle(session, name, values, 0)

    def take_session_id(self) -> int:
        """Return a new SessionID."""
        taken = self.next_session
        self.next_session += 1
        return taken

    def _position_limit(self, key: AccountKey) -> int:
        return self.users[key].position_limit

    # Time

    @property
    def now(self) -> datetime:
        """The market's time, which requests and events are stamped with."""
        return self.markets.now

    def arrive(self, now: datetime) -> None:
        """Let happen what is due before a request, up to the middle of a step of many instruments.

        A request amid a step comes at the step's moment: no request waits for a step of all.
        """
        if not self._pace.is_amid_step:
            self._pace.advance(now, _BEFORE_A_REQUEST)

    def advance(self, now: datetime, most: int = sys.maxsize) -> None:
        """Let everything happen that is due up to ``now``; see :meth:`Pace.advance`."""
        self._pace.advance(now, most)

    @property
    def is_amid_step(self) -> bool:
        """Whether `advance` has ended amid a step."""
        return self._pace.is_amid_step

    def next_due(self) -> datetime:
        """Return when `advance` has something to do next, if no request comes before."""
        return self._pace.next_due()

    def go_to(self, moment: datetime) -> None:
        """Let time go on, with the messages that arrive meanwhile at an exchange or at CTP."""
        while (due := self.transit.due()) is not None and due <= moment:
            self.markets.go_to(due)
            self.transit.arrive(due)
        self.markets.go_to(moment)

    def change(self) -> None:
        """Let statuses change, the front open or close, a trading day end: what is due now."""
        day = self.markets.timeline.day_of(self.now)
        if day.date != self.markets.day.date:
            self._end_day(day)
        self._tell_statuses()
        connected = self.connected
        if self._was_connected and not connected:
            self.tell(Hangup(None, READ_FAILED))
        self._was_connected = connected
        self.next_change = self.markets.timeline.next_change(self.now)

    def _end_day(self, day: Day) -> None:
        """Settle the trading day and begin the next."""
        self.transit.flush(self.now)
        self.quotes.expire(self.now)
        self.engine.expire(self.now)
        self.transit.flush(self.now)
        ended, settled = self.markets.day, self._settle()
        self.markets.begin(day)
        # Where the market never closes, a new day is the only opening there is.
        self.phases.forget()
        self.parked.forget()
        if self._was_connected and self.connected:
            # The front has not closed: nobody logs in anew, so nobody confirms anew.
            for user in self.users.values():
                if user.confirmed == ended.name:
                    user.confirmed = day.name
        self._renew(ended, settled)
        self.transfers.forget()
        self.engine.forget()
        self.comb_actions.forget()
        self.instructions.forget()
        self.for_quotes.forget()
        self.market_data.drop_unlisted(self.sessions.__getitem__)
        self.failed_logins = self.failed_authentications = 0
        self.tell(DayBegan(day.name))
        self.notices.forget()
        self.risk.settled()

    def _settle(self) -> dict[AccountKey, Result]:
        """Exercise and settle what is held at the day's end."""
        markets = self.markets
        exercised = exercise(
            markets,
            self.accounts,
            self.instructions,
            self.options.seed,
            self.engine.next_trade_number,
            self.now,
        )
        ended = markets.day.date.toordinal()
        return {
            key: settle(account, markets.settlement_price, ended, exercised.get(key, ()))
            for key, account in self.accounts.items()
        }

    def _renew(self, ended: Day, settled: Mapping[AccountKey, Result]) -> None:
        """Let accounts begin the new day, and keep the statements of the one that has ended."""
        markets = self.markets
        for key, account in self.accounts.items():
            cover(account, markets.spreads, ended.name)
            renew(account, markets.must, markets.pre_settlement, markets.margin)
            statement = of_day(
                account,
                ended.name,
                settled[key],
                self.engine.trades_of(key),
                self.transfers.of(key),
                self._name_of,
            )
            archive.keep(self.users[key].statements, ended.name, statement)

    def _name_of(self, product: str) -> str:
        known = self.markets.products.get(product)
        return product if known is None else known.name

    def _tell_statuses(self) -> None:
        """Send every InstrumentStatus that has changed; open or end the products' trading."""
        change = self.phases.update()
        reopened = change.matched | change.resumed
        if reopened:
            self.market_data.send_stale(reopened)
        if change.matched:
            self._call_auctions(change.matched)
        closed = change.closed
        if closed:
            self.quotes.expire(self.now, closed)
            self.engine.expire(self.now, closed)
            self.market_data.send_last(closed)
        statuses = change.statuses
        self._send_parked({name for name, status in statuses.items() if status in _TAKES_ORDERS})
        for name in statuses:
            self.tell(Broadcast("OnRtnInstrumentStatus", self.phases.row(name)))

    def _call_auctions(self, products: set[str]) -> None:
        """Match what has gathered in the markets that anybody follows; the others wait.

        Combinations take part in no auction: what rests in one of the night waits for its legs.
        """
        opening = self.now + AUCTION_MATCHING
        names = {*self.market_data.watchers, *self.engine.live(), *self.engine.gathered()}
        for name in in_order(self.markets, names):
            if self.markets.product_of(name) in products and "&" not in name:
                self.engine.call_auction(name, self.markets.step_at(name, opening), self.now)
                self.market_data.send_auction(name)

    def _send_parked(self, products: set[str]) -> None:
        """Send what was parked for products that have opened, as requests of its sessions."""
        for parked in self.parked.due(products):
            session = self.sessions.get(parked.session)
            if session is None or session.account != parked.account:
                # Its session is gone: it is sent in the name of a session of its own.
                session = Session(self.take_session_id(), True, self.now, account=parked.account)
            parked.error = self._handlers.send_parked(self, session, parked)

    def tell_all_statuses(self) -> None:
        """Begin a public flow: with the present status of every product."""
        for status in self.phases.rows():
            self.tell(Broadcast("OnRtnInstrumentStatus", status))

    def begin_flows_anew(self, *, new_trade_ids: bool) -> None:
        """CTP restarts and begins its flows anew (清流重启): all connections break.

        :param new_trade_ids: whether the TradeIDs to come begin anew, too, as on fronts that have
            lost their state.
        """
        self.tell(Hangup(None, READ_FAILED))
        self.tell(FlowsBegan())
        self.engine.tell_anew(self.take_session_id, new_trade_ids=new_trade_ids)
        self.tell_all_statuses()
