import { expect, test } from "vitest";
import type { CallerStanding } from "../../src/engine/caller-standing.ts";
import { judgeRight, placeOf, type Right, type WritePlace } from "../../src/engine/judge-right.ts";
import type { WriteNeed } from "../../src/engine/write-needs.ts";

const KNOWN: WritePlace = { organization: "org", space: "spc" };
const NEW: WritePlace = { organization: undefined, space: undefined };
const ANY: WriteNeed = { scope: "space", permission: "SPACE_UPDATE" };

/** What somebody holds who is no admin and holds nothing; change what a row is about. */
function standing(overrides: Partial<CallerStanding> = {}): CallerStanding {
  const none = { organizations: new Map([["org", "none"]]), spaces: new Map() };
  return { accountAdmin: "no", isDeveloper: false, anywhere: new Set(), ...none, ...overrides };
}
const inOrg = (role: string, more: Partial<CallerStanding> = {}): CallerStanding =>
  standing({ organizations: new Map([["org", role]]), ...more });
const inSpace = (held: "all" | "public" | readonly string[], role = "read-only"): CallerStanding =>
  inOrg(role, { spaces: new Map([["spc", typeof held === "string" ? held : new Set(held)]]) });

const ROWS: readonly (readonly [string, WriteNeed, CallerStanding, WritePlace, Right])[] = [
  ["an account admin may everything", { scope: "account" }, standing({ accountAdmin: "yes" }), NEW, "has"],
  ["of whom nobody knows is not told", ANY, standing({ accountAdmin: "unknown" }), KNOWN, "unknown"],
  ["developer access is needed beside", { ...ANY, developer: true }, standing({ accountAdmin: "yes" }), KNOWN, "lacks"],
  [
    "developer access may be unknown",
    { ...ANY, developer: true },
    standing({ accountAdmin: "yes", isDeveloper: undefined }),
    KNOWN,
    "unknown",
  ],
  [
    "with developer access it is the rest that counts",
    { ...ANY, developer: true },
    standing({ accountAdmin: "yes", isDeveloper: true }),
    KNOWN,
    "has",
  ],
  ["what only admins may nobody else may", { scope: "account" }, standing(), NEW, "lacks"],
  [
    "a custom role anywhere may hold an account's permission",
    { scope: "account", permission: "USER_CREATE" },
    standing({ anywhere: new Set(["USER_CREATE"]) }),
    NEW,
    "has",
  ],
  ["and may not", { scope: "account", permission: "USER_CREATE" }, standing(), NEW, "lacks"],
  [
    "or nobody could read them",
    { scope: "account", permission: "USER_CREATE" },
    standing({ anywhere: undefined }),
    NEW,
    "unknown",
  ],
  ["an organization's admin may what is in it", ANY, inOrg("admin"), KNOWN, "has"],
  [
    "a role of the organization may be enough",
    { ...ANY, organizationRoles: ["member"] },
    inOrg("member"),
    KNOWN,
    "has",
  ],
  ["only admins change who is in an organization", { scope: "organization" }, inOrg("member"), KNOWN, "lacks"],
  ["in an organization that was not read nobody knows", { scope: "organization" }, standing(), NEW, "unknown"],
  ["a space's admin may", ANY, inSpace("all"), KNOWN, "has"],
  ["a role of the space may hold it", ANY, inSpace(["SPACE_UPDATE"]), KNOWN, "has"],
  ["and may not hold it", ANY, inSpace(["SPACE_READ"]), KNOWN, "lacks"],
  ["in a public space the organization's role counts", ANY, inSpace("public", "none"), KNOWN, "lacks"],
  ["which may be one that nobody knows", ANY, inSpace("public", "unheard-of"), KNOWN, "unknown"],
  ["of a space that was not read nobody knows", ANY, inOrg("member"), KNOWN, "unknown"],
];

test.each(ROWS)("%s", (_title, need, who, place, right) => {
  expect(judgeRight(need, who, place)).toBe(right);
});

test("a role on a project may let through what the space does not", () => {
  const need: WriteNeed = { ...ANY, byOtherMeans: true };
  expect(judgeRight(need, inSpace(["SPACE_READ"]), KNOWN)).toBe("unknown");
});

test("the place of an address is its organization and its space, as far as they are there", () => {
  const ids = new Map([["organization:Acme", "org"]]);
  expect(placeOf("project:Acme/web/bot", (place) => ids.get(place))).toEqual({ organization: "org", space: undefined });
  expect(placeOf("organization:Acme", (place) => ids.get(place))).toEqual({ organization: "org", space: undefined });
});
