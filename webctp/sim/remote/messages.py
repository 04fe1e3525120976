"""What passes between a simulated front of its own process and the APIs that use it.

Length-prefixed MessagePack on a Unix socket. Structs travel as the bytes that the binding of both
sides lays them out in, so both must run the same version; the greeting says which.
"""

import struct
from collections.abc import Iterator
from typing import Final

import msgspec

from webctp.sim.host.flows import FlowPlace

MOST: Final = 64 * 1024 * 1024
"""No message is longer; a length above it means that something else is talking."""
_LENGTH: Final = struct.Struct("<I")


class MessageError(Exception):
    """What came is no message of this protocol."""


UNREADABLE: Final = (MessageError, msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What is raised while messages are read of what came, whatever came."""


class Hello(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """From an API: what it is, and its binding with its version (``openctp-ctp 6.7.11.0``)."""

    trading: bool
    binding: str


class Request(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """From an API: a request; ``topics`` say how both flows go on after a login.

    ``line`` counts the API's `Standing` messages, one for each time that its line stood.
    """

    name: str
    raw: bytes
    request_id: int
    topics: tuple[FlowPlace, FlowPlace]
    line: int


class Subscribe(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """From an API: one of the four subscription calls."""

    name: str
    callback: str
    instruments: list[str]
    line: int


class Control(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """From whoever controls the simulator: a control request, answered by `Done`."""

    command: str
    arguments: dict[str, str]


class Welcome(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """To an API: the flow control and the faults that work on its side; again when they change.

    ``speed`` says how many seconds of the exchange's pass in one of ours.
    """

    query_interval: float
    return_error: float
    seed: int
    speed: float


class Standing(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """To an API: whether requests are taken."""

    standing: bool


class Message(msgspec.Struct, frozen=True, array_like=True):
    """A callback to be made; see :class:`webctp.sim.host.packing.Delivery`."""

    callback: str
    body: bytes | None
    info: bytes | None
    request_id: int
    last: bool
    number: int
    flow: int
    public: bool


class Batch(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """To an API: callbacks, in order, the trading day, and the exchange's time in nanoseconds."""

    trading_day: str
    clock: int
    messages: list[Message]


class Listed(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """To a market-data API, before its `Standing`: today's instruments."""

    instruments: list[str]


class Done(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """To whoever controls: the mistake in the request, empty if there is none."""

    mistake: str


ToServer = Hello | Request | Subscribe | Control
ToClient = Welcome | Standing | Listed | Batch | Done

_encoder: Final = msgspec.msgpack.Encoder()
to_server: Final = msgspec.msgpack.Decoder(ToServer)
to_client: Final = msgspec.msgpack.Decoder(ToClient)


def framed(message: ToServer | ToClient) -> bytes:
    """Return a message as the bytes that are sent."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Cuts a stream of bytes into messages' bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give the bodies that are complete now.

        :raises MessageError: if a length is beyond all reason.
        """
        self._buffer += data
        start = 0
        try:
            while len(self._buffer) - start >= _LENGTH.size:
                (length,) = _LENGTH.unpack_from(self._buffer, start)
                if length > MOST:
                    raise MessageError(f"a message of {length} bytes")
                end = start + _LENGTH.size + length
                if len(self._buffer) < end:
                    break
                yield bytes(self._buffer[start + _LENGTH.size : end])
                start = end
        finally:
            del self._buffer[:start]
