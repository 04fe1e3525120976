"""The gateway's own messages of portfolios: positions and money that it keeps for clients."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, ClassVar, Final

import msgspec
from msgspec import Meta

from webctp.ctp.refusal import Refusal
from webctp.gateway.messages.own import Push, PushSeq, RspInfo, moment
from webctp.gateway.messages.own_risk import success
from webctp.language.text import Language
from webctp.upstream.account import AccountKey
from webctp.upstream.portfolio.context import Update
from webctp.upstream.portfolio.drift import Drift
from webctp.upstream.portfolio.facts import LONG, SHORT
from webctp.upstream.portfolio.figures import AccountFigures, AccountPoint, PositionFigures
from webctp.upstream.portfolio.money import yuan
from webctp.upstream.portfolio.preview import Preview

SUBSCRIBE: Final = "SubscribePortfolio"
UNSUBSCRIBE: Final = "UnSubscribePortfolio"
PREVIEW: Final = "PreviewOrder"
CURVE: Final = "QryAccountCurve"
_SIDES: Final = {LONG: "2", SHORT: "3"}
"""PosiDirection."""

_IsLast = Annotated[bool, Meta(description="是否最后一条 whether it is the last")]
_RequestID = Annotated[int, Meta(description="请求的 RequestID the request's RequestID")]
_Lots = Annotated[int, Meta(description="手数 lots")]


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message."""


class PortfolioAccount(_Part, frozen=True, kw_only=True):
    """An account's money in yuan, named as in ``TradingAccount``."""

    PreBalance: Annotated[float, Meta(description="上日结存 yesterday's equity")]
    PreMargin: Annotated[float, Meta(description="上日保证金 yesterday's margin")]
    Deposit: Annotated[float, Meta(description="入金 money put in")]
    Withdraw: Annotated[float, Meta(description="出金 money taken out")]
    CloseProfit: Annotated[float, Meta(description="平仓盈亏 profit of closings, by date")]
    PositionProfit: Annotated[float, Meta(description="持仓盈亏 profit of what is held, by date")]
    Commission: Annotated[float, Meta(description="手续费 fees")]
    CashIn: Annotated[float, Meta(description="权利金收支 premiums received less paid")]
    CurrMargin: Annotated[float, Meta(description="占用保证金 margin in use")]
    FrozenMargin: Annotated[float, Meta(description="冻结保证金 margin frozen by orders")]
    FrozenCommission: Annotated[float, Meta(description="冻结手续费 fees frozen by orders")]
    FrozenCash: Annotated[float, Meta(description="冻结权利金 premiums frozen by orders")]
    Balance: Annotated[float, Meta(description="动态权益 equity")]
    Available: Annotated[float, Meta(description="可用资金 what new orders may use")]
    OptionValue: Annotated[float, Meta(description="期权市值 what options are worth")]
    RiskDegree: (
        Annotated[
            float,
            Meta(
                description="风险度 CurrMargin/Balance；权益不为正时为 null "
                "CurrMargin/Balance; null where the equity is not above 0"
            ),
        ]
        | None
    )


class PortfolioPosition(_Part, frozen=True, kw_only=True):
    """A position: an instrument on one side under one hedge flag."""

    InstrumentID: Annotated[str, Meta(description="合约 the instrument")]
    ExchangeID: Annotated[str, Meta(description="交易所 the exchange")]
    PosiDirection: Annotated[str, Meta(description="2 多 3 空 2 long, 3 short")]
    HedgeFlag: Annotated[str, Meta(description="投机套保标志 the hedge flag")]
    Position: Annotated[int, Meta(description="持仓手数 lots held")]
    TodayPosition: Annotated[int, Meta(description="其中今仓 of these opened today")]
    YdPosition: Annotated[
        int,
        Meta(
            description="其中现存昨仓（CTP 的同名字段为日初昨仓）"
            "of these older ones, still held; CTP's field of this name is the day's beginning"
        ),
    ]
    Available: Annotated[int, Meta(description="可平手数 lots that can be closed")]
    TodayFrozen: Annotated[int, Meta(description="今仓平仓冻结 today's lots under closing orders")]
    YdFrozen: Annotated[int, Meta(description="昨仓平仓冻结 older lots under closing orders")]
    Opening: Annotated[int, Meta(description="开仓报单未成手数 lots that orders may still open")]
    OpenVolume: Annotated[int, Meta(description="当日开仓手数 lots opened on the day")]
    CloseVolume: Annotated[int, Meta(description="当日平仓手数 lots closed on the day")]
    OpenCost: Annotated[float, Meta(description="开仓成本 what the lots were opened at")]
    PositionCost: Annotated[
        float,
        Meta(description="持仓成本（昨仓按昨结算价）cost; older lots at yesterday's settlement"),
    ]
    OpenPrice: Annotated[
        float, Meta(description="开仓均价，无持仓为 0 average opening price, 0 without lots")
    ]
    PositionPrice: Annotated[
        float, Meta(description="持仓均价，无持仓为 0 average price of the cost, 0 without lots")
    ]
    LastPrice: Annotated[float, Meta(description="最新价 the last price")]
    PreSettlementPrice: Annotated[float, Meta(description="昨结算价 yesterday's settlement")]
    PositionProfitByDate: Annotated[
        float, Meta(description="逐日盯市持仓盈亏，期权为 0 profit by date; 0 of options, as CTP's")
    ]
    PositionProfitByTrade: Annotated[
        float, Meta(description="逐笔对冲持仓盈亏，期权为 0 profit by trade; 0 of options")
    ]
    CloseProfitByDate: Annotated[float, Meta(description="逐日盯市平仓盈亏 closed, by date")]
    CloseProfitByTrade: Annotated[float, Meta(description="逐笔对冲平仓盈亏 closed, by trade")]
    OptionValue: Annotated[float, Meta(description="期权市值 what an option is worth")]
    UseMargin: Annotated[
        float, Meta(description="占用保证金；单向大边的小边为 0 margin; 0 on the smaller side")
    ]
    Commission: Annotated[float, Meta(description="当日手续费 the day's fees")]
    CashIn: Annotated[float, Meta(description="当日权利金收支 the day's premiums")]
    CombPosition: Annotated[
        int, Meta(description="组合持仓手数，最近一次查询 lots in combinations, as last queried")
    ]


class PortfolioState(_Part, frozen=True, kw_only=True):
    """An account's portfolio, or what of it has changed."""

    BrokerID: Annotated[str, Meta(description="经纪公司代码 the broker")]
    InvestorID: Annotated[str, Meta(description="投资者代码 the investor")]
    TradingDay: Annotated[str, Meta(description="交易日 the trading day")]
    IsSnapshot: Annotated[
        bool,
        Meta(
            description="是否全部持仓；否则仅含有变化者 "
            "whether all positions are here; else those that have changed"
        ),
    ]
    Caveats: Annotated[
        tuple[str, ...],
        Meta(description="哪些数字不能确定，见 portfolio.md what is not sure, see portfolio.md"),
    ]
    Account: PortfolioAccount
    Positions: tuple[PortfolioPosition, ...]


class RspSubscribePortfolio(Push, frozen=True, kw_only=True):
    """对 SubscribePortfolio 的应答：全部持仓与资金 The portfolio, whole."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    Seq: Annotated[
        int,
        Meta(description="此前最后一个推送的序号 the number of the last push before it"),
    ]
    Portfolio: PortfolioState


class RspUnSubscribePortfolio(Push, frozen=True, kw_only=True):
    """对 UnSubscribePortfolio 的应答 Nothing more of it is told."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID


class RtnPortfolio(Push, frozen=True, kw_only=True):
    """持仓与资金的变化 What has changed of the portfolio."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    Seq: PushSeq
    Portfolio: (
        Annotated[
            PortfolioState,
            Meta(
                description="断线续传时补发的为 null：其内容已由后面的取代 null in those that were "
                "missed and are told on resuming: what one said is in a later one"
            ),
        ]
        | None
    )


class PortfolioDifference(_Part, frozen=True, kw_only=True):
    """A figure that CTP's answer has otherwise."""

    InstrumentID: Annotated[
        str, Meta(description="合约，资金项为空 the instrument; empty for the account's")
    ]
    PosiDirection: Annotated[str, Meta(description="2 多 3 空，资金项为空 2 long, 3 short")]
    HedgeFlag: Annotated[str, Meta(description="投机套保标志，资金项为空 the hedge flag")]
    Field: Annotated[str, Meta(description="CTP 的字段名 CTP's name of the field")]
    Kept: Annotated[float, Meta(description="网关所记 what the gateway had")]
    Told: Annotated[float, Meta(description="CTP 所答，已采用 what CTP says, and what holds now")]


class RtnPortfolioDrift(Push, frozen=True, kw_only=True):
    """核对发现差异，已以 CTP 为准 CTP's answers differed; its word is taken."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    Seq: PushSeq
    BrokerID: Annotated[str, Meta(description="经纪公司代码 the broker")]
    InvestorID: Annotated[str, Meta(description="投资者代码 the investor")]
    Differences: tuple[PortfolioDifference, ...]


class OrderObjection(_Part, frozen=True, kw_only=True):
    """Why an order would not be taken."""

    ErrorID: Annotated[
        int,
        Meta(description="网关或 CTP 将答的代码 the code that the gateway or CTP would answer"),
    ]
    Detail: Annotated[str, Meta(description="原因 why")]


class OrderPreview(_Part, frozen=True, kw_only=True):
    """What an order would come to. Money in yuan."""

    InstrumentID: Annotated[str, Meta(description="合约 the instrument")]
    PosiDirection: Annotated[
        str, Meta(description="所开或所平的持仓，2 多 3 空 the position it opens or closes")
    ]
    HedgeFlag: Annotated[str, Meta(description="投机套保标志 the hedge flag")]
    Margin: Annotated[
        float,
        Meta(description="新增保证金，单向大边已计 margin that it adds; larger side counted"),
    ]
    Commission: Annotated[
        float, Meta(description="以其价格成交的手续费 the fee where it trades at its price")
    ]
    FrozenCommission: Annotated[float, Meta(description="将冻结的手续费 fees it would freeze")]
    FrozenCash: Annotated[float, Meta(description="将冻结的权利金 premium it would freeze")]
    Available: Annotated[float, Meta(description="现有可用 available money now")]
    AvailableAfter: Annotated[float, Meta(description="报单之后的可用 available with the order")]
    CloseableToday: Annotated[
        int, Meta(description="可平今仓；不分今昨为 0 today's lots that can be closed; 0 elsewhere")
    ]
    CloseableYd: Annotated[
        int,
        Meta(description="可平昨仓；不分今昨为全部 older lots that can be closed; elsewhere all"),
    ]
    PositionAfter: Annotated[int, Meta(description="全部成交后的持仓 lots once it has traded")]
    RiskDegreeAfter: (
        Annotated[
            float,
            Meta(description="成交后的风险度；无权益为 null risk degree then; null without equity"),
        ]
        | None
    )
    Objections: Annotated[
        tuple[OrderObjection, ...],
        Meta(description="会被拒绝的全部原因，空为无 all reasons to refuse it; empty for none"),
    ]
    Caveats: Annotated[
        tuple[str, ...],
        Meta(description="哪些数字不能确定，见 portfolio.md what is not sure, see portfolio.md"),
    ]


class RspPreviewOrder(Push, frozen=True, kw_only=True):
    """对 PreviewOrder 的应答；没有发出报单 What an order would come to; none was sent."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: RspInfo
    IsLast: _IsLast
    RequestID: _RequestID
    OrderPreview: OrderPreview


class CurvePoint(_Part, frozen=True, kw_only=True):
    """An account's money in yuan at a moment of the day."""

    TradingDay: Annotated[str, Meta(description="交易日 the trading day")]
    Time: Annotated[str, Meta(description="时刻（UTC）when it was reckoned, UTC")]
    Balance: Annotated[float, Meta(description="动态权益 equity")]
    Available: Annotated[float, Meta(description="可用资金 what new orders may use")]
    CurrMargin: Annotated[float, Meta(description="占用保证金 margin in use")]


class RspQryAccountCurve(Push, frozen=True, kw_only=True):
    """对 QryAccountCurve 的应答，每分钟至多一点 A point of the day's curve."""

    services: ClassVar[tuple[str, ...]] = ("td",)

    RspInfo: None = None
    IsLast: _IsLast
    RequestID: _RequestID
    CurvePoint: CurvePoint | None


class CurveQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``QryAccountCurve``: nothing."""


class PortfolioWord(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a ``SubscribePortfolio`` or ``UnSubscribePortfolio``: nothing."""


def state(owner: AccountKey, day: str, update: Update, *, is_snapshot: bool) -> PortfolioState:
    """Return a portfolio as clients are told."""
    return PortfolioState(
        BrokerID=owner.broker_id,
        InvestorID=owner.user_id,
        TradingDay=day,
        IsSnapshot=is_snapshot,
        Caveats=update.caveats,
        Account=account(update.account),
        Positions=tuple(map(position, update.positions)),
    )


def account(one: AccountFigures) -> PortfolioAccount:
    """Return an account's figures as clients are told."""
    degree = one.risk_degree
    return PortfolioAccount(
        PreBalance=yuan(one.pre_balance),
        PreMargin=yuan(one.pre_margin),
        Deposit=yuan(one.deposit),
        Withdraw=yuan(one.withdraw),
        CloseProfit=yuan(one.close_profit),
        PositionProfit=yuan(one.position_profit),
        Commission=yuan(one.commission),
        CashIn=yuan(one.cash_in),
        CurrMargin=yuan(one.margin),
        FrozenMargin=yuan(one.frozen_margin),
        FrozenCommission=yuan(one.frozen_commission),
        FrozenCash=yuan(one.frozen_cash),
        Balance=yuan(one.balance),
        Available=yuan(one.available),
        OptionValue=yuan(one.option_value),
        RiskDegree=degree if degree != float("inf") else None,
    )


def position(one: PositionFigures) -> PortfolioPosition:
    """Return a position's figures as clients are told."""
    size = one.volume * one.multiplier
    return PortfolioPosition(
        InstrumentID=one.key.instrument,
        ExchangeID=one.exchange,
        PosiDirection=_SIDES[one.key.side],
        HedgeFlag=one.key.hedge,
        Position=one.volume,
        TodayPosition=one.today,
        YdPosition=one.older,
        Available=one.available,
        TodayFrozen=one.today_frozen,
        YdFrozen=one.older_frozen,
        Opening=one.opening,
        OpenVolume=one.open_volume,
        CloseVolume=one.close_volume,
        OpenCost=yuan(one.open_cost),
        PositionCost=yuan(one.cost),
        OpenPrice=yuan(one.open_cost) / size if size else 0.0,
        PositionPrice=yuan(one.cost) / size if size else 0.0,
        LastPrice=yuan(one.last),
        PreSettlementPrice=yuan(one.pre_settlement),
        PositionProfitByDate=yuan(one.profit_by_date),
        PositionProfitByTrade=yuan(one.profit_by_trade),
        CloseProfitByDate=yuan(one.closed_by_date),
        CloseProfitByTrade=yuan(one.closed_by_trade),
        OptionValue=yuan(one.option_value),
        UseMargin=yuan(one.margin),
        Commission=yuan(one.commission),
        CashIn=yuan(one.cash_in),
        CombPosition=one.combined,
    )


def differences(drifts: Iterable[Drift]) -> tuple[PortfolioDifference, ...]:
    """Return differences as clients are told: lots, or yuan."""
    return tuple(
        PortfolioDifference(
            InstrumentID="" if one.key is None else one.key.instrument,
            PosiDirection="" if one.key is None else _SIDES[one.key.side],
            HedgeFlag="" if one.key is None else one.key.hedge,
            Field=one.field,
            Kept=float(one.kept) if one.is_lots else yuan(one.kept),
            Told=float(one.told) if one.is_lots else yuan(one.told),
        )
        for one in drifts
    )


def answer(request_id: int, seq: int, portfolio: PortfolioState) -> RspSubscribePortfolio:
    """Return the answer to a subscription."""
    return RspSubscribePortfolio(
        RspInfo=success(), IsLast=True, RequestID=request_id, Seq=seq, Portfolio=portfolio
    )


def unsubscribed(request_id: int) -> RspUnSubscribePortfolio:
    """Return the answer to the end of a subscription."""
    return RspUnSubscribePortfolio(RspInfo=success(), IsLast=True, RequestID=request_id)


def previewed(
    request_id: int,
    found: Preview,
    refusals: Iterable[Refusal],
    caveats: Iterable[str],
    language: Language,
) -> RspPreviewOrder:
    """Return the answer to a preview.

    :param refusals: why it would not be taken, of the gateway's own and of CTP's.
    """
    degree = found.risk_degree
    told = OrderPreview(
        InstrumentID=found.key.instrument,
        PosiDirection=_SIDES[found.key.side],
        HedgeFlag=found.key.hedge,
        Margin=yuan(found.margin),
        Commission=yuan(found.commission),
        FrozenCommission=yuan(found.frozen_commission),
        FrozenCash=yuan(found.frozen_cash),
        Available=yuan(found.available),
        AvailableAfter=yuan(found.available_after),
        CloseableToday=found.today,
        CloseableYd=found.older,
        PositionAfter=found.position,
        RiskDegreeAfter=degree if degree != float("inf") else None,
        Objections=tuple(
            OrderObjection(ErrorID=one.code, Detail=one.detail.in_language(language))
            for one in refusals
        ),
        Caveats=tuple(caveats),
    )
    return RspPreviewOrder(RspInfo=success(), IsLast=True, RequestID=request_id, OrderPreview=told)


def curve(
    request_id: int, day: str, points: Sequence[AccountPoint]
) -> Iterator[RspQryAccountCurve]:
    """Give the answer to ``QryAccountCurve``; one with null where there is no point."""
    for place, one in enumerate(points, 1):
        point = CurvePoint(
            TradingDay=day,
            Time=moment(one.moment),
            Balance=yuan(one.balance),
            Available=yuan(one.available),
            CurrMargin=yuan(one.margin),
        )
        last = place == len(points)
        yield RspQryAccountCurve(IsLast=last, RequestID=request_id, CurvePoint=point)
    if not points:
        yield RspQryAccountCurve(IsLast=True, RequestID=request_id, CurvePoint=None)
