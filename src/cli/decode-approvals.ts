import type { YamlFile } from "../manifest/read-yaml.ts";
import type { Approval } from "../model/approval.ts";
import type { ChangeId, Digest } from "../model/change.ts";
import type { Diagnostic } from "../model/diagnostic.ts";

/** What an approvals file says. */
export interface DecodedApprovals {
  readonly approvals: readonly Approval[];
  readonly diagnostics: readonly Diagnostic[];
}

type Path = readonly (string | number)[];
type Report = (path: Path, detail: string) => void;

/** Takes an approvals file apart: `version: 1` and a list under `approvals`, each entry whole, and no key that is not known. */
export function decodeApprovals(file: YamlFile): DecodedApprovals {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (path, detail) => {
    diagnostics.push({
      code: "AX404",
      severity: "error",
      summary: "Not an approvals file",
      detail,
      fix: "Write approvals with: axcess approve PLAN",
      ...file.locate(path),
    });
  };
  const top = asMap(file.value, ["version", "approvals"], { path: [], report });
  if (top["version"] !== 1) report(["version"], "An approvals file begins with `version: 1`.");
  const entries = top["approvals"];
  if (!Array.isArray(entries)) report(["approvals"], "`approvals` is a list.");
  const approvals = (Array.isArray(entries) ? entries : []).map((entry, index) =>
    decodeApproval(entry, ["approvals", index], report),
  );
  return { approvals: diagnostics.length > 0 ? [] : approvals, diagnostics };
}

const KEYS = ["by", "at", "expires", "reason", "plan", "changes"];

function decodeApproval(value: unknown, path: Path, report: Report): Approval {
  const entry = asMap(value, KEYS, { path, report });
  const text = (key: string, fits: RegExp, wanted: string): string => {
    const found = entry[key];
    if (typeof found === "string" && fits.test(found)) return found;
    report([...path, key], `\`${key}\` is ${wanted}.`);
    return "";
  };
  const changes = entry["changes"];
  const areIds = Array.isArray(changes) && changes.length > 0 && changes.every((id) => CHANGE_ID.test(String(id)));
  if (!areIds) report([...path, "changes"], "`changes` is a list of change ids such as chg_1a2b.");
  return {
    by: text("by", /\S/u, "the name of a person"),
    at: text("at", INSTANT, "an RFC 3339 moment"),
    expires: text("expires", INSTANT, "an RFC 3339 moment"),
    reason: text("reason", /\S/u, "a text that says why"),
    plan: text("plan", /^sha256:[0-9a-f]{64}$/u, "the digest of the plan") as Digest,
    changes: areIds ? (changes as ChangeId[]) : [],
  };
}

const CHANGE_ID = /^chg_\w+$/u;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/u;

function asMap(
  value: unknown,
  keys: readonly string[],
  at: { readonly path: Path; readonly report: Report },
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    at.report(at.path, `This is a mapping with the keys ${keys.join(", ")}.`);
    return {};
  }
  const map = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(map)) {
    if (!keys.includes(key))
      at.report([...at.path, key], `The key "${key}" is not known; known are ${keys.join(", ")}.`);
  }
  return map;
}
