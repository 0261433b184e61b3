import { resolve } from "node:path";
import type { Hear } from "../engine/engine-event.ts";
import { holdFiles } from "../engine/held-files.ts";
import { ledgerBeside, ledgerOfSandbox, locateHome } from "../engine/manifest-home.ts";
import { recallOnly } from "../engine/read-sight.ts";
import { type RememberedPart, recallPart } from "../engine/recall-part.ts";
import { filesWithin } from "../host/files-within.ts";
import { makeSystemClock } from "../host/system-clock.ts";
import { systemFiles } from "../host/system-files.ts";
import { type LoadedManifest, loadManifest } from "../manifest/load-manifest.ts";
import { hasErrors } from "../model/diagnostic.ts";
import { DiagnosedError } from "../model/errors.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Memory } from "../model/plan.ts";
import type { Clock, Files } from "../model/ports.ts";
import { recallMemory } from "../state/memory.ts";
import { type LedgerReading, readLedger } from "../state/read-ledger.ts";
import { connectStore } from "../stores/connect-store.ts";
import type { ManifestSource, ReconcileOptions, Surroundings } from "./options.ts";

/** The outside of one call, ready to use. */
export interface Workplace {
  /** Absolute. */
  readonly folder: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly hear: Hear;
}

/** Prepares the outside as a call wants it. */
export function openWorkplace({ folder = ".", files = systemFiles, now, onEvent }: Surroundings): Workplace {
  const clock = makeSystemClock(now instanceof Date ? now : undefined);
  return {
    folder: resolve(folder),
    files: filesWithin(folder, files),
    clock: typeof now === "function" ? { ...clock, now } : clock,
    hear: onEvent ?? (() => undefined),
  };
}

const TEXT_NAME = "access.yaml";

/** Reads a manifest, whatever is wrong with it. */
export async function readManifest({ files }: Workplace, source: ManifestSource): Promise<LoadedManifest> {
  if ("files" in source) return loadManifest({ files, paths: source.files });
  const path = source.name ?? TEXT_NAME;
  return loadManifest({ files: holdFiles([{ path, text: source.text }]), paths: [path] });
}

/** Reads a manifest that has no errors, and tells its warnings. Throws DiagnosedError. */
export async function requireManifest(workplace: Workplace, source: ManifestSource): Promise<Manifest> {
  const { manifest, diagnostics } = await readManifest(workplace, source);
  if (manifest === undefined || hasErrors(diagnostics)) throw new DiagnosedError(diagnostics);
  workplace.hear({ type: "noted", diagnostics });
  return manifest;
}

/** The folder that paths of secrets are read from. A manifest that is a text has that of the call. */
export async function findHome({ files }: Workplace, source: ManifestSource): Promise<string> {
  return "files" in source ? locateHome(files, source.files) : ".";
}

/** Where the ledger is; undefined for a sandbox that was started elsewhere, of which no folder is known. */
export async function locateLedger(workplace: Workplace, options: ReconcileOptions): Promise<string | undefined> {
  const { ledger, connection, manifest } = options;
  if (ledger !== undefined) return ledger;
  if (!("sandbox" in connection)) return ledgerBeside(await findHome(workplace, manifest));
  return typeof connection.sandbox === "string" ? ledgerOfSandbox(connection.sandbox) : undefined;
}

/** What the ledger tells, if there is one. Nothing is written. */
export async function recallLedger(workplace: Workplace, location: string | undefined): Promise<LedgerReading> {
  if (location === undefined) return { lines: [], notes: [], exists: false };
  const read = await readLedger({ location, files: workplace.files, connect: connectStore });
  workplace.hear({ type: "noted", diagnostics: read.notes });
  return read;
}

/** What the ledger remembers for a part of the account, if there is one. Nothing is written. */
export async function recallRemembered(
  { files, clock, hear }: Workplace,
  location: string | undefined,
  part: Omit<RememberedPart, "now">,
): Promise<Memory> {
  if (location === undefined) return recallOnly(recallMemory([]), hear, { exists: false });
  return recallPart({ location, files, connect: connectStore }, { ...part, now: clock.now() }, hear);
}
