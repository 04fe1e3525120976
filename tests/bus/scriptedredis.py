"""A Redis in the test's own process: it carries out commands when told, one at a time."""

from collections import deque
from collections.abc import Callable
from typing import Any

import hiredis
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionAborted
from twisted.python.failure import Failure

from webctp.bus.redis.line import RedisLine

Words = list[bytes]


class ScriptedRedis:
    """Carries out the commands of the bus on sets, hashes and strings; stands for a connector too.

    :ivar done: the commands that were carried out, in order.
    """

    def __init__(self) -> None:
        self.strings: dict[bytes, bytes] = {}
        self.sets: dict[bytes, set[bytes]] = {}
        self.hashes: dict[bytes, dict[bytes, bytes]] = {}
        self.channels: dict[bytes, list[Wire]] = {}
        self.done: list[Words] = []
        self.wires: list[Wire] = []
        self._waiting: deque[tuple[Wire, Words]] = deque()
        self._held: tuple[Wire, bytes] | None = None

    def connect(self, make: Callable[[], RedisLine]) -> Deferred[RedisLine]:
        """Connect a line, as a connector does."""
        line = make()
        wire = Wire(self, line)
        self.wires.append(wire)
        line.makeConnection(wire)
        return succeed(line)

    def take(self, wire: "Wire", words: Words) -> None:
        """Take a command, to be carried out by :meth:`run`."""
        self._waiting.append((wire, words))

    def run(self, until: Callable[[Words], bool] | None = None) -> None:
        """Carry out what waits, and answer.

        :param until: of a command that is carried out, and answered by the next call only.
        """
        if self._held is not None:
            (wire, reply), self._held = self._held, None
            wire.answer(reply)
        while self._waiting:
            wire, words = self._waiting.popleft()
            if wire not in self.wires:
                continue
            self.done.append(words)
            reply = self._carry_out(wire, words)
            if until is not None and until(words):
                self._held = (wire, reply)
                return
            wire.answer(reply)
        if until is not None:
            raise AssertionError(f"no such command; there were {[one[0] for one in self.done]}")

    def go_on(self, steps: int) -> None:
        """Carry out some of what waits, with its answers."""
        left = [min(steps, len(self._waiting))]

        def enough(_: Words) -> bool:
            left[0] -= 1
            return left[0] <= 0

        if left[0]:
            self.run(enough)

    def is_asked(self, verb: bytes) -> bool:
        """Return whether a command waits to be carried out."""
        return any(words[0] == verb for _, words in self._waiting)

    def cut(self, *wires: "Wire") -> None:
        """Lose connections, all where none is named, with whatever waits."""
        lost = wires or tuple(self.wires)
        self._waiting = deque(each for each in self._waiting if each[0] not in lost)
        for wire in lost:
            wire.abortConnection()

    def published(self, channel: bytes) -> list[bytes]:
        """Return what was published on a channel."""
        return [words[2] for words in self.done if words[:2] == [b"PUBLISH", channel]]

    def gone(self, wire: "Wire") -> None:
        """Forget a connection."""
        self.wires.remove(wire)
        for wires in self.channels.values():
            if wire in wires:
                wires.remove(wire)

    def _carry_out(self, wire: "Wire", words: Words) -> bytes:
        verb, *rest = words
        if verb == b"CLIENT":
            wire.skips = True
            return b""
        act: Callable[..., bytes] = getattr(self, f"_{verb.decode().lower()}")
        return act(wire, *rest) if verb in (b"SUBSCRIBE", b"UNSUBSCRIBE") else act(*rest)

    def _subscribe(self, wire: "Wire", *channels: bytes) -> bytes:
        for one in channels:
            self.channels.setdefault(one, []).append(wire)
        return b"".join(_array(b"subscribe", one, 1) for one in channels)

    def _unsubscribe(self, wire: "Wire", *channels: bytes) -> bytes:
        for one in channels:
            self.channels[one].remove(wire)
        return b"".join(_array(b"unsubscribe", one, 1) for one in channels)

    def _publish(self, channel: bytes, body: bytes) -> bytes:
        wires = list(self.channels.get(channel, ()))
        for wire in wires:
            wire.line.dataReceived(_array(b"message", channel, body))
        return _reply(len(wires))

    def _ping(self) -> bytes:
        return b"+PONG\r\n"

    def _get(self, key: bytes) -> bytes:
        return _reply(self.strings.get(key))

    def _set(self, key: bytes, value: bytes, *expiry: bytes) -> bytes:
        self.strings[key] = value
        return b"+OK\r\n"

    def _del(self, key: bytes) -> bytes:
        held: tuple[dict[bytes, Any], ...] = (self.strings, self.hashes)
        return _reply(int(sum(kind.pop(key, None) is not None for kind in held) > 0))

    def _exists(self, key: bytes) -> bytes:
        return _reply(int(key in self.strings))

    def _sadd(self, key: bytes, *members: bytes) -> bytes:
        self.sets.setdefault(key, set()).update(members)
        return _reply(len(members))

    def _srem(self, key: bytes, *members: bytes) -> bytes:
        self.sets.get(key, set()).difference_update(members)
        return _reply(len(members))

    def _smembers(self, key: bytes) -> bytes:
        return _array(*sorted(self.sets.get(key, ())))

    def _hset(self, key: bytes, *pairs: bytes) -> bytes:
        self.hashes.setdefault(key, {}).update(zip(pairs[::2], pairs[1::2], strict=True))
        return _reply(len(pairs) // 2)

    def _hmget(self, key: bytes, *fields: bytes) -> bytes:
        return _array(*(self.hashes.get(key, {}).get(one) for one in fields))


class Wire:
    """A connection to it: the transport of a line."""

    def __init__(self, redis: ScriptedRedis, line: RedisLine) -> None:
        self._redis = redis
        self.line = line
        self.skips = False
        """Whether the next reply is not to be given."""
        self._reader = hiredis.Reader()

    def getHandle(self) -> None:
        """Of a transport: no socket of its own."""

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        """Of a transport."""

    def write(self, data: bytes) -> None:
        """Of a transport: take commands."""
        self._reader.feed(data)
        while (words := self._reader.gets()) is not False:
            self._redis.take(self, words)

    def abortConnection(self) -> None:
        """Of a transport."""
        if self in self._redis.wires:
            self._redis.gone(self)
            self.line.connectionLost(Failure(ConnectionAborted()))

    def answer(self, reply: bytes) -> None:
        """Give a reply, unless none is wanted."""
        if not reply or self not in self._redis.wires:
            return
        if self.skips:
            self.skips = False
            return
        self.line.dataReceived(reply)


def _reply(value: bytes | int | None) -> bytes:
    if value is None:
        return b"$-1\r\n"
    if isinstance(value, int):
        return b":%d\r\n" % value
    return b"$%d\r\n%b\r\n" % (len(value), value)


def _array(*parts: bytes | int | None) -> bytes:
    return b"*%d\r\n" % len(parts) + b"".join(map(_reply, parts))
