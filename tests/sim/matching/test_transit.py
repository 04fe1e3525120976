"""Messages under way: what may cross, and how CTP tells it."""

from datetime import datetime, timedelta
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes, states
from tests.sim.host.test_state import Recorded, reloaded
from webctp.sim.events import Event, Push, Reply
from webctp.sim.matching.transit import Latency, Transit
from webctp.sim.options import OptionError, SimOptions

LISTED: Final = {
    "SHFE": "cu2701",
    "INE": "sc2702",
    "CFFEX": "IF2612",
    "CZCE": "SR705",
    "DCE": "m2705",
    "GFEX": "si2702",
}
START: Final = datetime(2026, 11, 24, 9, 30)


def errors(events: list[Event]) -> list[tuple[str, int | None]]:
    """The callbacks that tell an error, with their codes, in order."""
    return [
        (event.callback, event.error)
        for event in events
        if isinstance(event, Reply | Push) and event.error
    ]


class Crossing(SynchronousTestCase):
    """An order and actions on it, 100 ms from their exchange and 100 ms back."""

    def bench(self, exchange: str, **options: Any) -> tuple[Bench, int, str]:
        options = {"latency": 100.0, "balance": 1e10, **options}
        bench = Bench(SimOptions(seed=7, **options))
        return bench, bench.login(), LISTED[exchange]

    def cancel(self, bench: Bench, session: int, exchange: str, **changes: Any) -> list[Event]:
        wanted = {"InstrumentID": LISTED[exchange], "OrderRef": "7", "ExchangeID": exchange}
        return bench.action(session, **{**wanted, **changes})

    @holds("ONRTNORDER-2")
    def test_the_answer_takes_its_time_and_brings_the_exchanges(self) -> None:
        bench, session, name = self.bench("SHFE", latency=2000.0)
        low = bench.market(name).day.lower / 1e4
        told = pushes(bench.order(session, name, LimitPrice=low), "OnRtnOrder")
        self.assertEqual(
            [(row["OrderStatus"], row["InsertTime"]) for row in told], [("a", "09:30:00")]
        )
        self.assertEqual(bench.run(3.9), [])
        told = pushes(bench.run(0.2), "OnRtnOrder")
        self.assertEqual(
            [(row["OrderStatus"], row["InsertTime"]) for row in told], [("3", "09:30:02")]
        )
        self.assertNotEqual(told[0]["OrderSysID"], "")

    @holds("REQORDERACTION-6")
    def test_an_order_that_is_not_known_yet_is_cancelled_but_on_czce(self) -> None:
        for exchange in LISTED:
            with self.subTest(exchange):
                bench, session, name = self.bench(exchange)
                low = bench.market(name).day.lower / 1e4
                bench.order(session, name, OrderRef="7", LimitPrice=low)
                events = self.cancel(bench, session, exchange)
                if exchange == "CZCE":
                    told = [("OnRspOrderAction", 157), ("OnErrRtnOrderAction", 157)]
                    self.assertEqual(errors(events), told)
                    self.assertEqual(states(bench.run(1)), ["33"])
                else:
                    self.assertEqual(events, [])
                    self.assertEqual(states(bench.run(1)), ["33", "33", "35"])
                audit(bench.exchange)

    def test_24_while_an_action_is_on_its_way(self) -> None:
        for exchange in LISTED:
            with self.subTest(exchange):
                bench, session, name = self.bench(exchange)
                low = bench.market(name).day.lower / 1e4
                bench.order(session, name, OrderRef="7", LimitPrice=low)
                bench.run(1)
                self.assertEqual(self.cancel(bench, session, exchange), [])
                told = [("OnRspOrderAction", 24), ("OnErrRtnOrderAction", 24)]
                self.assertEqual(errors(self.cancel(bench, session, exchange)), told)
                self.assertEqual(states(bench.run(1)), ["33", "35"])
                told = [("OnRspOrderAction", 26), ("OnErrRtnOrderAction", 26)]
                self.assertEqual(errors(self.cancel(bench, session, exchange)), told)

    def test_26_by_the_exchange_where_it_has_traded_meanwhile(self) -> None:
        for exchange in LISTED:
            with self.subTest(exchange):
                bench, session, name = self.bench(exchange)
                bench.order(session, name, OrderRef="7")
                bench.run(0.15)
                # It has traded at the exchange, of which CTP has not heard: CZCE's is unknown.
                events = self.cancel(bench, session, exchange)
                if exchange == "CZCE":
                    self.assertEqual(errors(events)[0], ("OnRspOrderAction", 157))
                    continue
                self.assertEqual(events, [])
                events = bench.run(1)
                self.assertEqual(states(events)[-1], "T")
                self.assertEqual(errors(events), [("OnErrRtnOrderAction", 26)])
                row = pushes(events, "OnErrRtnOrderAction")[0]
                self.assertEqual(
                    (row["OrderActionStatus"], row["StatusMsg"]),
                    ("c", f"{exchange}:报单已全成交或已撤销，不能再撤"),
                )
                audit(bench.exchange)

    def test_a_refusal_by_the_exchange_goes_untold_without_a_user(self) -> None:
        bench, session, name = self.bench("SHFE")
        bench.order(session, name, OrderRef="7")
        bench.run(0.15)
        self.assertEqual(self.cancel(bench, session, "SHFE", UserID=""), [])
        self.assertEqual(errors(bench.run(1)), [])

    def test_after_a_refused_action_another_may_be_sent(self) -> None:
        bench, session, name = self.bench("SHFE", clock="always")
        bid = bench.best(name, "0")
        bench.order(session, name, OrderRef="7", LimitPrice=bid - 2000.0)
        bench.run(1)
        self.cancel(bench, session, "SHFE")
        bench.run(1)
        self.assertEqual(errors(self.cancel(bench, session, "SHFE"))[0][1], 26)

    @holds("ONRTNORDER-8")
    def test_the_time_of_a_cancellation(self) -> None:
        for exchange in LISTED:
            with self.subTest(exchange):
                bench, session, name = self.bench(exchange, latency=2000.0)
                low = bench.market(name).day.lower / 1e4
                bench.order(session, name, OrderRef="7", LimitPrice=low)
                bench.run(10)
                self.cancel(bench, session, exchange)
                row = pushes(bench.run(10), "OnRtnOrder")[-1]
                # Sent at 09:30:10, at the exchange two seconds later, heard of after four.
                heard = "09:30:12" if exchange == "CFFEX" else "09:30:14"
                self.assertEqual((row["OrderStatus"], row["CancelTime"]), ("5", heard))

    def test_money_and_positions_change_with_what_is_told(self) -> None:
        bench, session, name = self.bench("SHFE")
        bench.order(session, name)
        bench.run(0.15)
        # The exchange has traded it; CTP holds it frozen until it hears.
        self.assertEqual(bench.rows(session, "ReqQryInvestorPosition")[0]["Position"], 0)
        self.assertNotEqual(bench.funds(session)["FrozenMargin"], 0.0)
        audit(bench.exchange)
        bench.run(0.1)
        self.assertEqual(bench.rows(session, "ReqQryInvestorPosition")[0]["Position"], 1)
        self.assertEqual(bench.funds(session)["FrozenMargin"], 0.0)
        audit(bench.exchange)

    def test_what_is_under_way_when_the_day_ends_arrives_before_its_settlement(self) -> None:
        bench, session, name = self.bench("SHFE", latency=60_000.0)
        bench.now = datetime(2026, 11, 24, 16, 59, 50)
        bench.exchange.advance(bench.now)
        bench.exchange.drain()
        bench.order(session, name)
        self.assertEqual(states(bench.run(30))[-1], "T")
        rows = bench.rows(session, "ReqQryInvestorPosition")
        self.assertEqual([(row["YdPosition"], row["Position"]) for row in rows], [(1, 1)])
        audit(bench.exchange)


class Restarts(SynchronousTestCase):
    """A front that is killed while messages are under way."""

    def test_an_order_on_its_way_arrives_after_all(self) -> None:
        for latency in (100.0, 0.0):
            with self.subTest(latency):
                bench = Bench(SimOptions(seed=7, latency=100.0))
                session = bench.login()
                path = self.mktemp()
                recorded = Recorded(path)
                low = bench.market("cu2701").day.lower / 1e4
                recorded.save(bench.exchange, bench.order(session, LimitPrice=low))
                recorded.save(bench.exchange, bench.order(session))
                # The options may have changed meanwhile.
                bench.exchange.options = SimOptions(seed=7, latency=latency)
                again, _ = reloaded(path, bench)
                again.run(1)
                session = again.login()
                rows = again.rows(session, "ReqQryOrder")
                self.assertEqual([row["OrderStatus"] for row in rows], ["3", "0"])
                audit(again.exchange)

    def test_an_action_on_its_way_is_lost(self) -> None:
        bench = Bench(SimOptions(seed=7, latency=100.0))
        session = bench.login()
        path = self.mktemp()
        recorded = Recorded(path)
        low = bench.market("cu2701").day.lower / 1e4
        recorded.save(bench.exchange, bench.order(session, OrderRef="7", LimitPrice=low))
        recorded.save(bench.exchange, bench.run(1))
        recorded.save(bench.exchange, bench.action(session, OrderRef="7"))
        again, _ = reloaded(path, bench)
        again.run(1)
        other = again.login()
        (row,) = again.rows(other, "ReqQryOrder")
        self.assertEqual(row["OrderStatus"], "3")
        # Another may be sent.
        self.assertEqual(again.action(other, OrderRef="7", SessionID=session), [])
        self.assertEqual(states(again.run(1)), ["33", "35"])
        audit(again.exchange)


class Lines(SynchronousTestCase):
    """Delays: drawn from the seed, and nothing overtakes."""

    def delays(self, seed: int, line: str = "SHFE") -> list[float]:
        transit, moments = Transit(Latency(1.0, 20.0), seed), list[datetime]()
        for count in range(200):
            transit.to(line, START + timedelta(milliseconds=count), moments.append)
        transit.arrive(START + timedelta(hours=1))
        return [(moment - START).total_seconds() for moment in moments]

    def test_the_same_seed_gives_the_same(self) -> None:
        self.assertEqual(self.delays(1), self.delays(1))
        self.assertNotEqual(self.delays(1), self.delays(2))

    def test_nothing_overtakes_on_a_line(self) -> None:
        found = self.delays(3)
        self.assertEqual(found, sorted(found))
        self.assertTrue(all(delay >= 0.001 + count / 1000 for count, delay in enumerate(found)))

    def test_lines_are_apart(self) -> None:
        transit, seen = Transit(Latency(1000.0), 1), list[str]()
        transit.to("SHFE", START, lambda now: seen.append("SHFE"))
        transit.back("SHFE", START - timedelta(seconds=1), lambda now: seen.append("back"))
        transit.arrive(START)
        self.assertEqual(seen, ["back"])
        transit.flush(START)
        self.assertEqual((seen, transit.due()), (["back", "SHFE"], None))

    def test_without_a_latency_everything_arrives_as_it_is_sent(self) -> None:
        seen: list[datetime] = []
        Transit(Latency(), 1).to("SHFE", START, seen.append)
        self.assertEqual(seen, [START])

    def test_options(self) -> None:
        options = SimOptions.from_address("sim://?latency=0.5&latencymore=2")
        self.assertEqual((options.latency, options.latency_more), (0.5, 2.0))
        error = self.assertRaises(OptionError, SimOptions.from_address, "sim://?latency=fast")
        self.assertIn("Latency", str(error))
