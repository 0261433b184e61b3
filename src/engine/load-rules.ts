import { createHash } from "node:crypto";
import { resolve } from "node:path";
import type { ApprovalRules, RulesInForce, SignerList } from "../model/approval-rules.ts";
import { DiagnosedError } from "../model/errors.ts";
import { harmless } from "../model/harmless.ts";
import type { Outside } from "./outside.ts";

/** Nobody has that many signers; the text stands in the ledger whenever it changes. */
const MOST_BYTES = 256 * 1024;

/** The rules of a manifest with the list of signers that they name. Throws DiagnosedError where that cannot be read. */
export async function loadRules(
  outside: Pick<Outside, "files" | "home">,
  rules: ApprovalRules | undefined,
): Promise<RulesInForce | undefined> {
  if (rules?.allowedSigners === undefined) return rules;
  return { ...rules, signers: await readSigners(outside, rules.allowedSigners) };
}

async function readSigners({ files, home }: Pick<Outside, "files" | "home">, path: string): Promise<SignerList> {
  const file = resolve(home, path);
  if ((await files.kind(file)) !== "file") throw refuse(`There is no file ${harmless(path)} beside the manifest.`);
  if (((await files.size(file)) ?? 0) > MOST_BYTES) throw refuse(`${harmless(path)} is larger than 256 KiB.`);
  const text = new TextDecoder().decode(await files.read(file));
  return { text, digest: `sha256:${createHash("sha256").update(text).digest("hex")}` };
}

function refuse(detail: string): DiagnosedError {
  return new DiagnosedError([
    {
      code: "AX374",
      severity: "error",
      summary: "The list of allowed signers cannot be read",
      detail,
      fix: "Write it where policy.approvals.allowed_signers says, a line for each key: EMAIL KEYTYPE KEY",
    },
  ]);
}
