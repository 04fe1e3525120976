"""The last day of options against an independent ledger: exercise, assignment, what they leave."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.audit import audit
from tests.sim.broker.test_exercise import NEAR, SEED
from tests.sim.combledger import Row
from tests.sim.exerciseledger import ExerciseLedger
from tests.sim.helpers import Bench, pushes
from tests.sim.ledger import exact
from webctp.sim.options import SimOptions

BALANCE: Final = 5_000_000.0
ACCOUNTS: Final = ("1001", "1002", "1003")
PHYSICAL: Final = ("SHFE", "INE", "DCE", "CZCE", "GFEX")


class LastDay:
    """Three users who trade the options of a future, and it, on the options' last day."""

    def __init__(self, exchange: str, seed: int) -> None:
        self.random = Random(seed)
        self.exchange = exchange
        near, last = NEAR[exchange]
        self.bench = Bench(SimOptions(seed=SEED, balance=BALANCE), now=last)
        self.sessions = [self.bench.login(name) for name in ACCOUNTS]
        self.ledgers = [ExerciseLedger(BALANCE, self._asking(session)) for session in self.sessions]
        (terms,) = self._rows(self.sessions[0], "ReqQryInstrument", InstrumentID=near)
        self.day, self.future = terms["ExpireDate"], terms["UnderlyingInstrID"]
        listed = self._rows(self.sessions[0], "ReqQryInstrument", ExchangeID=exchange)
        price = self._tick(self.future)["LastPrice"]
        chain = sorted(
            (
                row
                for row in listed
                if row.get("OptionsType")
                and (row["UnderlyingInstrID"], row["ExpireDate"]) == (self.future, self.day)
            ),
            key=lambda row: abs(row["StrikePrice"] - price),
        )
        self.options = [row["InstrumentID"] for row in chain[:12]]
        for ledger in self.ledgers:
            for name in (self.future, *self.options):
                ledger.look_up(name)
        self.trades = self.exercises = 0

    def _rows(self, session: int, query: str, **values: object) -> list[Any]:
        return self.bench.rows(session, query, **values)

    def _tick(self, name: str) -> Any:
        (tick,) = self._rows(self.sessions[0], "ReqQryDepthMarketData", InstrumentID=name)
        return tick

    def _asking(self, session: int) -> Callable[[str, str], Row]:
        def ask(query: str, instrument: str) -> Row:
            row: Row = self._rows(session, query, InstrumentID=instrument)[0]
            return row

        return ask

    def trade(self) -> None:
        """Trade at once or not at all."""
        choose = self.random.choice
        name, direction = choose((*self.options, self.future)), choose("01")
        tick = self._tick(name)
        offset = choose("003" if self.exchange in ("SHFE", "INE") else "001")
        events = self.bench.order(
            choose(self.sessions),
            name,
            Direction=direction,
            CombOffsetFlag=offset,
            LimitPrice=tick["UpperLimitPrice" if direction == "0" else "LowerLimitPrice"],
            VolumeTotalOriginal=self.random.randint(1, 4),
            TimeCondition="1",
        )
        for row in pushes(events, "OnRtnTrade"):
            self.trades += 1
            self.ledgers[ACCOUNTS.index(str(row["InvestorID"]))].trade(row)
        self.bench.run(self.random.choice((0.5, 3, 60)))

    def instruct(self) -> None:
        """Exercise or give up an option that the user holds, or take that back."""
        place = self.random.randrange(len(ACCOUNTS))
        session = self.sessions[place]
        choose: Callable[[Any], Any] = self.random.choice
        held = [
            row
            for row in self._rows(session, "ReqQryInvestorPosition")
            if row["InstrumentID"] in self.options and row["PosiDirection"] == "2"
        ]
        known = self._rows(session, "ReqQryExecOrder")
        if known and not self.random.randrange(3):
            named = {"ExchangeID": self.exchange, "ExecOrderSysID": choose(known)["ExecOrderSysID"]}
            events = self.bench.ask(
                session, "ReqExecOrderAction", InvestorID=ACCOUNTS[place], ActionFlag="0", **named
            )
        elif held:
            by_name = self.exchange in ("DCE", "GFEX")
            events = self.bench.ask(
                session,
                "ReqExecOrderInsert",
                InstrumentID=choose(held)["InstrumentID"],
                OffsetFlag="3",
                HedgeFlag="1",
                ActionType="1" if by_name else choose("12"),
                ReservePositionFlag="0",
                CloseFlag="1",
                Volume=choose((0, 1, 2) if by_name else (1, 2)),
            )
        else:
            return
        for row in pushes(events, "OnRtnExecOrder"):
            self.exercises += 1
            self.ledgers[place].instructed(row)

    def settle(self) -> None:
        """Give up what would be exercised out of the money: who is assigned then is drawn."""
        markets = self.bench.exchange.markets
        price = markets.settlement_price(markets.must(self.future)) / 10_000
        for place, session in enumerate(self.sessions):
            for row in self._rows(session, "ReqQryExecOrder"):
                (terms,) = self._rows(session, "ReqQryInstrument", InstrumentID=row["InstrumentID"])
                sign = 1 if terms["OptionsType"] == "1" else -1
                if row["ExecResult"] == "n" and sign * (price - terms["StrikePrice"]) <= 0:
                    named = {"ExchangeID": self.exchange, "ExecOrderSysID": row["ExecOrderSysID"]}
                    events = self.bench.ask(
                        session,
                        "ReqExecOrderAction",
                        InvestorID=ACCOUNTS[place],
                        ActionFlag="0",
                        **named,
                    )
                    for told in pushes(events, "OnRtnExecOrder"):
                        self.ledgers[place].instructed(told)
        audit(self.bench.exchange)
        while markets.day.name == self.day:
            self.bench.run(3600)
        audit(self.bench.exchange)

    def differences(self) -> list[str]:
        """Return where an account differs from its ledger on the next day."""

        def price(name: str) -> Decimal:
            return exact(self._tick(name)["PreSettlementPrice"])

        found = []
        for name, session, ledger in zip(ACCOUNTS, self.sessions, self.ledgers, strict=True):
            balance, held = ledger.settled(self.day, price)
            told = exact(self.bench.funds(session)["PreBalance"])
            if round(told, 4) != round(balance, 4):
                found.append(f"{name}: PreBalance told {told}, right {balance}")
            rows = self._rows(session, "ReqQryInvestorPosition")
            lots = {
                (row["InstrumentID"], "01"[row["PosiDirection"] == "3"]): Decimal(row["Position"])
                for row in rows
                if row["Position"]
            }
            if lots != held:
                found.append(f"{name}: told {lots}, right {held}")
        return found


class LastDays(SynchronousTestCase):
    """Balances and positions of the day after, on five exchanges."""

    @settings(max_examples=5, deadline=None)
    @given(st.sampled_from(PHYSICAL), st.integers(0, 1_000_000))
    def test_every_account_is_what_the_ledger_says(self, exchange: str, seed: int) -> None:
        day = LastDay(exchange, seed)
        for turn in range(45):
            day.trade()
            if turn > 10 and not turn % 3:
                day.instruct()
        day.settle()
        self.assertEqual(day.differences(), [], (exchange, seed))
        self.assertGreater(day.trades, 5, (exchange, seed))
