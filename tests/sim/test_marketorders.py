"""Orders at the market: what each exchange takes, what it leaves of them, what bounds them.

CTP's page QTYWGZ/GJYSTSZL; SHFE's and INE's (since 2026-07-06, of 60 lots at most) are second-hand.
"""

from datetime import datetime
from typing import Any, Final

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.sim.audit import audit
from tests.sim.helpers import Bench, pushes, states
from tests.sim.test_sequences import LISTED, Story
from webctp.exchanges import calendar, productfile
from webctp.sim.model.timeline import ExchangeHours
from webctp.sim.options import SimOptions

ANY: Final = {"OrderPriceType": "1", "LimitPrice": 0.0}
BEST: Final = {"OrderPriceType": "3", "LimitPrice": 0.0}
FIVE: Final = {"OrderPriceType": "G", "LimitPrice": 0.0}
AT_ONCE: Final = {"TimeCondition": "1", "VolumeCondition": "1"}
WHOLE: Final = {"TimeCondition": "1", "VolumeCondition": "3"}
DAY: Final = {"TimeCondition": "3", "VolumeCondition": "1"}
DAY_WHOLE: Final = {"TimeCondition": "3", "VolumeCondition": "3"}

LEFT: Final = (
    # Exchange, what is ordered of which one lot trades, and what CTP tells.
    ("SHFE", {**ANY, **AT_ONCE}, "a 5 5 T"),
    ("SHFE", {**ANY, **DAY}, "a 5 5 T"),
    ("SHFE", {**ANY, **WHOLE}, "a 5"),
    ("INE", {**ANY, **AT_ONCE}, "a 5 5 T"),
    ("INE", {**ANY, **DAY}, "a 5 5 T"),
    ("INE", {**ANY, **WHOLE}, "a 5"),
    ("CZCE", {**ANY, **DAY_WHOLE}, "a 3 3 1 T 5"),
    ("CZCE", {**ANY, **AT_ONCE}, "a 3 3 1 T 5"),
    ("DCE", {**ANY, **AT_ONCE}, "a 3 1 T 5"),
    ("DCE", {**ANY, **WHOLE}, "a 5"),
    ("GFEX", {**ANY, **AT_ONCE}, "a 3 1 T 5"),
    ("GFEX", {**ANY, **WHOLE}, "a 5"),
    ("CFFEX", {**BEST, **AT_ONCE}, "a 5 5 T"),
    ("CFFEX", {**BEST, **DAY}, "a a 1 T"),
    ("CFFEX", {**FIVE, **AT_ONCE}, "a 5 5 T"),
    ("CFFEX", {**FIVE, **DAY}, "a a 1 T"),
)
MOST: Final = {"SHFE": 60, "INE": 60, "CZCE": 200, "DCE": 1000, "GFEX": 1000, "CFFEX": 10}
KIND: Final[dict[str, dict[str, Any]]] = {
    name: {**(BEST if name == "CFFEX" else ANY), **AT_ONCE} for name in LISTED
}


class Stripped(Story):
    """A market in which so many lots are left for whoever buys."""

    def __init__(self, exchange: str, lots: int) -> None:
        super().__init__(exchange)
        standing = self.market.fillable("0", None, 10**9)
        most = self.market.contract.limit_volumes[1]
        while standing > lots:
            volume = min(most, standing - lots)
            self.bench.order(self.other, self.name, VolumeTotalOriginal=volume)
            standing -= volume
        assert self.market.fillable("0", None, 10**9) == lots


class Left(SynchronousTestCase):
    """What is not traded at once: cancelled, or a limit order where CFFEX takes it for the day."""

    @holds("GJYSTSZL-3", "GJYSTSZL-5", "GJYSTSZL-6")
    def test_what_is_left(self) -> None:
        for exchange, kind, told in LEFT:
            with self.subTest(exchange=exchange, **kind):
                story = Stripped(exchange, 1)
                story.order(**kind, VolumeTotalOriginal=3)
                self.assertEqual(story.told, told)
                rows, trades = pushes(story.own, "OnRtnOrder"), pushes(story.own, "OnRtnTrade")
                self.assertEqual(sum(trade["Volume"] for trade in trades), told.count("T"))
                self.assertEqual({row["LimitPrice"] for row in rows}, {0.0})
                if told.endswith("1 T"):
                    # The rest stands at the price that has traded last.
                    price = round(trades[-1]["Price"] * 10_000)
                    resting = [(entry.price, entry.volume) for entry in story.market.book.side("0")]
                    self.assertEqual(resting, [(price, 2)])
                    story.cancel()
                    self.assertEqual(story.told, f"{told} 1 5")
                audit(story.bench.exchange)

    def test_in_vain(self) -> None:
        for exchange, kind, _ in LEFT:
            with self.subTest(exchange=exchange, **kind):
                story = Stripped(exchange, 0)
                story.order(**kind)
                self.assertEqual(story.told, "a 5")
                self.assertEqual(story.bench.funds(story.mine)["FrozenMargin"], 0.0)
                audit(story.bench.exchange)


class Bounds(SynchronousTestCase):
    """Lots, prices, hours, money."""

    @holds("ONRSPQRYINSTRUMENT-1")
    def test_the_most_lots_are_the_exchanges_to_check(self) -> None:
        for exchange, most in MOST.items():
            with self.subTest(exchange):
                story = Story(exchange)
                row: Any = story.bench.rows(
                    story.mine, "ReqQryInstrument", InstrumentID=story.name
                )[0]
                self.assertEqual(row["MaxMarketOrderVolume"], most)
                story.order(**KIND[exchange], VolumeTotalOriginal=most)
                self.assertEqual(story.told.split()[0], "a")
                self.assertIn("T", story.told)
                story.events.clear()
                story.order(**KIND[exchange], VolumeTotalOriginal=most + 1, OrderRef="8")
                self.assertEqual(story.told, "a 5")
                text = pushes(story.own, "OnRtnOrder")[-1]["StatusMsg"]
                self.assertEqual(text, f"已撤单报单被拒绝{exchange}:报单数量不在允许的范围内")

    def test_none_trades_beyond_the_price_limit(self) -> None:
        for exchange in ("SHFE", "INE", "CZCE", "DCE", "GFEX"):
            with self.subTest(exchange):
                story = Stripped(exchange, 3)
                story.order(**KIND[exchange], VolumeTotalOriginal=3)
                prices = [trade["Price"] for trade in pushes(story.own, "OnRtnTrade")]
                self.assertLessEqual(max(prices) * 10_000, story.market.day.upper)

    def test_the_best_price_is_one_price_and_five_levels_are_five(self) -> None:
        for kind, levels in ((BEST, 1), (FIVE, 5)):
            story = Story("CFFEX")
            reach = story.market.depth("1", levels)
            # As many lots as one order may have, until the levels of now are gone.
            lots = min(10, sum(volume for _, volume in reach) + 1)
            story.order(**kind, **AT_ONCE, VolumeTotalOriginal=lots)
            prices = {round(trade["Price"] * 10_000) for trade in pushes(story.own, "OnRtnTrade")}
            self.assertLessEqual(prices, {price for price, _ in reach})

    def test_not_in_an_auction(self) -> None:
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        for exchange, name in LISTED.items():
            with self.subTest(exchange):
                clock = "09:26" if exchange == "CFFEX" else "20:56"
                day = 24 if exchange in ("CFFEX", "GFEX") else 23
                if exchange == "GFEX":
                    clock = "08:56"
                moment = datetime.fromisoformat(f"2026-11-{day}T{clock}")
                bench = Bench(SimOptions(seed=7, balance=1e10), hours, moment)
                session = bench.login()
                events = bench.order(session, name, **KIND[exchange])
                self.assertEqual(states(events), ["0a", "45"])
                text = pushes(events, "OnRtnOrder")[-1]["StatusMsg"]
                self.assertIn("当前状态禁止此项操作", text)
                self.assertEqual(states(bench.order(session, name))[-1], "33")

    def test_what_is_set_aside_goes_by_the_upper_limit(self) -> None:
        story = Story("SHFE")
        story.bench = Bench(SimOptions(seed=7, latency=1000.0))
        session = story.bench.login()
        story.bench.order(session, story.name, **KIND["SHFE"])
        market = story.bench.market(story.name)
        rate: Any = story.bench.rows(
            session, "ReqQryInstrumentCommissionRate", InstrumentID=story.name
        )[0]
        upper = market.day.upper / 10_000
        wanted = round(upper * 5 * rate["OpenRatioByMoney"], 2) + rate["OpenRatioByVolume"]
        self.assertEqual(story.bench.funds(session)["FrozenCommission"], wanted)

    def test_kinds_that_an_exchange_has_not(self) -> None:
        rich = Bench(SimOptions(seed=7, balance=1e10))
        session = rich.login()
        none = {
            "cu2701": (BEST, FIVE), "sc2702": (BEST, FIVE), "SR705": (BEST, FIVE),
            "m2705": (BEST, FIVE), "si2702": (BEST, FIVE), "IF2612": (ANY,),
            # Second-hand.
            "m2705-C-2800": (ANY, BEST, FIVE),
        }  # fmt: skip
        for name, kinds in none.items():
            for kind in kinds:
                order = rich.input(name, **kind, **AT_ONCE)
                self.assertEqual(rich.refused(session, "ReqOrderInsert", **order), 80, (name, kind))
