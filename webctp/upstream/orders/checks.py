"""What an order must pass before it is sent: a list of small checks, each a class.

A new rule is one class here and one entry in :func:`first_checks` or :func:`send_checks`; limits
that accounts and tokens may have are in :mod:`webctp.upstream.risk.checks`. Checks run in the
reactor's thread for each order, so they decide at once, by what they hold. A refusal is written to
the journal by the order entry.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from twisted.internet.interfaces import IReactorTime

from webctp.config.trading import TradingSettings
from webctp.ctp import errors
from webctp.ctp.catalog import Method
from webctp.ctp.refusal import Limited, Refusal
from webctp.language.text import Text, english
from webctp.upstream.orders.order import UNWATCHED, Order, OrderWatch

ORDER_PATIENCE: Final = 0.5
"""Seconds, unless the configuration says otherwise (``OrderPatience``)."""


class OrderCheck(Protocol):
    """Hold an order against one rule."""

    def refusal(self, order: Order) -> Refusal | None:
        """Return why an order is not sent; None where this check lets it pass."""

    def preview(self, order: Order) -> Iterable[Refusal]:
        """Give every reason why an order would not be sent; nothing is noted of it."""


@dataclass(frozen=True)
class OrderRules:
    """What the orders of a session must pass on their way to the native call.

    :ivar checks: asked of every order, of one whose ClientOrderID was used before, too.
    :ivar send_checks: asked of an order that would be sent now, right before it is.
    :ivar watch: follows the orders, and may stop one right before the native call.
    :ivar patience: seconds that an order may wait for the disk; ``OrderPatience``.
    """

    checks: tuple[OrderCheck, ...]
    send_checks: tuple[OrderCheck, ...]
    watch: OrderWatch = UNWATCHED
    patience: float = ORDER_PATIENCE


class _Plain(ABC):
    """A check that notes nothing, and has one reason at most."""

    @abstractmethod
    def refusal(self, order: Order) -> Refusal | None:
        """See :class:`OrderCheck`."""

    def preview(self, order: Order) -> Iterable[Refusal]:
        """See :class:`OrderCheck`."""
        refusal = self.refusal(order)
        return () if refusal is None else (refusal,)


class OwnerMayOrder(_Plain):
    """Refuse what an owner enters that has no right to order now: its own login is under way."""

    def refusal(self, order: Order) -> Refusal | None:
        """See :class:`OrderCheck`."""
        return order.owner.may_order()


class SessionUsable(_Plain):
    """Refuse orders while the session is not ready (-401, -503).

    :param refusal_of: returns why the session cannot take a request of a method now.
    """

    def __init__(self, refusal_of: Callable[[Method], Refusal | None]) -> None:
        self._refusal_of = refusal_of

    def refusal(self, order: Order) -> Refusal | None:
        """See :class:`OrderCheck`."""
        return self._refusal_of(order.method)


class JournalWritable(_Plain):
    """Refuse inserts while the journal cannot be written (-503); what rests may be cancelled.

    :param trouble: returns why nothing may be inserted; None where all is well.
    """

    def __init__(self, trouble: Callable[[], Text | None]) -> None:
        self._trouble = trouble

    def refusal(self, order: Order) -> Refusal | None:
        """See :class:`OrderCheck`."""
        trouble = self._trouble()
        if trouble is None or not order.is_insert:
            return None
        return Refusal(errors.NOT_READY, trouble)


class OrderRateLimit:
    """Refuse inserts and actions beyond ``rate`` a second (``OrderRate``, -429).

    It delays nothing, for an order that is late is another order. The window slides: in no second
    of any beginning are more than ``rate`` admitted.
    """

    def __init__(self, clock: IReactorTime, rate: int) -> None:
        self._clock = clock
        self._rate = rate
        self._allowed: deque[float] = deque(maxlen=rate)

    def take(self, rate: int) -> None:
        """Take another rate; what was admitted within the last second counts on."""
        self._rate = rate
        self._allowed = deque(self._allowed, maxlen=rate)

    def refusal(self, order: Order) -> Refusal | None:
        """See :class:`OrderCheck`; what passes is counted, so this check comes last."""
        return None if self.allow() else self._too_fast()

    def preview(self, order: Order) -> Iterable[Refusal]:
        """See :class:`OrderCheck`."""
        oldest = self._allowed[0] if len(self._allowed) == self._rate else None
        within = oldest is None or self._clock.seconds() - oldest >= 1.0
        return () if within else (self._too_fast(),)

    def allow(self) -> bool:
        """Return whether an order may go now; if so, it is counted."""
        now = self._clock.seconds()
        if len(self._allowed) == self._rate and now - self._allowed[0] < 1.0:
            return False
        self._allowed.append(now)
        return True

    def _too_fast(self) -> Refusal:
        detail = english("more than OrderRate inserts and actions a second; it is not sent")
        wait = self._allowed[0] + 1.0 - self._clock.seconds()
        return Refusal(errors.TOO_MANY, Limited.of(detail, limit=self._rate, retry_after=wait))


def first_checks(refusal_of: Callable[[Method], Refusal | None]) -> tuple[OrderCheck, ...]:
    """Return the checks of every order, also of one whose ClientOrderID was used before.

    :param refusal_of: see :class:`SessionUsable`.
    """
    return OwnerMayOrder(), SessionUsable(refusal_of)


def send_checks(
    settings: TradingSettings,
    trouble: Callable[[], Text | None] | None,
    risk: OrderCheck | None,
    rate: OrderCheck,
) -> tuple[OrderCheck, ...]:
    """Return the checks of an order right before it is sent, in the order of asking.

    :param trouble: see :class:`JournalWritable`; None without a journal.
    :param risk: the account's limits and the kill switch; None where there are none.
    :param rate: the session's :class:`OrderRateLimit`, asked where there is an ``OrderRate``.
    """
    checks: list[OrderCheck] = []
    if trouble is not None:
        checks.append(JournalWritable(trouble))
    if risk is not None:
        checks.append(risk)
    if settings.order_rate:  # what passes it is counted as sent, so this check comes last
        checks.append(rate)
    return tuple(checks)
