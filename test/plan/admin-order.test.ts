import fc from "fast-check";
import { expect, test } from "vitest";
import { orderAdmins } from "../../src/access/access-guards.ts";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import type { Resource, Spec } from "../../src/model/resource.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { makePlan, type PlanInput } from "../../src/plan/make-plan.ts";
import { declare, live, planInput } from "../support/plan-input.ts";

const kinds = indexKinds(KINDS);
const NAMES = ["ana", "ben", "cy"];
const PLACES = ["organization:A", "space:A/x", "space:A/y"] as const;

/** Roles of everybody everywhere; undefined for who has none. */
type Roles = Readonly<Record<string, string | undefined>>;

const anyRoles: fc.Arbitrary<Roles> = fc.record(
  Object.fromEntries(
    NAMES.flatMap((name) => [
      [`org-member:A/${name}`, fc.constantFrom("admin", "admin", "member", "member", undefined)],
      [`space-member:A/x/${name}`, fc.constantFrom("admin", "admin", "member", "member", undefined)],
      [`space-member:A/y/${name}`, fc.constantFrom("admin", "read-only", undefined)],
    ]),
  ),
);

/** The grants of those who are in the organization: nobody else is in its spaces. */
function grantsIn(roles: Roles, make: (address: Address, spec: Spec) => Resource): readonly Resource[] {
  return Object.entries(roles).flatMap(([address, role]) => {
    const name = address.slice(address.lastIndexOf("/") + 1);
    const isIn = roles[`org-member:A/${name}`] !== undefined;
    return role === undefined || !isIn ? [] : [make(address as Address, { role })];
  });
}

const anyInput: fc.Arbitrary<PlanInput> = fc
  .tuple(anyRoles, anyRoles, fc.constantFrom(0, 1, 2, 3), fc.option(fc.constantFrom(...NAMES)))
  .map(([from, to, minAdmins, leaver]) => {
    const isGone = ({ address }: Resource): boolean => leaver !== null && address.endsWith(leaver);
    return planInput({
      live: [
        ...PLACES.map((place) => live(place)),
        ...NAMES.map((name) => live(`user:${name}`)),
        ...grantsIn(from, live),
      ],
      declared: [...PLACES.map((place) => declare(place)), ...grantsIn(to, declare)].filter((one) => !isGone(one)),
      absent: leaver === null ? {} : { [`user:${leaver}`]: "declared-absent" },
      managed: {
        "org-member@organization:A": "authoritative",
        "space-member@space:A/x": "authoritative",
        "space-member@space:A/y": "authoritative",
      },
      policy: { minAdmins },
    });
  });

/** What the order of admins says of the steps of a plan. */
function orderOf(steps: readonly Step[], input: PlanInput): ReturnType<typeof orderAdmins> {
  const world = input.observation.world;
  const goneWith = new Map(
    steps
      .filter(({ op }) => op === "delete")
      .map(({ address }) => [address, kinds.of(address).cascadeOf(address, world).certain]),
  );
  const planned = new Map(world);
  for (const [address, others] of goneWith) for (const gone of [address, ...others]) planned.delete(gone);
  for (const { address, op } of steps) if (op !== "delete") planned.set(address, declareAgain(address, input));
  const changes = steps.map(({ op, address }) => ({
    op,
    address,
    before: world.get(address),
    after: planned.get(address),
    fields: [],
  }));
  return orderAdmins({ worlds: { live: world, planned }, changes, goneWith, policy: input.desired.policy });
}

function declareAgain(address: Address, input: PlanInput): Resource {
  const declared = input.desired.world.get(address);
  if (declared === undefined) throw new Error(`${address} is declared`);
  return declared;
}

/** True where what waits for what goes in no circle. */
function isPossible(waits: ReadonlyMap<Address, readonly Address[]>): boolean {
  const left = new Map(waits);
  for (;;) {
    const ready = [...left].filter(([, others]) => !others.some((other) => left.has(other)));
    if (ready.length === 0) return left.size === 0;
    for (const [address] of ready) left.delete(address);
  }
}

test("admins can be given before others are taken, whatever else waits for what", () => {
  let pairs = 0;
  fc.assert(
    fc.property(anyInput, (input) => {
      const { steps } = makePlan(input);
      const order = orderOf(steps, input);
      pairs += order.length;
      const waits = new Map(
        steps.map(({ address, dependsOn }) => [
          address,
          [...dependsOn, ...order.filter(({ second }) => second === address).map(({ first }) => first)],
        ]),
      );
      expect(isPossible(waits), JSON.stringify([...waits])).toBe(true);
    }),
    { numRuns: 2000, seed: 20_261_121 },
  );
  expect(pairs).toBeGreaterThan(1000);
});
