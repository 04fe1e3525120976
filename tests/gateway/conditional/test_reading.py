"""What a conditional order must look like: every refusal names the field and the remedy."""

from typing import Any

from tests.gateway.conditional.support import DAY, ORDER, PROFIT, STOP, ConditionalCase
from tests.gateway.support import Message, code

BUY = {**ORDER, "Direction": "0", "CombOffsetFlag": "0"}
NOW = {"Kind": "now", "InputOrder": BUY}
NO_LOTS = {name: value for name, value in ORDER.items() if name != "VolumeTotalOriginal"}
GUARD = {"Kind": "stop", "TriggerPrice": 3400.0, "InputOrder": NO_LOTS}


def stop(**fields: Any) -> Message:
    """A stop whose order has these fields."""
    body = {name: value for name, value in {**ORDER, **fields}.items() if value is not None}
    return {**STOP, "InputOrder": body}


class ReadingTests(ConditionalCase):
    """A client that writes what cannot be kept."""

    def refused(self, said: str, *legs: Message, **more: Any) -> None:
        told = self.put("bad", *legs, **more)
        self.assertEqual((told["MsgType"], code(told)), ("InsertConditional", -400), told)
        self.assertIn(said, told["Detail"])
        self.assertEqual(self.on_disk.plans.unsettled("9999", "user", "conditional"), [])

    def test_the_shape(self) -> None:
        for said, body in (
            ("missing required field `ConditionalID`", {"Legs": [STOP]}),
            ("Expected `str` of length >= 1", {"ConditionalID": "", "Legs": [STOP]}),
            ("Expected `str` of length <= 40", {"ConditionalID": "c" * 41, "Legs": [STOP]}),
            ("Expected `array` of length >= 1", {"ConditionalID": "c", "Legs": []}),
            ("Expected `array` of length <= 2", {"ConditionalID": "c", "Legs": [STOP] * 3}),
            ("unknown field 'Leg'", {"ConditionalID": "c", "Leg": [STOP]}),
            ("unknown field `Price`", {"ConditionalID": "c", "Legs": [{**STOP, "Price": 1}]}),
            ("Expected `float` > 0", {"ConditionalID": "c", "Legs": [{**STOP, "TriggerPrice": 0}]}),
        ):
            request = {"MsgType": "InsertConditional", "InsertConditional": body}
            told = self.ask(self.peer, request)
            self.assertEqual(code(told), -400, said)
            self.assertIn(said, told["Detail"])

    def test_the_kind(self) -> None:
        for said, leg in (
            ("Legs[0].Kind 'halt' is none; it is one of stop", {**STOP, "Kind": "halt"}),
            ("is of the kind stop: give TriggerPrice", {"Kind": "stop", "InputOrder": ORDER}),
            ("is of the kind stop: leave Distance out", {**STOP, "Distance": 5.0}),
            ("is of the kind trailing: leave TriggerPrice out", {**STOP, "Kind": "trailing"}),
            ("is of the kind time: give At", {"Kind": "time", "InputOrder": ORDER}),
        ):
            self.refused(said, leg)

    def test_the_order(self) -> None:
        for said, leg in (
            ("unknown field 'Instrument'", stop(Instrument="rb2701")),
            ("LimitPrice in InputOrder is a text", stop(LimitPrice="3")),
            ("InstrumentID must be one instrument", stop(InstrumentID=None)),
            ("InstrumentID must be one instrument", stop(InstrumentID="SP a2701&a2705")),
            ("Direction must be 0 (buy) or 1 (sell)", stop(Direction="2")),
            ("CombOffsetFlag must be one of 0, 1, 3, 4", stop(CombOffsetFlag=None)),
            ("CombHedgeFlag must be given", stop(CombHedgeFlag=None)),
            ("ContingentCondition must be 1", stop(ContingentCondition="5")),
            ("OrderRef is given when it is sent", stop(OrderRef="7")),
            ("VolumeTotalOriginal must be above 0", stop(VolumeTotalOriginal=0)),
            ("LimitPrice must be above 0", stop(LimitPrice=0.0)),
            ("OrderPriceType 1 has no LimitPrice", stop(OrderPriceType="1")),
            ("OrderPriceType must be one of 2, 1, 3, G", stop(OrderPriceType="8")),
            ("SHFE takes at most 500 lots", stop(VolumeTotalOriginal=501)),
            (
                "CZCE takes no orders of OrderPriceType 3 in",
                stop(InstrumentID="SR701", ExchangeID="CZCE", OrderPriceType="3", LimitPrice=0.0),
            ),
        ):
            self.refused(said, leg)

    def test_the_second_leg_is_named(self) -> None:
        self.refused("Legs[1]: LimitPrice must be above 0", STOP, stop(LimitPrice=0.0))

    def test_what_protects(self) -> None:
        guard_time = {"Kind": "time", "At": "14:00:00", "InputOrder": NO_LOTS}
        for said, legs, protect in (
            ("the kind now is for one leg with Protect", [NOW], []),
            ("the kind now is for one leg with Protect", [NOW, STOP], [GUARD]),
            ("Protect takes the kinds profit, stop, trailing", [NOW], [guard_time]),
            ("VolumeTotalOriginal is what the order trades", [NOW], [STOP]),
            (
                "CombOffsetFlag must be one of 1, 3, 4",
                [NOW],
                [{**GUARD, "InputOrder": {**NO_LOTS, "CombOffsetFlag": "0"}}],
            ),
            (
                "must be of one InstrumentID",
                [NOW],
                [{**GUARD, "InputOrder": {**NO_LOTS, "InstrumentID": "rb2705"}}],
            ),
            (
                "must be of the other Direction",
                [NOW],
                [{**GUARD, "InputOrder": {**NO_LOTS, "Direction": "0"}}],
            ),
            ("must open", [{**NOW, "InputOrder": {**BUY, "CombOffsetFlag": "3"}}], [GUARD]),
        ):
            self.refused(said, *legs, Protect=protect)

    def test_days_and_moments(self) -> None:
        for said, until in (
            ("Until 'tomorrow' must be a date", "tomorrow"),
            ("Until '20261122' must be a date as YYYYMMDD, from this trading day", "20261122"),
            ("Until '20280101' must be a date", "20280101"),
        ):
            self.refused(said, STOP, Until=until)
        for said, at in (
            ("Legs[0].At 'noon' must be a time as HH:MM:SS", "noon"),
            ("At is China's time; leave the zone out", "14:00:00+08:00"),
            ("which is over", "09:59:59"),
            ("when rb does not trade", "10:20:00"),
            (f"is 2026-11-20 21:30:00 on trading day {DAY}, which is over", "21:30:00"),
        ):
            self.refused(said, {"Kind": "time", "At": at, "InputOrder": ORDER})

    def test_a_moment_of_the_next_day_s_night(self) -> None:
        leg = {"Kind": "time", "At": "21:30:00", "InputOrder": ORDER}
        told = self.put("c-1", leg, Until="20261124")
        self.assertEqual(told["Conditional"]["Legs"][0]["At"], "2026-11-23 21:30:00")

    def test_without_market_data(self) -> None:
        desk = self.td.commons.conditionals
        assert desk is not None
        desk.has_prices = False
        self.peer = self.trader()
        self.refused("serves no market data", PROFIT)
        told = self.put("c-1", {"Kind": "time", "At": "14:00:00", "InputOrder": ORDER})
        self.assertEqual(code(told), 0, "a moment needs none")
