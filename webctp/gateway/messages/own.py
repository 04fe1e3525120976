"""The gateway's own messages, and its own words beside CTP's: one typed struct each.

The bytes that clients read are made from them, and so are the documents: each field's meaning
stands beside it, in Chinese and English. What CTP says is made by
:mod:`~webctp.gateway.messages.encoder`.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue
from webctp.ctp.refusal import Limited
from webctp.language.text import LANGUAGES, Language, Text
from webctp.upstream.market.source import FeedStatus
from webctp.upstream.orders.client_order import ClientOrder
from webctp.upstream.session.status import SessionStatus
from webctp.upstream.trading.queries import Place


def _encoder(language: Language) -> Callable[[object], bytes]:
    """Return what makes JSON for readers of a language: sentences of ours are said in it."""

    def shown(value: object) -> object:
        if isinstance(value, Text):
            return value.in_language(language)
        raise NotImplementedError(f"{type(value).__name__} is nothing for JSON")

    return msgspec.json.Encoder(enc_hook=shown).encode


_ENCODERS: Final = {language: _encoder(language) for language in LANGUAGES}

PushSeq = Annotated[
    int,
    Meta(description="会话推送的序号 the number of a session's push; market data has none"),
]
_Limit = Annotated[int, Meta(description="达到的上限 the limit that was met")]
_RetryAfter = Annotated[
    float, Meta(description="多少秒之后值得重试 seconds until it is worth asking again")
]
_RequestId = Annotated[int, Meta(description="请求的 RequestID the request's RequestID")]
_Detail = Annotated[
    str,
    Meta(
        description="原因与解决办法，语言见配置 `Language` "
        "the reason and the remedy, in the configured `Language`"
    ),
]
_State = Annotated[
    str, Meta(description="状态，见 architecture.md the state, listed in architecture.md")
]
_Reason = Annotated[str, Meta(description="原因，可为空 the reason, may be empty")]
_Since = Annotated[str, Meta(description="起始时刻（UTC）since when, UTC")]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message; a field that is unset does not appear."""


class FeedState(_Part, frozen=True, kw_only=True):
    """One feed of several (``MdRedundancy``)."""

    Front: Annotated[str, Meta(description="前置地址 the front's address")]
    State: _State
    Reason: _Reason
    Since: _Since
    Stalled: Annotated[
        bool, Meta(description="是否停滞 whether no tick comes though others get some")
    ]


class SessionState(_Part, frozen=True, kw_only=True):
    """Where a session with a front stands."""

    State: _State
    Reason: _Reason
    Since: _Since
    Lines: (
        Annotated[
            tuple[FeedState, ...],
            Meta(description="`MdRedundancy` 时各前置的状态 each feed's, with `MdRedundancy`"),
        ]
        | UnsetType
    ) = UNSET


class Shutdown(_Part, frozen=True, kw_only=True):
    """That the gateway is about to end, and when it closes its clients."""

    Seconds: Annotated[
        float,
        Meta(description="此后多少秒关闭连接，发送时计 seconds until connections are closed"),
    ]
    ClosesAt: Annotated[str, Meta(description="该时刻（UTC）that moment, UTC")]
    Restarts: Annotated[
        bool,
        Meta(
            description="是否由 systemd 持有监听套接字：关闭后立即重连即可，连接会等待新进程 "
            "whether systemd holds the listening socket: connect again at once after the close, "
            "and the connection waits for the new process"
        ),
    ]
    Reason: _Reason


class TicksDropped(_Part, frozen=True, kw_only=True):
    """Market data that a client was not sent."""

    Count: Annotated[
        int,
        Meta(
            description="略过的条数；总线的缺口（many-machines.md）至少如此 how many were "
            "passed over; of a gap in the bus (many-machines.md) at the least"
        ),
    ]
    InstrumentID: (
        Annotated[
            tuple[str, ...],
            Meta(
                description="所涉合约；客户端自身接收缓慢时没有 of which instruments; absent where "
                "this client was too slow"
            ),
        ]
        | UnsetType
    ) = UNSET


class Bar(_Part, frozen=True, kw_only=True):
    """A bar (K 线) of an instrument; CTP's names where CTP has one."""

    InstrumentID: Annotated[str, Meta(description="合约 the instrument")]
    ExchangeID: Annotated[str, Meta(description="交易所 the exchange")]
    TradingDay: Annotated[str, Meta(description="交易日 the trading day, YYYYMMDD")]
    Period: Annotated[str, Meta(description="周期，如 1m、1d the period, such as 1m, 1d")]
    BeginTime: Annotated[str, Meta(description="开始时刻，北京时间 its beginning, China's time")]
    EndTime: Annotated[str, Meta(description="结束时刻 its end")]
    OpenPrice: Annotated[float, Meta(description="开盘价 the first price")]
    HighestPrice: Annotated[float, Meta(description="最高价 the highest")]
    LowestPrice: Annotated[float, Meta(description="最低价 the lowest")]
    ClosePrice: Annotated[float, Meta(description="收盘价 the last price so far")]
    Volume: Annotated[int, Meta(description="成交量（手）lots traded in it")]
    Turnover: Annotated[float, Meta(description="成交额 turnover in it")]
    OpenInterest: Annotated[float, Meta(description="持仓量 open interest at its end")]
    IsClosed: Annotated[bool, Meta(description="是否已结束 whether it is over")]
    SettlementPrice: (
        Annotated[
            float,
            Meta(
                description="结算价，仅历史日线，已知时 the settlement price: of days of the past, "
                "once it is known"
            ),
        ]
        | UnsetType
    ) = UNSET


class ClientOrderState(_Part, frozen=True, kw_only=True):
    """What became of an order or action that bears a ClientOrderID."""

    ClientOrderID: Annotated[str, Meta(description="客户端给定的编号 the client's own name for it")]
    Request: Annotated[str, Meta(description="请求的 MsgType the request's MsgType")]
    Status: Annotated[
        str,
        Meta(description="状态，见 architecture.md its state, listed in architecture.md"),
    ]
    FrontID: Annotated[int, Meta(description="前置编号 the front's number")]
    SessionID: Annotated[int, Meta(description="会话编号 the session's number")]
    OrderRef: Annotated[str, Meta(description="报单引用 its reference")]
    TradingDay: Annotated[str, Meta(description="交易日 the trading day")]
    ExchangeID: Annotated[str, Meta(description="交易所 the exchange")]
    OrderSysID: Annotated[str, Meta(description="交易所报单编号 the exchange's number")]
    OrderSubmitStatus: Annotated[str, Meta(description="报单提交状态 CTP's submit status")]
    OrderStatus: Annotated[str, Meta(description="报单状态 CTP's order status")]
    VolumeTraded: Annotated[int, Meta(description="已成交手数 lots traded")]
    VolumeTotal: Annotated[int, Meta(description="剩余手数 lots left")]
    ErrorID: Annotated[int, Meta(description="错误代码，0 为无 the error's code, 0 for none")]
    ErrorMsg: Annotated[str, Meta(description="错误信息 what the error says")]


class RspInfo(_Part, frozen=True, kw_only=True):
    """CTP's word on how a request went."""

    ErrorID: Annotated[int, Meta(description="0 为成功 0 for success")]
    ErrorMsg: Annotated[str, Meta(description="说明 what it says")]


class Push(msgspec.Struct, frozen=True, kw_only=True, tag_field="MsgType", tag=True):
    """A message that nobody has asked for, or one of a kind that comes unasked, too.

    ``services`` are those whose clients may get it; the documents of each list its fields.
    """

    services: ClassVar[tuple[str, ...]] = ("td", "md")


class RtnSessionState(Push, frozen=True, kw_only=True):
    """会话或行情连接的状态变化 A session with a front has moved to another state."""

    Seq: PushSeq | UnsetType = UNSET
    SessionState: SessionState
    RspUserLogin: (
        Annotated[Raw, Meta(description="`ready` 时的登录应答 the front's answer, at `ready`")]
        | UnsetType
    ) = UNSET


class RtnTradingDay(Push, frozen=True, kw_only=True):
    """交易日已变更 The front names another trading day than before."""

    Seq: PushSeq | UnsetType = UNSET
    TradingDay: Annotated[str, Meta(description="交易日，YYYYMMDD the trading day")]
    Before: Annotated[str, Meta(description="之前的交易日 the one before")]


class RtnShutdown(Push, frozen=True, kw_only=True):
    """网关即将结束：报单照常，不再接受登录 The gateway is to end; orders go on, logins do not."""

    Seq: PushSeq | UnsetType = UNSET
    Shutdown: Shutdown


class RtnClientOrder(Push, frozen=True, kw_only=True):
    """带 ClientOrderID 的报单、撤单的结果 What became of an order or action that bears one."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    ClientOrder: ClientOrderState
    RequestID: _RequestId | UnsetType = UNSET


class QueuePlace(_Part, frozen=True, kw_only=True):
    """Where a query waits for CTP's pace."""

    Request: Annotated[str, Meta(description="请求的 MsgType the request's MsgType")]
    Place: Annotated[
        int, Meta(description="排队的位置，1 为下一个 its place: 1 is the next to be sent")
    ]
    Seconds: Annotated[
        float, Meta(description="至少还需等待的秒数 seconds until it is sent, at the least")
    ]


class RtnQueued(Push, frozen=True, kw_only=True):
    """要求告知时：查询须排队 A query has to wait; for who asked by Queued."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RequestID: _RequestId
    Queued: QueuePlace


class RtnTicksDropped(Push, frozen=True, kw_only=True):
    """略过了若干条行情或未结束的 K 线 Ticks, or growing bars, were passed over."""

    services: ClassVar[tuple[str, ...]] = ("md",)

    TicksDropped: TicksDropped


class RtnBar(Push, frozen=True, kw_only=True):
    """K 线 A bar."""

    services: ClassVar[tuple[str, ...]] = ("md",)

    Bar: Bar
    Changes: (
        Annotated[
            bool,
            Meta(
                description="true：只有与上一条相比改变的字段 true: only the fields that have "
                "changed since the message before"
            ),
        ]
        | UnsetType
    ) = UNSET
    MainContract: (
        Annotated[
            str,
            Meta(description="以主力合约订阅时的名称，如 @rb what it was subscribed to as, if so"),
        ]
        | UnsetType
    ) = UNSET


class RspQryBar(Push, frozen=True, kw_only=True):
    """过去的 K 线 A bar of the past, in answer to ReqQryBar."""

    services: ClassVar[tuple[str, ...]] = ("md",)

    RspInfo: None = None
    IsLast: Annotated[bool, Meta(description="是否最后一条 whether it is the last")]
    RequestID: _RequestId
    Bar: Annotated[Raw, Meta(description="K 线；没有时为 null the bar; null where there is none")]


class SessionFields(_Part, frozen=True, kw_only=True):
    """What the answer to a login says of the session."""

    ResumeToken: Annotated[str, Meta(description="恢复会话的密钥 the secret to resume it")]
    Seq: Annotated[int, Meta(description="最后一个推送的序号 the last push's number")]
    DayGap: (
        Annotated[bool, Meta(description="当日推送是否不全 whether the day's flow is not whole")]
        | UnsetType
    ) = UNSET


class ResumeFields(_Part, frozen=True, kw_only=True):
    """What the answer to a login says of pushes that were missed."""

    Seq: Annotated[int, Meta(description="最后一个推送的序号 the last push's number")]
    Replayed: Annotated[int, Meta(description="补发的条数 how many follow")]
    Gap: Annotated[bool, Meta(description="是否有遗失 whether some are lost")]


class AnswerTimes(_Part, frozen=True, kw_only=True):
    """When a request came, went and was answered, in microseconds since 1970."""

    In: Annotated[int, Meta(description="收到请求 the request was taken in")] | UnsetType = UNSET
    Called: (
        Annotated[int, Meta(description="调用 CTP，已知时 CTP was called, where that is known")]
        | UnsetType
    ) = UNSET
    Answered: (
        Annotated[int, Meta(description="前置的应答到达 the front's answer came, if one did")]
        | UnsetType
    ) = UNSET
    Out: Annotated[int, Meta(description="发出这条消息 this message left")]


class ExtraFields(_Part, frozen=True, kw_only=True):
    """The gateway's words beside what CTP says: fields added to its messages."""

    RequestID: _RequestId | UnsetType = UNSET
    Detail: _Detail | UnsetType = UNSET
    Session: SessionFields | UnsetType = UNSET
    Resume: ResumeFields | UnsetType = UNSET
    Replay: (
        Annotated[bool, Meta(description="登录前的推送 whether it was pushed before the login")]
        | UnsetType
    ) = UNSET
    Limit: _Limit | UnsetType = UNSET
    RetryAfter: _RetryAfter | UnsetType = UNSET
    Timing: AnswerTimes | UnsetType = UNSET


NO_FIELDS: Final = ExtraFields()


class _Answer(msgspec.Struct, frozen=True):
    """The gateway's own answer to a request."""

    MsgType: str
    RspInfo: RspInfo
    IsLast: bool
    RequestID: int
    Detail: str | UnsetType = UNSET
    Limit: int | UnsetType = UNSET
    RetryAfter: float | UnsetType = UNSET


def bound_of(detail: str) -> tuple[int | UnsetType, float | UnsetType]:
    """Return the numbers of a sentence about a limit: Limit, and RetryAfter rounded up."""
    if not isinstance(detail, Limited):
        return UNSET, UNSET
    seconds = detail.retry_after
    return (
        UNSET if detail.limit is None else detail.limit,
        UNSET if seconds is None else math.ceil(max(seconds, 0.0) * 1000) / 1000,
    )


def detailed(detail: Text) -> ExtraFields:
    """Return a sentence as fields beside what CTP says."""
    limit, retry_after = bound_of(detail)
    return ExtraFields(Detail=detail, Limit=limit, RetryAfter=retry_after)


def names(catalogue: Catalogue) -> Iterator[str]:
    """Give the names that messages to clients may bear: CTP's, and those of the gateway's own.

    A refusal bears the name of its request.
    """
    yield from catalogue.methods
    yield from (callback.msg_type for callback in catalogue.callbacks.values())
    yield from (one.__name__ for one in Push.__subclasses__())


def encode(message: Push, language: Language = "en") -> bytes:
    """Return a message as JSON."""
    return _ENCODERS[language](message)


def with_fields(message: bytes, fields: ExtraFields, language: Language = "en") -> bytes:
    """Return a message of CTP's with the gateway's fields beside its MsgType."""
    return message if fields == NO_FIELDS else message[:-1] + b"," + _ENCODERS[language](fields)[1:]


def error(
    msg_type: str, code: int, detail: str, request_id: int = 0, language: Language = "en"
) -> bytes:
    """Return the gateway's own answer to a request that went nowhere."""
    info = RspInfo(ErrorID=code, ErrorMsg=errors.message(code))
    answer = _Answer(msg_type, info, True, request_id, detail, *bound_of(detail))
    return _ENCODERS[language](answer)


def queued(request: str, request_id: int, place: Place) -> bytes:
    """Return where a query waits."""
    told = QueuePlace(Request=request, Place=place.number, Seconds=round(place.seconds, 3))
    return encode(RtnQueued(RequestID=request_id, Queued=told))


def result(
    msg_type: str, code: int, request_id: int, language: Language = "en", **body: object
) -> bytes:
    """Return the answer to a call that no callback answers: its value, and what it gave."""
    json = _ENCODERS[language]
    info = RspInfo(ErrorID=code, ErrorMsg=errors.message(code))
    detail = errors.REPORTING.get(code, UNSET)
    answer = json(_Answer(msg_type, info, True, request_id, detail))
    return answer[:-1] + b"," + json(body)[1:] if body else answer


def for_page(state: SessionState) -> dict[str, Any]:
    """Return where a session stands, for ``/readyz``; the page says it in a language."""
    found = msgspec.structs.asdict(state)
    lines = found.pop("Lines")
    if lines is not UNSET:
        found["Lines"] = [msgspec.structs.asdict(line) for line in lines]
    return found


def standing(state: str, reason: str, since: float) -> SessionState:
    """Return where a session stands; ``since`` in seconds since 1970."""
    return SessionState(State=state, Reason=reason, Since=moment(since))


def session_standing(status: SessionStatus) -> SessionState:
    """Return where a trading session stands."""
    return standing(status.state.value, status.reason, status.since)


def market_standing(best: FeedStatus, feeds: tuple[FeedStatus, ...]) -> SessionState:
    """Return where market data stands, and each of several feeds."""
    lines = tuple(
        FeedState(
            Front=feed.front,
            State=feed.state.value,
            Reason=feed.explanation,
            Since=moment(feed.since),
            Stalled=feed.is_stalled,
        )
        for feed in feeds
    )
    told = standing(best.state.value, best.explanation, best.since)
    return msgspec.structs.replace(told, Lines=lines) if lines else told


def ticks_dropped(count: int, names: Iterable[bytes] = ()) -> bytes:
    """Return the message that tells a client how many ticks it was not sent.

    :param names: of which instruments; none where that is not known.
    """
    listed = tuple(sorted(name.decode("gbk", "replace") for name in names))
    told = TicksDropped(Count=count, InstrumentID=listed or UNSET)
    return encode(RtnTicksDropped(TicksDropped=told))


def moment(seconds: float) -> str:
    """Return a moment as clients read it: ISO 8601, UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def client_order(order: ClientOrder) -> ClientOrderState:
    """Return what clients are told of a ClientOrderID."""
    return ClientOrderState(
        ClientOrderID=order.client_order_id,
        Request=order.request,
        Status=order.state.value,
        FrontID=order.front_id,
        SessionID=order.session_id,
        OrderRef=order.order_ref,
        TradingDay=order.trading_day,
        ExchangeID=order.exchange_id,
        OrderSysID=order.order_sys_id,
        OrderSubmitStatus=order.submit_status,
        OrderStatus=order.order_status,
        VolumeTraded=order.volume_traded,
        VolumeTotal=order.volume_total,
        ErrorID=order.code,
        ErrorMsg=order.message,
    )
