import { ActionError, required } from "./inputs.ts";
import { fieldOf, numberOf, parseJson, textOf } from "./json-field.ts";
import type { Machine } from "./machine.ts";

/** The pull request that a job is about. Hashes are full commit hashes. */
export interface PullRequest {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  /** Login of whoever opened it. */
  readonly author: string;
  /** True where the head is in another repository, so that no secret is there and none may be. */
  readonly isFork: boolean;
  /** Who pushed the commits between two heads; only where the event is of such a push. */
  readonly pushed?: { readonly login: string; readonly before: string; readonly after: string };
}

/** Which run of the workflow this is, and on what. */
export interface JobRun {
  readonly id: string;
  /** Grows with every run of a workflow. */
  readonly number: number;
  /** Grows when a run is run again. */
  readonly attempt: number;
  readonly url: string;
  /** The commit that was checked out. */
  readonly commit: string;
}

/** The pull request of the event; undefined where the event is of none. Throws ActionError for an event that must not be used. */
export async function readPullRequest(machine: Machine): Promise<PullRequest | undefined> {
  const { env } = machine;
  if (env["GITHUB_EVENT_NAME"] === "pull_request_target") {
    throw new ActionError("pull_request_target hands secrets to what strangers write. Use pull_request.");
  }
  const event = parseJson((await machine.read(required(env, "GITHUB_EVENT_PATH"))) ?? "");
  const pull = fieldOf(event, "pull_request");
  if (pull === undefined) return undefined;
  const [head, base] = [textOf(pull, "head", "sha"), textOf(pull, "base", "sha")];
  if (!isCommit(head) || !isCommit(base)) throw new ActionError("The event of the pull request names no commits.");
  const home = numberOf(pull, "base", "repo", "id");
  return {
    number: numberOf(pull, "number"),
    head,
    base,
    author: textOf(pull, "user", "login"),
    isFork: home === 0 || numberOf(pull, "head", "repo", "id") !== home,
    ...readPush(event),
  };
}

function readPush(event: unknown): Pick<PullRequest, "pushed"> {
  const pushed = {
    login: textOf(event, "sender", "login"),
    before: textOf(event, "before"),
    after: textOf(event, "after"),
  };
  return textOf(event, "action") === "synchronize" && pushed.login !== "" ? { pushed } : {};
}

/** Reads what GitHub tells of the run. Throws ActionError. */
export function readRun({ env }: Pick<Machine, "env">): JobRun {
  const [server, repository] = [env["GITHUB_SERVER_URL"] ?? "https://github.com", required(env, "GITHUB_REPOSITORY")];
  const id = required(env, "GITHUB_RUN_ID");
  return {
    id,
    number: Number(required(env, "GITHUB_RUN_NUMBER")),
    attempt: Number(env["GITHUB_RUN_ATTEMPT"] ?? "1"),
    url: `${server}/${repository}/actions/runs/${id}`,
    commit: required(env, "GITHUB_SHA"),
  };
}

/** True for a full commit hash, of SHA-1 or SHA-256. */
export function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(text);
}
