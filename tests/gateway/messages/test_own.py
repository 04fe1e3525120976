"""The gateway's own messages, byte by byte."""

import json

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import errors
from webctp.gateway.messages import own
from webctp.language.text import NOTHING, verbatim
from webctp.upstream.market.source import FeedStatus
from webctp.upstream.orders.client_order import ClientOrder
from webctp.upstream.session.login import LoginState as State


class Answers(SynchronousTestCase):
    """What the gateway itself says."""

    def test_an_error(self) -> None:
        self.assertEqual(
            own.error("ReqX", -404, 'no "ReqX"', 7).decode(),
            '{"MsgType":"ReqX","RspInfo":{"ErrorID":-404,"ErrorMsg":"Webctp还未实现该方法"},'
            '"IsLast":true,"RequestID":7,"Detail":"no \\"ReqX\\""}',
        )

    def test_every_code_has_words(self) -> None:
        for code, words in errors.GATEWAY_ERRORS.items():
            message = json.loads(own.error("", code, "", 0))
            self.assertEqual(message["RspInfo"], {"ErrorID": code, "ErrorMsg": words})

    def test_a_return_value(self) -> None:
        self.assertEqual(
            json.loads(own.result("GetTradingDay", 0, 3, TradingDay="20240102")),
            {
                "MsgType": "GetTradingDay",
                "RspInfo": {"ErrorID": 0, "ErrorMsg": "CTP:正确"},
                "IsLast": True,
                "RequestID": 3,
                "TradingDay": "20240102",
            },
        )


class Pushes(SynchronousTestCase):
    """What comes unasked."""

    def test_a_session_state_with_and_without_what_may_be_left_out(self) -> None:
        told = own.standing("ready", "", 0.0)
        self.assertEqual(
            own.encode(own.RtnSessionState(SessionState=told)).decode(),
            '{"MsgType":"RtnSessionState","SessionState":{"State":"ready","Reason":"",'
            '"Since":"1970-01-01T00:00:00.000+00:00"}}',
        )
        login = msgspec.Raw(b'{"SessionID":7}')
        message = own.RtnSessionState(Seq=3, SessionState=told, RspUserLogin=login)
        self.assertEqual(
            own.encode(message).decode(),
            '{"MsgType":"RtnSessionState","Seq":3,"SessionState":{"State":"ready","Reason":"",'
            '"Since":"1970-01-01T00:00:00.000+00:00"},"RspUserLogin":{"SessionID":7}}',
        )

    def test_several_feeds_each_say_where_they_stand(self) -> None:
        best = FeedStatus("tcp://a:1", State.READY, NOTHING, 0.0)
        other = FeedStatus("tcp://b:2", State.LOST, verbatim("gone"), 1.5, is_stalled=True)
        told = own.for_page(own.market_standing(best, (best, other)))
        self.assertEqual((told["State"], len(told["Lines"])), ("ready", 2))
        self.assertEqual(
            told["Lines"][1],
            {
                "Front": "tcp://b:2",
                "State": "lost",
                "Reason": "gone",
                "Since": "1970-01-01T00:00:01.500+00:00",
                "Stalled": True,
            },
        )
        self.assertNotIn("Lines", own.for_page(own.market_standing(best, ())))

    def test_what_became_of_a_client_order_id(self) -> None:
        order = ClientOrder(
            broker_id="9999",
            user_id="u1",
            client_order_id="a-1",
            request="ReqOrderInsert",
            digest="",
            time=0,
            trading_day="20240102",
            front_id=1,
            session_id=7,
            order_ref="12",
            match_fields={},
        )
        told = own.client_order(order)
        message = json.loads(own.encode(own.RtnClientOrder(ClientOrder=told, RequestID=5)))
        self.assertEqual(list(message), ["MsgType", "ClientOrder", "RequestID"])
        self.assertEqual(
            message["ClientOrder"],
            {
                "ClientOrderID": "a-1",
                "Request": "ReqOrderInsert",
                "Status": "recording",
                "FrontID": 1,
                "SessionID": 7,
                "OrderRef": "12",
                "TradingDay": "20240102",
                "ExchangeID": "",
                "OrderSysID": "",
                "OrderSubmitStatus": "",
                "OrderStatus": "",
                "VolumeTraded": 0,
                "VolumeTotal": 0,
                "ErrorID": 0,
                "ErrorMsg": "",
            },
        )
        unasked = json.loads(own.encode(own.RtnClientOrder(ClientOrder=told)))
        self.assertNotIn("RequestID", unasked)

    def test_another_trading_day(self) -> None:
        told = own.RtnTradingDay(TradingDay="20240103", Before="20240102")
        self.assertEqual(
            own.encode(told),
            b'{"MsgType":"RtnTradingDay","TradingDay":"20240103","Before":"20240102"}',
        )

    def test_each_push_is_some_services(self) -> None:
        for push in own.Push.__subclasses__():
            self.assertTrue(set(push.services) and set(push.services) <= {"td", "md"}, push)

    def test_a_bar_of_the_past_that_there_is_not(self) -> None:
        answer = own.RspQryBar(IsLast=True, RequestID=4, Bar=msgspec.Raw(b"null"))
        self.assertEqual(
            own.encode(answer).decode(),
            '{"MsgType":"RspQryBar","RspInfo":null,"IsLast":true,"RequestID":4,"Bar":null}',
        )


class ExtraFieldsTests(SynchronousTestCase):
    """What stands beside CTP's own message."""

    def test_none_change_nothing(self) -> None:
        self.assertEqual(own.with_fields(b'{"MsgType":"A"}', own.ExtraFields()), b'{"MsgType":"A"}')

    def test_those_that_are_set(self) -> None:
        words = own.ExtraFields(Detail="because", Replay=True)
        self.assertEqual(
            own.with_fields(b'{"MsgType":"A"}', words),
            b'{"MsgType":"A","Detail":"because","Replay":true}',
        )

    def test_a_session_says_that_its_day_is_not_whole_only_where_it_is_not(self) -> None:
        plain = own.SessionFields(ResumeToken="x", Seq=1)
        self.assertEqual(msgspec.to_builtins(plain), {"ResumeToken": "x", "Seq": 1})
        lacking = own.SessionFields(ResumeToken="x", Seq=1, DayGap=True)
        self.assertTrue(msgspec.to_builtins(lacking)["DayGap"])
