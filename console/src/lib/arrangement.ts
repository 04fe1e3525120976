/** The arrangement of the desk: which panels there are, where each belongs, and what is kept of it. */

import type { Layout } from "./layout";

/** Panels that are open until somebody closes them, by the columns of the usual arrangement. */
const COLUMNS = [
  ["watch", "book"],
  ["chart", "orders", "trades"],
  ["ticket", "account", "positions", "messages"],
] as const;
const EXTRAS = ["conditionals", "options", "statement", "riskPanel", "explorer"] as const;
const SECOND = "secondChart";

export type PanelName = (typeof COLUMNS)[number][number] | (typeof EXTRAS)[number] | typeof SECOND;

export const PANELS: readonly PanelName[] = [...COLUMNS.flat(), SECOND, ...EXTRAS];

/** The height of each panel in the usual arrangement, and the width of each column. */
const HEIGHTS: Record<string, number> = {
  ...{ watch: 290, book: 450 },
  ...{ chart: 420, orders: 170, trades: 150 },
  ...{ ticket: 225, account: 255, positions: 150, messages: 110 },
};
const WIDTHS = [330, 590, 480] as const;
const HEIGHT = 740;

export interface Leaf {
  type: "leaf";
  size: number;
  data: { id: string; views: PanelName[]; activeView: PanelName };
}
export interface Branch {
  type: "branch";
  size: number;
  data: (Branch | Leaf)[];
}
/** An arrangement as dockview writes it, with no more in it than what is known here. */
export interface Dock {
  grid: { root: Branch; width: number; height: number; orientation: "HORIZONTAL" | "VERTICAL" };
  panels: Record<string, { id: string; contentComponent: string; title: string }>;
}

const DEEPEST = 8;
const LARGEST = 100_000;

export const isPanel = (value: unknown): value is PanelName =>
  (PANELS as readonly unknown[]).includes(value);

/** Whether a panel is open, by what is kept. */
export function isOpen(layout: Pick<Layout, "closed" | "panels" | "second">, name: PanelName) {
  if (name === SECOND) return layout.second;
  const isExtra = (EXTRAS as readonly string[]).includes(name);
  return isExtra ? layout.panels.includes(name) : !layout.closed.includes(name);
}

/** What is kept anew where a panel is opened or closed. */
export function withPanel(
  layout: Pick<Layout, "closed" | "panels">,
  name: PanelName,
  open: boolean,
): Partial<Layout> {
  if (name === SECOND) return { second: open };
  const listed = (list: string[], isIn: boolean) => [
    ...list.filter((one) => one !== name),
    ...(isIn ? [name] : []),
  ];
  const isExtra = (EXTRAS as readonly string[]).includes(name);
  return isExtra
    ? { panels: listed(layout.panels, open) }
    : { closed: listed(layout.closed, !open) };
}

export interface Place {
  /** The panel it is put beside; null for the whole desk's edge. */
  beside: PanelName | null;
  direction: "left" | "right" | "above" | "below" | "within";
}

/** Where a panel is opened, among those that are open. */
export function placeOf(name: PanelName, open: readonly PanelName[]): Place {
  const isThere = (one: PanelName) => one !== name && open.includes(one);
  if (name === SECOND && isThere("chart")) return { beside: "chart", direction: "right" };
  if (name === SECOND) return { beside: null, direction: "right" };
  const column = COLUMNS.find((names: readonly PanelName[]) => names.includes(name)) as
    | readonly PanelName[]
    | undefined;
  if (column === undefined) {
    const other = EXTRAS.find(isThere);
    return other === undefined
      ? { beside: null, direction: "below" }
      : { beside: other, direction: "within" };
  }
  const at = column.indexOf(name);
  const above = column.slice(0, at).findLast(isThere);
  if (above !== undefined) return { beside: above, direction: "below" };
  const below = column.slice(at + 1).find(isThere);
  if (below !== undefined) return { beside: below, direction: "above" };
  return { beside: null, direction: column.includes("watch") ? "left" : "right" };
}

const titled = (names: readonly PanelName[]): Dock["panels"] =>
  Object.fromEntries(
    names.map((name) => [name, { id: name, contentComponent: name, title: name }]),
  );

/** The usual arrangement. */
export function usual(): Dock {
  const leaf = (name: PanelName): Leaf => ({
    type: "leaf",
    size: HEIGHTS[name] ?? 0,
    data: { id: name, views: [name], activeView: name },
  });
  const columns = COLUMNS.map(
    (names, place): Branch => ({
      type: "branch",
      size: WIDTHS[place] ?? 0,
      data: names.map(leaf),
    }),
  );
  const width = WIDTHS.reduce((sum, one) => sum + one, 0);
  return {
    grid: {
      root: { type: "branch", size: HEIGHT, data: columns },
      ...{ width, height: HEIGHT, orientation: "HORIZONTAL" },
    },
    panels: titled(COLUMNS.flat()),
  };
}

type Told = Record<string, unknown>;

/**
 * Read an arrangement, whoever wrote it; what is not known here is left out.
 *
 * @throws Error naming the place in it that is wrong.
 */
export function readDock(value: unknown): Dock {
  const seen = new Set<PanelName>();
  let groups = 0;

  function object(told: unknown, at: string): Told {
    if (told === null || typeof told !== "object" || Array.isArray(told)) throw new Error(at);
    return told as Told;
  }
  function list(told: unknown, at: string): unknown[] {
    if (!Array.isArray(told) || told.length > PANELS.length) throw new Error(at);
    return told;
  }
  function length(told: unknown, at: string): number {
    const isLength = typeof told === "number" && told >= 0 && told <= LARGEST;
    if (!isLength) throw new Error(at);
    return told;
  }
  function panel(told: unknown, at: string): PanelName {
    if (!isPanel(told) || seen.has(told)) throw new Error(at);
    seen.add(told);
    return told;
  }
  function leaf(told: Told, at: string): Leaf {
    const data = object(told.data, `${at}.data`);
    const views = list(data.views, `${at}.data.views`).map((one, place) =>
      panel(one, `${at}.data.views[${place}]`),
    );
    const first = views[0];
    if (first === undefined) throw new Error(`${at}.data.views`);
    const front = views.find((one) => one === data.activeView) ?? first;
    groups += 1;
    return {
      ...{ type: "leaf", size: length(told.size, `${at}.size`) },
      data: { id: String(groups), views, activeView: front },
    };
  }
  function branch(told: Told, at: string, depth: number): Branch {
    if (told.type !== "branch") throw new Error(`${at}.type`);
    if (depth > DEEPEST) throw new Error(at);
    const data = list(told.data, `${at}.data`).map((one, place) => {
      const where = `${at}.data[${place}]`;
      const node = object(one, where);
      return node.type === "leaf" ? leaf(node, where) : branch(node, where, depth + 1);
    });
    return { type: "branch", size: length(told.size, `${at}.size`), data };
  }

  const grid = object(object(value, "dock").grid, "dock.grid");
  const { orientation } = grid;
  if (orientation !== "HORIZONTAL" && orientation !== "VERTICAL") {
    throw new Error("dock.grid.orientation");
  }
  const root = branch(object(grid.root, "dock.grid.root"), "dock.grid.root", 1);
  const width = length(grid.width, "dock.grid.width");
  const height = length(grid.height, "dock.grid.height");
  return { grid: { root, width, height, orientation }, panels: titled([...seen]) };
}
