/**
 * CTP's structs, by their names on the wire.
 *
 * Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
 */

import type * as enums from "./enums.js";

/** A value of an enumeration, or a text that a newer CTP has. */
export type Value<T extends string> = T | (string & {});

/** Fields that hold bytes: requests take a Uint8Array for them. */
export type BytesField = "ClientSystemInfo" | "WechatCltSysInfo";

/** A body as a request takes it: what is left out is left out on the wire. */
export type Given<T> = {
  [K in keyof T]?: T[K] | (K extends BytesField ? Uint8Array : never) | null;
};

/** 用户登录请求 request user login */
export interface ReqUserLogin {
  /** 交易日 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 密码 password */
  Password: string;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 接口端产品信息 interface product information */
  InterfaceProductInfo: string;
  /** 协议信息 protocol information */
  ProtocolInfo: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 动态密码 one time password */
  OneTimePassword: string;
  /** 登录备注 login remark */
  LoginRemark: string;
  /** 终端IP端口 client IP port */
  ClientIPPort: number;
  /** 终端IP地址 client IP address */
  ClientIPAddress: string;
}

/** 用户登录应答 responses user login */
export interface RspUserLogin {
  /** 交易日 trading day */
  TradingDay: string;
  /** 登录成功时间 login time */
  LoginTime: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 交易系统名称 system name */
  SystemName: string;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 最大报单引用 greatest order reference used so far */
  MaxOrderRef: string;
  /** 上期所时间 SHFE time */
  SHFETime: string;
  /** 大商所时间 DCE time */
  DCETime: string;
  /** 郑商所时间 CZCE time */
  CZCETime: string;
  /** 中金所时间 CFFEX time */
  FFEXTime: string;
  /** 能源中心时间 INE time */
  INETime: string;
  /** 后台版本信息 system version */
  SysVersion: string;
  /** 广期所时间 GFEX time */
  GFEXTime: string;
  /** 当前登录中心号 centre of the front */
  LoginDRIdentityID: number;
  /** 用户所属中心号 centre of the user */
  UserDRIdentityID: number;
  /** 上次登陆时间 last login time */
  LastLoginTime: string;
  /** 预留信息 reserve information */
  ReserveInfo: string;
}

/** 用户登出请求 user logout */
export interface UserLogout {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
}

/** 客户端认证请求 request authenticate */
export interface ReqAuthenticate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 认证码 authentication code */
  AuthCode: string;
  /** App代码 app ID */
  AppID: string;
}

/** 客户端认证响应 responses authenticate */
export interface RspAuthenticate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** App代码 app ID */
  AppID: string;
  /** App类型 app type */
  AppType: Value<enums.AppType>;
}

/** 交易所 exchange */
export interface Exchange {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 交易所名称 exchange name */
  ExchangeName: string;
  /** 交易所属性 exchange property */
  ExchangeProperty: Value<enums.ExchangeProperty>;
}

/** 产品 product */
export interface Product {
  /** 产品名称 product name */
  ProductName: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品类型 product class */
  ProductClass: Value<enums.ProductClass>;
  /** 合约数量乘数 contract multiplier */
  VolumeMultiple: number;
  /** 最小变动价位 price tick */
  PriceTick: number | null;
  /** 市价单最大下单量 maximum market order volume */
  MaxMarketOrderVolume: number;
  /** 市价单最小下单量 minimum market order volume */
  MinMarketOrderVolume: number;
  /** 限价单最大下单量 maximum limit order volume */
  MaxLimitOrderVolume: number;
  /** 限价单最小下单量 minimum limit order volume */
  MinLimitOrderVolume: number;
  /** 持仓类型 position type */
  PositionType: Value<enums.PositionType>;
  /** 持仓日期类型 position date type */
  PositionDateType: Value<enums.PositionDateType>;
  /** 平仓处理类型 close deal type */
  CloseDealType: Value<enums.CloseDealType>;
  /** 交易币种类型 trade currency ID */
  TradeCurrencyID: string;
  /** 质押资金可用范围 mortgage fund use range */
  MortgageFundUseRange: Value<enums.MortgageFundUseRange>;
  /** 合约基础商品乘数 multiplier of the underlying */
  UnderlyingMultiple: number | null;
  /** 产品代码 product ID */
  ProductID: string;
  /** 交易所产品代码 exchange product ID */
  ExchangeProductID: string;
  /** 开仓量限制粒度 open limit control level */
  OpenLimitControlLevel: Value<enums.OpenLimitControlLevel>;
  /** 报单频率控制粒度 order frequency control level */
  OrderFreqControlLevel: Value<enums.OrderFreqControlLevel>;
}

/** 合约 instrument */
export interface Instrument {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约名称 instrument name */
  InstrumentName: string;
  /** 产品类型 product class */
  ProductClass: Value<enums.ProductClass>;
  /** 交割年份 delivery year */
  DeliveryYear: number;
  /** 交割月 delivery month */
  DeliveryMonth: number;
  /** 市价单最大下单量 maximum market order volume */
  MaxMarketOrderVolume: number;
  /** 市价单最小下单量 minimum market order volume */
  MinMarketOrderVolume: number;
  /** 限价单最大下单量 maximum limit order volume */
  MaxLimitOrderVolume: number;
  /** 限价单最小下单量 minimum limit order volume */
  MinLimitOrderVolume: number;
  /** 合约数量乘数 contract multiplier */
  VolumeMultiple: number;
  /** 最小变动价位 price tick */
  PriceTick: number | null;
  /** 创建日 create date */
  CreateDate: string;
  /** 上市日 open date */
  OpenDate: string;
  /** 到期日 expire date */
  ExpireDate: string;
  /** 开始交割日 start delivery date */
  StartDelivDate: string;
  /** 结束交割日 end delivery date */
  EndDelivDate: string;
  /** 合约生命周期状态 instrument life phase */
  InstLifePhase: Value<enums.InstLifePhase>;
  /** 当前是否交易 whether it trades */
  IsTrading: number;
  /** 持仓类型 position type */
  PositionType: Value<enums.PositionType>;
  /** 持仓日期类型 position date type */
  PositionDateType: Value<enums.PositionDateType>;
  /** 多头保证金率 long margin ratio */
  LongMarginRatio: number | null;
  /** 空头保证金率 short margin ratio */
  ShortMarginRatio: number | null;
  /** 是否使用大额单边保证金算法 maximum margin side algorithm */
  MaxMarginSideAlgorithm: Value<enums.MaxMarginSideAlgorithm>;
  /** 执行价 strike price */
  StrikePrice: number | null;
  /** 期权类型 options type */
  OptionsType: Value<enums.OptionsType>;
  /** 合约基础商品乘数 multiplier of the underlying */
  UnderlyingMultiple: number | null;
  /** 组合类型 combination type */
  CombinationType: Value<enums.CombinationType>;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 基础商品代码 underlying instrument ID */
  UnderlyingInstrID: string;
}

/** 投资者 investor */
export interface Investor {
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者分组代码 investor group ID */
  InvestorGroupID: string;
  /** 投资者名称 investor name */
  InvestorName: string;
  /** 证件类型 identified card type */
  IdentifiedCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 是否活跃 whether it is active */
  IsActive: number;
  /** 联系电话 telephone */
  Telephone: string;
  /** 通讯地址 address */
  Address: string;
  /** 开户日期 open date */
  OpenDate: string;
  /** 手机 mobile */
  Mobile: string;
  /** 手续费率模板代码 commission model ID */
  CommModelID: string;
  /** 保证金率模板代码 margin model ID */
  MarginModelID: string;
  /** 是否频率控制 is order frequency */
  IsOrderFreq: Value<enums.EnumBool>;
  /** 是否开仓限制 is open volume limit */
  IsOpenVolLimit: Value<enums.EnumBool>;
}

/** 交易编码 trading code */
export interface TradingCode {
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 是否活跃 whether it is active */
  IsActive: number;
  /** 交易编码类型 client ID type */
  ClientIDType: Value<enums.ClientIDType>;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 业务类型 business type */
  BizType: Value<enums.BizType>;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 资金账户 trading account */
export interface TradingAccount {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 上次质押金额 previous mortgage */
  PreMortgage: number | null;
  /** 上次信用额度 previous credit */
  PreCredit: number | null;
  /** 上次存款额 previous deposit */
  PreDeposit: number | null;
  /** 上次结算准备金 previous balance */
  PreBalance: number | null;
  /** 上次占用的保证金 previous margin */
  PreMargin: number | null;
  /** 利息基数 interest base */
  InterestBase: number | null;
  /** 利息收入 interest */
  Interest: number | null;
  /** 入金金额 money deposited */
  Deposit: number | null;
  /** 出金金额 money withdrawn */
  Withdraw: number | null;
  /** 冻结的保证金 frozen margin */
  FrozenMargin: number | null;
  /** 冻结的资金 frozen cash */
  FrozenCash: number | null;
  /** 冻结的手续费 frozen commission */
  FrozenCommission: number | null;
  /** 当前保证金总额 margin in use */
  CurrMargin: number | null;
  /** 资金差额 difference of funds */
  CashIn: number | null;
  /** 手续费 commission */
  Commission: number | null;
  /** 平仓盈亏 realised profit */
  CloseProfit: number | null;
  /** 持仓盈亏 profit of open positions (marked to market) */
  PositionProfit: number | null;
  /** 期货结算准备金 equity of the account */
  Balance: number | null;
  /** 可用资金 money available */
  Available: number | null;
  /** 可取资金 amount that can be withdrawn */
  WithdrawQuota: number | null;
  /** 基本准备金 reserve */
  Reserve: number | null;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 信用额度 credit */
  Credit: number | null;
  /** 质押金额 mortgage */
  Mortgage: number | null;
  /** 交易所保证金 exchange margin */
  ExchangeMargin: number | null;
  /** 投资者交割保证金 delivery margin */
  DeliveryMargin: number | null;
  /** 交易所交割保证金 exchange delivery margin */
  ExchangeDeliveryMargin: number | null;
  /** 保底期货结算准备金 reserve balance */
  ReserveBalance: number | null;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 上次货币质入金额 previous fund mortgage in */
  PreFundMortgageIn: number | null;
  /** 上次货币质出金额 previous fund mortgage out */
  PreFundMortgageOut: number | null;
  /** 货币质入金额 fund mortgage in */
  FundMortgageIn: number | null;
  /** 货币质出金额 fund mortgage out */
  FundMortgageOut: number | null;
  /** 货币质押余额 fund mortgage available */
  FundMortgageAvailable: number | null;
  /** 可质押货币金额 mortgageable fund */
  MortgageableFund: number | null;
  /** 特殊产品占用保证金 special product margin */
  SpecProductMargin: number | null;
  /** 特殊产品冻结保证金 special product frozen margin */
  SpecProductFrozenMargin: number | null;
  /** 特殊产品手续费 special product commission */
  SpecProductCommission: number | null;
  /** 特殊产品冻结手续费 special product frozen commission */
  SpecProductFrozenCommission: number | null;
  /** 特殊产品持仓盈亏 special product position profit */
  SpecProductPositionProfit: number | null;
  /** 特殊产品平仓盈亏 special product close profit */
  SpecProductCloseProfit: number | null;
  /** 根据持仓盈亏算法计算的特殊产品持仓盈亏 special product position profit by algorithm */
  SpecProductPositionProfitByAlg: number | null;
  /** 特殊产品交易所保证金 special product exchange margin */
  SpecProductExchangeMargin: number | null;
  /** 业务类型 business type */
  BizType: Value<enums.BizType>;
  /** 延时换汇冻结金额 frozen swap */
  FrozenSwap: number | null;
  /** 剩余换汇额度 remain swap */
  RemainSwap: number | null;
  /** 期权市值 option value */
  OptionValue: number | null;
}

/** 投资者持仓 investor position */
export interface InvestorPosition {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 持仓多空方向 long, short or net */
  PosiDirection: Value<enums.PosiDirection>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 持仓日期 today's or former days' position */
  PositionDate: Value<enums.PositionDate>;
  /** 上日持仓 position of yesterday */
  YdPosition: number;
  /** 今日持仓 position */
  Position: number;
  /** 多头冻结 frozen, long */
  LongFrozen: number;
  /** 空头冻结 frozen, short */
  ShortFrozen: number;
  /** 开仓冻结金额 long frozen amount */
  LongFrozenAmount: number | null;
  /** 开仓冻结金额 short frozen amount */
  ShortFrozenAmount: number | null;
  /** 开仓量 open volume */
  OpenVolume: number;
  /** 平仓量 close volume */
  CloseVolume: number;
  /** 开仓金额 open amount */
  OpenAmount: number | null;
  /** 平仓金额 close amount */
  CloseAmount: number | null;
  /** 持仓成本 position cost */
  PositionCost: number | null;
  /** 上次占用的保证金 previous margin */
  PreMargin: number | null;
  /** 占用的保证金 margin in use */
  UseMargin: number | null;
  /** 冻结的保证金 frozen margin */
  FrozenMargin: number | null;
  /** 冻结的资金 frozen cash */
  FrozenCash: number | null;
  /** 冻结的手续费 frozen commission */
  FrozenCommission: number | null;
  /** 资金差额 difference of funds */
  CashIn: number | null;
  /** 手续费 commission */
  Commission: number | null;
  /** 平仓盈亏 realised profit */
  CloseProfit: number | null;
  /** 持仓盈亏 profit of open positions (marked to market) */
  PositionProfit: number | null;
  /** 上次结算价 previous settlement price */
  PreSettlementPrice: number | null;
  /** 本次结算价 settlement price */
  SettlementPrice: number | null;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 开仓成本 open cost */
  OpenCost: number | null;
  /** 交易所保证金 exchange margin */
  ExchangeMargin: number | null;
  /** 组合成交形成的持仓 combination position */
  CombPosition: number;
  /** 组合多头冻结 combination long frozen */
  CombLongFrozen: number;
  /** 组合空头冻结 combination short frozen */
  CombShortFrozen: number;
  /** 逐日盯市平仓盈亏 realised profit of the day (marked to market) */
  CloseProfitByDate: number | null;
  /** 逐笔对冲平仓盈亏 realised profit from the open price */
  CloseProfitByTrade: number | null;
  /** 今日持仓 today position */
  TodayPosition: number;
  /** 保证金率 margin rate by money */
  MarginRateByMoney: number | null;
  /** 保证金率(按手数) margin rate by volume */
  MarginRateByVolume: number | null;
  /** 执行冻结 frozen for exercise */
  StrikeFrozen: number;
  /** 执行冻结金额 frozen for exercise amount */
  StrikeFrozenAmount: number | null;
  /** 放弃执行冻结 abandon frozen */
  AbandonFrozen: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 执行冻结的昨仓 yesterday frozen for exercise */
  YdStrikeFrozen: number;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 持仓成本差值 position cost offset */
  PositionCostOffset: number | null;
  /** tas持仓手数 TAS position */
  TasPosition: number;
  /** tas持仓成本 TAS position cost */
  TasPositionCost: number | null;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 期权市值 option value */
  OptionValue: number | null;
}

/** 合约保证金率 instrument margin rate */
export interface InstrumentMarginRate {
  /** 投资者范围 investor range */
  InvestorRange: Value<enums.InvestorRange>;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 多头保证金率 long margin ratio by money */
  LongMarginRatioByMoney: number | null;
  /** 多头保证金费 long margin ratio by volume */
  LongMarginRatioByVolume: number | null;
  /** 空头保证金率 short margin ratio by money */
  ShortMarginRatioByMoney: number | null;
  /** 空头保证金费 short margin ratio by volume */
  ShortMarginRatioByVolume: number | null;
  /** 是否相对交易所收取 whether it adds to the exchange's rate */
  IsRelative: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 合约手续费率 instrument commission rate */
export interface InstrumentCommissionRate {
  /** 投资者范围 investor range */
  InvestorRange: Value<enums.InvestorRange>;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 开仓手续费率 commission on opening, share of turnover */
  OpenRatioByMoney: number | null;
  /** 开仓手续费 commission on opening, yuan a lot */
  OpenRatioByVolume: number | null;
  /** 平仓手续费率 commission on closing, share of turnover */
  CloseRatioByMoney: number | null;
  /** 平仓手续费 commission on closing, yuan a lot */
  CloseRatioByVolume: number | null;
  /** 平今手续费率 commission on closing today's, share of turnover */
  CloseTodayRatioByMoney: number | null;
  /** 平今手续费 commission on closing today's, yuan a lot */
  CloseTodayRatioByVolume: number | null;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 业务类型 business type */
  BizType: Value<enums.BizType>;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 深度行情 depth market data */
export interface DepthMarketData {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 最新价 last price */
  LastPrice: number | null;
  /** 上次结算价 previous settlement price */
  PreSettlementPrice: number | null;
  /** 昨收盘 previous close price */
  PreClosePrice: number | null;
  /** 昨持仓量 previous open interest */
  PreOpenInterest: number | null;
  /** 今开盘 open price */
  OpenPrice: number | null;
  /** 最高价 highest price */
  HighestPrice: number | null;
  /** 最低价 lowest price */
  LowestPrice: number | null;
  /** 数量 volume */
  Volume: number;
  /** 成交金额 turnover */
  Turnover: number | null;
  /** 持仓量 open interest */
  OpenInterest: number | null;
  /** 今收盘 close price */
  ClosePrice: number | null;
  /** 本次结算价 settlement price */
  SettlementPrice: number | null;
  /** 涨停板价 upper limit price */
  UpperLimitPrice: number | null;
  /** 跌停板价 lower limit price */
  LowerLimitPrice: number | null;
  /** 昨虚实度 previous delta */
  PreDelta: number | null;
  /** 今虚实度 current delta */
  CurrDelta: number | null;
  /** 最后修改时间 update time */
  UpdateTime: string;
  /** 最后修改毫秒 milliseconds of the update */
  UpdateMillisec: number;
  /** 申买价一 best bid price */
  BidPrice1: number | null;
  /** 申买量一 volume at the best bid */
  BidVolume1: number;
  /** 申卖价一 best ask price */
  AskPrice1: number | null;
  /** 申卖量一 volume at the best ask */
  AskVolume1: number;
  /** 申买价二 bid price 2 */
  BidPrice2: number | null;
  /** 申买量二 bid volume 2 */
  BidVolume2: number;
  /** 申卖价二 ask price 2 */
  AskPrice2: number | null;
  /** 申卖量二 ask volume 2 */
  AskVolume2: number;
  /** 申买价三 bid price 3 */
  BidPrice3: number | null;
  /** 申买量三 bid volume 3 */
  BidVolume3: number;
  /** 申卖价三 ask price 3 */
  AskPrice3: number | null;
  /** 申卖量三 ask volume 3 */
  AskVolume3: number;
  /** 申买价四 bid price 4 */
  BidPrice4: number | null;
  /** 申买量四 bid volume 4 */
  BidVolume4: number;
  /** 申卖价四 ask price 4 */
  AskPrice4: number | null;
  /** 申卖量四 ask volume 4 */
  AskVolume4: number;
  /** 申买价五 bid price 5 */
  BidPrice5: number | null;
  /** 申买量五 bid volume 5 */
  BidVolume5: number;
  /** 申卖价五 ask price 5 */
  AskPrice5: number | null;
  /** 申卖量五 ask volume 5 */
  AskVolume5: number;
  /** 当日均价 turnover divided by volume */
  AveragePrice: number | null;
  /** 业务日期 date by the clock of the tick */
  ActionDay: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** 上带价 upper limit of the price band */
  BandingUpperPrice: number | null;
  /** 下带价 lower limit of the price band */
  BandingLowerPrice: number | null;
}

/** 交易所交易员报盘机 trader offer */
export interface TraderOffer {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 密码 password */
  Password: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 本地报单编号 the order's number at the broker's seat */
  OrderLocalID: string;
  /** 交易所交易员连接状态 trader connect status */
  TraderConnectStatus: Value<enums.TraderConnectStatus>;
  /** 发出连接请求的日期 connect request date */
  ConnectRequestDate: string;
  /** 发出连接请求的时间 connect request time */
  ConnectRequestTime: string;
  /** 上次报告日期 last report date */
  LastReportDate: string;
  /** 上次报告时间 last report time */
  LastReportTime: string;
  /** 完成连接日期 connect date */
  ConnectDate: string;
  /** 完成连接时间 connect time */
  ConnectTime: string;
  /** 启动日期 start date */
  StartDate: string;
  /** 启动时间 start time */
  StartTime: string;
  /** 交易日 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 本席位最大成交编号 maximum trade ID */
  MaxTradeID: string;
  /** 本席位最大报单备拷 maximum order message reference */
  MaxOrderMessageReference: string;
  /** 撤单时选择席位算法 order cancel algorithm */
  OrderCancelAlg: Value<enums.OrderCancelAlg>;
}

/** 投资者结算结果 settlement information */
export interface SettlementInfo {
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 消息正文 content */
  Content: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
}

/** 交易所保证金率 exchange margin rate */
export interface ExchangeMarginRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 多头保证金率 long margin ratio by money */
  LongMarginRatioByMoney: number | null;
  /** 多头保证金费 long margin ratio by volume */
  LongMarginRatioByVolume: number | null;
  /** 空头保证金率 short margin ratio by money */
  ShortMarginRatioByMoney: number | null;
  /** 空头保证金费 short margin ratio by volume */
  ShortMarginRatioByVolume: number | null;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 交易所保证金率调整 exchange margin rate adjustment */
export interface ExchangeMarginRateAdjust {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 跟随交易所投资者多头保证金率 long margin ratio by money */
  LongMarginRatioByMoney: number | null;
  /** 跟随交易所投资者多头保证金费 long margin ratio by volume */
  LongMarginRatioByVolume: number | null;
  /** 跟随交易所投资者空头保证金率 short margin ratio by money */
  ShortMarginRatioByMoney: number | null;
  /** 跟随交易所投资者空头保证金费 short margin ratio by volume */
  ShortMarginRatioByVolume: number | null;
  /** 交易所多头保证金率 exchange long margin ratio by money */
  ExchLongMarginRatioByMoney: number | null;
  /** 交易所多头保证金费 exchange long margin ratio by volume */
  ExchLongMarginRatioByVolume: number | null;
  /** 交易所空头保证金率 exchange short margin ratio by money */
  ExchShortMarginRatioByMoney: number | null;
  /** 交易所空头保证金费 exchange short margin ratio by volume */
  ExchShortMarginRatioByVolume: number | null;
  /** 不跟随交易所投资者多头保证金率 no long margin ratio by money */
  NoLongMarginRatioByMoney: number | null;
  /** 不跟随交易所投资者多头保证金费 no long margin ratio by volume */
  NoLongMarginRatioByVolume: number | null;
  /** 不跟随交易所投资者空头保证金率 no short margin ratio by money */
  NoShortMarginRatioByMoney: number | null;
  /** 不跟随交易所投资者空头保证金费 no short margin ratio by volume */
  NoShortMarginRatioByVolume: number | null;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 汇率 exchange rate */
export interface ExchangeRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 源币种 from currency ID */
  FromCurrencyID: string;
  /** 源币种单位数量 from currency unit */
  FromCurrencyUnit: number | null;
  /** 目标币种 to currency ID */
  ToCurrencyID: string;
  /** 汇率 exchange rate */
  ExchangeRate: number | null;
}

/** 用户口令变更 user password update */
export interface UserPasswordUpdate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 原来的口令 old password */
  OldPassword: string;
  /** 新的口令 new password */
  NewPassword: string;
}

/** 输入报单 input order */
export interface InputOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单引用 the client's reference of the order */
  OrderRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 报单价格条件 limit, market or another price */
  OrderPriceType: Value<enums.OrderPriceType>;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 组合开平标志 whether to open or to close, a character for each leg */
  CombOffsetFlag: Value<enums.OffsetFlag>;
  /** 组合投机套保标志 hedge flag, a character for each leg */
  CombHedgeFlag: Value<enums.HedgeFlag>;
  /** 价格 price of a limit order */
  LimitPrice: number | null;
  /** 数量 volume of the order */
  VolumeTotalOriginal: number;
  /** 有效期类型 how long the order stands */
  TimeCondition: Value<enums.TimeCondition>;
  /** GTD日期 good-till date */
  GTDDate: string;
  /** 成交量类型 how much must trade at once */
  VolumeCondition: Value<enums.VolumeCondition>;
  /** 最小成交量 least volume that must trade */
  MinVolume: number;
  /** 触发条件 when the order is triggered */
  ContingentCondition: Value<enums.ContingentCondition>;
  /** 止损价 stop price */
  StopPrice: number | null;
  /** 强平原因 why the position is closed by force */
  ForceCloseReason: Value<enums.ForceCloseReason>;
  /** 自动挂起标志 whether it is suspended when the user logs out */
  IsAutoSuspend: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 用户强平标志 whether the user forces the close */
  UserForceClose: number;
  /** 互换单标志 is swap order */
  IsSwapOrder: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 交易编码 client ID */
  ClientID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** 报单回显字段 order memo */
  OrderMemo: string;
  /** session上请求计数 api自动维护 session request sequence */
  SessionReqSeq: number;
}

/** 报单 order */
export interface Order {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单引用 the client's reference of the order */
  OrderRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 报单价格条件 limit, market or another price */
  OrderPriceType: Value<enums.OrderPriceType>;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 组合开平标志 whether to open or to close, a character for each leg */
  CombOffsetFlag: Value<enums.OffsetFlag>;
  /** 组合投机套保标志 hedge flag, a character for each leg */
  CombHedgeFlag: Value<enums.HedgeFlag>;
  /** 价格 price of a limit order */
  LimitPrice: number | null;
  /** 数量 volume of the order */
  VolumeTotalOriginal: number;
  /** 有效期类型 how long the order stands */
  TimeCondition: Value<enums.TimeCondition>;
  /** GTD日期 good-till date */
  GTDDate: string;
  /** 成交量类型 how much must trade at once */
  VolumeCondition: Value<enums.VolumeCondition>;
  /** 最小成交量 least volume that must trade */
  MinVolume: number;
  /** 触发条件 when the order is triggered */
  ContingentCondition: Value<enums.ContingentCondition>;
  /** 止损价 stop price */
  StopPrice: number | null;
  /** 强平原因 why the position is closed by force */
  ForceCloseReason: Value<enums.ForceCloseReason>;
  /** 自动挂起标志 whether it is suspended when the user logs out */
  IsAutoSuspend: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 本地报单编号 the order's number at the broker's seat */
  OrderLocalID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 报单提交状态 how far the order's submission has come */
  OrderSubmitStatus: Value<enums.OrderSubmitStatus>;
  /** 报单提示序号 notify sequence */
  NotifySequence: number;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 报单编号 the exchange's number of the order */
  OrderSysID: string;
  /** 报单来源 order source */
  OrderSource: Value<enums.OrderSource>;
  /** 报单状态 order status */
  OrderStatus: Value<enums.OrderStatus>;
  /** 报单类型 order type */
  OrderType: Value<enums.OrderType>;
  /** 今成交数量 volume traded so far */
  VolumeTraded: number;
  /** 剩余数量 volume left */
  VolumeTotal: number;
  /** 报单日期 date of the order */
  InsertDate: string;
  /** 委托时间 time of the order */
  InsertTime: string;
  /** 激活时间 active time */
  ActiveTime: string;
  /** 挂起时间 suspend time */
  SuspendTime: string;
  /** 最后修改时间 update time */
  UpdateTime: string;
  /** 撤销时间 cancel time */
  CancelTime: string;
  /** 最后修改交易所交易员代码 seat of the last action */
  ActiveTraderID: string;
  /** 结算会员编号 clearing part ID */
  ClearingPartID: string;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 用户强平标志 whether the user forces the close */
  UserForceClose: number;
  /** 操作用户代码 user of the last action */
  ActiveUserID: string;
  /** 经纪公司报单编号 broker order sequence */
  BrokerOrderSeq: number;
  /** 相关报单 number of the order it stems from */
  RelativeOrderSysID: string;
  /** 郑商所成交数量 CZCE total traded volume */
  ZCETotalTradedVolume: number;
  /** 互换单标志 is swap order */
  IsSwapOrder: number;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** 报单回显字段 order memo */
  OrderMemo: string;
  /** session上请求计数 api自动维护 session request sequence */
  SessionReqSeq: number;
}

/** 输入报单操作 input order action */
export interface InputOrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单操作引用 order action reference */
  OrderActionRef: number;
  /** 报单引用 the client's reference of the order */
  OrderRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 报单编号 the exchange's number of the order */
  OrderSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 价格 price of a limit order */
  LimitPrice: number | null;
  /** 数量变化 volume change */
  VolumeChange: number;
  /** 用户代码 user ID */
  UserID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** 报单回显字段 order memo */
  OrderMemo: string;
  /** session上请求计数 api自动维护 session request sequence */
  SessionReqSeq: number;
}

/** 报单操作 order action */
export interface OrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单操作引用 order action reference */
  OrderActionRef: number;
  /** 报单引用 the client's reference of the order */
  OrderRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 报单编号 the exchange's number of the order */
  OrderSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 价格 price of a limit order */
  LimitPrice: number | null;
  /** 数量变化 volume change */
  VolumeChange: number;
  /** 操作日期 action date */
  ActionDate: string;
  /** 操作时间 action time */
  ActionTime: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 本地报单编号 the order's number at the broker's seat */
  OrderLocalID: string;
  /** 操作本地编号 action local ID */
  ActionLocalID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 报单操作状态 order action status */
  OrderActionStatus: Value<enums.OrderActionStatus>;
  /** 用户代码 user ID */
  UserID: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** 报单回显字段 order memo */
  OrderMemo: string;
  /** session上请求计数 api自动维护 session request sequence */
  SessionReqSeq: number;
}

/** 成交 trade */
export interface Trade {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单引用 the client's reference of the order */
  OrderRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 成交编号 trade ID */
  TradeID: string;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 报单编号 the exchange's number of the order */
  OrderSysID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易角色 trading role */
  TradingRole: Value<enums.TradingRole>;
  /** 开平标志 whether it opens or closes */
  OffsetFlag: Value<enums.OffsetFlag>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 价格 price */
  Price: number | null;
  /** 数量 volume */
  Volume: number;
  /** 成交时期 trade date */
  TradeDate: string;
  /** 成交时间 trade time */
  TradeTime: string;
  /** 成交类型 trade type */
  TradeType: Value<enums.TradeType>;
  /** 成交价来源 price source */
  PriceSource: Value<enums.PriceSource>;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 本地报单编号 the order's number at the broker's seat */
  OrderLocalID: string;
  /** 结算会员编号 clearing part ID */
  ClearingPartID: string;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 经纪公司报单编号 broker order sequence */
  BrokerOrderSeq: number;
  /** 成交来源 trade source */
  TradeSource: Value<enums.TradeSource>;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
}

/** 用户会话 user session */
export interface UserSession {
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 登录日期 login date */
  LoginDate: string;
  /** 登录时间 login time */
  LoginTime: string;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 接口端产品信息 interface product information */
  InterfaceProductInfo: string;
  /** 协议信息 protocol information */
  ProtocolInfo: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 登录备注 login remark */
  LoginRemark: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 查询最大报单数量 query maximum order volume */
export interface QryMaxOrderVolume {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 开平标志 whether it opens or closes */
  OffsetFlag: Value<enums.OffsetFlag>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 最大允许报单数量 maximum volume */
  MaxVolume: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 投资者结算结果确认信息 settlement information confirm */
export interface SettlementInfoConfirm {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 确认日期 date of confirmation */
  ConfirmDate: string;
  /** 确认时间 time of confirmation */
  ConfirmTime: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
}

/** 查询报单 query order */
export interface QryOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 报单编号 the exchange's number of the order */
  OrderSysID: string;
  /** 开始时间 insert time start */
  InsertTimeStart: string;
  /** 结束时间 insert time end */
  InsertTimeEnd: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询成交 query trade */
export interface QryTrade {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 成交编号 trade ID */
  TradeID: string;
  /** 开始时间 trade time start */
  TradeTimeStart: string;
  /** 结束时间 trade time end */
  TradeTimeEnd: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询投资者持仓 query investor position */
export interface QryInvestorPosition {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询资金账户 query trading account */
export interface QryTradingAccount {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 业务类型 business type */
  BizType: Value<enums.BizType>;
  /** 投资者帐号 account ID */
  AccountID: string;
}

/** 查询投资者 query investor */
export interface QryInvestor {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
}

/** 查询交易编码 query trading code */
export interface QryTradingCode {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易编码类型 client ID type */
  ClientIDType: Value<enums.ClientIDType>;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 查询合约保证金率 query instrument margin rate */
export interface QryInstrumentMarginRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询手续费率 query instrument commission rate */
export interface QryInstrumentCommissionRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询用户会话 query user session */
export interface QryUserSession {
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
}

/** 查询交易所 query exchange */
export interface QryExchange {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
}

/** 查询产品 query product */
export interface QryProduct {
  /** 产品类型 product class */
  ProductClass: Value<enums.ProductClass>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品代码 product ID */
  ProductID: string;
}

/** 查询合约 query instrument */
export interface QryInstrument {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** 产品代码 product ID */
  ProductID: string;
}

/** 查询行情 query depth market data */
export interface QryDepthMarketData {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 产品类型 product class */
  ProductClass: Value<enums.ProductClass>;
}

/** 查询交易员报盘机 query trader offer */
export interface QryTraderOffer {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
}

/** 查询投资者结算结果 query settlement information */
export interface QrySettlementInfo {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易日 trading day */
  TradingDay: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
}

/** 查询交易所保证金率 query exchange margin rate */
export interface QryExchangeMarginRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询交易所调整保证金率 query exchange margin rate adjustment */
export interface QryExchangeMarginRateAdjust {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询汇率 query exchange rate */
export interface QryExchangeRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 源币种 from currency ID */
  FromCurrencyID: string;
  /** 目标币种 to currency ID */
  ToCurrencyID: string;
}

/** 当前期权合约手续费的详细内容 option instrument commission rate */
export interface OptionInstrCommRate {
  /** 投资者范围 investor range */
  InvestorRange: Value<enums.InvestorRange>;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 开仓手续费率 commission on opening, share of turnover */
  OpenRatioByMoney: number | null;
  /** 开仓手续费 commission on opening, yuan a lot */
  OpenRatioByVolume: number | null;
  /** 平仓手续费率 commission on closing, share of turnover */
  CloseRatioByMoney: number | null;
  /** 平仓手续费 commission on closing, yuan a lot */
  CloseRatioByVolume: number | null;
  /** 平今手续费率 commission on closing today's, share of turnover */
  CloseTodayRatioByMoney: number | null;
  /** 平今手续费 commission on closing today's, yuan a lot */
  CloseTodayRatioByVolume: number | null;
  /** 执行手续费率 commission on exercise, share of turnover */
  StrikeRatioByMoney: number | null;
  /** 执行手续费 commission on exercise, yuan a lot */
  StrikeRatioByVolume: number | null;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 期权交易成本 option instrument trade cost */
export interface OptionInstrTradeCost {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 期权合约保证金不变部分 fixed margin */
  FixedMargin: number | null;
  /** 期权合约最小保证金 minimum margin */
  MiniMargin: number | null;
  /** 期权合约权利金 option premium */
  Royalty: number | null;
  /** 交易所期权合约保证金不变部分 exchange fixed margin */
  ExchFixedMargin: number | null;
  /** 交易所期权合约最小保证金 exchange minimum margin */
  ExchMiniMargin: number | null;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 期权交易成本查询 query option instrument trade cost */
export interface QryOptionInstrTradeCost {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 期权合约报价 input price */
  InputPrice: number | null;
  /** 标的价格,填0则用昨结算价 underlying price */
  UnderlyingPrice: number | null;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 期权手续费率查询 query option instrument commission rate */
export interface QryOptionInstrCommRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 输入的执行宣告 input execution order */
export interface InputExecOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 执行宣告引用 execution order reference */
  ExecOrderRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 数量 volume */
  Volume: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 开平标志 whether it opens or closes */
  OffsetFlag: Value<enums.OffsetFlag>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 执行类型 action type */
  ActionType: Value<enums.ActionType>;
  /** 保留头寸申请的持仓方向 long, short or net */
  PosiDirection: Value<enums.PosiDirection>;
  /** 期权行权后是否保留期货头寸的标记,该字段已废弃 reserve position flag */
  ReservePositionFlag: Value<enums.ExecOrderPositionFlag>;
  /** 期权行权后生成的头寸是否自动平仓 close flag */
  CloseFlag: Value<enums.ExecOrderCloseFlag>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 交易编码 client ID */
  ClientID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 输入执行宣告操作 input execution order action */
export interface InputExecOrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 执行宣告操作引用 execution order action reference */
  ExecOrderActionRef: number;
  /** 执行宣告引用 execution order reference */
  ExecOrderRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 执行宣告操作编号 execution order system ID */
  ExecOrderSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 用户代码 user ID */
  UserID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 执行宣告 execution order */
export interface ExecOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 执行宣告引用 execution order reference */
  ExecOrderRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 数量 volume */
  Volume: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 开平标志 whether it opens or closes */
  OffsetFlag: Value<enums.OffsetFlag>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 执行类型 action type */
  ActionType: Value<enums.ActionType>;
  /** 保留头寸申请的持仓方向 long, short or net */
  PosiDirection: Value<enums.PosiDirection>;
  /** 期权行权后是否保留期货头寸的标记,该字段已废弃 reserve position flag */
  ReservePositionFlag: Value<enums.ExecOrderPositionFlag>;
  /** 期权行权后生成的头寸是否自动平仓 close flag */
  CloseFlag: Value<enums.ExecOrderCloseFlag>;
  /** 本地执行宣告编号 execution order local ID */
  ExecOrderLocalID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 执行宣告提交状态 how far the order's submission has come */
  OrderSubmitStatus: Value<enums.OrderSubmitStatus>;
  /** 报单提示序号 notify sequence */
  NotifySequence: number;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 执行宣告编号 execution order system ID */
  ExecOrderSysID: string;
  /** 报单日期 date of the order */
  InsertDate: string;
  /** 插入时间 time of the order */
  InsertTime: string;
  /** 撤销时间 cancel time */
  CancelTime: string;
  /** 执行结果 execution result */
  ExecResult: Value<enums.ExecResult>;
  /** 结算会员编号 clearing part ID */
  ClearingPartID: string;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 操作用户代码 user of the last action */
  ActiveUserID: string;
  /** 经纪公司报单编号 broker execution order sequence */
  BrokerExecOrderSeq: number;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 执行宣告操作 execution order action */
export interface ExecOrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 执行宣告操作引用 execution order action reference */
  ExecOrderActionRef: number;
  /** 执行宣告引用 execution order reference */
  ExecOrderRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 执行宣告操作编号 execution order system ID */
  ExecOrderSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 操作日期 action date */
  ActionDate: string;
  /** 操作时间 action time */
  ActionTime: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 本地执行宣告编号 execution order local ID */
  ExecOrderLocalID: string;
  /** 操作本地编号 action local ID */
  ActionLocalID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 报单操作状态 order action status */
  OrderActionStatus: Value<enums.OrderActionStatus>;
  /** 用户代码 user ID */
  UserID: string;
  /** 执行类型 action type */
  ActionType: Value<enums.ActionType>;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 执行宣告查询 query execution order */
export interface QryExecOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 执行宣告编号 execution order system ID */
  ExecOrderSysID: string;
  /** 开始时间 insert time start */
  InsertTimeStart: string;
  /** 结束时间 insert time end */
  InsertTimeEnd: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 输入的询价 input request for quotes */
export interface InputForQuote {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 询价引用 request for quotes reference */
  ForQuoteRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 询价 request for quotes */
export interface ForQuote {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 询价引用 request for quotes reference */
  ForQuoteRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 本地询价编号 request for quotes local ID */
  ForQuoteLocalID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 报单日期 date of the order */
  InsertDate: string;
  /** 插入时间 time of the order */
  InsertTime: string;
  /** 询价状态 request for quotes status */
  ForQuoteStatus: Value<enums.ForQuoteStatus>;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 操作用户代码 user of the last action */
  ActiveUserID: string;
  /** 经纪公司询价编号 broker request for quotes sequence */
  BrokerForQutoSeq: number;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 询价查询 query request for quotes */
export interface QryForQuote {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 开始时间 insert time start */
  InsertTimeStart: string;
  /** 结束时间 insert time end */
  InsertTimeEnd: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 输入的报价 input quote */
export interface InputQuote {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报价引用 quote reference */
  QuoteRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 卖价格 ask price */
  AskPrice: number | null;
  /** 买价格 bid price */
  BidPrice: number | null;
  /** 卖数量 ask volume */
  AskVolume: number;
  /** 买数量 bid volume */
  BidVolume: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 卖开平标志 ask offset flag */
  AskOffsetFlag: Value<enums.OffsetFlag>;
  /** 买开平标志 bid offset flag */
  BidOffsetFlag: Value<enums.OffsetFlag>;
  /** 卖投机套保标志 ask hedge flag */
  AskHedgeFlag: Value<enums.HedgeFlag>;
  /** 买投机套保标志 bid hedge flag */
  BidHedgeFlag: Value<enums.HedgeFlag>;
  /** 衍生卖报单引用 ask order reference */
  AskOrderRef: string;
  /** 衍生买报单引用 bid order reference */
  BidOrderRef: string;
  /** 应价编号 request for quotes system ID */
  ForQuoteSysID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 交易编码 client ID */
  ClientID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** 被顶单编号 number of the quote replaced */
  ReplaceSysID: string;
  /** 有效期类型 how long the order stands */
  TimeCondition: Value<enums.TimeCondition>;
  /** 报单回显字段 order memo */
  OrderMemo: string;
  /** session上请求计数 api自动维护 session request sequence */
  SessionReqSeq: number;
}

/** 输入报价操作 input quote action */
export interface InputQuoteAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报价操作引用 quote action reference */
  QuoteActionRef: number;
  /** 报价引用 quote reference */
  QuoteRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 报价操作编号 quote system ID */
  QuoteSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 用户代码 user ID */
  UserID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 交易编码 client ID */
  ClientID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** 报单回显字段 order memo */
  OrderMemo: string;
  /** session上请求计数 api自动维护 session request sequence */
  SessionReqSeq: number;
}

/** 报价 quote */
export interface Quote {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报价引用 quote reference */
  QuoteRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 卖价格 ask price */
  AskPrice: number | null;
  /** 买价格 bid price */
  BidPrice: number | null;
  /** 卖数量 ask volume */
  AskVolume: number;
  /** 买数量 bid volume */
  BidVolume: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 卖开平标志 ask offset flag */
  AskOffsetFlag: Value<enums.OffsetFlag>;
  /** 买开平标志 bid offset flag */
  BidOffsetFlag: Value<enums.OffsetFlag>;
  /** 卖投机套保标志 ask hedge flag */
  AskHedgeFlag: Value<enums.HedgeFlag>;
  /** 买投机套保标志 bid hedge flag */
  BidHedgeFlag: Value<enums.HedgeFlag>;
  /** 本地报价编号 quote local ID */
  QuoteLocalID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 报价提示序号 notify sequence */
  NotifySequence: number;
  /** 报价提交状态 how far the order's submission has come */
  OrderSubmitStatus: Value<enums.OrderSubmitStatus>;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 报价编号 quote system ID */
  QuoteSysID: string;
  /** 报单日期 date of the order */
  InsertDate: string;
  /** 插入时间 time of the order */
  InsertTime: string;
  /** 撤销时间 cancel time */
  CancelTime: string;
  /** 报价状态 quote status */
  QuoteStatus: Value<enums.OrderStatus>;
  /** 结算会员编号 clearing part ID */
  ClearingPartID: string;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 卖方报单编号 ask order system ID */
  AskOrderSysID: string;
  /** 买方报单编号 bid order system ID */
  BidOrderSysID: string;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 操作用户代码 user of the last action */
  ActiveUserID: string;
  /** 经纪公司报价编号 broker quote sequence */
  BrokerQuoteSeq: number;
  /** 衍生卖报单引用 ask order reference */
  AskOrderRef: string;
  /** 衍生买报单引用 bid order reference */
  BidOrderRef: string;
  /** 应价编号 request for quotes system ID */
  ForQuoteSysID: string;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** 被顶单编号 number of the quote replaced */
  ReplaceSysID: string;
  /** 有效期类型 how long the order stands */
  TimeCondition: Value<enums.TimeCondition>;
  /** 报单回显字段 order memo */
  OrderMemo: string;
  /** session上请求计数 api自动维护 session request sequence */
  SessionReqSeq: number;
}

/** 报价操作 quote action */
export interface QuoteAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报价操作引用 quote action reference */
  QuoteActionRef: number;
  /** 报价引用 quote reference */
  QuoteRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 报价操作编号 quote system ID */
  QuoteSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 操作日期 action date */
  ActionDate: string;
  /** 操作时间 action time */
  ActionTime: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 本地报价编号 quote local ID */
  QuoteLocalID: string;
  /** 操作本地编号 action local ID */
  ActionLocalID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 报单操作状态 order action status */
  OrderActionStatus: Value<enums.OrderActionStatus>;
  /** 用户代码 user ID */
  UserID: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** 报单回显字段 order memo */
  OrderMemo: string;
  /** session上请求计数 api自动维护 session request sequence */
  SessionReqSeq: number;
}

/** 报价查询 query quote */
export interface QryQuote {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 报价编号 quote system ID */
  QuoteSysID: string;
  /** 开始时间 insert time start */
  InsertTimeStart: string;
  /** 结束时间 insert time end */
  InsertTimeEnd: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 发给做市商的询价请求 request for quotes responses */
export interface ForQuoteRsp {
  /** 交易日 trading day */
  TradingDay: string;
  /** 询价编号 request for quotes system ID */
  ForQuoteSysID: string;
  /** 询价时间 request for quotes time */
  ForQuoteTime: string;
  /** 业务日期 date by the clock of the tick */
  ActionDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 输入批量报单操作 input batch order action */
export interface InputBatchOrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单操作引用 order action reference */
  OrderActionRef: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 批量报单操作 batch order action */
export interface BatchOrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单操作引用 order action reference */
  OrderActionRef: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 操作日期 action date */
  ActionDate: string;
  /** 操作时间 action time */
  ActionTime: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 操作本地编号 action local ID */
  ActionLocalID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 报单操作状态 order action status */
  OrderActionStatus: Value<enums.OrderActionStatus>;
  /** 用户代码 user ID */
  UserID: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 组合合约安全系数 combination instrument guard */
export interface CombInstrumentGuard {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** guarantee ratio */
  GuarantRatio: number | null;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 组合合约安全系数查询 query combination instrument guard */
export interface QryCombInstrumentGuard {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 输入的申请组合 input combination action */
export interface InputCombAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 组合引用 combination action reference */
  CombActionRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 数量 volume */
  Volume: number;
  /** 组合指令方向 combination direction */
  CombDirection: Value<enums.CombDirection>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 申请组合 combination action */
export interface CombAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 组合引用 combination action reference */
  CombActionRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 数量 volume */
  Volume: number;
  /** 组合指令方向 combination direction */
  CombDirection: Value<enums.CombDirection>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 本地申请组合编号 action local ID */
  ActionLocalID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 组合状态 action status */
  ActionStatus: Value<enums.OrderActionStatus>;
  /** 报单提示序号 notify sequence */
  NotifySequence: number;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 组合编号 combination trade ID */
  ComTradeID: string;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 申请组合查询 query combination action */
export interface QryCombAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 产品报价汇率 product exchange rate */
export interface ProductExchRate {
  /** 报价币种类型 quote currency ID */
  QuoteCurrencyID: string;
  /** 汇率 exchange rate */
  ExchangeRate: number | null;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品代码 product ID */
  ProductID: string;
}

/** 产品报价汇率查询 query product exchange rate */
export interface QryProductExchRate {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品代码 product ID */
  ProductID: string;
}

/** 当前做市商期权合约手续费的详细内容 market maker option instrument commission rate */
export interface MMOptionInstrCommRate {
  /** 投资者范围 investor range */
  InvestorRange: Value<enums.InvestorRange>;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 开仓手续费率 commission on opening, share of turnover */
  OpenRatioByMoney: number | null;
  /** 开仓手续费 commission on opening, yuan a lot */
  OpenRatioByVolume: number | null;
  /** 平仓手续费率 commission on closing, share of turnover */
  CloseRatioByMoney: number | null;
  /** 平仓手续费 commission on closing, yuan a lot */
  CloseRatioByVolume: number | null;
  /** 平今手续费率 commission on closing today's, share of turnover */
  CloseTodayRatioByMoney: number | null;
  /** 平今手续费 commission on closing today's, yuan a lot */
  CloseTodayRatioByVolume: number | null;
  /** 执行手续费率 commission on exercise, share of turnover */
  StrikeRatioByMoney: number | null;
  /** 执行手续费 commission on exercise, yuan a lot */
  StrikeRatioByVolume: number | null;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 做市商期权手续费率查询 query market maker option instrument commission rate */
export interface QryMMOptionInstrCommRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 做市商合约手续费率 market maker instrument commission rate */
export interface MMInstrumentCommissionRate {
  /** 投资者范围 investor range */
  InvestorRange: Value<enums.InvestorRange>;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 开仓手续费率 commission on opening, share of turnover */
  OpenRatioByMoney: number | null;
  /** 开仓手续费 commission on opening, yuan a lot */
  OpenRatioByVolume: number | null;
  /** 平仓手续费率 commission on closing, share of turnover */
  CloseRatioByMoney: number | null;
  /** 平仓手续费 commission on closing, yuan a lot */
  CloseRatioByVolume: number | null;
  /** 平今手续费率 commission on closing today's, share of turnover */
  CloseTodayRatioByMoney: number | null;
  /** 平今手续费 commission on closing today's, yuan a lot */
  CloseTodayRatioByVolume: number | null;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询做市商合约手续费率 query market maker instrument commission rate */
export interface QryMMInstrumentCommissionRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 当前报单手续费的详细内容 instrument order commission rate */
export interface InstrumentOrderCommRate {
  /** 投资者范围 investor range */
  InvestorRange: Value<enums.InvestorRange>;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 报单手续费 order commission by volume */
  OrderCommByVolume: number | null;
  /** 撤单手续费 order action commission by volume */
  OrderActionCommByVolume: number | null;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 报单手续费 order commission by trade */
  OrderCommByTrade: number | null;
  /** 撤单手续费 order action commission by trade */
  OrderActionCommByTrade: number | null;
}

/** 报单手续费率查询 query instrument order commission rate */
export interface QryInstrumentOrderCommRate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 输入的期权自对冲 input option self-offset */
export interface InputOptionSelfClose {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 期权自对冲引用 option self-offset reference */
  OptionSelfCloseRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 数量 volume */
  Volume: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 期权行权的头寸是否自对冲 option self-offset flag */
  OptSelfCloseFlag: Value<enums.OptSelfCloseFlag>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 交易编码 client ID */
  ClientID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 输入期权自对冲操作 input option self-offset action */
export interface InputOptionSelfCloseAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 期权自对冲操作引用 option self-offset action reference */
  OptionSelfCloseActionRef: number;
  /** 期权自对冲引用 option self-offset reference */
  OptionSelfCloseRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 期权自对冲操作编号 option self-offset system ID */
  OptionSelfCloseSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 用户代码 user ID */
  UserID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 期权自对冲 option self-offset */
export interface OptionSelfClose {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 期权自对冲引用 option self-offset reference */
  OptionSelfCloseRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 数量 volume */
  Volume: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 期权行权的头寸是否自对冲 option self-offset flag */
  OptSelfCloseFlag: Value<enums.OptSelfCloseFlag>;
  /** 本地期权自对冲编号 option self-offset local ID */
  OptionSelfCloseLocalID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 期权自对冲提交状态 how far the order's submission has come */
  OrderSubmitStatus: Value<enums.OrderSubmitStatus>;
  /** 报单提示序号 notify sequence */
  NotifySequence: number;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 期权自对冲编号 option self-offset system ID */
  OptionSelfCloseSysID: string;
  /** 报单日期 date of the order */
  InsertDate: string;
  /** 插入时间 time of the order */
  InsertTime: string;
  /** 撤销时间 cancel time */
  CancelTime: string;
  /** 自对冲结果 execution result */
  ExecResult: Value<enums.ExecResult>;
  /** 结算会员编号 clearing part ID */
  ClearingPartID: string;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 操作用户代码 user of the last action */
  ActiveUserID: string;
  /** 经纪公司报单编号 broker option self-offset sequence */
  BrokerOptionSelfCloseSeq: number;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 期权自对冲操作 option self-offset action */
export interface OptionSelfCloseAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 期权自对冲操作引用 option self-offset action reference */
  OptionSelfCloseActionRef: number;
  /** 期权自对冲引用 option self-offset reference */
  OptionSelfCloseRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 期权自对冲操作编号 option self-offset system ID */
  OptionSelfCloseSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 操作日期 action date */
  ActionDate: string;
  /** 操作时间 action time */
  ActionTime: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 本地期权自对冲编号 option self-offset local ID */
  OptionSelfCloseLocalID: string;
  /** 操作本地编号 action local ID */
  ActionLocalID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 报单操作状态 order action status */
  OrderActionStatus: Value<enums.OrderActionStatus>;
  /** 用户代码 user ID */
  UserID: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 期权自对冲查询 query option self-offset */
export interface QryOptionSelfClose {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 期权自对冲编号 option self-offset system ID */
  OptionSelfCloseSysID: string;
  /** 开始时间 insert time start */
  InsertTimeStart: string;
  /** 结束时间 insert time end */
  InsertTimeEnd: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 投资单元 investment unit */
export interface InvestUnit {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 投资者单元名称 investor unit name */
  InvestorUnitName: string;
  /** 投资者分组代码 investor group ID */
  InvestorGroupID: string;
  /** 手续费率模板代码 commission model ID */
  CommModelID: string;
  /** 保证金率模板代码 margin model ID */
  MarginModelID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
}

/** 查询投资单元 query investment unit */
export interface QryInvestUnit {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 二级代理商资金校验模式 secondary agent check mode */
export interface SecAgentCheckMode {
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 币种 currency ID */
  CurrencyID: string;
  /** 境外中介机构资金帐号 broker secondary agent ID */
  BrokerSecAgentID: string;
  /** 是否需要校验自己的资金账户 check self account */
  CheckSelfAccount: number;
}

/** 二级代理商信息 secondary agent trade information */
export interface SecAgentTradeInfo {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 境外中介机构资金帐号 broker secondary agent ID */
  BrokerSecAgentID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 二级代理商姓名 customer's name in full */
  LongCustomerName: string;
}

/** 合约状态 instrument status */
export interface InstrumentStatus {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 结算组代码 settlement group ID */
  SettlementGroupID: string;
  /** 合约交易状态 instrument status */
  InstrumentStatus: Value<enums.InstrumentStatus>;
  /** 交易阶段编号 trading segment number */
  TradingSegmentSN: number;
  /** 进入本状态时间 since when it is in this state */
  EnterTime: string;
  /** 进入本状态原因 why it has come into this state */
  EnterReason: Value<enums.InstStatusEnterReason>;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询转帐银行 query transfer bank */
export interface QryTransferBank {
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分中心代码 bank branch ID */
  BankBrchID: string;
}

/** 转帐银行 transfer bank */
export interface TransferBank {
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分中心代码 bank branch ID */
  BankBrchID: string;
  /** 银行名称 bank name */
  BankName: string;
  /** 是否活跃 whether it is active */
  IsActive: number;
}

/** 查询投资者持仓明细 query investor position detail */
export interface QryInvestorPositionDetail {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 投资者持仓明细 investor position detail */
export interface InvestorPositionDetail {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 买卖 direction */
  Direction: Value<enums.Direction>;
  /** 开仓日期 open date */
  OpenDate: string;
  /** 成交编号 trade ID */
  TradeID: string;
  /** 数量 volume */
  Volume: number;
  /** 开仓价 open price */
  OpenPrice: number | null;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 成交类型 trade type */
  TradeType: Value<enums.TradeType>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 逐日盯市平仓盈亏 realised profit of the day (marked to market) */
  CloseProfitByDate: number | null;
  /** 逐笔对冲平仓盈亏 realised profit from the open price */
  CloseProfitByTrade: number | null;
  /** 逐日盯市持仓盈亏 position profit by date */
  PositionProfitByDate: number | null;
  /** 逐笔对冲持仓盈亏 position profit by trade */
  PositionProfitByTrade: number | null;
  /** 投资者保证金 margin */
  Margin: number | null;
  /** 交易所保证金 exchange margin */
  ExchMargin: number | null;
  /** 保证金率 margin rate by money */
  MarginRateByMoney: number | null;
  /** 保证金率(按手数) margin rate by volume */
  MarginRateByVolume: number | null;
  /** 昨结算价 last settlement price */
  LastSettlementPrice: number | null;
  /** 结算价 settlement price */
  SettlementPrice: number | null;
  /** 平仓量 close volume */
  CloseVolume: number;
  /** 平仓金额 close amount */
  CloseAmount: number | null;
  /** 先开先平剩余数量 volume left, first opened first closed */
  TimeFirstVolume: number;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 特殊持仓标志 special position type */
  SpecPosiType: Value<enums.SpecPosiType>;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 组合合约代码 combination instrument ID */
  CombInstrumentID: string;
}

/** 查询客户通知 query notice */
export interface QryNotice {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
}

/** 客户通知 notice */
export interface Notice {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 消息正文 content */
  Content: string;
  /** 经纪公司通知内容序列号 sequence label */
  SequenceLabel: string;
}

/** 查询结算信息确认域 query settlement information confirm */
export interface QrySettlementInfoConfirm {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
}

/** 资金账户口令变更域 trading account password update */
export interface TradingAccountPasswordUpdate {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 原来的口令 old password */
  OldPassword: string;
  /** 新的口令 new password */
  NewPassword: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
}

/** 查询签约银行请求 query contract bank */
export interface QryContractBank {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分中心代码 bank branch ID */
  BankBrchID: string;
}

/** 查询签约银行响应 contract bank */
export interface ContractBank {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分中心代码 bank branch ID */
  BankBrchID: string;
  /** 银行名称 bank name */
  BankName: string;
}

/** 投资者组合持仓明细 investor position combine detail */
export interface InvestorPositionCombineDetail {
  /** 交易日 trading day */
  TradingDay: string;
  /** 开仓日期 open date */
  OpenDate: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 组合编号 combination trade ID */
  ComTradeID: string;
  /** 撮合编号 trade ID */
  TradeID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 买卖 direction */
  Direction: Value<enums.Direction>;
  /** 持仓量 open interest */
  TotalAmt: number;
  /** 投资者保证金 margin */
  Margin: number | null;
  /** 交易所保证金 exchange margin */
  ExchMargin: number | null;
  /** 保证金率 margin rate by money */
  MarginRateByMoney: number | null;
  /** 保证金率(按手数) margin rate by volume */
  MarginRateByVolume: number | null;
  /** 单腿编号 leg ID */
  LegID: number;
  /** 单腿乘数 multiplier of the leg */
  LegMultiple: number;
  /** 成交组号 trade group ID */
  TradeGroupID: number;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 组合持仓合约编码 combination instrument ID */
  CombInstrumentID: string;
}

/** 预埋单 parked order */
export interface ParkedOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单引用 the client's reference of the order */
  OrderRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 报单价格条件 limit, market or another price */
  OrderPriceType: Value<enums.OrderPriceType>;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 组合开平标志 whether to open or to close, a character for each leg */
  CombOffsetFlag: Value<enums.OffsetFlag>;
  /** 组合投机套保标志 hedge flag, a character for each leg */
  CombHedgeFlag: Value<enums.HedgeFlag>;
  /** 价格 price of a limit order */
  LimitPrice: number | null;
  /** 数量 volume of the order */
  VolumeTotalOriginal: number;
  /** 有效期类型 how long the order stands */
  TimeCondition: Value<enums.TimeCondition>;
  /** GTD日期 good-till date */
  GTDDate: string;
  /** 成交量类型 how much must trade at once */
  VolumeCondition: Value<enums.VolumeCondition>;
  /** 最小成交量 least volume that must trade */
  MinVolume: number;
  /** 触发条件 when the order is triggered */
  ContingentCondition: Value<enums.ContingentCondition>;
  /** 止损价 stop price */
  StopPrice: number | null;
  /** 强平原因 why the position is closed by force */
  ForceCloseReason: Value<enums.ForceCloseReason>;
  /** 自动挂起标志 whether it is suspended when the user logs out */
  IsAutoSuspend: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 用户强平标志 whether the user forces the close */
  UserForceClose: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 预埋报单编号 parked order ID */
  ParkedOrderID: string;
  /** 用户类型 user type */
  UserType: Value<enums.UserType>;
  /** 预埋单状态 status */
  Status: Value<enums.ParkedOrderStatus>;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 互换单标志 is swap order */
  IsSwapOrder: number;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 交易编码 client ID */
  ClientID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 输入预埋单操作 parked order action */
export interface ParkedOrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单操作引用 order action reference */
  OrderActionRef: number;
  /** 报单引用 the client's reference of the order */
  OrderRef: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 报单编号 the exchange's number of the order */
  OrderSysID: string;
  /** 操作标志 whether to cancel or to modify */
  ActionFlag: Value<enums.ActionFlag>;
  /** 价格 price of a limit order */
  LimitPrice: number | null;
  /** 数量变化 volume change */
  VolumeChange: number;
  /** 用户代码 user ID */
  UserID: string;
  /** 预埋撤单单编号 parked order action ID */
  ParkedOrderActionID: string;
  /** 用户类型 user type */
  UserType: Value<enums.UserType>;
  /** 预埋撤单状态 status */
  Status: Value<enums.ParkedOrderStatus>;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 查询预埋单 query parked order */
export interface QryParkedOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询预埋撤单 query parked order action */
export interface QryParkedOrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 删除预埋单 remove parked order */
export interface RemoveParkedOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 预埋报单编号 parked order ID */
  ParkedOrderID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 删除预埋撤单 remove parked order action */
export interface RemoveParkedOrderAction {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 预埋撤单编号 parked order action ID */
  ParkedOrderActionID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 查询组合持仓明细 query investor position combine detail */
export interface QryInvestorPositionCombineDetail {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 组合持仓合约编码 combination instrument ID */
  CombInstrumentID: string;
}

/** 用户事件通知信息 trading notice information */
export interface TradingNoticeInfo {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 发送时间 send time */
  SendTime: string;
  /** 消息正文 field content */
  FieldContent: string;
  /** 序列系列号 sequence series */
  SequenceSeries: number;
  /** 序列号 sequence number */
  SequenceNo: number;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 用户事件通知 trading notice */
export interface TradingNotice {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者范围 investor range */
  InvestorRange: Value<enums.InvestorRange>;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 序列系列号 sequence series */
  SequenceSeries: number;
  /** 用户代码 user ID */
  UserID: string;
  /** 发送时间 send time */
  SendTime: string;
  /** 序列号 sequence number */
  SequenceNo: number;
  /** 消息正文 field content */
  FieldContent: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 查询交易事件通知 query trading notice */
export interface QryTradingNotice {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 查询错误报单操作 error conditional order */
export interface ErrorConditionalOrder {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 报单引用 the client's reference of the order */
  OrderRef: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 报单价格条件 limit, market or another price */
  OrderPriceType: Value<enums.OrderPriceType>;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 组合开平标志 whether to open or to close, a character for each leg */
  CombOffsetFlag: Value<enums.OffsetFlag>;
  /** 组合投机套保标志 hedge flag, a character for each leg */
  CombHedgeFlag: Value<enums.HedgeFlag>;
  /** 价格 price of a limit order */
  LimitPrice: number | null;
  /** 数量 volume of the order */
  VolumeTotalOriginal: number;
  /** 有效期类型 how long the order stands */
  TimeCondition: Value<enums.TimeCondition>;
  /** GTD日期 good-till date */
  GTDDate: string;
  /** 成交量类型 how much must trade at once */
  VolumeCondition: Value<enums.VolumeCondition>;
  /** 最小成交量 least volume that must trade */
  MinVolume: number;
  /** 触发条件 when the order is triggered */
  ContingentCondition: Value<enums.ContingentCondition>;
  /** 止损价 stop price */
  StopPrice: number | null;
  /** 强平原因 why the position is closed by force */
  ForceCloseReason: Value<enums.ForceCloseReason>;
  /** 自动挂起标志 whether it is suspended when the user logs out */
  IsAutoSuspend: number;
  /** 业务单元 business unit */
  BusinessUnit: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 本地报单编号 the order's number at the broker's seat */
  OrderLocalID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 报单提交状态 how far the order's submission has come */
  OrderSubmitStatus: Value<enums.OrderSubmitStatus>;
  /** 报单提示序号 notify sequence */
  NotifySequence: number;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 报单编号 the exchange's number of the order */
  OrderSysID: string;
  /** 报单来源 order source */
  OrderSource: Value<enums.OrderSource>;
  /** 报单状态 order status */
  OrderStatus: Value<enums.OrderStatus>;
  /** 报单类型 order type */
  OrderType: Value<enums.OrderType>;
  /** 今成交数量 volume traded so far */
  VolumeTraded: number;
  /** 剩余数量 volume left */
  VolumeTotal: number;
  /** 报单日期 date of the order */
  InsertDate: string;
  /** 委托时间 time of the order */
  InsertTime: string;
  /** 激活时间 active time */
  ActiveTime: string;
  /** 挂起时间 suspend time */
  SuspendTime: string;
  /** 最后修改时间 update time */
  UpdateTime: string;
  /** 撤销时间 cancel time */
  CancelTime: string;
  /** 最后修改交易所交易员代码 seat of the last action */
  ActiveTraderID: string;
  /** 结算会员编号 clearing part ID */
  ClearingPartID: string;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 用户强平标志 whether the user forces the close */
  UserForceClose: number;
  /** 操作用户代码 user of the last action */
  ActiveUserID: string;
  /** 经纪公司报单编号 broker order sequence */
  BrokerOrderSeq: number;
  /** 相关报单 number of the order it stems from */
  RelativeOrderSysID: string;
  /** 郑商所成交数量 CZCE total traded volume */
  ZCETotalTradedVolume: number;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 互换单标志 is swap order */
  IsSwapOrder: number;
  /** 营业部编号 branch ID */
  BranchID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 资金账号 account ID */
  AccountID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** IP地址 IP address */
  IPAddress: string;
}

/** 查询经纪公司交易参数 query broker trading parameters */
export interface QryBrokerTradingParams {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
}

/** 经纪公司交易参数 broker trading parameters */
export interface BrokerTradingParams {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 保证金价格类型 margin price type */
  MarginPriceType: Value<enums.MarginPriceType>;
  /** 盈亏算法 algorithm */
  Algorithm: Value<enums.Algorithm>;
  /** 可用是否包含平仓盈利 available include close profit */
  AvailIncludeCloseProfit: Value<enums.IncludeCloseProfit>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 期权权利金价格类型 option royalty price type */
  OptionRoyaltyPriceType: Value<enums.OptionRoyaltyPriceType>;
  /** 投资者帐号 account ID */
  AccountID: string;
}

/** 查询经纪公司交易算法 query broker trading algorithms */
export interface QryBrokerTradingAlgos {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 经纪公司交易算法 broker trading algorithms */
export interface BrokerTradingAlgos {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 持仓处理算法编号 handle position algorithm ID */
  HandlePositionAlgoID: Value<enums.HandlePositionAlgoID>;
  /** 寻找保证金率算法编号 find margin rate algorithm ID */
  FindMarginRateAlgoID: Value<enums.FindMarginRateAlgoID>;
  /** 资金处理算法编号 handle trading account algorithm ID */
  HandleTradingAccountAlgoID: Value<enums.HandleTradingAccountAlgoID>;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 保证金监管系统经纪公司资金账户密钥 monitoring centre trading account key */
export interface CFMMCTradingAccountKey {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 经纪公司统一编码 participant ID */
  ParticipantID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 密钥编号 key ID */
  KeyID: number;
  /** 动态密钥 current key */
  CurrentKey: string;
}

/** 请求查询保证金监管系统经纪公司资金账户密钥 query monitoring centre trading account key */
export interface QryCFMMCTradingAccountKey {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
}

/** 仓单折抵信息 e-warrant offset */
export interface EWarrantOffset {
  /** 交易日期 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 数量 volume */
  Volume: number;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询仓单折抵信息 query e-warrant offset */
export interface QryEWarrantOffset {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 查询投资者品种/跨品种保证金 query investor product group margin */
export interface QryInvestorProductGroupMargin {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 品种/跨品种标示 product group ID */
  ProductGroupID: string;
}

/** 投资者品种/跨品种保证金 investor product group margin */
export interface InvestorProductGroupMargin {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 冻结的保证金 frozen margin */
  FrozenMargin: number | null;
  /** 多头冻结的保证金 long frozen margin */
  LongFrozenMargin: number | null;
  /** 空头冻结的保证金 short frozen margin */
  ShortFrozenMargin: number | null;
  /** 占用的保证金 margin in use */
  UseMargin: number | null;
  /** 多头保证金 long margin in use */
  LongUseMargin: number | null;
  /** 空头保证金 short margin in use */
  ShortUseMargin: number | null;
  /** 交易所保证金 exchange margin */
  ExchMargin: number | null;
  /** 交易所多头保证金 long exchange margin */
  LongExchMargin: number | null;
  /** 交易所空头保证金 short exchange margin */
  ShortExchMargin: number | null;
  /** 平仓盈亏 realised profit */
  CloseProfit: number | null;
  /** 冻结的手续费 frozen commission */
  FrozenCommission: number | null;
  /** 手续费 commission */
  Commission: number | null;
  /** 冻结的资金 frozen cash */
  FrozenCash: number | null;
  /** 资金差额 difference of funds */
  CashIn: number | null;
  /** 持仓盈亏 profit of open positions (marked to market) */
  PositionProfit: number | null;
  /** 折抵总金额 offset amount */
  OffsetAmount: number | null;
  /** 多头折抵总金额 long offset amount */
  LongOffsetAmount: number | null;
  /** 空头折抵总金额 short offset amount */
  ShortOffsetAmount: number | null;
  /** 交易所折抵总金额 exchange offset amount */
  ExchOffsetAmount: number | null;
  /** 交易所多头折抵总金额 long exchange offset amount */
  LongExchOffsetAmount: number | null;
  /** 交易所空头折抵总金额 short exchange offset amount */
  ShortExchOffsetAmount: number | null;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 品种/跨品种标示 product group ID */
  ProductGroupID: string;
}

/** 查询监控中心用户令牌 query monitoring centre trading account token */
export interface QueryCFMMCTradingAccountToken {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
}

/** 监控中心用户令牌 monitoring centre trading account token */
export interface CFMMCTradingAccountToken {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 经纪公司统一编码 participant ID */
  ParticipantID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 密钥编号 key ID */
  KeyID: number;
  /** 动态令牌 token */
  Token: string;
}

/** 查询产品组 query product group */
export interface QryProductGroup {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品代码 product ID */
  ProductID: string;
}

/** 投资者品种/跨品种保证金产品组 product group */
export interface ProductGroup {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 产品组代码 product group ID */
  ProductGroupID: string;
}

/** 交易所公告 bulletin */
export interface Bulletin {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 交易日 trading day */
  TradingDay: string;
  /** 公告编号 bulletin ID */
  BulletinID: number;
  /** 序列号 sequence number */
  SequenceNo: number;
  /** 公告类型 news type */
  NewsType: string;
  /** 紧急程度 news urgency */
  NewsUrgency: string;
  /** 发送时间 send time */
  SendTime: string;
  /** 消息摘要 abstract */
  Abstract: string;
  /** 消息来源 come from */
  ComeFrom: string;
  /** 消息正文 content */
  Content: string;
  /** WEB地址 URL link */
  URLLink: string;
  /** 市场代码 market ID */
  MarketID: string;
}

/** 转账请求 request transfer */
export interface ReqTransfer {
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 期货公司流水号 future serial */
  FutureSerial: number;
  /** 用户标识 user ID */
  UserID: string;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 转帐金额 trade amount */
  TradeAmount: number | null;
  /** 期货可取金额 future withdrawal amount */
  FutureFetchAmount: number | null;
  /** 费用支付标志 fee pay flag */
  FeePayFlag: Value<enums.FeePayFlag>;
  /** 应收客户费用 customer fee */
  CustFee: number | null;
  /** 应收期货公司费用 broker fee */
  BrokerFee: number | null;
  /** 发送方给接收方的消息 message */
  Message: string;
  /** 摘要 digest */
  Digest: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 渠道标志 device ID */
  DeviceID: string;
  /** 期货单位帐号类型 bank futures account type */
  BankSecuAccType: Value<enums.BankAccType>;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 期货单位帐号 bank futures account */
  BankSecuAcc: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易柜员 teller */
  OperNo: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 交易ID trade ID */
  TID: number;
  /** 转账交易状态 transfer status */
  TransferStatus: Value<enums.TransferStatus>;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 银行发起银行资金转期货响应 responses transfer */
export interface RspTransfer {
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 期货公司流水号 future serial */
  FutureSerial: number;
  /** 用户标识 user ID */
  UserID: string;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 转帐金额 trade amount */
  TradeAmount: number | null;
  /** 期货可取金额 future withdrawal amount */
  FutureFetchAmount: number | null;
  /** 费用支付标志 fee pay flag */
  FeePayFlag: Value<enums.FeePayFlag>;
  /** 应收客户费用 customer fee */
  CustFee: number | null;
  /** 应收期货公司费用 broker fee */
  BrokerFee: number | null;
  /** 发送方给接收方的消息 message */
  Message: string;
  /** 摘要 digest */
  Digest: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 渠道标志 device ID */
  DeviceID: string;
  /** 期货单位帐号类型 bank futures account type */
  BankSecuAccType: Value<enums.BankAccType>;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 期货单位帐号 bank futures account */
  BankSecuAcc: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易柜员 teller */
  OperNo: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 交易ID trade ID */
  TID: number;
  /** 转账交易状态 transfer status */
  TransferStatus: Value<enums.TransferStatus>;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 冲正请求 request reversal */
export interface ReqRepeal {
  /** 冲正时间间隔 reversal time interval */
  RepealTimeInterval: number;
  /** 已经冲正次数 reversed times */
  RepealedTimes: number;
  /** 银行冲正标志 bank reversal flag */
  BankRepealFlag: Value<enums.BankRepealFlag>;
  /** 期商冲正标志 broker reversal flag */
  BrokerRepealFlag: Value<enums.BrokerRepealFlag>;
  /** 被冲正平台流水号 platform reversal serial */
  PlateRepealSerial: number;
  /** 被冲正银行流水号 bank reversal serial */
  BankRepealSerial: string;
  /** 被冲正期货流水号 future reversal serial */
  FutureRepealSerial: number;
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 期货公司流水号 future serial */
  FutureSerial: number;
  /** 用户标识 user ID */
  UserID: string;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 转帐金额 trade amount */
  TradeAmount: number | null;
  /** 期货可取金额 future withdrawal amount */
  FutureFetchAmount: number | null;
  /** 费用支付标志 fee pay flag */
  FeePayFlag: Value<enums.FeePayFlag>;
  /** 应收客户费用 customer fee */
  CustFee: number | null;
  /** 应收期货公司费用 broker fee */
  BrokerFee: number | null;
  /** 发送方给接收方的消息 message */
  Message: string;
  /** 摘要 digest */
  Digest: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 渠道标志 device ID */
  DeviceID: string;
  /** 期货单位帐号类型 bank futures account type */
  BankSecuAccType: Value<enums.BankAccType>;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 期货单位帐号 bank futures account */
  BankSecuAcc: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易柜员 teller */
  OperNo: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 交易ID trade ID */
  TID: number;
  /** 转账交易状态 transfer status */
  TransferStatus: Value<enums.TransferStatus>;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 冲正响应 responses reversal */
export interface RspRepeal {
  /** 冲正时间间隔 reversal time interval */
  RepealTimeInterval: number;
  /** 已经冲正次数 reversed times */
  RepealedTimes: number;
  /** 银行冲正标志 bank reversal flag */
  BankRepealFlag: Value<enums.BankRepealFlag>;
  /** 期商冲正标志 broker reversal flag */
  BrokerRepealFlag: Value<enums.BrokerRepealFlag>;
  /** 被冲正平台流水号 platform reversal serial */
  PlateRepealSerial: number;
  /** 被冲正银行流水号 bank reversal serial */
  BankRepealSerial: string;
  /** 被冲正期货流水号 future reversal serial */
  FutureRepealSerial: number;
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 期货公司流水号 future serial */
  FutureSerial: number;
  /** 用户标识 user ID */
  UserID: string;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 转帐金额 trade amount */
  TradeAmount: number | null;
  /** 期货可取金额 future withdrawal amount */
  FutureFetchAmount: number | null;
  /** 费用支付标志 fee pay flag */
  FeePayFlag: Value<enums.FeePayFlag>;
  /** 应收客户费用 customer fee */
  CustFee: number | null;
  /** 应收期货公司费用 broker fee */
  BrokerFee: number | null;
  /** 发送方给接收方的消息 message */
  Message: string;
  /** 摘要 digest */
  Digest: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 渠道标志 device ID */
  DeviceID: string;
  /** 期货单位帐号类型 bank futures account type */
  BankSecuAccType: Value<enums.BankAccType>;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 期货单位帐号 bank futures account */
  BankSecuAcc: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易柜员 teller */
  OperNo: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 交易ID trade ID */
  TID: number;
  /** 转账交易状态 transfer status */
  TransferStatus: Value<enums.TransferStatus>;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 查询账户信息请求 request query account */
export interface ReqQueryAccount {
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 期货公司流水号 future serial */
  FutureSerial: number;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 用户标识 user ID */
  UserID: string;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 摘要 digest */
  Digest: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 渠道标志 device ID */
  DeviceID: string;
  /** 期货单位帐号类型 bank futures account type */
  BankSecuAccType: Value<enums.BankAccType>;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 期货单位帐号 bank futures account */
  BankSecuAcc: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易柜员 teller */
  OperNo: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 交易ID trade ID */
  TID: number;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 查询账户信息通知 notify query account */
export interface NotifyQueryAccount {
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 期货公司流水号 future serial */
  FutureSerial: number;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 用户标识 user ID */
  UserID: string;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 摘要 digest */
  Digest: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 渠道标志 device ID */
  DeviceID: string;
  /** 期货单位帐号类型 bank futures account type */
  BankSecuAccType: Value<enums.BankAccType>;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 期货单位帐号 bank futures account */
  BankSecuAcc: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易柜员 teller */
  OperNo: string;
  /** 请求编号 request ID */
  RequestID: number;
  /** 交易ID trade ID */
  TID: number;
  /** 银行可用金额 bank use amount */
  BankUseAmount: number | null;
  /** 银行可取金额 bank withdrawal amount */
  BankFetchAmount: number | null;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 银期转账交易流水表 transfer serial */
export interface TransferSerial {
  /** 平台流水号 platform serial */
  PlateSerial: number;
  /** 交易发起方日期 trade date */
  TradeDate: string;
  /** 交易日期 trading day */
  TradingDay: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 交易代码 trade code */
  TradeCode: string;
  /** 会话编号 session ID */
  SessionID: number;
  /** 银行编码 bank ID */
  BankID: string;
  /** 银行分支机构编码 bank branch ID */
  BankBranchID: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 期货公司编码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 期货公司帐号类型 future account type */
  FutureAccType: Value<enums.FutureAccType>;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 期货公司流水号 future serial */
  FutureSerial: number;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 交易金额 trade amount */
  TradeAmount: number | null;
  /** 应收客户费用 customer fee */
  CustFee: number | null;
  /** 应收期货公司费用 broker fee */
  BrokerFee: number | null;
  /** 有效标志 availability flag */
  AvailabilityFlag: Value<enums.AvailabilityFlag>;
  /** 操作员 operator code */
  OperatorCode: string;
  /** 新银行帐号 bank new account */
  BankNewAccount: string;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
}

/** 请求查询转帐流水 query transfer serial */
export interface QryTransferSerial {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 银行编码 bank ID */
  BankID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
}

/** 请求查询银期签约关系 query registered bank account */
export interface QryAccountregister {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 银行编码 bank ID */
  BankID: string;
  /** 银行分支机构编码 bank branch ID */
  BankBranchID: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
}

/** 客户开销户信息表 registered bank account */
export interface Accountregister {
  /** 交易日期 trade day */
  TradeDay: string;
  /** 银行编码 bank ID */
  BankID: string;
  /** 银行分支机构编码 bank branch ID */
  BankBranchID: string;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 期货公司编码 broker ID */
  BrokerID: string;
  /** 期货公司分支机构编码 broker branch ID */
  BrokerBranchID: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 开销户类别 open or destroy */
  OpenOrDestroy: Value<enums.OpenOrDestroy>;
  /** 签约日期 registration date */
  RegDate: string;
  /** 解约日期 out date */
  OutDate: string;
  /** 交易ID trade ID */
  TID: number;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 银期开户信息 open account */
export interface OpenAccount {
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 性别 gender */
  Gender: Value<enums.Gender>;
  /** 国家代码 country code */
  CountryCode: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 地址 address */
  Address: string;
  /** 邮编 postal code */
  ZipCode: string;
  /** 电话号码 telephone */
  Telephone: string;
  /** 手机 mobile phone */
  MobilePhone: string;
  /** 传真 fax */
  Fax: string;
  /** 电子邮件 e-mail address */
  EMail: string;
  /** 资金账户状态 money account status */
  MoneyAccountStatus: Value<enums.MoneyAccountStatus>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 汇钞标志 cash exchange code */
  CashExchangeCode: Value<enums.CashExchangeCode>;
  /** 摘要 digest */
  Digest: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 渠道标志 device ID */
  DeviceID: string;
  /** 期货单位帐号类型 bank futures account type */
  BankSecuAccType: Value<enums.BankAccType>;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 期货单位帐号 bank futures account */
  BankSecuAcc: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易柜员 teller */
  OperNo: string;
  /** 交易ID trade ID */
  TID: number;
  /** 用户标识 user ID */
  UserID: string;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 银期销户信息 cancel account */
export interface CancelAccount {
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 性别 gender */
  Gender: Value<enums.Gender>;
  /** 国家代码 country code */
  CountryCode: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 地址 address */
  Address: string;
  /** 邮编 postal code */
  ZipCode: string;
  /** 电话号码 telephone */
  Telephone: string;
  /** 手机 mobile phone */
  MobilePhone: string;
  /** 传真 fax */
  Fax: string;
  /** 电子邮件 e-mail address */
  EMail: string;
  /** 资金账户状态 money account status */
  MoneyAccountStatus: Value<enums.MoneyAccountStatus>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 汇钞标志 cash exchange code */
  CashExchangeCode: Value<enums.CashExchangeCode>;
  /** 摘要 digest */
  Digest: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 渠道标志 device ID */
  DeviceID: string;
  /** 期货单位帐号类型 bank futures account type */
  BankSecuAccType: Value<enums.BankAccType>;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 期货单位帐号 bank futures account */
  BankSecuAcc: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易柜员 teller */
  OperNo: string;
  /** 交易ID trade ID */
  TID: number;
  /** 用户标识 user ID */
  UserID: string;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 银期变更银行账号信息 change account */
export interface ChangeAccount {
  /** 业务功能码 trade code */
  TradeCode: string;
  /** 银行代码 bank ID */
  BankID: string;
  /** 银行分支机构代码 bank branch ID */
  BankBranchID: string;
  /** 期商代码 broker ID */
  BrokerID: string;
  /** 期商分支机构代码 broker branch ID */
  BrokerBranchID: string;
  /** 交易日期 trade date */
  TradeDate: string;
  /** 交易时间 trade time */
  TradeTime: string;
  /** 银行流水号 bank serial */
  BankSerial: string;
  /** 交易系统日期 trading day */
  TradingDay: string;
  /** 银期平台消息流水号 platform serial */
  PlateSerial: number;
  /** 最后分片标志 last fragment */
  LastFragment: Value<enums.LastFragment>;
  /** 会话号 session ID */
  SessionID: number;
  /** 客户姓名 customer name */
  CustomerName: string;
  /** 证件类型 ID card type */
  IdCardType: Value<enums.IdCardType>;
  /** 证件号码 number of the identity card */
  IdentifiedCardNo: string;
  /** 性别 gender */
  Gender: Value<enums.Gender>;
  /** 国家代码 country code */
  CountryCode: string;
  /** 客户类型 customer type */
  CustType: Value<enums.CustType>;
  /** 地址 address */
  Address: string;
  /** 邮编 postal code */
  ZipCode: string;
  /** 电话号码 telephone */
  Telephone: string;
  /** 手机 mobile phone */
  MobilePhone: string;
  /** 传真 fax */
  Fax: string;
  /** 电子邮件 e-mail address */
  EMail: string;
  /** 资金账户状态 money account status */
  MoneyAccountStatus: Value<enums.MoneyAccountStatus>;
  /** 银行帐号 bank account */
  BankAccount: string;
  /** 银行密码 bank password */
  BankPassWord: string;
  /** 新银行帐号 new bank account */
  NewBankAccount: string;
  /** 新银行密码 new bank password */
  NewBankPassWord: string;
  /** 投资者帐号 account ID */
  AccountID: string;
  /** 期货密码 password */
  Password: string;
  /** 银行帐号类型 bank account type */
  BankAccType: Value<enums.BankAccType>;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 验证客户证件号码标志 whether the identity number is verified */
  VerifyCertNoFlag: Value<enums.YesNoIndicator>;
  /** 币种代码 currency ID */
  CurrencyID: string;
  /** 期货公司银行编码 broker's ID at the bank */
  BrokerIDByBank: string;
  /** 银行密码标志 bank password flag */
  BankPwdFlag: Value<enums.PwdFlag>;
  /** 期货资金密码核对标志 futures password flag */
  SecuPwdFlag: Value<enums.PwdFlag>;
  /** 交易ID trade ID */
  TID: number;
  /** 摘要 digest */
  Digest: string;
  /** 错误代码 error ID */
  ErrorID: number;
  /** 错误信息 error message */
  ErrorMsg: string;
  /** 长客户姓名 customer's name in full */
  LongCustomerName: string;
}

/** 二级代理操作员银期权限 secondary agent account ID map */
export interface SecAgentACIDMap {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 资金账户 account ID */
  AccountID: string;
  /** 币种 currency ID */
  CurrencyID: string;
  /** 境外中介机构资金帐号 broker secondary agent ID */
  BrokerSecAgentID: string;
}

/** 二级代理操作员银期权限查询 query secondary agent account ID map */
export interface QrySecAgentACIDMap {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 资金账户 account ID */
  AccountID: string;
  /** 币种 currency ID */
  CurrencyID: string;
}

/** 查询二级代理商资金校验模式 query secondary agent check mode */
export interface QrySecAgentCheckMode {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
}

/** 查询二级代理商信息 query secondary agent trade information */
export interface QrySecAgentTradeInfo {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 境外中介机构资金帐号 broker secondary agent ID */
  BrokerSecAgentID: string;
}

/** 用户发出获取安全安全登陆方法请求 request user authentication method */
export interface ReqUserAuthMethod {
  /** 交易日 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
}

/** 用户发出获取安全安全登陆方法回复 responses user authentication method */
export interface RspUserAuthMethod {
  /** 当前可以用的认证模式 usable authentication method */
  UsableAuthMethod: number;
}

/** 用户发出获取安全安全登陆方法请求 request generate user captcha */
export interface ReqGenUserCaptcha {
  /** 交易日 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
}

/** 生成的图片验证码信息 responses generate user captcha */
export interface RspGenUserCaptcha {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 图片信息长度 captcha information length */
  CaptchaInfoLen: number;
  /** 图片信息 captcha information */
  CaptchaInfo: string;
}

/** 用户发出获取安全安全登陆方法请求 request generate user text */
export interface ReqGenUserText {
  /** 交易日 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
}

/** 短信验证码生成的回复 responses generate user text */
export interface RspGenUserText {
  /** 短信验证码序号 user text sequence */
  UserTextSeq: number;
}

/** 用户发出带图形验证码的登录请求请求 request user login with captcha */
export interface ReqUserLoginWithCaptcha {
  /** 交易日 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 密码 password */
  Password: string;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 接口端产品信息 interface product information */
  InterfaceProductInfo: string;
  /** 协议信息 protocol information */
  ProtocolInfo: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 登录备注 login remark */
  LoginRemark: string;
  /** 图形验证码的文字内容 captcha */
  Captcha: string;
  /** 终端IP端口 client IP port */
  ClientIPPort: number;
  /** 终端IP地址 client IP address */
  ClientIPAddress: string;
}

/** 用户发出带短信验证码的登录请求请求 request user login with text */
export interface ReqUserLoginWithText {
  /** 交易日 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 密码 password */
  Password: string;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 接口端产品信息 interface product information */
  InterfaceProductInfo: string;
  /** 协议信息 protocol information */
  ProtocolInfo: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 登录备注 login remark */
  LoginRemark: string;
  /** 短信验证码文字内容 text */
  Text: string;
  /** 终端IP端口 client IP port */
  ClientIPPort: number;
  /** 终端IP地址 client IP address */
  ClientIPAddress: string;
}

/** 用户发出带动态验证码的登录请求请求 request user login with one-time */
export interface ReqUserLoginWithOTP {
  /** 交易日 trading day */
  TradingDay: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 密码 password */
  Password: string;
  /** 用户端产品信息 user product information */
  UserProductInfo: string;
  /** 接口端产品信息 interface product information */
  InterfaceProductInfo: string;
  /** 协议信息 protocol information */
  ProtocolInfo: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 登录备注 login remark */
  LoginRemark: string;
  /** OTP密码 one-time password */
  OTPPassword: string;
  /** 终端IP端口 client IP port */
  ClientIPPort: number;
  /** 终端IP地址 client IP address */
  ClientIPAddress: string;
}

/** 用户系统信息 user system information */
export interface UserSystemInfo {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 用户端系统内部信息长度 client system information length */
  ClientSystemInfoLen: number;
  /** 用户端系统内部信息 client system information */
  ClientSystemInfo: string;
  /** 终端IP端口 client IP port */
  ClientIPPort: number;
  /** 登录成功时间 client login time */
  ClientLoginTime: string;
  /** App代码 client app ID */
  ClientAppID: string;
  /** 用户公网IP client public IP */
  ClientPublicIP: string;
  /** 客户登录备注2 client login remark */
  ClientLoginRemark: string;
}

/** 查询分类合约 query classified instrument */
export interface QryClassifiedInstrument {
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约在交易所的代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 合约交易状态 trading type */
  TradingType: Value<enums.TradingType>;
  /** 合约分类类型 class type */
  ClassType: Value<enums.ClassType>;
}

/** 查询组合优惠比例 query combination promotion parameter */
export interface QryCombPromotionParam {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 组合优惠比例 combination promotion parameter */
export interface CombPromotionParam {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 投机套保标志 hedge flag, a character for each leg */
  CombHedgeFlag: Value<enums.HedgeFlag>;
  /** 期权组合保证金比例 X parameter */
  Xparameter: number | null;
}

/** 投资者风险结算持仓查询 query risk settlement investor position */
export interface QryRiskSettleInvstPosition {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** 风险结算产品查询 query risk settlement product status */
export interface QryRiskSettleProductStatus {
  /** 产品代码 product ID */
  ProductID: string;
}

/** 投资者风险结算持仓 risk settlement investor position */
export interface RiskSettleInvstPosition {
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 持仓多空方向 long, short or net */
  PosiDirection: Value<enums.PosiDirection>;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 持仓日期 today's or former days' position */
  PositionDate: Value<enums.PositionDate>;
  /** 上日持仓 position of yesterday */
  YdPosition: number;
  /** 今日持仓 position */
  Position: number;
  /** 多头冻结 frozen, long */
  LongFrozen: number;
  /** 空头冻结 frozen, short */
  ShortFrozen: number;
  /** 开仓冻结金额 long frozen amount */
  LongFrozenAmount: number | null;
  /** 开仓冻结金额 short frozen amount */
  ShortFrozenAmount: number | null;
  /** 开仓量 open volume */
  OpenVolume: number;
  /** 平仓量 close volume */
  CloseVolume: number;
  /** 开仓金额 open amount */
  OpenAmount: number | null;
  /** 平仓金额 close amount */
  CloseAmount: number | null;
  /** 持仓成本 position cost */
  PositionCost: number | null;
  /** 上次占用的保证金 previous margin */
  PreMargin: number | null;
  /** 占用的保证金 margin in use */
  UseMargin: number | null;
  /** 冻结的保证金 frozen margin */
  FrozenMargin: number | null;
  /** 冻结的资金 frozen cash */
  FrozenCash: number | null;
  /** 冻结的手续费 frozen commission */
  FrozenCommission: number | null;
  /** 资金差额 difference of funds */
  CashIn: number | null;
  /** 手续费 commission */
  Commission: number | null;
  /** 平仓盈亏 realised profit */
  CloseProfit: number | null;
  /** 持仓盈亏 profit of open positions (marked to market) */
  PositionProfit: number | null;
  /** 上次结算价 previous settlement price */
  PreSettlementPrice: number | null;
  /** 本次结算价 settlement price */
  SettlementPrice: number | null;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 开仓成本 open cost */
  OpenCost: number | null;
  /** 交易所保证金 exchange margin */
  ExchangeMargin: number | null;
  /** 组合成交形成的持仓 combination position */
  CombPosition: number;
  /** 组合多头冻结 combination long frozen */
  CombLongFrozen: number;
  /** 组合空头冻结 combination short frozen */
  CombShortFrozen: number;
  /** 逐日盯市平仓盈亏 realised profit of the day (marked to market) */
  CloseProfitByDate: number | null;
  /** 逐笔对冲平仓盈亏 realised profit from the open price */
  CloseProfitByTrade: number | null;
  /** 今日持仓 today position */
  TodayPosition: number;
  /** 保证金率 margin rate by money */
  MarginRateByMoney: number | null;
  /** 保证金率(按手数) margin rate by volume */
  MarginRateByVolume: number | null;
  /** 执行冻结 frozen for exercise */
  StrikeFrozen: number;
  /** 执行冻结金额 frozen for exercise amount */
  StrikeFrozenAmount: number | null;
  /** 放弃执行冻结 abandon frozen */
  AbandonFrozen: number;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 执行冻结的昨仓 yesterday frozen for exercise */
  YdStrikeFrozen: number;
  /** 投资单元代码 investment unit ID */
  InvestUnitID: string;
  /** 持仓成本差值 position cost offset */
  PositionCostOffset: number | null;
  /** tas持仓手数 TAS position */
  TasPosition: number;
  /** tas持仓成本 TAS position cost */
  TasPositionCost: number | null;
}

/** 风险品种 risk settlement product status */
export interface RiskSettleProductStatus {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品编号 product ID */
  ProductID: string;
  /** 产品结算状态 product status */
  ProductStatus: Value<enums.ProductStatus>;
}

/** SPBM期货合约保证金参数 SPBM future parameter */
export interface SPBMFutureParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
  /** 期货合约因子 contract factor of the option */
  Cvf: number;
  /** 阶段标识 time range */
  TimeRange: Value<enums.TimeRange>;
  /** 品种保证金标准 margin rate */
  MarginRate: number | null;
  /** 期货合约内部对锁仓费率折扣比例 lock rate X */
  LockRateX: number | null;
  /** 提高保证金标准 additional rate */
  AddOnRate: number | null;
  /** 昨结算价 previous settlement price */
  PreSettlementPrice: number | null;
  /** 期货合约内部对锁仓附加费率折扣比例 additional lock rate X 2 */
  AddOnLockRateX2: number | null;
}

/** SPBM期权合约保证金参数 SPBM option parameter */
export interface SPBMOptionParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
  /** 期权合约因子 contract factor of the option */
  Cvf: number;
  /** 期权冲抵价格 price that offsets */
  DownPrice: number | null;
  /** Delta值 delta */
  Delta: number | null;
  /** 卖方期权风险转换最低值 least risk of options sold */
  SlimiDelta: number | null;
  /** 昨结算价 previous settlement price */
  PreSettlementPrice: number | null;
}

/** SPBM品种内对锁仓折扣参数 SPBM intra parameter */
export interface SPBMIntraParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
  /** 品种内合约间对锁仓费率折扣比例 intra rate Y */
  IntraRateY: number | null;
  /** 品种内合约间对锁仓附加费率折扣比例 additional intra rate Y 2 */
  AddOnIntraRateY2: number | null;
}

/** SPBM跨品种抵扣参数 SPBM inter parameter */
export interface SPBMInterParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 优先级 priority */
  SpreadId: number;
  /** 品种间对锁仓费率折扣比例 inter rate Z */
  InterRateZ: number | null;
  /** 第一腿构成品种 leg 1 product family code */
  Leg1ProdFamilyCode: string;
  /** 第二腿构成品种 leg 2 product family code */
  Leg2ProdFamilyCode: string;
}

/** SPBM期货合约保证金参数查询 query SPBM future parameter */
export interface QrySPBMFutureParameter {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
}

/** SPBM期权合约保证金参数查询 query SPBM option parameter */
export interface QrySPBMOptionParameter {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
}

/** SPBM品种内对锁仓折扣参数查询 query SPBM intra parameter */
export interface QrySPBMIntraParameter {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
}

/** SPBM跨品种抵扣参数查询 query SPBM inter parameter */
export interface QrySPBMInterParameter {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 第一腿构成品种 leg 1 product family code */
  Leg1ProdFamilyCode: string;
  /** 第二腿构成品种 leg 2 product family code */
  Leg2ProdFamilyCode: string;
}

/** 组合保证金套餐 SPBM portfolio definition */
export interface SPBMPortfDefinition {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 组合保证金套餐代码 portfolio definition ID */
  PortfolioDefID: number;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
  /** 是否启用SPBM is SPBM */
  IsSPBM: number;
}

/** 投资者套餐选择 SPBM investor portfolio definition */
export interface SPBMInvestorPortfDef {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 组合保证金套餐代码 portfolio definition ID */
  PortfolioDefID: number;
}

/** 投资者新型组合保证金系数 investor portfolio margin ratio */
export interface InvestorPortfMarginRatio {
  /** 投资者范围 investor range */
  InvestorRange: Value<enums.InvestorRange>;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 会员对投资者收取的保证金和交易所对投资者收取的保证金的比例 margin ratio */
  MarginRatio: number | null;
  /** 产品群代码 product group ID */
  ProductGroupID: string;
}

/** 组合保证金套餐查询 query SPBM portfolio definition */
export interface QrySPBMPortfDefinition {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 组合保证金套餐代码 portfolio definition ID */
  PortfolioDefID: number;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
}

/** 投资者套餐选择查询 query SPBM investor portfolio definition */
export interface QrySPBMInvestorPortfDef {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
}

/** 投资者新型组合保证金系数查询 query investor portfolio margin ratio */
export interface QryInvestorPortfMarginRatio {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品群代码 product group ID */
  ProductGroupID: string;
}

/** 投资者产品SPBM明细 investor product SPBM detail */
export interface InvestorProdSPBMDetail {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
  /** 合约内对锁保证金 intra instrument margin */
  IntraInstrMargin: number | null;
  /** 买归集保证金 buy collecting margin */
  BCollectingMargin: number | null;
  /** 卖归集保证金 sell collecting margin */
  SCollectingMargin: number | null;
  /** 品种内合约间对锁保证金 intra product margin */
  IntraProdMargin: number | null;
  /** 净保证金 net margin */
  NetMargin: number | null;
  /** 产品间对锁保证金 inter product margin */
  InterProdMargin: number | null;
  /** 裸保证金 single margin */
  SingleMargin: number | null;
  /** 附加保证金 additional margin */
  AddOnMargin: number | null;
  /** 交割月保证金 delivery margin */
  DeliveryMargin: number | null;
  /** 看涨期权最低风险 call option minimum risk */
  CallOptionMinRisk: number | null;
  /** 看跌期权最低风险 put option minimum risk */
  PutOptionMinRisk: number | null;
  /** 卖方期权最低风险 option minimum risk */
  OptionMinRisk: number | null;
  /** 买方期权冲抵价值 option value offset */
  OptionValueOffset: number | null;
  /** 卖方期权权利金 option premium */
  OptionRoyalty: number | null;
  /** 价值冲抵 real option value offset */
  RealOptionValueOffset: number | null;
  /** 保证金 margin */
  Margin: number | null;
  /** 交易所保证金 exchange margin */
  ExchMargin: number | null;
}

/** 投资者产品SPBM明细查询 query investor product SPBM detail */
export interface QryInvestorProdSPBMDetail {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
}

/** SPBM附加跨品种抵扣参数 SPBM additional inter parameter */
export interface SPBMAddOnInterParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 优先级 priority */
  SpreadId: number;
  /** 品种间对锁仓附加费率折扣比例 additional inter rate Z 2 */
  AddOnInterRateZ2: number | null;
  /** 第一腿构成品种 leg 1 product family code */
  Leg1ProdFamilyCode: string;
  /** 第二腿构成品种 leg 2 product family code */
  Leg2ProdFamilyCode: string;
}

/** SPBM附加跨品种抵扣参数查询 query SPBM additional inter parameter */
export interface QrySPBMAddOnInterParameter {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 第一腿构成品种 leg 1 product family code */
  Leg1ProdFamilyCode: string;
  /** 第二腿构成品种 leg 2 product family code */
  Leg2ProdFamilyCode: string;
}

/** 投资者商品组SPMM记录查询 query investor commodity SPMM margin */
export interface QryInvestorCommoditySPMMMargin {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 商品组代码 commodity ID */
  CommodityID: string;
}

/** 投资者商品群SPMM记录查询 query investor commodity group SPMM margin */
export interface QryInvestorCommodityGroupSPMMMargin {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 商品群代码 commodity group ID */
  CommodityGroupID: string;
}

/** SPMM合约参数查询 query SPMM instrument parameter */
export interface QrySPMMInstParam {
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** SPMM产品参数查询 query SPMM product parameter */
export interface QrySPMMProductParam {
  /** 产品代码 product ID */
  ProductID: string;
}

/** 投资者商品组SPMM记录 investor commodity SPMM margin */
export interface InvestorCommoditySPMMMargin {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 商品组代码 commodity ID */
  CommodityID: string;
  /** 优惠仓位应收保证金 margin before discount */
  MarginBeforeDiscount: number | null;
  /** 不优惠仓位应收保证金 margin no discount */
  MarginNoDiscount: number | null;
  /** 多头实仓风险 long position risk */
  LongPosRisk: number | null;
  /** 多头开仓冻结风险 long open frozen risk */
  LongOpenFrozenRisk: number | null;
  /** 多头被平冻结风险 long close frozen risk */
  LongCloseFrozenRisk: number | null;
  /** 空头实仓风险 short position risk */
  ShortPosRisk: number | null;
  /** 空头开仓冻结风险 short open frozen risk */
  ShortOpenFrozenRisk: number | null;
  /** 空头被平冻结风险 short close frozen risk */
  ShortCloseFrozenRisk: number | null;
  /** SPMM品种内跨期优惠系数 intra commodity rate */
  IntraCommodityRate: number | null;
  /** SPMM期权优惠系数 option discount rate */
  OptionDiscountRate: number | null;
  /** 实仓对冲优惠金额 position discount */
  PosDiscount: number | null;
  /** 开仓报单对冲优惠金额 open frozen discount */
  OpenFrozenDiscount: number | null;
  /** 品种风险净头 net risk */
  NetRisk: number | null;
  /** 平仓冻结保证金 close frozen margin */
  CloseFrozenMargin: number | null;
  /** 冻结的手续费 frozen commission */
  FrozenCommission: number | null;
  /** 手续费 commission */
  Commission: number | null;
  /** 冻结的资金 frozen cash */
  FrozenCash: number | null;
  /** 资金差额 difference of funds */
  CashIn: number | null;
  /** 行权冻结资金 frozen for exercise margin */
  StrikeFrozenMargin: number | null;
}

/** 投资者商品群SPMM记录 investor commodity group SPMM margin */
export interface InvestorCommodityGroupSPMMMargin {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 商品群代码 commodity group ID */
  CommodityGroupID: string;
  /** 优惠仓位应收保证金 margin before discount */
  MarginBeforeDiscount: number | null;
  /** 不优惠仓位应收保证金 margin no discount */
  MarginNoDiscount: number | null;
  /** 多头风险 long risk */
  LongRisk: number | null;
  /** 空头风险 short risk */
  ShortRisk: number | null;
  /** 商品群平仓冻结保证金 close frozen margin */
  CloseFrozenMargin: number | null;
  /** SPMM跨品种优惠系数 inter commodity rate */
  InterCommodityRate: number | null;
  /** 商品群最小保证金比例 minimum margin ratio */
  MiniMarginRatio: number | null;
  /** 投资者保证金和交易所保证金的比例 adjustment ratio */
  AdjustRatio: number | null;
  /** SPMM品种内优惠汇总 intra commodity discount */
  IntraCommodityDiscount: number | null;
  /** SPMM跨品种优惠 inter commodity discount */
  InterCommodityDiscount: number | null;
  /** 交易所保证金 exchange margin */
  ExchMargin: number | null;
  /** 投资者保证金 investor margin */
  InvestorMargin: number | null;
  /** 冻结的手续费 frozen commission */
  FrozenCommission: number | null;
  /** 手续费 commission */
  Commission: number | null;
  /** 冻结的资金 frozen cash */
  FrozenCash: number | null;
  /** 资金差额 difference of funds */
  CashIn: number | null;
  /** 行权冻结资金 frozen for exercise margin */
  StrikeFrozenMargin: number | null;
}

/** SPMM合约参数 SPMM instrument parameter */
export interface SPMMInstParam {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** SPMM合约保证金算法 instrument margin calculation ID */
  InstMarginCalID: Value<enums.InstMarginCalID>;
  /** 商品组代码 commodity ID */
  CommodityID: string;
  /** 商品群代码 commodity group ID */
  CommodityGroupID: string;
}

/** SPMM产品参数 SPMM product parameter */
export interface SPMMProductParam {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 商品组代码 commodity ID */
  CommodityID: string;
  /** 商品群代码 commodity group ID */
  CommodityGroupID: string;
}

/** RCAMS产品组合信息 RCAMS combination product information */
export interface RCAMSCombProductInfo {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 商品组代码 combination product ID */
  CombProductID: string;
  /** 商品群代码 product group ID */
  ProductGroupID: string;
}

/** RCAMS同合约风险对冲参数 RCAMS instrument parameter */
export interface RCAMSInstrParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 同合约风险对冲比率 hedge rate */
  HedgeRate: number | null;
}

/** RCAMS品种内风险对冲参数 RCAMS intra parameter */
export interface RCAMSIntraParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品组合代码 combination product ID */
  CombProductID: string;
  /** 品种内对冲比率 hedge rate */
  HedgeRate: number | null;
}

/** RCAMS跨品种风险折抵参数 RCAMS inter parameter */
export interface RCAMSInterParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 商品群代码 product group ID */
  ProductGroupID: string;
  /** 优先级 priority */
  Priority: number;
  /** 折抵率 credit rate */
  CreditRate: number | null;
  /** 产品组合代码1 combination product 1 */
  CombProduct1: string;
  /** 产品组合代码2 combination product 2 */
  CombProduct2: string;
}

/** RCAMS空头期权风险调整参数 RCAMS short option adjustment parameter */
export interface RCAMSShortOptAdjustParam {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 产品组合代码 combination product ID */
  CombProductID: string;
  /** 投套标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 空头期权风险调整标准 adjustment value */
  AdjustValue: number | null;
}

/** RCAMS策略组合持仓 RCAMS investor combination position */
export interface RCAMSInvestorCombPosition {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 投套标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 持仓多空方向 long, short or net */
  PosiDirection: Value<enums.PosiDirection>;
  /** 组合合约代码 combination instrument ID */
  CombInstrumentID: string;
  /** 单腿编号 leg ID */
  LegID: number;
  /** 交易所组合合约代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** 持仓量 open interest */
  TotalAmt: number;
  /** 交易所保证金 exchange margin */
  ExchMargin: number | null;
  /** 投资者保证金 margin */
  Margin: number | null;
}

/** 投资者品种RCAMS保证金 investor product RCAMS margin */
export interface InvestorProdRCAMSMargin {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 产品组合代码 combination product ID */
  CombProductID: string;
  /** 投套标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 商品群代码 product group ID */
  ProductGroupID: string;
  /** 品种组合前风险 risk before discount */
  RiskBeforeDiscount: number | null;
  /** 同合约对冲风险 intra instrument risk */
  IntraInstrRisk: number | null;
  /** 品种买持仓风险 buy position risk */
  BPosRisk: number | null;
  /** 品种卖持仓风险 sell position risk */
  SPosRisk: number | null;
  /** 品种内对冲风险 intra product risk */
  IntraProdRisk: number | null;
  /** 品种净持仓风险 net risk */
  NetRisk: number | null;
  /** 品种间对冲风险 inter product risk */
  InterProdRisk: number | null;
  /** 空头期权风险调整 short option risk adjustment */
  ShortOptRiskAdj: number | null;
  /** 空头期权权利金 option premium */
  OptionRoyalty: number | null;
  /** 大边组合平仓冻结保证金 larger side close frozen margin */
  MMSACloseFrozenMargin: number | null;
  /** 策略组合平仓/行权冻结保证金 close combination frozen margin */
  CloseCombFrozenMargin: number | null;
  /** 平仓/行权冻结保证金 close frozen margin */
  CloseFrozenMargin: number | null;
  /** 大边组合开仓冻结保证金 larger side open frozen margin */
  MMSAOpenFrozenMargin: number | null;
  /** 交割月期货开仓冻结保证金 delivery open frozen margin */
  DeliveryOpenFrozenMargin: number | null;
  /** 开仓冻结保证金 open frozen margin */
  OpenFrozenMargin: number | null;
  /** 投资者冻结保证金 use frozen margin */
  UseFrozenMargin: number | null;
  /** 大边组合交易所持仓保证金 larger side exchange margin */
  MMSAExchMargin: number | null;
  /** 交割月期货交易所持仓保证金 delivery exchange margin */
  DeliveryExchMargin: number | null;
  /** 策略组合交易所保证金 combination exchange margin */
  CombExchMargin: number | null;
  /** 交易所持仓保证金 exchange margin */
  ExchMargin: number | null;
  /** 投资者持仓保证金 margin in use */
  UseMargin: number | null;
}

/** RCAMS产品组合信息查询 query RCAMS combination product information */
export interface QryRCAMSCombProductInfo {
  /** 产品代码 product ID */
  ProductID: string;
  /** 商品组代码 combination product ID */
  CombProductID: string;
  /** 商品群代码 product group ID */
  ProductGroupID: string;
}

/** RCAMS同合约风险对冲参数查询 query RCAMS instrument parameter */
export interface QryRCAMSInstrParameter {
  /** 产品代码 product ID */
  ProductID: string;
}

/** RCAMS品种内风险对冲参数查询 query RCAMS intra parameter */
export interface QryRCAMSIntraParameter {
  /** 产品组合代码 combination product ID */
  CombProductID: string;
}

/** RCAMS跨品种风险折抵参数查询 query RCAMS inter parameter */
export interface QryRCAMSInterParameter {
  /** 商品群代码 product group ID */
  ProductGroupID: string;
  /** 产品组合代码1 combination product 1 */
  CombProduct1: string;
  /** 产品组合代码2 combination product 2 */
  CombProduct2: string;
}

/** RCAMS空头期权风险调整参数查询 query RCAMS short option adjustment parameter */
export interface QryRCAMSShortOptAdjustParam {
  /** 产品组合代码 combination product ID */
  CombProductID: string;
}

/** RCAMS策略组合持仓查询 query RCAMS investor combination position */
export interface QryRCAMSInvestorCombPosition {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 组合合约代码 combination instrument ID */
  CombInstrumentID: string;
}

/** 投资者品种RCAMS保证金查询 query investor product RCAMS margin */
export interface QryInvestorProdRCAMSMargin {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 产品组合代码 combination product ID */
  CombProductID: string;
  /** 商品群代码 product group ID */
  ProductGroupID: string;
}

/** RULE合约保证金参数 RULE instrument parameter */
export interface RULEInstrParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 合约类型 instrument class */
  InstrumentClass: Value<enums.InstrumentClass>;
  /** 标准合约 standard instrument ID */
  StdInstrumentID: string;
  /** 投机买折算系数 ratio of longs, speculation */
  BSpecRatio: number | null;
  /** 投机卖折算系数 ratio of shorts, speculation */
  SSpecRatio: number | null;
  /** 套保买折算系数 ratio of longs, hedging */
  BHedgeRatio: number | null;
  /** 套保卖折算系数 ratio of shorts, hedging */
  SHedgeRatio: number | null;
  /** 买附加风险保证金 buy additional margin */
  BAddOnMargin: number | null;
  /** 卖附加风险保证金 sell additional margin */
  SAddOnMargin: number | null;
  /** 商品群号 commodity group ID */
  CommodityGroupID: number;
}

/** RULE品种内对锁仓折扣参数 RULE intra parameter */
export interface RULEIntraParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
  /** 标准合约 standard instrument ID */
  StdInstrumentID: string;
  /** 标准合约保证金 standard instrument margin */
  StdInstrMargin: number | null;
  /** 一般月份合约组合保证金系数 usual intra rate */
  UsualIntraRate: number | null;
  /** 临近交割合约组合保证金系数 delivery intra rate */
  DeliveryIntraRate: number | null;
}

/** RULE跨品种抵扣参数 RULE inter parameter */
export interface RULEInterParameter {
  /** 交易日 trading day */
  TradingDay: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 优先级 priority */
  SpreadId: number;
  /** 品种间对锁仓费率折扣比例 inter rate */
  InterRate: number | null;
  /** 第一腿构成品种 leg 1 product family code */
  Leg1ProdFamilyCode: string;
  /** 第二腿构成品种 leg 2 product family code */
  Leg2ProdFamilyCode: string;
  /** 腿1比例系数 leg 1 proportion factor */
  Leg1PropFactor: number;
  /** 腿2比例系数 leg 2 proportion factor */
  Leg2PropFactor: number;
  /** 商品群号 commodity group ID */
  CommodityGroupID: number;
  /** 商品群名称 commodity group name */
  CommodityGroupName: string;
}

/** RULE合约保证金参数查询 query RULE instrument parameter */
export interface QryRULEInstrParameter {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** RULE品种内对锁仓折扣参数查询 query RULE intra parameter */
export interface QryRULEIntraParameter {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
}

/** RULE跨品种抵扣参数查询 query RULE inter parameter */
export interface QryRULEInterParameter {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 第一腿构成品种 leg 1 product family code */
  Leg1ProdFamilyCode: string;
  /** 第二腿构成品种 leg 2 product family code */
  Leg2ProdFamilyCode: string;
  /** 商品群号 commodity group ID */
  CommodityGroupID: number;
}

/** 投资者产品RULE保证金 investor product RULE margin */
export interface InvestorProdRULEMargin {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
  /** 合约类型 instrument class */
  InstrumentClass: Value<enums.InstrumentClass>;
  /** 商品群号 commodity group ID */
  CommodityGroupID: number;
  /** 买标准持仓 buy standard position */
  BStdPosition: number | null;
  /** 卖标准持仓 sell standard position */
  SStdPosition: number | null;
  /** 买标准开仓冻结 buy standard open frozen */
  BStdOpenFrozen: number | null;
  /** 卖标准开仓冻结 sell standard open frozen */
  SStdOpenFrozen: number | null;
  /** 买标准平仓冻结 buy standard close frozen */
  BStdCloseFrozen: number | null;
  /** 卖标准平仓冻结 sell standard close frozen */
  SStdCloseFrozen: number | null;
  /** 品种内对冲标准持仓 intra product standard position */
  IntraProdStdPosition: number | null;
  /** 品种内单腿标准持仓 net standard position */
  NetStdPosition: number | null;
  /** 品种间对冲标准持仓 inter product standard position */
  InterProdStdPosition: number | null;
  /** 单腿标准持仓 single standard position */
  SingleStdPosition: number | null;
  /** 品种内对锁保证金 intra product margin */
  IntraProdMargin: number | null;
  /** 品种间对锁保证金 inter product margin */
  InterProdMargin: number | null;
  /** 跨品种单腿保证金 single margin */
  SingleMargin: number | null;
  /** 非组合合约保证金 non combination margin */
  NonCombMargin: number | null;
  /** 附加保证金 additional margin */
  AddOnMargin: number | null;
  /** 交易所保证金 exchange margin */
  ExchMargin: number | null;
  /** 附加冻结保证金 additional frozen margin */
  AddOnFrozenMargin: number | null;
  /** 开仓冻结保证金 open frozen margin */
  OpenFrozenMargin: number | null;
  /** 平仓冻结保证金 close frozen margin */
  CloseFrozenMargin: number | null;
  /** 品种保证金 margin */
  Margin: number | null;
  /** 冻结保证金 frozen margin */
  FrozenMargin: number | null;
}

/** 投资者产品RULE保证金查询 query investor product RULE margin */
export interface QryInvestorProdRULEMargin {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 品种代码 product family code */
  ProdFamilyCode: string;
  /** 商品群号 commodity group ID */
  CommodityGroupID: number;
}

/** 投资者新组保设置 investor portfolio setting */
export interface InvestorPortfSetting {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者编号 investor ID */
  InvestorID: string;
  /** 投机套保标志 speculation, arbitrage or hedging */
  HedgeFlag: Value<enums.HedgeFlag>;
  /** 是否开启新组保 use portfolio */
  UsePortf: number;
}

/** 投资者新组保设置查询 query investor portfolio setting */
export interface QryInvestorPortfSetting {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者编号 investor ID */
  InvestorID: string;
}

/** 投资者申报费阶梯收取记录 investor charges for messages */
export interface InvestorInfoCommRec {
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 商品代码 instrument ID */
  InstrumentID: string;
  /** 报单总笔数 order count */
  OrderCount: number;
  /** 撤单总笔数 order action count */
  OrderActionCount: number;
  /** 询价总次数 request for quotes count */
  ForQuoteCnt: number;
  /** 申报费 charge for messages */
  InfoComm: number | null;
  /** 是否期权系列 is option series */
  IsOptSeries: number;
  /** 品种代码 product ID */
  ProductID: string;
  /** 信息量总量 information count */
  InfoCnt: number;
}

/** 投资者申报费阶梯收取记录查询 query investor charges for messages */
export interface QryInvestorInfoCommRec {
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 商品代码 instrument ID */
  InstrumentID: string;
  /** 经纪公司代码 broker ID */
  BrokerID: string;
}

/** 组合腿信息 combination leg */
export interface CombLeg {
  /** 组合合约代码 combination instrument ID */
  CombInstrumentID: string;
  /** 单腿编号 leg ID */
  LegID: number;
  /** 单腿合约代码 leg instrument ID */
  LegInstrumentID: string;
  /** 买卖方向 direction */
  Direction: Value<enums.Direction>;
  /** 单腿乘数 multiplier of the leg */
  LegMultiple: number;
  /** 派生层数 imply level */
  ImplyLevel: number;
}

/** 组合腿信息查询 query combination leg */
export interface QryCombLeg {
  /** 单腿合约代码 leg instrument ID */
  LegInstrumentID: string;
}

/** 输入的对冲设置 input offset setting */
export interface InputOffsetSetting {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 标的期货合约代码 underlying instrument ID */
  UnderlyingInstrID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 对冲类型 offset type */
  OffsetType: Value<enums.OffsetType>;
  /** 申请对冲的合约数量 volume */
  Volume: number;
  /** 是否对冲 is offset */
  IsOffset: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 用户代码 user ID */
  UserID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** Mac地址 MAC address */
  MacAddress: string;
}

/** 对冲设置 offset setting */
export interface OffsetSetting {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 标的期货合约代码 underlying instrument ID */
  UnderlyingInstrID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 对冲类型 offset type */
  OffsetType: Value<enums.OffsetType>;
  /** 申请对冲的合约数量 volume */
  Volume: number;
  /** 是否对冲 is offset */
  IsOffset: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 用户代码 user ID */
  UserID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 交易所合约代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** 交易所期权系列号 number of the exchange's option series */
  ExchangeSerialNo: string;
  /** 交易所产品代码 exchange product ID */
  ExchangeProductID: string;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 对冲提交状态 how far the order's submission has come */
  OrderSubmitStatus: Value<enums.OrderSubmitStatus>;
  /** 交易日 trading day */
  TradingDay: string;
  /** 结算编号 settlement ID */
  SettlementID: number;
  /** 报单日期 date of the order */
  InsertDate: string;
  /** 插入时间 time of the order */
  InsertTime: string;
  /** 撤销时间 cancel time */
  CancelTime: string;
  /** 对冲设置结果 execution result */
  ExecResult: Value<enums.ExecResult>;
  /** 序号 sequence number */
  SequenceNo: number;
  /** 前置编号 number of the front */
  FrontID: number;
  /** 会话编号 session ID */
  SessionID: number;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 操作用户代码 user of the last action */
  ActiveUserID: string;
  /** 经纪公司报单编号 broker offset setting sequence */
  BrokerOffsetSettingSeq: number;
  /** 申请来源 apply source */
  ApplySrc: Value<enums.ApplySrc>;
}

/** 撤销对冲设置 cancel offset setting */
export interface CancelOffsetSetting {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 合约代码 instrument ID */
  InstrumentID: string;
  /** 标的期货合约代码 underlying instrument ID */
  UnderlyingInstrID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 对冲类型 offset type */
  OffsetType: Value<enums.OffsetType>;
  /** 申请对冲的合约数量 volume */
  Volume: number;
  /** 是否对冲 is offset */
  IsOffset: number;
  /** 请求编号 request ID */
  RequestID: number;
  /** 用户代码 user ID */
  UserID: string;
  /** 交易所代码 exchange ID */
  ExchangeID: string;
  /** IP地址 IP address */
  IPAddress: string;
  /** Mac地址 MAC address */
  MacAddress: string;
  /** 交易所合约代码 the exchange's own ID of the instrument */
  ExchangeInstID: string;
  /** 交易所期权系列号 number of the exchange's option series */
  ExchangeSerialNo: string;
  /** 交易所产品代码 exchange product ID */
  ExchangeProductID: string;
  /** 交易所交易员代码 trader ID */
  TraderID: string;
  /** 安装编号 installation ID */
  InstallID: number;
  /** 会员代码 participant ID */
  ParticipantID: string;
  /** 客户代码 client ID */
  ClientID: string;
  /** 报单操作状态 order action status */
  OrderActionStatus: Value<enums.OrderActionStatus>;
  /** 状态信息 what the exchange or CTP says of the order */
  StatusMsg: string;
  /** 操作本地编号 action local ID */
  ActionLocalID: string;
  /** 操作日期 action date */
  ActionDate: string;
  /** 操作时间 action time */
  ActionTime: string;
}

/** 查询对冲设置 query offset setting */
export interface QryOffsetSetting {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 投资者代码 investor ID */
  InvestorID: string;
  /** 产品代码 product ID */
  ProductID: string;
  /** 对冲类型 offset type */
  OffsetType: Value<enums.OffsetType>;
}

/** 微信小程序等用户系统信息 WeChat user system information */
export interface WechatUserSystemInfo {
  /** 经纪公司代码 broker ID */
  BrokerID: string;
  /** 用户代码 user ID */
  UserID: string;
  /** 微信小程序等用户端系统内部信息长度 WeChat client system information length */
  WechatCltSysInfoLen: number;
  /** 微信小程序等用户端系统内部信息 WeChat client system information */
  WechatCltSysInfo: string;
  /** 终端IP端口 client IP port */
  ClientIPPort: number;
  /** 登录成功时间 client login time */
  ClientLoginTime: string;
  /** App代码 client app ID */
  ClientAppID: string;
  /** 用户公网IP client public IP */
  ClientPublicIP: string;
  /** 客户登录备注2 client login remark */
  ClientLoginRemark: string;
}

/** 前置信息 front information */
export interface FrontInfo {
  /** 前置地址 front address */
  FrontAddr: string;
  /** 查询流控 query frequency */
  QryFreq: number;
  /** FTD流控 FTD package frequency */
  FTDPkgFreq: number;
}

/** 指定的合约 Specific instrument */
export interface SpecificInstrument {
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** MulticastInstrument multicast instrument */
export interface MulticastInstrument {
  /** 主题号 topic ID */
  TopicID: number;
  /** 合约编号 number of the instrument */
  InstrumentNo: number;
  /** 基准价 reference price */
  CodePrice: number | null;
  /** 合约数量乘数 contract multiplier */
  VolumeMultiple: number;
  /** 最小变动价位 price tick */
  PriceTick: number | null;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}

/** QryMulticastInstrument query multicast instrument */
export interface QryMulticastInstrument {
  /** 主题号 topic ID */
  TopicID: number;
  /** 合约代码 instrument ID */
  InstrumentID: string;
}
