import type { AccessDelta, AccessShift } from "../model/access.ts";
import { type Address, pathText } from "../model/address.ts";
import type { Finding } from "../model/change.ts";
import { compareText } from "../model/json.ts";
import type { DraftChange } from "../model/kind.ts";
import type { Policy } from "../model/policy.ts";
import type { Resource } from "../model/resource.ts";
import { appendTo, nameFirst, type StepFinding } from "./step-finding.ts";

/**
 * Tells what people gain by each step: anything at all, a built-in admin right, or a permission that the policy names. Only the
 * sentence on admins has names in it, so that the rest stays the same when other steps are done.
 */
export function tellGains(input: {
  readonly delta: AccessDelta;
  readonly policy: Policy;
  readonly changes: readonly DraftChange[];
}): readonly StepFinding[] {
  const { delta, policy } = input;
  const named = listNamed(policy);
  const gains = new Map<Address, AccessShift[]>();
  for (const shift of delta.shifts) {
    if (shift.gained !== "none" || mayGainMore(shift)) for (const step of shift.givenBy) appendTo(gains, step, shift);
  }
  const found = [...gains].flatMap(([step, shifts]) => [
    ...tellWider(step, shifts),
    ...tellAdmins(step, shifts),
    ...tellPermissions(step, { shifts, delta, policy, named }),
  ]);
  return [...found, ...tellRoles({ ...input, named })];
}

/** A role that comes to hold a permission the policy names is told by itself: whoever holds it may be where nobody can look. */
function tellRoles({
  changes,
  policy,
  named,
}: {
  readonly changes: readonly DraftChange[];
  readonly policy: Policy;
  readonly named: readonly string[];
}): readonly StepFinding[] {
  return changes.flatMap((change) =>
    named
      .filter((permission) => comesToHold(change, permission))
      .map((permission) => ({
        step: change.address,
        finding: describeNamed(permission, `The role comes to hold ${permission}.`, policy),
      })),
  );
}

function comesToHold({ op, before, after }: DraftChange, permission: string): boolean {
  if (op !== "update" || after?.kind !== "role") return false;
  return holdsPermission(after, permission) && !holdsPermission(before, permission);
}

function holdsPermission(role: Resource | undefined, permission: string): boolean {
  const held = role?.spec["permissions"];
  return held !== null && typeof held === "object" && Object.hasOwn(held, permission);
}

function listNamed({ holdPermissions, forbidPermissions }: Policy): readonly string[] {
  return [...new Set([...holdPermissions, ...forbidPermissions])].sort(compareText);
}

function describeNamed(permission: string, detail: string, policy: Policy): Finding {
  return {
    code: "gains-permission",
    detail,
    holds: policy.holdPermissions.includes(permission),
    blocks: policy.forbidPermissions.includes(permission),
  };
}

function tellWider(step: Address, shifts: readonly AccessShift[]): readonly StepFinding[] {
  const isCertain = shifts.some(({ gained }) => gained !== "none");
  const detail = isCertain ? "Somebody has more access afterwards." : "Somebody may have more access afterwards.";
  return [{ step, finding: { code: "widens-access", detail } }];
}

function tellAdmins(step: Address, shifts: readonly AccessShift[]): readonly StepFinding[] {
  const placesOf = new Map<Address, (Address | "account")[]>();
  for (const { person, place, gained } of shifts) if (gained === "all") appendTo(placesOf, person, place);
  const cases = [...placesOf].flatMap(([person, places]) =>
    keepOutermost(places).map((place) => `${pathText(person)} in ${place === "account" ? "the account" : place}`),
  );
  if (cases.length === 0) return [];
  return [
    {
      step,
      finding: { code: "gains-admin", detail: `New admins: ${nameFirst(cases, 5)}.` },
    },
  ];
}

/** Places without those that are in another of them. */
function keepOutermost(places: readonly (Address | "account")[]): readonly (Address | "account")[] {
  if (places.includes("account")) return ["account"];
  const paths = new Set(places.map((place) => pathText(place as Address)));
  return places.filter((place) => {
    const names = pathText(place as Address).split("/");
    return !names.some((_, depth) => depth > 0 && paths.has(names.slice(0, depth).join("/")));
  });
}

function tellPermissions(
  step: Address,
  input: {
    readonly shifts: readonly AccessShift[];
    readonly delta: AccessDelta;
    readonly policy: Policy;
    readonly named: readonly string[];
  },
): readonly StepFinding[] {
  return input.named.flatMap((permission) => {
    const gain = describeGain(permission, input.shifts, input.delta);
    return gain === undefined ? [] : [{ step, finding: describeNamed(permission, gain, input.policy) }];
  });
}

function describeGain(permission: string, shifts: readonly AccessShift[], { sets }: AccessDelta): string | undefined {
  if (shifts.some(({ gained }) => holdsIn(gained, permission, sets))) return `Somebody gains ${permission}.`;
  const mayGain = shifts.some((shift) => mayGainMore(shift) && !holdsIn(shift.before.permissions, permission, sets));
  return mayGain ? `Somebody gains a role whose contents are not known, and may gain ${permission} by it.` : undefined;
}

function holdsIn(name: string, permission: string, sets: AccessDelta["sets"]): boolean {
  return name === "all" || sets[name]?.includes(permission) === true;
}

/** True where a role comes in whose contents are not known. What roles hold in an organization itself is known of none, and says nothing. */
function mayGainMore({ place, before, after }: AccessShift): boolean {
  return after.isLowerBound && !before.isLowerBound && /^(space|project):/u.test(place);
}
