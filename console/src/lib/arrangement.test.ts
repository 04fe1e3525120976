import { describe, expect, it } from "vitest";
import {
  type Branch,
  isOpen,
  type Leaf,
  PANELS,
  placeOf,
  readDock,
  usual,
  withPanel,
} from "./arrangement";

const KEPT = { closed: ["trades"], panels: ["options"], second: false };

describe("panels", () => {
  it("are open by what is kept of each kind", () => {
    const open = PANELS.filter((name) => isOpen(KEPT, name));
    expect(open).toContain("watch");
    expect(open).toContain("options");
    expect(open).not.toContain("trades");
    expect(open).not.toContain("statement");
    expect(open).not.toContain("secondChart");
  });

  it("are opened and closed, each once", () => {
    for (const name of PANELS) {
      for (const open of [true, false, false, true, true]) {
        expect(isOpen({ ...KEPT, ...withPanel(KEPT, name, open) }, name)).toBe(open);
      }
    }
    expect(withPanel(KEPT, "options", true)).toEqual({ panels: ["options"] });
  });

  it("are opened where they belong", () => {
    expect(placeOf("orders", ["watch", "chart"])).toEqual({ beside: "chart", direction: "below" });
    expect(placeOf("chart", ["trades"])).toEqual({ beside: "trades", direction: "above" });
    expect(placeOf("secondChart", ["chart"])).toEqual({ beside: "chart", direction: "right" });
    expect(placeOf("options", ["riskPanel"])).toEqual({ beside: "riskPanel", direction: "within" });
    expect(placeOf("options", ["watch"])).toEqual({ beside: null, direction: "below" });
    expect(placeOf("watch", ["ticket"])).toEqual({ beside: null, direction: "left" });
    expect(placeOf("ticket", [])).toEqual({ beside: null, direction: "right" });
  });
});

/** The usual arrangement, changed somewhere. */
function changed(change: (root: Branch, column: Branch, leaf: Leaf) => void): unknown {
  const dock = usual();
  const column = dock.grid.root.data[0] as Branch;
  change(dock.grid.root, column, column.data[0] as Leaf);
  return dock;
}
function nested(depth: number): unknown {
  return changed((root) => {
    let inner: Branch = { type: "branch", size: 1, data: [...root.data] };
    for (let n = 1; n < depth; n += 1) inner = { type: "branch", size: 1, data: [inner] };
    root.data = [inner];
  });
}

describe("an arrangement", () => {
  it("is read as it was written, and no more of it", () => {
    const read = readDock(usual());
    expect(readDock(JSON.parse(JSON.stringify(read)))).toEqual(read);
    const more = { ...usual(), popoutGroups: [{ url: "javascript:1" }], edgeGroups: {} };
    expect(readDock(more)).toEqual(read);
    expect(Object.keys(read.panels).sort()).toEqual(
      PANELS.filter((name) => isOpen({ closed: [], panels: [], second: false }, name)).sort(),
    );
  });

  it("may have no panel at all", () => {
    expect(readDock(changed((root) => (root.data = []))).panels).toEqual({});
  });

  it("is refused with the place that is wrong", () => {
    const leaf = "dock.grid.root.data[0].data[0]";
    const wrong: [unknown, string][] = [
      [7, "dock"],
      [{ grid: [] }, "dock.grid"],
      [{ grid: { ...usual().grid, orientation: "" } }, "dock.grid.orientation"],
      [{ grid: { ...usual().grid, width: Number.NaN } }, "dock.grid.width"],
      [{ grid: { ...usual().grid, height: 1e9 } }, "dock.grid.height"],
      [changed((root) => Object.assign(root, { type: "leaf" })), "dock.grid.root.type"],
      [changed((_, column) => Object.assign(column, { data: {} })), "dock.grid.root.data[0].data"],
      [changed((_, column) => (column.size = -1)), "dock.grid.root.data[0].size"],
      [changed((_, __, one) => (one.data.views = [])), `${leaf}.data.views`],
      [changed((_, __, one) => (one.data.views = ["x" as never])), `${leaf}.data.views[0]`],
      [changed((_, __, one) => (one.data.views = ["book"])), "dock.grid.root.data[0].data[1]"],
      [changed((root) => root.data.push(...root.data, ...root.data)), "dock.grid.root.data[3]"],
      [changed((root) => (root.data = Array(40).fill(root.data[0]))), "dock.grid.root.data"],
      [nested(8), "dock.grid.root.data[0].data[0]"],
    ];
    for (const [told, place] of wrong) expect(() => readDock(told)).toThrow(place);
    expect(readDock(nested(5))).toBeTruthy();
  });
});
