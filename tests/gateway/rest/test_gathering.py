"""One request's answers on the way to one JSON text."""

import json
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.rest.gathering import Gathering, decode


def gathered(name: str, *told: Any, is_ctp: bool = True, client_order_id: str = "") -> Gathering:
    """A gathering that has taken these messages."""
    gathering = Gathering(name, is_ctp=is_ctp, client_order_id=client_order_id)
    for one in told:
        gathering.take(decode(json.dumps(one).encode()))
    return gathering


def row(is_last: bool = True, info: Any = None, **body: Any) -> dict[str, Any]:
    return {"MsgType": "RspX", "RspInfo": info, "IsLast": is_last, "RequestID": 1, **body}


def order(status: str, **more: Any) -> dict[str, Any]:
    told = {"ClientOrderID": "a", "Status": status, "ErrorID": 0, "ErrorMsg": "", **more}
    return {"MsgType": "RtnClientOrder", "ClientOrder": told}


class Answers(SynchronousTestCase):
    """What becomes of messages."""

    def told(self, gathering: Gathering) -> tuple[int, Any]:
        answer = gathering.answer()
        return answer.status, json.loads(answer.body)

    def test_rows_of_ctp_are_structs(self) -> None:
        gathering = gathered("ReqQryX", row(False, X={"a": 1}), row(True, X={"a": 2}))
        self.assertTrue(gathering.is_done)
        told = {"MsgType": "RspX", "RspInfo": None, "Rows": [{"a": 1}, {"a": 2}]}
        self.assertEqual(self.told(gathering), (200, told))

    def test_rows_of_ours_keep_their_keys(self) -> None:
        gathering = gathered("QryX", row(True, Time="t", X={"a": 1}), is_ctp=False)
        self.assertEqual(self.told(gathering)[1]["Rows"], [{"Time": "t", "X": {"a": 1}}])

    def test_no_row(self) -> None:
        self.assertEqual(self.told(gathered("ReqQryX", row(X=None)))[1]["Rows"], [])

    def test_it_is_not_done_before_the_last(self) -> None:
        self.assertFalse(gathered("ReqQryX", row(False, X={"a": 1})).is_done)

    def test_a_refusal_after_rows_is_a_problem_and_no_rows(self) -> None:
        refused = row(True, {"ErrorID": 90, "ErrorMsg": "busy"}, X=None, Detail="wait")
        status, told = self.told(gathered("ReqQryX", row(False, X={"a": 1}), refused))
        self.assertEqual((status, told["ErrorID"], told["detail"]), (422, 90, "wait"))
        self.assertNotIn("Rows", told)

    def test_one_answer_is_left_as_it_is(self) -> None:
        info = {"ErrorID": 0, "ErrorMsg": "ok"}
        status, told = self.told(gathered("ReqX", row(True, info, X={"a": 1}, Detail="d")))
        wanted = {"MsgType": "RspX", "RspInfo": info, "X": {"a": 1}, "Detail": "d"}
        self.assertEqual((status, told), (200, wanted))

    def test_an_order_is_answered_by_news_of_it(self) -> None:
        self.assertFalse(gathered("ReqOrderInsert", order("sent"), client_order_id="a").is_done)
        known = gathered("ReqOrderInsert", order("sent"), order("known"), client_order_id="a")
        self.assertTrue(known.is_done)
        status, told = self.told(known)
        self.assertEqual((status, told["ClientOrder"]["Status"]), (202, "known"))

    def test_an_order_that_was_known_is_answered_at_once(self) -> None:
        gathering = gathered("ReqOrderInsert", {**order("sent"), "RequestID": 4})
        self.assertTrue(gathering.is_done)
        self.assertEqual(gathering.answer().status, 202)

    def test_a_refused_order_is_a_problem(self) -> None:
        refused = order("refused", ErrorID=31, ErrorMsg="资金不足")
        status, told = self.told(gathered("ReqOrderInsert", refused))
        self.assertEqual((status, told["ErrorID"], told["title"]), (422, 31, "资金不足"))
        self.assertEqual(told["ClientOrder"]["Status"], "refused")

    def test_what_was_told_before_the_time_is_up(self) -> None:
        early = gathered("ReqOrderInsert", order("sent"), client_order_id="a").early("en")
        told = json.loads(early.body)
        self.assertEqual((early.status, told["ClientOrder"]["Status"]), (202, "sent"))
        self.assertIn("no refusal has come yet", told["Detail"])
        nothing = json.loads(gathered("ReqX").early("en").body)
        self.assertEqual((nothing["MsgType"], nothing["RspInfo"]), ("ReqX", None))
