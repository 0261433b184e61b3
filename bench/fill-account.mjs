// @ts-check
// Fills an account with what a generated manifest asks for, call by call, so that large ones need not be applied first.
import { makeAccount, nameOrganization, nameRole, writeEmail } from "./generate-account.mjs";

/** @typedef {(method: string, path: string, body: object) => Promise<any>} Call */

const IN_FLIGHT = 32;
/** As the manifest has it. */
const PREDEFINED = ["member", "read-only", "admin"];

/**
 * @param {Call} call Answers with what was created.
 * @param {readonly { readonly id: string, readonly name: string }[]} predefined The platform's own roles.
 * @param {import("./generate-account.mjs").Sizes} sizes
 * @param {import("./generate-account.mjs").Choice} choice
 */
export async function fillAccount(call, predefined, sizes, choice) {
  const { spaces, restricted, actionsOf } = makeAccount(sizes, choice);
  const create = async (/** @type {string} */ path, /** @type {object} */ body) => (await call("POST", path, body)).id;
  const roleIds = new Map(predefined.map(({ id, name }) => [name, id]));
  await each(numbers(sizes.roles), async (role) => {
    const body = { name: nameRole(role), description: `Role ${role}`, permissions: actionsOf(role) };
    roleIds.set(nameRole(role), await create("/v2/roles", body));
  });
  /** @type {string[]} */
  const people = [];
  await each(numbers(sizes.people), async (person) => {
    const name = `Person ${String(person).padStart(4, "0")}`;
    const body = { name, email: writeEmail(person), role: predefinedRole("member"), invite_mode: "EMAIL_LINK" };
    people[person] = await create("/v2/users", body);
  });
  await each(numbers(sizes.organizations), async (index) => {
    const body = { name: nameOrganization(index), description: `Organization ${index}` };
    const organization = await create("/v2/organizations", body);
    const inside = spaces.filter((_, space) => space % sizes.organizations === index);
    const members = new Set(
      inside
        .flatMap(({ grants, projects }) => [grants, ...projects.map((project) => project.grants)])
        .flatMap((grants) => [...grants.keys()]),
    );
    for (const person of members)
      await call("POST", `/v2/organizations/${organization}/users`, {
        user_id: people[person],
        role: predefinedRole("member"),
      });
    for (const { name, grants, projects } of inside) {
      const space = await create("/v2/spaces", { name, organization_id: organization, is_private: true });
      for (const [person, role] of grants) {
        const given = PREDEFINED.includes(role) ? predefinedRole(role) : { type: "CUSTOM", id: roleIds.get(role) };
        await call("POST", `/v2/spaces/${space}/users`, { user_id: people[person], role: given });
      }
      for (const project of projects) {
        const id = await create("/v2/projects", { name: project.name, space_id: space });
        const target = { resource_type: "PROJECT", resource_id: id };
        for (const [person, role] of project.grants) {
          await call("POST", "/v2/role-bindings", { ...target, user_id: people[person], role_id: roleIds.get(role) });
        }
        if (restricted.has(project)) await call("POST", "/v2/resource-restrictions", { resource_id: id });
      }
    }
  });
}

/** @param {string} role */
function predefinedRole(role) {
  return { type: "PREDEFINED", name: role.toUpperCase().replace("-", "_") };
}

/** @param {number} count */
function numbers(count) {
  return Array.from({ length: count }, (_, index) => index);
}

/** @template T @param {readonly T[]} items @param {(item: T) => Promise<void>} work */
async function each(items, work) {
  const left = items.values();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
