/**
 * The gateway's own messages and their parts.
 *
 * Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
 */

import type * as structs from "./structs.js";

/** One feed of several (``MdRedundancy``) */
export interface FeedState {
  /** 前置地址 the front's address */
  Front: string;
  /** 状态，见 architecture.md the state, listed in architecture.md */
  State: string;
  /** 原因，可为空 the reason, may be empty */
  Reason: string;
  /** 起始时刻（UTC）since when, UTC */
  Since: string;
  /** 是否停滞 whether no tick comes though others get some */
  Stalled: boolean;
}

/** Where a session with a front stands */
export interface SessionState {
  /** 状态，见 architecture.md the state, listed in architecture.md */
  State: string;
  /** 原因，可为空 the reason, may be empty */
  Reason: string;
  /** 起始时刻（UTC）since when, UTC */
  Since: string;
  /** `MdRedundancy` 时各前置的状态 each feed's, with `MdRedundancy` */
  Lines?: ReadonlyArray<FeedState>;
}

/** 会话或行情连接的状态变化 A session with a front has moved to another state */
export interface RtnSessionState {
  /** 会话推送的序号 the number of a session's push; market data has none */
  Seq?: number;
  SessionState: SessionState;
  /** `ready` 时的登录应答 the front's answer, at `ready` */
  RspUserLogin?: structs.RspUserLogin | null;
}

/** 交易日已变更 The front names another trading day than before */
export interface RtnTradingDay {
  /** 会话推送的序号 the number of a session's push; market data has none */
  Seq?: number;
  /** 交易日，YYYYMMDD the trading day */
  TradingDay: string;
  /** 之前的交易日 the one before */
  Before: string;
}

/** That the gateway is about to end, and when it closes its clients */
export interface Shutdown {
  /** 此后多少秒关闭连接，发送时计 seconds until connections are closed */
  Seconds: number;
  /** 该时刻（UTC）that moment, UTC */
  ClosesAt: string;
  /** 是否由 systemd 持有监听套接字：关闭后立即重连即可，连接会等待新进程 whether systemd holds the listening socket: connect again at once after the close, and the connection waits for the new process */
  Restarts: boolean;
  /** 原因，可为空 the reason, may be empty */
  Reason: string;
}

/** 网关即将结束：报单照常，不再接受登录 The gateway is to end; orders go on, logins do not */
export interface RtnShutdown {
  /** 会话推送的序号 the number of a session's push; market data has none */
  Seq?: number;
  Shutdown: Shutdown;
}

/** What became of an order or action that bears a ClientOrderID */
export interface ClientOrderState {
  /** 客户端给定的编号 the client's own name for it */
  ClientOrderID: string;
  /** 请求的 MsgType the request's MsgType */
  Request: string;
  /** 状态，见 architecture.md its state, listed in architecture.md */
  Status: string;
  /** 前置编号 the front's number */
  FrontID: number;
  /** 会话编号 the session's number */
  SessionID: number;
  /** 报单引用 its reference */
  OrderRef: string;
  /** 交易日 the trading day */
  TradingDay: string;
  /** 交易所 the exchange */
  ExchangeID: string;
  /** 交易所报单编号 the exchange's number */
  OrderSysID: string;
  /** 报单提交状态 CTP's submit status */
  OrderSubmitStatus: string;
  /** 报单状态 CTP's order status */
  OrderStatus: string;
  /** 已成交手数 lots traded */
  VolumeTraded: number;
  /** 剩余手数 lots left */
  VolumeTotal: number;
  /** 错误代码，0 为无 the error's code, 0 for none */
  ErrorID: number;
  /** 错误信息 what the error says */
  ErrorMsg: string;
}

/** 带 ClientOrderID 的报单、撤单的结果 What became of an order or action that bears one */
export interface RtnClientOrder {
  ClientOrder: ClientOrderState;
  /** 请求的 RequestID the request's RequestID */
  RequestID?: number;
}

/** Where a query waits for CTP's pace */
export interface QueuePlace {
  /** 请求的 MsgType the request's MsgType */
  Request: string;
  /** 排队的位置，1 为下一个 its place: 1 is the next to be sent */
  Place: number;
  /** 至少还需等待的秒数 seconds until it is sent, at the least */
  Seconds: number;
}

/** 要求告知时：查询须排队 A query has to wait; for who asked by Queued */
export interface RtnQueued {
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Queued: QueuePlace;
}

/** Market data that a client was not sent */
export interface TicksDropped {
  /** 略过的条数；总线的缺口（many-machines.md）至少如此 how many were passed over; of a gap in the bus (many-machines.md) at the least */
  Count: number;
  /** 所涉合约；客户端自身接收缓慢时没有 of which instruments; absent where this client was too slow */
  InstrumentID?: ReadonlyArray<string>;
}

/** 略过了若干条行情或未结束的 K 线 Ticks, or growing bars, were passed over */
export interface RtnTicksDropped {
  TicksDropped: TicksDropped;
}

/** A bar (K 线) of an instrument; CTP's names where CTP has one */
export interface Bar {
  /** 合约 the instrument */
  InstrumentID: string;
  /** 交易所 the exchange */
  ExchangeID: string;
  /** 交易日 the trading day, YYYYMMDD */
  TradingDay: string;
  /** 周期，如 1m、1d the period, such as 1m, 1d */
  Period: string;
  /** 开始时刻，北京时间 its beginning, China's time */
  BeginTime: string;
  /** 结束时刻 its end */
  EndTime: string;
  /** 开盘价 the first price */
  OpenPrice: number;
  /** 最高价 the highest */
  HighestPrice: number;
  /** 最低价 the lowest */
  LowestPrice: number;
  /** 收盘价 the last price so far */
  ClosePrice: number;
  /** 成交量（手）lots traded in it */
  Volume: number;
  /** 成交额 turnover in it */
  Turnover: number;
  /** 持仓量 open interest at its end */
  OpenInterest: number;
  /** 是否已结束 whether it is over */
  IsClosed: boolean;
  /** 结算价，仅历史日线，已知时 the settlement price: of days of the past, once it is known */
  SettlementPrice?: number;
}

/** K 线 A bar */
export interface RtnBar {
  Bar: Bar;
  /** true：只有与上一条相比改变的字段 true: only the fields that have changed since the message before */
  Changes?: boolean;
  /** 以主力合约订阅时的名称，如 @rb what it was subscribed to as, if so */
  MainContract?: string;
}

/** 过去的 K 线 A bar of the past, in answer to ReqQryBar */
export interface RspQryBar {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  /** K 线；没有时为 null the bar; null where there is none */
  Bar: Bar | null;
}

/** What the gateway knows of an instrument by its ID; CTP's names */
export interface FoundInstrument {
  /** 合约 the instrument */
  InstrumentID: string;
  /** 交易所 the exchange */
  ExchangeID: string;
  /** 品种；期权为标的期货的品种 the product, of an option its future's */
  ProductID: string;
  /** 名称 its name */
  InstrumentName: string;
  /** 1 期货 futures，2 期权 options，6 现货期权 */
  ProductClass: string;
  /** 期权的标的 what an option is on */
  UnderlyingInstrID: string;
  /** 1 看涨 call，2 看跌 put */
  OptionsType: string;
  /** 行权价 the strike price */
  StrikePrice: number;
  /** 交割年 the year of delivery */
  DeliveryYear: number;
  /** 交割月 the month of delivery */
  DeliveryMonth: number;
  /** 合约乘数 the multiplier */
  VolumeMultiple: number;
  /** 最小变动价位 the price tick */
  PriceTick: number;
}

/** 对 QryInstruments 的应答，每个合约一条 An instrument, in answer to QryInstruments */
export interface RspQryInstruments {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Instrument: FoundInstrument | null;
}

/** 对 QryTicks 的应答，每笔行情一条 A tick, in answer to QryTicks */
export interface RspQryTicks {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  /** 收到的时刻，北京时间 when it was received, China's time */
  ReceivedTime?: string;
  /** 行情；没有时为 null the tick; null where there is none */
  DepthMarketData?: structs.DepthMarketData | null;
}

/** Which contract stands for a product */
export interface MainContract {
  /** 订阅的名称，如 @rb what is subscribed to, such as @rb */
  Name: string;
  /** 主力合约 the contract that it stands for */
  InstrumentID: string;
  /** 之前的；首次为空 the one before; empty at first */
  Before: string;
}

/** 主力合约：首次得知或改变 The main contract of a product is known, or another one */
export interface RtnMainContract {
  MainContract: MainContract;
}

/** What the kill switch forbids to a target; of several the strictest holds */
export interface TradingState {
  /** 对象：all、account:BrokerID/InvestorID、token:名称 whom it concerns: all, account:BrokerID/InvestorID, token:NAME */
  Target: string;
  /** 级别：none、reduce-only、stop、stop-and-cancel the level: none, reduce-only, stop, stop-and-cancel */
  Level: string;
  /** 起始时刻（UTC），可为空 since when, UTC, may be empty */
  Since: string;
  /** 由谁设置，可为空 who said so, may be empty */
  By: string;
  /** 原因，可为空 the reason, may be empty */
  Reason: string;
}

/** How far the cancellations of ``stop-and-cancel`` have come */
export interface CancelProgress {
  /** 尚待撤销的挂单数 how many orders still rest that are to be cancelled */
  Resting: number;
  /** 最近一次撤单被拒的原因，可为空 why one was refused last, may be empty */
  LastRefusal: string;
}

/** 交易限制（kill switch）的变化，或其撤单的进展 The kill switch has moved, or cancelled */
export interface RtnTradingState {
  /** 会话推送的序号 the number of a session's push; market data has none */
  Seq?: number;
  TradingState: TradingState;
  Cancelling?: CancelProgress;
}

/** 对 QryTradingState 的应答，每个对象一条 What is forbidden, in answer to QryTradingState */
export interface RspQryTradingState {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  TradingState: TradingState | null;
}

/** CTP's word on how a request went */
export interface RspInfo {
  /** 0 为成功 0 for success */
  ErrorID: number;
  /** 说明 what it says */
  ErrorMsg: string;
}

/** A parked order that stays at the front */
export interface ParkedOrderLeft {
  /** 经纪公司代码 the broker */
  BrokerID: string;
  /** 投资者代码 the investor */
  InvestorID: string;
  /** 预埋报单编号 its number */
  ParkedOrderID: string;
  /** 合约 the instrument */
  InstrumentID: string;
  /** 买卖方向 Direction, as CTP has it */
  Direction: string;
  /** 开平标志 CombOffsetFlag */
  CombOffsetFlag: string;
  /** 价格 the price */
  LimitPrice: number;
  /** 手数 lots */
  VolumeTotalOriginal: number;
}

/** 对 Kill 的应答：已落盘 The answer to Kill: it is on disk and in force */
export interface RspKill {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  TradingState: TradingState;
  /** 留在前置、可能由其发出的预埋单 parked orders that stay at the front, which may send them */
  Parked?: ReadonlyArray<ParkedOrderLeft>;
  /** 未能查得预埋单的账户 accounts of which it is not known whether they have parked orders */
  ParkedUnknown?: ReadonlyArray<string>;
}

/** What an account has done in an instrument on the trading day, as exchanges count it */
export interface Compliance {
  /** 经纪公司代码 the broker */
  BrokerID: string;
  /** 投资者代码 the investor */
  InvestorID: string;
  /** 合约 the instrument */
  InstrumentID: string;
  /** 报单笔数 inserts */
  Inserts: number;
  /** 撤单次数，FAK、FOK 除外 cancellations, FAK and FOK apart */
  Cancels: number;
  /** 大额撤单次数 cancellations of many lots */
  LargeCancels: number;
  /** 自成交次数 trades with oneself */
  SelfTrades: number;
  /** 一秒内最多的报单笔数 most inserts in a second */
  MostInSecond: number;
  /** 有成交的报单笔数 orders that have traded */
  TradedOrders: number;
  /** 报单成交比：(报单＋撤单)/有成交的报单－1 (inserts + cancellations) / orders that have traded - 1 */
  OrderToTrade: number;
  /** 已达阈值的计数，其合约不再开仓 counters at their thresholds */
  Reached: ReadonlyArray<string>;
}

/** 对 QryCompliance 的应答，每个合约一条 The counters, in answer to QryCompliance */
export interface RspQryCompliance {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Compliance: Compliance | null;
}

/** A threshold of ``Compliance`` that was passed */
export interface Threshold {
  /** 经纪公司代码 the broker */
  BrokerID: string;
  /** 投资者代码 the investor */
  InvestorID: string;
  /** 合约 the instrument */
  InstrumentID: string;
  /** 计数：Cancels、LargeCancels、SelfTrades、MostInSecond the counter: Cancels, LargeCancels, SelfTrades, MostInSecond */
  Counter: string;
  /** 已计次数 what was counted */
  Value: number;
  /** 阈值 the threshold */
  Limit: number;
  /** 该合约是否不再开仓；否为预警 whether nothing is opened any more */
  OpeningRefused: boolean;
}

/** 合规计数达到预警线或阈值 A counter has come to its warning or its threshold */
export interface RtnCompliance {
  /** 会话推送的序号 the number of a session's push; market data has none */
  Seq?: number;
  Threshold: Threshold;
}

/** A dead man's timer, as it was set */
export interface Timer {
  /** 毫秒数，0 为已取消 0 for disarmed */
  Milliseconds: number;
  /** 撤单时刻（UTC），取消时为空 when it fires, UTC; empty if disarmed */
  FiresAt: string;
}

/** 对 CancelAllAfter 的应答 When what rests will be cancelled, unless it is sent again */
export interface RspCancelAllAfter {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  CancelAllAfter: Timer;
}

/** An account's money in yuan, named as in ``TradingAccount`` */
export interface PortfolioAccount {
  /** 上日结存 yesterday's equity */
  PreBalance: number;
  /** 上日保证金 yesterday's margin */
  PreMargin: number;
  /** 入金 money put in */
  Deposit: number;
  /** 出金 money taken out */
  Withdraw: number;
  /** 平仓盈亏 profit of closings, by date */
  CloseProfit: number;
  /** 持仓盈亏 profit of what is held, by date */
  PositionProfit: number;
  /** 手续费 fees */
  Commission: number;
  /** 权利金收支 premiums received less paid */
  CashIn: number;
  /** 占用保证金 margin in use */
  CurrMargin: number;
  /** 冻结保证金 margin frozen by orders */
  FrozenMargin: number;
  /** 冻结手续费 fees frozen by orders */
  FrozenCommission: number;
  /** 冻结权利金 premiums frozen by orders */
  FrozenCash: number;
  /** 动态权益 equity */
  Balance: number;
  /** 可用资金 what new orders may use */
  Available: number;
  /** 期权市值 what options are worth */
  OptionValue: number;
  /** 风险度 CurrMargin/Balance；权益不为正时为 null CurrMargin/Balance; null where the equity is not above 0 */
  RiskDegree: number | null;
}

/** A position: an instrument on one side under one hedge flag */
export interface PortfolioPosition {
  /** 合约 the instrument */
  InstrumentID: string;
  /** 交易所 the exchange */
  ExchangeID: string;
  /** 2 多 3 空 2 long, 3 short */
  PosiDirection: string;
  /** 投机套保标志 the hedge flag */
  HedgeFlag: string;
  /** 持仓手数 lots held */
  Position: number;
  /** 其中今仓 of these opened today */
  TodayPosition: number;
  /** 其中现存昨仓（CTP 的同名字段为日初昨仓）of these older ones, still held; CTP's field of this name is the day's beginning */
  YdPosition: number;
  /** 可平手数 lots that can be closed */
  Available: number;
  /** 今仓平仓冻结 today's lots under closing orders */
  TodayFrozen: number;
  /** 昨仓平仓冻结 older lots under closing orders */
  YdFrozen: number;
  /** 开仓报单未成手数 lots that orders may still open */
  Opening: number;
  /** 当日开仓手数 lots opened on the day */
  OpenVolume: number;
  /** 当日平仓手数 lots closed on the day */
  CloseVolume: number;
  /** 开仓成本 what the lots were opened at */
  OpenCost: number;
  /** 持仓成本（昨仓按昨结算价）cost; older lots at yesterday's settlement */
  PositionCost: number;
  /** 开仓均价，无持仓为 0 average opening price, 0 without lots */
  OpenPrice: number;
  /** 持仓均价，无持仓为 0 average price of the cost, 0 without lots */
  PositionPrice: number;
  /** 最新价 the last price */
  LastPrice: number;
  /** 昨结算价 yesterday's settlement */
  PreSettlementPrice: number;
  /** 逐日盯市持仓盈亏，期权为 0 profit by date; 0 of options, as CTP's */
  PositionProfitByDate: number;
  /** 逐笔对冲持仓盈亏，期权为 0 profit by trade; 0 of options */
  PositionProfitByTrade: number;
  /** 逐日盯市平仓盈亏 closed, by date */
  CloseProfitByDate: number;
  /** 逐笔对冲平仓盈亏 closed, by trade */
  CloseProfitByTrade: number;
  /** 期权市值 what an option is worth */
  OptionValue: number;
  /** 占用保证金；单向大边的小边为 0 margin; 0 on the smaller side */
  UseMargin: number;
  /** 当日手续费 the day's fees */
  Commission: number;
  /** 当日权利金收支 the day's premiums */
  CashIn: number;
  /** 组合持仓手数，最近一次查询 lots in combinations, as last queried */
  CombPosition: number;
}

/** An account's portfolio, or what of it has changed */
export interface PortfolioState {
  /** 经纪公司代码 the broker */
  BrokerID: string;
  /** 投资者代码 the investor */
  InvestorID: string;
  /** 交易日 the trading day */
  TradingDay: string;
  /** 是否全部持仓；否则仅含有变化者 whether all positions are here; else those that have changed */
  IsSnapshot: boolean;
  /** 哪些数字不能确定，见 portfolio.md what is not sure, see portfolio.md */
  Caveats: ReadonlyArray<string>;
  Account: PortfolioAccount;
  Positions: ReadonlyArray<PortfolioPosition>;
}

/** 对 SubscribePortfolio 的应答：全部持仓与资金 The portfolio, whole */
export interface RspSubscribePortfolio {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  /** 此前最后一个推送的序号 the number of the last push before it */
  Seq: number;
  Portfolio: PortfolioState;
}

/** 对 UnSubscribePortfolio 的应答 Nothing more of it is told */
export interface RspUnSubscribePortfolio {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
}

/** 持仓与资金的变化 What has changed of the portfolio */
export interface RtnPortfolio {
  /** 会话推送的序号 the number of a session's push; market data has none */
  Seq: number;
  /** 断线续传时补发的为 null：其内容已由后面的取代 null in those that were missed and are told on resuming: what one said is in a later one */
  Portfolio: PortfolioState | null;
}

/** A figure that CTP's answer has otherwise */
export interface PortfolioDifference {
  /** 合约，资金项为空 the instrument; empty for the account's */
  InstrumentID: string;
  /** 2 多 3 空，资金项为空 2 long, 3 short */
  PosiDirection: string;
  /** 投机套保标志，资金项为空 the hedge flag */
  HedgeFlag: string;
  /** CTP 的字段名 CTP's name of the field */
  Field: string;
  /** 网关所记 what the gateway had */
  Kept: number;
  /** CTP 所答，已采用 what CTP says, and what holds now */
  Told: number;
}

/** 核对发现差异，已以 CTP 为准 CTP's answers differed; its word is taken */
export interface RtnPortfolioDrift {
  /** 会话推送的序号 the number of a session's push; market data has none */
  Seq: number;
  /** 经纪公司代码 the broker */
  BrokerID: string;
  /** 投资者代码 the investor */
  InvestorID: string;
  Differences: ReadonlyArray<PortfolioDifference>;
}

/** Why an order would not be taken */
export interface OrderObjection {
  /** 网关或 CTP 将答的代码 the code that the gateway or CTP would answer */
  ErrorID: number;
  /** 原因 why */
  Detail: string;
}

/** What an order would come to. Money in yuan */
export interface OrderPreview {
  /** 合约 the instrument */
  InstrumentID: string;
  /** 所开或所平的持仓，2 多 3 空 the position it opens or closes */
  PosiDirection: string;
  /** 投机套保标志 the hedge flag */
  HedgeFlag: string;
  /** 新增保证金，单向大边已计 margin that it adds; larger side counted */
  Margin: number;
  /** 以其价格成交的手续费 the fee where it trades at its price */
  Commission: number;
  /** 将冻结的手续费 fees it would freeze */
  FrozenCommission: number;
  /** 将冻结的权利金 premium it would freeze */
  FrozenCash: number;
  /** 现有可用 available money now */
  Available: number;
  /** 报单之后的可用 available with the order */
  AvailableAfter: number;
  /** 可平今仓；不分今昨为 0 today's lots that can be closed; 0 elsewhere */
  CloseableToday: number;
  /** 可平昨仓；不分今昨为全部 older lots that can be closed; elsewhere all */
  CloseableYd: number;
  /** 全部成交后的持仓 lots once it has traded */
  PositionAfter: number;
  /** 成交后的风险度；无权益为 null risk degree then; null without equity */
  RiskDegreeAfter: number | null;
  /** 会被拒绝的全部原因，空为无 all reasons to refuse it; empty for none */
  Objections: ReadonlyArray<OrderObjection>;
  /** 哪些数字不能确定，见 portfolio.md what is not sure, see portfolio.md */
  Caveats: ReadonlyArray<string>;
}

/** 对 PreviewOrder 的应答；没有发出报单 What an order would come to; none was sent */
export interface RspPreviewOrder {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  OrderPreview: OrderPreview;
}

/** An account's money in yuan at a moment of the day */
export interface CurvePoint {
  /** 交易日 the trading day */
  TradingDay: string;
  /** 时刻（UTC）when it was reckoned, UTC */
  Time: string;
  /** 动态权益 equity */
  Balance: number;
  /** 可用资金 what new orders may use */
  Available: number;
  /** 占用保证金 margin in use */
  CurrMargin: number;
}

/** 对 QryAccountCurve 的应答，每分钟至多一点 A point of the day's curve */
export interface RspQryAccountCurve {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  CurvePoint: CurvePoint | null;
}

/** One of the orders that an order became */
export interface OffsetOrder {
  /** 该笔的编号 its own ClientOrderID */
  ClientOrderID: string;
  /** 开平标志：0 开仓 1 平仓 3 平今 4 平昨 its offset: 0 open, 1 close, 3 close today, 4 close yesterday */
  CombOffsetFlag: string;
  /** 手数 lots */
  VolumeTotalOriginal: number;
}

/** What an order with ``"Offset": "auto"`` became */
export interface OffsetSplit {
  /** 请求的 ClientOrderID the request's */
  ClientOrderID: string;
  /** 交易日 the trading day of the split */
  TradingDay: string;
  /** 是否为此前的拆分：已发出的不再发出 whether it was split before; what was sent then is not sent again */
  Repeated: boolean;
  /** 依发出的次序 in the order of their sending */
  Orders: ReadonlyArray<OffsetOrder>;
}

/** 带 `"Offset": "auto"` 的报单拆成的各笔：已落盘，随即发出 What one was split into */
export interface RspOffsetSplit {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  OffsetSplit: OffsetSplit;
}

/** An order and its condition */
export interface ConditionalLeg {
  /** 条件：stop 止损、profit 止盈、trailing 跟踪、time 定时、now 立即 what it waits for: stop, profit, trailing, time, now */
  Kind: string;
  /** 合约 the instrument */
  InstrumentID: string;
  /** 买卖方向 the order's direction */
  Direction: string;
  /** 开平标志 its offset */
  CombOffsetFlag: string;
  /** 手数；0 为以成交为准 lots; 0 for as many as are traded */
  VolumeTotalOriginal: number;
  /** 触发价，无则为 0 the trigger, 0 for none */
  TriggerPrice: number;
  /** 跟踪距离 a trailing one's distance */
  Distance: number;
  /** 跟踪以来的最优价，尚无则为 0 the best price so far, 0 before any */
  Mark: number;
  /** 时刻，北京时间 the moment, China's time */
  At: string;
}

/** Where a conditional order stands */
export interface ConditionalStanding {
  /** 客户端给定的编号 the client's name for it */
  ConditionalID: string;
  /** 状态，见 conditional.md its state, see conditional.md */
  Status: string;
  /** 错误代码，0 为无 the error's code, 0 for none */
  ErrorID: number;
  /** 原因，可为空 the reason, may be empty */
  Reason: string;
  /** 其报单的 ClientOrderID；触发之前为空 its order's ClientOrderID; empty before the condition is met */
  ClientOrderID: string;
  /** 提交的交易日 the trading day it was entered on */
  TradingDay: string;
  /** 有效至该交易日 the last trading day it lives */
  Until: string;
  /** 所保护的条件单，无则为空 whose order's trades it protects; empty for none */
  Parent: string;
  /** 已受保护的成交手数 lots of its order's trades that are protected */
  Covered: number;
  Legs: ReadonlyArray<ConditionalLeg>;
  Protect: ReadonlyArray<ConditionalLeg>;
}

/** 条件单的变化 A conditional order stands elsewhere than before */
export interface RtnConditional {
  /** 会话推送的序号 the number of a session's push; market data has none */
  Seq?: number;
  Conditional: ConditionalStanding;
}

/** 对 InsertConditional 的应答：已落盘 It is on disk, or was before */
export interface RspInsertConditional {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Conditional: ConditionalStanding;
}

/** 对 CancelConditional 的应答：已落盘 It is cancelled, which is on disk */
export interface RspCancelConditional {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Conditional: ConditionalStanding;
}

/** 对 QryConditional 的应答，每个一条 A conditional order, in answer to QryConditional */
export interface RspQryConditional {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Conditional: ConditionalStanding | null;
}

/** Who a client is to the gateway */
export interface Caller {
  /** 令牌的名称，可为空 the token's name, may be empty */
  Name: string;
  /** 用途 what it may do: its scopes */
  Scopes: ReadonlyArray<string>;
}

/** 对 QryPrincipal 的应答 Whom the gateway takes this client for */
export interface RspQryPrincipal {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Caller: Caller;
}

/** A client that is connected, by a WebSocket or over HTTP */
export interface ConnectedClient {
  /** 编号 its number */
  ID: number;
  /** 服务：td、md the service: td, md */
  Service: string;
  /** 来处 where it comes from */
  Address: string;
  /** 令牌的名称，可为空 the token's name, may be empty */
  Principal: string;
  /** 账户，BrokerID:UserID，可为空 the account, may be empty */
  Account: string;
  /** 起始时刻（UTC）since when, UTC */
  Since: string;
  /** 等待发送的字节 bytes that wait to be sent */
  Held: number;
  /** 是否落后 whether it is behind */
  Behind: boolean;
}

/** 对 QryClients 的应答，每个客户端一条 A client, in answer to QryClients */
export interface RspQryClients {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  ConnectedClient: ConnectedClient | null;
}

/** A session with a front */
export interface OpenSession {
  /** 账户，BrokerID:UserID，可为空 the account, may be empty */
  Account: string;
  /** 状态，见 architecture.md the state, listed in architecture.md */
  State: string;
  /** 原因，可为空 the reason, may be empty */
  Reason: string;
  /** 起始时刻（UTC）since when, UTC */
  Since: string;
  /** 客户端数 how many clients share it */
  Clients: number;
  /** 挂单数 orders that may still trade */
  Working: number;
}

/** 对 QrySessions 的应答，每个会话一条 A session, in answer to QrySessions */
export interface RspQrySessions {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  OpenSession: OpenSession | null;
}

/** A limit of the configuration */
export interface LimitInForce {
  /** 配置项 the configuration's key */
  Key: string;
  /** 上限，0 为不限 the limit, 0 for no bound */
  Limit: number;
  /** 已用；不合计时为 null in use */
  Used: number | null;
}

/** 对 QryLimits 的应答，每项一条 A limit, in answer to QryLimits */
export interface RspQryLimits {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  LimitInForce: LimitInForce | null;
}

/** A token's rights, and what is in use of it; not the token */
export interface TokenInUse {
  /** 名称 its name */
  Name: string;
  /** 用途 its scopes */
  Scopes: ReadonlyArray<string>;
  /** 连接数 connections */
  Connections: number;
  /** 会话数 sessions */
  Sessions: number;
  /** 订阅数 subscriptions */
  Subscriptions: number;
  /** 各项上限，0 为不限 limits, 0 for none */
  Limits: Readonly<Record<string, number>>;
  /** 最近使用，可为空 when it was shown last, may be empty */
  Seen: string;
  /** 到期，可为空 when it expires, may be empty */
  Expires: string;
}

/** 对 QryTokens 的应答，每个令牌一条 A token, in answer to QryTokens */
export interface RspQryTokens {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  TokenInUse: TokenInUse | null;
}

/** A line of the log */
export interface LogLine {
  /** 日志的一行 a line of the log */
  Text: string;
}

/** 对 QryLog 的应答，每行一条 A line of the log, in answer to QryLog */
export interface RspQryLog {
  RspInfo?: null;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  LogLine: LogLine | null;
}

/** A key of the configuration with another value than before */
export interface ConfigChange {
  /** 配置项 the key */
  Key: string;
  /** 之前 its value before */
  Old: string;
  /** 现在 its value now */
  New: string;
  /** 是否已生效，否则待重启 in force, or only after a restart */
  InForce: boolean;
}

/** What came of reading the configuration anew */
export interface Reloaded {
  Changes: ReadonlyArray<ConfigChange>;
}

/** 对 ReloadConfig 的应答 What has changed, in answer to ReloadConfig */
export interface RspReloadConfig {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Reloaded: Reloaded;
}

/** How far the end of the gateway has come */
export interface DrainProgress {
  /** draining 为正在结束 draining: it ends */
  State: string;
  /** 还剩多少秒 seconds that are left */
  SecondsLeft: number;
  /** 尚连接的客户端 clients that are connected */
  Clients: number;
}

/** 对 Drain 的应答：网关即将结束 The answer to Drain: the gateway is to end */
export interface RspDrain {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Drain: DrainProgress;
}

/** What an administrator has ended */
export interface Ended {
  /** 断开或结束的个数 how many were ended */
  Count: number;
}

/** 对 EndClient 的应答 The answer to EndClient: its connection is closed */
export interface RspEndClient {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Ended: Ended;
}

/** 对 EndSession 的应答 The answer to EndSession: the account's sessions have ended */
export interface RspEndSession {
  RspInfo: RspInfo;
  /** 是否最后一条 whether it is the last */
  IsLast: boolean;
  /** 请求的 RequestID the request's RequestID */
  RequestID: number;
  Ended: Ended;
}

/** What the answer to a login says of the session */
export interface SessionFields {
  /** 恢复会话的密钥 the secret to resume it */
  ResumeToken: string;
  /** 最后一个推送的序号 the last push's number */
  Seq: number;
  /** 当日推送是否不全 whether the day's flow is not whole */
  DayGap?: boolean;
}

/** What the answer to a login says of pushes that were missed */
export interface ResumeFields {
  /** 最后一个推送的序号 the last push's number */
  Seq: number;
  /** 补发的条数 how many follow */
  Replayed: number;
  /** 是否有遗失 whether some are lost */
  Gap: boolean;
}

/** A leg as a client writes it */
export interface LegWord {
  Kind: string;
  InputOrder: structs.Given<structs.InputOrder>;
  TriggerPrice?: number;
  Distance?: number;
  At?: string;
}
