/** What panels ask a trading session for, once or now and then. */

import type { Session } from "./session.svelte";
import type { Terms } from "./ticket";

/** What is forbidden to a target; a word of the kill switch. */
export interface TradingState {
  Target: string;
  Level: string;
  Since: string;
  By: string;
  Reason: string;
}

/** What an account has done in an instrument on this trading day, as exchanges count it. */
export interface Compliance {
  InstrumentID: string;
  Inserts: number;
  Cancels: number;
  LargeCancels: number;
  SelfTrades: number;
  Reached: string[];
}

/** The bodies under a key of all answers to a request; answers without one say that none are. */
async function all<Body>(
  session: Session,
  name: string,
  key: string,
  body: Record<string, unknown>,
): Promise<Body[]> {
  const answers = await session.ask(name, body);
  return answers.flatMap((one) => (one[key] ? [one[key] as Body] : []));
}

export const statesOf = (session: Session): Promise<TradingState[]> =>
  all(session, "QryTradingState", "TradingState", {});

export const complianceOf = (session: Session): Promise<Compliance[]> =>
  all(session, "QryCompliance", "Compliance", { QryCompliance: {} });

/** The terms of instruments whose IDs begin so; of options with the day they end on. */
export const instrumentsOf = (
  session: Session,
  id: string,
): Promise<(Terms & { ExpireDate: string })[]> =>
  all(session, "ReqQryInstrument", "Instrument", { QryInstrument: { InstrumentID: id } });

/** The statement of a day such as 20261127, or the newest; empty where there is none. */
export async function statementOf(session: Session, day: string): Promise<string> {
  const pieces = await all<{ Content: string }>(session, "ReqQrySettlementInfo", "SettlementInfo", {
    QrySettlementInfo: { TradingDay: day },
  });
  return pieces.map((one) => one.Content).join("");
}

/** Whom a level of the kill switch concerns: an account, or everybody. */
export type Whom = { BrokerID: string; InvestorID: string } | null;

export async function kill(
  session: Session,
  level: string,
  whom: Whom,
  reason: string,
): Promise<void> {
  await session.ask("Kill", { Kill: { Level: level, ...(whom ?? {}), Reason: reason } });
}
