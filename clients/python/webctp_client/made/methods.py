"""Every request, and every message that may come.

Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
"""

from collections.abc import Mapping
from typing import Any, Final

from webctp_client.made import own, structs
from webctp_client.protocol.method import Body, Kind, Method

GetApiVersion: Final[Method[Any]] = Method('GetApiVersion', ('td', 'md'), Kind.TEXT, '', 'GetApiVersion', None, 'ApiVersion')
GetTradingDay: Final[Method[Any]] = Method('GetTradingDay', ('td', 'md'), Kind.TEXT, '', 'GetTradingDay', None, 'TradingDay')
GetFrontInfo: Final[Method[structs.FrontInfo]] = Method('GetFrontInfo', ('td',), Kind.CALL, '', 'GetFrontInfo', structs.FrontInfo, 'FrontInfo')
ReqAuthenticate: Final[Method[structs.RspAuthenticate]] = Method('ReqAuthenticate', ('td',), Kind.ANSWERED, 'ReqAuthenticate', 'RspAuthenticate', structs.RspAuthenticate, 'RspAuthenticate')
RegisterUserSystemInfo: Final[Method[Any]] = Method('RegisterUserSystemInfo', ('td',), Kind.CALL, 'UserSystemInfo', 'RegisterUserSystemInfo', None, '')
SubmitUserSystemInfo: Final[Method[Any]] = Method('SubmitUserSystemInfo', ('td',), Kind.CALL, 'UserSystemInfo', 'SubmitUserSystemInfo', None, '')
RegisterWechatUserSystemInfo: Final[Method[Any]] = Method('RegisterWechatUserSystemInfo', ('td',), Kind.CALL, 'WechatUserSystemInfo', 'RegisterWechatUserSystemInfo', None, '')
SubmitWechatUserSystemInfo: Final[Method[Any]] = Method('SubmitWechatUserSystemInfo', ('td',), Kind.CALL, 'WechatUserSystemInfo', 'SubmitWechatUserSystemInfo', None, '')
ReqUserPasswordUpdate: Final[Method[structs.UserPasswordUpdate]] = Method('ReqUserPasswordUpdate', ('td',), Kind.ANSWERED, 'UserPasswordUpdate', 'RspUserPasswordUpdate', structs.UserPasswordUpdate, 'UserPasswordUpdate')
ReqTradingAccountPasswordUpdate: Final[Method[structs.TradingAccountPasswordUpdate]] = Method('ReqTradingAccountPasswordUpdate', ('td',), Kind.ANSWERED, 'TradingAccountPasswordUpdate', 'RspTradingAccountPasswordUpdate', structs.TradingAccountPasswordUpdate, 'TradingAccountPasswordUpdate')
ReqUserAuthMethod: Final[Method[structs.RspUserAuthMethod]] = Method('ReqUserAuthMethod', ('td',), Kind.ANSWERED, 'ReqUserAuthMethod', 'RspUserAuthMethod', structs.RspUserAuthMethod, 'RspUserAuthMethod')
ReqGenUserCaptcha: Final[Method[structs.RspGenUserCaptcha]] = Method('ReqGenUserCaptcha', ('td',), Kind.ANSWERED, 'ReqGenUserCaptcha', 'RspGenUserCaptcha', structs.RspGenUserCaptcha, 'RspGenUserCaptcha')
ReqGenUserText: Final[Method[structs.RspGenUserText]] = Method('ReqGenUserText', ('td',), Kind.ANSWERED, 'ReqGenUserText', 'RspGenUserText', structs.RspGenUserText, 'RspGenUserText')
ReqOrderInsert: Final[Method[structs.InputOrder]] = Method('ReqOrderInsert', ('td',), Kind.ORDER, 'InputOrder', 'RspOrderInsert', structs.InputOrder, 'InputOrder')
ReqParkedOrderInsert: Final[Method[structs.ParkedOrder]] = Method('ReqParkedOrderInsert', ('td',), Kind.ORDER, 'ParkedOrder', 'RspParkedOrderInsert', structs.ParkedOrder, 'ParkedOrder')
ReqParkedOrderAction: Final[Method[structs.ParkedOrderAction]] = Method('ReqParkedOrderAction', ('td',), Kind.ORDER, 'ParkedOrderAction', 'RspParkedOrderAction', structs.ParkedOrderAction, 'ParkedOrderAction')
ReqOrderAction: Final[Method[structs.InputOrderAction]] = Method('ReqOrderAction', ('td',), Kind.ORDER, 'InputOrderAction', 'RspOrderAction', structs.InputOrderAction, 'InputOrderAction')
ReqQryMaxOrderVolume: Final[Method[structs.QryMaxOrderVolume]] = Method('ReqQryMaxOrderVolume', ('td',), Kind.QUERY, 'QryMaxOrderVolume', 'RspQryMaxOrderVolume', structs.QryMaxOrderVolume, 'QryMaxOrderVolume')
ReqSettlementInfoConfirm: Final[Method[structs.SettlementInfoConfirm]] = Method('ReqSettlementInfoConfirm', ('td',), Kind.ANSWERED, 'SettlementInfoConfirm', 'RspSettlementInfoConfirm', structs.SettlementInfoConfirm, 'SettlementInfoConfirm')
ReqRemoveParkedOrder: Final[Method[structs.RemoveParkedOrder]] = Method('ReqRemoveParkedOrder', ('td',), Kind.ORDER, 'RemoveParkedOrder', 'RspRemoveParkedOrder', structs.RemoveParkedOrder, 'RemoveParkedOrder')
ReqRemoveParkedOrderAction: Final[Method[structs.RemoveParkedOrderAction]] = Method('ReqRemoveParkedOrderAction', ('td',), Kind.ORDER, 'RemoveParkedOrderAction', 'RspRemoveParkedOrderAction', structs.RemoveParkedOrderAction, 'RemoveParkedOrderAction')
ReqExecOrderInsert: Final[Method[structs.InputExecOrder]] = Method('ReqExecOrderInsert', ('td',), Kind.ORDER, 'InputExecOrder', 'RspExecOrderInsert', structs.InputExecOrder, 'InputExecOrder')
ReqExecOrderAction: Final[Method[structs.InputExecOrderAction]] = Method('ReqExecOrderAction', ('td',), Kind.ORDER, 'InputExecOrderAction', 'RspExecOrderAction', structs.InputExecOrderAction, 'InputExecOrderAction')
ReqForQuoteInsert: Final[Method[structs.InputForQuote]] = Method('ReqForQuoteInsert', ('td',), Kind.ORDER, 'InputForQuote', 'RspForQuoteInsert', structs.InputForQuote, 'InputForQuote')
ReqQuoteInsert: Final[Method[structs.InputQuote]] = Method('ReqQuoteInsert', ('td',), Kind.ORDER, 'InputQuote', 'RspQuoteInsert', structs.InputQuote, 'InputQuote')
ReqQuoteAction: Final[Method[structs.InputQuoteAction]] = Method('ReqQuoteAction', ('td',), Kind.ORDER, 'InputQuoteAction', 'RspQuoteAction', structs.InputQuoteAction, 'InputQuoteAction')
ReqBatchOrderAction: Final[Method[structs.InputBatchOrderAction]] = Method('ReqBatchOrderAction', ('td',), Kind.ORDER, 'InputBatchOrderAction', 'RspBatchOrderAction', structs.InputBatchOrderAction, 'InputBatchOrderAction')
ReqOptionSelfCloseInsert: Final[Method[structs.InputOptionSelfClose]] = Method('ReqOptionSelfCloseInsert', ('td',), Kind.ORDER, 'InputOptionSelfClose', 'RspOptionSelfCloseInsert', structs.InputOptionSelfClose, 'InputOptionSelfClose')
ReqOptionSelfCloseAction: Final[Method[structs.InputOptionSelfCloseAction]] = Method('ReqOptionSelfCloseAction', ('td',), Kind.ORDER, 'InputOptionSelfCloseAction', 'RspOptionSelfCloseAction', structs.InputOptionSelfCloseAction, 'InputOptionSelfCloseAction')
ReqCombActionInsert: Final[Method[structs.InputCombAction]] = Method('ReqCombActionInsert', ('td',), Kind.ORDER, 'InputCombAction', 'RspCombActionInsert', structs.InputCombAction, 'InputCombAction')
ReqQryOrder: Final[Method[structs.Order]] = Method('ReqQryOrder', ('td',), Kind.QUERY, 'QryOrder', 'RspQryOrder', structs.Order, 'Order')
ReqQryTrade: Final[Method[structs.Trade]] = Method('ReqQryTrade', ('td',), Kind.QUERY, 'QryTrade', 'RspQryTrade', structs.Trade, 'Trade')
ReqQryInvestorPosition: Final[Method[structs.InvestorPosition]] = Method('ReqQryInvestorPosition', ('td',), Kind.QUERY, 'QryInvestorPosition', 'RspQryInvestorPosition', structs.InvestorPosition, 'InvestorPosition')
ReqQryTradingAccount: Final[Method[structs.TradingAccount]] = Method('ReqQryTradingAccount', ('td',), Kind.QUERY, 'QryTradingAccount', 'RspQryTradingAccount', structs.TradingAccount, 'TradingAccount')
ReqQryInvestor: Final[Method[structs.Investor]] = Method('ReqQryInvestor', ('td',), Kind.QUERY, 'QryInvestor', 'RspQryInvestor', structs.Investor, 'Investor')
ReqQryTradingCode: Final[Method[structs.TradingCode]] = Method('ReqQryTradingCode', ('td',), Kind.QUERY, 'QryTradingCode', 'RspQryTradingCode', structs.TradingCode, 'TradingCode')
ReqQryInstrumentMarginRate: Final[Method[structs.InstrumentMarginRate]] = Method('ReqQryInstrumentMarginRate', ('td',), Kind.QUERY, 'QryInstrumentMarginRate', 'RspQryInstrumentMarginRate', structs.InstrumentMarginRate, 'InstrumentMarginRate')
ReqQryInstrumentCommissionRate: Final[Method[structs.InstrumentCommissionRate]] = Method('ReqQryInstrumentCommissionRate', ('td',), Kind.QUERY, 'QryInstrumentCommissionRate', 'RspQryInstrumentCommissionRate', structs.InstrumentCommissionRate, 'InstrumentCommissionRate')
ReqQryUserSession: Final[Method[structs.UserSession]] = Method('ReqQryUserSession', ('td',), Kind.QUERY, 'QryUserSession', 'RspQryUserSession', structs.UserSession, 'UserSession')
ReqQryExchange: Final[Method[structs.Exchange]] = Method('ReqQryExchange', ('td',), Kind.QUERY, 'QryExchange', 'RspQryExchange', structs.Exchange, 'Exchange')
ReqQryProduct: Final[Method[structs.Product]] = Method('ReqQryProduct', ('td',), Kind.QUERY, 'QryProduct', 'RspQryProduct', structs.Product, 'Product')
ReqQryInstrument: Final[Method[structs.Instrument]] = Method('ReqQryInstrument', ('td',), Kind.QUERY, 'QryInstrument', 'RspQryInstrument', structs.Instrument, 'Instrument')
ReqQryDepthMarketData: Final[Method[structs.DepthMarketData]] = Method('ReqQryDepthMarketData', ('td',), Kind.QUERY, 'QryDepthMarketData', 'RspQryDepthMarketData', structs.DepthMarketData, 'DepthMarketData')
ReqQryTraderOffer: Final[Method[structs.TraderOffer]] = Method('ReqQryTraderOffer', ('td',), Kind.QUERY, 'QryTraderOffer', 'RspQryTraderOffer', structs.TraderOffer, 'TraderOffer')
ReqQrySettlementInfo: Final[Method[structs.SettlementInfo]] = Method('ReqQrySettlementInfo', ('td',), Kind.QUERY, 'QrySettlementInfo', 'RspQrySettlementInfo', structs.SettlementInfo, 'SettlementInfo')
ReqQryTransferBank: Final[Method[structs.TransferBank]] = Method('ReqQryTransferBank', ('td',), Kind.QUERY, 'QryTransferBank', 'RspQryTransferBank', structs.TransferBank, 'TransferBank')
ReqQryInvestorPositionDetail: Final[Method[structs.InvestorPositionDetail]] = Method('ReqQryInvestorPositionDetail', ('td',), Kind.QUERY, 'QryInvestorPositionDetail', 'RspQryInvestorPositionDetail', structs.InvestorPositionDetail, 'InvestorPositionDetail')
ReqQryNotice: Final[Method[structs.Notice]] = Method('ReqQryNotice', ('td',), Kind.QUERY, 'QryNotice', 'RspQryNotice', structs.Notice, 'Notice')
ReqQrySettlementInfoConfirm: Final[Method[structs.SettlementInfoConfirm]] = Method('ReqQrySettlementInfoConfirm', ('td',), Kind.QUERY, 'QrySettlementInfoConfirm', 'RspQrySettlementInfoConfirm', structs.SettlementInfoConfirm, 'SettlementInfoConfirm')
ReqQryInvestorPositionCombineDetail: Final[Method[structs.InvestorPositionCombineDetail]] = Method('ReqQryInvestorPositionCombineDetail', ('td',), Kind.QUERY, 'QryInvestorPositionCombineDetail', 'RspQryInvestorPositionCombineDetail', structs.InvestorPositionCombineDetail, 'InvestorPositionCombineDetail')
ReqQryCFMMCTradingAccountKey: Final[Method[structs.CFMMCTradingAccountKey]] = Method('ReqQryCFMMCTradingAccountKey', ('td',), Kind.QUERY, 'QryCFMMCTradingAccountKey', 'RspQryCFMMCTradingAccountKey', structs.CFMMCTradingAccountKey, 'CFMMCTradingAccountKey')
ReqQryEWarrantOffset: Final[Method[structs.EWarrantOffset]] = Method('ReqQryEWarrantOffset', ('td',), Kind.QUERY, 'QryEWarrantOffset', 'RspQryEWarrantOffset', structs.EWarrantOffset, 'EWarrantOffset')
ReqQryInvestorProductGroupMargin: Final[Method[structs.InvestorProductGroupMargin]] = Method('ReqQryInvestorProductGroupMargin', ('td',), Kind.QUERY, 'QryInvestorProductGroupMargin', 'RspQryInvestorProductGroupMargin', structs.InvestorProductGroupMargin, 'InvestorProductGroupMargin')
ReqQryExchangeMarginRate: Final[Method[structs.ExchangeMarginRate]] = Method('ReqQryExchangeMarginRate', ('td',), Kind.QUERY, 'QryExchangeMarginRate', 'RspQryExchangeMarginRate', structs.ExchangeMarginRate, 'ExchangeMarginRate')
ReqQryExchangeMarginRateAdjust: Final[Method[structs.ExchangeMarginRateAdjust]] = Method('ReqQryExchangeMarginRateAdjust', ('td',), Kind.QUERY, 'QryExchangeMarginRateAdjust', 'RspQryExchangeMarginRateAdjust', structs.ExchangeMarginRateAdjust, 'ExchangeMarginRateAdjust')
ReqQryExchangeRate: Final[Method[structs.ExchangeRate]] = Method('ReqQryExchangeRate', ('td',), Kind.QUERY, 'QryExchangeRate', 'RspQryExchangeRate', structs.ExchangeRate, 'ExchangeRate')
ReqQrySecAgentACIDMap: Final[Method[structs.SecAgentACIDMap]] = Method('ReqQrySecAgentACIDMap', ('td',), Kind.QUERY, 'QrySecAgentACIDMap', 'RspQrySecAgentACIDMap', structs.SecAgentACIDMap, 'SecAgentACIDMap')
ReqQryProductExchRate: Final[Method[structs.ProductExchRate]] = Method('ReqQryProductExchRate', ('td',), Kind.QUERY, 'QryProductExchRate', 'RspQryProductExchRate', structs.ProductExchRate, 'ProductExchRate')
ReqQryProductGroup: Final[Method[structs.ProductGroup]] = Method('ReqQryProductGroup', ('td',), Kind.QUERY, 'QryProductGroup', 'RspQryProductGroup', structs.ProductGroup, 'ProductGroup')
ReqQryMMInstrumentCommissionRate: Final[Method[structs.MMInstrumentCommissionRate]] = Method('ReqQryMMInstrumentCommissionRate', ('td',), Kind.QUERY, 'QryMMInstrumentCommissionRate', 'RspQryMMInstrumentCommissionRate', structs.MMInstrumentCommissionRate, 'MMInstrumentCommissionRate')
ReqQryMMOptionInstrCommRate: Final[Method[structs.MMOptionInstrCommRate]] = Method('ReqQryMMOptionInstrCommRate', ('td',), Kind.QUERY, 'QryMMOptionInstrCommRate', 'RspQryMMOptionInstrCommRate', structs.MMOptionInstrCommRate, 'MMOptionInstrCommRate')
ReqQryInstrumentOrderCommRate: Final[Method[structs.InstrumentOrderCommRate]] = Method('ReqQryInstrumentOrderCommRate', ('td',), Kind.QUERY, 'QryInstrumentOrderCommRate', 'RspQryInstrumentOrderCommRate', structs.InstrumentOrderCommRate, 'InstrumentOrderCommRate')
ReqQrySecAgentTradingAccount: Final[Method[structs.TradingAccount]] = Method('ReqQrySecAgentTradingAccount', ('td',), Kind.QUERY, 'QryTradingAccount', 'RspQrySecAgentTradingAccount', structs.TradingAccount, 'TradingAccount')
ReqQrySecAgentCheckMode: Final[Method[structs.SecAgentCheckMode]] = Method('ReqQrySecAgentCheckMode', ('td',), Kind.QUERY, 'QrySecAgentCheckMode', 'RspQrySecAgentCheckMode', structs.SecAgentCheckMode, 'SecAgentCheckMode')
ReqQrySecAgentTradeInfo: Final[Method[structs.SecAgentTradeInfo]] = Method('ReqQrySecAgentTradeInfo', ('td',), Kind.QUERY, 'QrySecAgentTradeInfo', 'RspQrySecAgentTradeInfo', structs.SecAgentTradeInfo, 'SecAgentTradeInfo')
ReqQryOptionInstrTradeCost: Final[Method[structs.OptionInstrTradeCost]] = Method('ReqQryOptionInstrTradeCost', ('td',), Kind.QUERY, 'QryOptionInstrTradeCost', 'RspQryOptionInstrTradeCost', structs.OptionInstrTradeCost, 'OptionInstrTradeCost')
ReqQryOptionInstrCommRate: Final[Method[structs.OptionInstrCommRate]] = Method('ReqQryOptionInstrCommRate', ('td',), Kind.QUERY, 'QryOptionInstrCommRate', 'RspQryOptionInstrCommRate', structs.OptionInstrCommRate, 'OptionInstrCommRate')
ReqQryExecOrder: Final[Method[structs.ExecOrder]] = Method('ReqQryExecOrder', ('td',), Kind.QUERY, 'QryExecOrder', 'RspQryExecOrder', structs.ExecOrder, 'ExecOrder')
ReqQryForQuote: Final[Method[structs.ForQuote]] = Method('ReqQryForQuote', ('td',), Kind.QUERY, 'QryForQuote', 'RspQryForQuote', structs.ForQuote, 'ForQuote')
ReqQryQuote: Final[Method[structs.Quote]] = Method('ReqQryQuote', ('td',), Kind.QUERY, 'QryQuote', 'RspQryQuote', structs.Quote, 'Quote')
ReqQryOptionSelfClose: Final[Method[structs.OptionSelfClose]] = Method('ReqQryOptionSelfClose', ('td',), Kind.QUERY, 'QryOptionSelfClose', 'RspQryOptionSelfClose', structs.OptionSelfClose, 'OptionSelfClose')
ReqQryInvestUnit: Final[Method[structs.InvestUnit]] = Method('ReqQryInvestUnit', ('td',), Kind.QUERY, 'QryInvestUnit', 'RspQryInvestUnit', structs.InvestUnit, 'InvestUnit')
ReqQryCombInstrumentGuard: Final[Method[structs.CombInstrumentGuard]] = Method('ReqQryCombInstrumentGuard', ('td',), Kind.QUERY, 'QryCombInstrumentGuard', 'RspQryCombInstrumentGuard', structs.CombInstrumentGuard, 'CombInstrumentGuard')
ReqQryCombAction: Final[Method[structs.CombAction]] = Method('ReqQryCombAction', ('td',), Kind.QUERY, 'QryCombAction', 'RspQryCombAction', structs.CombAction, 'CombAction')
ReqQryTransferSerial: Final[Method[structs.TransferSerial]] = Method('ReqQryTransferSerial', ('td',), Kind.QUERY, 'QryTransferSerial', 'RspQryTransferSerial', structs.TransferSerial, 'TransferSerial')
ReqQryAccountregister: Final[Method[structs.Accountregister]] = Method('ReqQryAccountregister', ('td',), Kind.QUERY, 'QryAccountregister', 'RspQryAccountregister', structs.Accountregister, 'Accountregister')
ReqQryContractBank: Final[Method[structs.ContractBank]] = Method('ReqQryContractBank', ('td',), Kind.QUERY, 'QryContractBank', 'RspQryContractBank', structs.ContractBank, 'ContractBank')
ReqQryParkedOrder: Final[Method[structs.ParkedOrder]] = Method('ReqQryParkedOrder', ('td',), Kind.QUERY, 'QryParkedOrder', 'RspQryParkedOrder', structs.ParkedOrder, 'ParkedOrder')
ReqQryParkedOrderAction: Final[Method[structs.ParkedOrderAction]] = Method('ReqQryParkedOrderAction', ('td',), Kind.QUERY, 'QryParkedOrderAction', 'RspQryParkedOrderAction', structs.ParkedOrderAction, 'ParkedOrderAction')
ReqQryTradingNotice: Final[Method[structs.TradingNotice]] = Method('ReqQryTradingNotice', ('td',), Kind.QUERY, 'QryTradingNotice', 'RspQryTradingNotice', structs.TradingNotice, 'TradingNotice')
ReqQryBrokerTradingParams: Final[Method[structs.BrokerTradingParams]] = Method('ReqQryBrokerTradingParams', ('td',), Kind.QUERY, 'QryBrokerTradingParams', 'RspQryBrokerTradingParams', structs.BrokerTradingParams, 'BrokerTradingParams')
ReqQryBrokerTradingAlgos: Final[Method[structs.BrokerTradingAlgos]] = Method('ReqQryBrokerTradingAlgos', ('td',), Kind.QUERY, 'QryBrokerTradingAlgos', 'RspQryBrokerTradingAlgos', structs.BrokerTradingAlgos, 'BrokerTradingAlgos')
ReqQueryCFMMCTradingAccountToken: Final[Method[structs.QueryCFMMCTradingAccountToken]] = Method('ReqQueryCFMMCTradingAccountToken', ('td',), Kind.ANSWERED, 'QueryCFMMCTradingAccountToken', 'RspQueryCFMMCTradingAccountToken', structs.QueryCFMMCTradingAccountToken, 'QueryCFMMCTradingAccountToken')
ReqFromBankToFutureByFuture: Final[Method[structs.ReqTransfer]] = Method('ReqFromBankToFutureByFuture', ('td',), Kind.SUBMITTED, 'ReqTransfer', 'RspFromBankToFutureByFuture', structs.ReqTransfer, 'ReqTransfer')
ReqFromFutureToBankByFuture: Final[Method[structs.ReqTransfer]] = Method('ReqFromFutureToBankByFuture', ('td',), Kind.SUBMITTED, 'ReqTransfer', 'RspFromFutureToBankByFuture', structs.ReqTransfer, 'ReqTransfer')
ReqQueryBankAccountMoneyByFuture: Final[Method[structs.ReqQueryAccount]] = Method('ReqQueryBankAccountMoneyByFuture', ('td',), Kind.SUBMITTED, 'ReqQueryAccount', 'RspQueryBankAccountMoneyByFuture', structs.ReqQueryAccount, 'ReqQueryAccount')
ReqQryClassifiedInstrument: Final[Method[structs.Instrument]] = Method('ReqQryClassifiedInstrument', ('td',), Kind.QUERY, 'QryClassifiedInstrument', 'RspQryClassifiedInstrument', structs.Instrument, 'Instrument')
ReqQryCombPromotionParam: Final[Method[structs.CombPromotionParam]] = Method('ReqQryCombPromotionParam', ('td',), Kind.QUERY, 'QryCombPromotionParam', 'RspQryCombPromotionParam', structs.CombPromotionParam, 'CombPromotionParam')
ReqQryRiskSettleInvstPosition: Final[Method[structs.RiskSettleInvstPosition]] = Method('ReqQryRiskSettleInvstPosition', ('td',), Kind.QUERY, 'QryRiskSettleInvstPosition', 'RspQryRiskSettleInvstPosition', structs.RiskSettleInvstPosition, 'RiskSettleInvstPosition')
ReqQryRiskSettleProductStatus: Final[Method[structs.RiskSettleProductStatus]] = Method('ReqQryRiskSettleProductStatus', ('td',), Kind.QUERY, 'QryRiskSettleProductStatus', 'RspQryRiskSettleProductStatus', structs.RiskSettleProductStatus, 'RiskSettleProductStatus')
ReqQrySPBMFutureParameter: Final[Method[structs.SPBMFutureParameter]] = Method('ReqQrySPBMFutureParameter', ('td',), Kind.QUERY, 'QrySPBMFutureParameter', 'RspQrySPBMFutureParameter', structs.SPBMFutureParameter, 'SPBMFutureParameter')
ReqQrySPBMOptionParameter: Final[Method[structs.SPBMOptionParameter]] = Method('ReqQrySPBMOptionParameter', ('td',), Kind.QUERY, 'QrySPBMOptionParameter', 'RspQrySPBMOptionParameter', structs.SPBMOptionParameter, 'SPBMOptionParameter')
ReqQrySPBMIntraParameter: Final[Method[structs.SPBMIntraParameter]] = Method('ReqQrySPBMIntraParameter', ('td',), Kind.QUERY, 'QrySPBMIntraParameter', 'RspQrySPBMIntraParameter', structs.SPBMIntraParameter, 'SPBMIntraParameter')
ReqQrySPBMInterParameter: Final[Method[structs.SPBMInterParameter]] = Method('ReqQrySPBMInterParameter', ('td',), Kind.QUERY, 'QrySPBMInterParameter', 'RspQrySPBMInterParameter', structs.SPBMInterParameter, 'SPBMInterParameter')
ReqQrySPBMPortfDefinition: Final[Method[structs.SPBMPortfDefinition]] = Method('ReqQrySPBMPortfDefinition', ('td',), Kind.QUERY, 'QrySPBMPortfDefinition', 'RspQrySPBMPortfDefinition', structs.SPBMPortfDefinition, 'SPBMPortfDefinition')
ReqQrySPBMInvestorPortfDef: Final[Method[structs.SPBMInvestorPortfDef]] = Method('ReqQrySPBMInvestorPortfDef', ('td',), Kind.QUERY, 'QrySPBMInvestorPortfDef', 'RspQrySPBMInvestorPortfDef', structs.SPBMInvestorPortfDef, 'SPBMInvestorPortfDef')
ReqQryInvestorPortfMarginRatio: Final[Method[structs.InvestorPortfMarginRatio]] = Method('ReqQryInvestorPortfMarginRatio', ('td',), Kind.QUERY, 'QryInvestorPortfMarginRatio', 'RspQryInvestorPortfMarginRatio', structs.InvestorPortfMarginRatio, 'InvestorPortfMarginRatio')
ReqQryInvestorProdSPBMDetail: Final[Method[structs.InvestorProdSPBMDetail]] = Method('ReqQryInvestorProdSPBMDetail', ('td',), Kind.QUERY, 'QryInvestorProdSPBMDetail', 'RspQryInvestorProdSPBMDetail', structs.InvestorProdSPBMDetail, 'InvestorProdSPBMDetail')
ReqQryInvestorCommoditySPMMMargin: Final[Method[structs.InvestorCommoditySPMMMargin]] = Method('ReqQryInvestorCommoditySPMMMargin', ('td',), Kind.QUERY, 'QryInvestorCommoditySPMMMargin', 'RspQryInvestorCommoditySPMMMargin', structs.InvestorCommoditySPMMMargin, 'InvestorCommoditySPMMMargin')
ReqQryInvestorCommodityGroupSPMMMargin: Final[Method[structs.InvestorCommodityGroupSPMMMargin]] = Method('ReqQryInvestorCommodityGroupSPMMMargin', ('td',), Kind.QUERY, 'QryInvestorCommodityGroupSPMMMargin', 'RspQryInvestorCommodityGroupSPMMMargin', structs.InvestorCommodityGroupSPMMMargin, 'InvestorCommodityGroupSPMMMargin')
ReqQrySPMMInstParam: Final[Method[structs.SPMMInstParam]] = Method('ReqQrySPMMInstParam', ('td',), Kind.QUERY, 'QrySPMMInstParam', 'RspQrySPMMInstParam', structs.SPMMInstParam, 'SPMMInstParam')
ReqQrySPMMProductParam: Final[Method[structs.SPMMProductParam]] = Method('ReqQrySPMMProductParam', ('td',), Kind.QUERY, 'QrySPMMProductParam', 'RspQrySPMMProductParam', structs.SPMMProductParam, 'SPMMProductParam')
ReqQrySPBMAddOnInterParameter: Final[Method[structs.SPBMAddOnInterParameter]] = Method('ReqQrySPBMAddOnInterParameter', ('td',), Kind.QUERY, 'QrySPBMAddOnInterParameter', 'RspQrySPBMAddOnInterParameter', structs.SPBMAddOnInterParameter, 'SPBMAddOnInterParameter')
ReqQryRCAMSCombProductInfo: Final[Method[structs.RCAMSCombProductInfo]] = Method('ReqQryRCAMSCombProductInfo', ('td',), Kind.QUERY, 'QryRCAMSCombProductInfo', 'RspQryRCAMSCombProductInfo', structs.RCAMSCombProductInfo, 'RCAMSCombProductInfo')
ReqQryRCAMSInstrParameter: Final[Method[structs.RCAMSInstrParameter]] = Method('ReqQryRCAMSInstrParameter', ('td',), Kind.QUERY, 'QryRCAMSInstrParameter', 'RspQryRCAMSInstrParameter', structs.RCAMSInstrParameter, 'RCAMSInstrParameter')
ReqQryRCAMSIntraParameter: Final[Method[structs.RCAMSIntraParameter]] = Method('ReqQryRCAMSIntraParameter', ('td',), Kind.QUERY, 'QryRCAMSIntraParameter', 'RspQryRCAMSIntraParameter', structs.RCAMSIntraParameter, 'RCAMSIntraParameter')
ReqQryRCAMSInterParameter: Final[Method[structs.RCAMSInterParameter]] = Method('ReqQryRCAMSInterParameter', ('td',), Kind.QUERY, 'QryRCAMSInterParameter', 'RspQryRCAMSInterParameter', structs.RCAMSInterParameter, 'RCAMSInterParameter')
ReqQryRCAMSShortOptAdjustParam: Final[Method[structs.RCAMSShortOptAdjustParam]] = Method('ReqQryRCAMSShortOptAdjustParam', ('td',), Kind.QUERY, 'QryRCAMSShortOptAdjustParam', 'RspQryRCAMSShortOptAdjustParam', structs.RCAMSShortOptAdjustParam, 'RCAMSShortOptAdjustParam')
ReqQryRCAMSInvestorCombPosition: Final[Method[structs.RCAMSInvestorCombPosition]] = Method('ReqQryRCAMSInvestorCombPosition', ('td',), Kind.QUERY, 'QryRCAMSInvestorCombPosition', 'RspQryRCAMSInvestorCombPosition', structs.RCAMSInvestorCombPosition, 'RCAMSInvestorCombPosition')
ReqQryInvestorProdRCAMSMargin: Final[Method[structs.InvestorProdRCAMSMargin]] = Method('ReqQryInvestorProdRCAMSMargin', ('td',), Kind.QUERY, 'QryInvestorProdRCAMSMargin', 'RspQryInvestorProdRCAMSMargin', structs.InvestorProdRCAMSMargin, 'InvestorProdRCAMSMargin')
ReqQryRULEInstrParameter: Final[Method[structs.RULEInstrParameter]] = Method('ReqQryRULEInstrParameter', ('td',), Kind.QUERY, 'QryRULEInstrParameter', 'RspQryRULEInstrParameter', structs.RULEInstrParameter, 'RULEInstrParameter')
ReqQryRULEIntraParameter: Final[Method[structs.RULEIntraParameter]] = Method('ReqQryRULEIntraParameter', ('td',), Kind.QUERY, 'QryRULEIntraParameter', 'RspQryRULEIntraParameter', structs.RULEIntraParameter, 'RULEIntraParameter')
ReqQryRULEInterParameter: Final[Method[structs.RULEInterParameter]] = Method('ReqQryRULEInterParameter', ('td',), Kind.QUERY, 'QryRULEInterParameter', 'RspQryRULEInterParameter', structs.RULEInterParameter, 'RULEInterParameter')
ReqQryInvestorProdRULEMargin: Final[Method[structs.InvestorProdRULEMargin]] = Method('ReqQryInvestorProdRULEMargin', ('td',), Kind.QUERY, 'QryInvestorProdRULEMargin', 'RspQryInvestorProdRULEMargin', structs.InvestorProdRULEMargin, 'InvestorProdRULEMargin')
ReqQryInvestorPortfSetting: Final[Method[structs.InvestorPortfSetting]] = Method('ReqQryInvestorPortfSetting', ('td',), Kind.QUERY, 'QryInvestorPortfSetting', 'RspQryInvestorPortfSetting', structs.InvestorPortfSetting, 'InvestorPortfSetting')
ReqQryInvestorInfoCommRec: Final[Method[structs.InvestorInfoCommRec]] = Method('ReqQryInvestorInfoCommRec', ('td',), Kind.QUERY, 'QryInvestorInfoCommRec', 'RspQryInvestorInfoCommRec', structs.InvestorInfoCommRec, 'InvestorInfoCommRec')
ReqQryCombLeg: Final[Method[structs.CombLeg]] = Method('ReqQryCombLeg', ('td',), Kind.QUERY, 'QryCombLeg', 'RspQryCombLeg', structs.CombLeg, 'CombLeg')
ReqOffsetSetting: Final[Method[structs.InputOffsetSetting]] = Method('ReqOffsetSetting', ('td',), Kind.SUBMITTED, 'InputOffsetSetting', 'RspOffsetSetting', structs.InputOffsetSetting, 'InputOffsetSetting')
ReqCancelOffsetSetting: Final[Method[structs.InputOffsetSetting]] = Method('ReqCancelOffsetSetting', ('td',), Kind.SUBMITTED, 'InputOffsetSetting', 'RspCancelOffsetSetting', structs.InputOffsetSetting, 'InputOffsetSetting')
ReqQryOffsetSetting: Final[Method[structs.OffsetSetting]] = Method('ReqQryOffsetSetting', ('td',), Kind.QUERY, 'QryOffsetSetting', 'RspQryOffsetSetting', structs.OffsetSetting, 'OffsetSetting')
SubscribeMarketData: Final[Method[structs.SpecificInstrument]] = Method('SubscribeMarketData', ('md',), Kind.SUBSCRIPTION, '', 'RspSubMarketData', structs.SpecificInstrument, 'SpecificInstrument')
UnSubscribeMarketData: Final[Method[structs.SpecificInstrument]] = Method('UnSubscribeMarketData', ('md',), Kind.SUBSCRIPTION, '', 'RspUnSubMarketData', structs.SpecificInstrument, 'SpecificInstrument')
SubscribeForQuoteRsp: Final[Method[structs.SpecificInstrument]] = Method('SubscribeForQuoteRsp', ('md',), Kind.SUBSCRIPTION, '', 'RspSubForQuoteRsp', structs.SpecificInstrument, 'SpecificInstrument')
UnSubscribeForQuoteRsp: Final[Method[structs.SpecificInstrument]] = Method('UnSubscribeForQuoteRsp', ('md',), Kind.SUBSCRIPTION, '', 'RspUnSubForQuoteRsp', structs.SpecificInstrument, 'SpecificInstrument')
ReqQryMulticastInstrument: Final[Method[structs.MulticastInstrument]] = Method('ReqQryMulticastInstrument', ('md',), Kind.QUERY, 'QryMulticastInstrument', 'RspQryMulticastInstrument', structs.MulticastInstrument, 'MulticastInstrument')
ReqQryBar: Final[Method[own.Bar]] = Method('ReqQryBar', ('md',), Kind.QUERY, 'QryBar', 'RspQryBar', own.Bar, 'Bar', is_own=True)
QryInstruments: Final[Method[own.FoundInstrument]] = Method('QryInstruments', ('md',), Kind.QUERY, 'QryInstruments', 'RspQryInstruments', own.FoundInstrument, 'Instrument', is_own=True)
QryTicks: Final[Method[structs.DepthMarketData]] = Method('QryTicks', ('md',), Kind.QUERY, 'QryTicks', 'RspQryTicks', structs.DepthMarketData, 'DepthMarketData', is_own=True)
QryTradingState: Final[Method[own.TradingState]] = Method('QryTradingState', ('td',), Kind.QUERY, 'QryTradingState', 'RspQryTradingState', own.TradingState, 'TradingState', is_own=True)
Kill: Final[Method[own.TradingState]] = Method('Kill', ('td',), Kind.ANSWERED, 'Kill', 'RspKill', own.TradingState, 'TradingState', is_own=True)
QryCompliance: Final[Method[own.Compliance]] = Method('QryCompliance', ('td',), Kind.QUERY, 'QryCompliance', 'RspQryCompliance', own.Compliance, 'Compliance', is_own=True)
CancelAllAfter: Final[Method[own.Timer]] = Method('CancelAllAfter', ('td',), Kind.ANSWERED, 'CancelAllAfter', 'RspCancelAllAfter', own.Timer, 'CancelAllAfter', is_own=True)
SubscribePortfolio: Final[Method[own.PortfolioState]] = Method('SubscribePortfolio', ('td',), Kind.ANSWERED, 'SubscribePortfolio', 'RspSubscribePortfolio', own.PortfolioState, 'Portfolio', is_own=True)
UnSubscribePortfolio: Final[Method[Any]] = Method('UnSubscribePortfolio', ('td',), Kind.ANSWERED, 'UnSubscribePortfolio', 'RspUnSubscribePortfolio', None, '', is_own=True)
PreviewOrder: Final[Method[own.OrderPreview]] = Method('PreviewOrder', ('td',), Kind.ANSWERED, 'InputOrder', 'RspPreviewOrder', own.OrderPreview, 'OrderPreview', is_own=True)
QryAccountCurve: Final[Method[own.CurvePoint]] = Method('QryAccountCurve', ('td',), Kind.QUERY, 'QryAccountCurve', 'RspQryAccountCurve', own.CurvePoint, 'CurvePoint', is_own=True)
InsertConditional: Final[Method[own.ConditionalStanding]] = Method('InsertConditional', ('td',), Kind.ANSWERED, 'InsertConditional', 'RspInsertConditional', own.ConditionalStanding, 'Conditional', is_own=True)
CancelConditional: Final[Method[own.ConditionalStanding]] = Method('CancelConditional', ('td',), Kind.ANSWERED, 'CancelConditional', 'RspCancelConditional', own.ConditionalStanding, 'Conditional', is_own=True)
QryConditional: Final[Method[own.ConditionalStanding]] = Method('QryConditional', ('td',), Kind.QUERY, 'QryConditional', 'RspQryConditional', own.ConditionalStanding, 'Conditional', is_own=True)
QryPrincipal: Final[Method[own.Caller]] = Method('QryPrincipal', ('td',), Kind.QUERY, 'QryPrincipal', 'RspQryPrincipal', own.Caller, 'Caller', is_own=True)
QryClients: Final[Method[own.ConnectedClient]] = Method('QryClients', ('td',), Kind.QUERY, 'QryClients', 'RspQryClients', own.ConnectedClient, 'ConnectedClient', is_own=True)
QrySessions: Final[Method[own.OpenSession]] = Method('QrySessions', ('td',), Kind.QUERY, 'QrySessions', 'RspQrySessions', own.OpenSession, 'OpenSession', is_own=True)
QryLimits: Final[Method[own.LimitInForce]] = Method('QryLimits', ('td',), Kind.QUERY, 'QryLimits', 'RspQryLimits', own.LimitInForce, 'LimitInForce', is_own=True)
QryTokens: Final[Method[own.TokenInUse]] = Method('QryTokens', ('td',), Kind.QUERY, 'QryTokens', 'RspQryTokens', own.TokenInUse, 'TokenInUse', is_own=True)
QryLog: Final[Method[own.LogLine]] = Method('QryLog', ('td',), Kind.QUERY, 'QryLog', 'RspQryLog', own.LogLine, 'LogLine', is_own=True)
ReloadConfig: Final[Method[own.Reloaded]] = Method('ReloadConfig', ('td',), Kind.ANSWERED, 'ReloadConfig', 'RspReloadConfig', own.Reloaded, 'Reloaded', is_own=True)
Drain: Final[Method[own.DrainProgress]] = Method('Drain', ('td',), Kind.ANSWERED, 'Drain', 'RspDrain', own.DrainProgress, 'Drain', is_own=True)
EndClient: Final[Method[own.Ended]] = Method('EndClient', ('td',), Kind.ANSWERED, 'EndClient', 'RspEndClient', own.Ended, 'Ended', is_own=True)
EndSession: Final[Method[own.Ended]] = Method('EndSession', ('td',), Kind.ANSWERED, 'EndSession', 'RspEndSession', own.Ended, 'Ended', is_own=True)

METHODS: Final[Mapping[str, Method[Any]]] = {
    "GetApiVersion": GetApiVersion,
    "GetTradingDay": GetTradingDay,
    "GetFrontInfo": GetFrontInfo,
    "ReqAuthenticate": ReqAuthenticate,
    "RegisterUserSystemInfo": RegisterUserSystemInfo,
    "SubmitUserSystemInfo": SubmitUserSystemInfo,
    "RegisterWechatUserSystemInfo": RegisterWechatUserSystemInfo,
    "SubmitWechatUserSystemInfo": SubmitWechatUserSystemInfo,
    "ReqUserPasswordUpdate": ReqUserPasswordUpdate,
    "ReqTradingAccountPasswordUpdate": ReqTradingAccountPasswordUpdate,
    "ReqUserAuthMethod": ReqUserAuthMethod,
    "ReqGenUserCaptcha": ReqGenUserCaptcha,
    "ReqGenUserText": ReqGenUserText,
    "ReqOrderInsert": ReqOrderInsert,
    "ReqParkedOrderInsert": ReqParkedOrderInsert,
    "ReqParkedOrderAction": ReqParkedOrderAction,
    "ReqOrderAction": ReqOrderAction,
    "ReqQryMaxOrderVolume": ReqQryMaxOrderVolume,
    "ReqSettlementInfoConfirm": ReqSettlementInfoConfirm,
    "ReqRemoveParkedOrder": ReqRemoveParkedOrder,
    "ReqRemoveParkedOrderAction": ReqRemoveParkedOrderAction,
    "ReqExecOrderInsert": ReqExecOrderInsert,
    "ReqExecOrderAction": ReqExecOrderAction,
    "ReqForQuoteInsert": ReqForQuoteInsert,
    "ReqQuoteInsert": ReqQuoteInsert,
    "ReqQuoteAction": ReqQuoteAction,
    "ReqBatchOrderAction": ReqBatchOrderAction,
    "ReqOptionSelfCloseInsert": ReqOptionSelfCloseInsert,
    "ReqOptionSelfCloseAction": ReqOptionSelfCloseAction,
    "ReqCombActionInsert": ReqCombActionInsert,
    "ReqQryOrder": ReqQryOrder,
    "ReqQryTrade": ReqQryTrade,
    "ReqQryInvestorPosition": ReqQryInvestorPosition,
    "ReqQryTradingAccount": ReqQryTradingAccount,
    "ReqQryInvestor": ReqQryInvestor,
    "ReqQryTradingCode": ReqQryTradingCode,
    "ReqQryInstrumentMarginRate": ReqQryInstrumentMarginRate,
    "ReqQryInstrumentCommissionRate": ReqQryInstrumentCommissionRate,
    "ReqQryUserSession": ReqQryUserSession,
    "ReqQryExchange": ReqQryExchange,
    "ReqQryProduct": ReqQryProduct,
    "ReqQryInstrument": ReqQryInstrument,
    "ReqQryDepthMarketData": ReqQryDepthMarketData,
    "ReqQryTraderOffer": ReqQryTraderOffer,
    "ReqQrySettlementInfo": ReqQrySettlementInfo,
    "ReqQryTransferBank": ReqQryTransferBank,
    "ReqQryInvestorPositionDetail": ReqQryInvestorPositionDetail,
    "ReqQryNotice": ReqQryNotice,
    "ReqQrySettlementInfoConfirm": ReqQrySettlementInfoConfirm,
    "ReqQryInvestorPositionCombineDetail": ReqQryInvestorPositionCombineDetail,
    "ReqQryCFMMCTradingAccountKey": ReqQryCFMMCTradingAccountKey,
    "ReqQryEWarrantOffset": ReqQryEWarrantOffset,
    "ReqQryInvestorProductGroupMargin": ReqQryInvestorProductGroupMargin,
    "ReqQryExchangeMarginRate": ReqQryExchangeMarginRate,
    "ReqQryExchangeMarginRateAdjust": ReqQryExchangeMarginRateAdjust,
    "ReqQryExchangeRate": ReqQryExchangeRate,
    "ReqQrySecAgentACIDMap": ReqQrySecAgentACIDMap,
    "ReqQryProductExchRate": ReqQryProductExchRate,
    "ReqQryProductGroup": ReqQryProductGroup,
    "ReqQryMMInstrumentCommissionRate": ReqQryMMInstrumentCommissionRate,
    "ReqQryMMOptionInstrCommRate": ReqQryMMOptionInstrCommRate,
    "ReqQryInstrumentOrderCommRate": ReqQryInstrumentOrderCommRate,
    "ReqQrySecAgentTradingAccount": ReqQrySecAgentTradingAccount,
    "ReqQrySecAgentCheckMode": ReqQrySecAgentCheckMode,
    "ReqQrySecAgentTradeInfo": ReqQrySecAgentTradeInfo,
    "ReqQryOptionInstrTradeCost": ReqQryOptionInstrTradeCost,
    "ReqQryOptionInstrCommRate": ReqQryOptionInstrCommRate,
    "ReqQryExecOrder": ReqQryExecOrder,
    "ReqQryForQuote": ReqQryForQuote,
    "ReqQryQuote": ReqQryQuote,
    "ReqQryOptionSelfClose": ReqQryOptionSelfClose,
    "ReqQryInvestUnit": ReqQryInvestUnit,
    "ReqQryCombInstrumentGuard": ReqQryCombInstrumentGuard,
    "ReqQryCombAction": ReqQryCombAction,
    "ReqQryTransferSerial": ReqQryTransferSerial,
    "ReqQryAccountregister": ReqQryAccountregister,
    "ReqQryContractBank": ReqQryContractBank,
    "ReqQryParkedOrder": ReqQryParkedOrder,
    "ReqQryParkedOrderAction": ReqQryParkedOrderAction,
    "ReqQryTradingNotice": ReqQryTradingNotice,
    "ReqQryBrokerTradingParams": ReqQryBrokerTradingParams,
    "ReqQryBrokerTradingAlgos": ReqQryBrokerTradingAlgos,
    "ReqQueryCFMMCTradingAccountToken": ReqQueryCFMMCTradingAccountToken,
    "ReqFromBankToFutureByFuture": ReqFromBankToFutureByFuture,
    "ReqFromFutureToBankByFuture": ReqFromFutureToBankByFuture,
    "ReqQueryBankAccountMoneyByFuture": ReqQueryBankAccountMoneyByFuture,
    "ReqQryClassifiedInstrument": ReqQryClassifiedInstrument,
    "ReqQryCombPromotionParam": ReqQryCombPromotionParam,
    "ReqQryRiskSettleInvstPosition": ReqQryRiskSettleInvstPosition,
    "ReqQryRiskSettleProductStatus": ReqQryRiskSettleProductStatus,
    "ReqQrySPBMFutureParameter": ReqQrySPBMFutureParameter,
    "ReqQrySPBMOptionParameter": ReqQrySPBMOptionParameter,
    "ReqQrySPBMIntraParameter": ReqQrySPBMIntraParameter,
    "ReqQrySPBMInterParameter": ReqQrySPBMInterParameter,
    "ReqQrySPBMPortfDefinition": ReqQrySPBMPortfDefinition,
    "ReqQrySPBMInvestorPortfDef": ReqQrySPBMInvestorPortfDef,
    "ReqQryInvestorPortfMarginRatio": ReqQryInvestorPortfMarginRatio,
    "ReqQryInvestorProdSPBMDetail": ReqQryInvestorProdSPBMDetail,
    "ReqQryInvestorCommoditySPMMMargin": ReqQryInvestorCommoditySPMMMargin,
    "ReqQryInvestorCommodityGroupSPMMMargin": ReqQryInvestorCommodityGroupSPMMMargin,
    "ReqQrySPMMInstParam": ReqQrySPMMInstParam,
    "ReqQrySPMMProductParam": ReqQrySPMMProductParam,
    "ReqQrySPBMAddOnInterParameter": ReqQrySPBMAddOnInterParameter,
    "ReqQryRCAMSCombProductInfo": ReqQryRCAMSCombProductInfo,
    "ReqQryRCAMSInstrParameter": ReqQryRCAMSInstrParameter,
    "ReqQryRCAMSIntraParameter": ReqQryRCAMSIntraParameter,
    "ReqQryRCAMSInterParameter": ReqQryRCAMSInterParameter,
    "ReqQryRCAMSShortOptAdjustParam": ReqQryRCAMSShortOptAdjustParam,
    "ReqQryRCAMSInvestorCombPosition": ReqQryRCAMSInvestorCombPosition,
    "ReqQryInvestorProdRCAMSMargin": ReqQryInvestorProdRCAMSMargin,
    "ReqQryRULEInstrParameter": ReqQryRULEInstrParameter,
    "ReqQryRULEIntraParameter": ReqQryRULEIntraParameter,
    "ReqQryRULEInterParameter": ReqQryRULEInterParameter,
    "ReqQryInvestorProdRULEMargin": ReqQryInvestorProdRULEMargin,
    "ReqQryInvestorPortfSetting": ReqQryInvestorPortfSetting,
    "ReqQryInvestorInfoCommRec": ReqQryInvestorInfoCommRec,
    "ReqQryCombLeg": ReqQryCombLeg,
    "ReqOffsetSetting": ReqOffsetSetting,
    "ReqCancelOffsetSetting": ReqCancelOffsetSetting,
    "ReqQryOffsetSetting": ReqQryOffsetSetting,
    "SubscribeMarketData": SubscribeMarketData,
    "UnSubscribeMarketData": UnSubscribeMarketData,
    "SubscribeForQuoteRsp": SubscribeForQuoteRsp,
    "UnSubscribeForQuoteRsp": UnSubscribeForQuoteRsp,
    "ReqQryMulticastInstrument": ReqQryMulticastInstrument,
    "ReqQryBar": ReqQryBar,
    "QryInstruments": QryInstruments,
    "QryTicks": QryTicks,
    "QryTradingState": QryTradingState,
    "Kill": Kill,
    "QryCompliance": QryCompliance,
    "CancelAllAfter": CancelAllAfter,
    "SubscribePortfolio": SubscribePortfolio,
    "UnSubscribePortfolio": UnSubscribePortfolio,
    "PreviewOrder": PreviewOrder,
    "QryAccountCurve": QryAccountCurve,
    "InsertConditional": InsertConditional,
    "CancelConditional": CancelConditional,
    "QryConditional": QryConditional,
    "QryPrincipal": QryPrincipal,
    "QryClients": QryClients,
    "QrySessions": QrySessions,
    "QryLimits": QryLimits,
    "QryTokens": QryTokens,
    "QryLog": QryLog,
    "ReloadConfig": ReloadConfig,
    "Drain": Drain,
    "EndClient": EndClient,
    "EndSession": EndSession,
}
"""Every request by its name."""

MESSAGES: Final[Mapping[str, Body]] = {
    "FrontConnected": Body('', None),
    "FrontDisconnected": Body('Reason', None),
    "HeartBeatWarning": Body('TimeLapse', None),
    "RspAuthenticate": Body('RspAuthenticate', structs.RspAuthenticate),
    "RspUserLogin": Body('RspUserLogin', structs.RspUserLogin),
    "RspUserLogout": Body('UserLogout', structs.UserLogout),
    "RspUserPasswordUpdate": Body('UserPasswordUpdate', structs.UserPasswordUpdate),
    "RspTradingAccountPasswordUpdate": Body('TradingAccountPasswordUpdate', structs.TradingAccountPasswordUpdate),
    "RspUserAuthMethod": Body('RspUserAuthMethod', structs.RspUserAuthMethod),
    "RspGenUserCaptcha": Body('RspGenUserCaptcha', structs.RspGenUserCaptcha),
    "RspGenUserText": Body('RspGenUserText', structs.RspGenUserText),
    "RspOrderInsert": Body('InputOrder', structs.InputOrder),
    "RspParkedOrderInsert": Body('ParkedOrder', structs.ParkedOrder),
    "RspParkedOrderAction": Body('ParkedOrderAction', structs.ParkedOrderAction),
    "RspOrderAction": Body('InputOrderAction', structs.InputOrderAction),
    "RspQryMaxOrderVolume": Body('QryMaxOrderVolume', structs.QryMaxOrderVolume),
    "RspSettlementInfoConfirm": Body('SettlementInfoConfirm', structs.SettlementInfoConfirm),
    "RspRemoveParkedOrder": Body('RemoveParkedOrder', structs.RemoveParkedOrder),
    "RspRemoveParkedOrderAction": Body('RemoveParkedOrderAction', structs.RemoveParkedOrderAction),
    "RspExecOrderInsert": Body('InputExecOrder', structs.InputExecOrder),
    "RspExecOrderAction": Body('InputExecOrderAction', structs.InputExecOrderAction),
    "RspForQuoteInsert": Body('InputForQuote', structs.InputForQuote),
    "RspQuoteInsert": Body('InputQuote', structs.InputQuote),
    "RspQuoteAction": Body('InputQuoteAction', structs.InputQuoteAction),
    "RspBatchOrderAction": Body('InputBatchOrderAction', structs.InputBatchOrderAction),
    "RspOptionSelfCloseInsert": Body('InputOptionSelfClose', structs.InputOptionSelfClose),
    "RspOptionSelfCloseAction": Body('InputOptionSelfCloseAction', structs.InputOptionSelfCloseAction),
    "RspCombActionInsert": Body('InputCombAction', structs.InputCombAction),
    "RspQryOrder": Body('Order', structs.Order),
    "RspQryTrade": Body('Trade', structs.Trade),
    "RspQryInvestorPosition": Body('InvestorPosition', structs.InvestorPosition),
    "RspQryTradingAccount": Body('TradingAccount', structs.TradingAccount),
    "RspQryInvestor": Body('Investor', structs.Investor),
    "RspQryTradingCode": Body('TradingCode', structs.TradingCode),
    "RspQryInstrumentMarginRate": Body('InstrumentMarginRate', structs.InstrumentMarginRate),
    "RspQryInstrumentCommissionRate": Body('InstrumentCommissionRate', structs.InstrumentCommissionRate),
    "RspQryUserSession": Body('UserSession', structs.UserSession),
    "RspQryExchange": Body('Exchange', structs.Exchange),
    "RspQryProduct": Body('Product', structs.Product),
    "RspQryInstrument": Body('Instrument', structs.Instrument),
    "RspQryDepthMarketData": Body('DepthMarketData', structs.DepthMarketData),
    "RspQryTraderOffer": Body('TraderOffer', structs.TraderOffer),
    "RspQrySettlementInfo": Body('SettlementInfo', structs.SettlementInfo),
    "RspQryTransferBank": Body('TransferBank', structs.TransferBank),
    "RspQryInvestorPositionDetail": Body('InvestorPositionDetail', structs.InvestorPositionDetail),
    "RspQryNotice": Body('Notice', structs.Notice),
    "RspQrySettlementInfoConfirm": Body('SettlementInfoConfirm', structs.SettlementInfoConfirm),
    "RspQryInvestorPositionCombineDetail": Body('InvestorPositionCombineDetail', structs.InvestorPositionCombineDetail),
    "RspQryCFMMCTradingAccountKey": Body('CFMMCTradingAccountKey', structs.CFMMCTradingAccountKey),
    "RspQryEWarrantOffset": Body('EWarrantOffset', structs.EWarrantOffset),
    "RspQryInvestorProductGroupMargin": Body('InvestorProductGroupMargin', structs.InvestorProductGroupMargin),
    "RspQryExchangeMarginRate": Body('ExchangeMarginRate', structs.ExchangeMarginRate),
    "RspQryExchangeMarginRateAdjust": Body('ExchangeMarginRateAdjust', structs.ExchangeMarginRateAdjust),
    "RspQryExchangeRate": Body('ExchangeRate', structs.ExchangeRate),
    "RspQrySecAgentACIDMap": Body('SecAgentACIDMap', structs.SecAgentACIDMap),
    "RspQryProductExchRate": Body('ProductExchRate', structs.ProductExchRate),
    "RspQryProductGroup": Body('ProductGroup', structs.ProductGroup),
    "RspQryMMInstrumentCommissionRate": Body('MMInstrumentCommissionRate', structs.MMInstrumentCommissionRate),
    "RspQryMMOptionInstrCommRate": Body('MMOptionInstrCommRate', structs.MMOptionInstrCommRate),
    "RspQryInstrumentOrderCommRate": Body('InstrumentOrderCommRate', structs.InstrumentOrderCommRate),
    "RspQrySecAgentTradingAccount": Body('TradingAccount', structs.TradingAccount),
    "RspQrySecAgentCheckMode": Body('SecAgentCheckMode', structs.SecAgentCheckMode),
    "RspQrySecAgentTradeInfo": Body('SecAgentTradeInfo', structs.SecAgentTradeInfo),
    "RspQryOptionInstrTradeCost": Body('OptionInstrTradeCost', structs.OptionInstrTradeCost),
    "RspQryOptionInstrCommRate": Body('OptionInstrCommRate', structs.OptionInstrCommRate),
    "RspQryExecOrder": Body('ExecOrder', structs.ExecOrder),
    "RspQryForQuote": Body('ForQuote', structs.ForQuote),
    "RspQryQuote": Body('Quote', structs.Quote),
    "RspQryOptionSelfClose": Body('OptionSelfClose', structs.OptionSelfClose),
    "RspQryInvestUnit": Body('InvestUnit', structs.InvestUnit),
    "RspQryCombInstrumentGuard": Body('CombInstrumentGuard', structs.CombInstrumentGuard),
    "RspQryCombAction": Body('CombAction', structs.CombAction),
    "RspQryTransferSerial": Body('TransferSerial', structs.TransferSerial),
    "RspQryAccountregister": Body('Accountregister', structs.Accountregister),
    "RspError": Body('', None),
    "RtnOrder": Body('Order', structs.Order),
    "RtnTrade": Body('Trade', structs.Trade),
    "ErrRtnOrderInsert": Body('InputOrder', structs.InputOrder),
    "ErrRtnOrderAction": Body('OrderAction', structs.OrderAction),
    "RtnInstrumentStatus": Body('InstrumentStatus', structs.InstrumentStatus),
    "RtnBulletin": Body('Bulletin', structs.Bulletin),
    "RtnTradingNotice": Body('TradingNoticeInfo', structs.TradingNoticeInfo),
    "RtnErrorConditionalOrder": Body('ErrorConditionalOrder', structs.ErrorConditionalOrder),
    "RtnExecOrder": Body('ExecOrder', structs.ExecOrder),
    "ErrRtnExecOrderInsert": Body('InputExecOrder', structs.InputExecOrder),
    "ErrRtnExecOrderAction": Body('ExecOrderAction', structs.ExecOrderAction),
    "ErrRtnForQuoteInsert": Body('InputForQuote', structs.InputForQuote),
    "RtnQuote": Body('Quote', structs.Quote),
    "ErrRtnQuoteInsert": Body('InputQuote', structs.InputQuote),
    "ErrRtnQuoteAction": Body('QuoteAction', structs.QuoteAction),
    "RtnForQuoteRsp": Body('ForQuoteRsp', structs.ForQuoteRsp),
    "RtnCFMMCTradingAccountToken": Body('CFMMCTradingAccountToken', structs.CFMMCTradingAccountToken),
    "ErrRtnBatchOrderAction": Body('BatchOrderAction', structs.BatchOrderAction),
    "RtnOptionSelfClose": Body('OptionSelfClose', structs.OptionSelfClose),
    "ErrRtnOptionSelfCloseInsert": Body('InputOptionSelfClose', structs.InputOptionSelfClose),
    "ErrRtnOptionSelfCloseAction": Body('OptionSelfCloseAction', structs.OptionSelfCloseAction),
    "RtnCombAction": Body('CombAction', structs.CombAction),
    "ErrRtnCombActionInsert": Body('InputCombAction', structs.InputCombAction),
    "RspQryContractBank": Body('ContractBank', structs.ContractBank),
    "RspQryParkedOrder": Body('ParkedOrder', structs.ParkedOrder),
    "RspQryParkedOrderAction": Body('ParkedOrderAction', structs.ParkedOrderAction),
    "RspQryTradingNotice": Body('TradingNotice', structs.TradingNotice),
    "RspQryBrokerTradingParams": Body('BrokerTradingParams', structs.BrokerTradingParams),
    "RspQryBrokerTradingAlgos": Body('BrokerTradingAlgos', structs.BrokerTradingAlgos),
    "RspQueryCFMMCTradingAccountToken": Body('QueryCFMMCTradingAccountToken', structs.QueryCFMMCTradingAccountToken),
    "RtnFromBankToFutureByBank": Body('RspTransfer', structs.RspTransfer),
    "RtnFromFutureToBankByBank": Body('RspTransfer', structs.RspTransfer),
    "RtnRepealFromBankToFutureByBank": Body('RspRepeal', structs.RspRepeal),
    "RtnRepealFromFutureToBankByBank": Body('RspRepeal', structs.RspRepeal),
    "RtnFromBankToFutureByFuture": Body('RspTransfer', structs.RspTransfer),
    "RtnFromFutureToBankByFuture": Body('RspTransfer', structs.RspTransfer),
    "RtnRepealFromBankToFutureByFutureManual": Body('RspRepeal', structs.RspRepeal),
    "RtnRepealFromFutureToBankByFutureManual": Body('RspRepeal', structs.RspRepeal),
    "RtnQueryBankBalanceByFuture": Body('NotifyQueryAccount', structs.NotifyQueryAccount),
    "ErrRtnBankToFutureByFuture": Body('ReqTransfer', structs.ReqTransfer),
    "ErrRtnFutureToBankByFuture": Body('ReqTransfer', structs.ReqTransfer),
    "ErrRtnRepealBankToFutureByFutureManual": Body('ReqRepeal', structs.ReqRepeal),
    "ErrRtnRepealFutureToBankByFutureManual": Body('ReqRepeal', structs.ReqRepeal),
    "ErrRtnQueryBankBalanceByFuture": Body('ReqQueryAccount', structs.ReqQueryAccount),
    "RtnRepealFromBankToFutureByFuture": Body('RspRepeal', structs.RspRepeal),
    "RtnRepealFromFutureToBankByFuture": Body('RspRepeal', structs.RspRepeal),
    "RspFromBankToFutureByFuture": Body('ReqTransfer', structs.ReqTransfer),
    "RspFromFutureToBankByFuture": Body('ReqTransfer', structs.ReqTransfer),
    "RspQueryBankAccountMoneyByFuture": Body('ReqQueryAccount', structs.ReqQueryAccount),
    "RtnOpenAccountByBank": Body('OpenAccount', structs.OpenAccount),
    "RtnCancelAccountByBank": Body('CancelAccount', structs.CancelAccount),
    "RtnChangeAccountByBank": Body('ChangeAccount', structs.ChangeAccount),
    "RspQryClassifiedInstrument": Body('Instrument', structs.Instrument),
    "RspQryCombPromotionParam": Body('CombPromotionParam', structs.CombPromotionParam),
    "RspQryRiskSettleInvstPosition": Body('RiskSettleInvstPosition', structs.RiskSettleInvstPosition),
    "RspQryRiskSettleProductStatus": Body('RiskSettleProductStatus', structs.RiskSettleProductStatus),
    "RspQrySPBMFutureParameter": Body('SPBMFutureParameter', structs.SPBMFutureParameter),
    "RspQrySPBMOptionParameter": Body('SPBMOptionParameter', structs.SPBMOptionParameter),
    "RspQrySPBMIntraParameter": Body('SPBMIntraParameter', structs.SPBMIntraParameter),
    "RspQrySPBMInterParameter": Body('SPBMInterParameter', structs.SPBMInterParameter),
    "RspQrySPBMPortfDefinition": Body('SPBMPortfDefinition', structs.SPBMPortfDefinition),
    "RspQrySPBMInvestorPortfDef": Body('SPBMInvestorPortfDef', structs.SPBMInvestorPortfDef),
    "RspQryInvestorPortfMarginRatio": Body('InvestorPortfMarginRatio', structs.InvestorPortfMarginRatio),
    "RspQryInvestorProdSPBMDetail": Body('InvestorProdSPBMDetail', structs.InvestorProdSPBMDetail),
    "RspQryInvestorCommoditySPMMMargin": Body('InvestorCommoditySPMMMargin', structs.InvestorCommoditySPMMMargin),
    "RspQryInvestorCommodityGroupSPMMMargin": Body('InvestorCommodityGroupSPMMMargin', structs.InvestorCommodityGroupSPMMMargin),
    "RspQrySPMMInstParam": Body('SPMMInstParam', structs.SPMMInstParam),
    "RspQrySPMMProductParam": Body('SPMMProductParam', structs.SPMMProductParam),
    "RspQrySPBMAddOnInterParameter": Body('SPBMAddOnInterParameter', structs.SPBMAddOnInterParameter),
    "RspQryRCAMSCombProductInfo": Body('RCAMSCombProductInfo', structs.RCAMSCombProductInfo),
    "RspQryRCAMSInstrParameter": Body('RCAMSInstrParameter', structs.RCAMSInstrParameter),
    "RspQryRCAMSIntraParameter": Body('RCAMSIntraParameter', structs.RCAMSIntraParameter),
    "RspQryRCAMSInterParameter": Body('RCAMSInterParameter', structs.RCAMSInterParameter),
    "RspQryRCAMSShortOptAdjustParam": Body('RCAMSShortOptAdjustParam', structs.RCAMSShortOptAdjustParam),
    "RspQryRCAMSInvestorCombPosition": Body('RCAMSInvestorCombPosition', structs.RCAMSInvestorCombPosition),
    "RspQryInvestorProdRCAMSMargin": Body('InvestorProdRCAMSMargin', structs.InvestorProdRCAMSMargin),
    "RspQryRULEInstrParameter": Body('RULEInstrParameter', structs.RULEInstrParameter),
    "RspQryRULEIntraParameter": Body('RULEIntraParameter', structs.RULEIntraParameter),
    "RspQryRULEInterParameter": Body('RULEInterParameter', structs.RULEInterParameter),
    "RspQryInvestorProdRULEMargin": Body('InvestorProdRULEMargin', structs.InvestorProdRULEMargin),
    "RspQryInvestorPortfSetting": Body('InvestorPortfSetting', structs.InvestorPortfSetting),
    "RspQryInvestorInfoCommRec": Body('InvestorInfoCommRec', structs.InvestorInfoCommRec),
    "RspQryCombLeg": Body('CombLeg', structs.CombLeg),
    "RspOffsetSetting": Body('InputOffsetSetting', structs.InputOffsetSetting),
    "RspCancelOffsetSetting": Body('InputOffsetSetting', structs.InputOffsetSetting),
    "RtnOffsetSetting": Body('OffsetSetting', structs.OffsetSetting),
    "ErrRtnOffsetSetting": Body('InputOffsetSetting', structs.InputOffsetSetting),
    "ErrRtnCancelOffsetSetting": Body('CancelOffsetSetting', structs.CancelOffsetSetting),
    "RspQryOffsetSetting": Body('OffsetSetting', structs.OffsetSetting),
    "RspQryMulticastInstrument": Body('MulticastInstrument', structs.MulticastInstrument),
    "RspSubMarketData": Body('SpecificInstrument', structs.SpecificInstrument),
    "RspUnSubMarketData": Body('SpecificInstrument', structs.SpecificInstrument),
    "RspSubForQuoteRsp": Body('SpecificInstrument', structs.SpecificInstrument),
    "RspUnSubForQuoteRsp": Body('SpecificInstrument', structs.SpecificInstrument),
    "RtnDepthMarketData": Body('DepthMarketData', structs.DepthMarketData),
}
"""The body of every message of CTP's, by its MsgType."""

OWN_MESSAGES: Final[Mapping[str, type[Any]]] = {
    "RtnSessionState": own.RtnSessionState,
    "RtnTradingDay": own.RtnTradingDay,
    "RtnShutdown": own.RtnShutdown,
    "RtnClientOrder": own.RtnClientOrder,
    "RtnQueued": own.RtnQueued,
    "RtnTicksDropped": own.RtnTicksDropped,
    "RtnBar": own.RtnBar,
    "RspQryBar": own.RspQryBar,
    "RspQryInstruments": own.RspQryInstruments,
    "RspQryTicks": own.RspQryTicks,
    "RtnMainContract": own.RtnMainContract,
    "RtnTradingState": own.RtnTradingState,
    "RspQryTradingState": own.RspQryTradingState,
    "RspKill": own.RspKill,
    "RspQryCompliance": own.RspQryCompliance,
    "RtnCompliance": own.RtnCompliance,
    "RspCancelAllAfter": own.RspCancelAllAfter,
    "RspSubscribePortfolio": own.RspSubscribePortfolio,
    "RspUnSubscribePortfolio": own.RspUnSubscribePortfolio,
    "RtnPortfolio": own.RtnPortfolio,
    "RtnPortfolioDrift": own.RtnPortfolioDrift,
    "RspPreviewOrder": own.RspPreviewOrder,
    "RspQryAccountCurve": own.RspQryAccountCurve,
    "RspOffsetSplit": own.RspOffsetSplit,
    "RtnConditional": own.RtnConditional,
    "RspInsertConditional": own.RspInsertConditional,
    "RspCancelConditional": own.RspCancelConditional,
    "RspQryConditional": own.RspQryConditional,
    "RspQryPrincipal": own.RspQryPrincipal,
    "RspQryClients": own.RspQryClients,
    "RspQrySessions": own.RspQrySessions,
    "RspQryLimits": own.RspQryLimits,
    "RspQryTokens": own.RspQryTokens,
    "RspQryLog": own.RspQryLog,
    "RspReloadConfig": own.RspReloadConfig,
    "RspDrain": own.RspDrain,
    "RspEndClient": own.RspEndClient,
    "RspEndSession": own.RspEndSession,
}
"""The gateway's own messages, by their MsgType."""
