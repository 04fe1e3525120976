"""What rests of a session's orders, and how it is cancelled.

Keys go back to CTP byte for byte as they came: an OrderSysID keeps its blanks, and half a
character, which no text can hold. All methods run in the reactor's thread.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import Layout, codec_for
from webctp.upstream.orders.keys import (
    ENDED,
    Identities,
    LocalIdentity,
    OrderIdentity,
    RefIdentity,
    Row,
    SysIdentity,
    local_identity,
    plain_ref,
)

CANCEL: Final = "ReqOrderAction"
CANCEL_QUOTE: Final = "ReqQuoteAction"
_QUOTES_WHOLE: Final = frozenset({"SHFE", "INE", "CZCE", "CFFEX"})
"""Exchanges that refuse to cancel a quote's single order (DJHDGZ 5): the quote is cancelled."""
_CONTRACT: Final = ("ExchangeID", "InstrumentID")
_TRIGGERED: Final = "c"
_CANCEL_SUBMITTED: Final = "1"
_DELETE: Final = "0"
_ROUNDS: Final = 2
"""How many rounds of cancelling a triggered condition is waited for: its order follows at once,
and where CTP has begun its flow anew nothing says any more that it is the condition's."""

Cancellation = tuple[str, dict[str, Any]]
"""The name of a request, and its body; keys are bytes, as they came."""


class _Resting(NamedTuple):
    """An order that may still trade, as CTP told it last."""

    by_ref: RefIdentity
    exchange: str
    day: str
    submit_status: str
    body: bytes


_new: Final = tuple.__new__
"""Makes a _Resting in half the time of its own constructor; each order's return needs one."""


class WorkingOrders:
    """Hold the orders of one trading session that may still trade, for cancel on disconnect.

    A session that recovers logs in anew and so has several (FrontID, SessionID). The orders that
    its triggered conditions enter are its own as well (by RelativeOrderSysID), and so are those
    of its quotes. A condition that has triggered rests no more; until its order is told, or an
    error in its place, the cancelling is not over.

    :param whole_account: whether every order counts, of whatever session or terminal.
    """

    def __init__(self, catalogue: Catalogue, *, whole_account: bool = False) -> None:
        self._whole_account = whole_account
        codec = codec_for(catalogue.module)
        self._order = codec.layout("CThostFtdcOrderField")
        self._quote = codec.layout("CThostFtdcQuoteField")
        self._sessions: set[tuple[int, int]] = set()
        self._resting: dict[OrderIdentity, _Resting] = {}
        self._locals: dict[LocalIdentity, OrderIdentity] = {}
        self._numbers: set[OrderIdentity] = set()
        self._triggered: dict[OrderIdentity, int] = {}
        self._entered: set[OrderIdentity] = set()
        self._quoted: dict[OrderIdentity, RefIdentity] = {}
        self._quotes: dict[RefIdentity, bytes] = {}
        self._asked: set[OrderIdentity] = set()

    def __len__(self) -> int:
        return len(self._resting) + len(self._triggered)

    def contract_of(self, by_ref: RefIdentity) -> Mapping[str, str]:
        """Return ExchangeID and InstrumentID of an order that rests; nothing for others."""
        found = (order.body for order in self._resting.values() if order.by_ref == by_ref)
        body = next(found, None)
        if body is None:
            return {}
        return {name: str(self._order.value(body, name)).strip() for name in _CONTRACT}

    @property
    def sessions(self) -> tuple[tuple[int, int], ...]:
        """FrontID and SessionID of every CTP session whose orders count."""
        return tuple(sorted(self._sessions))

    def login(self, front_id: int, session_id: int) -> None:
        """Count the orders of this CTP session, too."""
        self._sessions.add((front_id, session_id))

    def new_day(self, trading_day: str) -> None:
        """Forget what is of days before this one: no order outlives its trading day.

        A session may have lived on into the day before it logs in anew: its orders of that day
        stay, and so does what tells that they are its own.
        """
        self._resting = {
            identity: order for identity, order in self._resting.items() if order.day >= trading_day
        }
        # Exchange numbers begin anew each day: old ones would name other accounts' orders.
        refs = {order.by_ref for order in self._resting.values()}
        self._sessions = {ref[:2] for ref in refs}
        self._numbers = {name for name in self._resting if name not in refs}
        self._quoted = {
            name: quote
            for name, quote in self._quoted.items()
            if name in refs or name in self._resting
        }
        kept = set(self._quoted.values())
        self._quotes = {quote: body for quote, body in self._quotes.items() if quote in kept}
        self._locals.clear()
        self._triggered.clear()
        self._entered.clear()
        self._asked.clear()

    def update(self, row: Row, known: Identities, body: bytes) -> None:
        """Take a RtnOrder, of whatever session: its row, what it is known by, and its bytes."""
        by_ref, by_sys = known
        exchange = str(row["ExchangeID"]).strip() if by_sys is None else by_sys[0]
        condition = None
        if row["RelativeOrderSysID"] and (parent := str(row["RelativeOrderSysID"]).strip()):
            condition = exchange, parent
        by_local = None
        if not self._whole_account and by_ref[:2] not in self._sessions:
            by_local = local_identity(row)
            if not self._is_own(by_sys, by_local, condition):
                return
        if condition is not None:
            self._entered.add(condition)
            self._triggered.pop(condition, None)
        if by_local is not None and by_local in self._locals:
            # CTP has begun its flow anew: the order had another reference before.
            self._forget(self._locals.pop(by_local))
        identity: OrderIdentity = by_ref
        if by_sys is not None:
            # The order was known by its reference until the exchange had it.
            if by_ref in self._resting or by_ref in self._triggered:
                self._forget(by_ref)
            self._numbers.add(by_sys)
            identity = by_sys
        elif (by_local := by_local or local_identity(row)) is not None:
            self._locals[by_local] = by_ref
        status = row["OrderStatus"]
        if status in ENDED:
            self._forget(identity)
        elif status == _TRIGGERED:
            self._forget(identity)
            if identity not in self._entered:
                self._triggered[identity] = 0
        else:
            told = (by_ref, exchange, row["TradingDay"], row["OrderSubmitStatus"], body)
            self._resting[identity] = _new(_Resting, told)

    def failed(self, row: Row) -> None:
        """Take a RtnErrorConditionalOrder: what its condition was to enter is not entered."""
        number = str(row["OrderSysID"]).strip()
        if number:
            self._forget((str(row["ExchangeID"]).strip(), number))
        self._forget((row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"])))

    def quote(self, row: Row, body: bytes) -> None:
        """Take a RtnQuote: which two orders are its."""
        session = row["FrontID"], row["SessionID"]
        if not self._whole_account and session not in self._sessions:
            return
        quote: RefIdentity = (*session, plain_ref(row["QuoteRef"]))
        self._quotes[quote] = body
        exchange = str(row["ExchangeID"]).strip()
        for side in ("Ask", "Bid"):
            ref, number = plain_ref(row[f"{side}OrderRef"]), str(row[f"{side}OrderSysID"]).strip()
            if ref:
                self._quoted[(*session, ref)] = quote
            if number:
                self._quoted[exchange, number] = quote

    def cancels(self) -> list[Cancellation]:
        """Return the cancellation of each resting order whose cancellation was not asked for yet.

        An order that was cancelled by its reference, perhaps before CTP had it, is asked for
        again once it rests at the exchange. Call it again after each RtnOrder while cancelling.
        """
        due: list[Cancellation] = []
        for identity, order in self._resting.items():
            if identity in self._asked or order.submit_status == _CANCEL_SUBMITTED:
                continue
            self._asked.add(identity)
            quote = self._quote_of(identity, order)
            if quote is None:
                due.append((CANCEL, _cancellation(self._order, order.body, "Order")))
            elif quote not in self._asked:
                self._asked.add(quote)
                due.append((CANCEL_QUOTE, _cancellation(self._quote, self._quotes[quote], "Quote")))
        return due

    def ask_again(self) -> None:
        """Let :meth:`cancels` give all that rests: what was asked for may have been lost."""
        self._asked.clear()
        self._triggered = {
            identity: rounds + 1
            for identity, rounds in self._triggered.items()
            if rounds + 1 < _ROUNDS
        }

    def _forget(self, identity: OrderIdentity) -> None:
        self._resting.pop(identity, None)
        self._triggered.pop(identity, None)

    def _is_own(
        self,
        by_sys: SysIdentity | None,
        by_local: LocalIdentity | None,
        condition: SysIdentity | None,
    ) -> bool:
        """Return whether an order of no session of ours is ours.

        It is, if a condition or a quote entered it, or if its number is known from before CTP began
        its flow anew.
        """
        return (
            (condition is not None and condition in self._numbers)
            or (by_sys is not None and (by_sys in self._numbers or by_sys in self._quoted))
            or (by_local is not None and by_local in self._locals)
        )

    def _quote_of(self, identity: OrderIdentity, order: _Resting) -> RefIdentity | None:
        """Return the quote to cancel for an order; None where the order itself is cancelled."""
        if order.exchange not in _QUOTES_WHOLE:
            return None
        return self._quoted.get(order.by_ref) or self._quoted.get(identity)


def _cancellation(layout: Layout, body: bytes, stem: str) -> dict[str, Any]:
    """Return the body that cancels an order or a quote: by number, or else by reference."""
    number = f"{stem}SysID"
    names = ["BrokerID", "InvestorID", "UserID", "InvestUnitID", "ExchangeID", "InstrumentID"]
    if layout.raw(body, number).strip():
        return {"ActionFlag": _DELETE} | {name: layout.raw(body, name) for name in (*names, number)}
    session = {name: layout.value(body, name) for name in ("FrontID", "SessionID")}
    names.append(f"{stem}Ref")
    return {"ActionFlag": _DELETE} | {name: layout.raw(body, name) for name in names} | session
