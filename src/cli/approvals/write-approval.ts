import { join } from "node:path";
import type { Approval } from "../../model/approval.ts";
import type { Plan } from "../../model/plan.ts";
import { findManifestHome } from "../manifest-home.ts";
import type { Session } from "../session.ts";
import { formatApprovals } from "./approvals-text.ts";
import { loadApprovalsFile } from "./load-approvals.ts";

/** Writes an approval beside those already in the file, and gives the file. */
export async function writeApproval(
  session: Session,
  plan: Plan,
  approval: Approval,
  output: string | undefined,
): Promise<string> {
  const file = output ?? (await findApprovalsFile(session, plan));
  const before = (await session.files.kind(file)) === undefined ? [] : await loadApprovalsFile(session, file);
  await session.files.replace(file, formatApprovals([...before, approval], plan));
  return file;
}

/** Where the approvals of a plan go unless told: `approvals/` beside the manifest, named by the plan. */
export async function findApprovalsFile(session: Session, plan: Plan): Promise<string> {
  const name = plan.digest.slice("sha256:".length, "sha256:".length + 12);
  return join(await findManifestHome(session), "approvals", `${name}.yaml`);
}
