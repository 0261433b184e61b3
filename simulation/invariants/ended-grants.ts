import { parseAddress } from "../../src/model/address.ts";
import type { Company } from "../story/scenario.ts";

type Grants = Readonly<Record<string, string>>;
type Written = string | { readonly role: string; readonly expires?: string };

/** The grants of a place that have not ended, by e-mail, as roles. */
export function listLiveGrants(written: unknown, now: Date): Grants {
  const grants = Object.entries((written ?? {}) as Readonly<Record<string, Written>>);
  return Object.fromEntries(
    grants.flatMap(([email, grant]) => {
      if (typeof grant === "string") return [[email, grant]];
      return hasEnded(grant, now) ? [] : [[email, grant.role]];
    }),
  );
}

/** True where a company lets go of a grant without approval: it has ended, and the policy says so. */
export function mayLapse(company: Company, address: string, now: Date): boolean {
  const { expire } = (company["policy"] ?? {}) as { readonly expire?: string };
  if (expire !== "automatic") return false;
  const { kind, path = [] } = parseAddress(address) ?? {};
  const keys = ["organizations", "spaces", "projects"]
    .slice(0, path.length - 1)
    .flatMap((name, depth) => [name, path[depth]]);
  const list = kind === "binding" ? "bindings" : "members";
  let found: unknown = company;
  for (const key of [...keys, list, path.at(-1)]) {
    found = found === null || typeof found !== "object" ? undefined : (found as Company)[key ?? ""];
  }
  return typeof found === "object" && found !== null && hasEnded(found as Written, now);
}

function hasEnded(grant: Written, now: Date): boolean {
  return typeof grant !== "string" && grant.expires !== undefined && Date.parse(grant.expires) <= now.getTime();
}
