import { createHash } from "node:crypto";
import type { GitHub } from "./github-api.ts";
import { ActionError, type Inputs, required } from "./inputs.ts";
import { isCommit } from "./job-event.ts";
import { fieldOf, listOf, numberOf, parseJson, textOf } from "./json-field.ts";
import type { Machine } from "./machine.ts";
import { readZip } from "./zip.ts";

/** The pull request that a commit merged, and the plan that was made of its head. */
export interface Reviewed {
  readonly pull:
    | { readonly number: number; readonly head: string; readonly base: string; readonly author: string }
    | undefined;
  /** The text of the saved plan; undefined where there is none to be had. */
  readonly plan: string | undefined;
  /** Why there is none; "" where there is one. */
  readonly because: string;
  /** Logins that the plan was made with as those of its authors. */
  readonly authors: readonly string[];
}

/** What stands in an artifact beside the plan. */
export interface About {
  readonly format: 1;
  readonly name: string;
  readonly pull: number;
  readonly head: string;
  readonly base: string;
  readonly digest: string;
  /** Logins of everybody who was counted as an author. */
  readonly authors?: readonly string[];
}

/** The name of the artifact that holds the plan of a commit. */
export function planArtifact({ name }: Pick<Inputs, "name">, head: string): string {
  return `axcess-plan-${name}-${head}`;
}

/**
 * Finds the plan that reviewers saw of what a commit merged: of the last head of the pull request, made by this workflow, in this
 * repository, by a run that ended well. A run for a fork can upload whatever it likes under any name, so its artifacts do not count.
 */
export async function findReviewed(machine: Machine, github: GitHub, inputs: Inputs): Promise<Reviewed> {
  const commit = required(machine.env, "GITHUB_SHA");
  const [pull, other] = await findMerged(github, commit);
  if (pull === undefined)
    return nothing(undefined, "The commit is of no merged pull request, so nobody reviewed a plan of it.");
  if (other !== undefined) return nothing(undefined, "The commit merged more than one pull request.");
  const found = {
    number: numberOf(pull, "number"),
    head: textOf(pull, "head", "sha"),
    base: textOf(pull, "base", "sha"),
    author: textOf(pull, "user", "login"),
  };
  if (!isCommit(found.head)) return nothing(undefined, "The pull request names no head.");
  const artifact = await findArtifact(machine, github, { name: planArtifact(inputs, found.head), head: found.head });
  if (artifact === undefined) {
    const because = `No run of this workflow that ended well left a plan of ${found.head.slice(0, 12)}, the last commit of the pull request, or it has expired.`;
    return nothing(found, because);
  }
  const files = readZip(await download(github, artifact));
  const plan = checkPlan(files, { ...found, name: inputs.name });
  const authors = listOf(parseJson(files.get("about.json") ?? ""), "authors");
  return { pull: found, plan, because: "", authors: authors.filter((login) => typeof login === "string") };
}

/** The pull requests that a commit merged. */
export async function findMerged(github: GitHub, commit: string): Promise<readonly unknown[]> {
  const pulls = await github.list(`/commits/${commit}/pulls`);
  return pulls.filter((pull) => textOf(pull, "merged_at") !== "" && textOf(pull, "merge_commit_sha") === commit);
}

function nothing(pull: Reviewed["pull"], because: string): Reviewed {
  return { pull, plan: undefined, because, authors: [] };
}

async function findArtifact(
  { env }: Machine,
  github: GitHub,
  { name, head }: { readonly name: string; readonly head: string },
): Promise<unknown> {
  const workflow = workflowPath(required(env, "GITHUB_WORKFLOW_REF"));
  const listed = await github.list(`/actions/artifacts?name=${encodeURIComponent(name)}`, "artifacts");
  const home = Number(required(env, "GITHUB_REPOSITORY_ID"));
  const candidates = listed.filter(
    (artifact) =>
      fieldOf(artifact, "expired") === false &&
      textOf(artifact, "name") === name &&
      textOf(artifact, "workflow_run", "head_sha") === head &&
      numberOf(artifact, "workflow_run", "head_repository_id") === home &&
      numberOf(artifact, "workflow_run", "repository_id") === home,
  );
  for (const artifact of candidates.sort((a, b) => numberOf(b, "id") - numberOf(a, "id"))) {
    const run = await github.get(`/actions/runs/${numberOf(artifact, "workflow_run", "id")}`);
    const isOurs = textOf(run, "path").split("@")[0] === workflow && textOf(run, "event") === "pull_request";
    const isHome = numberOf(run, "head_repository", "id") === home && textOf(run, "head_sha") === head;
    if (isOurs && isHome && textOf(run, "conclusion") === "success") return artifact;
  }
  return undefined;
}

/** `OWNER/NAME/.github/workflows/x.yml@refs/heads/main` without repository and branch. */
function workflowPath(ref: string): string {
  return (ref.split("@")[0] ?? "").split("/").slice(2).join("/");
}

async function download(github: GitHub, artifact: unknown): Promise<Uint8Array> {
  const bytes = await github.download(`/actions/artifacts/${numberOf(artifact, "id")}/zip`);
  if (bytes === undefined) throw new ActionError("The artifact with the plan is gone.");
  const digest = textOf(artifact, "digest");
  const own = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (digest !== "" && digest !== own) throw new ActionError("The artifact with the plan is not what was uploaded.");
  return bytes;
}

/** The text of the plan, once it is known to be of this pull request, and to pass no gate that its reviewers did not see in the manifest. */
function checkPlan(
  files: ReadonlyMap<string, string>,
  wanted: { readonly number: number; readonly head: string; readonly name: string },
): string {
  const text = files.get("plan.json") ?? "";
  const [plan, about] = [parseJson(text), parseJson(files.get("about.json") ?? "")];
  const isOf =
    numberOf(about, "pull") === wanted.number &&
    textOf(about, "head") === wanted.head &&
    textOf(about, "name") === wanted.name;
  if (!isOf) throw new ActionError("The artifact is of another pull request.");
  const digest = textOf(plan, "digest");
  if (digest === "" || digest !== textOf(about, "digest"))
    throw new ActionError("The artifact holds no plan of its own.");
  const limits = fieldOf(plan, "limits");
  const isBare =
    ["allow", "excludes", "targets"].every((name) => listOf(limits, name).length === 0) &&
    Object.keys(limits ?? {}).length === 3;
  if (!isBare || fieldOf(plan, "basis", "undo") !== undefined || fieldOf(plan, "basis", "rotate") !== undefined) {
    throw new ActionError("The plan was made with flags, and this action makes plans without any. Apply it by hand.");
  }
  return text;
}
