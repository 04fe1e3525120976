/**
 * Make README's screenshots, and write down what they show.
 *
 *     node specs/shoot.mjs ADDRESS CHROMIUM BARS
 *
 * The gateway must serve at the address; a picture is taken once the chart has so many bars.
 */

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { arranged, lacksChinese, layoutOf, SHOTS, stage, VIEWPORT } from "./screenshots.mjs";

const [address, executablePath, bars] = process.argv.slice(2);
const PATIENCE = 300_000;
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const kept = {};
for (const shot of SHOTS) {
  const page = await browser.newPage({ viewport: VIEWPORT, locale: "en-US" });
  page.setDefaultTimeout(PATIENCE);
  await arranged(shot)(page);
  await page.goto(address);
  const lacks = await lacksChinese(page);
  if (lacks !== "") throw new Error(lacks);
  await stage(page, `demo-${shot.language}`);
  const enough = (least) =>
    Number(document.querySelector("[data-testid=chart]").dataset.bars) >= least;
  await page.waitForFunction(enough, Number(bars), { timeout: PATIENCE });
  const path = new URL(`../../docs/${shot.name}`, import.meta.url).pathname;
  await page.screenshot({ path: decodeURIComponent(path), type: "jpeg", quality: 80 });
  const sha256 = createHash("sha256")
    .update(readFileSync(decodeURIComponent(path)))
    .digest("hex");
  kept[shot.name] = { sha256, ...(await layoutOf(page)) };
  await page.close();
}
const list = new URL("screenshots.json", import.meta.url);
writeFileSync(list, `${JSON.stringify(kept, null, 2)}\n`);
await browser.close();
