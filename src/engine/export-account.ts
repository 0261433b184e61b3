import { join } from "node:path";
import { describeAccount } from "../export/describe-account.ts";
import { type ManifestPart, type Split, splitManifest } from "../export/split-manifest.ts";
import { KINDS } from "../kinds/registry.ts";
import { writeManifest } from "../manifest/write-manifest.ts";
import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { UsageError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { Observation, ReadSelection } from "../model/plan.ts";
import { observeAccount } from "../state/observe.ts";
import { listClassesAround } from "../state/place-reads.ts";
import type { AccountReading } from "./account-reading.ts";
import type { Hear } from "./engine-event.ts";
import { findClosest } from "./find-closest.ts";
import type { ManifestFile } from "./held-files.ts";
import { proveExport } from "./prove-export.ts";
import { listUnread } from "./read-around.ts";

/** What of an account is to be written as a manifest, and how. */
export interface ExportWish {
  /** Organizations and spaces; none means the whole account. */
  readonly scopes: readonly Address[];
  readonly hasGroups: boolean;
  readonly split: Split;
  /** The file, or the folder where the manifest is split; undefined: `access.yaml`, or the working folder. */
  readonly out: string | undefined;
  /** Comments at the head of a file. */
  readonly headOf: (path: string) => readonly string[];
  readonly now: Date;
}

/** An account as a manifest, and what that does not say. */
export interface ExportedAccount {
  readonly files: readonly ManifestFile[];
  /** What a manifest cannot say. `isLoss` is false for what nobody will miss. */
  readonly omissions: readonly { readonly address: Address; readonly sentence: string; readonly isLoss: boolean }[];
  /** Classes and kinds that were not read whole, sorted. */
  readonly unread: readonly string[];
  readonly notes: readonly Diagnostic[];
}

/** Reads the account and writes it as a manifest, once that is proved to change nothing. Throws DiagnosedError where it would. */
export async function exportAccount(account: AccountReading, wish: ExportWish, hear: Hear): Promise<ExportedAccount> {
  const observation = await readScopes(account, wish.scopes, hear);
  const { entries, remarks, omissions } = describeAccount(observation, wish);
  const files = listParts(wish, entries).map(({ path, entries: own }, index) => ({
    path,
    text: writeManifest({ head: [...wish.headOf(path), ...(index === 0 ? remarks : [])], entries: own }),
  }));
  const { accountName } = observation.caller;
  await proveExport(files, {
    observation,
    account: { url: account.accountUrl, ...(accountName !== undefined && { name: accountName }) },
    now: wish.now,
  });
  return { files, omissions, unread: listUnread(observation), notes: observation.notes };
}

function listParts({ split, out }: ExportWish, entries: ManifestPart["entries"]): readonly ManifestPart[] {
  if (split === "none") return [{ path: out ?? "access.yaml", entries }];
  return splitManifest(entries, split).map((part) => ({ ...part, path: join(out ?? ".", part.path) }));
}

async function readScopes({ reader }: AccountReading, scopes: readonly Address[], hear: Hear): Promise<Observation> {
  try {
    const observation = await observeAccount({
      reader,
      kinds: KINDS,
      selection: selectScopes(scopes),
      onlyToTell: true,
      onRead: (kind, count) => hear({ type: "reading", reads: "manifest", kind, count }),
    });
    hear({ type: "noted", diagnostics: observation.notes });
    for (const scope of scopes) if (!observation.world.has(scope)) throw describeMissing(scope, observation);
    return observation;
  } finally {
    hear({ type: "ended" });
  }
}

function selectScopes(scopes: readonly Address[]): ReadSelection {
  if (scopes.length === 0) return { classes: new Set(), under: [""] };
  return { classes: new Set(scopes.flatMap(listClassesAround)), under: scopes };
}

function describeMissing(scope: Address, { world }: Observation): UsageError {
  const kind = scope.slice(0, scope.indexOf(":"));
  const meant = findClosest(
    scope,
    [...world.keys()].filter((address) => address.startsWith(`${kind}:`)),
  );
  const hint =
    meant === undefined ? "See: axcess export, without --org and --space" : `Did you mean "${harmless(meant)}"?`;
  return new UsageError(`There is no ${harmless(scope)} in the account.`, hint);
}
