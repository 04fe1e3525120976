/** Which of several places on the page lies beside another one. */

export type Side = "left" | "right" | "top" | "bottom";
type Box = Pick<DOMRect, "left" | "right" | "top" | "bottom">;

/** How far apart two edges may be, and be beside each other still. */
const GAP = 24;

/** Return which box lies at a side of another one: of several the one with the longest common edge. */
export function sideways(from: Box, boxes: readonly Box[], side: Side): number | null {
  const isAcross = side === "left" || side === "right";
  const edge = (box: Box, at: Side): number => box[at];
  const opposite = { left: "right", right: "left", top: "bottom", bottom: "top" } as const;
  const common = (box: Box): number =>
    isAcross
      ? Math.min(box.bottom, from.bottom) - Math.max(box.top, from.top)
      : Math.min(box.right, from.right) - Math.max(box.left, from.left);
  let best: [place: number, length: number] | null = null;
  for (const [place, box] of boxes.entries()) {
    if (Math.abs(edge(box, opposite[side]) - edge(from, side)) > GAP) continue;
    const length = common(box);
    if (length > 0 && length > (best?.[1] ?? 0)) best = [place, length];
  }
  return best?.[0] ?? null;
}
