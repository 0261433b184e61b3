import { KINDS } from "../../kinds/registry.ts";
import { editManifest, type ManifestChange, openManifest } from "../../manifest/edit-manifest.ts";
import { type LiveTake, planLiveEdits } from "../../manifest/write-live.ts";
import type { Address } from "../../model/address.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { DiagnosedError } from "../../model/errors.ts";
import type { Manifest } from "../../model/manifest.ts";
import type { Memory } from "../../model/plan.ts";
import { NO_LIMITS } from "../../model/policy.ts";
import type { Drift, DriftItem } from "../../plan/find-drift.ts";
import { makeDesired } from "../../state/desired.ts";
import { planFrom, type Sight } from "../plans/plan-account.ts";
import type { Session } from "../session.ts";
import { adviseRefusal } from "./advise-refusal.ts";
import { renderChanges, requireWritable, writeEdited } from "./write-edited.ts";

/** What was found, on which account, and what the ledger remembers. */
interface Found {
  readonly drift: Drift;
  readonly sight: Sight;
  readonly memory: Memory;
}

/**
 * Takes the account's side into the manifest: what changed, what is missing and what is extra. All or nothing, and only where a
 * plan of the new manifest on the very same account has no step for any of it; else throws DiagnosedError.
 */
export async function takeDrift(session: Session, found: Found): Promise<readonly ManifestChange[]> {
  const items = found.drift.items.filter(({ sort }) => sort !== "expired");
  if (items.length === 0) return [];
  const open = await openManifest(session.files, session.globals.files);
  const { edits, refused } = planLiveEdits(open, items.filter((item) => item.movedTo === undefined).map(takeOf));
  const moved = items.flatMap(({ address, movedTo }) =>
    movedTo === undefined ? [] : [{ address, because: `it is there as ${movedTo}: rename it here, with previously` }],
  );
  const beside = { items, observation: found.sight.observation };
  refuseAll(
    session,
    [...refused, ...moved].map((refusal) => adviseRefusal(session, refusal, beside)),
  );
  const edited = await editManifest(open, edits);
  requireWritable(session, edited);
  if (edited.manifest !== undefined) {
    refuseAll(session, findUnsettled(session, { ...found, items, manifest: edited.manifest }).map(describeUnsettled));
  }
  await writeEdited(session.files, edited);
  session.print(renderChanges(edited));
  return edited.changes;
}

function takeOf({ sort, address, fields, spec = {} }: DriftItem): LiveTake {
  if (sort === "missing") return { take: "absence", address };
  if (sort === "extra") return { take: "entry", address, spec };
  return { take: "fields", address, fields: Object.fromEntries(fields.map(({ field, to }) => [field, to])) };
}

/** Addresses for which the new manifest would still have a step on the account as it was read. */
function findUnsettled(
  session: Session,
  { manifest, sight, memory, items }: Found & { readonly manifest: Manifest; readonly items: readonly DriftItem[] },
): readonly Address[] {
  const desired = makeDesired({ manifest, kinds: KINDS, now: session.clock.now() });
  const { steps } = planFrom({ ...sight, desired }, { memory, limits: NO_LIMITS });
  const planned = new Set(steps.flatMap(({ address, cascade }) => [address, ...cascade]));
  return items.map(({ address }) => address).filter((address) => planned.has(address));
}

function refuseAll(session: Session, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  session.print("Nothing was written.\n");
  throw new DiagnosedError(diagnostics);
}

function describeUnsettled(address: Address): Diagnostic {
  return {
    code: "AX349",
    severity: "error",
    summary: "The edited manifest would not fit the account",
    detail: `A plan of the edited manifest would still change ${address}.`,
    fix: "Edit the manifest by hand; axcess plan shows what remains.",
  };
}
