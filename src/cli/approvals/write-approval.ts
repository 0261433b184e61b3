import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Approval } from "../../model/approval.ts";
import { canonicalJson } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import { findManifestHome } from "../manifest-home.ts";
import type { Session } from "../session.ts";
import { formatApprovals, nameApprovals } from "./approvals-text.ts";
import { loadApprovalsFile } from "./load-approvals.ts";

/** Writes an approval beside those already in the file, and gives the file. */
export async function writeApproval(
  session: Session,
  plan: Plan,
  approval: Approval,
  output: string | undefined,
): Promise<string> {
  const file = output ?? (await newFile(session, approval));
  const before = (await session.files.kind(file)) === undefined ? [] : await loadApprovalsFile(session, file);
  await session.files.replace(file, formatApprovals([...before, approval], plan));
  return file;
}

/** A file of its own for each approval, so that two people who approve one plan do not meet in one file. */
async function newFile(session: Session, approval: Approval): Promise<string> {
  const mark = createHash("sha256").update(canonicalJson(approval)).digest("hex").slice(0, 8);
  const name = `${nameApprovals(approval.plan, approval.by)}-${mark}`;
  return join(await findApprovalsFolder(session), `${name}.yaml`);
}

/** Where approvals go unless told: `approvals/` beside the manifest. */
export async function findApprovalsFolder(session: Session): Promise<string> {
  return join(await findManifestHome(session), "approvals");
}
