/** What is never shown: passwords and other secrets read `…`. */

const HIDDEN = "…";
/** Fields that hold a secret, and what was sent or said in them. */
const NAMES =
  "[A-Za-z]*Pass[Ww]ord|AuthCode|AuthKey|PinKey|MacKey|Captcha|ResumeToken|Token|Ticket";
const SECRET = new RegExp(`("(?:${NAMES})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, "g");
const NAME = new RegExp(`^(?:${NAMES})$`);

/** Whether a field holds a secret, by its name. */
export const isSecret = (name: string): boolean => NAME.test(name);

/** A frame as it may be shown, be it JSON or the beginning of it. */
export const withoutSecrets = (text: string): string => text.replace(SECRET, `$1"${HIDDEN}"`);

/** A body as it may be shown, with whatever it holds. */
export const bodyWithoutSecrets = <Value>(body: Value): Value =>
  JSON.parse(JSON.stringify(body, (name, value) => (isSecret(name) ? HIDDEN : value)));
