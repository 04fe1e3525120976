import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Line, type Message, patience, Refused } from "./line";

class Socket {
  static readonly OPEN = 1;
  static made: Socket[] = [];
  readyState = 1;
  sent: Message[] = [];
  onopen: () => void = () => {};
  onmessage: (event: { data: string }) => void = () => {};
  onclose: (event: { code: number; reason: string }) => void = () => {};

  constructor(
    readonly address: string,
    readonly protocols: string[] = [],
  ) {
    Socket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  say(message: Record<string, unknown>): void {
    this.onmessage({ data: JSON.stringify(message) });
  }

  lose(code: number): void {
    this.readyState = 3;
    this.onclose({ code, reason: "" });
  }
}

const last = (): Socket => {
  const socket = Socket.made.at(-1);
  if (socket === undefined) throw new Error("nothing has connected");
  return socket;
};

describe("a line", () => {
  const pushes: Message[] = [];
  const closes: (number | null)[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", Socket);
    Socket.made = [];
    pushes.length = closes.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const line = (token = ""): Line => {
    const made = new Line("ws://localhost/td/", token, {
      onOpen: () => {},
      onPush: (message) => pushes.push(message),
      onClosed: (_code, _reason, seconds) => closes.push(seconds),
    });
    made.open();
    return made;
  };

  it("gathers the answers of a request up to the last", async () => {
    const asked = line().ask("ReqQryInstrument", { QryInstrument: {} });
    const id = last().sent[0]?.RequestID;
    last().say({ MsgType: "RspQryInstrument", RspInfo: null, IsLast: false, RequestID: id });
    last().say({ MsgType: "RtnOrder", Order: { RequestID: id } });
    last().say({ MsgType: "RspQryInstrument", RspInfo: null, IsLast: true, RequestID: id });
    expect((await asked).length).toBe(2);
    expect(pushes.map((one) => one.MsgType)).toEqual(["RtnOrder"]);
  });

  it("rejects with the code and the remedy", async () => {
    const asked = line().ask("QryTradingState");
    const info = { ErrorID: -401, ErrorMsg: "not logged in" };
    last().say({ MsgType: "x", RspInfo: info, IsLast: true, RequestID: 1, Detail: "log in" });
    await expect(asked).rejects.toMatchObject({ code: -401, detail: "log in" });
  });

  it("takes no push for an answer", () => {
    line();
    last().say({ MsgType: "RtnClientOrder", RequestID: 7, ClientOrder: {} });
    expect(pushes.length).toBe(1);
  });

  it("leaves what had no answer unknown when it breaks, and connects again later", async () => {
    const asked = line().ask("ReqOrderInsert");
    last().lose(1006);
    await expect(asked).rejects.toMatchObject({ code: 0 });
    expect(closes).toEqual([patience(0)]);
    vi.advanceTimersByTime(patience(0) * 1000);
    expect(Socket.made.length).toBe(2);
    expect(last().sent).toEqual([]);
  });

  it("waits longer each time, ten seconds at the most", () => {
    expect([0, 1, 2, 9].map(patience)).toEqual([0.5, 1, 2, 10]);
  });

  it("sends nothing while it is not open", async () => {
    const one = line();
    last().readyState = 0;
    await expect(one.ask("QryTradingState")).rejects.toBeInstanceOf(Refused);
    expect(one.tell("ReqOrderInsert", {}, {}, () => {})).toBe(false);
    expect(last().sent).toEqual([]);
  });

  it("comes back no more once it was ended", () => {
    const one = line();
    one.end();
    last().lose(1000);
    vi.advanceTimersByTime(60_000);
    expect(Socket.made.length).toBe(1);
  });

  it("shows a token as a subprotocol, never in its address", () => {
    line("secret");
    expect(last().protocols).toEqual(["webctp", "bearer.secret"]);
    expect(last().address).not.toContain("secret");
  });
});
