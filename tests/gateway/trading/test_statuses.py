"""The state of instruments, which CTP tells once, and a client that comes later."""

from typing import Any

from tests.conformance import holds
from tests.gateway.trading.test_shared import DeskTest, answer, of_type, trades
from webctp.testing import WebSocketPeer


class StatusTests(DeskTest):
    """Who comes to a session that lives already hears the present, once."""

    def status(self, instrument: str, status: str) -> None:
        row = {"ExchangeID": "SHFE", "InstrumentID": instrument, "InstrumentStatus": status}
        self.front.push("OnRtnInstrumentStatus", row)
        self.settle()

    def states(self, messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
        told = [one["InstrumentStatus"] for one in of_type(messages, "RtnInstrumentStatus")]
        return [(one["InstrumentID"], one["InstrumentStatus"]) for one in told]

    def begin(self, **settings: Any) -> WebSocketPeer:
        self.start(**settings)
        first = self.client()
        self.login(first)
        for instrument, status in (("rb", "0"), ("cu", "2"), ("rb", "2")):
            self.status(instrument, status)
        return first

    @holds("HYZTBHSM2-2")
    def test_who_returns_hears_the_present_after_its_login(self) -> None:
        self.begin(linger=60).drop()
        back = self.client()
        told = self.login(back)
        self.assertEqual(self.states(told), [("rb", "2"), ("cu", "2")])
        kinds = [one["MsgType"] for one in told]
        self.assertLess(kinds.index("RspUserLogin"), kinds.index("RtnInstrumentStatus"))
        self.assertNotIn("Seq", of_type(told, "RtnInstrumentStatus")[0])
        self.login(back)
        self.status("rb", "3")
        self.assertEqual(self.states(back.received()), [("rb", "3")])

    @holds("HYZTBHSM2-2")
    def test_who_shares_a_session_hears_it_and_the_others_nothing(self) -> None:
        first = self.begin(sharing=True)
        first.received()
        self.assertEqual(len(self.states(self.login(self.client()))), 2)
        self.assertEqual(self.states(first.received()), [])

    def test_who_resumes_hears_what_it_missed_alone(self) -> None:
        first = self.begin(linger=60)
        (told, *_) = of_type(first.received(), "RtnInstrumentStatus")
        first.drop()
        again = self.login(self.client(), Resume={"Seq": told["Seq"]})
        self.assertEqual(self.states(again), [("cu", "2"), ("rb", "2")])

    def test_who_wants_none_is_told_none(self) -> None:
        first = self.begin(sharing=True)
        quiet = self.client()
        self.assertEqual(self.states(self.login(quiet, InstrumentStatus=False)), [])
        first.received()
        self.status("rb", "3")
        self.trade(1)
        self.assertEqual(self.states(first.received()), [("rb", "3")])
        told = quiet.received()
        self.assertEqual((self.states(told), trades(told)), ([], ["1"]))
        self.login(quiet)
        self.status("rb", "4")
        self.assertEqual(self.states(quiet.received()), [("rb", "4")])

    def test_who_wants_none_resumes_without_them(self) -> None:
        self.start(linger=60)
        first = self.client()
        self.login(first, InstrumentStatus=False)
        self.trade(1)
        (seen,) = of_type(first.received(), "RtnTrade")
        first.drop()
        self.status("rb", "3")
        self.trade(2)
        again = self.login(self.client(), Resume={"Seq": seen["Seq"]}, InstrumentStatus=False)
        self.assertEqual((self.states(again), trades(again)), ([], ["2"]))
        self.assertEqual(answer(again)["Resume"]["Replayed"], 1)

    def test_the_word_is_true_or_false(self) -> None:
        self.start()
        told = answer(self.login(self.client(), InstrumentStatus="no"))
        self.assertEqual(told["RspInfo"]["ErrorID"], -400)
        self.assertIn("InstrumentStatus", told["Detail"])

    def test_who_comes_amid_a_recovery_hears_it_when_that_is_over(self) -> None:
        self.begin(linger=60).drop()
        self.front.connects = False
        self.front.disconnect()
        self.settle()
        back = self.client()
        self.assertEqual(self.states(self.login(back)), [])
        self.front.connect()
        self.settle()
        self.assertEqual(self.states(back.received()), [("rb", "2"), ("cu", "2")])
