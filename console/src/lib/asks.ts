/** What panels ask a trading session for, once or now and then. */

import type { own } from "webctp-client";
import type { Point } from "./curve";
import type { Session } from "./session.svelte";
import type { Terms } from "./ticket";

/** What is forbidden, and to whom. */
export const statesOf = async (session: Session): Promise<own.TradingState[]> =>
  (await session.ask("QryTradingState")) as own.TradingState[];

/** What the account has done in each instrument on this trading day, as exchanges count it. */
export const complianceOf = async (session: Session): Promise<own.Compliance[]> =>
  (await session.ask("QryCompliance")) as own.Compliance[];

/** The account's balance over the day, as the gateway has kept it. */
export const curveOf = async (session: Session): Promise<Point[]> =>
  ((await session.ask("QryAccountCurve")) as own.CurvePoint[]).map((one) => [
    Date.parse(one.Time),
    one.Balance,
  ]);

/** The terms of instruments whose IDs begin so; of options with the day they end on. */
export const instrumentsOf = async (
  session: Session,
  id: string,
): Promise<(Terms & { ExpireDate: string })[]> =>
  (await session.ask("ReqQryInstrument", { InstrumentID: id })) as (Terms & {
    ExpireDate: string;
  })[];

/** The statement of a day such as 20261127, or the newest; empty where there is none. */
export async function statementOf(session: Session, day: string): Promise<string> {
  const pieces = await session.ask("ReqQrySettlementInfo", { TradingDay: day });
  return (pieces as { Content: string }[]).map((one) => one.Content).join("");
}

/** Whom a level of the kill switch concerns: an account, or everybody. */
export type Whom = { BrokerID: string; InvestorID: string } | null;

export async function kill(
  session: Session,
  level: string,
  whom: Whom,
  reason: string,
): Promise<void> {
  await session.ask("Kill", { Level: level, ...(whom ?? {}), Reason: reason });
}
