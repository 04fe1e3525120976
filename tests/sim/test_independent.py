"""Accounts, positions, orders and ticks of random days against an independent ledger."""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.accounts.test_banks import NOTICES, TO_BANK, TO_FUTURES, asked
from tests.sim.combledger import Row
from tests.sim.helpers import Bench, pushes
from tests.sim.ledger import Ledger, exact
from tests.sim.statementledger import Difference
from tests.sim.statementreader import reader_of
from tests.sim.tickledger import TickLedger
from webctp.sim.events import Event
from webctp.sim.options import SimOptions

Kind = dict[str, object]
BALANCE = 5_000_000.0
UNSET = 10**300
"""What no price is above: DBL_MAX stands for none."""
INSTRUMENTS = (
    "cu2701",
    "cu2702",
    "cu2612",
    "sc2703",
    "lu2702",
    "m2703",
    "m2705",
    "m2705-C-3000",
    "m2705-P-3000",
    "SR703",
    "SR705",
    "SR705C5300",
    "SR705P5300",
    "IF2612",
    "IF2701",
    "IO2612-P-4350",
    "IO2612-C-4750",
    "si2702",
    "si2703",
    "lc2703",
)
COMBINATIONS = (
    ("SP m2703&m2705", "01"),
    ("SP m2705&m2705", "0"),
    ("SPD SR703&SR705", "01"),
    ("SP si2702&si2703", "01"),
    ("STD m2705-C-3000&m2705-P-3000", "1"),
    ("PRT m2705-C-3000&m2705", "1"),
    ("PRT m2705-P-3000&m2705", "1"),
    ("BFO m2705-C-3000&m2705", "0"),
    ("OPL m2705-C-3000&m2705-C-3000", "0"),
)
SPREADS = ("SP m2703&m2705", "SPD SR703&SR705", "SP si2702&si2703", "STD SR705C5300&SR705P5300")
ACCOUNTS = ("1001", "1002", "1003")
_AT_ONCE: tuple[Kind, ...] = (
    {"TimeCondition": "1", "VolumeCondition": "1"},
    {"TimeCondition": "1", "VolumeCondition": "3"},
)
_IN_TIME: Kind = {"TimeCondition": "3"}
KINDS: tuple[Kind, ...] = (
    *_AT_ONCE,
    *_AT_ONCE[:1],
    *(_IN_TIME,) * 4,
    {"TimeCondition": "1", "OrderPriceType": "4"},
    {"TimeCondition": "1", "OrderPriceType": "1", "LimitPrice": 0.0},
    {"TimeCondition": "1", "VolumeCondition": "2", "MinVolume": 1},
    {"TimeCondition": "3", "ContingentCondition": "5", "StopPrice": 0.0},
)
"""Kinds of orders; what an exchange does not take is refused, and changes nothing."""
_CANCELS = 0.2
"""How often an order is cancelled where else one would be sent."""
_MOVES_MONEY = 0.1
"""How often money is moved where else an order would be sent."""


class Day:
    """Three users who trade at random; what each is told goes into a ledger of its own."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.bench = Bench(SimOptions(seed=seed, balance=BALANCE))
        self.sessions = [self.bench.login(name) for name in ACCOUNTS]
        self.ledgers = [Ledger(BALANCE, self._asking(session)) for session in self.sessions]
        self.returned: dict[str, dict[Any, Row]] = {"ReqQryOrder": {}, "ReqQryTrade": {}}
        """The day's last RtnOrder of each order, and its RtnTrades, by the query for them."""
        self.next_day: list[Difference] = []
        """What the first ticks of a day are held against: the last ones of the day before."""
        self.ticks = {name: TickLedger(self._terms(name)) for name in INSTRUMENTS}
        self.trades = self.transfers = self.actions = self.spreads = 0

    def take(self, events: list[Event]) -> None:
        """Let the ledgers know what the accounts are told."""
        for row in pushes(events, "OnRtnOrder"):
            self.returned["ReqQryOrder"][row["InvestorID"], row["BrokerOrderSeq"]] = row
            self._ledger(row).order(row)
        for row in pushes(events, "OnRtnTrade"):
            self.trades += 1
            number = row["TradeID"], row["Direction"], row["OrderSysID"]
            self.returned["ReqQryTrade"][row["InvestorID"], number] = row
            self._ledger(row).trade(row)
            self.ticks[str(row["InstrumentID"])].trade(row)

    def _ledger(self, row: Row) -> Ledger:
        return self.ledgers[ACCOUNTS.index(str(row["InvestorID"]))]

    def _asking(self, session: int) -> Callable[[str, str], Row]:
        def ask(query: str, instrument: str) -> Row:
            return self.bench.rows(session, query, InstrumentID=instrument)[0]

        return ask

    def act(self) -> None:
        """Enter an order of any kind, cancel one, combine positions, or move money."""
        if self.random.random() < _MOVES_MONEY:
            self._move_money()
            return
        place = self.random.randrange(len(ACCOUNTS))
        if self.random.random() < _CANCELS:
            self._cancel(place)
        else:
            self.take(self._order(place))
        for _ in range(12):
            self.combine()
        self._trade_spread()
        self.take(self.bench.run(self.random.choice((0.5, 3, 120))))

    def _order(self, place: int) -> list[Event]:
        """Open or close, at once or in time, at a limit, at the market or on a condition."""
        choose = self.random.choice
        name, direction = choose(INSTRUMENTS), choose("01")
        tick = self.bench.rows(self.sessions[0], "ReqQryDepthMarketData", InstrumentID=name)[0]
        far = tick["UpperLimitPrice" if direction == "0" else "LowerLimitPrice"]
        near = tick["BidPrice1" if direction == "0" else "AskPrice1"]
        by_date = name.startswith(("cu", "sc", "lu"))
        kind = choose(KINDS)
        rests = kind.get("TimeCondition") == "3" and exact(near) < UNSET
        price = near if rests else far
        if "StopPrice" in kind:
            kind = {**kind, "StopPrice": tick["LastPrice"]}
        return self.bench.order(
            self.sessions[place],
            name,
            Direction=direction,
            CombOffsetFlag=choose("00134" if by_date else "0011"),
            CombHedgeFlag=choose("13"),
            VolumeTotalOriginal=self.random.randint(1, 4),
            **{"LimitPrice": price, **kind},
        )

    def _cancel(self, place: int) -> None:
        rows = self.bench.rows(self.sessions[place], "ReqQryOrder")
        alive = [row for row in rows if str(row["OrderStatus"]) in "13ab"]
        if alive:
            row = self.random.choice(alive)
            names = ("ExchangeID", "InstrumentID", "FrontID", "SessionID", "OrderRef")
            values = {name: row[name] for name in names}
            self.take(self.bench.action(self.sessions[place], **values))

    def end(self) -> Iterator[Difference]:
        """Let the day end, and the next begin; gives what is to be held of ticks and statements."""
        end = self.bench.now.replace(hour=17, minute=0, second=1, microsecond=0)
        if end <= self.bench.now:
            end += timedelta(days=1)
        self.take(self.bench.run((end - self.bench.now).total_seconds() - 1.001))
        yield from self.watch()
        self.take(self.bench.run(1.001))
        for pushed in self.returned.values():
            pushed.clear()
        for row in self._ticks():
            name = str(row["InstrumentID"])
            self.next_day += self.ticks[name].follows(row)
            self.ticks[name] = TickLedger(self._terms(name))
        for session, ledger in zip(self.sessions, self.ledgers, strict=True):
            told = reader_of(self.bench.rows(session, "ReqQrySettlementInfo"))
            yield from ledger.begin_day().held_against(told)

    def returns(self, account: str, session: int) -> Iterator[Difference]:
        """Hold the queries of orders and trades against what was pushed last."""
        for query, pushed in self.returned.items():
            right = [row for (investor, _), row in pushed.items() if investor == account]
            told = self.bench.rows(session, query)
            yield f"{query}: rows", len(told), len(right)
            for row, one in zip(told, right, strict=False):
                for name in row.keys() | one.keys():
                    yield f"{query} {name}", row.get(name), one.get(name)

    def watch(self) -> Iterator[Difference]:
        """Hold the ticks of this moment against those before and what was traded."""
        for row in self._ticks():
            yield from self.ticks[str(row["InstrumentID"])].tick(row)

    def _ticks(self) -> list[Row]:
        ask = self._asking(self.sessions[0])
        return [ask("ReqQryDepthMarketData", name) for name in INSTRUMENTS]

    def _terms(self, name: str) -> Row:
        return self._asking(self.sessions[0])("ReqQryInstrument", name)

    def _move_money(self) -> None:
        place = self.random.randrange(len(ACCOUNTS))
        account, session = ACCOUNTS[place], self.sessions[place]
        name = self.random.choice((TO_FUTURES, TO_BANK))
        values = asked(name, AccountID=account, BankAccount=f"621700000000{account}")
        values["TradeAmount"] = self.random.randint(1, 300_000_000) / 100
        for row in pushes(self.bench.ask(session, name, **values), NOTICES[name]):
            self.transfers += 1
            self.ledgers[place].transfer(row)

    def _trade_spread(self) -> None:
        """Order a combination, at once or not at all."""
        choose = self.random.choice
        name, direction, offset = choose(SPREADS), choose("01"), choose("001")
        market = self.bench.market(name)
        day, exchange = market.day, market.contract.exchange
        events = self.bench.ask(
            choose(self.sessions),
            "ReqOrderInsert",
            **{
                **self.bench.input("m2705"),
                "InstrumentID": name,
                "ExchangeID": exchange,
                "Direction": direction,
                "CombOffsetFlag": offset * choose((1, 2)),
                "CombHedgeFlag": choose("13") if exchange != "CZCE" else "1",
                "LimitPrice": (day.upper if direction == "0" else day.lower) / 10_000,
                "VolumeTotalOriginal": self.random.randint(1, 3),
                "TimeCondition": "1",
            },
        )
        told = [row for row in pushes(events, "OnRtnOrder") if row["InstrumentID"] == name]
        if told and told[-1]["VolumeTraded"]:
            self.spreads += 1
            combinations = self._ledger(told[-1]).combinations
            if offset != "0":
                combinations.closing(told[-1])
            self.take(events)
            if offset == "0":
                combinations.opened(told[-1])

    def combine(self) -> None:
        """Ask for a combination, or for its split, whether the positions are there or not."""
        choose = self.random.choice
        name, directions = choose(COMBINATIONS)
        contract = self.bench.exchange.markets.must(name.split("&")[1])
        events = self.bench.ask(
            choose(self.sessions),
            "ReqCombActionInsert",
            InstrumentID=name,
            ExchangeID=contract.exchange,
            Direction=choose(directions),
            CombDirection=choose("001"),
            HedgeFlag=choose("1367" if contract.exchange == "DCE" else "1"),
            Volume=self.random.randint(1, 3),
        )
        for row in pushes(events, "OnRtnCombAction"):
            self.actions += row["ActionStatus"] == "b"
            self.ledgers[ACCOUNTS.index(str(row["InvestorID"]))].combinations.action(row)


def differences(day: Day) -> list[str]:
    """Return each figure in which the exchange and its ledgers differ."""
    found = unlike(day.watch())
    for name, session, ledger in zip(ACCOUNTS, day.sessions, day.ledgers, strict=True):
        told = day.bench.funds(session)
        held = [(field, told[field], right) for field, right in ledger.account().items()]
        held += ledger.positions(day.bench.rows(session, "ReqQryInvestorPosition"))
        held += ledger.details(day.bench.rows(session, "ReqQryInvestorPositionDetail"))
        held += day.returns(name, session)
        found += [f"{name} {line}" for line in unlike(held)]
    return found


def unlike(held: Iterable[Difference]) -> list[str]:
    """Return a line for each figure that is not what it must be."""
    return [
        f"{what}: told {told}, right {right}"
        for what, told, right in held
        if not _alike(told, right)
    ]


def _alike(told: Any, right: Any) -> bool:
    """Doubles stand for the nearest number of four places."""
    if not isinstance(right, Decimal):
        return bool(told == right)
    return told is not None and round(exact(told), 4) == round(right, 4)


def trade(seed: int, turns: int = 80, days: int = 2) -> tuple[int, list[str]]:
    """Let days go by; gives their trades, and what differed when something first did."""
    day = Day(seed)
    for number in range(days):
        for turn in range(turns):
            day.act()
            if turn % 10 == 9 and (found := differences(day)):
                return day.trades, [f"seed {seed}, day {number}, turn {turn}: {x}" for x in found]
        if found := unlike(day.end()) + differences(day):
            return day.trades, [f"seed {seed}, after day {number}: {line}" for line in found]
    return day.trades, []


class Independent(SynchronousTestCase):
    """Days of three accounts on six exchanges, with orders of every kind."""

    @holds(
        "ONRSPQRYINVESTORPOSITION-3",
        "ONRSPQRYINVESTORPOSITION-6",
        "ONRSPQRYINVESTORPOSITION-7",
        "ONRSPQRYINVESTORPOSITION-10",
        "ONRSPQRYINVESTORPOSITIONDETAIL-1",
        "ONRSPQRYINVESTORPOSITIONDETAIL-2",
        "ONRSPQRYINVESTORPOSITIONDETAIL-4",
        "HQSM-3",
        "HQSM-4",
        "ONRSPQRYDEPTHMARKETDATA-1",
    )
    @settings(max_examples=3, deadline=None)
    @given(st.integers(0, 1_000_000))
    def test_everything_told_is_what_the_ledger_says(self, seed: int) -> None:
        trades, differing = trade(seed)
        self.assertEqual(differing, [])
        self.assertGreater(trades, 15, seed)

    def test_the_market_goes_on_where_the_day_before_has_ended(self) -> None:
        day = Day(1)
        for _ in range(5):
            day.act()
        self.assertEqual(unlike(day.end()), [])
        self.assertTrue(day.next_day)
        self.assertEqual(unlike(day.next_day), [])


def main(days: int, seed: int) -> int:
    """Hold ``days`` days against the ledger: how many trades, and every difference."""
    total, differing = 0, list[str]()
    for number in range(seed, seed + days):
        trades, found = trade(number)
        total += trades
        differing += found
    print("\n".join(differing))
    print(f"{days} days, {total} trades, {len(differing)} differences")
    return 1 if differing or not total else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
