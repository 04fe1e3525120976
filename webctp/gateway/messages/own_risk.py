"""The gateway's own messages of risk: the kill switch, the counters, the dead man's timer.

Requests of the gateway's own are read here as well: each is a struct, checked like CTP's.
"""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Final, TypeVar

import msgspec
from msgspec import Meta

from webctp.ctp import errors
from webctp.gateway.messages.own import Push, PushSeq, RspInfo, moment
from webctp.gateway.messages.schema import BadMessage, Message, echoed, nearest, word
from webctp.language.text import english, reason_of
from webctp.secret import holds_token
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.halts import Halt, KillLevel, target_of
from webctp.upstream.orders.parkedorders import ParkedLeft
from webctp.upstream.risk.compliance import Counts, Passed

T = TypeVar("T")

KILL: Final = "Kill"
TRADING_STATE: Final = "QryTradingState"
COMPLIANCE: Final = "QryCompliance"
CANCEL_ALL_AFTER: Final = "CancelAllAfter"
REQUESTS: Final = (KILL, TRADING_STATE, COMPLIANCE, CANCEL_ALL_AFTER)
NO_LEVEL: Final = "none"

_IsLast = Annotated[bool, Meta(description="是否最后一条 whether it is the last")]
_RequestID = Annotated[int, Meta(description="请求的 RequestID the request's RequestID")]
_Broker = Annotated[str, Meta(description="经纪公司代码 the broker")]
_Investor = Annotated[str, Meta(description="投资者代码 the investor")]
_Instrument = Annotated[str, Meta(description="合约 the instrument")]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message."""


class TradingState(_Part, frozen=True, kw_only=True):
    """What the kill switch forbids to a target; of several the strictest holds."""

    Target: Annotated[
        str,
        Meta(
            description="对象：all、account:BrokerID/InvestorID、token:名称 whom it concerns: all, "
            "account:BrokerID/InvestorID, token:NAME"
        ),
    ]
    Level: Annotated[
        str,
        Meta(
            description="级别：none、reduce-only、stop、stop-and-cancel the level: none, "
            "reduce-only, stop, stop-and-cancel"
        ),
    ]
    Since: Annotated[str, Meta(description="起始时刻（UTC），可为空 since when, UTC, may be empty")]
    By: Annotated[str, Meta(description="由谁设置，可为空 who said so, may be empty")]
    Reason: Annotated[str, Meta(description="原因，可为空 the reason, may be empty")]


class CancelProgress(_Part, frozen=True, kw_only=True):
    """How far the cancellations of ``stop-and-cancel`` have come."""

    Resting: Annotated[
        int,
        Meta(description="尚待撤销的挂单数 how many orders still rest that are to be cancelled"),
    ]
    LastRefusal: Annotated[
        str,
        Meta(description="最近一次撤单被拒的原因，可为空 why one was refused last, may be empty"),
    ]


class RtnTradingState(Push, frozen=True, kw_only=True):
    """交易限制（kill switch）的变化，或其撤单的进展 The kill switch has moved, or cancelled."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    Seq: PushSeq | msgspec.UnsetType = msgspec.UNSET
    TradingState: TradingState
    Cancelling: CancelProgress | msgspec.UnsetType = msgspec.UNSET


class RspQryTradingState(Push, frozen=True, kw_only=True):
    """对 QryTradingState 的应答，每个对象一条 What is forbidden, in answer to QryTradingState."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    TradingState: TradingState | None


class ParkedOrderLeft(_Part, frozen=True, kw_only=True):
    """A parked order that stays at the front."""

    BrokerID: _Broker
    InvestorID: _Investor
    ParkedOrderID: Annotated[str, Meta(description="预埋报单编号 its number")]
    InstrumentID: _Instrument
    Direction: Annotated[str, Meta(description="买卖方向 Direction, as CTP has it")]
    CombOffsetFlag: Annotated[str, Meta(description="开平标志 CombOffsetFlag")]
    LimitPrice: Annotated[float, Meta(description="价格 the price")]
    VolumeTotalOriginal: Annotated[int, Meta(description="手数 lots")]


class RspKill(Push, frozen=True, kw_only=True):
    """对 Kill 的应答：已落盘 The answer to Kill: it is on disk and in force."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    TradingState: TradingState
    Parked: (
        Annotated[
            tuple[ParkedOrderLeft, ...],
            Meta(
                description="留在前置、可能由其发出的预埋单 parked orders that stay at the front, "
                "which may send them"
            ),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET
    ParkedUnknown: (
        Annotated[
            tuple[str, ...],
            Meta(
                description="未能查得预埋单的账户 accounts of which it is not known whether they "
                "have parked orders"
            ),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET


class Compliance(_Part, frozen=True, kw_only=True):
    """What an account has done in an instrument on the trading day, as exchanges count it."""

    BrokerID: _Broker
    InvestorID: _Investor
    InstrumentID: _Instrument
    Inserts: Annotated[int, Meta(description="报单笔数 inserts")]
    Cancels: Annotated[
        int, Meta(description="撤单次数，FAK、FOK 除外 cancellations, FAK and FOK apart")
    ]
    LargeCancels: Annotated[int, Meta(description="大额撤单次数 cancellations of many lots")]
    SelfTrades: Annotated[int, Meta(description="自成交次数 trades with oneself")]
    MostInSecond: Annotated[int, Meta(description="一秒内最多的报单笔数 most inserts in a second")]
    TradedOrders: Annotated[int, Meta(description="有成交的报单笔数 orders that have traded")]
    OrderToTrade: Annotated[
        float,
        Meta(
            description="报单成交比：(报单＋撤单)/有成交的报单－1 "
            "(inserts + cancellations) / orders that have traded - 1"
        ),
    ]
    Reached: Annotated[
        tuple[str, ...],
        Meta(description="已达阈值的计数，其合约不再开仓 counters at their thresholds"),
    ]


class RspQryCompliance(Push, frozen=True, kw_only=True):
    """对 QryCompliance 的应答，每个合约一条 The counters, in answer to QryCompliance."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    Compliance: Compliance | None


class Threshold(_Part, frozen=True, kw_only=True):
    """A threshold of ``Compliance`` that was passed."""

    BrokerID: _Broker
    InvestorID: _Investor
    InstrumentID: _Instrument
    Counter: Annotated[
        str,
        Meta(
            description="计数：Cancels、LargeCancels、SelfTrades、MostInSecond "
            "the counter: Cancels, LargeCancels, SelfTrades, MostInSecond"
        ),
    ]
    Value: Annotated[int, Meta(description="已计次数 what was counted")]
    Limit: Annotated[int, Meta(description="阈值 the threshold")]
    OpeningRefused: Annotated[
        bool, Meta(description="该合约是否不再开仓；否为预警 whether nothing is opened any more")
    ]


class RtnCompliance(Push, frozen=True, kw_only=True):
    """合规计数达到预警线或阈值 A counter has come to its warning or its threshold."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    Seq: PushSeq | msgspec.UnsetType = msgspec.UNSET
    Threshold: Threshold


class Timer(_Part, frozen=True, kw_only=True):
    """A dead man's timer, as it was set."""

    Milliseconds: Annotated[int, Meta(description="毫秒数，0 为已取消 0 for disarmed")]
    FiresAt: Annotated[
        str, Meta(description="撤单时刻（UTC），取消时为空 when it fires, UTC; empty if disarmed")
    ]


class RspCancelAllAfter(Push, frozen=True, kw_only=True):
    """对 CancelAllAfter 的应答 When what rests will be cancelled, unless it is sent again."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    CancelAllAfter: Timer


class KillWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``Kill``: a level, and on whom; neither account nor token is everybody."""

    Level: Annotated[str, Meta(max_length=32)]
    BrokerID: Annotated[str, Meta(max_length=32)] = ""
    InvestorID: Annotated[str, Meta(max_length=32)] = ""
    Token: Annotated[str, Meta(max_length=128)] = ""
    Reason: Annotated[str, Meta(max_length=256)] = ""

    @property
    def target(self) -> str:
        """Return the target.

        :raises BadMessage: for one that is no target, and for a token in place of its name.
        """
        for field in self.__struct_fields__:
            if holds_token(getattr(self, field)):
                raise BadMessage(
                    english(
                        "{field} of Kill holds a token, which would be written to disk; Token is "
                        "the token's name, as python -m webctp token list shows it",
                        field=field,
                    )
                )
        try:
            lifts = self.Level == NO_LEVEL
            return target_of(self.BrokerID, self.InvestorID, self.Token, lifts=lifts)
        except ValueError as problem:
            detail = english("{where}: {problem}", where=KILL, problem=reason_of(problem))
            raise BadMessage(detail) from None

    @property
    def level(self) -> KillLevel | None:
        """Return the level; None to lift.

        :raises BadMessage: for one that there is not.
        """
        if self.Level == NO_LEVEL:
            return None
        try:
            return KillLevel(self.Level)
        except ValueError:
            levels = ", ".join((NO_LEVEL, *KillLevel))
            raise BadMessage(
                english(
                    "Level {given!a} is none; it is one of {levels}",
                    given=self.Level[:32],
                    levels=levels,
                )
            ) from None


class TradingStateQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``QryTradingState``: nothing."""


class ComplianceQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``QryCompliance``: an instrument, or all."""

    InstrumentID: Annotated[str, Meta(max_length=80)] = ""


class TimerWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``CancelAllAfter``: after how long what rests is cancelled; 0 disarms."""

    Milliseconds: Annotated[int, Meta(ge=0, le=86_400_000)]


def read(name: str, kind: type[T], message: Message, request_id: int, key: str = "") -> T:
    """Check a request of the gateway's own, whose body bears its name.

    :param key: what the body is called where it does not.
    :raises BadMessage: naming the field and what is wanted.
    """
    where = key or name
    keys = ("MsgType", "RequestID", where)
    try:
        for key in message:
            if key not in keys:
                raise BadMessage(
                    english("unknown field {name}{hint}", name=echoed(key), hint=nearest(key, keys))
                )
        body: Any = message.get(where)
        fields = kind.__struct_fields__  # type: ignore[attr-defined]
        for key in body if type(body) is dict else ():
            if key not in fields:
                raise BadMessage(
                    english(
                        "unknown field {name} in {body}{hint}",
                        name=echoed(key),
                        body=where,
                        hint=nearest(key, fields),
                    )
                )
        return word(where, {} if body is None else body, kind)  # type: ignore[no-any-return]
    except BadMessage as problem:
        raise BadMessage(problem.detail, name, request_id) from None


def trading_state(halt: Halt) -> TradingState:
    """Return what clients are told of a halt."""
    return TradingState(
        Target=halt.target,
        Level=halt.level.value,
        Since=moment(halt.since),
        By=halt.by,
        Reason=halt.reason,
    )


def parked(left: ParkedLeft) -> dict[str, Any]:
    """Return what is told of parked orders that stay at the front."""
    return {
        "Parked": tuple(ParkedOrderLeft(**msgspec.structs.asdict(one)) for one in left.orders),
        "ParkedUnknown": tuple(f"{one.broker_id}/{one.user_id}" for one in left.unknown),
    }


def lifted(target: str, by: str = "") -> TradingState:
    """Return what clients are told of a target to which nothing is forbidden any more."""
    return TradingState(Target=target, Level=NO_LEVEL, Since="", By=by, Reason="")


def halts(found: Iterable[Halt], request_id: int) -> list[RspQryTradingState]:
    """Return the answer to ``QryTradingState``; one with null where nothing is forbidden."""
    states = [trading_state(one) for one in found]
    return [
        RspQryTradingState(IsLast=last, RequestID=request_id, TradingState=state)
        for last, state in _marked(states)
    ]


def counts(counted: Iterable[tuple[AccountKey, Counts]], request_id: int) -> list[RspQryCompliance]:
    """Return the answer to ``QryCompliance``; one with null where nothing was counted."""
    rows = [
        Compliance(
            BrokerID=account.broker_id,
            InvestorID=account.user_id,
            InstrumentID=one.instrument,
            Inserts=one.inserts,
            Cancels=one.cancels,
            LargeCancels=one.large_cancels,
            SelfTrades=one.self_trades,
            MostInSecond=one.most_in_second,
            TradedOrders=one.traded_orders,
            OrderToTrade=one.order_to_trade,
            Reached=tuple(counter.value for counter in one.reached),
        )
        for account, one in counted
    ]
    return [
        RspQryCompliance(IsLast=last, RequestID=request_id, Compliance=row)
        for last, row in _marked(rows)
    ]


def threshold(account: AccountKey, passed: Passed) -> Threshold:
    """Return what clients are told of a threshold that was passed."""
    return Threshold(
        BrokerID=account.broker_id,
        InvestorID=account.user_id,
        InstrumentID=passed.instrument,
        Counter=passed.counter.value,
        Value=passed.value,
        Limit=passed.limit,
        OpeningRefused=passed.refuses,
    )


def success() -> RspInfo:
    """Return the RspInfo of what was done."""
    return RspInfo(ErrorID=0, ErrorMsg=errors.message(0))


def _marked(rows: list[T]) -> Iterable[tuple[bool, T | None]]:
    """Give each row with whether it is the last; None, and last, where there is none."""
    if not rows:
        return [(True, None)]
    return [(row is rows[-1], row) for row in rows]
