import { ActionError, required } from "./inputs.ts";
import { parseJson, textOf } from "./json-field.ts";
import type { Answer, Machine } from "./machine.ts";

/** The REST interface of GitHub, for one repository. Paths begin behind `/repos/OWNER/NAME`. */
export interface GitHub {
  /** `OWNER/NAME`. */
  readonly repository: string;
  /** The JSON of an answer; undefined for 404. Throws ActionError for every other refusal. */
  readonly get: (path: string) => Promise<unknown>;
  /** Every page of a list; `collection` names the list where it stands in an object. */
  readonly list: (path: string, collection?: string) => Promise<readonly unknown[]>;
  readonly send: (method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown) => Promise<unknown>;
  /** The content of a file of the repository, or of an artifact, which are stored elsewhere; undefined for 404. */
  readonly download: (path: string) => Promise<Uint8Array | undefined>;
  /** As whom comments are written. */
  readonly login: () => Promise<string>;
}

const VERSION = "2022-11-28";
const PER_PAGE = 100;
/** So many pages of a list are read; nobody has more of anything that is listed here. */
const MOST_PAGES = 100;
/** So often something that is only read is asked for. */
const TRIES = 3;
/** What `GITHUB_TOKEN` writes as. */
const BOT = "github-actions[bot]";

/** Connects with the token of the job. Throws ActionError where there is none. */
export function connectGitHub(machine: Machine): GitHub {
  const { env } = machine;
  const repository = required(env, "GITHUB_REPOSITORY");
  const token = env["INPUT_GITHUB_TOKEN"] ?? "";
  if (token === "") throw new ActionError("github-token is empty: the job needs a token to read and to comment.");
  const api = env["GITHUB_API_URL"] ?? "https://api.github.com";
  const root = `${api}/repos/${repository}`;
  const ask = async (method: string, url: string, options: { body?: unknown; accept?: string } = {}) => {
    const headers: Record<string, string> = {
      accept: options.accept ?? "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "user-agent": "axcess",
      "x-github-api-version": VERSION,
    };
    const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
    return await askPatiently(machine, { method, url, headers, ...body });
  };
  const get = async (path: string): Promise<unknown> => {
    const answer = await ask("GET", `${root}${path}`);
    return answer.status === 404 ? undefined : readAnswer(answer, `GET ${path}`);
  };
  return {
    repository,
    get,
    list: async (path, collection) => {
      const found: unknown[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const separator = path.includes("?") ? "&" : "?";
        const rows = await get(`${path}${separator}per_page=${PER_PAGE}&page=${page}`);
        const list =
          collection === undefined ? rows : (rows as Readonly<Record<string, unknown>> | undefined)?.[collection];
        if (!Array.isArray(list)) break;
        found.push(...list);
        if (list.length < PER_PAGE) break;
      }
      return found;
    },
    send: async (method, path, body) => readAnswer(await ask(method, `${root}${path}`, { body }), `${method} ${path}`),
    download: async (path) => {
      const answer = await ask("GET", `${root}${path}`, { accept: "application/vnd.github.raw+json" });
      const location = answer.headers.get("location");
      if (answer.status === 404) return undefined;
      // Where artifacts are stored is somebody else's server: the token is not for it.
      if (location !== undefined)
        return readBytes(await askPatiently(machine, { method: "GET", url: location, headers: {} }), path);
      return readBytes(answer, path);
    },
    login: async () => {
      const url = env["GITHUB_GRAPHQL_URL"] ?? "https://api.github.com/graphql";
      const answer = await ask("POST", url, { body: { query: "query { viewer { login } }" } });
      const login = answer.status === 200 ? textOf(parseJson(decode(answer.body)), "data", "viewer", "login") : "";
      return login === "" ? BOT : login;
    },
  };
}

/** What is only read is asked for again when the server is at fault; what writes is not, since it may have been done. */
async function askPatiently(machine: Machine, asking: Parameters<Machine["ask"]>[0]): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const isLast = asking.method !== "GET" || tries === TRIES;
    const answer = await machine.ask(asking).catch((error: unknown) => {
      if (isLast) throw new ActionError(`${asking.method} ${withoutQuery(asking.url)}: ${reasonOf(error)}`);
      return undefined;
    });
    if (answer !== undefined && (isLast || (answer.status < 500 && answer.status !== 429))) return answer;
    await machine.sleep(1_000 * 2 ** tries);
  }
}

/** The query of an address in the storage is a signature, which lets whoever has it download. */
function withoutQuery(url: string): string {
  return url.split("?")[0] ?? "";
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function readAnswer(answer: Answer, call: string): unknown {
  const text = decode(answer.body);
  if (answer.status >= 200 && answer.status < 300) return parseJson(text);
  const why = textOf(parseJson(text), "message");
  const advice = isLimited(answer)
    ? " The token has asked too often: run the job again later."
    : answer.status === 403
      ? " Does the job have the permissions that the documentation names?"
      : "";
  throw new ActionError(`${call}: GitHub answered ${answer.status}${why === "" ? "" : ` (${why})`}.${advice}`);
}

/** Too many calls are refused like a missing right, and told apart by headers. */
function isLimited({ status, headers }: Answer): boolean {
  return (
    status === 429 || (status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0"))
  );
}

function readBytes(answer: Answer, path: string): Uint8Array {
  if (answer.status !== 200) throw new ActionError(`GET ${path}: the download was answered by ${answer.status}.`);
  return answer.body;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
