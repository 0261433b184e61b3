import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment, an issue, a run or a pull request, as GitHub's REST interface has it. */
// biome-ignore lint/suspicious/noExplicitAny: what GitHub answers has many shapes.
export type Row = Record<string, any>;

/** What a test sees of GitHub, and may change. */
export interface Hub {
  readonly api: string;
  readonly graphql: string;
  readonly comments: Row[];
  readonly issues: Row[];
  readonly pulls: Row[];
  readonly runs: Row[];
  readonly artifacts: Row[];
  /** The commits of a pull request, by its number, each with its files. */
  readonly commits: Map<number, readonly Row[]>;
  /** `BEFORE...AFTER` to what lies between. */
  readonly comparisons: Map<string, Row>;
  /** Branch to path to text. */
  readonly branches: Map<string, Map<string, string>>;
  /** `METHOD path`, in order. */
  readonly calls: string[];
  /** Headers of what was asked of the server on which artifacts lie. */
  /** What lies there, by the id of the artifact. */
  readonly zips: ReadonlyMap<number, Buffer>;
  readonly storage: IncomingMessage["headers"][];
  /** Adds an artifact of a run. */
  readonly upload: (run: Row, name: string, zip: Buffer) => void;
  /** What a comment by somebody is, once it stands there. */
  readonly comment: (issue: number, login: string, body: string) => Row;
  /** The next call that fits is answered so. */
  readonly fail: (call: RegExp, status: number) => void;
  readonly close: () => Promise<void>;
}

export const REPOSITORY = "acme/access";
export const REPOSITORY_ID = 77;
const BOT = "github-actions[bot]";

/** Serves what the action needs of GitHub: one repository, one token, on loopback. */
export async function startHub(token: string): Promise<Hub> {
  const objects = new Map<string, Row>();
  const failures: { call: RegExp; status: number }[] = [];
  const hub = {
    comments: [] as Row[],
    issues: [] as Row[],
    pulls: [] as Row[],
    runs: [] as Row[],
    artifacts: [] as Row[],
    commits: new Map<number, readonly Row[]>(),
    comparisons: new Map<string, Row>(),
    branches: new Map<string, Map<string, string>>(),
    calls: [] as string[],
    storage: [] as IncomingMessage["headers"][],
  };
  const tips = new Map<string, string>();
  const zips = new Map<number, Buffer>();
  let ids = 1000;
  const nextId = (): number => {
    ids += 1;
    return ids;
  };
  const put = (content: Row): string => {
    const sha = createHash("sha1").update(JSON.stringify(content)).digest("hex");
    objects.set(sha, content);
    return sha;
  };
  const comment = (issue: number, login: string, body: string): Row => {
    const row = { id: nextId(), issue, body, user: { login, type: login.endsWith("[bot]") ? "Bot" : "User" } };
    hub.comments.push(row);
    return row;
  };
  const byId = (rows: Row[], field: string, id: string | undefined): Row | undefined =>
    rows.find((row) => row[field] === Number(id));

  type Route = readonly [string, RegExp, (match: RegExpExecArray, body: Row, query: URLSearchParams) => unknown];
  const moveBranch = (branch: string, commit: string): void => {
    tips.set(branch, commit);
    hub.branches.set(branch, new Map(Object.entries(objects.get(objects.get(commit)?.["tree"])?.["files"] ?? {})));
  };
  const routes: readonly Route[] = [
    ["GET", /^\/issues\/(\d+)\/comments$/, ([, n]) => hub.comments.filter(({ issue }) => issue === Number(n))],
    ["POST", /^\/issues\/(\d+)\/comments$/, ([, n], { body }) => comment(Number(n), BOT, body)],
    [
      "PATCH",
      /^\/issues\/comments\/(\d+)$/,
      ([, id], { body }) => Object.assign(byId(hub.comments, "id", id) ?? {}, { body }),
    ],
    [
      "DELETE",
      /^\/issues\/comments\/(\d+)$/,
      ([, id]) =>
        void hub.comments.splice(
          hub.comments.findIndex((row) => row["id"] === Number(id)),
          1,
        ),
    ],
    ["GET", /^\/pulls\/(\d+)\/commits$/, ([, n]) => hub.commits.get(Number(n))?.slice(0, 250)],
    [
      "GET",
      /^\/commits\/(\w+)$/,
      ([, sha]) => [...hub.commits.values()].flat().find((commit) => commit["sha"] === sha),
    ],
    ["GET", /^\/compare\/(.+)$/, ([, range = ""]) => hub.comparisons.get(range)],
    ["GET", /^\/pulls\/(\d+)$/, ([, n]) => byId(hub.pulls, "number", n)],
    [
      "GET",
      /^\/commits\/(\w+)\/pulls$/,
      ([, sha]) => hub.pulls.filter((pull) => [pull["merge_commit_sha"], pull["head"].sha].includes(sha)),
    ],
    [
      "GET",
      /^\/issues$/,
      (_match, _body, query) =>
        hub.issues.filter(({ labels }) => labels.some(({ name }: Row) => name === query.get("labels"))),
    ],
    [
      "POST",
      /^\/issues$/,
      (_match, { title, body, labels }) => {
        const names = labels.map((name: string) => ({ name }));
        const issue = { number: nextId(), title, body, labels: names, state: "open", user: { login: BOT } };
        hub.issues.push(issue);
        return issue;
      },
    ],
    ["PATCH", /^\/issues\/(\d+)$/, ([, n], body) => Object.assign(byId(hub.issues, "number", n) ?? {}, body)],
    [
      "GET",
      /^\/actions\/artifacts$/,
      (_match, _body, query) => ({ artifacts: hub.artifacts.filter(({ name }) => name === query.get("name")) }),
    ],
    [
      "GET",
      /^\/actions\/workflows\/axcess\.yml\/runs$/,
      (_match, _body, query) => ({
        workflow_runs: hub.runs.filter(
          (row) => row["event"] === query.get("event") && row["head_branch"] === query.get("branch"),
        ),
      }),
    ],
    ["GET", /^\/actions\/runs\/(\d+)$/, ([, id]) => byId(hub.runs, "id", id)],
    [
      "GET",
      /^\/contents\/(.+)$/,
      ([, path = ""], _body, query) => hub.branches.get(query.get("ref") ?? "")?.get(decodeURIComponent(path)),
    ],
    [
      "GET",
      /^\/git\/ref\/heads\/(.+)$/,
      ([, branch = ""]) => (tips.has(branch) ? { object: { sha: tips.get(branch) } } : undefined),
    ],
    [
      "GET",
      /^\/git\/matching-refs\/heads\/(.+)$/,
      ([, start = ""]) =>
        [...tips]
          .filter(([branch]) => branch.startsWith(start))
          .map(([branch, sha]) => ({ ref: `refs/heads/${branch}`, object: { sha } })),
    ],
    [
      "GET",
      /^\/git\/trees\/(\w+)$/,
      ([, sha = ""]) => {
        const files = objects.get(objects.get(sha)?.["tree"])?.["files"] ?? {};
        return { tree: Object.keys(files).map((path) => ({ path })), truncated: false };
      },
    ],
    ["GET", /^\/git\/commits\/(\w+)$/, ([, sha = ""]) => ({ tree: { sha: objects.get(sha)?.["tree"] } })],
    ["POST", /^\/git\/blobs$/, (_match, { content }) => ({ sha: put({ content }) })],
    [
      "POST",
      /^\/git\/trees$/,
      (_match, { base_tree, tree }) => {
        const before = objects.get(base_tree)?.["files"] ?? {};
        const added = tree.map(({ path, sha }: Row) => [path, objects.get(sha)?.["content"]]);
        return { sha: put({ files: { ...before, ...Object.fromEntries(added) } }) };
      },
    ],
    ["POST", /^\/git\/commits$/, (_match, body) => ({ sha: put(body) })],
    ["POST", /^\/git\/refs$/, (_match, { ref, sha }) => moveBranch(ref.slice("refs/heads/".length), sha)],
    ["PATCH", /^\/git\/refs\/heads\/(.+)$/, ([, branch = ""], { sha }) => moveBranch(branch, sha)],
  ];

  const respond = (response: ServerResponse, status: number, body?: unknown): void => {
    response.statusCode = status;
    response.end(typeof body === "string" ? body : JSON.stringify(body ?? { message: "Not Found" }));
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname.startsWith("/storage/")) {
      hub.storage.push(request.headers);
      response.end(zips.get(Number(url.pathname.slice(9))));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (request.headers.authorization !== `Bearer ${token}`)
      return respond(response, 401, { message: "Bad credentials" });
    if (url.pathname === "/graphql") return respond(response, 200, { data: { viewer: { login: BOT } } });
    const path = url.pathname.replace(`/repos/${REPOSITORY}`, "");
    const call = `${request.method} ${path}`;
    hub.calls.push(call);
    const failing = failures.findIndex((failure) => failure.call.test(call));
    if (failing >= 0) {
      const [failure] = failures.splice(failing, 1);
      return respond(response, failure?.status ?? 500, { message: "Resource not accessible by integration" });
    }
    const zip = /^\/actions\/artifacts\/(\d+)\/zip$/.exec(path);
    if (zip !== null) {
      response.setHeader("location", `http://localhost:${(server.address() as AddressInfo).port}/storage/${zip[1]}`);
      return respond(response, 302);
    }
    for (const [method, pattern, answer] of routes) {
      const match = pattern.exec(path);
      if (match === null || method !== request.method) continue;
      const found = answer(match, body, url.searchParams);
      if (method === "GET" && found === undefined) return respond(response, 404);
      return respond(response, 200, pageOf(found, url.searchParams));
    }
    respond(response, 404);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...hub,
    zips,
    api: root,
    graphql: `${root}/graphql`,
    upload: (run, name, content) => {
      const id = nextId();
      zips.set(id, content);
      hub.artifacts.push({
        id,
        name,
        expired: false,
        digest: `sha256:${createHash("sha256").update(content).digest("hex")}`,
        workflow_run: {
          id: run["id"],
          head_sha: run["head_sha"],
          repository_id: REPOSITORY_ID,
          head_repository_id: run["head_repository"].id,
        },
      });
    },
    comment,
    fail: (call, status) => void failures.push({ call, status }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The part of a list that was asked for; what is no list is given as it is. */
function pageOf(found: unknown, query: URLSearchParams): unknown {
  const [size, page] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
  return Array.isArray(found) ? found.slice((page - 1) * size, page * size) : (found ?? {});
}
