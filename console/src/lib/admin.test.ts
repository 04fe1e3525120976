import { describe, expect, it } from "vitest";
import {
  type Administration,
  administrationOf,
  end,
  isAdmin,
  isSame,
  limitText,
  without,
} from "./admin";
import type { Session } from "./session.svelte";

/** A session that answers from a table, and notes what it was asked. */
function answering(answers: Record<string, unknown[]>) {
  const asked: unknown[] = [];
  const ask = async (name: string, fields = {}) => {
    asked.push([name, fields]);
    return answers[name] ?? [];
  };
  return { asked, session: { ask } as unknown as Session };
}

describe("administration", () => {
  it("is for tokens with the scope admin alone", async () => {
    const told = (Scopes: string[]) => ({ QryPrincipal: [{ Name: "page", Scopes }] });
    expect(await isAdmin(answering(told(["admin", "td-read"])).session)).toBe(true);
    expect(await isAdmin(answering(told(["td-read"])).session)).toBe(false);
    expect(await isAdmin(answering({}).session)).toBe(false);
  });

  it("reads what there is", async () => {
    const { session, asked } = answering({ QryClients: [1], QryLimits: [2] });
    const found = await administrationOf(session);
    expect(found).toEqual({ clients: [1], sessions: [], tokens: [], limits: [2] });
    expect(asked).toHaveLength(4);
  });

  it("ends a client by its number, a session by its account", async () => {
    const { session, asked } = answering({});
    await end(session, { client: 7 });
    await end(session, { account: "9999:u1" });
    expect(asked).toEqual([
      ["EndClient", { ID: 7 }],
      ["EndSession", { Account: "9999:u1" }],
    ]);
    expect(isSame({ client: 7 }, { client: 7 })).toBe(true);
    expect(isSame(null, { client: 7 })).toBe(false);
  });

  it("lists a client no longer that was ended", () => {
    const found = { clients: [{ ID: 1 }, { ID: 2 }] } as unknown as Administration;
    expect(without(found, { client: 1 }).clients).toEqual([{ ID: 2 }]);
    expect(without(found, { account: "9999:u1" })).toBe(found);
  });

  it("shows what is used of a limit", () => {
    expect(limitText({ Key: "MaxSessions", Limit: 7, Used: 1 })).toBe("1 / 7");
    expect(limitText({ Key: "MessageRate", Limit: 0, Used: null })).toBe("∞");
  });
});
