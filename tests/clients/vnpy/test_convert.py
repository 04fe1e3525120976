"""CTP's structs as vn.py's data, held against vn.py's own classes."""

from datetime import datetime
from unittest import TestCase
from zoneinfo import ZoneInfo

from vnpy.trader.constant import (
    Direction,
    Exchange,
    Interval,
    Offset,
    OptionType,
    OrderType,
    Product,
    Status,
)
from vnpy.trader.object import ContractData

from vnpy_webctp import convert, maps
from webctp_client import own, structs

CHINA = ZoneInfo("Asia/Shanghai")
DBL_MAX = 1.7976931348623157e308


def contract(symbol: str = "rb2701", exchange: str = "SHFE") -> ContractData:
    """Return a future."""
    row = structs.Instrument(
        InstrumentID=symbol,
        ExchangeID=exchange,
        InstrumentName="螺纹钢2701",
        ProductClass="1",
        VolumeMultiple=10,
        PriceTick=1.0,
        MinLimitOrderVolume=1,
        MaxLimitOrderVolume=500,
    )
    made = convert.contract(row, "WEBCTP")
    assert made is not None
    return made


class Contracts(TestCase):
    """Instruments."""

    def test_a_future(self) -> None:
        made = contract()
        self.assertEqual((made.product, made.size, made.pricetick), (Product.FUTURES, 10, 1.0))
        self.assertEqual((made.min_volume, made.max_volume), (1, 500))
        self.assertEqual(made.vt_symbol, "rb2701.SHFE")
        self.assertIsNone(made.option_strike)

    def test_an_option_of_czce_bears_the_product_of_both_sides(self) -> None:
        row = structs.Instrument(
            InstrumentID="SR701C5800",
            ExchangeID="CZCE",
            ProductClass="2",
            ProductID="SRC",
            UnderlyingInstrID="SR701",
            OptionsType="1",
            StrikePrice=5800.0,
            OpenDate="20260518",
            ExpireDate="20261225",
        )
        made = convert.contract(row, "WEBCTP")
        assert made is not None
        self.assertEqual(made.option_type, OptionType.CALL)
        self.assertEqual((made.option_strike, made.option_index), (5800.0, "5800.0"))
        self.assertEqual((made.option_portfolio, made.option_underlying), ("SR", "SR701"))
        self.assertEqual(made.option_expiry, datetime(2026, 12, 25))

    def test_what_vnpy_has_no_word_for_is_left_out(self) -> None:
        for product, exchange in (("4", "SHFE"), ("1", "SSE")):
            row = structs.Instrument(
                InstrumentID="x", ExchangeID=exchange, ProductClass=product, PriceTick=1.0
            )
            self.assertIsNone(convert.contract(row, "WEBCTP"), (product, exchange))


class Ticks(TestCase):
    """Ticks and their time."""

    def moment(self, exchange: str, day: str, trading_day: str, time: str) -> datetime | None:
        """Return when a tick was made."""
        tick = structs.DepthMarketData(TradingDay=trading_day, ActionDay=day, UpdateTime=time)
        found: datetime | None = convert.tick_moment(tick, Exchange(exchange))
        return found

    def test_when_a_tick_was_made(self) -> None:
        rows = (
            ("SHFE", "20261123", "20261124", "21:00:00", (23, 21)),
            ("DCE", "20261124", "20261124", "21:00:00", (23, 21)),
            ("DCE", "20261123", "20261123", "21:00:00", (20, 21)),  # Friday's night is Monday's
            ("DCE", "20261124", "20261124", "09:00:00", (24, 9)),
            ("CZCE", "20261123", "20261123", "21:00:00", (23, 21)),
            ("SHFE", "", "20261123", "01:00:00", (21, 1)),
            ("SHFE", "", "20261124", "01:00:00", (24, 1)),
        )
        for exchange, day, trading_day, time, (date, hour) in rows:
            found = self.moment(exchange, day, trading_day, time)
            self.assertEqual(
                found, datetime(2026, 11, date, hour, tzinfo=CHINA), (exchange, day, time)
            )

    def test_a_tick_without_a_time_is_none(self) -> None:
        self.assertIsNone(self.moment("SHFE", "20261123", "20261123", ""))
        tick = structs.DepthMarketData(InstrumentID="rb2701", TradingDay="20261123")
        self.assertIsNone(convert.tick(tick, contract()))

    def test_five_levels_and_prices_that_are_not_set(self) -> None:
        told = structs.DepthMarketData(
            InstrumentID="rb2701",
            TradingDay="20261124",
            ActionDay="20261123",
            UpdateTime="21:00:01",
            UpdateMillisec=500,
            LastPrice=3100.0,
            OpenPrice=DBL_MAX,
            HighestPrice=None,
            BidPrice1=3099.0,
            BidVolume1=7,
            AskPrice5=3105.0,
            AskVolume5=9,
            BidPrice2=DBL_MAX,
        )
        made = convert.tick(told, contract())
        assert made is not None
        self.assertEqual(made.datetime, datetime(2026, 11, 23, 21, 0, 1, 500_000, tzinfo=CHINA))
        self.assertEqual((made.last_price, made.open_price, made.high_price), (3100.0, 0.0, 0.0))
        self.assertEqual((made.bid_price_1, made.bid_volume_1), (3099.0, 7))
        self.assertEqual((made.ask_price_5, made.ask_volume_5), (3105.0, 9))
        self.assertEqual(made.bid_price_2, 0.0)


class Orders(TestCase):
    """Orders and trades."""

    def test_statuses(self) -> None:
        rows = (
            ("0", "3", Status.ALLTRADED),
            ("1", "3", Status.PARTTRADED),
            ("2", "3", Status.CANCELLED),
            ("3", "3", Status.NOTTRADED),
            ("5", "3", Status.CANCELLED),
            ("5", "4", Status.REJECTED),
            ("a", "0", Status.SUBMITTING),
        )
        for status, submitted, wanted in rows:
            told = structs.Order(
                ExchangeID="SHFE", OrderStatus=status, OrderSubmitStatus=submitted, LimitPrice=1.0
            )
            made = convert.order(told, "1", "", "WEBCTP")
            assert made is not None
            self.assertEqual(made.status, wanted, (status, submitted))

    def test_types_are_what_they_were_sent_as(self) -> None:
        for order_type in (OrderType.LIMIT, OrderType.FAK, OrderType.FOK):
            terms = maps.terms_of(order_type, Exchange.SHFE)
            assert terms is not None
            self.assertEqual(maps.type_of(*terms), order_type)

    def test_market_orders_are_what_each_exchange_takes(self) -> None:
        wanted = {
            "SHFE": None,
            "INE": None,
            "DCE": ("1", "1", "1"),
            "GFEX": ("1", "1", "1"),
            "CZCE": ("1", "3", "3"),
            "CFFEX": ("G", "1", "1"),
        }
        for exchange, terms in wanted.items():
            self.assertEqual(maps.terms_of(OrderType.MARKET, Exchange(exchange)), terms, exchange)

    def test_both_sides_of_a_trade_with_oneself_are_two_trades(self) -> None:
        made = [
            convert.trade(
                structs.Trade(
                    ExchangeID="SHFE",
                    TradeID="  12",
                    Direction=side,
                    OffsetFlag="3",
                    Price=1.0,
                    TradeDate="20261123",
                    TradeTime="21:00:00",
                ),
                "1",
                "WEBCTP",
            )
            for side in "01"
        ]
        self.assertEqual(len({one.vt_tradeid for one in made if one}), 2)
        self.assertEqual([one.offset for one in made if one], [Offset.CLOSETODAY] * 2)


class Positions(TestCase):
    """Positions and money."""

    def test_shfe_has_a_row_for_today_and_one_for_the_older(self) -> None:
        rows = [
            structs.InvestorPosition(
                InstrumentID="rb2701", PosiDirection="2", PositionDate="1", Position=3,
                TodayPosition=3, ShortFrozen=1, PositionCost=93_000.0, PositionProfit=10.0,
            ),
            structs.InvestorPosition(
                InstrumentID="rb2701", PosiDirection="2", PositionDate="2", Position=2,
                YdPosition=5, PositionCost=60_000.0, PositionProfit=-4.0,
            ),
            structs.InvestorPosition(
                InstrumentID="rb2701", PosiDirection="3", Position=1, LongFrozen=1, YdPosition=1,
                PositionCost=31_000.0, PositionProfit=0.0,
            ),
        ]  # fmt: skip
        found = convert.queried_positions(rows, {"rb2701": contract()}, "WEBCTP")
        long, short = found["rb2701", "2"], found["rb2701", "3"]
        self.assertEqual((long.volume, long.yd_volume, long.frozen), (5, 2, 1))
        self.assertEqual((long.price, long.pnl), (3060.0, 6.0))
        self.assertEqual((short.direction, short.yd_volume, short.frozen), (Direction.SHORT, 1, 1))

    def test_what_is_available_is_ctps_own(self) -> None:
        told = structs.TradingAccount(Balance=100.0, FrozenMargin=10.0, Available=30.0)
        made = convert.account(told, "1", "WEBCTP")
        self.assertEqual((made.balance, made.frozen, made.available), (100.0, 10.0, 30.0))

    def test_bars_begin_at_their_beginning(self) -> None:
        told = own.Bar(
            InstrumentID="rb2701", ExchangeID="SHFE", TradingDay="20261124", Period="1m",
            BeginTime="2026-11-23T21:00:00+08:00", EndTime="2026-11-23T21:01:00+08:00",
            OpenPrice=1.0, HighestPrice=4.0, LowestPrice=0.5, ClosePrice=2.0, Volume=7,
            Turnover=8.0, OpenInterest=9.0, IsClosed=True,
        )  # fmt: skip
        minute = convert.bar(told, Interval.MINUTE, contract())
        self.assertEqual(minute.datetime, datetime(2026, 11, 23, 21, tzinfo=CHINA))
        self.assertEqual((minute.high_price, minute.close_price), (4.0, 2.0))
        day = convert.bar(told, Interval.DAILY, contract())
        self.assertEqual(day.datetime, datetime(2026, 11, 24, tzinfo=CHINA))
