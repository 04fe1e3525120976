/** What README's screenshots show: how the page is brought there, and what of it is compared. */

/** A picture of each language and theme; the widths are those of a small laptop. */
export const SHOTS = [
  { name: "console-en.jpg", language: "en", theme: "light" },
  { name: "console-zh.jpg", language: "zh", theme: "dark" },
];
export const VIEWPORT = { width: 1400, height: 900 };
/** Where places and widths on the page may differ: fonts and scroll bars are a machine's own. */
const TOLERANCE = 24;
const ANEW = "make them anew: python -m tests.browser.screenshots";

/** Have a page open in a shot's language and theme, with an indicator on the chart. */
export const arranged = (shot) => (page) =>
  page.addInitScript((kept) => localStorage.setItem("webctp-console", JSON.stringify(kept)), {
    language: shot.language,
    theme: shot.theme,
    indicators: ["MA"],
    panels: [],
  });

/** Log in, have an order fill and another one rest. */
export async function stage(page, user) {
  await page.locator("input[autocomplete=username]").fill(user);
  await page.locator("input[autocomplete=current-password]").fill("demo");
  await page.locator("[data-testid=login] button.main").click();
  await page.locator("[data-testid=session-td][data-phase=ready]").waitFor();
  const send = async (price) => {
    await page.locator("[data-testid=ticket] input").first().fill(String(price));
    await page.getByTestId("buy").and(page.locator(":enabled")).click();
    await page.getByTestId("send").and(page.locator(":enabled")).click();
  };
  const level = async (name) => Number(await page.getByTestId(name).textContent());
  await page.getByTestId("buy").and(page.locator(":enabled")).waitFor();
  await page.getByTestId("Ask1").and(page.locator(":enabled")).waitFor();
  await send(await level("Ask5"));
  await page.getByTestId("position").first().waitFor();
  await send((await level("Bid5")) - 5);
  await page.locator("[data-testid=order][data-standing=working]").waitFor();
  await page.getByTestId("curve").waitFor();
}

/** What of a page stays the same at any time and price: its parts, words and colours. */
export const layoutOf = (page) =>
  page.evaluate(() => {
    const texts = (selector, read) => {
      const found = [...document.querySelectorAll(selector)].map(read);
      const said = found.map((one) => one.trim().replace(/\s+/g, " ").replace(/\d+/g, "#"));
      return [...new Set(said)].filter((one) => one !== "");
    };
    const own = (one) =>
      [...one.childNodes].map((node) => (node.nodeType === 3 ? node.data : "")).join("");
    const style = getComputedStyle(document.documentElement);
    return {
      sections: [...document.querySelectorAll("main section")]
        .map((one) => {
          const { left, width } = one.getBoundingClientRect();
          const name = one.getAttribute("aria-labelledby");
          return { name, left: Math.round(left), width: Math.round(width) };
        })
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
      buttons: texts(
        "nav button, .choices button, main h2 button, .buy, .sell, button.main",
        (one) => one.textContent,
      ),
      columns: texts("main th[scope=col]", (one) => one.textContent),
      names: texts("main dt, main label", own),
      colours: ["--back", "--panel", "--text", "--up", "--down"].map((one) =>
        style.getPropertyValue(one).trim(),
      ),
    };
  });

/** Say what differs between what a picture shows and a page, or nothing. */
export function differences(shot, kept, seen) {
  const found = [];
  const names = (layout) => layout.sections.map((one) => one.name).join(", ");
  if (names(kept) !== names(seen)) found.push(`its parts are ${names(seen)}, not ${names(kept)}`);
  for (const [place, one] of kept.sections.entries()) {
    const now = seen.sections[place];
    if (now?.name !== one.name) continue;
    for (const what of ["left", "width"]) {
      if (Math.abs(now[what] - one[what]) > TOLERANCE) {
        found.push(`${one.name}: ${what} ${now[what]}, not ${one[what]}`);
      }
    }
  }
  for (const what of ["buttons", "columns", "names", "colours"]) {
    const added = seen[what].filter((one) => !kept[what].includes(one));
    const gone = kept[what].filter((one) => !seen[what].includes(one));
    if (added.length > 0) found.push(`${what} that it does not show: ${added.join(", ")}`);
    if (gone.length > 0) found.push(`${what} that are no more: ${gone.join(", ")}`);
  }
  return found.length === 0
    ? ""
    : `docs/${shot.name} shows another page (${found.join("; ")}); ${ANEW}`;
}

/** Say what lacks to write Chinese, or nothing: without its font all characters are one box. */
export const lacksChinese = (page) =>
  page.evaluate(() => {
    const drawn = (text) => {
      const canvas = document.createElement("canvas");
      const context = canvas.getContext("2d");
      context.font = "40px sans-serif";
      context.fillText(text, 0, 60);
      return canvas.toDataURL();
    };
    return drawn("中") === drawn("文") ? "no font for Chinese: apt-get install fonts-noto-cjk" : "";
  });
