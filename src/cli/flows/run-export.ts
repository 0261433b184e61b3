import { dirname, join, relative, resolve, sep } from "node:path";
import { type DescribedAccount, describeAccount } from "../../export/describe-account.ts";
import { type ManifestPart, type Split, splitManifest } from "../../export/split-manifest.ts";
import { KINDS } from "../../kinds/registry.ts";
import { writeManifest } from "../../manifest/write-manifest.ts";
import type { Address } from "../../model/address.ts";
import { UsageError } from "../../model/errors.ts";
import type { Observation, ReadSelection } from "../../model/plan.ts";
import { observeAccount } from "../../state/observe.ts";
import { listClassesAround } from "../../state/place-reads.ts";
import { openReading, type Reading } from "../context.ts";
import { EXIT } from "../exit.ts";
import { planPlacing } from "../exports/place-export.ts";
import { type ManifestFile, proveExport } from "../../engine/prove-export.ts";
import { findClosest } from "../../engine/find-closest.ts";
import { makeProgress } from "../progress.ts";
import { listUnread } from "../questions/read-around.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";

/** What `export` was asked for. */
export interface ExportRequest {
  /** Organizations and spaces; none means the whole account. */
  readonly scopes: readonly Address[];
  readonly hasGroups: boolean;
  readonly split: Split;
  /** A file, or a folder where the manifest is split; undefined: stdout. */
  readonly out: string | undefined;
}

/** Reads the account and writes it as a manifest, once that is proved to change nothing. It is only ever handed a reader. */
export async function runExport(session: Session, request: ExportRequest): Promise<Outcome> {
  const reading = await openReading(session);
  try {
    const observation = await readScopes(session, reading, request.scopes);
    const described = describeAccount(observation, request);
    const files = writeFiles(session, described, request);
    const { accountName } = observation.caller;
    await proveExport(files, {
      observation,
      account: { url: reading.accountUrl, ...(accountName !== undefined && { name: accountName }) },
      now: session.clock.now(),
    });
    await deliver(session, files, request);
    tellOmissions(session, described);
    const unread = listUnread(observation);
    return {
      exit: unread.length > 0 ? EXIT.incomplete : EXIT.done,
      diagnostics: observation.notes,
      document: { files, omitted: described.omissions.map(({ address, sentence }) => ({ address, sentence })), unread },
    };
  } finally {
    await reading.close();
  }
}

async function readScopes(session: Session, { reader }: Reading, scopes: readonly Address[]): Promise<Observation> {
  const progress = makeProgress(session);
  try {
    const observation = await observeAccount({
      reader,
      kinds: KINDS,
      selection: selectScopes(scopes),
      onlyToTell: true,
      onRead: (kind, count) => progress.update(`Reading the account: ${kind} ${count}`),
    });
    session.tell(renderDiagnostics(observation.notes, session.errorPaint));
    for (const scope of scopes) if (!observation.world.has(scope)) throw describeMissing(scope, observation);
    return observation;
  } finally {
    progress.end();
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

function writeFiles(
  session: Session,
  { entries, remarks }: DescribedAccount,
  { split, out }: ExportRequest,
): readonly ManifestFile[] {
  const parts: readonly ManifestPart[] =
    split === "none"
      ? [{ path: out ?? "access.yaml", entries }]
      : splitManifest(entries, split).map((part) => ({ ...part, path: join(out ?? ".", part.path) }));
  return parts.map(({ path, entries: own }, index) => ({
    path,
    text: writeManifest({ head: [schemaLine(session, path), ...(index === 0 ? remarks : [])], entries: own }),
  }));
}

const SCHEMA_FILE = "node_modules/axcess/schema/access.schema.json";

/** The line by which editors find the schema, from where the file is. */
function schemaLine({ folder }: Session, path: string): string {
  const way = relative(dirname(resolve(folder, path)), resolve(folder, SCHEMA_FILE))
    .split(sep)
    .join("/");
  return `yaml-language-server: $schema=${way.startsWith(".") ? way : `./${way}`}`;
}

async function deliver(session: Session, files: readonly ManifestFile[], { split, out }: ExportRequest): Promise<void> {
  if (out === undefined) {
    if (!session.globals.json) session.io.stdout.write(files.map(({ text }) => text).join(""));
    return;
  }
  const { wanted, unchanged } = await planPlacing(session, files, split === "none" ? undefined : out);
  for (const { path, text } of wanted) await session.files.replace(path, text);
  session.print(
    [
      ...wanted.map(({ path }) => `Written to ${harmless(path)}.\n`),
      ...unchanged.map(({ path }) => `${harmless(path)} is unchanged.\n`),
    ].join(""),
  );
}

function tellOmissions(session: Session, { omissions }: DescribedAccount): void {
  const losses = omissions.filter(({ isLoss }) => isLoss);
  if (losses.length === 0) return;
  const lines = losses.map(({ address, sentence }) => `  ${harmless(address)}\n      ${harmless(sentence)}\n`);
  session.tell(`Left out, since a manifest cannot say it; comments tell where:\n${lines.join("")}`);
}
