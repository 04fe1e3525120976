"""An auditor: works the books out anew from orders, trades and prices, and compares."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tests.sim.combaudit import saved, whole
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.orders import Order
from webctp.sim.broker.instructions import EXERCISE, Locked
from webctp.sim.events import Event, Push, Values
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.charges import CLOSE_TODAY, OPEN


def audit(exchange: Exchange) -> None:
    """Fail unless cash, margin, positions, orders and books of an exchange agree."""
    for account in exchange.accounts.values():
        key = account.broker, account.investor
        orders = list(exchange.engine.orders_of(key))
        _cash(exchange, account)
        # A condition sets nothing aside before it triggers.
        locks = [
            (one, one.locked)
            for one in exchange.instructions.of(EXERCISE, key)
            if one.locked is not None
        ]
        assert all(one.waits for one, _ in locks), "an exercise that has ended locks lots"
        locked = [lock for _, lock in locks]
        _frozen(account, [o for o in orders if o.alive and o.status != "b"], locked)
        _positions(exchange, account)
        whole(account)
        _margin(exchange, account)
    for order in exchange.engine.orders:
        assert 0 <= order.traded <= order.volume, order
        assert (order.status == "0") == (order.left == 0), order
    for name in exchange.engine.live():
        _book(exchange, name)


def _cash(exchange: Exchange, account: Account) -> None:
    """Balance = what the day began with, and what trades and prices made of it."""
    key = account.broker, account.investor
    paid = gained = premium = 0
    for trade in exchange.engine.trades_of(key):
        contract = trade.contract
        flow = trade.price * trade.volume * contract.multiplier
        flow = -flow if trade.direction == BUY else flow
        paid += trade.commission
        if contract.option is None:
            gained += flow
        else:
            premium += flow
    for position in account.positions.values():
        if position.contract.option is None:
            size = position.sign * position.contract.multiplier
            last = exchange.markets.last(position.contract.instrument)
            gained += last * position.volume() * size
            gained -= position.pre_settlement * position.start_volume * size
    funds = account.funds(exchange.markets.last)
    assert account.commission == paid, (account.commission, paid)
    assert account.cash_in == premium, (account.cash_in, premium)
    expected = account.pre_balance + account.deposit - account.withdraw + gained + premium - paid
    assert funds.balance == expected, (funds.balance, expected)
    assert funds.balance % 100 == 0 or gained % 100, "a cent was split"
    aside = funds.margin + funds.frozen_margin + account.frozen_cash + account.frozen_commission
    assert funds.available == funds.balance - aside


def _frozen(account: Account, alive: list[Order], locked: list[Locked]) -> None:
    parts = [(order, part) for order in alive for part in (order.legs or (order,))]
    fees = sum(lock.commission * lock.volume for lock in locked)
    held_back = sum(part.hold.commission * order.left for order, part in parts)
    assert account.frozen_commission == fees + held_back
    lots: Counter[bool] = Counter()
    for lock in locked:
        lots[lock.abandoned] += lock.volume
    held = list(account.positions.values())
    assert lots[False] == sum(p.strike_today + p.strike_older for p in held)
    assert lots[True] == sum(p.abandon_today + p.abandon_older for p in held)
    margin = sum(lock.margin * lock.volume for lock in locked)
    assert margin == sum(position.strike_amount for position in held)
    assert account.frozen_cash == sum(part.hold.cash * order.left for order, part in parts)
    for combined in account.combined.values():
        resting = sum(o.left for o in alive if o.combined is combined)
        assert combined.opening == resting, (combined.key, resting)
    for position in account.positions.values():
        mine = [order for order, part in parts if part.position is position]
        opening = sum(order.left for order in mine if order.offset == OPEN)
        closing = Counter[bool]()
        for order in mine:
            if order.offset != OPEN:
                today = position.contract.by_date and order.offset == CLOSE_TODAY
                closing[today] += order.left
        assert position.opening == opening
        assert (position.frozen_today, position.frozen_older) == (closing[True], closing[False])
        under = position.frozen_today + position.frozen_older + position.locked
        assert under <= position.volume()


def _positions(exchange: Exchange, account: Account) -> None:
    held: Counter[tuple[str, str, str]] = Counter()
    for position in account.positions.values():
        held[position.key] += position.start_volume
    for trade in exchange.engine.trades_of((account.broker, account.investor)):
        order = trade.order
        position = order.position if trade.leg is None else trade.leg.position
        held[position.key] += trade.volume if order.offset == OPEN else -trade.volume
    for position in account.positions.values():
        assert position.volume() == held.pop(position.key, 0) >= 0, position
        assert all(lot.volume >= 0 for lot in position.lots)
    assert not +held, held


def _margin(exchange: Exchange, account: Account) -> None:
    sides: Counter[tuple[str, str]] = Counter()
    alone = 0
    for position in account.positions.values():
        need = position.volume() * position.margin
        if position.contract.option is not None and position.direction == SELL:
            last = exchange.markets.last(position.contract.instrument)
            premium = max(last, position.pre_settlement) * position.contract.multiplier
            need += position.volume() * premium
        if position.contract.larger_side and position.contract.option is None:
            code = position.hedge if position.contract.exchange == "CFFEX" else ""
            sides[position.contract.product + code, position.direction] += need
        else:
            alone += need
    prices = exchange.markets.last
    combined = sum(saved(one, prices) for one in account.combined.values())
    products = {product for product, _ in sides}
    larger = sum(max(sides[name, BUY], sides[name, SELL]) for name in products)
    assert account.margins(prices)[0] == alone + larger - combined


def _book(exchange: Exchange, name: str) -> None:
    market = exchange.markets.market(name)
    bids, asks = market.depth(BUY, 10), market.depth(SELL, 10)
    assert [p for p, _ in bids] == sorted({p for p, _ in bids}, reverse=True)
    assert [p for p, _ in asks] == sorted({p for p, _ in asks})
    assert all(volume > 0 for _, volume in bids + asks)
    # A combination's orders meet its legs at the next half second.
    if bids and asks and "&" not in name:
        assert bids[0][0] < asks[0][0], (name, bids, asks)
    resting = {entry.order_id: entry for side in (BUY, SELL) for entry in market.book.side(side)}
    waiting = {
        order.number: order
        for order in exchange.engine.orders
        if order.working and order.contract.instrument == name and not order.stopped
    }
    # What the exchange has, of which CTP may not have heard yet.
    assert resting.keys() == waiting.keys()
    assert all(entry.volume == waiting[number].working for number, entry in resting.items())
    if exchange.transit.due() is None:
        known = (order for order in waiting.values() if order.alive and order.status in "13")
        assert all(order.left == order.working for order in known)
        assert all(order.alive for order in waiting.values())


def same_end(known: Values | None, row: Values) -> bool:
    """Return whether a row repeats the end of an order that was cancelled."""
    names = ("OrderStatus", "VolumeTraded", "VolumeTotal")
    return (
        known is not None and row["OrderStatus"] == "5" and all(known[n] == row[n] for n in names)
    )


class Witness:
    """Remembers what was pushed, to compare it with what queries say."""

    def __init__(self) -> None:
        self.orders: dict[object, Values] = {}
        self.trades: list[Values] = []
        self.held: Counter[tuple[object, object, object]] = Counter()

    def see(self, events: list[Event]) -> None:
        """Take note of what has been pushed."""
        for event in events:
            if not isinstance(event, Push):
                continue
            if event.callback == "OnRtnOrder":
                known = self.orders.get(event.values["BrokerOrderSeq"])
                # A partial FAK's end is told before its trades, and once more with each.
                ended = known is not None and str(known["OrderStatus"]) in "05"
                assert not ended or same_end(known, event.values), "told after its end"
                self.orders[event.values["BrokerOrderSeq"]] = event.values
            elif event.callback == "OnRtnTrade":
                self.trades.append(event.values)

    def compare(self, orders: list[Values], trades: list[Values]) -> None:
        """Fail unless queries say what was pushed last."""
        assert [self.orders[row["BrokerOrderSeq"]] for row in orders] == orders
        assert len(orders) == len(self.orders)
        assert trades == self.trades

    def new_day(self, positions: list[Mapping[str, Any]]) -> None:
        """Begin a day with the positions that a query shows."""
        self.orders.clear()
        self.trades.clear()
        self.held = Counter()
        for row in positions:
            self.held[row["InstrumentID"], row["PosiDirection"], row["HedgeFlag"]] += row[
                "Position"
            ]

    def traded(self) -> Counter[tuple[object, object, object]]:
        """What is held by (InstrumentID, PosiDirection, HedgeFlag): the day's trades make it."""
        held = self.held.copy()
        for trade in self.trades:
            opens = trade["OffsetFlag"] == OPEN
            long = (trade["Direction"] == BUY) == opens
            key = trade["InstrumentID"], "2" if long else "3", trade["HedgeFlag"]
            held[key] += int(str(trade["Volume"])) * (1 if opens else -1)
        return +held


Ask = Callable[[str], list[Mapping[str, Any]]]
"""From a query's name to its rows."""


def agree(ask: Ask, witness: Witness) -> None:
    """Fail unless what queries say agrees with what was pushed, and with each other."""
    witness.compare(ask("ReqQryOrder"), ask("ReqQryTrade"))
    positions, details = ask("ReqQryInvestorPosition"), ask("ReqQryInvestorPositionDetail")
    (funds,) = ask("ReqQryTradingAccount")
    shown: Counter[tuple[object, object, object]] = Counter()
    for row in positions:
        # A combination stands beside its legs.
        if "&" not in row["InstrumentID"]:
            shown[row["InstrumentID"], row["PosiDirection"], row["HedgeFlag"]] += row["Position"]
    assert +shown == witness.traded(), (+shown, witness.traded())
    lots: Counter[tuple[object, object, object]] = Counter()
    for row in details:
        side = "2" if row["Direction"] == BUY else "3"
        lots[row["InstrumentID"], side, row["HedgeFlag"]] += row["Volume"]
    assert +lots == +shown
    for name in ("Commission", "CloseProfit", "PositionProfit", "CashIn"):
        total = sum(row[name] for row in positions)
        assert abs(total - funds[name]) < 0.005, (name, total, funds[name])
    assert sum(row["UseMargin"] for row in positions) >= funds["CurrMargin"] - 0.005
    made = funds["PreBalance"] + funds["Deposit"] - funds["Withdraw"] - funds["Commission"]
    made += funds["CloseProfit"] + funds["PositionProfit"] + funds["CashIn"]
    assert abs(made - funds["Balance"]) < 0.005, (made, funds["Balance"])
    aside = sum(funds[f"Frozen{name}"] for name in ("Margin", "Cash", "Commission"))
    free = funds["Balance"] - funds["CurrMargin"] - aside
    assert abs(free - funds["Available"]) < 0.005, (free, funds["Available"])
