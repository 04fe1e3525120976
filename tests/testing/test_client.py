"""The client on real sockets: what it waits for, what it says when it has waited in vain."""

import json
from typing import Any

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from webctp.testing import GatewayClient, WaitedInVain, connect
from webctp.testing.client import KEPT


class Parrot(WebSocketServerProtocol):
    """Sends what it is told to say; closes when it is told nothing."""

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Autobahn calls this with each message."""
        said = json.loads(payload)
        for message in said["Say"]:
            self.sendMessage(json.dumps(message).encode())
        if not said["Say"]:
            self.sendClose(3001)


def pushed(name: str, **more: object) -> dict[str, object]:
    """A push, as far as it matters here."""
    return {"MsgType": name, **more}


class Waiting(TestCase):
    """A client of a server that says what it is told to."""

    timeout = 120

    async def client(self) -> GatewayClient:
        factory = WebSocketServerFactory()
        factory.protocol = Parrot
        port: Any = reactor.listenTCP(0, factory, interface="127.0.0.1")
        self.addCleanup(port.stopListening)
        client = await connect(port.getHost().port)
        self.addCleanup(lambda: client.closed)
        self.addCleanup(client.abort)
        return client

    async def test_messages_that_nobody_waits_for_are_passed_over(self) -> None:
        client = await self.client()
        client.say({"Say": [pushed("A"), pushed("B", Seq=1), pushed("B", Seq=2)]})
        self.assertEqual((await client.until("B"))["Seq"], 1)
        self.assertEqual((await client.next())["Seq"], 2)

    async def test_a_request_is_answered_by_its_number(self) -> None:
        client = await self.client()
        answers = [
            pushed("RspA", RequestID=6, IsLast=True),
            pushed("RspA", RequestID=7, IsLast=False),
            pushed("RtnB"),
            pushed("RspA", RequestID=7, IsLast=True),
        ]
        found = await client.answers({"MsgType": "ReqA", "RequestID": 7, "Say": answers})
        self.assertEqual(found, [answers[1], answers[3]])

    async def test_a_wait_in_vain_shows_what_has_come_instead(self) -> None:
        client = await self.client()
        client.say({"Say": [pushed("RtnA", Seq=1)]})
        await client.until("RtnA")
        with self.assertRaises(WaitedInVain) as caught:
            await client.until("RtnB", timeout=0.05)
        text = str(caught.exception)
        self.assertIn("waited 0.05 s in vain for RtnB", text)
        self.assertIn('{"MsgType": "RtnA", "Seq": 1}', text)

    async def test_a_wait_with_nothing_received_says_so(self) -> None:
        client = await self.client()
        client.patience = 0.05
        with self.assertRaises(WaitedInVain) as caught:
            await client.answer()
        self.assertIn("in vain for an answer; nothing was received", str(caught.exception))

    async def test_the_end_of_the_connection_ends_a_wait(self) -> None:
        client = await self.client()
        client.say({"Say": []})
        with self.assertRaises(ConnectionError):
            await client.until("RtnA")
        self.assertEqual(await client.closed, 3001)

    async def test_what_came_before_the_end_is_still_given(self) -> None:
        client = await self.client()
        client.say({"Say": [pushed("RtnA")]})
        client.say({"Say": []})
        self.assertEqual(await client.closed, 3001)
        self.assertEqual(await client.next(), pushed("RtnA"))

    async def test_two_waits_at_one_connection_are_refused(self) -> None:
        client = await self.client()
        first = self.assertFailure(Deferred.fromCoroutine(client.until("RtnA")), ConnectionError)
        with self.assertRaises(RuntimeError):
            await client.until("RtnB")
        client.say({"Say": []})
        await first

    async def test_memory_is_bounded(self) -> None:
        client = await self.client()
        client.say({"Say": [pushed("RtnA", Seq=number) for number in range(KEPT + 5)]})
        await client.until(lambda one: one["Seq"] == KEPT + 4)
        self.assertEqual(len(client.history), KEPT)
        self.assertEqual(client.history[0]["Seq"], 5)
