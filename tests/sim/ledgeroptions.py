"""Exercises, assignments and self-closes for the independent ledger, by plain arithmetic.

It shares no code with the simulator. Rules: CTP's page QTYWGZ/QHQQDHQ-ZDCGZ and the exchanges'
(docs/simulation.md). Who is assigned before an option's last day is drawn among all sellers: the
statement tells it, and the ledger does the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from tests.sim.combledger import Key, Row
from tests.sim.holdings import ZERO, Holding, Lot, exact
from tests.sim.statementreader import StatementReader

DALIAN = ("DCE", "GFEX")
"""Exchanges that take the automatic exercise back, and whose self-closes mean every lot."""
_INDEX = {"IO": "IF", "HO": "IH", "MO": "IM"}
_OTHER = {"0": "1", "1": "0"}
_HEDGES = {"投机": "1", "交易": "1", "套利": "2", "套保": "3"}


def underlying(terms: Row) -> str:
    """Return the future of an option; of an index option that of the same month.

    CFFEX's options name their own month (IO2612) as what is below them. Its future ends with
    them, and stands for the index (docs/simulation.md).
    """
    name = str(terms["UnderlyingInstrID"])
    return _INDEX.get(name[:2], name[:2]) + name[2:] if terms["ExchangeID"] == "CFFEX" else name


@dataclass(frozen=True)
class Exercised:
    """What became of lots of an option: exercised by a holder, or assigned to a seller."""

    key: Key
    volume: Decimal
    strike: Decimal
    amount: Decimal
    cash: Decimal
    fee: Decimal


class Books(Protocol):
    """What the options need of their account's ledger."""

    @property
    def holdings(self) -> dict[Key, Holding]:
        """What is held."""

    def holding(self, key: Key) -> Holding:
        """Return a position, a new one where nothing is held."""

    def reference(self, query: str, instrument: str) -> Row:
        """Return what the day's reference data says of an instrument."""

    def taken(self, key: Key) -> None:
        """Note that lots of a position have gone."""


class OptionsOfDay:
    """What an account has instructed on a day, what that sets aside, and how it is settled."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._asked: dict[tuple[str, str], Row] = {}

    def instructed(self, callback: str, row: Row) -> None:
        """Note an exercise or a self-close as its push tells it."""
        name = callback.removeprefix("OnRtn")
        number = name, str(row[f"{name}LocalID"])
        if row["OrderSubmitStatus"] == "4" or row["ExecResult"] == "c":
            self._asked.pop(number, None)
        elif row["ExecResult"] in "an":
            # What the settlement has made of it, which is told before the day ends, comes later.
            self._asked[number] = row

    def _waiting(self, name: str) -> list[Row]:
        return [row for (kind, _), row in self._asked.items() if kind == name]

    def under(self, key: Key, today: bool | None, action: str) -> Decimal:
        """Return the lots of a position's part under exercise ('1') or abandonment ('2')."""
        name, side, hedge = key
        return sum(
            (
                Decimal(row["Volume"])
                for row in self._waiting("ExecOrder")
                if side == "0"
                and (row["InstrumentID"], row["HedgeFlag"]) == (name, hedge)
                and row["ActionType"] == action
                and today in (None, row["OffsetFlag"] == "3")
            ),
            ZERO,
        )

    def aside(self, cost: Callable[[Key], tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
        """Return the margin and the fees that exercises set aside.

        :param cost: from a position to the margin a lot, and the premium in it.
        """
        margin = fees = ZERO
        for row in self._waiting("ExecOrder"):
            if row["ActionType"] == "1":
                name, volume = row["InstrumentID"], Decimal(row["Volume"])
                margin += volume * self.margin(name, row["HedgeFlag"], cost)
                fees += volume * self._fee(name)
        return margin, fees

    def margin(
        self, name: str, hedge: str, cost: Callable[[Key], tuple[Decimal, Decimal]]
    ) -> Decimal:
        """Return the margin that the exercise of a lot sets aside: that of its future."""
        terms = self._terms(name)
        side = "0" if terms["OptionsType"] == "1" else "1"
        return cost((underlying(terms), side, hedge))[0]

    def _terms(self, name: str) -> Row:
        return self._books.reference("ReqQryInstrument", name)

    def _fee(self, name: str) -> Decimal:
        rates = self._books.reference("ReqQryOptionInstrCommRate", name)
        return exact(rates["StrikeRatioByVolume"])

    def settle(
        self, day: str, price: Callable[[str], Decimal], told: StatementReader
    ) -> tuple[list[Exercised], Decimal]:
        """Carry out a day's self-closes and exercises.

        :param day: the TradingDay that ends.
        :param price: from a future to its settlement price.
        :returns: the exercises, and the profit of futures that were netted.
        """
        settlement = _Settlement(self._books, day, price, told)
        asked = self._waiting("ExecOrder"), self._waiting("OptionSelfClose")
        self._asked.clear()
        return settlement.run(*asked)


class _Settlement:
    """The settlement of one account's options on one day."""

    def __init__(
        self, books: Books, day: str, price: Callable[[str], Decimal], told: StatementReader
    ) -> None:
        self._books = books
        self._day = day
        self._price = price
        self._told = told
        self._done: list[Exercised] = []
        self._netted = ZERO
        self._arisen: dict[Key, list[Lot]] = {}

    def run(self, asked: list[Row], closes: list[Row]) -> tuple[list[Exercised], Decimal]:
        held = self._books.holdings
        given_up: dict[Key, Decimal] = {}
        locked: dict[Key, dict[bool, Decimal]] = {}
        for row in asked:
            parts = locked.setdefault(_key(row), {True: ZERO, False: ZERO})
            parts[row["OffsetFlag"] == "3"] += row["Volume"]
            if row["ActionType"] == "2":
                given_up[_key(row)] = given_up.get(_key(row), ZERO) + row["Volume"]
        for row in closes:
            if row["OptSelfCloseFlag"] == "1":
                self._net_options(row, locked)
        for row in asked:
            if row["ActionType"] == "1" and row["Volume"]:
                part = row["OffsetFlag"] == "3" if held[_key(row)].by_date else None
                self._exercise(_key(row), Decimal(row["Volume"]), part)
        kept = {row["InstrumentID"] for row in asked if not row["Volume"]}
        for key, holding in list(held.items()):
            if holding.option and key[1] == "0" and key[0] not in kept and self._ends_in(key[0]):
                self._exercise(key, holding.volume() - given_up.get(key, ZERO), None)
        for key, holding in list(held.items()):
            if holding.option and key[1] == "1":
                ends_in = self._ends_in(key[0])
                volume = holding.volume() if ends_in else self._drawn(key)
                self._exercise(key, volume, None)
        for row in asked:
            if row["ActionType"] == "1" and row["CloseFlag"] == "0":
                self._net_futures(_key(row), Decimal(row["Volume"]))
        for row in closes:
            if row["OptSelfCloseFlag"] == "3":
                name, _, hedge = key = row["InstrumentID"], "1", row["HedgeFlag"]
                most = sum((one.volume for one in self._done if one.key == key), ZERO)
                if row["ExchangeID"] not in DALIAN:
                    most = min(most, Decimal(row["Volume"]))
                self._net_futures((name, "1", hedge), most)
        return self._done, self._netted

    def _terms(self, name: str) -> Row:
        return self._books.reference("ReqQryInstrument", name)

    def _fee(self, name: str) -> Decimal:
        rates = self._books.reference("ReqQryOptionInstrCommRate", name)
        return exact(rates["StrikeRatioByVolume"])

    def _worth(self, name: str) -> Decimal:
        """Return what the exercise of a lot gives at the future's settlement price."""
        terms = self._terms(name)
        beyond = self._price(underlying(terms)) - exact(terms["StrikePrice"])
        gain = beyond if terms["OptionsType"] == "1" else -beyond
        return max(ZERO, gain) * Decimal(terms["VolumeMultiple"])

    def _ends_in(self, name: str) -> bool:
        """Return whether an option ends in the money; CFFEX's must be worth more than its fee."""
        terms = self._terms(name)
        if terms["ExpireDate"] != self._day:
            return False
        least = self._fee(name) if terms["ExchangeID"] == "CFFEX" else ZERO
        return self._worth(name) > least

    def _exercise(self, key: Key, volume: Decimal, today: bool | None) -> None:
        """Turn lots of an option into its future at the strike price; on CFFEX into cash."""
        if not volume:
            return
        name, side, hedge = key
        terms, holding = self._terms(name), self._books.holdings[key]
        _take(holding, volume, today)
        self._books.taken(key)
        strike, cash = exact(terms["StrikePrice"]), ZERO
        if terms["ExchangeID"] == "CFFEX":
            cash = holding.sign * self._worth(name) * volume
        else:
            long = "0" if (terms["OptionsType"] == "1") == (side == "0") else "1"
            future = underlying(terms), long, hedge
            lot = Lot("", self._day, strike, volume, True, None)
            self._books.holding(future).lots.append(lot)
            self._arisen.setdefault(future, []).append(lot)
        amount = strike * volume * holding.size
        fee = self._fee(name) * volume
        self._done.append(Exercised(key, volume, strike, amount, cash, fee))

    def _drawn(self, key: Key) -> Decimal:
        """Return how many lots the statement says were assigned."""
        return sum(
            (
                Decimal(row["行权数量"])
                for row in self._told.rows("行权明细")
                if (row["合约"], row["是否行权"]) == (key[0], "履约")
                and _HEDGES[row["投/保"]] == key[2]
            ),
            ZERO,
        )

    def _net_options(self, row: Row, locked: Mapping[Key, dict[bool, Decimal]]) -> None:
        """Net long and short lots of an option, but for those under exercise."""
        name, dalian = row["InstrumentID"], row["ExchangeID"] in DALIAN
        for hedge in "13" if dalian else row["HedgeFlag"]:
            long, short = (self._books.holdings.get((name, side, hedge)) for side in "01")
            if long is None or short is None:
                continue
            under = locked.get((name, "0", hedge), {True: ZERO, False: ZERO})
            volume = min(long.volume() - sum(under.values()), short.volume())
            if not dalian:
                volume = min(volume, Decimal(row["Volume"]))
            for key, holding, kept in (
                ((name, "0", hedge), long, under),
                ((name, "1", hedge), short, {True: ZERO, False: ZERO}),
            ):
                if holding.by_date:
                    older = min(volume, holding.volume(today=False) - kept[False])
                    _take(holding, older, today=False)
                    _take(holding, volume - older, today=True)
                else:
                    _take(holding, volume, None)
                self._books.taken(key)

    def _net_futures(self, option: Key, most: Decimal) -> None:
        """Net futures that have arisen with opposite ones, at the settlement price, for nothing."""
        name, side, hedge = option
        terms = self._terms(name)
        long = "0" if (terms["OptionsType"] == "1") == (side == "0") else "1"
        keys = [(underlying(terms), one, hedge) for one in (long, _OTHER[long])]
        opened, against = (self._books.holdings.get(key) for key in keys)
        if opened is None or against is None:
            return
        arisen = self._arisen.get(keys[0], [])
        volume = min(most, sum((lot.volume for lot in arisen), ZERO), against.volume())
        price = self._price(underlying(terms))
        for key, holding, lots in ((keys[0], opened, arisen), (keys[1], against, against.lots)):
            left = volume
            for lot in lots:
                taken = min(left, lot.volume)
                left -= taken
                lot.volume -= taken
                gained = (price - holding.base(lot)) * holding.sign
                self._netted += gained * taken * holding.size
            self._books.taken(key)


def _key(row: Row) -> Key:
    return row["InstrumentID"], "0", row["HedgeFlag"]


def _take(holding: Holding, volume: Decimal, today: bool | None) -> None:
    """Take lots out of a position, the oldest first."""
    for lot in holding.lots:
        if today in (None, lot.today):
            taken = min(volume, lot.volume)
            lot.volume -= taken
            volume -= taken
    assert not volume, (holding, volume)


def assigned(
    told: Iterable[StatementReader], ends: Callable[[str], bool]
) -> Iterator[tuple[str, Any, Any]]:
    """Hold what users were assigned before an option's last day against what users exercised."""
    sums: dict[str, dict[str, Decimal]] = {}
    for statement in told:
        for row in statement.rows("行权明细"):
            both = sums.setdefault(row["合约"], {"执行": ZERO, "履约": ZERO})
            both[row["是否行权"]] += Decimal(row["行权数量"])
    for name, both in sums.items():
        if not ends(name):
            over = max(ZERO, both["履约"] - both["执行"])
            yield f"{name}: lots assigned that nobody has exercised", over, ZERO


def number_of(told: Mapping[tuple[Key, str, str], Row], key: Key, lot: Lot) -> str:
    """Return the TradeID of a lot that an exercise has opened: only the details tell it.

    :param told: the details, by position, OpenDate and TradeID.
    """
    for (of, day, number), row in told.items():
        price, volume = exact(row["OpenPrice"]), row["TimeFirstVolume"]
        if (of, day, row["TradeType"]) == (key, lot.day, "1") and (price, volume) == (
            lot.price,
            lot.volume,
        ):
            return number
    return ""
