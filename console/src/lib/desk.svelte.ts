/** The desk: the sessions of the page, and the instrument that all its parts show. */

import { services, WebctpError } from "webctp-client";
import { type PanelName, withPanel } from "./arrangement";
import { instrumentsOf } from "./asks";
import { ChartFeed } from "./feed.svelte";
import { FrameLog } from "./frames";
import type { Layout } from "./layout";
import { Market, type Quote } from "./market.svelte";
import type { Session } from "./session.svelte";
import { settings } from "./settings.svelte";
import type { Terms } from "./ticket";
import { Trading } from "./trading.svelte";

class Desk {
  market = new Market();
  chart = new ChartFeed();
  /** What the second chart shows, where there is one. */
  secondChart = new ChartFeed();
  /** The accounts of this page, each with a session of its own; there is one at the least. */
  accounts = $state.raw<Trading[]>([]);
  /** The account that the page shows, and trades for. */
  trading = $state.raw(new Trading());
  selected = $state.raw<Quote | null>(null);
  /** What the trading front says of the instrument that is selected. */
  terms = $state.raw<Terms | null>(null);
  termsTrouble = $state("");
  /** The ticket's price; clicks on prices set it. */
  price = $state(0);
  frames = new FrameLog();
  /** How often an arrangement was taken from elsewhere. */
  arranged = $state(0);
  #token = "";

  constructor() {
    this.#listen(this.market);
    this.#listen(this.trading);
    this.accounts = [this.trading];
  }

  /** Connect to market data; gives nothing back, for the session's phase tells how it went. */
  open(token: string): void {
    this.#token = token;
    this.market.watch(settings.watch);
    this.market.connect(address("md"), token);
    this.chart.connect(address("md"), token);
    if (settings.second) this.secondChart.connect(address("md"), token);
    this.select(this.market.quotes[0] ?? null);
  }

  /**
   * Log the account that is shown in.
   *
   * @param gateway where it is to log in; empty for the gateway that serves this page.
   * @throws RangeError for what is no address of a gateway.
   */
  login(user: string, password: string, token: string, gateway = ""): void {
    const at = address("td", gateway);
    // Market data comes by the token of the first account; others have their own for trading.
    const isFirst = this.accounts.length === 1;
    const isOurs = gateway === "" && (isFirst || this.market.phase === "refused");
    if (isOurs && (token !== this.#token || this.market.phase === "refused")) this.open(token);
    settings.change({ user });
    this.trading.use(user, password);
    this.trading.gateway = gateway;
    this.trading.connect(at, token);
  }

  /** Show another account, which is to log in, beside those that are. */
  addAccount(): void {
    const added = new Trading();
    this.#listen(added);
    this.accounts = [...this.accounts, added];
    this.show(added);
  }

  /** Show an account; the others go on. */
  show(account: Trading): void {
    this.trading = account;
    this.terms = null;
  }

  /** Log an account out; of several it is shown no more. */
  leave(account: Trading): void {
    account.logout();
    const others = this.accounts.filter((one) => one !== account);
    const [first] = others;
    if (first === undefined) return;
    this.accounts = others;
    if (this.trading === account) this.show(first);
  }

  #listen(session: Session): void {
    session.onFrame = ({ way, text, at }) => this.frames.add(way, text, at);
  }

  /** Leave all connections. */
  close(): void {
    for (const session of [this.market, this.chart, this.secondChart, ...this.accounts]) {
      session.close();
    }
  }

  /** Open a panel of the desk, or close it. */
  showPanel(name: PanelName, open: boolean): void {
    settings.change(withPanel(settings.layout, name, open));
    this.#followSecond();
  }

  /** Put all panels where they are usually. */
  resetArrangement(): void {
    const nothing = { panels: [], closed: [], second: false, ladder: false };
    this.arrange({ ...nothing, dock: null });
  }

  /** The second chart's connection is there as long as the chart is shown. */
  #followSecond(): void {
    if (!settings.second) this.secondChart.close();
    else if (this.secondChart.phase === "off") this.secondChart.connect(address("md"), this.#token);
  }

  select(quote: Quote | null): void {
    if (quote === this.selected) return;
    this.selected = quote;
    this.price = quote?.tick?.LastPrice ?? 0;
  }

  add(name: string): void {
    this.#watch([...settings.watch.filter((one) => one !== name), name]);
    this.select(this.market.quotes.find((one) => one.name === name) ?? null);
  }

  remove(name: string): void {
    this.#watch(settings.watch.filter((one) => one !== name));
    if (this.selected?.name === name) this.select(this.market.quotes[0] ?? null);
  }

  /** Take a layout that was exported elsewhere. */
  arrange(layout: Partial<Layout>): void {
    settings.change(layout);
    if (layout.dock !== undefined) this.arranged += 1;
    this.#followSecond();
    if (layout.watch !== undefined) this.market.watch(layout.watch);
    if (this.selected === null || !this.market.quotes.includes(this.selected)) {
      this.select(this.market.quotes[0] ?? null);
    }
  }

  /** Ask the trading front for an instrument's terms, which are authoritative. */
  async describe(id: string): Promise<void> {
    this.terms = null;
    this.termsTrouble = "";
    try {
      // CTP matches by prefix: of several answers the one of this very name.
      const found = await instrumentsOf(this.trading, id);
      const terms = found.find((one) => one.InstrumentID === id) ?? null;
      if (this.selected?.id === id) this.terms = terms;
    } catch (problem) {
      if (!(problem instanceof WebctpError)) throw problem;
      if (this.selected?.id === id) this.termsTrouble = `${problem.text} ${problem.detail}`;
    }
  }

  #watch(names: string[]): void {
    settings.change({ watch: names });
    this.market.watch(names);
  }
}

/** The address of a service of a gateway, or of that which has served this page. */
function address(service: "td" | "md", gateway = ""): string {
  const url = services(gateway || location.origin)[service];
  return `${url.replace(/\?.*$/, "")}?language=${settings.language}`;
}

export const desk = new Desk();
