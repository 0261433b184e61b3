// @ts-check
// Times what a plan's change in access costs in accounts of different sizes, with the same changes. See README.md.
// node --max-old-space-size=6144 bench/measure-access.mjs [--organizations 2,20] [--runs 5] [--json FILE]
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { loadSource } from "./load-source.mjs";

const { findAccessDelta, ASSUMED } = await loadSource(["access/access-delta.ts", "model/access.ts"]);

/** Of each organization: people, spaces, projects in a space, members of a space, roles on a project. */
const SHAPE = { people: 5000, spaces: 500, projects: 5, members: 60, bindings: 6 };

/** @typedef {{ kind: string, address: string, spec: Record<string, unknown>, origin: { from: "platform", remote: Record<string, string> }, facts?: Record<string, string> }} Resource */
/** @typedef {{ op: "create" | "update" | "delete", address: string, before: Resource | undefined, after: Resource | undefined, fields: never[] }} Change */

const { values } = parseArgs({
  options: {
    organizations: { type: "string", default: "2,20" },
    runs: { type: "string", default: "5" },
    json: { type: "string" },
  },
});
const runs = Math.min(50, Math.max(1, Number(values.runs) || 1));
const lines = values.organizations.split(",").map((number) => measure(Number(number)));
for (const line of lines) {
  process.stdout.write(
    `${line.people} people, ${line.spaces} spaces, ${line.projects} projects, ${line.grants} grants: ` +
      `${line.changes} changes, ${line.shifts} differences, ${line.minMs} ms (median ${line.medianMs}), ` +
      `of which making the list of addresses ${line.listMs} ms\n`,
  );
}
const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, at: new Date().toISOString() };
const report = `${JSON.stringify({ machine, runs, lines }, undefined, 2)}\n`;
if (values.json === undefined) process.stdout.write(`\n${report}`);
else writeFileSync(values.json, report);

/** @param {number} organizations */
function measure(organizations) {
  const live = makeWorld(organizations);
  const changes = makeChanges(live);
  const planned = new Map(live);
  for (const { address, after } of changes) {
    if (after === undefined) planned.delete(address);
    else planned.set(address, after);
  }
  const input = {
    worlds: { live, planned },
    changes,
    goneWith: new Map(),
    settings: ASSUMED,
    waitsFor: () => [],
    isWhole: () => true,
  };
  /** @type {number[]} */
  const times = [];
  /** @type {number[]} */
  const lists = [];
  let shifts = 0;
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    shifts = findAccessDelta(input).delta.shifts.length;
    times.push(performance.now() - start);
    const list = performance.now();
    if ([...live.keys()].length !== live.size) throw new Error("cannot be");
    lists.push(performance.now() - list);
  }
  times.sort((a, b) => a - b);
  return {
    people: organizations * SHAPE.people,
    spaces: organizations * SHAPE.spaces,
    projects: organizations * SHAPE.spaces * SHAPE.projects,
    grants: [...live.values()].filter(({ kind }) => ["org-member", "space-member", "binding"].includes(kind)).length,
    changes: changes.length,
    shifts,
    minMs: Math.round(times[0] ?? 0),
    medianMs: Math.round(times[times.length >> 1] ?? 0),
    listMs: Math.round(Math.min(...lists)),
  };
}

/** An account in which everything is sorted by address, as it comes from reading one. @param {number} organizations @returns {Map<string, Resource>} */
function makeWorld(organizations) {
  /** @type {Resource[]} */
  const all = [resource("role:Eval", { permissions: { PROJECT_READ: true, DATASET_READ: true } })];
  let dice = 1;
  const roll = (/** @type {number} */ sides) => {
    dice = (dice * 48_271) % 2_147_483_647;
    return dice % sides;
  };
  for (let at = 0; at < organizations; at += 1) {
    const organization = `o${pad(at)}`;
    const person = (/** @type {number} */ number) => `p${pad(number)}-${organization}@acme.io`;
    all.push(resource(`organization:${organization}`, {}));
    for (let number = 0; number < SHAPE.people; number += 1) {
      all.push({ ...resource(`user:${person(number)}`, { role: "member" }), facts: { status: "ACTIVE" } });
      all.push(resource(`org-member:${organization}/${person(number)}`, { role: number % 3 ? "member" : "read-only" }));
    }
    for (let number = 0; number < SHAPE.spaces; number += 1) {
      const space = `${organization}/s${pad(number)}`;
      all.push(resource(`space:${space}`, { private: number % 2 === 0 }));
      const members = pick(SHAPE.members, SHAPE.people, roll);
      for (const member of members) {
        all.push(
          resource(`space-member:${space}/${person(member)}`, {
            role: member % 5 ? "member" : "role:Eval",
            also: null,
          }),
        );
      }
      for (let project = 0; project < SHAPE.projects; project += 1) {
        const path = `${space}/x${project}`;
        all.push(resource(`project:${path}`, {}));
        if (project === 0) all.push(resource(`restriction:${path}`, {}));
        for (const member of [...members].slice(0, SHAPE.bindings)) {
          all.push(resource(`binding:${path}/${person(member)}`, { role: "role:Eval" }));
        }
      }
    }
  }
  all.sort((a, b) => (a.address < b.address ? -1 : 1));
  return new Map(all.map((each) => [each.address, each]));
}

/** The same hundred changes whatever the size: all in the first two organizations. @param {Map<string, Resource>} live @returns {Change[]} */
function makeChanges(live) {
  /** @type {Change[]} */
  const changes = [];
  const change = (
    /** @type {Change["op"]} */ op,
    /** @type {string} */ address,
    /** @type {Record<string, unknown>} */ spec = {},
  ) => {
    const before = live.get(address);
    const after = op === "delete" ? undefined : resource(address, { ...before?.spec, ...spec });
    changes.push({ op, address, before, after, fields: [] });
  };
  const space = (/** @type {number} */ number) => `o${pad(number % 2)}/s${pad(number)}`;
  for (let at = 0; at < 20; at += 1) change("create", `restriction:${space(at * 3)}/x1`);
  for (let at = 0; at < 5; at += 1) change("update", `space:${space(101 + at * 2)}`, { private: true });
  const held = [...live.keys()];
  const members = held.filter((address) => address.startsWith("space-member:o00000/s0020"));
  for (const address of members.slice(0, 20)) change("delete", address);
  for (const address of members.slice(20, 40)) change("update", address, { role: "read-only" });
  for (let at = 0; at < 20; at += 1)
    change("create", `space-member:${space(300 + at)}/p${pad(at)}-o${pad(at % 2)}@acme.io`, {
      role: "member",
      also: null,
    });
  for (let at = 0; at < 5; at += 1)
    change("update", `org-member:o00001/p${pad(4000 + at)}-o00001@acme.io`, { role: "admin" });
  for (let at = 0; at < 10; at += 1) change("create", `project:${space(400 + at)}/new`);
  return changes.filter(({ op, before }) => (op === "create") === (before === undefined));
}

/** @param {string} address @param {Record<string, unknown>} spec @returns {Resource} */
function resource(address, spec) {
  return {
    kind: address.slice(0, address.indexOf(":")),
    address,
    spec,
    origin: { from: "platform", remote: { id: address } },
  };
}

/** @param {number} count @param {number} of @param {(sides: number) => number} roll */
function pick(count, of, roll) {
  /** @type {Set<number>} */
  const picked = new Set();
  while (picked.size < count) picked.add(roll(of));
  return picked;
}

/** @param {number} number */
function pad(number) {
  return String(number).padStart(5, "0");
}
