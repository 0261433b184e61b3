import type { Target } from "./target.ts";
import { applyAccount } from "./targets/apply-account.ts";
import { readAccount } from "./targets/read-account.ts";
import { readApprovals, readSignature } from "./targets/read-approvals.ts";
import { readGithub } from "./targets/read-github.ts";
import { readLedgerFile } from "./targets/read-ledger.ts";
import { readManifest } from "./targets/read-manifest.ts";
import { readLedgerParts } from "./targets/read-parts.ts";
import { readPlainYaml } from "./targets/read-plain.ts";
import { readProfileFile } from "./targets/read-profile.ts";
import { readSavedPlan } from "./targets/read-saved-plan.ts";

/** Everything that is fuzzed, by the name that the command line of `npm run fuzz` takes. */
export const TARGETS: Readonly<Record<string, Target>> = {
  account: readAccount,
  apply: applyAccount,
  approvals: readApprovals,
  github: readGithub,
  ledger: readLedgerFile,
  manifest: readManifest,
  parts: readLedgerParts,
  plan: readSavedPlan,
  profile: readProfileFile,
  signature: readSignature,
  yaml: readPlainYaml,
};
