"""A trading client of the load: orders in, order returns out, a query of all instruments.

``python -m bench.trader PORT ORDERS [plain]`` (the descriptor that feeds the front's order
returns; plain speaks no WebSocket and does not log in).
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

from bench.lines import say
from bench.sockets import connect, converse, handshake, received, send, sent_at, stamp, until
from bench.structs import INSERT, order

_PRICE = b'"LimitPrice":'


def main() -> None:
    """Log in, then do as told."""
    sock = connect(int(sys.argv[1]))
    if "plain" in sys.argv:
        converse(sock)
    else:
        _log_in(sock)
    stamp(sock)
    say()
    for line in sys.stdin:
        wanted = json.loads(line)
        if "orders" in wanted:
            _orders(sock, wanted["orders"], wanted["gap"])
        elif "returns" in wanted:
            _returns(sock, wanted["returns"], wanted["gap"])
        else:
            _query(sock)
    sock.close()


def _log_in(sock: socket.socket) -> None:
    handshake(sock, "/td/")
    until(sock, b"\r\n\r\n")
    login = {"UserID": "bench", "Password": "bench"}
    send(sock, {"MsgType": "ReqUserLogin", "ReqUserLogin": login})
    until(sock, b'"RspUserLogin"')


def _orders(sock: socket.socket, count: int, gap: float) -> None:
    """Say when each order left; an accepted order has no answer."""
    body: dict[str, Any] = {**INSERT}
    times = []
    for number in range(count):
        body["LimitPrice"] += 1.0
        send(sock, {"MsgType": "ReqOrderInsert", "RequestID": number + 1, "InputOrder": body})
        times.append(sent_at(sock))
        time.sleep(gap)
    say(times=times)


def _returns(sock: socket.socket, count: int, gap: float) -> None:
    """Say how long each took from its callback until it had come here."""
    delays = []
    for number in range(1, count + 1):
        time.sleep(gap)
        os.write(int(sys.argv[2]), order(number))
        data, at = received(sock)
        while b'"VolumeTotal":%d,' % number not in data:
            more, at = received(sock)
            data += more
        began = data.rfind(_PRICE) + len(_PRICE)
        delays.append(at - float(data[began : data.find(b",", began)]))
    say(delays=delays)


def _query(sock: socket.socket) -> None:
    send(sock, {"MsgType": "ReqQryInstrument", "QryInstrument": {}, "RequestID": 9})
    count, tail = 0, b""
    while True:
        data = tail + sock.recv(1 << 20)
        count += data.count(b'"RspQryInstrument"')
        if b'"IsLast":true' in data:
            break
        tail = data[-17:]  # a mark of 18 bytes may be cut anywhere
    say(now=time.monotonic(), messages=count)


if __name__ == "__main__":
    main()
