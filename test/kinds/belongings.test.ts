import { describe, expect, test } from "vitest";
import { user } from "../../src/kinds/user.ts";
import type { Address } from "../../src/model/address.ts";
import { PlatformError } from "../../src/model/errors.ts";
import type { BelongingsScene } from "../../src/model/kind.ts";
import type { Resource } from "../../src/model/resource.ts";
import { live } from "../support/plan-input.ts";
import { makeRowsReader } from "../support/rows-reader.ts";

const CARL: Address = "user:carl@x.io";
const PLACES = [live("organization:A"), live("space:A/s"), live("space:A/t")];
const PERSON = live(CARL, {}, { remote: { id: "carl" } });

function key(address: Address, id: string, creator: string, more: Partial<Resource> = {}): Resource {
  const facts = {
    last_used: null,
    bot: null,
    name: address.slice(address.lastIndexOf("/") + 1),
    creator,
    redacted: "",
  };
  return live(address, {}, { ...more, facts: { ...facts, ...more.facts }, remote: { id, space: "s" } });
}

function tell(resources: readonly Resource[], scene: Partial<BelongingsScene> = {}): readonly string[] {
  const world = new Map([...PLACES, PERSON, ...resources].map((resource) => [resource.address, resource]));
  return (
    user.tellBelongings?.(CARL, {
      live: world,
      planned: world,
      belongings: { state: "complete", items: [] },
      covered: new Set(),
      isDeclared: () => false,
      coverageOf: () => "complete",
      ...scene,
    }) ?? []
  );
}

describe("what is told of what somebody leaves behind", () => {
  test("nothing is told as nothing", () => {
    expect(tell([key("service-key:A/s/other", "k1", "ana")])).toEqual([
      "No service key is known to be of their making.",
      "No key of their own is alive.",
    ]);
  });

  test("a key that goes by the same plan, one that ends, and one in a space that is not seen by itself", () => {
    const gone = key("service-key:A/s/gone", "k1", "carl", { facts: { last_used: "2026-08-01T00:00:00Z" } });
    const wide = key("service-key:A/s/wide", "k2", "carl", {
      spec: { expires: "2027-01-01T00:00:00Z", also_in: { "space:A/t": "member", "space:%00x": "member" } },
    });
    const planned = new Map([[wide.address, wide]]);
    expect(tell([gone, wide], { planned, isDeclared: (address) => address === wide.address }).slice(0, 2)).toEqual([
      'Service key "gone", last used at 2026-08-01T00:00:00Z, in space:A/s: this plan takes it away.',
      'Service key "wide", no use is told, ends at 2027-01-01T00:00:00Z, in space:A/s, space:A/t: the manifest manages it, and the platform keeps it; `axcess keys rotate` gives it a new secret.',
    ]);
  });

  test("a key that stands under its id is told by its name, and one without either by its address", () => {
    const twin = key("service-key:A/s/%00k9", "k9", "carl", { facts: { name: "twin" }, builtin: true });
    const bare = live("service-key:A/t/bare", {}, { facts: { creator: "carl" } });
    expect(tell([twin, bare]).map((line) => line.slice(0, 20))).toEqual([
      'Service key "bare", ',
      'Service key "twin", ',
      "No key of their own ",
    ]);
  });

  test("what could not be seen is told", () => {
    const told = tell([key("service-key:A/s/odd", "k1", "")], {
      belongings: undefined,
      coverageOf: () => "unreadable",
    });
    expect(told).toEqual([
      "No service key is known to be of their making.",
      "Who made one other service key is not known: the platform does not tell.",
      "The person may have made other service keys: organization@, space@organization:A, service-key@space:A/s and 1 more could not be read whole.",
      "Which keys the person made for themselves is not known: nobody asked.",
    ]);
    const odd = [key("service-key:A/s/odd", "k1", ""), key("service-key:A/s/odder", "k2", "")];
    expect(tell(odd)[1]).toContain("Who made 2 other service keys is not known");
    const hidden = { state: "unreadable", because: "The key may not." } as const;
    expect(tell([], { belongings: hidden }).at(-1)).toBe(
      "Which keys the person made for themselves is not known: The key may not.",
    );
    const partly = tell([], { coverageOf: (key) => (key.startsWith("space@") ? "partial" : "complete") });
    expect(partly[1]).toContain("other service keys: space@organization:A could not be read whole.");
  });

  test("a person whose id is not known made no key for certain", () => {
    const planned = live(
      CARL,
      {},
      { origin: { from: "manifest", at: { file: "", line: 1, column: 1, length: 1 }, group: undefined } },
    );
    const world = new Map([[CARL, planned]]);
    expect(tell([], { live: world, planned: world })[0]).toBe("No service key is known to be of their making.");
  });
});

describe("places that may be left without an admin unseen", () => {
  const HIDDEN: readonly Address[] = [
    "org-member:A/carl@x.io",
    "space-member:A/s/carl@x.io",
    "space-member:A/t/carl@x.io",
    "space-member:A/gone/carl@x.io",
    "space-member:A/s/ana@x.io",
  ];
  const unseen = (resources: readonly Resource[], covered = HIDDEN) =>
    tell(resources, { covered: new Set(covered) }).slice(2);

  test("are told where nobody else is an active admin by an entry there", () => {
    const who = (name: string, status: string) => live(`user:${name}@x.io`, {}, { facts: { status } });
    const people = [who("ana", "ACTIVE"), who("inv", "INVITED"), who("exp", "EXPIRED")];
    const entries = [
      live("org-member:A/ana@x.io", { role: "admin" }),
      live("space-member:A/s/inv@x.io", { role: "admin" }),
      live("space-member:A/s/exp@x.io", { role: "admin" }),
      live("space-member:A/s/bot@x.io", { role: "admin" }),
      live("space-member:A/s/ana@x.io", { role: "member" }),
      live("space-member:A/t/ana@x.io", { role: "role:R", also: "admin" }),
    ];
    expect(unseen([...people, ...entries])).toEqual([
      "The person's admin right hides whether they were added to space:A/s themselves. Nobody else is an active admin by an entry there: it may be left to those who administer what is above.",
    ]);
    const more = live("space-member:A/s/ana@x.io", { role: "admin" });
    expect(unseen([...people, ...entries, more])).toEqual([]);
  });

  test("are named as far as they are few", () => {
    const spaces = ["a", "b", "c", "d"].map((name): Address => `space:A/${name}`);
    const covered = spaces.map((space): Address => `space-member:${space.slice("space:".length)}/carl@x.io`);
    expect(
      unseen(
        spaces.map((space) => live(space)),
        covered,
      )[0],
    ).toContain("space:A/a, space:A/b, space:A/c and 1 more");
    expect(unseen([], [])).toEqual([]);
  });
});

describe("the keys of a person", () => {
  const ROW = { id: "1", name: "laptop", created_by_user_id: "carl", redacted_key: "ak-1...2" };

  test("are asked for by the person's id", async () => {
    const asked: unknown[] = [];
    const reader = makeRowsReader({
      lists: {
        "/v2/api-keys": ({ query }) => {
          asked.push(query);
          return [ROW];
        },
      },
    });
    expect(await user.readBelongings?.(reader, PERSON)).toEqual([
      { name: "laptop", redacted: "ak-1...2", used: "", expires: "" },
    ]);
    expect(asked).toEqual([{ user_id: "carl", key_type: "USER", status: "ACTIVE" }]);
  });

  test("are not taken from a server that lists those of somebody else", async () => {
    const reader = makeRowsReader({ lists: { "/v2/api-keys": [{ ...ROW, created_by_user_id: "me" }] } });
    await expect(user.readBelongings?.(reader, PERSON)).rejects.toThrow(PlatformError);
  });
});
