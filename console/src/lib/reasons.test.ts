import { expect, it } from "vitest";
import { reasonIn } from "./reasons";
import { say } from "./words";

it("why a session is lost is told in the page's language, with its code and the gateway's words", () => {
  const told: [string, string, string][] = [
    ["closed with 1006", "closed with 1006", "连接关闭，代码 1006"],
    ["closed with 4401 revoked", "closed with 4401 revoked", "连接关闭，代码 4401 revoked"],
    ["nothing has come for 12 s", "silent for 12 s", "无任何消息已 12 s"],
    ["no answer in time", "no answer in time", "未及时应答"],
    ["lost 前置断开", "lost 前置断开", "lost 前置断开"],
    ["asleep", say("asleep", "en"), say("asleep", "zh")],
  ];
  for (const [reason, english, chinese] of told) {
    expect(reasonIn(reason, (word) => say(word, "en"))).toBe(english);
    expect(reasonIn(reason, (word) => say(word, "zh"))).toBe(chinese);
  }
});
