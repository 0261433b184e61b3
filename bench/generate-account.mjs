// @ts-check
// Writes the manifest of an account of any size; the same seed and sizes give the same bytes.
// node bench/generate-account.mjs FOLDER [SIZE] [CHANGED_PER_CENT]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * @typedef {object} Sizes
 * @property {number} people
 * @property {number} organizations
 * @property {number} spaces
 * @property {number} projects
 * @property {number} grants Roles of people in spaces and on projects; memberships of organizations come on top.
 * @property {number} bindings How many of the grants are on projects.
 * @property {number} restrictions Projects that are closed to the rest of their space.
 * @property {number} roles Custom roles.
 * @property {boolean} [bare] Nobody is written as a member of an organization.
 */

/** @type {Readonly<Record<string, Sizes>>} */
export const SIZES = {
  XS: {
    people: 50,
    organizations: 2,
    spaces: 5,
    projects: 10,
    grants: 150,
    bindings: 40,
    restrictions: 2,
    roles: 4,
  },
  S: {
    people: 200,
    organizations: 5,
    spaces: 20,
    projects: 40,
    grants: 600,
    bindings: 150,
    restrictions: 5,
    roles: 10,
  },
  M1: {
    people: 1000,
    organizations: 10,
    spaces: 100,
    projects: 200,
    grants: 5000,
    bindings: 1000,
    restrictions: 20,
    roles: 20,
  },
  M: {
    people: 5000,
    organizations: 10,
    spaces: 1000,
    projects: 2000,
    grants: 20_000,
    bindings: 5000,
    restrictions: 200,
    roles: 50,
  },
  // Exactly as many grants as a manifest may have; members of organizations would be as many again.
  L: {
    people: 100_000,
    organizations: 100,
    spaces: 10_000,
    projects: 20_000,
    grants: 1_000_000,
    bindings: 250_000,
    restrictions: 2000,
    roles: 200,
    bare: true,
  },
};

/** @typedef {{ readonly seed: number, readonly changedShare?: number, readonly offboarded?: number }} Choice */

/** So many stay within what one file may have. */
const PEOPLE_OF_A_FILE = 15_000;

/**
 * The files of a manifest: people and roles in one, each organization in one of its own. A share of the grants can be
 * changed: half of those get another role, the rest goes, and as many come. So many people can be offboarded.
 * @param {Sizes} sizes
 * @param {Choice} choice
 * @returns {ReadonlyMap<string, string>}
 */
export function generateAccount(sizes, choice) {
  const { spaces, restricted, gone } = makeAccount(sizes, choice);
  const files = new Map([["account.yaml", writeAccount(sizes, gone)]]);
  for (let first = PEOPLE_OF_A_FILE; first < sizes.people; first += PEOPLE_OF_A_FILE) {
    files.set(`people-${pad(first)}.yaml`, ["version: 1", "people:", ...writePeople(sizes, first), ""].join("\n"));
  }
  for (let index = 0; index < sizes.organizations; index += 1) {
    const inside = spaces.filter(isIn(index, sizes));
    files.set(
      `organization-${pad(index)}.yaml`,
      writeOrganization(index, { spaces: inside, restricted, bare: sizes.bare }),
    );
  }
  return files;
}

/** What such a manifest asks for, as a line for each thing: what an account must hold once it is applied, and no more. @param {Sizes} sizes @param {Choice} choice @returns {ReadonlySet<string>} */
export function listFacts(sizes, choice) {
  const { spaces, restricted, gone } = makeAccount(sizes, choice);
  const facts = [
    ...listNumbers(sizes.people)
      .filter((person) => person >= gone)
      .map((person) => `user ${writeEmail(person)}`),
    ...listNumbers(sizes.roles).map((role) => `role ${nameRole(role)}`),
  ];
  for (let index = 0; index < sizes.organizations; index += 1) {
    const organization = nameOrganization(index);
    const inside = spaces.filter(isIn(index, sizes));
    facts.push(`organization ${organization}`);
    facts.push(...listMembers(inside).map((person) => `org-member ${organization} ${writeEmail(person)} member`));
    for (const space of inside) {
      const path = `${organization}/${space.name}`;
      facts.push(
        `space ${path}`,
        ...[...space.grants].map(([person, role]) => `space-member ${path} ${writeEmail(person)} ${role}`),
      );
      for (const project of space.projects) {
        facts.push(`project ${path}/${project.name}`);
        facts.push(
          ...[...project.grants].map(
            ([person, role]) => `binding ${path}/${project.name} ${writeEmail(person)} ${role}`,
          ),
        );
        if (restricted.has(project)) facts.push(`restriction ${path}/${project.name}`);
      }
    }
  }
  return new Set(facts);
}

/** What both the manifest and the account are made from. @param {Sizes} sizes @param {Choice} choice */
export function makeAccount(sizes, { seed, changedShare = 0, offboarded = 0 }) {
  const random = makeRandom(seed);
  const spaces = Array.from({ length: sizes.spaces }, (_, index) => makeSpace(index, sizes));
  const projects = spaces.flatMap((space) => space.projects);
  placeGrants(spaces, { sizes, random });
  if (changedShare > 0) changeGrants(spaces, { sizes, random: makeRandom(seed + 1), share: changedShare });
  for (const { grants } of [...spaces, ...projects]) {
    for (let person = 0; person < offboarded; person += 1) grants.delete(person);
  }
  const restricted = new Set(projects.filter((_, index) => index % 3 === 0).slice(0, sizes.restrictions));
  return { spaces, restricted, gone: offboarded, actionsOf: listActions };
}

/** @param {number} organization @param {Sizes} sizes */
function isIn(organization, sizes) {
  return (/** @type {Space} */ _, /** @type {number} */ space) => space % sizes.organizations === organization;
}

/** Writes a generated manifest into a folder. @param {string} folder @param {ReadonlyMap<string, string>} files */
export function writeAccountFiles(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

/** @typedef {{ readonly name: string, readonly grants: Map<number, string> }} Place */
/** @typedef {Place & { readonly projects: readonly Place[] }} Space */
/** @typedef {() => number} Random */

/** @param {number} index @param {Sizes} sizes @returns {Space} */
function makeSpace(index, sizes) {
  const count =
    Math.floor(((index + 1) * sizes.projects) / sizes.spaces) - Math.floor((index * sizes.projects) / sizes.spaces);
  const projects = Array.from({ length: count }, (_, project) => ({ name: `project-${project}`, grants: new Map() }));
  return { name: `space-${pad(index)}`, grants: new Map(), projects };
}

/** @param {readonly Space[]} spaces @param {{ sizes: Sizes, random: Random }} options */
function placeGrants(spaces, { sizes, random }) {
  const people = listNumbers(sizes.people);
  const roles = spaceRoles(sizes);
  for (let left = sizes.grants - sizes.bindings, turn = 0; left > 0; left -= 1, turn += 1) {
    addGrant(spaces[turn % spaces.length], { people, random, roles });
  }
  const projects = spaces.flatMap(({ grants, projects }) =>
    projects.map((project) => ({ project, people: [...grants.keys()] })),
  );
  for (let left = sizes.bindings, turn = 0; left > 0; left -= 1, turn += 1) {
    const { project, people } = projects[turn % projects.length] ?? {};
    addGrant(project, { people, random, roles: PROJECT_ROLES });
  }
}

/** @param {Place | undefined} place @param {{ people: readonly number[] | undefined, random: Random, roles: readonly string[] }} options */
function addGrant(place, { people = [], random, roles }) {
  if (place === undefined || place.grants.size >= people.length)
    throw new RangeError("There are more grants than places.");
  let turn = pick(random, people.length);
  while (place.grants.has(people[turn] ?? 0)) turn = (turn + 1) % people.length;
  place.grants.set(people[turn] ?? 0, roles[pick(random, roles.length)] ?? "");
}

/** @param {readonly Space[]} spaces @param {{ sizes: Sizes, random: Random, share: number }} options */
function changeGrants(spaces, { sizes, random, share }) {
  const people = listNumbers(sizes.people);
  const count = Math.max(2, Math.round(sizes.grants * share));
  for (let done = 0; done < count; done += 1) {
    const space = spaces[pick(random, spaces.length)];
    if (space === undefined) continue;
    // Whoever is bound to a project of the space has to stay in it.
    const bound = new Set(space.projects.flatMap(({ grants }) => [...grants.keys()]));
    const [person, role] = [...space.grants].find(([member]) => !bound.has(member)) ?? [];
    if (person === undefined) continue;
    space.grants.delete(person);
    // Deleted and set again it is the last one, so that nobody is changed twice.
    if (done % 2 === 0) space.grants.set(person, role === "read-only" ? "member" : "read-only");
    else addGrant(space, { people, random, roles: spaceRoles(sizes) });
  }
}

/** @param {number} count @returns {readonly number[]} */
function listNumbers(count) {
  return Array.from({ length: count }, (_, index) => index);
}

/** Two in three are predefined. @param {Sizes} sizes @returns {readonly string[]} */
function spaceRoles(sizes) {
  const custom = Array.from({ length: sizes.roles }, (_, index) => nameRole(index));
  const predefined = ["member", "read-only", "admin"];
  return [
    ...Array.from({ length: custom.length * 2 }, (_, index) => predefined[index % predefined.length] ?? ""),
    ...custom,
  ];
}

const PROJECT_ROLES = ["Project Viewer", "Project Editor"];

/** @param {Sizes} sizes @param {number} gone */
function writeAccount(sizes, gone) {
  const lines = ["version: 1", "manage:", "  members: authoritative", "people:"];
  lines.push(...writePeople(sizes, gone, gone), "roles:");
  for (let role = 0; role < sizes.roles; role += 1) {
    lines.push(`  ${nameRole(role)}:`, `    description: Role ${role}`);
    lines.push(`    permissions: [${listActions(role).join(", ")}]`);
  }
  if (gone > 0) lines.push("offboard:", ...listNumbers(gone).map((person) => `  - ${writeEmail(person)}`));
  return `${lines.join("\n")}\n`;
}

/** Those of one file. @param {Sizes} sizes @param {number} first @param {number} [left] So many of them are left out. @returns {readonly string[]} */
function writePeople({ people }, first, left = 0) {
  const count = Math.min(PEOPLE_OF_A_FILE - left, people - first);
  return Array.from({ length: count }, (_, index) => {
    const person = first + index;
    return `  ${writeEmail(person)}: { name: "Person ${pad(person)}", role: member, invite: email_link }`;
  });
}

/** @param {number} index @param {{ spaces: readonly Space[], restricted: ReadonlySet<Place>, bare: boolean | undefined }} content */
function writeOrganization(index, { spaces, restricted, bare }) {
  const lines = [
    "version: 1",
    "organizations:",
    `  ${nameOrganization(index)}:`,
    `    description: Organization ${index}`,
  ];
  const members = listMembers(spaces).map((person) => `      ${writeEmail(person)}: member`);
  if (bare !== true) lines.push("    members:", ...members);
  lines.push("    spaces:");
  for (const space of spaces) {
    lines.push(`      ${space.name}:`, "        private: true", "        members:");
    lines.push(...writeGrants(space, 10));
    if (space.projects.length > 0) lines.push("        projects:");
    for (const project of space.projects) {
      lines.push(`          ${project.name}:`, `            restricted: ${restricted.has(project)}`);
      if (project.grants.size > 0) lines.push("            bindings:", ...writeGrants(project, 14));
    }
  }
  return `${lines.join("\n")}\n`;
}

/** @param {Place} place @param {number} depth @returns {readonly string[]} */
function writeGrants({ grants }, depth) {
  return [...grants]
    .sort(([a], [b]) => a - b)
    .map(([person, role]) => `${" ".repeat(depth)}${writeEmail(person)}: ${role}`);
}

/** Everybody who holds something inside. @param {readonly Space[]} spaces @returns {readonly number[]} */
function listMembers(spaces) {
  const places = spaces.flatMap((space) => [space, ...space.projects]);
  return [...new Set(places.flatMap(({ grants }) => [...grants.keys()]))].sort((a, b) => a - b);
}

/** What a custom role may. @param {number} role @returns {readonly string[]} */
function listActions(role) {
  const subject = ["DATASET", "PROMPT", "EVALUATOR", "MONITOR"][role % 4];
  const actions = ["CREATE", "DELETE", "READ", "UPDATE"].map((action) => `${subject}_${action}`);
  return ["SPACE_READ", "PROJECT_READ", "PROJECT_SPAN_READ", ...actions];
}

/** @param {number} index */
export function nameOrganization(index) {
  return `Organization ${pad(index)}`;
}

/** @param {number} index */
export function nameRole(index) {
  return `Role ${pad(index)}`;
}

/** @param {number} person */
export function writeEmail(person) {
  return `person-${pad(person)}@acme.example`;
}

/** @param {number} index */
function pad(index) {
  return String(index).padStart(4, "0");
}

/** @param {Random} random @param {number} count */
function pick(random, count) {
  return Math.floor(random() * count);
}

/** Mulberry32. @param {number} seed @returns {Random} */
export function makeRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, size = "S", changed = "0"] = process.argv.slice(2);
  const sizes = SIZES[size];
  if (folder === undefined || sizes === undefined)
    throw new Error("Usage: generate-account.mjs FOLDER [XS|S|M1|M|L] [CHANGED_PER_CENT]");
  writeAccountFiles(folder, generateAccount(sizes, { seed: 1, changedShare: Number(changed) / 100 }));
}
