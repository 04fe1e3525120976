/** The dock: what dockview shows of the arrangement that is kept, and what a user does to it. */

import {
  createDockview,
  type DockviewApi,
  type IContentRenderer,
  type ITabRenderer,
  type SerializedDockview,
} from "dockview-core";
import { mount, unmount, untrack } from "svelte";
import {
  type Dock,
  isOpen,
  isPanel,
  PANELS,
  type PanelName,
  placeOf,
  readDock,
  usual,
} from "../lib/arrangement";
import { desk } from "../lib/desk.svelte";
import { type Side, sideways } from "../lib/neighbours";
import { settings, t } from "../lib/settings.svelte";
import Panel from "./Panel.svelte";

type Group = DockviewApi["groups"][number];
const ARROWS: Record<string, Side> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "top",
  ArrowDown: "bottom",
};

/** Pixels of a panel that is opened below all others; the explorer is three lists beside each other. */
const LOW = 260;
const HIGH = 420;

class Docking {
  /** The panels that are seen: of each group the one in front. */
  fronts = $state.raw<readonly PanelName[]>([]);
  /** Whether there is a dock: there is none at a phone's width. */
  isThere = $state(false);
  #api: DockviewApi | null = null;

  /** Show the dock in an element; returns what ends it. */
  begin(element: HTMLElement): () => void {
    const api = createDockview(element, {
      theme: { name: "webctp", className: "dockview-theme-light dock-theme", gap: 6 },
      disableFloatingGroups: true,
      getAnnouncement: ({ kind, panel }) => {
        if (kind !== "open" && kind !== "close") return undefined;
        return `${panel.title} ${t(kind === "open" ? "isOpen" : "isClosed")}`;
      },
      defaultTabComponent: "tab",
      createComponent: ({ name }) => rendered(name as PanelName),
      createTabComponent: () => tab(),
    });
    const kept = $state.snapshot(settings.layout.dock) as Dock | null;
    // Before the sizes that are kept are read: they are scaled to those of the page.
    api.layout(element.clientWidth, element.clientHeight);
    api.fromJSON((kept ?? usual()) as SerializedDockview);
    this.#api = api;
    this.isThere = true;
    this.follow();
    api.onDidRemovePanel(({ id }) => {
      // What the settings have closed is closed already.
      if (this.#api === api && isPanel(id) && isOpen(settings.layout, id))
        desk.showPanel(id, false);
    });
    api.onDidLayoutChange(() => this.#keep());
    api.onDidActivePanelChange(() => this.#look());
    const key = (event: KeyboardEvent) => this.#key(event);
    // Before dockview's own: it takes arrows for its tabs.
    addEventListener("keydown", key, true);
    return () => {
      removeEventListener("keydown", key, true);
      this.#api = null;
      this.isThere = false;
      this.fronts = [];
      api.dispose();
    };
  }

  /** Whether a panel is seen. */
  shows(name: PanelName): boolean {
    return isOpen(settings.layout, name) && (!this.isThere || this.fronts.includes(name));
  }

  /** Open and close panels as the settings say, and name them in the language of the page. */
  follow(): void {
    const wanted = PANELS.filter((name) => isOpen(settings.layout, name));
    const titles = new Map(wanted.map((name) => [name as string, t(name)]));
    const api = this.#api;
    if (api !== null) untrack(() => this.#show(api, titles));
  }

  #show(api: DockviewApi, titles: ReadonlyMap<string, string>): void {
    for (const panel of api.panels) if (!titles.has(panel.id)) api.removePanel(panel);
    for (const [name, title] of titles) {
      const found = api.getPanel(name);
      if (found === undefined) this.#add(api, name as PanelName, title);
      else if (found.title !== title) found.api.setTitle(title);
    }
    this.#look();
  }

  #add(api: DockviewApi, name: PanelName, title: string): void {
    const open = api.panels.map((one) => one.id as PanelName);
    const { beside, direction } = placeOf(name, open);
    const position = beside === null ? { direction } : { referencePanel: beside, direction };
    const initialHeight = name === "explorer" ? HIGH : LOW;
    api.addPanel({ id: name, component: name, title, position, initialHeight });
  }

  /** Open a panel, bring it to the front, or close it where it is seen. */
  toggle(name: PanelName): void {
    const open = isOpen(settings.layout, name);
    if (open && !this.shows(name)) this.#api?.getPanel(name)?.api.setActive();
    else desk.showPanel(name, !open);
  }

  #keep(): void {
    this.#look();
    if (this.#api === null || this.#api.width === 0) return;
    settings.change({ dock: readDock(this.#api.toJSON()) });
  }

  #look(): void {
    const seen = (this.#api?.groups ?? []).flatMap((group) => group.activePanel?.id ?? []);
    if (seen.join() !== untrack(() => this.fronts).join()) this.fronts = seen.filter(isPanel);
  }

  /** Keys: F6 goes from group to group; Shift and an arrow move the panel whose tab has the focus. */
  #key(event: KeyboardEvent): void {
    if (event.key === "F6") this.#go(event);
    const side = ARROWS[event.key];
    if (side !== undefined && event.shiftKey && !event.ctrlKey && !event.altKey) {
      this.#move(event, side);
    }
  }

  #go(event: KeyboardEvent): void {
    const groups = [...(this.#api?.groups ?? [])].sort((one, other) => {
      const [a, b] = [one.element.getBoundingClientRect(), other.element.getBoundingClientRect()];
      return a.left - b.left || a.top - b.top;
    });
    if (groups.length === 0) return;
    event.preventDefault();
    const at = groups.findIndex((one) => one.element.contains(document.activeElement));
    const step = event.shiftKey ? -1 : 1;
    const next = at < 0 ? 0 : (at + step + groups.length) % groups.length;
    tabOf(groups[next] as Group)?.focus();
  }

  #move(event: KeyboardEvent, side: Side): void {
    const focused = event.target as HTMLElement;
    if (focused.role !== "tab") return;
    const name = focused.querySelector<HTMLElement>("[data-panel]")?.dataset.panel;
    const panel = name === undefined ? undefined : this.#api?.getPanel(name);
    if (panel === undefined || this.#api === null) return;
    event.preventDefault();
    event.stopPropagation();
    const { groups } = this.#api;
    const own = panel.group;
    const places = groups.map((one) => one.element.getBoundingClientRect());
    const beside = sideways(own.element.getBoundingClientRect(), places, side);
    const group = beside === null ? undefined : groups[beside];
    if (group !== undefined) panel.api.moveTo({ group });
    else if (own.panels.length > 1) panel.api.moveTo({ group: own, position: side });
    tabOf(panel.group)?.focus();
  }
}

const tabOf = (group: Group): HTMLElement | null =>
  group.element.querySelector<HTMLElement>("[role=tab][aria-selected=true]");

/** A panel's content: a part of the page, mounted as long as the panel is open. */
function rendered(name: PanelName): IContentRenderer {
  const element = document.createElement("div");
  element.className = "panel";
  // What scrolls must be reached by keys, too.
  element.tabIndex = 0;
  let part: Record<string, unknown> | null = null;
  return {
    element,
    init: () => {
      part = mount(Panel, { target: element, props: { name } });
    },
    dispose: () => {
      if (part !== null) void unmount(part);
    },
  };
}

/** A tab: its title, and what closes it by the pointer; by keys it is Delete, or the list of panels. */
function tab(): ITabRenderer {
  const element = document.createElement("div");
  element.className = "dock-tab";
  const title = element.appendChild(document.createElement("span"));
  const close = element.appendChild(document.createElement("span"));
  close.className = "dock-close";
  close.textContent = "×";
  close.setAttribute("aria-hidden", "true");
  return {
    element,
    init: ({ api }) => {
      element.dataset.panel = api.id;
      title.textContent = api.title ?? "";
      api.onDidTitleChange((told) => {
        title.textContent = told.title;
      });
      close.addEventListener("pointerdown", (event) => event.preventDefault());
      close.addEventListener("click", () => api.close());
    },
  };
}

export const docking = new Docking();
