"""Honest clients beside a flood: what they ask, and how long the answers take."""

import json
import select
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final

from webctp.testing import Frame, client_frame, server_frames

SERVER: Final = "127.0.0.1"
_PATIENCE: Final = 60.0
_TICK: Final = b'{"MsgType":"RtnDepthMarketData"'
Message = dict[str, Any]


def secured(plain: socket.socket) -> ssl.SSLSocket:
    """Shake hands over TLS; whose certificate it is does not matter here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain)


class Client:
    """A WebSocket that is read with care."""

    def __init__(self, port: int, path: str, *, tls: bool = False) -> None:
        self.plain = socket.create_connection((SERVER, port))
        self.plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.plain = secured(self.plain)
        self.plain.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        read = b""
        while b"\r\n\r\n" not in read:
            read += self.plain.recv(1)
        self.ticks = 0
        self.tick: Message = {}
        self._rest = b""
        self._waiting: list[Frame] = []

    def close(self) -> None:
        """End."""
        self.plain.close()

    def say(self, **message: Any) -> None:
        """Send a message."""
        self.plain.sendall(client_frame(json.dumps(message).encode()))

    def until(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message that is wanted.

        :raises AssertionError: when the connection ends, or nothing comes.
        """
        end = time.monotonic() + _PATIENCE
        while True:
            while self._waiting:
                frame = self._waiting.pop(0)
                if frame.opcode == 9:
                    self.plain.sendall(client_frame(frame.payload, 10))
                elif frame.opcode != 1:
                    raise AssertionError(f"an honest client was closed: {frame}")
                elif frame.payload.startswith(_TICK):
                    self.ticks += 1
                    if not self.tick:
                        self.tick = json.loads(frame.payload)["DepthMarketData"]
                else:
                    message: Message = json.loads(frame.payload)
                    if wanted(message):
                        return message
            left = end - time.monotonic()
            if left <= 0 or not (self._has_read or select.select([self.plain], [], [], left)[0]):
                raise AssertionError("an honest client waited in vain")
            read = self.plain.recv(1 << 18)
            if not read:
                raise AssertionError("an honest client was dropped")
            self._waiting, self._rest = server_frames(self._rest + read)

    @property
    def _has_read(self) -> bool:
        """Whether the TLS library holds what the socket has no more."""
        return isinstance(self.plain, ssl.SSLSocket) and self.plain.pending() > 0

    def ask(self, request_id: int, **message: Any) -> float:
        """Send a request; gives the seconds until it is answered."""
        begun = time.perf_counter()
        self.say(RequestID=request_id, **message)
        answer = self.until(lambda one: "IsLast" in one)
        if answer["RequestID"] != request_id:
            raise AssertionError(f"{request_id} was answered by {answer}")
        return time.perf_counter() - begun


def teach(port: int, *, tls: bool = False) -> None:
    """Ask for all instruments: what a trader has found, patterns stand for, whoever names them."""
    client = Client(port, "/td/", tls=tls)
    login = {"UserID": "teacher", "Password": "teacher"}
    client.say(MsgType="ReqUserLogin", ReqUserLogin=login, RequestID=1)
    client.until(lambda one: one["MsgType"] == "RspUserLogin")
    client.say(MsgType="ReqQryInstrument", RequestID=2)
    client.until(lambda one: one.get("RequestID") == 2 and one["IsLast"])
    client.close()


class Honest:
    """A watcher and a trader, logged in."""

    def __init__(self, port: int, *, tls: bool = False) -> None:
        self.md = Client(port, "/md/", tls=tls)
        self.td = Client(port, "/td/", tls=tls)
        login = {"UserID": "demo", "Password": "demo"}
        for client in (self.md, self.td):
            client.say(MsgType="ReqUserLogin", ReqUserLogin=login, RequestID=1)
            answer = client.until(lambda one: one["MsgType"] == "RspUserLogin")
            if answer["RspInfo"]["ErrorID"]:
                raise AssertionError(f"no login: {answer}")
        self._number = 10
        names = self._futures("rb")
        self.md.say(MsgType="SubscribeMarketData", InstrumentID=names, RequestID=2)
        self.md.until(lambda one: one.get("RequestID") == 2 and one["IsLast"])
        while not self.md.tick:
            self.md_latency()
            time.sleep(0.05)

    def _futures(self, product: str) -> list[str]:
        """The instruments of a product."""
        names = []
        query = {"ProductID": product}
        self.td.say(MsgType="ReqQryInstrument", QryInstrument=query, RequestID=3)
        last = False
        while not last:
            row = self.td.until(lambda one: one.get("RequestID") == 3)
            last = row["IsLast"]
            if row["Instrument"] is not None:
                names.append(row["Instrument"]["InstrumentID"])
        return names

    def close(self) -> None:
        """End."""
        self.md.close()
        self.td.close()

    def md_latency(self) -> float:
        """Seconds that a request takes at md."""
        return self.md.ask(self._next(), MsgType="GetTradingDay")

    def td_latency(self) -> float:
        """Seconds from an order to its return: one that takes nothing and is gone at once."""
        number, tick = self._next(), self.md.tick
        begun = time.perf_counter()
        self.td.say(
            MsgType="ReqOrderInsert",
            RequestID=number,
            InputOrder={
                "InstrumentID": tick["InstrumentID"],
                "ExchangeID": "SHFE",
                "Direction": "0",
                "CombOffsetFlag": "0",
                "CombHedgeFlag": "1",
                "OrderPriceType": "2",
                "LimitPrice": tick["LowerLimitPrice"],
                "VolumeTotalOriginal": 1,
                "TimeCondition": "1",
                "VolumeCondition": "1",
                "MinVolume": 1,
                "ContingentCondition": "1",
                "ForceCloseReason": "0",
                "IsAutoSuspend": 0,
                "UserForceClose": 0,
            },
        )
        told = self.td.until(
            lambda one: (
                one.get("RequestID") == number or one.get("Order", {}).get("RequestID") == number
            )
        )
        if told["MsgType"] != "RtnOrder":
            raise AssertionError(f"an order was answered by {told}")
        return time.perf_counter() - begun

    def _next(self) -> int:
        self._number += 1
        return self._number
