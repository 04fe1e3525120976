"""What leaves: each client's outgoing frames, gathered within a reactor turn, one write.

A tick is framed once and the same bytes go to every subscriber's outbox. Nothing waits for a
timer: whoever filled outboxes calls :meth:`Fanout.flush` when done.

A client that cannot keep up is noticed by the transport (it stops the producer). From then on
nothing more is handed to the transport: messages wait here, each of them; of ticks only the
newest of each instrument does, the rest are counted. Past a limit of bytes or seconds the client
is given up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorTime
from zope.interface import implementer

MEBIBYTE: Final = 1024 * 1024


class Transport(Protocol):
    """What an outbox needs of a transport."""

    def write(self, data: bytes) -> None:
        """Take bytes."""

    def registerProducer(self, producer: IPushProducer, streaming: bool) -> None:
        """Say to whom to say "stop"."""

    def unregisterProducer(self) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a client may fall behind: bytes that wait for it, seconds it takes nothing."""

    waiting_bytes: int = 64 * MEBIBYTE
    seconds: float = 30.0


class Fanout:
    """The outboxes that have something to send. One for each listening port."""

    def __init__(self, clock: IReactorTime, limits: Limits) -> None:
        self.clock = clock
        self.limits = limits
        self._dirty: list[Outbox] = []

    def flush(self) -> None:
        """Write out what was gathered since the last time."""
        dirty, self._dirty = self._dirty, []
        for outbox in dirty:
            outbox.flush()

    def mark(self, outbox: "Outbox") -> None:
        """Remember an outbox for the next flush."""
        self._dirty.append(outbox)


@implementer(IPushProducer)
class Outbox:
    """One client's outgoing frames. All methods run in the reactor's thread.

    :param give_up: called once, with a reason, when the client is too far behind.
    """

    def __init__(
        self, fanout: Fanout, transport: Transport, give_up: Callable[[str], None]
    ) -> None:
        self._fanout = fanout
        self._transport = transport
        self._give_up = give_up
        self._frames: list[bytes] = []
        self._marked = False
        self._paused = False
        self._closed = False
        self._newest: dict[bytes, bytes] = {}
        self._waiting = 0
        self._patience: IDelayedCall | None = None
        self.ticks_dropped = 0
        transport.registerProducer(self, True)

    def message(self, frame: bytes) -> None:
        """Add a frame that must arrive: an answer, an order, a trade."""
        if self._closed:
            return
        self._frames.append(frame)
        if self._paused:
            self._waiting += len(frame)
            if self._waiting > self._fanout.limits.waiting_bytes:
                self._too_slow(f"more than {self._fanout.limits.waiting_bytes} bytes wait for it")
        elif not self._marked:
            self._marked = True
            self._fanout.mark(self)

    def tick(self, key: bytes, frame: bytes) -> None:
        """Add a frame of which only the newest with the same ``key`` matters."""
        if not self._paused:
            self._frames.append(frame)
            if not self._marked:
                self._marked = True
                self._fanout.mark(self)
        elif not self._closed:
            self.ticks_dropped += key in self._newest
            self._newest[key] = frame

    def flush(self) -> None:
        """Hand what was gathered to the transport, in one write."""
        self._marked = False
        if self._frames and not self._paused and not self._closed:
            frames, self._frames = self._frames, []
            self._transport.write(frames[0] if len(frames) == 1 else b"".join(frames))

    def close(self) -> None:
        """Forget everything; later frames go nowhere."""
        self._closed = True
        self._frames.clear()
        self._newest.clear()
        self._stop_waiting()

    def pauseProducing(self) -> None:
        """Of ``IPushProducer``: the client is behind."""
        if not self._paused and not self._closed:
            self._paused = True
            limits = self._fanout.limits
            self._patience = self._fanout.clock.callLater(
                limits.seconds, self._too_slow, f"it took nothing for {limits.seconds:g} s"
            )

    def resumeProducing(self) -> None:
        """Of ``IPushProducer``: the client has caught up with what the transport had."""
        self._paused = False
        self._stop_waiting()
        self._frames.extend(self._newest.values())
        self._newest.clear()
        self._waiting = 0
        self.flush()

    def stopProducing(self) -> None:
        """Of ``IProducer``: the connection is gone."""
        self.close()

    def _too_slow(self, reason: str) -> None:
        self.close()
        self._give_up(reason)

    def _stop_waiting(self) -> None:
        if self._patience is not None and self._patience.active():
            self._patience.cancel()
        self._patience = None
