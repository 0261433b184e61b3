import { type Paint, PLAIN } from "./paint.ts";

/** Colours, or none at all; what makes them is loaded only where there are some. */
export async function loadPaint(color: boolean): Promise<Paint> {
  if (!color) return PLAIN;
  const { COLORED } = await import("./colored.ts");
  return COLORED;
}
