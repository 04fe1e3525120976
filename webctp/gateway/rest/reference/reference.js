// Show the messages that /asyncapi.yaml describes: it is JSON, which is YAML.
const at = (id) => document.getElementById(id);
const made = (name, text, ...children) => {
  const one = document.createElement(name);
  if (text) one.textContent = text;
  one.append(...children);
  return one;
};
const KINDS = { sent: "请求 Requests", told: "应答与推送 Answers and pushes" };

let whole;
const found = (schema) =>
  schema.$ref ? schema.$ref.slice(2).split("/").reduce((where, step) => where[step], whole) : schema;
const other = (schema) => (schema.anyOf ?? []).find((one) => one.type !== "null");

/** What a field holds, in a word or two. */
function kind(schema) {
  const one = other(schema) ?? schema;
  if (one.const !== undefined) return JSON.stringify(one.const);
  if (one.enum) return one.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (one.$ref && found(one).properties) return one.$ref.split("/").pop();
  const plain = found(one);
  const types = [plain.type ?? "any"].flat().filter((type) => type !== "null");
  const most = plain.maxLength ? ` ≤ ${plain.maxLength}` : "";
  return types.join(" | ") + (plain.items ? ` of ${kind(plain.items)}` : "") + most;
}

/** Rows of a table, and the bodies behind them. */
function fields(schema, bodies) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const inner = found(other(field) ?? field);
    const body = inner.items ? found(inner.items) : inner;
    if (body.properties && !bodies.has(body)) bodies.set(body, name);
    const says = field.description ?? inner.description ?? "";
    const must = (schema.required ?? []).includes(name) ? " *" : "";
    return made("tr", "", made("td", "", made("code", name + must)), made("td", kind(field)), made("td", says));
  });
  const heads = ["字段 Field", "类型 Type", "含义 Meaning"].map((text) => made("th", text));
  return made("table", "", made("thead", "", made("tr", "", ...heads)), made("tbody", "", ...rows));
}

function show(name) {
  const message = whole.components.messages[name];
  const main = at("shown");
  main.replaceChildren();
  for (const one of document.querySelectorAll("nav a")) {
    if (one.hash === `#${name}`) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  if (!message) return;
  main.append(made("h2", message.name), made("p", message.summary));
  if (message["x-answer"]) {
    const link = made("a", message["x-answer"]);
    link.href = `#${name.split(".")[0]}.told.${message["x-answer"]}`;
    main.append(made("p", "应答 Answer: ", link));
  }
  const bodies = new Map();
  main.append(fields(message.payload, bodies));
  for (const [body, title] of bodies) {  // grows while it is walked
    main.append(made("h3", title), made("p", body.description ?? ""), fields(body, bodies));
  }
  main.scrollTop = 0;
}

function list(asked) {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  const nav = at("list");
  nav.replaceChildren();
  let count = 0;
  for (const service of Object.keys(whole.channels)) {
    for (const [part, title] of Object.entries(KINDS)) {
      const begin = `${service}.${part}.`;
      const some = Object.entries(whole.components.messages).filter(
        ([name, one]) => name.startsWith(begin) && words.every((word) => one.text.includes(word)),
      );
      if (!some.length) continue;
      nav.append(made("h2", `${service} · ${title}`));
      for (const [name, one] of some) {
        const link = made("a", "", made("span", one.name));
        link.firstChild.className = "name";
        link.href = `#${name}`;
        link.title = one.summary;
        nav.append(link);
        count += 1;
      }
    }
  }
  at("about").textContent = `${count} 条消息 messages`;
}

async function begin() {
  const answer = await fetch("/asyncapi.yaml");
  if (!answer.ok) throw new Error(`/asyncapi.yaml: ${answer.status}`);
  whole = await answer.json();
  for (const one of Object.values(whole.components.messages)) {
    one.text = [one.name, one.summary, JSON.stringify(one.payload)].join(" ").toLowerCase();
  }
  list("");
  show(decodeURIComponent(location.hash.slice(1)));
  at("search").addEventListener("input", (event) => list(event.target.value));
  addEventListener("hashchange", () => show(decodeURIComponent(location.hash.slice(1))));
}

begin().catch((problem) => {
  at("about").textContent = `无法读取 cannot be read: ${problem.message}`;
});
