import { join } from "node:path";
import { type CheckedApprovals, checkApprovals, describeNoApprovals } from "../../apply/approvals.ts";
import { readYaml } from "../../manifest/read-yaml.ts";
import type { Approval } from "../../model/approval.ts";
import { type Diagnostic, hasErrors } from "../../model/diagnostic.ts";
import { DiagnosedError, UsageError } from "../../model/errors.ts";
import { findManifestHome } from "../manifest-home.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** A few seconds of reading. */
const MOST_FILES = 10_000;

/** Loads the approvals files that were named, and those in `approvals/` beside the manifest. Throws DiagnosedError when one is broken. */
export async function loadApprovals(session: Session, named: readonly string[]): Promise<readonly Approval[]> {
  for (const file of named) {
    if ((await session.files.kind(file)) === undefined) {
      throw new UsageError(`There is no approvals file "${harmless(file)}".`);
    }
  }
  const folder = join(await findManifestHome(session), "approvals");
  const paths = await Promise.all([folder, ...named].map((path) => listFiles(session, path)));
  const loaded: Approval[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of new Set(paths.flat())) {
    const read = await readApprovals(session, file);
    for (const approval of read.approvals) loaded.push(approval);
    for (const diagnostic of read.diagnostics) diagnostics.push(diagnostic);
  }
  if (hasErrors(diagnostics)) throw new DiagnosedError(diagnostics);
  return loaded;
}

/** Loads one approvals file. Throws DiagnosedError when it is broken. */
export async function loadApprovalsFile(session: Session, file: string): Promise<readonly Approval[]> {
  const { approvals, diagnostics } = await readApprovals(session, file);
  if (hasErrors(diagnostics)) throw new DiagnosedError(diagnostics);
  return approvals;
}

/** A file is itself; a folder the visible YAML files in it. */
async function listFiles(session: Session, path: string): Promise<readonly string[]> {
  const kind = await session.files.kind(path);
  if (kind !== "directory") return kind === "file" ? [path] : [];
  const names = (await session.files.list(path)).filter((name) => /^[^.].*\.ya?ml$/u.test(name));
  if (names.length > MOST_FILES) {
    throw new UsageError(
      `The folder "${harmless(path)}" holds ${names.length} approvals files; ${MOST_FILES} are read at most.`,
      "Move away those that have expired or are used up.",
    );
  }
  return names.map((name) => join(path, name));
}

async function readApprovals(session: Session, file: string): Promise<CheckedApprovals> {
  const { value, diagnostics } = await readYaml(session.files, file);
  if (value === undefined) return { approvals: [], diagnostics: diagnostics.map((each) => ofApprovals(each, file)) };
  const checked = checkApprovals(value, file);
  return { approvals: checked.approvals, diagnostics: [...diagnostics, ...checked.diagnostics] };
}

/** What is told of a manifest's file, told of an approvals file. */
function ofApprovals(diagnostic: Diagnostic, file: string): Diagnostic {
  if (diagnostic.code === "AX102")
    return { ...diagnostic, fix: "Make it readable, or take it away from the approvals." };
  return diagnostic.code === "AX116" ? describeNoApprovals(file) : diagnostic;
}
