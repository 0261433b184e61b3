import { type AccessDelta, type AccessShift, type AccessSide, NO_SHIFTS } from "../../src/model/access.ts";
import type { Address } from "../../src/model/address.ts";
import type { DraftChange, Worlds } from "../../src/model/kind.ts";
import type { Caller } from "../../src/model/platform.ts";
import { DEFAULT_POLICY, type Policy } from "../../src/model/policy.ts";
import type { Resource, World } from "../../src/model/resource.ts";

/** What a sample says of one shift; what it leaves out is unremarkable. */
export interface ShiftText {
  readonly person: Address;
  readonly place: Address | "account";
  readonly through: readonly Address[];
  readonly before?: string | AccessSide;
  readonly after?: string | AccessSide;
  readonly gained?: string;
  readonly lost?: string;
  readonly within?: AccessShift["within"];
}

/** A shift in which nobody is pending or a bot, and nothing is assumed. */
export function shift({ before = "none", after = "none", ...text }: ShiftText): AccessShift {
  return {
    within: { spaces: 0, projects: 0 },
    gained: "none",
    lost: "none",
    ...text,
    givenBy: (text.gained ?? "none") !== "none" || sideOf(after).isLowerBound ? text.through : [],
    takenBy: text.lost === undefined || text.lost === "none" ? [] : text.through,
    before: sideOf(before),
    after: sideOf(after),
    isPending: false,
    isBot: false,
    assumptions: [],
  };
}

/** A delta of shifts, with the sets they name. */
export function deltaOf(shifts: readonly AccessShift[], sets: AccessDelta["sets"] = {}): AccessDelta {
  return { ...NO_SHIFTS, sets, shifts };
}

/** A side of which a role's contents are not known. */
export function unclear(permissions: string): AccessSide {
  return { permissions, roles: ["role:Dark"], isLowerBound: true };
}

function worldOf(resources: readonly Resource[]): World {
  return new Map(resources.map((resource) => [resource.address, resource]));
}

/** What guards of access are given, for the plan that comes from one list of resources to the other. */
export function guardInputOf(sample: {
  readonly live?: readonly Resource[];
  readonly planned?: readonly Resource[];
  /** What goes with another deletion and is no step of its own. */
  readonly goneWith?: Readonly<Record<Address, readonly Address[]>>;
  readonly delta?: AccessDelta;
  readonly policy?: Partial<Policy>;
  readonly caller?: Partial<Caller>;
}): {
  readonly worlds: Worlds;
  readonly changes: readonly DraftChange[];
  readonly goneWith: ReadonlyMap<Address, readonly Address[]>;
  readonly delta: AccessDelta;
  readonly policy: Policy;
  readonly caller: Caller;
} {
  const worlds = { live: worldOf(sample.live ?? []), planned: worldOf(sample.planned ?? sample.live ?? []) };
  const goneWith = new Map(Object.entries(sample.goneWith ?? {}) as [Address, readonly Address[]][]);
  return {
    worlds,
    changes: listChanges(worlds, new Set([...goneWith.values()].flat())),
    goneWith,
    delta: sample.delta ?? NO_SHIFTS,
    policy: { ...DEFAULT_POLICY, ...sample.policy },
    caller: {
      userId: undefined,
      email: undefined,
      accountName: "acme",
      accountAdmin: "yes",
      graphql: "available",
      ...sample.caller,
    },
  };
}

function listChanges({ live, planned }: Worlds, gone: ReadonlySet<Address>): readonly DraftChange[] {
  return [...new Set([...live.keys(), ...planned.keys()])].flatMap((address) => {
    const [before, after] = [live.get(address), planned.get(address)];
    if (before === after || gone.has(address)) return [];
    const op = before === undefined ? "create" : after === undefined ? "delete" : "update";
    return [{ op, address, before, after, fields: [] } as const];
  });
}

function sideOf(side: string | AccessSide): AccessSide {
  if (typeof side !== "string") return side;
  return { permissions: side, roles: side === "none" ? [] : ["member"], isLowerBound: false };
}
