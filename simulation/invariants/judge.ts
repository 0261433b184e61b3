import type { IntentEntry, LedgerEntry, LedgerLine } from "../../src/model/ledger.ts";
import { makeStore } from "../../src/sandbox/store.ts";
import { START } from "../machine/machine.ts";
import { type Evidence, type Happening, isLedger, LEDGER } from "../story/evidence.ts";
import type { Stage } from "../story/scenario.ts";
import { accessMoments } from "./access-moments.ts";
import { asReviewed } from "./as-reviewed.ts";
import { converges } from "./converges.ts";
import { exitTellsTruth } from "./exit-tells-truth.ts";
import { handsOff } from "./hands-off.ts";
import type { Breach, Invariant, Moment } from "./invariant.ts";
import { ledgerTellsTruth } from "./ledger-tells-truth.ts";
import { noSecretShown } from "./no-secret-shown.ts";
import { nothingTwice } from "./nothing-twice.ts";
import { oneWriter } from "./one-writer.ts";
import { removalsApproved } from "./removals-approved.ts";

/** Everything that is held against every run. */
const INVARIANTS: readonly Invariant[] = [
  converges,
  removalsApproved,
  handsOff,
  nothingTwice,
  oneWriter,
  accessMoments,
  ledgerTellsTruth,
  noSecretShown,
  exitTellsTruth,
  asReviewed,
];

/** Goes through all that happened once more, and gives what must never have been. */
export function judge(evidence: Evidence, invariants: readonly Invariant[] = INVARIANTS): readonly Breach[] {
  const breaches: Breach[] = [];
  const watches = invariants.map(({ name, watch }) =>
    watch((words) => breaches.push({ invariant: name, words }), evidence),
  );
  const playback = openPlayback(evidence);
  for (const happening of evidence.happenings) {
    const moment = playback.advance(happening);
    for (const watch of watches) watch.see(happening, moment);
  }
  return breaches;
}

const NO_STAGE: Stage = { company: {}, troubled: [], faults: [], days: 0 };

/** The account and the ledger as they were, happening by happening. */
function openPlayback({ scenario }: Evidence): { readonly advance: (happening: Happening) => Moment } {
  const store = makeStore(() => {});
  const requests = new Map<number, Extract<Happening, { type: "request" }>>();
  let ledger = EMPTY;
  let stage = NO_STAGE;
  let days = 0;
  let isEdited = false;
  const follow = (happening: Happening): void => {
    switch (happening.type) {
      case "stage":
        stage = scenario.stages[happening.stage] ?? NO_STAGE;
        isEdited = false;
        days += stage.days;
        requests.clear();
        return;
      case "request":
        requests.set(happening.number, happening);
        return;
      case "commit":
        isEdited ||= happening.by === "person";
        for (const operation of happening.operations) store.replay(operation);
        return;
      case "put-back":
        ledger = readAnew(EMPTY, LEDGER, happening.text);
        return;
      case "write":
        if (!isLedger(happening.path)) return;
        ledger = (happening.change === "append" ? readPieces : readAnew)(ledger, happening.path, happening.text);
        return;
    }
  };
  return {
    advance: (happening) => {
      follow(happening);
      const { lines, open } = ledger;
      const now = new Date(START + days * 24 * 60 * 60 * 1000);
      return {
        store,
        lines,
        open: [...open.values()],
        stage,
        now,
        isEdited,
        request: (number) => requests.get(number),
      };
    },
  };
}

interface LedgerSoFar {
  /** Of all parts, in the order in which they were written. */
  readonly lines: readonly LedgerLine[];
  readonly open: ReadonlyMap<string, IntentEntry>;
  /** By path: a last line that is not whole. */
  readonly rests: ReadonlyMap<string, string>;
  /** In which file each line stands. */
  readonly paths: ReadonlyMap<LedgerLine, string>;
}

const EMPTY: LedgerSoFar = { lines: [], open: new Map(), rests: new Map(), paths: new Map() };

function readPieces(before: LedgerSoFar, path: string, added: string): LedgerSoFar {
  const pieces = `${before.rests.get(path) ?? ""}${added}`.split("\n");
  const rests = new Map(before.rests).set(path, pieces.pop() ?? "");
  if (pieces.length === 0) return { ...before, rests };
  const fresh = pieces.map((text) => JSON.parse(text) as LedgerLine);
  const open = new Map(before.open);
  for (const { entry } of fresh) followEntry(open, entry);
  const paths = new Map([...before.paths, ...fresh.map((line) => [line, path] as const)]);
  return { lines: [...before.lines, ...fresh], open, rests, paths };
}

/** A file in the place of another: what it has of the same lines keeps its place among those of other parts. */
function readAnew(before: LedgerSoFar, path: string, text: string): LedgerSoFar {
  const { lines, paths, rests } = readPieces(EMPTY, path, text);
  const known = new Set(before.lines.filter((line) => before.paths.get(line) === path).map(({ digest }) => digest));
  const now = new Map(lines.map((line) => [line.digest, line] as const));
  const kept = before.lines.flatMap((line) => (before.paths.get(line) === path ? (now.get(line.digest) ?? []) : line));
  const all = [...kept, ...lines.filter(({ digest }) => !known.has(digest))];
  const open = new Map<string, IntentEntry>();
  for (const { entry } of all) followEntry(open, entry);
  return {
    ...{ lines: all, open },
    rests: new Map([...before.rests, ...rests]),
    paths: new Map(all.map((line) => [line, paths.get(line) ?? before.paths.get(line) ?? path])),
  };
}

function followEntry(open: Map<string, IntentEntry>, entry: LedgerEntry): void {
  if (entry.type === "intent") open.set(entry.address, entry);
  if (entry.type !== "outcome") return;
  // The run that meant it does not know what became of it: then nobody does yet.
  const isDoubt = entry.result === "unknown" && open.get(entry.address)?.run === entry.run;
  if (!isDoubt) open.delete(entry.address);
}
