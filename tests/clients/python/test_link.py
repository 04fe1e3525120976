"""Connections that break: on real sockets, to a gateway on paper."""

import asyncio
import gc
import http
import logging
import pickle
import warnings
from collections.abc import Coroutine
from typing import Any
from unittest import TestCase, mock

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from tests.clients.python.protocol.paper import PaperGateway, answer
from webctp_client import VERSION, aio, errors, urls, version
from webctp_client.client import Healed
from webctp_client.link import GivenUp, Lost, delay
from webctp_client.made import own
from webctp_client.orders import SentOrder

PATIENCE = 60.0
_QUIET = logging.Logger("a server whose connections are cut", logging.CRITICAL)


class Paper:
    """A gateway on paper behind a real WebSocket."""

    def __init__(self) -> None:
        self.gateway = PaperGateway()
        self.connections: list[ServerConnection] = []
        self.headers: list[Headers] = []
        self.refuses: Response | None = None
        self.in_pieces = False
        self._server: Server | None = None
        self.port = 0

    async def __aenter__(self) -> "Paper":
        self._server = await serve(
            self._talk,
            "127.0.0.1",
            self.port,
            process_request=self._asked,
            compression=None,
            logger=_QUIET,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]
        return self

    async def __aexit__(self, *problem: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"ws://127.0.0.1:{self.port}"

    async def _asked(self, _: ServerConnection, request: Request) -> Response | None:
        self.headers.append(request.headers)
        return self.refuses

    async def _talk(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        async for payload in connection:
            for told in self.gateway.take(
                payload.encode() if isinstance(payload, str) else payload
            ):
                if self.in_pieces:
                    half = len(told) // 2
                    await connection.send([told[:half].decode(), told[half:].decode()])
                else:
                    await connection.send(told.decode())

    def cut(self) -> None:
        """Break every connection, without a word."""
        for connection in self.connections:
            connection.transport.abort()
        self.connections.clear()


def play(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, within a minute."""
    asyncio.run(asyncio.wait_for(work, PATIENCE))


class Links(TestCase):
    """Connecting, breaking, coming back."""

    def test_delays_grow_up_to_a_bound_and_differ(self) -> None:
        longest = [delay(failures, 1.0) for failures in range(10)]
        self.assertEqual(longest, sorted(longest))
        self.assertEqual(longest[-1], 30.0)
        self.assertEqual(delay(100_000, 1.0), 30.0)
        self.assertLess(delay(3, 0.0), delay(3, 1.0))

    def test_a_query_is_answered_over_a_break(self) -> None:
        async def work() -> None:
            async with Paper() as paper, aio.connect(paper.url, "demo", "pass") as client:
                self.assertEqual(len(await client.ReqQryInvestor()), 3)
                events = client.events()
                asked = asyncio.ensure_future(client.ReqQryInvestor())
                paper.cut()
                self.assertEqual(len(await asked), 3)
                async for event in events:
                    if isinstance(event, Lost):
                        break
                resumed = [one for one in paper.gateway.received if "Resume" in one]
                self.assertEqual(len(resumed), 1)

        play(work())

    def test_an_order_is_sent_once_whenever_it_breaks(self) -> None:
        async def work() -> None:
            async with Paper() as paper, aio.connect(paper.url, "demo", "pass") as client:
                orders: list[SentOrder] = []
                for number in range(20):
                    while not orders or len(orders) <= number:
                        try:
                            orders.append(await client.ReqOrderInsert(InstrumentID="rb2701"))
                        except errors.Disconnected:
                            await asyncio.sleep(0.01)
                    if number % 3 == 0:
                        paper.cut()
                for order in orders:
                    await order.wait_done(PATIENCE)
                self.assertEqual(set(paper.gateway.executed.values()), {1})
                self.assertEqual(len(paper.gateway.executed), 20)

        play(work())

    def test_a_token_is_shown_and_a_refusal_says_why(self) -> None:
        async def work() -> None:
            async with Paper() as paper:
                async with aio.connect(paper.url, "demo", "pass", token="webctp_secret"):
                    self.assertEqual(paper.headers[0]["Authorization"], "Bearer webctp_secret")
                paper.refuses = Response(
                    http.HTTPStatus.UNAUTHORIZED, "Unauthorized", Headers(), b"no such token"
                )
                client = aio.connect(paper.url, "demo", "pass", token="webctp_other")
                with self.assertRaises(errors.Disconnected) as caught:
                    await client.start()
                self.assertIn("no such token", str(caught.exception))
                self.assertNotIn("webctp_other", str(caught.exception))
                self.assertNotIn("webctp_other", repr(client._options))
                await client.close()

        play(work())

    def test_neither_password_nor_token_is_logged(self) -> None:
        async def work() -> None:
            async with Paper() as paper:
                client = aio.connect(paper.url, "demo", "hush-hush", token="webctp_hush")
                await client.start()
                await client.close()

        with self.assertLogs(level="DEBUG") as logged:
            logging.debug("something")
            play(work())
        self.assertNotIn("hush", "\n".join(logged.output))

    def test_messages_in_pieces_are_whole(self) -> None:
        async def work() -> None:
            async with Paper() as paper:
                paper.in_pieces = True
                async with aio.connect(paper.url, "demo", "pass") as client:
                    self.assertEqual(len(await client.ReqQryInvestor()), 3)

        play(work())

    def test_the_end_is_said_and_leaves_no_socket_behind(self) -> None:
        async def work() -> None:
            async with Paper() as paper:
                async with aio.connect(paper.url, "demo", "pass") as client:
                    await client.ReqQryInvestor()
                (connection,) = paper.connections
                await connection.wait_closed()
                self.assertEqual(connection.close_code, 1001)

        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            play(work())
            gc.collect()
        self.assertEqual([str(one.message) for one in warned], [])

    def test_a_request_that_is_not_answered_ends_in_time(self) -> None:
        class Deaf(PaperGateway):
            def take(self, payload: bytes) -> list[bytes]:
                return [] if b"ReqQry" in payload else super().take(payload)

        async def work() -> None:
            async with Paper() as paper:
                paper.gateway = Deaf()
                async with aio.connect(paper.url, "demo", "pass", timeout=0.1) as client:
                    with self.assertRaises(TimeoutError):
                        await client.ReqQryInvestor()

        play(work())

    def test_a_refused_login_ends_what_waits(self) -> None:
        class Strict(PaperGateway):
            def take(self, payload: bytes) -> list[bytes]:
                request_id = int(payload.partition(b'"RequestID":')[2].split(b",")[0].rstrip(b"}"))
                info = {"ErrorID": 3, "ErrorMsg": "CTP:不合法的登录"}
                return [answer("RspUserLogin", request_id, RspInfo=info, RspUserLogin=None)]

        async def work() -> None:
            async with Paper() as paper:
                paper.gateway = Strict()
                client = aio.connect(paper.url, "demo", "pass")
                with self.assertRaises(errors.CtpError):
                    await client.start()
                with self.assertRaises(errors.CtpError):
                    await client.ReqQryInvestor()
                await client.close()

        play(work())


class Silent(PaperGateway):
    """Does not answer a request."""

    def __init__(self, request: str = "ReqQryInvestor") -> None:
        super().__init__()
        self._request = request

    def take(self, payload: bytes) -> list[bytes]:
        """Take a message in."""
        told = super().take(payload)
        return [] if self.received[-1]["MsgType"] == self._request else told

    async def asked(self) -> None:
        """Wait until it was asked."""
        while self._request not in self.names():
            await asyncio.sleep(0.01)


class Busy(PaperGateway):
    """Refuses each of some requests once, for the moment."""

    def __init__(self, **codes: int) -> None:
        super().__init__()
        self._codes = codes

    def take(self, payload: bytes) -> list[bytes]:
        """Take a message in."""
        told = super().take(payload)
        name, request_id = self.received[-1]["MsgType"], self.received[-1]["RequestID"]
        if code := self._codes.pop(name, 0):
            return [answer(name, request_id, RspInfo={"ErrorID": code, "ErrorMsg": ""})]
        if name == "SubscribePortfolio":
            return [portfolio(request_id)]
        if name in ("ReqQryOrder", "ReqQryTrade"):
            body = name.removeprefix("ReqQry")
            return [answer(f"RspQry{body}", request_id, **{body: None})]
        return told


def portfolio(request_id: int) -> bytes:
    """Return the answer that tells an empty portfolio."""
    money = dict.fromkeys(own.PortfolioAccount.__struct_fields__, 0.0)
    names = {"BrokerID": "9999", "InvestorID": "demo", "TradingDay": "20261127"}
    whole = {**names, "IsSnapshot": True, "Caveats": [], "Account": money, "Positions": []}
    info = {"ErrorID": 0, "ErrorMsg": ""}
    return answer("RspSubscribePortfolio", request_id, RspInfo=info, Seq=1, Portfolio=whole)


class Healing(TestCase):
    """What was missed, asked for by the client itself."""

    async def healed(self, client: aio.Client, paper: Paper) -> list[Any]:
        """Return what is told from a break to the end of healing."""
        seen: list[Any] = []
        async with client.events() as events:
            paper.gateway.restart()
            paper.cut()
            async for event in events:
                seen.append(event)
                if isinstance(event, Healed):
                    break
        return seen

    def test_it_is_asked_for_until_the_gateway_answers(self) -> None:
        async def work() -> None:
            async with Paper() as paper:
                paper.gateway = Busy()
                async with aio.connect(paper.url, "demo", "pass", portfolio=True) as client:
                    codes = {"ReqQryOrder": -503, "ReqQryTrade": 90, "SubscribePortfolio": -429}
                    paper.gateway = busy = Busy(**codes)
                    seen = await self.healed(client, paper)
                    while busy.names().count("SubscribePortfolio") < 2:
                        await asyncio.sleep(0.01)
                    told = {one.code for one in seen if isinstance(one, errors.WebctpError)}
                    self.assertLessEqual({-503, 90}, told)
                    self.assertTrue(client.mirror.is_whole)

        with mock.patch("webctp_client.client.delay", return_value=0.0):
            play(work())

    def test_what_is_refused_for_good_is_not_asked_for_again(self) -> None:
        async def work() -> None:
            async with Paper() as paper:
                paper.gateway = Busy()
                async with aio.connect(paper.url, "demo", "pass") as client:
                    paper.gateway = busy = Busy(ReqQryOrder=-403)
                    events = client.events()
                    paper.cut()
                    event = await anext(events)
                    while not isinstance(event, errors.Forbidden):
                        event = await anext(events)
                    await client.ReqQryInvestor()
                    self.assertEqual(busy.names().count("ReqQryOrder"), 1)
                    self.assertFalse(client.mirror.is_whole)

        with mock.patch("webctp_client.client.delay", return_value=0.0):
            play(work())


class Closes(TestCase):
    """Connections that the gateway closes, with a code that says why."""

    def test_one_that_is_for_good_ends_whoever_waits_with_code_and_remedy(self) -> None:
        async def work(code: int, remedy: str) -> None:
            async with Paper() as paper, aio.connect(paper.url, "demo", "pass") as client:
                paper.gateway = silent = Silent()
                pushes = client.order_pushes()
                asked = asyncio.ensure_future(client.ReqQryInvestor())
                await silent.asked()
                await paper.connections[0].close(code, "why")
                order = client.ReqOrderInsert(InstrumentID="rb2701")
                for waits in (asked, anext(pushes), client.ReqQryInvestor(), order):
                    with self.assertRaisesRegex(errors.Ended, f"{code} .*why; .*{remedy}") as told:
                        await waits
                    self.assertEqual(told.exception.code, code)
                    again = pickle.loads(pickle.dumps(told.exception))
                    self.assertEqual(str(again), str(told.exception))
                self.assertEqual(len(paper.headers), 1, "it does not come back")

        for code, remedy in ((1009, "MaxMessageBytes"), (4401, "token add"), (4410, "ask before")):
            play(work(code, remedy))

    def test_an_order_is_not_waited_for_where_nobody_will_tell(self) -> None:
        async def work() -> None:
            async with Paper() as paper, aio.connect(paper.url, "demo", "pass") as client:
                order = await client.ReqOrderInsert(InstrumentID="rb2701")
                await order.wait_done(PATIENCE)
                with mock.patch.object(paper.gateway, "take", return_value=[]):
                    other = await client.ReqOrderInsert(InstrumentID="rb2701")
                    await paper.connections[0].close(4401, "revoked")
                with self.assertRaisesRegex(errors.OrderUnknown, "4401"):
                    await other.wait_done(PATIENCE)
                self.assertIsNone(order.error, "what had ended stays so")

        play(work())

    def test_a_token_that_was_revoked_meanwhile_is_told_by_http(self) -> None:
        async def work() -> None:
            async with Paper() as paper, aio.connect(paper.url, "demo", "pass") as client:
                gone = Response(http.HTTPStatus.UNAUTHORIZED, "", Headers(), b"it was revoked")
                paper.refuses = gone
                paper.cut()
                with self.assertRaisesRegex(errors.Ended, "401 .*it was revoked"):
                    await client.ReqQryInvestor()

        play(work())

    def test_others_are_made_again_those_of_a_busy_client_later_each_time(self) -> None:
        async def work(code: int) -> list[int]:
            waits: list[int] = []

            def at_once(failures: int, _: float) -> float:
                waits.append(failures)
                return 0.0

            async with Paper() as paper, aio.connect(paper.url, "demo", "pass") as client:
                with mock.patch("webctp_client.link.delay", at_once):
                    for _ in range(3):
                        await paper.connections.pop().close(code, "why")
                        await client.ReqQryInvestor()
            return waits

        for code, waits in ((4409, [0, 0, 0]), (1001, [0, 0, 0]), (1008, [1, 2, 3])):
            self.assertEqual(asyncio.run(asyncio.wait_for(work(code), PATIENCE)), waits)

    def test_trading_goes_on_where_market_data_has_ended(self) -> None:
        async def work(last: str) -> None:
            async with Paper() as paper, aio.connect(paper.url, "demo", "pass") as client:
                paper.gateway = silent = Silent(last)
                events = client.events()
                reads = asyncio.ensure_future(anext(client.ticks("rb2701")))
                await silent.asked()
                await paper.connections[1].close(4410, "an administrator")
                with self.assertRaises(errors.Ended):
                    await reads
                told = await anext(events)
                while not isinstance(told, GivenUp):
                    told = await anext(events)
                self.assertEqual((told.service, told.error.code), ("md", 4410))
                order = await client.ReqOrderInsert(InstrumentID="rb2701")
                await order.wait_done(PATIENCE)

        for last in ("ReqUserLogin", "SubscribeMarketData"):
            play(work(last))

    def test_a_subscription_is_carried_over_a_break(self) -> None:
        async def work() -> None:
            async with Paper() as paper, aio.connect(paper.url, "demo", "pass") as client:
                before, paper.gateway = paper.gateway, Silent("SubscribeMarketData")
                reads = asyncio.ensure_future(anext(client.ticks("rb2701")))
                await paper.gateway.asked()
                paper.gateway = before
                paper.cut()
                while len(paper.connections) < 2:
                    await asyncio.sleep(0.01)
                while not reads.done() and "SubscribeMarketData" not in before.names():
                    await asyncio.sleep(0.01)
                self.assertFalse(reads.done(), "it waits for a tick")
                reads.cancel()

        play(work())


class Addresses(TestCase):
    """Where the services are."""

    def test_of_a_gateway(self) -> None:
        for url in ("ws://h:1", "h:1", "http://h:1/", "ws://h:1/td/", "ws://h:1/md"):
            self.assertEqual(urls.services(url), {"td": "ws://h:1/td/", "md": "ws://h:1/md/"}, url)
        self.assertEqual(
            urls.services("https://h/x?language=zh")["td"], "wss://h/x/td/?language=zh"
        )
        self.assertEqual(urls.services("ws://h:1", "ws://h:2")["md"], "ws://h:2/md/")

    def test_what_is_none_is_refused_with_an_example(self) -> None:
        for url in ("", "ftp://h", "ws://"):
            with self.assertRaisesRegex(ValueError, "like ws://127.0.0.1:8080"):
                urls.services(url)

    def test_the_version_is_one(self) -> None:
        self.assertEqual(VERSION, version.VERSION)
