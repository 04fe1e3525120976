"""CTP's structs, by their names on the wire.

Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
"""

from typing import ClassVar

from webctp_client.protocol.struct import CtpStruct, SecretStruct


class ReqUserLogin(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """用户登录请求 request user login"""

    secret_fields: ClassVar[tuple[str, ...]] = ('Password', 'OneTimePassword')

    TradingDay: str = ""
    """交易日 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    Password: str = ""
    """密码 password"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    InterfaceProductInfo: str = ""
    """接口端产品信息 interface product information"""
    ProtocolInfo: str = ""
    """协议信息 protocol information"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    OneTimePassword: str = ""
    """动态密码 one time password"""
    LoginRemark: str = ""
    """登录备注 login remark"""
    ClientIPPort: int = 0
    """终端IP端口 client IP port"""
    ClientIPAddress: str = ""
    """终端IP地址 client IP address"""


class RspUserLogin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户登录应答 responses user login"""

    TradingDay: str = ""
    """交易日 trading day"""
    LoginTime: str = ""
    """登录成功时间 login time"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    SystemName: str = ""
    """交易系统名称 system name"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    MaxOrderRef: str = ""
    """最大报单引用 greatest order reference used so far"""
    SHFETime: str = ""
    """上期所时间 SHFE time"""
    DCETime: str = ""
    """大商所时间 DCE time"""
    CZCETime: str = ""
    """郑商所时间 CZCE time"""
    FFEXTime: str = ""
    """中金所时间 CFFEX time"""
    INETime: str = ""
    """能源中心时间 INE time"""
    SysVersion: str = ""
    """后台版本信息 system version"""
    GFEXTime: str = ""
    """广期所时间 GFEX time"""
    LoginDRIdentityID: int = 0
    """当前登录中心号 centre of the front"""
    UserDRIdentityID: int = 0
    """用户所属中心号 centre of the user"""
    LastLoginTime: str = ""
    """上次登陆时间 last login time"""
    ReserveInfo: str = ""
    """预留信息 reserve information"""


class UserLogout(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户登出请求 user logout"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""


class ReqAuthenticate(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """客户端认证请求 request authenticate"""

    secret_fields: ClassVar[tuple[str, ...]] = ('AuthCode',)

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    AuthCode: str = ""
    """认证码 authentication code"""
    AppID: str = ""
    """App代码 app ID"""


class RspAuthenticate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """客户端认证响应 responses authenticate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    AppID: str = ""
    """App代码 app ID"""
    AppType: str = ""
    """App类型 app type (enums.AppType)"""


class Exchange(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """交易所 exchange"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ExchangeName: str = ""
    """交易所名称 exchange name"""
    ExchangeProperty: str = ""
    """交易所属性 exchange property (enums.ExchangeProperty)"""


class Product(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """产品 product"""

    ProductName: str = ""
    """产品名称 product name"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductClass: str = ""
    """产品类型 product class (enums.ProductClass)"""
    VolumeMultiple: int = 0
    """合约数量乘数 contract multiplier"""
    PriceTick: float | None = None
    """最小变动价位 price tick"""
    MaxMarketOrderVolume: int = 0
    """市价单最大下单量 maximum market order volume"""
    MinMarketOrderVolume: int = 0
    """市价单最小下单量 minimum market order volume"""
    MaxLimitOrderVolume: int = 0
    """限价单最大下单量 maximum limit order volume"""
    MinLimitOrderVolume: int = 0
    """限价单最小下单量 minimum limit order volume"""
    PositionType: str = ""
    """持仓类型 position type (enums.PositionType)"""
    PositionDateType: str = ""
    """持仓日期类型 position date type (enums.PositionDateType)"""
    CloseDealType: str = ""
    """平仓处理类型 close deal type (enums.CloseDealType)"""
    TradeCurrencyID: str = ""
    """交易币种类型 trade currency ID"""
    MortgageFundUseRange: str = ""
    """质押资金可用范围 mortgage fund use range (enums.MortgageFundUseRange)"""
    UnderlyingMultiple: float | None = None
    """合约基础商品乘数 multiplier of the underlying"""
    ProductID: str = ""
    """产品代码 product ID"""
    ExchangeProductID: str = ""
    """交易所产品代码 exchange product ID"""
    OpenLimitControlLevel: str = ""
    """开仓量限制粒度 open limit control level (enums.OpenLimitControlLevel)"""
    OrderFreqControlLevel: str = ""
    """报单频率控制粒度 order frequency control level (enums.OrderFreqControlLevel)"""


class Instrument(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """合约 instrument"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentName: str = ""
    """合约名称 instrument name"""
    ProductClass: str = ""
    """产品类型 product class (enums.ProductClass)"""
    DeliveryYear: int = 0
    """交割年份 delivery year"""
    DeliveryMonth: int = 0
    """交割月 delivery month"""
    MaxMarketOrderVolume: int = 0
    """市价单最大下单量 maximum market order volume"""
    MinMarketOrderVolume: int = 0
    """市价单最小下单量 minimum market order volume"""
    MaxLimitOrderVolume: int = 0
    """限价单最大下单量 maximum limit order volume"""
    MinLimitOrderVolume: int = 0
    """限价单最小下单量 minimum limit order volume"""
    VolumeMultiple: int = 0
    """合约数量乘数 contract multiplier"""
    PriceTick: float | None = None
    """最小变动价位 price tick"""
    CreateDate: str = ""
    """创建日 create date"""
    OpenDate: str = ""
    """上市日 open date"""
    ExpireDate: str = ""
    """到期日 expire date"""
    StartDelivDate: str = ""
    """开始交割日 start delivery date"""
    EndDelivDate: str = ""
    """结束交割日 end delivery date"""
    InstLifePhase: str = ""
    """合约生命周期状态 instrument life phase (enums.InstLifePhase)"""
    IsTrading: int = 0
    """当前是否交易 whether it trades"""
    PositionType: str = ""
    """持仓类型 position type (enums.PositionType)"""
    PositionDateType: str = ""
    """持仓日期类型 position date type (enums.PositionDateType)"""
    LongMarginRatio: float | None = None
    """多头保证金率 long margin ratio"""
    ShortMarginRatio: float | None = None
    """空头保证金率 short margin ratio"""
    MaxMarginSideAlgorithm: str = ""
    """是否使用大额单边保证金算法 maximum margin side algorithm (enums.MaxMarginSideAlgorithm)"""
    StrikePrice: float | None = None
    """执行价 strike price"""
    OptionsType: str = ""
    """期权类型 options type (enums.OptionsType)"""
    UnderlyingMultiple: float | None = None
    """合约基础商品乘数 multiplier of the underlying"""
    CombinationType: str = ""
    """组合类型 combination type (enums.CombinationType)"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    ProductID: str = ""
    """产品代码 product ID"""
    UnderlyingInstrID: str = ""
    """基础商品代码 underlying instrument ID"""


class Investor(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者 investor"""

    InvestorID: str = ""
    """投资者代码 investor ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorGroupID: str = ""
    """投资者分组代码 investor group ID"""
    InvestorName: str = ""
    """投资者名称 investor name"""
    IdentifiedCardType: str = ""
    """证件类型 identified card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    IsActive: int = 0
    """是否活跃 whether it is active"""
    Telephone: str = ""
    """联系电话 telephone"""
    Address: str = ""
    """通讯地址 address"""
    OpenDate: str = ""
    """开户日期 open date"""
    Mobile: str = ""
    """手机 mobile"""
    CommModelID: str = ""
    """手续费率模板代码 commission model ID"""
    MarginModelID: str = ""
    """保证金率模板代码 margin model ID"""
    IsOrderFreq: str = ""
    """是否频率控制 is order frequency (enums.EnumBool)"""
    IsOpenVolLimit: str = ""
    """是否开仓限制 is open volume limit (enums.EnumBool)"""


class TradingCode(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """交易编码 trading code"""

    InvestorID: str = ""
    """投资者代码 investor ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    IsActive: int = 0
    """是否活跃 whether it is active"""
    ClientIDType: str = ""
    """交易编码类型 client ID type (enums.ClientIDType)"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    BizType: str = ""
    """业务类型 business type (enums.BizType)"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class TradingAccount(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """资金账户 trading account"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    PreMortgage: float | None = None
    """上次质押金额 previous mortgage"""
    PreCredit: float | None = None
    """上次信用额度 previous credit"""
    PreDeposit: float | None = None
    """上次存款额 previous deposit"""
    PreBalance: float | None = None
    """上次结算准备金 previous balance"""
    PreMargin: float | None = None
    """上次占用的保证金 previous margin"""
    InterestBase: float | None = None
    """利息基数 interest base"""
    Interest: float | None = None
    """利息收入 interest"""
    Deposit: float | None = None
    """入金金额 money deposited"""
    Withdraw: float | None = None
    """出金金额 money withdrawn"""
    FrozenMargin: float | None = None
    """冻结的保证金 frozen margin"""
    FrozenCash: float | None = None
    """冻结的资金 frozen cash"""
    FrozenCommission: float | None = None
    """冻结的手续费 frozen commission"""
    CurrMargin: float | None = None
    """当前保证金总额 margin in use"""
    CashIn: float | None = None
    """资金差额 difference of funds"""
    Commission: float | None = None
    """手续费 commission"""
    CloseProfit: float | None = None
    """平仓盈亏 realised profit"""
    PositionProfit: float | None = None
    """持仓盈亏 profit of open positions (marked to market)"""
    Balance: float | None = None
    """期货结算准备金 equity of the account"""
    Available: float | None = None
    """可用资金 money available"""
    WithdrawQuota: float | None = None
    """可取资金 amount that can be withdrawn"""
    Reserve: float | None = None
    """基本准备金 reserve"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    Credit: float | None = None
    """信用额度 credit"""
    Mortgage: float | None = None
    """质押金额 mortgage"""
    ExchangeMargin: float | None = None
    """交易所保证金 exchange margin"""
    DeliveryMargin: float | None = None
    """投资者交割保证金 delivery margin"""
    ExchangeDeliveryMargin: float | None = None
    """交易所交割保证金 exchange delivery margin"""
    ReserveBalance: float | None = None
    """保底期货结算准备金 reserve balance"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    PreFundMortgageIn: float | None = None
    """上次货币质入金额 previous fund mortgage in"""
    PreFundMortgageOut: float | None = None
    """上次货币质出金额 previous fund mortgage out"""
    FundMortgageIn: float | None = None
    """货币质入金额 fund mortgage in"""
    FundMortgageOut: float | None = None
    """货币质出金额 fund mortgage out"""
    FundMortgageAvailable: float | None = None
    """货币质押余额 fund mortgage available"""
    MortgageableFund: float | None = None
    """可质押货币金额 mortgageable fund"""
    SpecProductMargin: float | None = None
    """特殊产品占用保证金 special product margin"""
    SpecProductFrozenMargin: float | None = None
    """特殊产品冻结保证金 special product frozen margin"""
    SpecProductCommission: float | None = None
    """特殊产品手续费 special product commission"""
    SpecProductFrozenCommission: float | None = None
    """特殊产品冻结手续费 special product frozen commission"""
    SpecProductPositionProfit: float | None = None
    """特殊产品持仓盈亏 special product position profit"""
    SpecProductCloseProfit: float | None = None
    """特殊产品平仓盈亏 special product close profit"""
    SpecProductPositionProfitByAlg: float | None = None
    """根据持仓盈亏算法计算的特殊产品持仓盈亏 special product position profit by algorithm"""
    SpecProductExchangeMargin: float | None = None
    """特殊产品交易所保证金 special product exchange margin"""
    BizType: str = ""
    """业务类型 business type (enums.BizType)"""
    FrozenSwap: float | None = None
    """延时换汇冻结金额 frozen swap"""
    RemainSwap: float | None = None
    """剩余换汇额度 remain swap"""
    OptionValue: float | None = None
    """期权市值 option value"""


class InvestorPosition(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者持仓 investor position"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    PosiDirection: str = ""
    """持仓多空方向 long, short or net (enums.PosiDirection)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    PositionDate: str = ""
    """持仓日期 today's or former days' position (enums.PositionDate)"""
    YdPosition: int = 0
    """上日持仓 position of yesterday"""
    Position: int = 0
    """今日持仓 position"""
    LongFrozen: int = 0
    """多头冻结 frozen, long"""
    ShortFrozen: int = 0
    """空头冻结 frozen, short"""
    LongFrozenAmount: float | None = None
    """开仓冻结金额 long frozen amount"""
    ShortFrozenAmount: float | None = None
    """开仓冻结金额 short frozen amount"""
    OpenVolume: int = 0
    """开仓量 open volume"""
    CloseVolume: int = 0
    """平仓量 close volume"""
    OpenAmount: float | None = None
    """开仓金额 open amount"""
    CloseAmount: float | None = None
    """平仓金额 close amount"""
    PositionCost: float | None = None
    """持仓成本 position cost"""
    PreMargin: float | None = None
    """上次占用的保证金 previous margin"""
    UseMargin: float | None = None
    """占用的保证金 margin in use"""
    FrozenMargin: float | None = None
    """冻结的保证金 frozen margin"""
    FrozenCash: float | None = None
    """冻结的资金 frozen cash"""
    FrozenCommission: float | None = None
    """冻结的手续费 frozen commission"""
    CashIn: float | None = None
    """资金差额 difference of funds"""
    Commission: float | None = None
    """手续费 commission"""
    CloseProfit: float | None = None
    """平仓盈亏 realised profit"""
    PositionProfit: float | None = None
    """持仓盈亏 profit of open positions (marked to market)"""
    PreSettlementPrice: float | None = None
    """上次结算价 previous settlement price"""
    SettlementPrice: float | None = None
    """本次结算价 settlement price"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    OpenCost: float | None = None
    """开仓成本 open cost"""
    ExchangeMargin: float | None = None
    """交易所保证金 exchange margin"""
    CombPosition: int = 0
    """组合成交形成的持仓 combination position"""
    CombLongFrozen: int = 0
    """组合多头冻结 combination long frozen"""
    CombShortFrozen: int = 0
    """组合空头冻结 combination short frozen"""
    CloseProfitByDate: float | None = None
    """逐日盯市平仓盈亏 realised profit of the day (marked to market)"""
    CloseProfitByTrade: float | None = None
    """逐笔对冲平仓盈亏 realised profit from the open price"""
    TodayPosition: int = 0
    """今日持仓 today position"""
    MarginRateByMoney: float | None = None
    """保证金率 margin rate by money"""
    MarginRateByVolume: float | None = None
    """保证金率(按手数) margin rate by volume"""
    StrikeFrozen: int = 0
    """执行冻结 frozen for exercise"""
    StrikeFrozenAmount: float | None = None
    """执行冻结金额 frozen for exercise amount"""
    AbandonFrozen: int = 0
    """放弃执行冻结 abandon frozen"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    YdStrikeFrozen: int = 0
    """执行冻结的昨仓 yesterday frozen for exercise"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    PositionCostOffset: float | None = None
    """持仓成本差值 position cost offset"""
    TasPosition: int = 0
    """tas持仓手数 TAS position"""
    TasPositionCost: float | None = None
    """tas持仓成本 TAS position cost"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    OptionValue: float | None = None
    """期权市值 option value"""


class InstrumentMarginRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """合约保证金率 instrument margin rate"""

    InvestorRange: str = ""
    """投资者范围 investor range (enums.InvestorRange)"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    LongMarginRatioByMoney: float | None = None
    """多头保证金率 long margin ratio by money"""
    LongMarginRatioByVolume: float | None = None
    """多头保证金费 long margin ratio by volume"""
    ShortMarginRatioByMoney: float | None = None
    """空头保证金率 short margin ratio by money"""
    ShortMarginRatioByVolume: float | None = None
    """空头保证金费 short margin ratio by volume"""
    IsRelative: int = 0
    """是否相对交易所收取 whether it adds to the exchange's rate"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InstrumentCommissionRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """合约手续费率 instrument commission rate"""

    InvestorRange: str = ""
    """投资者范围 investor range (enums.InvestorRange)"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OpenRatioByMoney: float | None = None
    """开仓手续费率 commission on opening, share of turnover"""
    OpenRatioByVolume: float | None = None
    """开仓手续费 commission on opening, yuan a lot"""
    CloseRatioByMoney: float | None = None
    """平仓手续费率 commission on closing, share of turnover"""
    CloseRatioByVolume: float | None = None
    """平仓手续费 commission on closing, yuan a lot"""
    CloseTodayRatioByMoney: float | None = None
    """平今手续费率 commission on closing today's, share of turnover"""
    CloseTodayRatioByVolume: float | None = None
    """平今手续费 commission on closing today's, yuan a lot"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BizType: str = ""
    """业务类型 business type (enums.BizType)"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class DepthMarketData(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """深度行情 depth market data"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    LastPrice: float | None = None
    """最新价 last price"""
    PreSettlementPrice: float | None = None
    """上次结算价 previous settlement price"""
    PreClosePrice: float | None = None
    """昨收盘 previous close price"""
    PreOpenInterest: float | None = None
    """昨持仓量 previous open interest"""
    OpenPrice: float | None = None
    """今开盘 open price"""
    HighestPrice: float | None = None
    """最高价 highest price"""
    LowestPrice: float | None = None
    """最低价 lowest price"""
    Volume: int = 0
    """数量 volume"""
    Turnover: float | None = None
    """成交金额 turnover"""
    OpenInterest: float | None = None
    """持仓量 open interest"""
    ClosePrice: float | None = None
    """今收盘 close price"""
    SettlementPrice: float | None = None
    """本次结算价 settlement price"""
    UpperLimitPrice: float | None = None
    """涨停板价 upper limit price"""
    LowerLimitPrice: float | None = None
    """跌停板价 lower limit price"""
    PreDelta: float | None = None
    """昨虚实度 previous delta"""
    CurrDelta: float | None = None
    """今虚实度 current delta"""
    UpdateTime: str = ""
    """最后修改时间 update time"""
    UpdateMillisec: int = 0
    """最后修改毫秒 milliseconds of the update"""
    BidPrice1: float | None = None
    """申买价一 best bid price"""
    BidVolume1: int = 0
    """申买量一 volume at the best bid"""
    AskPrice1: float | None = None
    """申卖价一 best ask price"""
    AskVolume1: int = 0
    """申卖量一 volume at the best ask"""
    BidPrice2: float | None = None
    """申买价二 bid price 2"""
    BidVolume2: int = 0
    """申买量二 bid volume 2"""
    AskPrice2: float | None = None
    """申卖价二 ask price 2"""
    AskVolume2: int = 0
    """申卖量二 ask volume 2"""
    BidPrice3: float | None = None
    """申买价三 bid price 3"""
    BidVolume3: int = 0
    """申买量三 bid volume 3"""
    AskPrice3: float | None = None
    """申卖价三 ask price 3"""
    AskVolume3: int = 0
    """申卖量三 ask volume 3"""
    BidPrice4: float | None = None
    """申买价四 bid price 4"""
    BidVolume4: int = 0
    """申买量四 bid volume 4"""
    AskPrice4: float | None = None
    """申卖价四 ask price 4"""
    AskVolume4: int = 0
    """申卖量四 ask volume 4"""
    BidPrice5: float | None = None
    """申买价五 bid price 5"""
    BidVolume5: int = 0
    """申买量五 bid volume 5"""
    AskPrice5: float | None = None
    """申卖价五 ask price 5"""
    AskVolume5: int = 0
    """申卖量五 ask volume 5"""
    AveragePrice: float | None = None
    """当日均价 turnover divided by volume"""
    ActionDay: str = ""
    """业务日期 date by the clock of the tick"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    BandingUpperPrice: float | None = None
    """上带价 upper limit of the price band"""
    BandingLowerPrice: float | None = None
    """下带价 lower limit of the price band"""


class TraderOffer(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """交易所交易员报盘机 trader offer"""

    secret_fields: ClassVar[tuple[str, ...]] = ('Password',)

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    Password: str = ""
    """密码 password"""
    InstallID: int = 0
    """安装编号 installation ID"""
    OrderLocalID: str = ""
    """本地报单编号 the order's number at the broker's seat"""
    TraderConnectStatus: str = ""
    """交易所交易员连接状态 trader connect status (enums.TraderConnectStatus)"""
    ConnectRequestDate: str = ""
    """发出连接请求的日期 connect request date"""
    ConnectRequestTime: str = ""
    """发出连接请求的时间 connect request time"""
    LastReportDate: str = ""
    """上次报告日期 last report date"""
    LastReportTime: str = ""
    """上次报告时间 last report time"""
    ConnectDate: str = ""
    """完成连接日期 connect date"""
    ConnectTime: str = ""
    """完成连接时间 connect time"""
    StartDate: str = ""
    """启动日期 start date"""
    StartTime: str = ""
    """启动时间 start time"""
    TradingDay: str = ""
    """交易日 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    MaxTradeID: str = ""
    """本席位最大成交编号 maximum trade ID"""
    MaxOrderMessageReference: str = ""
    """本席位最大报单备拷 maximum order message reference"""
    OrderCancelAlg: str = ""
    """撤单时选择席位算法 order cancel algorithm (enums.OrderCancelAlg)"""


class SettlementInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者结算结果 settlement information"""

    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    SequenceNo: int = 0
    """序号 sequence number"""
    Content: str = ""
    """消息正文 content"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""


class ExchangeMarginRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """交易所保证金率 exchange margin rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    LongMarginRatioByMoney: float | None = None
    """多头保证金率 long margin ratio by money"""
    LongMarginRatioByVolume: float | None = None
    """多头保证金费 long margin ratio by volume"""
    ShortMarginRatioByMoney: float | None = None
    """空头保证金率 short margin ratio by money"""
    ShortMarginRatioByVolume: float | None = None
    """空头保证金费 short margin ratio by volume"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class ExchangeMarginRateAdjust(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """交易所保证金率调整 exchange margin rate adjustment"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    LongMarginRatioByMoney: float | None = None
    """跟随交易所投资者多头保证金率 long margin ratio by money"""
    LongMarginRatioByVolume: float | None = None
    """跟随交易所投资者多头保证金费 long margin ratio by volume"""
    ShortMarginRatioByMoney: float | None = None
    """跟随交易所投资者空头保证金率 short margin ratio by money"""
    ShortMarginRatioByVolume: float | None = None
    """跟随交易所投资者空头保证金费 short margin ratio by volume"""
    ExchLongMarginRatioByMoney: float | None = None
    """交易所多头保证金率 exchange long margin ratio by money"""
    ExchLongMarginRatioByVolume: float | None = None
    """交易所多头保证金费 exchange long margin ratio by volume"""
    ExchShortMarginRatioByMoney: float | None = None
    """交易所空头保证金率 exchange short margin ratio by money"""
    ExchShortMarginRatioByVolume: float | None = None
    """交易所空头保证金费 exchange short margin ratio by volume"""
    NoLongMarginRatioByMoney: float | None = None
    """不跟随交易所投资者多头保证金率 no long margin ratio by money"""
    NoLongMarginRatioByVolume: float | None = None
    """不跟随交易所投资者多头保证金费 no long margin ratio by volume"""
    NoShortMarginRatioByMoney: float | None = None
    """不跟随交易所投资者空头保证金率 no short margin ratio by money"""
    NoShortMarginRatioByVolume: float | None = None
    """不跟随交易所投资者空头保证金费 no short margin ratio by volume"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class ExchangeRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """汇率 exchange rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    FromCurrencyID: str = ""
    """源币种 from currency ID"""
    FromCurrencyUnit: float | None = None
    """源币种单位数量 from currency unit"""
    ToCurrencyID: str = ""
    """目标币种 to currency ID"""
    ExchangeRate: float | None = None
    """汇率 exchange rate"""


class UserPasswordUpdate(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """用户口令变更 user password update"""

    secret_fields: ClassVar[tuple[str, ...]] = ('OldPassword', 'NewPassword')

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    OldPassword: str = ""
    """原来的口令 old password"""
    NewPassword: str = ""
    """新的口令 new password"""


class InputOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入报单 input order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderRef: str = ""
    """报单引用 the client's reference of the order"""
    UserID: str = ""
    """用户代码 user ID"""
    OrderPriceType: str = ""
    """报单价格条件 limit, market or another price (enums.OrderPriceType)"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    CombOffsetFlag: str = ""
    """组合开平标志 whether to open or to close, a character for each leg (enums.OffsetFlag)"""
    CombHedgeFlag: str = ""
    """组合投机套保标志 hedge flag, a character for each leg (enums.HedgeFlag)"""
    LimitPrice: float | None = None
    """价格 price of a limit order"""
    VolumeTotalOriginal: int = 0
    """数量 volume of the order"""
    TimeCondition: str = ""
    """有效期类型 how long the order stands (enums.TimeCondition)"""
    GTDDate: str = ""
    """GTD日期 good-till date"""
    VolumeCondition: str = ""
    """成交量类型 how much must trade at once (enums.VolumeCondition)"""
    MinVolume: int = 0
    """最小成交量 least volume that must trade"""
    ContingentCondition: str = ""
    """触发条件 when the order is triggered (enums.ContingentCondition)"""
    StopPrice: float | None = None
    """止损价 stop price"""
    ForceCloseReason: str = ""
    """强平原因 why the position is closed by force (enums.ForceCloseReason)"""
    IsAutoSuspend: int = 0
    """自动挂起标志 whether it is suspended when the user logs out"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    RequestID: int = 0
    """请求编号 request ID"""
    UserForceClose: int = 0
    """用户强平标志 whether the user forces the close"""
    IsSwapOrder: int = 0
    """互换单标志 is swap order"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    ClientID: str = ""
    """交易编码 client ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    OrderMemo: str = ""
    """报单回显字段 order memo"""
    SessionReqSeq: int = 0
    """session上请求计数 api自动维护 session request sequence"""


class Order(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """报单 order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderRef: str = ""
    """报单引用 the client's reference of the order"""
    UserID: str = ""
    """用户代码 user ID"""
    OrderPriceType: str = ""
    """报单价格条件 limit, market or another price (enums.OrderPriceType)"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    CombOffsetFlag: str = ""
    """组合开平标志 whether to open or to close, a character for each leg (enums.OffsetFlag)"""
    CombHedgeFlag: str = ""
    """组合投机套保标志 hedge flag, a character for each leg (enums.HedgeFlag)"""
    LimitPrice: float | None = None
    """价格 price of a limit order"""
    VolumeTotalOriginal: int = 0
    """数量 volume of the order"""
    TimeCondition: str = ""
    """有效期类型 how long the order stands (enums.TimeCondition)"""
    GTDDate: str = ""
    """GTD日期 good-till date"""
    VolumeCondition: str = ""
    """成交量类型 how much must trade at once (enums.VolumeCondition)"""
    MinVolume: int = 0
    """最小成交量 least volume that must trade"""
    ContingentCondition: str = ""
    """触发条件 when the order is triggered (enums.ContingentCondition)"""
    StopPrice: float | None = None
    """止损价 stop price"""
    ForceCloseReason: str = ""
    """强平原因 why the position is closed by force (enums.ForceCloseReason)"""
    IsAutoSuspend: int = 0
    """自动挂起标志 whether it is suspended when the user logs out"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    RequestID: int = 0
    """请求编号 request ID"""
    OrderLocalID: str = ""
    """本地报单编号 the order's number at the broker's seat"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    OrderSubmitStatus: str = ""
    """报单提交状态 how far the order's submission has come (enums.OrderSubmitStatus)"""
    NotifySequence: int = 0
    """报单提示序号 notify sequence"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    OrderSysID: str = ""
    """报单编号 the exchange's number of the order"""
    OrderSource: str = ""
    """报单来源 order source (enums.OrderSource)"""
    OrderStatus: str = ""
    """报单状态 order status (enums.OrderStatus)"""
    OrderType: str = ""
    """报单类型 order type (enums.OrderType)"""
    VolumeTraded: int = 0
    """今成交数量 volume traded so far"""
    VolumeTotal: int = 0
    """剩余数量 volume left"""
    InsertDate: str = ""
    """报单日期 date of the order"""
    InsertTime: str = ""
    """委托时间 time of the order"""
    ActiveTime: str = ""
    """激活时间 active time"""
    SuspendTime: str = ""
    """挂起时间 suspend time"""
    UpdateTime: str = ""
    """最后修改时间 update time"""
    CancelTime: str = ""
    """撤销时间 cancel time"""
    ActiveTraderID: str = ""
    """最后修改交易所交易员代码 seat of the last action"""
    ClearingPartID: str = ""
    """结算会员编号 clearing part ID"""
    SequenceNo: int = 0
    """序号 sequence number"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    UserForceClose: int = 0
    """用户强平标志 whether the user forces the close"""
    ActiveUserID: str = ""
    """操作用户代码 user of the last action"""
    BrokerOrderSeq: int = 0
    """经纪公司报单编号 broker order sequence"""
    RelativeOrderSysID: str = ""
    """相关报单 number of the order it stems from"""
    ZCETotalTradedVolume: int = 0
    """郑商所成交数量 CZCE total traded volume"""
    IsSwapOrder: int = 0
    """互换单标志 is swap order"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    IPAddress: str = ""
    """IP地址 IP address"""
    OrderMemo: str = ""
    """报单回显字段 order memo"""
    SessionReqSeq: int = 0
    """session上请求计数 api自动维护 session request sequence"""


class InputOrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入报单操作 input order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderActionRef: int = 0
    """报单操作引用 order action reference"""
    OrderRef: str = ""
    """报单引用 the client's reference of the order"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    OrderSysID: str = ""
    """报单编号 the exchange's number of the order"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    LimitPrice: float | None = None
    """价格 price of a limit order"""
    VolumeChange: int = 0
    """数量变化 volume change"""
    UserID: str = ""
    """用户代码 user ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    OrderMemo: str = ""
    """报单回显字段 order memo"""
    SessionReqSeq: int = 0
    """session上请求计数 api自动维护 session request sequence"""


class OrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """报单操作 order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderActionRef: int = 0
    """报单操作引用 order action reference"""
    OrderRef: str = ""
    """报单引用 the client's reference of the order"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    OrderSysID: str = ""
    """报单编号 the exchange's number of the order"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    LimitPrice: float | None = None
    """价格 price of a limit order"""
    VolumeChange: int = 0
    """数量变化 volume change"""
    ActionDate: str = ""
    """操作日期 action date"""
    ActionTime: str = ""
    """操作时间 action time"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    OrderLocalID: str = ""
    """本地报单编号 the order's number at the broker's seat"""
    ActionLocalID: str = ""
    """操作本地编号 action local ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    OrderActionStatus: str = ""
    """报单操作状态 order action status (enums.OrderActionStatus)"""
    UserID: str = ""
    """用户代码 user ID"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    OrderMemo: str = ""
    """报单回显字段 order memo"""
    SessionReqSeq: int = 0
    """session上请求计数 api自动维护 session request sequence"""


class Trade(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """成交 trade"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderRef: str = ""
    """报单引用 the client's reference of the order"""
    UserID: str = ""
    """用户代码 user ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    TradeID: str = ""
    """成交编号 trade ID"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    OrderSysID: str = ""
    """报单编号 the exchange's number of the order"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TradingRole: str = ""
    """交易角色 trading role (enums.TradingRole)"""
    OffsetFlag: str = ""
    """开平标志 whether it opens or closes (enums.OffsetFlag)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    Price: float | None = None
    """价格 price"""
    Volume: int = 0
    """数量 volume"""
    TradeDate: str = ""
    """成交时期 trade date"""
    TradeTime: str = ""
    """成交时间 trade time"""
    TradeType: str = ""
    """成交类型 trade type (enums.TradeType)"""
    PriceSource: str = ""
    """成交价来源 price source (enums.PriceSource)"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    OrderLocalID: str = ""
    """本地报单编号 the order's number at the broker's seat"""
    ClearingPartID: str = ""
    """结算会员编号 clearing part ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    SequenceNo: int = 0
    """序号 sequence number"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    BrokerOrderSeq: int = 0
    """经纪公司报单编号 broker order sequence"""
    TradeSource: str = ""
    """成交来源 trade source (enums.TradeSource)"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""


class UserSession(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户会话 user session"""

    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    LoginDate: str = ""
    """登录日期 login date"""
    LoginTime: str = ""
    """登录时间 login time"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    InterfaceProductInfo: str = ""
    """接口端产品信息 interface product information"""
    ProtocolInfo: str = ""
    """协议信息 protocol information"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    LoginRemark: str = ""
    """登录备注 login remark"""
    IPAddress: str = ""
    """IP地址 IP address"""


class QryMaxOrderVolume(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询最大报单数量 query maximum order volume"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    OffsetFlag: str = ""
    """开平标志 whether it opens or closes (enums.OffsetFlag)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    MaxVolume: int = 0
    """最大允许报单数量 maximum volume"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class SettlementInfoConfirm(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者结算结果确认信息 settlement information confirm"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ConfirmDate: str = ""
    """确认日期 date of confirmation"""
    ConfirmTime: str = ""
    """确认时间 time of confirmation"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""


class QryOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询报单 query order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    OrderSysID: str = ""
    """报单编号 the exchange's number of the order"""
    InsertTimeStart: str = ""
    """开始时间 insert time start"""
    InsertTimeEnd: str = ""
    """结束时间 insert time end"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryTrade(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询成交 query trade"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    TradeID: str = ""
    """成交编号 trade ID"""
    TradeTimeStart: str = ""
    """开始时间 trade time start"""
    TradeTimeEnd: str = ""
    """结束时间 trade time end"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryInvestorPosition(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询投资者持仓 query investor position"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryTradingAccount(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询资金账户 query trading account"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    BizType: str = ""
    """业务类型 business type (enums.BizType)"""
    AccountID: str = ""
    """投资者帐号 account ID"""


class QryInvestor(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询投资者 query investor"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""


class QryTradingCode(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询交易编码 query trading code"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    ClientIDType: str = ""
    """交易编码类型 client ID type (enums.ClientIDType)"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class QryInstrumentMarginRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询合约保证金率 query instrument margin rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryInstrumentCommissionRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询手续费率 query instrument commission rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryUserSession(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询用户会话 query user session"""

    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""


class QryExchange(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询交易所 query exchange"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""


class QryProduct(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询产品 query product"""

    ProductClass: str = ""
    """产品类型 product class (enums.ProductClass)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品代码 product ID"""


class QryInstrument(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询合约 query instrument"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    ProductID: str = ""
    """产品代码 product ID"""


class QryDepthMarketData(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询行情 query depth market data"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ProductClass: str = ""
    """产品类型 product class (enums.ProductClass)"""


class QryTraderOffer(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询交易员报盘机 query trader offer"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""


class QrySettlementInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询投资者结算结果 query settlement information"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    TradingDay: str = ""
    """交易日 trading day"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""


class QryExchangeMarginRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询交易所保证金率 query exchange margin rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryExchangeMarginRateAdjust(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询交易所调整保证金率 query exchange margin rate adjustment"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryExchangeRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询汇率 query exchange rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    FromCurrencyID: str = ""
    """源币种 from currency ID"""
    ToCurrencyID: str = ""
    """目标币种 to currency ID"""


class OptionInstrCommRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """当前期权合约手续费的详细内容 option instrument commission rate"""

    InvestorRange: str = ""
    """投资者范围 investor range (enums.InvestorRange)"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OpenRatioByMoney: float | None = None
    """开仓手续费率 commission on opening, share of turnover"""
    OpenRatioByVolume: float | None = None
    """开仓手续费 commission on opening, yuan a lot"""
    CloseRatioByMoney: float | None = None
    """平仓手续费率 commission on closing, share of turnover"""
    CloseRatioByVolume: float | None = None
    """平仓手续费 commission on closing, yuan a lot"""
    CloseTodayRatioByMoney: float | None = None
    """平今手续费率 commission on closing today's, share of turnover"""
    CloseTodayRatioByVolume: float | None = None
    """平今手续费 commission on closing today's, yuan a lot"""
    StrikeRatioByMoney: float | None = None
    """执行手续费率 commission on exercise, share of turnover"""
    StrikeRatioByVolume: float | None = None
    """执行手续费 commission on exercise, yuan a lot"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class OptionInstrTradeCost(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """期权交易成本 option instrument trade cost"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    FixedMargin: float | None = None
    """期权合约保证金不变部分 fixed margin"""
    MiniMargin: float | None = None
    """期权合约最小保证金 minimum margin"""
    Royalty: float | None = None
    """期权合约权利金 option premium"""
    ExchFixedMargin: float | None = None
    """交易所期权合约保证金不变部分 exchange fixed margin"""
    ExchMiniMargin: float | None = None
    """交易所期权合约最小保证金 exchange minimum margin"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryOptionInstrTradeCost(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """期权交易成本查询 query option instrument trade cost"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    InputPrice: float | None = None
    """期权合约报价 input price"""
    UnderlyingPrice: float | None = None
    """标的价格,填0则用昨结算价 underlying price"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryOptionInstrCommRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """期权手续费率查询 query option instrument commission rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InputExecOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入的执行宣告 input execution order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExecOrderRef: str = ""
    """执行宣告引用 execution order reference"""
    UserID: str = ""
    """用户代码 user ID"""
    Volume: int = 0
    """数量 volume"""
    RequestID: int = 0
    """请求编号 request ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    OffsetFlag: str = ""
    """开平标志 whether it opens or closes (enums.OffsetFlag)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ActionType: str = ""
    """执行类型 action type (enums.ActionType)"""
    PosiDirection: str = ""
    """保留头寸申请的持仓方向 long, short or net (enums.PosiDirection)"""
    ReservePositionFlag: str = ""
    """期权行权后是否保留期货头寸的标记,该字段已废弃 reserve position flag (enums.ExecOrderPositionFlag)"""
    CloseFlag: str = ""
    """期权行权后生成的头寸是否自动平仓 close flag (enums.ExecOrderCloseFlag)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    ClientID: str = ""
    """交易编码 client ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class InputExecOrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入执行宣告操作 input execution order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExecOrderActionRef: int = 0
    """执行宣告操作引用 execution order action reference"""
    ExecOrderRef: str = ""
    """执行宣告引用 execution order reference"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ExecOrderSysID: str = ""
    """执行宣告操作编号 execution order system ID"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    UserID: str = ""
    """用户代码 user ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class ExecOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """执行宣告 execution order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExecOrderRef: str = ""
    """执行宣告引用 execution order reference"""
    UserID: str = ""
    """用户代码 user ID"""
    Volume: int = 0
    """数量 volume"""
    RequestID: int = 0
    """请求编号 request ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    OffsetFlag: str = ""
    """开平标志 whether it opens or closes (enums.OffsetFlag)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ActionType: str = ""
    """执行类型 action type (enums.ActionType)"""
    PosiDirection: str = ""
    """保留头寸申请的持仓方向 long, short or net (enums.PosiDirection)"""
    ReservePositionFlag: str = ""
    """期权行权后是否保留期货头寸的标记,该字段已废弃 reserve position flag (enums.ExecOrderPositionFlag)"""
    CloseFlag: str = ""
    """期权行权后生成的头寸是否自动平仓 close flag (enums.ExecOrderCloseFlag)"""
    ExecOrderLocalID: str = ""
    """本地执行宣告编号 execution order local ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    OrderSubmitStatus: str = ""
    """执行宣告提交状态 how far the order's submission has come (enums.OrderSubmitStatus)"""
    NotifySequence: int = 0
    """报单提示序号 notify sequence"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    ExecOrderSysID: str = ""
    """执行宣告编号 execution order system ID"""
    InsertDate: str = ""
    """报单日期 date of the order"""
    InsertTime: str = ""
    """插入时间 time of the order"""
    CancelTime: str = ""
    """撤销时间 cancel time"""
    ExecResult: str = ""
    """执行结果 execution result (enums.ExecResult)"""
    ClearingPartID: str = ""
    """结算会员编号 clearing part ID"""
    SequenceNo: int = 0
    """序号 sequence number"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    ActiveUserID: str = ""
    """操作用户代码 user of the last action"""
    BrokerExecOrderSeq: int = 0
    """经纪公司报单编号 broker execution order sequence"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    IPAddress: str = ""
    """IP地址 IP address"""


class ExecOrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """执行宣告操作 execution order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExecOrderActionRef: int = 0
    """执行宣告操作引用 execution order action reference"""
    ExecOrderRef: str = ""
    """执行宣告引用 execution order reference"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ExecOrderSysID: str = ""
    """执行宣告操作编号 execution order system ID"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    ActionDate: str = ""
    """操作日期 action date"""
    ActionTime: str = ""
    """操作时间 action time"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    ExecOrderLocalID: str = ""
    """本地执行宣告编号 execution order local ID"""
    ActionLocalID: str = ""
    """操作本地编号 action local ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    OrderActionStatus: str = ""
    """报单操作状态 order action status (enums.OrderActionStatus)"""
    UserID: str = ""
    """用户代码 user ID"""
    ActionType: str = ""
    """执行类型 action type (enums.ActionType)"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class QryExecOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """执行宣告查询 query execution order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ExecOrderSysID: str = ""
    """执行宣告编号 execution order system ID"""
    InsertTimeStart: str = ""
    """开始时间 insert time start"""
    InsertTimeEnd: str = ""
    """结束时间 insert time end"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InputForQuote(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入的询价 input request for quotes"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ForQuoteRef: str = ""
    """询价引用 request for quotes reference"""
    UserID: str = ""
    """用户代码 user ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class ForQuote(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """询价 request for quotes"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ForQuoteRef: str = ""
    """询价引用 request for quotes reference"""
    UserID: str = ""
    """用户代码 user ID"""
    ForQuoteLocalID: str = ""
    """本地询价编号 request for quotes local ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    InsertDate: str = ""
    """报单日期 date of the order"""
    InsertTime: str = ""
    """插入时间 time of the order"""
    ForQuoteStatus: str = ""
    """询价状态 request for quotes status (enums.ForQuoteStatus)"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    ActiveUserID: str = ""
    """操作用户代码 user of the last action"""
    BrokerForQutoSeq: int = 0
    """经纪公司询价编号 broker request for quotes sequence"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    IPAddress: str = ""
    """IP地址 IP address"""


class QryForQuote(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """询价查询 query request for quotes"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InsertTimeStart: str = ""
    """开始时间 insert time start"""
    InsertTimeEnd: str = ""
    """结束时间 insert time end"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InputQuote(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入的报价 input quote"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    QuoteRef: str = ""
    """报价引用 quote reference"""
    UserID: str = ""
    """用户代码 user ID"""
    AskPrice: float | None = None
    """卖价格 ask price"""
    BidPrice: float | None = None
    """买价格 bid price"""
    AskVolume: int = 0
    """卖数量 ask volume"""
    BidVolume: int = 0
    """买数量 bid volume"""
    RequestID: int = 0
    """请求编号 request ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    AskOffsetFlag: str = ""
    """卖开平标志 ask offset flag (enums.OffsetFlag)"""
    BidOffsetFlag: str = ""
    """买开平标志 bid offset flag (enums.OffsetFlag)"""
    AskHedgeFlag: str = ""
    """卖投机套保标志 ask hedge flag (enums.HedgeFlag)"""
    BidHedgeFlag: str = ""
    """买投机套保标志 bid hedge flag (enums.HedgeFlag)"""
    AskOrderRef: str = ""
    """衍生卖报单引用 ask order reference"""
    BidOrderRef: str = ""
    """衍生买报单引用 bid order reference"""
    ForQuoteSysID: str = ""
    """应价编号 request for quotes system ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    ClientID: str = ""
    """交易编码 client ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    ReplaceSysID: str = ""
    """被顶单编号 number of the quote replaced"""
    TimeCondition: str = ""
    """有效期类型 how long the order stands (enums.TimeCondition)"""
    OrderMemo: str = ""
    """报单回显字段 order memo"""
    SessionReqSeq: int = 0
    """session上请求计数 api自动维护 session request sequence"""


class InputQuoteAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入报价操作 input quote action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    QuoteActionRef: int = 0
    """报价操作引用 quote action reference"""
    QuoteRef: str = ""
    """报价引用 quote reference"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    QuoteSysID: str = ""
    """报价操作编号 quote system ID"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    UserID: str = ""
    """用户代码 user ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    ClientID: str = ""
    """交易编码 client ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    OrderMemo: str = ""
    """报单回显字段 order memo"""
    SessionReqSeq: int = 0
    """session上请求计数 api自动维护 session request sequence"""


class Quote(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """报价 quote"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    QuoteRef: str = ""
    """报价引用 quote reference"""
    UserID: str = ""
    """用户代码 user ID"""
    AskPrice: float | None = None
    """卖价格 ask price"""
    BidPrice: float | None = None
    """买价格 bid price"""
    AskVolume: int = 0
    """卖数量 ask volume"""
    BidVolume: int = 0
    """买数量 bid volume"""
    RequestID: int = 0
    """请求编号 request ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    AskOffsetFlag: str = ""
    """卖开平标志 ask offset flag (enums.OffsetFlag)"""
    BidOffsetFlag: str = ""
    """买开平标志 bid offset flag (enums.OffsetFlag)"""
    AskHedgeFlag: str = ""
    """卖投机套保标志 ask hedge flag (enums.HedgeFlag)"""
    BidHedgeFlag: str = ""
    """买投机套保标志 bid hedge flag (enums.HedgeFlag)"""
    QuoteLocalID: str = ""
    """本地报价编号 quote local ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    NotifySequence: int = 0
    """报价提示序号 notify sequence"""
    OrderSubmitStatus: str = ""
    """报价提交状态 how far the order's submission has come (enums.OrderSubmitStatus)"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    QuoteSysID: str = ""
    """报价编号 quote system ID"""
    InsertDate: str = ""
    """报单日期 date of the order"""
    InsertTime: str = ""
    """插入时间 time of the order"""
    CancelTime: str = ""
    """撤销时间 cancel time"""
    QuoteStatus: str = ""
    """报价状态 quote status (enums.OrderStatus)"""
    ClearingPartID: str = ""
    """结算会员编号 clearing part ID"""
    SequenceNo: int = 0
    """序号 sequence number"""
    AskOrderSysID: str = ""
    """卖方报单编号 ask order system ID"""
    BidOrderSysID: str = ""
    """买方报单编号 bid order system ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    ActiveUserID: str = ""
    """操作用户代码 user of the last action"""
    BrokerQuoteSeq: int = 0
    """经纪公司报价编号 broker quote sequence"""
    AskOrderRef: str = ""
    """衍生卖报单引用 ask order reference"""
    BidOrderRef: str = ""
    """衍生买报单引用 bid order reference"""
    ForQuoteSysID: str = ""
    """应价编号 request for quotes system ID"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    IPAddress: str = ""
    """IP地址 IP address"""
    ReplaceSysID: str = ""
    """被顶单编号 number of the quote replaced"""
    TimeCondition: str = ""
    """有效期类型 how long the order stands (enums.TimeCondition)"""
    OrderMemo: str = ""
    """报单回显字段 order memo"""
    SessionReqSeq: int = 0
    """session上请求计数 api自动维护 session request sequence"""


class QuoteAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """报价操作 quote action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    QuoteActionRef: int = 0
    """报价操作引用 quote action reference"""
    QuoteRef: str = ""
    """报价引用 quote reference"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    QuoteSysID: str = ""
    """报价操作编号 quote system ID"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    ActionDate: str = ""
    """操作日期 action date"""
    ActionTime: str = ""
    """操作时间 action time"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    QuoteLocalID: str = ""
    """本地报价编号 quote local ID"""
    ActionLocalID: str = ""
    """操作本地编号 action local ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    OrderActionStatus: str = ""
    """报单操作状态 order action status (enums.OrderActionStatus)"""
    UserID: str = ""
    """用户代码 user ID"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    OrderMemo: str = ""
    """报单回显字段 order memo"""
    SessionReqSeq: int = 0
    """session上请求计数 api自动维护 session request sequence"""


class QryQuote(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """报价查询 query quote"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    QuoteSysID: str = ""
    """报价编号 quote system ID"""
    InsertTimeStart: str = ""
    """开始时间 insert time start"""
    InsertTimeEnd: str = ""
    """结束时间 insert time end"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class ForQuoteRsp(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """发给做市商的询价请求 request for quotes responses"""

    TradingDay: str = ""
    """交易日 trading day"""
    ForQuoteSysID: str = ""
    """询价编号 request for quotes system ID"""
    ForQuoteTime: str = ""
    """询价时间 request for quotes time"""
    ActionDay: str = ""
    """业务日期 date by the clock of the tick"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InputBatchOrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入批量报单操作 input batch order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderActionRef: int = 0
    """报单操作引用 order action reference"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    UserID: str = ""
    """用户代码 user ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    IPAddress: str = ""
    """IP地址 IP address"""


class BatchOrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """批量报单操作 batch order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderActionRef: int = 0
    """报单操作引用 order action reference"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ActionDate: str = ""
    """操作日期 action date"""
    ActionTime: str = ""
    """操作时间 action time"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    ActionLocalID: str = ""
    """操作本地编号 action local ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    OrderActionStatus: str = ""
    """报单操作状态 order action status (enums.OrderActionStatus)"""
    UserID: str = ""
    """用户代码 user ID"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    IPAddress: str = ""
    """IP地址 IP address"""


class CombInstrumentGuard(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """组合合约安全系数 combination instrument guard"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    GuarantRatio: float | None = None
    """guarantee ratio"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryCombInstrumentGuard(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """组合合约安全系数查询 query combination instrument guard"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InputCombAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入的申请组合 input combination action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CombActionRef: str = ""
    """组合引用 combination action reference"""
    UserID: str = ""
    """用户代码 user ID"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    Volume: int = 0
    """数量 volume"""
    CombDirection: str = ""
    """组合指令方向 combination direction (enums.CombDirection)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class CombAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """申请组合 combination action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CombActionRef: str = ""
    """组合引用 combination action reference"""
    UserID: str = ""
    """用户代码 user ID"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    Volume: int = 0
    """数量 volume"""
    CombDirection: str = ""
    """组合指令方向 combination direction (enums.CombDirection)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ActionLocalID: str = ""
    """本地申请组合编号 action local ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    ActionStatus: str = ""
    """组合状态 action status (enums.OrderActionStatus)"""
    NotifySequence: int = 0
    """报单提示序号 notify sequence"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    SequenceNo: int = 0
    """序号 sequence number"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    ComTradeID: str = ""
    """组合编号 combination trade ID"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    IPAddress: str = ""
    """IP地址 IP address"""


class QryCombAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """申请组合查询 query combination action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class ProductExchRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """产品报价汇率 product exchange rate"""

    QuoteCurrencyID: str = ""
    """报价币种类型 quote currency ID"""
    ExchangeRate: float | None = None
    """汇率 exchange rate"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品代码 product ID"""


class QryProductExchRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """产品报价汇率查询 query product exchange rate"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品代码 product ID"""


class MMOptionInstrCommRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """当前做市商期权合约手续费的详细内容 market maker option instrument commission rate"""

    InvestorRange: str = ""
    """投资者范围 investor range (enums.InvestorRange)"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OpenRatioByMoney: float | None = None
    """开仓手续费率 commission on opening, share of turnover"""
    OpenRatioByVolume: float | None = None
    """开仓手续费 commission on opening, yuan a lot"""
    CloseRatioByMoney: float | None = None
    """平仓手续费率 commission on closing, share of turnover"""
    CloseRatioByVolume: float | None = None
    """平仓手续费 commission on closing, yuan a lot"""
    CloseTodayRatioByMoney: float | None = None
    """平今手续费率 commission on closing today's, share of turnover"""
    CloseTodayRatioByVolume: float | None = None
    """平今手续费 commission on closing today's, yuan a lot"""
    StrikeRatioByMoney: float | None = None
    """执行手续费率 commission on exercise, share of turnover"""
    StrikeRatioByVolume: float | None = None
    """执行手续费 commission on exercise, yuan a lot"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryMMOptionInstrCommRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """做市商期权手续费率查询 query market maker option instrument commission rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class MMInstrumentCommissionRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """做市商合约手续费率 market maker instrument commission rate"""

    InvestorRange: str = ""
    """投资者范围 investor range (enums.InvestorRange)"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OpenRatioByMoney: float | None = None
    """开仓手续费率 commission on opening, share of turnover"""
    OpenRatioByVolume: float | None = None
    """开仓手续费 commission on opening, yuan a lot"""
    CloseRatioByMoney: float | None = None
    """平仓手续费率 commission on closing, share of turnover"""
    CloseRatioByVolume: float | None = None
    """平仓手续费 commission on closing, yuan a lot"""
    CloseTodayRatioByMoney: float | None = None
    """平今手续费率 commission on closing today's, share of turnover"""
    CloseTodayRatioByVolume: float | None = None
    """平今手续费 commission on closing today's, yuan a lot"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryMMInstrumentCommissionRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询做市商合约手续费率 query market maker instrument commission rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InstrumentOrderCommRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """当前报单手续费的详细内容 instrument order commission rate"""

    InvestorRange: str = ""
    """投资者范围 investor range (enums.InvestorRange)"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    OrderCommByVolume: float | None = None
    """报单手续费 order commission by volume"""
    OrderActionCommByVolume: float | None = None
    """撤单手续费 order action commission by volume"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    OrderCommByTrade: float | None = None
    """报单手续费 order commission by trade"""
    OrderActionCommByTrade: float | None = None
    """撤单手续费 order action commission by trade"""


class QryInstrumentOrderCommRate(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """报单手续费率查询 query instrument order commission rate"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InputOptionSelfClose(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入的期权自对冲 input option self-offset"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OptionSelfCloseRef: str = ""
    """期权自对冲引用 option self-offset reference"""
    UserID: str = ""
    """用户代码 user ID"""
    Volume: int = 0
    """数量 volume"""
    RequestID: int = 0
    """请求编号 request ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    OptSelfCloseFlag: str = ""
    """期权行权的头寸是否自对冲 option self-offset flag (enums.OptSelfCloseFlag)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    ClientID: str = ""
    """交易编码 client ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class InputOptionSelfCloseAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入期权自对冲操作 input option self-offset action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OptionSelfCloseActionRef: int = 0
    """期权自对冲操作引用 option self-offset action reference"""
    OptionSelfCloseRef: str = ""
    """期权自对冲引用 option self-offset reference"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    OptionSelfCloseSysID: str = ""
    """期权自对冲操作编号 option self-offset system ID"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    UserID: str = ""
    """用户代码 user ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class OptionSelfClose(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """期权自对冲 option self-offset"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OptionSelfCloseRef: str = ""
    """期权自对冲引用 option self-offset reference"""
    UserID: str = ""
    """用户代码 user ID"""
    Volume: int = 0
    """数量 volume"""
    RequestID: int = 0
    """请求编号 request ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    OptSelfCloseFlag: str = ""
    """期权行权的头寸是否自对冲 option self-offset flag (enums.OptSelfCloseFlag)"""
    OptionSelfCloseLocalID: str = ""
    """本地期权自对冲编号 option self-offset local ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    OrderSubmitStatus: str = ""
    """期权自对冲提交状态 how far the order's submission has come (enums.OrderSubmitStatus)"""
    NotifySequence: int = 0
    """报单提示序号 notify sequence"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    OptionSelfCloseSysID: str = ""
    """期权自对冲编号 option self-offset system ID"""
    InsertDate: str = ""
    """报单日期 date of the order"""
    InsertTime: str = ""
    """插入时间 time of the order"""
    CancelTime: str = ""
    """撤销时间 cancel time"""
    ExecResult: str = ""
    """自对冲结果 execution result (enums.ExecResult)"""
    ClearingPartID: str = ""
    """结算会员编号 clearing part ID"""
    SequenceNo: int = 0
    """序号 sequence number"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    ActiveUserID: str = ""
    """操作用户代码 user of the last action"""
    BrokerOptionSelfCloseSeq: int = 0
    """经纪公司报单编号 broker option self-offset sequence"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    IPAddress: str = ""
    """IP地址 IP address"""


class OptionSelfCloseAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """期权自对冲操作 option self-offset action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OptionSelfCloseActionRef: int = 0
    """期权自对冲操作引用 option self-offset action reference"""
    OptionSelfCloseRef: str = ""
    """期权自对冲引用 option self-offset reference"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    OptionSelfCloseSysID: str = ""
    """期权自对冲操作编号 option self-offset system ID"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    ActionDate: str = ""
    """操作日期 action date"""
    ActionTime: str = ""
    """操作时间 action time"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    OptionSelfCloseLocalID: str = ""
    """本地期权自对冲编号 option self-offset local ID"""
    ActionLocalID: str = ""
    """操作本地编号 action local ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    OrderActionStatus: str = ""
    """报单操作状态 order action status (enums.OrderActionStatus)"""
    UserID: str = ""
    """用户代码 user ID"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class QryOptionSelfClose(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """期权自对冲查询 query option self-offset"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    OptionSelfCloseSysID: str = ""
    """期权自对冲编号 option self-offset system ID"""
    InsertTimeStart: str = ""
    """开始时间 insert time start"""
    InsertTimeEnd: str = ""
    """结束时间 insert time end"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InvestUnit(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资单元 investment unit"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InvestorUnitName: str = ""
    """投资者单元名称 investor unit name"""
    InvestorGroupID: str = ""
    """投资者分组代码 investor group ID"""
    CommModelID: str = ""
    """手续费率模板代码 commission model ID"""
    MarginModelID: str = ""
    """保证金率模板代码 margin model ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""


class QryInvestUnit(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询投资单元 query investment unit"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class SecAgentCheckMode(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """二级代理商资金校验模式 secondary agent check mode"""

    InvestorID: str = ""
    """投资者代码 investor ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    CurrencyID: str = ""
    """币种 currency ID"""
    BrokerSecAgentID: str = ""
    """境外中介机构资金帐号 broker secondary agent ID"""
    CheckSelfAccount: int = 0
    """是否需要校验自己的资金账户 check self account"""


class SecAgentTradeInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """二级代理商信息 secondary agent trade information"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    BrokerSecAgentID: str = ""
    """境外中介机构资金帐号 broker secondary agent ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    LongCustomerName: str = ""
    """二级代理商姓名 customer's name in full"""


class InstrumentStatus(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """合约状态 instrument status"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    SettlementGroupID: str = ""
    """结算组代码 settlement group ID"""
    InstrumentStatus: str = ""
    """合约交易状态 instrument status (enums.InstrumentStatus)"""
    TradingSegmentSN: int = 0
    """交易阶段编号 trading segment number"""
    EnterTime: str = ""
    """进入本状态时间 since when it is in this state"""
    EnterReason: str = ""
    """进入本状态原因 why it has come into this state (enums.InstStatusEnterReason)"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryTransferBank(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询转帐银行 query transfer bank"""

    BankID: str = ""
    """银行代码 bank ID"""
    BankBrchID: str = ""
    """银行分中心代码 bank branch ID"""


class TransferBank(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """转帐银行 transfer bank"""

    BankID: str = ""
    """银行代码 bank ID"""
    BankBrchID: str = ""
    """银行分中心代码 bank branch ID"""
    BankName: str = ""
    """银行名称 bank name"""
    IsActive: int = 0
    """是否活跃 whether it is active"""


class QryInvestorPositionDetail(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询投资者持仓明细 query investor position detail"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class InvestorPositionDetail(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者持仓明细 investor position detail"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    Direction: str = ""
    """买卖 direction (enums.Direction)"""
    OpenDate: str = ""
    """开仓日期 open date"""
    TradeID: str = ""
    """成交编号 trade ID"""
    Volume: int = 0
    """数量 volume"""
    OpenPrice: float | None = None
    """开仓价 open price"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    TradeType: str = ""
    """成交类型 trade type (enums.TradeType)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    CloseProfitByDate: float | None = None
    """逐日盯市平仓盈亏 realised profit of the day (marked to market)"""
    CloseProfitByTrade: float | None = None
    """逐笔对冲平仓盈亏 realised profit from the open price"""
    PositionProfitByDate: float | None = None
    """逐日盯市持仓盈亏 position profit by date"""
    PositionProfitByTrade: float | None = None
    """逐笔对冲持仓盈亏 position profit by trade"""
    Margin: float | None = None
    """投资者保证金 margin"""
    ExchMargin: float | None = None
    """交易所保证金 exchange margin"""
    MarginRateByMoney: float | None = None
    """保证金率 margin rate by money"""
    MarginRateByVolume: float | None = None
    """保证金率(按手数) margin rate by volume"""
    LastSettlementPrice: float | None = None
    """昨结算价 last settlement price"""
    SettlementPrice: float | None = None
    """结算价 settlement price"""
    CloseVolume: int = 0
    """平仓量 close volume"""
    CloseAmount: float | None = None
    """平仓金额 close amount"""
    TimeFirstVolume: int = 0
    """先开先平剩余数量 volume left, first opened first closed"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    SpecPosiType: str = ""
    """特殊持仓标志 special position type (enums.SpecPosiType)"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    CombInstrumentID: str = ""
    """组合合约代码 combination instrument ID"""


class QryNotice(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询客户通知 query notice"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""


class Notice(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """客户通知 notice"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    Content: str = ""
    """消息正文 content"""
    SequenceLabel: str = ""
    """经纪公司通知内容序列号 sequence label"""


class QrySettlementInfoConfirm(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询结算信息确认域 query settlement information confirm"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""


class TradingAccountPasswordUpdate(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """资金账户口令变更域 trading account password update"""

    secret_fields: ClassVar[tuple[str, ...]] = ('OldPassword', 'NewPassword')

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    OldPassword: str = ""
    """原来的口令 old password"""
    NewPassword: str = ""
    """新的口令 new password"""
    CurrencyID: str = ""
    """币种代码 currency ID"""


class QryContractBank(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询签约银行请求 query contract bank"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBrchID: str = ""
    """银行分中心代码 bank branch ID"""


class ContractBank(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询签约银行响应 contract bank"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBrchID: str = ""
    """银行分中心代码 bank branch ID"""
    BankName: str = ""
    """银行名称 bank name"""


class InvestorPositionCombineDetail(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者组合持仓明细 investor position combine detail"""

    TradingDay: str = ""
    """交易日 trading day"""
    OpenDate: str = ""
    """开仓日期 open date"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ComTradeID: str = ""
    """组合编号 combination trade ID"""
    TradeID: str = ""
    """撮合编号 trade ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    Direction: str = ""
    """买卖 direction (enums.Direction)"""
    TotalAmt: int = 0
    """持仓量 open interest"""
    Margin: float | None = None
    """投资者保证金 margin"""
    ExchMargin: float | None = None
    """交易所保证金 exchange margin"""
    MarginRateByMoney: float | None = None
    """保证金率 margin rate by money"""
    MarginRateByVolume: float | None = None
    """保证金率(按手数) margin rate by volume"""
    LegID: int = 0
    """单腿编号 leg ID"""
    LegMultiple: int = 0
    """单腿乘数 multiplier of the leg"""
    TradeGroupID: int = 0
    """成交组号 trade group ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    CombInstrumentID: str = ""
    """组合持仓合约编码 combination instrument ID"""


class ParkedOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """预埋单 parked order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderRef: str = ""
    """报单引用 the client's reference of the order"""
    UserID: str = ""
    """用户代码 user ID"""
    OrderPriceType: str = ""
    """报单价格条件 limit, market or another price (enums.OrderPriceType)"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    CombOffsetFlag: str = ""
    """组合开平标志 whether to open or to close, a character for each leg (enums.OffsetFlag)"""
    CombHedgeFlag: str = ""
    """组合投机套保标志 hedge flag, a character for each leg (enums.HedgeFlag)"""
    LimitPrice: float | None = None
    """价格 price of a limit order"""
    VolumeTotalOriginal: int = 0
    """数量 volume of the order"""
    TimeCondition: str = ""
    """有效期类型 how long the order stands (enums.TimeCondition)"""
    GTDDate: str = ""
    """GTD日期 good-till date"""
    VolumeCondition: str = ""
    """成交量类型 how much must trade at once (enums.VolumeCondition)"""
    MinVolume: int = 0
    """最小成交量 least volume that must trade"""
    ContingentCondition: str = ""
    """触发条件 when the order is triggered (enums.ContingentCondition)"""
    StopPrice: float | None = None
    """止损价 stop price"""
    ForceCloseReason: str = ""
    """强平原因 why the position is closed by force (enums.ForceCloseReason)"""
    IsAutoSuspend: int = 0
    """自动挂起标志 whether it is suspended when the user logs out"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    RequestID: int = 0
    """请求编号 request ID"""
    UserForceClose: int = 0
    """用户强平标志 whether the user forces the close"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParkedOrderID: str = ""
    """预埋报单编号 parked order ID"""
    UserType: str = ""
    """用户类型 user type (enums.UserType)"""
    Status: str = ""
    """预埋单状态 status (enums.ParkedOrderStatus)"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    IsSwapOrder: int = 0
    """互换单标志 is swap order"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    ClientID: str = ""
    """交易编码 client ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class ParkedOrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入预埋单操作 parked order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderActionRef: int = 0
    """报单操作引用 order action reference"""
    OrderRef: str = ""
    """报单引用 the client's reference of the order"""
    RequestID: int = 0
    """请求编号 request ID"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    OrderSysID: str = ""
    """报单编号 the exchange's number of the order"""
    ActionFlag: str = ""
    """操作标志 whether to cancel or to modify (enums.ActionFlag)"""
    LimitPrice: float | None = None
    """价格 price of a limit order"""
    VolumeChange: int = 0
    """数量变化 volume change"""
    UserID: str = ""
    """用户代码 user ID"""
    ParkedOrderActionID: str = ""
    """预埋撤单单编号 parked order action ID"""
    UserType: str = ""
    """用户类型 user type (enums.UserType)"""
    Status: str = ""
    """预埋撤单状态 status (enums.ParkedOrderStatus)"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    IPAddress: str = ""
    """IP地址 IP address"""


class QryParkedOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询预埋单 query parked order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryParkedOrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询预埋撤单 query parked order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class RemoveParkedOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """删除预埋单 remove parked order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ParkedOrderID: str = ""
    """预埋报单编号 parked order ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class RemoveParkedOrderAction(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """删除预埋撤单 remove parked order action"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ParkedOrderActionID: str = ""
    """预埋撤单编号 parked order action ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class QryInvestorPositionCombineDetail(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询组合持仓明细 query investor position combine detail"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    CombInstrumentID: str = ""
    """组合持仓合约编码 combination instrument ID"""


class TradingNoticeInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户事件通知信息 trading notice information"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    SendTime: str = ""
    """发送时间 send time"""
    FieldContent: str = ""
    """消息正文 field content"""
    SequenceSeries: int = 0
    """序列系列号 sequence series"""
    SequenceNo: int = 0
    """序列号 sequence number"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class TradingNotice(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户事件通知 trading notice"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorRange: str = ""
    """投资者范围 investor range (enums.InvestorRange)"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    SequenceSeries: int = 0
    """序列系列号 sequence series"""
    UserID: str = ""
    """用户代码 user ID"""
    SendTime: str = ""
    """发送时间 send time"""
    SequenceNo: int = 0
    """序列号 sequence number"""
    FieldContent: str = ""
    """消息正文 field content"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class QryTradingNotice(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询交易事件通知 query trading notice"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class ErrorConditionalOrder(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询错误报单操作 error conditional order"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    OrderRef: str = ""
    """报单引用 the client's reference of the order"""
    UserID: str = ""
    """用户代码 user ID"""
    OrderPriceType: str = ""
    """报单价格条件 limit, market or another price (enums.OrderPriceType)"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    CombOffsetFlag: str = ""
    """组合开平标志 whether to open or to close, a character for each leg (enums.OffsetFlag)"""
    CombHedgeFlag: str = ""
    """组合投机套保标志 hedge flag, a character for each leg (enums.HedgeFlag)"""
    LimitPrice: float | None = None
    """价格 price of a limit order"""
    VolumeTotalOriginal: int = 0
    """数量 volume of the order"""
    TimeCondition: str = ""
    """有效期类型 how long the order stands (enums.TimeCondition)"""
    GTDDate: str = ""
    """GTD日期 good-till date"""
    VolumeCondition: str = ""
    """成交量类型 how much must trade at once (enums.VolumeCondition)"""
    MinVolume: int = 0
    """最小成交量 least volume that must trade"""
    ContingentCondition: str = ""
    """触发条件 when the order is triggered (enums.ContingentCondition)"""
    StopPrice: float | None = None
    """止损价 stop price"""
    ForceCloseReason: str = ""
    """强平原因 why the position is closed by force (enums.ForceCloseReason)"""
    IsAutoSuspend: int = 0
    """自动挂起标志 whether it is suspended when the user logs out"""
    BusinessUnit: str = ""
    """业务单元 business unit"""
    RequestID: int = 0
    """请求编号 request ID"""
    OrderLocalID: str = ""
    """本地报单编号 the order's number at the broker's seat"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    OrderSubmitStatus: str = ""
    """报单提交状态 how far the order's submission has come (enums.OrderSubmitStatus)"""
    NotifySequence: int = 0
    """报单提示序号 notify sequence"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    OrderSysID: str = ""
    """报单编号 the exchange's number of the order"""
    OrderSource: str = ""
    """报单来源 order source (enums.OrderSource)"""
    OrderStatus: str = ""
    """报单状态 order status (enums.OrderStatus)"""
    OrderType: str = ""
    """报单类型 order type (enums.OrderType)"""
    VolumeTraded: int = 0
    """今成交数量 volume traded so far"""
    VolumeTotal: int = 0
    """剩余数量 volume left"""
    InsertDate: str = ""
    """报单日期 date of the order"""
    InsertTime: str = ""
    """委托时间 time of the order"""
    ActiveTime: str = ""
    """激活时间 active time"""
    SuspendTime: str = ""
    """挂起时间 suspend time"""
    UpdateTime: str = ""
    """最后修改时间 update time"""
    CancelTime: str = ""
    """撤销时间 cancel time"""
    ActiveTraderID: str = ""
    """最后修改交易所交易员代码 seat of the last action"""
    ClearingPartID: str = ""
    """结算会员编号 clearing part ID"""
    SequenceNo: int = 0
    """序号 sequence number"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    UserForceClose: int = 0
    """用户强平标志 whether the user forces the close"""
    ActiveUserID: str = ""
    """操作用户代码 user of the last action"""
    BrokerOrderSeq: int = 0
    """经纪公司报单编号 broker order sequence"""
    RelativeOrderSysID: str = ""
    """相关报单 number of the order it stems from"""
    ZCETotalTradedVolume: int = 0
    """郑商所成交数量 CZCE total traded volume"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    IsSwapOrder: int = 0
    """互换单标志 is swap order"""
    BranchID: str = ""
    """营业部编号 branch ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    AccountID: str = ""
    """资金账号 account ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    IPAddress: str = ""
    """IP地址 IP address"""


class QryBrokerTradingParams(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询经纪公司交易参数 query broker trading parameters"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""


class BrokerTradingParams(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """经纪公司交易参数 broker trading parameters"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    MarginPriceType: str = ""
    """保证金价格类型 margin price type (enums.MarginPriceType)"""
    Algorithm: str = ""
    """盈亏算法 algorithm (enums.Algorithm)"""
    AvailIncludeCloseProfit: str = ""
    """可用是否包含平仓盈利 available include close profit (enums.IncludeCloseProfit)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    OptionRoyaltyPriceType: str = ""
    """期权权利金价格类型 option royalty price type (enums.OptionRoyaltyPriceType)"""
    AccountID: str = ""
    """投资者帐号 account ID"""


class QryBrokerTradingAlgos(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询经纪公司交易算法 query broker trading algorithms"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class BrokerTradingAlgos(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """经纪公司交易算法 broker trading algorithms"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    HandlePositionAlgoID: str = ""
    """持仓处理算法编号 handle position algorithm ID (enums.HandlePositionAlgoID)"""
    FindMarginRateAlgoID: str = ""
    """寻找保证金率算法编号 find margin rate algorithm ID (enums.FindMarginRateAlgoID)"""
    HandleTradingAccountAlgoID: str = ""
    """资金处理算法编号 handle trading account algorithm ID (enums.HandleTradingAccountAlgoID)"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class CFMMCTradingAccountKey(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """保证金监管系统经纪公司资金账户密钥 monitoring centre trading account key"""

    secret_fields: ClassVar[tuple[str, ...]] = ('CurrentKey',)

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    ParticipantID: str = ""
    """经纪公司统一编码 participant ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    KeyID: int = 0
    """密钥编号 key ID"""
    CurrentKey: str = ""
    """动态密钥 current key"""


class QryCFMMCTradingAccountKey(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """请求查询保证金监管系统经纪公司资金账户密钥 query monitoring centre trading account key"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""


class EWarrantOffset(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """仓单折抵信息 e-warrant offset"""

    TradingDay: str = ""
    """交易日期 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    Volume: int = 0
    """数量 volume"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryEWarrantOffset(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询仓单折抵信息 query e-warrant offset"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryInvestorProductGroupMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询投资者品种/跨品种保证金 query investor product group margin"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    ProductGroupID: str = ""
    """品种/跨品种标示 product group ID"""


class InvestorProductGroupMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者品种/跨品种保证金 investor product group margin"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    FrozenMargin: float | None = None
    """冻结的保证金 frozen margin"""
    LongFrozenMargin: float | None = None
    """多头冻结的保证金 long frozen margin"""
    ShortFrozenMargin: float | None = None
    """空头冻结的保证金 short frozen margin"""
    UseMargin: float | None = None
    """占用的保证金 margin in use"""
    LongUseMargin: float | None = None
    """多头保证金 long margin in use"""
    ShortUseMargin: float | None = None
    """空头保证金 short margin in use"""
    ExchMargin: float | None = None
    """交易所保证金 exchange margin"""
    LongExchMargin: float | None = None
    """交易所多头保证金 long exchange margin"""
    ShortExchMargin: float | None = None
    """交易所空头保证金 short exchange margin"""
    CloseProfit: float | None = None
    """平仓盈亏 realised profit"""
    FrozenCommission: float | None = None
    """冻结的手续费 frozen commission"""
    Commission: float | None = None
    """手续费 commission"""
    FrozenCash: float | None = None
    """冻结的资金 frozen cash"""
    CashIn: float | None = None
    """资金差额 difference of funds"""
    PositionProfit: float | None = None
    """持仓盈亏 profit of open positions (marked to market)"""
    OffsetAmount: float | None = None
    """折抵总金额 offset amount"""
    LongOffsetAmount: float | None = None
    """多头折抵总金额 long offset amount"""
    ShortOffsetAmount: float | None = None
    """空头折抵总金额 short offset amount"""
    ExchOffsetAmount: float | None = None
    """交易所折抵总金额 exchange offset amount"""
    LongExchOffsetAmount: float | None = None
    """交易所多头折抵总金额 long exchange offset amount"""
    ShortExchOffsetAmount: float | None = None
    """交易所空头折抵总金额 short exchange offset amount"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    ProductGroupID: str = ""
    """品种/跨品种标示 product group ID"""


class QueryCFMMCTradingAccountToken(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询监控中心用户令牌 query monitoring centre trading account token"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""


class CFMMCTradingAccountToken(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """监控中心用户令牌 monitoring centre trading account token"""

    secret_fields: ClassVar[tuple[str, ...]] = ('Token',)

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    ParticipantID: str = ""
    """经纪公司统一编码 participant ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    KeyID: int = 0
    """密钥编号 key ID"""
    Token: str = ""
    """动态令牌 token"""


class QryProductGroup(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询产品组 query product group"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品代码 product ID"""


class ProductGroup(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者品种/跨品种保证金产品组 product group"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品代码 product ID"""
    ProductGroupID: str = ""
    """产品组代码 product group ID"""


class Bulletin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """交易所公告 bulletin"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    TradingDay: str = ""
    """交易日 trading day"""
    BulletinID: int = 0
    """公告编号 bulletin ID"""
    SequenceNo: int = 0
    """序列号 sequence number"""
    NewsType: str = ""
    """公告类型 news type"""
    NewsUrgency: str = ""
    """紧急程度 news urgency"""
    SendTime: str = ""
    """发送时间 send time"""
    Abstract: str = ""
    """消息摘要 abstract"""
    ComeFrom: str = ""
    """消息来源 come from"""
    Content: str = ""
    """消息正文 content"""
    URLLink: str = ""
    """WEB地址 URL link"""
    MarketID: str = ""
    """市场代码 market ID"""


class ReqTransfer(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """转账请求 request transfer"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'Password')

    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    InstallID: int = 0
    """安装编号 installation ID"""
    FutureSerial: int = 0
    """期货公司流水号 future serial"""
    UserID: str = ""
    """用户标识 user ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    TradeAmount: float | None = None
    """转帐金额 trade amount"""
    FutureFetchAmount: float | None = None
    """期货可取金额 future withdrawal amount"""
    FeePayFlag: str = ""
    """费用支付标志 fee pay flag (enums.FeePayFlag)"""
    CustFee: float | None = None
    """应收客户费用 customer fee"""
    BrokerFee: float | None = None
    """应收期货公司费用 broker fee"""
    Message: str = ""
    """发送方给接收方的消息 message"""
    Digest: str = ""
    """摘要 digest"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    DeviceID: str = ""
    """渠道标志 device ID"""
    BankSecuAccType: str = ""
    """期货单位帐号类型 bank futures account type (enums.BankAccType)"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankSecuAcc: str = ""
    """期货单位帐号 bank futures account"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    OperNo: str = ""
    """交易柜员 teller"""
    RequestID: int = 0
    """请求编号 request ID"""
    TID: int = 0
    """交易ID trade ID"""
    TransferStatus: str = ""
    """转账交易状态 transfer status (enums.TransferStatus)"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class RspTransfer(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """银行发起银行资金转期货响应 responses transfer"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'Password')

    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    InstallID: int = 0
    """安装编号 installation ID"""
    FutureSerial: int = 0
    """期货公司流水号 future serial"""
    UserID: str = ""
    """用户标识 user ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    TradeAmount: float | None = None
    """转帐金额 trade amount"""
    FutureFetchAmount: float | None = None
    """期货可取金额 future withdrawal amount"""
    FeePayFlag: str = ""
    """费用支付标志 fee pay flag (enums.FeePayFlag)"""
    CustFee: float | None = None
    """应收客户费用 customer fee"""
    BrokerFee: float | None = None
    """应收期货公司费用 broker fee"""
    Message: str = ""
    """发送方给接收方的消息 message"""
    Digest: str = ""
    """摘要 digest"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    DeviceID: str = ""
    """渠道标志 device ID"""
    BankSecuAccType: str = ""
    """期货单位帐号类型 bank futures account type (enums.BankAccType)"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankSecuAcc: str = ""
    """期货单位帐号 bank futures account"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    OperNo: str = ""
    """交易柜员 teller"""
    RequestID: int = 0
    """请求编号 request ID"""
    TID: int = 0
    """交易ID trade ID"""
    TransferStatus: str = ""
    """转账交易状态 transfer status (enums.TransferStatus)"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class ReqRepeal(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """冲正请求 request reversal"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'Password')

    RepealTimeInterval: int = 0
    """冲正时间间隔 reversal time interval"""
    RepealedTimes: int = 0
    """已经冲正次数 reversed times"""
    BankRepealFlag: str = ""
    """银行冲正标志 bank reversal flag (enums.BankRepealFlag)"""
    BrokerRepealFlag: str = ""
    """期商冲正标志 broker reversal flag (enums.BrokerRepealFlag)"""
    PlateRepealSerial: int = 0
    """被冲正平台流水号 platform reversal serial"""
    BankRepealSerial: str = ""
    """被冲正银行流水号 bank reversal serial"""
    FutureRepealSerial: int = 0
    """被冲正期货流水号 future reversal serial"""
    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    InstallID: int = 0
    """安装编号 installation ID"""
    FutureSerial: int = 0
    """期货公司流水号 future serial"""
    UserID: str = ""
    """用户标识 user ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    TradeAmount: float | None = None
    """转帐金额 trade amount"""
    FutureFetchAmount: float | None = None
    """期货可取金额 future withdrawal amount"""
    FeePayFlag: str = ""
    """费用支付标志 fee pay flag (enums.FeePayFlag)"""
    CustFee: float | None = None
    """应收客户费用 customer fee"""
    BrokerFee: float | None = None
    """应收期货公司费用 broker fee"""
    Message: str = ""
    """发送方给接收方的消息 message"""
    Digest: str = ""
    """摘要 digest"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    DeviceID: str = ""
    """渠道标志 device ID"""
    BankSecuAccType: str = ""
    """期货单位帐号类型 bank futures account type (enums.BankAccType)"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankSecuAcc: str = ""
    """期货单位帐号 bank futures account"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    OperNo: str = ""
    """交易柜员 teller"""
    RequestID: int = 0
    """请求编号 request ID"""
    TID: int = 0
    """交易ID trade ID"""
    TransferStatus: str = ""
    """转账交易状态 transfer status (enums.TransferStatus)"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class RspRepeal(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """冲正响应 responses reversal"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'Password')

    RepealTimeInterval: int = 0
    """冲正时间间隔 reversal time interval"""
    RepealedTimes: int = 0
    """已经冲正次数 reversed times"""
    BankRepealFlag: str = ""
    """银行冲正标志 bank reversal flag (enums.BankRepealFlag)"""
    BrokerRepealFlag: str = ""
    """期商冲正标志 broker reversal flag (enums.BrokerRepealFlag)"""
    PlateRepealSerial: int = 0
    """被冲正平台流水号 platform reversal serial"""
    BankRepealSerial: str = ""
    """被冲正银行流水号 bank reversal serial"""
    FutureRepealSerial: int = 0
    """被冲正期货流水号 future reversal serial"""
    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    InstallID: int = 0
    """安装编号 installation ID"""
    FutureSerial: int = 0
    """期货公司流水号 future serial"""
    UserID: str = ""
    """用户标识 user ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    TradeAmount: float | None = None
    """转帐金额 trade amount"""
    FutureFetchAmount: float | None = None
    """期货可取金额 future withdrawal amount"""
    FeePayFlag: str = ""
    """费用支付标志 fee pay flag (enums.FeePayFlag)"""
    CustFee: float | None = None
    """应收客户费用 customer fee"""
    BrokerFee: float | None = None
    """应收期货公司费用 broker fee"""
    Message: str = ""
    """发送方给接收方的消息 message"""
    Digest: str = ""
    """摘要 digest"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    DeviceID: str = ""
    """渠道标志 device ID"""
    BankSecuAccType: str = ""
    """期货单位帐号类型 bank futures account type (enums.BankAccType)"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankSecuAcc: str = ""
    """期货单位帐号 bank futures account"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    OperNo: str = ""
    """交易柜员 teller"""
    RequestID: int = 0
    """请求编号 request ID"""
    TID: int = 0
    """交易ID trade ID"""
    TransferStatus: str = ""
    """转账交易状态 transfer status (enums.TransferStatus)"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class ReqQueryAccount(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """查询账户信息请求 request query account"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'Password')

    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    FutureSerial: int = 0
    """期货公司流水号 future serial"""
    InstallID: int = 0
    """安装编号 installation ID"""
    UserID: str = ""
    """用户标识 user ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    Digest: str = ""
    """摘要 digest"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    DeviceID: str = ""
    """渠道标志 device ID"""
    BankSecuAccType: str = ""
    """期货单位帐号类型 bank futures account type (enums.BankAccType)"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankSecuAcc: str = ""
    """期货单位帐号 bank futures account"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    OperNo: str = ""
    """交易柜员 teller"""
    RequestID: int = 0
    """请求编号 request ID"""
    TID: int = 0
    """交易ID trade ID"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class NotifyQueryAccount(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """查询账户信息通知 notify query account"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'Password')

    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    FutureSerial: int = 0
    """期货公司流水号 future serial"""
    InstallID: int = 0
    """安装编号 installation ID"""
    UserID: str = ""
    """用户标识 user ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    Digest: str = ""
    """摘要 digest"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    DeviceID: str = ""
    """渠道标志 device ID"""
    BankSecuAccType: str = ""
    """期货单位帐号类型 bank futures account type (enums.BankAccType)"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankSecuAcc: str = ""
    """期货单位帐号 bank futures account"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    OperNo: str = ""
    """交易柜员 teller"""
    RequestID: int = 0
    """请求编号 request ID"""
    TID: int = 0
    """交易ID trade ID"""
    BankUseAmount: float | None = None
    """银行可用金额 bank use amount"""
    BankFetchAmount: float | None = None
    """银行可取金额 bank withdrawal amount"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class TransferSerial(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """银期转账交易流水表 transfer serial"""

    PlateSerial: int = 0
    """平台流水号 platform serial"""
    TradeDate: str = ""
    """交易发起方日期 trade date"""
    TradingDay: str = ""
    """交易日期 trading day"""
    TradeTime: str = ""
    """交易时间 trade time"""
    TradeCode: str = ""
    """交易代码 trade code"""
    SessionID: int = 0
    """会话编号 session ID"""
    BankID: str = ""
    """银行编码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构编码 bank branch ID"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    BrokerID: str = ""
    """期货公司编码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    FutureAccType: str = ""
    """期货公司帐号类型 future account type (enums.FutureAccType)"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    FutureSerial: int = 0
    """期货公司流水号 future serial"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    TradeAmount: float | None = None
    """交易金额 trade amount"""
    CustFee: float | None = None
    """应收客户费用 customer fee"""
    BrokerFee: float | None = None
    """应收期货公司费用 broker fee"""
    AvailabilityFlag: str = ""
    """有效标志 availability flag (enums.AvailabilityFlag)"""
    OperatorCode: str = ""
    """操作员 operator code"""
    BankNewAccount: str = ""
    """新银行帐号 bank new account"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""


class QryTransferSerial(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """请求查询转帐流水 query transfer serial"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    BankID: str = ""
    """银行编码 bank ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""


class QryAccountregister(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """请求查询银期签约关系 query registered bank account"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    BankID: str = ""
    """银行编码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构编码 bank branch ID"""
    CurrencyID: str = ""
    """币种代码 currency ID"""


class Accountregister(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """客户开销户信息表 registered bank account"""

    TradeDay: str = ""
    """交易日期 trade day"""
    BankID: str = ""
    """银行编码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构编码 bank branch ID"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BrokerID: str = ""
    """期货公司编码 broker ID"""
    BrokerBranchID: str = ""
    """期货公司分支机构编码 broker branch ID"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    OpenOrDestroy: str = ""
    """开销户类别 open or destroy (enums.OpenOrDestroy)"""
    RegDate: str = ""
    """签约日期 registration date"""
    OutDate: str = ""
    """解约日期 out date"""
    TID: int = 0
    """交易ID trade ID"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class OpenAccount(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """银期开户信息 open account"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'Password')

    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    Gender: str = ""
    """性别 gender (enums.Gender)"""
    CountryCode: str = ""
    """国家代码 country code"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    Address: str = ""
    """地址 address"""
    ZipCode: str = ""
    """邮编 postal code"""
    Telephone: str = ""
    """电话号码 telephone"""
    MobilePhone: str = ""
    """手机 mobile phone"""
    Fax: str = ""
    """传真 fax"""
    EMail: str = ""
    """电子邮件 e-mail address"""
    MoneyAccountStatus: str = ""
    """资金账户状态 money account status (enums.MoneyAccountStatus)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    InstallID: int = 0
    """安装编号 installation ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    CashExchangeCode: str = ""
    """汇钞标志 cash exchange code (enums.CashExchangeCode)"""
    Digest: str = ""
    """摘要 digest"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    DeviceID: str = ""
    """渠道标志 device ID"""
    BankSecuAccType: str = ""
    """期货单位帐号类型 bank futures account type (enums.BankAccType)"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankSecuAcc: str = ""
    """期货单位帐号 bank futures account"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    OperNo: str = ""
    """交易柜员 teller"""
    TID: int = 0
    """交易ID trade ID"""
    UserID: str = ""
    """用户标识 user ID"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class CancelAccount(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """银期销户信息 cancel account"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'Password')

    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    Gender: str = ""
    """性别 gender (enums.Gender)"""
    CountryCode: str = ""
    """国家代码 country code"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    Address: str = ""
    """地址 address"""
    ZipCode: str = ""
    """邮编 postal code"""
    Telephone: str = ""
    """电话号码 telephone"""
    MobilePhone: str = ""
    """手机 mobile phone"""
    Fax: str = ""
    """传真 fax"""
    EMail: str = ""
    """电子邮件 e-mail address"""
    MoneyAccountStatus: str = ""
    """资金账户状态 money account status (enums.MoneyAccountStatus)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    InstallID: int = 0
    """安装编号 installation ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    CashExchangeCode: str = ""
    """汇钞标志 cash exchange code (enums.CashExchangeCode)"""
    Digest: str = ""
    """摘要 digest"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    DeviceID: str = ""
    """渠道标志 device ID"""
    BankSecuAccType: str = ""
    """期货单位帐号类型 bank futures account type (enums.BankAccType)"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankSecuAcc: str = ""
    """期货单位帐号 bank futures account"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    OperNo: str = ""
    """交易柜员 teller"""
    TID: int = 0
    """交易ID trade ID"""
    UserID: str = ""
    """用户标识 user ID"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class ChangeAccount(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """银期变更银行账号信息 change account"""

    secret_fields: ClassVar[tuple[str, ...]] = ('BankPassWord', 'NewBankPassWord', 'Password')

    TradeCode: str = ""
    """业务功能码 trade code"""
    BankID: str = ""
    """银行代码 bank ID"""
    BankBranchID: str = ""
    """银行分支机构代码 bank branch ID"""
    BrokerID: str = ""
    """期商代码 broker ID"""
    BrokerBranchID: str = ""
    """期商分支机构代码 broker branch ID"""
    TradeDate: str = ""
    """交易日期 trade date"""
    TradeTime: str = ""
    """交易时间 trade time"""
    BankSerial: str = ""
    """银行流水号 bank serial"""
    TradingDay: str = ""
    """交易系统日期 trading day"""
    PlateSerial: int = 0
    """银期平台消息流水号 platform serial"""
    LastFragment: str = ""
    """最后分片标志 last fragment (enums.LastFragment)"""
    SessionID: int = 0
    """会话号 session ID"""
    CustomerName: str = ""
    """客户姓名 customer name"""
    IdCardType: str = ""
    """证件类型 ID card type (enums.IdCardType)"""
    IdentifiedCardNo: str = ""
    """证件号码 number of the identity card"""
    Gender: str = ""
    """性别 gender (enums.Gender)"""
    CountryCode: str = ""
    """国家代码 country code"""
    CustType: str = ""
    """客户类型 customer type (enums.CustType)"""
    Address: str = ""
    """地址 address"""
    ZipCode: str = ""
    """邮编 postal code"""
    Telephone: str = ""
    """电话号码 telephone"""
    MobilePhone: str = ""
    """手机 mobile phone"""
    Fax: str = ""
    """传真 fax"""
    EMail: str = ""
    """电子邮件 e-mail address"""
    MoneyAccountStatus: str = ""
    """资金账户状态 money account status (enums.MoneyAccountStatus)"""
    BankAccount: str = ""
    """银行帐号 bank account"""
    BankPassWord: str = ""
    """银行密码 bank password"""
    NewBankAccount: str = ""
    """新银行帐号 new bank account"""
    NewBankPassWord: str = ""
    """新银行密码 new bank password"""
    AccountID: str = ""
    """投资者帐号 account ID"""
    Password: str = ""
    """期货密码 password"""
    BankAccType: str = ""
    """银行帐号类型 bank account type (enums.BankAccType)"""
    InstallID: int = 0
    """安装编号 installation ID"""
    VerifyCertNoFlag: str = ""
    """验证客户证件号码标志 whether the identity number is verified (enums.YesNoIndicator)"""
    CurrencyID: str = ""
    """币种代码 currency ID"""
    BrokerIDByBank: str = ""
    """期货公司银行编码 broker's ID at the bank"""
    BankPwdFlag: str = ""
    """银行密码标志 bank password flag (enums.PwdFlag)"""
    SecuPwdFlag: str = ""
    """期货资金密码核对标志 futures password flag (enums.PwdFlag)"""
    TID: int = 0
    """交易ID trade ID"""
    Digest: str = ""
    """摘要 digest"""
    ErrorID: int = 0
    """错误代码 error ID"""
    ErrorMsg: str = ""
    """错误信息 error message"""
    LongCustomerName: str = ""
    """长客户姓名 customer's name in full"""


class SecAgentACIDMap(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """二级代理操作员银期权限 secondary agent account ID map"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    AccountID: str = ""
    """资金账户 account ID"""
    CurrencyID: str = ""
    """币种 currency ID"""
    BrokerSecAgentID: str = ""
    """境外中介机构资金帐号 broker secondary agent ID"""


class QrySecAgentACIDMap(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """二级代理操作员银期权限查询 query secondary agent account ID map"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    AccountID: str = ""
    """资金账户 account ID"""
    CurrencyID: str = ""
    """币种 currency ID"""


class QrySecAgentCheckMode(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询二级代理商资金校验模式 query secondary agent check mode"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""


class QrySecAgentTradeInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询二级代理商信息 query secondary agent trade information"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    BrokerSecAgentID: str = ""
    """境外中介机构资金帐号 broker secondary agent ID"""


class ReqUserAuthMethod(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户发出获取安全安全登陆方法请求 request user authentication method"""

    TradingDay: str = ""
    """交易日 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""


class RspUserAuthMethod(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户发出获取安全安全登陆方法回复 responses user authentication method"""

    UsableAuthMethod: int = 0
    """当前可以用的认证模式 usable authentication method"""


class ReqGenUserCaptcha(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户发出获取安全安全登陆方法请求 request generate user captcha"""

    TradingDay: str = ""
    """交易日 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""


class RspGenUserCaptcha(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """生成的图片验证码信息 responses generate user captcha"""

    secret_fields: ClassVar[tuple[str, ...]] = ('CaptchaInfo',)

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    CaptchaInfoLen: int = 0
    """图片信息长度 captcha information length"""
    CaptchaInfo: str = ""
    """图片信息 captcha information"""


class ReqGenUserText(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户发出获取安全安全登陆方法请求 request generate user text"""

    TradingDay: str = ""
    """交易日 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""


class RspGenUserText(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """短信验证码生成的回复 responses generate user text"""

    UserTextSeq: int = 0
    """短信验证码序号 user text sequence"""


class ReqUserLoginWithCaptcha(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """用户发出带图形验证码的登录请求请求 request user login with captcha"""

    secret_fields: ClassVar[tuple[str, ...]] = ('Password', 'Captcha')

    TradingDay: str = ""
    """交易日 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    Password: str = ""
    """密码 password"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    InterfaceProductInfo: str = ""
    """接口端产品信息 interface product information"""
    ProtocolInfo: str = ""
    """协议信息 protocol information"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    LoginRemark: str = ""
    """登录备注 login remark"""
    Captcha: str = ""
    """图形验证码的文字内容 captcha"""
    ClientIPPort: int = 0
    """终端IP端口 client IP port"""
    ClientIPAddress: str = ""
    """终端IP地址 client IP address"""


class ReqUserLoginWithText(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """用户发出带短信验证码的登录请求请求 request user login with text"""

    secret_fields: ClassVar[tuple[str, ...]] = ('Password', 'Text')

    TradingDay: str = ""
    """交易日 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    Password: str = ""
    """密码 password"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    InterfaceProductInfo: str = ""
    """接口端产品信息 interface product information"""
    ProtocolInfo: str = ""
    """协议信息 protocol information"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    LoginRemark: str = ""
    """登录备注 login remark"""
    Text: str = ""
    """短信验证码文字内容 text"""
    ClientIPPort: int = 0
    """终端IP端口 client IP port"""
    ClientIPAddress: str = ""
    """终端IP地址 client IP address"""


class ReqUserLoginWithOTP(SecretStruct, frozen=True, gc=False, omit_defaults=True):
    """用户发出带动态验证码的登录请求请求 request user login with one-time"""

    secret_fields: ClassVar[tuple[str, ...]] = ('Password', 'OTPPassword')

    TradingDay: str = ""
    """交易日 trading day"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    Password: str = ""
    """密码 password"""
    UserProductInfo: str = ""
    """用户端产品信息 user product information"""
    InterfaceProductInfo: str = ""
    """接口端产品信息 interface product information"""
    ProtocolInfo: str = ""
    """协议信息 protocol information"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    LoginRemark: str = ""
    """登录备注 login remark"""
    OTPPassword: str = ""
    """OTP密码 one-time password"""
    ClientIPPort: int = 0
    """终端IP端口 client IP port"""
    ClientIPAddress: str = ""
    """终端IP地址 client IP address"""


class UserSystemInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """用户系统信息 user system information"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    ClientSystemInfoLen: int = 0
    """用户端系统内部信息长度 client system information length"""
    ClientSystemInfo: str = ""
    """用户端系统内部信息 client system information"""
    ClientIPPort: int = 0
    """终端IP端口 client IP port"""
    ClientLoginTime: str = ""
    """登录成功时间 client login time"""
    ClientAppID: str = ""
    """App代码 client app ID"""
    ClientPublicIP: str = ""
    """用户公网IP client public IP"""
    ClientLoginRemark: str = ""
    """客户登录备注2 client login remark"""


class QryClassifiedInstrument(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询分类合约 query classified instrument"""

    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ExchangeInstID: str = ""
    """合约在交易所的代码 the exchange's own ID of the instrument"""
    ProductID: str = ""
    """产品代码 product ID"""
    TradingType: str = ""
    """合约交易状态 trading type (enums.TradingType)"""
    ClassType: str = ""
    """合约分类类型 class type (enums.ClassType)"""


class QryCombPromotionParam(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询组合优惠比例 query combination promotion parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class CombPromotionParam(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """组合优惠比例 combination promotion parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    CombHedgeFlag: str = ""
    """投机套保标志 hedge flag, a character for each leg (enums.HedgeFlag)"""
    Xparameter: float | None = None
    """期权组合保证金比例 X parameter"""


class QryRiskSettleInvstPosition(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者风险结算持仓查询 query risk settlement investor position"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryRiskSettleProductStatus(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """风险结算产品查询 query risk settlement product status"""

    ProductID: str = ""
    """产品代码 product ID"""


class RiskSettleInvstPosition(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者风险结算持仓 risk settlement investor position"""

    InstrumentID: str = ""
    """合约代码 instrument ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    PosiDirection: str = ""
    """持仓多空方向 long, short or net (enums.PosiDirection)"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    PositionDate: str = ""
    """持仓日期 today's or former days' position (enums.PositionDate)"""
    YdPosition: int = 0
    """上日持仓 position of yesterday"""
    Position: int = 0
    """今日持仓 position"""
    LongFrozen: int = 0
    """多头冻结 frozen, long"""
    ShortFrozen: int = 0
    """空头冻结 frozen, short"""
    LongFrozenAmount: float | None = None
    """开仓冻结金额 long frozen amount"""
    ShortFrozenAmount: float | None = None
    """开仓冻结金额 short frozen amount"""
    OpenVolume: int = 0
    """开仓量 open volume"""
    CloseVolume: int = 0
    """平仓量 close volume"""
    OpenAmount: float | None = None
    """开仓金额 open amount"""
    CloseAmount: float | None = None
    """平仓金额 close amount"""
    PositionCost: float | None = None
    """持仓成本 position cost"""
    PreMargin: float | None = None
    """上次占用的保证金 previous margin"""
    UseMargin: float | None = None
    """占用的保证金 margin in use"""
    FrozenMargin: float | None = None
    """冻结的保证金 frozen margin"""
    FrozenCash: float | None = None
    """冻结的资金 frozen cash"""
    FrozenCommission: float | None = None
    """冻结的手续费 frozen commission"""
    CashIn: float | None = None
    """资金差额 difference of funds"""
    Commission: float | None = None
    """手续费 commission"""
    CloseProfit: float | None = None
    """平仓盈亏 realised profit"""
    PositionProfit: float | None = None
    """持仓盈亏 profit of open positions (marked to market)"""
    PreSettlementPrice: float | None = None
    """上次结算价 previous settlement price"""
    SettlementPrice: float | None = None
    """本次结算价 settlement price"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    OpenCost: float | None = None
    """开仓成本 open cost"""
    ExchangeMargin: float | None = None
    """交易所保证金 exchange margin"""
    CombPosition: int = 0
    """组合成交形成的持仓 combination position"""
    CombLongFrozen: int = 0
    """组合多头冻结 combination long frozen"""
    CombShortFrozen: int = 0
    """组合空头冻结 combination short frozen"""
    CloseProfitByDate: float | None = None
    """逐日盯市平仓盈亏 realised profit of the day (marked to market)"""
    CloseProfitByTrade: float | None = None
    """逐笔对冲平仓盈亏 realised profit from the open price"""
    TodayPosition: int = 0
    """今日持仓 today position"""
    MarginRateByMoney: float | None = None
    """保证金率 margin rate by money"""
    MarginRateByVolume: float | None = None
    """保证金率(按手数) margin rate by volume"""
    StrikeFrozen: int = 0
    """执行冻结 frozen for exercise"""
    StrikeFrozenAmount: float | None = None
    """执行冻结金额 frozen for exercise amount"""
    AbandonFrozen: int = 0
    """放弃执行冻结 abandon frozen"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    YdStrikeFrozen: int = 0
    """执行冻结的昨仓 yesterday frozen for exercise"""
    InvestUnitID: str = ""
    """投资单元代码 investment unit ID"""
    PositionCostOffset: float | None = None
    """持仓成本差值 position cost offset"""
    TasPosition: int = 0
    """tas持仓手数 TAS position"""
    TasPositionCost: float | None = None
    """tas持仓成本 TAS position cost"""


class RiskSettleProductStatus(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """风险品种 risk settlement product status"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品编号 product ID"""
    ProductStatus: str = ""
    """产品结算状态 product status (enums.ProductStatus)"""


class SPBMFutureParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM期货合约保证金参数 SPBM future parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""
    Cvf: int = 0
    """期货合约因子 contract factor of the option"""
    TimeRange: str = ""
    """阶段标识 time range (enums.TimeRange)"""
    MarginRate: float | None = None
    """品种保证金标准 margin rate"""
    LockRateX: float | None = None
    """期货合约内部对锁仓费率折扣比例 lock rate X"""
    AddOnRate: float | None = None
    """提高保证金标准 additional rate"""
    PreSettlementPrice: float | None = None
    """昨结算价 previous settlement price"""
    AddOnLockRateX2: float | None = None
    """期货合约内部对锁仓附加费率折扣比例 additional lock rate X 2"""


class SPBMOptionParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM期权合约保证金参数 SPBM option parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""
    Cvf: int = 0
    """期权合约因子 contract factor of the option"""
    DownPrice: float | None = None
    """期权冲抵价格 price that offsets"""
    Delta: float | None = None
    """Delta值 delta"""
    SlimiDelta: float | None = None
    """卖方期权风险转换最低值 least risk of options sold"""
    PreSettlementPrice: float | None = None
    """昨结算价 previous settlement price"""


class SPBMIntraParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM品种内对锁仓折扣参数 SPBM intra parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""
    IntraRateY: float | None = None
    """品种内合约间对锁仓费率折扣比例 intra rate Y"""
    AddOnIntraRateY2: float | None = None
    """品种内合约间对锁仓附加费率折扣比例 additional intra rate Y 2"""


class SPBMInterParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM跨品种抵扣参数 SPBM inter parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    SpreadId: int = 0
    """优先级 priority"""
    InterRateZ: float | None = None
    """品种间对锁仓费率折扣比例 inter rate Z"""
    Leg1ProdFamilyCode: str = ""
    """第一腿构成品种 leg 1 product family code"""
    Leg2ProdFamilyCode: str = ""
    """第二腿构成品种 leg 2 product family code"""


class QrySPBMFutureParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM期货合约保证金参数查询 query SPBM future parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""


class QrySPBMOptionParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM期权合约保证金参数查询 query SPBM option parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""


class QrySPBMIntraParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM品种内对锁仓折扣参数查询 query SPBM intra parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""


class QrySPBMInterParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM跨品种抵扣参数查询 query SPBM inter parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    Leg1ProdFamilyCode: str = ""
    """第一腿构成品种 leg 1 product family code"""
    Leg2ProdFamilyCode: str = ""
    """第二腿构成品种 leg 2 product family code"""


class SPBMPortfDefinition(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """组合保证金套餐 SPBM portfolio definition"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    PortfolioDefID: int = 0
    """组合保证金套餐代码 portfolio definition ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""
    IsSPBM: int = 0
    """是否启用SPBM is SPBM"""


class SPBMInvestorPortfDef(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者套餐选择 SPBM investor portfolio definition"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    PortfolioDefID: int = 0
    """组合保证金套餐代码 portfolio definition ID"""


class InvestorPortfMarginRatio(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者新型组合保证金系数 investor portfolio margin ratio"""

    InvestorRange: str = ""
    """投资者范围 investor range (enums.InvestorRange)"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    MarginRatio: float | None = None
    """会员对投资者收取的保证金和交易所对投资者收取的保证金的比例 margin ratio"""
    ProductGroupID: str = ""
    """产品群代码 product group ID"""


class QrySPBMPortfDefinition(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """组合保证金套餐查询 query SPBM portfolio definition"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    PortfolioDefID: int = 0
    """组合保证金套餐代码 portfolio definition ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""


class QrySPBMInvestorPortfDef(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者套餐选择查询 query SPBM investor portfolio definition"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""


class QryInvestorPortfMarginRatio(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者新型组合保证金系数查询 query investor portfolio margin ratio"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductGroupID: str = ""
    """产品群代码 product group ID"""


class InvestorProdSPBMDetail(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者产品SPBM明细 investor product SPBM detail"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""
    IntraInstrMargin: float | None = None
    """合约内对锁保证金 intra instrument margin"""
    BCollectingMargin: float | None = None
    """买归集保证金 buy collecting margin"""
    SCollectingMargin: float | None = None
    """卖归集保证金 sell collecting margin"""
    IntraProdMargin: float | None = None
    """品种内合约间对锁保证金 intra product margin"""
    NetMargin: float | None = None
    """净保证金 net margin"""
    InterProdMargin: float | None = None
    """产品间对锁保证金 inter product margin"""
    SingleMargin: float | None = None
    """裸保证金 single margin"""
    AddOnMargin: float | None = None
    """附加保证金 additional margin"""
    DeliveryMargin: float | None = None
    """交割月保证金 delivery margin"""
    CallOptionMinRisk: float | None = None
    """看涨期权最低风险 call option minimum risk"""
    PutOptionMinRisk: float | None = None
    """看跌期权最低风险 put option minimum risk"""
    OptionMinRisk: float | None = None
    """卖方期权最低风险 option minimum risk"""
    OptionValueOffset: float | None = None
    """买方期权冲抵价值 option value offset"""
    OptionRoyalty: float | None = None
    """卖方期权权利金 option premium"""
    RealOptionValueOffset: float | None = None
    """价值冲抵 real option value offset"""
    Margin: float | None = None
    """保证金 margin"""
    ExchMargin: float | None = None
    """交易所保证金 exchange margin"""


class QryInvestorProdSPBMDetail(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者产品SPBM明细查询 query investor product SPBM detail"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""


class SPBMAddOnInterParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM附加跨品种抵扣参数 SPBM additional inter parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    SpreadId: int = 0
    """优先级 priority"""
    AddOnInterRateZ2: float | None = None
    """品种间对锁仓附加费率折扣比例 additional inter rate Z 2"""
    Leg1ProdFamilyCode: str = ""
    """第一腿构成品种 leg 1 product family code"""
    Leg2ProdFamilyCode: str = ""
    """第二腿构成品种 leg 2 product family code"""


class QrySPBMAddOnInterParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPBM附加跨品种抵扣参数查询 query SPBM additional inter parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    Leg1ProdFamilyCode: str = ""
    """第一腿构成品种 leg 1 product family code"""
    Leg2ProdFamilyCode: str = ""
    """第二腿构成品种 leg 2 product family code"""


class QryInvestorCommoditySPMMMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者商品组SPMM记录查询 query investor commodity SPMM margin"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CommodityID: str = ""
    """商品组代码 commodity ID"""


class QryInvestorCommodityGroupSPMMMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者商品群SPMM记录查询 query investor commodity group SPMM margin"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CommodityGroupID: str = ""
    """商品群代码 commodity group ID"""


class QrySPMMInstParam(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPMM合约参数查询 query SPMM instrument parameter"""

    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QrySPMMProductParam(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPMM产品参数查询 query SPMM product parameter"""

    ProductID: str = ""
    """产品代码 product ID"""


class InvestorCommoditySPMMMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者商品组SPMM记录 investor commodity SPMM margin"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CommodityID: str = ""
    """商品组代码 commodity ID"""
    MarginBeforeDiscount: float | None = None
    """优惠仓位应收保证金 margin before discount"""
    MarginNoDiscount: float | None = None
    """不优惠仓位应收保证金 margin no discount"""
    LongPosRisk: float | None = None
    """多头实仓风险 long position risk"""
    LongOpenFrozenRisk: float | None = None
    """多头开仓冻结风险 long open frozen risk"""
    LongCloseFrozenRisk: float | None = None
    """多头被平冻结风险 long close frozen risk"""
    ShortPosRisk: float | None = None
    """空头实仓风险 short position risk"""
    ShortOpenFrozenRisk: float | None = None
    """空头开仓冻结风险 short open frozen risk"""
    ShortCloseFrozenRisk: float | None = None
    """空头被平冻结风险 short close frozen risk"""
    IntraCommodityRate: float | None = None
    """SPMM品种内跨期优惠系数 intra commodity rate"""
    OptionDiscountRate: float | None = None
    """SPMM期权优惠系数 option discount rate"""
    PosDiscount: float | None = None
    """实仓对冲优惠金额 position discount"""
    OpenFrozenDiscount: float | None = None
    """开仓报单对冲优惠金额 open frozen discount"""
    NetRisk: float | None = None
    """品种风险净头 net risk"""
    CloseFrozenMargin: float | None = None
    """平仓冻结保证金 close frozen margin"""
    FrozenCommission: float | None = None
    """冻结的手续费 frozen commission"""
    Commission: float | None = None
    """手续费 commission"""
    FrozenCash: float | None = None
    """冻结的资金 frozen cash"""
    CashIn: float | None = None
    """资金差额 difference of funds"""
    StrikeFrozenMargin: float | None = None
    """行权冻结资金 frozen for exercise margin"""


class InvestorCommodityGroupSPMMMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者商品群SPMM记录 investor commodity group SPMM margin"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CommodityGroupID: str = ""
    """商品群代码 commodity group ID"""
    MarginBeforeDiscount: float | None = None
    """优惠仓位应收保证金 margin before discount"""
    MarginNoDiscount: float | None = None
    """不优惠仓位应收保证金 margin no discount"""
    LongRisk: float | None = None
    """多头风险 long risk"""
    ShortRisk: float | None = None
    """空头风险 short risk"""
    CloseFrozenMargin: float | None = None
    """商品群平仓冻结保证金 close frozen margin"""
    InterCommodityRate: float | None = None
    """SPMM跨品种优惠系数 inter commodity rate"""
    MiniMarginRatio: float | None = None
    """商品群最小保证金比例 minimum margin ratio"""
    AdjustRatio: float | None = None
    """投资者保证金和交易所保证金的比例 adjustment ratio"""
    IntraCommodityDiscount: float | None = None
    """SPMM品种内优惠汇总 intra commodity discount"""
    InterCommodityDiscount: float | None = None
    """SPMM跨品种优惠 inter commodity discount"""
    ExchMargin: float | None = None
    """交易所保证金 exchange margin"""
    InvestorMargin: float | None = None
    """投资者保证金 investor margin"""
    FrozenCommission: float | None = None
    """冻结的手续费 frozen commission"""
    Commission: float | None = None
    """手续费 commission"""
    FrozenCash: float | None = None
    """冻结的资金 frozen cash"""
    CashIn: float | None = None
    """资金差额 difference of funds"""
    StrikeFrozenMargin: float | None = None
    """行权冻结资金 frozen for exercise margin"""


class SPMMInstParam(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPMM合约参数 SPMM instrument parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    InstMarginCalID: str = ""
    """SPMM合约保证金算法 instrument margin calculation ID (enums.InstMarginCalID)"""
    CommodityID: str = ""
    """商品组代码 commodity ID"""
    CommodityGroupID: str = ""
    """商品群代码 commodity group ID"""


class SPMMProductParam(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """SPMM产品参数 SPMM product parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品代码 product ID"""
    CommodityID: str = ""
    """商品组代码 commodity ID"""
    CommodityGroupID: str = ""
    """商品群代码 commodity group ID"""


class RCAMSCombProductInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS产品组合信息 RCAMS combination product information"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品代码 product ID"""
    CombProductID: str = ""
    """商品组代码 combination product ID"""
    ProductGroupID: str = ""
    """商品群代码 product group ID"""


class RCAMSInstrParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS同合约风险对冲参数 RCAMS instrument parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductID: str = ""
    """产品代码 product ID"""
    HedgeRate: float | None = None
    """同合约风险对冲比率 hedge rate"""


class RCAMSIntraParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS品种内风险对冲参数 RCAMS intra parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    CombProductID: str = ""
    """产品组合代码 combination product ID"""
    HedgeRate: float | None = None
    """品种内对冲比率 hedge rate"""


class RCAMSInterParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS跨品种风险折抵参数 RCAMS inter parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProductGroupID: str = ""
    """商品群代码 product group ID"""
    Priority: int = 0
    """优先级 priority"""
    CreditRate: float | None = None
    """折抵率 credit rate"""
    CombProduct1: str = ""
    """产品组合代码1 combination product 1"""
    CombProduct2: str = ""
    """产品组合代码2 combination product 2"""


class RCAMSShortOptAdjustParam(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS空头期权风险调整参数 RCAMS short option adjustment parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    CombProductID: str = ""
    """产品组合代码 combination product ID"""
    HedgeFlag: str = ""
    """投套标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    AdjustValue: float | None = None
    """空头期权风险调整标准 adjustment value"""


class RCAMSInvestorCombPosition(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS策略组合持仓 RCAMS investor combination position"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    HedgeFlag: str = ""
    """投套标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    PosiDirection: str = ""
    """持仓多空方向 long, short or net (enums.PosiDirection)"""
    CombInstrumentID: str = ""
    """组合合约代码 combination instrument ID"""
    LegID: int = 0
    """单腿编号 leg ID"""
    ExchangeInstID: str = ""
    """交易所组合合约代码 the exchange's own ID of the instrument"""
    TotalAmt: int = 0
    """持仓量 open interest"""
    ExchMargin: float | None = None
    """交易所保证金 exchange margin"""
    Margin: float | None = None
    """投资者保证金 margin"""


class InvestorProdRCAMSMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者品种RCAMS保证金 investor product RCAMS margin"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CombProductID: str = ""
    """产品组合代码 combination product ID"""
    HedgeFlag: str = ""
    """投套标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    ProductGroupID: str = ""
    """商品群代码 product group ID"""
    RiskBeforeDiscount: float | None = None
    """品种组合前风险 risk before discount"""
    IntraInstrRisk: float | None = None
    """同合约对冲风险 intra instrument risk"""
    BPosRisk: float | None = None
    """品种买持仓风险 buy position risk"""
    SPosRisk: float | None = None
    """品种卖持仓风险 sell position risk"""
    IntraProdRisk: float | None = None
    """品种内对冲风险 intra product risk"""
    NetRisk: float | None = None
    """品种净持仓风险 net risk"""
    InterProdRisk: float | None = None
    """品种间对冲风险 inter product risk"""
    ShortOptRiskAdj: float | None = None
    """空头期权风险调整 short option risk adjustment"""
    OptionRoyalty: float | None = None
    """空头期权权利金 option premium"""
    MMSACloseFrozenMargin: float | None = None
    """大边组合平仓冻结保证金 larger side close frozen margin"""
    CloseCombFrozenMargin: float | None = None
    """策略组合平仓/行权冻结保证金 close combination frozen margin"""
    CloseFrozenMargin: float | None = None
    """平仓/行权冻结保证金 close frozen margin"""
    MMSAOpenFrozenMargin: float | None = None
    """大边组合开仓冻结保证金 larger side open frozen margin"""
    DeliveryOpenFrozenMargin: float | None = None
    """交割月期货开仓冻结保证金 delivery open frozen margin"""
    OpenFrozenMargin: float | None = None
    """开仓冻结保证金 open frozen margin"""
    UseFrozenMargin: float | None = None
    """投资者冻结保证金 use frozen margin"""
    MMSAExchMargin: float | None = None
    """大边组合交易所持仓保证金 larger side exchange margin"""
    DeliveryExchMargin: float | None = None
    """交割月期货交易所持仓保证金 delivery exchange margin"""
    CombExchMargin: float | None = None
    """策略组合交易所保证金 combination exchange margin"""
    ExchMargin: float | None = None
    """交易所持仓保证金 exchange margin"""
    UseMargin: float | None = None
    """投资者持仓保证金 margin in use"""


class QryRCAMSCombProductInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS产品组合信息查询 query RCAMS combination product information"""

    ProductID: str = ""
    """产品代码 product ID"""
    CombProductID: str = ""
    """商品组代码 combination product ID"""
    ProductGroupID: str = ""
    """商品群代码 product group ID"""


class QryRCAMSInstrParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS同合约风险对冲参数查询 query RCAMS instrument parameter"""

    ProductID: str = ""
    """产品代码 product ID"""


class QryRCAMSIntraParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS品种内风险对冲参数查询 query RCAMS intra parameter"""

    CombProductID: str = ""
    """产品组合代码 combination product ID"""


class QryRCAMSInterParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS跨品种风险折抵参数查询 query RCAMS inter parameter"""

    ProductGroupID: str = ""
    """商品群代码 product group ID"""
    CombProduct1: str = ""
    """产品组合代码1 combination product 1"""
    CombProduct2: str = ""
    """产品组合代码2 combination product 2"""


class QryRCAMSShortOptAdjustParam(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS空头期权风险调整参数查询 query RCAMS short option adjustment parameter"""

    CombProductID: str = ""
    """产品组合代码 combination product ID"""


class QryRCAMSInvestorCombPosition(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RCAMS策略组合持仓查询 query RCAMS investor combination position"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    CombInstrumentID: str = ""
    """组合合约代码 combination instrument ID"""


class QryInvestorProdRCAMSMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者品种RCAMS保证金查询 query investor product RCAMS margin"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    CombProductID: str = ""
    """产品组合代码 combination product ID"""
    ProductGroupID: str = ""
    """商品群代码 product group ID"""


class RULEInstrParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RULE合约保证金参数 RULE instrument parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    InstrumentClass: str = ""
    """合约类型 instrument class (enums.InstrumentClass)"""
    StdInstrumentID: str = ""
    """标准合约 standard instrument ID"""
    BSpecRatio: float | None = None
    """投机买折算系数 ratio of longs, speculation"""
    SSpecRatio: float | None = None
    """投机卖折算系数 ratio of shorts, speculation"""
    BHedgeRatio: float | None = None
    """套保买折算系数 ratio of longs, hedging"""
    SHedgeRatio: float | None = None
    """套保卖折算系数 ratio of shorts, hedging"""
    BAddOnMargin: float | None = None
    """买附加风险保证金 buy additional margin"""
    SAddOnMargin: float | None = None
    """卖附加风险保证金 sell additional margin"""
    CommodityGroupID: int = 0
    """商品群号 commodity group ID"""


class RULEIntraParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RULE品种内对锁仓折扣参数 RULE intra parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""
    StdInstrumentID: str = ""
    """标准合约 standard instrument ID"""
    StdInstrMargin: float | None = None
    """标准合约保证金 standard instrument margin"""
    UsualIntraRate: float | None = None
    """一般月份合约组合保证金系数 usual intra rate"""
    DeliveryIntraRate: float | None = None
    """临近交割合约组合保证金系数 delivery intra rate"""


class RULEInterParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RULE跨品种抵扣参数 RULE inter parameter"""

    TradingDay: str = ""
    """交易日 trading day"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    SpreadId: int = 0
    """优先级 priority"""
    InterRate: float | None = None
    """品种间对锁仓费率折扣比例 inter rate"""
    Leg1ProdFamilyCode: str = ""
    """第一腿构成品种 leg 1 product family code"""
    Leg2ProdFamilyCode: str = ""
    """第二腿构成品种 leg 2 product family code"""
    Leg1PropFactor: int = 0
    """腿1比例系数 leg 1 proportion factor"""
    Leg2PropFactor: int = 0
    """腿2比例系数 leg 2 proportion factor"""
    CommodityGroupID: int = 0
    """商品群号 commodity group ID"""
    CommodityGroupName: str = ""
    """商品群名称 commodity group name"""


class QryRULEInstrParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RULE合约保证金参数查询 query RULE instrument parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryRULEIntraParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RULE品种内对锁仓折扣参数查询 query RULE intra parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""


class QryRULEInterParameter(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """RULE跨品种抵扣参数查询 query RULE inter parameter"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    Leg1ProdFamilyCode: str = ""
    """第一腿构成品种 leg 1 product family code"""
    Leg2ProdFamilyCode: str = ""
    """第二腿构成品种 leg 2 product family code"""
    CommodityGroupID: int = 0
    """商品群号 commodity group ID"""


class InvestorProdRULEMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者产品RULE保证金 investor product RULE margin"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""
    InstrumentClass: str = ""
    """合约类型 instrument class (enums.InstrumentClass)"""
    CommodityGroupID: int = 0
    """商品群号 commodity group ID"""
    BStdPosition: float | None = None
    """买标准持仓 buy standard position"""
    SStdPosition: float | None = None
    """卖标准持仓 sell standard position"""
    BStdOpenFrozen: float | None = None
    """买标准开仓冻结 buy standard open frozen"""
    SStdOpenFrozen: float | None = None
    """卖标准开仓冻结 sell standard open frozen"""
    BStdCloseFrozen: float | None = None
    """买标准平仓冻结 buy standard close frozen"""
    SStdCloseFrozen: float | None = None
    """卖标准平仓冻结 sell standard close frozen"""
    IntraProdStdPosition: float | None = None
    """品种内对冲标准持仓 intra product standard position"""
    NetStdPosition: float | None = None
    """品种内单腿标准持仓 net standard position"""
    InterProdStdPosition: float | None = None
    """品种间对冲标准持仓 inter product standard position"""
    SingleStdPosition: float | None = None
    """单腿标准持仓 single standard position"""
    IntraProdMargin: float | None = None
    """品种内对锁保证金 intra product margin"""
    InterProdMargin: float | None = None
    """品种间对锁保证金 inter product margin"""
    SingleMargin: float | None = None
    """跨品种单腿保证金 single margin"""
    NonCombMargin: float | None = None
    """非组合合约保证金 non combination margin"""
    AddOnMargin: float | None = None
    """附加保证金 additional margin"""
    ExchMargin: float | None = None
    """交易所保证金 exchange margin"""
    AddOnFrozenMargin: float | None = None
    """附加冻结保证金 additional frozen margin"""
    OpenFrozenMargin: float | None = None
    """开仓冻结保证金 open frozen margin"""
    CloseFrozenMargin: float | None = None
    """平仓冻结保证金 close frozen margin"""
    Margin: float | None = None
    """品种保证金 margin"""
    FrozenMargin: float | None = None
    """冻结保证金 frozen margin"""


class QryInvestorProdRULEMargin(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者产品RULE保证金查询 query investor product RULE margin"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ProdFamilyCode: str = ""
    """品种代码 product family code"""
    CommodityGroupID: int = 0
    """商品群号 commodity group ID"""


class InvestorPortfSetting(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者新组保设置 investor portfolio setting"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者编号 investor ID"""
    HedgeFlag: str = ""
    """投机套保标志 speculation, arbitrage or hedging (enums.HedgeFlag)"""
    UsePortf: int = 0
    """是否开启新组保 use portfolio"""


class QryInvestorPortfSetting(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者新组保设置查询 query investor portfolio setting"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者编号 investor ID"""


class InvestorInfoCommRec(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者申报费阶梯收取记录 investor charges for messages"""

    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """商品代码 instrument ID"""
    OrderCount: int = 0
    """报单总笔数 order count"""
    OrderActionCount: int = 0
    """撤单总笔数 order action count"""
    ForQuoteCnt: int = 0
    """询价总次数 request for quotes count"""
    InfoComm: float | None = None
    """申报费 charge for messages"""
    IsOptSeries: int = 0
    """是否期权系列 is option series"""
    ProductID: str = ""
    """品种代码 product ID"""
    InfoCnt: int = 0
    """信息量总量 information count"""


class QryInvestorInfoCommRec(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """投资者申报费阶梯收取记录查询 query investor charges for messages"""

    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """商品代码 instrument ID"""
    BrokerID: str = ""
    """经纪公司代码 broker ID"""


class CombLeg(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """组合腿信息 combination leg"""

    CombInstrumentID: str = ""
    """组合合约代码 combination instrument ID"""
    LegID: int = 0
    """单腿编号 leg ID"""
    LegInstrumentID: str = ""
    """单腿合约代码 leg instrument ID"""
    Direction: str = ""
    """买卖方向 direction (enums.Direction)"""
    LegMultiple: int = 0
    """单腿乘数 multiplier of the leg"""
    ImplyLevel: int = 0
    """派生层数 imply level"""


class QryCombLeg(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """组合腿信息查询 query combination leg"""

    LegInstrumentID: str = ""
    """单腿合约代码 leg instrument ID"""


class InputOffsetSetting(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """输入的对冲设置 input offset setting"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    UnderlyingInstrID: str = ""
    """标的期货合约代码 underlying instrument ID"""
    ProductID: str = ""
    """产品代码 product ID"""
    OffsetType: str = ""
    """对冲类型 offset type (enums.OffsetType)"""
    Volume: int = 0
    """申请对冲的合约数量 volume"""
    IsOffset: int = 0
    """是否对冲 is offset"""
    RequestID: int = 0
    """请求编号 request ID"""
    UserID: str = ""
    """用户代码 user ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    MacAddress: str = ""
    """Mac地址 MAC address"""


class OffsetSetting(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """对冲设置 offset setting"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    UnderlyingInstrID: str = ""
    """标的期货合约代码 underlying instrument ID"""
    ProductID: str = ""
    """产品代码 product ID"""
    OffsetType: str = ""
    """对冲类型 offset type (enums.OffsetType)"""
    Volume: int = 0
    """申请对冲的合约数量 volume"""
    IsOffset: int = 0
    """是否对冲 is offset"""
    RequestID: int = 0
    """请求编号 request ID"""
    UserID: str = ""
    """用户代码 user ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    ExchangeInstID: str = ""
    """交易所合约代码 the exchange's own ID of the instrument"""
    ExchangeSerialNo: str = ""
    """交易所期权系列号 number of the exchange's option series"""
    ExchangeProductID: str = ""
    """交易所产品代码 exchange product ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    OrderSubmitStatus: str = ""
    """对冲提交状态 how far the order's submission has come (enums.OrderSubmitStatus)"""
    TradingDay: str = ""
    """交易日 trading day"""
    SettlementID: int = 0
    """结算编号 settlement ID"""
    InsertDate: str = ""
    """报单日期 date of the order"""
    InsertTime: str = ""
    """插入时间 time of the order"""
    CancelTime: str = ""
    """撤销时间 cancel time"""
    ExecResult: str = ""
    """对冲设置结果 execution result (enums.ExecResult)"""
    SequenceNo: int = 0
    """序号 sequence number"""
    FrontID: int = 0
    """前置编号 number of the front"""
    SessionID: int = 0
    """会话编号 session ID"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    ActiveUserID: str = ""
    """操作用户代码 user of the last action"""
    BrokerOffsetSettingSeq: int = 0
    """经纪公司报单编号 broker offset setting sequence"""
    ApplySrc: str = ""
    """申请来源 apply source (enums.ApplySrc)"""


class CancelOffsetSetting(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """撤销对冲设置 cancel offset setting"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""
    UnderlyingInstrID: str = ""
    """标的期货合约代码 underlying instrument ID"""
    ProductID: str = ""
    """产品代码 product ID"""
    OffsetType: str = ""
    """对冲类型 offset type (enums.OffsetType)"""
    Volume: int = 0
    """申请对冲的合约数量 volume"""
    IsOffset: int = 0
    """是否对冲 is offset"""
    RequestID: int = 0
    """请求编号 request ID"""
    UserID: str = ""
    """用户代码 user ID"""
    ExchangeID: str = ""
    """交易所代码 exchange ID"""
    IPAddress: str = ""
    """IP地址 IP address"""
    MacAddress: str = ""
    """Mac地址 MAC address"""
    ExchangeInstID: str = ""
    """交易所合约代码 the exchange's own ID of the instrument"""
    ExchangeSerialNo: str = ""
    """交易所期权系列号 number of the exchange's option series"""
    ExchangeProductID: str = ""
    """交易所产品代码 exchange product ID"""
    TraderID: str = ""
    """交易所交易员代码 trader ID"""
    InstallID: int = 0
    """安装编号 installation ID"""
    ParticipantID: str = ""
    """会员代码 participant ID"""
    ClientID: str = ""
    """客户代码 client ID"""
    OrderActionStatus: str = ""
    """报单操作状态 order action status (enums.OrderActionStatus)"""
    StatusMsg: str = ""
    """状态信息 what the exchange or CTP says of the order"""
    ActionLocalID: str = ""
    """操作本地编号 action local ID"""
    ActionDate: str = ""
    """操作日期 action date"""
    ActionTime: str = ""
    """操作时间 action time"""


class QryOffsetSetting(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """查询对冲设置 query offset setting"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    InvestorID: str = ""
    """投资者代码 investor ID"""
    ProductID: str = ""
    """产品代码 product ID"""
    OffsetType: str = ""
    """对冲类型 offset type (enums.OffsetType)"""


class WechatUserSystemInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """微信小程序等用户系统信息 WeChat user system information"""

    BrokerID: str = ""
    """经纪公司代码 broker ID"""
    UserID: str = ""
    """用户代码 user ID"""
    WechatCltSysInfoLen: int = 0
    """微信小程序等用户端系统内部信息长度 WeChat client system information length"""
    WechatCltSysInfo: str = ""
    """微信小程序等用户端系统内部信息 WeChat client system information"""
    ClientIPPort: int = 0
    """终端IP端口 client IP port"""
    ClientLoginTime: str = ""
    """登录成功时间 client login time"""
    ClientAppID: str = ""
    """App代码 client app ID"""
    ClientPublicIP: str = ""
    """用户公网IP client public IP"""
    ClientLoginRemark: str = ""
    """客户登录备注2 client login remark"""


class FrontInfo(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """前置信息 front information"""

    FrontAddr: str = ""
    """前置地址 front address"""
    QryFreq: int = 0
    """查询流控 query frequency"""
    FTDPkgFreq: int = 0
    """FTD流控 FTD package frequency"""


class SpecificInstrument(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """指定的合约 Specific instrument"""

    InstrumentID: str = ""
    """合约代码 instrument ID"""


class MulticastInstrument(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """MulticastInstrument multicast instrument"""

    TopicID: int = 0
    """主题号 topic ID"""
    InstrumentNo: int = 0
    """合约编号 number of the instrument"""
    CodePrice: float | None = None
    """基准价 reference price"""
    VolumeMultiple: int = 0
    """合约数量乘数 contract multiplier"""
    PriceTick: float | None = None
    """最小变动价位 price tick"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class QryMulticastInstrument(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """QryMulticastInstrument query multicast instrument"""

    TopicID: int = 0
    """主题号 topic ID"""
    InstrumentID: str = ""
    """合约代码 instrument ID"""


class PartialDepthMarketData(CtpStruct, frozen=True, gc=False, omit_defaults=True):
    """深度行情 depth market data, of which only some fields are told: others are None"""

    TradingDay: str | None = None
    ExchangeID: str | None = None
    LastPrice: float | None = None
    PreSettlementPrice: float | None = None
    PreClosePrice: float | None = None
    PreOpenInterest: float | None = None
    OpenPrice: float | None = None
    HighestPrice: float | None = None
    LowestPrice: float | None = None
    Volume: int | None = None
    Turnover: float | None = None
    OpenInterest: float | None = None
    ClosePrice: float | None = None
    SettlementPrice: float | None = None
    UpperLimitPrice: float | None = None
    LowerLimitPrice: float | None = None
    PreDelta: float | None = None
    CurrDelta: float | None = None
    UpdateTime: str | None = None
    UpdateMillisec: int | None = None
    BidPrice1: float | None = None
    BidVolume1: int | None = None
    AskPrice1: float | None = None
    AskVolume1: int | None = None
    BidPrice2: float | None = None
    BidVolume2: int | None = None
    AskPrice2: float | None = None
    AskVolume2: int | None = None
    BidPrice3: float | None = None
    BidVolume3: int | None = None
    AskPrice3: float | None = None
    AskVolume3: int | None = None
    BidPrice4: float | None = None
    BidVolume4: int | None = None
    AskPrice4: float | None = None
    AskVolume4: int | None = None
    BidPrice5: float | None = None
    BidVolume5: int | None = None
    AskPrice5: float | None = None
    AskVolume5: int | None = None
    AveragePrice: float | None = None
    ActionDay: str | None = None
    InstrumentID: str | None = None
    ExchangeInstID: str | None = None
    BandingUpperPrice: float | None = None
    BandingLowerPrice: float | None = None

