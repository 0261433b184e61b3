import { join } from "node:path";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { DiagnosedError, UsageError } from "../../model/errors.ts";
import { digestOf, FILE_LIST, looksLikePacket } from "../../packets/file-list.ts";
import { EXIT } from "../exit.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";
import { readList } from "./review-folder.ts";
import { isSigned, type Signers } from "./sign-files.ts";

/**
 * Checks that a folder holds a review whole, as its signer signed it: each file that the list names, with that digest, and no file
 * beside them that could be taken for one. Throws DiagnosedError with all that is wrong.
 */
export async function verifyReview(session: Session, folder: string, signers: Signers): Promise<Outcome> {
  if ((await session.files.kind(folder)) !== "directory") {
    throw new UsageError(`There is no folder "${harmless(folder)}".`, "Name the folder that review --out wrote.");
  }
  const listed = await readList(session, folder);
  const path = join(folder, FILE_LIST);
  if (listed?.files === undefined) throw new DiagnosedError([describeList(path, listed !== undefined)]);
  const { content, files } = listed;
  const faults: Diagnostic[] = [];
  if (!(await isSigned(session, { path, content }, signers))) faults.push(describeUnsigned(path, signers));
  for (const [name, digest] of files) {
    const fault = await judgeFile(session, { path: join(folder, name), digest }, signers);
    if (fault !== undefined) faults.push(fault);
  }
  const others = (await session.files.list(folder)).filter((name) => looksLikePacket(name) && !files.has(name));
  faults.push(...others.map((name) => describeStranger(join(folder, name))));
  if (faults.length > 0) throw new DiagnosedError(faults);
  const paths = [path, ...[...files.keys()].map((name) => join(folder, name))];
  session.print(`${paths.length} files in ${harmless(folder)} are as ${harmless(signers.signer)} signed them.\n`);
  return { exit: EXIT.done, diagnostics: [], document: { verified: paths } };
}

async function judgeFile(
  session: Session,
  { path, digest }: { readonly path: string; readonly digest: string },
  signers: Signers,
): Promise<Diagnostic | undefined> {
  if ((await session.files.kind(path)) !== "file") return describeMissing(path);
  const content = await session.files.read(path);
  if (digestOf(content) !== digest) return describeChanged(path);
  return (await isSigned(session, { path, content }, signers)) ? undefined : describeUnsigned(path, signers);
}

const AGAIN = "Get the files again from whoever signed them.";

function describeList(path: string, isThere: boolean): Diagnostic {
  const detail = isThere ? `"${path}" is not as a review writes it` : `"${path}" is not there`;
  return fault("AX395", "A file of a review is missing", `${detail}, so that nothing tells which files there must be.`);
}

function describeMissing(path: string): Diagnostic {
  return fault("AX395", "A file of a review is missing", `"${path}" is named by ${FILE_LIST} and is not there.`);
}

function describeChanged(path: string): Diagnostic {
  return fault("AX396", "A file of a review was changed", `"${path}" is another file than ${FILE_LIST} names.`);
}

function describeUnsigned(path: string, { signer }: Signers): Diagnostic {
  const detail = `"${path}" has no signature by ${signer} that fits it.`;
  return { ...fault("AX394", "A signature does not count", detail), fix: `${AGAIN} Or correct the allowed signers.` };
}

function describeStranger(path: string): Diagnostic {
  return {
    ...fault("AX397", "A file is not of the review", `"${path}" is not named by ${FILE_LIST}.`),
    fix: "Move it away, unless somebody meant you to take it for a packet.",
  };
}

function fault(code: Diagnostic["code"], summary: string, detail: string): Diagnostic {
  return { code, severity: "error", summary, detail, fix: AGAIN };
}
