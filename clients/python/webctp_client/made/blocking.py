"""Every request as a typed method: the blocking face.

Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
"""

# ruff: noqa: N802, N803
from collections.abc import Sequence
from typing import Any

from webctp_client.blocking.face import BlockingAsking
from webctp_client.made import methods, own, structs
from webctp_client.blocking.orders import BlockingSentOrder


class BlockingRequests(BlockingAsking):
    """A method for each request; fields left out are left out on the wire."""

    def GetApiVersion(self) -> str:
        """获取API的版本信息 get API version"""
        return self._text(methods.GetApiVersion, locals())

    def GetTradingDay(self) -> str:
        """获取当前交易日 get trading day"""
        return self._text(methods.GetTradingDay, locals())

    def GetFrontInfo(self) -> structs.FrontInfo | None:
        """获取已连接的前置的信息 get front information"""
        return self._one(methods.GetFrontInfo, locals())

    def ReqAuthenticate(self, *, BrokerID: str | None = None, UserID: str | None = None, UserProductInfo: str | None = None, AuthCode: str | None = None, AppID: str | None = None) -> structs.RspAuthenticate | None:
        """客户端认证请求 authenticate the program"""
        return self._one(methods.ReqAuthenticate, locals())

    def RegisterUserSystemInfo(self, *, BrokerID: str | None = None, UserID: str | None = None, ClientSystemInfoLen: int | None = None, ClientSystemInfo: bytes | str | None = None, ClientIPPort: int | None = None, ClientLoginTime: str | None = None, ClientAppID: str | None = None, ClientPublicIP: str | None = None, ClientLoginRemark: str | None = None) -> Any | None:
        """注册用户终端信息，用于中继服务器多连接模式 需要在终端认证成功后，用户登录前调用该接口 register user system information"""
        return self._one(methods.RegisterUserSystemInfo, locals())

    def SubmitUserSystemInfo(self, *, BrokerID: str | None = None, UserID: str | None = None, ClientSystemInfoLen: int | None = None, ClientSystemInfo: bytes | str | None = None, ClientIPPort: int | None = None, ClientLoginTime: str | None = None, ClientAppID: str | None = None, ClientPublicIP: str | None = None, ClientLoginRemark: str | None = None) -> Any | None:
        """上报用户终端信息，用于中继服务器操作员登录模式 操作员登录后，可以多次调用该接口上报客户信息 submit user system information"""
        return self._one(methods.SubmitUserSystemInfo, locals())

    def RegisterWechatUserSystemInfo(self, *, BrokerID: str | None = None, UserID: str | None = None, WechatCltSysInfoLen: int | None = None, WechatCltSysInfo: bytes | str | None = None, ClientIPPort: int | None = None, ClientLoginTime: str | None = None, ClientAppID: str | None = None, ClientPublicIP: str | None = None, ClientLoginRemark: str | None = None) -> Any | None:
        """注册用户终端信息，用于中继服务器多连接模式.用于微信小程序等应用上报信息. register WeChat user system information"""
        return self._one(methods.RegisterWechatUserSystemInfo, locals())

    def SubmitWechatUserSystemInfo(self, *, BrokerID: str | None = None, UserID: str | None = None, WechatCltSysInfoLen: int | None = None, WechatCltSysInfo: bytes | str | None = None, ClientIPPort: int | None = None, ClientLoginTime: str | None = None, ClientAppID: str | None = None, ClientPublicIP: str | None = None, ClientLoginRemark: str | None = None) -> Any | None:
        """上报用户终端信息，用于中继服务器操作员登录模式.用于微信小程序等应用上报信息. submit WeChat user system information"""
        return self._one(methods.SubmitWechatUserSystemInfo, locals())

    def ReqUserPasswordUpdate(self, *, BrokerID: str | None = None, UserID: str | None = None, OldPassword: str | None = None, NewPassword: str | None = None) -> structs.UserPasswordUpdate | None:
        """用户口令更新请求 change the password"""
        return self._one(methods.ReqUserPasswordUpdate, locals())

    def ReqTradingAccountPasswordUpdate(self, *, BrokerID: str | None = None, AccountID: str | None = None, OldPassword: str | None = None, NewPassword: str | None = None, CurrencyID: str | None = None) -> structs.TradingAccountPasswordUpdate | None:
        """资金账户口令更新请求 change the account's password"""
        return self._one(methods.ReqTradingAccountPasswordUpdate, locals())

    def ReqUserAuthMethod(self, *, TradingDay: str | None = None, BrokerID: str | None = None, UserID: str | None = None) -> structs.RspUserAuthMethod | None:
        """查询用户当前支持的认证模式 query: how to log in"""
        return self._one(methods.ReqUserAuthMethod, locals())

    def ReqGenUserCaptcha(self, *, TradingDay: str | None = None, BrokerID: str | None = None, UserID: str | None = None) -> structs.RspGenUserCaptcha | None:
        """用户发出获取图形验证码请求 ask for a captcha"""
        return self._one(methods.ReqGenUserCaptcha, locals())

    def ReqGenUserText(self, *, TradingDay: str | None = None, BrokerID: str | None = None, UserID: str | None = None) -> structs.RspGenUserText | None:
        """用户发出获取短信验证码请求 ask for a text message"""
        return self._one(methods.ReqGenUserText, locals())

    def ReqOrderInsert(self, *, BrokerID: str | None = None, InvestorID: str | None = None, OrderRef: str | None = None, UserID: str | None = None, OrderPriceType: str | None = None, Direction: str | None = None, CombOffsetFlag: str | None = None, CombHedgeFlag: str | None = None, LimitPrice: float | None = None, VolumeTotalOriginal: int | None = None, TimeCondition: str | None = None, GTDDate: str | None = None, VolumeCondition: str | None = None, MinVolume: int | None = None, ContingentCondition: str | None = None, StopPrice: float | None = None, ForceCloseReason: str | None = None, IsAutoSuspend: int | None = None, BusinessUnit: str | None = None, RequestID: int | None = None, UserForceClose: int | None = None, IsSwapOrder: int | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, AccountID: str | None = None, CurrencyID: str | None = None, ClientID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, OrderMemo: str | None = None, SessionReqSeq: int | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """报单录入请求 place an order"""
        return self._order(methods.ReqOrderInsert, locals())

    def ReqParkedOrderInsert(self, *, BrokerID: str | None = None, InvestorID: str | None = None, OrderRef: str | None = None, UserID: str | None = None, OrderPriceType: str | None = None, Direction: str | None = None, CombOffsetFlag: str | None = None, CombHedgeFlag: str | None = None, LimitPrice: float | None = None, VolumeTotalOriginal: int | None = None, TimeCondition: str | None = None, GTDDate: str | None = None, VolumeCondition: str | None = None, MinVolume: int | None = None, ContingentCondition: str | None = None, StopPrice: float | None = None, ForceCloseReason: str | None = None, IsAutoSuspend: int | None = None, BusinessUnit: str | None = None, RequestID: int | None = None, UserForceClose: int | None = None, ExchangeID: str | None = None, ParkedOrderID: str | None = None, UserType: str | None = None, Status: str | None = None, ErrorID: int | None = None, ErrorMsg: str | None = None, IsSwapOrder: int | None = None, AccountID: str | None = None, CurrencyID: str | None = None, ClientID: str | None = None, InvestUnitID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """预埋单录入请求 enter: parked order"""
        return self._order(methods.ReqParkedOrderInsert, locals())

    def ReqParkedOrderAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, OrderActionRef: int | None = None, OrderRef: str | None = None, RequestID: int | None = None, FrontID: int | None = None, SessionID: int | None = None, ExchangeID: str | None = None, OrderSysID: str | None = None, ActionFlag: str | None = None, LimitPrice: float | None = None, VolumeChange: int | None = None, UserID: str | None = None, ParkedOrderActionID: str | None = None, UserType: str | None = None, Status: str | None = None, ErrorID: int | None = None, ErrorMsg: str | None = None, InvestUnitID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """预埋撤单录入请求 enter: parked cancellation"""
        return self._order(methods.ReqParkedOrderAction, locals())

    def ReqOrderAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, OrderActionRef: int | None = None, OrderRef: str | None = None, RequestID: int | None = None, FrontID: int | None = None, SessionID: int | None = None, ExchangeID: str | None = None, OrderSysID: str | None = None, ActionFlag: str | None = None, LimitPrice: float | None = None, VolumeChange: int | None = None, UserID: str | None = None, InvestUnitID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, OrderMemo: str | None = None, SessionReqSeq: int | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """报单操作请求 cancel an order"""
        return self._order(methods.ReqOrderAction, locals())

    def ReqQryMaxOrderVolume(self, *, BrokerID: str | None = None, InvestorID: str | None = None, Direction: str | None = None, OffsetFlag: str | None = None, HedgeFlag: str | None = None, MaxVolume: int | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.QryMaxOrderVolume]:
        """查询最大报单数量请求 query: maximum order volume"""
        return self._rows(methods.ReqQryMaxOrderVolume, locals())

    def ReqSettlementInfoConfirm(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ConfirmDate: str | None = None, ConfirmTime: str | None = None, SettlementID: int | None = None, AccountID: str | None = None, CurrencyID: str | None = None) -> structs.SettlementInfoConfirm | None:
        """投资者结算结果确认 confirm the settlement"""
        return self._one(methods.ReqSettlementInfoConfirm, locals())

    def ReqRemoveParkedOrder(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ParkedOrderID: str | None = None, InvestUnitID: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """请求删除预埋单 remove a parked order"""
        return self._order(methods.ReqRemoveParkedOrder, locals())

    def ReqRemoveParkedOrderAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ParkedOrderActionID: str | None = None, InvestUnitID: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """请求删除预埋撤单 remove a parked cancellation"""
        return self._order(methods.ReqRemoveParkedOrderAction, locals())

    def ReqExecOrderInsert(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExecOrderRef: str | None = None, UserID: str | None = None, Volume: int | None = None, RequestID: int | None = None, BusinessUnit: str | None = None, OffsetFlag: str | None = None, HedgeFlag: str | None = None, ActionType: str | None = None, PosiDirection: str | None = None, ReservePositionFlag: str | None = None, CloseFlag: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, AccountID: str | None = None, CurrencyID: str | None = None, ClientID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """执行宣告录入请求 enter: execution order"""
        return self._order(methods.ReqExecOrderInsert, locals())

    def ReqExecOrderAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExecOrderActionRef: int | None = None, ExecOrderRef: str | None = None, RequestID: int | None = None, FrontID: int | None = None, SessionID: int | None = None, ExchangeID: str | None = None, ExecOrderSysID: str | None = None, ActionFlag: str | None = None, UserID: str | None = None, InvestUnitID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """执行宣告操作请求 cancel: execution order"""
        return self._order(methods.ReqExecOrderAction, locals())

    def ReqForQuoteInsert(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ForQuoteRef: str | None = None, UserID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """询价录入请求 ask for quotes"""
        return self._order(methods.ReqForQuoteInsert, locals())

    def ReqQuoteInsert(self, *, BrokerID: str | None = None, InvestorID: str | None = None, QuoteRef: str | None = None, UserID: str | None = None, AskPrice: float | None = None, BidPrice: float | None = None, AskVolume: int | None = None, BidVolume: int | None = None, RequestID: int | None = None, BusinessUnit: str | None = None, AskOffsetFlag: str | None = None, BidOffsetFlag: str | None = None, AskHedgeFlag: str | None = None, BidHedgeFlag: str | None = None, AskOrderRef: str | None = None, BidOrderRef: str | None = None, ForQuoteSysID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, ClientID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ReplaceSysID: str | None = None, TimeCondition: str | None = None, OrderMemo: str | None = None, SessionReqSeq: int | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """报价录入请求 enter: quote"""
        return self._order(methods.ReqQuoteInsert, locals())

    def ReqQuoteAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, QuoteActionRef: int | None = None, QuoteRef: str | None = None, RequestID: int | None = None, FrontID: int | None = None, SessionID: int | None = None, ExchangeID: str | None = None, QuoteSysID: str | None = None, ActionFlag: str | None = None, UserID: str | None = None, InvestUnitID: str | None = None, ClientID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, OrderMemo: str | None = None, SessionReqSeq: int | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """报价操作请求 cancel: quote"""
        return self._order(methods.ReqQuoteAction, locals())

    def ReqBatchOrderAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, OrderActionRef: int | None = None, RequestID: int | None = None, FrontID: int | None = None, SessionID: int | None = None, ExchangeID: str | None = None, UserID: str | None = None, InvestUnitID: str | None = None, MacAddress: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """批量报单操作请求 cancel all orders"""
        return self._order(methods.ReqBatchOrderAction, locals())

    def ReqOptionSelfCloseInsert(self, *, BrokerID: str | None = None, InvestorID: str | None = None, OptionSelfCloseRef: str | None = None, UserID: str | None = None, Volume: int | None = None, RequestID: int | None = None, BusinessUnit: str | None = None, HedgeFlag: str | None = None, OptSelfCloseFlag: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, AccountID: str | None = None, CurrencyID: str | None = None, ClientID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """期权自对冲录入请求 enter: option self-offset"""
        return self._order(methods.ReqOptionSelfCloseInsert, locals())

    def ReqOptionSelfCloseAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, OptionSelfCloseActionRef: int | None = None, OptionSelfCloseRef: str | None = None, RequestID: int | None = None, FrontID: int | None = None, SessionID: int | None = None, ExchangeID: str | None = None, OptionSelfCloseSysID: str | None = None, ActionFlag: str | None = None, UserID: str | None = None, InvestUnitID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """期权自对冲操作请求 cancel: option self-offset"""
        return self._order(methods.ReqOptionSelfCloseAction, locals())

    def ReqCombActionInsert(self, *, BrokerID: str | None = None, InvestorID: str | None = None, CombActionRef: str | None = None, UserID: str | None = None, Direction: str | None = None, Volume: int | None = None, CombDirection: str | None = None, HedgeFlag: str | None = None, ExchangeID: str | None = None, MacAddress: str | None = None, InvestUnitID: str | None = None, FrontID: int | None = None, SessionID: int | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, ClientOrderID: str | None = None) -> BlockingSentOrder:
        """申请组合录入请求 apply for a combination, or break one up"""
        return self._order(methods.ReqCombActionInsert, locals())

    def ReqQryOrder(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, OrderSysID: str | None = None, InsertTimeStart: str | None = None, InsertTimeEnd: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.Order]:
        """请求查询报单 query: order"""
        return self._rows(methods.ReqQryOrder, locals())

    def ReqQryTrade(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, TradeID: str | None = None, TradeTimeStart: str | None = None, TradeTimeEnd: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.Trade]:
        """请求查询成交 query: trade"""
        return self._rows(methods.ReqQryTrade, locals())

    def ReqQryInvestorPosition(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.InvestorPosition]:
        """请求查询投资者持仓 query: investor position"""
        return self._rows(methods.ReqQryInvestorPosition, locals())

    def ReqQryTradingAccount(self, *, BrokerID: str | None = None, InvestorID: str | None = None, CurrencyID: str | None = None, BizType: str | None = None, AccountID: str | None = None) -> list[structs.TradingAccount]:
        """请求查询资金账户 query: trading account"""
        return self._rows(methods.ReqQryTradingAccount, locals())

    def ReqQryInvestor(self, *, BrokerID: str | None = None, InvestorID: str | None = None) -> list[structs.Investor]:
        """请求查询投资者 query: investor"""
        return self._rows(methods.ReqQryInvestor, locals())

    def ReqQryTradingCode(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, ClientID: str | None = None, ClientIDType: str | None = None, InvestUnitID: str | None = None) -> list[structs.TradingCode]:
        """请求查询交易编码 query: trading code"""
        return self._rows(methods.ReqQryTradingCode, locals())

    def ReqQryInstrumentMarginRate(self, *, BrokerID: str | None = None, InvestorID: str | None = None, HedgeFlag: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.InstrumentMarginRate]:
        """请求查询合约保证金率 query: instrument margin rate"""
        return self._rows(methods.ReqQryInstrumentMarginRate, locals())

    def ReqQryInstrumentCommissionRate(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.InstrumentCommissionRate]:
        """请求查询合约手续费率 query: instrument commission rate"""
        return self._rows(methods.ReqQryInstrumentCommissionRate, locals())

    def ReqQryUserSession(self, *, FrontID: int | None = None, SessionID: int | None = None, BrokerID: str | None = None, UserID: str | None = None) -> list[structs.UserSession]:
        """请求查询用户会话 query: user session"""
        return self._rows(methods.ReqQryUserSession, locals())

    def ReqQryExchange(self, *, ExchangeID: str | None = None) -> list[structs.Exchange]:
        """请求查询交易所 query: exchange"""
        return self._rows(methods.ReqQryExchange, locals())

    def ReqQryProduct(self, *, ProductClass: str | None = None, ExchangeID: str | None = None, ProductID: str | None = None) -> list[structs.Product]:
        """请求查询产品 query: product"""
        return self._rows(methods.ReqQryProduct, locals())

    def ReqQryInstrument(self, *, ExchangeID: str | None = None, InstrumentID: str | None = None, ExchangeInstID: str | None = None, ProductID: str | None = None) -> list[structs.Instrument]:
        """请求查询合约 query: instrument"""
        return self._rows(methods.ReqQryInstrument, locals())

    def ReqQryDepthMarketData(self, *, ExchangeID: str | None = None, InstrumentID: str | None = None, ProductClass: str | None = None) -> list[structs.DepthMarketData]:
        """请求查询行情 query: depth market data"""
        return self._rows(methods.ReqQryDepthMarketData, locals())

    def ReqQryTraderOffer(self, *, ExchangeID: str | None = None, ParticipantID: str | None = None, TraderID: str | None = None) -> list[structs.TraderOffer]:
        """请求查询交易员报盘机 query: trader offer"""
        return self._rows(methods.ReqQryTraderOffer, locals())

    def ReqQrySettlementInfo(self, *, BrokerID: str | None = None, InvestorID: str | None = None, TradingDay: str | None = None, AccountID: str | None = None, CurrencyID: str | None = None) -> list[structs.SettlementInfo]:
        """请求查询投资者结算结果 query: settlement information"""
        return self._rows(methods.ReqQrySettlementInfo, locals())

    def ReqQryTransferBank(self, *, BankID: str | None = None, BankBrchID: str | None = None) -> list[structs.TransferBank]:
        """请求查询转帐银行 query: transfer bank"""
        return self._rows(methods.ReqQryTransferBank, locals())

    def ReqQryInvestorPositionDetail(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.InvestorPositionDetail]:
        """请求查询投资者持仓明细 query: investor position detail"""
        return self._rows(methods.ReqQryInvestorPositionDetail, locals())

    def ReqQryNotice(self, *, BrokerID: str | None = None) -> list[structs.Notice]:
        """请求查询客户通知 query: notice"""
        return self._rows(methods.ReqQryNotice, locals())

    def ReqQrySettlementInfoConfirm(self, *, BrokerID: str | None = None, InvestorID: str | None = None, AccountID: str | None = None, CurrencyID: str | None = None) -> list[structs.SettlementInfoConfirm]:
        """请求查询结算信息确认 query: settlement information confirm"""
        return self._rows(methods.ReqQrySettlementInfoConfirm, locals())

    def ReqQryInvestorPositionCombineDetail(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, CombInstrumentID: str | None = None) -> list[structs.InvestorPositionCombineDetail]:
        """请求查询投资者持仓明细 query: investor position combine detail"""
        return self._rows(methods.ReqQryInvestorPositionCombineDetail, locals())

    def ReqQryCFMMCTradingAccountKey(self, *, BrokerID: str | None = None, InvestorID: str | None = None) -> list[structs.CFMMCTradingAccountKey]:
        """请求查询保证金监管系统经纪公司资金账户密钥 query: monitoring centre trading account key"""
        return self._rows(methods.ReqQryCFMMCTradingAccountKey, locals())

    def ReqQryEWarrantOffset(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.EWarrantOffset]:
        """请求查询仓单折抵信息 query: e-warrant offset"""
        return self._rows(methods.ReqQryEWarrantOffset, locals())

    def ReqQryInvestorProductGroupMargin(self, *, BrokerID: str | None = None, InvestorID: str | None = None, HedgeFlag: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, ProductGroupID: str | None = None) -> list[structs.InvestorProductGroupMargin]:
        """请求查询投资者品种/跨品种保证金 query: investor product group margin"""
        return self._rows(methods.ReqQryInvestorProductGroupMargin, locals())

    def ReqQryExchangeMarginRate(self, *, BrokerID: str | None = None, HedgeFlag: str | None = None, ExchangeID: str | None = None, InstrumentID: str | None = None) -> list[structs.ExchangeMarginRate]:
        """请求查询交易所保证金率 query: exchange margin rate"""
        return self._rows(methods.ReqQryExchangeMarginRate, locals())

    def ReqQryExchangeMarginRateAdjust(self, *, BrokerID: str | None = None, HedgeFlag: str | None = None, InstrumentID: str | None = None) -> list[structs.ExchangeMarginRateAdjust]:
        """请求查询交易所调整保证金率 query: exchange margin rate adjustment"""
        return self._rows(methods.ReqQryExchangeMarginRateAdjust, locals())

    def ReqQryExchangeRate(self, *, BrokerID: str | None = None, FromCurrencyID: str | None = None, ToCurrencyID: str | None = None) -> list[structs.ExchangeRate]:
        """请求查询汇率 query: exchange rate"""
        return self._rows(methods.ReqQryExchangeRate, locals())

    def ReqQrySecAgentACIDMap(self, *, BrokerID: str | None = None, UserID: str | None = None, AccountID: str | None = None, CurrencyID: str | None = None) -> list[structs.SecAgentACIDMap]:
        """请求查询二级代理操作员银期权限 query: secondary agent account ID map"""
        return self._rows(methods.ReqQrySecAgentACIDMap, locals())

    def ReqQryProductExchRate(self, *, ExchangeID: str | None = None, ProductID: str | None = None) -> list[structs.ProductExchRate]:
        """请求查询产品报价汇率 query: product exchange rate"""
        return self._rows(methods.ReqQryProductExchRate, locals())

    def ReqQryProductGroup(self, *, ExchangeID: str | None = None, ProductID: str | None = None) -> list[structs.ProductGroup]:
        """请求查询产品组 query: product group"""
        return self._rows(methods.ReqQryProductGroup, locals())

    def ReqQryMMInstrumentCommissionRate(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InstrumentID: str | None = None) -> list[structs.MMInstrumentCommissionRate]:
        """请求查询做市商合约手续费率 query: market maker instrument commission rate"""
        return self._rows(methods.ReqQryMMInstrumentCommissionRate, locals())

    def ReqQryMMOptionInstrCommRate(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InstrumentID: str | None = None) -> list[structs.MMOptionInstrCommRate]:
        """请求查询做市商期权合约手续费 query: market maker option instrument commission rate"""
        return self._rows(methods.ReqQryMMOptionInstrCommRate, locals())

    def ReqQryInstrumentOrderCommRate(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InstrumentID: str | None = None) -> list[structs.InstrumentOrderCommRate]:
        """请求查询报单手续费 query: instrument order commission rate"""
        return self._rows(methods.ReqQryInstrumentOrderCommRate, locals())

    def ReqQrySecAgentTradingAccount(self, *, BrokerID: str | None = None, InvestorID: str | None = None, CurrencyID: str | None = None, BizType: str | None = None, AccountID: str | None = None) -> list[structs.TradingAccount]:
        """请求查询资金账户 query: secondary agent trading account"""
        return self._rows(methods.ReqQrySecAgentTradingAccount, locals())

    def ReqQrySecAgentCheckMode(self, *, BrokerID: str | None = None, InvestorID: str | None = None) -> list[structs.SecAgentCheckMode]:
        """请求查询二级代理商资金校验模式 query: secondary agent check mode"""
        return self._rows(methods.ReqQrySecAgentCheckMode, locals())

    def ReqQrySecAgentTradeInfo(self, *, BrokerID: str | None = None, BrokerSecAgentID: str | None = None) -> list[structs.SecAgentTradeInfo]:
        """请求查询二级代理商信息 query: secondary agent trade information"""
        return self._rows(methods.ReqQrySecAgentTradeInfo, locals())

    def ReqQryOptionInstrTradeCost(self, *, BrokerID: str | None = None, InvestorID: str | None = None, HedgeFlag: str | None = None, InputPrice: float | None = None, UnderlyingPrice: float | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.OptionInstrTradeCost]:
        """请求查询期权交易成本 query: option instrument trade cost"""
        return self._rows(methods.ReqQryOptionInstrTradeCost, locals())

    def ReqQryOptionInstrCommRate(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.OptionInstrCommRate]:
        """请求查询期权合约手续费 query: option instrument commission rate"""
        return self._rows(methods.ReqQryOptionInstrCommRate, locals())

    def ReqQryExecOrder(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, ExecOrderSysID: str | None = None, InsertTimeStart: str | None = None, InsertTimeEnd: str | None = None, InstrumentID: str | None = None) -> list[structs.ExecOrder]:
        """请求查询执行宣告 query: execution order"""
        return self._rows(methods.ReqQryExecOrder, locals())

    def ReqQryForQuote(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InsertTimeStart: str | None = None, InsertTimeEnd: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.ForQuote]:
        """请求查询询价 query: request for quotes"""
        return self._rows(methods.ReqQryForQuote, locals())

    def ReqQryQuote(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, QuoteSysID: str | None = None, InsertTimeStart: str | None = None, InsertTimeEnd: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.Quote]:
        """请求查询报价 query: quote"""
        return self._rows(methods.ReqQryQuote, locals())

    def ReqQryOptionSelfClose(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, OptionSelfCloseSysID: str | None = None, InsertTimeStart: str | None = None, InsertTimeEnd: str | None = None, InstrumentID: str | None = None) -> list[structs.OptionSelfClose]:
        """请求查询期权自对冲 query: option self-offset"""
        return self._rows(methods.ReqQryOptionSelfClose, locals())

    def ReqQryInvestUnit(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InvestUnitID: str | None = None) -> list[structs.InvestUnit]:
        """请求查询投资单元 query: investment unit"""
        return self._rows(methods.ReqQryInvestUnit, locals())

    def ReqQryCombInstrumentGuard(self, *, BrokerID: str | None = None, ExchangeID: str | None = None, InstrumentID: str | None = None) -> list[structs.CombInstrumentGuard]:
        """请求查询组合合约安全系数 query: combination instrument guard"""
        return self._rows(methods.ReqQryCombInstrumentGuard, locals())

    def ReqQryCombAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.CombAction]:
        """请求查询申请组合 query: combination action"""
        return self._rows(methods.ReqQryCombAction, locals())

    def ReqQryTransferSerial(self, *, BrokerID: str | None = None, AccountID: str | None = None, BankID: str | None = None, CurrencyID: str | None = None) -> list[structs.TransferSerial]:
        """请求查询转帐流水 query: transfer serial"""
        return self._rows(methods.ReqQryTransferSerial, locals())

    def ReqQryAccountregister(self, *, BrokerID: str | None = None, AccountID: str | None = None, BankID: str | None = None, BankBranchID: str | None = None, CurrencyID: str | None = None) -> list[structs.Accountregister]:
        """请求查询银期签约关系 query: registered bank account"""
        return self._rows(methods.ReqQryAccountregister, locals())

    def ReqQryContractBank(self, *, BrokerID: str | None = None, BankID: str | None = None, BankBrchID: str | None = None) -> list[structs.ContractBank]:
        """请求查询签约银行 query: contract bank"""
        return self._rows(methods.ReqQryContractBank, locals())

    def ReqQryParkedOrder(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.ParkedOrder]:
        """请求查询预埋单 query: parked order"""
        return self._rows(methods.ReqQryParkedOrder, locals())

    def ReqQryParkedOrderAction(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, InstrumentID: str | None = None) -> list[structs.ParkedOrderAction]:
        """请求查询预埋撤单 query: parked cancellations"""
        return self._rows(methods.ReqQryParkedOrderAction, locals())

    def ReqQryTradingNotice(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InvestUnitID: str | None = None) -> list[structs.TradingNotice]:
        """请求查询交易通知 query: trading notice"""
        return self._rows(methods.ReqQryTradingNotice, locals())

    def ReqQryBrokerTradingParams(self, *, BrokerID: str | None = None, InvestorID: str | None = None, CurrencyID: str | None = None, AccountID: str | None = None) -> list[structs.BrokerTradingParams]:
        """请求查询经纪公司交易参数 query: broker trading parameters"""
        return self._rows(methods.ReqQryBrokerTradingParams, locals())

    def ReqQryBrokerTradingAlgos(self, *, BrokerID: str | None = None, ExchangeID: str | None = None, InstrumentID: str | None = None) -> list[structs.BrokerTradingAlgos]:
        """请求查询经纪公司交易算法 query: broker trading algorithms"""
        return self._rows(methods.ReqQryBrokerTradingAlgos, locals())

    def ReqQueryCFMMCTradingAccountToken(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InvestUnitID: str | None = None) -> structs.QueryCFMMCTradingAccountToken | None:
        """请求查询监控中心用户令牌 query: monitoring centre trading account token"""
        return self._one(methods.ReqQueryCFMMCTradingAccountToken, locals())

    def ReqFromBankToFutureByFuture(self, *, TradeCode: str | None = None, BankID: str | None = None, BankBranchID: str | None = None, BrokerID: str | None = None, BrokerBranchID: str | None = None, TradeDate: str | None = None, TradeTime: str | None = None, BankSerial: str | None = None, TradingDay: str | None = None, PlateSerial: int | None = None, LastFragment: str | None = None, SessionID: int | None = None, CustomerName: str | None = None, IdCardType: str | None = None, IdentifiedCardNo: str | None = None, CustType: str | None = None, BankAccount: str | None = None, BankPassWord: str | None = None, AccountID: str | None = None, Password: str | None = None, InstallID: int | None = None, FutureSerial: int | None = None, UserID: str | None = None, VerifyCertNoFlag: str | None = None, CurrencyID: str | None = None, TradeAmount: float | None = None, FutureFetchAmount: float | None = None, FeePayFlag: str | None = None, CustFee: float | None = None, BrokerFee: float | None = None, Message: str | None = None, Digest: str | None = None, BankAccType: str | None = None, DeviceID: str | None = None, BankSecuAccType: str | None = None, BrokerIDByBank: str | None = None, BankSecuAcc: str | None = None, BankPwdFlag: str | None = None, SecuPwdFlag: str | None = None, OperNo: str | None = None, RequestID: int | None = None, TID: int | None = None, TransferStatus: str | None = None, LongCustomerName: str | None = None) -> None:
        """期货发起银行资金转期货请求 transfer from bank to broker begun at the broker"""
        return self._submit(methods.ReqFromBankToFutureByFuture, locals())

    def ReqFromFutureToBankByFuture(self, *, TradeCode: str | None = None, BankID: str | None = None, BankBranchID: str | None = None, BrokerID: str | None = None, BrokerBranchID: str | None = None, TradeDate: str | None = None, TradeTime: str | None = None, BankSerial: str | None = None, TradingDay: str | None = None, PlateSerial: int | None = None, LastFragment: str | None = None, SessionID: int | None = None, CustomerName: str | None = None, IdCardType: str | None = None, IdentifiedCardNo: str | None = None, CustType: str | None = None, BankAccount: str | None = None, BankPassWord: str | None = None, AccountID: str | None = None, Password: str | None = None, InstallID: int | None = None, FutureSerial: int | None = None, UserID: str | None = None, VerifyCertNoFlag: str | None = None, CurrencyID: str | None = None, TradeAmount: float | None = None, FutureFetchAmount: float | None = None, FeePayFlag: str | None = None, CustFee: float | None = None, BrokerFee: float | None = None, Message: str | None = None, Digest: str | None = None, BankAccType: str | None = None, DeviceID: str | None = None, BankSecuAccType: str | None = None, BrokerIDByBank: str | None = None, BankSecuAcc: str | None = None, BankPwdFlag: str | None = None, SecuPwdFlag: str | None = None, OperNo: str | None = None, RequestID: int | None = None, TID: int | None = None, TransferStatus: str | None = None, LongCustomerName: str | None = None) -> None:
        """期货发起期货资金转银行请求 transfer from broker to bank begun at the broker"""
        return self._submit(methods.ReqFromFutureToBankByFuture, locals())

    def ReqQueryBankAccountMoneyByFuture(self, *, TradeCode: str | None = None, BankID: str | None = None, BankBranchID: str | None = None, BrokerID: str | None = None, BrokerBranchID: str | None = None, TradeDate: str | None = None, TradeTime: str | None = None, BankSerial: str | None = None, TradingDay: str | None = None, PlateSerial: int | None = None, LastFragment: str | None = None, SessionID: int | None = None, CustomerName: str | None = None, IdCardType: str | None = None, IdentifiedCardNo: str | None = None, CustType: str | None = None, BankAccount: str | None = None, BankPassWord: str | None = None, AccountID: str | None = None, Password: str | None = None, FutureSerial: int | None = None, InstallID: int | None = None, UserID: str | None = None, VerifyCertNoFlag: str | None = None, CurrencyID: str | None = None, Digest: str | None = None, BankAccType: str | None = None, DeviceID: str | None = None, BankSecuAccType: str | None = None, BrokerIDByBank: str | None = None, BankSecuAcc: str | None = None, BankPwdFlag: str | None = None, SecuPwdFlag: str | None = None, OperNo: str | None = None, RequestID: int | None = None, TID: int | None = None, LongCustomerName: str | None = None) -> None:
        """期货发起查询银行余额请求 query: bank account money begun at the broker"""
        return self._submit(methods.ReqQueryBankAccountMoneyByFuture, locals())

    def ReqQryClassifiedInstrument(self, *, InstrumentID: str | None = None, ExchangeID: str | None = None, ExchangeInstID: str | None = None, ProductID: str | None = None, TradingType: str | None = None, ClassType: str | None = None) -> list[structs.Instrument]:
        """请求查询分类合约 query: classified instrument"""
        return self._rows(methods.ReqQryClassifiedInstrument, locals())

    def ReqQryCombPromotionParam(self, *, ExchangeID: str | None = None, InstrumentID: str | None = None) -> list[structs.CombPromotionParam]:
        """请求组合优惠比例 query: combination promotion parameter"""
        return self._rows(methods.ReqQryCombPromotionParam, locals())

    def ReqQryRiskSettleInvstPosition(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InstrumentID: str | None = None) -> list[structs.RiskSettleInvstPosition]:
        """投资者风险结算持仓查询 query: risk settlement investor position"""
        return self._rows(methods.ReqQryRiskSettleInvstPosition, locals())

    def ReqQryRiskSettleProductStatus(self, *, ProductID: str | None = None) -> list[structs.RiskSettleProductStatus]:
        """风险结算产品查询 query: risk settlement product status"""
        return self._rows(methods.ReqQryRiskSettleProductStatus, locals())

    def ReqQrySPBMFutureParameter(self, *, ExchangeID: str | None = None, InstrumentID: str | None = None, ProdFamilyCode: str | None = None) -> list[structs.SPBMFutureParameter]:
        """SPBM期货合约参数查询 query: SPBM future parameter"""
        return self._rows(methods.ReqQrySPBMFutureParameter, locals())

    def ReqQrySPBMOptionParameter(self, *, ExchangeID: str | None = None, InstrumentID: str | None = None, ProdFamilyCode: str | None = None) -> list[structs.SPBMOptionParameter]:
        """SPBM期权合约参数查询 query: SPBM option parameter"""
        return self._rows(methods.ReqQrySPBMOptionParameter, locals())

    def ReqQrySPBMIntraParameter(self, *, ExchangeID: str | None = None, ProdFamilyCode: str | None = None) -> list[structs.SPBMIntraParameter]:
        """SPBM品种内对锁仓折扣参数查询 query: SPBM intra parameter"""
        return self._rows(methods.ReqQrySPBMIntraParameter, locals())

    def ReqQrySPBMInterParameter(self, *, ExchangeID: str | None = None, Leg1ProdFamilyCode: str | None = None, Leg2ProdFamilyCode: str | None = None) -> list[structs.SPBMInterParameter]:
        """SPBM跨品种抵扣参数查询 query: SPBM inter parameter"""
        return self._rows(methods.ReqQrySPBMInterParameter, locals())

    def ReqQrySPBMPortfDefinition(self, *, ExchangeID: str | None = None, PortfolioDefID: int | None = None, ProdFamilyCode: str | None = None) -> list[structs.SPBMPortfDefinition]:
        """SPBM组合保证金套餐查询 query: SPBM portfolio definition"""
        return self._rows(methods.ReqQrySPBMPortfDefinition, locals())

    def ReqQrySPBMInvestorPortfDef(self, *, ExchangeID: str | None = None, BrokerID: str | None = None, InvestorID: str | None = None) -> list[structs.SPBMInvestorPortfDef]:
        """投资者SPBM套餐选择查询 query: SPBM investor portfolio definition"""
        return self._rows(methods.ReqQrySPBMInvestorPortfDef, locals())

    def ReqQryInvestorPortfMarginRatio(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ExchangeID: str | None = None, ProductGroupID: str | None = None) -> list[structs.InvestorPortfMarginRatio]:
        """投资者新型组合保证金系数查询 query: investor portfolio margin ratio"""
        return self._rows(methods.ReqQryInvestorPortfMarginRatio, locals())

    def ReqQryInvestorProdSPBMDetail(self, *, ExchangeID: str | None = None, BrokerID: str | None = None, InvestorID: str | None = None, ProdFamilyCode: str | None = None) -> list[structs.InvestorProdSPBMDetail]:
        """投资者产品SPBM明细查询 query: investor product SPBM detail"""
        return self._rows(methods.ReqQryInvestorProdSPBMDetail, locals())

    def ReqQryInvestorCommoditySPMMMargin(self, *, BrokerID: str | None = None, InvestorID: str | None = None, CommodityID: str | None = None) -> list[structs.InvestorCommoditySPMMMargin]:
        """投资者商品组SPMM记录查询 query: investor commodity SPMM margin"""
        return self._rows(methods.ReqQryInvestorCommoditySPMMMargin, locals())

    def ReqQryInvestorCommodityGroupSPMMMargin(self, *, BrokerID: str | None = None, InvestorID: str | None = None, CommodityGroupID: str | None = None) -> list[structs.InvestorCommodityGroupSPMMMargin]:
        """投资者商品群SPMM记录查询 query: investor commodity group SPMM margin"""
        return self._rows(methods.ReqQryInvestorCommodityGroupSPMMMargin, locals())

    def ReqQrySPMMInstParam(self, *, InstrumentID: str | None = None) -> list[structs.SPMMInstParam]:
        """SPMM合约参数查询 query: SPMM instrument parameter"""
        return self._rows(methods.ReqQrySPMMInstParam, locals())

    def ReqQrySPMMProductParam(self, *, ProductID: str | None = None) -> list[structs.SPMMProductParam]:
        """SPMM产品参数查询 query: SPMM product parameter"""
        return self._rows(methods.ReqQrySPMMProductParam, locals())

    def ReqQrySPBMAddOnInterParameter(self, *, ExchangeID: str | None = None, Leg1ProdFamilyCode: str | None = None, Leg2ProdFamilyCode: str | None = None) -> list[structs.SPBMAddOnInterParameter]:
        """SPBM附加跨品种抵扣参数查询 query: SPBM additional inter parameter"""
        return self._rows(methods.ReqQrySPBMAddOnInterParameter, locals())

    def ReqQryRCAMSCombProductInfo(self, *, ProductID: str | None = None, CombProductID: str | None = None, ProductGroupID: str | None = None) -> list[structs.RCAMSCombProductInfo]:
        """RCAMS产品组合信息查询 query: RCAMS combination product information"""
        return self._rows(methods.ReqQryRCAMSCombProductInfo, locals())

    def ReqQryRCAMSInstrParameter(self, *, ProductID: str | None = None) -> list[structs.RCAMSInstrParameter]:
        """RCAMS同合约风险对冲参数查询 query: RCAMS instrument parameter"""
        return self._rows(methods.ReqQryRCAMSInstrParameter, locals())

    def ReqQryRCAMSIntraParameter(self, *, CombProductID: str | None = None) -> list[structs.RCAMSIntraParameter]:
        """RCAMS品种内风险对冲参数查询 query: RCAMS intra parameter"""
        return self._rows(methods.ReqQryRCAMSIntraParameter, locals())

    def ReqQryRCAMSInterParameter(self, *, ProductGroupID: str | None = None, CombProduct1: str | None = None, CombProduct2: str | None = None) -> list[structs.RCAMSInterParameter]:
        """RCAMS跨品种风险折抵参数查询 query: RCAMS inter parameter"""
        return self._rows(methods.ReqQryRCAMSInterParameter, locals())

    def ReqQryRCAMSShortOptAdjustParam(self, *, CombProductID: str | None = None) -> list[structs.RCAMSShortOptAdjustParam]:
        """RCAMS空头期权风险调整参数查询 query: RCAMS short option adjustment parameter"""
        return self._rows(methods.ReqQryRCAMSShortOptAdjustParam, locals())

    def ReqQryRCAMSInvestorCombPosition(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InstrumentID: str | None = None, CombInstrumentID: str | None = None) -> list[structs.RCAMSInvestorCombPosition]:
        """RCAMS策略组合持仓查询 query: RCAMS investor combination position"""
        return self._rows(methods.ReqQryRCAMSInvestorCombPosition, locals())

    def ReqQryInvestorProdRCAMSMargin(self, *, BrokerID: str | None = None, InvestorID: str | None = None, CombProductID: str | None = None, ProductGroupID: str | None = None) -> list[structs.InvestorProdRCAMSMargin]:
        """投资者品种RCAMS保证金查询 query: investor product RCAMS margin"""
        return self._rows(methods.ReqQryInvestorProdRCAMSMargin, locals())

    def ReqQryRULEInstrParameter(self, *, ExchangeID: str | None = None, InstrumentID: str | None = None) -> list[structs.RULEInstrParameter]:
        """RULE合约保证金参数查询 query: RULE instrument parameter"""
        return self._rows(methods.ReqQryRULEInstrParameter, locals())

    def ReqQryRULEIntraParameter(self, *, ExchangeID: str | None = None, ProdFamilyCode: str | None = None) -> list[structs.RULEIntraParameter]:
        """RULE品种内对锁仓折扣参数查询 query: RULE intra parameter"""
        return self._rows(methods.ReqQryRULEIntraParameter, locals())

    def ReqQryRULEInterParameter(self, *, ExchangeID: str | None = None, Leg1ProdFamilyCode: str | None = None, Leg2ProdFamilyCode: str | None = None, CommodityGroupID: int | None = None) -> list[structs.RULEInterParameter]:
        """RULE跨品种抵扣参数查询 query: RULE inter parameter"""
        return self._rows(methods.ReqQryRULEInterParameter, locals())

    def ReqQryInvestorProdRULEMargin(self, *, ExchangeID: str | None = None, BrokerID: str | None = None, InvestorID: str | None = None, ProdFamilyCode: str | None = None, CommodityGroupID: int | None = None) -> list[structs.InvestorProdRULEMargin]:
        """投资者产品RULE保证金查询 query: investor product RULE margin"""
        return self._rows(methods.ReqQryInvestorProdRULEMargin, locals())

    def ReqQryInvestorPortfSetting(self, *, ExchangeID: str | None = None, BrokerID: str | None = None, InvestorID: str | None = None) -> list[structs.InvestorPortfSetting]:
        """投资者新型组合保证金开关查询 query: investor portfolio setting"""
        return self._rows(methods.ReqQryInvestorPortfSetting, locals())

    def ReqQryInvestorInfoCommRec(self, *, InvestorID: str | None = None, InstrumentID: str | None = None, BrokerID: str | None = None) -> list[structs.InvestorInfoCommRec]:
        """投资者申报费阶梯收取记录查询 query: investor charges for messages"""
        return self._rows(methods.ReqQryInvestorInfoCommRec, locals())

    def ReqQryCombLeg(self, *, LegInstrumentID: str | None = None) -> list[structs.CombLeg]:
        """组合腿信息查询 query: combination leg"""
        return self._rows(methods.ReqQryCombLeg, locals())

    def ReqOffsetSetting(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InstrumentID: str | None = None, UnderlyingInstrID: str | None = None, ProductID: str | None = None, OffsetType: str | None = None, Volume: int | None = None, IsOffset: int | None = None, RequestID: int | None = None, UserID: str | None = None, ExchangeID: str | None = None, IPAddress: str | None = None, MacAddress: str | None = None) -> None:
        """对冲设置请求 offset setting"""
        return self._submit(methods.ReqOffsetSetting, locals())

    def ReqCancelOffsetSetting(self, *, BrokerID: str | None = None, InvestorID: str | None = None, InstrumentID: str | None = None, UnderlyingInstrID: str | None = None, ProductID: str | None = None, OffsetType: str | None = None, Volume: int | None = None, IsOffset: int | None = None, RequestID: int | None = None, UserID: str | None = None, ExchangeID: str | None = None, IPAddress: str | None = None, MacAddress: str | None = None) -> None:
        """对冲设置撤销请求 cancel offset setting"""
        return self._submit(methods.ReqCancelOffsetSetting, locals())

    def ReqQryOffsetSetting(self, *, BrokerID: str | None = None, InvestorID: str | None = None, ProductID: str | None = None, OffsetType: str | None = None) -> list[structs.OffsetSetting]:
        """投资者对冲设置查询 query: offset setting"""
        return self._rows(methods.ReqQryOffsetSetting, locals())

    def SubscribeMarketData(self, InstrumentID: str | Sequence[str], **words: Any) -> list[structs.SpecificInstrument]:
        """订阅行情。 subscribe to ticks"""
        return self._subscribe(methods.SubscribeMarketData, locals())

    def UnSubscribeMarketData(self, InstrumentID: str | Sequence[str], **words: Any) -> list[structs.SpecificInstrument]:
        """退订行情。 give ticks up"""
        return self._subscribe(methods.UnSubscribeMarketData, locals())

    def SubscribeForQuoteRsp(self, InstrumentID: str | Sequence[str], **words: Any) -> list[structs.SpecificInstrument]:
        """订阅询价。 subscribe to requests for quotes"""
        return self._subscribe(methods.SubscribeForQuoteRsp, locals())

    def UnSubscribeForQuoteRsp(self, InstrumentID: str | Sequence[str], **words: Any) -> list[structs.SpecificInstrument]:
        """退订询价。 give requests for quotes up"""
        return self._subscribe(methods.UnSubscribeForQuoteRsp, locals())

    def ReqQryMulticastInstrument(self, *, TopicID: int | None = None, InstrumentID: str | None = None) -> list[structs.MulticastInstrument]:
        """请求查询组播合约 query: multicast instrument"""
        return self._rows(methods.ReqQryMulticastInstrument, locals())

    def ReqQryBar(self, *, InstrumentID: str, Period: str, Count: int | None = None, BeginTime: str | None = None, EndTime: str | None = None) -> list[own.Bar]:
        """过去的 K 线 A bar of the past, in answer to ReqQryBar"""
        return self._rows(methods.ReqQryBar, locals())

    def QryInstruments(self, *, Text: str | None = None, ExchangeID: str | None = None, ProductID: str | None = None, UnderlyingInstrID: str | None = None, ProductClass: str | None = None, Count: int | None = None) -> list[own.FoundInstrument]:
        """对 QryInstruments 的应答，每个合约一条 An instrument, in answer to QryInstruments"""
        return self._rows(methods.QryInstruments, locals())

    def QryTicks(self, *, InstrumentID: str, Count: int | None = None, BeginTime: str | None = None, EndTime: str | None = None) -> list[structs.DepthMarketData]:
        """对 QryTicks 的应答，每笔行情一条 A tick, in answer to QryTicks"""
        return self._rows(methods.QryTicks, locals())

    def QryTradingState(self) -> list[own.TradingState]:
        """对 QryTradingState 的应答，每个对象一条 What is forbidden, in answer to QryTradingState"""
        return self._rows(methods.QryTradingState, locals())

    def Kill(self, *, Level: str, BrokerID: str | None = None, InvestorID: str | None = None, Token: str | None = None, Reason: str | None = None) -> own.TradingState | None:
        """对 Kill 的应答：已落盘 The answer to Kill: it is on disk and in force"""
        return self._one(methods.Kill, locals())

    def QryCompliance(self, *, InstrumentID: str | None = None) -> list[own.Compliance]:
        """对 QryCompliance 的应答，每个合约一条 The counters, in answer to QryCompliance"""
        return self._rows(methods.QryCompliance, locals())

    def CancelAllAfter(self, *, Milliseconds: int) -> own.Timer | None:
        """对 CancelAllAfter 的应答 When what rests will be cancelled, unless it is sent again"""
        return self._one(methods.CancelAllAfter, locals())

    def SubscribePortfolio(self) -> own.PortfolioState | None:
        """对 SubscribePortfolio 的应答：全部持仓与资金 The portfolio, whole"""
        return self._one(methods.SubscribePortfolio, locals())

    def UnSubscribePortfolio(self) -> Any | None:
        """对 UnSubscribePortfolio 的应答 Nothing more of it is told"""
        return self._one(methods.UnSubscribePortfolio, locals())

    def PreviewOrder(self, *, BrokerID: str | None = None, InvestorID: str | None = None, OrderRef: str | None = None, UserID: str | None = None, OrderPriceType: str | None = None, Direction: str | None = None, CombOffsetFlag: str | None = None, CombHedgeFlag: str | None = None, LimitPrice: float | None = None, VolumeTotalOriginal: int | None = None, TimeCondition: str | None = None, GTDDate: str | None = None, VolumeCondition: str | None = None, MinVolume: int | None = None, ContingentCondition: str | None = None, StopPrice: float | None = None, ForceCloseReason: str | None = None, IsAutoSuspend: int | None = None, BusinessUnit: str | None = None, RequestID: int | None = None, UserForceClose: int | None = None, IsSwapOrder: int | None = None, ExchangeID: str | None = None, InvestUnitID: str | None = None, AccountID: str | None = None, CurrencyID: str | None = None, ClientID: str | None = None, MacAddress: str | None = None, InstrumentID: str | None = None, IPAddress: str | None = None, OrderMemo: str | None = None, SessionReqSeq: int | None = None) -> own.OrderPreview | None:
        """对 PreviewOrder 的应答；没有发出报单 What an order would come to; none was sent"""
        return self._one(methods.PreviewOrder, locals())

    def QryAccountCurve(self) -> list[own.CurvePoint]:
        """对 QryAccountCurve 的应答，每分钟至多一点 A point of the day's curve"""
        return self._rows(methods.QryAccountCurve, locals())

    def InsertConditional(self, *, ConditionalID: str, Legs: Sequence[own.LegWord], Protect: Sequence[own.LegWord] | None = None, Until: str | None = None) -> own.ConditionalStanding | None:
        """对 InsertConditional 的应答：已落盘 It is on disk, or was before"""
        return self._one(methods.InsertConditional, locals())

    def CancelConditional(self, *, ConditionalID: str) -> own.ConditionalStanding | None:
        """对 CancelConditional 的应答：已落盘 It is cancelled, which is on disk"""
        return self._one(methods.CancelConditional, locals())

    def QryConditional(self, *, ConditionalID: str | None = None) -> list[own.ConditionalStanding]:
        """对 QryConditional 的应答，每个一条 A conditional order, in answer to QryConditional"""
        return self._rows(methods.QryConditional, locals())

    def QryPrincipal(self) -> list[own.Caller]:
        """对 QryPrincipal 的应答 Whom the gateway takes this client for"""
        return self._rows(methods.QryPrincipal, locals())

    def QryClients(self) -> list[own.ConnectedClient]:
        """对 QryClients 的应答，每个客户端一条 A client, in answer to QryClients"""
        return self._rows(methods.QryClients, locals())

    def QrySessions(self) -> list[own.OpenSession]:
        """对 QrySessions 的应答，每个会话一条 A session, in answer to QrySessions"""
        return self._rows(methods.QrySessions, locals())

    def QryLimits(self) -> list[own.LimitInForce]:
        """对 QryLimits 的应答，每项一条 A limit, in answer to QryLimits"""
        return self._rows(methods.QryLimits, locals())

    def QryTokens(self) -> list[own.TokenInUse]:
        """对 QryTokens 的应答，每个令牌一条 A token, in answer to QryTokens"""
        return self._rows(methods.QryTokens, locals())

    def QryLog(self) -> list[own.LogLine]:
        """对 QryLog 的应答，每行一条 A line of the log, in answer to QryLog"""
        return self._rows(methods.QryLog, locals())

    def ReloadConfig(self) -> own.Reloaded | None:
        """对 ReloadConfig 的应答 What has changed, in answer to ReloadConfig"""
        return self._one(methods.ReloadConfig, locals())

    def Drain(self, *, Seconds: float | None = None) -> own.DrainProgress | None:
        """对 Drain 的应答：网关即将结束 The answer to Drain: the gateway is to end"""
        return self._one(methods.Drain, locals())

    def EndClient(self, *, ID: int) -> own.Ended | None:
        """对 EndClient 的应答 The answer to EndClient: its connection is closed"""
        return self._one(methods.EndClient, locals())

    def EndSession(self, *, Account: str) -> own.Ended | None:
        """对 EndSession 的应答 The answer to EndSession: the account's sessions have ended"""
        return self._one(methods.EndSession, locals())
