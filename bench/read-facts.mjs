// @ts-check
// What an account really holds, read from the sandbox by itself: without axcess, the proxy and the limits.

const MEMBERS = `query ($id: ID!) { node(id: $id) {
  ... on Space { spaceUsers(first: 1000000) { edges { node { role membership customRole { name } user { email } } } } }
  ... on AccountOrganization { accountOrganizationUsers(first: 1000000) { edges { node { role user { email } } } } }
} }`;

/** The lines of `listFacts`, of an account as it is. Predefined roles and the sandbox's own admin are not counted. @param {import("./serve.mjs").Platform} platform @returns {Promise<ReadonlySet<string>>} */
export async function readFacts(platform) {
  await platform.switch({ complexityLimit: null, pageSizeCap: 1_000_000 });
  const facts = await readAll(platform);
  await platform.switch({ complexityLimit: 1000, pageSizeCap: 100 });
  return facts;
}

/** @param {import("./serve.mjs").Platform} platform @returns {Promise<ReadonlySet<string>>} */
async function readAll(platform) {
  const { list, members } = connect(platform);
  /** @type {string[]} */
  const facts = [];
  const users = await list("users");
  const emails = new Map(users.map(({ id, email }) => [id, email]));
  facts.push(...users.filter(({ email }) => email !== "admin@sandbox.example").map(({ email }) => `user ${email}`));
  const roles = await list("roles");
  const roleNames = new Map(roles.map(({ id, name }) => [id, name]));
  facts.push(...roles.filter(({ is_predefined }) => is_predefined !== true).map(({ name }) => `role ${name}`));
  /** @type {Map<string, string>} */
  const paths = new Map();
  for (const organization of await list("organizations")) {
    facts.push(`organization ${organization.name}`);
    for (const { role, user } of await members(organization.id)) {
      facts.push(`org-member ${organization.name} ${user.email} ${spell(role)}`);
    }
    for (const space of await list("spaces", `org_id=${encodeURIComponent(organization.id)}`)) {
      const path = `${organization.name}/${space.name}`;
      facts.push(`space ${path}`);
      for (const { role, membership, customRole, user } of await members(space.id)) {
        if (membership !== "EXPLICIT_MEMBERSHIP") continue;
        facts.push(`space-member ${path} ${user.email} ${customRole?.name ?? spell(role)}`);
      }
      for (const project of await list("projects", `space_id=${encodeURIComponent(space.id)}`)) {
        paths.set(project.id, `${path}/${project.name}`);
        facts.push(`project ${path}/${project.name}`);
      }
    }
  }
  for (const { user_id, role_id, resource_id } of await list("role-bindings", "resource_type=PROJECT")) {
    facts.push(`binding ${paths.get(resource_id)} ${emails.get(user_id)} ${roleNames.get(role_id)}`);
  }
  for (const { resource_id } of await list("resource-restrictions", "resource_type=PROJECT")) {
    facts.push(`restriction ${paths.get(resource_id)}`);
  }
  return new Set(facts);
}

/** What is missing, and what is there beyond. @param {ReadonlySet<string>} wanted @param {ReadonlySet<string>} there */
export function compareFacts(wanted, there) {
  return {
    missing: [...wanted].filter((fact) => !there.has(fact)),
    beyond: [...there].filter((fact) => !wanted.has(fact)),
  };
}

/** How many changes lead from one to the other: a change of a role is one. @param {ReadonlySet<string>} from @param {ReadonlySet<string>} to */
export function countChanges(from, to) {
  const { missing, beyond } = compareFacts(to, from);
  const placeOf = (/** @type {string} */ fact) =>
    (/^(space-member|binding) (.* \S+@\S+) /.exec(fact) ?? [fact, fact, ""]).slice(1).join(" ");
  return new Set([...missing, ...beyond].map(placeOf)).size;
}

/** @param {{ readonly key: string, readonly direct: string }} platform */
export function connect({ key, direct }) {
  /** @type {(method: string, path: string, body?: object) => Promise<any>} */
  const call = async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, "x-api-key": key, "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${direct}${path}`, { method, headers, ...sent });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  const list = async (/** @type {string} */ collection, filter = "") => {
    /** @type {any[]} */
    const rows = [];
    for (let cursor = ""; ; ) {
      const page = await call("GET", `/v2/${collection}?limit=100&${filter}${cursor}`);
      rows.push(...page[collection.replace("-", "_")]);
      if (page.pagination.has_more !== true) return rows;
      cursor = `&cursor=${encodeURIComponent(page.pagination.next_cursor)}`;
    }
  };
  const members = async (/** @type {string} */ id) => {
    const { data, errors } = await call("POST", "/graphql", { query: MEMBERS, variables: { id } });
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    const { spaceUsers, accountOrganizationUsers } = data.node;
    return (spaceUsers ?? accountOrganizationUsers).edges.map((/** @type {any} */ { node }) => node);
  };
  return { call, list, members };
}

/** @param {string | null} role */
function spell(role) {
  return (role ?? "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
