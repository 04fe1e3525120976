/**
 * CTP's enumerations: values are the texts that fields hold.
 *
 * Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
 */

export const ExchangeProperty = {
  /** 正常 normal */
  Normal: "0",
  /** 根据成交生成报单 makes orders of trades */
  GenOrderByTrade: "1",
} as const;
export type ExchangeProperty = (typeof ExchangeProperty)[keyof typeof ExchangeProperty];

export const IdCardType = {
  /** 组织机构代码 organisation code */
  EID: "0",
  /** 中国公民身份证 ID card */
  IDCard: "1",
  /** 军官证 officer ID card */
  OfficerIDCard: "2",
  /** 警官证 police ID card */
  PoliceIDCard: "3",
  /** 士兵证 soldier ID card */
  SoldierIDCard: "4",
  /** 户口簿 household register */
  HouseholdRegister: "5",
  /** 护照 passport */
  Passport: "6",
  /** 台胞证 Taiwan compatriot permit */
  TaiwanCompatriotIDCard: "7",
  /** 回乡证 home coming card */
  HomeComingCard: "8",
  /** 营业执照号 licence number */
  LicenseNo: "9",
  /** 税务登记号/当地纳税ID tax number */
  TaxNo: "A",
  /** 港澳居民来往内地通行证 Hong Kong and Macau travel permit */
  HMMainlandTravelPermit: "B",
  /** 台湾居民来往大陆通行证 Taiwan travel permit */
  TwMainlandTravelPermit: "C",
  /** 驾照 driving license */
  DrivingLicense: "D",
  /** 当地社保ID social ID */
  SocialID: "F",
  /** 当地身份证 local ID */
  LocalID: "G",
  /** 商业登记证 business registration */
  BusinessRegistration: "H",
  /** 港澳永久性居民身份证 Hong Kong and Macau ID card */
  HKMCIDCard: "I",
  /** 人行开户许可证 accounts permits */
  AccountsPermits: "J",
  /** 外国人永久居留证 foreigner's permanent residence card */
  FrgPrmtRdCard: "K",
  /** 资管产品备案函 letter on an asset-management product */
  CptMngPrdLetter: "L",
  /** 港澳台居民居住证 residence permit of Hong Kong, Macau or Taiwan */
  HKMCTwResidencePermit: "M",
  /** 统一社会信用代码 uniform social credit code */
  UniformSocialCreditCode: "N",
  /** 机构成立证明文件 number of the certificate of incorporation */
  CorporationCertNo: "O",
  /** 其他证件 other card */
  OtherCard: "x",
} as const;
export type IdCardType = (typeof IdCardType)[keyof typeof IdCardType];

export const InvestorRange = {
  /** 所有 all */
  All: "1",
  /** 投资者组 group */
  Group: "2",
  /** 单一投资者 single */
  Single: "3",
} as const;
export type InvestorRange = (typeof InvestorRange)[keyof typeof InvestorRange];

export const TraderConnectStatus = {
  /** 没有任何连接 not connected */
  NotConnected: "1",
  /** 已经连接 connected */
  Connected: "2",
  /** 已经发出合约查询请求 instruments asked for */
  QryInstrumentSent: "3",
  /** 订阅私有流 private flow subscribed */
  SubPrivateFlow: "4",
} as const;
export type TraderConnectStatus = (typeof TraderConnectStatus)[keyof typeof TraderConnectStatus];

export const OrderActionStatus = {
  /** 已经提交 submitted */
  Submitted: "a",
  /** 已经接受 accepted */
  Accepted: "b",
  /** 已经被拒绝 rejected */
  Rejected: "c",
} as const;
export type OrderActionStatus = (typeof OrderActionStatus)[keyof typeof OrderActionStatus];

export const OrderStatus = {
  /** 全部成交 all traded */
  AllTraded: "0",
  /** 部分成交还在队列中 part traded, the rest waits */
  PartTradedQueueing: "1",
  /** 部分成交不在队列中 part traded, the rest does not wait */
  PartTradedNotQueueing: "2",
  /** 未成交还在队列中 not traded, waits */
  NoTradeQueueing: "3",
  /** 未成交不在队列中 not traded, does not wait */
  NoTradeNotQueueing: "4",
  /** 撤单 canceled */
  Canceled: "5",
  /** 未知 unknown */
  Unknown: "a",
  /** 尚未触发 not triggered */
  NotTouched: "b",
  /** 已触发 triggered */
  Touched: "c",
} as const;
export type OrderStatus = (typeof OrderStatus)[keyof typeof OrderStatus];

export const OrderSubmitStatus = {
  /** 已经提交 order submitted */
  InsertSubmitted: "0",
  /** 撤单已经提交 cancellation submitted */
  CancelSubmitted: "1",
  /** 修改已经提交 change submitted */
  ModifySubmitted: "2",
  /** 已经接受 accepted */
  Accepted: "3",
  /** 报单已经被拒绝 order rejected */
  InsertRejected: "4",
  /** 撤单已经被拒绝 cancellation rejected */
  CancelRejected: "5",
  /** 改单已经被拒绝 change rejected */
  ModifyRejected: "6",
} as const;
export type OrderSubmitStatus = (typeof OrderSubmitStatus)[keyof typeof OrderSubmitStatus];

export const PositionDate = {
  /** 今日持仓 today */
  Today: "1",
  /** 历史持仓 history */
  History: "2",
} as const;
export type PositionDate = (typeof PositionDate)[keyof typeof PositionDate];

export const PositionDateType = {
  /** 使用历史持仓 use history */
  UseHistory: "1",
  /** 不使用历史持仓 no use history */
  NoUseHistory: "2",
} as const;
export type PositionDateType = (typeof PositionDateType)[keyof typeof PositionDateType];

export const TradingRole = {
  /** 代理 broker */
  Broker: "1",
  /** 自营 own account */
  Host: "2",
  /** 做市商 maker */
  Maker: "3",
} as const;
export type TradingRole = (typeof TradingRole)[keyof typeof TradingRole];

export const ProductClass = {
  /** 期货 futures */
  Futures: "1",
  /** 期货期权 options */
  Options: "2",
  /** 组合 combination */
  Combination: "3",
  /** 即期 spot */
  Spot: "4",
  /** 期转现 exchange of futures for physical */
  EFP: "5",
  /** 现货期权 spot option */
  SpotOption: "6",
  /** TAS合约 TAS */
  TAS: "7",
  /** 金属指数 metal index */
  MI: "I",
} as const;
export type ProductClass = (typeof ProductClass)[keyof typeof ProductClass];

export const InstLifePhase = {
  /** 未上市 not listed yet */
  NotStart: "0",
  /** 上市 listed */
  Started: "1",
  /** 停牌 suspended */
  Pause: "2",
  /** 到期 expired */
  Expired: "3",
} as const;
export type InstLifePhase = (typeof InstLifePhase)[keyof typeof InstLifePhase];

export const Direction = {
  /** 买 buy */
  Buy: "0",
  /** 卖 sell */
  Sell: "1",
} as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

export const PositionType = {
  /** 净持仓 net */
  Net: "1",
  /** 综合持仓 gross */
  Gross: "2",
} as const;
export type PositionType = (typeof PositionType)[keyof typeof PositionType];

export const PosiDirection = {
  /** 净 net */
  Net: "1",
  /** 多头 long */
  Long: "2",
  /** 空头 short */
  Short: "3",
} as const;
export type PosiDirection = (typeof PosiDirection)[keyof typeof PosiDirection];

export const HedgeFlag = {
  /** 投机 speculation */
  Speculation: "1",
  /** 套利 arbitrage */
  Arbitrage: "2",
  /** 套保 hedge */
  Hedge: "3",
  /** 做市商 market maker */
  MarketMaker: "5",
  /** 第一腿投机第二腿套保 first leg speculation, second hedging */
  SpecHedge: "6",
  /** 第一腿套保第二腿投机 first leg hedging, second speculation */
  HedgeSpec: "7",
} as const;
export type HedgeFlag = (typeof HedgeFlag)[keyof typeof HedgeFlag];

export const ClientIDType = {
  /** 投机 speculation */
  Speculation: "1",
  /** 套利 arbitrage */
  Arbitrage: "2",
  /** 套保 hedge */
  Hedge: "3",
  /** 做市商 market maker */
  MarketMaker: "5",
} as const;
export type ClientIDType = (typeof ClientIDType)[keyof typeof ClientIDType];

export const OrderPriceType = {
  /** 任意价 market price */
  AnyPrice: "1",
  /** 限价 limit price */
  LimitPrice: "2",
  /** 最优价 best price */
  BestPrice: "3",
  /** 最新价 last price */
  LastPrice: "4",
  /** 最新价浮动上浮1个ticks last price plus one tick */
  LastPricePlusOneTicks: "5",
  /** 最新价浮动上浮2个ticks last price plus two ticks */
  LastPricePlusTwoTicks: "6",
  /** 最新价浮动上浮3个ticks last price plus three ticks */
  LastPricePlusThreeTicks: "7",
  /** 卖一价 ask price 1 */
  AskPrice1: "8",
  /** 卖一价浮动上浮1个ticks ask price 1 plus one tick */
  AskPrice1PlusOneTicks: "9",
  /** 卖一价浮动上浮2个ticks ask price 1 plus two ticks */
  AskPrice1PlusTwoTicks: "A",
  /** 卖一价浮动上浮3个ticks ask price 1 plus three ticks */
  AskPrice1PlusThreeTicks: "B",
  /** 买一价 bid price 1 */
  BidPrice1: "C",
  /** 买一价浮动上浮1个ticks bid price 1 plus one tick */
  BidPrice1PlusOneTicks: "D",
  /** 买一价浮动上浮2个ticks bid price 1 plus two ticks */
  BidPrice1PlusTwoTicks: "E",
  /** 买一价浮动上浮3个ticks bid price 1 plus three ticks */
  BidPrice1PlusThreeTicks: "F",
  /** 五档价 within five levels */
  FiveLevelPrice: "G",
} as const;
export type OrderPriceType = (typeof OrderPriceType)[keyof typeof OrderPriceType];

export const OffsetFlag = {
  /** 开仓 open */
  Open: "0",
  /** 平仓 close */
  Close: "1",
  /** 强平 force close */
  ForceClose: "2",
  /** 平今 close today */
  CloseToday: "3",
  /** 平昨 close yesterday */
  CloseYesterday: "4",
  /** 强减 forced reduction by the exchange */
  ForceOff: "5",
  /** 本地强平 local force close */
  LocalForceClose: "6",
} as const;
export type OffsetFlag = (typeof OffsetFlag)[keyof typeof OffsetFlag];

export const ForceCloseReason = {
  /** 非强平 no forced close */
  NotForceClose: "0",
  /** 资金不足 lack of money */
  LackDeposit: "1",
  /** 客户超仓 client over position limit */
  ClientOverPositionLimit: "2",
  /** 会员超仓 member over position limit */
  MemberOverPositionLimit: "3",
  /** 持仓非整数倍 position is no whole multiple */
  NotMultiple: "4",
  /** 违规 violation */
  Violation: "5",
  /** 其它 other */
  Other: "6",
  /** 自然人临近交割 individual near delivery */
  PersonDeliv: "7",
  /** 本地强平资金不足忽略敞口 lack of funds, ignored locally */
  Notverifycapital: "8",
  /** 本地强平资金不足 lack of money, by the broker */
  LocalLackDeposit: "9",
  /** 本地强平违规持仓忽略敞口 local violation, ignored */
  LocalViolationNocheck: "a",
  /** 本地强平违规持仓 local violation */
  LocalViolation: "b",
} as const;
export type ForceCloseReason = (typeof ForceCloseReason)[keyof typeof ForceCloseReason];

export const OrderType = {
  /** 正常 normal */
  Normal: "0",
  /** 报价衍生 from a quote */
  DeriveFromQuote: "1",
  /** 组合衍生 from a combination */
  DeriveFromCombination: "2",
  /** 组合报单 combination */
  Combination: "3",
  /** 条件单 conditional order */
  ConditionalOrder: "4",
  /** 互换单 swap */
  Swap: "5",
  /** 大宗交易成交衍生 from a block trade */
  DeriveFromBlockTrade: "6",
  /** 期转现成交衍生 from an exchange of futures for physical */
  DeriveFromEFPTrade: "7",
} as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];

export const TimeCondition = {
  /** 立即完成，否则撤销 immediate, or cancelled */
  IOC: "1",
  /** 本节有效 good for the session */
  GFS: "2",
  /** 当日有效 good for the day */
  GFD: "3",
  /** 指定日期前有效 good till a date */
  GTD: "4",
  /** 撤销前有效 good till cancelled */
  GTC: "5",
  /** 集合竞价有效 good for the auction */
  GFA: "6",
} as const;
export type TimeCondition = (typeof TimeCondition)[keyof typeof TimeCondition];

export const VolumeCondition = {
  /** 任何数量 any volume */
  AV: "1",
  /** 最小数量 the minimum volume */
  MV: "2",
  /** 全部数量 the whole volume */
  CV: "3",
} as const;
export type VolumeCondition = (typeof VolumeCondition)[keyof typeof VolumeCondition];

export const ContingentCondition = {
  /** 立即 immediately */
  Immediately: "1",
  /** 止损 stop */
  Touch: "2",
  /** 止赢 take profit */
  TouchProfit: "3",
  /** 预埋单 parked order */
  ParkedOrder: "4",
  /** 最新价大于条件价 last price above stop price */
  LastPriceGreaterThanStopPrice: "5",
  /** 最新价大于等于条件价 last price at or above stop price */
  LastPriceGreaterEqualStopPrice: "6",
  /** 最新价小于条件价 last price below stop price */
  LastPriceLesserThanStopPrice: "7",
  /** 最新价小于等于条件价 last price at or below stop price */
  LastPriceLesserEqualStopPrice: "8",
  /** 卖一价大于条件价 ask price above stop price */
  AskPriceGreaterThanStopPrice: "9",
  /** 卖一价大于等于条件价 ask price at or above stop price */
  AskPriceGreaterEqualStopPrice: "A",
  /** 卖一价小于条件价 ask price below stop price */
  AskPriceLesserThanStopPrice: "B",
  /** 卖一价小于等于条件价 ask price at or below stop price */
  AskPriceLesserEqualStopPrice: "C",
  /** 买一价大于条件价 bid price above stop price */
  BidPriceGreaterThanStopPrice: "D",
  /** 买一价大于等于条件价 bid price at or above stop price */
  BidPriceGreaterEqualStopPrice: "E",
  /** 买一价小于条件价 bid price below stop price */
  BidPriceLesserThanStopPrice: "F",
  /** 买一价小于等于条件价 bid price at or below stop price */
  BidPriceLesserEqualStopPrice: "H",
} as const;
export type ContingentCondition = (typeof ContingentCondition)[keyof typeof ContingentCondition];

export const ActionFlag = {
  /** 删除 delete */
  Delete: "0",
  /** 修改 modify */
  Modify: "3",
} as const;
export type ActionFlag = (typeof ActionFlag)[keyof typeof ActionFlag];

export const OrderSource = {
  /** 来自参与者 participant */
  Participant: "0",
  /** 来自管理员 administrator */
  Administrator: "1",
} as const;
export type OrderSource = (typeof OrderSource)[keyof typeof OrderSource];

export const TradeType = {
  /** 组合持仓拆分为单一持仓,初始化不应包含该类型的持仓 split combination */
  SplitCombination: "#",
  /** 普通成交 common */
  Common: "0",
  /** 期权执行 options execution */
  OptionsExecution: "1",
  /** OTC成交 over the counter */
  OTC: "2",
  /** 期转现衍生成交 from an exchange of futures for physical */
  EFPDerived: "3",
  /** 组合衍生成交 from a combination */
  CombinationDerived: "4",
  /** 大宗交易成交 block trade */
  BlockTrade: "5",
} as const;
export type TradeType = (typeof TradeType)[keyof typeof TradeType];

export const SpecPosiType = {
  /** 普通持仓明细 common */
  Common: "#",
  /** TAS合约成交产生的标的合约持仓明细 TAS */
  Tas: "0",
} as const;
export type SpecPosiType = (typeof SpecPosiType)[keyof typeof SpecPosiType];

export const PriceSource = {
  /** 前成交价 last price */
  LastPrice: "0",
  /** 买委托价 buy */
  Buy: "1",
  /** 卖委托价 sell */
  Sell: "2",
  /** 场外成交价 over the counter */
  OTC: "3",
} as const;
export type PriceSource = (typeof PriceSource)[keyof typeof PriceSource];

export const InstrumentStatus = {
  /** 开盘前 before trading */
  BeforeTrading: "0",
  /** 非交易 no trading */
  NoTrading: "1",
  /** 连续交易 continuous */
  Continous: "2",
  /** 集合竞价报单 auction, ordering */
  AuctionOrdering: "3",
  /** 集合竞价价格平衡 auction, price balance */
  AuctionBalance: "4",
  /** 集合竞价撮合 auction, matching */
  AuctionMatch: "5",
  /** 收盘 closed */
  Closed: "6",
  /** 交易业务处理 transaction processing */
  TransactionProcessing: "7",
} as const;
export type InstrumentStatus = (typeof InstrumentStatus)[keyof typeof InstrumentStatus];

export const InstStatusEnterReason = {
  /** 自动切换 automatic */
  Automatic: "1",
  /** 手动切换 manual */
  Manual: "2",
  /** 熔断 fuse */
  Fuse: "3",
} as const;
export type InstStatusEnterReason = (typeof InstStatusEnterReason)[keyof typeof InstStatusEnterReason];

export const Algorithm = {
  /** 浮盈浮亏都计算 all */
  All: "1",
  /** 浮盈不计，浮亏计 losses only */
  OnlyLost: "2",
  /** 浮盈计，浮亏不计 gains only */
  OnlyGain: "3",
  /** 浮盈浮亏都不计算 none */
  None_: "4",
} as const;
export type Algorithm = (typeof Algorithm)[keyof typeof Algorithm];

export const IncludeCloseProfit = {
  /** 包含平仓盈利 included */
  Include: "0",
  /** 不包含平仓盈利 not included */
  NotInclude: "2",
} as const;
export type IncludeCloseProfit = (typeof IncludeCloseProfit)[keyof typeof IncludeCloseProfit];

export const UserType = {
  /** 投资者 investor */
  Investor: "0",
  /** 操作员 operator */
  Operator: "1",
  /** 管理员 super user */
  SuperUser: "2",
} as const;
export type UserType = (typeof UserType)[keyof typeof UserType];

export const MarginPriceType = {
  /** 昨结算价 previous settlement price */
  PreSettlementPrice: "1",
  /** 最新价 settlement price */
  SettlementPrice: "2",
  /** 成交均价 average price */
  AveragePrice: "3",
  /** 开仓价 open price */
  OpenPrice: "4",
} as const;
export type MarginPriceType = (typeof MarginPriceType)[keyof typeof MarginPriceType];

export const HandlePositionAlgoID = {
  /** 基本 base */
  Base: "1",
  /** 大连商品交易所 DCE */
  DCE: "2",
  /** 郑州商品交易所 CZCE */
  CZCE: "3",
} as const;
export type HandlePositionAlgoID = (typeof HandlePositionAlgoID)[keyof typeof HandlePositionAlgoID];

export const FindMarginRateAlgoID = {
  /** 基本 base */
  Base: "1",
  /** 大连商品交易所 DCE */
  DCE: "2",
  /** 郑州商品交易所 CZCE */
  CZCE: "3",
} as const;
export type FindMarginRateAlgoID = (typeof FindMarginRateAlgoID)[keyof typeof FindMarginRateAlgoID];

export const HandleTradingAccountAlgoID = {
  /** 基本 base */
  Base: "1",
  /** 大连商品交易所 DCE */
  DCE: "2",
  /** 郑州商品交易所 CZCE */
  CZCE: "3",
} as const;
export type HandleTradingAccountAlgoID = (typeof HandleTradingAccountAlgoID)[keyof typeof HandleTradingAccountAlgoID];

export const ParkedOrderStatus = {
  /** 未发送 not sent */
  NotSend: "1",
  /** 已发送 sent */
  Send: "2",
  /** 已删除 deleted */
  Deleted: "3",
} as const;
export type ParkedOrderStatus = (typeof ParkedOrderStatus)[keyof typeof ParkedOrderStatus];

export const CashExchangeCode = {
  /** 汇 exchange */
  Exchange: "1",
  /** 钞 cash */
  Cash: "2",
} as const;
export type CashExchangeCode = (typeof CashExchangeCode)[keyof typeof CashExchangeCode];

export const YesNoIndicator = {
  /** 是 yes */
  Yes: "0",
  /** 否 no */
  No: "1",
} as const;
export type YesNoIndicator = (typeof YesNoIndicator)[keyof typeof YesNoIndicator];

export const Gender = {
  /** 未知状态 unknown */
  Unknown: "0",
  /** 男 male */
  Male: "1",
  /** 女 female */
  Female: "2",
} as const;
export type Gender = (typeof Gender)[keyof typeof Gender];

export const FeePayFlag = {
  /** 由受益方支付费用 by the beneficiary */
  BEN: "0",
  /** 由发送方支付费用 by the sender */
  OUR: "1",
  /** 由发送方支付发起的费用，受益方支付接受的费用 shared by both */
  SHA: "2",
} as const;
export type FeePayFlag = (typeof FeePayFlag)[keyof typeof FeePayFlag];

export const BankRepealFlag = {
  /** 银行无需自动冲正 bank need not reverse */
  BankNotNeedRepeal: "0",
  /** 银行待自动冲正 waits for the bank's reversal */
  BankWaitingRepeal: "1",
  /** 银行已自动冲正 bank has reversed */
  BankBeenRepealed: "2",
} as const;
export type BankRepealFlag = (typeof BankRepealFlag)[keyof typeof BankRepealFlag];

export const BrokerRepealFlag = {
  /** 期商无需自动冲正 broker need not reverse */
  BrokerNotNeedRepeal: "0",
  /** 期商待自动冲正 waits for the broker's reversal */
  BrokerWaitingRepeal: "1",
  /** 期商已自动冲正 broker has reversed */
  BrokerBeenRepealed: "2",
} as const;
export type BrokerRepealFlag = (typeof BrokerRepealFlag)[keyof typeof BrokerRepealFlag];

export const LastFragment = {
  /** 是最后分片 yes */
  Yes: "0",
  /** 不是最后分片 no */
  No: "1",
} as const;
export type LastFragment = (typeof LastFragment)[keyof typeof LastFragment];

export const MoneyAccountStatus = {
  /** 正常 normal */
  Normal: "0",
  /** 销户 cancel */
  Cancel: "1",
} as const;
export type MoneyAccountStatus = (typeof MoneyAccountStatus)[keyof typeof MoneyAccountStatus];

export const CustType = {
  /** 自然人 person */
  Person: "0",
  /** 机构户 institution */
  Institution: "1",
} as const;
export type CustType = (typeof CustType)[keyof typeof CustType];

export const OpenOrDestroy = {
  /** 开户 open */
  Open: "1",
  /** 销户 destroy */
  Destroy: "0",
} as const;
export type OpenOrDestroy = (typeof OpenOrDestroy)[keyof typeof OpenOrDestroy];

export const AvailabilityFlag = {
  /** 未确认 invalid */
  Invalid: "0",
  /** 有效 valid */
  Valid: "1",
  /** 冲正 reversal */
  Repeal: "2",
} as const;
export type AvailabilityFlag = (typeof AvailabilityFlag)[keyof typeof AvailabilityFlag];

export const BankAccType = {
  /** 银行存折 bank book */
  BankBook: "1",
  /** 储蓄卡 saving card */
  SavingCard: "2",
  /** 信用卡 credit card */
  CreditCard: "3",
} as const;
export type BankAccType = (typeof BankAccType)[keyof typeof BankAccType];

export const FutureAccType = {
  /** 银行存折 bank book */
  BankBook: "1",
  /** 储蓄卡 saving card */
  SavingCard: "2",
  /** 信用卡 credit card */
  CreditCard: "3",
} as const;
export type FutureAccType = (typeof FutureAccType)[keyof typeof FutureAccType];

export const PwdFlag = {
  /** 不核对 no check */
  NoCheck: "0",
  /** 明文核对 blank check */
  BlankCheck: "1",
  /** 密文核对 encrypt check */
  EncryptCheck: "2",
} as const;
export type PwdFlag = (typeof PwdFlag)[keyof typeof PwdFlag];

export const TransferStatus = {
  /** 正常 normal */
  Normal: "0",
  /** 被冲正 reversed */
  Repealed: "1",
} as const;
export type TransferStatus = (typeof TransferStatus)[keyof typeof TransferStatus];

export const TradeSource = {
  /** 来自交易所普通回报 from the exchange's own return */
  NORMAL: "0",
  /** 来自查询 from a query */
  QUERY: "1",
} as const;
export type TradeSource = (typeof TradeSource)[keyof typeof TradeSource];

export const CloseDealType = {
  /** 正常 normal */
  Normal: "0",
  /** 投机平仓优先 speculative positions first */
  SpecFirst: "1",
} as const;
export type CloseDealType = (typeof CloseDealType)[keyof typeof CloseDealType];

export const MortgageFundUseRange = {
  /** 不能使用 none */
  None_: "0",
  /** 用于保证金 margin */
  Margin: "1",
  /** 用于手续费、盈亏、保证金 all */
  All: "2",
  /** 人民币方案3 CNY 3 */
  CNY3: "3",
} as const;
export type MortgageFundUseRange = (typeof MortgageFundUseRange)[keyof typeof MortgageFundUseRange];

export const MaxMarginSideAlgorithm = {
  /** 不使用大额单边保证金算法 no */
  NO: "0",
  /** 使用大额单边保证金算法 yes */
  YES: "1",
} as const;
export type MaxMarginSideAlgorithm = (typeof MaxMarginSideAlgorithm)[keyof typeof MaxMarginSideAlgorithm];

export const OptionsType = {
  /** 看涨 call options */
  CallOptions: "1",
  /** 看跌 put options */
  PutOptions: "2",
} as const;
export type OptionsType = (typeof OptionsType)[keyof typeof OptionsType];

export const ExecResult = {
  /** 没有执行 no execution */
  NoExec: "n",
  /** 已经取消 canceled */
  Canceled: "c",
  /** 执行成功 exercised */
  OK: "0",
  /** 期权持仓不够 no position */
  NoPosition: "1",
  /** 资金不够 no deposit */
  NoDeposit: "2",
  /** 会员不存在 no participant */
  NoParticipant: "3",
  /** 客户不存在 no client */
  NoClient: "4",
  /** 合约不存在 no instrument */
  NoInstrument: "6",
  /** 没有执行权限 no right */
  NoRight: "7",
  /** 不合理的数量 invalid volume */
  InvalidVolume: "8",
  /** 没有足够的历史成交 too few past trades */
  NoEnoughHistoryTrade: "9",
  /** 未知 unknown */
  Unknown: "a",
} as const;
export type ExecResult = (typeof ExecResult)[keyof typeof ExecResult];

export const CombinationType = {
  /** 期货组合 future */
  Future: "0",
  /** 垂直价差BUL bull spread */
  BUL: "1",
  /** 垂直价差BER bear spread */
  BER: "2",
  /** 跨式组合 straddle */
  STD: "3",
  /** 宽跨式组合 strangle */
  STG: "4",
  /** 备兑组合 covered */
  PRT: "5",
  /** 时间价差组合 calendar spread */
  CAS: "6",
  /** 期权对锁组合 option lock */
  OPL: "7",
  /** 买备兑组合 covered purchase of options */
  BFO: "8",
  /** 买入期权垂直价差组合 bought vertical spread */
  BLS: "9",
  /** 卖出期权垂直价差组合 sold vertical spread */
  BES: "a",
} as const;
export type CombinationType = (typeof CombinationType)[keyof typeof CombinationType];

export const OptionRoyaltyPriceType = {
  /** 昨结算价 previous settlement price */
  PreSettlementPrice: "1",
  /** 开仓价 open price */
  OpenPrice: "4",
  /** 最新价与昨结算价较大值 maximum previous settlement price */
  MaxPreSettlementPrice: "5",
} as const;
export type OptionRoyaltyPriceType = (typeof OptionRoyaltyPriceType)[keyof typeof OptionRoyaltyPriceType];

export const ActionType = {
  /** 执行 execution */
  Exec: "1",
  /** 放弃 abandon */
  Abandon: "2",
} as const;
export type ActionType = (typeof ActionType)[keyof typeof ActionType];

export const ForQuoteStatus = {
  /** 已经提交 submitted */
  Submitted: "a",
  /** 已经接受 accepted */
  Accepted: "b",
  /** 已经被拒绝 rejected */
  Rejected: "c",
} as const;
export type ForQuoteStatus = (typeof ForQuoteStatus)[keyof typeof ForQuoteStatus];

export const ExecOrderPositionFlag = {
  /** 保留 reserve */
  Reserve: "0",
  /** 不保留 not reserved */
  UnReserve: "1",
} as const;
export type ExecOrderPositionFlag = (typeof ExecOrderPositionFlag)[keyof typeof ExecOrderPositionFlag];

export const ExecOrderCloseFlag = {
  /** 自动平仓 closed automatically */
  AutoClose: "0",
  /** 免于自动平仓 not closed automatically */
  NotToClose: "1",
} as const;
export type ExecOrderCloseFlag = (typeof ExecOrderCloseFlag)[keyof typeof ExecOrderCloseFlag];

export const CombDirection = {
  /** 申请组合 combination */
  Comb: "0",
  /** 申请拆分 break a combination up */
  UnComb: "1",
  /** 操作员删组合单 delete combination */
  DelComb: "2",
} as const;
export type CombDirection = (typeof CombDirection)[keyof typeof CombDirection];

export const OptSelfCloseFlag = {
  /** 自对冲期权仓位 offset own option positions */
  CloseSelfOptionPosition: "1",
  /** 保留期权仓位 keep option positions */
  ReserveOptionPosition: "2",
  /** 自对冲卖方履约后的期货仓位 offset futures of options assigned */
  SellCloseSelfFuturePosition: "3",
  /** 保留卖方履约后的期货仓位 keep futures of options assigned */
  ReserveFuturePosition: "4",
} as const;
export type OptSelfCloseFlag = (typeof OptSelfCloseFlag)[keyof typeof OptSelfCloseFlag];

export const BizType = {
  /** 期货 future */
  Future: "1",
  /** 证券 stock */
  Stock: "2",
} as const;
export type BizType = (typeof BizType)[keyof typeof BizType];

export const AppType = {
  /** 直连的投资者 an investor's own program */
  TYPE_Investor: "1",
  /** 为每个投资者都创建连接的中继 relay with a session for each investor */
  TYPE_InvestorRelay: "2",
  /** 所有投资者共享一个操作员连接的中继 relay with one operator's session */
  TYPE_OperatorRelay: "3",
  /** 未知 unknown */
  TYPE_UnKnown: "4",
} as const;
export type AppType = (typeof AppType)[keyof typeof AppType];

export const ClassType = {
  /** 所有合约 all */
  ALL: "0",
  /** 期货、即期、期转现、Tas、金属指数合约 futures and the like */
  FUTURE: "1",
  /** 期货、现货期权合约 options */
  OPTION: "2",
  /** 组合合约 combinations */
  COMB: "3",
} as const;
export type ClassType = (typeof ClassType)[keyof typeof ClassType];

export const TradingType = {
  /** 所有状态 all */
  ALL: "0",
  /** 交易 trading */
  TRADE: "1",
  /** 非交易 not trading */
  UNTRADE: "2",
} as const;
export type TradingType = (typeof TradingType)[keyof typeof TradingType];

export const ProductStatus = {
  /** 可交易 tradeable */
  tradeable: "1",
  /** 不可交易 untradeable */
  untradeable: "2",
} as const;
export type ProductStatus = (typeof ProductStatus)[keyof typeof ProductStatus];

export const OrderCancelAlg = {
  /** 轮询席位撤单 balance */
  Balance: "1",
  /** 优先原报单席位撤单 the order's own seat first */
  OrigFirst: "2",
} as const;
export type OrderCancelAlg = (typeof OrderCancelAlg)[keyof typeof OrderCancelAlg];

export const OpenLimitControlLevel = {
  /** 不控制 none */
  None_: "0",
  /** 产品级别 product */
  Product: "1",
  /** 合约级别 instrument */
  Inst: "2",
} as const;
export type OpenLimitControlLevel = (typeof OpenLimitControlLevel)[keyof typeof OpenLimitControlLevel];

export const OrderFreqControlLevel = {
  /** 不控制 none */
  None_: "0",
  /** 产品级别 product */
  Product: "1",
  /** 合约级别 instrument */
  Inst: "2",
} as const;
export type OrderFreqControlLevel = (typeof OrderFreqControlLevel)[keyof typeof OrderFreqControlLevel];

export const EnumBool = {
  /** false false */
  False_: "0",
  /** true true */
  True_: "1",
} as const;
export type EnumBool = (typeof EnumBool)[keyof typeof EnumBool];

export const TimeRange = {
  /** 一般月份 an ordinary month */
  USUAL: "1",
  /** 交割月前一个月上半月 first half of the month before delivery */
  FNSP: "2",
  /** 交割月前一个月下半月 second half of the month before delivery */
  BNSP: "3",
  /** 交割月份 the delivery month */
  SPOT: "4",
} as const;
export type TimeRange = (typeof TimeRange)[keyof typeof TimeRange];

export const InstMarginCalID = {
  /** 标准算法收取双边 both side */
  BothSide: "1",
  /** 单向大边 larger side */
  MMSA: "2",
  /** 新组保SPMM SPMM */
  SPMM: "3",
} as const;
export type InstMarginCalID = (typeof InstMarginCalID)[keyof typeof InstMarginCalID];

export const InstrumentClass = {
  /** 一般月份合约 ordinary month */
  Usual: "1",
  /** 临近交割合约 delivery */
  Delivery: "2",
  /** 非组合合约 no combination */
  NonComb: "3",
} as const;
export type InstrumentClass = (typeof InstrumentClass)[keyof typeof InstrumentClass];

export const OffsetType = {
  /** 期权对冲 options offset */
  OPT_OFFSET: "0",
  /** 期货对冲 futures offset */
  FUT_OFFSET: "1",
  /** 行权后期货对冲 futures offset after exercise */
  EXEC_OFFSET: "2",
  /** 履约后期货对冲 futures offset after assignment */
  PERFORM_OFFSET: "3",
} as const;
export type OffsetType = (typeof OffsetType)[keyof typeof OffsetType];

export const ApplySrc = {
  /** 交易 trade */
  Trade: "0",
  /** 会服 member */
  Member: "1",
} as const;
export type ApplySrc = (typeof ApplySrc)[keyof typeof ApplySrc];
