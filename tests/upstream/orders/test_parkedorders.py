"""What is asked of CTP about parked orders, and which are removed."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog, errors
from webctp.ctp.codec import codec_for
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.orders import parkedorders
from webctp.upstream.orders.parkedorders import ParkedOrders
from webctp.upstream.session.reply import Reply

CATALOGUE = catalog.trading()
ME = AccountKey("9999", "u1")


class Removal(SynchronousTestCase):
    """Before a front that is a list."""

    def setUp(self) -> None:
        self.asked: list[tuple[str, dict[str, Any], Any]] = []
        self.sent: list[tuple[str, dict[str, Any], Any]] = []
        self.logged: list[str] = []
        self.patch(
            parkedorders._log,
            "error",
            lambda text, **more: self.logged.append(text.format(**more)),
        )
        self.full = False
        self.result = 0
        self.removed: list[str] = []
        self.parked = ParkedOrders(
            CATALOGUE, self.ask, self.send, lambda one: self.removed.append(one[1]["ParkedOrderID"])
        )
        self.parked.remove(ME)

    def ask(self, method: Any, body: dict[str, Any], on_reply: Any) -> int:
        """Take a query."""
        if self.full:
            raise Refusal(errors.TOO_MANY, english("too many queries wait"))
        self.asked.append((method.name, body, on_reply))
        return 0

    def send(self, cancellation: Any, refused: Any) -> int:
        """Take a removal."""
        self.sent.append((*cancellation, refused))
        return self.result

    def answer(self, number: str | None, status: str = "1", *, last: bool, code: int = 0) -> None:
        """Answer the query by a row."""
        callback = CATALOGUE.methods["ReqQryParkedOrder"].reply
        body = None
        if number is not None:
            layout = codec_for(CATALOGUE.module).layout("CThostFtdcParkedOrderField")
            body = layout.pack({"ParkedOrderID": number, "Status": status})
        info = RspInfo(CATALOGUE).of(code) if code else None
        self.asked[-1][2](Reply(callback, body, info, last))

    def test_those_not_sent_yet_when_all_are_known(self) -> None:
        (name, body, _) = self.asked[0]
        self.assertEqual(name, "ReqQryParkedOrder")
        self.assertEqual(body, {"BrokerID": "9999", "InvestorID": "u1"})
        self.answer("1", last=False)
        self.answer("2", "2", last=False)
        self.answer("3", "3", last=False)
        self.assertEqual(self.sent, [])
        self.answer("4", last=True)
        self.assertEqual([one[0] for one in self.sent], ["ReqRemoveParkedOrder"] * 2)
        self.assertEqual([one[1]["ParkedOrderID"] for one in self.sent], ["1", "4"])
        self.assertEqual(self.sent[0][1], {**body, "ParkedOrderID": "1"})

    def test_none(self) -> None:
        self.answer(None, last=True)
        self.assertEqual((self.sent, self.logged), ([], []))

    def test_what_ctp_refuses_is_in_the_log(self) -> None:
        self.answer("1", last=True)
        self.sent[0][2]("CTP: no such order")
        (line,) = self.logged
        self.assertIn("parked order 1 is not removed, and CTP may send it: CTP: no such", line)

    def test_what_the_library_does_not_take_is_in_the_log(self) -> None:
        self.answer("1", last=False)
        self.result = -3
        self.answer(None, last=True)
        (line,) = self.logged
        self.assertIn("parked order 1 is not removed, and CTP may send it: ReqRemoveParked", line)
        self.assertEqual(self.removed, [])

    def test_what_was_sent_is_told(self) -> None:
        self.answer("1", last=True)
        self.assertEqual(self.removed, ["1"])

    def test_what_cannot_be_asked_is_in_the_log(self) -> None:
        self.answer(None, last=True, code=90)
        self.full = True
        self.parked.remove(ME)
        first, second = self.logged
        self.assertIn("parked orders are not known", first)
        self.assertIn("too many queries wait", second)
        self.assertEqual(self.sent, [])
