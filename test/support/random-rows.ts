import fc from "fast-check";
import type { IdentityProviderRow, OrganizationMemberRow, Row, SpaceMemberRow } from "../../src/model/platform.ts";
import type { RowsAccount } from "./rows-reader.ts";

/** Names that somebody may have chosen who did not think of files. */
const HOSTILE = [
  "# no comment",
  "a: b",
  "a #b",
  '"quoted"',
  "'",
  "- item",
  "yes",
  "null",
  "~",
  "12",
  "0x1f",
  "2027-01-01",
  "<<",
  "on",
  "{ a: b }",
  "[a]",
  "*all",
  "&a",
  "!tag",
  "%41",
  "a/b",
  "group:x",
  "__proto__",
  "account",
  "line\nbreak",
  "tab\tin",
  "ring\u0007\u001b[31m",
  "c1\u009b",
  "\u202egnp.exe",
  "👩\u200d🚀",
  "לוח",
  " leading",
  "trailing ",
  "  ",
  "é".repeat(255),
  "x".repeat(256),
  "\ud800half",
  "\ufeffmark",
  "Project Viewer",
  "Read Only",
  "admin",
];

const anyName = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }));
const manyNames = fc.uniqueArray(anyName, { maxLength: 3 });
const PEOPLE = ["ana", "ben", "cy", "dee", "eli"];
const EMAILS: Readonly<Record<string, string>> = { cy: "cy o'neil@acme.io", dee: "Dee+#1@acme.io" };
const ROLE_IDS = ["r0", "r1", "r2", "p0", "gone"];
const anyType = fc.constantFrom(undefined, "human", "human", "bot");
const somePeople = fc.subarray([...PEOPLE, "nobody"]);

/** Accounts that no simulated server would let anybody make: hostile names, mixed roles, bots, people whom nobody lists. */
export const anyRowsAccount: fc.Arbitrary<RowsAccount> = fc
  .record({
    admin: fc.constantFrom("yes" as const, "yes" as const, "no" as const),
    accountName: fc.option(anyName, { nil: undefined }),
    users: fc.tuple(...PEOPLE.map((id) => anyUser(id))),
    roles: fc.tuple(manyNames, fc.infiniteStream(fc.subarray(["PROJECT_READ", "LATER_THING"]))),
    places: fc.array(fc.tuple(anyName, fc.array(fc.tuple(anyName, manyNames), { maxLength: 3 })), { maxLength: 3 }),
    numbers: fc.infiniteStream(fc.nat(1000)),
    types: fc.infiniteStream(anyType),
    chosen: fc.infiniteStream(somePeople),
  })
  .map(makeAccount);

interface Drawn {
  readonly admin: "yes" | "no";
  readonly accountName: string | undefined;
  readonly users: readonly Row[];
  readonly roles: readonly [readonly string[], Iterator<readonly string[]>];
  readonly places: readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[];
  readonly numbers: Iterator<number>;
  readonly types: Iterator<string | undefined>;
  readonly chosen: Iterator<readonly string[]>;
}

function makeAccount({ admin, accountName, users, roles, places, ...draw }: Drawn): RowsAccount {
  const pick = <T>(items: readonly T[]): T | undefined => items[(draw.numbers.next().value ?? 0) % items.length];
  const choose = (): readonly string[] => draw.chosen.next().value ?? [];
  const [roleNames, permissions] = roles;
  const organizations = places.map(
    ([name], at): Row => ({ id: `o${at}`, name, description: pick(["", "d", "#"]) ?? "" }),
  );
  const spaces = places.flatMap(([, inside], at) =>
    inside.map(([name], index): Row => {
      const isPrivate = pick([true, false, undefined]);
      return {
        id: `o${at}s${index}`,
        org: `o${at}`,
        name,
        ...(isPrivate === undefined ? {} : { is_private: isPrivate }),
      };
    }),
  );
  const projects = places.flatMap(([, inside], at) =>
    inside.flatMap(([, names], index) =>
      names.map((name, last): Row => ({ id: `o${at}s${index}p${last}`, space_id: `o${at}s${index}`, name })),
    ),
  );
  const bind = (type: string, place: Row): readonly Row[] =>
    choose().map((person) => ({
      id: `${String(place["id"])} ${person}`,
      resource_type: type,
      resource_id: String(place["id"]),
      user_id: person,
      role_id: pick(ROLE_IDS) ?? "",
    }));
  const bindings = [...spaces.flatMap((row) => bind("SPACE", row)), ...projects.flatMap((row) => bind("PROJECT", row))];
  const orgRow = (userId: string): OrganizationMemberRow => ({
    userId,
    email: undefined,
    role: pick(["admin", "member", "member", "read-only", "annotator", "strange", undefined]),
    userType: draw.types.next().value,
  });
  const spaceRow = (userId: string): SpaceMemberRow => ({
    userId,
    email: `${userId}@acme.io`,
    membership:
      pick(["EXPLICIT_MEMBERSHIP", "EXPLICIT_MEMBERSHIP", "ACCOUNT_ADMIN", "PUBLIC_MEMBERSHIP", "UNKNOWN"]) ??
      "UNKNOWN",
    role: pick(["admin", "member", "member", "annotator", undefined]),
    customRoleId: pick([undefined, undefined, "r0", "gone"]),
    userType: draw.types.next().value,
  });
  const identityProviders = choose().map(
    (owner): IdentityProviderRow => ({
      id: owner,
      domains: pick([["acme.io"], [], ["b.example"], [`${owner}.example`], ["nodot"]]) ?? [],
      syncsRoles: pick([true, false]) === true,
      allowsDefaults: true,
      isManagedByFile: pick([true, false, false]) === true,
      mappings: choose().map((id) => ({
        id: `${owner} ${id}`,
        attributes: choose().map((name) => [pick(["team", "a=b", name]) ?? "", pick([name, "", ...HOSTILE]) ?? ""]),
        isAccountAdmin: pick([true, false]) === true,
        organization: pick([
          undefined,
          { id: pick(["o0", "o1", "gone"]) ?? "", role: pick(["admin", "member", "strange"]) ?? "" },
        ]),
        spaceRoles: spaces.flatMap((row) => (pick([1, 2, 3]) === 1 ? [[String(row["id"]), "member"] as const] : [])),
        spaceCustomRoles: [...spaces, { id: "gone" }].flatMap((row) =>
          pick([1, 2, 3]) === 1 ? [[String(row["id"]), pick(ROLE_IDS) ?? ""] as const] : [],
        ),
      })),
    }),
  );
  const unread = { state: "unreadable", because: "no" } as const;
  const rosterOf = <R>(make: (id: string) => R): readonly R[] | typeof unread =>
    pick([1, 2, 3, 4, 5]) === 5 ? unread : choose().map(make);
  return {
    caller: { accountAdmin: admin, accountName },
    lists: {
      "/v2/users": users,
      "/v2/roles": [
        ...roleNames.map((name, at): Row => ({ id: `r${at}`, name, permissions: permissions.next().value ?? [] })),
        { id: "p0", name: "Project Viewer", is_predefined: true, permissions: ["PROJECT_READ"] },
      ],
      "/v2/organizations": organizations,
      "/v2/spaces": ({ query }) => spaces.filter((row) => row["org"] === query["org_id"]),
      "/v2/projects": ({ query }) =>
        projects.filter((row) => [undefined, row["space_id"]].includes(query["space_id"] as string)),
      "/v2/role-bindings": ({ query }) => bindings.filter((row) => row["resource_type"] === query["resource_type"]),
      "/v2/resource-restrictions": projects.flatMap(({ id }) =>
        pick([true, false]) === true ? [{ resource_type: "PROJECT", resource_id: id ?? "" }] : [],
      ),
    },
    identityProviders: pick([1, 2, 3, 4]) === 1 ? unread : { state: "complete", rows: identityProviders },
    organizations: Object.fromEntries(organizations.map(({ id }) => [String(id), rosterOf(orgRow)])),
    spaces: Object.fromEntries(spaces.map(({ id }) => [String(id), rosterOf(spaceRow)])),
  };
}

function anyUser(id: string): fc.Arbitrary<Row> {
  return fc.record({
    id: fc.constant(id),
    email: fc.constant(EMAILS[id] ?? `${id}@acme.io`),
    name: anyName,
    role: fc.constantFrom("ADMIN", "MEMBER", "MEMBER", "ANNOTATOR", "NEW_SORT"),
    is_developer: fc.boolean(),
    status: fc.constantFrom("ACTIVE", "INVITED"),
  });
}
