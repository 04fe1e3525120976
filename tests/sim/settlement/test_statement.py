"""Settlement statements as programs read them, held against what the account was told to be."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.accounts.test_banks import TO_BANK, TO_FUTURES, carry_out
from tests.sim.helpers import Bench, pushes
from tests.sim.holdings import cents, exact
from tests.sim.statementreader import StatementReader, reader_of
from tests.sim.test_day import bench_at, until
from webctp.sim.events import Reply
from webctp.sim.options import SimOptions
from webctp.sim.settlement import archive
from webctp.sim.settlement.statement import Statement, Summary

INSTRUMENTS = ("cu2701", "sc2703", "m2705", "SR705", "IF2701", "m2705-C-3000", "IO2701-P-4350")


class Days:
    """A user who trades and moves money at random; remembers what the trades were."""

    def __init__(self, seed: int, now: datetime = datetime(2026, 11, 24, 9, 30)) -> None:
        self.random = Random(seed)
        self.bench = Bench(SimOptions(seed=seed, balance=20_000_000.0), now=now)
        self.session = self.bench.login()
        self.trades: list[Any] = []

    def act(self) -> None:
        choose = self.random.choice
        name, direction = choose(INSTRUMENTS), choose("01")
        [tick] = self.bench.rows(self.session, "ReqQryDepthMarketData", InstrumentID=name)
        limit = tick["UpperLimitPrice" if direction == "0" else "LowerLimitPrice"]
        by_date = name.startswith(("cu", "sc"))
        events = self.bench.order(
            self.session,
            name,
            Direction=direction,
            CombOffsetFlag=choose("0034" if by_date else "001"),
            CombHedgeFlag="1",
            LimitPrice=limit,
            VolumeTotalOriginal=self.random.randint(1, 3),
            TimeCondition="1",
        )
        self.trades += pushes(events, "OnRtnTrade")
        if self.random.random() < 0.2:
            amount = self.random.randint(1, 10_000_000) / 100
            carry_out(self.bench, self.session, choose((TO_FUTURES, TO_BANK)), TradeAmount=amount)
        self.bench.run(self.random.choice((1, 60, 600)))

    def settle(self) -> tuple[str, Any]:
        """End the day; gives its name and what the account was just before."""
        exchange = self.bench.exchange
        ended, ends = exchange.markets.day.name, exchange.markets.day.ends
        until(self.bench, ends - timedelta(milliseconds=1))
        before = self.bench.funds(self.session)
        until(self.bench, ends + timedelta(seconds=1))
        return ended, before

    def statement(self, day: str) -> StatementReader:
        return reader_of(self.bench.rows(self.session, "ReqQrySettlementInfo", TradingDay=day))


def shown(amount: float) -> Decimal:
    return cents(exact(amount))


class OfADay(SynchronousTestCase):
    """Sums, rows, and the account."""

    def check(self, seed: int) -> StatementReader:
        days = Days(seed)
        for _ in range(60):
            days.act()
        transfers = days.bench.rows(days.session, "ReqQryTransferSerial")
        details = days.bench.rows(days.session, "ReqQryInvestorPositionDetail")
        day, before = days.settle()
        self.assertGreater(len(days.trades), 15, seed)
        found, after = days.statement(day), days.bench.funds(days.session)
        self.assertEqual((found.investor, found.dates), ("1001", day))
        self.account(found, before, after)
        self.tables(found, days.trades, transfers)
        self.positions(found, days, details)
        return found

    def account(self, found: StatementReader, before: Any, after: Any) -> None:
        told = found.summary
        premium = told["Premium received"] - told["Premium paid"]
        for label, right in (
            ("Balance b/f", before["PreBalance"]),
            ("Deposit/Withdrawal", round(before["Deposit"] - before["Withdraw"], 2)),
            ("Realized P/L", before["CloseProfit"]),
            ("Commission", before["Commission"]),
            ("Balance c/f", after["PreBalance"]),
            ("Client Equity", after["PreBalance"]),
            ("Margin Occupied", after["PreMargin"]),
            ("Fund Avail.", round(after["PreBalance"] - after["PreMargin"], 4)),
        ):
            self.assertEqual(told[label], shown(right), label)
        self.assertEqual(premium, shown(before["CashIn"]))
        adds = ("Balance b/f", "Deposit/Withdrawal", "Realized P/L", "MTM P/L", "Exercise P/L")
        total = sum((told[label] for label in adds), premium)
        self.assertEqual(total - told["Commission"] - told["Exercise Fee"], told["Balance c/f"])
        risk = told["Margin Occupied"] / told["Client Equity"] * 100
        self.assertLessEqual(abs(told["Risk Degree"] - risk), Decimal("0.005"))
        worth = told["Market value(long)"] - told["Market value(short)"]
        self.assertEqual(told["Market value(equity)"], told["Client Equity"] + worth)

    def tables(self, found: StatementReader, trades: list[Any], transfers: list[Any]) -> None:
        rows = found.rows("成交记录")
        self.assertEqual(
            [(r["成交序号"], r["合约"], r["手数"], Decimal(r["成交价"])) for r in rows],
            [
                (t["TradeID"].strip(), t["InstrumentID"], str(t["Volume"]), exact(t["Price"]))
                for t in trades
            ],
        )
        told = found.summary
        self.assertEqual(found.sum("成交记录", "手续费"), told["Commission"])
        for title in ("成交记录", "平仓明细"):
            self.assertEqual(found.sum(title, "平仓盈亏"), told["Realized P/L"], title)
        premium = told["Premium received"] - told["Premium paid"]
        self.assertEqual(found.sum("成交记录", "权利金收支"), premium)
        closed = [row for row in rows if row["开平"].startswith("平")]
        lots = sum(int(row["手数"]) for row in closed)
        self.assertEqual(found.sum("平仓明细", "手数"), lots)
        done = [row for row in transfers if row["AvailabilityFlag"] == "1"]
        moves = found.rows("出入金明细")
        self.assertEqual(
            [Decimal(r["入金"]) - Decimal(r["出金"]) for r in moves],
            [shown(r["TradeAmount"]) * (1 if r["TradeCode"] == "202001" else -1) for r in done],
        )
        self.assertEqual({row["出入金类型"] for row in moves}, {"银期转账"} if done else set())
        for title, heads in (
            ("成交记录", ("手续费", "成交额")),
            ("持仓明细", ("保证金", "盯市盈亏")),
        ):
            for head in heads:
                self.assertEqual(found.sum(title, head), Decimal(found.totals[title][head]))

    def positions(self, found: StatementReader, days: Days, details: list[Any]) -> None:
        told = found.summary
        for title, head in (("持仓明细", "盯市盈亏"), ("持仓汇总", "持仓盯市盈亏")):
            self.assertEqual(found.sum(title, head), told["MTM P/L"], title)
        margins = found.sum("持仓明细", "保证金")
        self.assertEqual(margins, found.sum("持仓汇总", "保证金占用"))
        self.assertGreaterEqual(margins, told["Margin Occupied"])
        held = {
            (row["InstrumentID"], "买卖"[int(row["Direction"])], row["OpenDate"]): 0
            for row in details
            if row["Volume"]
        }
        for row in details:
            if row["Volume"]:
                side = "买卖"[int(row["Direction"])]
                held[row["InstrumentID"], side, row["OpenDate"]] += row["Volume"]
        shown_lots = dict.fromkeys(held, 0)
        for row in found.rows("持仓明细"):
            shown_lots[row["合约"], row["买/卖"], row["开仓日期"]] += int(row["持仓量"])
        self.assertEqual(shown_lots, held)
        for row in found.rows("持仓汇总"):
            name = row["合约"]
            sides = {"2": 0, "3": 0}
            for now in days.bench.rows(days.session, "ReqQryInvestorPosition"):
                if now["InstrumentID"] == name:
                    sides[str(now["PosiDirection"])] += int(str(now["Position"]))
            self.assertEqual((int(row["买持"]), int(row["卖持"])), (sides["2"], sides["3"]), name)
            [tick] = days.bench.rows(days.session, "ReqQryDepthMarketData", InstrumentID=name)
            self.assertEqual(Decimal(row["今结算"]), exact(tick["PreSettlementPrice"]), name)

    def test_a_random_day_adds_up(self) -> None:
        for seed in range(3):
            found = self.check(seed)
        self.assertTrue(found.rows("平仓明细"))

    def test_programs_find_two_labels_and_two_numbers_in_each_line(self) -> None:
        """As common readers of CTP's statements count them."""
        text = self.check(3).text
        lines = text.split("\r\n")
        start = next(n for n, line in enumerate(lines) if "Account Summary" in line) + 2
        for line in lines[start : lines.index("", start)]:
            chinese = re.findall(r"[\u4e00-\u9fa5][\u4e00-\u9fa5\s]+[\u4e00-\u9fa5]+", line)
            english = re.findall(r"[a-zA-Z][a-zA-Z\./\(\)\s]+", line)
            numbers = re.findall(r"-?\d+\.\d\d", line)
            self.assertEqual(len(chinese), len(numbers), line)
            self.assertEqual(len(english), len(numbers), line)
            self.assertIn(len(numbers), (1, 2))
        self.assertIn("交易结算单(盯市) Settlement Statement(MTM)", text)
        for one, following in pairwise(lines[20:]):
            # Bytes of GBK are columns: a table's bars stand below each other.
            if one.startswith(("|", "---")) and following.startswith(("|", "---")):
                self.assertEqual(len(one.encode("gbk")), len(following.encode("gbk")), following)

    def test_a_day_without_anything_has_the_account_alone(self) -> None:
        days = Days(9)
        day, _ = days.settle()
        found = days.statement(day)
        self.assertEqual(found.tables, {})
        self.assertEqual(found.summary["Balance c/f"], Decimal("20000000.00"))
        self.assertEqual(found.summary["Margin Call"], Decimal(0))

    def test_a_margin_call_is_what_is_wanting(self) -> None:
        bench = Bench(SimOptions(seed=5, balance=60_000.0))
        session = bench.login()
        bench.order(session, "cu2701")
        bench.run(24 * 3600)
        found = reader_of(bench.rows(session, "ReqQrySettlementInfo"))
        wanting = found.summary["Margin Occupied"] - found.summary["Client Equity"]
        self.assertEqual(found.summary["Margin Call"], max(Decimal(0), wanting))
        self.assertEqual(found.summary["Fund Avail."], -wanting)

    def test_an_option_that_ends_is_among_the_exercises(self) -> None:
        bench = bench_at(datetime(2026, 12, 18, 9, 40))
        session = bench.login()
        strikes = [
            name
            for name in bench.exchange.markets.instruments
            if name.startswith("IO2612-C-") and bench.known(name)
        ]
        cheap = min(strikes, key=lambda name: int(name.rsplit("-", 1)[1]))
        bench.order(session, cheap, OrderPriceType="2", VolumeTotalOriginal=2)
        until(bench, datetime(2026, 12, 21, 9, 0))
        session = bench.login()
        found = reader_of(bench.rows(session, "ReqQrySettlementInfo", TradingDay="20261218"))
        [row] = found.rows("行权明细")
        self.assertEqual((row["合约"], row["行权数量"], row["买/卖"]), (cheap, "2", "买"))
        self.assertGreater(Decimal(row["行权盈亏"]), 0)
        self.assertEqual(Decimal(row["行权盈亏"]), found.summary["Exercise P/L"])


class OfAMonth(SynchronousTestCase):
    """A month is there when it is over, and is the sum of its days."""

    @holds("REQQRYSETTLEMENTINFO-1")
    def test_a_month_is_the_sum_of_its_days(self) -> None:
        days = Days(4, datetime(2026, 11, 24, 9, 30))
        names = []
        while days.bench.exchange.markets.day.date < date(2026, 12, 2):
            self.assertEqual(self.rows(days, "202612"), [])
            for _ in range(12):
                days.act()
            if days.bench.exchange.markets.day.date <= date(2026, 11, 30):
                self.assertEqual(self.rows(days, "202611"), [], "not made yet")
            names.append(days.settle()[0])
        november = [name for name in names if name.startswith("202611")]
        rows = self.rows(days, "202611")
        self.assertEqual({row["TradingDay"] for row in rows}, {"202611"})
        month, each = reader_of(rows), [days.statement(name) for name in november]
        self.assertEqual(month.dates, f"{november[0]}-{november[-1]}")
        for label in (
            "Deposit/Withdrawal",
            "Realized P/L",
            "MTM P/L",
            "Commission",
            "Premium paid",
        ):
            total = sum((one.summary[label] for one in each), Decimal(0))
            self.assertEqual(month.summary[label], total, label)
        self.assertEqual(month.summary["Balance b/f"], each[0].summary["Balance b/f"])
        for label in ("Balance c/f", "Margin Occupied", "Market value(long)"):
            self.assertEqual(month.summary[label], each[-1].summary[label], label)
        for title in ("成交记录", "平仓明细", "出入金明细"):
            self.assertEqual(month.rows(title), [r for one in each for r in one.rows(title)], title)
        for title in ("持仓明细", "持仓汇总"):
            self.assertEqual(month.rows(title), each[-1].rows(title), title)
        self.assertGreater(len(month.rows("成交记录")), 20)

    def rows(self, days: Days, month: str) -> list[Any]:
        return list(days.bench.rows(days.session, "ReqQrySettlementInfo", TradingDay=month))

    @holds("REQQRYSETTLEMENTINFO-1")
    def test_what_nobody_has_made_is_not_there(self) -> None:
        days = Days(5)
        days.settle()
        for wanted in ("20261125", "20200101", "202610", "2026", "x", "20261124 "):
            self.assertEqual(self.rows(days, wanted), [], wanted)

    def test_six_whole_months_are_kept(self) -> None:
        kept: dict[str, bytes] = {}
        for day in _days(date(2026, 1, 5), date(2026, 12, 31)):
            archive.keep(kept, day, _empty(day))
        self.assertEqual(min(kept), "20260601")
        self.assertIsNotNone(archive.find(kept, "202606", "20261231"))
        self.assertIsNone(archive.find(kept, "202605", "20261231"))
        self.assertIsNone(archive.find(kept, "202612", "20261231"))
        self.assertEqual(archive.find(kept, "", "20261231"), archive.find(kept, "20261231", ""))

    def test_statements_of_an_older_version_are_told_as_they_were(self) -> None:
        kept = {"20261120": "结算单".encode("gbk")}
        self.assertEqual(archive.find(kept, "20261120", "20261124"), ("20261120", kept["20261120"]))
        self.assertIsNone(archive.find(kept, "202611", "20261201"))


class Confirmation(SynchronousTestCase):
    """When a statement was confirmed."""

    @holds("REQQRYSETTLEMENTINFOCONFIRM-1", "ONRSPSETTLEMENTINFOCONFIRM-1")
    def test_date_and_time_are_told_of_the_investor_asked_for(self) -> None:
        bench = Bench()
        session = bench.login(confirm=False)
        query = "ReqQrySettlementInfoConfirm"
        self.assertEqual(bench.rows(session, query), [])
        [reply] = bench.ask(session, "ReqSettlementInfoConfirm")
        assert isinstance(reply, Reply)
        row = reply.values
        assert row is not None
        when = {"ConfirmDate": "20261124", "ConfirmTime": "09:30:00", "InvestorID": "1001"}
        self.assertEqual({name: row[name] for name in when}, when)
        self.assertEqual(bench.rows(session, query, InvestorID="1001"), [row])
        self.assertEqual(bench.refused(session, query, InvestorID="1002"), 13)


def _days(first: date, last: date) -> Iterator[str]:
    day = first
    while day <= last:
        if day.weekday() < 5:
            yield f"{day:%Y%m%d}"
        day += timedelta(days=1)


def _empty(day: str) -> Statement:
    summary = Summary(*[0] * len(Summary.__struct_fields__))
    return Statement("1001", day, day, summary, [], [], [], [], [], [])
