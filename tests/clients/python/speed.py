"""How fast the client is: a query's rows, and ticks through the asyncio iterator.

`python -m tests.clients.python.speed` prints both. Another process sends what the gateway would:
the client's own processor time is what is measured.
"""

import asyncio
import json
import multiprocessing
import socket
import struct
import sys
import threading
import time
from typing import Any, Final, NamedTuple

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tests.clients.python.protocol.paper import answer, said
from webctp_client.aio import connect
from webctp_client.made import structs

ROWS: Final = 17_000
TICKS: Final = 100_000
_AT_ONCE: Final = 64


def _filled(kind: type[Any]) -> dict[str, Any]:
    """Return a struct's fields, every one with a value of usual length."""
    usual = {str: "12345678", int: 12345, float: 91570.0}
    return {
        name: "rb2701" if name == "InstrumentID" else usual[type(value) if value != () else str]
        for name, value in (
            (name, 1.0 if default is None else default)
            for name, default in zip(kind.__struct_fields__, kind.__struct_defaults__, strict=True)
        )
    }


def frame(payload: bytes) -> bytes:
    """Return a text frame as a server sends it."""
    return struct.pack("!BBH", 0x81, 126, len(payload)) + payload


def serve(listening: socket.socket, rows: int, ticks: int) -> None:
    """Answer a login, a query with so many rows, a subscription with so many ticks."""
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=_talk, args=(connection, rows, ticks), daemon=True).start()


def _talk(connection: socket.socket, rows: int, ticks: int) -> None:
    protocol = ServerProtocol()
    with connection:
        while data := connection.recv(65536):
            protocol.receive_data(data)
            for event in protocol.events_received():
                if isinstance(event, Request):
                    protocol.send_response(protocol.accept(event))
                    connection.sendall(b"".join(protocol.data_to_send()))
                elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    _answer(connection, json.loads(bytes(event.data)), rows, ticks)


def _answer(connection: socket.socket, message: dict[str, Any], rows: int, ticks: int) -> None:
    request_id = message["RequestID"]
    if message["MsgType"] == "ReqUserLogin":
        told = answer("RspUserLogin", request_id, RspUserLogin={"UserID": "u"})
        connection.sendall(frame(told))
    elif message["MsgType"] == "ReqQryInstrument":
        row = _filled(structs.Instrument)
        more = frame(answer("RspQryInstrument", request_id, Instrument=row, IsLast=False))
        last = frame(answer("RspQryInstrument", request_id, Instrument=row))
        connection.sendall(more * (rows - 1) + last)
    elif message["MsgType"] == "SubscribeMarketData":
        body = {"InstrumentID": "rb2701"}
        connection.sendall(frame(answer("RspSubMarketData", request_id, SpecificInstrument=body)))
        tick = {
            "MsgType": "RtnDepthMarketData",
            "DepthMarketData": _filled(structs.DepthMarketData),
        }
        block = frame(said(tick)) * _AT_ONCE
        for _ in range(ticks // _AT_ONCE):
            connection.sendall(block)


class Figures(NamedTuple):
    """What was measured: seconds, and seconds of the client's processor."""

    query: float
    query_cpu: float
    ticks: int
    tick_seconds: float
    tick_cpu: float


async def measured(url: str, rows: int, ticks: int) -> Figures:
    """Ask for rows, and take ticks."""
    async with connect(url, "u", "p") as client:
        begun, cpu = time.monotonic(), time.process_time()
        assert len(await client.ReqQryInstrument()) == rows
        query, query_cpu = time.monotonic() - begun, time.process_time() - cpu
        count = ticks // _AT_ONCE * _AT_ONCE
        begun, cpu = time.monotonic(), time.process_time()
        seen = 0
        async for _ in client.ticks("rb2701"):
            seen += 1
            if seen == count:
                break
        took = time.monotonic() - begun
        return Figures(query, query_cpu, count, took, time.process_time() - cpu)


def run(rows: int = ROWS, ticks: int = TICKS) -> Figures:
    """Measure against a server in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = multiprocessing.get_context("fork").Process(
            target=serve, args=(listening, rows, ticks), daemon=True
        )
        server.start()
        try:
            return asyncio.run(
                measured(f"ws://127.0.0.1:{listening.getsockname()[1]}", rows, ticks)
            )
        finally:
            server.kill()
            server.join()


def main() -> int:
    """Print the figures."""
    found = run()
    each = found.tick_cpu / found.ticks * 1e6
    print(
        f"ReqQryInstrument, {ROWS:,} rows: {found.query:.2f} s, processor {found.query_cpu:.2f} s"
    )
    print(f"ticks through the iterator: {found.ticks / found.tick_seconds:,.0f}/s")
    print(f"processor a tick: {each:.1f} us, {1e6 / each:,.0f}/s on a core of its own")
    return 0


if __name__ == "__main__":
    sys.exit(main())
