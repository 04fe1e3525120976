/** The frames of the last minutes, without their secrets. */

import { withoutSecrets } from "./secrets";

export interface Frame {
  number: number;
  at: number;
  way: "out" | "in";
  text: string;
}

const MOST = 500;
const LONGEST = 4_000;

const TICK = '{"MsgType":"RtnDepthMarketData"';

export class FrameLog {
  /** Ticks apart: hundreds a second would leave no room for the answers between them. */
  #kept: Record<"ticks" | "others", Frame[]> = { ticks: [], others: [] };
  #count = 0;
  paused = false;

  /** Keep a frame, in the place of the oldest of its kind where there are many. */
  add(way: "out" | "in", text: string, at = Date.now()): void {
    if (this.paused) return;
    const kind = text.startsWith(TICK) ? "ticks" : "others";
    const kept = this.#kept[kind];
    kept.push({ number: ++this.#count, at, way, text });
    if (kept.length > 2 * MOST) this.#kept[kind] = kept.slice(-MOST);
  }

  clear(): void {
    this.#kept = { ticks: [], others: [] };
  }

  /** The newest frames that hold a text, the newest first, as they may be shown. */
  find(text: string, most: number): Frame[] {
    const wanted = text.toLowerCase();
    const { ticks, others } = this.#kept;
    const newest = [...ticks.slice(-MOST), ...others.slice(-MOST)];
    newest.sort((a, b) => b.number - a.number);
    const found: Frame[] = [];
    for (const frame of newest) {
      const shown = withoutSecrets(frame.text);
      if (wanted !== "" && !shown.toLowerCase().includes(wanted)) continue;
      found.push({
        ...frame,
        text: shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown,
      });
      if (found.length === most) break;
    }
    return found;
  }
}
