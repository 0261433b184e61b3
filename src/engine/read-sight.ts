import { KINDS } from "../kinds/registry.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { AccountIdentity } from "../model/ledger.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Desired, Memory, Observation, Plan, TargetPart } from "../model/plan.ts";
import type { PlatformReader } from "../model/platform.ts";
import type { Limits } from "../model/policy.ts";
import type { Shard } from "../model/shard.ts";
import { indexKinds } from "../plan/kinds-by-name.ts";
import { makePlan, type PlanInput } from "../plan/make-plan.ts";
import { findMissingReads } from "../plan/missing-reads.ts";
import { suffices } from "../plan/part-suffices.ts";
import { selectPart } from "../plan/shard-plan.ts";
import { selectTargets } from "../plan/target-part.ts";
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
  /** What the targets of the plan need, where that alone was looked at. */
  readonly part?: TargetPart;
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
  /** What the plan is confined to: only what that needs is read where it can be told beforehand. Left out: nothing. */
  readonly targets?: readonly string[];
  /** What was read of the same account a moment ago and still counts: only what it lacks is read. Left out: nothing was. */
  readonly base?: Observation | undefined;
}

/** Reads of the account what the manifest needs, after making sure that it is the manifest's account. Throws DiagnosedError when it is not. */
export async function readSight(account: AccountReading, query: SightQuery, hear: Hear): Promise<Sight> {
  const { manifest, undo, rotate, memory, now, shard, base, targets = [] } = query;
  hear({ type: "looking" });
  if (memory?.paces !== undefined) account.pacing?.recall(memory.paces);
  await checkAccount(manifest, account.reader);
  const declared = makeDesired({ manifest, kinds: KINDS, now });
  const wanted = rotate === undefined ? declared : demandRotation(declared, rotate, now);
  const aim = undo === undefined ? aimManifest(wanted, { shard, targets, memory }) : aimUndo(undo, wanted);
  try {
    const observation = await observeAccount({
      reader: account.reader,
      kinds: KINDS,
      selection: aim.selection,
      ...(memory !== undefined && { memory }),
      ...(base !== undefined && { base }),
      onRead: (kind, count) => hear({ type: "reading", reads: "manifest", kind, count }),
    });
    const seen = { desired: aim.settle(observation), observation, account: identifyAccount(account, observation) };
    return { ...seen, ...(shard !== undefined && { shard }), ...(aim.part !== undefined && { part: aim.part }) };
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

function aimManifest(
  desired: Desired,
  { shard, targets, memory }: Pick<SightQuery, "shard" | "memory"> & { readonly targets: readonly string[] },
): Aim {
  const kinds = indexKinds(KINDS);
  const settle = (): Desired => desired;
  if (shard !== undefined) {
    const { desired: own, within } = selectPart(desired, shard, kinds);
    return { selection: { ...selectReads(own, KINDS), within }, settle };
  }
  const part = memory && selectTargets(targets, { desired, memory, kinds });
  if (part === undefined) return { selection: selectReads(desired, KINDS), settle };
  const { focus } = part;
  return { selection: { ...selectReads(part.desired, KINDS), ...(focus !== undefined && { focus }) }, settle, part };
}

/** How often more is read because what was read showed more that counts: spaces, what is in them, and who. */
const MOST_ROUNDS = 4;

/** What a plan of what was seen is to be made with. */
interface Completing {
  readonly sight: Sight;
  readonly memory: Memory;
  readonly limits: Limits;
}

/**
 * Reads what a plan of what was seen needs beside, to say whom it hits and what stays behind. Nothing is read where nothing would
 * change. Where what the targets need turns out not to be enough, everything is read.
 */
export async function completeSight(
  account: Pick<AccountReading, "reader">,
  seen: Completing,
  hear: Hear,
): Promise<Sight> {
  try {
    let { sight } = seen;
    for (;;) {
      const completed = isEnough({ ...seen, sight }) ? await readMissing(account, { ...seen, sight }, hear) : sight;
      if (isEnough({ ...seen, sight: completed })) return completed;
      sight = await widen(account, { ...seen, sight: completed }, hear);
    }
  } finally {
    hear({ type: "ended" });
  }
}

/** Reads more than the part that was read: the next wider one, or everything. */
async function widen(
  { reader }: Pick<AccountReading, "reader">,
  { sight, memory }: Completing,
  hear: Hear,
): Promise<Sight> {
  const { part, ...whole } = sight;
  const wider = part?.wider;
  const observation = await observeAccount({
    reader,
    kinds: KINDS,
    selection: selectReads(wider?.desired ?? whole.desired, KINDS),
    memory,
    onRead: (kind, count) => hear({ type: "reading", reads: "manifest", kind, count }),
  });
  return { ...whole, observation, ...(wider !== undefined && { part: wider }) };
}

function isEnough({ sight, memory, limits }: Completing): boolean {
  return suffices({ ...sight, kinds: KINDS, memory, limits });
}

async function readMissing(
  { reader }: Pick<AccountReading, "reader">,
  { sight, memory, limits }: Completing,
  hear: Hear,
): Promise<Sight> {
  let { observation } = sight;
  const people = sight.part?.focus?.people;
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
      selection: { classes, under: [], ...(people !== undefined && { focus: { people } }) },
      base: observation,
      memory,
      onRead: (kind, count) => hear({ type: "reading", reads: "reach", kind, count }),
    });
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
  const accountName = await reader.nameAccount();
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
