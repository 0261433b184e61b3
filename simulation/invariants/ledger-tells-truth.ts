import { headOf, type LedgerLine, type OutcomeEntry, type PartPosition } from "../../src/model/ledger.ts";
import { pairKey, type Store } from "../../src/sandbox/store.ts";
import { locatePart, mergeLines } from "../../src/state/ledger-parts.ts";
import { makeLedgerReader } from "../../src/state/ledger-text.ts";
import { startRecalling } from "../../src/state/memory.ts";
import { isTold, type JointCheckpoint, watchCheckpoints } from "../../src/state/verify-ledger.ts";
import { isLedger, LEDGER } from "../story/evidence.ts";
import type { Invariant } from "./invariant.ts";
import { findIntents } from "./which-intent.ts";

/** The ledger's chain holds, every write has its intent on the disk before it, and what it calls done is so. */
export const ledgerTellsTruth: Invariant = {
  name: "ledger-tells-truth",
  claim:
    "the ledger's chain holds, its checkpoints are true, each write had its intent before it, and what it calls done is done",
  watch: (tell, { scenario }) => {
    const texts = new Map<string, string>();
    let isChecked = true;
    let judged = 0;
    return {
      see: (happening, { store, lines, open, request, isEdited }) => {
        if (happening.type === "put-back") {
          texts.set(LEDGER, happening.text);
          judged = lines.length;
        }
        if (happening.type === "write" && isLedger(happening.path)) {
          const before = happening.change === "append" ? (texts.get(happening.path) ?? "") : "";
          texts.set(happening.path, before + happening.text);
          isChecked = false;
          const fresh = lines.slice(Math.min(judged, lines.length));
          judged = lines.length;
          const mayBeTaken = scenario.switches.spaceRemovalDropsProjectBindings === true;
          for (const line of isEdited ? [] : fresh.filter(({ entry }) => !mayBeTaken || !isOfBinding(entry)))
            for (const breach of judgeOutcome(line, lines, store)) tell(breach);
        }
        if (happening.type === "commit" && typeof happening.by === "number" && !isKeyUse(happening.operations)) {
          const { method = "?", target = "?" } = request(happening.by) ?? {};
          // A key whose secret reached nobody is revoked under the intent that made it, before it has an id there.
          const isRetraction = target.endsWith("/revoke") && open.some(({ kind }) => kind === "service-key");
          if (!isRetraction && findIntents(open, target).length === 0)
            tell(`${method} ${target} took effect without an intent before it`);
        }
        if (!isChecked && (happening.type === "ended" || happening.type === "killed" || happening.type === "settled")) {
          isChecked = true;
          for (const breach of checkChains(texts)) tell(breach);
        }
      },
    };
  },
};

/** Where the platform drops the roles on projects with a membership of their space, what was just made may be gone again. */
function isOfBinding(entry: LedgerLine["entry"]): boolean {
  return entry.type === "outcome" && entry.address.startsWith("binding:");
}

/** That a key was used is written down by the account itself. */
function isKeyUse(operations: readonly (readonly unknown[])[]): boolean {
  return (
    operations.length === 1 &&
    operations[0]?.[1] === "api_keys" &&
    "last_used_at" in (operations[0][2] as object) &&
    (operations[0][2] as { key_type: string }).key_type === "USER"
  );
}

/** Of each part its chain, and of each checkpoint that it says what the lines before it come to. */
function checkChains(texts: ReadonlyMap<string, string>): readonly string[] {
  try {
    const parts = new Map<string, LedgerLine[]>();
    const joint: JointCheckpoint[] = [];
    for (const [path, text] of texts) {
      const lines: LedgerLine[] = [];
      const watched = watchCheckpoints(path, (checkpoint) => joint.push(checkpoint));
      const reader = makeLedgerReader(path, (line) => {
        watched.take(line);
        lines.push(line);
      });
      reader.add(new TextEncoder().encode(text));
      reader.end();
      parts.set(path, lines);
    }
    return judgeJoint(parts, joint);
  } catch (error) {
    return [`the chain of the ledger is broken, or a checkpoint untrue: ${JSON.stringify(error)}`];
  }
}

/** Those that tell of several parts, each by the lines since the one before it. */
function judgeJoint(
  parts: ReadonlyMap<string, readonly LedgerLine[]>,
  joint: readonly JointCheckpoint[],
): readonly string[] {
  const recalling = startRecalling();
  const taken = new Map<string, number>();
  return joint.flatMap(({ line, length, positions }) => {
    const fresh = [[LEDGER, line - length] as const, ...positions.map(placeOf)].map(([path, until]) => {
      const lines = parts.get(path)?.slice(taken.get(path) ?? 0, until) ?? [];
      taken.set(path, until);
      return lines;
    });
    for (const each of mergeLines(fresh)) recalling.take(each);
    // What comes after it is ordered without it.
    taken.set(LEDGER, line);
    const own = parts.get(LEDGER)?.slice(line - length, line) ?? [];
    const isThere = positions.every((position, index) => {
      const [path, until] = placeOf(position, index);
      return headOf(parts.get(path)?.slice(0, until) ?? []).digest === position.last;
    });
    return isThere && isTold(own, recalling.recall()) ? [] : [`the checkpoint in line ${line} tells of other lines`];
  });
}

const placeOf = ({ lines }: PartPosition, index: number): readonly [string, number] => [
  locatePart(LEDGER, index + 1),
  lines,
];

const DONE: readonly OutcomeEntry["result"][] = ["done", "settled-done"];

function judgeOutcome({ entry }: LedgerLine, lines: readonly LedgerLine[], store: Store): readonly string[] {
  if (entry.type !== "outcome" || !DONE.includes(entry.result)) return [];
  const intent = lines.findLast((line) => line.entry.type === "intent" && line.entry.address === entry.address)?.entry;
  if (intent?.type !== "intent") return [`${entry.address} is called done, and nobody meant to do it`];
  const remote = (entry.op === "delete" ? intent.remote : (entry.remote ?? intent.remote)) ?? {};
  const isThere = findRow(store, intent.kind, remote);
  if (isThere === undefined || isThere === (entry.op !== "delete")) return [];
  return [`${entry.op} ${entry.address} is called ${entry.result}, and ${isThere ? "it is there" : "it is not there"}`];
}

/** Whether something is there; undefined where that is not known by its ids. */
function findRow({ tables }: Store, kind: string, remote: Readonly<Record<string, string>>): boolean | undefined {
  const { id = "", organization = "", space = "", user = "", project = "" } = remote;
  switch (kind) {
    case "organization":
      return tables.organizations.get(id) !== undefined;
    case "space":
      return tables.spaces.get(id) !== undefined;
    case "project":
      return tables.projects.get(id) !== undefined;
    case "user":
      return (tables.users.get(id)?.status ?? "INACTIVE") !== "INACTIVE";
    case "role":
      return tables.roles.get(id)?.deleted === false;
    case "binding":
      return tables.role_bindings.get(id) !== undefined;
    case "service-key":
      return tables.api_keys.get(id)?.status === "ACTIVE";
    case "restriction":
      return tables.restrictions.get(project) !== undefined;
    case "org-member":
      return tables.org_members.one("pair", pairKey(organization, user)) !== undefined;
    case "space-member":
      return [tables.space_members, tables.role_bindings].some(
        (table) => table.one("pair", pairKey(space, user)) !== undefined,
      );
    default:
      return undefined;
  }
}
