import fc from "fast-check";

/** A whole manifest as a plain object; JSON is YAML, so its JSON text is a manifest. */
export type Company = Readonly<Record<string, unknown>>;

const PEOPLE = ["ana", "ben", "cy", "dee", "eli"].map((name) => `${name}@acme.io`);
const ORGANIZATIONS = ["Acme", "B/b %41", "<b>*x*</b>"];
const SPACES = ["alpha", "beta/2", "\u202egamma"];
const PROJECTS = ["web", 'it\'s "q"'];
const CUSTOM_ROLES = ["Eval", "Ops: #1"];
const PERMISSIONS = ["PROJECT_READ", "DATASET_READ", "DATASET_CREATE", "SPACE_READ"];

/** Manifests of small companies that everything is managed in, authoritatively: from any one to any other is a lot of change. */
export const anyCompany: fc.Arbitrary<Company> = fc.record({
  version: fc.constant(1),
  manage: fc.constant({
    members: "authoritative",
    bindings: "authoritative",
    projects: "authoritative",
    spaces: "authoritative",
  }),
  people: fc.record(
    Object.fromEntries(
      PEOPLE.map((email) => [
        email,
        fc.record({
          name: fc.constantFrom("One", "Two"),
          role: fc.constant("member"),
          invite: fc.constant("none"),
          developer: fc.boolean(),
        }),
      ]),
    ),
  ),
  roles: fc.record(
    Object.fromEntries(
      CUSTOM_ROLES.map((name) => [
        name,
        fc.record({ description: fc.constantFrom("", "d"), permissions: fc.subarray(PERMISSIONS, { minLength: 1 }) }),
      ]),
    ),
  ),
  organizations: fc
    .subarray(ORGANIZATIONS)
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, anyOrganization])))),
  policy: fc.constant({ max_removals: 10_000, max_removal_percent: 100, min_admins: 0 }),
});

const anyOrganization = fc
  .dictionary(fc.constantFrom(...PEOPLE), fc.constantFrom("admin", "member", "read-only"))
  .chain((members) =>
    fc.record({
      description: fc.constantFrom("", "text"),
      members: fc.constant(members),
      spaces: fc
        .subarray(SPACES)
        .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, anySpace(Object.keys(members))])))),
    }),
  );

function anySpace(members: readonly string[]): fc.Arbitrary<Company> {
  return fc.record({
    private: fc.boolean(),
    members: grantsTo(members, ["admin", "member", "read-only", ...CUSTOM_ROLES]),
    projects: fc.subarray(PROJECTS).chain((names) =>
      fc.record(
        Object.fromEntries(
          names.map((name) => [
            name,
            fc.record({
              restricted: fc.boolean(),
              bindings: grantsTo(members, ["Project Viewer", "Project Admin", ...CUSTOM_ROLES]),
            }),
          ]),
        ),
      ),
    ),
  });
}

function grantsTo(
  members: readonly string[],
  roles: readonly string[],
): fc.Arbitrary<Readonly<Record<string, string>>> {
  return members.length === 0 ? fc.constant({}) : fc.dictionary(fc.constantFrom(...members), fc.constantFrom(...roles));
}
