"""Orders as CTP names and tells them: references, identities, replays, what still rests.

Rows are structs as :meth:`webctp.ctp.codec.Layout.unpack` gives them (``CThostFtdcOrderField``,
``CThostFtdcTradeField``), with at least the fields of :data:`ORDER_FIELDS` and
:data:`TRADE_KEY`. All methods run in the reactor's thread.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from twisted.logger import Logger

from webctp.ctp.catalog import Catalogue, Method

_log = Logger()

Row = Mapping[str, Any]

BAD_ORDER_FIELD: Final = 15
DUPLICATE_ORDER: Final = 22

_LARGEST_REF: Final = 10**12 - 1
"""``TThostFtdcOrderRefType`` is char[13]: twelve digits."""
_LARGEST_ACTION_REF: Final = 2**31 - 1
_INPUT: Final = "CThostFtdcInput"
_DERIVED: Final = {"AskOrderRef": "OrderRef", "BidOrderRef": "OrderRef"}
"""The two orders that a quote becomes: their references count as OrderRefs."""


class RefRefused(Exception):
    """A client's own reference that CTP would refuse: ``code`` is CTP's, the text says why."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class RefFields(NamedTuple):
    """The fields of a request that hold references of its own.

    ``inserts`` are texts of digits (``OrderRef``, ``ExecOrderRef``, ``QuoteRef`` …), ``actions``
    integers (``OrderActionRef`` …). An action's OrderRef names the order it is about, and is not
    among them.
    """

    inserts: tuple[str, ...]
    actions: tuple[str, ...]


@cache
def ref_fields(catalogue: Catalogue, method: Method) -> RefFields:
    """Find a request's own references in the catalogue, by this rule:

    in the struct of an insert (``Req…Insert`` with an ``Input…`` struct) every field of type
    ``TThostFtdcOrderRefType``; in any ``Input…`` struct every ``TThostFtdcOrderActionRefType``.
    A parked order has no ``Input…`` struct: it becomes an order later, in CTP's own hands.
    """
    if method.struct is None or not method.struct.startswith(_INPUT):
        return RefFields((), ())
    fields = catalogue.struct(method.struct).fields
    inserts = tuple(one.name for one in fields if one.ctp_type == "TThostFtdcOrderRefType")
    actions = tuple(one.name for one in fields if one.ctp_type == "TThostFtdcOrderActionRefType")
    return RefFields(inserts if method.name.endswith("Insert") else (), actions)


class OrderRefs:
    """The references of one CTP session: given where the client gives none, always growing.

    CTP wants digits and compares them as a number ("一定为数字, 必须保持递增"); text to the left
    of the digits (spaces, zeros) does not matter, so plain digits are given. One count serves all
    kinds of reference: two that never meet need no order, and a session's are unique so.

    :param max_order_ref: ``MaxOrderRef`` of the RspUserLogin; empty counts as 0.
    """

    def __init__(self, max_order_ref: str) -> None:
        self._last = 0
        self._last_action = 0
        self._marks: dict[str, int] = {}
        self.renew(max_order_ref)

    def renew(self, max_order_ref: str) -> None:
        """Begin anew after another login; what is given goes on growing all the same."""
        start = _number(max_order_ref) or 0
        # A client may have used the digits up; another session of CTP's has all of them again.
        self._last = start if self._last >= _LARGEST_REF else max(self._last, start)
        # Of the other kinds CTP tells no maximum.
        self._marks = {"OrderRef": start}

    def fill(self, catalogue: Catalogue, method: Method, body: dict[str, Any]) -> dict[str, Any]:
        """Fill the references that ``body`` leaves out, and check those it has.

        :returns: what was filled in.

        :raises RefRefused: for one that is no number (15) or does not grow (22); then ``body``
            and the count are as they were.
        """
        fields = ref_fields(catalogue, method)
        last, marks = self._last, dict(self._marks)
        filled: dict[str, Any] = {}
        for name in fields.inserts:
            kind = _DERIVED.get(name, name)
            own = str(body.get(name) or "").strip()
            number = _own(name, own, marks.get(kind, 0)) if own else last + 1
            if number > _LARGEST_REF:
                raise RefRefused(DUPLICATE_ORDER, f"{name}: the twelve digits are used up")
            if not own:
                filled[name] = str(number)
            last = max(last, number)
            marks[kind] = number
        action = self._last_action
        for name in fields.actions:
            given = body.get(name)
            if not given:
                filled[name] = given = action % _LARGEST_ACTION_REF + 1
            action = max(action, given)
        self._last, self._marks, self._last_action = last, marks, action
        body.update(filled)
        return filled


def _own(name: str, text: str, mark: int) -> int:
    """A client's own reference, checked against the last of its kind."""
    number = _number(text)
    if number is None:
        raise RefRefused(BAD_ORDER_FIELD, f"{name} must be a number in digits, got {text[:13]!a}")
    if number <= mark:
        raise RefRefused(
            DUPLICATE_ORDER,
            f"{name} {number} does not grow: the last of this session was {mark}; "
            "leave it out and one is given",
        )
    return number


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else None


@lru_cache(4096)  # an order is told many times
def plain_ref(text: object) -> str:
    """A reference without the padding that CTP may put before it."""
    stripped = str(text).strip()
    number = _number(stripped)
    return stripped if number is None else str(number)


RefIdentity = tuple[int, int, str]
"""How a session knows its order: FrontID, SessionID, OrderRef. After a restart of CTP's flow
others may have it."""

SysIdentity = tuple[str, str]
"""How the exchange knows an order: ExchangeID, OrderSysID."""

OrderIdentity = RefIdentity | SysIdentity

Identities = tuple[RefIdentity, SysIdentity | None]
"""Both; the second is None while the exchange does not have the order."""


def identities(row: Row) -> Identities:
    """What an order is known by."""
    by_ref = row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"])
    sys_id = str(row["OrderSysID"]).strip()
    return by_ref, (str(row["ExchangeID"]).strip(), sys_id) if sys_id else None


TRADE_KEY: Final = (
    "BrokerID",
    "InvestorID",
    "ExchangeID",
    "InstrumentID",
    "TradeID",
    "Direction",
    "TradingDay",
)
"""The fields that a trade is known by."""

ORDER_FIELDS: Final = (
    *("FrontID", "SessionID", "OrderRef", "ExchangeID", "OrderSysID", "RelativeOrderSysID"),
    *("TradingDay", "OrderStatus", "OrderSubmitStatus"),
    *("BrokerID", "InvestorID", "UserID", "InvestUnitID", "InstrumentID"),
)
"""The fields that tell which order it is, whether it rests, and how it is cancelled."""


def trade_identity(row: Row) -> tuple[str, ...]:
    """What a trade is known by. A trade with oneself has one TradeID and two Directions."""
    return tuple(str(row[name]).strip() for name in TRADE_KEY)


class _History:
    """What has been told of one order, and how far the replay after a login has come."""

    __slots__ = ("at_exchange", "changes", "run", "told")

    def __init__(self, run: int) -> None:
        self.changes: list[int] = []
        self.told = 0
        self.run = run
        self.at_exchange: SysIdentity | None = None


class Replays:
    """Recognises orders and trades that a login plays again (RESUME, RESTART).

    A trade is new once. An order is told many times, and may come to look as it looked before
    (a second cancellation that is refused like the first); so its history counts: a live
    repetition is one of the last row only, and after :meth:`begin` the history may come again
    from any point, in order. What follows it is new.

    Rows of the two latest trading days are remembered; others count as new.
    """

    def __init__(self) -> None:
        self._run = 0
        self._days: dict[str, tuple[set[tuple[str, ...]], dict[OrderIdentity, _History]]] = {}

    def begin(self) -> None:
        """A login has been answered: what comes may be a replay."""
        self._run += 1

    def new_trade(self, row: Row) -> bool:
        """Whether a RtnTrade has not been seen yet; remembers it."""
        trades, _ = self._day(row)
        identity = trade_identity(row)
        if identity in trades:
            return False
        trades.add(identity)
        return True

    def new_order(self, row: Row, known: Identities, said: bytes) -> bool:
        """Whether a RtnOrder says something new of its order; remembers it.

        :param known: what the order is known by.
        :param said: all that it says; the bytes of two that say the same are the same.
        """
        history = self._history(row, known)
        # A hash of 64 bits may err once in the lifetime of many daemons; it costs 8 bytes, not 800.
        change = hash(said)
        if history.run != self._run:
            history.run, history.told = self._run, 0
        changes = history.changes
        if history.told < len(changes):
            if change in changes[history.told :]:
                history.told = changes.index(change, history.told) + 1
                return False
        elif changes and changes[-1] == change:
            return False
        changes.append(change)
        history.told = len(changes)
        return True

    def _history(self, row: Row, known: Identities) -> _History:
        """An order's history, found by either identity; it has a second once at the exchange."""
        _, orders = self._day(row)
        by_ref, by_sys = known
        history = orders.get(by_sys) if by_sys is not None else None
        if history is None:
            history = orders.get(by_ref)
            # Orders that CTP itself enters may all have the same empty reference.
            if history is None or (by_sys is not None and history.at_exchange is not None):
                history = _History(self._run)
        orders[by_ref] = history
        if by_sys is not None:
            history.at_exchange = by_sys
            orders[by_sys] = history
        return history

    def _day(self, row: Row) -> tuple[set[tuple[str, ...]], dict[OrderIdentity, _History]]:
        day = str(row["TradingDay"])
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = (set(), {})
            for old in sorted(self._days)[:-2]:
                del self._days[old]
        return known


ENDED: Final = frozenset({"0", "5"})
"""OrderStatus of orders that have come to their end: all traded, cancelled."""
_CANCEL_SUBMITTED: Final = "1"
_DELETE: Final = "0"


class RestingOrders:
    """The orders of one daemon session that may still trade, for cancel on disconnect.

    A session that recovers logs in anew and so has several (FrontID, SessionID); orders that a
    triggered condition enters are its own as well (by RelativeOrderSysID).
    """

    def __init__(self) -> None:
        self._sessions: set[tuple[int, int]] = set()
        self._resting: dict[OrderIdentity, Row] = {}
        self._conditions: set[SysIdentity] = set()
        self._asked: set[OrderIdentity] = set()

    def __len__(self) -> int:
        return len(self._resting)

    def login(self, front_id: int, session_id: int) -> None:
        """Count the orders of this CTP session, too."""
        self._sessions.add((front_id, session_id))

    def new_day(self) -> None:
        """Forget everything: no order outlives its trading day."""
        self._sessions.clear()
        self._resting.clear()
        self._conditions.clear()
        self._asked.clear()

    def update(self, row: Row, known: Identities) -> None:
        """Take a RtnOrder, of whatever session, and what the order is known by."""
        by_ref, by_sys = known
        if by_ref[:2] not in self._sessions and not self._conditional(row):
            return
        if by_sys is not None:
            # It was known by its reference until the exchange had it.
            self._resting.pop(by_ref, None)
            self._conditions.add(by_sys)
        if row["OrderStatus"] in ENDED:
            self._resting.pop(by_sys or by_ref, None)
        else:
            self._resting[by_sys or by_ref] = row

    def cancels(self) -> list[dict[str, Any]]:
        """The ``InputOrderAction`` of each order that rests and has not been asked for yet.

        An order that was cancelled by its reference, perhaps before CTP had it, is asked for
        again once it rests at the exchange. Call it again after each RtnOrder while cancelling.
        """
        due = {
            identity: row
            for identity, row in self._resting.items()
            if identity not in self._asked and row["OrderSubmitStatus"] != _CANCEL_SUBMITTED
        }
        self._asked.update(due)
        return [cancel_body(row) for row in due.values()]

    def ask_again(self) -> None:
        """Let :meth:`cancels` give all that rests: what was asked for may have been lost."""
        self._asked.clear()

    def _conditional(self, row: Row) -> bool:
        """Whether a condition of the session's has entered it."""
        parent = str(row["RelativeOrderSysID"]).strip()
        return bool(parent) and (str(row["ExchangeID"]).strip(), parent) in self._conditions


def cancel_body(row: Row) -> dict[str, Any]:
    """The ``InputOrderAction`` that cancels an order: by OrderSysID, before it has one by ref."""
    names = ("BrokerID", "InvestorID", "UserID", "InvestUnitID", "ExchangeID", "InstrumentID")
    at_exchange = str(row["OrderSysID"]).strip()
    key = ("OrderSysID",) if at_exchange else ("FrontID", "SessionID", "OrderRef")
    return {"ActionFlag": _DELETE} | {name: row[name] for name in (*names, *key)}


class OrderLine:
    """Inserts and actions of a session, sent in the order they came.

    One that waits for the disk holds up those behind it, for references must grow. Where none
    waits, each is sent within :meth:`join` itself, and what it raises reaches the caller.
    """

    def __init__(self) -> None:
        self._line: dict[int, Callable[[], object] | None] = {}
        self._joined = 0

    def join(self, send: Callable[[], object] | None) -> int:
        """Stand in line; ``send`` is called when it is its turn, None if it is to wait.

        :returns: the place, for :meth:`ready`.
        """
        self._joined += 1
        if send is not None and not self._line:
            send()
        else:
            self._line[self._joined] = send
        return self._joined

    def ready(self, place: int, send: Callable[[], object]) -> None:
        """The one at ``place`` need not wait any longer; ``send`` may also refuse it instead."""
        self._line[place] = send
        self._advance()

    def _advance(self) -> None:
        while self._line:
            place = next(iter(self._line))
            send = self._line[place]
            if send is None:
                return
            del self._line[place]
            try:
                send()
            except Exception:  # noqa: BLE001 - those behind it are other clients' orders
                _log.failure("an order could not be sent when its turn came")
