import fc from "fast-check";
import type { Address } from "../../src/model/address.ts";
import type { Resource, Spec } from "../../src/model/resource.ts";
import { declare, live, type PlanSample } from "./plan-input.ts";

const ORGANIZATIONS = ["A", "B/b"];
const SPACES = ["x", "y%"];
const PROJECTS = ["p", "q"];
const PEOPLE = ["ana@acme.io", "bob@acme.io", "cy@acme.io", "caller@acme.io"];
const PREDEFINED = ["admin", "member", "read-only"];
const CUSTOM = ["role:Eval", "role:Ops"];

/** Both sides of an account with few names, so that they often meet, and everything else a plan is made from. */
export const arbitrarySample: fc.Arbitrary<PlanSample> = fc.record({
  live: arbitraryWorld(live).map((resources) => [
    ...resources,
    live("role:Project Viewer", { permissions: { P: true } }, { builtin: true }),
  ]),
  declared: arbitraryWorld(declare),
  managed: fc.dictionary(
    fc.constantFrom(...everyClass()),
    fc.constantFrom("additive" as const, "authoritative" as const),
  ),
  ignore: fc.subarray(["space:A/x", "user:bob@acme.io", "org-member:**"], { maxLength: 1 }),
  protect: fc.subarray(["organization:A", "space-member:A/**"], { maxLength: 1 }),
  coverage: fc.dictionary(
    fc.constantFrom("space-member", "org-member", "binding", "user"),
    fc.constantFrom("partial" as const, "unreadable" as const, "complete" as const),
  ),
  limits: fc.record({ maxRemovals: fc.constant(100), maxRemovalPercent: fc.constant(100) }),
});

type Make = (address: Address, spec?: Spec) => Resource;

/** A world in which what is contained has its container, as every real one; on the declared side too. */
function arbitraryWorld(make: Make): fc.Arbitrary<readonly Resource[]> {
  const candidates = everyAddress();
  return fc.tuple(fc.subarray([...candidates]), fc.infiniteStream(fc.nat(1000))).map(([chosen, numbers]) => {
    const kept = new Set<Address>();
    // Containers come before their content in the list of candidates.
    for (const { address, needs } of chosen) if (needs.every((needed) => kept.has(needed))) kept.add(address);
    return [...kept].map((address) => make(address, specOf(address, numbers.next().value ?? 0)));
  });
}

interface Candidate {
  readonly address: Address;
  readonly needs: readonly Address[];
}

function everyAddress(): readonly Candidate[] {
  const paths = ORGANIZATIONS.map((name) => encodeURIComponent(name));
  const spacePaths = paths.flatMap((organization) =>
    SPACES.map((space) => `${organization}/${encodeURIComponent(space)}`),
  );
  const projectPaths = spacePaths.flatMap((space) => PROJECTS.map((project) => `${space}/${project}`));
  const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
  return [
    ...CUSTOM.map((address) => ({ address: address as Address, needs: [] })),
    ...PEOPLE.map((person) => ({ address: `user:${person}` as Address, needs: [] })),
    ...paths.map((path) => ({ address: `organization:${path}` as Address, needs: [] })),
    ...spacePaths.map((path) => ({
      address: `space:${path}` as Address,
      needs: [`organization:${parentOf(path)}` as Address],
    })),
    ...projectPaths.map((path) => ({
      address: `project:${path}` as Address,
      needs: [`space:${parentOf(path)}` as Address],
    })),
    ...paths.flatMap((path) =>
      PEOPLE.map((person) => ({
        address: `org-member:${path}/${person}` as Address,
        needs: [`organization:${path}`, `user:${person}`] as readonly Address[],
      })),
    ),
    ...spacePaths.flatMap((path) =>
      PEOPLE.map((person) => ({
        address: `space-member:${path}/${person}` as Address,
        needs: [`space:${path}`, `org-member:${parentOf(path)}/${person}`, ...CUSTOM] as readonly Address[],
      })),
    ),
    ...projectPaths.flatMap((path) =>
      PEOPLE.map((person) => ({
        address: `binding:${path}/${person}` as Address,
        needs: [`project:${path}`, `org-member:${parentOf(parentOf(path))}/${person}`, ...CUSTOM] as readonly Address[],
      })),
    ),
    ...projectPaths.map((path) => ({
      address: `restriction:${path}` as Address,
      needs: [`project:${path}` as Address],
    })),
  ];
}

function everyClass(): readonly string[] {
  return everyAddress().flatMap(({ address }) => {
    const [kind = "", path = ""] = [address.slice(0, address.indexOf(":")), address.slice(address.indexOf(":") + 1)];
    if (kind === "organization")
      return ["organization@", `space@organization:${path}`, `org-member@organization:${path}`];
    if (kind === "space") return [`project@space:${path}`, `space-member@space:${path}`];
    if (kind === "project") return [`binding@project:${path}`];
    return kind === "role" ? ["role@"] : [];
  });
}

function specOf(address: Address, number: number): Spec {
  const role = [...PREDEFINED, ...CUSTOM][number % 5] ?? "member";
  switch (address.slice(0, address.indexOf(":"))) {
    case "user":
      return { name: `N${number % 3}`, role: "member", developer: number % 2 === 0 };
    case "role":
      return {
        description: "",
        permissions: Object.fromEntries(["A", "B", "C"].slice(number % 3).map((name) => [name, true])),
      };
    case "space":
      return { description: "", private: number % 2 === 0 };
    case "organization":
      return { description: `D${number % 2}` };
    case "org-member":
      return { role: PREDEFINED[number % 3] ?? "member" };
    case "space-member":
      return { role, also: null };
    case "binding":
      return { role: CUSTOM[number % 2] ?? "role:Project Viewer" };
    default:
      return {};
  }
}
