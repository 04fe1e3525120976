"""The gateway's own messages of market data beside ticks and bars: search, main contracts."""

from typing import Annotated, ClassVar, Final

import msgspec
from msgspec import Meta, Raw

from webctp.gateway.messages.own import Push
from webctp.upstream.contracts.search import FoundInstrument

INSTRUMENTS: Final = "QryInstruments"
TICKS: Final = "QryTicks"
MOST_FOUND: Final = 1000
MOST_TICKS: Final = 10_000
_USUAL: Final = 50
_Word = Annotated[str, Meta(max_length=80)]
_IsLast = Annotated[bool, Meta(description="是否最后一条 whether it is the last")]
_RequestID = Annotated[int, Meta(description="请求的 RequestID the request's RequestID")]


class InstrumentsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """What is searched for; all that is named must fit."""

    Text: _Word = ""
    ExchangeID: _Word = ""
    ProductID: _Word = ""
    UnderlyingInstrID: _Word = ""
    ProductClass: _Word = ""
    Count: Annotated[int, Meta(ge=1, le=MOST_FOUND)] = _USUAL


class TicksQuery(msgspec.Struct, forbid_unknown_fields=True):
    """A client's request for the newest ``Count`` ticks received between two moments."""

    InstrumentID: _Word
    Count: Annotated[int, Meta(ge=1, le=MOST_TICKS)] = MOST_TICKS
    BeginTime: _Word | None = None
    EndTime: _Word | None = None


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway knows of an instrument by its ID; CTP's names."""

    InstrumentID: Annotated[str, Meta(description="合约 the instrument")]
    ExchangeID: Annotated[str, Meta(description="交易所 the exchange")]
    ProductID: Annotated[
        str, Meta(description="品种；期权为标的期货的品种 the product, of an option its future's")
    ]
    InstrumentName: Annotated[str, Meta(description="名称 its name")]
    ProductClass: Annotated[str, Meta(description="1 期货 futures，2 期权 options，6 现货期权")]
    UnderlyingInstrID: Annotated[str, Meta(description="期权的标的 what an option is on")]
    OptionsType: Annotated[str, Meta(description="1 看涨 call，2 看跌 put")]
    StrikePrice: Annotated[float, Meta(description="行权价 the strike price")]
    DeliveryYear: Annotated[int, Meta(description="交割年 the year of delivery")]
    DeliveryMonth: Annotated[int, Meta(description="交割月 the month of delivery")]
    VolumeMultiple: Annotated[int, Meta(description="合约乘数 the multiplier")]
    PriceTick: Annotated[float, Meta(description="最小变动价位 the price tick")]


class RspQryInstruments(Push, frozen=True, kw_only=True):
    """对 QryInstruments 的应答，每个合约一条 An instrument, in answer to QryInstruments."""

    services: ClassVar[tuple[str, ...]] = ("md",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    Instrument: Instrument | None


def _null() -> Raw:
    # No plain default: the makers of JSON Schemas know none of this type.
    return Raw(b"null")


class RspQryTicks(Push, frozen=True, kw_only=True):
    """对 QryTicks 的应答，每笔行情一条 A tick, in answer to QryTicks."""

    services: ClassVar[tuple[str, ...]] = ("md",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    ReceivedTime: Annotated[
        str, Meta(description="收到的时刻，北京时间 when it was received, China's time")
    ] = ""
    DepthMarketData: Annotated[
        Raw, Meta(description="行情；没有时为 null the tick; null where there is none")
    ] = msgspec.field(default_factory=_null)


class MainContract(msgspec.Struct, frozen=True, kw_only=True):
    """Which contract stands for a product."""

    Name: Annotated[str, Meta(description="订阅的名称，如 @rb what is subscribed to, such as @rb")]
    InstrumentID: Annotated[str, Meta(description="主力合约 the contract that it stands for")]
    Before: Annotated[str, Meta(description="之前的；首次为空 the one before; empty at first")]


class RtnMainContract(Push, frozen=True, kw_only=True):
    """主力合约：首次得知或改变 The main contract of a product is known, or another one."""

    services: ClassVar[tuple[str, ...]] = ("md",)

    MainContract: MainContract


def instrument(found: FoundInstrument) -> Instrument:
    """Return what clients are told of an instrument."""
    return Instrument(
        InstrumentID=found.instrument_id,
        ExchangeID=found.exchange_id,
        ProductID=found.product_id,
        InstrumentName=found.name,
        ProductClass=found.product_class,
        UnderlyingInstrID=found.underlying_id,
        OptionsType=found.options_type,
        StrikePrice=found.strike_price,
        DeliveryYear=found.delivery_year,
        DeliveryMonth=found.delivery_month,
        VolumeMultiple=found.volume_multiple,
        PriceTick=found.price_tick,
    )
