/** What administrators ask of a gateway: who is connected, what is in use; and what they end. */

import type { own } from "webctp-client";
import type { Session } from "./session.svelte";

export interface Administration {
  clients: own.ConnectedClient[];
  sessions: own.OpenSession[];
  tokens: own.TokenInUse[];
  limits: own.LimitInForce[];
}

/** What is to be ended, once that is confirmed. */
export type Target = { client: number } | { account: string };

/** Whether the token of a session is an administrator's. */
export async function isAdmin(session: Session): Promise<boolean> {
  const [caller] = (await session.ask("QryPrincipal")) as own.Caller[];
  return caller?.Scopes.includes("admin") ?? false;
}

export async function administrationOf(session: Session): Promise<Administration> {
  const [clients, sessions, tokens, limits] = await Promise.all(
    ["QryClients", "QrySessions", "QryTokens", "QryLimits"].map((name) => session.ask(name)),
  );
  return { clients, sessions, tokens, limits } as Administration;
}

export async function end(session: Session, target: Target): Promise<void> {
  if ("client" in target) await session.ask("EndClient", { ID: target.client });
  else await session.ask("EndSession", { Account: target.account });
}

/** What there is but a client that was ended: it is listed until its closing handshake is over. */
export function without(found: Administration, target: Target): Administration {
  if (!("client" in target)) return found;
  return { ...found, clients: found.clients.filter((one) => one.ID !== target.client) };
}

/** Whether two targets are the same. */
export const isSame = (one: Target | null, other: Target): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** A limit and what is used of it, such as 3 / 8192; 0 sets no bound. */
export const limitText = ({ Limit, Used }: own.LimitInForce): string =>
  `${Used === null ? "" : `${Used} / `}${Limit === 0 ? "∞" : Limit}`;
