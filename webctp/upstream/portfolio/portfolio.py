"""A portfolio: an account's positions and money on one trading day, kept from what CTP tells.

It begins with what was held at the day's beginning (positions lot by lot, as queries tell them)
and enters every trade of the day, whenever it was told: so it does not matter how many of the
day's trades were in the answers already. Orders say what is set aside, prices what it is all
worth. Pure; runs in the reactor's thread.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from webctp.upstream.portfolio.account import (
    Account,
    Charged,
    Sums,
    margins,
)
from webctp.upstream.portfolio.facts import (
    LONG,
    OPEN,
    SHORT,
    Facts,
    Key,
    Need,
    Row,
    Terms,
)
from webctp.upstream.portfolio.figures import AccountFigures, PositionFigures
from webctp.upstream.portfolio.money import units
from webctp.upstream.portfolio.positions import Lot, Position
from webctp.upstream.portfolio.working import Aside, WorkingTable, set_aside, side_of

SIDES: Final = {"2": LONG, "3": SHORT}
"""PosiDirection."""
_AT_LAST: Final = "2"
_PRE: Final = "1"
"""MarginPriceType: the last price, yesterday's settlement price."""
_DERIVED: Final = "4"
"""TradeType of what an order in a combination has traded."""
_NO_ASIDE: Final = Aside()

COMBINATION: Final = "combination"
EXERCISE: Final = "exercise"
PRICE_TYPE: Final = "price-type"
UNKNOWN: Final = "unknown"
TRADES: Final = "trades"
CAVEATS: Final = {
    COMBINATION: "有组合持仓或组合报单，保证金以最近一次查询为准 "
    "there are combined positions or orders: margins are the last query's",
    EXERCISE: "有行权、放弃或自对冲，其冻结以最近一次查询为准 "
    "options are under exercise: what that sets aside is the last query's",
    PRICE_TYPE: "有价格由 CTP 折算的报单，其冻结为估计 "
    "an order works at a price that CTP makes and does not tell: what it freezes is estimated",
    UNKNOWN: "合约、费率或价格尚在查询 terms, rates or prices are still being asked for",
    TRADES: "平仓成交先于其开仓到达 a closing trade has come before what it closes",
}
"""Why figures may not be exact; each is told with them."""


class Portfolio:
    """Keep one account's positions and money on a trading day.

    :param facts: what is known of instruments.
    """

    def __init__(self, day: str, facts: Facts) -> None:
        self.day = day
        self.facts = facts
        self.account = Account()
        self.positions: dict[Key, Position] = {}
        self.working = WorkingTable()
        self.caveats: set[str] = set()
        """The caveats that stand for the day: combinations, exercises."""
        self.version = 0
        """Counts up with every order, trade and answer: what has not changed is quiet."""
        self._figures: dict[Key, PositionFigures] = {}
        self._by_instrument: dict[str, list[Position]] = {}
        self._trades: set[int] = set()
        self._waiting: dict[str, list[Row]] = {}
        """Trades in instruments whose terms or fees are not known yet."""
        self._owed: dict[Key, list[Row]] = {}
        """Closing trades that have come before what they close."""
        self._watched: set[Key] = set()
        """Positions that need facts."""
        self.is_seeded = False
        """Whether what was held at the day's beginning is known."""

    # What CTP tells.

    def take_order(self, row: Row) -> bool:
        """Take a RtnOrder of the day; gives whether it has changed anything."""
        if "&" in row["InstrumentID"]:
            self.caveats.add(COMBINATION)
            return False
        key = self.working.take(row)
        if key is None:
            return False
        self.version += 1
        self._watched.add(key)
        position = self.positions.get(key)
        if position is not None:
            position.is_dirty = True
        return True

    def take_trade(self, row: Row) -> bool:
        """Take a RtnTrade of the day; gives whether it is news.

        A TradeID is unique on one exchange, day and direction, but where a front has lost its
        state: what the trade says is compared as well.
        """
        known = hash(
            (
                *(row["ExchangeID"], row["TradeID"], row["Direction"], row["OrderSysID"]),
                *(row["OffsetFlag"], row["Price"], row["Volume"], row["TradeTime"]),
                *(row["InstrumentID"], row["HedgeFlag"]),
            )
        )
        if known in self._trades:
            return False
        self._trades.add(known)
        self.version += 1
        if row["TradeType"] == _DERIVED:
            self.caveats.add(COMBINATION)
        name = row["InstrumentID"]
        if not self.is_seeded or name in self._waiting or not self.facts.can_trade(name):
            self._waiting.setdefault(name, []).append(row)
            self._watched.add(_key_of(row))
        else:
            self._enter(row)
        return True

    def take_price(self, instrument: str, price: int) -> None:
        """Take a last price in units."""
        quote = self.facts.quotes.get(instrument)
        if quote is None or quote.last == price or not price:
            return
        self.facts.quotes[instrument] = quote._replace(last=price)
        self._price_changed(instrument)

    def take_transfer(self, amount: int) -> None:
        """Take a transfer in units: money put in, or taken out (below zero)."""
        self.version += 1
        self.account.moved(amount)

    def take_fact(self, need: Need, rows: Iterable[Row]) -> None:
        """Take the answer to what was asked."""
        for row in rows:
            self.facts.take(need, row)
        self.facts.answered(need)
        for position in self.positions.values():
            position.is_dirty = True
        for name in [one for one in self._waiting if self.facts.can_trade(one)]:
            if self.is_seeded:
                for row in self._waiting.pop(name):
                    self._enter(row)

    def seed(self, positions: Iterable[Row], details: Iterable[Row]) -> None:
        """Take what was held at the day's beginning, then the trades that have come meanwhile.

        A lot of before the day had at its beginning what it has now and what was closed of it.
        """
        for row in filter(self._has_terms, details):
            if str(row["OpenDate"]) == self.day:
                continue
            volume = _left(row) + int(row["CloseVolume"])
            if volume:
                position = self._position(_key_of_lot(row), row)
                price = units(row["OpenPrice"])
                lot = Lot(str(row["TradeID"]), str(row["OpenDate"]), price, volume)
                position.older_lots.add(lot)
                position.start += volume
        self._note(positions)
        self.is_seeded = True
        self.version += 1
        self.take_fact(_NOTHING, ())

    def _note(self, rows: Iterable[Row]) -> None:
        """Note what positions tell beside their lots: combinations, exercises."""
        for row in rows:
            name = str(row["InstrumentID"])
            if "&" in name:
                self.caveats.add(COMBINATION)
                continue
            if row["StrikeFrozen"] or row["AbandonFrozen"]:
                self.caveats.add(EXERCISE)
            key = Key(name, SIDES.get(str(row["PosiDirection"]), LONG), str(row["HedgeFlag"]))
            position = self.positions.get(key)
            if position is not None:
                position.combined = int(row["CombPosition"])
                position.is_dirty = True
            if row["CombPosition"]:
                self.caveats.add(COMBINATION)

    def adopt(self, positions: Iterable[Row], details: Iterable[Row]) -> None:
        """Take CTP's word for every position, as it stands now, in place of our own.

        No trade may be on its way that the answers hold already.
        """
        paid = {key: one.paid_today for key, one in self.positions.items()}
        self.positions.clear()
        self._by_instrument.clear()
        self._figures.clear()
        self._waiting.clear()
        self._owed.clear()
        for row in filter(self._has_terms, details):
            volume = _left(row)
            is_today = str(row["OpenDate"]) == self.day
            position = self._position(_key_of_lot(row), row)
            if not is_today:
                position.start += volume + int(row["CloseVolume"])
            if volume:
                price = units(row["OpenPrice"])
                lot = Lot(str(row["TradeID"]), str(row["OpenDate"]), price, volume)
                (position.today_lots if is_today else position.older_lots).add(lot)
        rows = list(positions)
        for row in rows:
            self._adopt_movements(row)
        for key, position in self.positions.items():
            closed = position.today.close_volume
            position.paid_today = paid.get(key, min(closed, position.today.open_volume))
        self._note(rows)
        self.version += 1

    def _has_terms(self, row: Row) -> bool:
        """Return whether a row's instrument is known; the caveat says so where it is not."""
        if str(row["InstrumentID"]) in self.facts.terms:
            return True
        self.caveats.add(UNKNOWN)
        return False

    def _adopt_movements(self, row: Row) -> None:
        name = str(row["InstrumentID"])
        if "&" in name or not self._has_terms(row):
            return
        key = Key(name, SIDES.get(str(row["PosiDirection"]), LONG), str(row["HedgeFlag"]))
        position = self._position(key, row)
        tally = position.tally(today=row["PositionDate"] != "2")
        tally.open_volume += int(row["OpenVolume"])
        tally.close_volume += int(row["CloseVolume"])
        tally.open_amount += units(row["OpenAmount"])
        tally.close_amount += units(row["CloseAmount"])
        tally.commission += units(row["Commission"])
        tally.profit_by_date += units(row["CloseProfitByDate"])
        tally.profit_by_trade += units(row["CloseProfitByTrade"])
        tally.cash_in += units(row["CashIn"])

    # What it comes to.

    def needs(self) -> Iterator[Need]:
        """Give what is to be asked, the most needed first; one need of each position."""
        seen = set()
        for key in (*self._watched, *self.positions):
            need = self.facts.missing(key)
            if need is not None and need not in seen:
                seen.add(need)
                yield need

    def instruments(self) -> frozenset[str]:
        """Return the instruments whose prices count."""
        return frozenset(key.instrument for key in (*self.positions, *self.working.keys))

    def uncertain(self) -> frozenset[str]:
        """Return which caveats hold now (:data:`CAVEATS`)."""
        found = set(self.caveats)
        if self.working.guesses:
            found.add(PRICE_TYPE)
        if self._owed:
            found.add(TRADES)
        if (
            not self.is_seeded
            or self._waiting
            or any(self.facts.lacks(key) for key in (*self.positions, *self.working.keys))
        ):
            found.add(UNKNOWN)
        return frozenset(found)

    def doubt(self, key: Key) -> str:
        """Return the caveat for which a position's lots are not sure; empty for none.

        The instrument's terms must be known.
        """
        terms = self.facts.terms[key.instrument]
        if not self.is_seeded or key.instrument in self._waiting:
            return UNKNOWN
        if key in self._owed:
            return TRADES
        if EXERCISE in self.caveats and terms.is_option:
            return EXERCISE
        # SHFE and INE know no combinations.
        return COMBINATION if COMBINATION in self.caveats and not terms.by_date else ""

    def figures(self) -> tuple[AccountFigures, dict[Key, PositionFigures]]:
        """Return the account's figures and each position's; those that stand are not made anew."""
        costs, found = margins(self.charges()), self._figures
        told = found
        if costs.spared:
            told = dict(found)
            for key in costs.spared:
                told[key] = found[key]._replace(margin=0)
        sums = Sums(
            close_profit=sum(one.closed_by_date for one in found.values()),
            position_profit=sum(one.profit_by_date for one in found.values()),
            commission=sum(one.commission for one in found.values()),
            cash_in=sum(one.cash_in for one in found.values()),
            margin=costs.used,
            frozen_margin=costs.frozen,
            frozen_commission=sum(one.frozen_commission for one in found.values()),
            frozen_cash=sum(one.frozen_cash for one in found.values()),
            option_value=sum(one.option_value for one in found.values()),
        )
        return self.account.figures(sums), told

    def charges(self) -> list[Charged]:
        """Return what each position costs by itself, as the larger side is found by."""
        for key in self.working.keys:
            if key not in self.positions and key.instrument in self.facts.terms:
                self._position(key, None)
        found = []
        for key, position in self.positions.items():
            if position.is_dirty:
                self._figures[key] = self._reckon(position)
                position.is_dirty = False
            one = self._figures[key]
            opening = one.opening * one.lot_margin
            found.append(Charged(key, position.terms, one.margin, opening))
        return found

    def want(self, key: Key) -> Need | None:
        """Take note that a position is asked about; gives what is not known of it yet."""
        self._watched.add(key)
        return self.facts.missing(key)

    # Inside.

    def _enter(self, row: Row) -> None:
        """Enter a trade in an instrument of which enough is known."""
        offset = str(row["OffsetFlag"])
        key = _key_of(row)
        position = self._position(key, None)
        volume, price = int(row["Volume"]), units(row["Price"])
        terms, commissions = position.terms, self.facts.commissions(key.instrument)
        if commissions is None:
            raise ValueError(f"the fees of {key.instrument} are not known")
        if offset == OPEN:
            lot = Lot(str(row["TradeID"]), self.day, price, volume)
            tally = position.open(lot)
            paid = commissions.open.of(price * volume * terms.multiplier, volume)
        elif position.has(offset, volume):
            newest = position.paying_today(offset, volume)
            tally, _ = position.close(offset, price, volume)
            worth = price * terms.multiplier
            paid = commissions.close_today.of(worth * newest, newest)
            paid += commissions.close.of(worth * (volume - newest), volume - newest)
        else:
            self._owed.setdefault(key, []).append(row)
            return
        tally.commission += paid
        if terms.is_option:
            premium = price * volume * terms.multiplier
            tally.cash_in += -premium if row["Direction"] == "0" else premium
        if offset == OPEN and key in self._owed:
            for one in self._owed.pop(key):
                self._enter(one)

    def _position(self, key: Key, row: Row | None) -> Position:
        """Return a position, a new one where there is none.

        :param row: one that tells the settlement price of the day before, where there is one.
        """
        found = self.positions.get(key)
        if found is not None:
            return found
        pre = 0
        if row is not None:
            name = "LastSettlementPrice" if "LastSettlementPrice" in row else "PreSettlementPrice"
            pre = units(row[name])
        quote = self.facts.quotes.get(key.instrument)
        if not pre and quote is not None:
            pre = quote.pre_settlement
        terms = self.facts.terms[key.instrument]
        found = self.positions[key] = Position(key, terms, pre)
        self._by_instrument.setdefault(key.instrument, []).append(found)
        return found

    def _price_changed(self, instrument: str) -> None:
        for position in self._by_instrument.get(instrument, ()):
            position.is_dirty = True

    def _reckon(self, position: Position) -> PositionFigures:
        """Make the figures of a position."""
        key, terms = position.key, position.terms
        quote = self.facts.quotes.get(key.instrument)
        if quote is not None and not position.pre:
            position.pre = quote.pre_settlement
        last = position.pre if quote is None else quote.last
        commissions = self.facts.commissions(key.instrument)
        orders = self.working.of(key)
        aside = _NO_ASIDE
        if orders and commissions is not None:
            aside = set_aside(orders, terms, commissions, quote)
        by_date, by_trade = position.profit(last)
        each = self._lot_margin(position, last)
        margin = position.volume * each
        if not terms.is_option and self.account.params.margin_price != _PRE:
            margin = self._margin_at(position, last, each)
        today_frozen, older_frozen = aside.today, aside.older
        if not terms.by_date:  # the older lots are closed first
            older_frozen = min(aside.older, position.older_lots.volume)
            today_frozen = aside.older - older_frozen
        today, older = position.today, position.older
        value = last * position.volume * terms.multiplier * position.sign
        return PositionFigures(
            key,
            terms.exchange,
            terms.multiplier,
            position.today_lots.volume,
            position.older_lots.volume,
            position.start,
            today_frozen,
            older_frozen,
            aside.opening,
            position.combined,
            today.open_volume + older.open_volume,
            today.close_volume + older.close_volume,
            today.open_amount + older.open_amount,
            today.close_amount + older.close_amount,
            position.cost,
            position.open_cost,
            last,
            position.pre,
            by_date,
            by_trade,
            today.profit_by_date + older.profit_by_date,
            today.profit_by_trade + older.profit_by_trade,
            value if terms.is_option else 0,
            margin,
            each,
            today.commission + older.commission,
            today.cash_in + older.cash_in,
            aside.commission,
            aside.cash,
            aside.amount,
        )

    def _lot_margin(self, position: Position, last: int) -> int:
        """Return the margin a lot: of futures at pre-settlement, of options sold with the premium.

        The premium counts at the larger of pre-settlement and last price (CTP's page
        REQQRYOPTIONINSTRTRADECOST). 0 where it is not known yet.
        """
        return lot_margin(self.facts, position.key, position.terms, position.pre, last)

    def _margin_at(self, position: Position, last: int, each: int) -> int:
        """Return a future's margin where today's lots are charged at another price."""
        charge = self.facts.margin(position.key)
        if charge is None:
            return 0
        lots, size = position.today_lots, position.terms.multiplier
        worth = (
            last * lots.volume if self.account.params.margin_price == _AT_LAST else lots.open_sum
        )
        return each * position.older_lots.volume + charge.of(worth * size, lots.volume)


def lot_margin(facts: Facts, key: Key, terms: Terms, pre: int, last: int) -> int:
    """Return the margin a lot of a position; see :meth:`Portfolio.figures`."""
    if terms.is_option:
        cost = facts.option_cost(key) if key.side == SHORT else None
        if cost is None:
            return 0
        return max(max(pre, last) * terms.multiplier + cost.fixed, cost.least)
    charge = facts.margin(key)
    return 0 if charge is None else charge.of(pre * terms.multiplier, 1)


_NOTHING: Final = Need("", "")


def _key_of(row: Row) -> Key:
    """Return the position that a trade opens or closes."""
    side = side_of(str(row["Direction"]), str(row["OffsetFlag"]))
    return Key(str(row["InstrumentID"]), side, str(row["HedgeFlag"]))


def _key_of_lot(row: Row) -> Key:
    """Return the position of a lot, whose Direction is that of its opening."""
    return Key(str(row["InstrumentID"]), str(row["Direction"]), str(row["HedgeFlag"]))


def _left(row: Row) -> int:
    """Return what is left of a lot first in, first out; older fronts tell Volume only."""
    return int(row["TimeFirstVolume"] if "TimeFirstVolume" in row else row["Volume"])
