"""The gateway's own messages and their parts.

Made by `python -m webctp docs`: edit nothing here, it is lost.
"""

from typing import ClassVar

from webctp_client.made import structs
from webctp_client.protocol.struct import OwnStruct, SecretStruct


class FeedState(OwnStruct, frozen=True, kw_only=True):
    """One feed of several (``MdRedundancy``)"""

    Front: str
    """前置地址 the front's address"""
    State: str
    """状态，见 architecture.md the state, listed in architecture.md"""
    Reason: str
    """原因，可为空 the reason, may be empty"""
    Since: str
    """起始时刻（UTC）since when, UTC"""
    Stalled: bool
    """是否停滞 whether no tick comes though others get some"""


class SessionState(OwnStruct, frozen=True, kw_only=True):
    """Where a session with a front stands"""

    State: str
    """状态，见 architecture.md the state, listed in architecture.md"""
    Reason: str
    """原因，可为空 the reason, may be empty"""
    Since: str
    """起始时刻（UTC）since when, UTC"""
    Lines: tuple[FeedState, ...] | None = None
    """`MdRedundancy` 时各前置的状态 each feed's, with `MdRedundancy`"""


class RtnSessionState(OwnStruct, frozen=True, kw_only=True):
    """会话或行情连接的状态变化 A session with a front has moved to another state"""

    Seq: int | None = None
    """会话推送的序号 the number of a session's push; market data has none"""
    SessionState: SessionState
    RspUserLogin: structs.RspUserLogin | None = None
    """`ready` 时的登录应答 the front's answer, at `ready`"""


class RtnTradingDay(OwnStruct, frozen=True, kw_only=True):
    """交易日已变更 The front names another trading day than before"""

    Seq: int | None = None
    """会话推送的序号 the number of a session's push; market data has none"""
    TradingDay: str
    """交易日，YYYYMMDD the trading day"""
    Before: str
    """之前的交易日 the one before"""


class Shutdown(OwnStruct, frozen=True, kw_only=True):
    """That the gateway is about to end, and when it closes its clients"""

    Seconds: float
    """此后多少秒关闭连接，发送时计 seconds until connections are closed"""
    ClosesAt: str
    """该时刻（UTC）that moment, UTC"""
    Restarts: bool
    """是否由 systemd 持有监听套接字：关闭后立即重连即可，连接会等待新进程 whether systemd holds the listening socket: connect again at once after the close, and the connection waits for the new process"""
    Reason: str
    """原因，可为空 the reason, may be empty"""


class RtnShutdown(OwnStruct, frozen=True, kw_only=True):
    """网关即将结束：报单照常，不再接受登录 The gateway is to end; orders go on, logins do not"""

    Seq: int | None = None
    """会话推送的序号 the number of a session's push; market data has none"""
    Shutdown: Shutdown


class ClientOrderState(OwnStruct, frozen=True, kw_only=True):
    """What became of an order or action that bears a ClientOrderID"""

    ClientOrderID: str
    """客户端给定的编号 the client's own name for it"""
    Request: str
    """请求的 MsgType the request's MsgType"""
    Status: str
    """状态，见 architecture.md its state, listed in architecture.md"""
    FrontID: int
    """前置编号 the front's number"""
    SessionID: int
    """会话编号 the session's number"""
    OrderRef: str
    """报单引用 its reference"""
    TradingDay: str
    """交易日 the trading day"""
    ExchangeID: str
    """交易所 the exchange"""
    OrderSysID: str
    """交易所报单编号 the exchange's number"""
    OrderSubmitStatus: str
    """报单提交状态 CTP's submit status"""
    OrderStatus: str
    """报单状态 CTP's order status"""
    VolumeTraded: int
    """已成交手数 lots traded"""
    VolumeTotal: int
    """剩余手数 lots left"""
    ErrorID: int
    """错误代码，0 为无 the error's code, 0 for none"""
    ErrorMsg: str
    """错误信息 what the error says"""


class RtnClientOrder(OwnStruct, frozen=True, kw_only=True):
    """带 ClientOrderID 的报单、撤单的结果 What became of an order or action that bears one"""

    ClientOrder: ClientOrderState
    RequestID: int | None = None
    """请求的 RequestID the request's RequestID"""


class QueuePlace(OwnStruct, frozen=True, kw_only=True):
    """Where a query waits for CTP's pace"""

    Request: str
    """请求的 MsgType the request's MsgType"""
    Place: int
    """排队的位置，1 为下一个 its place: 1 is the next to be sent"""
    Seconds: float
    """至少还需等待的秒数 seconds until it is sent, at the least"""


class RtnQueued(OwnStruct, frozen=True, kw_only=True):
    """要求告知时：查询须排队 A query has to wait; for who asked by Queued"""

    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Queued: QueuePlace


class TicksDropped(OwnStruct, frozen=True, kw_only=True):
    """Market data that a client was not sent"""

    Count: int
    """略过的条数；总线的缺口（many-machines.md）至少如此 how many were passed over; of a gap in the bus (many-machines.md) at the least"""
    InstrumentID: tuple[str, ...] | None = None
    """所涉合约；客户端自身接收缓慢时没有 of which instruments; absent where this client was too slow"""


class RtnTicksDropped(OwnStruct, frozen=True, kw_only=True):
    """略过了若干条行情或未结束的 K 线 Ticks, or growing bars, were passed over"""

    TicksDropped: TicksDropped


class Bar(OwnStruct, frozen=True, kw_only=True):
    """A bar (K 线) of an instrument; CTP's names where CTP has one"""

    InstrumentID: str
    """合约 the instrument"""
    ExchangeID: str
    """交易所 the exchange"""
    TradingDay: str
    """交易日 the trading day, YYYYMMDD"""
    Period: str
    """周期，如 1m、1d the period, such as 1m, 1d"""
    BeginTime: str
    """开始时刻，北京时间 its beginning, China's time"""
    EndTime: str
    """结束时刻 its end"""
    OpenPrice: float
    """开盘价 the first price"""
    HighestPrice: float
    """最高价 the highest"""
    LowestPrice: float
    """最低价 the lowest"""
    ClosePrice: float
    """收盘价 the last price so far"""
    Volume: int
    """成交量（手）lots traded in it"""
    Turnover: float
    """成交额 turnover in it"""
    OpenInterest: float
    """持仓量 open interest at its end"""
    IsClosed: bool
    """是否已结束 whether it is over"""
    SettlementPrice: float | None = None
    """结算价，仅历史日线，已知时 the settlement price: of days of the past, once it is known"""


class RtnBar(OwnStruct, frozen=True, kw_only=True):
    """K 线 A bar"""

    Bar: Bar
    Changes: bool | None = None
    """true：只有与上一条相比改变的字段 true: only the fields that have changed since the message before"""
    MainContract: str | None = None
    """以主力合约订阅时的名称，如 @rb what it was subscribed to as, if so"""


class RspQryBar(OwnStruct, frozen=True, kw_only=True):
    """过去的 K 线 A bar of the past, in answer to ReqQryBar"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Bar: Bar | None
    """K 线；没有时为 null the bar; null where there is none"""


class FoundInstrument(OwnStruct, frozen=True, kw_only=True):
    """What the gateway knows of an instrument by its ID; CTP's names"""

    InstrumentID: str
    """合约 the instrument"""
    ExchangeID: str
    """交易所 the exchange"""
    ProductID: str
    """品种；期权为标的期货的品种 the product, of an option its future's"""
    InstrumentName: str
    """名称 its name"""
    ProductClass: str
    """1 期货 futures，2 期权 options，6 现货期权"""
    UnderlyingInstrID: str
    """期权的标的 what an option is on"""
    OptionsType: str
    """1 看涨 call，2 看跌 put"""
    StrikePrice: float
    """行权价 the strike price"""
    DeliveryYear: int
    """交割年 the year of delivery"""
    DeliveryMonth: int
    """交割月 the month of delivery"""
    VolumeMultiple: int
    """合约乘数 the multiplier"""
    PriceTick: float
    """最小变动价位 the price tick"""


class RspQryInstruments(OwnStruct, frozen=True, kw_only=True):
    """对 QryInstruments 的应答，每个合约一条 An instrument, in answer to QryInstruments"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Instrument: FoundInstrument | None


class RspQryTicks(OwnStruct, frozen=True, kw_only=True):
    """对 QryTicks 的应答，每笔行情一条 A tick, in answer to QryTicks"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    ReceivedTime: str | None = None
    """收到的时刻，北京时间 when it was received, China's time"""
    DepthMarketData: structs.DepthMarketData | None = None
    """行情；没有时为 null the tick; null where there is none"""


class MainContract(OwnStruct, frozen=True, kw_only=True):
    """Which contract stands for a product"""

    Name: str
    """订阅的名称，如 @rb what is subscribed to, such as @rb"""
    InstrumentID: str
    """主力合约 the contract that it stands for"""
    Before: str
    """之前的；首次为空 the one before; empty at first"""


class RtnMainContract(OwnStruct, frozen=True, kw_only=True):
    """主力合约：首次得知或改变 The main contract of a product is known, or another one"""

    MainContract: MainContract


class TradingState(OwnStruct, frozen=True, kw_only=True):
    """What the kill switch forbids to a target; of several the strictest holds"""

    Target: str
    """对象：all、account:BrokerID/InvestorID、token:名称 whom it concerns: all, account:BrokerID/InvestorID, token:NAME"""
    Level: str
    """级别：none、reduce-only、stop、stop-and-cancel the level: none, reduce-only, stop, stop-and-cancel"""
    Since: str
    """起始时刻（UTC），可为空 since when, UTC, may be empty"""
    By: str
    """由谁设置，可为空 who said so, may be empty"""
    Reason: str
    """原因，可为空 the reason, may be empty"""


class CancelProgress(OwnStruct, frozen=True, kw_only=True):
    """How far the cancellations of ``stop-and-cancel`` have come"""

    Resting: int
    """尚待撤销的挂单数 how many orders still rest that are to be cancelled"""
    LastRefusal: str
    """最近一次撤单被拒的原因，可为空 why one was refused last, may be empty"""


class RtnTradingState(OwnStruct, frozen=True, kw_only=True):
    """交易限制（kill switch）的变化，或其撤单的进展 The kill switch has moved, or cancelled"""

    Seq: int | None = None
    """会话推送的序号 the number of a session's push; market data has none"""
    TradingState: TradingState
    Cancelling: CancelProgress | None = None


class RspQryTradingState(OwnStruct, frozen=True, kw_only=True):
    """对 QryTradingState 的应答，每个对象一条 What is forbidden, in answer to QryTradingState"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    TradingState: TradingState | None


class RspInfo(OwnStruct, frozen=True, kw_only=True):
    """CTP's word on how a request went"""

    ErrorID: int
    """0 为成功 0 for success"""
    ErrorMsg: str
    """说明 what it says"""


class ParkedOrderLeft(OwnStruct, frozen=True, kw_only=True):
    """A parked order that stays at the front"""

    BrokerID: str
    """经纪公司代码 the broker"""
    InvestorID: str
    """投资者代码 the investor"""
    ParkedOrderID: str
    """预埋报单编号 its number"""
    InstrumentID: str
    """合约 the instrument"""
    Direction: str
    """买卖方向 Direction, as CTP has it"""
    CombOffsetFlag: str
    """开平标志 CombOffsetFlag"""
    LimitPrice: float
    """价格 the price"""
    VolumeTotalOriginal: int
    """手数 lots"""


class RspKill(OwnStruct, frozen=True, kw_only=True):
    """对 Kill 的应答：已落盘 The answer to Kill: it is on disk and in force"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    TradingState: TradingState
    Parked: tuple[ParkedOrderLeft, ...] | None = None
    """留在前置、可能由其发出的预埋单 parked orders that stay at the front, which may send them"""
    ParkedUnknown: tuple[str, ...] | None = None
    """未能查得预埋单的账户 accounts of which it is not known whether they have parked orders"""


class Compliance(OwnStruct, frozen=True, kw_only=True):
    """What an account has done in an instrument on the trading day, as exchanges count it"""

    BrokerID: str
    """经纪公司代码 the broker"""
    InvestorID: str
    """投资者代码 the investor"""
    InstrumentID: str
    """合约 the instrument"""
    Inserts: int
    """报单笔数 inserts"""
    Cancels: int
    """撤单次数，FAK、FOK 除外 cancellations, FAK and FOK apart"""
    LargeCancels: int
    """大额撤单次数 cancellations of many lots"""
    SelfTrades: int
    """自成交次数 trades with oneself"""
    MostInSecond: int
    """一秒内最多的报单笔数 most inserts in a second"""
    TradedOrders: int
    """有成交的报单笔数 orders that have traded"""
    OrderToTrade: float
    """报单成交比：(报单＋撤单)/有成交的报单－1 (inserts + cancellations) / orders that have traded - 1"""
    Reached: tuple[str, ...]
    """已达阈值的计数，其合约不再开仓 counters at their thresholds"""


class RspQryCompliance(OwnStruct, frozen=True, kw_only=True):
    """对 QryCompliance 的应答，每个合约一条 The counters, in answer to QryCompliance"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Compliance: Compliance | None


class Threshold(OwnStruct, frozen=True, kw_only=True):
    """A threshold of ``Compliance`` that was passed"""

    BrokerID: str
    """经纪公司代码 the broker"""
    InvestorID: str
    """投资者代码 the investor"""
    InstrumentID: str
    """合约 the instrument"""
    Counter: str
    """计数：Cancels、LargeCancels、SelfTrades、MostInSecond the counter: Cancels, LargeCancels, SelfTrades, MostInSecond"""
    Value: int
    """已计次数 what was counted"""
    Limit: int
    """阈值 the threshold"""
    OpeningRefused: bool
    """该合约是否不再开仓；否为预警 whether nothing is opened any more"""


class RtnCompliance(OwnStruct, frozen=True, kw_only=True):
    """合规计数达到预警线或阈值 A counter has come to its warning or its threshold"""

    Seq: int | None = None
    """会话推送的序号 the number of a session's push; market data has none"""
    Threshold: Threshold


class Timer(OwnStruct, frozen=True, kw_only=True):
    """A dead man's timer, as it was set"""

    Milliseconds: int
    """毫秒数，0 为已取消 0 for disarmed"""
    FiresAt: str
    """撤单时刻（UTC），取消时为空 when it fires, UTC; empty if disarmed"""


class RspCancelAllAfter(OwnStruct, frozen=True, kw_only=True):
    """对 CancelAllAfter 的应答 When what rests will be cancelled, unless it is sent again"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    CancelAllAfter: Timer


class PortfolioAccount(OwnStruct, frozen=True, kw_only=True):
    """An account's money in yuan, named as in ``TradingAccount``"""

    PreBalance: float
    """上日结存 yesterday's equity"""
    PreMargin: float
    """上日保证金 yesterday's margin"""
    Deposit: float
    """入金 money put in"""
    Withdraw: float
    """出金 money taken out"""
    CloseProfit: float
    """平仓盈亏 profit of closings, by date"""
    PositionProfit: float
    """持仓盈亏 profit of what is held, by date"""
    Commission: float
    """手续费 fees"""
    CashIn: float
    """权利金收支 premiums received less paid"""
    CurrMargin: float
    """占用保证金 margin in use"""
    FrozenMargin: float
    """冻结保证金 margin frozen by orders"""
    FrozenCommission: float
    """冻结手续费 fees frozen by orders"""
    FrozenCash: float
    """冻结权利金 premiums frozen by orders"""
    Balance: float
    """动态权益 equity"""
    Available: float
    """可用资金 what new orders may use"""
    OptionValue: float
    """期权市值 what options are worth"""
    RiskDegree: float | None
    """风险度 CurrMargin/Balance；权益不为正时为 null CurrMargin/Balance; null where the equity is not above 0"""


class PortfolioPosition(OwnStruct, frozen=True, kw_only=True):
    """A position: an instrument on one side under one hedge flag"""

    InstrumentID: str
    """合约 the instrument"""
    ExchangeID: str
    """交易所 the exchange"""
    PosiDirection: str
    """2 多 3 空 2 long, 3 short"""
    HedgeFlag: str
    """投机套保标志 the hedge flag"""
    Position: int
    """持仓手数 lots held"""
    TodayPosition: int
    """其中今仓 of these opened today"""
    YdPosition: int
    """其中现存昨仓（CTP 的同名字段为日初昨仓）of these older ones, still held; CTP's field of this name is the day's beginning"""
    Available: int
    """可平手数 lots that can be closed"""
    TodayFrozen: int
    """今仓平仓冻结 today's lots under closing orders"""
    YdFrozen: int
    """昨仓平仓冻结 older lots under closing orders"""
    Opening: int
    """开仓报单未成手数 lots that orders may still open"""
    OpenVolume: int
    """当日开仓手数 lots opened on the day"""
    CloseVolume: int
    """当日平仓手数 lots closed on the day"""
    OpenCost: float
    """开仓成本 what the lots were opened at"""
    PositionCost: float
    """持仓成本（昨仓按昨结算价）cost; older lots at yesterday's settlement"""
    OpenPrice: float
    """开仓均价，无持仓为 0 average opening price, 0 without lots"""
    PositionPrice: float
    """持仓均价，无持仓为 0 average price of the cost, 0 without lots"""
    LastPrice: float
    """最新价 the last price"""
    PreSettlementPrice: float
    """昨结算价 yesterday's settlement"""
    PositionProfitByDate: float
    """逐日盯市持仓盈亏，期权为 0 profit by date; 0 of options, as CTP's"""
    PositionProfitByTrade: float
    """逐笔对冲持仓盈亏，期权为 0 profit by trade; 0 of options"""
    CloseProfitByDate: float
    """逐日盯市平仓盈亏 closed, by date"""
    CloseProfitByTrade: float
    """逐笔对冲平仓盈亏 closed, by trade"""
    OptionValue: float
    """期权市值 what an option is worth"""
    UseMargin: float
    """占用保证金；单向大边的小边为 0 margin; 0 on the smaller side"""
    Commission: float
    """当日手续费 the day's fees"""
    CashIn: float
    """当日权利金收支 the day's premiums"""
    CombPosition: int
    """组合持仓手数，最近一次查询 lots in combinations, as last queried"""


class PortfolioState(OwnStruct, frozen=True, kw_only=True):
    """An account's portfolio, or what of it has changed"""

    BrokerID: str
    """经纪公司代码 the broker"""
    InvestorID: str
    """投资者代码 the investor"""
    TradingDay: str
    """交易日 the trading day"""
    IsSnapshot: bool
    """是否全部持仓；否则仅含有变化者 whether all positions are here; else those that have changed"""
    Caveats: tuple[str, ...]
    """哪些数字不能确定，见 portfolio.md what is not sure, see portfolio.md"""
    Account: PortfolioAccount
    Positions: tuple[PortfolioPosition, ...]


class RspSubscribePortfolio(OwnStruct, frozen=True, kw_only=True):
    """对 SubscribePortfolio 的应答：全部持仓与资金 The portfolio, whole"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Seq: int
    """此前最后一个推送的序号 the number of the last push before it"""
    Portfolio: PortfolioState


class RspUnSubscribePortfolio(OwnStruct, frozen=True, kw_only=True):
    """对 UnSubscribePortfolio 的应答 Nothing more of it is told"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""


class RtnPortfolio(OwnStruct, frozen=True, kw_only=True):
    """持仓与资金的变化 What has changed of the portfolio"""

    Seq: int
    """会话推送的序号 the number of a session's push; market data has none"""
    Portfolio: PortfolioState | None
    """断线续传时补发的为 null：其内容已由后面的取代 null in those that were missed and are told on resuming: what one said is in a later one"""


class PortfolioDifference(OwnStruct, frozen=True, kw_only=True):
    """A figure that CTP's answer has otherwise"""

    InstrumentID: str
    """合约，资金项为空 the instrument; empty for the account's"""
    PosiDirection: str
    """2 多 3 空，资金项为空 2 long, 3 short"""
    HedgeFlag: str
    """投机套保标志，资金项为空 the hedge flag"""
    Field: str
    """CTP 的字段名 CTP's name of the field"""
    Kept: float
    """网关所记 what the gateway had"""
    Told: float
    """CTP 所答，已采用 what CTP says, and what holds now"""


class RtnPortfolioDrift(OwnStruct, frozen=True, kw_only=True):
    """核对发现差异，已以 CTP 为准 CTP's answers differed; its word is taken"""

    Seq: int
    """会话推送的序号 the number of a session's push; market data has none"""
    BrokerID: str
    """经纪公司代码 the broker"""
    InvestorID: str
    """投资者代码 the investor"""
    Differences: tuple[PortfolioDifference, ...]


class OrderObjection(OwnStruct, frozen=True, kw_only=True):
    """Why an order would not be taken"""

    ErrorID: int
    """网关或 CTP 将答的代码 the code that the gateway or CTP would answer"""
    Detail: str
    """原因 why"""


class OrderPreview(OwnStruct, frozen=True, kw_only=True):
    """What an order would come to. Money in yuan"""

    InstrumentID: str
    """合约 the instrument"""
    PosiDirection: str
    """所开或所平的持仓，2 多 3 空 the position it opens or closes"""
    HedgeFlag: str
    """投机套保标志 the hedge flag"""
    Margin: float
    """新增保证金，单向大边已计 margin that it adds; larger side counted"""
    Commission: float
    """以其价格成交的手续费 the fee where it trades at its price"""
    FrozenCommission: float
    """将冻结的手续费 fees it would freeze"""
    FrozenCash: float
    """将冻结的权利金 premium it would freeze"""
    Available: float
    """现有可用 available money now"""
    AvailableAfter: float
    """报单之后的可用 available with the order"""
    CloseableToday: int
    """可平今仓；不分今昨为 0 today's lots that can be closed; 0 elsewhere"""
    CloseableYd: int
    """可平昨仓；不分今昨为全部 older lots that can be closed; elsewhere all"""
    PositionAfter: int
    """全部成交后的持仓 lots once it has traded"""
    RiskDegreeAfter: float | None
    """成交后的风险度；无权益为 null risk degree then; null without equity"""
    Objections: tuple[OrderObjection, ...]
    """会被拒绝的全部原因，空为无 all reasons to refuse it; empty for none"""
    Caveats: tuple[str, ...]
    """哪些数字不能确定，见 portfolio.md what is not sure, see portfolio.md"""


class RspPreviewOrder(OwnStruct, frozen=True, kw_only=True):
    """对 PreviewOrder 的应答；没有发出报单 What an order would come to; none was sent"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    OrderPreview: OrderPreview


class CurvePoint(OwnStruct, frozen=True, kw_only=True):
    """An account's money in yuan at a moment of the day"""

    TradingDay: str
    """交易日 the trading day"""
    Time: str
    """时刻（UTC）when it was reckoned, UTC"""
    Balance: float
    """动态权益 equity"""
    Available: float
    """可用资金 what new orders may use"""
    CurrMargin: float
    """占用保证金 margin in use"""


class RspQryAccountCurve(OwnStruct, frozen=True, kw_only=True):
    """对 QryAccountCurve 的应答，每分钟至多一点 A point of the day's curve"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    CurvePoint: CurvePoint | None


class OffsetOrder(OwnStruct, frozen=True, kw_only=True):
    """One of the orders that an order became"""

    ClientOrderID: str
    """该笔的编号 its own ClientOrderID"""
    CombOffsetFlag: str
    """开平标志：0 开仓 1 平仓 3 平今 4 平昨 its offset: 0 open, 1 close, 3 close today, 4 close yesterday"""
    VolumeTotalOriginal: int
    """手数 lots"""


class OffsetSplit(OwnStruct, frozen=True, kw_only=True):
    """What an order with ``"Offset": "auto"`` became"""

    ClientOrderID: str
    """请求的 ClientOrderID the request's"""
    TradingDay: str
    """交易日 the trading day of the split"""
    Repeated: bool
    """是否为此前的拆分：已发出的不再发出 whether it was split before; what was sent then is not sent again"""
    Orders: tuple[OffsetOrder, ...]
    """依发出的次序 in the order of their sending"""


class RspOffsetSplit(OwnStruct, frozen=True, kw_only=True):
    """带 `"Offset": "auto"` 的报单拆成的各笔：已落盘，随即发出 What one was split into"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    OffsetSplit: OffsetSplit


class ConditionalLeg(OwnStruct, frozen=True, kw_only=True):
    """An order and its condition"""

    Kind: str
    """条件：stop 止损、profit 止盈、trailing 跟踪、time 定时、now 立即 what it waits for: stop, profit, trailing, time, now"""
    InstrumentID: str
    """合约 the instrument"""
    Direction: str
    """买卖方向 the order's direction"""
    CombOffsetFlag: str
    """开平标志 its offset"""
    VolumeTotalOriginal: int
    """手数；0 为以成交为准 lots; 0 for as many as are traded"""
    TriggerPrice: float
    """触发价，无则为 0 the trigger, 0 for none"""
    Distance: float
    """跟踪距离 a trailing one's distance"""
    Mark: float
    """跟踪以来的最优价，尚无则为 0 the best price so far, 0 before any"""
    At: str
    """时刻，北京时间 the moment, China's time"""


class ConditionalStanding(OwnStruct, frozen=True, kw_only=True):
    """Where a conditional order stands"""

    ConditionalID: str
    """客户端给定的编号 the client's name for it"""
    Status: str
    """状态，见 conditional.md its state, see conditional.md"""
    ErrorID: int
    """错误代码，0 为无 the error's code, 0 for none"""
    Reason: str
    """原因，可为空 the reason, may be empty"""
    ClientOrderID: str
    """其报单的 ClientOrderID；触发之前为空 its order's ClientOrderID; empty before the condition is met"""
    TradingDay: str
    """提交的交易日 the trading day it was entered on"""
    Until: str
    """有效至该交易日 the last trading day it lives"""
    Parent: str
    """所保护的条件单，无则为空 whose order's trades it protects; empty for none"""
    Covered: int
    """已受保护的成交手数 lots of its order's trades that are protected"""
    Legs: tuple[ConditionalLeg, ...]
    Protect: tuple[ConditionalLeg, ...]


class RtnConditional(OwnStruct, frozen=True, kw_only=True):
    """条件单的变化 A conditional order stands elsewhere than before"""

    Seq: int | None = None
    """会话推送的序号 the number of a session's push; market data has none"""
    Conditional: ConditionalStanding


class RspInsertConditional(OwnStruct, frozen=True, kw_only=True):
    """对 InsertConditional 的应答：已落盘 It is on disk, or was before"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Conditional: ConditionalStanding


class RspCancelConditional(OwnStruct, frozen=True, kw_only=True):
    """对 CancelConditional 的应答：已落盘 It is cancelled, which is on disk"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Conditional: ConditionalStanding


class RspQryConditional(OwnStruct, frozen=True, kw_only=True):
    """对 QryConditional 的应答，每个一条 A conditional order, in answer to QryConditional"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Conditional: ConditionalStanding | None


class Caller(OwnStruct, frozen=True, kw_only=True):
    """Who a client is to the gateway"""

    Name: str
    """令牌的名称，可为空 the token's name, may be empty"""
    Scopes: tuple[str, ...]
    """用途 what it may do: its scopes"""


class RspQryPrincipal(OwnStruct, frozen=True, kw_only=True):
    """对 QryPrincipal 的应答 Whom the gateway takes this client for"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Caller: Caller


class ConnectedClient(OwnStruct, frozen=True, kw_only=True):
    """A client that is connected, by a WebSocket or over HTTP"""

    ID: int
    """编号 its number"""
    Service: str
    """服务：td、md the service: td, md"""
    Address: str
    """来处 where it comes from"""
    Principal: str
    """令牌的名称，可为空 the token's name, may be empty"""
    Account: str
    """账户，BrokerID:UserID，可为空 the account, may be empty"""
    Since: str
    """起始时刻（UTC）since when, UTC"""
    Held: int
    """等待发送的字节 bytes that wait to be sent"""
    Behind: bool
    """是否落后 whether it is behind"""


class RspQryClients(OwnStruct, frozen=True, kw_only=True):
    """对 QryClients 的应答，每个客户端一条 A client, in answer to QryClients"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    ConnectedClient: ConnectedClient | None


class OpenSession(OwnStruct, frozen=True, kw_only=True):
    """A session with a front"""

    Account: str
    """账户，BrokerID:UserID，可为空 the account, may be empty"""
    State: str
    """状态，见 architecture.md the state, listed in architecture.md"""
    Reason: str
    """原因，可为空 the reason, may be empty"""
    Since: str
    """起始时刻（UTC）since when, UTC"""
    Clients: int
    """客户端数 how many clients share it"""
    Working: int
    """挂单数 orders that may still trade"""


class RspQrySessions(OwnStruct, frozen=True, kw_only=True):
    """对 QrySessions 的应答，每个会话一条 A session, in answer to QrySessions"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    OpenSession: OpenSession | None


class LimitInForce(OwnStruct, frozen=True, kw_only=True):
    """A limit of the configuration"""

    Key: str
    """配置项 the configuration's key"""
    Limit: float
    """上限，0 为不限 the limit, 0 for no bound"""
    Used: float | None
    """已用；不合计时为 null in use"""


class RspQryLimits(OwnStruct, frozen=True, kw_only=True):
    """对 QryLimits 的应答，每项一条 A limit, in answer to QryLimits"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    LimitInForce: LimitInForce | None


class TokenInUse(OwnStruct, frozen=True, kw_only=True):
    """A token's rights, and what is in use of it; not the token"""

    Name: str
    """名称 its name"""
    Scopes: tuple[str, ...]
    """用途 its scopes"""
    Connections: int
    """连接数 connections"""
    Sessions: int
    """会话数 sessions"""
    Subscriptions: int
    """订阅数 subscriptions"""
    Limits: dict[str, int]
    """各项上限，0 为不限 limits, 0 for none"""
    Seen: str
    """最近使用，可为空 when it was shown last, may be empty"""
    Expires: str
    """到期，可为空 when it expires, may be empty"""


class RspQryTokens(OwnStruct, frozen=True, kw_only=True):
    """对 QryTokens 的应答，每个令牌一条 A token, in answer to QryTokens"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    TokenInUse: TokenInUse | None


class LogLine(OwnStruct, frozen=True, kw_only=True):
    """A line of the log"""

    Text: str
    """日志的一行 a line of the log"""


class RspQryLog(OwnStruct, frozen=True, kw_only=True):
    """对 QryLog 的应答，每行一条 A line of the log, in answer to QryLog"""

    RspInfo: None = None
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    LogLine: LogLine | None


class ConfigChange(OwnStruct, frozen=True, kw_only=True):
    """A key of the configuration with another value than before"""

    Key: str
    """配置项 the key"""
    Old: str
    """之前 its value before"""
    New: str
    """现在 its value now"""
    InForce: bool
    """是否已生效，否则待重启 in force, or only after a restart"""


class Reloaded(OwnStruct, frozen=True, kw_only=True):
    """What came of reading the configuration anew"""

    Changes: tuple[ConfigChange, ...]


class RspReloadConfig(OwnStruct, frozen=True, kw_only=True):
    """对 ReloadConfig 的应答 What has changed, in answer to ReloadConfig"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Reloaded: Reloaded


class DrainProgress(OwnStruct, frozen=True, kw_only=True):
    """How far the end of the gateway has come"""

    State: str
    """draining 为正在结束 draining: it ends"""
    SecondsLeft: float
    """还剩多少秒 seconds that are left"""
    Clients: int
    """尚连接的客户端 clients that are connected"""


class RspDrain(OwnStruct, frozen=True, kw_only=True):
    """对 Drain 的应答：网关即将结束 The answer to Drain: the gateway is to end"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Drain: DrainProgress


class Ended(OwnStruct, frozen=True, kw_only=True):
    """What an administrator has ended"""

    Count: int
    """断开或结束的个数 how many were ended"""


class RspEndClient(OwnStruct, frozen=True, kw_only=True):
    """对 EndClient 的应答 The answer to EndClient: its connection is closed"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Ended: Ended


class RspEndSession(OwnStruct, frozen=True, kw_only=True):
    """对 EndSession 的应答 The answer to EndSession: the account's sessions have ended"""

    RspInfo: RspInfo
    IsLast: bool
    """是否最后一条 whether it is the last"""
    RequestID: int
    """请求的 RequestID the request's RequestID"""
    Ended: Ended


class SessionFields(SecretStruct, frozen=True, kw_only=True):
    """What the answer to a login says of the session"""

    secret_fields: ClassVar[tuple[str, ...]] = ('ResumeToken',)

    ResumeToken: str
    """恢复会话的密钥 the secret to resume it"""
    Seq: int
    """最后一个推送的序号 the last push's number"""
    DayGap: bool | None = None
    """当日推送是否不全 whether the day's flow is not whole"""


class ResumeFields(OwnStruct, frozen=True, kw_only=True):
    """What the answer to a login says of pushes that were missed"""

    Seq: int
    """最后一个推送的序号 the last push's number"""
    Replayed: int
    """补发的条数 how many follow"""
    Gap: bool
    """是否有遗失 whether some are lost"""


class LegWord(OwnStruct, frozen=True, kw_only=True, omit_defaults=True):
    """A leg as a client writes it"""

    Kind: str
    InputOrder: structs.InputOrder
    TriggerPrice: float | None = None
    Distance: float | None = None
    At: str | None = None

