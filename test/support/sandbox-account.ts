import type { Sandbox, SandboxOptions } from "../../src/sandbox/start-sandbox.ts";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";

/** An answer of the sandbox with its JSON read; `body` is undefined for no content. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
  readonly headers: Headers;
}

/** A running sandbox with short ways to call it and to prepare people and places. */
export interface TestAccount {
  readonly sandbox: Sandbox;
  readonly advance: (ms: number) => void;
  readonly rest: (method: string, path: string, body?: unknown, key?: string) => Promise<Answer>;
  readonly graphql: (query: string, variables?: unknown, key?: string) => Promise<Answer>;
  /** Creates and gives the id. */
  readonly organization: (name: string) => Promise<string>;
  readonly space: (organizationId: string, name: string, isPrivate?: boolean) => Promise<string>;
  readonly project: (spaceId: string, name: string) => Promise<string>;
  readonly role: (name: string, permissions: readonly string[]) => Promise<string>;
  readonly person: (name: string, accountRole?: string) => Promise<string>;
  /** Makes a key of a bot that is a member of one space. */
  readonly serviceKey: (name: string, organizationId: string, spaceId: string) => Promise<string>;
  readonly keyOf: (userId: string) => Promise<string>;
  readonly joinOrganization: (organizationId: string, userId: string, role: string) => Promise<Answer>;
  readonly joinSpace: (spaceId: string, userId: string, role: string) => Promise<Answer>;
  /** Makes an identity provider of one e-mail domain and gives its id. */
  readonly identityProvider: (domain: string, mappings: readonly object[], more?: object) => Promise<string>;
  readonly bind: (roleId: string, userId: string, type: "SPACE" | "PROJECT", resourceId: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** The moment at which every test account starts. */
export const START = "2026-08-10T12:00:00Z";

/** Starts a sandbox in memory with a fixed seed and a clock that only tests move. */
export async function startTestAccount(options: Partial<SandboxOptions> = {}): Promise<TestAccount> {
  let moment = Date.parse(START);
  const sandbox = await startSandbox({
    directory: undefined,
    port: 0,
    seed: 7,
    now: () => new Date(moment),
    ...options,
  });
  const rest = (method: string, path: string, body?: unknown, key = sandbox.adminKey): Promise<Answer> =>
    send(`${sandbox.url}${path}`, method, { authorization: `Bearer ${key}` }, body);
  const graphql = (query: string, variables?: unknown, key = sandbox.adminKey): Promise<Answer> =>
    send(`${sandbox.url}/graphql`, "POST", { "x-api-key": key }, { query, variables });
  const create = async (path: string, body: unknown): Promise<string> => {
    const answer = await rest("POST", path, body);
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  return {
    sandbox,
    advance: (ms) => {
      moment += ms;
    },
    rest,
    graphql,
    organization: (name) => create("/v2/organizations", { name }),
    space: (organization_id, name, is_private = false) => create("/v2/spaces", { name, organization_id, is_private }),
    project: (space_id, name) => create("/v2/projects", { name, space_id }),
    role: (name, permissions) => create("/v2/roles", { name, permissions }),
    person: (name, accountRole = "MEMBER") =>
      create("/v2/users", {
        name,
        email: `${name}@example.com`,
        role: { type: "PREDEFINED", name: accountRole },
        invite_mode: "NONE",
        is_developer: true,
      }),
    serviceKey: (name, org_id, space_id) =>
      create("/v2/api-keys", { key_type: "SERVICE", name, organizations: [{ org_id, spaces: [{ space_id }] }] }),
    keyOf: async (id) => (await rest("POST", `/_sandbox/users/${id}/keys`)).body.key,
    joinOrganization: (id, user_id, name) =>
      rest("POST", `/v2/organizations/${id}/users`, { user_id, role: { type: "PREDEFINED", name } }),
    joinSpace: (id, user_id, name) =>
      rest("POST", `/v2/spaces/${id}/users`, { user_id, role: { type: "PREDEFINED", name } }),
    identityProvider: async (domain, mappingsList, more = {}) => {
      const query = "mutation ($input: CreateSAMLIdPInput!) { createSAMLIdP(input: $input) { idp { id } error } }";
      const emailDomainsList = [{ domain }];
      const input = { metadataXml: "<x/>", emailDomainsList, roleMappings: { mappingsList }, ...more };
      const { idp, error } = (await graphql(query, { input })).body.data.createSAMLIdP;
      if (idp === null) throw new Error(error);
      return idp.id;
    },
    bind: (role_id, user_id, resource_type, resource_id) =>
      rest("POST", "/v2/role-bindings", { role_id, user_id, resource_type, resource_id }),
    close: sandbox.close,
  };
}

async function send(url: string, method: string, headers: Record<string, string>, body: unknown): Promise<Answer> {
  const sent = body === undefined ? null : JSON.stringify(body);
  const type: Record<string, string> = sent === null ? {} : { "content-type": "application/json" };
  const response = await fetch(url, { method, headers: { ...headers, ...type }, body: sent });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers };
}
