import { describe, expect, it } from "vitest";
import { KINDS } from "../../src/kinds/registry.ts";
import type { Manifest } from "../../src/model/manifest.ts";
import { makeDesired, selectReads, sourceOf } from "../../src/state/desired.ts";
import { Authoritative, buildLive, buildManifest, type ManifestText } from "../support/world-builder.ts";

const NOW = new Date("2026-08-10T12:00:00Z");
const ANA = "ana@example.com";

const desire = (manifest: Manifest, now = NOW) => makeDesired({ manifest, kinds: KINDS, now });

function select(text: ManifestText): { readonly classes: readonly string[]; readonly under: readonly string[] } {
  const { classes, under } = selectReads(desire(buildManifest(text)), KINDS);
  return { classes: [...classes].sort(), under };
}

const member = (expires: string) =>
  buildManifest({ organizations: { Platform: { members: { [ANA]: { role: "member", expires } } } } });

describe("makeDesired", () => {
  it("has a world of what is declared, and what is to go", () => {
    const desired = desire(
      buildManifest({
        people: { [ANA]: { name: "Ana" } },
        offboard: ["Gone@example.com"],
        absent: ["organization:Old", "user:ana@example.com"],
        organizations: {
          Platform: {
            spaces: { alpha: { projects: { chatbot: { restricted: false }, vault: { restricted: true } } } },
          },
        },
        ignore: ["user:*"],
        protect: ["role:*"],
      }),
    );
    expect([...desired.world.keys()]).toEqual([
      "organization:Platform",
      "space:Platform/alpha",
      "user:ana@example.com",
      "project:Platform/alpha/chatbot",
      "project:Platform/alpha/vault",
      "restriction:Platform/alpha/vault",
    ]);
    expect([...desired.absent].map(([address, { reason }]) => [address, reason])).toEqual([
      ["user:gone@example.com", "declared-absent"],
      ["restriction:Platform/alpha/chatbot", "declared-absent"],
      ["organization:Old", "declared-absent"],
    ]);
    expect(desired).toMatchObject({ ignore: ["user:*"], protect: ["role:*"], lapses: [] });
  });

  it.each([
    ["2026-08-10T12:00:00Z", "gone"],
    ["2026-08-10T12:00:00.001Z", "lapses"],
    ["2026-08-24T12:00:00Z", "lapses"],
    ["2026-08-24T12:00:00.001Z", "stays"],
    ["2026-08-10T11:59:59Z", "gone"],
  ])("a grant until %s %s", (expires, fate) => {
    const desired = desire(member(expires));
    const address = `org-member:Platform/${ANA}` as const;
    expect(desired.world.has(address)).toBe(fate !== "gone");
    expect(desired.absent.get(address)?.reason).toBe(fate === "gone" ? "expired" : undefined);
    expect(desired.lapses).toEqual(fate === "lapses" ? [{ address, expires, source: "access.yaml:3:5" }] : []);
  });

  it("depends on the moment that is passed in and on no other", () => {
    const manifest = member("2030-01-01T00:00:00Z");
    expect(desire(manifest, new Date("2029-12-31T23:59:59Z")).absent.size).toBe(0);
    expect(desire(manifest, new Date("2030-01-01T00:00:00Z")).absent.size).toBe(1);
  });

  it("knows former names", () => {
    const { renames } = desire(
      buildManifest({
        roles: { reviewer: { permissions: ["SPACE_READ"], previously: ["checker", "judge"] } },
        organizations: { Platform: { previously: ["Infra"], spaces: { alpha: { previously: ["first"] } } } },
      }),
    );
    expect([...renames]).toEqual([
      ["role:reviewer", ["role:checker", "role:judge"]],
      ["organization:Platform", ["organization:Infra"]],
      ["space:Platform/alpha", ["space:Platform/first"]],
    ]);
  });

  it("manages a class whole where one of its kinds wants it so", () => {
    const { managed } = desire(
      buildManifest({
        organizations: {
          Platform: {
            members: new Authoritative({}),
            spaces: { alpha: { members: new Authoritative({}) } },
          },
          Labs: { spaces: { beta: { members: new Authoritative({}) } } },
        },
      }),
    );
    expect(Object.fromEntries(managed)).toEqual({
      "role@": "additive",
      "organization@": "additive",
      "space@organization:Platform": "additive",
      "space@organization:Labs": "additive",
      "user@": "additive",
      "org-member@organization:Platform": "authoritative",
      "org-member@organization:Labs": "additive",
      "space-member@space:Platform/alpha": "authoritative",
      "space-member@space:Labs/beta": "authoritative",
    });
  });

  it("takes the source of what is declared, and knows none of what is live", () => {
    expect(sourceOf(buildLive("role:x"))).toBe("");
  });
});

describe("selectReads", () => {
  it("reads nothing for a manifest that says nothing", () => {
    expect(select({})).toEqual({ classes: [], under: [] });
  });

  it("reads the classes that are managed, with the containers above them", () => {
    expect(select({ people: {} })).toEqual({ classes: ["user@"], under: [] });
    const projects = { chatbot: { bindings: { [ANA]: "role:Project Viewer" } } } as const;
    expect(select({ organizations: { Platform: { spaces: { alpha: { projects } } } } })).toEqual({
      classes: [
        "binding@project:Platform/alpha/chatbot",
        "organization@",
        "project@space:Platform/alpha",
        "role@",
        "space@organization:Platform",
        "user@",
      ],
      under: [],
    });
  });

  it("reads whole what may go with its content, and the people, roles and organizations named in it", () => {
    expect(select({ organizations: new Authoritative({}) })).toEqual({
      classes: ["organization@", "role@", "user@"],
      under: [""],
    });
    expect(select({ organizations: { Platform: { spaces: new Authoritative({}) } } })).toEqual({
      classes: ["organization@", "role@", "space@organization:Platform", "user@"],
      under: ["organization:Platform"],
    });
    expect(select({ absent: ["space:Platform/alpha"] })).toEqual({
      classes: ["organization@", "role@", "space@organization:Platform", "user@"],
      under: ["space:Platform/alpha"],
    });
    expect(select({ absent: ["organization:Old"] })).toEqual({
      classes: ["organization@", "role@", "user@"],
      under: ["organization:Old"],
    });
  });

  it("reads no more than a grant and what it hangs on where a grant is to go", () => {
    expect(select({ absent: [`binding:Platform/alpha/chatbot/${ANA}`] })).toEqual({
      classes: [
        "binding@project:Platform/alpha/chatbot",
        "organization@",
        "project@space:Platform/alpha",
        "space@organization:Platform",
        "user@",
      ],
      under: [],
    });
    expect(select({ absent: ["role:old"] })).toEqual({ classes: ["role@"], under: [] });
    expect(select({ absent: ["organisation:typo" as never] }).under).toEqual([]);
  });

  it("reads the whole account where a person is to go, whose grants may be anywhere", () => {
    expect(select({ offboard: [ANA] })).toEqual({ classes: ["organization@", "role@", "user@"], under: [""] });
  });

  it("reads the whole account once, whatever its containers were called", () => {
    const organizations = { Platform: { previously: ["Infra"], spaces: {} } };
    expect(select({ organizations, offboard: [ANA] }).under).toEqual([""]);
  });

  it("reads what is renamed under the names it had, at every level", () => {
    const { classes, under } = select({
      roles: { Platform: { permissions: ["SPACE_READ"], previously: ["no organization"] } },
      organizations: {
        Platform: {
          previously: ["Infra"],
          spaces: new Authoritative({
            alpha: {
              previously: ["first", "zero"],
              members: {},
              projects: { chatbot: { previously: ["bot"], restricted: true } },
            },
          }),
        },
      },
    });
    expect(classes.filter((key) => key.startsWith("space-member@"))).toEqual([
      "space-member@space:Infra/alpha",
      "space-member@space:Infra/first",
      "space-member@space:Infra/zero",
      "space-member@space:Platform/alpha",
      "space-member@space:Platform/first",
      "space-member@space:Platform/zero",
    ]);
    expect(classes.filter((key) => key.startsWith("space@"))).toEqual([
      "space@organization:Infra",
      "space@organization:Platform",
    ]);
    expect(classes.filter((key) => key.startsWith("restriction@"))).toHaveLength(12);
    expect(under).toEqual(["organization:Infra", "organization:Platform"]);
  });
});

describe("a renewal", () => {
  const rotating = (secondsBeforeExpiry?: number) =>
    buildManifest({
      organizations: {
        Platform: {
          spaces: {
            alpha: {
              serviceKeys: {
                ci: {
                  role: "member",
                  expires: "2026-09-01T18:00:00Z",
                  ...(secondsBeforeExpiry !== undefined && { rotation: { secondsBeforeExpiry, graceSeconds: 60 } }),
                },
              },
            },
          },
        },
      },
    });
  const rotationAt = (seconds: number | undefined, now: string) =>
    desire(rotating(seconds), new Date(now)).world.get("service-key:Platform/alpha/ci")?.spec["rotation"];

  it("is wanted from the first moment of the day on which it is due, and is the same all that time", () => {
    const days = 14 * 86_400;
    expect(rotationAt(days, "2026-08-17T23:59:59Z")).toBeUndefined();
    for (const moment of ["2026-08-18T00:00:00Z", "2026-08-18T17:59:59Z", "2026-08-31T00:00:00Z"])
      expect(rotationAt(days, moment)).toBe("2026-08-18T00:00:00Z");
    expect(rotationAt(undefined, "2026-08-31T00:00:00Z")).toBeUndefined();
  });

  it("ends with the key: then it is to go", () => {
    const desired = desire(rotating(60), new Date("2026-09-01T18:00:00Z"));
    expect([...desired.absent]).toMatchObject([["service-key:Platform/alpha/ci", { reason: "expired" }]]);
    expect(desired.world.has("service-key:Platform/alpha/ci")).toBe(false);
  });
});
