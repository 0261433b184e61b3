import { KINDS } from "../../kinds/registry.ts";
import { DiagnosedError } from "../../model/errors.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Desired, Memory, Observation, Plan } from "../../model/plan.ts";
import type { PlatformReader } from "../../model/platform.ts";
import type { Limits } from "../../model/policy.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { findMissingReads } from "../../plan/missing-reads.ts";
import { readBelongings } from "../../state/belongings.ts";
import { makeDesired, selectReads } from "../../state/desired.ts";
import { readLedger } from "../../state/ledger.ts";
import { recallMemory } from "../../state/memory.ts";
import { observeAccount } from "../../state/observe.ts";
import type { Reading } from "../context.ts";
import { findLedger } from "../manifest-home.ts";
import { makeProgress } from "../progress.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import { type Aim, aimUndo, type UndoSource } from "./aim-undo.ts";
import { demandRotation, type RotationDemand } from "./demand-rotation.ts";

/** What is wanted and what is there, at one moment. */
export interface Sight {
  readonly desired: Desired;
  readonly observation: Observation;
  readonly account: Plan["account"];
}

/** Reads of the account what the manifest needs, after making sure that it is the manifest's account. Throws DiagnosedError when it is not. */
export async function readAccount(
  session: Session,
  options: {
    readonly manifest: Manifest;
    readonly reading: Reading;
    readonly undo?: UndoSource | undefined;
    readonly rotate?: RotationDemand | undefined;
    readonly memory?: Memory;
  },
): Promise<Sight> {
  const { manifest, reading, undo, rotate, memory } = options;
  session.events?.emit("log", "info", "Reading the account.", {});
  await checkAccount(manifest, reading.reader);
  const now = session.clock.now();
  const declared = makeDesired({ manifest, kinds: KINDS, now });
  const wanted = rotate === undefined ? declared : demandRotation(declared, rotate, now);
  const aim = undo === undefined ? aimManifest(wanted) : aimUndo(undo, wanted);
  const progress = makeProgress(session);
  try {
    const observation = await observeAccount({
      reader: reading.reader,
      kinds: KINDS,
      selection: aim.selection,
      ...(memory !== undefined && { memory }),
      onRead: (kind, count) => progress.update(`Reading the account: ${kind} ${count}`),
    });
    const name = observation.caller.accountName;
    return {
      desired: aim.settle(observation),
      observation,
      account: { url: reading.accountUrl, ...(name !== undefined && { name }) },
    };
  } finally {
    progress.end();
  }
}

/** How often more is read because what was read showed more that counts: spaces, what is in them, and who. */
const MOST_ROUNDS = 4;

/** Reads what a plan of what was seen needs beside, to say whom it hits and what stays behind. Nothing is read where nothing would change. */
export async function completeSight(
  session: Session,
  sight: Sight,
  options: { readonly reading: Reading; readonly memory: Memory; readonly limits: Limits },
): Promise<Sight> {
  const { reading, memory, limits } = options;
  const progress = makeProgress(session);
  let { observation } = sight;
  try {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const { classes, owners } = findMissingReads({ ...sight, observation, kinds: KINDS, memory, limits });
      if (owners.length > 0) {
        observation = await readBelongings({ reader: reading.reader, kinds: KINDS, observation, owners });
        progress.update(`Reading what stays behind: ${owners.length}`);
      }
      if (classes.size === 0) break;
      observation = await observeAccount({
        reader: reading.reader,
        kinds: KINDS,
        selection: { classes, under: [] },
        base: observation,
        memory,
        onRead: (kind, count) => progress.update(`Reading whom it hits: ${kind} ${count}`),
      });
    }
  } finally {
    progress.end();
  }
  return { ...sight, observation };
}

function aimManifest(desired: Desired): Aim {
  return { selection: selectReads(desired, KINDS), settle: () => desired };
}

/** The plan of what was seen. Pure. */
export function planFrom(sight: Sight, options: { readonly memory: Memory; readonly limits: Limits }): Plan {
  return makePlan({ ...sight, kinds: KINDS, ...options });
}

/** What the ledger remembers. It is only read: where there is none, nothing is remembered and none is made. */
export async function recallReading(session: Session): Promise<Memory> {
  const { lines, notes } = await readLedger({ location: await findLedger(session), files: session.files });
  session.tell(renderDiagnostics(notes, session.errorPaint));
  const { inDoubt, ...memory } = recallMemory(lines);
  for (const { address } of inDoubt) {
    session.tell(`A run broke off at ${harmless(address)}; the next apply settles what became of it.\n`);
  }
  return memory;
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
