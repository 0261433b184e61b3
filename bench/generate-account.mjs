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

/** So many stay within what one file may have. */
const PEOPLE_OF_A_FILE = 15_000;

/**
 * The files of a manifest: people and roles in one, each organization in one of its own. A share of the grants can be
 * changed: half of those get another role, the rest goes, and as many come.
 * @param {Sizes} sizes
 * @param {{ readonly seed: number, readonly changedShare: number }} options
 * @returns {ReadonlyMap<string, string>}
 */
export function generateAccount(sizes, { seed, changedShare }) {
  const random = makeRandom(seed);
  const spaces = Array.from({ length: sizes.spaces }, (_, index) => makeSpace(index, sizes));
  const projects = spaces.flatMap((space) => space.projects);
  placeGrants(spaces, { sizes, random });
  if (changedShare > 0) changeGrants(spaces, { sizes, random: makeRandom(seed + 1), share: changedShare });
  const files = new Map([["account.yaml", writeAccount(sizes)]]);
  for (let first = PEOPLE_OF_A_FILE; first < sizes.people; first += PEOPLE_OF_A_FILE) {
    files.set(`people-${pad(first)}.yaml`, ["version: 1", "people:", ...writePeople(sizes, first), ""].join("\n"));
  }
  const restricted = new Set(projects.filter((_, index) => index % 3 === 0).slice(0, sizes.restrictions));
  for (let index = 0; index < sizes.organizations; index += 1) {
    const inside = spaces.filter((_, space) => space % sizes.organizations === index);
    files.set(
      `organization-${pad(index)}.yaml`,
      writeOrganization(index, { spaces: inside, restricted, bare: sizes.bare }),
    );
  }
  return files;
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
  const custom = Array.from({ length: sizes.roles }, (_, index) => roleName(index));
  const predefined = ["member", "read-only", "admin"];
  return [
    ...Array.from({ length: custom.length * 2 }, (_, index) => predefined[index % predefined.length] ?? ""),
    ...custom,
  ];
}

const PROJECT_ROLES = ["Project Viewer", "Project Editor"];

/** @param {Sizes} sizes */
function writeAccount(sizes) {
  const lines = ["version: 1", "manage:", "  members: authoritative", "people:"];
  lines.push(...writePeople(sizes, 0), "roles:");
  for (let role = 0; role < sizes.roles; role += 1) {
    const action = ["DATASET_*", "PROMPT_*", "EVALUATOR_*", "MONITOR_*"][role % 4];
    lines.push(`  ${roleName(role)}:`, `    description: Role ${role}`);
    lines.push(`    permissions: [SPACE_READ, PROJECT_READ, PROJECT_SPAN_READ, "${action}"]`);
  }
  return `${lines.join("\n")}\n`;
}

/** Those of one file. @param {Sizes} sizes @param {number} first @returns {readonly string[]} */
function writePeople({ people }, first) {
  const count = Math.min(PEOPLE_OF_A_FILE, people - first);
  return Array.from({ length: count }, (_, index) => {
    const person = first + index;
    return `  ${email(person)}: { name: "Person ${pad(person)}", role: member, invite: email_link }`;
  });
}

/** @param {number} index @param {{ spaces: readonly Space[], restricted: ReadonlySet<Place>, bare: boolean | undefined }} content */
function writeOrganization(index, { spaces, restricted, bare }) {
  const places = spaces.flatMap((space) => [space, ...space.projects]);
  const members = [...new Set(places.flatMap(({ grants }) => [...grants.keys()]))].sort((a, b) => a - b);
  const lines = [
    "version: 1",
    "organizations:",
    `  Organization ${pad(index)}:`,
    `    description: Organization ${index}`,
  ];
  if (bare !== true) lines.push("    members:", ...members.map((person) => `      ${email(person)}: member`));
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
  return [...grants].sort(([a], [b]) => a - b).map(([person, role]) => `${" ".repeat(depth)}${email(person)}: ${role}`);
}

/** @param {number} index */
function roleName(index) {
  return `Role ${pad(index)}`;
}

/** @param {number} person */
function email(person) {
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
function makeRandom(seed) {
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
    throw new Error("Usage: generate-account.mjs FOLDER [S|M1|M|L] [CHANGED_PER_CENT]");
  writeAccountFiles(folder, generateAccount(sizes, { seed: 1, changedShare: Number(changed) / 100 }));
}
