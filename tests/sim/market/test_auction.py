"""The call auction: the price of the largest volume, and all trade at it."""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.audit import Witness, agree, audit
from tests.sim.helpers import Bench, pushes, states
from tests.sim.test_day import bench_at, until
from webctp.sim.events import TickEvent
from webctp.sim.market.auction import Offer, allotted, clearing
from webctp.sim.market.book import BUY, SELL
from webctp.sim.market.ticks import FIELDS

ORDERING = datetime(2026, 11, 23, 20, 56)
MATCHED = datetime(2026, 11, 23, 20, 59, 1)
OPEN = datetime(2026, 11, 23, 21, 1)

OFFERS = st.lists(
    st.builds(Offer, st.integers(1, 99), st.integers(90, 110), st.integers(0, 50)), max_size=12
)


def offers(*pairs: tuple[int, int]) -> list[Offer]:
    return [Offer(number, price, volume) for number, (price, volume) in enumerate(pairs, 1)]


class Clearing(SynchronousTestCase):
    """One price for bids and asks."""

    def test_the_largest_volume(self) -> None:
        bids = offers((105, 10), (103, 20), (101, 30))
        asks = offers((100, 15), (102, 10), (104, 40))
        self.assertEqual(clearing(bids, asks, 104), (103, 25))

    def test_of_equal_volumes_the_least_left_over(self) -> None:
        self.assertEqual(clearing(offers((105, 10)), offers((100, 10), (104, 5)), 105), (100, 10))

    def test_then_the_nearest_to_the_last_price(self) -> None:
        bids, asks = offers((105, 10)), offers((100, 10))
        self.assertEqual(clearing(bids, asks, 104), (105, 10))
        self.assertEqual(clearing(bids, asks, 101), (100, 10))

    def test_better_prices_trade_whole(self) -> None:
        # Sellers are left over: the price is theirs, however near to the last one another is.
        self.assertEqual(clearing(offers((100, 1)), offers((91, 1), (91, 2)), 100), (91, 1))
        self.assertEqual(clearing(offers((100, 1), (100, 2)), offers((91, 1)), 91), (100, 1))

    def test_who_does_not_meet_does_not_trade(self) -> None:
        self.assertEqual(clearing(offers((99, 10)), offers((100, 10)), 99)[1], 0)
        self.assertEqual(clearing([], [], 99)[1], 0)

    @given(OFFERS, OFFERS, st.integers(90, 110))
    def test_no_price_trades_more(
        self, bids: list[Offer], asks: list[Offer], reference: int
    ) -> None:
        price, volume = clearing(bids, asks, reference)
        for other in range(89, 112):
            demand = sum(bid.volume for bid in bids if bid.price >= other)
            supply = sum(ask.volume for ask in asks if ask.price <= other)
            self.assertLessEqual(min(demand, supply), volume)
        for side, standing in ((BUY, bids), (SELL, asks)):
            given_out = list(allotted(standing, side, price, volume))
            self.assertEqual(sum(traded for _, traded in given_out), volume)
            self._in_order(side, standing, price, given_out)

    def _in_order(
        self, side: str, standing: list[Offer], price: int, traded: list[tuple[Offer, int]]
    ) -> None:
        """Nobody trades beyond his price, and nobody before one who is better."""
        sign = -1 if side == BUY else 1
        for offer, _ in traded:
            self.assertLessEqual(sign * offer.price, sign * price)
        if traded:
            better = [offer for offer in standing if sign * offer.price < sign * price]
            whole = [offer for offer, volume in traded if volume == offer.volume]
            self.assertEqual(Counter(o for o in better if o.volume) - Counter(whole), Counter())

    def test_at_the_price_the_first_come_trade(self) -> None:
        bids = offers((100, 5), (101, 5), (100, 5), (99, 5))
        given_out = [(o.order_id, traded) for o, traded in allotted(bids, BUY, 100, 8)]
        self.assertEqual(given_out, [(2, 5), (1, 3)])


class Opening(SynchronousTestCase):
    """The auction before the night session."""

    def setUp(self) -> None:
        self.bench = bench_at(ORDERING, balance=1_000_000_000)
        self.first = self.bench.login("1001")
        self.second = self.bench.login("1002")

    def order(self, session: int, direction: str, price: float, volume: int) -> None:
        events = self.bench.order(
            session, Direction=direction, LimitPrice=price, VolumeTotalOriginal=volume
        )
        self.assertEqual(states(events), ["0a", "33"])

    def limits(self) -> tuple[float, float]:
        day = self.bench.market("cu2701").day
        return day.lower / 10_000, day.upper / 10_000

    def test_all_trade_at_one_price_in_the_minute_before(self) -> None:
        low, high = self.limits()
        self.order(self.first, BUY, high, 30)
        self.order(self.second, SELL, low, 20)
        self.order(self.second, BUY, high - 10, 1)
        events = until(self.bench, MATCHED)
        trades = pushes(events, "OnRtnTrade")
        self.assertEqual(len({trade["Price"] for trade in trades}), 1)
        self.assertEqual({trade["TradeTime"] for trade in trades}, {"20:59:00"})
        self.assertEqual(sum(trade["Volume"] for trade in trades), 51)
        audit(self.bench.exchange)
        tick = dict(zip(FIELDS, self.bench.exchange.market_data.tick("cu2701"), strict=True))
        self.assertEqual(tick["OpenPrice"], trades[0]["Price"])

    def test_a_crowd_of_buyers_opens_it_higher(self) -> None:
        _, high = self.limits()
        alone = bench_at(ORDERING)
        until(alone, OPEN)
        quiet = alone.market("cu2701").tape.open
        self.order(self.first, BUY, high, 300)
        until(self.bench, OPEN)
        self.assertGreater(self.bench.market("cu2701").tape.open, quiet)

    def test_what_does_not_trade_rests(self) -> None:
        low, high = self.limits()
        self.order(self.first, BUY, low, 2)
        self.order(self.second, SELL, high, 2)
        self.assertEqual(states(until(self.bench, MATCHED)), [])
        self.assertEqual(len(self.bench.market("cu2701").book), 2)
        audit(self.bench.exchange)

    def test_the_exchange_takes_nothing_in_the_minute_of_matching(self) -> None:
        until(self.bench, MATCHED)
        events = self.bench.order(self.first)
        self.assertEqual(states(events), ["0a", "45"])

    def test_who_watches_sees_it_at_once(self) -> None:
        exchange = self.bench.exchange
        watcher = exchange.sessions[self.bench.connect(trading=False)]
        exchange.market_data.watch(watcher, "cu2701")
        exchange.market_data.watch(watcher, "IF2612")
        exchange.drain()
        found: list[dict[str, Any]] = [
            dict(zip(FIELDS, event.values, strict=True))
            for event in until(self.bench, MATCHED)
            if isinstance(event, TickEvent)
        ]
        self.assertEqual(
            [(tick["InstrumentID"], tick["UpdateTime"]) for tick in found],
            [(b"cu2701", b"20:59:00")],
        )
        self.assertEqual(found[0]["OpenPrice"], found[0]["LastPrice"])
        self.assertGreater(found[0]["Volume"], 0)

    def test_it_opens_alike_whether_anybody_looks_or_not(self) -> None:
        names = ("cu2701", "rb2705", "m2705", "SR705", "au2702")
        watched, alone = bench_at(ORDERING), bench_at(ORDERING)
        session = watched.exchange.sessions[watched.connect(trading=False)]
        for name in names:
            watched.exchange.market_data.watch(session, name)
        for bench in (watched, alone):
            until(bench, OPEN)
        for name in names:
            prices = [bench.market(name).tape.open for bench in (watched, alone)]
            self.assertEqual(prices[0], prices[1], name)
            self.assertGreater(prices[0], 0)

    def test_the_days_auction_takes_what_rests_from_the_night(self) -> None:
        low, _ = self.limits()
        until(self.bench, OPEN)
        self.order(self.first, BUY, low, 5)
        until(self.bench, datetime(2026, 11, 24, 8, 56))
        for _ in range(10):
            # More than the background takes at forty prices.
            self.order(self.second, SELL, low, 500)
        events = until(self.bench, datetime(2026, 11, 24, 8, 59, 1))
        mine = pushes(events, "OnRtnTrade")
        self.assertEqual(len({trade["Price"] for trade in mine}), 1)
        self.assertEqual({trade["TradeTime"] for trade in mine}, {"08:59:00"})
        self.assertEqual(sum(t["Volume"] for t in mine if t["InvestorID"] == "1001"), 5)
        audit(self.bench.exchange)


class Flows(SynchronousTestCase):
    """Whatever gathers, the books balance and queries say what was pushed."""

    ORDERS = st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from((BUY, SELL)),
            st.integers(-30, 30),
            st.integers(1, 99),
        ),
        max_size=25,
    )

    @given(ORDERS)
    def test_any(self, orders: list[tuple[int, str, int, int]]) -> None:
        bench = bench_at(ORDERING, balance=1_000_000_000)
        sessions = [bench.login("1001"), bench.login("1002")]
        witnesses = [Witness(), Witness()]
        for who, direction, ticks, volume in orders:
            self._see(witnesses, bench, self._order(bench, sessions[who], direction, ticks, volume))
        for moment in (MATCHED, OPEN):
            self._see(witnesses, bench, until(bench, moment))
            audit(bench.exchange)
        for session, witness in zip(sessions, witnesses, strict=True):
            agree(partial(bench.rows, session), witness)

    def _order(
        self, bench: Bench, session: int, direction: str, ticks: int, volume: int
    ) -> list[Any]:
        price = bench.market("cu2701").day.pre_settlement / 10_000 + ticks * 10
        changes: dict[str, Any] = {"Direction": direction, "LimitPrice": price}
        return bench.order(session, VolumeTotalOriginal=volume, **changes)

    def _see(self, witnesses: list[Witness], bench: Bench, events: list[Any]) -> None:
        for key, witness in zip(bench.exchange.accounts, witnesses, strict=True):
            witness.see([e for e in events if getattr(e, "account", None) == key])
