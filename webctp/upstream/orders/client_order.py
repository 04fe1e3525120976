"""A ClientOrderID and what is known of it: its fields, its form on the wire, how CTP tells of it.

A client is told of it by this push; fields that are not known are empty or 0::

    {"MsgType": "RtnClientOrder", "ClientOrder": {
        "ClientOrderID": "a-1", "Request": "ReqOrderInsert", "Status": "known",
        "FrontID": 1, "SessionID": 7, "OrderRef": "12", "TradingDay": "20240102",
        "ExchangeID": "SHFE", "OrderSysID": "131", "OrderSubmitStatus": "3", "OrderStatus": "0",
        "VolumeTraded": 2, "VolumeTotal": 0, "ErrorID": 0, "ErrorMsg": ""}}

``Status`` is a :class:`ClientOrderState`. FrontID, SessionID and OrderRef name what the request
itself entered; of an action they are those it was sent in, OrderRef is empty, and what is told of
an order (OrderSysID, OrderStatus …) is of the order it is about. Of requests other than orders,
OrderSysID and OrderStatus hold what CTP has in their place (QuoteSysID, ExecResult …).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec

from webctp.ctp.catalog import Catalogue, Method
from webctp.upstream.orders.keys import ENDED, Row, plain_ref, ref_fields

MATCH_FIELDS: Final = ("InstrumentID", "Direction", "VolumeTotalOriginal", "Volume")
"""Fields of a request that CTP repeats as they are: where they differ it is another's."""
_STATUS_TYPES: Final = (
    "TThostFtdcOrderStatusType",
    "TThostFtdcExecResultType",
    "TThostFtdcOrderActionStatusType",
)
_CANCELLED: Final = "5"
CONDITION: Final = ("b", "c")
"""OrderStatus of a condition: not triggered, triggered."""
_OWNERS: Final = frozenset(
    {
        "TThostFtdcInvestorIDType",
        "TThostFtdcUserIDType",
        "TThostFtdcAccountIDType",
        "TThostFtdcBankAccountType",
    }
)
"""Types of the fields that say whose a push is."""


class ClientOrderState(Enum):
    """What has become of a ClientOrderID; the values are what clients see."""

    RECORDING = "recording"
    """On its way to the disk; not sent."""
    RECORDED = "recorded"
    """On disk; the native call is next."""
    SENT = "sent"
    """The native call returned 0; CTP has said nothing yet."""
    REFUSED = "refused"
    """Not sent, or refused by CTP: ErrorID says by whom."""
    KNOWN = "known"
    """CTP has told of it: OrderStatus and the rest are what it said last."""
    UNKNOWN = "unknown"
    """It may or may not have reached CTP: the connection broke, or the daemon died, before CTP
    said a word of it. What CTP tells later makes it known; nothing else is concluded."""


class JournalBroken(Exception):
    """The journal cannot be written now; the text says why."""


class Key(NamedTuple):
    """Whose ClientOrderID it is: one account's IDs are its own."""

    broker_id: str
    user_id: str
    client_order_id: str


class ClientOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A ClientOrderID and what became of it.

    Nothing in it can be part of a cycle, so the collector need not look at thousands of them.

    ``digest`` is of the request as the client wrote it; ``time`` in ns since 1970; ``match_fields``
    are fields that CTP repeats, ``refers_to`` names the order that an action is about, as
    (FrontID, SessionID, reference) or (ExchangeID, number).
    """

    broker_id: str
    user_id: str
    client_order_id: str
    request: str
    digest: str
    time: int
    trading_day: str
    front_id: int
    session_id: int
    order_ref: str
    match_fields: dict[str, Any] = msgspec.field(name="telltale")
    refers_to: tuple[str, ...] = msgspec.field(name="target", default=())
    state: ClientOrderState = ClientOrderState.RECORDING
    exchange_id: str = ""
    order_sys_id: str = ""
    submit_status: str = ""
    order_status: str = ""
    volume_traded: int = 0
    volume_total: int = 0
    code: int = 0
    message: str = ""

    @property
    def key(self) -> Key:
        """The account and the ClientOrderID."""
        return Key(self.broker_id, self.user_id, self.client_order_id)


@dataclass(frozen=True, slots=True)
class Kind:
    """How CTP tells of what a request entered, or of what it is about; read from the catalogue.

    ``returned`` is the push (``OnRtnOrder``), None where CTP has none; the rest are names of its
    fields, empty where it has none.
    """

    is_action: bool
    returned: str | None
    ref: str
    sys_id: str
    status: str
    cancels: bool

    def refs(self, row: Row) -> tuple[str, ...]:
        """Return FrontID, SessionID and reference."""
        return str(row["FrontID"]), str(row["SessionID"]), plain_ref(row[self.ref])

    def number(self, row: Row) -> tuple[str, ...]:
        """Return ExchangeID and OrderSysID; empty while there is none."""
        number = str(row[self.sys_id]).strip() if self.sys_id in row else ""
        return (str(row["ExchangeID"]).strip(), number) if number else ()


@cache
def public_pushes(catalogue: Catalogue) -> frozenset[str]:
    """Name the callbacks that are alike for every account: no field says whose they are.

    The state of instruments, bulletins, requests for quotes. A notice has an InvestorID, which
    may be empty: it counts as private.
    """
    pushes = [one for one in catalogue.callbacks.values() if not one.has_request and one.struct]
    return frozenset(
        callback.name
        for callback in pushes
        if _OWNERS.isdisjoint(
            field.ctp_type for field in catalogue.struct(callback.body_struct).fields
        )
    )


def kinds(catalogue: Catalogue) -> Mapping[str, Kind]:
    """Return the requests that may carry a ClientOrderID, by name: orders and actions.

    ``OnRtn…`` of the same stem tells of it, by the reference that the insert carries, later by
    the exchange's number, ``…SysID``.
    """
    return {
        name: _kind(catalogue, method, name.endswith("Insert"))
        for name, method in catalogue.methods.items()
        if method.is_order
    }


def _kind(catalogue: Catalogue, method: Method, is_insert: bool) -> Kind:
    stem = method.name.removeprefix("Req").removesuffix("Insert" if is_insert else "Action")
    is_action = not is_insert
    callback = catalogue.callbacks.get(f"OnRtn{stem}")
    if callback is None or callback.struct is None:
        return Kind(is_action, None, "", "", "", False)
    types = {field.name: field.ctp_type for field in catalogue.struct(callback.struct).fields}
    refs = ref_fields(catalogue, method).inserts or (f"{stem}Ref",)
    ref = refs[0] if refs[0] in types else ""
    status = next((name for name, kind in types.items() if kind in _STATUS_TYPES), "")
    return Kind(
        is_action=is_action,
        returned=callback.name if ref else None,
        ref=ref,
        sys_id=f"{stem}SysID" if f"{stem}SysID" in types else "",
        status=status,
        cancels=types.get(status) == _STATUS_TYPES[0],
    )


def digest_of(request: str, content: Mapping[str, Any]) -> str:
    """Return a hash of what a client asked for: the request's name and every field it set.

    Its RequestID does not count: a client that repeats a request may number it anew.
    """
    fields = sorted(
        (name, value)
        for name, value in content.items()
        if value is not None and name != "RequestID"
    )
    return hashlib.blake2b(msgspec.json.encode([request, fields]), digest_size=16).hexdigest()


def reference_of(kind: Kind, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an action is about: the exchange's number if it says one, else the reference.

    Empty where it says neither, or where CTP tells nothing that could be matched.
    """
    if kind.returned is None:
        return ()
    nothing = {"FrontID": 0, "SessionID": 0, "ExchangeID": "", kind.ref: ""}
    given = nothing | {name: value for name, value in body.items() if value is not None}
    return kind.number(given) or (kind.refs(given) if given[kind.ref] else ())


def matches(kind: Kind, order: ClientOrder, row: Row, *, anew: bool = False) -> bool:
    """Return whether a row tells of this order: the same day, content and number.

    Of a condition that has triggered tells the order that it entered: by RelativeOrderSysID.

    And whether it can be news of it: of what was not sent there is none, what is known already
    may be told late by another session, and an action is told of by the end that it wants.

    :param anew: whether CTP has given the order's FrontID and SessionID to another login since.
    """
    number = kind.number(row)
    known = order.order_sys_id
    unsent = (
        order.state in (ClientOrderState.RECORDING, ClientOrderState.RECORDED) or order.code < 0
    )
    status = row[kind.status] if kind.status else ""
    if unsent or (kind.is_action and order.state is ClientOrderState.REFUSED):
        return False
    if kind.is_action and not (kind.cancels and status == _CANCELLED):
        return False
    follows = entered_by(kind, order, row)
    if kind.cancels and not follows and _older(kind, order, row):
        return False
    return (
        _same_day(order, str(row["TradingDay"]), anew)
        and (
            (kind.is_action or follows)
            or (not (known and number) or number == (order.exchange_id, known))
        )
        and all(
            row[name] == value
            for name, value in order.match_fields.items()
            # An action may repeat the InstrumentID of its order, and no other field.
            if name in row and (not kind.is_action or (name == "InstrumentID" and value))
        )
    )


def parent_of(row: Row) -> tuple[str, ...]:
    """Return ExchangeID and OrderSysID of the condition that entered an order; empty for none."""
    parent = str(row.get("RelativeOrderSysID", "")).strip()
    return (str(row["ExchangeID"]).strip(), parent) if parent else ()


def entered_by(kind: Kind, order: ClientOrder, row: Row) -> bool:
    """Return whether a row tells of the order that this condition has entered."""
    if kind.is_action or not order.order_sys_id:
        return False
    return parent_of(row) == (order.exchange_id, order.order_sys_id)


def _same_day(order: ClientOrder, day: str, anew: bool) -> bool:
    """Return whether a row of a trading day may tell of this order.

    A session may live on into the next trading day, where the front does not close: what it has
    sent since then, and was not told of yet, is of that day and not of the login's. After a
    break that can be known as long as no other login has the session's numbers.
    """
    if not order.trading_day or day == order.trading_day:
        return True
    waiting = order.state is ClientOrderState.SENT or (
        order.state is ClientOrderState.UNKNOWN and not anew
    )
    return waiting and day.isdigit() and day > order.trading_day


def _older(kind: Kind, order: ClientOrder, row: Row) -> bool:
    """Return whether a row shows an order as it was before what is known of it.

    What has ended has ended, what has a number keeps it, what has traded has traded, and what a
    triggered condition has entered is no condition any more.
    """
    status = str(row[kind.status])
    return (
        (order.order_status in ENDED and status not in ENDED)
        or (status in CONDITION and order.order_status not in ("", *CONDITION))
        or (not kind.is_action and bool(order.order_sys_id) and not kind.number(row))
        or int(row.get("VolumeTraded", 0)) < order.volume_traded
    )


def is_final(kind: Kind | None, order: ClientOrder) -> bool:
    """Return whether nothing more can become of an order: refused, or told of at its end.

    :param kind: of its request; None where this version of CTP has no such request.
    """
    if kind is None or order.state is ClientOrderState.REFUSED:
        return True
    if order.state is not ClientOrderState.KNOWN:
        return False
    # A request that no push tells of is settled by its answer. Other things than orders have
    # statuses of their own, which may still change.
    return kind.returned is None or (kind.cancels and order.order_status in ENDED)


def seen_in(kind: Kind, row: Row) -> dict[str, Any]:
    """Return the fields of :class:`ClientOrder` that a row of CTP's sets."""
    return {
        "trading_day": str(row["TradingDay"]),
        "exchange_id": str(row["ExchangeID"]).strip(),
        "order_sys_id": str(row[kind.sys_id]).strip() if kind.sys_id else "",
        "submit_status": str(row.get("OrderSubmitStatus", "")),
        "order_status": str(row[kind.status]) if kind.status else "",
        "volume_traded": int(row.get("VolumeTraded", 0)),
        "volume_total": int(row.get("VolumeTotal", 0)),
    }
