/**
 * Every request as a typed method.
 *
 * Made by `python -m webctp docs` from openctp-ctp 6.7.11.0: edit nothing here, it is lost.
 */

import type { InsertWords, OrderWords, SubscriptionWords } from "../protocol/words.js";
import type { SentOrder } from "../orders.js";
import type * as own from "./own.js";
import type * as structs from "./structs.js";
import type { Given } from "./structs.js";

/** A method for each request; its fields are those of CTP's struct. */
export interface Requests {
  /** 获取API的版本信息 get API version */
  GetApiVersion(): Promise<string>;
  /** 获取当前交易日 get trading day */
  GetTradingDay(): Promise<string>;
  /** 获取已连接的前置的信息 get front information */
  GetFrontInfo(): Promise<structs.FrontInfo | null>;
  /** 客户端认证请求 authenticate the program */
  ReqAuthenticate(fields?: Given<structs.ReqAuthenticate>): Promise<structs.RspAuthenticate | null>;
  /** 注册用户终端信息，用于中继服务器多连接模式 需要在终端认证成功后，用户登录前调用该接口 register user system information */
  RegisterUserSystemInfo(fields?: Given<structs.UserSystemInfo>): Promise<unknown | null>;
  /** 上报用户终端信息，用于中继服务器操作员登录模式 操作员登录后，可以多次调用该接口上报客户信息 submit user system information */
  SubmitUserSystemInfo(fields?: Given<structs.UserSystemInfo>): Promise<unknown | null>;
  /** 注册用户终端信息，用于中继服务器多连接模式.用于微信小程序等应用上报信息. register WeChat user system information */
  RegisterWechatUserSystemInfo(fields?: Given<structs.WechatUserSystemInfo>): Promise<unknown | null>;
  /** 上报用户终端信息，用于中继服务器操作员登录模式.用于微信小程序等应用上报信息. submit WeChat user system information */
  SubmitWechatUserSystemInfo(fields?: Given<structs.WechatUserSystemInfo>): Promise<unknown | null>;
  /** 用户口令更新请求 change the password */
  ReqUserPasswordUpdate(fields?: Given<structs.UserPasswordUpdate>): Promise<structs.UserPasswordUpdate | null>;
  /** 资金账户口令更新请求 change the account's password */
  ReqTradingAccountPasswordUpdate(fields?: Given<structs.TradingAccountPasswordUpdate>): Promise<structs.TradingAccountPasswordUpdate | null>;
  /** 查询用户当前支持的认证模式 query: how to log in */
  ReqUserAuthMethod(fields?: Given<structs.ReqUserAuthMethod>): Promise<structs.RspUserAuthMethod | null>;
  /** 用户发出获取图形验证码请求 ask for a captcha */
  ReqGenUserCaptcha(fields?: Given<structs.ReqGenUserCaptcha>): Promise<structs.RspGenUserCaptcha | null>;
  /** 用户发出获取短信验证码请求 ask for a text message */
  ReqGenUserText(fields?: Given<structs.ReqGenUserText>): Promise<structs.RspGenUserText | null>;
  /** 报单录入请求 place an order */
  ReqOrderInsert(fields: Given<structs.InputOrder>, words?: InsertWords): Promise<SentOrder>;
  /** 预埋单录入请求 enter: parked order */
  ReqParkedOrderInsert(fields: Given<structs.ParkedOrder>, words?: OrderWords): Promise<SentOrder>;
  /** 预埋撤单录入请求 enter: parked cancellation */
  ReqParkedOrderAction(fields: Given<structs.ParkedOrderAction>, words?: OrderWords): Promise<SentOrder>;
  /** 报单操作请求 cancel an order */
  ReqOrderAction(fields: Given<structs.InputOrderAction>, words?: OrderWords): Promise<SentOrder>;
  /** 查询最大报单数量请求 query: maximum order volume */
  ReqQryMaxOrderVolume(fields?: Given<structs.QryMaxOrderVolume>): Promise<structs.QryMaxOrderVolume[]>;
  /** 投资者结算结果确认 confirm the settlement */
  ReqSettlementInfoConfirm(fields?: Given<structs.SettlementInfoConfirm>): Promise<structs.SettlementInfoConfirm | null>;
  /** 请求删除预埋单 remove a parked order */
  ReqRemoveParkedOrder(fields: Given<structs.RemoveParkedOrder>, words?: OrderWords): Promise<SentOrder>;
  /** 请求删除预埋撤单 remove a parked cancellation */
  ReqRemoveParkedOrderAction(fields: Given<structs.RemoveParkedOrderAction>, words?: OrderWords): Promise<SentOrder>;
  /** 执行宣告录入请求 enter: execution order */
  ReqExecOrderInsert(fields: Given<structs.InputExecOrder>, words?: OrderWords): Promise<SentOrder>;
  /** 执行宣告操作请求 cancel: execution order */
  ReqExecOrderAction(fields: Given<structs.InputExecOrderAction>, words?: OrderWords): Promise<SentOrder>;
  /** 询价录入请求 ask for quotes */
  ReqForQuoteInsert(fields: Given<structs.InputForQuote>, words?: OrderWords): Promise<SentOrder>;
  /** 报价录入请求 enter: quote */
  ReqQuoteInsert(fields: Given<structs.InputQuote>, words?: OrderWords): Promise<SentOrder>;
  /** 报价操作请求 cancel: quote */
  ReqQuoteAction(fields: Given<structs.InputQuoteAction>, words?: OrderWords): Promise<SentOrder>;
  /** 批量报单操作请求 cancel all orders */
  ReqBatchOrderAction(fields: Given<structs.InputBatchOrderAction>, words?: OrderWords): Promise<SentOrder>;
  /** 期权自对冲录入请求 enter: option self-offset */
  ReqOptionSelfCloseInsert(fields: Given<structs.InputOptionSelfClose>, words?: OrderWords): Promise<SentOrder>;
  /** 期权自对冲操作请求 cancel: option self-offset */
  ReqOptionSelfCloseAction(fields: Given<structs.InputOptionSelfCloseAction>, words?: OrderWords): Promise<SentOrder>;
  /** 申请组合录入请求 apply for a combination, or break one up */
  ReqCombActionInsert(fields: Given<structs.InputCombAction>, words?: OrderWords): Promise<SentOrder>;
  /** 请求查询报单 query: order */
  ReqQryOrder(fields?: Given<structs.QryOrder>): Promise<structs.Order[]>;
  /** 请求查询成交 query: trade */
  ReqQryTrade(fields?: Given<structs.QryTrade>): Promise<structs.Trade[]>;
  /** 请求查询投资者持仓 query: investor position */
  ReqQryInvestorPosition(fields?: Given<structs.QryInvestorPosition>): Promise<structs.InvestorPosition[]>;
  /** 请求查询资金账户 query: trading account */
  ReqQryTradingAccount(fields?: Given<structs.QryTradingAccount>): Promise<structs.TradingAccount[]>;
  /** 请求查询投资者 query: investor */
  ReqQryInvestor(fields?: Given<structs.QryInvestor>): Promise<structs.Investor[]>;
  /** 请求查询交易编码 query: trading code */
  ReqQryTradingCode(fields?: Given<structs.QryTradingCode>): Promise<structs.TradingCode[]>;
  /** 请求查询合约保证金率 query: instrument margin rate */
  ReqQryInstrumentMarginRate(fields?: Given<structs.QryInstrumentMarginRate>): Promise<structs.InstrumentMarginRate[]>;
  /** 请求查询合约手续费率 query: instrument commission rate */
  ReqQryInstrumentCommissionRate(fields?: Given<structs.QryInstrumentCommissionRate>): Promise<structs.InstrumentCommissionRate[]>;
  /** 请求查询用户会话 query: user session */
  ReqQryUserSession(fields?: Given<structs.QryUserSession>): Promise<structs.UserSession[]>;
  /** 请求查询交易所 query: exchange */
  ReqQryExchange(fields?: Given<structs.QryExchange>): Promise<structs.Exchange[]>;
  /** 请求查询产品 query: product */
  ReqQryProduct(fields?: Given<structs.QryProduct>): Promise<structs.Product[]>;
  /** 请求查询合约 query: instrument */
  ReqQryInstrument(fields?: Given<structs.QryInstrument>): Promise<structs.Instrument[]>;
  /** 请求查询行情 query: depth market data */
  ReqQryDepthMarketData(fields?: Given<structs.QryDepthMarketData>): Promise<structs.DepthMarketData[]>;
  /** 请求查询交易员报盘机 query: trader offer */
  ReqQryTraderOffer(fields?: Given<structs.QryTraderOffer>): Promise<structs.TraderOffer[]>;
  /** 请求查询投资者结算结果 query: settlement information */
  ReqQrySettlementInfo(fields?: Given<structs.QrySettlementInfo>): Promise<structs.SettlementInfo[]>;
  /** 请求查询转帐银行 query: transfer bank */
  ReqQryTransferBank(fields?: Given<structs.QryTransferBank>): Promise<structs.TransferBank[]>;
  /** 请求查询投资者持仓明细 query: investor position detail */
  ReqQryInvestorPositionDetail(fields?: Given<structs.QryInvestorPositionDetail>): Promise<structs.InvestorPositionDetail[]>;
  /** 请求查询客户通知 query: notice */
  ReqQryNotice(fields?: Given<structs.QryNotice>): Promise<structs.Notice[]>;
  /** 请求查询结算信息确认 query: settlement information confirm */
  ReqQrySettlementInfoConfirm(fields?: Given<structs.QrySettlementInfoConfirm>): Promise<structs.SettlementInfoConfirm[]>;
  /** 请求查询投资者持仓明细 query: investor position combine detail */
  ReqQryInvestorPositionCombineDetail(fields?: Given<structs.QryInvestorPositionCombineDetail>): Promise<structs.InvestorPositionCombineDetail[]>;
  /** 请求查询保证金监管系统经纪公司资金账户密钥 query: monitoring centre trading account key */
  ReqQryCFMMCTradingAccountKey(fields?: Given<structs.QryCFMMCTradingAccountKey>): Promise<structs.CFMMCTradingAccountKey[]>;
  /** 请求查询仓单折抵信息 query: e-warrant offset */
  ReqQryEWarrantOffset(fields?: Given<structs.QryEWarrantOffset>): Promise<structs.EWarrantOffset[]>;
  /** 请求查询投资者品种/跨品种保证金 query: investor product group margin */
  ReqQryInvestorProductGroupMargin(fields?: Given<structs.QryInvestorProductGroupMargin>): Promise<structs.InvestorProductGroupMargin[]>;
  /** 请求查询交易所保证金率 query: exchange margin rate */
  ReqQryExchangeMarginRate(fields?: Given<structs.QryExchangeMarginRate>): Promise<structs.ExchangeMarginRate[]>;
  /** 请求查询交易所调整保证金率 query: exchange margin rate adjustment */
  ReqQryExchangeMarginRateAdjust(fields?: Given<structs.QryExchangeMarginRateAdjust>): Promise<structs.ExchangeMarginRateAdjust[]>;
  /** 请求查询汇率 query: exchange rate */
  ReqQryExchangeRate(fields?: Given<structs.QryExchangeRate>): Promise<structs.ExchangeRate[]>;
  /** 请求查询二级代理操作员银期权限 query: secondary agent account ID map */
  ReqQrySecAgentACIDMap(fields?: Given<structs.QrySecAgentACIDMap>): Promise<structs.SecAgentACIDMap[]>;
  /** 请求查询产品报价汇率 query: product exchange rate */
  ReqQryProductExchRate(fields?: Given<structs.QryProductExchRate>): Promise<structs.ProductExchRate[]>;
  /** 请求查询产品组 query: product group */
  ReqQryProductGroup(fields?: Given<structs.QryProductGroup>): Promise<structs.ProductGroup[]>;
  /** 请求查询做市商合约手续费率 query: market maker instrument commission rate */
  ReqQryMMInstrumentCommissionRate(fields?: Given<structs.QryMMInstrumentCommissionRate>): Promise<structs.MMInstrumentCommissionRate[]>;
  /** 请求查询做市商期权合约手续费 query: market maker option instrument commission rate */
  ReqQryMMOptionInstrCommRate(fields?: Given<structs.QryMMOptionInstrCommRate>): Promise<structs.MMOptionInstrCommRate[]>;
  /** 请求查询报单手续费 query: instrument order commission rate */
  ReqQryInstrumentOrderCommRate(fields?: Given<structs.QryInstrumentOrderCommRate>): Promise<structs.InstrumentOrderCommRate[]>;
  /** 请求查询资金账户 query: secondary agent trading account */
  ReqQrySecAgentTradingAccount(fields?: Given<structs.QryTradingAccount>): Promise<structs.TradingAccount[]>;
  /** 请求查询二级代理商资金校验模式 query: secondary agent check mode */
  ReqQrySecAgentCheckMode(fields?: Given<structs.QrySecAgentCheckMode>): Promise<structs.SecAgentCheckMode[]>;
  /** 请求查询二级代理商信息 query: secondary agent trade information */
  ReqQrySecAgentTradeInfo(fields?: Given<structs.QrySecAgentTradeInfo>): Promise<structs.SecAgentTradeInfo[]>;
  /** 请求查询期权交易成本 query: option instrument trade cost */
  ReqQryOptionInstrTradeCost(fields?: Given<structs.QryOptionInstrTradeCost>): Promise<structs.OptionInstrTradeCost[]>;
  /** 请求查询期权合约手续费 query: option instrument commission rate */
  ReqQryOptionInstrCommRate(fields?: Given<structs.QryOptionInstrCommRate>): Promise<structs.OptionInstrCommRate[]>;
  /** 请求查询执行宣告 query: execution order */
  ReqQryExecOrder(fields?: Given<structs.QryExecOrder>): Promise<structs.ExecOrder[]>;
  /** 请求查询询价 query: request for quotes */
  ReqQryForQuote(fields?: Given<structs.QryForQuote>): Promise<structs.ForQuote[]>;
  /** 请求查询报价 query: quote */
  ReqQryQuote(fields?: Given<structs.QryQuote>): Promise<structs.Quote[]>;
  /** 请求查询期权自对冲 query: option self-offset */
  ReqQryOptionSelfClose(fields?: Given<structs.QryOptionSelfClose>): Promise<structs.OptionSelfClose[]>;
  /** 请求查询投资单元 query: investment unit */
  ReqQryInvestUnit(fields?: Given<structs.QryInvestUnit>): Promise<structs.InvestUnit[]>;
  /** 请求查询组合合约安全系数 query: combination instrument guard */
  ReqQryCombInstrumentGuard(fields?: Given<structs.QryCombInstrumentGuard>): Promise<structs.CombInstrumentGuard[]>;
  /** 请求查询申请组合 query: combination action */
  ReqQryCombAction(fields?: Given<structs.QryCombAction>): Promise<structs.CombAction[]>;
  /** 请求查询转帐流水 query: transfer serial */
  ReqQryTransferSerial(fields?: Given<structs.QryTransferSerial>): Promise<structs.TransferSerial[]>;
  /** 请求查询银期签约关系 query: registered bank account */
  ReqQryAccountregister(fields?: Given<structs.QryAccountregister>): Promise<structs.Accountregister[]>;
  /** 请求查询签约银行 query: contract bank */
  ReqQryContractBank(fields?: Given<structs.QryContractBank>): Promise<structs.ContractBank[]>;
  /** 请求查询预埋单 query: parked order */
  ReqQryParkedOrder(fields?: Given<structs.QryParkedOrder>): Promise<structs.ParkedOrder[]>;
  /** 请求查询预埋撤单 query: parked cancellations */
  ReqQryParkedOrderAction(fields?: Given<structs.QryParkedOrderAction>): Promise<structs.ParkedOrderAction[]>;
  /** 请求查询交易通知 query: trading notice */
  ReqQryTradingNotice(fields?: Given<structs.QryTradingNotice>): Promise<structs.TradingNotice[]>;
  /** 请求查询经纪公司交易参数 query: broker trading parameters */
  ReqQryBrokerTradingParams(fields?: Given<structs.QryBrokerTradingParams>): Promise<structs.BrokerTradingParams[]>;
  /** 请求查询经纪公司交易算法 query: broker trading algorithms */
  ReqQryBrokerTradingAlgos(fields?: Given<structs.QryBrokerTradingAlgos>): Promise<structs.BrokerTradingAlgos[]>;
  /** 请求查询监控中心用户令牌 query: monitoring centre trading account token */
  ReqQueryCFMMCTradingAccountToken(fields?: Given<structs.QueryCFMMCTradingAccountToken>): Promise<structs.QueryCFMMCTradingAccountToken | null>;
  /** 期货发起银行资金转期货请求 transfer from bank to broker begun at the broker */
  ReqFromBankToFutureByFuture(fields?: Given<structs.ReqTransfer>): Promise<void>;
  /** 期货发起期货资金转银行请求 transfer from broker to bank begun at the broker */
  ReqFromFutureToBankByFuture(fields?: Given<structs.ReqTransfer>): Promise<void>;
  /** 期货发起查询银行余额请求 query: bank account money begun at the broker */
  ReqQueryBankAccountMoneyByFuture(fields?: Given<structs.ReqQueryAccount>): Promise<void>;
  /** 请求查询分类合约 query: classified instrument */
  ReqQryClassifiedInstrument(fields?: Given<structs.QryClassifiedInstrument>): Promise<structs.Instrument[]>;
  /** 请求组合优惠比例 query: combination promotion parameter */
  ReqQryCombPromotionParam(fields?: Given<structs.QryCombPromotionParam>): Promise<structs.CombPromotionParam[]>;
  /** 投资者风险结算持仓查询 query: risk settlement investor position */
  ReqQryRiskSettleInvstPosition(fields?: Given<structs.QryRiskSettleInvstPosition>): Promise<structs.RiskSettleInvstPosition[]>;
  /** 风险结算产品查询 query: risk settlement product status */
  ReqQryRiskSettleProductStatus(fields?: Given<structs.QryRiskSettleProductStatus>): Promise<structs.RiskSettleProductStatus[]>;
  /** SPBM期货合约参数查询 query: SPBM future parameter */
  ReqQrySPBMFutureParameter(fields?: Given<structs.QrySPBMFutureParameter>): Promise<structs.SPBMFutureParameter[]>;
  /** SPBM期权合约参数查询 query: SPBM option parameter */
  ReqQrySPBMOptionParameter(fields?: Given<structs.QrySPBMOptionParameter>): Promise<structs.SPBMOptionParameter[]>;
  /** SPBM品种内对锁仓折扣参数查询 query: SPBM intra parameter */
  ReqQrySPBMIntraParameter(fields?: Given<structs.QrySPBMIntraParameter>): Promise<structs.SPBMIntraParameter[]>;
  /** SPBM跨品种抵扣参数查询 query: SPBM inter parameter */
  ReqQrySPBMInterParameter(fields?: Given<structs.QrySPBMInterParameter>): Promise<structs.SPBMInterParameter[]>;
  /** SPBM组合保证金套餐查询 query: SPBM portfolio definition */
  ReqQrySPBMPortfDefinition(fields?: Given<structs.QrySPBMPortfDefinition>): Promise<structs.SPBMPortfDefinition[]>;
  /** 投资者SPBM套餐选择查询 query: SPBM investor portfolio definition */
  ReqQrySPBMInvestorPortfDef(fields?: Given<structs.QrySPBMInvestorPortfDef>): Promise<structs.SPBMInvestorPortfDef[]>;
  /** 投资者新型组合保证金系数查询 query: investor portfolio margin ratio */
  ReqQryInvestorPortfMarginRatio(fields?: Given<structs.QryInvestorPortfMarginRatio>): Promise<structs.InvestorPortfMarginRatio[]>;
  /** 投资者产品SPBM明细查询 query: investor product SPBM detail */
  ReqQryInvestorProdSPBMDetail(fields?: Given<structs.QryInvestorProdSPBMDetail>): Promise<structs.InvestorProdSPBMDetail[]>;
  /** 投资者商品组SPMM记录查询 query: investor commodity SPMM margin */
  ReqQryInvestorCommoditySPMMMargin(fields?: Given<structs.QryInvestorCommoditySPMMMargin>): Promise<structs.InvestorCommoditySPMMMargin[]>;
  /** 投资者商品群SPMM记录查询 query: investor commodity group SPMM margin */
  ReqQryInvestorCommodityGroupSPMMMargin(fields?: Given<structs.QryInvestorCommodityGroupSPMMMargin>): Promise<structs.InvestorCommodityGroupSPMMMargin[]>;
  /** SPMM合约参数查询 query: SPMM instrument parameter */
  ReqQrySPMMInstParam(fields?: Given<structs.QrySPMMInstParam>): Promise<structs.SPMMInstParam[]>;
  /** SPMM产品参数查询 query: SPMM product parameter */
  ReqQrySPMMProductParam(fields?: Given<structs.QrySPMMProductParam>): Promise<structs.SPMMProductParam[]>;
  /** SPBM附加跨品种抵扣参数查询 query: SPBM additional inter parameter */
  ReqQrySPBMAddOnInterParameter(fields?: Given<structs.QrySPBMAddOnInterParameter>): Promise<structs.SPBMAddOnInterParameter[]>;
  /** RCAMS产品组合信息查询 query: RCAMS combination product information */
  ReqQryRCAMSCombProductInfo(fields?: Given<structs.QryRCAMSCombProductInfo>): Promise<structs.RCAMSCombProductInfo[]>;
  /** RCAMS同合约风险对冲参数查询 query: RCAMS instrument parameter */
  ReqQryRCAMSInstrParameter(fields?: Given<structs.QryRCAMSInstrParameter>): Promise<structs.RCAMSInstrParameter[]>;
  /** RCAMS品种内风险对冲参数查询 query: RCAMS intra parameter */
  ReqQryRCAMSIntraParameter(fields?: Given<structs.QryRCAMSIntraParameter>): Promise<structs.RCAMSIntraParameter[]>;
  /** RCAMS跨品种风险折抵参数查询 query: RCAMS inter parameter */
  ReqQryRCAMSInterParameter(fields?: Given<structs.QryRCAMSInterParameter>): Promise<structs.RCAMSInterParameter[]>;
  /** RCAMS空头期权风险调整参数查询 query: RCAMS short option adjustment parameter */
  ReqQryRCAMSShortOptAdjustParam(fields?: Given<structs.QryRCAMSShortOptAdjustParam>): Promise<structs.RCAMSShortOptAdjustParam[]>;
  /** RCAMS策略组合持仓查询 query: RCAMS investor combination position */
  ReqQryRCAMSInvestorCombPosition(fields?: Given<structs.QryRCAMSInvestorCombPosition>): Promise<structs.RCAMSInvestorCombPosition[]>;
  /** 投资者品种RCAMS保证金查询 query: investor product RCAMS margin */
  ReqQryInvestorProdRCAMSMargin(fields?: Given<structs.QryInvestorProdRCAMSMargin>): Promise<structs.InvestorProdRCAMSMargin[]>;
  /** RULE合约保证金参数查询 query: RULE instrument parameter */
  ReqQryRULEInstrParameter(fields?: Given<structs.QryRULEInstrParameter>): Promise<structs.RULEInstrParameter[]>;
  /** RULE品种内对锁仓折扣参数查询 query: RULE intra parameter */
  ReqQryRULEIntraParameter(fields?: Given<structs.QryRULEIntraParameter>): Promise<structs.RULEIntraParameter[]>;
  /** RULE跨品种抵扣参数查询 query: RULE inter parameter */
  ReqQryRULEInterParameter(fields?: Given<structs.QryRULEInterParameter>): Promise<structs.RULEInterParameter[]>;
  /** 投资者产品RULE保证金查询 query: investor product RULE margin */
  ReqQryInvestorProdRULEMargin(fields?: Given<structs.QryInvestorProdRULEMargin>): Promise<structs.InvestorProdRULEMargin[]>;
  /** 投资者新型组合保证金开关查询 query: investor portfolio setting */
  ReqQryInvestorPortfSetting(fields?: Given<structs.QryInvestorPortfSetting>): Promise<structs.InvestorPortfSetting[]>;
  /** 投资者申报费阶梯收取记录查询 query: investor charges for messages */
  ReqQryInvestorInfoCommRec(fields?: Given<structs.QryInvestorInfoCommRec>): Promise<structs.InvestorInfoCommRec[]>;
  /** 组合腿信息查询 query: combination leg */
  ReqQryCombLeg(fields?: Given<structs.QryCombLeg>): Promise<structs.CombLeg[]>;
  /** 对冲设置请求 offset setting */
  ReqOffsetSetting(fields?: Given<structs.InputOffsetSetting>): Promise<void>;
  /** 对冲设置撤销请求 cancel offset setting */
  ReqCancelOffsetSetting(fields?: Given<structs.InputOffsetSetting>): Promise<void>;
  /** 投资者对冲设置查询 query: offset setting */
  ReqQryOffsetSetting(fields?: Given<structs.QryOffsetSetting>): Promise<structs.OffsetSetting[]>;
  /** 订阅行情。 subscribe to ticks */
  SubscribeMarketData(instruments: string | readonly string[], words?: SubscriptionWords): Promise<structs.SpecificInstrument[]>;
  /** 退订行情。 give ticks up */
  UnSubscribeMarketData(instruments: string | readonly string[], words?: SubscriptionWords): Promise<structs.SpecificInstrument[]>;
  /** 订阅询价。 subscribe to requests for quotes */
  SubscribeForQuoteRsp(instruments: string | readonly string[], words?: SubscriptionWords): Promise<structs.SpecificInstrument[]>;
  /** 退订询价。 give requests for quotes up */
  UnSubscribeForQuoteRsp(instruments: string | readonly string[], words?: SubscriptionWords): Promise<structs.SpecificInstrument[]>;
  /** 请求查询组播合约 query: multicast instrument */
  ReqQryMulticastInstrument(fields?: Given<structs.QryMulticastInstrument>): Promise<structs.MulticastInstrument[]>;
  /** 过去的 K 线 A bar of the past, in answer to ReqQryBar */
  ReqQryBar(fields: { InstrumentID: string; Period: string; Count?: number | null; BeginTime?: string | null; EndTime?: string | null }): Promise<own.Bar[]>;
  /** 对 QryInstruments 的应答，每个合约一条 An instrument, in answer to QryInstruments */
  QryInstruments(fields?: { Text?: string | null; ExchangeID?: string | null; ProductID?: string | null; UnderlyingInstrID?: string | null; ProductClass?: string | null; Count?: number | null }): Promise<own.FoundInstrument[]>;
  /** 对 QryTicks 的应答，每笔行情一条 A tick, in answer to QryTicks */
  QryTicks(fields: { InstrumentID: string; Count?: number | null; BeginTime?: string | null; EndTime?: string | null }): Promise<structs.DepthMarketData[]>;
  /** 对 QryTradingState 的应答，每个对象一条 What is forbidden, in answer to QryTradingState */
  QryTradingState(): Promise<own.TradingState[]>;
  /** 对 Kill 的应答：已落盘 The answer to Kill: it is on disk and in force */
  Kill(fields: { Level: string; BrokerID?: string | null; InvestorID?: string | null; Token?: string | null; Reason?: string | null }): Promise<own.TradingState | null>;
  /** 对 QryCompliance 的应答，每个合约一条 The counters, in answer to QryCompliance */
  QryCompliance(fields?: { InstrumentID?: string | null }): Promise<own.Compliance[]>;
  /** 对 CancelAllAfter 的应答 When what rests will be cancelled, unless it is sent again */
  CancelAllAfter(fields: { Milliseconds: number }): Promise<own.Timer | null>;
  /** 对 SubscribePortfolio 的应答：全部持仓与资金 The portfolio, whole */
  SubscribePortfolio(): Promise<own.PortfolioState | null>;
  /** 对 UnSubscribePortfolio 的应答 Nothing more of it is told */
  UnSubscribePortfolio(): Promise<unknown | null>;
  /** 对 PreviewOrder 的应答；没有发出报单 What an order would come to; none was sent */
  PreviewOrder(fields: Given<structs.InputOrder>): Promise<own.OrderPreview | null>;
  /** 对 QryAccountCurve 的应答，每分钟至多一点 A point of the day's curve */
  QryAccountCurve(): Promise<own.CurvePoint[]>;
  /** 对 InsertConditional 的应答：已落盘 It is on disk, or was before */
  InsertConditional(fields: { ConditionalID: string; Legs: ReadonlyArray<own.LegWord>; Protect?: ReadonlyArray<own.LegWord> | null; Until?: string | null }): Promise<own.ConditionalStanding | null>;
  /** 对 CancelConditional 的应答：已落盘 It is cancelled, which is on disk */
  CancelConditional(fields: { ConditionalID: string }): Promise<own.ConditionalStanding | null>;
  /** 对 QryConditional 的应答，每个一条 A conditional order, in answer to QryConditional */
  QryConditional(fields?: { ConditionalID?: string | null }): Promise<own.ConditionalStanding[]>;
  /** 对 QryPrincipal 的应答 Whom the gateway takes this client for */
  QryPrincipal(): Promise<own.Caller[]>;
  /** 对 QryClients 的应答，每个客户端一条 A client, in answer to QryClients */
  QryClients(): Promise<own.ConnectedClient[]>;
  /** 对 QrySessions 的应答，每个会话一条 A session, in answer to QrySessions */
  QrySessions(): Promise<own.OpenSession[]>;
  /** 对 QryLimits 的应答，每项一条 A limit, in answer to QryLimits */
  QryLimits(): Promise<own.LimitInForce[]>;
  /** 对 QryTokens 的应答，每个令牌一条 A token, in answer to QryTokens */
  QryTokens(): Promise<own.TokenInUse[]>;
  /** 对 QryLog 的应答，每行一条 A line of the log, in answer to QryLog */
  QryLog(): Promise<own.LogLine[]>;
  /** 对 ReloadConfig 的应答 What has changed, in answer to ReloadConfig */
  ReloadConfig(): Promise<own.Reloaded | null>;
  /** 对 Drain 的应答：网关即将结束 The answer to Drain: the gateway is to end */
  Drain(fields?: { Seconds?: number | null }): Promise<own.DrainProgress | null>;
  /** 对 EndClient 的应答 The answer to EndClient: its connection is closed */
  EndClient(fields: { ID: number }): Promise<own.Ended | null>;
  /** 对 EndSession 的应答 The answer to EndSession: the account's sessions have ended */
  EndSession(fields: { Account: string }): Promise<own.Ended | null>;
}
