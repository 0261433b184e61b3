import { createHash, hash } from "node:crypto";
import type { ChangeId, Digest } from "../model/change.ts";
import { canonicalJson, canonicalPieces } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";

/** SHA-256 over the canonical JSON of a value. */
export function digestOf(value: unknown): Digest {
  return digestOfPieces((add) => {
    for (const piece of canonicalPieces(value)) add(piece);
  });
}

/** SHA-256 over a text that is written piece by piece, and never there as a whole. */
export function digestOfPieces(write: (add: (piece: string) => void) => void): Digest {
  const digest = createHash("sha256");
  let text = "";
  write((piece) => {
    text += piece;
    if (text.length < MOST_AT_ONCE) return;
    digest.update(text);
    text = "";
  });
  return `sha256:${digest.update(text).digest("hex")}`;
}

/** Characters after which it is worth a call to hash them. */
const MOST_AT_ONCE = 65_536;

/** Computes the digest of a plan over all of it but what depends on the clock. */
export function digestPlan(plan: Omit<Plan, "digest">): Plan["digest"] {
  const { lapses: _, ...content } = { ...plan, digest: undefined };
  return digestOf(content);
}

/** The id of a change: the first 16 hexadecimal digits of the hash of what it does, to what, and with which dangers. */
export function changeIdOf(content: unknown): ChangeId {
  return `chg_${hashText(canonicalJson(content)).slice(0, 16)}`;
}

/** SHA-256 over a text, as 64 hexadecimal digits. */
export function hashText(text: string): string {
  return hash("sha256", text);
}
