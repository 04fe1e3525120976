"""An independent ledger: an account's money by plain arithmetic, from pushes and reference data.

It shares no code with the simulator, counts in Decimal yuan, and knows of the exchange only what
a client is told: trades, transfers, instruments, rates, and the prices of ticks.
"""

from collections import defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.sim.combledger import Combinations, Key, Row

_CENT = Decimal("0.01")


def exact(value: Any) -> Decimal:
    """Return a number of a struct as the decimal it stands for."""
    return Decimal(repr(value))


def cents(amount: Decimal) -> Decimal:
    """Round an amount to the cent, halves away from zero."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


class Ledger:
    """One account on one day that began without positions.

    :param ask: from a query's name and InstrumentID to the first row of its answer.
    """

    def __init__(self, balance: float, ask: Callable[[str, str], Row]) -> None:
        self._ask = ask
        self._known: dict[tuple[str, str], Row] = {}
        self._lots: defaultdict[Key, list[list[Decimal]]] = defaultdict(list)
        self.balance = exact(balance)
        self.combinations = Combinations(self._held, self._cost, self._share, self._size)
        self.commission = self.close_profit = self.cash_in = Decimal(0)
        self.deposit = self.withdraw = Decimal(0)

    def _reference(self, query: str, instrument: str) -> Row:
        if (query, instrument) not in self._known:
            self._known[query, instrument] = self._ask(query, instrument)
        return self._known[query, instrument]

    def trade(self, row: Row) -> None:
        """Enter a trade as OnRtnTrade tells it."""
        name, opens = row["InstrumentID"], row["OffsetFlag"] == "0"
        side = row["Direction"] if opens else "10"[int(row["Direction"])]
        price, volume = exact(row["Price"]), Decimal(row["Volume"])
        terms = self._reference("ReqQryInstrument", name)
        size = Decimal(terms["VolumeMultiple"])
        # On a day that began without positions every closing closes today's.
        self.commission += self._charge(
            name, "Open" if opens else "CloseToday", price * volume * size, volume
        )
        if terms["OptionsType"]:
            self.cash_in += price * volume * size * (1 if row["Direction"] == "1" else -1)
        lots = self._lots[name, side, row["HedgeFlag"]]
        if opens:
            lots.append([price, volume])
            return
        while volume:
            first = lots[0]
            taken = min(volume, first[1])
            if not terms["OptionsType"]:
                gain = (price - first[0]) * taken * size
                self.close_profit += gain if side == "0" else -gain
            volume -= taken
            first[1] -= taken
            if not first[1]:
                del lots[0]
        self.combinations.closed((name, side, row["HedgeFlag"]))

    def transfer(self, row: Row) -> None:
        """Enter a transfer as its notice tells it; one that the bank has refused moves nothing."""
        if row["ErrorID"] or row["TransferStatus"] != "0":
            return
        amount = exact(row["TradeAmount"])
        if row["TradeCode"] == "202001":
            self.deposit += amount
        else:
            self.withdraw += amount

    def _charge(self, name: str, kind: str, amount: Decimal, volume: Decimal) -> Decimal:
        rates = self._reference("ReqQryInstrumentCommissionRate", name)
        by_money, by_volume = rates[f"{kind}RatioByMoney"], rates[f"{kind}RatioByVolume"]
        return cents(amount * exact(by_money)) + cents(volume * exact(by_volume))

    def account(self) -> dict[str, Decimal]:
        """Return what ReqQryTradingAccount must say, as far as nothing is frozen."""
        profit = Decimal(0)
        margins: defaultdict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 2)
        for (name, side, hedge), lots in self._lots.items():
            volume = sum((lot[1] for lot in lots), Decimal(0))
            if not volume:
                continue
            terms = self._reference("ReqQryInstrument", name)
            size = Decimal(terms["VolumeMultiple"])
            tick = self._ask("ReqQryDepthMarketData", name)
            if not terms["OptionsType"]:
                cost = sum((lot[0] * lot[1] for lot in lots), Decimal(0))
                gain = (exact(tick["LastPrice"]) * volume - cost) * size
                profit += gain if side == "0" else -gain
            each, _ = self._cost((name, side, hedge))
            margins[self._netted(terms, name, side, hedge)][int(side)] += each * volume
        margin = sum((max(sides) for sides in margins.values()), Decimal(0))
        margin -= self.combinations.saved()
        balance = self.balance + self.close_profit + profit + self.cash_in - self.commission
        balance += self.deposit - self.withdraw
        available = balance - margin
        return {
            "Deposit": self.deposit,
            "Withdraw": self.withdraw,
            "Commission": self.commission,
            "CloseProfit": self.close_profit,
            "PositionProfit": profit,
            "CashIn": self.cash_in,
            "CurrMargin": margin,
            "Balance": balance,
            "Available": available,
            # Profit that is not closed stays, a loss does not come back (JYJK, 可取资金).
            "WithdrawQuota": max(Decimal(0), available - max(Decimal(0), profit)),
        }

    def _cost(self, key: Key) -> tuple[Decimal, Decimal]:
        """Return a position's margin a lot, and the premium in it."""
        name, side, _ = key
        terms = self._reference("ReqQryInstrument", name)
        size = Decimal(terms["VolumeMultiple"])
        tick = self._ask("ReqQryDepthMarketData", name)
        last, pre = exact(tick["LastPrice"]), exact(tick["PreSettlementPrice"])
        if terms["OptionsType"]:
            if side == "0":
                return Decimal(0), Decimal(0)
            premium = max(last, pre) * size
            cost = self._reference("ReqQryOptionInstrTradeCost", name)
            return max(premium + exact(cost["FixedMargin"]), exact(cost["MiniMargin"])), premium
        rates = self._reference("ReqQryInstrumentMarginRate", name)
        kind = "Long" if side == "0" else "Short"
        each = cents(pre * size * exact(rates[f"{kind}MarginRatioByMoney"]))
        return each + exact(rates[f"{kind}MarginRatioByVolume"]), Decimal(0)

    def _held(self, key: Key) -> Decimal:
        return sum((lot[1] for lot in self._lots[key]), Decimal(0))

    def _share(self, name: str) -> Decimal:
        """Return the X of a combination, which is told for its product: BLS m_o&m_o."""
        code, _, legs = name.partition(" ")
        products = [
            str(self._reference("ReqQryInstrument", leg)["ProductID"]) for leg in legs.split("&")
        ]
        row = self._reference("ReqQryCombPromotionParam", f"{code} {'&'.join(products)}")
        return exact(row["Xparameter"])

    def _size(self, name: str) -> tuple[Decimal, Decimal]:
        """Return an instrument's multiplier, and its strike (0 for a future)."""
        terms = self._reference("ReqQryInstrument", name)
        strike = exact(terms["StrikePrice"]) if terms["OptionsType"] else Decimal(0)
        return Decimal(terms["VolumeMultiple"]), strike

    @staticmethod
    def _netted(terms: Row, name: str, side: str, hedge: str) -> tuple[str, ...]:
        """Return what the larger of two sides is taken of; each position alone where it is not."""
        if terms["MaxMarginSideAlgorithm"] != "1" or terms["OptionsType"]:
            return name, side, hedge
        code = hedge if terms["ExchangeID"] == "CFFEX" else ""
        return terms["ExchangeID"], terms["ProductID"], code
