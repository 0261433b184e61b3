import { join } from "node:path";
import { UsageError } from "../../model/errors.ts";
import { digestOf, FILE_LIST, looksLikePacket, readFileList } from "../../packets/file-list.ts";
import type { PacketFile } from "../../packets/write-packets.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";
import { signFiles } from "./sign-files.ts";

/** What became of a folder that a review was written to. */
export interface WrittenReview {
  /** Paths of what was written, signatures last. */
  readonly files: readonly string[];
  /** Paths of files that the review before wrote there and this one does not. */
  readonly removed: readonly string[];
  /** Paths of what looks as if it were of this review, and is not. */
  readonly left: readonly string[];
}

/**
 * Writes the files of a review into a folder, the list of them last. Of what is there, only that is removed which the list of the
 * review before names and which is as it wrote it. Throws UsageError, before anything is written, where that list is none.
 */
export async function writeReview(
  session: Session,
  folder: string,
  { files, sign }: { readonly files: readonly PacketFile[]; readonly sign: string | undefined },
): Promise<WrittenReview> {
  const before = await readBefore(session, folder);
  const names = new Set(files.map(({ name }) => name));
  const gone = [...before].filter(([name]) => !names.has(name));
  const removed = await removeUnchanged(session, folder, gone);
  for (const { name, text } of files) await session.files.replace(join(folder, name), text);
  const paths = [...names].map((name) => join(folder, name));
  const signatures = sign === undefined ? [] : await signFiles(session, sign, paths);
  const written = sign === undefined ? names : new Set([...names, ...[...names].map(signatureOf)]);
  const left = (await session.files.list(folder)).filter((name) => isOfReview(name) && !written.has(name));
  return { files: [...paths, ...signatures], removed, left: left.map((name) => join(folder, name)) };
}

/** The list of a review in a folder; undefined where there is none, or something else has its name. */
export async function readList(
  session: Session,
  folder: string,
): Promise<{ readonly content: Uint8Array; readonly files: ReadonlyMap<string, string> | undefined } | undefined> {
  const path = join(folder, FILE_LIST);
  if ((await session.files.kind(path)) !== "file") return undefined;
  const content = await session.files.read(path);
  return { content, files: readFileList(new TextDecoder("utf-8", { ignoreBOM: true }).decode(content)) };
}

/** What signs a file. */
function signatureOf(name: string): string {
  return `${name}.sig`;
}

async function readBefore(session: Session, folder: string): Promise<ReadonlyMap<string, string>> {
  const list = await readList(session, folder);
  if (list === undefined) return new Map();
  if (list.files !== undefined) return list.files;
  throw new UsageError(
    `"${harmless(join(folder, FILE_LIST))}" is not as a review writes it, so nothing was written.`,
    "Name another folder, or move that file away.",
  );
}

async function removeUnchanged(
  session: Session,
  folder: string,
  listed: readonly (readonly [name: string, digest: string])[],
): Promise<readonly string[]> {
  const home = await session.files.real(folder);
  const removed: string[] = [];
  for (const [name, digest] of listed) {
    const path = join(folder, name);
    // What is reached by a link is somebody else's.
    const isOwn = home !== undefined && (await session.files.real(path)) === join(home, name);
    if (!isOwn || (await session.files.kind(path)) !== "file") continue;
    if (digestOf(await session.files.read(path)) !== digest) continue;
    await session.files.remove(path);
    removed.push(path);
  }
  return removed;
}

function isOfReview(name: string): boolean {
  return looksLikePacket(name.replace(/\.sig$/u, "")) || name === signatureOf(FILE_LIST);
}
