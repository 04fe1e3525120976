"""The state file: an exchange goes on where another was cut off."""

import glob
import os
import sqlite3
from datetime import datetime, timedelta
from random import Random

from twisted.trial.unittest import SynchronousTestCase

from tests.sim.accounts.test_banks import NUMBER, TO_BANK, TO_FUTURES, bank_balance, carry_out
from tests.sim.audit import audit
from tests.sim.broker.test_exercise import SEED, Holder, letters
from tests.sim.broker.test_quotes import Maker
from tests.sim.broker.test_quotes import letters as quoted
from tests.sim.helpers import Bench, states
from tests.sim.host.test_api import WithFront, body, buy
from tests.sim.statementreader import reader_of
from tests.sim.test_books import Traders, steps
from webctp.exchanges import calendar, productfile
from webctp.sim import SimulatedFront
from webctp.sim.broker.instructions import EXERCISE, SELF_CLOSE
from webctp.sim.events import Event, Push
from webctp.sim.exchange import records
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.host.packing import Delivery
from webctp.sim.host.state import Flows, StateError, StateFile
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions


class Recorded:
    """A bench whose every event goes to a state file, as the host does it."""

    def __init__(self, path: str, seed: int = 7) -> None:
        self.file = StateFile(path, seed)
        self.flows: Flows = {}

    def save(self, exchange: Exchange, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Push):
                flow = self.flows.setdefault(event.account, [])
                flow.append(Delivery(event.callback, b"body", flow=len(flow) + 1))
        self.file.save(exchange, events, self.flows)


def reloaded(path: str, bench: Bench) -> tuple[Bench, Flows]:
    """Another exchange that has read the file."""
    file = StateFile(path, bench.exchange.options.seed)
    moment = file.moment()
    assert moment is not None
    other = Bench(bench.exchange.options, bench.exchange.markets.timeline, moment)
    flows = file.load(other.exchange)
    file.close()
    return other, flows


class State(SynchronousTestCase):
    """What is read is what was written."""

    def test_nobody_else_may_read_it(self) -> None:
        old = os.umask(0o022)
        self.addCleanup(os.umask, old)
        path = self.mktemp()
        file = StateFile(path, 1)
        self.addCleanup(file.close)
        file.moment()
        for made in glob.glob(f"{path}*"):
            self.assertEqual(os.stat(made).st_mode & 0o777, 0o600, made)

    def test_exercises_and_self_closes_survive(self) -> None:
        path = self.mktemp()
        holder, recorded = Holder("DCE", lots=0), Recorded(path, SEED)
        exchange = holder.bench.exchange
        for events in (
            holder.bench.ask(holder.session, "ReqSettlementInfoConfirm"),
            holder.bench.order(holder.session, holder.name, VolumeTotalOriginal=2),
            holder.exercise(ExecOrderRef="3", CloseFlag="0"),
            holder.self_close(),
        ):
            recorded.save(exchange, events)
        recorded.file.close()
        other, _ = reloaded(path, holder.bench)
        audit(other.exchange)
        key = "9999", "1001"
        for kind in (EXERCISE, SELF_CLOSE):
            (told,) = [one.row(1) for one in exchange.instructions.of(kind, key)]
            (known,) = [one.row(1) for one in other.exchange.instructions.of(kind, key)]
            self.assertEqual(known, told)
        holder.bench, holder.session = other, other.login()
        self.assertEqual(" ".join(letters(holder.withdraw(SessionID=1, ExecOrderRef="3"))), "3c")
        audit(other.exchange)

    def test_quotes_survive(self) -> None:
        path = self.mktemp()
        maker, recorded = Maker("CZCE"), Recorded(path, SEED)
        exchange = maker.bench.exchange
        for events in (
            maker.bench.ask(maker.session, "ReqSettlementInfoConfirm"),
            maker.quote(),
        ):
            recorded.save(exchange, events)
        recorded.file.close()
        other, _ = reloaded(path, maker.bench)
        audit(other.exchange)
        maker.bench, session = other, maker.session
        maker.session = other.login()
        (quote,) = maker.rows()
        self.assertEqual(quote["QuoteStatus"], "3")
        # It is still followed: both sides trade, and then it has traded.
        maker.other = other.login("1002")
        self.assertEqual(" ".join(quoted(maker.hit("1"))), "b0 B")
        self.assertEqual(" ".join(quoted(maker.cancel(SessionID=session))), "q5 s5")
        audit(other.exchange)

    def test_random_flow_survives(self) -> None:
        path = self.mktemp()
        traders, random, recorded = Traders(4), Random(4), Recorded(path, 4)
        exchange = traders.bench.exchange
        tell = exchange.drain

        def drain() -> list[Event]:
            events = tell()
            recorded.save(exchange, events)
            return events

        exchange.drain = drain  # type: ignore[method-assign]
        for session in traders.sessions:
            traders.bench.ask(session, "ReqSettlementInfoConfirm")
        for turn in range(600):
            traders.act(*steps(random))
            if turn % 150 == 149:
                self.compare(exchange, *reloaded(path, traders.bench), recorded.flows)
        self.assertGreater(len(exchange.engine.trades), 50)

    def compare(self, exchange: Exchange, other: Bench, flows: Flows, wanted: Flows) -> None:
        again = other.exchange
        self.assertEqual(flows, wanted)
        for key, account in exchange.accounts.items():
            self.assertEqual(records.of_account(account), records.of_account(again.accounts[key]))
        self.assertEqual(exchange.users, again.users)
        for one, two in ((exchange.engine.orders, again.engine.orders),):
            self.assertEqual([o.row(1) for o in one], [o.row(1) for o in two])
        self.assertEqual(
            [t.row(1) for t in exchange.engine.trades], [t.row(1) for t in again.engine.trades]
        )
        audit(again)

    def test_revived_exchange_trades_on(self) -> None:
        path = self.mktemp()
        bench, recorded = Bench(), Recorded(path)
        session = bench.login()
        low = bench.market("cu2701").day.lower / 10_000
        events = bench.order(session, OrderRef="1") + bench.order(session, LimitPrice=low)
        recorded.save(bench.exchange, events)
        other, _ = reloaded(path, bench)
        again = other.login()
        self.assertGreater(again, session)
        events = other.action(again, OrderSysID="2")
        self.assertEqual(states(events), ["33", "35"])
        sold = other.order(again, Direction="1", CombOffsetFlag="3", LimitPrice=low)
        self.assertEqual(states(sold), ["0a", "0a", "00", "T"])
        audit(other.exchange)

    def test_transfers_and_bank_accounts_survive(self) -> None:
        path = self.mktemp()
        bench, recorded = Bench(), Recorded(path)
        session = bench.login()
        recorded.save(bench.exchange, carry_out(bench, session, TO_FUTURES))
        recorded.save(bench.exchange, carry_out(bench, session, TO_BANK, TradeAmount=0.5))
        told = bench.rows(session, "ReqQryTransferSerial")
        other, _ = reloaded(path, bench)
        again = other.login()
        self.assertEqual(other.rows(again, "ReqQryTransferSerial"), told)
        self.assertEqual(other.exchange.users, bench.exchange.users | other.exchange.users)
        self.assertEqual(bank_balance(other, again), 99_999_000.5)
        self.assertEqual(other.funds(again)["Balance"], 10_000_999.5)
        carry_out(other, again, TO_FUTURES)
        numbers = [row["PlateSerial"] for row in other.rows(again, "ReqQryTransferSerial")]
        self.assertEqual(len(set(numbers)), 3)
        audit(other.exchange)

    def test_statements_survive_and_make_months(self) -> None:
        path = self.mktemp()
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(timeline=hours, now=datetime(2026, 11, 27, 14, 0))
        recorded = Recorded(path)
        session = bench.login()
        recorded.save(bench.exchange, bench.order(session, VolumeTotalOriginal=2))
        recorded.save(bench.exchange, bench.run(timedelta(days=4, hours=19).total_seconds()))
        session = bench.login()
        wanted = ("20261127", "20261130", "20261201", "202611")
        told = [bench.rows(session, "ReqQrySettlementInfo", TradingDay=day) for day in wanted]
        self.assertTrue(all(told))
        other, _ = reloaded(path, bench)
        again = other.login()
        found = [other.rows(again, "ReqQrySettlementInfo", TradingDay=day) for day in wanted]
        self.assertEqual(found, told)
        self.assertEqual(len(reader_of(found[-1]).rows("成交记录")), 1)

    def test_statements_of_an_older_file_are_read(self) -> None:
        bench = Bench()
        bench.login()
        record = records.of_user(bench.exchange.users["9999", "1001"])
        self.assertNotIn("statements", record)
        record["statements"] = {"20261123": "结算单"}
        self.assertEqual(records.to_user(record).statements, {"20261123": "结算单".encode("gbk")})

    def test_users_of_an_older_file_get_a_bank_account(self) -> None:
        bench = Bench()
        bench.login()
        record = records.of_user(bench.exchange.users["9999", "1001"])
        del record["bank"]
        user = records.to_user(record)
        self.assertEqual((user.bank.bank, user.bank.number), ("4", NUMBER))
        self.assertEqual(user.bank.balance, 100_000_000 * 10_000)

    def test_days_missed_are_settled(self) -> None:
        path = self.mktemp()
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(timeline=hours, now=datetime(2026, 11, 24, 14, 0))
        recorded = Recorded(path)
        session = bench.login()
        recorded.save(bench.exchange, bench.order(session, VolumeTotalOriginal=2))
        other, _ = reloaded(path, bench)
        other.run(timedelta(days=2).total_seconds())
        row = other.rows(other.login(), "ReqQryInvestorPosition")[0]
        self.assertEqual((row["YdPosition"], row["TodayPosition"]), (2, 0))
        self.assertEqual(len(other.exchange.users["9999", "1001"].statements), 2)
        audit(other.exchange)

    def test_foreign_files_are_refused(self) -> None:
        path = self.mktemp()
        with open(path, "w") as file:
            file.write("not a database, but long enough to look like a file of something" * 20)
        error = self.assertRaises(StateError, StateFile, path, 7)
        self.assertIn("delete it", str(error))

    def test_another_seed_is_refused(self) -> None:
        path = self.mktemp()
        bench, recorded = Bench(), Recorded(path)
        recorded.save(bench.exchange, bench.order(bench.login()))
        error = self.assertRaises(StateError, SimulatedFront, SimOptions(seed=8, state_path=path))
        self.assertIn("seed 7, wanted 8", str(error))

    def test_a_failed_write_leaves_no_half_of_it(self) -> None:
        path = self.mktemp()
        bench, recorded = Bench(), Recorded(path)
        session = bench.login()
        recorded.save(bench.exchange, bench.order(session))
        recorded.file._base.execute("DROP TABLE trades")
        self.assertRaises(sqlite3.Error, recorded.save, bench.exchange, bench.order(session))
        count = recorded.file._base.execute("SELECT count(*) FROM orders").fetchone()
        self.assertEqual(count, (1,))


class Lockout(SynchronousTestCase):
    """Wrong passwords in a row are counted whatever ends in between."""

    def test_over_a_restart(self) -> None:
        path = self.mktemp()
        bench, recorded = Bench(), Recorded(path)
        bench.login("1001", "right")
        for _ in range(3):
            events = bench.ask(
                bench.connect(), "ReqUserLogin", BrokerID="9999", UserID="1001", Password="wrong"
            )
            recorded.save(bench.exchange, events)
        recorded.file.close()
        other, _ = reloaded(path, bench)
        self.assertEqual([user.failures for user in other.exchange.users.values()], [3])


class StateThroughTheApi(WithFront):
    """A front with a StatePath, and another one after it."""

    def test_second_front_knows_everything(self) -> None:
        path = self.mktemp()
        options = SimOptions(seed=3, state_path=path)
        self.front = SimulatedFront(options)
        api, recorder = self.trader(1)
        self.login(api, recorder)
        api.ReqOrderInsert(buy(OrderPriceType="A"), 1)
        recorder.wait("OnRtnTrade")
        self.release(api)
        self.front = SimulatedFront(options)
        again, seen = self.trader(0)
        wrong = body("ReqUserLogin", BrokerID="9999", UserID="1001", Password="other")
        again.ReqUserLogin(wrong, 1)
        self.assertEqual(seen.wait("OnRspUserLogin")[0].values[1]["ErrorID"], 3)
        right = body("ReqUserLogin", BrokerID="9999", UserID="1001", Password="p")
        again.ReqUserLogin(right, 2)
        before = recorder.named("OnRtnTrade")[0].values
        self.assertEqual(seen.wait("OnRtnTrade")[0].values, before)
