import { dirname, relative, resolve, sep } from "node:path";
import { type ExportedAccount, exportAccount } from "../../engine/export-account.ts";
import type { ManifestFile } from "../../engine/held-files.ts";
import type { Split } from "../../export/split-manifest.ts";
import type { Address } from "../../model/address.ts";
import { openReading } from "../context.ts";
import { EXIT } from "../exit.ts";
import { planPlacing } from "../exports/place-export.ts";
import { hearIn } from "../hear-in.ts";
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
    const wish = { ...request, headOf: (path: string) => [schemaLine(session, path)], now: session.clock.now() };
    const exported = await exportAccount(reading, wish, hearIn(session));
    const { files, omissions, unread, notes } = exported;
    await deliver(session, files, request);
    tellOmissions(session, exported);
    return {
      exit: unread.length > 0 ? EXIT.incomplete : EXIT.done,
      diagnostics: notes,
      document: { files, omitted: omissions.map(({ address, sentence }) => ({ address, sentence })), unread },
    };
  } finally {
    await reading.close();
  }
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

function tellOmissions(session: Session, { omissions }: ExportedAccount): void {
  const losses = omissions.filter(({ isLoss }) => isLoss);
  if (losses.length === 0) return;
  const lines = losses.map(({ address, sentence }) => `  ${harmless(address)}\n      ${harmless(sentence)}\n`);
  session.tell(`Left out, since a manifest cannot say it; comments tell where:\n${lines.join("")}`);
}
