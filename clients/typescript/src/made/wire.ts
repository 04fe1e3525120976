/**
 * What requests look like where no rule tells: protocol/methods.ts.
 *
 * Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
 */

/** Keys of bodies that are not the request's name without Req; empty for none. */
export const BODY_KEYS: Readonly<Record<string, string>> = {
  GetApiVersion: "",
  GetTradingDay: "",
  GetFrontInfo: "",
  ReqAuthenticate: "ReqAuthenticate",
  RegisterUserSystemInfo: "UserSystemInfo",
  SubmitUserSystemInfo: "UserSystemInfo",
  RegisterWechatUserSystemInfo: "WechatUserSystemInfo",
  SubmitWechatUserSystemInfo: "WechatUserSystemInfo",
  ReqUserAuthMethod: "ReqUserAuthMethod",
  ReqGenUserCaptcha: "ReqGenUserCaptcha",
  ReqGenUserText: "ReqGenUserText",
  ReqOrderInsert: "InputOrder",
  ReqParkedOrderInsert: "ParkedOrder",
  ReqOrderAction: "InputOrderAction",
  ReqExecOrderInsert: "InputExecOrder",
  ReqExecOrderAction: "InputExecOrderAction",
  ReqForQuoteInsert: "InputForQuote",
  ReqQuoteInsert: "InputQuote",
  ReqQuoteAction: "InputQuoteAction",
  ReqBatchOrderAction: "InputBatchOrderAction",
  ReqOptionSelfCloseInsert: "InputOptionSelfClose",
  ReqOptionSelfCloseAction: "InputOptionSelfCloseAction",
  ReqCombActionInsert: "InputCombAction",
  ReqQrySecAgentTradingAccount: "QryTradingAccount",
  ReqFromBankToFutureByFuture: "ReqTransfer",
  ReqFromFutureToBankByFuture: "ReqTransfer",
  ReqQueryBankAccountMoneyByFuture: "ReqQueryAccount",
  ReqOffsetSetting: "InputOffsetSetting",
  ReqCancelOffsetSetting: "InputOffsetSetting",
  SubscribeMarketData: "",
  UnSubscribeMarketData: "",
  SubscribeForQuoteRsp: "",
  UnSubscribeForQuoteRsp: "",
  PreviewOrder: "InputOrder",
};

/** A text. */
export const TEXTS: readonly string[] = [
  "GetApiVersion",
  "GetTradingDay",
];

/** Its return value. */
export const CALLS: readonly string[] = [
  "GetFrontInfo",
  "RegisterUserSystemInfo",
  "SubmitUserSystemInfo",
  "RegisterWechatUserSystemInfo",
  "SubmitWechatUserSystemInfo",
];

/** Refused, or told of by pushes; it may bear a ClientOrderID. */
export const ORDERS: readonly string[] = [
  "ReqOrderInsert",
  "ReqParkedOrderInsert",
  "ReqParkedOrderAction",
  "ReqOrderAction",
  "ReqRemoveParkedOrder",
  "ReqRemoveParkedOrderAction",
  "ReqExecOrderInsert",
  "ReqExecOrderAction",
  "ReqForQuoteInsert",
  "ReqQuoteInsert",
  "ReqQuoteAction",
  "ReqBatchOrderAction",
  "ReqOptionSelfCloseInsert",
  "ReqOptionSelfCloseAction",
  "ReqCombActionInsert",
];

/** Refused, or told of by pushes. */
export const SUBMITTED: readonly string[] = [
  "ReqFromBankToFutureByFuture",
  "ReqFromFutureToBankByFuture",
  "ReqQueryBankAccountMoneyByFuture",
  "ReqOffsetSetting",
  "ReqCancelOffsetSetting",
];

/** An answer for each instrument. */
export const SUBSCRIPTIONS: readonly string[] = [
  "SubscribeMarketData",
  "UnSubscribeMarketData",
  "SubscribeForQuoteRsp",
  "UnSubscribeForQuoteRsp",
];

/** What may stand beside the row of an answer. */
export const BESIDE: readonly string[] = [
  "Parked",
  "ParkedUnknown",
  "ReceivedTime",
];

/** What market data alone takes. */
export const OF_MARKET: readonly string[] = [
  "SubscribeMarketData",
  "UnSubscribeMarketData",
  "SubscribeForQuoteRsp",
  "UnSubscribeForQuoteRsp",
  "ReqQryMulticastInstrument",
  "ReqQryBar",
  "QryInstruments",
  "QryTicks",
];

/** What trading and market data take. */
export const OF_BOTH: readonly string[] = [
  "GetApiVersion",
  "GetTradingDay",
];
