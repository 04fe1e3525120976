"""Ticks of a feed, and orders on paper that meet them: as on a recording of the same ticks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.sim.helpers import pushes, states
from tests.sim.paper.support import BUY, NINE_THIRTY, PaperCase
from tests.sim.recordings import LAYOUT, AnyRequest, save, tick
from webctp.exchanges import calendar
from webctp.recording.rows import Tick
from webctp.sim.events import Event, Push, Rows
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.handlers import HANDLERS
from webctp.sim.options import SimOptions
from webctp.sim.replay.exchange import Replay
from webctp.sim.replay.file import Recording

MAIN, NEXT = "cu2701", "cu2702"
TICK_SIZE = 10.0


def some_day(seed: int, number: int) -> list[Tick]:
    """A recorded day drawn from a seed: books that move, volumes that grow, in two instruments."""
    random = Random(seed)
    mid = {MAIN: 71_000.0, NEXT: 71_500.0}
    volume = {MAIN: 100, NEXT: 50}
    found = []
    for place in range(number):
        name = random.choice((MAIN, MAIN, NEXT))
        mid[name] += random.choice((-2, -1, 0, 0, 1, 2)) * TICK_SIZE
        traded = random.choice((0, 0, 1, 3, 8))
        volume[name] += traded
        found.append(
            tick(
                place / 2,
                InstrumentID=name,
                LastPrice=mid[name] + random.choice((0.0, TICK_SIZE)),
                Volume=volume[name],
                BidPrice1=mid[name],
                BidVolume1=random.randint(1, 9),
                AskPrice1=mid[name] + TICK_SIZE,
                AskVolume1=random.randint(1, 9),
            )
        )
    return found


class Strategy:
    """Orders by what it sees of each tick, drawn from a seed: the same for the same ticks."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def orders(self, found: Tick) -> Iterator[dict[str, object]]:
        """Give the orders that a tick makes it send."""
        row: dict[str, Any] = LAYOUT.unpack(found.raw)
        random = self._random
        for _ in range(random.choice((0, 0, 1, 2))):
            away = random.randint(-2, 2) * TICK_SIZE
            yield {
                **BUY,
                "InstrumentID": row["InstrumentID"],
                "Direction": random.choice("01"),
                "LimitPrice": row["BidPrice1"] + away,
                "VolumeTotalOriginal": random.randint(1, 6),
                "TimeCondition": random.choice("331"),
            }


class SameFillsTests(PaperCase):
    """The same strategy on a recorded day, by replay and by paper."""

    def replay(self, ticks: list[Tick]) -> Replay:
        """A replay of ticks, which runs."""
        recording = Recording(save(Path(self.mktemp()), ticks), lambda line: None)
        recording.scan()
        options = SimOptions(balance=50_000_000.0)
        made = Replay(
            options, recording, calendar.default(), HANDLERS, AnyRequest(), self, hurried=False
        )
        made.play()
        return made

    def wanted(self) -> None: ...

    def has_room(self) -> bool:
        return True

    def ended(self) -> None: ...

    def login(self, exchange: Exchange, now: datetime) -> int:
        session = exchange.connect(now, trading=True).session_id
        login = {"BrokerID": "9999", "UserID": "1001", "Password": "p"}
        exchange.request(session, "ReqUserLogin", login, 1, now)
        exchange.request(session, "ReqSettlementInfoConfirm", {}, 2, now)
        return session

    def test_every_order_and_trade_is_the_same(self) -> None:
        for seed in range(6):
            ticks = some_day(seed, 400)
            played = self.replay(ticks)
            self.paper(balance=50_000_000.0)
            other = self.login(played.exchange, NINE_THIRTY)
            session = self.login(self.exchange, NINE_THIRTY)
            strategies = Strategy(seed), Strategy(seed)
            came: tuple[list[Event], list[Event]] = [], []
            seen: set[object] = set()
            for place, found in enumerate(ticks):
                now = NINE_THIRTY + timedelta(seconds=place / 2)
                played.exchange.advance(now)
                came[0].extend(played.exchange.drain())
                came[1].extend(self.feed(found))
                name = LAYOUT.unpack(found.raw)["InstrumentID"]
                if len(seen := seen | {name}) < 2:
                    continue
                for which, strategy in enumerate(strategies):
                    exchange = self.exchange if which else played.exchange
                    for order in strategy.orders(found):
                        exchange.request(
                            session if which else other, "ReqOrderInsert", order, 3, now
                        )
                    came[which].extend(exchange.drain())
            told = [[(e.callback, e.values) for e in one if isinstance(e, Push)] for one in came]
            trades = sum(callback == "OnRtnTrade" for callback, _ in told[0])
            self.assertGreater(trades, 50, f"seed {seed}")
            self.assertEqual(told[1], told[0], f"seed {seed}")
            accounts = []
            for exchange, of in ((played.exchange, other), (self.exchange, session)):
                exchange.request(of, "ReqQryTradingAccount", {}, 4, exchange.now)
                rows = [e for e in exchange.drain() if isinstance(e, Rows)]
                accounts.append([dict(row) for one in rows for row in one.rows])
            self.assertEqual(accounts[1], accounts[0], f"seed {seed}")


class DayTests(PaperCase):
    """The feed's trading days."""

    def test_a_day_is_settled_at_the_price_that_the_last_tick_told(self) -> None:
        self.paper()
        session = self.trader()
        self.order(session, 71230.0)
        self.feed(tick(1, SettlementPrice=71330.0))
        self.feed(tick(2, TradingDay="20261125", PreSettlementPrice=71340.0, LastPrice=71430.0))
        self.assertEqual(self.exchange.markets.day.name, "20261125")
        [account] = self.rows(session, "ReqQryTradingAccount")
        self.assertAlmostEqual(float(str(account["PreBalance"])), 1_000_500.0, -2)
        self.assertEqual(account["PositionProfit"], 500.0)

    def test_or_that_the_first_tick_of_the_next_day_tells(self) -> None:
        self.paper()
        session = self.trader()
        self.order(session, 71230.0)
        paid = 1_000_000.0 - self.commission(session)
        self.feed(tick(2, TradingDay="20261125", PreSettlementPrice=71340.0, LastPrice=71430.0))
        [account] = self.rows(session, "ReqQryTradingAccount")
        self.assertAlmostEqual(float(str(account["PreBalance"])), paid + 550.0, 4)

    def test_also_of_what_comes_later_in_the_batch(self) -> None:
        self.paper()
        session = self.trader(first=[tick(0), tick(0, InstrumentID="cu2702")])
        self.order(session, 71230.0)
        paid = 1_000_000.0 - self.commission(session)
        new = {"TradingDay": "20261125", "PreSettlementPrice": 71340.0}
        self.feed(tick(2, InstrumentID="cu2702", **new), tick(2, **new))
        [account] = self.rows(session, "ReqQryTradingAccount")
        self.assertAlmostEqual(float(str(account["PreBalance"])), paid + 550.0, 4)

    def test_orders_of_the_day_before_have_ended(self) -> None:
        self.paper()
        session = self.trader()
        self.order(session, 71220.0)
        self.assertEqual(states(self.feed(tick(2, TradingDay="20261125"))), ["35"])

    def test_a_damaged_or_earlier_day_changes_nothing(self) -> None:
        self.paper()
        self.trader()
        for day in ("20261120", "20991231", "", "2026112x"):
            self.feed(tick(1, TradingDay=day))
            self.assertEqual(self.exchange.markets.day.name, "20261124", day)

    def test_an_order_waits_for_the_days_first_tick_as_on_any_other(self) -> None:
        self.paper()
        session = self.trader(first=[tick(0), tick(0, InstrumentID="cu2702")])
        self.feed(tick(2, InstrumentID="cu2702", TradingDay="20261125"))
        self.assertEqual(self.order(session, 71230.0), [])
        self.assertEqual(states(self.feed(tick(3, TradingDay="20261125")))[-1], "T")

    def commission(self, session: int) -> float:
        return float(str(self.rows(session, "ReqQryTradingAccount")[0]["Commission"]))


class HeldTests(PaperCase):
    """What an account must follow without being asked."""

    def test_what_is_held_and_ordered_is_named(self) -> None:
        self.paper()
        session = self.trader()
        self.assertEqual(self.made.held(), [])
        self.order(session, 71220.0)
        self.assertEqual(self.made.held(), ["cu2701"])
        self.feed(tick(1, AskPrice1=71220.0))
        self.assertEqual(self.made.held(), ["cu2701"])

    def test_a_tick_of_no_known_product_is_passed_over(self) -> None:
        self.paper()
        session = self.trader()
        self.feed(tick(1, InstrumentID="no such thing"), tick(1, LastPrice=71240.0))
        [row] = self.rows(session, "ReqQryDepthMarketData", InstrumentID="cu2701")
        self.assertEqual(row["LastPrice"], 71240.0)

    def test_orders_are_stamped_with_the_feeds_time(self) -> None:
        self.paper()
        session = self.trader(first=[tick(5)])
        [order, *_] = pushes(self.order(session, 70000.0), "OnRtnOrder")
        self.assertEqual((order["InsertDate"], order["InsertTime"]), ("20261124", "09:30:05"))
