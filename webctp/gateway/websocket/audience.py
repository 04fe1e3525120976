"""Join consecutive ticks once for all clients that get the same ones.

A friend of :class:`~webctp.gateway.websocket.fanout.Fanout`, which see.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, Protocol, TypeVar

from webctp.gateway.websocket.traffic import Traffic


class Change(bytes):
    """The frame of a message that says only what has changed since the one before it.

    A client that has fallen behind may never get that one, so for it :meth:`whole` takes its
    place.
    """

    _make: Callable[[], bytes]
    _whole: bytes | None

    @classmethod
    def of(cls, frame: bytes, whole: Callable[[], bytes]) -> "Change":
        """Return ``frame`` as a change.

        :param whole: makes the frame of the message with everything; called once, if at all.
        """
        change = cls(frame)
        change._make, change._whole = whole, None
        return change

    def whole(self) -> bytes:
        """Return the frame of the message with everything; the same object each time."""
        if self._whole is None:
            self._whole = self._make()
        return self._whole


class Deflates(Protocol):
    """Compresses frames."""

    def frame(self, frame: bytes) -> bytes:
        """Return a frame compressed, or as it is."""


class Member(Protocol):
    """An outbox, as an audience uses it."""

    @property
    def deflater(self) -> Deflates | None:
        """What compresses the frames; None where nothing is compressed."""

    send_now: Callable[[bytes], int] | None
    pending: list[bytes]

    def ticks(self, keys: Iterable[bytes], frames: Iterable[bytes], joined: bytes) -> None:
        """Add several ticks, which are given in one piece as well."""

    def write_rest(self, *rest: bytes) -> None:
        """Give the transport what the kernel did not take."""


M = TypeVar("M", bound=Member)


class Batching(Protocol):
    """The fan-out, as an audience uses it."""

    traffic: Traffic

    def begin_batch(self, audience: "Audience[Any] | None") -> None:
        """Begin ticks for ``audience``; those of another leave before."""


class Audience(Generic[M]):
    """Join consecutive ticks once for all outboxes that get the same ones."""

    def __init__(self, fanout: Batching, members: frozenset[M]) -> None:
        self._fanout = fanout
        self.members = members
        self._batches = fanout.traffic.batches_to(len(members))
        self._keys: list[bytes] = []
        self._frames: list[bytes] = []

    def tick(self, key: bytes, frame: bytes) -> None:
        """Add a frame of which only the newest with the same ``key`` matters."""
        if not self._frames:
            self._fanout.begin_batch(self)
        self._keys.append(key)
        self._frames.append(frame)

    def take(self, keys: list[bytes], frames: list[bytes]) -> None:
        """Take frames for the next flush, in the place of all others."""
        self._keys, self._frames = keys, frames

    def flush(self, *, last: bool) -> None:
        """Give every member the ticks added; ``last`` when no more follow in this turn."""
        keys, self._keys = self._keys, []
        frames, self._frames = self._frames, []
        joined = frames[0] if len(frames) == 1 else b"".join(frames)
        size = len(joined)
        batches = self._batches
        batches.ticks += len(frames)
        batches.bytes += size
        for outbox in self.members:
            send = outbox.send_now if last else None
            if send is None or outbox.pending:
                outbox.ticks(keys, frames, joined)
                continue
            # Of all there is this runs most often, so it calls nothing but the kernel.
            try:
                sent = send(joined)
            except OSError:
                sent = 0
            if sent != size:
                outbox.write_rest(joined[sent:])


class MixedAudience(Audience[M]):
    """An audience of which some get their frames compressed: once for all who get the same."""

    def __init__(self, fanout: Batching, members: frozenset[M]) -> None:
        super().__init__(fanout, members)
        groups: dict[Deflates | None, list[M]] = {}
        for outbox in members:
            groups.setdefault(outbox.deflater, []).append(outbox)
        self._groups: list[tuple[Deflates | None, Audience[M]]] = [
            (deflater, Audience(fanout, frozenset(some))) for deflater, some in groups.items()
        ]

    def flush(self, *, last: bool) -> None:
        """Give every group its frames; see :meth:`Audience.flush`."""
        keys, self._keys = self._keys, []
        frames, self._frames = self._frames, []
        for deflater, group in self._groups:
            group.take(keys, frames if deflater is None else list(map(deflater.frame, frames)))
            group.flush(last=last)
