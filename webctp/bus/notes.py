"""What publishers and edges tell each other beside ticks, and the names of keys and channels.

Notes travel as MessagePack on a publisher's control channel. A reader passes over what it does
not know, so that a later release may tell more. Everything here is pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

_LONGEST_REASON: Final = 512


class State(msgspec.Struct, frozen=True, kw_only=True, tag="state"):
    """How a publisher stands; told twice a second, and at once where it changes.

    ``state`` is a :class:`~webctp.upstream.session.login.LoginState`; ``login`` the body of its
    RspUserLogin, ``day`` what GetTradingDay says. ``time`` is the time at its front, in
    nanoseconds since 1970, and ``speed`` how fast it goes. ``begun`` is the first epoch of the
    publisher's process: nobody knows what one before has not sent any more.
    """

    epoch: int
    partitions: int
    state: str
    reason: str
    since: float
    login: bytes | None
    day: str
    time: int
    speed: float
    begun: int = 0


class Listed(msgspec.Struct, frozen=True, kw_only=True, tag="listed"):
    """Instruments that the publisher has come to know."""

    names: list[bytes]


class Missed(msgspec.Struct, frozen=True, kw_only=True, tag="missed"):
    """Ticks that the publisher itself was not given: how many of each instrument.

    ``totals`` are those of its process, which began with the epoch ``begun``: who has heard of
    some before tells the rest.
    """

    names: dict[bytes, int]
    totals: dict[bytes, int] = {}
    begun: int = 0


class Revoked(msgspec.Struct, frozen=True, kw_only=True, tag="revoked"):
    """Tokens that are not to be taken any more, by their hashes, and those that are again."""

    hashes: list[str]
    restored: list[str] = []


class Pushed(msgspec.Struct, frozen=True, kw_only=True, tag="pushed"):
    """A request for quotes, or an instrument that the front refuses: a callback, as it came."""

    callback: str
    body: bytes | None
    info: bytes | None


Note = State | Listed | Missed | Pushed | Revoked

encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final[Callable[[bytes], Note]] = msgspec.msgpack.Decoder(Note).decode


def note_of(raw: bytes) -> Note | None:
    """Return the note that bytes are; None for what this release does not know."""
    try:
        return _decode(raw)
    except msgspec.DecodeError:
        return None


class Wanted(msgspec.Struct, frozen=True):
    """What an edge wants: a lease's value."""

    tick: list[bytes]
    quote: list[bytes]


_wanted: Final[Callable[[bytes], Wanted]] = msgspec.msgpack.Decoder(Wanted).decode


def wanted_of(raw: bytes) -> Wanted:
    """Return what a lease says; nothing for what this release does not know."""
    try:
        return _wanted(raw)
    except msgspec.DecodeError:
        return Wanted([], [])


def shortened(reason: str) -> str:
    """Return a reason that is not too long to be told twice a second."""
    return reason[:_LONGEST_REASON]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one publisher's keys and channels.

    Its keys share a hash tag, so that they would lie together in a cluster.
    """

    prefix: str
    publisher: str

    def ticks(self, partition: int) -> bytes:
        """Return the channel of a partition's frames."""
        return self._of(f"t{partition}")

    def newest(self, partition: int) -> bytes:
        """Return the hash of the newest frames of a partition, by instrument."""
        return self._of(f"n{partition}")

    @property
    def control(self) -> bytes:
        """The channel of notes."""
        return self._of("control")

    @property
    def epoch(self) -> bytes:
        """The key of the last epoch."""
        return self._of("epoch")

    @property
    def instruments(self) -> bytes:
        """The set of instruments known."""
        return self._of("instruments")

    @property
    def missed(self) -> bytes:
        """The hash of how many ticks the publisher was not given, by instrument."""
        return self._of("missed")

    @property
    def revoked(self) -> bytes:
        """The set of hashes of tokens that are not to be taken any more."""
        return self._of("revoked")

    @property
    def edges(self) -> bytes:
        """The set of edges that have, or had, leases."""
        return self._of("edges")

    @property
    def wanted(self) -> bytes:
        """The channel on which edges say that their lease has changed."""
        return self._of("wanted")

    def lease(self, edge: bytes) -> bytes:
        """Return the key of what an edge wants; it ends with the edge."""
        return self._of("lease") + b":" + edge

    def _of(self, what: str) -> bytes:
        return f"{self.prefix}:{{{self.publisher}}}:{what}".encode()
