"""CTP's enumerations: members equal the texts that fields hold.

Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
"""

from enum import Enum


class ExchangeProperty(str, Enum):
    """The values of `ExchangeProperty`."""

    Normal = '0'
    """正常 normal"""
    GenOrderByTrade = '1'
    """根据成交生成报单 makes orders of trades"""


class IdCardType(str, Enum):
    """The values of `IdCardType`."""

    EID = '0'
    """组织机构代码 organisation code"""
    IDCard = '1'
    """中国公民身份证 ID card"""
    OfficerIDCard = '2'
    """军官证 officer ID card"""
    PoliceIDCard = '3'
    """警官证 police ID card"""
    SoldierIDCard = '4'
    """士兵证 soldier ID card"""
    HouseholdRegister = '5'
    """户口簿 household register"""
    Passport = '6'
    """护照 passport"""
    TaiwanCompatriotIDCard = '7'
    """台胞证 Taiwan compatriot permit"""
    HomeComingCard = '8'
    """回乡证 home coming card"""
    LicenseNo = '9'
    """营业执照号 licence number"""
    TaxNo = 'A'
    """税务登记号/当地纳税ID tax number"""
    HMMainlandTravelPermit = 'B'
    """港澳居民来往内地通行证 Hong Kong and Macau travel permit"""
    TwMainlandTravelPermit = 'C'
    """台湾居民来往大陆通行证 Taiwan travel permit"""
    DrivingLicense = 'D'
    """驾照 driving license"""
    SocialID = 'F'
    """当地社保ID social ID"""
    LocalID = 'G'
    """当地身份证 local ID"""
    BusinessRegistration = 'H'
    """商业登记证 business registration"""
    HKMCIDCard = 'I'
    """港澳永久性居民身份证 Hong Kong and Macau ID card"""
    AccountsPermits = 'J'
    """人行开户许可证 accounts permits"""
    FrgPrmtRdCard = 'K'
    """外国人永久居留证 foreigner's permanent residence card"""
    CptMngPrdLetter = 'L'
    """资管产品备案函 letter on an asset-management product"""
    HKMCTwResidencePermit = 'M'
    """港澳台居民居住证 residence permit of Hong Kong, Macau or Taiwan"""
    UniformSocialCreditCode = 'N'
    """统一社会信用代码 uniform social credit code"""
    CorporationCertNo = 'O'
    """机构成立证明文件 number of the certificate of incorporation"""
    OtherCard = 'x'
    """其他证件 other card"""


class InvestorRange(str, Enum):
    """The values of `InvestorRange`."""

    All = '1'
    """所有 all"""
    Group = '2'
    """投资者组 group"""
    Single = '3'
    """单一投资者 single"""


class TraderConnectStatus(str, Enum):
    """The values of `TraderConnectStatus`."""

    NotConnected = '1'
    """没有任何连接 not connected"""
    Connected = '2'
    """已经连接 connected"""
    QryInstrumentSent = '3'
    """已经发出合约查询请求 instruments asked for"""
    SubPrivateFlow = '4'
    """订阅私有流 private flow subscribed"""


class OrderActionStatus(str, Enum):
    """The values of `OrderActionStatus`."""

    Submitted = 'a'
    """已经提交 submitted"""
    Accepted = 'b'
    """已经接受 accepted"""
    Rejected = 'c'
    """已经被拒绝 rejected"""


class OrderStatus(str, Enum):
    """The values of `OrderStatus`."""

    AllTraded = '0'
    """全部成交 all traded"""
    PartTradedQueueing = '1'
    """部分成交还在队列中 part traded, the rest waits"""
    PartTradedNotQueueing = '2'
    """部分成交不在队列中 part traded, the rest does not wait"""
    NoTradeQueueing = '3'
    """未成交还在队列中 not traded, waits"""
    NoTradeNotQueueing = '4'
    """未成交不在队列中 not traded, does not wait"""
    Canceled = '5'
    """撤单 canceled"""
    Unknown = 'a'
    """未知 unknown"""
    NotTouched = 'b'
    """尚未触发 not triggered"""
    Touched = 'c'
    """已触发 triggered"""


class OrderSubmitStatus(str, Enum):
    """The values of `OrderSubmitStatus`."""

    InsertSubmitted = '0'
    """已经提交 order submitted"""
    CancelSubmitted = '1'
    """撤单已经提交 cancellation submitted"""
    ModifySubmitted = '2'
    """修改已经提交 change submitted"""
    Accepted = '3'
    """已经接受 accepted"""
    InsertRejected = '4'
    """报单已经被拒绝 order rejected"""
    CancelRejected = '5'
    """撤单已经被拒绝 cancellation rejected"""
    ModifyRejected = '6'
    """改单已经被拒绝 change rejected"""


class PositionDate(str, Enum):
    """The values of `PositionDate`."""

    Today = '1'
    """今日持仓 today"""
    History = '2'
    """历史持仓 history"""


class PositionDateType(str, Enum):
    """The values of `PositionDateType`."""

    UseHistory = '1'
    """使用历史持仓 use history"""
    NoUseHistory = '2'
    """不使用历史持仓 no use history"""


class TradingRole(str, Enum):
    """The values of `TradingRole`."""

    Broker = '1'
    """代理 broker"""
    Host = '2'
    """自营 own account"""
    Maker = '3'
    """做市商 maker"""


class ProductClass(str, Enum):
    """The values of `ProductClass`."""

    Futures = '1'
    """期货 futures"""
    Options = '2'
    """期货期权 options"""
    Combination = '3'
    """组合 combination"""
    Spot = '4'
    """即期 spot"""
    EFP = '5'
    """期转现 exchange of futures for physical"""
    SpotOption = '6'
    """现货期权 spot option"""
    TAS = '7'
    """TAS合约 TAS"""
    MI = 'I'
    """金属指数 metal index"""


class InstLifePhase(str, Enum):
    """The values of `InstLifePhase`."""

    NotStart = '0'
    """未上市 not listed yet"""
    Started = '1'
    """上市 listed"""
    Pause = '2'
    """停牌 suspended"""
    Expired = '3'
    """到期 expired"""


class Direction(str, Enum):
    """The values of `Direction`."""

    Buy = '0'
    """买 buy"""
    Sell = '1'
    """卖 sell"""


class PositionType(str, Enum):
    """The values of `PositionType`."""

    Net = '1'
    """净持仓 net"""
    Gross = '2'
    """综合持仓 gross"""


class PosiDirection(str, Enum):
    """The values of `PosiDirection`."""

    Net = '1'
    """净 net"""
    Long = '2'
    """多头 long"""
    Short = '3'
    """空头 short"""


class HedgeFlag(str, Enum):
    """The values of `HedgeFlag`."""

    Speculation = '1'
    """投机 speculation"""
    Arbitrage = '2'
    """套利 arbitrage"""
    Hedge = '3'
    """套保 hedge"""
    MarketMaker = '5'
    """做市商 market maker"""
    SpecHedge = '6'
    """第一腿投机第二腿套保 first leg speculation, second hedging"""
    HedgeSpec = '7'
    """第一腿套保第二腿投机 first leg hedging, second speculation"""


class ClientIDType(str, Enum):
    """The values of `ClientIDType`."""

    Speculation = '1'
    """投机 speculation"""
    Arbitrage = '2'
    """套利 arbitrage"""
    Hedge = '3'
    """套保 hedge"""
    MarketMaker = '5'
    """做市商 market maker"""


class OrderPriceType(str, Enum):
    """The values of `OrderPriceType`."""

    AnyPrice = '1'
    """任意价 market price"""
    LimitPrice = '2'
    """限价 limit price"""
    BestPrice = '3'
    """最优价 best price"""
    LastPrice = '4'
    """最新价 last price"""
    LastPricePlusOneTicks = '5'
    """最新价浮动上浮1个ticks last price plus one tick"""
    LastPricePlusTwoTicks = '6'
    """最新价浮动上浮2个ticks last price plus two ticks"""
    LastPricePlusThreeTicks = '7'
    """最新价浮动上浮3个ticks last price plus three ticks"""
    AskPrice1 = '8'
    """卖一价 ask price 1"""
    AskPrice1PlusOneTicks = '9'
    """卖一价浮动上浮1个ticks ask price 1 plus one tick"""
    AskPrice1PlusTwoTicks = 'A'
    """卖一价浮动上浮2个ticks ask price 1 plus two ticks"""
    AskPrice1PlusThreeTicks = 'B'
    """卖一价浮动上浮3个ticks ask price 1 plus three ticks"""
    BidPrice1 = 'C'
    """买一价 bid price 1"""
    BidPrice1PlusOneTicks = 'D'
    """买一价浮动上浮1个ticks bid price 1 plus one tick"""
    BidPrice1PlusTwoTicks = 'E'
    """买一价浮动上浮2个ticks bid price 1 plus two ticks"""
    BidPrice1PlusThreeTicks = 'F'
    """买一价浮动上浮3个ticks bid price 1 plus three ticks"""
    FiveLevelPrice = 'G'
    """五档价 within five levels"""


class OffsetFlag(str, Enum):
    """The values of `OffsetFlag`."""

    Open = '0'
    """开仓 open"""
    Close = '1'
    """平仓 close"""
    ForceClose = '2'
    """强平 force close"""
    CloseToday = '3'
    """平今 close today"""
    CloseYesterday = '4'
    """平昨 close yesterday"""
    ForceOff = '5'
    """强减 forced reduction by the exchange"""
    LocalForceClose = '6'
    """本地强平 local force close"""


class ForceCloseReason(str, Enum):
    """The values of `ForceCloseReason`."""

    NotForceClose = '0'
    """非强平 no forced close"""
    LackDeposit = '1'
    """资金不足 lack of money"""
    ClientOverPositionLimit = '2'
    """客户超仓 client over position limit"""
    MemberOverPositionLimit = '3'
    """会员超仓 member over position limit"""
    NotMultiple = '4'
    """持仓非整数倍 position is no whole multiple"""
    Violation = '5'
    """违规 violation"""
    Other = '6'
    """其它 other"""
    PersonDeliv = '7'
    """自然人临近交割 individual near delivery"""
    Notverifycapital = '8'
    """本地强平资金不足忽略敞口 lack of funds, ignored locally"""
    LocalLackDeposit = '9'
    """本地强平资金不足 lack of money, by the broker"""
    LocalViolationNocheck = 'a'
    """本地强平违规持仓忽略敞口 local violation, ignored"""
    LocalViolation = 'b'
    """本地强平违规持仓 local violation"""


class OrderType(str, Enum):
    """The values of `OrderType`."""

    Normal = '0'
    """正常 normal"""
    DeriveFromQuote = '1'
    """报价衍生 from a quote"""
    DeriveFromCombination = '2'
    """组合衍生 from a combination"""
    Combination = '3'
    """组合报单 combination"""
    ConditionalOrder = '4'
    """条件单 conditional order"""
    Swap = '5'
    """互换单 swap"""
    DeriveFromBlockTrade = '6'
    """大宗交易成交衍生 from a block trade"""
    DeriveFromEFPTrade = '7'
    """期转现成交衍生 from an exchange of futures for physical"""


class TimeCondition(str, Enum):
    """The values of `TimeCondition`."""

    IOC = '1'
    """立即完成，否则撤销 immediate, or cancelled"""
    GFS = '2'
    """本节有效 good for the session"""
    GFD = '3'
    """当日有效 good for the day"""
    GTD = '4'
    """指定日期前有效 good till a date"""
    GTC = '5'
    """撤销前有效 good till cancelled"""
    GFA = '6'
    """集合竞价有效 good for the auction"""


class VolumeCondition(str, Enum):
    """The values of `VolumeCondition`."""

    AV = '1'
    """任何数量 any volume"""
    MV = '2'
    """最小数量 the minimum volume"""
    CV = '3'
    """全部数量 the whole volume"""


class ContingentCondition(str, Enum):
    """The values of `ContingentCondition`."""

    Immediately = '1'
    """立即 immediately"""
    Touch = '2'
    """止损 stop"""
    TouchProfit = '3'
    """止赢 take profit"""
    ParkedOrder = '4'
    """预埋单 parked order"""
    LastPriceGreaterThanStopPrice = '5'
    """最新价大于条件价 last price above stop price"""
    LastPriceGreaterEqualStopPrice = '6'
    """最新价大于等于条件价 last price at or above stop price"""
    LastPriceLesserThanStopPrice = '7'
    """最新价小于条件价 last price below stop price"""
    LastPriceLesserEqualStopPrice = '8'
    """最新价小于等于条件价 last price at or below stop price"""
    AskPriceGreaterThanStopPrice = '9'
    """卖一价大于条件价 ask price above stop price"""
    AskPriceGreaterEqualStopPrice = 'A'
    """卖一价大于等于条件价 ask price at or above stop price"""
    AskPriceLesserThanStopPrice = 'B'
    """卖一价小于条件价 ask price below stop price"""
    AskPriceLesserEqualStopPrice = 'C'
    """卖一价小于等于条件价 ask price at or below stop price"""
    BidPriceGreaterThanStopPrice = 'D'
    """买一价大于条件价 bid price above stop price"""
    BidPriceGreaterEqualStopPrice = 'E'
    """买一价大于等于条件价 bid price at or above stop price"""
    BidPriceLesserThanStopPrice = 'F'
    """买一价小于条件价 bid price below stop price"""
    BidPriceLesserEqualStopPrice = 'H'
    """买一价小于等于条件价 bid price at or below stop price"""


class ActionFlag(str, Enum):
    """The values of `ActionFlag`."""

    Delete = '0'
    """删除 delete"""
    Modify = '3'
    """修改 modify"""


class OrderSource(str, Enum):
    """The values of `OrderSource`."""

    Participant = '0'
    """来自参与者 participant"""
    Administrator = '1'
    """来自管理员 administrator"""


class TradeType(str, Enum):
    """The values of `TradeType`."""

    SplitCombination = '#'
    """组合持仓拆分为单一持仓,初始化不应包含该类型的持仓 split combination"""
    Common = '0'
    """普通成交 common"""
    OptionsExecution = '1'
    """期权执行 options execution"""
    OTC = '2'
    """OTC成交 over the counter"""
    EFPDerived = '3'
    """期转现衍生成交 from an exchange of futures for physical"""
    CombinationDerived = '4'
    """组合衍生成交 from a combination"""
    BlockTrade = '5'
    """大宗交易成交 block trade"""


class SpecPosiType(str, Enum):
    """The values of `SpecPosiType`."""

    Common = '#'
    """普通持仓明细 common"""
    Tas = '0'
    """TAS合约成交产生的标的合约持仓明细 TAS"""


class PriceSource(str, Enum):
    """The values of `PriceSource`."""

    LastPrice = '0'
    """前成交价 last price"""
    Buy = '1'
    """买委托价 buy"""
    Sell = '2'
    """卖委托价 sell"""
    OTC = '3'
    """场外成交价 over the counter"""


class InstrumentStatus(str, Enum):
    """The values of `InstrumentStatus`."""

    BeforeTrading = '0'
    """开盘前 before trading"""
    NoTrading = '1'
    """非交易 no trading"""
    Continous = '2'
    """连续交易 continuous"""
    AuctionOrdering = '3'
    """集合竞价报单 auction, ordering"""
    AuctionBalance = '4'
    """集合竞价价格平衡 auction, price balance"""
    AuctionMatch = '5'
    """集合竞价撮合 auction, matching"""
    Closed = '6'
    """收盘 closed"""
    TransactionProcessing = '7'
    """交易业务处理 transaction processing"""


class InstStatusEnterReason(str, Enum):
    """The values of `InstStatusEnterReason`."""

    Automatic = '1'
    """自动切换 automatic"""
    Manual = '2'
    """手动切换 manual"""
    Fuse = '3'
    """熔断 fuse"""


class Algorithm(str, Enum):
    """The values of `Algorithm`."""

    All = '1'
    """浮盈浮亏都计算 all"""
    OnlyLost = '2'
    """浮盈不计，浮亏计 losses only"""
    OnlyGain = '3'
    """浮盈计，浮亏不计 gains only"""
    None_ = '4'
    """浮盈浮亏都不计算 none"""


class IncludeCloseProfit(str, Enum):
    """The values of `IncludeCloseProfit`."""

    Include = '0'
    """包含平仓盈利 included"""
    NotInclude = '2'
    """不包含平仓盈利 not included"""


class UserType(str, Enum):
    """The values of `UserType`."""

    Investor = '0'
    """投资者 investor"""
    Operator = '1'
    """操作员 operator"""
    SuperUser = '2'
    """管理员 super user"""


class MarginPriceType(str, Enum):
    """The values of `MarginPriceType`."""

    PreSettlementPrice = '1'
    """昨结算价 previous settlement price"""
    SettlementPrice = '2'
    """最新价 settlement price"""
    AveragePrice = '3'
    """成交均价 average price"""
    OpenPrice = '4'
    """开仓价 open price"""


class HandlePositionAlgoID(str, Enum):
    """The values of `HandlePositionAlgoID`."""

    Base = '1'
    """基本 base"""
    DCE = '2'
    """大连商品交易所 DCE"""
    CZCE = '3'
    """郑州商品交易所 CZCE"""


class FindMarginRateAlgoID(str, Enum):
    """The values of `FindMarginRateAlgoID`."""

    Base = '1'
    """基本 base"""
    DCE = '2'
    """大连商品交易所 DCE"""
    CZCE = '3'
    """郑州商品交易所 CZCE"""


class HandleTradingAccountAlgoID(str, Enum):
    """The values of `HandleTradingAccountAlgoID`."""

    Base = '1'
    """基本 base"""
    DCE = '2'
    """大连商品交易所 DCE"""
    CZCE = '3'
    """郑州商品交易所 CZCE"""


class ParkedOrderStatus(str, Enum):
    """The values of `ParkedOrderStatus`."""

    NotSend = '1'
    """未发送 not sent"""
    Send = '2'
    """已发送 sent"""
    Deleted = '3'
    """已删除 deleted"""


class CashExchangeCode(str, Enum):
    """The values of `CashExchangeCode`."""

    Exchange = '1'
    """汇 exchange"""
    Cash = '2'
    """钞 cash"""


class YesNoIndicator(str, Enum):
    """The values of `YesNoIndicator`."""

    Yes = '0'
    """是 yes"""
    No = '1'
    """否 no"""


class Gender(str, Enum):
    """The values of `Gender`."""

    Unknown = '0'
    """未知状态 unknown"""
    Male = '1'
    """男 male"""
    Female = '2'
    """女 female"""


class FeePayFlag(str, Enum):
    """The values of `FeePayFlag`."""

    BEN = '0'
    """由受益方支付费用 by the beneficiary"""
    OUR = '1'
    """由发送方支付费用 by the sender"""
    SHA = '2'
    """由发送方支付发起的费用，受益方支付接受的费用 shared by both"""


class BankRepealFlag(str, Enum):
    """The values of `BankRepealFlag`."""

    BankNotNeedRepeal = '0'
    """银行无需自动冲正 bank need not reverse"""
    BankWaitingRepeal = '1'
    """银行待自动冲正 waits for the bank's reversal"""
    BankBeenRepealed = '2'
    """银行已自动冲正 bank has reversed"""


class BrokerRepealFlag(str, Enum):
    """The values of `BrokerRepealFlag`."""

    BrokerNotNeedRepeal = '0'
    """期商无需自动冲正 broker need not reverse"""
    BrokerWaitingRepeal = '1'
    """期商待自动冲正 waits for the broker's reversal"""
    BrokerBeenRepealed = '2'
    """期商已自动冲正 broker has reversed"""


class LastFragment(str, Enum):
    """The values of `LastFragment`."""

    Yes = '0'
    """是最后分片 yes"""
    No = '1'
    """不是最后分片 no"""


class MoneyAccountStatus(str, Enum):
    """The values of `MoneyAccountStatus`."""

    Normal = '0'
    """正常 normal"""
    Cancel = '1'
    """销户 cancel"""


class CustType(str, Enum):
    """The values of `CustType`."""

    Person = '0'
    """自然人 person"""
    Institution = '1'
    """机构户 institution"""


class OpenOrDestroy(str, Enum):
    """The values of `OpenOrDestroy`."""

    Open = '1'
    """开户 open"""
    Destroy = '0'
    """销户 destroy"""


class AvailabilityFlag(str, Enum):
    """The values of `AvailabilityFlag`."""

    Invalid = '0'
    """未确认 invalid"""
    Valid = '1'
    """有效 valid"""
    Repeal = '2'
    """冲正 reversal"""


class BankAccType(str, Enum):
    """The values of `BankAccType`."""

    BankBook = '1'
    """银行存折 bank book"""
    SavingCard = '2'
    """储蓄卡 saving card"""
    CreditCard = '3'
    """信用卡 credit card"""


class FutureAccType(str, Enum):
    """The values of `FutureAccType`."""

    BankBook = '1'
    """银行存折 bank book"""
    SavingCard = '2'
    """储蓄卡 saving card"""
    CreditCard = '3'
    """信用卡 credit card"""


class PwdFlag(str, Enum):
    """The values of `PwdFlag`."""

    NoCheck = '0'
    """不核对 no check"""
    BlankCheck = '1'
    """明文核对 blank check"""
    EncryptCheck = '2'
    """密文核对 encrypt check"""


class TransferStatus(str, Enum):
    """The values of `TransferStatus`."""

    Normal = '0'
    """正常 normal"""
    Repealed = '1'
    """被冲正 reversed"""


class TradeSource(str, Enum):
    """The values of `TradeSource`."""

    NORMAL = '0'
    """来自交易所普通回报 from the exchange's own return"""
    QUERY = '1'
    """来自查询 from a query"""


class CloseDealType(str, Enum):
    """The values of `CloseDealType`."""

    Normal = '0'
    """正常 normal"""
    SpecFirst = '1'
    """投机平仓优先 speculative positions first"""


class MortgageFundUseRange(str, Enum):
    """The values of `MortgageFundUseRange`."""

    None_ = '0'
    """不能使用 none"""
    Margin = '1'
    """用于保证金 margin"""
    All = '2'
    """用于手续费、盈亏、保证金 all"""
    CNY3 = '3'
    """人民币方案3 CNY 3"""


class MaxMarginSideAlgorithm(str, Enum):
    """The values of `MaxMarginSideAlgorithm`."""

    NO = '0'
    """不使用大额单边保证金算法 no"""
    YES = '1'
    """使用大额单边保证金算法 yes"""


class OptionsType(str, Enum):
    """The values of `OptionsType`."""

    CallOptions = '1'
    """看涨 call options"""
    PutOptions = '2'
    """看跌 put options"""


class ExecResult(str, Enum):
    """The values of `ExecResult`."""

    NoExec = 'n'
    """没有执行 no execution"""
    Canceled = 'c'
    """已经取消 canceled"""
    OK = '0'
    """执行成功 exercised"""
    NoPosition = '1'
    """期权持仓不够 no position"""
    NoDeposit = '2'
    """资金不够 no deposit"""
    NoParticipant = '3'
    """会员不存在 no participant"""
    NoClient = '4'
    """客户不存在 no client"""
    NoInstrument = '6'
    """合约不存在 no instrument"""
    NoRight = '7'
    """没有执行权限 no right"""
    InvalidVolume = '8'
    """不合理的数量 invalid volume"""
    NoEnoughHistoryTrade = '9'
    """没有足够的历史成交 too few past trades"""
    Unknown = 'a'
    """未知 unknown"""


class CombinationType(str, Enum):
    """The values of `CombinationType`."""

    Future = '0'
    """期货组合 future"""
    BUL = '1'
    """垂直价差BUL bull spread"""
    BER = '2'
    """垂直价差BER bear spread"""
    STD = '3'
    """跨式组合 straddle"""
    STG = '4'
    """宽跨式组合 strangle"""
    PRT = '5'
    """备兑组合 covered"""
    CAS = '6'
    """时间价差组合 calendar spread"""
    OPL = '7'
    """期权对锁组合 option lock"""
    BFO = '8'
    """买备兑组合 covered purchase of options"""
    BLS = '9'
    """买入期权垂直价差组合 bought vertical spread"""
    BES = 'a'
    """卖出期权垂直价差组合 sold vertical spread"""


class OptionRoyaltyPriceType(str, Enum):
    """The values of `OptionRoyaltyPriceType`."""

    PreSettlementPrice = '1'
    """昨结算价 previous settlement price"""
    OpenPrice = '4'
    """开仓价 open price"""
    MaxPreSettlementPrice = '5'
    """最新价与昨结算价较大值 maximum previous settlement price"""


class ActionType(str, Enum):
    """The values of `ActionType`."""

    Exec = '1'
    """执行 execution"""
    Abandon = '2'
    """放弃 abandon"""


class ForQuoteStatus(str, Enum):
    """The values of `ForQuoteStatus`."""

    Submitted = 'a'
    """已经提交 submitted"""
    Accepted = 'b'
    """已经接受 accepted"""
    Rejected = 'c'
    """已经被拒绝 rejected"""


class ExecOrderPositionFlag(str, Enum):
    """The values of `ExecOrderPositionFlag`."""

    Reserve = '0'
    """保留 reserve"""
    UnReserve = '1'
    """不保留 not reserved"""


class ExecOrderCloseFlag(str, Enum):
    """The values of `ExecOrderCloseFlag`."""

    AutoClose = '0'
    """自动平仓 closed automatically"""
    NotToClose = '1'
    """免于自动平仓 not closed automatically"""


class CombDirection(str, Enum):
    """The values of `CombDirection`."""

    Comb = '0'
    """申请组合 combination"""
    UnComb = '1'
    """申请拆分 break a combination up"""
    DelComb = '2'
    """操作员删组合单 delete combination"""


class OptSelfCloseFlag(str, Enum):
    """The values of `OptSelfCloseFlag`."""

    CloseSelfOptionPosition = '1'
    """自对冲期权仓位 offset own option positions"""
    ReserveOptionPosition = '2'
    """保留期权仓位 keep option positions"""
    SellCloseSelfFuturePosition = '3'
    """自对冲卖方履约后的期货仓位 offset futures of options assigned"""
    ReserveFuturePosition = '4'
    """保留卖方履约后的期货仓位 keep futures of options assigned"""


class BizType(str, Enum):
    """The values of `BizType`."""

    Future = '1'
    """期货 future"""
    Stock = '2'
    """证券 stock"""


class AppType(str, Enum):
    """The values of `AppType`."""

    TYPE_Investor = '1'
    """直连的投资者 an investor's own program"""
    TYPE_InvestorRelay = '2'
    """为每个投资者都创建连接的中继 relay with a session for each investor"""
    TYPE_OperatorRelay = '3'
    """所有投资者共享一个操作员连接的中继 relay with one operator's session"""
    TYPE_UnKnown = '4'
    """未知 unknown"""


class ClassType(str, Enum):
    """The values of `ClassType`."""

    ALL = '0'
    """所有合约 all"""
    FUTURE = '1'
    """期货、即期、期转现、Tas、金属指数合约 futures and the like"""
    OPTION = '2'
    """期货、现货期权合约 options"""
    COMB = '3'
    """组合合约 combinations"""


class TradingType(str, Enum):
    """The values of `TradingType`."""

    ALL = '0'
    """所有状态 all"""
    TRADE = '1'
    """交易 trading"""
    UNTRADE = '2'
    """非交易 not trading"""


class ProductStatus(str, Enum):
    """The values of `ProductStatus`."""

    tradeable = '1'
    """可交易 tradeable"""
    untradeable = '2'
    """不可交易 untradeable"""


class OrderCancelAlg(str, Enum):
    """The values of `OrderCancelAlg`."""

    Balance = '1'
    """轮询席位撤单 balance"""
    OrigFirst = '2'
    """优先原报单席位撤单 the order's own seat first"""


class OpenLimitControlLevel(str, Enum):
    """The values of `OpenLimitControlLevel`."""

    None_ = '0'
    """不控制 none"""
    Product = '1'
    """产品级别 product"""
    Inst = '2'
    """合约级别 instrument"""


class OrderFreqControlLevel(str, Enum):
    """The values of `OrderFreqControlLevel`."""

    None_ = '0'
    """不控制 none"""
    Product = '1'
    """产品级别 product"""
    Inst = '2'
    """合约级别 instrument"""


class EnumBool(str, Enum):
    """The values of `EnumBool`."""

    False_ = '0'
    """false false"""
    True_ = '1'
    """true true"""


class TimeRange(str, Enum):
    """The values of `TimeRange`."""

    USUAL = '1'
    """一般月份 an ordinary month"""
    FNSP = '2'
    """交割月前一个月上半月 first half of the month before delivery"""
    BNSP = '3'
    """交割月前一个月下半月 second half of the month before delivery"""
    SPOT = '4'
    """交割月份 the delivery month"""


class InstMarginCalID(str, Enum):
    """The values of `InstMarginCalID`."""

    BothSide = '1'
    """标准算法收取双边 both side"""
    MMSA = '2'
    """单向大边 larger side"""
    SPMM = '3'
    """新组保SPMM SPMM"""


class InstrumentClass(str, Enum):
    """The values of `InstrumentClass`."""

    Usual = '1'
    """一般月份合约 ordinary month"""
    Delivery = '2'
    """临近交割合约 delivery"""
    NonComb = '3'
    """非组合合约 no combination"""


class OffsetType(str, Enum):
    """The values of `OffsetType`."""

    OPT_OFFSET = '0'
    """期权对冲 options offset"""
    FUT_OFFSET = '1'
    """期货对冲 futures offset"""
    EXEC_OFFSET = '2'
    """行权后期货对冲 futures offset after exercise"""
    PERFORM_OFFSET = '3'
    """履约后期货对冲 futures offset after assignment"""


class ApplySrc(str, Enum):
    """The values of `ApplySrc`."""

    Trade = '0'
    """交易 trade"""
    Member = '1'
    """会服 member"""

