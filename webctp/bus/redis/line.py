"""Speak to Redis over one connection: commands in order, replies in order, a watch on silence.

Commands of a hurry are written as they are (:meth:`RedisLine.post`): their replies are counted off
and only errors are told. A connection that owes a reply and brings nothing for :data:`SILENCE`
seconds is dead, whatever TCP says, and is aborted. Everything runs in the reactor's thread.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from socket import socket
from typing import Any, Final

import hiredis
from OpenSSL import SSL
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.internet.protocol import Protocol
from twisted.python.failure import Failure

from webctp.language.text import Text, english, verbatim

SILENCE: Final = 3.0
"""Seconds without a byte after which a connection that owes a reply is dead."""
_LOOK: Final = 1.0
"""Seconds between two looks; each look asks, too, so that a living connection is not silent."""
_CHANNELS: Final = 64
"""Channels of one SUBSCRIBE."""
A_COMMAND: Final = 512
"""Instruments of one command."""


class RedisTrouble(Exception):
    """Redis refuses a command, or its connection is gone; ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


def command(*parts: bytes) -> bytes:
    """Return a command as Redis reads it."""
    return b"*%d\r\n" % len(parts) + b"".join(
        [b"$%d\r\n%b\r\n" % (len(part), part) for part in parts]
    )


def fields_of(kept: Mapping[bytes, bytes]) -> Iterator[list[bytes]]:
    """Give fields and values in turn, as many as one command takes."""
    pairs = list(kept.items())
    for at in range(0, len(pairs), A_COMMAND):
        yield [part for pair in pairs[at : at + A_COMMAND] for part in pair]


class Unanswered:
    """A command whose last part alone is ever another, and which Redis is not to answer.

    A reply costs whoever publishes as much as a message: it is to be waited for, read and taken.
    """

    def __init__(self, *parts: bytes) -> None:
        head = command(*parts).partition(b"\r\n")[2]
        self._head = b"%b*%d\r\n%b$" % (_SKIP, len(parts) + 1, head)

    def put(self, into: list[bytes], size: int, last: Iterable[bytes]) -> None:
        """Put the command's bytes behind others, in pieces; those of the last part have a size."""
        into += (self._head, b"%d\r\n" % size)
        into += last
        into.append(b"\r\n")


_SKIP: Final = command(b"CLIENT", b"REPLY", b"SKIP")


@dataclass(slots=True)
class _Confirmation:
    """Channels that Redis is to confirm: how many are left, and what fires then."""

    left: int
    confirmed: Deferred[None]


class RedisLine(Protocol):
    """One connection to Redis.

    :param on_message: takes a channel and what was published there.
    :param on_read: called when all of what has come at once was taken.
    :param on_error: takes the text of an error in reply to what was posted.
    :param on_room: called when what was written has left, after :attr:`is_full` was true.
    """

    def __init__(
        self,
        clock: IReactorTime,
        *,
        on_message: Callable[[bytes, bytes], object] = lambda channel, body: None,
        on_read: Callable[[], object] = lambda: None,
        on_error: Callable[[Text], object] = lambda reason: None,
        on_room: Callable[[], object] = lambda: None,
    ) -> None:
        self._clock = clock
        self._on_message = on_message
        self._on_read = on_read
        self._on_error = on_error
        self._on_room = on_room
        self._reader = hiredis.Reader()
        self._owed: deque[Deferred[Any] | None] = deque()
        self._confirming: deque[_Confirmation] = deque()
        self._is_subscriber = False
        self._send: Callable[[bytes], int] | None = None
        """A plain socket's own; None over TLS."""
        self._heard = 0.0
        self._look: IDelayedCall | None = None
        self._reason = english("the connection to Redis broke")
        self.is_full = False
        """Whether more is waiting to leave than the transport takes."""
        self.is_lost = False
        self.lost: Deferred[Text] = Deferred()
        """Fires once, with the reason, when the connection is gone."""

    def connectionMade(self) -> None:
        """Begin to watch; Twisted calls this."""
        transport: Any = self.transport
        if hasattr(transport, "setTcpNoDelay"):
            transport.setTcpNoDelay(True)
        handle = transport.getHandle()
        self._send = handle.send if type(handle) is socket else None
        transport.registerProducer(self, True)
        self._heard = self._clock.seconds()
        self._look = self._clock.callLater(_LOOK, self._watch)

    def connectionLost(self, reason: Failure | None = None) -> None:
        """Fail what waits; Twisted calls this."""
        problem = None if reason is None else reason.value
        if not self.is_lost and isinstance(problem, SSL.Error):
            told = ", ".join(one[-1] for part in problem.args for one in part)
            self._reason = english("TLS with Redis failed: {problem}", problem=told)
        self.is_lost = True
        if self._look is not None:
            self._look.cancel()
            self._look = None
        owed, self._owed = self._owed, deque()
        confirming, self._confirming = self._confirming, deque()
        for one in (*owed, *(each.confirmed for each in confirming)):
            if one is not None and not one.called:
                one.errback(RedisTrouble(self._reason))
        self.lost.callback(self._reason)

    def pauseProducing(self) -> None:
        """Take note that too much waits to leave; the transport calls this."""
        self.is_full = True

    def resumeProducing(self) -> None:
        """Take note that there is room again; the transport calls this."""
        self.is_full = False
        self._on_room()

    def stopProducing(self) -> None:
        """Take note that nothing leaves any more; the transport calls this."""

    def ask(self, *parts: bytes) -> Deferred[Any]:
        """Send a command; fires with its reply, or fails with :class:`RedisTrouble`."""
        answer: Deferred[Any] = Deferred()
        if self.is_lost:
            answer.errback(RedisTrouble(self._reason))
            return answer
        self._owed.append(answer)
        self._write(command(*parts))
        return answer

    def post(self, commands: Sequence[bytes]) -> None:
        """Send commands whose replies nobody waits for, in one write."""
        if commands and not self.is_lost:
            self._owed.extend([None] * len(commands))
            self._write(b"".join(commands))

    def post_unanswered(self, parts: Sequence[bytes]) -> None:
        """Send the pieces of :class:`Unanswered` commands, in one write: errors are told by none.

        Other commands on the connection are to find out what is wrong.
        """
        if not self.is_lost:
            self._write(b"".join(parts))

    def subscribe(self, channels: Iterable[bytes]) -> Deferred[None]:
        """Subscribe to channels, a batch a command; fires when Redis has confirmed all of them.

        From then on the connection is asked for nothing else. At least one must be named.
        """
        wanted = list(channels)
        confirmed: Deferred[None] = Deferred()
        if self.is_lost:
            confirmed.errback(RedisTrouble(self._reason))
            return confirmed
        self._is_subscriber = True
        self._confirming.append(_Confirmation(len(wanted), confirmed))
        self._write_channels(b"SUBSCRIBE", wanted)
        return confirmed

    def unsubscribe(self, channels: Iterable[bytes]) -> None:
        """Leave channels; what has left Redis before still comes."""
        if not self.is_lost:
            self._write_channels(b"UNSUBSCRIBE", list(channels))

    def _write_channels(self, verb: bytes, channels: list[bytes]) -> None:
        for at in range(0, len(channels), _CHANNELS):
            self._write(command(verb, *channels[at : at + _CHANNELS]))

    def drop(self, reason: Text) -> None:
        """Abort the connection."""
        if not self.is_lost:
            self.is_lost, self._reason = True, reason
            transport: Any = self.transport
            transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:
        """Sort replies and messages; Twisted calls this."""
        self._heard = self._clock.seconds()
        self._reader.feed(data)
        try:
            while not self.is_lost and (reply := self._reader.gets()) is not False:
                self._take(reply)
        except hiredis.ProtocolError:
            self.drop(english("what answers at the address of Redis does not speak its protocol"))
        self._on_read()

    def _take(self, reply: Any) -> None:
        # A list may also be an answer, of lists perhaps, which no set could be asked for.
        if type(reply) is list and reply and type(reply[0]) is bytes and reply[0] in _PUSHES:
            self._pushed(reply)
            return
        waiting = self._owed.popleft() if self._owed else None
        if isinstance(reply, hiredis.ReplyError):
            told = verbatim(str(reply))
            if waiting is not None:
                waiting.errback(RedisTrouble(told))
            elif self._confirming:
                self.drop(told)
            else:
                self._on_error(told)
        elif waiting is not None:
            waiting.callback(reply)

    def _pushed(self, reply: list[Any]) -> None:
        """Take what a connection with subscriptions brings."""
        if reply[0] == b"message":
            self._on_message(reply[1], reply[2])
        elif reply[0] == b"subscribe":
            self._confirmed()

    def _confirmed(self) -> None:
        """Count a channel off: Redis confirms them in the order in which they were asked for."""
        first = self._confirming[0] if self._confirming else None
        if first is not None:
            first.left -= 1
            if not first.left:
                self._confirming.popleft()
                first.confirmed.callback(None)

    def _write(self, data: bytes) -> None:
        """Write to the kernel at once, if nothing waits: a turn of the reactor costs as much."""
        transport: Any = self.transport
        sent = 0
        if self._send is not None and not (transport.dataBuffer or transport._tempDataBuffer):
            try:
                sent = self._send(data)
            except OSError:
                sent = 0  # full, or broken: the transport finds out
        if sent < len(data):
            transport.write(data[sent:])

    def _watch(self) -> None:
        self._look = self._clock.callLater(_LOOK, self._watch)
        if self._clock.seconds() - self._heard >= SILENCE:
            self.drop(english("Redis has not answered for {seconds:g} s", seconds=SILENCE))
        else:
            # With subscriptions the answer is a push, which owes nothing.
            self._owed.extend(() if self._is_subscriber else (None,))
            self._write(command(b"PING"))


_PUSHES: Final = frozenset((b"message", b"subscribe", b"unsubscribe", b"pong"))
