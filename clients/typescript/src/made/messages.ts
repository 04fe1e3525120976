/**
 * Every message that may come, by its MsgType.
 *
 * Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
 */

import type * as own from "./own.js";
import type * as structs from "./structs.js";

/** What stands around a body: answers have IsLast and RequestID, pushes Seq. */
export interface Envelope<Name extends string = string> {
  MsgType: Name;
  RspInfo?: own.RspInfo | null;
  IsLast?: boolean;
  RequestID?: number;
  Seq?: number;
  /** Whether it was pushed before the login. */
  Replay?: boolean;
  Detail?: string;
  Limit?: number;
  RetryAfter?: number;
}

/** A message of CTP's, its body under a key. */
export type Ctp<Name extends string, Key extends string, Body> = Envelope<Name> & {
  [K in Key]: Body | null;
};

/** CTP's messages. */
export interface CtpMessages {
  FrontConnected: Envelope<"FrontConnected">;
  FrontDisconnected: Ctp<"FrontDisconnected", "Reason", number>;
  HeartBeatWarning: Ctp<"HeartBeatWarning", "TimeLapse", number>;
  RspAuthenticate: Ctp<"RspAuthenticate", "RspAuthenticate", structs.RspAuthenticate>;
  RspUserLogin: Ctp<"RspUserLogin", "RspUserLogin", structs.RspUserLogin>;
  RspUserLogout: Ctp<"RspUserLogout", "UserLogout", structs.UserLogout>;
  RspUserPasswordUpdate: Ctp<"RspUserPasswordUpdate", "UserPasswordUpdate", structs.UserPasswordUpdate>;
  RspTradingAccountPasswordUpdate: Ctp<"RspTradingAccountPasswordUpdate", "TradingAccountPasswordUpdate", structs.TradingAccountPasswordUpdate>;
  RspUserAuthMethod: Ctp<"RspUserAuthMethod", "RspUserAuthMethod", structs.RspUserAuthMethod>;
  RspGenUserCaptcha: Ctp<"RspGenUserCaptcha", "RspGenUserCaptcha", structs.RspGenUserCaptcha>;
  RspGenUserText: Ctp<"RspGenUserText", "RspGenUserText", structs.RspGenUserText>;
  RspOrderInsert: Ctp<"RspOrderInsert", "InputOrder", structs.InputOrder>;
  RspParkedOrderInsert: Ctp<"RspParkedOrderInsert", "ParkedOrder", structs.ParkedOrder>;
  RspParkedOrderAction: Ctp<"RspParkedOrderAction", "ParkedOrderAction", structs.ParkedOrderAction>;
  RspOrderAction: Ctp<"RspOrderAction", "InputOrderAction", structs.InputOrderAction>;
  RspQryMaxOrderVolume: Ctp<"RspQryMaxOrderVolume", "QryMaxOrderVolume", structs.QryMaxOrderVolume>;
  RspSettlementInfoConfirm: Ctp<"RspSettlementInfoConfirm", "SettlementInfoConfirm", structs.SettlementInfoConfirm>;
  RspRemoveParkedOrder: Ctp<"RspRemoveParkedOrder", "RemoveParkedOrder", structs.RemoveParkedOrder>;
  RspRemoveParkedOrderAction: Ctp<"RspRemoveParkedOrderAction", "RemoveParkedOrderAction", structs.RemoveParkedOrderAction>;
  RspExecOrderInsert: Ctp<"RspExecOrderInsert", "InputExecOrder", structs.InputExecOrder>;
  RspExecOrderAction: Ctp<"RspExecOrderAction", "InputExecOrderAction", structs.InputExecOrderAction>;
  RspForQuoteInsert: Ctp<"RspForQuoteInsert", "InputForQuote", structs.InputForQuote>;
  RspQuoteInsert: Ctp<"RspQuoteInsert", "InputQuote", structs.InputQuote>;
  RspQuoteAction: Ctp<"RspQuoteAction", "InputQuoteAction", structs.InputQuoteAction>;
  RspBatchOrderAction: Ctp<"RspBatchOrderAction", "InputBatchOrderAction", structs.InputBatchOrderAction>;
  RspOptionSelfCloseInsert: Ctp<"RspOptionSelfCloseInsert", "InputOptionSelfClose", structs.InputOptionSelfClose>;
  RspOptionSelfCloseAction: Ctp<"RspOptionSelfCloseAction", "InputOptionSelfCloseAction", structs.InputOptionSelfCloseAction>;
  RspCombActionInsert: Ctp<"RspCombActionInsert", "InputCombAction", structs.InputCombAction>;
  RspQryOrder: Ctp<"RspQryOrder", "Order", structs.Order>;
  RspQryTrade: Ctp<"RspQryTrade", "Trade", structs.Trade>;
  RspQryInvestorPosition: Ctp<"RspQryInvestorPosition", "InvestorPosition", structs.InvestorPosition>;
  RspQryTradingAccount: Ctp<"RspQryTradingAccount", "TradingAccount", structs.TradingAccount>;
  RspQryInvestor: Ctp<"RspQryInvestor", "Investor", structs.Investor>;
  RspQryTradingCode: Ctp<"RspQryTradingCode", "TradingCode", structs.TradingCode>;
  RspQryInstrumentMarginRate: Ctp<"RspQryInstrumentMarginRate", "InstrumentMarginRate", structs.InstrumentMarginRate>;
  RspQryInstrumentCommissionRate: Ctp<"RspQryInstrumentCommissionRate", "InstrumentCommissionRate", structs.InstrumentCommissionRate>;
  RspQryUserSession: Ctp<"RspQryUserSession", "UserSession", structs.UserSession>;
  RspQryExchange: Ctp<"RspQryExchange", "Exchange", structs.Exchange>;
  RspQryProduct: Ctp<"RspQryProduct", "Product", structs.Product>;
  RspQryInstrument: Ctp<"RspQryInstrument", "Instrument", structs.Instrument>;
  RspQryDepthMarketData: Ctp<"RspQryDepthMarketData", "DepthMarketData", structs.DepthMarketData>;
  RspQryTraderOffer: Ctp<"RspQryTraderOffer", "TraderOffer", structs.TraderOffer>;
  RspQrySettlementInfo: Ctp<"RspQrySettlementInfo", "SettlementInfo", structs.SettlementInfo>;
  RspQryTransferBank: Ctp<"RspQryTransferBank", "TransferBank", structs.TransferBank>;
  RspQryInvestorPositionDetail: Ctp<"RspQryInvestorPositionDetail", "InvestorPositionDetail", structs.InvestorPositionDetail>;
  RspQryNotice: Ctp<"RspQryNotice", "Notice", structs.Notice>;
  RspQrySettlementInfoConfirm: Ctp<"RspQrySettlementInfoConfirm", "SettlementInfoConfirm", structs.SettlementInfoConfirm>;
  RspQryInvestorPositionCombineDetail: Ctp<"RspQryInvestorPositionCombineDetail", "InvestorPositionCombineDetail", structs.InvestorPositionCombineDetail>;
  RspQryCFMMCTradingAccountKey: Ctp<"RspQryCFMMCTradingAccountKey", "CFMMCTradingAccountKey", structs.CFMMCTradingAccountKey>;
  RspQryEWarrantOffset: Ctp<"RspQryEWarrantOffset", "EWarrantOffset", structs.EWarrantOffset>;
  RspQryInvestorProductGroupMargin: Ctp<"RspQryInvestorProductGroupMargin", "InvestorProductGroupMargin", structs.InvestorProductGroupMargin>;
  RspQryExchangeMarginRate: Ctp<"RspQryExchangeMarginRate", "ExchangeMarginRate", structs.ExchangeMarginRate>;
  RspQryExchangeMarginRateAdjust: Ctp<"RspQryExchangeMarginRateAdjust", "ExchangeMarginRateAdjust", structs.ExchangeMarginRateAdjust>;
  RspQryExchangeRate: Ctp<"RspQryExchangeRate", "ExchangeRate", structs.ExchangeRate>;
  RspQrySecAgentACIDMap: Ctp<"RspQrySecAgentACIDMap", "SecAgentACIDMap", structs.SecAgentACIDMap>;
  RspQryProductExchRate: Ctp<"RspQryProductExchRate", "ProductExchRate", structs.ProductExchRate>;
  RspQryProductGroup: Ctp<"RspQryProductGroup", "ProductGroup", structs.ProductGroup>;
  RspQryMMInstrumentCommissionRate: Ctp<"RspQryMMInstrumentCommissionRate", "MMInstrumentCommissionRate", structs.MMInstrumentCommissionRate>;
  RspQryMMOptionInstrCommRate: Ctp<"RspQryMMOptionInstrCommRate", "MMOptionInstrCommRate", structs.MMOptionInstrCommRate>;
  RspQryInstrumentOrderCommRate: Ctp<"RspQryInstrumentOrderCommRate", "InstrumentOrderCommRate", structs.InstrumentOrderCommRate>;
  RspQrySecAgentTradingAccount: Ctp<"RspQrySecAgentTradingAccount", "TradingAccount", structs.TradingAccount>;
  RspQrySecAgentCheckMode: Ctp<"RspQrySecAgentCheckMode", "SecAgentCheckMode", structs.SecAgentCheckMode>;
  RspQrySecAgentTradeInfo: Ctp<"RspQrySecAgentTradeInfo", "SecAgentTradeInfo", structs.SecAgentTradeInfo>;
  RspQryOptionInstrTradeCost: Ctp<"RspQryOptionInstrTradeCost", "OptionInstrTradeCost", structs.OptionInstrTradeCost>;
  RspQryOptionInstrCommRate: Ctp<"RspQryOptionInstrCommRate", "OptionInstrCommRate", structs.OptionInstrCommRate>;
  RspQryExecOrder: Ctp<"RspQryExecOrder", "ExecOrder", structs.ExecOrder>;
  RspQryForQuote: Ctp<"RspQryForQuote", "ForQuote", structs.ForQuote>;
  RspQryQuote: Ctp<"RspQryQuote", "Quote", structs.Quote>;
  RspQryOptionSelfClose: Ctp<"RspQryOptionSelfClose", "OptionSelfClose", structs.OptionSelfClose>;
  RspQryInvestUnit: Ctp<"RspQryInvestUnit", "InvestUnit", structs.InvestUnit>;
  RspQryCombInstrumentGuard: Ctp<"RspQryCombInstrumentGuard", "CombInstrumentGuard", structs.CombInstrumentGuard>;
  RspQryCombAction: Ctp<"RspQryCombAction", "CombAction", structs.CombAction>;
  RspQryTransferSerial: Ctp<"RspQryTransferSerial", "TransferSerial", structs.TransferSerial>;
  RspQryAccountregister: Ctp<"RspQryAccountregister", "Accountregister", structs.Accountregister>;
  RspError: Envelope<"RspError">;
  RtnOrder: Ctp<"RtnOrder", "Order", structs.Order>;
  RtnTrade: Ctp<"RtnTrade", "Trade", structs.Trade>;
  ErrRtnOrderInsert: Ctp<"ErrRtnOrderInsert", "InputOrder", structs.InputOrder>;
  ErrRtnOrderAction: Ctp<"ErrRtnOrderAction", "OrderAction", structs.OrderAction>;
  RtnInstrumentStatus: Ctp<"RtnInstrumentStatus", "InstrumentStatus", structs.InstrumentStatus>;
  RtnBulletin: Ctp<"RtnBulletin", "Bulletin", structs.Bulletin>;
  RtnTradingNotice: Ctp<"RtnTradingNotice", "TradingNoticeInfo", structs.TradingNoticeInfo>;
  RtnErrorConditionalOrder: Ctp<"RtnErrorConditionalOrder", "ErrorConditionalOrder", structs.ErrorConditionalOrder>;
  RtnExecOrder: Ctp<"RtnExecOrder", "ExecOrder", structs.ExecOrder>;
  ErrRtnExecOrderInsert: Ctp<"ErrRtnExecOrderInsert", "InputExecOrder", structs.InputExecOrder>;
  ErrRtnExecOrderAction: Ctp<"ErrRtnExecOrderAction", "ExecOrderAction", structs.ExecOrderAction>;
  ErrRtnForQuoteInsert: Ctp<"ErrRtnForQuoteInsert", "InputForQuote", structs.InputForQuote>;
  RtnQuote: Ctp<"RtnQuote", "Quote", structs.Quote>;
  ErrRtnQuoteInsert: Ctp<"ErrRtnQuoteInsert", "InputQuote", structs.InputQuote>;
  ErrRtnQuoteAction: Ctp<"ErrRtnQuoteAction", "QuoteAction", structs.QuoteAction>;
  RtnForQuoteRsp: Ctp<"RtnForQuoteRsp", "ForQuoteRsp", structs.ForQuoteRsp>;
  RtnCFMMCTradingAccountToken: Ctp<"RtnCFMMCTradingAccountToken", "CFMMCTradingAccountToken", structs.CFMMCTradingAccountToken>;
  ErrRtnBatchOrderAction: Ctp<"ErrRtnBatchOrderAction", "BatchOrderAction", structs.BatchOrderAction>;
  RtnOptionSelfClose: Ctp<"RtnOptionSelfClose", "OptionSelfClose", structs.OptionSelfClose>;
  ErrRtnOptionSelfCloseInsert: Ctp<"ErrRtnOptionSelfCloseInsert", "InputOptionSelfClose", structs.InputOptionSelfClose>;
  ErrRtnOptionSelfCloseAction: Ctp<"ErrRtnOptionSelfCloseAction", "OptionSelfCloseAction", structs.OptionSelfCloseAction>;
  RtnCombAction: Ctp<"RtnCombAction", "CombAction", structs.CombAction>;
  ErrRtnCombActionInsert: Ctp<"ErrRtnCombActionInsert", "InputCombAction", structs.InputCombAction>;
  RspQryContractBank: Ctp<"RspQryContractBank", "ContractBank", structs.ContractBank>;
  RspQryParkedOrder: Ctp<"RspQryParkedOrder", "ParkedOrder", structs.ParkedOrder>;
  RspQryParkedOrderAction: Ctp<"RspQryParkedOrderAction", "ParkedOrderAction", structs.ParkedOrderAction>;
  RspQryTradingNotice: Ctp<"RspQryTradingNotice", "TradingNotice", structs.TradingNotice>;
  RspQryBrokerTradingParams: Ctp<"RspQryBrokerTradingParams", "BrokerTradingParams", structs.BrokerTradingParams>;
  RspQryBrokerTradingAlgos: Ctp<"RspQryBrokerTradingAlgos", "BrokerTradingAlgos", structs.BrokerTradingAlgos>;
  RspQueryCFMMCTradingAccountToken: Ctp<"RspQueryCFMMCTradingAccountToken", "QueryCFMMCTradingAccountToken", structs.QueryCFMMCTradingAccountToken>;
  RtnFromBankToFutureByBank: Ctp<"RtnFromBankToFutureByBank", "RspTransfer", structs.RspTransfer>;
  RtnFromFutureToBankByBank: Ctp<"RtnFromFutureToBankByBank", "RspTransfer", structs.RspTransfer>;
  RtnRepealFromBankToFutureByBank: Ctp<"RtnRepealFromBankToFutureByBank", "RspRepeal", structs.RspRepeal>;
  RtnRepealFromFutureToBankByBank: Ctp<"RtnRepealFromFutureToBankByBank", "RspRepeal", structs.RspRepeal>;
  RtnFromBankToFutureByFuture: Ctp<"RtnFromBankToFutureByFuture", "RspTransfer", structs.RspTransfer>;
  RtnFromFutureToBankByFuture: Ctp<"RtnFromFutureToBankByFuture", "RspTransfer", structs.RspTransfer>;
  RtnRepealFromBankToFutureByFutureManual: Ctp<"RtnRepealFromBankToFutureByFutureManual", "RspRepeal", structs.RspRepeal>;
  RtnRepealFromFutureToBankByFutureManual: Ctp<"RtnRepealFromFutureToBankByFutureManual", "RspRepeal", structs.RspRepeal>;
  RtnQueryBankBalanceByFuture: Ctp<"RtnQueryBankBalanceByFuture", "NotifyQueryAccount", structs.NotifyQueryAccount>;
  ErrRtnBankToFutureByFuture: Ctp<"ErrRtnBankToFutureByFuture", "ReqTransfer", structs.ReqTransfer>;
  ErrRtnFutureToBankByFuture: Ctp<"ErrRtnFutureToBankByFuture", "ReqTransfer", structs.ReqTransfer>;
  ErrRtnRepealBankToFutureByFutureManual: Ctp<"ErrRtnRepealBankToFutureByFutureManual", "ReqRepeal", structs.ReqRepeal>;
  ErrRtnRepealFutureToBankByFutureManual: Ctp<"ErrRtnRepealFutureToBankByFutureManual", "ReqRepeal", structs.ReqRepeal>;
  ErrRtnQueryBankBalanceByFuture: Ctp<"ErrRtnQueryBankBalanceByFuture", "ReqQueryAccount", structs.ReqQueryAccount>;
  RtnRepealFromBankToFutureByFuture: Ctp<"RtnRepealFromBankToFutureByFuture", "RspRepeal", structs.RspRepeal>;
  RtnRepealFromFutureToBankByFuture: Ctp<"RtnRepealFromFutureToBankByFuture", "RspRepeal", structs.RspRepeal>;
  RspFromBankToFutureByFuture: Ctp<"RspFromBankToFutureByFuture", "ReqTransfer", structs.ReqTransfer>;
  RspFromFutureToBankByFuture: Ctp<"RspFromFutureToBankByFuture", "ReqTransfer", structs.ReqTransfer>;
  RspQueryBankAccountMoneyByFuture: Ctp<"RspQueryBankAccountMoneyByFuture", "ReqQueryAccount", structs.ReqQueryAccount>;
  RtnOpenAccountByBank: Ctp<"RtnOpenAccountByBank", "OpenAccount", structs.OpenAccount>;
  RtnCancelAccountByBank: Ctp<"RtnCancelAccountByBank", "CancelAccount", structs.CancelAccount>;
  RtnChangeAccountByBank: Ctp<"RtnChangeAccountByBank", "ChangeAccount", structs.ChangeAccount>;
  RspQryClassifiedInstrument: Ctp<"RspQryClassifiedInstrument", "Instrument", structs.Instrument>;
  RspQryCombPromotionParam: Ctp<"RspQryCombPromotionParam", "CombPromotionParam", structs.CombPromotionParam>;
  RspQryRiskSettleInvstPosition: Ctp<"RspQryRiskSettleInvstPosition", "RiskSettleInvstPosition", structs.RiskSettleInvstPosition>;
  RspQryRiskSettleProductStatus: Ctp<"RspQryRiskSettleProductStatus", "RiskSettleProductStatus", structs.RiskSettleProductStatus>;
  RspQrySPBMFutureParameter: Ctp<"RspQrySPBMFutureParameter", "SPBMFutureParameter", structs.SPBMFutureParameter>;
  RspQrySPBMOptionParameter: Ctp<"RspQrySPBMOptionParameter", "SPBMOptionParameter", structs.SPBMOptionParameter>;
  RspQrySPBMIntraParameter: Ctp<"RspQrySPBMIntraParameter", "SPBMIntraParameter", structs.SPBMIntraParameter>;
  RspQrySPBMInterParameter: Ctp<"RspQrySPBMInterParameter", "SPBMInterParameter", structs.SPBMInterParameter>;
  RspQrySPBMPortfDefinition: Ctp<"RspQrySPBMPortfDefinition", "SPBMPortfDefinition", structs.SPBMPortfDefinition>;
  RspQrySPBMInvestorPortfDef: Ctp<"RspQrySPBMInvestorPortfDef", "SPBMInvestorPortfDef", structs.SPBMInvestorPortfDef>;
  RspQryInvestorPortfMarginRatio: Ctp<"RspQryInvestorPortfMarginRatio", "InvestorPortfMarginRatio", structs.InvestorPortfMarginRatio>;
  RspQryInvestorProdSPBMDetail: Ctp<"RspQryInvestorProdSPBMDetail", "InvestorProdSPBMDetail", structs.InvestorProdSPBMDetail>;
  RspQryInvestorCommoditySPMMMargin: Ctp<"RspQryInvestorCommoditySPMMMargin", "InvestorCommoditySPMMMargin", structs.InvestorCommoditySPMMMargin>;
  RspQryInvestorCommodityGroupSPMMMargin: Ctp<"RspQryInvestorCommodityGroupSPMMMargin", "InvestorCommodityGroupSPMMMargin", structs.InvestorCommodityGroupSPMMMargin>;
  RspQrySPMMInstParam: Ctp<"RspQrySPMMInstParam", "SPMMInstParam", structs.SPMMInstParam>;
  RspQrySPMMProductParam: Ctp<"RspQrySPMMProductParam", "SPMMProductParam", structs.SPMMProductParam>;
  RspQrySPBMAddOnInterParameter: Ctp<"RspQrySPBMAddOnInterParameter", "SPBMAddOnInterParameter", structs.SPBMAddOnInterParameter>;
  RspQryRCAMSCombProductInfo: Ctp<"RspQryRCAMSCombProductInfo", "RCAMSCombProductInfo", structs.RCAMSCombProductInfo>;
  RspQryRCAMSInstrParameter: Ctp<"RspQryRCAMSInstrParameter", "RCAMSInstrParameter", structs.RCAMSInstrParameter>;
  RspQryRCAMSIntraParameter: Ctp<"RspQryRCAMSIntraParameter", "RCAMSIntraParameter", structs.RCAMSIntraParameter>;
  RspQryRCAMSInterParameter: Ctp<"RspQryRCAMSInterParameter", "RCAMSInterParameter", structs.RCAMSInterParameter>;
  RspQryRCAMSShortOptAdjustParam: Ctp<"RspQryRCAMSShortOptAdjustParam", "RCAMSShortOptAdjustParam", structs.RCAMSShortOptAdjustParam>;
  RspQryRCAMSInvestorCombPosition: Ctp<"RspQryRCAMSInvestorCombPosition", "RCAMSInvestorCombPosition", structs.RCAMSInvestorCombPosition>;
  RspQryInvestorProdRCAMSMargin: Ctp<"RspQryInvestorProdRCAMSMargin", "InvestorProdRCAMSMargin", structs.InvestorProdRCAMSMargin>;
  RspQryRULEInstrParameter: Ctp<"RspQryRULEInstrParameter", "RULEInstrParameter", structs.RULEInstrParameter>;
  RspQryRULEIntraParameter: Ctp<"RspQryRULEIntraParameter", "RULEIntraParameter", structs.RULEIntraParameter>;
  RspQryRULEInterParameter: Ctp<"RspQryRULEInterParameter", "RULEInterParameter", structs.RULEInterParameter>;
  RspQryInvestorProdRULEMargin: Ctp<"RspQryInvestorProdRULEMargin", "InvestorProdRULEMargin", structs.InvestorProdRULEMargin>;
  RspQryInvestorPortfSetting: Ctp<"RspQryInvestorPortfSetting", "InvestorPortfSetting", structs.InvestorPortfSetting>;
  RspQryInvestorInfoCommRec: Ctp<"RspQryInvestorInfoCommRec", "InvestorInfoCommRec", structs.InvestorInfoCommRec>;
  RspQryCombLeg: Ctp<"RspQryCombLeg", "CombLeg", structs.CombLeg>;
  RspOffsetSetting: Ctp<"RspOffsetSetting", "InputOffsetSetting", structs.InputOffsetSetting>;
  RspCancelOffsetSetting: Ctp<"RspCancelOffsetSetting", "InputOffsetSetting", structs.InputOffsetSetting>;
  RtnOffsetSetting: Ctp<"RtnOffsetSetting", "OffsetSetting", structs.OffsetSetting>;
  ErrRtnOffsetSetting: Ctp<"ErrRtnOffsetSetting", "InputOffsetSetting", structs.InputOffsetSetting>;
  ErrRtnCancelOffsetSetting: Ctp<"ErrRtnCancelOffsetSetting", "CancelOffsetSetting", structs.CancelOffsetSetting>;
  RspQryOffsetSetting: Ctp<"RspQryOffsetSetting", "OffsetSetting", structs.OffsetSetting>;
  RspQryMulticastInstrument: Ctp<"RspQryMulticastInstrument", "MulticastInstrument", structs.MulticastInstrument>;
  RspSubMarketData: Ctp<"RspSubMarketData", "SpecificInstrument", structs.SpecificInstrument>;
  RspUnSubMarketData: Ctp<"RspUnSubMarketData", "SpecificInstrument", structs.SpecificInstrument>;
  RspSubForQuoteRsp: Ctp<"RspSubForQuoteRsp", "SpecificInstrument", structs.SpecificInstrument>;
  RspUnSubForQuoteRsp: Ctp<"RspUnSubForQuoteRsp", "SpecificInstrument", structs.SpecificInstrument>;
  RtnDepthMarketData: Ctp<"RtnDepthMarketData", "DepthMarketData", structs.DepthMarketData>;
}

/** The gateway's own messages. */
export interface OwnMessages {
  RtnSessionState: { MsgType: "RtnSessionState" } & own.RtnSessionState;
  RtnTradingDay: { MsgType: "RtnTradingDay" } & own.RtnTradingDay;
  RtnShutdown: { MsgType: "RtnShutdown" } & own.RtnShutdown;
  RtnClientOrder: { MsgType: "RtnClientOrder" } & own.RtnClientOrder;
  RtnQueued: { MsgType: "RtnQueued" } & own.RtnQueued;
  RtnTicksDropped: { MsgType: "RtnTicksDropped" } & own.RtnTicksDropped;
  RtnBar: { MsgType: "RtnBar" } & own.RtnBar;
  RspQryBar: { MsgType: "RspQryBar" } & own.RspQryBar;
  RspQryInstruments: { MsgType: "RspQryInstruments" } & own.RspQryInstruments;
  RspQryTicks: { MsgType: "RspQryTicks" } & own.RspQryTicks;
  RtnMainContract: { MsgType: "RtnMainContract" } & own.RtnMainContract;
  RtnTradingState: { MsgType: "RtnTradingState" } & own.RtnTradingState;
  RspQryTradingState: { MsgType: "RspQryTradingState" } & own.RspQryTradingState;
  RspKill: { MsgType: "RspKill" } & own.RspKill;
  RspQryCompliance: { MsgType: "RspQryCompliance" } & own.RspQryCompliance;
  RtnCompliance: { MsgType: "RtnCompliance" } & own.RtnCompliance;
  RspCancelAllAfter: { MsgType: "RspCancelAllAfter" } & own.RspCancelAllAfter;
  RspSubscribePortfolio: { MsgType: "RspSubscribePortfolio" } & own.RspSubscribePortfolio;
  RspUnSubscribePortfolio: { MsgType: "RspUnSubscribePortfolio" } & own.RspUnSubscribePortfolio;
  RtnPortfolio: { MsgType: "RtnPortfolio" } & own.RtnPortfolio;
  RtnPortfolioDrift: { MsgType: "RtnPortfolioDrift" } & own.RtnPortfolioDrift;
  RspPreviewOrder: { MsgType: "RspPreviewOrder" } & own.RspPreviewOrder;
  RspQryAccountCurve: { MsgType: "RspQryAccountCurve" } & own.RspQryAccountCurve;
  RspOffsetSplit: { MsgType: "RspOffsetSplit" } & own.RspOffsetSplit;
  RtnConditional: { MsgType: "RtnConditional" } & own.RtnConditional;
  RspInsertConditional: { MsgType: "RspInsertConditional" } & own.RspInsertConditional;
  RspCancelConditional: { MsgType: "RspCancelConditional" } & own.RspCancelConditional;
  RspQryConditional: { MsgType: "RspQryConditional" } & own.RspQryConditional;
  RspQryPrincipal: { MsgType: "RspQryPrincipal" } & own.RspQryPrincipal;
  RspQryClients: { MsgType: "RspQryClients" } & own.RspQryClients;
  RspQrySessions: { MsgType: "RspQrySessions" } & own.RspQrySessions;
  RspQryLimits: { MsgType: "RspQryLimits" } & own.RspQryLimits;
  RspQryTokens: { MsgType: "RspQryTokens" } & own.RspQryTokens;
  RspQryLog: { MsgType: "RspQryLog" } & own.RspQryLog;
  RspReloadConfig: { MsgType: "RspReloadConfig" } & own.RspReloadConfig;
  RspDrain: { MsgType: "RspDrain" } & own.RspDrain;
  RspEndClient: { MsgType: "RspEndClient" } & own.RspEndClient;
  RspEndSession: { MsgType: "RspEndSession" } & own.RspEndSession;
}

export interface Messages extends CtpMessages, OwnMessages {}
/** Any message; `MsgType` tells them apart. */
export type Message = Messages[keyof Messages];
