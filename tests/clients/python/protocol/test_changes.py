"""What has changed, put over what is held: the whole message, or an error."""

import json
from typing import Any
from unittest import TestCase

from webctp_client.made import methods, own, structs
from webctp_client.protocol.changes import Changes
from webctp_client.protocol.core import Core, Login
from webctp_client.protocol.events import Strange
from webctp_client.protocol.messages import Reader, Tick, Unreadable

_BAR = {
    "InstrumentID": "rb2701",
    "ExchangeID": "SHFE",
    "TradingDay": "20261127",
    "Period": "1m",
    "BeginTime": "2026-11-27 10:00:00+08:00",
    "EndTime": "2026-11-27 10:01:00+08:00",
    "OpenPrice": 1.0,
    "HighestPrice": 1.0,
    "LowestPrice": 1.0,
    "ClosePrice": 1.0,
    "Volume": 1,
    "Turnover": 10.0,
    "OpenInterest": 5.0,
    "IsClosed": False,
}


def told(body: dict[str, Any], *, bar: bool = False, **words: Any) -> bytes:
    """Return a message of the gateway's."""
    name, key = ("RtnBar", "Bar") if bar else ("RtnDepthMarketData", "DepthMarketData")
    return json.dumps({"MsgType": name, key: body, **words}, separators=(",", ":")).encode()


class ChangesTest(TestCase):
    """Ticks and bars of one connection."""

    def setUp(self) -> None:
        self.changes = Changes()
        self.reader = Reader()

    def tick(self, body: dict[str, Any], **words: Any) -> Tick:
        """Take a message in; return the tick."""
        payload = told({"InstrumentID": "rb2701", **body}, **words)
        return self.changes.whole(self.reader.read(payload), payload)

    def test_fields_that_are_not_told_stay(self) -> None:
        self.tick({"LastPrice": 1.0, "Volume": 5, "ActionDay": "20261127"})
        one = self.tick({"UpdateTime": "10:00:01", "LastPrice": 2.0}, Changes=True).body
        wanted = structs.DepthMarketData(
            InstrumentID="rb2701",
            LastPrice=2.0,
            Volume=5,
            ActionDay="20261127",
            UpdateTime="10:00:01",
        )
        self.assertEqual(one, wanted)
        again = self.tick({"LastPrice": None}, Changes=True).body
        self.assertEqual((again.LastPrice, again.UpdateTime), (None, "10:00:01"))

    def test_a_field_of_a_newer_gateway_is_passed_over(self) -> None:
        self.tick({"LastPrice": 1.0})
        self.assertEqual(self.tick({"NewPrice": 2.0}, Changes=True).body.LastPrice, 1.0)

    def test_what_is_stale_is_put_over_nothing(self) -> None:
        self.tick({"LastPrice": 1.0, "Volume": 5})
        self.tick({"LastPrice": 9.0, "Volume": 3}, Stale=True)
        one = self.tick({"UpdateMillisec": 500}, Changes=True).body
        self.assertEqual((one.LastPrice, one.Volume), (1.0, 5))

    def test_a_main_contract_is_held_apart(self) -> None:
        self.tick({"LastPrice": 1.0})
        self.tick({"LastPrice": 2.0}, MainContract="@rb")
        self.assertEqual(self.tick({"Volume": 1}, Changes=True).body.LastPrice, 1.0)
        one = self.tick({"Volume": 1}, Changes=True, MainContract="@rb")
        self.assertEqual(one.body.LastPrice, 2.0)

    def test_changes_of_nothing_are_no_tick(self) -> None:
        with self.assertRaisesRegex(Unreadable, "changes of rb2701, which was not told whole"):
            self.tick({"LastPrice": 1.0}, Changes=True)
        with self.assertRaises(Unreadable):
            self.changes.bar(told({**_BAR, "Volume": 2}, bar=True, Changes=True))
        with self.assertRaises(Unreadable):
            self.changes.bar(told({"InstrumentID": "rb2701"}, bar=True))

    def test_bars_are_held_by_their_period(self) -> None:
        for period, volume in (("1m", 1), ("5m", 5)):
            self.changes.bar(told({**_BAR, "Period": period, "Volume": volume}, bar=True))
        key = {name: _BAR[name] for name in ("InstrumentID", "Period", "BeginTime")}
        one = self.changes.bar(told({**key, "ClosePrice": 3.0}, bar=True, Changes=True))
        assert one is not None
        self.assertEqual(one.Bar, own.Bar(**{**_BAR, "ClosePrice": 3.0}))  # type: ignore[arg-type]
        self.assertIsNone(self.changes.bar(told({"InstrumentID": "rb2701"})))

    def test_a_new_connection_begins_anew(self) -> None:
        core = Core("md", Login({}))
        core.opened()
        core.subscribe(methods.SubscribeMarketData, ["rb2701"], {"Changes": True})
        core.received(told({"InstrumentID": "rb2701", "LastPrice": 1.0}))
        core.received(told({"InstrumentID": "rb2701", "Volume": 2}, Changes=True))
        _, second = core.events()
        self.assertEqual((second.body.LastPrice, second.body.Volume), (1.0, 2))
        core.lost(0.0)
        core.opened()
        core.received(told({"InstrumentID": "rb2701", "Volume": 3}, Changes=True))
        self.assertIsInstance(core.events()[-1], Strange)
