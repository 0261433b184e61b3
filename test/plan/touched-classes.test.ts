import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Address, ClassKey } from "../../src/model/address.ts";
import type { Step } from "../../src/model/change.ts";
import { indexKinds } from "../../src/plan/kinds-by-name.ts";
import { selectTouched } from "../../src/plan/touched-classes.ts";
import { live, planInput } from "../support/plan-input.ts";

const READ: readonly ClassKey[] = [
  ...(["user@", "role@", "organization@"] as const),
  ...(["org-member@organization:A", "space@organization:A", "org-member@organization:B"] as const),
  ...(["space-member@space:A/s", "project@space:A/s", "service-key@space:A/s"] as const),
  ...(["space-member@space:A/t", "service-key@space:A/t", "space-member@space:A/hidden"] as const),
  ...(["binding@project:A/s/p", "restriction@project:A/s/p", "binding@project:A/s/q"] as const),
];

const LIVE = [
  ...[live("organization:A"), live("space:A/s"), live("space:A/t"), live("project:A/s/p"), live("project:A/s/q")],
  ...[live("user:ana@x.io"), live("user:ben@x.io"), live("user:susana@x.io")],
  ...[live("org-member:A/ana@x.io", { role: "member" }), live("org-member:B/ana@x.io", { role: "member" })],
  ...[live("space-member:A/s/ana@x.io", { role: "member" }), live("space-member:A/t/susana@x.io", { role: "member" })],
  live("binding:A/s/q/ana@x.io", { role: "role:Viewer" }),
];

/** The classes, sorted, that may be otherwise after some steps. */
function touch(steps: Tried | readonly Tried[], covered: readonly Address[] = []): readonly string[] | undefined {
  const { observation } = planInput({ live: LIVE, covered });
  const coverage = new Map([...READ.map((key) => [key, "complete"] as const), ["user", "complete"] as const]);
  const tried = [steps].flat().map((step) => ({ ...SAMPLE, ...step }));
  const touched = selectTouched(tried, { ...observation, coverage }, indexKinds(KINDS));
  return touched && [...touched].sort();
}

type Tried = Pick<Step, "address"> & Partial<Step>;

/** What steps have that says nothing here. */
const SAMPLE: Omit<Step, "address"> = {
  ...{ id: "chg_1", op: "delete", kind: "role", reason: "fields-differ", fields: [], dependsOn: [], hazards: [] },
  ...{ gate: { state: "open" }, cascade: [], notes: [] },
};

describe("what may be otherwise after a step", () => {
  test("on a role on a project is that one list, and what else its holder has on that project", () => {
    expect(touch({ address: "binding:A/s/p/ana@x.io" })).toEqual(["binding@project:A/s/p"]);
  });

  test("on somebody in a space is what else the person has in it", () => {
    expect(touch({ address: "space-member:A/s/ana@x.io", op: "delete" })).toEqual([
      ...["binding@project:A/s/q", "space-member@space:A/s"],
    ]);
    expect(touch({ address: "space-member:A/s/susana@x.io" })).toEqual(["space-member@space:A/s"]);
  });

  test("on somebody in an organization is what else the person has there, seen or hidden", () => {
    expect(touch({ address: "org-member:A/ana@x.io" }, ["space-member:A/hidden/ana@x.io"])).toEqual([
      ...[
        "binding@project:A/s/q",
        "org-member@organization:A",
        "space-member@space:A/hidden",
        "space-member@space:A/s",
      ],
    ]);
  });

  test("on a person is what the person has anywhere", () => {
    expect(touch({ address: "user:ana@x.io", op: "delete" })).toEqual([
      ...["binding@project:A/s/q", "org-member@organization:A", "org-member@organization:B", "space-member@space:A/s"],
      "user@",
    ]);
    expect(touch({ address: "user:ben@x.io" }, ["space-member:A/hidden/ben@x.io"])).toEqual([
      ...["space-member@space:A/hidden", "user@"],
    ]);
    expect(touch({ address: "user:new@x.io", op: "create", to: { role: "member" } })).toEqual(["user@"]);
  });

  test("that makes an admin is all that the place contains", () => {
    const inOrganization = READ.filter((key) => /:A\b/u.test(key)).sort();
    expect(touch({ address: "org-member:A/ana@x.io", to: { role: "admin" } })).toEqual(inOrganization);
    expect(touch({ address: "space-member:A/s/ana@x.io", to: { role: "role:Any", also: "admin" } })).toEqual(
      READ.filter((key) => key.includes(":A/s")).sort(),
    );
    expect(touch({ address: "user:ana@x.io", to: { role: "admin" } })).toBeUndefined();
  });

  test("on a container is all that is in it", () => {
    expect(touch({ address: "space:A/s", op: "update" })).toEqual(
      [...READ.filter((key) => key.includes(":A/s")), "space@organization:A"].sort(),
    );
    expect(touch({ address: "space:A/new", op: "create" })).toEqual(["space@organization:A"]);
  });

  test("on what nobody holds is all around it", () => {
    expect(touch({ address: "restriction:A/s/p" })).toEqual(["binding@project:A/s/p", "restriction@project:A/s/p"]);
    expect(touch({ address: "role:Any" })).toEqual(["role@"]);
  });

  test("of several is what may be of each", () => {
    expect(touch([{ address: "role:Any" }, { address: "binding:A/s/p/ana@x.io" }])).toEqual([
      ...["binding@project:A/s/p", "role@"],
    ]);
    expect(touch([])).toEqual([]);
  });

  test("may be anything where something is renamed, or the platform overwrites by itself", () => {
    expect(touch({ address: "space:A/new", renamedFrom: "space:A/s" })).toBeUndefined();
    expect(touch([{ address: "role:Any" }, { address: "saml-mapping:x.io/0" }])).toBeUndefined();
    expect(touch({ address: "saml-provider:x.io" })).toBeUndefined();
  });
});
