"""The book and the market of one instrument: queues, depth, ticks that make sense."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.helpers import MORNING, Bench
from webctp.ctp.codec import DBL_MAX
from webctp.sim.draws import draw
from webctp.sim.events import TickEvent
from webctp.sim.market.auction import Offer
from webctp.sim.market.book import BUY, SELL, Book, Resting, opposite
from webctp.sim.market.market import Market
from webctp.sim.market.ticks import FIELDS, stamp, tick
from webctp.sim.model.flow import Deal, QuietFlow
from webctp.sim.model.pricing import price_bounds
from webctp.sim.model.tape import Traded
from webctp.sim.model.timeline import STEP
from webctp.sim.options import SimOptions


class Queues(SynchronousTestCase):
    """Users' orders by price and time."""

    def book(self, *orders: tuple[int, str, int, int, int]) -> Book:
        book = Book()
        for order in orders:
            book.add(Resting(*order))
        return book

    def test_price_then_time(self) -> None:
        book = self.book((1, BUY, 100, 5, 0), (2, BUY, 110, 5, 0), (3, BUY, 110, 5, 0))
        self.assertEqual([entry.order_id for entry in book.side(BUY)], [2, 3, 1])
        self.assertEqual(list(book.levels(BUY)), [(110, 10), (100, 5)])
        book = self.book((1, SELL, 100, 5, 0), (2, SELL, 90, 5, 0), (3, SELL, 90, 1, 0))
        self.assertEqual([entry.order_id for entry in book.side(SELL)], [2, 3, 1])
        self.assertEqual(book.best(SELL), 90)

    def test_background_stands_in_the_queue(self) -> None:
        book = self.book((1, BUY, 100, 5, 10), (2, BUY, 100, 5, 13))
        self.assertEqual(list(book.take(BUY, 100, 12, 20)), [(None, 10), (1, 2)])
        self.assertEqual(list(book.take(BUY, 100, 100, 10)), [(1, 3), (None, 3), (2, 5)])
        self.assertEqual(len(book), 0)

    def test_queue_shrinks_with_the_background(self) -> None:
        book = self.book((1, BUY, 100, 5, 50))
        self.assertEqual(list(book.take(BUY, 100, 3, 2)), [(None, 2), (1, 1)])

    def test_remove(self) -> None:
        book = self.book((1, BUY, 100, 5, 0))
        self.assertFalse(book.remove(1, SELL))
        self.assertTrue(book.remove(1, BUY))
        self.assertFalse(book.remove(1, BUY))
        self.assertIsNone(book.best(BUY))

    @given(
        st.lists(st.tuples(st.integers(1, 9), st.integers(1, 20), st.integers(0, 30)), max_size=12),
        st.integers(1, 200),
        st.integers(0, 60),
    )
    def test_taking_takes_no_more_than_asked(
        self, orders: list[tuple[int, int, int]], volume: int, background: int
    ) -> None:
        book = self.book(
            *((n, SELL, 100 + price, lots, ahead) for n, (price, lots, ahead) in enumerate(orders))
        )
        price = book.best(SELL)
        if price is None:
            return
        before = dict(book.levels(SELL))
        taken = list(book.take(SELL, price, volume, background))
        users = sum(lots for order_id, lots in taken if order_id is not None)
        self.assertLessEqual(sum(lots for _, lots in taken), volume)
        self.assertLessEqual(sum(lots for order_id, lots in taken if order_id is None), background)
        after = dict(book.levels(SELL))
        self.assertEqual(before.pop(price) - users, after.pop(price, 0))
        self.assertEqual(before, after)


class Limits(SynchronousTestCase):
    """Price limits on the tick."""

    @given(st.integers(1, 10**9), st.integers(1, 10**8), st.sampled_from([20, 50, 2000, 10_000]))
    def test_bounds(self, pre: int, room: int, tick: int) -> None:
        lower, upper = price_bounds(pre * tick, room, tick)
        self.assertEqual((lower % tick, upper % tick), (0, 0))
        self.assertTrue(0 < lower < upper or upper - lower < tick)


def ticks_of(bench: Bench, names: list[str], seconds: int) -> dict[str, list[dict[str, Any]]]:
    """What market-data clients see of some instruments."""
    session = bench.exchange.sessions[bench.connect(trading=False)]
    for name in names:
        bench.exchange.market_data.watch(session, name)
    seen: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(seconds * 2):
        for event in bench.run(0.5):
            if isinstance(event, TickEvent):
                tick: dict[str, Any] = dict(zip(FIELDS, event.values, strict=True))
                seen[tick["InstrumentID"].decode()].append(tick)
    return seen


class Ticks(SynchronousTestCase):
    """All fields of a tick agree with each other and with the ticks before."""

    NAMES = ("cu2701", "m2705", "SR705", "IF2612", "sc2701", "T2703")

    @settings(max_examples=5, deadline=None)
    @given(st.integers(0, 10_000))
    def test_coherent(self, seed: int) -> None:
        bench = Bench(SimOptions(seed=seed))
        names = [name for name in self.NAMES if bench.known(name)]
        options = [n for n in bench.exchange.markets.instruments if n.startswith("m2705-C-")][8:10]
        for name, ticks in ticks_of(bench, names + options, 60).items():
            self.all_coherent(name, ticks, bench.market(name))

    def test_coherent_at_a_limit(self) -> None:
        """A market that is pushed beyond its limit, stays there for a while, and comes back."""
        for name, direction in product(("sc2701", "IF2612", "SR705"), (BUY, SELL)):
            like = Bench().market(name)
            sign = 1 if direction == BUY else -1
            unit = like.contract.tick
            limit = (like.day.upper if direction == BUY else like.day.lower) // unit
            beyond = [sign * (30 - abs(40 - step)) for step in range(80)]
            deals = [
                Deal(step, 3, limit + (min(0, far) if sign > 0 else max(0, far)), 1)
                for step, far in enumerate(beyond)
            ]
            center = [float(limit + far) for far in beyond].__getitem__
            market = Market(like.contract, like.day, Scripted(center, deals))
            told = []
            for step in range(80):
                market.advance(step)
                at = stamp("20261124", "20261124", MORNING + step * STEP, 0)
                told.append(dict(zip(FIELDS, tick(market, at), strict=True)))
            locked = [one for one in told if one["LastPrice"] == limit * unit / 10_000]
            across = "AskPrice1" if direction == BUY else "BidPrice1"
            self.assertGreater(sum(one[across] == DBL_MAX for one in locked), 30)
            self.assertNotEqual(told[-1][across], DBL_MAX)
            self.all_coherent(name, told, market)

    def all_coherent(self, name: str, ticks: list[dict[str, Any]], market: Market) -> None:
        self.assertGreater(len(ticks), 1, name)
        for one in ticks:
            self.coherent(one, market)
        for before, after in pairwise(ticks):
            self.follows(before, after)

    def coherent(self, tick: dict[str, Any], market: Market) -> None:
        low, last, high = tick["LowestPrice"], tick["LastPrice"], tick["HighestPrice"]
        self.assertTrue(tick["LowerLimitPrice"] <= low <= last <= high <= tick["UpperLimitPrice"])
        self.assertTrue(low <= tick["OpenPrice"] <= high)
        contract = market.contract
        size = tick["Volume"] * contract.multiplier
        self.assertTrue(low * size - 1 <= tick["Turnover"] <= high * size + 1)
        average = tick["AveragePrice"]
        if contract.exchange != "CZCE":
            average /= contract.multiplier
        self.assertTrue(low - 0.01 <= average <= high + 0.01)
        shown = 5 if contract.exchange in ("SHFE", "INE") else 1
        bids = self.side(tick, "Bid", shown, tick["LowerLimitPrice"])
        asks = self.side(tick, "Ask", shown, tick["UpperLimitPrice"])
        self.assertTrue(bids or asks)
        self.assertTrue(all(a > b for a, b in pairwise(bids)), bids)
        self.assertTrue(all(a < b for a, b in pairwise(asks)), asks)
        self.assertTrue(not bids or not asks or bids[0] < asks[0], (bids, asks))
        for level in range(1, 6):
            for side in ("Bid", "Ask"):
                there = tick[f"{side}Price{level}"] != DBL_MAX
                self.assertEqual(tick[f"{side}Volume{level}"] > 0, there)
        self.assertEqual(tick["UpdateMillisec"] if contract.exchange == "CZCE" else 0, 0)

    def side(self, tick: dict[str, Any], side: str, shown: int, limit: float) -> list[float]:
        """Give the prices of a side: as many as are shown, or all up to the price limit."""
        prices = [tick[f"{side}Price{n}"] for n in range(1, 6)]
        there = [price for price in prices if price != DBL_MAX]
        self.assertEqual(prices, there + [DBL_MAX] * (5 - len(there)))
        self.assertLessEqual(len(there), shown)
        if len(there) < shown:
            self.assertEqual(there[-1] if there else self.pushed(tick, side), limit)
        return there

    def pushed(self, tick: dict[str, Any], side: str) -> float:
        """Give the best price across from an empty side: it stands at the limit."""
        best: float = tick["AskPrice1" if side == "Bid" else "BidPrice1"]
        return best

    def follows(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        for growing in ("Volume", "Turnover", "HighestPrice"):
            self.assertLessEqual(before[growing], after[growing])
        self.assertGreaterEqual(before["LowestPrice"], after["LowestPrice"])
        self.assertEqual(before["OpenPrice"], after["OpenPrice"])
        times = [(tick["UpdateTime"], tick["UpdateMillisec"]) for tick in (before, after)]
        self.assertLessEqual(times[0], times[1])
        if after["Volume"] == before["Volume"]:
            self.assertEqual(after["LastPrice"], before["LastPrice"])

    @holds("HQSM-5")
    def test_active_instruments_tick_twice_a_second(self) -> None:
        ticks = ticks_of(Bench(), ["rb2705"], 30)["rb2705"]
        # The present one at subscribing, and two a second.
        self.assertEqual(len(ticks), 61)

    def test_looking_changes_no_price(self) -> None:
        watched, alone = Bench(), Bench()
        ticks_of(watched, ["cu2701"], 60)
        alone.run(60)
        for direction in (BUY, SELL):
            self.assertEqual(watched.best("cu2701", direction), alone.best("cu2701", direction))

    def test_option_follows_its_future(self) -> None:
        bench = Bench()
        markets = bench.exchange.markets
        chain = [
            c
            for n in markets.instruments
            if n.startswith("m2705-C-") and (c := markets.contract(n)) is not None
        ]
        values = [bench.market(contract.instrument).depth(SELL, 1) for contract in chain]
        prices = [found[0][0] for found in values if found]
        self.assertGreater(len(prices), 5)
        # A call is worth less at a higher strike; spreads leave a few ticks of room.
        room = 20 * chain[0].tick
        self.assertTrue(all(b <= a + room for a, b in pairwise(prices)), prices)


class Scripted:
    """A background that quotes where it is told to, and trades what it is told to."""

    next = 0

    def __init__(self, center: Callable[[int], float], deals: Iterable[Deal] = ()) -> None:
        self._center = center
        self._flow = QuietFlow(deals)

    @property
    def printed(self) -> int:
        return self._flow.printed

    def advance(self, step: int) -> Traded | None:
        return self._flow.advance(step)

    def clear(self, step: int, upto: int, above: int, below: int) -> int:
        return step

    def quote(self, step: int) -> tuple[float, int]:
        return self._center(step), draw(7, step)

    def bits(self, step: int) -> int:
        return draw(8, step)


class OpenInterest(SynchronousTestCase):
    """Two that open add to it, two that close take from it, one of each leaves it."""

    def test_a_trade_between_users(self) -> None:
        market = Bench().market("cu2711")
        price = market.depth(BUY, 1)[0][0] + market.contract.tick
        self.assertLess(price, market.depth(SELL, 1)[0][0])
        for number, (rests, comes, change) in enumerate(
            ((True, True, 2), (True, False, 0), (False, True, 0), (False, False, -2))
        ):
            market.rest(number, SELL, price, 2, opens=rests)
            before = market.tape.open_interest
            self.assertEqual(market.execute(BUY, price, 2, opens=comes), [(number, price, 2)])
            self.assertEqual(market.tape.open_interest - before, change, (rests, comes))

    def test_a_call_auction(self) -> None:
        for opens, change in (((True, True), 3), ((True, False), 0), ((False, False), -3)):
            market = self.silent()
            entering = [
                (BUY, Offer(1, market.day.pre_settlement, 3, opens[0])),
                (SELL, Offer(2, market.day.pre_settlement, 3, opens[1])),
            ]
            fills = market.call_auction(0, entering)
            self.assertEqual([fill.volume for fill in fills], [3, 3])
            interest = market.tape.open_interest - market.day.open_interest
            self.assertEqual((market.tape.volume, interest), (3, change), opens)

    def test_an_auction_in_which_nothing_trades_moves_no_price(self) -> None:
        for bids in (0, 1):
            market = self.silent()
            entering = [(BUY, Offer(1, market.day.pre_settlement, 3))] * bids
            self.assertEqual(market.call_auction(0, entering), [])
            self.assertEqual(market.tape.volume, 0)
            self.assertEqual(market.tape.last, market.day.pre_settlement)

    def silent(self) -> Market:
        """Give a market whose background does not trade, and stands far apart."""
        like = Bench().market("cu2711")
        quiet = replace(like.contract, activity=0.0, spread=40)
        center = like.day.pre_settlement / quiet.tick + 7
        return Market(quiet, like.day, Scripted(lambda step: center))


class PriceLimits(SynchronousTestCase):
    """A market that is pushed against its limit."""

    @holds("MD-ONRTNDEPTHMARKETDATA-1")
    def test_limit_up_has_no_sellers(self) -> None:
        bench = Bench()
        market = bench.market("cu2701")
        at = market.day.upper // market.contract.tick
        background = Scripted(lambda step: at + 9.0, [Deal(3, 5, at, 1)])
        pushed = Market(market.contract, market.day, background)
        pushed.advance(10)
        self.assertEqual(pushed.depth(SELL, 5), [])
        bids = pushed.depth(BUY, 5)
        self.assertEqual(bids[0][0], market.day.upper)
        self.assertGreater(bids[0][1], 10 * market.contract.depth // 2)
        self.assertEqual(pushed.tape.last, market.day.upper)
        self.assertEqual(pushed.execute(BUY, None, 5), [])
        self.assertEqual(pushed.fillable(BUY, None, 5), 0)

    def test_sweeping_a_side_stops_at_the_limit(self) -> None:
        bench = Bench()
        market = bench.market("cu2701")
        matches = market.execute(SELL, None, 10**6)
        self.assertGreaterEqual(min(price for _, price, _ in matches), market.day.lower)
        self.assertLess(sum(lots for _, _, lots in matches), 10**6)
        self.assertEqual(opposite(SELL), BUY)
