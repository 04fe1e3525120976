"""Orders with a ClientOrderID, through the gateway, the journal's thread and a real file."""

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from twisted.internet import defer, reactor, task
from twisted.trial.unittest import TestCase

from tests.gateway.trading.test_shared import answer, of_type
from webctp.config.sections import JournalConfig
from webctp.config.serving import Limits, WebSocketOptions
from webctp.config.trading import TradingSettings
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.access.tokens.record import new_token
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.secret import Secret
from webctp.testing import FakeFront, WebSocketPeer
from webctp.upstream.journal.reader import Reader
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.session.apiqueue import ApiQueue

ORDER = {"InstrumentID": "rb2701", "Direction": "0", "VolumeTotalOriginal": 1}


class ClientOrderTest(TestCase):
    """A desk with a journal, on the real reactor: the journal has a thread of its own."""

    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp())
        self.front = FakeFront()
        self.front.on(
            "ReqUserLogin",
            answer={"TradingDay": "20261123", "FrontID": 1, "SessionID": 7, "MaxOrderRef": "1"},
        )
        self.start()
        self.addCleanup(lambda: self.desk.stop())

    def start(self, linger: float = 0.0, **journal: Any) -> None:
        self.path = str(self.directory / "journal.sqlite")
        settings = TradingSettings(
            td_front_address=("tcp://127.0.0.1:1",),
            broker_id="9999",
            app_id="",
            auth_code=Secret(""),
            user_product_info="test",
            con_file_path=str(self.directory / "flow"),
            production_mode=False,
            login_timeout=15.0,
            session_linger=linger,
            journal=JournalConfig(**{"path": self.path, **journal}),
        )
        fanout = Fanout(reactor, Limits())
        self.desk = TradingService(
            ApiQueue.on(fanout.reactor),
            self.front,
            settings,
            fanout,
            InvalidPrice.ZERO,
        )
        self.desk.start()
        self.factory = GatewayFactory(
            reactor, fanout, WebSocketOptions(0, 0, 1 << 20, login_deadline=0), self.desk.client
        )

    async def login(self, **words: Any) -> WebSocketPeer:
        peer = WebSocketPeer(self.factory)
        body = {"UserID": "u1", "Password": "secret-p"}
        peer.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body, **words})
        login = answer(await self.until(peer, "RspUserLogin"))
        self.assertEqual(login["RspInfo"]["ErrorID"], 0)
        return peer

    async def until(self, peer: WebSocketPeer, msg_type: str) -> list[dict[str, Any]]:
        """What came up to a message of that type."""
        messages: list[dict[str, Any]] = []
        for _ in range(500):
            messages += peer.received()
            if of_type(messages, msg_type):
                return messages
            await task.deferLater(reactor, 0.01)
        raise AssertionError(f"no {msg_type} among {messages}")

    def insert(self, peer: WebSocketPeer, name: str, number: int = 5, **more: Any) -> None:
        body = {**ORDER, **more}
        peer.send(
            {
                "MsgType": "ReqOrderInsert",
                "RequestID": number,
                "ClientOrderID": name,
                "InputOrder": body,
            }
        )

    async def status(self, peer: WebSocketPeer) -> dict[str, Any]:
        messages = await self.until(peer, "RtnClientOrder")
        return dict(of_type(messages, "RtnClientOrder")[-1]["ClientOrder"])

    def inserts(self) -> int:
        return self.front.names.count("ReqOrderInsert")

    def told(self, **more: Any) -> None:
        sent = self.front.last("ReqOrderInsert").values
        row = {name: sent[name] for name in (*ORDER, "OrderRef", "BrokerID", "InvestorID")}
        row |= {"FrontID": 1, "SessionID": 7, "TradingDay": "20261123", "ExchangeID": "SHFE"}
        self.front.push("OnRtnOrder", {**row, "OrderStatus": "3", "OrderSysID": "42", **more})


class EveryMethodTests(ClientOrderTest):
    """A ClientOrderID on whatever request leaves order entry as it was."""

    async def test_an_order_passes_after_it(self) -> None:
        peer = await self.login()
        for name in self.desk.commons.schema.methods:
            if not name.startswith("ReqUserLog"):
                peer.send({"MsgType": name, "RequestID": 2, "ClientOrderID": f"x-{name}"})
        self.insert(peer, "a-1", 3)
        await self.until_sent(peer, "a-1")

    async def until_sent(self, peer: WebSocketPeer, given: str) -> None:
        for _ in range(100):
            told = of_type(await self.until(peer, "RtnClientOrder"), "RtnClientOrder")
            orders = [one["ClientOrder"] for one in told]
            if any((o["ClientOrderID"], o["Status"]) == (given, "sent") for o in orders):
                return
        self.fail(f"{given} was not sent")


class OnceTests(ClientOrderTest):
    """The same ID again."""

    async def test_is_answered_with_what_became_of_the_first(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1")
        self.assertEqual((await self.status(peer))["Status"], "sent")
        self.insert(peer, "a-1", 6)
        again = of_type(await self.until(peer, "RtnClientOrder"), "RtnClientOrder")[0]
        self.assertEqual((again["RequestID"], again["ClientOrder"]["Status"]), (6, "sent"))
        self.told()
        known = await self.status(peer)
        self.assertEqual((known["Status"], known["OrderSysID"]), ("known", "42"))
        self.insert(peer, "a-1", 7)
        self.assertEqual((await self.status(peer))["OrderStatus"], "3")
        self.assertEqual(self.inserts(), 1)

    async def test_who_resumes_goes_on_being_told(self) -> None:
        await self.desk.stop()
        self.start(linger=60)
        peer = await self.login()
        self.insert(peer, "a-1")
        await self.status(peer)
        peer.drop()
        newcomer = await self.login()
        self.told()
        heard = await self.until(newcomer, "RtnOrder") + newcomer.received()
        self.assertEqual(of_type(heard, "RtnClientOrder"), [])
        newcomer.drop()
        back = await self.login(Resume={"Seq": None})
        self.told(OrderStatus="0")
        self.assertEqual((await self.status(back))["OrderStatus"], "0")
        self.assertEqual(len(self.front.apis), 1)

    async def test_with_other_content_is_a_conflict(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1")
        await self.status(peer)
        self.insert(peer, "a-1", VolumeTotalOriginal=2)
        refused = answer(await self.until(peer, "ReqOrderInsert"))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -409)
        self.assertEqual(self.inserts(), 1)

    async def test_after_a_restart_of_the_daemon_sends_nothing(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1")
        await self.status(peer)
        peer.drop()
        await self.desk.stop()
        self.start()
        self.front.on("ReqQryOrder", silent=True)
        peer = await self.login()
        self.insert(peer, "a-1")
        self.assertEqual((await self.status(peer))["Status"], "unknown")
        self.told()
        self.assertEqual((await self.status(peer))["Status"], "known")
        self.assertEqual(self.inserts(), 1)

    async def test_the_unknown_is_asked_for(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1")
        await self.status(peer)
        sent = self.front.last("ReqOrderInsert").values
        row = {name: sent[name] for name in (*ORDER, "OrderRef", "BrokerID", "InvestorID")}
        row |= {"FrontID": 1, "SessionID": 7, "TradingDay": "20261123", "ExchangeID": "SHFE"}
        self.front.on("ReqQryOrder", answer={**row, "OrderSysID": "9", "OrderStatus": "0"})
        self.front.disconnect()
        self.assertEqual((await self.status(peer))["Status"], "unknown")
        self.front.connect()
        known = await self.status(peer)
        self.assertEqual((known["Status"], known["OrderStatus"]), ("known", "0"))

    async def test_what_had_not_ended_is_asked_for_after_a_restart(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1")
        await self.status(peer)
        self.told()
        self.assertEqual((await self.status(peer))["OrderStatus"], "3")
        sent = self.front.last("ReqOrderInsert").values
        row = {name: sent[name] for name in (*ORDER, "OrderRef", "BrokerID", "InvestorID")}
        row |= {"FrontID": 1, "SessionID": 7, "TradingDay": "20261123", "ExchangeID": "SHFE"}
        ended = {**row, "OrderSysID": "42", "OrderStatus": "0", "VolumeTraded": 1}
        peer.drop()
        await self.desk.stop()
        self.start()
        self.front.on("ReqQryOrder", answer=ended)
        peer = await self.login()
        self.insert(peer, "a-1")
        told = await self.status(peer)
        for _ in range(200):
            if told["OrderStatus"] == "0":
                break
            await task.deferLater(reactor, 0.01)
            self.insert(peer, "a-1")
            told = await self.status(peer)
        self.assertEqual((told["Status"], told["VolumeTraded"]), ("known", 1))
        self.assertEqual(self.inserts(), 1)

    async def test_one_that_could_not_be_loaded_is_asked_for_when_it_turns_up(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1")
        await self.status(peer)
        sent = self.front.last("ReqOrderInsert").values
        row = {name: sent[name] for name in (*ORDER, "OrderRef", "BrokerID", "InvestorID")}
        row |= {"FrontID": 1, "SessionID": 7, "TradingDay": "20261123", "ExchangeID": "SHFE"}
        peer.drop()
        await self.desk.stop()
        self.start()
        # The disk was broken when the session began.
        with patch.object(TradingJournal, "load", lambda journal, account: defer.succeed(None)):
            peer = await self.login()
        self.assertEqual(self.front.names.count("ReqQryOrder"), 0)
        self.front.on("ReqQryOrder", answer={**row, "OrderSysID": "9", "OrderStatus": "5"})
        self.insert(peer, "a-1")
        told: list[str] = []
        while "known 5" not in told:
            for message in of_type(await self.until(peer, "RtnClientOrder"), "RtnClientOrder"):
                order = message["ClientOrder"]
                told.append(f"{order['Status']} {order['OrderStatus']}".strip())
        self.assertEqual(told, ["unknown", "known 5"])
        self.assertEqual(self.inserts(), 1)

    async def test_what_comes_while_the_session_is_released_is_kept(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1")
        await self.status(peer)
        sent = self.front.last("ReqOrderInsert").values
        row = {name: sent[name] for name in (*ORDER, "OrderRef", "BrokerID", "InvestorID")}
        row |= {"FrontID": 1, "SessionID": 7, "TradingDay": "20261123", "ExchangeID": "SHFE"}
        row |= {"OrderSysID": "42", "OrderStatus": "0", "VolumeTraded": 1}
        layout = codec_for(catalog.trading().module).layout("CThostFtdcOrderField")
        session = next(iter(self.desk.registry)).session
        peer.drop()
        # The API is being released in a thread; what it had called before is still on its way.
        session.deliver(
            [
                CallbackEvent(
                    self.desk.commons.callbacks["OnRtnOrder"], layout.pack(row), None, 0, True
                )
            ]
        )
        await self.desk.stop()
        self.start()
        self.front.on("ReqQryOrder", silent=True)
        peer = await self.login()
        self.insert(peer, "a-1")
        told = await self.status(peer)
        self.assertEqual((told["Status"], told["OrderStatus"]), ("known", "0"))

    async def test_a_refusal_by_ctp_is_told(self) -> None:
        peer = await self.login()
        self.front.on("ReqOrderInsert", error=31)
        self.insert(peer, "a-1")
        messages = await self.until(peer, "RspOrderInsert")
        self.assertEqual(answer(messages)["RspInfo"]["ErrorID"], 31)
        self.insert(peer, "a-1")
        order = await self.status(peer)
        self.assertEqual((order["Status"], order["ErrorID"]), ("refused", 31))
        self.assertEqual(self.inserts(), 1)


class OrderTests(ClientOrderTest):
    """Inserts keep their order, and are refused rather than sent late."""

    async def test_those_behind_one_that_waits_for_the_disk_wait_with_it(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1", LimitPrice=1.0)
        peer.send({"MsgType": "ReqOrderInsert", "InputOrder": {**ORDER, "LimitPrice": 2.0}})
        self.insert(peer, "a-2", LimitPrice=3.0)
        self.assertEqual(self.inserts(), 0)
        while self.inserts() < 3:
            await task.deferLater(reactor, 0.01)
        sent = [call.values for call in self.front.calls if call.name == "ReqOrderInsert"]
        self.assertEqual([order["LimitPrice"] for order in sent], [1.0, 2.0, 3.0])
        refs = [int(order["OrderRef"]) for order in sent]
        self.assertEqual(refs, sorted(set(refs)))

    async def test_a_session_lost_during_the_wait_refuses(self) -> None:
        peer = await self.login()
        peer.received()
        self.insert(peer, "a-1")
        peer.send({"MsgType": "ReqOrderInsert", "RequestID": 6, "InputOrder": ORDER})
        next(iter(self.desk.registry)).session.deliver(
            [
                CallbackEvent(
                    self.desk.commons.callbacks["OnFrontDisconnected"], None, None, 0x1001, True
                )
            ]
        )
        messages = await self.until(peer, "RtnClientOrder")
        order = of_type(messages, "RtnClientOrder")[-1]["ClientOrder"]
        self.assertEqual((order["Status"], order["ErrorID"]), ("refused", -503))
        messages += peer.received()
        refused = [m for m in messages if m["MsgType"] == "ReqOrderInsert"]
        self.assertEqual({m["RspInfo"]["ErrorID"] for m in refused}, {-503})
        self.assertEqual(len(refused), 2)
        self.assertEqual(self.inserts(), 0)


class JournalTests(ClientOrderTest):
    """What is written down."""

    async def test_has_what_was_done_and_no_password(self) -> None:
        peer = await self.login()
        self.insert(peer, "a-1")
        await self.status(peer)
        self.told()
        await self.status(peer)
        await self.desk.stop()
        reader = Reader(Path(self.path))
        rows = [(row["type"], row["name"]) for row in reader.records({})]
        reader.close()
        for expected in (
            ("session", "ready"),
            ("request", "ReqOrderInsert"),
            ("return", "ReqOrderInsert"),
            ("order", "RtnOrder"),
        ):
            self.assertIn(expected, rows)
        self.assertNotIn(b"secret-p", Path(self.path).read_bytes())

    async def test_has_what_was_refused_here_and_why(self) -> None:
        peer = await self.login()
        order = {"MsgType": "ReqOrderInsert", "RequestID": 6}
        peer.send({**order, "InputOrder": {**ORDER, "OrderRef": "1"}})
        await self.until(peer, "RspOrderInsert")
        self.front.disconnect()
        while self.desk.readiness()["sessions"]["ready"]:
            await task.deferLater(reactor, 0.01)
        peer.send({**order, "ClientOrderID": "a-1", "InputOrder": ORDER})
        refused = answer(await self.until(peer, "ReqOrderInsert"))
        await self.desk.stop()
        reader = Reader(Path(self.path))
        rows = list(reader.records({"type": ["error"]}))
        reader.close()
        self.assertEqual([row["code"] for row in rows], [22, -503])
        self.assertEqual({row["user_id"] for row in rows}, {"u1"})
        self.assertEqual(rows[1]["client_order_id"], "a-1")
        self.assertEqual(rows[1]["detail"], refused["Detail"])
        self.assertEqual(rows[1]["instrument_id"], ORDER["InstrumentID"])

    async def test_has_a_refused_bodys_numbers_that_no_column_can_hold_as_text(self) -> None:
        peer = await self.login()
        self.front.disconnect()
        while self.desk.readiness()["sessions"]["ready"]:
            await task.deferLater(reactor, 0.01)
        for number in (2**63, -(2**70), 10**40):
            body = {"FrontID": number, "SessionID": number, "OrderRef": "1"}
            peer.ask({"MsgType": "ReqOrderAction", "InputOrderAction": body})
            peer.ask({"MsgType": "ReqOrderInsert", "InputOrder": {**ORDER, "RequestID": number}})
        journal = self.desk.journal
        assert journal is not None
        await self.desk.stop()
        self.assertEqual((journal.file.alarms, journal.file.dropped), (0, 0))
        reader = Reader(Path(self.path))
        self.addCleanup(reader.close)
        bodies = [row["body"] for row in reader.records({"type": ["error"]})]
        for number in (2**63, -(2**70), 10**40):
            self.assertIn(f'"FrontID":"{number}"', "".join(bodies))
        self.assertEqual(self.flushLoggedErrors(), [])

    async def test_a_broken_disk_refuses_inserts_and_says_so(self) -> None:
        await self.desk.stop()
        (self.directory / "file").write_text("no directory")
        self.start(path=str(self.directory / "file" / "journal.sqlite"))
        peer = await self.login()
        while self.desk.readiness()["ready"]:
            await task.deferLater(reactor, 0.01)
        self.assertIn("journal", self.desk.readiness())
        refused = peer.ask({"MsgType": "ReqOrderInsert", "InputOrder": ORDER})
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.assertIn("journal", refused["Detail"])
        peer.send({"MsgType": "ReqOrderAction", "InputOrderAction": {"OrderSysID": "1"}})
        self.assertEqual(self.front.names.count("ReqOrderAction"), 1)
        self.assertEqual(self.inserts(), 0)


class TokenTests(ClientOrderTest):
    """Tokens in place of what a client meant to send."""

    async def test_none_is_written_down(self) -> None:
        token = new_token().reveal()
        peer = await self.login()
        self.insert(peer, token, 5)
        refused = answer(await self.until(peer, "ReqOrderInsert"))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -400)
        self.assertIn("ClientOrderID holds a token", refused["Detail"])
        self.insert(peer, "mine", 6, InstrumentID=token, AccountID=token[:12], MacAddress="m")
        self.assertEqual((await self.status(peer))["ClientOrderID"], "mine")
        for number, name in enumerate(("ReqQryOrder", "ReqParkedOrderInsert", token)):
            body = {"InstrumentID": token, "BusinessUnit": token}
            peer.send({"MsgType": name, "RequestID": 10 + number, "ParkedOrder": body})
        await task.deferLater(reactor, 0.1)
        await self.desk.stop()
        written = b"".join(one.read_bytes() for one in self.directory.rglob("*") if one.is_file())
        self.assertIn(b"webctp_***", written)
        self.assertNotIn(token[10:].encode(), written)
