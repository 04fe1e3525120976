"""A trading client of the load: orders in, order returns out, a query of all instruments.

``python -m bench.trader PORT ORDERS`` (the descriptor that feeds the front's order returns).
Lines on its standard input: ``{"orders": n, "gap": seconds}`` sends n orders,
``{"returns": n, "gap": seconds}`` lets the front send n order returns, ``{"query": true}`` asks
for all instruments. Each is answered with one line.
"""

import json
import os
import socket
import sys
import time
from typing import Any

from bench.sockets import connect, framed, handshake, send, until
from bench.structs import instrument_id, order

_PRICE = b'"LimitPrice":'
_STAND_IN = 1234567.123456789
"""Replaced by the time, in as many digits, right before an order leaves."""


def main() -> None:
    """Log in, then do as told."""
    sock = connect(int(sys.argv[1]))
    handshake(sock, "/td/")
    until(sock, b"\r\n\r\n")
    login = {"UserID": "bench", "Password": "bench"}
    send(sock, {"MsgType": "ReqUserLogin", "ReqUserLogin": login})
    until(sock, b'"RspUserLogin"')
    _say()
    for line in sys.stdin:
        wanted = json.loads(line)
        if "orders" in wanted:
            _orders(sock, wanted["orders"], wanted["gap"])
        elif "returns" in wanted:
            _returns(sock, wanted["returns"], wanted["gap"])
        else:
            _query(sock)
    sock.close()


def _orders(sock: socket.socket, count: int, gap: float) -> None:
    """The front takes the time; an accepted order has no answer."""
    for number in range(count):
        body: dict[str, Any] = {
            "InstrumentID": instrument_id(0),
            "ExchangeID": "SHFE",
            "OrderRef": str(number + 1),
            "OrderPriceType": "2",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "VolumeTotalOriginal": 1,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "MinVolume": 1,
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
            "LimitPrice": _STAND_IN,
        }
        message = {"MsgType": "ReqOrderInsert", "RequestID": number + 1, "InputOrder": body}
        ready = framed(message)
        sock.sendall(ready.replace(str(_STAND_IN).encode(), b"%-17.9f" % time.monotonic()))
        time.sleep(gap)
    _say()


def _returns(sock: socket.socket, count: int, gap: float) -> None:
    delays = []
    for number in range(1, count + 1):
        time.sleep(gap)
        os.write(int(sys.argv[2]), order(number))
        data = until(sock, b'"RtnOrder"', b'"VolumeTotal":%d,' % number)
        now = time.monotonic()
        at = data.rfind(_PRICE) + len(_PRICE)
        delays.append(now - float(data[at : data.find(b",", at)]))
    _say(delays=delays)


def _query(sock: socket.socket) -> None:
    send(sock, {"MsgType": "ReqQryInstrument", "QryInstrument": {}, "RequestID": 9})
    count, tail = 0, b""
    while True:
        data = tail + sock.recv(1 << 20)
        count += data.count(b'"RspQryInstrument"')
        if b'"IsLast":true' in data:
            break
        tail = data[-17:]  # a mark of 18 bytes may be cut anywhere
    _say(now=time.monotonic(), messages=count)


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
