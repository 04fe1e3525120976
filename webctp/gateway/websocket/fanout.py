"""What leaves: each client's outgoing frames, gathered within a reactor turn, one write.

A tick is framed once, and joined with the other ticks of the turn once for all clients that get
the same (:class:`Audience`). Nothing waits for a timer: whoever filled outboxes calls
:meth:`Fanout.flush` when done. On a plain socket a write goes straight to the kernel, which
nearly always takes all of it; the way through the reactor costs twice as much.

A client that cannot keep up is noticed by the transport (it stops the producer). From then on
messages wait here, each of them; of ticks only the newest of each instrument does, the rest are
counted. It catches up in portions: the transport never holds more than one of them, and what is
newer than a portion goes on replacing what is older. Past a limit of bytes, or of seconds without
any progress, the client is given up.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from socket import socket
from typing import Any, Final, Protocol
from weakref import WeakValueDictionary

from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorTime
from zope.interface import implementer

from webctp.gateway.access.address import LOCAL
from webctp.gateway.websocket.kernel import acknowledged, unsent
from webctp.gateway.websocket.memory import STRANGER_BYTES, ClientMemory
from webctp.upstream.turns import Turns

MEBIBYTE: Final = 1024 * 1024
_PORTION: Final = 256 * 1024
"""Bytes that a transport is given at a time while the client is behind."""
_SLOW: Final = 64 * 1024
"""Bytes in the kernel from which on a client counts as slow to read."""


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
    """How far a client may fall behind: bytes that wait for it, seconds it takes nothing.

    ``all_bytes`` may be held for all clients together.
    """

    waiting_bytes: int = 64 * MEBIBYTE
    seconds: float = 30.0
    all_bytes: int = 512 * MEBIBYTE


class Fanout:
    """The outboxes that have something to send. One for each listening port."""

    def __init__(self, clock: IReactorTime, limits: Limits) -> None:
        self.clock = clock
        self.limits = limits
        self.memory = ClientMemory(limits.all_bytes)
        """What is held for clients, and of them."""
        self.turns = Turns(clock)
        """What clients have sent and asked for beyond a turn's worth."""
        self.dirty: list[Outbox] = []
        """Those that have gathered something since the last flush."""
        self._audiences: WeakValueDictionary[frozenset[Outbox], Audience] = WeakValueDictionary()
        self._addressed: Audience | None = None

    def audience(self, outboxes: Iterable["Outbox"]) -> "Audience":
        """The audience that these make up; the same one as long as somebody keeps it."""
        members = frozenset(outboxes)
        known = self._audiences.get(members)
        if known is None:
            known = self._audiences[members] = Audience(self, members)
        return known

    def flush(self) -> None:
        """Write out what was gathered since the last time."""
        self.address(None, last=True)
        dirty, self.dirty = self.dirty, []
        for outbox in dirty:
            outbox.flush()

    def address(self, audience: "Audience | None", *, last: bool = False) -> None:
        """What comes next is for ``audience``; what was for another is handed out before it.

        :param last: whether nothing comes any more in this turn.
        """
        addressed, self._addressed = self._addressed, audience
        if addressed is not None:
            addressed.hand_out(last=last)


class Audience:
    """Outboxes that get the same ticks: what comes in a row is joined once for all of them."""

    def __init__(self, fanout: Fanout, members: frozenset["Outbox"]) -> None:
        self._fanout = fanout
        self.members = members
        self._keys: list[bytes] = []
        self._frames: list[bytes] = []

    def tick(self, key: bytes, frame: bytes) -> None:
        """Add a frame of which only the newest with the same ``key`` matters."""
        if not self._frames:
            self._fanout.address(self)
        self._keys.append(key)
        self._frames.append(frame)

    def hand_out(self, *, last: bool) -> None:
        """Give every member what was gathered; ``last`` when nothing more comes this turn."""
        keys, self._keys = self._keys, []
        frames, self._frames = self._frames, []
        joined = frames[0] if len(frames) == 1 else b"".join(frames)
        size = len(joined)
        for outbox in self.members:
            send = outbox.straight if last else None
            if send is None or outbox.gathered:
                outbox.ticks(keys, frames, joined)
                continue
            # Of all there is this runs most often, so it calls nothing but the kernel.
            try:
                sent = send(joined)
            except OSError:
                sent = 0
            if sent != size:
                outbox.pass_on(joined[sent:])


@implementer(IPushProducer)
class Outbox:
    """One client's outgoing frames. All methods run in the reactor's thread.

    :param give_up: called once, with a reason, when the client is too far behind.
    :param peer: see :attr:`peer`.
    """

    def __init__(
        self,
        fanout: Fanout,
        transport: Transport,
        give_up: Callable[[str], None],
        peer: str = LOCAL,
    ) -> None:
        self.peer = peer
        """The client's address as :func:`~webctp.gateway.access.address.peer_address` gives it."""
        self._fanout = fanout
        self._transport = transport
        self._give_up = give_up
        self._send = self.straight = _direct(transport)
        """What sends straight to the kernel; None where nothing does, or while the client is
        behind or gone. Nothing may have been ``gathered``, and the rest is to be passed on."""
        self.gathered: list[bytes] = []
        """Frames that leave at the turn's end, or when the client has caught up."""
        self.held = 0
        """Bytes that wait here and in the transport, and of messages that have not come whole."""
        self.is_admitted: Callable[[], bool] = _yes
        """Whether the client has logged in: a stranger may leave little unread."""
        self._marked = False
        self._paused = False
        self._behind = False
        self._closed = False
        self._newest: dict[bytes, bytes] = {}
        self._leaving: deque[bytes] = deque()
        self._messages = 0
        self._handed = 0
        self._incoming = 0
        self._acknowledged: int | None = None
        self._patience: IDelayedCall | None = None
        self.ticks_dropped = 0
        self._untold = 0
        self.on_dropped: Callable[[int], None] | None = None
        """Called when the client has caught up, with how many ticks were passed over."""
        transport.registerProducer(self, True)
        self.pass_on()  # what the transport still holds (the handshake's answer) goes first

    def message(self, frame: bytes) -> None:
        """Add a frame that must arrive: an answer, an order, a trade."""
        if self._closed:
            return
        self._fanout.address(None)
        self.gathered.append(frame)
        if self._behind:
            self._messages += len(frame)
            self._hold(len(frame))
        elif not self._marked:
            self._marked = True
            self._fanout.dirty.append(self)

    def tick(self, key: bytes, frame: bytes) -> None:
        """Add a frame of which only the newest with the same ``key`` matters."""
        self._fanout.address(None)
        self.ticks((key,), (frame,), frame)

    def ticks(self, keys: Iterable[bytes], frames: Iterable[bytes], joined: bytes) -> None:
        """Add several such frames, which are given in one piece as well."""
        if self._closed:
            return
        if not self._behind:
            self.gathered.append(joined)
            if not self._marked:
                self._marked = True
                self._fanout.dirty.append(self)
            return
        grown = 0
        for key, frame in zip(keys, frames, strict=True):
            older = self._newest.pop(key, None)
            if older is not None:
                self.ticks_dropped += 1
                self._untold += 1
                grown -= len(older)
            self._newest[key] = frame  # behind all that came before it
            grown += len(frame)
        self._hold(grown)

    def flush(self) -> None:
        """Hand what was gathered to the transport, in one write."""
        self._marked = False
        if self.gathered and not self._behind and not self._closed:
            frames, self.gathered = self.gathered, []
            self._write(frames)

    def receiving(self, size: int) -> None:
        """Note how many bytes of a message have come that is not whole yet."""
        if not self._closed and size != self._incoming:
            by, self._incoming = size - self._incoming, size
            self._fanout.memory.change(self, by)

    def reads_slowly(self) -> bool:
        """Whether what was sent is still on its way, so that an answer may take its time."""
        return self._behind or unsent(self._transport) > _SLOW

    def _write(self, frames: list[bytes]) -> None:
        """Write frames: to the kernel, or a portion to the transport; the rest waits again.

        What goes ends with a frame, so that a close frame may always follow.
        """
        data = frames[0] if len(frames) == 1 else b"".join(frames)
        sent = 0
        if self._send is not None:
            try:
                sent = self._send(data)
            except OSError:
                sent = 0
        if sent == len(data):
            return
        end = count = 0
        while count < len(frames) and not self._paused:
            while count < len(frames) and end - sent < _PORTION:
                end += len(frames[count])
                count += 1
            if end > sent:
                self.pass_on(data[sent:end])
                sent = end
        if count < len(frames) and not self._closed:
            self.gathered[:0] = frames[count:]
            size = len(data) - end
            self._messages += size
            self._hold(size)

    def pass_on(self, *rest: bytes) -> None:
        """Give the transport what the kernel did not take: it is full, or the client gone.

        Until it has let go of that nothing may be sent past it, so it must say "stop" now,
        however little it holds. (Its ``bufferSize`` is the size of its reads, too.)
        """
        plain: Any = self._transport
        if self._send is None:
            for data in rest:
                self._transport.write(data)
            return
        usual, plain.bufferSize = plain.bufferSize, 0
        plain.writeSequence((*rest, b""))
        plain.bufferSize = usual
        handed = sum(map(len, rest))
        if handed and self._behind and not self._closed:
            self._handed += handed
            self._hold(handed)

    def close(self) -> None:
        """Forget everything; later frames go nowhere."""
        self._closed = True
        self.straight = None
        self.gathered = []
        self._newest = {}
        self._leaving.clear()
        self._fanout.memory.drop(self)
        self._stop_waiting()

    def release(self) -> None:
        """Let go of whoever this outbox belongs to: the connection is gone."""
        self.close()
        self._fanout.memory.gone()
        self._give_up = self._transport = self.on_dropped = self._send = None  # type: ignore[assignment]
        self.is_admitted = _yes

    @property
    def is_drained(self) -> bool:
        """Whether the kernel has everything that the transport was given."""
        return not self._paused

    def pauseProducing(self) -> None:
        """Of ``IPushProducer``: the client is behind."""
        if self._paused:
            return
        self._paused = True
        self.straight = None
        if self._closed:
            return
        if not self._behind:
            self._behind = True
            self._messages = sum(map(len, self.gathered))
            self._hold(self._messages)
        if self._closed:  # that was too much
            return
        self._acknowledged = acknowledged(self._transport)
        self._wait()

    def resumeProducing(self) -> None:
        """Of ``IPushProducer``: the client has caught up with what the transport had."""
        self._paused = False
        self._stop_waiting()
        if self._closed:
            return
        self._fanout.address(None)  # newer than what waits here: it must find the client behind
        handed, self._handed = self._handed, 0
        self._fanout.memory.change(self, -handed)
        self._catch_up()

    def _catch_up(self) -> None:
        """Hand over portions until one is too much, or nothing waits any more."""
        while self._behind and not self._paused and not self._closed:
            if not self._leaving:
                # All of these go before any that is newer, or one that changes often never would.
                untold, self._untold = self._untold, 0
                if untold and self.on_dropped is not None:
                    self.on_dropped(untold)
                self._leaving.extend(self._newest.values())
                self._newest.clear()
            portion = self._portion()
            if portion:
                self._fanout.memory.change(self, -sum(map(len, portion)))
                self._write(portion)
            else:
                self._behind = False
                self.straight = self._send

    def _portion(self) -> list[bytes]:
        """What goes next: messages, then ticks."""
        size = taken = 0
        while taken < len(self.gathered) and size < _PORTION:
            size += len(self.gathered[taken])
            taken += 1
        frames = self.gathered[:taken]
        del self.gathered[:taken]
        self._messages -= size
        while self._leaving and size < _PORTION:
            frames.append(self._leaving.popleft())
            size += len(frames[-1])
        return frames

    def stopProducing(self) -> None:
        """Of ``IProducer``: the connection is gone."""
        self.close()

    def too_greedy(self, limit: int) -> None:
        """Of :class:`~webctp.gateway.websocket.memory.Holder`."""
        self._too_slow(
            f"{self.held} bytes wait for it, more than for others, and for all more than {limit}"
        )

    def _hold(self, size: int) -> None:
        """Note that more waits, or less; give the client up where that is too much."""
        memory = self._fanout.memory
        memory.change(self, size)
        if self._closed or size <= 0:
            return
        limit = self._fanout.limits.waiting_bytes
        if self._messages > limit:
            self._too_slow(f"more than {limit} bytes wait for it")
        elif self.held > STRANGER_BYTES and not self.is_admitted():
            self._too_slow(f"more than {STRANGER_BYTES} bytes wait for it before its login")

    def _wait(self) -> None:
        clock = self._fanout.clock
        self._patience = clock.callLater(self._fanout.limits.seconds, self._overdue)

    def _overdue(self) -> None:
        """The transport could hand on nothing: unless the client took something, it is over."""
        before, self._acknowledged = self._acknowledged, acknowledged(self._transport)
        if self._acknowledged != before:
            self._wait()
        else:
            self._too_slow(f"it took nothing for {self._fanout.limits.seconds:g} s")

    def _too_slow(self, reason: str) -> None:
        give_up = self._give_up
        self.close()
        give_up(reason)

    def _stop_waiting(self) -> None:
        if self._patience is not None and self._patience.active():
            self._patience.cancel()
        self._patience = None


def _yes() -> bool:
    return True


def _direct(transport: Any) -> Callable[[bytes], int] | None:
    """A plain socket's own ``send``; None for TLS and for what has no socket.

    While the kernel takes everything the transport has nothing to do.
    """
    handle = getattr(transport, "getHandle", None)
    plain = handle() if handle is not None else None
    return plain.send if type(plain) is socket else None
