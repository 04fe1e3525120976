"""The builders of rows: whose fields they know, what they fill in, what they refuse."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.ctp.codec import DBL_MAX, CodecError, codec_for
from webctp.testing import Row, order, position, tick, trade


def unpacked(row: Row) -> dict[str, Any]:
    """A row as it is read out of its struct's memory."""
    known = catalog.market_data() if "DepthMarketData" in row.struct else catalog.trading()
    return dict(codec_for(known.module).layout(row.struct).unpack(row.raw()))


class Rows(SynchronousTestCase):
    """What all of them have in common."""

    def test_every_row_survives_its_struct(self) -> None:
        for row in (order(), trade(), position(), tick()):
            read = unpacked(row)
            self.assertEqual({name: read[name] for name in row}, row, row.struct)

    def test_the_exchange_follows_from_the_instrument(self) -> None:
        cases = {"rb2405": "SHFE", "SR405": "CZCE", "m2405-C-3000": "DCE", "IF2405": "CFFEX"}
        for instrument, exchange in cases.items():
            for build in (order, trade, position):
                self.assertEqual(build(instrument)["ExchangeID"], exchange, instrument)
        self.assertEqual(order("nothing")["ExchangeID"], "")

    def test_a_tick_leaves_the_exchange_out_as_ordinary_fronts_do(self) -> None:
        self.assertEqual(unpacked(tick("rb2405"))["ExchangeID"], "")

    def test_fields_that_are_given_win(self) -> None:
        self.assertEqual(order(ExchangeID="INE", OrderSysID="42")["ExchangeID"], "INE")
        self.assertEqual(tick(AskPrice1=9.0)["AskPrice1"], 9.0)

    def test_an_unknown_field_names_the_nearest(self) -> None:
        with self.assertRaises(TypeError) as caught:
            order(OrderSysId="1")
        self.assertIn("did you mean OrderSysID?", str(caught.exception))

    def test_a_value_that_does_not_fit_names_its_field(self) -> None:
        with self.assertRaises(CodecError) as caught:
            trade(TradeID="x" * 40)
        self.assertEqual(caught.exception.field, "TradeID")


class Orders(SynchronousTestCase):
    """Orders and the trades of them."""

    def test_volumes_add_up(self) -> None:
        row = order(VolumeTotalOriginal=5, VolumeTraded=2)
        self.assertEqual((row["VolumeTotal"], row["VolumeTraded"]), (3, 2))

    def test_an_order_takes_over_its_request(self) -> None:
        asked = {
            "InstrumentID": "cu2405",
            "ExchangeID": "",
            "OrderRef": "77",
            "VolumeTotalOriginal": 4,
            "UserForceClose": 0,
            "NoFieldOfOrders": "left out",
        }
        row = order(request=asked)
        self.assertEqual((row["InstrumentID"], row["OrderRef"]), ("cu2405", "77"))
        self.assertEqual((row["ExchangeID"], row["VolumeTotal"]), ("SHFE", 4))
        self.assertNotIn("NoFieldOfOrders", row)

    def test_a_trade_is_of_its_order(self) -> None:
        of = order("cu2405", OrderRef="77", Direction="1", CombOffsetFlag="1", LimitPrice=70000.0)
        row = trade(of=of, TradeID="5")
        same = ("InstrumentID", "ExchangeID", "OrderRef", "OrderSysID", "Direction", "InvestorID")
        self.assertEqual([row[name] for name in same], [of[name] for name in same])
        self.assertEqual((row["OffsetFlag"], row["Price"], row["TradeID"]), ("1", 70000.0, "5"))


class Others(SynchronousTestCase):
    """Positions and ticks."""

    def test_a_position_of_yesterday(self) -> None:
        row = position(Position=3, YdPosition=1)
        self.assertEqual((row["Position"], row["YdPosition"], row["TodayPosition"]), (3, 1, 2))

    def test_prices_that_a_front_leaves_unset_are_unset(self) -> None:
        row = tick()
        self.assertEqual({row["BidPrice2"], row["AskPrice5"], row["ClosePrice"]}, {DBL_MAX})
        self.assertLess(row["BidPrice1"], row["LastPrice"])
        self.assertGreater(row["AskPrice1"], row["LastPrice"])
