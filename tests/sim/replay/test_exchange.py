"""A recording as an exchange: its ticks at their times, users' orders against its book."""

import struct
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.recording.test_rows import raw_ticks
from tests.sim.helpers import pushes, states
from tests.sim.recordings import LAYOUT, MORNING, SECOND, AnyRequest, save, tick
from webctp.ctp.codec import DBL_MAX
from webctp.exchanges import calendar
from webctp.recording.rows import Tick
from webctp.sim.events import Event, Reply, Rows, TickEvent, Values
from webctp.sim.handlers import HANDLERS
from webctp.sim.options import SimOptions
from webctp.sim.replay.exchange import Replay
from webctp.sim.replay.file import Recording, instrument_of

NINE_THIRTY = datetime(2026, 11, 24, 9, 30)


class ReplayCase(SynchronousTestCase):
    """An exchange on a recording, under a hand-driven clock."""

    def replay(self, ticks: Iterable[Tick], *, hurried: bool = False, playing: bool = True) -> None:
        folder = save(Path(self.mktemp()), list(ticks))
        self.told: list[str] = []
        self.recording = Recording(folder, self.told.append)
        self.recording.scan()
        self.wants = 0
        self.ends = 0
        self.room = True
        self.played = Replay(
            SimOptions(balance=1_000_000.0),
            self.recording,
            calendar.default(),
            HANDLERS,
            AnyRequest(),
            self,
            hurried=hurried,
        )
        self.exchange = self.played.exchange
        self.now = self.exchange.now
        self.play = self.played.play if playing else lambda: None

    def wanted(self) -> None:
        self.wants += 1

    def has_room(self) -> bool:
        return self.room

    def ended(self) -> None:
        self.ends += 1

    def run_for(self, seconds: float) -> list[Event]:
        """Let playing time go on."""
        self.play()
        self.now += timedelta(seconds=seconds)
        self.exchange.advance(self.now)
        return self.exchange.drain()

    def watcher(self, *instruments: str) -> int:
        """A market-data session that has subscribed."""
        session = self.exchange.connect(self.now, trading=False).session_id
        self.subscribe(session, *instruments)
        return session

    def subscribe(self, session: int, *instruments: str) -> list[Event]:
        self.played.subscribe(session, "SubscribeMarketData", list(instruments), "OnRspSub")
        return self.exchange.drain()

    def trader(self) -> int:
        """A trading session that may trade, at the record's beginning."""
        self.play()
        session = self.exchange.connect(self.now, trading=True).session_id
        self.ask(session, "ReqUserLogin", BrokerID="9999", UserID="1001", Password="p")
        self.ask(session, "ReqSettlementInfoConfirm")
        return session

    def ask(self, session: int, name: str, **values: object) -> list[Event]:
        self.exchange.request(session, name, values, 1, self.now)
        return self.exchange.drain()

    def row(self, session: int, name: str, **values: object) -> Values:
        events = self.ask(session, name, **values)
        rows = [row for event in events if isinstance(event, Rows) for row in event.rows]
        return rows[0]

    def order(self, session: int, price: float, volume: int = 1, **changes: object) -> list[Event]:
        """A buy to open."""
        values: dict[str, object] = {
            "InvestorID": self.exchange.sessions[session].user_id,
            "UserID": "1001",
            "InstrumentID": "cu2701",
            "ExchangeID": EXCHANGES.get(str(changes.get("InstrumentID", ""))[:2], "SHFE"),
            "OrderPriceType": "2",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "LimitPrice": price,
            "VolumeTotalOriginal": volume,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        return self.ask(session, "ReqOrderInsert", **{**values, **changes})


QUOTED = (("Volume", 1), ("OffsetFlag", "0"), ("HedgeFlag", "1"))
"""What both sides of a quote have."""
EXCHANGES = {"IO": "CFFEX", "SR": "CZCE", "m2": "DCE"}
"""ExchangeID by the beginning of an InstrumentID; SHFE for others."""


def raws(events: Iterable[Event]) -> list[Any]:
    """The bytes of the ticks among events."""
    return [event.values[0] for event in events if isinstance(event, TickEvent)]


def trades(events: Iterable[Event]) -> list[tuple[float, int]]:
    """Price and volume of each trade."""
    return [(one["Price"], one["Volume"]) for one in pushes(events, "OnRtnTrade")]


class PlayingTests(ReplayCase):
    """Which ticks go to whom, and when."""

    def test_ticks_come_at_their_times_as_they_were(self) -> None:
        ticks = [tick(0), tick(0.5, LastPrice=71240.0), tick(3, LastPrice=71250.0)]
        self.replay(ticks)
        self.watcher("cu2701")
        self.assertEqual(raws(self.run_for(0)), [ticks[0].raw])
        self.assertEqual(self.exchange.next_due(), NINE_THIRTY + timedelta(seconds=0.5))
        self.assertEqual(raws(self.run_for(0.4)), [])
        self.assertEqual(raws(self.run_for(0.1)), [ticks[1].raw])
        self.assertEqual(raws(self.run_for(100)), [ticks[2].raw])
        self.assertEqual(self.ends, 1)

    def test_with_the_recorded_time_of_reception(self) -> None:
        self.replay([tick(0), tick(1)])
        self.watcher("cu2701")
        events = [event for event in self.run_for(5) if isinstance(event, TickEvent)]
        self.assertEqual([event.values[1] for event in events], [MORNING, MORNING + SECOND])

    def test_after_the_end_there_is_silence(self) -> None:
        self.replay([tick(0)])
        self.watcher("cu2701")
        self.run_for(0)
        self.assertEqual(self.run_for(100_000), [])
        self.assertTrue(self.exchange.connected)
        self.assertGreater(self.exchange.next_due(), self.now + timedelta(days=365))

    def test_nothing_is_played_before_somebody_wants_it(self) -> None:
        self.replay([tick(0)], playing=False)
        session = self.trader()
        self.assertEqual((self.run_for(10), self.wants), ([], 0))
        self.watcher("cu2701")
        self.assertEqual((self.run_for(10), self.wants), ([], 1))
        self.order(session, 71230.0)
        self.assertEqual(self.wants, 2)

    def test_only_what_is_subscribed(self) -> None:
        ticks = [tick(n, InstrumentID=name) for n, name in enumerate(("a", "b", "a", "b"))]
        self.replay(ticks)
        session = self.watcher("b")
        self.assertEqual(raws(self.run_for(1)), [ticks[1].raw])
        self.played.subscribe(session, "UnSubscribeMarketData", ["b"], "OnRspUnSub")
        self.assertEqual(raws(self.run_for(10)), [])

    def test_instruments_are_those_of_the_file(self) -> None:
        self.replay([tick(0), tick(0, InstrumentID="no such thing")])
        session = self.exchange.connect(self.now, trading=False).session_id
        events = self.subscribe(session, "cu2701", "rb2701", "no such thing")
        answers = [(e.error, e.last) for e in events if isinstance(e, Reply)]
        self.assertEqual(answers, [(0, False), (16, False), (0, True)])

    def test_an_instrument_is_known_by_what_its_ticks_say(self) -> None:
        odd = 'a,"b\\'
        self.replay([tick(0, InstrumentID=odd)])
        self.watcher(odd)
        self.assertEqual(len(raws(self.run_for(0))), 1)

    def test_a_late_subscriber_gets_the_last_tick(self) -> None:
        ticks = [tick(0), tick(1, LastPrice=71240.0)]
        self.replay(ticks)
        self.run_for(10)
        session = self.exchange.connect(self.now, trading=False).session_id
        self.assertEqual(raws(self.subscribe(session, "cu2701")), [ticks[1].raw])

    def test_hurried_ticks_wait_for_room_only(self) -> None:
        self.replay([tick(n * 3600) for n in range(1000)], hurried=True)
        self.watcher("cu2701")
        played = len(raws(self.run_for(0)))
        self.assertGreater(played, 1)
        self.room = False
        self.assertEqual(self.run_for(0), [])
        self.room = True
        while self.ends == 0:
            played += len(raws(self.run_for(0)))
        self.assertEqual(played, 1000)

    def test_long_gaps_and_wrong_times_are_passed_over(self) -> None:
        weekend = 65 * 3600.0
        far = Tick(2**62, tick().raw)
        self.replay([tick(0), tick(weekend), far, tick(weekend + 1), tick(0), tick(weekend + 2)])
        self.watcher("cu2701")
        self.assertEqual(len(raws(self.run_for(0))), 3)
        self.assertEqual(self.exchange.now, NINE_THIRTY + timedelta(seconds=weekend))
        self.assertEqual(len(raws(self.run_for(1))), 3)
        self.assertEqual(self.exchange.now, NINE_THIRTY + timedelta(seconds=weekend + 2))

    def test_a_file_that_breaks_is_told_and_the_next_is_played(self) -> None:
        folder = save(Path(self.mktemp()), [tick(0)])
        save(folder, [tick(60)], "20261126")
        broken = folder / "TICKS-20261125.csv"
        broken.write_bytes(b"no recording\n")
        told: list[str] = []
        recording = Recording(folder, told.append)
        recording.scan()
        self.assertEqual(list(recording.ticks()), [tick(0), tick(60)])
        self.assertEqual(len(told), 1)
        self.assertTrue(told[0].startswith(f"{broken}: line 1: "), told)

    def test_damaged_rows_are_told(self) -> None:
        folder = save(Path(self.mktemp()), [tick(0)])
        path = folder / "TICKS-20261124.csv"
        with path.open("ab") as file:
            file.write(b"rubbish\n")
        told: list[str] = []
        self.assertEqual(list(Recording(folder, told.append).ticks()), [tick(0)])
        self.assertEqual(told, [f"{path}: line 3: skipped: 1 cells found, wanted 49"])


class OrderTests(ReplayCase):
    """Orders against the recorded book."""

    def test_before_the_first_tick_the_market_is_closed(self) -> None:
        self.replay([tick(0, InstrumentID="rb2701"), tick(10)])
        session = self.trader()
        events = self.order(session, 71230.0)
        self.assertEqual(states(events), ["0a", "45"])
        self.run_for(10)
        self.assertEqual(trades(self.order(session, 71230.0)), [(71230.0, 1)])

    def test_an_instrument_that_is_not_recorded(self) -> None:
        self.replay([tick(0)])
        events = self.order(self.trader(), 3000.0, InstrumentID="rb2701")
        self.assertEqual([e.error for e in events if isinstance(e, Reply)], [16])

    def test_what_is_offered_trades_and_the_rest_waits(self) -> None:
        self.replay([tick(0), tick(1, AskPrice1=71240.0)])
        session = self.trader()
        events = self.order(session, 71230.0, 5)
        self.assertEqual(states(events), ["0a", "0a", "01", "T"])
        self.assertEqual(trades(events), [(71230.0, 3)])
        self.assertEqual(trades(self.run_for(10)), [])

    def test_a_better_level_is_taken_at_its_own_price(self) -> None:
        levels = {"AskPrice2": 71240.0, "AskVolume2": 7}
        self.replay([tick(0, **levels)])
        events = self.order(self.trader(), 71250.0, 5)
        self.assertEqual(trades(events), [(71230.0, 3), (71240.0, 2)])

    def test_what_was_taken_comes_back_with_another_quote_only(self) -> None:
        self.replay([tick(0), tick(1, Volume=101), tick(2, AskVolume1=4)])
        session = self.trader()
        self.order(session, 71230.0, 3)
        at_once = {"TimeCondition": "1"}
        self.run_for(1)
        self.assertEqual(trades(self.order(session, 71230.0, 3, **at_once)), [])
        self.run_for(1)
        self.assertEqual(trades(self.order(session, 71230.0, 9, **at_once)), [(71230.0, 4)])

    def test_a_quote_beyond_the_price_fills_at_the_price(self) -> None:
        self.replay([tick(0), tick(1, AskPrice1=71210.0, AskVolume1=2, BidPrice1=71200.0)])
        session = self.trader()
        self.assertEqual(trades(self.order(session, 71220.0, 5)), [])
        self.assertEqual(trades(self.run_for(1)), [(71220.0, 2)])

    def test_an_auction_has_one_price(self) -> None:
        nobody = {"BidVolume1": 0, "AskVolume1": 0}
        found = {"LastPrice": 71200.0, "BidPrice1": 71200.0, "AskPrice1": 71210.0}
        for minute, price in (("20:59:00", 71200.0), ("08:59:00", 71200.0), ("21:00:00", 0.0)):
            self.replay(
                [
                    tick(0, Volume=0, UpdateTime="19:30:00", **nobody),
                    tick(1, Volume=10, UpdateTime=minute, **found),
                    tick(2, Volume=20, UpdateTime="21:00:01", **{**found, "LastPrice": 71050.0}),
                ]
            )
            session = self.trader()
            for bid in (71300.0, 71250.0, 71100.0):
                self.assertEqual(trades(self.order(session, bid, 4)), [])
            told = trades(self.run_for(1))
            self.assertEqual(told, [(price or bid, 4) for bid in (71300.0, 71250.0)], minute)
            self.assertEqual(trades(self.run_for(1)), [(71100.0, 4)], "trading goes on as ever")

    def test_an_auction_fills_no_more_than_was_recorded(self) -> None:
        nobody = {"BidVolume1": 0, "AskVolume1": 0}
        night = {"UpdateTime": "20:59:00", "LastPrice": 71200.0, "BidPrice1": 71190.0}
        self.replay([tick(0, Volume=0, **nobody), tick(1, Volume=3, **night, AskVolume1=0)])
        session = self.trader()
        for price in (71250.0, 71300.0):
            self.order(session, price, 2)
        self.assertEqual(trades(self.run_for(1)), [(71200.0, 2), (71200.0, 1)])

    def test_trades_at_the_price_fill_after_those_who_stood_before(self) -> None:
        at = {"LastPrice": 71220.0}
        self.replay(
            [
                tick(0),
                tick(1, **at, Volume=104),  # four of the five who stood before
                tick(2, **at, Volume=107),  # the fifth, and two of the order
                tick(3, Volume=200),  # at another price
                tick(4, **at, Volume=201),
            ]
        )
        self.order(self.trader(), 71220.0, 3)
        filled = [trades(self.run_for(1)) for _ in range(4)]
        self.assertEqual(filled, [[], [(71220.0, 2)], [], [(71220.0, 1)]])

    def test_a_trade_beyond_the_price_waits_for_nobody(self) -> None:
        self.replay([tick(0), tick(1, LastPrice=71210.0, Volume=102)])
        self.order(self.trader(), 71220.0, 3)
        self.assertEqual(trades(self.run_for(1)), [(71220.0, 2)])

    def test_selling_is_the_mirror(self) -> None:
        self.replay([tick(0), tick(1, BidPrice1=71250.0, BidVolume1=9, AskPrice1=71260.0), tick(2)])
        session = self.trader()
        sell = {"Direction": "1"}
        self.assertEqual(trades(self.order(session, 71220.0, 2, **sell)), [(71220.0, 2)])
        self.assertEqual(trades(self.order(session, 71240.0, 2, **sell)), [])
        self.assertEqual(trades(self.run_for(1)), [(71240.0, 2)])

    def test_a_stop_order_is_touched_by_the_record(self) -> None:
        self.replay([tick(0), tick(1, LastPrice=71240.0)])
        session = self.trader()
        self.order(session, 71230.0, ContingentCondition="5", StopPrice=71235.0)
        self.assertEqual(trades(self.run_for(0.5)), [])
        self.assertEqual(trades(self.run_for(0.5)), [(71230.0, 1)])

    def test_limits_are_the_recorded_ones(self) -> None:
        self.replay([tick(0)])
        session = self.trader()
        self.run_for(0)
        self.assertEqual(states(self.order(session, 75010.0)), ["0a", "45"])
        self.assertEqual(states(self.order(session, 66990.0)), ["0a", "45"])
        self.assertEqual(states(self.order(session, 67000.0)), ["0a", "33"])

    def test_orders_are_stamped_with_the_records_time(self) -> None:
        self.replay([tick(0), tick(5)])
        session = self.trader()
        self.run_for(2)
        [order, *_] = pushes(self.order(session, 70000.0), "OnRtnOrder")
        self.assertEqual((order["InsertDate"], order["InsertTime"]), ("20261124", "09:30:02"))

    def test_money_follows_the_recorded_prices(self) -> None:
        self.replay([tick(0), tick(1, LastPrice=71330.0)])
        session = self.trader()
        self.order(session, 71230.0)
        position = self.row(session, "ReqQryInvestorPosition")
        rate = self.row(session, "ReqQryInstrumentMarginRate", InstrumentID="cu2701")
        margin = float(str(rate["LongMarginRatioByMoney"])) * 71000.0 * 5
        self.assertAlmostEqual(float(str(position["UseMargin"])), margin, 1)
        self.run_for(1)
        account = self.row(session, "ReqQryTradingAccount")
        self.assertEqual(account["PositionProfit"], 500.0)

    def test_the_query_of_ticks_shows_the_record(self) -> None:
        self.replay([tick(0), tick(1, LastPrice=71240.0)])
        session = self.trader()
        first = self.row(session, "ReqQryDepthMarketData", InstrumentID="cu2701")
        self.assertEqual((first["LastPrice"], first["BidVolume1"]), (71230.0, 5))
        self.run_for(1)
        row = self.row(session, "ReqQryDepthMarketData", InstrumentID="cu2701")
        recorded = LAYOUT.unpack(tick(1, LastPrice=71240.0).raw)
        self.assertEqual(row, {name: recorded[name] for name in row})

    def test_the_query_of_ticks_before_the_first(self) -> None:
        self.replay([tick(0, InstrumentID="rb2701"), tick(9)])
        row = self.row(self.trader(), "ReqQryDepthMarketData", InstrumentID="cu2701")
        self.assertEqual(
            (row["InstrumentID"], row["LastPrice"], row["Volume"]), ("cu2701", DBL_MAX, 0)
        )


class DayTests(ReplayCase):
    """Recordings of several trading days."""

    def test_a_day_is_settled_at_recorded_prices_and_the_next_begins(self) -> None:
        self.replay(
            [
                tick(0),
                tick(1, SettlementPrice=71330.0),
                tick(20, TradingDay="20261125", PreSettlementPrice=71330.0, LastPrice=71430.0),
            ]
        )
        session = self.trader()
        self.watcher("cu2701")
        self.order(session, 71230.0)
        events = self.run_for(30)
        self.assertEqual(len(raws(events)), 2)
        self.assertEqual(self.exchange.markets.day.name, "20261125")
        account = self.row(session, "ReqQryTradingAccount")
        before = float(str(account["PreBalance"]))
        self.assertAlmostEqual(before, 1_000_500.0, -2)  # less the commission
        self.assertEqual(account["PositionProfit"], 500.0)

    def test_czces_evening_begins_the_next_day(self) -> None:
        self.replay(
            [
                tick(0, InstrumentID="SR705"),
                tick(11.5 * 3600, InstrumentID="SR705", UpdateTime="21:00:00"),
            ]
        )
        self.watcher("SR705")
        self.assertEqual(len(raws(self.run_for(12 * 3600))), 2)
        self.assertEqual(self.exchange.markets.day.name, "20261125")

    def test_who_watches_goes_on_watching(self) -> None:
        ticks = [
            tick(0, InstrumentID="no such thing"),
            tick(1, InstrumentID="no such thing", TradingDay="20261125"),
        ]
        self.replay(ticks)
        self.watcher("no such thing")
        self.assertEqual(raws(self.run_for(5)), [one.raw for one in ticks])

    def test_stale_and_damaged_days_begin_no_day(self) -> None:
        for day in ("20261120", "20991231", "", "2026112x"):
            self.replay([tick(0), tick(1, TradingDay=day)])
            self.watcher("cu2701")
            self.assertEqual(len(raws(self.run_for(5))), 2)
            self.assertEqual(self.exchange.markets.day.name, "20261124")

    def test_a_record_that_begins_with_a_damaged_day(self) -> None:
        for day in ("99991231", "00010101", ""):
            self.replay([tick(0, TradingDay=day), tick(1)])
            self.watcher("cu2701")
            self.assertEqual(len(raws(self.run_for(5))), 2)
            self.assertEqual(self.exchange.markets.day.name, "20261124")

    def test_a_record_without_days_has_that_of_its_first_moment(self) -> None:
        evening = tick(0, TradingDay="", UpdateTime="21:00:00")
        friday = 1_795_179_600 * SECOND  # 2026-11-20 21:00 in China
        self.replay([evening._replace(received=friday)])
        self.assertEqual(self.exchange.markets.day.name, "20261123")

    def test_orders_of_the_day_before_have_ended(self) -> None:
        self.replay([tick(0), tick(1, TradingDay="20261125", AskPrice1=70000.0)])
        session = self.trader()
        self.order(session, 71220.0)
        events = self.run_for(5)
        self.assertEqual(states(events), ["35"])


class ListingTests(ReplayCase):
    """Instruments that a recording names."""

    def test_a_strike_that_is_not_listed_has_its_products_terms(self) -> None:
        day = NINE_THIRTY.date()
        for name, product, strike in (
            ("cu2701C123000", "cu_o", 123000.0),
            ("m2701-P-99", "m_o", 99.0),
            ("IO2612-C-9999", "IO", 9999.0),
            ("SR701C1", "SRC", 1.0),
            ("rb2709", "rb", 0.0),
        ):
            found = instrument_of(name, day)
            assert found is not None, name
            self.assertEqual((found.product.product_id, found.strike_price), (product, strike))
        for name in ("", "cu", "xx2701", "cu2713", "cu9901", "m2701C99", "no such thing"):
            self.assertIsNone(instrument_of(name, day), name)

    @given(st.from_regex(r"[A-Za-z]{1,3}\d{3,4}F?(-?[CP]-?\d{1,6}(\.\d)?)?", fullmatch=True))
    def test_any_spelling_is_an_instrument_or_none(self, name: str) -> None:
        found = instrument_of(name, NINE_THIRTY.date())
        self.assertIn(found and found.instrument_id, (None, name))

    def test_an_option_whose_future_is_not_recorded_can_be_sold(self) -> None:
        for name in ("cu2701C71000", "cu2611C71000", "IO2612-C-4000", "SR707C6000", "m2701-P-9"):
            option = {"InstrumentID": name, "PreSettlementPrice": 50.0, "BidPrice1": 50.0}
            option |= {"LastPrice": 50.0, "UpperLimitPrice": 5000.0, "LowerLimitPrice": 1.0}
            self.replay([tick(0, **option), tick(9)])
            session = self.trader()
            events = self.order(session, 50.0, Direction="1", InstrumentID=name)
            self.assertEqual(trades(events), [(50.0, 1)], name)
            position = self.row(session, "ReqQryInvestorPosition")
            self.assertGreater(float(str(position["UseMargin"])), 50.0, name)

    def test_a_quote_stands_in_the_recorded_market(self) -> None:
        option = {"InstrumentID": "cu2701C71000", "PreSettlementPrice": 50.0, "LastPrice": 50.0}
        option |= {"UpperLimitPrice": 5000.0, "LowerLimitPrice": 2.0}
        option |= {"BidPrice1": 40.0, "AskPrice1": 60.0}
        self.replay([tick(0, **option), tick(1, **option)])
        session = self.trader()
        self.run_for(1)
        both = {f"{side}{name}": value for side in ("Ask", "Bid") for name, value in QUOTED}
        events = self.ask(
            session,
            "ReqQuoteInsert",
            InvestorID="1001",
            UserID="1001",
            InstrumentID="cu2701C71000",
            ExchangeID="SHFE",
            QuoteRef="1",
            **{**both, "AskPrice": 52.0, "BidPrice": 48.0},
        )
        self.assertEqual([e.error for e in events if isinstance(e, Reply)], [])
        depth = self.exchange.markets.market("cu2701C71000").depth
        self.assertEqual([depth(side, 1) for side in "01"], [[(480_000, 1)], [(520_000, 1)]])

    def test_terms_are_known_before_the_first_tick(self) -> None:
        names = ["cu2701", "cu2701C71000", "IO2612-C-4000", "rb2709"]
        self.replay([tick(0, InstrumentID="au2702"), *(tick(9, InstrumentID=n) for n in names)])
        session = self.trader()
        for name in names:
            rows = self.ask(session, "ReqQryInstrument", InstrumentID=name)
            self.assertEqual([len(list(e.rows)) for e in rows if isinstance(e, Rows)], [1], name)
            for direction in ("0", "1"):
                events = self.order(session, 50.0, InstrumentID=name, Direction=direction)
                self.assertEqual(states(events), ["0a", "45"], name)


class AnyRecordTests(ReplayCase):
    """Whatever a recording holds."""

    @settings(max_examples=40, deadline=None)  # the first one reads the data files
    @given(st.lists(raw_ticks(), min_size=1, max_size=4), st.data())
    def test_nothing_recorded_breaks_the_exchange(
        self, found: list[bytes], data: st.DataObject
    ) -> None:
        numbers = st.sampled_from(
            [DBL_MAX, -DBL_MAX, float("nan"), float("inf"), 0.0, -1.0, 71220.0, 71230.5, 1e300]
        )
        place = LAYOUT.by_name["InstrumentID"]
        name = b"cu2701".ljust(place.size, b"\0")
        garbage = [
            Tick(MORNING, raw[: place.offset] + name + raw[place.offset + place.size :])
            for raw in found
        ]
        odd = {
            field: data.draw(numbers)
            for field in ("LastPrice", "BidPrice1", "AskPrice1", "UpperLimitPrice")
        }
        spoilt = bytearray(tick().raw)
        for field, value in odd.items():
            at = LAYOUT.by_name[field]
            spoilt[at.offset : at.offset + at.size] = struct.pack("<d", value)
        self.replay([tick(0), Tick(MORNING, bytes(spoilt)), *garbage, tick(1)])
        session = self.trader()
        self.watcher("cu2701")
        self.order(session, 71220.0, 2)
        self.order(session, 71230.0, 2, Direction="1")
        self.run_for(0.5)
        self.order(session, 71220.0, 2)
        self.run_for(1)
        account = self.row(session, "ReqQryTradingAccount")
        self.assertGreaterEqual(float(str(account["Available"])), 0.0)
