import { expect, it } from "vitest";
import { bodyWithoutSecrets, isSecret, withoutSecrets } from "./secrets";

it("no secret of a frame is shown, whatever it holds", () => {
  const sent = JSON.stringify({
    ReqUserLogin: { UserID: "demo", Password: 'a"b\\c', OneTimePassword: "1" },
    Resume: { ResumeToken: "t0ken" },
    BankPassWord: "bank",
  });
  const shown = withoutSecrets(sent);
  for (const secret of ["a\\", "b\\", "t0ken", '"1"', '"bank"'])
    expect(shown).not.toContain(secret);
  expect(JSON.parse(shown).ReqUserLogin.UserID).toBe("demo");
});

it("no secret of a body is shown, of whatever kind, and however deep", () => {
  const body = { Password: 1, Legs: [{ AuthCode: ["x"], Price: 3 }], Token: null, UserID: "demo" };
  expect(bodyWithoutSecrets(body)).toEqual({
    Password: "…",
    Legs: [{ AuthCode: "…", Price: 3 }],
    Token: "…",
    UserID: "demo",
  });
  expect(body.Password).toBe(1);
});

it("a field is a secret by its whole name", () => {
  expect(["Password", "BankPassWord", "Ticket"].every(isSecret)).toBe(true);
  expect(["PasswordType", "TicketPrice", "UserID"].some(isSecret)).toBe(false);
});
