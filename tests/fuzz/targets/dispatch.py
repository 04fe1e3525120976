"""Messages to a whole gateway with the real catalogue: each has its one answer.

Whatever the text: one answer, and the connection stays; nothing is logged as a fault; what reaches
the native call is a struct whose fields hold what the message said.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.python.failure import Failure
from zope.interface import implementer

from tests.fuzz.target import Choices, Finding, shown
from tests.hostile.fuzz import Fuzzer
from webctp.ctp import catalog
from webctp.ctp.catalog import Catalogue
from webctp.testing import Call, FakeFront, MemoryGateway, WebSocketPeer, client_frame

_TEXT: Final = 1
_BINARY: Final = 2
_STEPS: Final = 400
"""Times that an answer is looked for, a tenth of a second apart on the clock."""
_OPENING: Final = ("ReqUserLogin", "ReqUserLogout", "ReqUserAuthMethod", "ReqGenUser", "Register")
_GIVEN: Final = frozenset(
    (
        *("BrokerID", "InvestorID", "UserID", "RequestID"),
        *("FrontID", "SessionID", "IPAddress", "MacAddress", "InvestUnitID", "AccountID"),
        "UserProductInfo",
    )
)
"""Fields that the gateway may fill in or change, beside references to orders and quotes."""
_MOST_RUNS: Final = 3_000
"""Runs of one gateway: an account remembers what its clients have sent, as it must."""


class Target:
    """Of the module."""

    def __init__(self) -> None:
        self.catalogues: dict[str, Catalogue] = {
            "td": catalog.trading(),
            "md": catalog.market_data(),
        }
        self.words = _words(self.catalogues)
        self.faults: list[str] = []
        self.gateway: MemoryGateway | None = None
        self.front = FakeFront()
        self.peers: dict[tuple[str, bool], WebSocketPeer] = {}
        self.runs = 0

        @implementer(ILogObserver)
        def observe(event: LogEvent) -> None:
            failure = event.get("log_failure")
            if isinstance(failure, Failure):
                self.faults.append(failure.getTraceback())

        self._observer = observe
        globalLogPublisher.addObserver(observe)

    def run(self, data: bytes) -> None:
        """Send a message and look at what comes of it."""
        if self.gateway is None or self.runs >= _MOST_RUNS:
            self.close_gateway()
            self.front = FakeFront()
            self.gateway = MemoryGateway(
                self.front, MessageRate="0", LoginDeadline="0", OrderRate="0"
            )
        self.runs += 1
        how = data[0] if data else 0
        path = "md" if how & 1 else "td"
        payload = self.payload(path, how, data[1:])
        # What ends a session, or opens one, gets a client of its own.
        opens = any(one.encode() in payload for one in _OPENING)
        known = not how & 2
        peer = self.fresh(path, known) if opens else self.peer(path, known)
        try:
            self.exchange(peer, path, payload)
        finally:
            if opens:
                peer.drop()
                self.gateway.settle()

    def payload(self, path: str, how: int, data: bytes) -> bytes:
        """Return the message that an input stands for: as it is, or made by its decisions."""
        if how & 4:
            return data
        choices = Choices(data)
        methods = tuple(self.catalogues[path].methods.values())
        method = methods[choices.randrange(len(methods))]
        _, payload = Fuzzer(choices).message(self.catalogues[path], method)
        return payload

    def exchange(self, peer: WebSocketPeer, path: str, payload: bytes) -> None:
        """Send it, and hold what comes against what must come."""
        assert self.gateway is not None
        gateway, front = self.gateway, self.front
        gateway.settle()
        peer.received()
        front.calls.clear()
        peer.feed(client_frame(payload, _TEXT if _is_text(payload) else _BINARY))
        message = _object(payload)
        finals: list[Mapping[str, Any]] = []
        for _ in range(_STEPS):
            gateway.settle()
            finals += [
                one for one in peer.received() if "RequestID" in one and one.get("IsLast", True)
            ]
            if finals or peer.transport.disconnecting or self.is_sent(path, message):
                break
            gateway.reactor.advance(0.1)
        gateway.settle()
        finals += [one for one in peer.received() if "RequestID" in one and one.get("IsLast", True)]
        if peer.transport.disconnecting:
            raise Finding(f"the connection was closed by {shown(payload)}")
        if self.faults:
            raise Finding(f"{shown(payload)} was logged as a fault: {self.faults.pop()}")
        if len(finals) != 1 and not (not finals and self.is_sent(path, message)):
            raise Finding(f"{shown(payload)} has {len(finals)} answers: {shown(finals)}")
        for one in finals:
            if "internal error" in one.get("Detail", ""):
                raise Finding(f"{shown(payload)}: {one}")
        for call in front.calls:
            self.check(call, message, payload)

    def is_sent(self, path: str, message: Mapping[str, Any]) -> bool:
        """Return whether a request has reached the front that CTP does not answer.

        A registration waits for the login that follows, and is answered there.
        """
        method = self.catalogues[path].methods.get(str(message.get("MsgType")))
        if method is None or method.is_answered:
            return method is not None and method.name.startswith("Register")
        return any(one.name == method.name for one in self.front.calls)

    def check(self, call: Call, message: Mapping[str, Any], payload: bytes) -> None:
        """Hold the fields that reached the front against those of the message."""
        for name, value in call.values.items():
            if isinstance(value, str):
                value.encode("gb18030")
                if "\0" in value:
                    raise Finding(f"{name} of {call.name} holds a NUL: {shown(payload)}")
        if call.name != message.get("MsgType"):
            return
        bodies = [one for one in message.values() if isinstance(one, dict)]
        for name, value in (bodies[0] if len(bodies) == 1 else {}).items():
            found = call.values.get(name)
            if value is None or name not in call.values or name in _GIVEN or name.endswith("Ref"):
                continue
            if found != value and not (isinstance(value, float | int) and _is_one(found, value)):
                raise Finding(f"{name}: {value!r} was sent, {found!r} arrived: {shown(payload)}")

    def peer(self, path: str, known: bool) -> WebSocketPeer:
        """Return a client that is still there, logged in or not."""
        peer = self.peers.get((path, known))
        if peer is None or peer.transport.disconnecting:
            peer = self.peers[path, known] = self.fresh(path, known)
        return peer

    def fresh(self, path: str, known: bool) -> WebSocketPeer:
        """Return a client of its own."""
        assert self.gateway is not None
        if not known:
            return self.gateway.connect(path)
        return self.gateway.trader() if path == "td" else self.gateway.watcher()

    def close_gateway(self) -> None:
        """Stop the gateway there is."""
        gateway, self.gateway, self.runs = self.gateway, None, 0
        self.peers.clear()
        if gateway is not None:
            gateway.stop()

    def close(self) -> None:
        """Stop."""
        self.close_gateway()
        globalLogPublisher.removeObserver(self._observer)


def _words(catalogues: Mapping[str, Catalogue]) -> tuple[str, ...]:
    """The names of requests and of the fields of the most common ones."""
    words = ['"MsgType":', '"RequestID":', '{"', '"}', ":{", "null", "1e308", "\\u0000", "\\ud83d"]
    for catalogue in catalogues.values():
        words += [f'"{name}"' for name in catalogue.methods]
        words += [f'"{one.request_key}":{{' for one in catalogue.methods.values() if one.body_key]
    words += ['"InstrumentID"', '"LimitPrice"', '"ClientOrderID"', '"Resume"', '"Fields"', '"Bars"']
    return tuple(dict.fromkeys(words))


def _is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def _object(payload: bytes) -> Mapping[str, Any]:
    """Return the object that a message is; an empty one where it is none."""
    try:
        found = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_one(found: object, value: float) -> bool:
    """Return whether two numbers are one, to a double."""
    return isinstance(found, float | int) and float(found) == float(value)
