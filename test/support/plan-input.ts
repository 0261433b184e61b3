import { KINDS } from "../../src/kinds/registry.ts";
import { type Address, type ClassKey, type KindName, kindOf } from "../../src/model/address.ts";
import type { Assertion } from "../../src/model/assertion.ts";
import type { ManageMode } from "../../src/model/manifest.ts";
import type { Coverage, Desired, Memory, Observation } from "../../src/model/plan.ts";
import { DEFAULT_POLICY, type Limits, NO_LIMITS, type Policy } from "../../src/model/policy.ts";
import type { RemoteRef, Resource, Spec } from "../../src/model/resource.ts";
import type { PlanInput } from "../../src/plan/make-plan.ts";

const EVERY_KIND: readonly KindName[] = KINDS.map(({ name }) => name);

/** A declared resource at a line of a manifest nobody wrote. */
export function declare(address: Address, spec: Spec = {}, line = 1): Resource {
  return {
    kind: kindOf(address) as KindName,
    address,
    spec,
    origin: { from: "manifest", at: { file: "access.yaml", line, column: 3, length: 1 }, group: undefined },
  };
}

/** A live resource; its ids are made from its address unless given. */
export function live(
  address: Address,
  spec: Spec = {},
  extra: Partial<Resource> & { remote?: RemoteRef } = {},
): Resource {
  const { remote, ...rest } = extra;
  return {
    kind: kindOf(address) as KindName,
    address,
    spec,
    origin: { from: "platform", remote: remote ?? { id: `id(${address})` } },
    ...rest,
  };
}

export interface PlanSample {
  readonly declared?: readonly Resource[];
  readonly live?: readonly Resource[];
  readonly managed?: Readonly<Record<string, ManageMode>>;
  readonly absent?: Readonly<Record<string, "declared-absent" | "expired">>;
  readonly renames?: Readonly<Record<string, readonly Address[]>>;
  readonly ignore?: readonly string[];
  readonly protect?: readonly string[];
  readonly assertions?: readonly Assertion[];
  readonly policy?: Partial<Policy>;
  readonly coverage?: Readonly<Record<string, Coverage>>;
  readonly covered?: readonly Address[];
  readonly caller?: Partial<Observation["caller"]>;
  readonly memory?: Partial<Memory>;
  readonly limits?: Partial<Limits>;
}

/** The input of a plan in which all that is not said is unremarkable: everything was read, nothing is managed authoritatively. */
export function planInput(sample: PlanSample): PlanInput {
  const desired: Desired = {
    world: new Map((sample.declared ?? []).map((resource) => [resource.address, resource])),
    managed: new Map(Object.entries(sample.managed ?? {}) as [ClassKey, ManageMode][]),
    absent: new Map(
      Object.entries(sample.absent ?? {}).map(([address, reason]) => [
        address as Address,
        { reason, origin: declare(address as Address).origin },
      ]),
    ),
    renames: new Map(Object.entries(sample.renames ?? {}) as [Address, readonly Address[]][]),
    ignore: sample.ignore ?? [],
    protect: sample.protect ?? [],
    lapses: [],
    assertions: sample.assertions ?? [],
    policy: { ...DEFAULT_POLICY, ...sample.policy },
  };
  const observation: Observation = {
    world: new Map((sample.live ?? []).map((resource) => [resource.address, resource])),
    coverage: new Map(
      Object.entries({
        ...Object.fromEntries(EVERY_KIND.map((kind) => [kind, "complete" as const])),
        ...sample.coverage,
      }) as [ClassKey, Coverage][],
    ),
    covered: new Set(sample.covered ?? []),
    belongings: new Map(),
    caller: {
      userId: "id(user:caller@acme.io)",
      email: "caller@acme.io",
      accountName: "acme",
      accountAdmin: "yes",
      graphql: "available",
      ...sample.caller,
    },
    notes: [],
  };
  const memory: Memory = { owned: new Map(), lastWritten: new Map(), managed: new Set(), ...sample.memory };
  return {
    desired,
    observation,
    memory,
    kinds: KINDS,
    account: { url: "https://api.arize.com", name: "acme" },
    limits: { ...NO_LIMITS, ...sample.limits },
  };
}
