import { canonicalJson } from "../../src/model/json.ts";
import { FIRST_PREV, type LedgerLine } from "../../src/model/ledger.ts";
import { sealLine } from "../../src/state/chain.ts";
import { formatLines } from "../../src/state/ledger-text.ts";
import type { Recollection } from "../../src/state/memory.ts";
import { writeHostile } from "./hostile-values.ts";
import { type Edit, mutateBytes, mutateText, mutateValue } from "./mutate.ts";

/** How a ledger is spoilt: `sealed` is chained anew, the others are as somebody leaves it who does not know how. */
export const WAYS = ["sealed", "sealed", "value", "text", "bytes"] as const;

/** What is remembered, as one text. */
export function spellRecalled(memory: Recollection | undefined): string {
  return canonicalJson(memory && [[...memory.owned], [...memory.managed], memory.inDoubt, memory.head]);
}

/** The ledger after something happened to it. */
export function spoilLedger(text: string, how: (typeof WAYS)[number], edits: readonly Edit[]): Uint8Array {
  if (how === "text") return ENCODER.encode(mutateText(text, edits));
  if (how === "bytes") return mutateBytes(ENCODER.encode(text), edits);
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LedgerLine);
  if (how === "value") {
    const spoilt = mutateValue(lines, edits);
    return ENCODER.encode(
      `${(Array.isArray(spoilt) ? spoilt : [spoilt]).map((line) => writeHostile(line)).join("\n")}\n`,
    );
  }
  const entries = mutateValue(
    lines.map(({ entry }) => entry),
    edits,
  );
  return ENCODER.encode(chain(Array.isArray(entries) ? entries : [entries]));
}

/** As somebody would who knows how lines are chained. */
function chain(entries: readonly LedgerLine["entry"][]): string {
  let prev: LedgerLine["prev"] = FIRST_PREV;
  return entries
    .map((entry, index) => {
      const line = sealLine({ format: 1, seq: index + 1, at: "2026-06-01T00:00:00Z", prev, entry });
      prev = line.digest;
      return formatLines([line]);
    })
    .join("");
}

const ENCODER = new TextEncoder();
