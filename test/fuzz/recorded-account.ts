import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { applyGiven } from "../../src/library/apply-given.ts";
import type { Clock, HttpRequest, HttpResponse, Net } from "../../src/model/ports.ts";
import { type ConnectOptions, connectPlatform, makeReader, makeWriter } from "../../src/platform/arize-platform.ts";
import { makeUndiciNet } from "../../src/platform/undici-net.ts";
import type { OpenSide } from "../support/open-account.ts";
import { startTestAccount } from "../support/sandbox-account.ts";
import { makeScriptedNet, type ScriptedReply } from "../support/scripted-net.ts";
import { makeVirtualClock } from "../support/virtual-clock.ts";

/** What the account of every fuzzed reading is filled with. */
const FOUND = `version: 1
people:
  ana@acme.example: { name: Ana, role: admin, invite: none }
  bob@acme.example: { name: Bob, role: member, invite: none }
  cy@acme.example: { name: Cy, role: member, invite: none }
roles: { Reader: { permissions: [PROJECT_READ, SPACE_READ] } }
organizations:
  Acme:
    members: { bob@acme.example: admin, cy@acme.example: member }
    spaces:
      shop:
        private: true
        members: { bob@acme.example: member, cy@acme.example: Reader }
        projects: { web: { restricted: true, bindings: { cy@acme.example: Project Viewer } } }
      lab: {}
`;

/** A manifest that asks for a bit of everything that can be read, planned, held and written. */
export const WANTED = `version: 1
manage: { members: authoritative, bindings: authoritative }
people:
  ana@acme.example: { name: Ana, role: admin, invite: none }
  bob@acme.example: { name: Robert, role: member, invite: none }
  cy@acme.example: { name: Cy, role: member, invite: none }
  dee@acme.example: { name: Dee, role: member, invite: none }
groups: { team: [bob@acme.example, dee@acme.example] }
roles: { Reader: { permissions: [PROJECT_READ] } }
absent: ["space:Acme/lab"]
organizations:
  Acme:
    description: Shop
    members: { group:team: member }
    spaces:
      shop:
        private: false
        members: { dee@acme.example: Reader }
        projects:
          web: { restricted: false, bindings: { dee@acme.example: Project Viewer } }
          app: {}
        service_keys:
          ci: { role: member, expires: "2099-01-31", secret: { to: file, path: ci.secret } }
saml:
  acme.example:
    mappings:
      - when: { Department: Sales }
        organization: { name: Acme, role: member }
        spaces: { Acme/shop: Reader }
policy: { min_admins: 1, max_removals: 50, max_removal_percent: 100 }
assertions:
  - { never: PROJECT_DELETE, on: "project:Acme/**", who: "*@else.example" }
`;

/** The answers of an account that were taken down once, and are given again without any network. */
export interface RecordedAccount {
  /** How many answers one reading takes. */
  readonly answers: number;
  /** Connects to the recorded answers, each bent before it is given. */
  readonly connect: (bend: Bend, clock: Clock) => OpenSide & { readonly writes: () => readonly HttpRequest[] };
}

/** Changes one answer; `count` is how many were given with it, from 1. */
export type Bend = (answer: HttpResponse, request: HttpRequest, count: number) => ScriptedReply;

export const AS_RECORDED: Bend = (answer) => answer;

const KEY = "a-key-of-the-recorded-account";

/** Fills an account, has `read` read it once, and keeps what it was answered. */
export async function recordAccount(read: (side: OpenSide) => Promise<unknown>): Promise<RecordedAccount> {
  const account = await startTestAccount({ switches: { graphqlQueriesPerMinute: undefined } });
  const { sandbox } = account;
  const folder = mkdtempSync(join(tmpdir(), "axcess-fuzz-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await applyGiven({
    ...{ manifest: { text: FOUND }, connection: { sandbox }, folder, ledger: join(folder, "ledger.jsonl") },
    autoApprove: true,
  });
  const [organization] = (await account.rest("GET", "/v2/organizations")).body.organizations;
  const [space] = (await account.rest("GET", "/v2/spaces")).body.spaces;
  await account.serviceKey("ci", organization.id, space.id);
  await account.identityProvider("acme.example", [
    {
      attributesMap: [["Department", "Sales"]],
      isAccountAdmin: false,
      orgRole: { orgId: organization.id, roleId: "admin" },
    },
  ]);
  const kept = new Map<string, HttpResponse>();
  const net = makeUndiciNet({ connections: 4 });
  const recording: Net = {
    ...net,
    exchange: async (request) => {
      const answer = await net.exchange({ ...request, url: request.url.replace("http://recorded", sandbox.url) });
      kept.set(nameRequest(request), answer);
      return answer;
    },
  };
  const side = connectTo(recording, makeVirtualClock(), sandbox.adminKey);
  await read(side);
  await net.close();
  await account.close();
  return { answers: kept.size, connect: (bend, clock) => connectRecorded(kept, bend, clock) };
}

function connectRecorded(
  kept: ReadonlyMap<string, HttpResponse>,
  bend: Bend,
  clock: Clock,
): ReturnType<RecordedAccount["connect"]> {
  const net = makeScriptedNet(clock, (request, count) => {
    const known = kept.get(nameRequest(request));
    // What was never asked before is not there; what is made answers as what was made.
    const absent = { status: request.method === "GET" ? 404 : 201, headers: {}, body: '{"id":"made"}' };
    return bend(known ?? absent, request, count);
  });
  const side = connectTo(net, clock, KEY);
  return { ...side, writes: () => net.requests.filter(isWrite) };
}

function connectTo(net: Net, clock: Clock, key: string): OpenSide {
  const options: ConnectOptions = {
    ...{ restUrl: "http://recorded", appUrl: "http://recorded", apiKey: () => key, net, clock },
    ...{ random: { fraction: () => 0, id: () => "id" }, parallelism: 4, ratePerMinute: undefined },
  };
  const connection = connectPlatform(options);
  const reader = makeReader(connection);
  return { reader, writer: makeWriter(connection, reader) };
}

function nameRequest({ method, url, body }: HttpRequest): string {
  return `${method} ${url} ${body ?? ""}`;
}

function isWrite({ method, url, body }: HttpRequest): boolean {
  return url.endsWith("/graphql")
    ? (JSON.parse(body ?? "{}").query as string).startsWith("mutation")
    : method !== "GET";
}
