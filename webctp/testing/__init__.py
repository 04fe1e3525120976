"""Fakes of what webctp stands on, for its tests and for those of its users.

:class:`FakeFront` stands where a CTP front stands. It records every call with the contents of its
struct, and answers by a script that a test changes request by request::

    front = FakeFront()
    front.on("ReqQryInvestor", answer={"InvestorName": "张三"})
    front.on("ReqUserLogin", error=75)                # refused
    front.on("ReqOrderInsert", returns=-3)            # not even sent
    front.on("ReqQryOrder", silent=True)              # never answered
    front.push("OnRtnTrade", {"TradeID": "1"})
    assert front.calls[-1].values["BrokerID"] == "9999"

The fake drives the very SPI object it was given, with real structs of the binding whose memory is
wiped as soon as the callback returns, as the native library does. What would kill the process
there (a call after ``Release``, a second ``Release``, None for a struct, a flow directory that is
missing, a wrong count) raises :class:`Fatal` here.

:class:`ThreadlessReactor` is a clock that also stands for threads, so that whole sessions run
without one; :class:`WebSocketPeer` is a client that talks to a server factory in memory.

Whole gateways: :class:`Gateway` on loopback and a running reactor, :class:`ThreadedGateway` for
tests that have none, :class:`MemoryGateway` without sockets and time. :func:`order`,
:func:`trade`, :func:`position` and :func:`tick` build what a front sends.
"""

from webctp.testing.client import GatewayClient, Message, WaitedInVain, connect
from webctp.testing.front import Answer, Call, FakeApi, FakeFront, Fatal
from webctp.testing.gateway import Gateway
from webctp.testing.memory import MemoryGateway
from webctp.testing.reactor import ThreadlessReactor
from webctp.testing.rows import Row, order, position, tick, trade
from webctp.testing.threaded import ThreadedClient, ThreadedGateway
from webctp.testing.websocket import (
    Frame,
    MemoryTransport,
    WebSocketPeer,
    client_frame,
    server_frames,
)

__all__ = [
    "Answer",
    "Call",
    "FakeApi",
    "FakeFront",
    "Fatal",
    "Frame",
    "Gateway",
    "GatewayClient",
    "MemoryGateway",
    "MemoryTransport",
    "Message",
    "Row",
    "ThreadedClient",
    "ThreadedGateway",
    "ThreadlessReactor",
    "WaitedInVain",
    "WebSocketPeer",
    "client_frame",
    "connect",
    "order",
    "position",
    "server_frames",
    "tick",
    "trade",
]
