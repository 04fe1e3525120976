"""A first client: log in, look at the account, watch a few ticks, end.

    python etc/hello.py [ws://127.0.0.1:8080] [UserID] [--ca FILE]

It runs against `make run` as it stands, and against SimNow with an account of yours. Nothing here
is particular to Python: every message is a line of JSON over a WebSocket, and is printed (but for
the login, which holds a password).
"""

import argparse
import getpass
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol, connectWS
from twisted.internet import reactor
from twisted.internet.defer import Deferred, DeferredQueue
from twisted.internet.ssl import Certificate, optionsForClientTLS, trustRootFromCertificates
from twisted.internet.task import react
from twisted.python.failure import Failure

Message = dict[str, Any]

HIDDEN: Message = {"ReqUserLogin": "…"}

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
        shown = message | HIDDEN if "ReqUserLogin" in message else message
        print(">", json.dumps(shown, ensure_ascii=False))
        self.sendMessage(json.dumps(message).encode())
        answers: list[Message] = []
        while not answers or not answers[-1].get("IsLast", True):
            received = await self.next()
            # Pushes bear no RequestID: a refusal among them is of an order, maybe of this morning.
            if "RequestID" in received and (received["RspInfo"] or {}).get("ErrorID"):
                raise SystemExit(f"refused: {received['RspInfo']} {received.get('Detail', '')}")
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
        self.setProtocolOptions(openHandshakeTimeout=10)
        self.opened: Deferred[Client] = Deferred()

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:
        """Tell whoever waits that nobody listens there."""
        self.opened.errback(reason)


async def connect(url: str, authority: str) -> Client:
    """Return an open connection; of wss:// the server's certificate is verified."""
    factory = Factory(url)
    secure = tls(str(factory.host), authority) if factory.isSecure else None
    connectWS(factory, secure, timeout=10)
    try:
        return await factory.opened
    except Exception as error:  # noqa: BLE001 - whatever it is, there is no connection
        raise SystemExit(f"no connection to {url}: {error}") from None


def tls(host: str, authority: str) -> Any:
    """Return what verifies a server: by the system's authorities, or by those in a PEM file."""
    if not authority:
        return optionsForClientTLS(host)
    try:
        pem = Path(authority).read_bytes()
        trusted = trustRootFromCertificates([Certificate.loadPEM(pem)])
    except Exception as error:  # noqa: BLE001 - no file, or no certificate in it
        raise SystemExit(f"--ca {authority}: no certificate in PEM: {error}") from None
    return optionsForClientTLS(host, trustRoot=trusted)


async def main(base: str, user: str, password: str, authority: str) -> None:
    """Trade's side first, then market data's."""
    td = await connect(f"{base}/td/", authority)
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

    md = await connect(f"{base}/md/", authority)
    await md.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": {}}, "RspUserLogin")
    await md.ask(
        {"MsgType": "SubscribeMarketData", "InstrumentID": [instrument]}, "RspSubMarketData"
    )
    ticks = 0
    while ticks < 3:
        ticks += (await md.next())["MsgType"] == "RtnDepthMarketData"


def address(text: str) -> str:
    """Return where the gateway is, without a path of its own services.

    :raises argparse.ArgumentTypeError: if it is no WebSocket's address.
    """
    parts = urlsplit(text if "://" in text else f"ws://{text}")
    try:
        is_good = parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no address such as ws://127.0.0.1:8080 (or wss:// where TLS is served)"
        )
    path = parts.path.rstrip("/").removesuffix("/td").removesuffix("/md")
    return f"{parts.scheme}://{parts.netloc}{path}"


def asked(user: str) -> str:
    """Return the password that somebody types in."""
    if not sys.stdin.isatty():
        raise SystemExit(f"no password for {user} and no terminal to ask at: set WEBCTP_PASSWORD")
    try:
        return getpass.getpass(f"password of {user} 口令: ")
    except (EOFError, KeyboardInterrupt):
        raise SystemExit("no password was given") from None


def parser() -> argparse.ArgumentParser:
    """Read the command line."""
    made = argparse.ArgumentParser(
        description="Log in, look at the account, watch ticks. 登录，查询资金，接收几条行情。",
        epilog="The password is read from WEBCTP_PASSWORD, or asked for; without a UserID both are "
        "'hello', for the simulated exchange. 口令取自环境变量 WEBCTP_PASSWORD，否则询问。",
    )
    made.add_argument(
        "address",
        nargs="?",
        type=address,
        default="ws://127.0.0.1:8080",
        help="where the gateway is, ws://127.0.0.1:8080 if left out. 网关地址。",
    )
    made.add_argument("user", nargs="?", metavar="UserID", help="who logs in. 用户代码。")
    made.add_argument("password", nargs="?", help=argparse.SUPPRESS)
    made.add_argument(
        "--ca",
        default="",
        metavar="FILE",
        help="the authority (PEM) that signed the server's certificate, in place of the system's. "
        "签发服务器证书的 CA。",
    )
    return made


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no Chinese shall see question marks, not a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    given = parser().parse_args()
    known = given.password or os.environ.get("WEBCTP_PASSWORD")
    if given.user is None:
        given.user, known = "hello", known or "hello"
    secret = known or asked(given.user)
    react(
        lambda _: Deferred.fromCoroutine(main(given.address, given.user, secret, given.ca)),
        _reactor=reactor,
    )
