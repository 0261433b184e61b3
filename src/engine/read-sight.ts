import { KINDS } from "../kinds/registry.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { AccountIdentity } from "../model/ledger.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Desired, Memory, Observation, Plan } from "../model/plan.ts";
import type { PlatformReader } from "../model/platform.ts";
import type { Limits } from "../model/policy.ts";
import type { Shard } from "../model/shard.ts";
import { indexKinds } from "../plan/kinds-by-name.ts";
import { makePlan, type PlanInput } from "../plan/make-plan.ts";
import { findMissingReads } from "../plan/missing-reads.ts";
import { selectPart } from "../plan/shard-plan.ts";
import { readBelongings } from "../state/belongings.ts";
import { makeDesired, selectReads } from "../state/desired.ts";
import type { Recollection } from "../state/memory.ts";
import { observeAccount } from "../state/observe.ts";
import type { AccountReading } from "./account-reading.ts";
import { type Aim, aimUndo, type UndoSource } from "./aim-undo.ts";
import { demandRotation, type RotationDemand } from "./demand-rotation.ts";
import type { Hear } from "./engine-event.ts";
import type { IsOurs } from "./own-doubts.ts";

/** What is wanted and what is there, at one moment. */
export interface Sight {
  readonly desired: Desired;
  readonly observation: Observation;
  readonly account: Plan["account"];
  /** The part of the account that was looked at; left out: all of it. */
  readonly shard?: Shard;
}

/** What is looked for in an account. */
export interface SightQuery {
  readonly manifest: Manifest;
  readonly undo?: UndoSource | undefined;
  readonly rotate?: RotationDemand | undefined;
  readonly memory?: Memory | undefined;
  readonly now: Date;
  /** The part of the account that is looked at; undefined: all of it. */
  readonly shard?: Shard | undefined;
}

/** Reads of the account what the manifest needs, after making sure that it is the manifest's account. Throws DiagnosedError when it is not. */
export async function readSight(account: AccountReading, query: SightQuery, hear: Hear): Promise<Sight> {
  const { manifest, undo, rotate, memory, now, shard } = query;
  hear({ type: "looking" });
  if (memory?.paces !== undefined) account.pacing?.recall(memory.paces);
  await checkAccount(manifest, account.reader);
  const declared = makeDesired({ manifest, kinds: KINDS, now });
  const wanted = rotate === undefined ? declared : demandRotation(declared, rotate, now);
  const aim = undo === undefined ? aimManifest(wanted, shard) : aimUndo(undo, wanted);
  try {
    const observation = await observeAccount({
      reader: account.reader,
      kinds: KINDS,
      selection: aim.selection,
      ...(memory !== undefined && { memory }),
      onRead: (kind, count) => hear({ type: "reading", reads: "manifest", kind, count }),
    });
    const seen = { desired: aim.settle(observation), observation, account: identifyAccount(account, observation) };
    return { ...seen, ...(shard !== undefined && { shard }) };
  } finally {
    hear({ type: "ended" });
  }
}

/** What the account that was read is told from others by. */
export function identifyAccount(
  { accountUrl }: Pick<AccountReading, "accountUrl">,
  { caller: { accountName: name } }: Observation,
): AccountIdentity {
  return { url: accountUrl, ...(name !== undefined && { name }) };
}

function aimManifest(desired: Desired, shard: Shard | undefined): Aim {
  if (shard === undefined) return { selection: selectReads(desired, KINDS), settle: () => desired };
  const part = selectPart(desired, shard, indexKinds(KINDS));
  return { selection: { ...selectReads(part.desired, KINDS), within: part.within }, settle: () => desired };
}

/** How often more is read because what was read showed more that counts: spaces, what is in them, and who. */
const MOST_ROUNDS = 4;

/** Reads what a plan of what was seen needs beside, to say whom it hits and what stays behind. Nothing is read where nothing would change. */
export async function completeSight(
  { reader }: Pick<AccountReading, "reader">,
  seen: { readonly sight: Sight; readonly memory: Memory; readonly limits: Limits },
  hear: Hear,
): Promise<Sight> {
  const { sight, memory, limits } = seen;
  let { observation } = sight;
  try {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const { classes, owners } = findMissingReads({ ...sight, observation, kinds: KINDS, memory, limits });
      if (owners.length > 0) {
        observation = await readBelongings({ reader, kinds: KINDS, observation, owners });
        hear({ type: "reading", reads: "belongings", kind: "", count: owners.length });
      }
      if (classes.size === 0) break;
      observation = await observeAccount({
        reader,
        kinds: KINDS,
        selection: { classes, under: [] },
        base: observation,
        memory,
        onRead: (kind, count) => hear({ type: "reading", reads: "reach", kind, count }),
      });
    }
  } finally {
    hear({ type: "ended" });
  }
  return { ...sight, observation };
}

/** The plan of what was seen. Pure. */
export function planFrom(sight: Sight, options: Pick<PlanInput, "memory" | "limits" | "rules" | "asItIs">): Plan {
  return makePlan({ ...sight, kinds: KINDS, ...options });
}

/** What a ledger remembers, where nothing is written: what is in doubt is told, and left to the next apply. */
export function recallOnly(
  recollection: Recollection,
  hear: Hear,
  { exists = true, isOurs = () => true }: { readonly exists?: boolean; readonly isOurs?: IsOurs } = {},
): Memory {
  const { inDoubt, head, ...memory } = recollection;
  for (const { address } of inDoubt.filter((intent) => isOurs(intent.address))) hear({ type: "doubted", address });
  return exists ? { ...memory, head } : memory;
}

/** Refuses another account than the manifest names, and one whose name cannot be found out. Throws DiagnosedError. */
export async function checkAccount(manifest: Manifest, reader: PlatformReader): Promise<void> {
  if (manifest.account === undefined) return;
  const { value, at } = manifest.account;
  const { accountName } = await reader.identify();
  if (accountName === value) return;
  const detail =
    accountName === undefined
      ? `The manifest is for the account "${value}", and the name of this account cannot be found out.`
      : `The manifest is for the account "${value}"; the key belongs to "${accountName}".`;
  const fix =
    accountName === undefined
      ? "Make sure that the GraphQL endpoint can be reached (axcess doctor), or remove `account` from the manifest."
      : "Use the key of that account, or the manifest of this one.";
  throw new DiagnosedError([
    { code: "AX390", severity: "error", summary: "Not the manifest's account", detail, fix, at },
  ]);
}
