"""The gateway's own message of ``"Offset": "auto"``: which orders an order became."""

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from webctp.gateway.messages.own import Push, RspInfo
from webctp.gateway.messages.own_risk import success
from webctp.upstream.offset.plan import OffsetPlan


class OffsetOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One of the orders that an order became."""

    ClientOrderID: Annotated[str, Meta(description="该笔的编号 its own ClientOrderID")]
    CombOffsetFlag: Annotated[
        str,
        Meta(
            description="开平标志：0 开仓 1 平仓 3 平今 4 平昨 "
            "its offset: 0 open, 1 close, 3 close today, 4 close yesterday"
        ),
    ]
    VolumeTotalOriginal: Annotated[int, Meta(description="手数 lots")]


class OffsetSplit(msgspec.Struct, frozen=True, kw_only=True):
    """What an order with ``"Offset": "auto"`` became."""

    ClientOrderID: Annotated[str, Meta(description="请求的 ClientOrderID the request's")]
    TradingDay: Annotated[str, Meta(description="交易日 the trading day of the split")]
    Repeated: Annotated[
        bool,
        Meta(
            description="是否为此前的拆分：已发出的不再发出 "
            "whether it was split before; what was sent then is not sent again"
        ),
    ]
    Orders: Annotated[
        tuple[OffsetOrder, ...], Meta(description="依发出的次序 in the order of their sending")
    ]


class RspOffsetSplit(Push, frozen=True, kw_only=True):
    """带 `"Offset": "auto"` 的报单拆成的各笔：已落盘，随即发出 What one was split into."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: Annotated[bool, Meta(description="是否最后一条 whether it is the last")]
    RequestID: Annotated[int, Meta(description="请求的 RequestID the request's RequestID")]
    OffsetSplit: OffsetSplit


def answer(request_id: int, plan: OffsetPlan, *, is_repeated: bool) -> RspOffsetSplit:
    """Return the answer to an order that was split."""
    orders = tuple(
        OffsetOrder(
            ClientOrderID=plan.id_of(number),
            CombOffsetFlag=part.offset,
            VolumeTotalOriginal=part.volume,
        )
        for number, part in enumerate(plan.parts, 1)
    )
    told = OffsetSplit(
        ClientOrderID=plan.client_order_id,
        TradingDay=plan.trading_day,
        Repeated=is_repeated,
        Orders=orders,
    )
    return RspOffsetSplit(RspInfo=success(), IsLast=True, RequestID=request_id, OffsetSplit=told)
