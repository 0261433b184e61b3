import type { KindName } from "../model/address.ts";
import type { KindWrites } from "../model/kind.ts";
import type { IntentEntry, LedgerEntry, LedgerLine, OutcomeEntry } from "../model/ledger.ts";
import type { PlatformReader, PlatformWriter } from "../model/platform.ts";

export interface Retraction {
  readonly inDoubt: readonly IntentEntry[];
  /** The whole ledger, asked for where something is suspect: which ids it names, and when the intents were written. */
  readonly history: () => Promise<readonly LedgerLine[]>;
  readonly kinds: ReadonlyMap<KindName, Pick<KindWrites, "secrets">>;
  readonly reader: PlatformReader;
  readonly writer: PlatformWriter;
  /** The run that retracts. */
  readonly run: string;
}

/**
 * Makes worthless whatever a run that broke off may have made without its secret having reached its place. The intents of what
 * it found are settled by that; the others stay in doubt. Rejects where the platform refuses: then something may live whose
 * secret nobody has, and nothing else may be done before it is gone.
 */
export async function retractUndelivered(retraction: Retraction): Promise<readonly OutcomeEntry[]> {
  const { inDoubt, history, kinds, reader, writer, run } = retraction;
  const suspects = inDoubt.flatMap((intent) => {
    const care = kinds.get(intent.kind)?.secrets;
    return care === undefined ? [] : [{ intent, care }];
  });
  if (suspects.length === 0) return [];
  const lines = await history();
  const known = listKnownIds(lines);
  const outcomes: OutcomeEntry[] = [];
  for (const { intent, care } of suspects) {
    const at = lines.findLast(({ entry }) => isSame(entry, intent))?.at ?? "";
    const found = await care.findUndelivered({ reader, intent, at, isKnown: (id) => known.has(id) });
    for (const remote of found) await care.retract(writer, remote);
    const { change, op, address } = intent;
    if (found.length === 0) continue;
    outcomes.push({ type: "outcome", run, change, op, address, result: "settled-not-done", secret: "revoked" });
  }
  return outcomes;
}

function isSame(entry: LedgerEntry, { run, address }: IntentEntry): boolean {
  return entry.type === "intent" && entry.run === run && entry.address === address;
}

/** The ids of everything that the ledger says was there or was written whole. */
function listKnownIds(lines: readonly LedgerLine[]): ReadonlySet<string> {
  return new Set(lines.flatMap(({ entry }) => ("remote" in entry ? (entry.remote?.["id"] ?? []) : [])));
}
