"""The gateway's own messages of conditional orders, and the bodies of their requests."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from webctp.gateway.messages.own import Push, PushSeq, RspInfo
from webctp.gateway.messages.own_risk import success
from webctp.upstream.conditional.conditional import MOST_ID, Conditional
from webctp.upstream.conditional.triggers import Leg
from webctp.upstream.portfolio.money import yuan

INSERT: Final = "InsertConditional"
CANCEL: Final = "CancelConditional"
QUERY: Final = "QryConditional"

_IsLast = Annotated[bool, Meta(description="是否最后一条 whether it is the last")]
_RequestID = Annotated[int, Meta(description="请求的 RequestID the request's RequestID")]
_ID = Annotated[str, Meta(min_length=1, max_length=MOST_ID)]
_Price = Annotated[float, Meta(gt=0, lt=1e12)]


class ConditionalLeg(msgspec.Struct, frozen=True, kw_only=True):
    """An order and its condition."""

    Kind: Annotated[
        str,
        Meta(
            description="条件：stop 止损、profit 止盈、trailing 跟踪、time 定时、now 立即 "
            "what it waits for: stop, profit, trailing, time, now"
        ),
    ]
    InstrumentID: Annotated[str, Meta(description="合约 the instrument")]
    Direction: Annotated[str, Meta(description="买卖方向 the order's direction")]
    CombOffsetFlag: Annotated[str, Meta(description="开平标志 its offset")]
    VolumeTotalOriginal: Annotated[
        int, Meta(description="手数；0 为以成交为准 lots; 0 for as many as are traded")
    ]
    TriggerPrice: Annotated[float, Meta(description="触发价，无则为 0 the trigger, 0 for none")]
    Distance: Annotated[float, Meta(description="跟踪距离 a trailing one's distance")]
    Mark: Annotated[
        float,
        Meta(description="跟踪以来的最优价，尚无则为 0 the best price so far, 0 before any"),
    ]
    At: Annotated[str, Meta(description="时刻，北京时间 the moment, China's time")]


class ConditionalStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Where a conditional order stands."""

    ConditionalID: Annotated[str, Meta(description="客户端给定的编号 the client's name for it")]
    Status: Annotated[
        str, Meta(description="状态，见 conditional.md its state, see conditional.md")
    ]
    ErrorID: Annotated[int, Meta(description="错误代码，0 为无 the error's code, 0 for none")]
    Reason: Annotated[str, Meta(description="原因，可为空 the reason, may be empty")]
    ClientOrderID: Annotated[
        str,
        Meta(
            description="其报单的 ClientOrderID；触发之前为空 "
            "its order's ClientOrderID; empty before the condition is met"
        ),
    ]
    TradingDay: Annotated[str, Meta(description="提交的交易日 the trading day it was entered on")]
    Until: Annotated[str, Meta(description="有效至该交易日 the last trading day it lives")]
    Parent: Annotated[
        str,
        Meta(
            description="所保护的条件单，无则为空 whose order's trades it protects; empty for none"
        ),
    ]
    Covered: Annotated[
        int, Meta(description="已受保护的成交手数 lots of its order's trades that are protected")
    ]
    Legs: tuple[ConditionalLeg, ...]
    Protect: tuple[ConditionalLeg, ...]


class RtnConditional(Push, frozen=True, kw_only=True):
    """条件单的变化 A conditional order stands elsewhere than before."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    Seq: PushSeq | UnsetType = UNSET
    Conditional: ConditionalStanding


class RspInsertConditional(Push, frozen=True, kw_only=True):
    """对 InsertConditional 的应答：已落盘 It is on disk, or was before."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    Conditional: ConditionalStanding


class RspCancelConditional(Push, frozen=True, kw_only=True):
    """对 CancelConditional 的应答：已落盘 It is cancelled, which is on disk."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    Conditional: ConditionalStanding


class RspQryConditional(Push, frozen=True, kw_only=True):
    """对 QryConditional 的应答，每个一条 A conditional order, in answer to QryConditional."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    Conditional: ConditionalStanding | None


class LegWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A leg as a client writes it."""

    Kind: Annotated[str, Meta(max_length=16)]
    InputOrder: dict[str, Any]
    TriggerPrice: _Price | None = None
    Distance: _Price | None = None
    At: Annotated[str, Meta(max_length=16)] = ""


class ConditionalWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an ``InsertConditional``."""

    ConditionalID: _ID
    Legs: Annotated[list[LegWord], Meta(min_length=1, max_length=2)]
    Protect: Annotated[list[LegWord], Meta(max_length=2)] = []
    Until: Annotated[str, Meta(max_length=8)] = ""


class CancelWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``CancelConditional``."""

    ConditionalID: Annotated[str, Meta(min_length=1, max_length=64)]


class QueryWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``QryConditional``: one, or all."""

    ConditionalID: Annotated[str, Meta(max_length=64)] = ""


def state(one: Conditional, reason: str | None = None) -> ConditionalStanding:
    """Return what clients are told of a conditional order.

    :param reason: in a reader's language, where it is at hand.
    """
    return ConditionalStanding(
        ConditionalID=one.conditional_id,
        Status=one.state.value,
        ErrorID=one.code,
        Reason=one.reason if reason is None else reason,
        ClientOrderID=one.order_id,
        TradingDay=one.trading_day,
        Until=one.until,
        Parent=one.parent,
        Covered=one.covered,
        Legs=tuple(map(_leg, one.legs)),
        Protect=tuple(map(_leg, one.protect)),
    )


def _leg(leg: Leg) -> ConditionalLeg:
    body = leg.body
    return ConditionalLeg(
        Kind=leg.kind.value,
        InstrumentID=leg.instrument,
        Direction=str(body.get("Direction") or ""),
        CombOffsetFlag=str(body.get("CombOffsetFlag") or ""),
        VolumeTotalOriginal=int(body.get("VolumeTotalOriginal") or 0),
        TriggerPrice=yuan(leg.price),
        Distance=yuan(leg.distance),
        Mark=yuan(leg.mark),
        At=leg.at.replace("T", " "),
    )


def inserted(request_id: int, one: Conditional, reason: str) -> RspInsertConditional:
    """Return the answer to an ``InsertConditional``."""
    return RspInsertConditional(
        RspInfo=success(), IsLast=True, RequestID=request_id, Conditional=state(one, reason)
    )


def cancelled(request_id: int, one: Conditional) -> RspCancelConditional:
    """Return the answer to a ``CancelConditional``."""
    return RspCancelConditional(
        RspInfo=success(), IsLast=True, RequestID=request_id, Conditional=state(one)
    )


def listed(request_id: int, found: Iterable[tuple[Conditional, str]]) -> list[RspQryConditional]:
    """Return the answers to a ``QryConditional``; one with null where there is nothing."""
    rows: list[ConditionalStanding | None] = [state(one, reason) for one, reason in found]
    rows = rows or [None]
    return [
        RspQryConditional(IsLast=place == len(rows), RequestID=request_id, Conditional=row)
        for place, row in enumerate(rows, 1)
    ]
