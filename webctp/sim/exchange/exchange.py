"""The exchange and its front as a pure core: requests and time in, events out.

No threads, no IO, no clock of its own: `now` comes with every call and never goes back. The same
seed and the same calls give the same events.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from webctp.exchanges import sessions
from webctp.exchanges.sessions import (
    AUCTION_MATCHING,
    AUCTION_ORDERING,
    CLOSED,
    CONTINUOUS,
    Phase,
)
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.accountfile import Opening, bank_account
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
    TickEvent,
    Values,
)
from webctp.sim.exchange import records
from webctp.sim.exchange.requests import Answering, Request
from webctp.sim.exchange.risk import RiskDesk
from webctp.sim.market import ticks
from webctp.sim.market.markets import Listing, Markets
from webctp.sim.market.spreadfeed import SpreadFeed
from webctp.sim.matching.engine import MatchingEngine
from webctp.sim.matching.transit import Latency, Transit
from webctp.sim.model.combinations import QUOTED, Spread
from webctp.sim.model.timeline import STEP, Day, Timeline
from webctp.sim.money import units
from webctp.sim.options import SimOptions
from webctp.sim.refusals import NOT_LOGGED_IN, NOT_READY, NOT_SUPPORTED, Refused
from webctp.sim.settlement import archive
from webctp.sim.settlement.expiry import exercise
from webctp.sim.settlement.settle import renew, settle
from webctp.sim.settlement.statement import of_day

_TAKES_ORDERS: Final = frozenset({CONTINUOUS, AUCTION_ORDERING})
"""InstrumentStatus values at which the exchange takes orders and cancellations."""
_NOON: Final = 12
_BEFORE_A_REQUEST: Final = 32
"""Instruments that are stepped at most before a request is handled: a millisecond."""
_CATCH_UP: Final = timedelta(seconds=10)
"""A pause longer than this (a sleeping machine) is caught up on in one step, not tick by tick."""


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

    :param handlers: what answers requests.
    :param answering: every request of the API by name; the binding's catalogue knows them.
    """

    def __init__(
        self,
        options: SimOptions,
        listing: Listing,
        timeline: Timeline,
        handlers: Handlers,
        answering: Mapping[str, Answering],
        now: datetime,
    ) -> None:
        self.options = options
        self.timeline = timeline
        self.now = now
        self.markets = Markets(options.seed, listing, timeline, now)
        self.spread_feed = SpreadFeed(self.markets)
        self.transit = Transit(Latency(options.latency, options.latency_more), options.seed)
        self.engine = MatchingEngine(self.markets, self.tell, self.transit, options.exchange_rate)
        self.comb_actions = CombActions(self.markets, self.engine.next_sequence, self.tell)
        self.checks = OrderChecks(
            self.markets, self.engine, options.not_trading, self._position_limit
        )
        self.instructions = Register(self.markets, self.engine, self.tell)
        self.exercises = Exercises(self.markets, self.checks, self.instructions)
        self.self_closes = SelfCloses(self.markets, self.checks, self.instructions)
        self.quotes = Quotes(
            self.markets, self.checks, self.engine, self.instructions, self.transit
        )
        self.for_quotes = ForQuotes(self.markets)
        self.spread_orders = SpreadOrders(self.markets, self.checks, self.comb_actions)
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
        self._handlers = handlers
        self._answering = answering
        self._events: list[Event] = []
        self._next_session = 1
        # Of this address, over the trading day: CTP counts them for all behind it.
        self.failed_logins = 0
        self.failed_authentications = 0
        self._watchers: dict[str, frozenset[int]] = {}
        self._watched: tuple[str, ...] | None = None
        self._next_step = self._step_after(now)
        self._to_step: Iterator[str] | None = None
        self._stamps: dict[str, ticks.Stamp] = {}
        self._next_change = timeline.next_change(now)
        self._was_connected = timeline.connected(now)
        self._phases = self._phases_now()
        self._trading = self._any_trades()

    # Events

    def tell(self, event: Event) -> None:
        """Add an event to what `drain` gives."""
        self._events.append(event)

    def drain(self) -> list[Event]:
        """The events since the last call, in order."""
        events, self._events = self._events, []
        return events

    # Sessions

    @property
    def connected(self) -> bool:
        """Whether the front takes connections now."""
        return self.timeline.connected(self.now)

    def connect(self, now: datetime, *, trading: bool) -> Session:
        """A new connection to the front."""
        self.arrive(now)
        session = Session(self.take_session_id(), trading, now)
        self.sessions[session.session_id] = session
        return session

    def disconnect(self, session_id: int) -> None:
        """A connection is gone; its orders stay."""
        session = self.sessions.pop(session_id)
        for instrument in list(session.subscribed):
            self.unwatch(session, instrument)

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
        """Handle a request that the broker makes itself, whose answer nobody gets."""
        self._handle(session, name, values, 0)

    def take_session_id(self) -> int:
        """Return a new SessionID."""
        taken = self._next_session
        self._next_session += 1
        return taken

    def open_account(self, key: AccountKey, password: str) -> User | None:
        """A new user with a new account, on the account file's terms or the options'.

        None if the file knows the user by another password or at another broker.
        """
        terms = self.openings.get(key[1])
        balance, right, limit = self.options.balance, 0, self.options.position_limit
        if terms is not None:
            if terms.broker not in ("", key[0]) or terms.password not in ("", password):
                return None
            balance = balance if terms.balance is None else terms.balance
            right = terms.right
            limit = limit if terms.position_limit is None else terms.position_limit
        self.accounts[key] = Account(*key, units(balance))
        bank = bank_account(key[1], terms, self.options.bank_balance, self.markets.day.name)
        user = self.users[key] = User(key, password, bank, right, limit)
        # A broker sets both passwords; one that the file does not say is the login's.
        user.trading_password = password if terms is None else terms.fund_password or password
        user.makes_markets = terms is None or terms.makes_markets
        return user

    def _position_limit(self, key: AccountKey) -> int:
        return self.users[key].position_limit

    # Market data

    def watch(self, session: Session, instrument: str) -> None:
        """Send a session the ticks of an instrument from now on, and at once the last one."""
        session.subscribed.add(instrument)
        spread = self.markets.spreads.get(instrument)
        if spread is not None:
            self.spread_feed.watch(session.session_id, instrument)
            self._watched = None
            if spread.contract.exchange in QUOTED:
                here = frozenset({session.session_id})
                self.tell(TickEvent(here, self.spread_tick(spread)))
            return
        watchers = self._watchers.get(instrument, frozenset())
        self._watchers[instrument] = watchers | {session.session_id}
        self._watched = None
        self.tell(TickEvent(frozenset({session.session_id}), self.tick(instrument)))

    def unwatch(self, session: Session, instrument: str) -> None:
        """Send a session no more ticks of an instrument."""
        session.subscribed.discard(instrument)
        if self.spread_feed.unwatch(session.session_id, instrument):
            self._watched = None
        left = self._watchers.get(instrument, frozenset()) - {session.session_id}
        if left:
            self._watchers[instrument] = left
        else:
            self._watchers.pop(instrument, None)
            self._watched = None

    def present(self, session_id: int) -> list[tuple[object, ...]]:
        """The present ticks of what a session has subscribed."""
        names = sorted(self.sessions[session_id].subscribed)
        found = [(name, self.markets.spreads.get(name)) for name in names]
        return [
            self.tick(name) if spread is None else self.spread_tick(spread)
            for name, spread in found
            if spread is None or spread.contract.exchange in QUOTED
        ]

    def tick(self, instrument: str, moment: datetime | None = None) -> tuple[object, ...]:
        """An instrument's present, in the order of ``ticks.FIELDS``.

        :param moment: what it is stamped with; as an exchange's last tick is where None.
        """
        market = self.markets.market(instrument)
        contract = market.contract
        phase = self._phases.get(contract.product)
        closed = phase is not None and phase.status == CLOSED
        return ticks.tick(
            market,
            self._stamp(contract.exchange, moment or self._last_tick_at(contract.product)),
            settlement=self.markets.settlement_price(contract) if closed else None,
            deltas=self.markets.deltas(contract),
        )

    def spread_tick(self, spread: Spread) -> tuple[object, ...]:
        """Return a combination's present, in the order of ``ticks.FIELDS``."""
        contract = spread.contract
        moment = self._last_tick_at(contract.product)
        return self.spread_feed.tick(spread, self._stamp(contract.exchange, moment))

    # Time

    def arrive(self, now: datetime) -> None:
        """Let happen what is due before a request, up to the middle of a step of many instruments.

        A request amid a step comes at the step's moment: nobody waits for a step of all.
        """
        if self._to_step is None:
            self.advance(now, _BEFORE_A_REQUEST)

    def advance(self, now: datetime, most: int = sys.maxsize) -> None:
        """Let everything happen that is due up to ``now``, or ``most`` instruments' steps of it.

        Where that ends amid a step, the exchange's time stands still until another call ends it.
        """
        while True:
            most = self._step(most)
            if self._to_step is not None:
                return
            if now - self.now > _CATCH_UP:
                self._next_step = self._step_after(now) - STEP
            stepping = self._next_step <= now and self._stepping
            due = min(self._next_step, self._next_change) if stepping else self._next_change
            if due > now:
                break
            self._go_to(due)
            if due == self._next_change:
                self._change()
            if stepping and due == self._next_step:
                self._to_step, self._stamps = iter(self._followed()), {}
                self.markets.begin_step()
                self._next_step += STEP
        self._go_to(now)
        if self._next_step <= now:
            self._next_step = self._step_after(now)
        if self._trading:
            self.risk.look()

    @property
    def is_amid_step(self) -> bool:
        """Whether `advance` has ended amid a step."""
        return self._to_step is not None

    def next_due(self) -> datetime:
        """When `advance` has something to do next, if nobody asks for anything before."""
        due = min(self._next_step, self._next_change) if self._stepping else self._next_change
        due = min(due, self.transit.due() or due)
        return min(due, self.risk.due()) if self._trading else due

    @property
    def _stepping(self) -> bool:
        """Whether half seconds count: some product trades, and somebody follows some market."""
        followed = self._watchers or self.spread_feed or self.engine.live()
        return self._trading and bool(followed)

    def _go_to(self, moment: datetime) -> None:
        """Let time go on, with what arrives meanwhile at an exchange or at CTP."""
        while (due := self.transit.due()) is not None and due <= moment:
            self._set_time(due)
            self.transit.arrive(due)
        self._set_time(moment)

    def _set_time(self, moment: datetime) -> None:
        if moment > self.now:
            self.now = moment
            self.markets.go_to(moment)

    def _step_after(self, moment: datetime) -> datetime:
        begins = self.markets.day.begins
        return begins + ((moment - begins) // STEP + 1) * STEP

    def _step(self, most: int) -> int:
        """One half second of markets that are followed; gives how many more may be stepped."""
        stamps = self._stamps
        while self._to_step is not None and most > 0:
            instrument = next(self._to_step, None)
            if instrument is None:
                self._to_step = None
                break
            most -= 1
            market, changed, fills = self.markets.step(instrument)
            if fills:
                self.engine.settle_fills(fills, self.now)
            self.checks.touch(instrument, self.now)
            if "&" in instrument:
                self._tell_spread(instrument)
                continue
            watchers = self._watchers.get(instrument)
            if changed and watchers:
                exchange = market.contract.exchange
                at = stamps.get(exchange)
                if at is None:
                    at = stamps[exchange] = self._stamp(exchange, self.now)
                deltas = self.markets.deltas(market.contract)
                self.tell(TickEvent(watchers, ticks.tick(market, at, deltas=deltas)))
        return most

    def _tell_spread(self, name: str) -> None:
        """Tell a combination to those who watch it, if its quotes have changed."""
        watchers = self.spread_feed.changed(name)
        if watchers:
            self.tell(TickEvent(watchers, self.spread_tick(self.markets.spreads.must(name))))

    def _followed(self) -> Iterable[str]:
        """The instruments that are watched or traded, in order."""
        if self._watched is None:
            watched = {*self._watchers, *self.spread_feed.followed()}
            self._watched = tuple(self._in_order(watched))
        others = self.engine.live().difference(self._watched)
        return self._in_order({*self._watched, *others}) if others else self._watched

    def _in_order(self, names: Iterable[str]) -> list[str]:
        """Futures first: an option's delta looks at its future, stepped by then."""
        listed = self.markets.instruments

        def place(name: str) -> tuple[int, str]:
            # A combination comes after its legs.
            one = listed.get(name)
            return 2 if one is None else int(bool(one.options_type)), name

        return sorted(names, key=place)

    def _change(self) -> None:
        """A status changes, the front opens or closes, or a trading day ends."""
        day = self.timeline.day_of(self.now)
        if day.date != self.markets.day.date:
            self._end_day(day)
        self._tell_statuses()
        connected = self.connected
        if self._was_connected and not connected:
            self.tell(Hangup(None, READ_FAILED))
        self._was_connected = connected
        self._next_change = self.timeline.next_change(self.now)

    def _end_day(self, day: Day) -> None:
        """Settle the trading day and begin the next."""
        self.transit.flush(self.now)
        self.quotes.expire(self.now)
        self.engine.expire(self.now)
        self.transit.flush(self.now)
        markets, ended = self.markets, self.markets.day
        exercised = exercise(
            markets,
            self.accounts,
            self.instructions,
            self.options.seed,
            self.engine.next_number,
            self.now,
        )
        settled = {
            key: settle(
                account, markets.settlement_price, ended.date.toordinal(), exercised.get(key, ())
            )
            for key, account in self.accounts.items()
        }
        markets.begin(day)
        # Where the market never closes, a new day is the only opening there is.
        self._phases.clear()
        self.parked.forget()
        if self._was_connected and self.connected:
            # The front has not closed: nobody logs in anew, so nobody confirms anew.
            for user in self.users.values():
                if user.confirmed == ended.name:
                    user.confirmed = day.name
        for key, account in self.accounts.items():
            cover(account, self.markets.spreads, ended.name)
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
        self.transfers.forget()
        self.engine.forget()
        self.comb_actions.forget()
        self.instructions.forget()
        self.for_quotes.forget()
        for instrument in self._watchers.keys() - markets.instruments.keys():
            # Its last day is over.
            for session_id in self._watchers[instrument]:
                self.unwatch(self.sessions[session_id], instrument)
        for instrument, watchers in self.spread_feed.gone():
            for session_id in watchers:
                self.unwatch(self.sessions[session_id], instrument)
        self.failed_logins = self.failed_authentications = 0
        self.tell(DayBegan(day.name))
        self.notices.forget()
        self.risk.settled()

    def _name_of(self, product: str) -> str:
        known = self.markets.products.get(product)
        return product if known is None else known.name

    def _tell_statuses(self) -> None:
        """Tell every product whose InstrumentStatus has changed; open or end its trade."""
        before = self._phases
        self._phases = self._phases_now()
        self._trading = self._any_trades()
        changed = {
            name: phase.status
            for name, phase in self._phases.items()
            if name not in before or before[name].status != phase.status
        }
        begun = {
            name
            for name, phase in self._phases.items()
            if name not in before or before[name].start != phase.start
        }
        matched = {name for name in begun if self._phases[name].matches}
        resumed = {name for name in begun if name in before and before[name].cancels}
        closed = {name for name, status in changed.items() if status == CLOSED}
        if matched or resumed:
            self._tell_stale_ticks(matched | resumed)
        if matched:
            self._call_auctions(matched)
        if closed:
            self.quotes.expire(self.now, closed)
            self.engine.expire(self.now, closed)
            self._last_ticks(closed)
        self._send_parked({name for name, status in changed.items() if status in _TAKES_ORDERS})
        for name in changed:
            self.tell(Broadcast("OnRtnInstrumentStatus", self._status_row(name)))

    def _call_auctions(self, products: set[str]) -> None:
        """Match what has gathered in the markets that anybody follows; the others wait."""
        opening = self.now + AUCTION_MATCHING
        gathered = self.engine.gathered()
        for name in self._in_order({*self._watchers, *self.engine.live(), *gathered}):
            if self.markets.product_of(name) not in products:
                continue
            self.engine.call_auction(name, self.markets.step_at(name, opening), self.now)
            if name in self._watchers:
                self.tell(TickEvent(self._watchers[name], self.tick(name, self.now)))

    def _tell_stale_ticks(self, products: set[str]) -> None:
        """Send the night's closing tick once more, under today's date, as CZCE does at 8:59."""
        for name in self._in_order(self._watchers):
            product = self.markets.product_of(name)
            if product not in products or self.markets.products[product].exchange_id != "CZCE":
                continue
            closed = self.timeline.last_close(self.markets.products[product], self.now)
            if self.now.hour < _NOON and closed >= self.markets.day.begins:
                self.tell(TickEvent(self._watchers[name], self.tick(name, closed)))

    def _last_tick_at(self, product: str) -> datetime:
        """Return when the product's exchange has sent its last tick, as far as a session tells."""
        phase = self._phases.get(product)
        if phase is None or phase.status == CONTINUOUS:
            day = self.markets.day
            return day.begins + day.step(self.now) * STEP
        if phase.matches:
            return phase.start
        return self.timeline.last_close(self.markets.products[product], self.now)

    def _send_parked(self, products: set[str]) -> None:
        """Send what was parked for products that have opened, as requests of its sessions."""
        for parked in self.parked.due(products):
            session = self.sessions.get(parked.session)
            if session is None or session.account != parked.account:
                # Its session is gone: it is sent in the name of a session of its own.
                session = Session(self.take_session_id(), True, self.now, account=parked.account)
            parked.error = self._handlers.send_parked(self, session, parked)

    def _phases_now(self) -> dict[str, Phase]:
        return {
            name: self.timeline.phase(product, self.now)
            for name, product in self.markets.products.items()
        }

    def _any_trades(self) -> bool:
        return any(phase.status == CONTINUOUS for phase in self._phases.values())

    def tell_all_statuses(self) -> None:
        """Begin a public flow: with the present status of every product."""
        for status in self.statuses():
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

    def statuses(self) -> Iterator[Values]:
        """The present status of every product, as ``CThostFtdcInstrumentStatusField``."""
        return map(self._status_row, self._phases)

    def _status_row(self, product: str) -> Values:
        phase = self._phases[product]
        return {
            "ExchangeID": self.markets.products[product].exchange_id,
            "SettlementGroupID": "00000001",
            "InstrumentID": product,
            "ExchangeInstID": product,
            "InstrumentStatus": phase.status,
            "TradingSegmentSN": 1,
            "EnterTime": f"{phase.start:%H:%M:%S}",
            "EnterReason": "1",
        }

    def _last_ticks(self, products: set[str]) -> None:
        """After the close: a last tick with close and settlement price."""
        for instrument, watchers in self._watchers.items():
            if self.markets.product_of(instrument) in products:
                self.tell(TickEvent(watchers, self.tick(instrument)))
        for spread, watchers in self.spread_feed.of_products(products):
            self.tell(TickEvent(watchers, self.spread_tick(spread)))

    def _stamp(self, exchange: str, moment: datetime) -> ticks.Stamp:
        """The times of a tick of ``moment``; CZCE dates by the clock what it sends now."""
        day = self.markets.day
        dated = self.now if exchange == "CZCE" else moment
        trading_day = sessions.trading_day_of_tick(exchange, day.date, dated)
        action_day = sessions.action_day(exchange, day.date, dated)
        millisecond = sessions.update_millisec(exchange, moment)
        return ticks.stamp(f"{trading_day:%Y%m%d}", f"{action_day:%Y%m%d}", moment, millisecond)

    # The state file

    def facts(self) -> dict[str, Any]:
        """What the state file keeps beside users, accounts, orders and trades."""
        return {
            "next_session": self._next_session,
            "settlement": self.markets.settlement,
            "engine": self.engine.facts(),
            "comb_actions": self.comb_actions.facts(),
            "markets": self.markets.facts(),
            "parked": [records.of_parked(parked) for parked in self.parked.all],
            "transfer_serial": self.transfers.serial,
            "notices": self.notices.facts(),
        }

    def restore(
        self,
        facts: Mapping[str, Any],
        users: Iterable[User],
        accounts: Mapping[AccountKey, records.Record],
        orders: Iterable[records.Record],
        trades: Iterable[records.Record],
        transfers: Iterable[records.Record] = (),
        instructions: Iterable[records.Record] = (),
        notices: Iterable[records.Record] = (),
    ) -> None:
        """Go on where another exchange ended; for one that nobody has used yet."""
        self._next_session = facts["next_session"]
        self.markets.settlement = facts["settlement"]
        # A file of an earlier version has no markets: they begin anew, with all orders at the end.
        if "markets" in facts:
            self.markets.restore(facts["markets"])
        self.users = {user.account: user for user in users}
        for key, record in accounts.items():
            self.accounts[key] = records.to_account(key, record, self.markets)
        restored = {
            record["number"]: records.to_order(record, self.accounts, self.markets)
            for record in orders
        }
        done = [records.to_trade(record, restored) for record in trades]
        self.engine.restore(facts["engine"], restored.values(), done, self.now)
        if "comb_actions" in facts:
            self.comb_actions.restore(facts["comb_actions"])
        for record in instructions:
            self.instructions.add(records.to_instruction(record, self.accounts, self.markets))
        self.quotes.resume(self.now)
        self.parked.restore([records.to_parked(record) for record in facts["parked"]])
        self.transfers.restore(
            # Files of before know no transfers.
            facts.get("transfer_serial", 0),
            [records.to_transfer(record) for record in transfers],
        )
        self.notices.restore(
            facts.get("notices", {}), [records.to_notice(record) for record in notices]
        )
