"""An independent ledger: an account's money by plain arithmetic, from pushes and reference data.

It shares no code with the simulator, counts in Decimal yuan, and knows of the exchange only what
a client is told: orders, trades, transfers, instruments, rates, and the prices of ticks. What it
says is held against ReqQryTradingAccount, ReqQryInvestorPosition, ReqQryInvestorPositionDetail and
the statement, over days.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from tests.sim.combledger import Combinations, Key, Row, Spreads
from tests.sim.holdings import ZERO, Frozen, Holding, Lot, Part, Piece, cents, exact
from tests.sim.ledgeroptions import OptionsOfDay, number_of, underlying
from tests.sim.statementledger import DayTrade, Settled
from tests.sim.statementreader import StatementReader

_RESTING = ("1", "3", "a")
"""OrderStatus of what may still trade; a condition waits for nothing of the account's."""
_SIDES = {"2": "0", "3": "1"}
"""PosiDirection: the side held."""


class Ledger:
    """One account, from a day that began without positions.

    :param ask: from a query's name and InstrumentID to the first row of its answer.
    """

    def __init__(self, balance: float, ask: Callable[[str, str], Row]) -> None:
        self._ask = ask
        self._known: dict[tuple[str, str], Row] = {}
        self.holdings: dict[Key, Holding] = {}
        self.options = OptionsOfDay(self)
        self._orders: dict[int, Row] = {}
        self._limits: dict[int, Decimal] = {}
        self._day = Settled()
        self.balance = exact(balance)
        self.combinations = Combinations(self._held, self._cost, self._share, self._size)
        self.spreads = Spreads(self.combinations)
        self.commission = self.close_profit = self.cash_in = Decimal(0)
        self.deposit = self.withdraw = self.pre_margin = Decimal(0)
        self._settling = False
        """Whether margins go by the settlement's prices alone."""

    def reference(self, query: str, instrument: str) -> Row:
        """Return what the day's reference data says of an instrument."""
        if (query, instrument) not in self._known:
            self._known[query, instrument] = self._ask(query, instrument)
        return self._known[query, instrument]

    def order(self, row: Row, limit: Decimal | None = None) -> None:
        """Note an order as OnRtnOrder tells it: it sets aside what it may still cost.

        :param limit: the price that CTP has made of "best ask and two ticks" and the like.
        """
        number = row["BrokerOrderSeq"]
        if limit is not None:
            self._limits[number] = limit
        if "&" in row["InstrumentID"]:
            self.spreads.order(row)
        if row["OrderStatus"] in _RESTING and row["VolumeTotal"]:
            self._orders[number] = row
        else:
            self._orders.pop(number, None)

    def trade(self, row: Row) -> None:
        """Enter a trade as OnRtnTrade tells it."""
        name, flag = row["InstrumentID"], row["OffsetFlag"]
        side = row["Direction"] if flag == "0" else "10"[int(row["Direction"])]
        key = name, side, row["HedgeFlag"]
        price, volume = exact(row["Price"]), Decimal(row["Volume"])
        held = self.holding(key)
        amount = price * volume * held.size
        pieces: list[Piece] = []
        gain = cash = ZERO
        if flag == "0":
            held.open(row, price, volume)
            part = held.today
            paid = self._charge(name, "Open", amount, volume)
        else:
            newest = held.paying_today(flag, volume)
            pieces, part = held.close(flag, price, volume)
            gain = sum((piece.gain for piece in pieces), ZERO)
            self.close_profit += gain
            paid = self._charge(name, "CloseToday", price * newest * held.size, newest)
            older = volume - newest
            paid += self._charge(name, "Close", price * older * held.size, older)
            self.combinations.closed(key)
        self.commission += paid
        part.commission += paid
        if held.option:
            cash = amount if row["Direction"] == "1" else -amount
            self.cash_in += cash
            part.cash_in += cash
        self.spreads.trade(row)
        self._day.trades.append(
            DayTrade(key, row["Direction"], flag, price, volume, paid, gain, cash, amount, pieces)
        )

    def begin_day(self, day: str, last: Mapping[str, Row], told: StatementReader) -> Settled:
        """Carry the account into the next day; what was queried of the old one is asked anew.

        The new day's ticks tell the settlement price, as PreSettlementPrice; the last ones of the
        old day that of what is listed no more.

        :param day: the TradingDay that has ended.
        :param told: its statement, which tells who has been assigned.
        :returns: what that statement must say.
        """

        def price(name: str) -> Decimal:
            if self.reference("ReqQryInstrument", name)["ExpireDate"] <= day:
                return exact(last[name]["SettlementPrice"])
            return exact(self._ask("ReqQryDepthMarketData", name)["PreSettlementPrice"])

        settled, self._day = self._day, Settled()
        self._orders.clear()
        self.spreads.forget()
        settled.exercises, netted = self.options.settle(day, price, told)
        self.close_profit += netted
        profit = ZERO
        worth = [ZERO, ZERO]
        for key, held in self.holdings.items():
            if not held.lots:
                continue
            settlement = price(key[0])
            profit += held.profit(settlement)
            settled.hold(key, held, settlement)
            if held.option:
                worth[int(key[1])] += settlement * held.volume() * held.size
            held.begin_day(settlement)
        self._leave(day)
        self.combinations.cover(self.holdings)
        settled.summary = self._summary(settled, profit, worth)
        self.balance = settled.summary["Balance c/f"]
        self.commission = self.close_profit = self.cash_in = ZERO
        self.deposit = self.withdraw = ZERO
        self._known.clear()
        for key, held in self.holdings.items():
            self._look_up(key[0], option=held.option)
        self._settling = True
        self.pre_margin = self._margins()[0]
        spared = self._spared()
        for key, held in self.holdings.items():
            if self.combinations.combined(key):
                held.pre_margin = None
            else:
                held.pre_margin = ZERO if key in spared else held.start * self._cost(key)[0]
        self._settling = False
        settled.summary["Margin Occupied"] = self.pre_margin
        settled.summary["Fund Avail."] = self.balance - self.pre_margin
        settled.summary["Margin Call"] = max(ZERO, self.pre_margin - self.balance)
        return settled

    def _leave(self, day: str) -> None:
        """Drop what was closed, and what had its last day."""
        kept = {
            key: held
            for key, held in self.holdings.items()
            if held.lots and self.reference("ReqQryInstrument", key[0])["ExpireDate"] > day
        }
        gone, self.holdings = self.holdings.keys() - kept.keys(), kept
        for key in gone:
            self.combinations.closed(key)

    def _summary(
        self, settled: Settled, profit: Decimal, worth: list[Decimal]
    ) -> dict[str, Decimal]:
        """Return the account's part of a statement, but for its margins."""
        moved = self.deposit - self.withdraw
        exercised = sum((one.cash for one in settled.exercises), ZERO)
        fees = sum((one.fee for one in settled.exercises), ZERO)
        after = self.balance + moved + self.close_profit + profit + self.cash_in + exercised
        after -= self.commission + fees
        return {
            "Balance b/f": self.balance,
            "Deposit/Withdrawal": moved,
            "Realized P/L": self.close_profit,
            "MTM P/L": profit,
            "Exercise P/L": exercised,
            "Commission": self.commission,
            "Exercise Fee": fees,
            "Premium received": sum((max(ZERO, one.cash) for one in settled.trades), ZERO),
            "Premium paid": sum((max(ZERO, -one.cash) for one in settled.trades), ZERO),
            "Balance c/f": after,
            "Client Equity": after,
            "Market value(long)": worth[0],
            "Market value(short)": worth[1],
            "Market value(equity)": after + worth[0] - worth[1],
        }

    def _look_up(self, name: str, *, option: bool) -> None:
        """Ask for what the day's settlement needs while an instrument is listed."""
        terms = self.reference("ReqQryInstrument", name)
        self.reference("ReqQryDepthMarketData", name)
        if option:
            self.reference("ReqQryOptionInstrCommRate", name)
            self._look_up(underlying(terms), option=False)

    def taken(self, key: Key) -> None:
        """Note that the settlement has taken lots of a position."""
        self.combinations.closed(key)

    def holding(self, key: Key) -> Holding:
        """Return a position, a new one where nothing is held."""
        held = self.holdings.get(key)
        if held is None:
            terms = self.reference("ReqQryInstrument", key[0])
            self._look_up(key[0], option=bool(terms["OptionsType"]))
            held = self.holdings[key] = Holding(
                key[1],
                Decimal(terms["VolumeMultiple"]),
                bool(terms["OptionsType"]),
                terms["PositionDateType"] == "1",
                exact(self.reference("ReqQryDepthMarketData", key[0])["PreSettlementPrice"]),
            )
        return held

    def entered(self, amount: Decimal) -> None:
        """Enter money that the broker's staff has entered by hand; below zero it is taken out."""
        self.deposit += max(ZERO, amount)
        self.withdraw += max(ZERO, -amount)
        self._day.moves.append(("出入金", max(ZERO, amount), max(ZERO, -amount)))

    def transfer(self, row: Row) -> None:
        """Enter a transfer as its notice tells it; one that the bank has refused moves nothing."""
        if row["ErrorID"] or row["TransferStatus"] != "0":
            return
        amount = exact(row["TradeAmount"])
        deposit = amount if row["TradeCode"] == "202001" else ZERO
        self.deposit += deposit
        self.withdraw += amount - deposit
        self._day.moves.append(("银期转账", deposit, amount - deposit))

    def _charge(self, name: str, kind: str, amount: Decimal, volume: Decimal) -> Decimal:
        rates = self.reference("ReqQryInstrumentCommissionRate", name)
        by_money, by_volume = rates[f"{kind}RatioByMoney"], rates[f"{kind}RatioByVolume"]
        return cents(amount * exact(by_money)) + cents(volume * exact(by_volume))

    def account(self) -> dict[str, Decimal]:
        """Return what ReqQryTradingAccount must say."""
        profit = sum((h.profit(self._last(key[0])) for key, h in self.holdings.items()), ZERO)
        margin, frozen_margin = self._margins()
        exercising, fees = self.options.aside(self._cost)
        frozen_margin += exercising
        frozen = list(self._frozen().values())
        commission = sum((one.commission for one in frozen), fees)
        cash = sum((one.cash for one in frozen), ZERO)
        balance = self.balance + self.close_profit + profit + self.cash_in - self.commission
        balance += self.deposit - self.withdraw
        available = balance - margin - frozen_margin - commission - cash
        return {
            "PreBalance": self.balance,
            "PreMargin": self.pre_margin,
            "Deposit": self.deposit,
            "Withdraw": self.withdraw,
            "Commission": self.commission,
            "CloseProfit": self.close_profit,
            "PositionProfit": profit,
            "CashIn": self.cash_in,
            "CurrMargin": margin,
            "ExchangeMargin": margin,
            "FrozenMargin": frozen_margin,
            "FrozenCommission": commission,
            "FrozenCash": cash,
            "Balance": balance,
            "Available": available,
            # Profit that is not closed stays, a loss does not come back (JYJK, 可取资金).
            "WithdrawQuota": max(ZERO, available - max(ZERO, profit)),
        }

    def positions(self, rows: Iterable[Row]) -> Iterator[tuple[str, Any, Decimal]]:
        """Hold rows of ReqQryInvestorPosition against the ledger: what, told, right."""
        rows = list(rows)
        frozen, spared = self._frozen(), self._spared()
        told = {}
        for row in rows:
            if " " in row["InstrumentID"]:
                continue  # a combination, which its legs' rows hold already
            key = row["InstrumentID"], _SIDES[row["PosiDirection"]], row["HedgeFlag"]
            told[key, row["PositionDate"]] = row
        yield (
            "UseMargin of all",
            sum(exact(r["UseMargin"]) for r in told.values()),
            self._margins()[0],
        )
        for key, held in self.holdings.items():
            last, each = self._last(key[0]), self._cost(key)[0]
            for today in held.rows():
                date = "2" if today is False else "1"
                what = f"{key} {'older' if today is False else 'today'}"
                if (key, date) not in told:
                    if held.volume(today) or held.part(today is not False).opened:
                        yield f"{what}: the row", None, held.volume(today)
                    continue
                row = told.pop((key, date))
                right = held.told(today, last, frozen[key, today is not False or not held.by_date])
                right |= self._under(key, today)
                if held.option and held.side == "0":
                    yield from _settled(what, held.part(today is not False), row)
                else:
                    right["SettlementPrice"] = last
                if not self.combinations.combined(key):
                    # The smaller of two sides is charged nothing (ONRSPQRYINVESTORPOSITION, FAQ 2).
                    right["UseMargin"] = ZERO if key in spared else held.volume(today) * each
                    right["ExchangeMargin"] = right["UseMargin"]
                if held.pre_margin is not None:
                    right["PreMargin"] = ZERO if today else held.pre_margin
                for name, value in right.items():
                    yield f"{what} {name}", row[name], value
        for (key, date), row in told.items():
            resting = frozen[key, True]
            yield f"{key} {date}: a row without lots", row["Position"], ZERO
            yield f"{key} {date} opening", row["LongFrozen"] + row["ShortFrozen"], resting.opening

    def _under(self, key: Key, today: bool | None) -> dict[str, Decimal]:
        """Return what a part of a position shows of exercises and abandonments."""
        exercised = self.options.under(key, today, "1")
        each = self.options.margin(key[0], key[2], self._cost) if exercised else ZERO
        return {
            "StrikeFrozen": exercised,
            "StrikeFrozenAmount": exercised * each,
            "AbandonFrozen": self.options.under(key, today, "2"),
        }

    def details(self, rows: Iterable[Row]) -> Iterator[tuple[str, Any, Decimal]]:
        """Hold rows of ReqQryInvestorPositionDetail against the ledger, likewise."""
        told: dict[tuple[Key, str, str], Row] = {}
        volumes: defaultdict[Key, Decimal] = defaultdict(Decimal)
        for row in rows:
            of = row["InstrumentID"], row["Direction"], row["HedgeFlag"]
            named = of, row["OpenDate"], row["TradeID"]
            yield f"{of} {row['TradeID'].strip()}, its rows", 1 + (named in told), Decimal(1)
            told[named] = row
            volumes[of] += row["Volume"]
            if self.combinations.mixed(of) and not self.combinations.combined(of):
                each = self._cost(of)[0] * row["Volume"]
                yield f"{of} {row['TradeID'].strip()} Margin", row["Margin"], each
        for of, volume in volumes.items():
            yield f"{of} Volume of all lots", volume, self._held(of)
        for key, held in self.holdings.items():
            last, each = self._last(key[0]), self._cost(key)[0]
            for lot in held.lots:
                if not lot.trade_id:
                    lot.trade_id = number_of(told, key, lot)
                what = f"{key} {lot.day} {lot.trade_id.strip()}"
                if (key, lot.day, lot.trade_id) not in told:
                    yield f"{what}: the row", None, lot.volume
                    continue
                row = told.pop((key, lot.day, lot.trade_id))
                right = held.detail(lot, last)
                if not self.combinations.mixed(key):
                    right["Volume"] = lot.volume
                    right["Margin"] = right["ExchMargin"] = lot.volume * each
                for name, value in right.items():
                    yield f"{what} {name}", row[name], value
                yield from _settled(what, lot, row)
        for (gone, day, trade_id), row in told.items():
            # First in, first out it is gone; combined, it is still there (QTYWGZ/DCEZB 5).
            what = f"{gone} {day} {trade_id.strip()}, which is gone:"
            yield f"{what} TimeFirstVolume", row["TimeFirstVolume"], ZERO
            if not self.combinations.mixed(gone):
                yield f"{what} Volume", row["Volume"], ZERO

    def _last(self, name: str) -> Decimal:
        return exact(self._ask("ReqQryDepthMarketData", name)["LastPrice"])

    def _frozen(self) -> defaultdict[tuple[Key, bool], Frozen]:
        """Return what resting orders set aside, by position and part."""
        found: defaultdict[tuple[Key, bool], Frozen] = defaultdict(Frozen)
        for number, row in self._singles():
            name, flag = row["InstrumentID"], row["CombOffsetFlag"][0]
            side = row["Direction"] if flag == "0" else "10"[int(row["Direction"])]
            key = name, side, row["CombHedgeFlag"][0]
            held, left = self.holding(key), Decimal(row["VolumeTotal"])
            if row["OrderPriceType"] == "2" or number in self._limits:
                price = max(ZERO, self._limits.get(number, exact(row["LimitPrice"])))
            else:
                price = exact(self._ask("ReqQryDepthMarketData", name)["UpperLimitPrice"])
            one = found[key, flag in "03" or not held.by_date]
            kind = {"0": "Open", "3": "CloseToday"}.get(flag, "Close")
            one.commission += self._charge(name, kind, price * held.size, Decimal(1)) * left
            if held.option and row["Direction"] == "0":
                one.cash += price * held.size * left
            if flag == "0":
                one.opening += left
                one.amount += price * held.size * left
            else:
                one.closing += left
        return found

    def _singles(self) -> Iterator[tuple[int, Row]]:
        """Yield resting orders; one in a combination as two, at its legs' pre-settlement prices."""
        for number, row in self._orders.items():
            if "&" not in row["InstrumentID"]:
                yield number, row
                continue
            legs = row["InstrumentID"].partition(" ")[2].split("&")
            for name, direction in zip(
                legs, (row["Direction"], "10"[int(row["Direction"])]), strict=True
            ):
                tick = self.reference("ReqQryDepthMarketData", name)
                leg = {"InstrumentID": name, "Direction": direction}
                yield number, {**row, **leg, "LimitPrice": tick["PreSettlementPrice"]}

    def _sides(self) -> dict[tuple[str, ...], list[list[Decimal]]]:
        """Return what each side costs, in use and set aside, by what is compared."""
        frozen = self._frozen()
        found: dict[tuple[str, ...], list[list[Decimal]]] = {}
        for key, held in self.holdings.items():
            name, side, hedge = key
            each = self._cost(key)[0]
            terms = self.reference("ReqQryInstrument", name)
            group = self._netted(terms, name, side, hedge)
            used, aside = found.setdefault(group, [[ZERO, ZERO], [ZERO, ZERO]])
            used[int(side)] += each * held.volume()
            aside[int(side)] += each * frozen[key, True].opening
        return found

    def _margins(self) -> tuple[Decimal, Decimal]:
        """Return the margin in use, and what opening orders would add to it."""
        margin = after = ZERO
        for used, aside in self._sides().values():
            margin += max(used)
            after += max(used[0] + aside[0], used[1] + aside[1])
        return margin - self.combinations.saved(), after - margin - self.combinations.spared()

    def _spared(self) -> set[Key]:
        """Return the positions on the smaller side of what is compared."""
        sides = self._sides()
        found = set()
        for key in self.holdings:
            group = self._netted(self.reference("ReqQryInstrument", key[0]), *key)
            (long, short), _ = sides[group]
            if group != key and key[1] == ("1" if long >= short else "0"):
                found.add(key)
        return found

    def _cost(self, key: Key) -> tuple[Decimal, Decimal]:
        """Return a position's margin a lot, and the premium in it."""
        name, side, _ = key
        terms = self.reference("ReqQryInstrument", name)
        size = Decimal(terms["VolumeMultiple"])
        tick = self._ask("ReqQryDepthMarketData", name)
        last, pre = exact(tick["LastPrice"]), exact(tick["PreSettlementPrice"])
        if terms["OptionsType"]:
            if side == "0":
                return Decimal(0), Decimal(0)
            premium = (pre if self._settling else max(last, pre)) * size
            cost = self.reference("ReqQryOptionInstrTradeCost", name)
            return max(premium + exact(cost["FixedMargin"]), exact(cost["MiniMargin"])), premium
        rates = self.reference("ReqQryInstrumentMarginRate", name)
        kind = "Long" if side == "0" else "Short"
        each = cents(pre * size * exact(rates[f"{kind}MarginRatioByMoney"]))
        return each + exact(rates[f"{kind}MarginRatioByVolume"]), Decimal(0)

    def _held(self, key: Key) -> Decimal:
        held = self.holdings.get(key)
        return ZERO if held is None else held.volume()

    def _share(self, name: str) -> Decimal:
        """Return the X of a combination, which is told for its product: BLS m_o&m_o."""
        code, _, legs = name.partition(" ")
        products = [
            str(self.reference("ReqQryInstrument", leg)["ProductID"]) for leg in legs.split("&")
        ]
        row = self.reference("ReqQryCombPromotionParam", f"{code} {'&'.join(products)}")
        return exact(row["Xparameter"])

    def _size(self, name: str) -> tuple[Decimal, Decimal]:
        """Return an instrument's multiplier, and its strike (0 for a future)."""
        terms = self.reference("ReqQryInstrument", name)
        strike = exact(terms["StrikePrice"]) if terms["OptionsType"] else Decimal(0)
        return Decimal(terms["VolumeMultiple"]), strike

    @staticmethod
    def _netted(terms: Row, name: str, side: str, hedge: str) -> tuple[str, ...]:
        """Return what the larger of two sides is taken of; each position alone where it is not."""
        if terms["MaxMarginSideAlgorithm"] != "1" or terms["OptionsType"]:
            return name, side, hedge
        code = hedge if terms["ExchangeID"] == "CFFEX" else ""
        return terms["ExchangeID"], terms["ProductID"], code


def _settled(what: str, one: Lot | Part, row: Row) -> Iterator[tuple[str, Any, Decimal]]:
    """Hold a SettlementPrice that does not follow the market: it stands until the next change."""
    told = exact(row["SettlementPrice"])
    if one.settled is None:
        one.settled = told
    yield f"{what} SettlementPrice", row["SettlementPrice"], one.settled
