import { join } from "node:path";
import type { ManifestFile } from "../../engine/prove-export.ts";
import { loadManifest } from "../../manifest/load-manifest.ts";
import { UsageError } from "../../model/errors.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** Files that are to be written; those that stand there already, word for word, are left. */
export interface Placing {
  readonly wanted: readonly ManifestFile[];
  readonly unchanged: readonly ManifestFile[];
}

/** Sorts out which files of an export are to be written. Throws UsageError where that would overwrite something, or where it would join another manifest. */
export async function planPlacing(
  session: Session,
  files: readonly ManifestFile[],
  folder: string | undefined,
): Promise<Placing> {
  if (folder !== undefined) await refuseOthers(session, files, folder);
  const wanted: ManifestFile[] = [];
  const unchanged: ManifestFile[] = [];
  for (const file of files) {
    const kind = await session.files.kind(file.path);
    if (kind === undefined) wanted.push(file);
    else if (kind === "file" && (await readText(session, file.path)) === file.text) unchanged.push(file);
    else throw describeTaken(file.path, kind);
  }
  return { wanted, unchanged };
}

async function readText(session: Session, path: string): Promise<string> {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await session.files.read(path));
}

/** Every manifest file of a folder is one manifest: a file of something else would say more than was proved. */
async function refuseOthers(session: Session, files: readonly ManifestFile[], folder: string): Promise<void> {
  const kind = await session.files.kind(folder);
  if (kind === undefined) return;
  if (kind === "file") throw describeTaken(folder, kind);
  const ours = new Set(files.map(({ path }) => join(path)));
  const { files: found } = await loadManifest({ files: session.files, paths: [folder] });
  const other = found.find((path) => !ours.has(path));
  if (other === undefined) return;
  throw new UsageError(
    `The folder "${harmless(folder)}" holds another manifest file, "${harmless(other)}".`,
    "Give --out another folder, or move that file away.",
  );
}

function describeTaken(path: string, kind: "file" | "directory"): UsageError {
  const what = kind === "file" ? "exists already and reads otherwise; it is not overwritten" : "is a folder";
  return new UsageError(`"${harmless(path)}" ${what}.`, "Give another --out, or move it away.");
}
