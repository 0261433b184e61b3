import fc from "fast-check";

/** A manifest as a plain object, in any order of keys. */
export type PlainManifest = Readonly<Record<string, unknown>>;

const PEOPLE = Array.from({ length: 6 }, (_, index) => `person${index}@example.com`);
const GROUPS = ["g0", "g1", "g2"];
const CUSTOM_ROLES = ["Reviewer", "Data Scientist"];

/** Names with everything that is awkward in YAML and in addresses. */
const anyName: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(
      "true",
      "null",
      "123",
      "on",
      "2027-01-31",
      "a/b",
      "100%",
      "x: y",
      "- z",
      "#tag",
      "__proto__",
      "'\"'",
    ),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    fc.string({ unit: "binary", minLength: 1, maxLength: 6 }),
  )
  .filter((name) => name.trim() === name && name !== "" && !/[\p{Cs}\p{C}\p{Z}]/u.test(name.replaceAll(" ", "")));

const anyMode = fc.constantFrom("additive", "authoritative");

function grants(role: fc.Arbitrary<string>): fc.Arbitrary<Record<string, unknown>> {
  const grant = fc.oneof(
    role,
    fc.record(
      {
        role,
        reason: fc.string({ minLength: 1, maxLength: 20 }),
        expires: fc.constantFrom("2027-01-31", "2030-06-01T12:00:00+02:00"),
      },
      { requiredKeys: ["role"] },
    ),
  );
  return fc.dictionary(fc.constantFrom(...PEOPLE), grant, { maxKeys: 5, noNullPrototype: true });
}

const anyProject = fc.record(
  {
    restricted: fc.constant(false),
    manage: fc.record({ bindings: anyMode }, { requiredKeys: [] }),
    bindings: grants(fc.constantFrom("Project Viewer", "Project Admin", ...CUSTOM_ROLES)),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const anyKey = fc.record(
  {
    description: fc.string({ maxLength: 30 }),
    role: fc.constantFrom("admin", "member", "read_only", ...CUSTOM_ROLES),
    organization_role: fc.constantFrom("admin", "member", "read-only"),
    account_role: fc.constantFrom("admin", "member"),
    also_in: fc.constantFrom([], [{ role: "member", space: "Else%2Fwhere/there" }]),
    expires: fc.constantFrom("2027-01-31", "2030-06-01T12:00:00+02:00"),
    secret: fc.constant({ command: ["vault", "-"], to: "command" }),
    rotate: fc.constantFrom({ before_expiry: "14d" }, { grace: "1h", before_expiry: "36h" }),
  },
  { requiredKeys: ["role", "expires", "secret"], noNullPrototype: true },
);

const anySpace = fc.record(
  {
    service_keys: fc.dictionary(anyName, anyKey, { maxKeys: 2, noNullPrototype: true }),
    description: fc.string({ maxLength: 30 }),
    private: fc.constant(false),
    members: grants(fc.constantFrom("admin", "member", "read_only", ...CUSTOM_ROLES)),
    projects: fc.dictionary(anyName, anyProject, { maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const anyOrganization = fc.record(
  {
    description: fc.string({ unit: "grapheme", maxLength: 30 }),
    manage: fc.record({ members: anyMode, spaces: anyMode }, { requiredKeys: [] }),
    spaces: fc.dictionary(anyName, anySpace, { maxKeys: 3, noNullPrototype: true }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const anyAssertion = fc.record({
  never: fc.constantFrom("PROJECT_READ", ["*_READ", "ROLE_CREATE"]),
  on: fc.constantFrom("project:A/**", ["space:*/*", "organization:A"]),
  who: fc.constantFrom("*", "admins", PEOPLE[0], ["*@example.com", "admins"]),
});

/** Manifests without any fault, with keys in any order. */
export const anyManifest: fc.Arbitrary<PlainManifest> = fc
  .record(
    {
      version: fc.constant(1),
      manage: fc.record({ members: anyMode, bindings: anyMode, roles: anyMode }, { requiredKeys: [] }),
      people: fc.constant(Object.fromEntries(PEOPLE.map((email) => [email, {}]))),
      groups: fc
        .subarray(PEOPLE)
        .map((people) => ({ [GROUPS[0] ?? ""]: people, [GROUPS[1] ?? ""]: [`group:${GROUPS[0]}`] })),
      roles: fc.constant(Object.fromEntries(CUSTOM_ROLES.map((name) => [name, { permissions: ["*_READ"] }]))),
      organizations: fc.dictionary(anyName, anyOrganization, { maxKeys: 3, noNullPrototype: true }),
      policy: fc.record(
        { min_admins: fc.integer({ min: 1, max: 5 }), hold: fc.subarray(["blind", "PROJECT_*", "ROLE_READ"]) },
        { requiredKeys: [] },
      ),
      assertions: fc.array(anyAssertion, { maxLength: 3 }),
    },
    { requiredKeys: ["version"], noNullPrototype: true },
  )
  .chain((manifest) =>
    fc
      .shuffledSubarray(Object.keys(manifest), { minLength: Object.keys(manifest).length })
      .map((keys) => pick(manifest, keys)),
  );

function pick(manifest: Readonly<Record<string, unknown>>, keys: readonly string[]): PlainManifest {
  return Object.fromEntries(keys.map((key) => [key, manifest[key]]));
}
