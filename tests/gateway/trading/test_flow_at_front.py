"""The day's flow where an exchange decides what comes: the gateway and the simulated front."""

import tempfile
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from tests.conformance import holds
from tests.daemons import sleep, until
from tests.gateway.trading.test_resume import replays
from tests.gateway.trading.test_shared import answer, of_type
from webctp.config.sections import JournalConfig
from webctp.config.serving import Limits, WebSocketOptions
from webctp.config.trading import TradingSettings
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.secret import Secret
from webctp.sim.front import SimulatedFront
from webctp.sim.options import SimOptions
from webctp.testing import WebSocketPeer
from webctp.upstream.session.apiqueue import ApiQueue

ORDER = {
    "InstrumentID": "rb2705",
    "ExchangeID": "SHFE",
    "OrderPriceType": "A",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "CombHedgeFlag": "1",
    "VolumeTotalOriginal": 1,
    "TimeCondition": "3",
    "VolumeCondition": "1",
    "ContingentCondition": "1",
    "ForceCloseReason": "0",
}
SLOW = 1.0
"""Seconds that a delayed order is under way."""


class FrontTest(TestCase):
    """A desk before a simulated front, on the real reactor; sessions end with their clients."""

    timeout = 300

    def setUp(self) -> None:
        directory = Path(tempfile.mkdtemp())
        self.front = SimulatedFront(SimOptions(seed=3))
        fanout = Fanout(reactor, Limits())
        settings = TradingSettings(
            td_front_address=("sim://",),
            broker_id="9999",
            app_id="",
            auth_code=Secret(""),
            user_product_info="test",
            con_file_path=str(directory / "flow"),
            production_mode=False,
            login_timeout=60.0,
            session_linger=0.0,
            journal=JournalConfig(str(directory / "journal.sqlite")),
        )
        self.desk = TradingService(
            ApiQueue.on(fanout.reactor),
            self.front,
            settings,
            fanout,
            InvalidPrice.ZERO,
        )
        self.desk.start()
        self.addCleanup(self.desk.stop)
        self.factory = GatewayFactory(
            reactor, fanout, WebSocketOptions(0, 0, 1 << 20, login_deadline=0), self.desk.client
        )

    async def come(self, **words: Any) -> tuple[WebSocketPeer, list[dict[str, Any]]]:
        """Log in; gives the client and all that came up to the answer."""
        peer = WebSocketPeer(self.factory)
        body = {"UserID": "1001", "Password": "p"}
        peer.send({"MsgType": "ReqUserLogin", "RequestID": 1, "ReqUserLogin": body, **words})
        messages = await self.up_to(peer, lambda heard: any("RequestID" in one for one in heard))
        self.assertEqual(answer(messages)["RspInfo"]["ErrorID"], 0)
        return peer, messages

    async def up_to(self, peer: WebSocketPeer, met: Any) -> list[dict[str, Any]]:
        """What comes until a condition holds of it."""
        heard: list[dict[str, Any]] = []

        def now() -> bool:
            heard.extend(peer.received())
            return bool(met(heard))

        try:
            await until(now, "what a client is to be told")
        except AssertionError as problem:
            raise AssertionError(f"{problem}: {[one['MsgType'] for one in heard]}") from problem
        return heard

    async def trade(self, peer: WebSocketPeer, *refs: int, **words: Any) -> list[dict[str, Any]]:
        """Enter orders that are filled at once; gives what came of them."""
        for ref in refs:
            body = {**ORDER, "OrderRef": str(ref)}
            message = {"MsgType": "ReqOrderInsert", "RequestID": ref, "InputOrder": body, **words}
            peer.send(message)
        return await self.up_to(peer, lambda heard: len(of_type(heard, "RtnTrade")) >= len(refs))

    async def leave(self, peer: WebSocketPeer) -> None:
        before = self.sessions
        peer.drop()
        await until(lambda: self.sessions < before, "the session to be released")

    @property
    def sessions(self) -> int:
        """How many sessions the exchange has."""
        return len(self.front._host._core.sessions)

    @property
    def at_exchange(self) -> int:
        """How many orders the exchange has."""
        return len(self.front._host._core.engine.orders)


class DayTests(FrontTest):
    """What a login is told."""

    @holds("SUBSCRIBEPRIVATETOPIC-1")
    async def test_three_trades_while_away_are_three_with_and_without_others(self) -> None:
        told = []
        trader, _ = await self.come()
        for others in (0, 1, 2):
            company = [await self.come() for _ in range(others)]
            away, _ = await self.come()
            await self.leave(away)
            await self.trade(trader, *range(1 + 3 * others, 4 + 3 * others))
            back, messages = await self.come()
            told.append(len(replays(messages)))
            for one in (back, *(peer for peer, _ in company)):
                await self.leave(one)
        self.assertEqual(told, [3, 6, 9])
        await self.leave(trader)

    async def test_each_push_of_the_day_is_told_once_in_order(self) -> None:
        trader, _ = await self.come()
        heard = await self.trade(trader, 1, 2)
        _, messages = await self.come()
        kinds = ("RtnOrder", "RtnTrade")
        news = [one for one in heard if one["MsgType"] in kinds]
        again = [one for one in messages if one["MsgType"] in kinds]
        for one in (*news, *again):
            one.pop("Seq", None)
            one.pop("Replay", None)
        self.assertEqual(again, news)


class NewFlowTests(FrontTest):
    """清流重启 while the gateway runs."""

    async def begin_anew(self, peer: WebSocketPeer, **arguments: str) -> list[dict[str, Any]]:
        """Let CTP begin its flows anew; gives what came up to the next ready."""
        self.front.control("newflow", **arguments)
        return await self.up_to(
            peer,
            lambda heard: any(
                one["SessionState"]["State"] == "ready" for one in of_type(heard, "RtnSessionState")
            ),
        )

    @holds("SUBSCRIBEPRIVATETOPIC-2", "JKZYXZYXHSM-2")
    async def test_what_is_traded_afterwards_is_told(self) -> None:
        peer, _ = await self.come()
        await self.trade(peer, 1, 2, 3)
        for arguments in ({}, {"trades": "1"}):
            await self.begin_anew(peer, **arguments)
            heard = await self.trade(peer, 10)
            self.assertIn(10, [one["Order"]["RequestID"] for one in of_type(heard, "RtnOrder")])

    async def test_a_login_afterwards_is_told_the_day_once(self) -> None:
        peer, _ = await self.come()
        await self.trade(peer, 1, 2, 3)
        await self.begin_anew(peer)
        _, messages = await self.come()
        self.assertEqual(len(replays(messages)), 3)

    async def test_an_order_is_never_taken_for_another_one_that_bears_its_reference(self) -> None:
        peer, _ = await self.come()
        await self.trade(peer, 1, ClientOrderID="a-1")
        await self.begin_anew(peer)
        await self.trade(peer, 2, ClientOrderID="a-2")
        for given in ("a-1", "a-2"):
            ref = given[-1]
            body = {**ORDER, "OrderRef": ref}
            peer.received()
            peer.send(
                {
                    "MsgType": "ReqOrderInsert",
                    "RequestID": 77,
                    "ClientOrderID": given,
                    "InputOrder": body,
                }
            )
            (fate, *_) = of_type(
                await self.up_to(peer, lambda heard: of_type(heard, "RtnClientOrder")),
                "RtnClientOrder",
            )
            order = fate["ClientOrder"]
            self.assertEqual((order["Status"], order["OrderStatus"]), ("known", "0"), given)
        self.assertEqual(self.at_exchange, 2)


class NextSessionTests(FrontTest):
    """What is under way when its session breaks."""

    async def test_an_order_sent_in_one_session_is_not_executed_in_the_next(self) -> None:
        peer, _ = await self.come()
        host = self.front._host
        self.front.control("faults", SlowAnswer="1", SlowSeconds=str(SLOW))
        await until(lambda: host.faults.options.slow_answer == 1, "the fault")
        body = {**ORDER, "OrderRef": "5"}
        peer.send(
            {
                "MsgType": "ReqOrderInsert",
                "RequestID": 5,
                "ClientOrderID": "late",
                "InputOrder": body,
            }
        )
        await until(lambda: bool(host._timers._waiting), "the order to be under way")
        self.front.control("faults")
        self.front.control("disconnect")
        await self.up_to(
            peer,
            lambda heard: (
                [one["SessionState"]["State"] for one in of_type(heard, "RtnSessionState")][-1:]
                == ["ready"]
            ),
        )
        await until(lambda: not host._timers._waiting, "its delay to be over")
        await sleep(0.2)
        self.assertEqual(self.at_exchange, 0)
        await self.trade(peer, 6)
        self.assertEqual(self.at_exchange, 1)
