"""A first client: log in, look at the account, watch a few ticks, end.

    python etc/hello.py [ws://127.0.0.1:8080] [UserID] [Password]

It runs against `make run` as it stands, and against SimNow with an account of yours. Nothing here
is particular to Python: every message is a line of JSON over a WebSocket, and is printed.
"""

import json
import sys
from typing import Any

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol, connectWS
from twisted.internet import reactor
from twisted.internet.defer import Deferred, DeferredQueue
from twisted.internet.task import react
from twisted.python.failure import Failure

Message = dict[str, Any]

ALIKE = 3
"""Messages of one kind in a row that are printed; of more only that there are."""


class Client(WebSocketClientProtocol):
    """One connection; `received` is the queue of what comes in, None at its end."""

    factory: "Factory"

    def __init__(self) -> None:
        super().__init__()
        self.received: DeferredQueue[Message | None] = DeferredQueue()
        self.kind, self.alike = "", 0

    def onOpen(self) -> None:
        """Hand the connection to whoever waits for it."""
        self.factory.opened.callback(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Print a message and put it into the queue."""
        text = payload.decode()
        message = json.loads(text)
        self.alike = self.alike + 1 if message["MsgType"] == self.kind else 1
        self.kind = message["MsgType"]
        if self.alike <= ALIKE:
            print("<", text if len(text) < 500 else text[:500] + " …")
        elif self.alike == ALIKE + 1:
            print("<", f"more {self.kind} …")
        self.received.put(message)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Tell whoever waits that nothing more comes."""
        if not self.factory.opened.called:
            self.factory.opened.errback(ConnectionError(reason))
        self.received.put(None)

    async def ask(self, message: Message, answer: str) -> list[Message]:
        """Send a request; return the answers of that MsgType, the last of them included."""
        text = json.dumps(message, ensure_ascii=False)
        print(">", text)
        self.sendMessage(text.encode())
        answers: list[Message] = []
        while not answers or not answers[-1].get("IsLast", True):
            received = await self.next()
            if (received.get("RspInfo") or {}).get("ErrorID"):
                raise SystemExit(f"refused: {received['RspInfo']}")
            if received["MsgType"] == answer:
                answers.append(received)
        return answers

    async def next(self) -> Message:
        """Return the next message."""
        received = await self.received.get()
        if received is None:
            raise SystemExit("the gateway closed the connection")
        return received


class Factory(WebSocketClientFactory):
    """Opens one connection; `opened` fires with its `Client`."""

    protocol = Client  # type: ignore[assignment]

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.opened: Deferred[Client] = Deferred()

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """Tell whoever waits that nobody listens there."""
        self.opened.errback(reason)


async def connect(url: str) -> Client:
    """Return an open connection."""
    factory = Factory(url)
    connectWS(factory, timeout=10)
    try:
        return await factory.opened
    except Exception as error:  # noqa: BLE001 - whatever it is, there is no connection
        raise SystemExit(f"no connection to {url}: {error}") from None


async def main(base: str, user: str, password: str) -> None:
    """Trade's side first, then market data's."""
    td = await connect(f"{base}/td/")
    login = {"UserID": user, "Password": password}
    await td.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": login}, "RspUserLogin")
    await td.ask(
        {"MsgType": "ReqQryTradingAccount", "QryTradingAccount": {}, "RequestID": 1},
        "RspQryTradingAccount",
    )
    copper = {"ExchangeID": "SHFE", "ProductID": "cu"}
    listed = await td.ask(
        {"MsgType": "ReqQryInstrument", "QryInstrument": copper, "RequestID": 2},
        "RspQryInstrument",
    )
    instrument = listed[0]["Instrument"]["InstrumentID"]

    md = await connect(f"{base}/md/")
    await md.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": {}}, "RspUserLogin")
    await md.ask(
        {"MsgType": "SubscribeMarketData", "InstrumentID": [instrument]}, "RspSubMarketData"
    )
    ticks = 0
    while ticks < 3:
        ticks += (await md.next())["MsgType"] == "RtnDepthMarketData"


if __name__ == "__main__":
    defaults = ["ws://127.0.0.1:8080", "hello", "hello"]
    arguments = sys.argv[1:] + defaults[len(sys.argv) - 1 :]
    react(lambda _: Deferred.fromCoroutine(main(*arguments)), _reactor=reactor)
