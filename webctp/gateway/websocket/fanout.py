"""Send each client its outgoing frames: gathered within a reactor turn, one write.

A tick is framed once, and joined with the other ticks of the turn once for all clients that get
the same (:class:`~webctp.gateway.websocket.audience.Audience`). Nothing waits for a timer: each
call of :attr:`Fanout.reactor` ends with :meth:`Fanout.flush`. On a plain socket a write goes
straight to the kernel, which nearly always takes all of it; the way through the reactor costs
twice as much.

A client that cannot keep up is noticed by the transport (it stops the producer). From then on
messages wait here, each of them; of ticks only the newest of each instrument does, the rest are
counted. The client catches up in portions: the transport never holds more than one portion, and
newer ticks go on replacing those that have not left yet. Past a limit of bytes, or of seconds
without any progress, the client is given up. Everything runs in the reactor's thread.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, Final, Protocol
from weakref import WeakValueDictionary

from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorTime
from zope.interface import implementer

from webctp.config.serving import Limits
from webctp.gateway.access.address import LOCAL
from webctp.gateway.access.audit import AuditLog
from webctp.gateway.websocket import traffic
from webctp.gateway.websocket.audience import Audience, Change, MixedAudience
from webctp.gateway.websocket.deflate import Deflater
from webctp.gateway.websocket.flushing import FlushingReactor
from webctp.gateway.websocket.kernel import acknowledged, direct_send, unsent
from webctp.gateway.websocket.memory import STRANGER_BYTES, ClientMemory
from webctp.language.text import Text, english
from webctp.metrics import Sample
from webctp.upstream.turns import Turns

MEBIBYTE: Final = 1024 * 1024
_PORTION: Final = 256 * 1024
"""Bytes that a transport is given at a time while the client is behind."""
_SLOW: Final = 64 * 1024
"""Bytes in the kernel from which on a client counts as slow to read."""
_LOOKS: Final = 4  # in SlowClientSeconds, at a client that has to take bytes


class Transport(Protocol):
    """What an outbox needs of a transport."""

    def write(self, data: bytes) -> None:
        """Take bytes."""

    def registerProducer(self, producer: IPushProducer, streaming: bool) -> None:
        """Say to whom to say "stop"."""

    def unregisterProducer(self) -> None:
        """Forget it."""


class Fanout:
    """Flush the outboxes that have something to send; one for both services.

    Friends: :class:`Fanout`, :class:`~webctp.gateway.websocket.audience.Audience` and
    :class:`Outbox` use each other's ``dirty``, ``current``, ``begin_batch``, ``send_now``,
    ``pending`` and ``write_rest``, for the loop of ``Audience.flush``, which runs once for each
    client and turn and calls nothing but the kernel; nobody else has any business with these.
    """

    def __init__(
        self,
        clock: IReactorTime,
        limits: Limits,
        audit: AuditLog | None = None,
        turn_began: Callable[[], float | None] = lambda: None,
    ) -> None:
        self.clock = clock
        self.turn_began = turn_began
        """When the reactor's present turn began, by ``perf_counter``; None where nobody knows."""
        self.audit = audit
        """Where it is noted who did what; None where that is not kept."""
        self.reactor = FlushingReactor(clock, self.flush)
        """The reactor for all that writes to clients: its calls end with a flush."""
        self.limits = limits
        self.memory = ClientMemory(limits.client_memory)
        """Bytes that wait for clients, and those of messages that have not come whole."""
        self.turns = Turns(self.reactor)
        """Work that clients have asked for beyond a turn's worth."""
        self.traffic = traffic.Traffic()
        """What is counted of clients' messages."""
        self.outboxes: set[Outbox] = set()
        """The outboxes of all clients that are connected."""
        self.dirty: list[Outbox] = []
        """Outboxes with frames since the last flush."""
        self._audiences: WeakValueDictionary[frozenset[Outbox], Audience[Outbox]] = (
            WeakValueDictionary()
        )
        self.current: Audience[Outbox] | None = None  # whose ticks wait
        self._when_written: list[Callable[[], object]] = []
        self.deflating = 0  # clients whose messages are compressed
        self.numbers = count(1)
        """Numbers of connections, by which an administrator names them."""

    def audience(self, outboxes: Iterable["Outbox"]) -> "Audience[Outbox]":
        """Return the audience of these outboxes; the same object while anybody keeps it."""
        members = frozenset(outboxes)
        known = self._audiences.get(members)
        if known is None:
            kind = Audience
            if self.deflating and any(outbox.deflater is not None for outbox in members):
                kind = MixedAudience
            known = self._audiences[members] = kind(self, members)
        return known

    def take_settings(self, limits: Limits) -> None:
        """Take other limits, for clients that are connected as well."""
        self.limits = limits
        self.memory.limit = limits.client_memory

    def samples(self) -> Iterator[Sample]:
        """Read how many clients there are, what is held for them, what they were sent."""
        yield traffic.CLIENTS.sample(len(self.outboxes))
        yield traffic.CLIENTS_BEHIND.sample(sum(one.is_behind for one in self.outboxes))
        yield traffic.HELD.sample(self.memory.held)
        yield traffic.HELD_LIMIT.sample(self.memory.limit)
        yield from self.traffic.samples()

    def flush(self) -> None:
        """Write out every frame added since the last flush."""
        previous, self.current = self.current, None
        if previous is not None:
            previous.flush(last=True)
        if self.dirty:
            dirty, self.dirty = self.dirty, []
            for outbox in dirty:
                outbox.flush()
        if self._when_written:
            calls, self._when_written = self._when_written, []
            for call in calls:
                call()

    def when_written(self, call: Callable[[], object]) -> None:
        """Call a function, which is short, at the end of the next flush."""
        self._when_written.append(call)

    def begin_batch(self, audience: "Audience[Outbox] | None") -> None:
        """Begin ticks for ``audience``, None for none; those of another leave before.

        Each client's frames keep their order by that.
        """
        previous, self.current = self.current, audience
        if previous is not None:
            previous.flush(last=False)


@implementer(IPushProducer)
class Outbox:
    """Hold and send one client's outgoing frames. A friend of :class:`Fanout`, which see.

    :param give_up: called once, with a reason, when the client is too far behind.
    :param peer: see :attr:`peer`.
    :param name: what the log calls the client; its address where that is left out.
    """

    deflater: Deflater | None = None
    """Compresses what the client is sent; see :class:`DeflatingOutbox`."""

    def __init__(
        self,
        fanout: Fanout,
        transport: Transport,
        give_up: Callable[[Text], None],
        peer: str = LOCAL,
        name: str = "",
    ) -> None:
        self.name = name or peer
        self.peer = peer
        """The client's address as :func:`~webctp.gateway.access.address.peer_address` gives it."""
        self._fanout = fanout
        self._transport = transport
        self._give_up = give_up
        self._send = self.send_now = direct_send(transport)
        """Sends to the kernel at once; None on TLS, and while the client is behind or gone.

        Call it only when nothing is ``pending``, and give the unsent rest to ``write_rest``."""
        self.pending: list[bytes] = []
        """Frames that leave at the turn's end, or when the client has caught up."""
        self.held = 0
        """Bytes that wait here and in the transport, and of messages that have not come whole."""
        self.is_admitted: Callable[[], bool] = _yes
        """Whether the client has logged in: a stranger may leave little unread."""
        self.own_limit = 0
        """Bytes of messages that may wait by its token's limit; 0 for ``SlowClientBytes``."""
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
        self._moved = 0.0
        self._slow_timer: IDelayedCall | None = None
        self.ticks_dropped = 0
        self._unreported_drops = 0
        self.on_dropped: Callable[[int], None] | None = None
        """Called when the client has caught up, with how many ticks were passed over."""
        fanout.outboxes.add(self)
        transport.registerProducer(self, True)
        self.write_rest()  # what the transport still holds (the handshake's answer) goes first

    def message(self, frame: bytes, plain: bytes | None = None) -> None:
        """Add a frame that must arrive, which was ``plain`` where it is compressed."""
        if self._closed:
            return
        fanout, size = self._fanout, len(frame)
        if fanout.current is not None:
            fanout.begin_batch(None)
        fanout.traffic.sent.count(plain or frame)
        fanout.traffic.bytes_out += size
        self.pending.append(frame)
        if self._behind:
            self._messages += size
            self._hold(size)
        elif not self._marked:
            self._marked = True
            fanout.dirty.append(self)

    def tick(self, key: bytes, frame: bytes) -> None:
        """Add a frame of which only the newest with the same ``key`` matters."""
        self._fanout.begin_batch(None)
        self._fanout.traffic.ticks_out += 1
        self._fanout.traffic.bytes_out += len(frame)
        self.ticks((key,), (frame,), frame)

    def ticks(self, keys: Iterable[bytes], frames: Iterable[bytes], joined: bytes) -> None:
        """Add several such frames, which are given in one piece as well."""
        if self._closed:
            return
        if not self._behind:
            self.pending.append(joined)
            if not self._marked:
                self._marked = True
                self._fanout.dirty.append(self)
            return
        grown = 0
        for key, frame in zip(keys, frames, strict=True):
            older = self._newest.pop(key, None)
            if older is not None:
                self.ticks_dropped += 1
                self._fanout.traffic.ticks_dropped += 1
                self._unreported_drops += 1
                grown -= len(older)
            if type(frame) is Change:
                frame = frame.whole()  # whatever it has changed from may never arrive
            self._newest[key] = frame  # behind all that came before it
            grown += len(frame)
        self._hold(grown)

    def flush(self) -> None:
        """Write the pending frames, in one write."""
        self._marked = False
        if self.pending and not self._behind and not self._closed:
            frames, self.pending = self.pending, []
            self._write(frames)

    def receiving(self, size: int) -> None:
        """Count the bytes of a message that has not come whole yet."""
        if not self._closed and size != self._incoming:
            by, self._incoming = size - self._incoming, size
            self._fanout.memory.change(self, by)

    def reads_slowly(self) -> bool:
        """Return whether sent bytes are still on their way: an answer need not hurry."""
        return self._behind or unsent(self._transport) > _SLOW

    def _write(self, frames: list[bytes]) -> None:
        """Write frames: to the kernel, or a portion to the transport; the rest waits again.

        Each write ends with a whole frame, so that a close frame may always follow.
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
                self.write_rest(data[sent:end])
                sent = end
        if count < len(frames) and not self._closed:
            self.pending[:0] = frames[count:]
            size = len(data) - end
            self._messages += size
            self._hold(size)

    def write_rest(self, *rest: bytes) -> None:
        """Give the transport what the kernel did not take: it is full, or the client gone.

        Until the transport has sent that, nothing may be sent past it, so it must pause this
        producer now, however little it holds. (Its ``bufferSize`` is the size of its reads, too.)
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
        """Drop all frames; later ones are dropped, too."""
        self._closed = True
        self.send_now = None
        self.pending = []
        self._newest = {}
        self._leaving.clear()
        self._fanout.memory.drop(self)
        self._stop_waiting()

    def release(self) -> None:
        """Close, and drop the references to the client: the connection is gone."""
        self.close()
        self._fanout.outboxes.discard(self)
        self._fanout.memory.gone()
        self._give_up = self._transport = self.on_dropped = self._send = None  # type: ignore[assignment]
        self.is_admitted = _yes

    @property
    def is_behind(self) -> bool:
        """Return whether frames wait because the client reads too slowly."""
        return self._behind

    @property
    def is_drained(self) -> bool:
        """Return whether the kernel has everything that the transport was given."""
        return not self._paused

    def pauseProducing(self) -> None:
        """Twisted calls this when the transport is full: the client is behind."""
        if self._paused:
            return
        self._paused = True
        self.send_now = None
        if self._closed:
            return
        if not self._behind:
            self._behind = True
            self._messages = sum(map(len, self.pending))
            self._hold(self._messages)
        if self._closed:  # that was too much
            return
        self._acknowledged = acknowledged(self._transport)
        self._moved = self._fanout.clock.seconds()
        self._wait()

    def resumeProducing(self) -> None:
        """Twisted calls this when the transport has sent all that it held."""
        self._paused = False
        self._stop_waiting()
        if self._closed:
            return
        self._fanout.begin_batch(None)  # newer than what waits here: it must find the client behind
        handed, self._handed = self._handed, 0
        self._fanout.memory.change(self, -handed)
        self._catch_up()

    def _catch_up(self) -> None:
        """Write portions until the transport pauses again, or nothing waits any more."""
        while self._behind and not self._paused and not self._closed:
            if not self._leaving:
                # All of these go before any that is newer, or one that changes often never would.
                unreported, self._unreported_drops = self._unreported_drops, 0
                if unreported and self.on_dropped is not None:
                    self.on_dropped(unreported)
                self._leaving.extend(self._newest.values())
                self._newest.clear()
            portion = self._portion()
            if portion:
                self._fanout.memory.change(self, -sum(map(len, portion)))
                self._write(portion)
            else:
                self._behind = False
                self.send_now = self._send

    def _portion(self) -> list[bytes]:
        """Take what is to be written next: messages, then ticks."""
        size = taken = 0
        while taken < len(self.pending) and size < _PORTION:
            size += len(self.pending[taken])
            taken += 1
        frames = self.pending[:taken]
        del self.pending[:taken]
        self._messages -= size
        while self._leaving and size < _PORTION:
            frames.append(self._leaving.popleft())
            size += len(frames[-1])
        return frames

    def stopProducing(self) -> None:
        """Twisted calls this when the connection is gone."""
        self.close()

    def too_greedy(self, limit: int) -> None:
        """Give the client up: of all clients its outbox holds most, and all hold too much.

        :param limit: the bytes that all clients together may hold.
        """
        self._too_slow(
            english(
                "{count} bytes wait for it, more than for others, and for all more than {limit}",
                count=self.held,
                limit=limit,
            )
        )

    def _hold(self, size: int) -> None:
        """Count ``size`` more bytes that wait, or fewer; give the client up at a bound."""
        memory = self._fanout.memory
        memory.change(self, size)
        if self._closed or size <= 0:
            return
        limit = self._fanout.limits.slow_client_bytes
        if self.own_limit:
            limit = min(limit, self.own_limit)
        if self._messages > limit:
            self._too_slow(english("more than {limit} bytes wait for it", limit=limit))
        elif self.held > STRANGER_BYTES and not self.is_admitted():
            limit = STRANGER_BYTES
            self._too_slow(
                english("more than {limit} bytes wait for it before its login", limit=limit)
            )

    def _wait(self) -> None:
        """Look for acknowledged bytes soon; give the client up where none came for long."""
        clock, patience = self._fanout.clock, self._fanout.limits.slow_client_seconds
        left = self._moved + patience - clock.seconds()
        if left > 0:
            self._slow_timer = clock.callLater(min(left, patience / _LOOKS), self._look)
        else:
            self._too_slow(english("it took nothing for {seconds:g} s", seconds=patience))

    def _look(self) -> None:
        before, self._acknowledged = self._acknowledged, acknowledged(self._transport)
        if self._acknowledged != before:
            self._moved = self._fanout.clock.seconds()
        self._wait()

    def _too_slow(self, reason: Text) -> None:
        give_up = self._give_up
        self._fanout.traffic.given_up += 1
        self.close()
        give_up(reason)

    def _stop_waiting(self) -> None:
        if self._slow_timer is not None and self._slow_timer.active():
            self._slow_timer.cancel()
        self._slow_timer = None


class DeflatingOutbox(Outbox):
    """An outbox whose client has agreed on compression.

    :param deflater: compresses the frames. Those of an audience come compressed already.
    """

    def __init__(self, fanout: Fanout, *rest: Any, deflater: Deflater) -> None:
        super().__init__(fanout, *rest)
        self.deflater: Deflater = deflater
        fanout.deflating += 1

    def message(self, frame: bytes, plain: bytes | None = None) -> None:
        """Add a frame that must arrive, compressed."""
        super().message(self.deflater.frame(frame), frame)

    def tick(self, key: bytes, frame: bytes) -> None:
        """Add a frame of which only the newest with the same ``key`` matters, compressed."""
        super().tick(key, self.deflater.frame(frame))

    def release(self) -> None:
        """Close, and drop the references to the client: the connection is gone."""
        super().release()
        self._fanout.deflating -= 1


def _yes() -> bool:
    return True
