"""Bodies that the client writes are those that the gateway reads."""

from unittest import TestCase

import msgspec

from webctp.gateway.messages.own_conditional import ConditionalWord
from webctp_client import bodies, enums, own


class Bodies(TestCase):
    """An order, and a leg of a conditional one."""

    def test_a_leg_is_read_with_what_was_given_and_nothing_else(self) -> None:
        body = bodies.limit_body(
            "rb2701", "SHFE", enums.Direction.Sell, enums.OffsetFlag.CloseToday, 3300.0, 0
        )
        legs = [
            own.LegWord(Kind="stop", TriggerPrice=3400.0, InputOrder=body),
            own.LegWord(Kind="time", At="14:55:00", InputOrder=body),
        ]
        told = msgspec.json.encode({"ConditionalID": "c-1", "Legs": legs})
        read = msgspec.json.decode(told, type=ConditionalWord).Legs
        self.assertEqual([one.Kind for one in read], ["stop", "time"])
        self.assertEqual([one.TriggerPrice for one in read], [3400.0, None])
        self.assertEqual([one.At for one in read], ["", "14:55:00"])
        self.assertEqual(
            read[0].InputOrder,
            {
                "InstrumentID": "rb2701",
                "ExchangeID": "SHFE",
                "Direction": "1",
                "CombOffsetFlag": "3",
                "CombHedgeFlag": "1",
                "OrderPriceType": "2",
                "LimitPrice": 3300.0,
                "TimeCondition": "3",
                "VolumeCondition": "1",
                "MinVolume": 1,
                "ContingentCondition": "1",
                "ForceCloseReason": "0",
            },
        )
