"""Days join: what one ends with is what the next begins with, whoever looked at either."""

from datetime import datetime
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import Bench
from tests.sim.test_looking import bench_of, some, tick_of
from webctp.ctp.codec import DBL_MAX
from webctp.sim.events import Reply
from webctp.sim.handlers.market import subscribe
from webctp.sim.market.market import Market
from webctp.sim.model.tape import Fill
from webctp.sim.refusals import NO_SUCH_INSTRUMENT

CLOSED = datetime(2026, 11, 24, 15, 20)
NEXT = datetime(2026, 11, 25, 9, 45)
LATER = datetime(2026, 11, 25, 15, 20)


def at(bench: Bench, moment: datetime) -> Bench:
    bench.run((moment - bench.now).total_seconds())
    return bench


class Days(SynchronousTestCase):
    """Two days of instruments of every exchange, futures and options, near and far ones."""

    @settings(max_examples=4, deadline=None)
    @given(st.integers(0, 10**6))
    def test_one_begins_with_what_the_other_ended_with(self, seed: int) -> None:
        first, second = bench_of(seed, CLOSED), bench_of(seed, NEXT)
        for name in some(first, Random(seed), 3):
            if not second.known(name):
                continue
            ended, begun = tick_of(first, name), tick_of(second, name)
            for told, was in (
                ("PreSettlementPrice", "SettlementPrice"),
                ("PreClosePrice", "ClosePrice"),
                ("PreOpenInterest", "OpenInterest"),
            ):
                self.assertEqual(begun[told], ended[was], f"{told} of {name}, seed {seed}")

    @holds("HQSM-3", "HQSM-4", "MD-ONRTNDEPTHMARKETDATA-4")
    @settings(max_examples=4, deadline=None)
    @given(st.integers(0, 10**6))
    def test_a_settlement_price_is_an_average_within_the_days_range(self, seed: int) -> None:
        bench = bench_of(seed, CLOSED)
        listed = bench.exchange.markets.instruments
        for name in some(bench, Random(seed), 4):
            tick = tick_of(bench, name)
            settled, which = tick["SettlementPrice"], f"{name}, seed {seed}"
            self.assertTrue(tick["LowerLimitPrice"] <= settled <= tick["UpperLimitPrice"], which)
            if not tick["Volume"]:
                self.assertEqual(tick["OpenPrice"], DBL_MAX, which)
                continue
            self.assertTrue(tick["LowestPrice"] <= settled <= tick["HighestPrice"], which)
            product = listed[name].product
            average = tick["AveragePrice"]
            if product.exchange_id != "CZCE":
                average /= product.volume_multiple
            size = tick["Volume"] * product.volume_multiple
            self.assertAlmostEqual(average, tick["Turnover"] / size, places=6, msg=which)
            if not listed[name].options_type and product.exchange_id != "CFFEX":
                self.assertLessEqual(abs(average - settled), product.price_tick * 0.501, which)

    def test_cffex_settles_at_the_average_of_its_last_hour(self) -> None:
        before = bench_of(5, datetime(2026, 11, 24, 14, 0))
        after = bench_of(5, CLOSED)
        for name in ("IF2612", "IC2612", "IM2703"):
            early, late = tick_of(before, name), tick_of(after, name)
            product = before.exchange.markets.instruments[name].product
            lots = late["Volume"] - early["Volume"]
            worth = late["Turnover"] - early["Turnover"]
            average = worth / lots / product.volume_multiple
            # The first half second of the hour is in the earlier tick.
            self.assertApproximates(late["SettlementPrice"], average, 2 * product.price_tick)

    def test_what_users_traded_is_in_the_settlement_and_in_the_next_day(self) -> None:
        bench, alone = (bench_of(5, datetime(2026, 11, 24, 14, 0)) for _ in range(2))
        session = bench.login()
        name = "wr2701"
        market = bench.market(name)
        price = min(market.day.upper, (market.best("1") or 0) + 30 * market.contract.tick)
        for _ in range(9):
            bench.order(session, name, LimitPrice=price / 10_000, VolumeTotalOriginal=50)
            bench.run(30)
        ended = tick_of(at(bench, CLOSED), name)
        average = ended["AveragePrice"] / market.contract.multiplier
        self.assertApproximates(ended["SettlementPrice"], average, market.contract.tick / 10_000)
        self.assertNotEqual(
            ended["SettlementPrice"], tick_of(at(alone, CLOSED), name)["SettlementPrice"]
        )
        begun = tick_of(at(bench, NEXT), name)
        for told, was in (
            ("PreSettlementPrice", "SettlementPrice"),
            ("PreClosePrice", "ClosePrice"),
            ("PreOpenInterest", "OpenInterest"),
        ):
            self.assertEqual(begun[told], ended[was], told)
        late = tick_of(at(bench, LATER), name)
        self.assertTrue(
            late["LowerLimitPrice"] <= late["SettlementPrice"] <= late["UpperLimitPrice"]
        )


class Restarts(SynchronousTestCase):
    """An exchange that goes on where another has been cut off has the same market."""

    def test_a_market_in_which_users_wait_goes_on(self) -> None:
        names = ("cu2701", "m2705", "m2705-C-2800", "wr2701", "IF2612")
        bench = bench_of(5, datetime(2026, 11, 24, 13, 40))
        session = bench.login()
        for name in names:
            market = bench.market(name)
            away = 6 * market.contract.tick
            for side, price in (("0", -away), ("1", away), ("0", 2 * away)):
                best = market.best(side) or market.day.pre_settlement
                limit = min(max(best + price, market.day.lower), market.day.upper)
                bench.order(session, name, Direction=side, LimitPrice=limit / 10_000)
            bench.run(7)
        facts: dict[str, Any] = bench.exchange.markets.facts()
        again = bench_of(5, bench.now).exchange.markets
        again.restore(facts)
        self.assertEqual(again.facts(), facts)
        markets = bench.exchange.markets
        for name in names:
            end = markets.market(name).step + 3_000
            for one in (markets, again):
                one.market(name).advance(end)
            self.assertEqual(again.market(name).facts(), markets.market(name).facts(), name)


class PassingOver(SynchronousTestCase):
    """Where users wait, steps at which nothing can reach them are passed over in one."""

    def test_is_the_same_as_taking_every_step(self) -> None:
        names = ("cu2701", "m2705", "m2705-C-2800", "wr2701")
        passed = [self.story(name) for name in names]
        self.patch(Market, "_clear", lambda market, step: market.step)
        self.assertEqual(passed, [self.story(name) for name in names])
        self.assertGreater(sum(len(fills) for told in passed for fills, _ in told), 3)

    def story(self, name: str) -> list[tuple[list[Fill], dict[str, Any]]]:
        """Orders nearer and farther, and what becomes of them in a while."""
        market = bench_of(5, datetime(2026, 11, 24, 9, 30)).market(name)
        told = []
        for number, (away, steps) in enumerate(((1, 400), (9, 3_000), (40, 6_000))):
            for side, sign in (("0", -1), ("1", 1)):
                best = market.best(side) or market.day.pre_settlement
                price = best + sign * away * market.contract.tick
                market.rest(2 * number + int(side), side, price, 3)
            _, fills = market.advance(market.step + steps)
            told.append((fills, market.facts()))
        return told


class Subscribing(SynchronousTestCase):
    """What a subscription takes."""

    @holds("MD-SUBSCRIBEMARKETDATA-1")
    def test_an_empty_name_is_no_instrument(self) -> None:
        exchange = bench_of(5, NEXT).exchange
        session = exchange.connect(NEXT, trading=False)
        names, callback = ["", "cu2701"], "OnRspSubMarketData"
        list(subscribe(exchange, session.session_id, "SubscribeMarketData", names, callback))
        replies = [event for event in exchange.drain() if isinstance(event, Reply)]
        self.assertEqual([reply.error for reply in replies], [NO_SUCH_INSTRUMENT, 0])
        self.assertEqual(session.subscribed, {"cu2701"})
