"""Orders as CTP names them: references, and what an order is known by.

Rows are structs as :meth:`webctp.ctp.codec.Layout.unpack` gives them (``CThostFtdcOrderField``),
with at least the fields of :data:`ORDER_FIELDS`. All methods run in the reactor's thread.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import Layout
from webctp.ctp.refusal import Refusal
from webctp.language.text import english

Row = Mapping[str, Any]

BAD_ORDER_FIELD: Final = 15
ORDER_FIELD_CODES: Final = (BAD_ORDER_FIELD, 16)
"""Refusals behind which a field that was left out may stand: 16 says there is no instrument."""
DUPLICATE_ORDER: Final = 22

_LARGEST_REF: Final = 10**12 - 1
"""``TThostFtdcOrderRefType`` is char[13]: twelve digits."""
_LARGEST_ACTION_REF: Final = 2**31 - 1
_INPUT: Final = "CThostFtdcInput"
_DERIVED: Final = {"AskOrderRef": "OrderRef", "BidOrderRef": "OrderRef"}
"""The two orders that a quote becomes: their references count as OrderReferences."""


class RefRefused(Refusal):
    """A client's own reference that CTP would refuse: ``code`` is CTP's, 15 or 22.

    It is answered as CTP would have answered it, and so has to be told apart.
    """


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


class OrderReferences:
    """Give the references of one CTP session where the client gives none, always growing.

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
        # A client may have used up the twelve digits; a new session of CTP's begins anew.
        self._last = start if self._last >= _LARGEST_REF else max(self._last, start)
        # CTP tells no maximum of the other kinds of reference.
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
                raise RefRefused(
                    DUPLICATE_ORDER, english("{name}: the twelve digits are used up", name=name)
                )
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
    """Return a client's own reference as a number, checked against the last of its kind."""
    number = _number(text)
    if number is None:
        raise RefRefused(
            BAD_ORDER_FIELD,
            english("{name} must be a number in digits, got {found!a}", name=name, found=text[:13]),
        )
    if number <= mark:
        raise RefRefused(
            DUPLICATE_ORDER,
            english(
                "{name} {number} does not grow: the last of this session was {last}; "
                "leave it out and one is given",
                name=name,
                number=number,
                last=mark,
            ),
        )
    return number


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else None


@lru_cache(4096)  # an order is told many times
def plain_ref(text: object) -> str:
    """Return a reference without the padding that CTP may put before it."""
    stripped = str(text).strip()
    number = _number(stripped)
    return stripped if number is None else str(number)


_REFS: Final = ("OrderRef", "QuoteRef", "ExecOrderRef", "OptionSelfCloseRef", "CombActionRef")


def ref_of(body: Row) -> str:
    """Return the reference of an insert, or of what an action is about, with its kind."""
    given = next((name for name in _REFS if body.get(name)), None)
    return "" if given is None else f"{given} {plain_ref(body[given])}"


RefIdentity = tuple[int, int, str]
"""How a session knows its order: FrontID, SessionID, OrderRef. After a restart of CTP's flow
others may have it."""

SysIdentity = tuple[str, str]
"""How the exchange knows an order: ExchangeID, OrderSysID."""

LocalIdentity = tuple[str, str, str]
"""How CTP knows an order: ExchangeID, TraderID, OrderLocalID. It has one from CTP's acceptance
on, and keeps it when CTP begins its flow anew and gives other references."""

OrderIdentity = RefIdentity | SysIdentity | LocalIdentity

Identities = tuple[RefIdentity, SysIdentity | None]
"""By reference and by the exchange's number; None while the exchange does not have the order."""


def identities(row: Row) -> Identities:
    """Return what an order is known by."""
    by_ref = row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"])
    sys_id = str(row["OrderSysID"]).strip()
    return by_ref, (str(row["ExchangeID"]).strip(), sys_id) if sys_id else None


def local_identity(row: Row) -> LocalIdentity | None:
    """Return what CTP knows an order by; None for one that CTP has not accepted."""
    local = str(row["OrderLocalID"]).strip()
    return (str(row["ExchangeID"]).strip(), str(row["TraderID"]).strip(), local) if local else None


ORDER_FIELDS: Final = (
    *("FrontID", "SessionID", "OrderRef", "ExchangeID", "OrderSysID", "RelativeOrderSysID"),
    *("TraderID", "OrderLocalID", "TradingDay", "OrderStatus", "OrderSubmitStatus"),
    *("NotifySequence", "SequenceNo"),
)
"""The fields that tell which order it is, whether it rests, and the number of what is told."""

_KEYS: Final = ("OrderRef", "OrderSysID", "RelativeOrderSysID")
_STRAY: Final = "\ufffd"

ENDED: Final = frozenset({"0", "5"})
"""OrderStatus of orders that have come to their end: all traded, cancelled."""


def exact(row: Row, layout: Layout, body: bytes) -> Row:
    """Return the row with its keys as they are, where they hold bytes that are no text.

    Two such keys read alike (U+FFFD); here each stray byte stands for itself.
    """
    # No loop here: every order's return passes, and hardly any has such a key.
    if not (
        _STRAY in row["OrderRef"]
        or _STRAY in row["OrderSysID"]
        or _STRAY in row["RelativeOrderSysID"]
    ):
        return row
    odd = [name for name in _KEYS if _STRAY in row[name]]
    kept = {name: layout.raw(body, name).decode("ascii", "surrogateescape") for name in odd}
    return {**row, **kept}
