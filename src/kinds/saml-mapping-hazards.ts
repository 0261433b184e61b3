import type { Hazard, HazardCode } from "../model/change.ts";
import type { JsonObject } from "../model/json.ts";
import type { DraftChange, Worlds } from "../model/kind.ts";
import type { Spec } from "../model/resource.ts";
import { compareRoles } from "./grant-hazards.ts";
import { providerOf, syncsRoles } from "./saml-provider.ts";

/** What a change of a mapping gives and takes. It does so at a login: the next one where roles are synced, else the first. */
export function judgeMapping(change: DraftChange, worlds: Worlds): readonly Hazard[] {
  const when = syncsRoles(providerOf(change.address), worlds.planned) ? "next login" : "first login";
  const { gains, losses, admin } = comparePlaces(change, worlds);
  return [
    ...tell("removes-access", losses, `Whom it fits gets less at the ${when}`),
    ...tell("widens-access", gains, `Whom it fits gets more at the ${when}`),
    ...tell("gains-admin", admin, `Whom it fits becomes an admin at the ${when}`),
  ];
}

function tell(code: HazardCode, places: readonly string[], text: string): readonly Hazard[] {
  return places.length === 0 ? [] : [{ code, detail: `${text}: ${places.join(", ")}.` }];
}

interface Places {
  readonly gains: readonly string[];
  readonly losses: readonly string[];
  /** Where an admin right above spaces comes. */
  readonly admin: readonly string[];
}

function comparePlaces({ before, after }: DraftChange, worlds: Worlds): Places {
  const old = listRoles(before?.spec ?? {});
  const now = listRoles(after?.spec ?? {});
  const moved = [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .filter((place) => old.get(place) !== now.get(place));
  const isOrder = (place: string, order: "more" | "less"): boolean => {
    const [one, other] = [old.get(place), now.get(place)];
    if (one === undefined) return order === "more";
    if (other === undefined) return order === "less";
    return compareRoles({ before: one, after: other }, worlds) === order;
  };
  const gains = moved.filter((place) => !isOrder(place, "less"));
  const losses = moved.filter((place) => !isOrder(place, "more"));
  return { gains, losses, admin: gains.filter((place) => now.get(place) === "admin" && !place.startsWith("space:")) };
}

/** The role by place; `account` for account admins. */
function listRoles(spec: Spec): ReadonlyMap<string, string> {
  const roles = new Map<string, string>();
  if (spec["account_admin"] === true) roles.set("account", "admin");
  if (typeof spec["organization"] === "string") roles.set(spec["organization"], String(spec["organization_role"]));
  for (const [space, role] of Object.entries((spec["spaces"] ?? {}) as JsonObject)) roles.set(space, String(role));
  return roles;
}
