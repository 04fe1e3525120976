"""Clients that come, trade, look, and go: well-mannered or without a word."""

import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, Final

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from twisted.internet import reactor
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import deferLater

INSTRUMENTS: Final = ("rb2705", "hc2705", "cu2703", "au2706", "m2705", "p2705", "SR705", "IF2612")
ACCOUNTS: Final = 24
_EXCHANGES: Final = dict(
    zip(INSTRUMENTS, ("SHFE",) * 4 + ("DCE",) * 2 + ("CZCE", "CFFEX"), strict=True)
)
_QUERIES: Final = ("TradingAccount", "InvestorPosition", "Order", "Trade", "InvestorPositionDetail")
_TICK: Final = b'{"MsgType":"RtnDepthMarketData"'
_AT_A_TIME: Final = 0.05
"""Seconds between two arrivals, at the start."""
Message = dict[str, Any]


class Tally:
    """What all clients have done and met."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.received: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()
        self.came = 0
        self.refused = 0
        self.here = 0

    def row(self) -> str:
        """A line."""
        said = ", ".join(f"{count} {name}" for name, count in self.received.most_common(6))
        return (
            f"{self.came} connections ({self.refused} failed), "
            f"{sum(self.sent.values())} requests; received {said}"
        )


class Visitor(WebSocketClientProtocol):
    """One connection: it counts what comes and acts from time to time."""

    factory: "Visitors"
    transport: Any
    _order: Message | None = None
    _number = 0
    _has_come = False

    def onOpen(self) -> None:
        """Autobahn calls this when the handshake is done."""
        tally = self.factory.tally
        tally.came += 1
        tally.here += 1
        self._has_come = True
        account = f"soak{self.factory.random.randrange(ACCOUNTS)}"
        body = {"UserID": account, "Password": account} if self.factory.trades else {}
        self.say("ReqUserLogin", ReqUserLogin=body)
        ensureDeferred(self.factory.stay(self))

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Autobahn calls this with each message."""
        tally = self.factory.tally
        if payload.startswith(_TICK):
            tally.received["ticks"] += 1
            return
        message = json.loads(payload)
        tally.received[message["MsgType"]] += 1
        if message["MsgType"] == "RtnOrder":
            self._order = message["Order"]
        elif "IsLast" in message:
            tally.codes[(message["RspInfo"] or {}).get("ErrorID", 0)] += 1

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Autobahn calls this when the connection has closed, or was never open."""
        if self._has_come:
            self.factory.tally.here -= 1

    def say(self, name: str, **message: Any) -> None:
        """Send a request."""
        self._number += 1
        self.factory.tally.sent[name] += 1
        request = {"MsgType": name, "RequestID": self._number, **message}
        self.sendMessage(json.dumps(request).encode())

    def act(self) -> None:
        """Do something of a trader's or a watcher's."""
        random = self.factory.random
        if not self.factory.trades:
            names = random.sample(INSTRUMENTS, random.randint(1, 4))
            words: Message = random.choice(({}, {"IntervalMs": 1000}, {"Fields": ["LastPrice"]}))
            if random.random() < 0.3:
                self.say("UnSubscribeMarketData", InstrumentID=names)
            else:
                self.say("SubscribeMarketData", InstrumentID=names, **{"IntervalMs": 500, **words})
        elif random.random() < 0.4:
            name = f"Qry{random.choice(_QUERIES)}"
            self.say(f"Req{name}", **{name: {}})
        elif random.random() < 0.4 and self._order is not None:
            wanted = ("BrokerID", "InvestorID", "InstrumentID", "ExchangeID", "OrderSysID")
            body = {name: self._order[name] for name in wanted}
            self.say("ReqOrderAction", InputOrderAction={**body, "ActionFlag": "0"})
        else:
            self._insert(random)

    def _insert(self, random: Random) -> None:
        name = random.choice(INSTRUMENTS)
        body = {
            "InstrumentID": name,
            "ExchangeID": _EXCHANGES[name],
            "Direction": random.choice("01"),
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "OrderPriceType": "2",
            "LimitPrice": random.choice((1000, 3000, 4000, 6000, 80_000)),
            "VolumeTotalOriginal": 1,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "MinVolume": 1,
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        words = {}
        if random.random() < 0.5:
            words["ClientOrderID"] = f"{random.getrandbits(64):x}"
        self.say("ReqOrderInsert", InputOrder=body, **words)


class Visitors(WebSocketClientFactory):
    """One client: it comes again and again, until all is over.

    :param is_over: whether it is.
    """

    protocol: Any = Visitor
    noisy = False

    def __init__(
        self, port: int, random: Random, tally: Tally, is_over: Callable[[], bool]
    ) -> None:
        self.trades = random.random() < 0.6
        super().__init__(f"ws://127.0.0.1:{port}/{'td' if self.trades else 'md'}/")
        self.port, self.random, self.tally, self.is_over = port, random, tally, is_over

    def come(self) -> None:
        """Connect."""
        reactor.connectTCP("127.0.0.1", self.port, self)

    async def stay(self, visitor: Visitor) -> None:
        """Act for a while, then go."""
        for _ in range(self.random.randint(1, 20)):
            await deferLater(reactor, self.random.uniform(0.2, 2.0))
            if self.is_over() or visitor.state != visitor.STATE_OPEN:
                break
            visitor.act()
        if self.random.random() < 0.5:
            visitor.sendClose()
        else:
            visitor.transport.abortConnection()

    def clientConnectionLost(self, connector: object, reason: object) -> None:
        """Twisted calls this when a connection has ended: come again soon."""
        self._soon()

    def clientConnectionFailed(self, connector: object, reason: object) -> None:
        """Twisted calls this when there was none."""
        self.tally.refused += 1
        self._soon()

    def _soon(self) -> None:
        if not self.is_over():
            reactor.callLater(self.random.uniform(0.1, 5.0), self.come)


def crowd(port: int, count: int, seed: int, tally: Tally, is_over: Callable[[], bool]) -> None:
    """Let clients come, one after the other."""
    for number in range(count):
        one = Visitors(port, Random(seed * 1000 + number), tally, is_over)
        reactor.callLater(number * _AT_A_TIME, one.come)
