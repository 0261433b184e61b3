import { KINDS } from "../kinds/registry.ts";
import { loadManifest } from "../manifest/load-manifest.ts";
import { type Diagnostic, hasErrors } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { Memory, Observation, Plan } from "../model/plan.ts";
import { NO_LIMITS } from "../model/policy.ts";
import { makePlan } from "../plan/make-plan.ts";
import { makeDesired } from "../state/desired.ts";
import { holdFiles, type ManifestFile } from "./held-files.ts";

export type { ManifestFile } from "./held-files.ts";

/** What an exported manifest is held against. */
export interface Proof {
  readonly observation: Observation;
  readonly account: Plan["account"];
  readonly now: Date;
}

/**
 * Loads a manifest that is about to be written, as it would be loaded from the disk, and plans it against what was observed.
 * Throws DiagnosedError when it has errors, or when anything at all would change.
 */
export async function proveExport(manifestFiles: readonly ManifestFile[], proof: Proof): Promise<void> {
  const paths = manifestFiles.map(({ path }) => path);
  const { manifest, diagnostics } = await loadManifest({ files: holdFiles(manifestFiles), paths });
  if (manifest === undefined || hasErrors(diagnostics)) {
    throw new DiagnosedError([...diagnostics.filter(({ severity }) => severity === "error"), describeUnreadable()]);
  }
  const plan = makePlan({
    desired: makeDesired({ manifest, kinds: KINDS, now: proof.now }),
    observation: proof.observation,
    memory: NOTHING,
    kinds: KINDS,
    account: proof.account,
    limits: NO_LIMITS,
  });
  const deeds = [...plan.steps.map(({ op, address }) => `${op} ${address}`), ...plan.withheld, ...plan.incomplete];
  if (deeds.length > 0) throw new DiagnosedError([describeChanges(deeds)]);
}

const NOTHING: Memory = { owned: new Map(), lastWritten: new Map(), managed: new Set() };

const MAX_NAMED = 10;

function describeChanges(deeds: readonly string[]): Diagnostic {
  const others = deeds.length > MAX_NAMED ? `, and ${deeds.length - MAX_NAMED} more` : "";
  return {
    code: "AX340",
    severity: "error",
    summary: "The exported manifest would change the account",
    detail: `Nothing was written, since a plan of it is not empty: ${deeds.slice(0, MAX_NAMED).join(", ")}${others}.`,
    fix: "Export less with --org or --space, and report this: an export must come to nothing.",
  };
}

function describeUnreadable(): Diagnostic {
  return {
    code: "AX341",
    severity: "error",
    summary: "The exported manifest cannot be read",
    detail: "Nothing was written, since the manifest has the errors above.",
    fix: "Where a file is too large, use --split; else export less with --org or --space, and report this.",
  };
}
