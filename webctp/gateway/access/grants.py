"""What a principal may do within its scopes: a list of small checks, none for whoever has no bound.

Cancellations pass every check but that of the account: what rests may always be taken back.
"""

from functools import cache, lru_cache
from typing import Final, Protocol

from webctp.ctp import errors
from webctp.ctp.catalog import Method
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.access.patterns import Patterns
from webctp.gateway.access.principal import Principal, Scope
from webctp.gateway.access.rate import MessageRate
from webctp.gateway.access.scopes import trading_scope
from webctp.gateway.messages.schema import Request
from webctp.language.text import english

CANCELS: Final = "Action"
"""The end of the names of requests that take something back."""
_SHOWN: Final = 32


class RequestCheck(Protocol):
    """One bound that a principal's requests keep to."""

    def refusal(self, request: Request) -> Refusal | None:
        """Return why a request is not carried out; None where this check lets it pass."""


class AccountAllowed:
    """Refuses requests that name another account than the principal may log in to (-403).

    Requests that leave UserID out are about the account that is logged in.

    :param broker_id: the BrokerID of requests that name none.
    """

    def __init__(self, name: str, patterns: tuple[str, ...], broker_id: str) -> None:
        self._name = name
        self._patterns = Patterns(patterns)
        self._broker_id = broker_id

    def refusal(self, request: Request) -> Refusal | None:
        """See :class:`RequestCheck`."""
        user = request.body.get("UserID")
        if not user:
            return None
        broker = request.body.get("BrokerID") or self._broker_id
        if self._patterns.covers(user) or self._patterns.covers(f"{broker}:{user}"):
            return None
        return Refusal(
            errors.FORBIDDEN,
            english(
                "UserID {user!a} of BrokerID {broker!a} is none of the accounts of "
                "{name}: {listed}",
                user=user[:_SHOWN],
                broker=broker[:_SHOWN],
                name=self._name,
                listed=self._patterns,
            ),
        )


class InstrumentsAllowed:
    """Refuses orders for other instruments than the principal may trade (-403)."""

    def __init__(self, name: str, patterns: tuple[str, ...]) -> None:
        self._name = name
        self._patterns = Patterns(patterns)

    def refusal(self, request: Request) -> Refusal | None:
        """See :class:`RequestCheck`."""
        if not _enters(request.method):
            return None
        instrument = request.body.get("InstrumentID")
        return None if not instrument else self.refusal_of(instrument)

    def refusal_of(self, instrument: str) -> Refusal | None:
        """Return why an instrument, or a pattern, may not be had."""
        if self._patterns.covers_instrument(instrument):
            return None
        return Refusal(
            errors.FORBIDDEN,
            english(
                "InstrumentID {instrument!a} is none of the instruments of {name}: {listed}",
                instrument=instrument[:_SHOWN],
                name=self._name,
                listed=self._patterns,
            ),
        )


class CancelsItsOwn:
    """Refuses ``CancelOnDisconnect`` of who may not trade: in a shared session it takes back what
    others have ordered (-403)."""

    def __init__(self, name: str) -> None:
        self._name = name

    def refusal(self, request: Request) -> Refusal | None:
        """See :class:`RequestCheck`."""
        if "CancelOnDisconnect" not in request.options:
            return None
        return Refusal(
            errors.FORBIDDEN,
            english(
                "CancelOnDisconnect needs the scope {needed}, which {name} has not; leave it out",
                needed=Scope.TRADE,
                name=self._name,
            ),
        )


class OrdersWithinRate:
    """Refuses inserts beyond the principal's rate, over all its connections (-429)."""

    def __init__(self, name: str, rate: MessageRate) -> None:
        self._name = name
        self._rate = rate

    def refusal(self, request: Request) -> Refusal | None:
        """See :class:`RequestCheck`."""
        if not _inserts(request.method):
            return None
        rate = self._rate
        rate.left -= 1
        if rate.left >= 0 or rate.admit():
            return None
        return Refusal(
            errors.TOO_MANY,
            Limited.of(
                english(
                    "more than {limit} inserts a second by {name}; send fewer, or raise {key}",
                    limit=rate.limit,
                    name=self._name,
                    key=rate.key,
                ),
                limit=rate.limit,
                retry_after=rate.wait(),
            ),
        )


@cache
def _inserts(method: Method) -> bool:
    """Return whether a request counts as an insert."""
    return method.is_order and _enters(method)


@cache
def _enters(method: Method) -> bool:
    """Return whether a request may enter something into the market."""
    return trading_scope(method) is Scope.TRADE and not method.name.endswith(CANCELS)


def request_checks(principal: Principal, broker_id: str) -> tuple[RequestCheck, ...]:
    """Return the checks of a principal's requests at ``/td/``; none where it has no bound.

    :param broker_id: see :class:`AccountAllowed`.
    """
    found: list[RequestCheck] = []
    if principal.accounts:
        found.append(AccountAllowed(principal.name, principal.accounts, broker_id))
    if principal.instruments:
        found.append(InstrumentsAllowed(principal.name, principal.instruments))
    if Scope.TRADE not in principal.scopes:
        found.append(CancelsItsOwn(principal.name))
    if principal.usage is not None and principal.usage.orders is not None:
        found.append(OrdersWithinRate(principal.name, principal.usage.orders))
    return tuple(found)


_BOUND_INSERTS: Final = AccountAllowed, InstrumentsAllowed


@lru_cache(maxsize=256)
def _insert_bounds(principal: Principal, broker_id: str) -> tuple[RequestCheck, ...]:
    checks = request_checks(principal, broker_id)
    return tuple(check for check in checks if isinstance(check, _BOUND_INSERTS))


def insert_refusals(principal: Principal, broker_id: str, request: Request) -> list[Refusal]:
    """Return every reason why a principal may not send an insert; how many it sends is no matter.

    :param broker_id: see :class:`AccountAllowed`.
    """
    found = []
    if Scope.TRADE not in principal.scopes:
        detail = english("{name} lacks the scope {needed}", name=principal.name, needed=Scope.TRADE)
        found.append(Refusal(errors.FORBIDDEN, detail))
    refusals = (check.refusal(request) for check in _insert_bounds(principal, broker_id))
    return [*found, *(one for one in refusals if one is not None)]


def sessions_refusal(principal: Principal) -> Refusal | None:
    """Return why no more sessions with a front are opened for a principal."""
    most = principal.limits.sessions
    if not most or principal.usage is None or principal.usage.sessions < most:
        return None
    return Refusal(
        errors.TOO_MANY,
        Limited.of(
            english(
                "{most} sessions of {name} are open, the limit of its token; log out elsewhere",
                most=most,
                name=principal.name,
            ),
            limit=most,
        ),
    )


class HeldSubscriptions:
    """Count what a client of a principal is subscribed to, against the principal's limit.

    A pattern counts as one, whatever it finds; ``MaxInstruments`` bounds that.
    """

    def __init__(self, principal: Principal) -> None:
        self._principal = principal
        self._held: set[tuple[str, bytes]] = set()

    def take(self, kind: str, names: list[bytes]) -> list[bytes]:
        """Count names in, before they are subscribed to; gives those that are new.

        :raises webctp.ctp.refusal.Refusal: -429 beyond the limit; then none is counted.
        """
        usage, most = self._principal.usage, self._principal.limits.subscriptions
        if usage is None or not most:
            return []
        new = [one for one in dict.fromkeys(names) if (kind, one) not in self._held]
        if usage.subscriptions + len(new) > most:
            raise Refusal(
                errors.TOO_MANY,
                Limited.of(
                    english(
                        "{count} subscriptions of {name} stand, {new} more would be beyond {most}, "
                        "the limit of its token; unsubscribe from some",
                        count=usage.subscriptions,
                        name=self._principal.name,
                        new=len(new),
                        most=most,
                    ),
                    limit=most,
                ),
            )
        usage.subscriptions += len(new)
        self._held.update((kind, one) for one in new)
        return new

    def give_up(self, kind: str, names: list[bytes]) -> None:
        """Count names no longer; those that are not counted do no harm."""
        gone = self._held.intersection((kind, one) for one in names)
        self._held -= gone
        if self._principal.usage is not None:
            self._principal.usage.subscriptions -= len(gone)

    def close(self) -> None:
        """Count nothing any more: the client is gone, or logs out."""
        if self._principal.usage is not None:
            self._principal.usage.subscriptions -= len(self._held)
        self._held.clear()
