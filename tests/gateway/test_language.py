"""The language in which a gateway answers: ``Language``."""

import json
from collections.abc import Iterator
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.testing import FakeFront, MemoryGateway

WRONG: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    (
        "td",
        {"MsgType": "ReqOrderInsret"},
        "did you mean ReqOrderInsert?",
        "是否想写 ReqOrderInsert？",
    ),
    ("td", {"MsgType": "ReqOrderInsert"}, "send ReqUserLogin first", "请先发送 ReqUserLogin"),
    ("td", {"MsgType": 1}, "MsgType is a number; it must be text", "MsgType：数字，应为文本"),
    (
        "td",
        {"MsgType": "ReqUserLogin", "ReqUserLogin": {"UserID": 7}},
        "UserID in ReqUserLogin is a number; it must be text",
        "ReqUserLogin 中的 UserID 是数字，应为文本",
    ),
    (
        "td",
        {"MsgType": "ReqUserLogin", "ReqUserLogin": {"UserID": "用户"}},
        "is no account of CTP's",
        "不是 CTP 账户",
    ),
    (
        "td",
        {"MsgType": "ReqUserLogin", "ReqUserLogin": {"UserID": "u", "BrokerID": "9" * 99}},
        "BrokerID: wants at most 10 bytes of GBK, got 99",
        "BrokerID：至多 10 字节（GBK），实为 99 字节",
    ),
    (
        "md",
        {"MsgType": "SubscribeMarketData", "InstrumentID": [], "Bars": ["2x"]},
        "send ReqUserLogin first",
        "请先发送 ReqUserLogin",
    ),
)
"""By service, what a client does wrong, and what it is told in either language."""


def details(gateway: MemoryGateway) -> Iterator[str]:
    """Give what is said to each of these mistakes."""
    for service, message, _, _ in WRONG:
        peer = gateway.connect(service)
        answer = gateway.ask(peer, {**message, "RequestID": 5})
        yield answer["Detail"]


class Languages(SynchronousTestCase):
    """Whole gateways, one in each language."""

    def test_refusals_are_english_where_nothing_is_said(self) -> None:
        with MemoryGateway() as gateway:
            for found, (_, _, english, _) in zip(details(gateway), WRONG, strict=True):
                self.assertIn(english, found)

    def test_refusals_are_chinese(self) -> None:
        with MemoryGateway(Language="zh") as gateway:
            for found, (_, _, _, chinese) in zip(details(gateway), WRONG, strict=True):
                self.assertIn(chinese, found)

    def test_the_state_of_a_session_has_its_reason_in_chinese(self) -> None:
        front = FakeFront()
        with MemoryGateway(front, Language="zh") as gateway:
            peer = gateway.trader()
            peer.received()
            front.disconnect(0x1001)
            gateway.settle()
            reasons = [
                one["SessionState"]["Reason"]
                for one in peer.received()
                if one["MsgType"] == "RtnSessionState"
            ]
            self.assertEqual(reasons, ["前置连接断开（0x1001）"])

    def test_a_close_says_why_in_chinese(self) -> None:
        with MemoryGateway(Language="zh", LoginDeadline=1) as gateway:
            peer = gateway.connect()
            gateway.reactor.advance(2)
            payload = peer.frames()[-1].payload
            self.assertEqual(payload[2:].decode(), "1 秒内未登录：请发送 ReqUserLogin")

    def test_a_client_may_ask_for_a_language_of_its_own(self) -> None:
        for configured, asked, expected in (
            ("en", "?language=zh", "请先发送 ReqUserLogin"),
            ("zh", "?language=en", "send ReqUserLogin first"),
            ("zh", "?other=1", "请先发送 ReqUserLogin"),
        ):
            with MemoryGateway(Language=configured) as gateway:
                peer = gateway.connect("td", asked)
                answer = gateway.ask(peer, {"MsgType": "ReqOrderInsert"})
                self.assertEqual(answer["Detail"], expected)

    def test_a_language_that_there_is_not(self) -> None:
        with MemoryGateway(Language="zh") as gateway, self.assertRaises(AssertionError) as caught:
            gateway.connect("td", "?language=fr")
        told = "language 应为 en, zh 之一\n".encode()
        self.assertEqual(str(caught.exception), f"td: 400 {told!r}")

    def test_pages_are_in_the_language_that_is_asked_for(self) -> None:
        front = FakeFront()
        with MemoryGateway(front, Language="zh") as gateway:
            gateway.trader()
            front.disconnect(0x1001)
            gateway.settle()
            for query, expected in (
                ("", "前置连接断开（0x1001）"),
                ("?language=zh", "前置连接断开（0x1001）"),
                ("?language=en", "front disconnected (0x1001)"),
            ):
                _, body = gateway.get(f"/readyz{query}")
                waiting = json.loads(body)["td"]["not_ready"]
                self.assertEqual([one["Reason"] for one in waiting], [expected], query)
            status, body = gateway.get("/nowhere?language=zh")
            self.assertEqual((status, body.decode().splitlines()[0]), (404, "该路径没有内容"))
