"""Send a stream's messages with what has changed only, to whoever holds what they changed from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, Protocol, TypeVar

from webctp.gateway.messages.changes import Cells
from webctp.gateway.websocket.audience import Audience, Change
from webctp.gateway.websocket.fanout import Fanout, Outbox

WHOLE_EVERY: Final = 30.0
"""Seconds after which a message says everything again."""

V = TypeVar("V")
"""What a message is made of: it must not change any more."""


class ChangesContext(Protocol):
    """What streams of changes need of the service."""

    fanout: Fanout
    epoch: int
    """Counts the upstream's connections: with each everything is told anew."""


@dataclass(frozen=True, slots=True)
class Form(Generic[V]):
    """How messages of one kind are made.

    :ivar whole: frames a message that says everything.
    :ivar read: returns the cells that are compared.
    :ivar change: frames what has changed from the first cells to the second; None where
        everything is to be said.
    """

    whole: Callable[[V], bytes]
    read: Callable[[V], Cells]
    change: Callable[[Cells, Cells], bytes | None]


class Changes(Generic[V]):
    """Remember what one stream's audience holds, and send it what differs.

    Who is new to the audience is sent a whole message first; so is everybody after a while
    (:data:`WHOLE_EVERY`), and when the upstream has connected anew. An outbox that is behind takes
    the whole message by itself (:class:`~webctp.gateway.websocket.audience.Change`).
    """

    def __init__(self, context: ChangesContext, form: Form[V]) -> None:
        self._context = context
        self._form = form
        self._held: Cells | None = None
        self._epoch = 0
        self._whole_at = 0.0
        self._members: frozenset[Outbox] = frozenset()
        self._newcomers: frozenset[Outbox] = frozenset()

    def welcome(self, members: frozenset[Outbox], asked: Iterable[Outbox]) -> None:
        """Note who belongs to the audience from now on.

        :param asked: outboxes of clients that have come or have asked anew since the last call.
        """
        fresh = self._newcomers.union(asked, members - self._members)
        self._members, self._newcomers = members, members & fresh

    def send(self, audience: Audience[Outbox], key: bytes, value: V) -> None:
        """Send a message: to each member what it needs."""
        form, context = self._form, self._context
        held, self._held = self._held, form.read(value)
        now = context.fanout.clock.seconds()
        change = None
        if held is not None and now < self._whole_at and self._epoch == context.epoch:
            change = form.change(held, self._held)
        if change is None:
            self._whole_at, self._epoch = now + WHOLE_EVERY, context.epoch
            self._newcomers = frozenset()
            audience.tick(key, form.whole(value))
            return
        told = Change.of(change, partial(form.whole, value))
        newcomers = self._newcomers
        if newcomers:
            self._newcomers = frozenset()
            context.fanout.audience(newcomers).tick(key, told.whole())
            audience = context.fanout.audience(audience.members - newcomers)
        if audience.members:
            audience.tick(key, told)
