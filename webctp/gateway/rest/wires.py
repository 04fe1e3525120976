"""Transports that take the frames of a WebSocket's outbox apart again."""

from collections.abc import Callable, Iterator
from typing import Any, Final

_TWO_BYTES: Final = 126
_EIGHT_BYTES: Final = 127


def payloads(data: bytes) -> Iterator[bytes]:
    """Give the payloads of whole, unmasked frames, as an outbox writes them."""
    at, end = 0, len(data)
    while at < end:
        length, begin = data[at + 1], at + 2
        if length == _TWO_BYTES:
            begin += 2
            length = int.from_bytes(data[at + 2 : begin], "big")
        elif length == _EIGHT_BYTES:
            begin += 8
            length = int.from_bytes(data[at + 2 : begin], "big")
        at = begin + length
        yield data[begin:at]


class MessageWire:
    """A transport in memory: what is written to it is given away as messages, at once."""

    def __init__(self, on_message: Callable[[bytes], None]) -> None:
        self._on_message = on_message

    def write(self, data: bytes) -> None:
        """Take whole frames."""
        for payload in payloads(data):
            self._on_message(payload)

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Take who is to be told to stop: it never has to."""

    def unregisterProducer(self) -> None:
        """Forget it."""


class EventWire(MessageWire):
    """The same until events begin; then messages leave as server-sent events.

    From then on a client's own transport is behind it, so that the outbox learns how slowly the
    client reads, as it does with a WebSocket.
    """

    def __init__(self, on_message: Callable[[bytes], None]) -> None:
        super().__init__(on_message)
        self.transport: Any = None
        """The client's; None until events begin. What looks for the socket finds it here."""
        self._producer: Any = None

    def begin(self, transport: Any) -> None:
        """Send what comes from now on as events."""
        self.transport = transport
        if self._producer is not None:
            transport.registerProducer(self._producer, True)

    def write(self, data: bytes) -> None:
        """Take whole frames."""
        gathered: list[bytes] = []
        for payload in payloads(data):
            if self.transport is None:
                self._on_message(payload)
            else:
                gathered.append(b"data: %b\n\n" % payload)
        if gathered:
            self.transport.write(b"".join(gathered))

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Take who is to be told to stop when the client does not read."""
        self._producer = producer

    def unregisterProducer(self) -> None:
        """Forget it."""
        self._producer = None
        if self.transport is not None:
            self.transport.unregisterProducer()
