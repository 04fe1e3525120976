"""The settlement of a day's options by plain arithmetic, as the exchanges publish it.

It shares no code with the simulator: trades, exercises and prices are those that a client is told.
"""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from tests.sim.combledger import Row
from tests.sim.holdings import ZERO
from tests.sim.ledger import Ledger, cents, exact

Price = Callable[[str], Decimal]
"""From a future to its settlement price."""


class ExerciseLedger:
    """One account on a day that began without positions, and what its settlement leaves.

    :param ask: from a query's name and InstrumentID to the first row of its answer.
    """

    def __init__(self, balance: float, ask: Callable[[str, str], Row]) -> None:
        self._ask = ask
        self._known: dict[tuple[str, str], Row] = {}
        self._ledger = Ledger(balance, ask)
        self._start = exact(balance)
        # Lots by (InstrumentID, side held), and what futures bought less those sold have cost.
        self._lots: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self._net: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._paid: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._instructed: dict[str, Row] = {}

    def _reference(self, query: str, instrument: str) -> Row:
        if (query, instrument) not in self._known:
            self._known[query, instrument] = self._ask(query, instrument)
        return self._known[query, instrument]

    def look_up(self, instrument: str) -> None:
        """Ask for an instrument's terms and rates while it is listed."""
        if self._reference("ReqQryInstrument", instrument)["OptionsType"]:
            self._reference("ReqQryOptionInstrCommRate", instrument)

    def trade(self, row: Row) -> None:
        """Enter a trade as OnRtnTrade tells it."""
        self._ledger.trade(row)
        name, opens = row["InstrumentID"], row["OffsetFlag"] == "0"
        side = row["Direction"] if opens else "10"[int(row["Direction"])]
        volume = Decimal(row["Volume"])
        self._lots[name, side] += volume if opens else -volume
        if not self._reference("ReqQryInstrument", name)["OptionsType"]:
            self._open(name, row["Direction"], exact(row["Price"]), volume)

    def _open(self, name: str, direction: str, price: Decimal, volume: Decimal) -> None:
        signed = volume if direction == "0" else -volume
        self._net[name] += signed
        self._paid[name] += signed * price

    def instructed(self, row: Row) -> None:
        """Take note of an exercise or abandonment as OnRtnExecOrder tells it."""
        number = row["ExecOrderLocalID"]
        if row["OrderSubmitStatus"] == "3" and row["ExecResult"] == "n":
            self._instructed[number] = row
        else:
            self._instructed.pop(number, None)

    def settled(self, day: str, price: Price) -> tuple[Decimal, dict[tuple[str, str], Decimal]]:
        """Return the balance and the lots that a settlement leaves.

        An option that ends in the money, by the settlement price of its future, is exercised
        unless its holder has given that up, and every seller of it is assigned; both open the
        future at the strike price. Futures are marked at the settlement price.
        """
        left: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        fees = ZERO
        for (name, side), volume in self._lots.items():
            terms = self._reference("ReqQryInstrument", name)
            if not terms["OptionsType"] or terms["ExpireDate"] != day:
                left[name, side] += volume
                continue
            future, strike = terms["UnderlyingInstrID"], exact(terms["StrikePrice"])
            is_call = terms["OptionsType"] == "1"
            gain = price(future) - strike if is_call else strike - price(future)
            exercised = self._exercised(name, side, volume, ends_in=gain > 0)
            rates = self._reference("ReqQryOptionInstrCommRate", name)
            fees += cents(exercised * exact(rates["StrikeRatioByVolume"]))
            bought = "0" if is_call == (side == "0") else "1"
            self._open(future, bought, strike, exercised)
            left[future, bought] += exercised
        marked = ZERO
        for name, net in self._net.items():
            size = Decimal(self._reference("ReqQryInstrument", name)["VolumeMultiple"])
            marked += (net * price(name) - self._paid[name]) * size
        balance = self._start + self._ledger.cash_in + marked - self._ledger.commission - fees
        return balance, {key: volume for key, volume in left.items() if volume}

    def _exercised(self, name: str, side: str, volume: Decimal, *, ends_in: bool) -> Decimal:
        """Return the lots of an option that are exercised or assigned on its last day."""
        if side == "1":
            return volume if ends_in else ZERO
        asked = [row for row in self._instructed.values() if row["InstrumentID"] == name]
        wanted = sum((Decimal(row["Volume"]) for row in asked if row["ActionType"] == "1"), ZERO)
        given_up = sum((Decimal(row["Volume"]) for row in asked if row["ActionType"] == "2"), ZERO)
        taken_back = any(not row["Volume"] for row in asked)
        return volume - given_up if ends_in and not taken_back else wanted
