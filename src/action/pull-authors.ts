import { dirname, join, relative } from "node:path";
import type { GitHub } from "./github-api.ts";
import { ActionError, type Inputs } from "./inputs.ts";
import type { PullRequest } from "./job-event.ts";
import { listOf, textOf } from "./json-field.ts";
import type { Machine } from "./machine.ts";

/** Who authored pull requests, by login. */
export interface Authors {
  /** Who opened them: the only ones that nobody else can name. */
  readonly openers: readonly string[];
  /** Who pushed to them, and whom GitHub names for their commits. */
  readonly others: readonly string[];
  /** What GitHub does not tell of them, in sentences. */
  readonly unsure: readonly string[];
}

/** What of a pull request says who authored it. */
export type Authored = Pick<PullRequest, "number" | "author" | "pushed">;

/** GitHub lists no more commits of a pull request than this. */
const MOST_COMMITS = 250;
/** GitHub lists so many files of a commit at once; a longer list is not looked at. */
const MOST_FILES = 300;

/**
 * Everybody of whom GitHub says that they authored a pull request. Commits that only add approvals author no change, so that whoever
 * approves may commit the approval. Throws ActionError where the commits are not told.
 */
export async function findAuthors(machine: Machine, github: GitHub, inputs: Inputs, pull: Authored): Promise<Authors> {
  const commits = await github.list(`/pulls/${pull.number}/commits`);
  if (commits.length === 0) {
    throw new ActionError(
      `GitHub does not tell the commits of #${pull.number}, and so not who authored it. Does the job have the right \`pull-requests: read\`?`,
    );
  }
  const folder = approvalsFolder(machine, inputs);
  const known = new Set([pull.author.toLowerCase()]);
  const others: string[] = [];
  const count = (login: string): void => {
    if (isBot(login) || known.has(login.toLowerCase())) return;
    known.add(login.toLowerCase());
    others.push(login);
  };
  let isNameless = false;
  for (const commit of commits) {
    const logins = ["author", "committer"].map((role) => textOf(commit, role, "login"));
    const isNew = (login: string): boolean =>
      login === "" ? !isNameless : !isBot(login) && !known.has(login.toLowerCase());
    if (!logins.some(isNew) || (await onlyApproves(github, `/commits/${textOf(commit, "sha")}`, folder))) continue;
    isNameless ||= logins.includes("");
    for (const login of logins) if (login !== "") count(login);
  }
  const { pushed } = pull;
  if (pushed !== undefined && !(await isPushOfApprovals(github, pushed, folder))) count(pushed.login);
  return { openers: [pull.author], others, unsure: sayUnsure(pull.number, commits.length, isNameless) };
}

/** The authors of several pull requests together, each login once. */
export function joinAuthors(all: readonly Authors[]): Authors {
  const each = (pick: (authors: Authors) => readonly string[]): readonly string[] => [...new Set(all.flatMap(pick))];
  return { openers: each((one) => one.openers), others: each((one) => one.others), unsure: each((one) => one.unsure) };
}

function sayUnsure(number: number, commits: number, isNameless: boolean): readonly string[] {
  return [
    ...(commits < MOST_COMMITS
      ? []
      : [`#${number} has ${MOST_COMMITS} commits or more, and GitHub tells no more: others may have authored it.`]),
    ...(isNameless ? [`#${number} has commits that GitHub knows no login for: whoever made them is not told.`] : []),
  ];
}

/** GitHub commits in the name of `web-flow` what is clicked together on its pages. */
function isBot(login: string): boolean {
  return login === "web-flow" || login.endsWith("[bot]");
}

async function isPushOfApprovals(
  github: GitHub,
  { before, after }: NonNullable<PullRequest["pushed"]>,
  folder: string | undefined,
): Promise<boolean> {
  const path = `/compare/${before}...${after}`;
  // What was pushed by force is counted, whatever is in it.
  return onlyApproves(github, path, folder, (compared) => textOf(compared, "status") === "ahead");
}

/** True where all the files of a commit, or of a comparison, are approvals; false also where that is not told. */
async function onlyApproves(
  github: GitHub,
  path: string,
  folder: string | undefined,
  isTold: (answer: unknown) => boolean = () => true,
): Promise<boolean> {
  if (folder === undefined) return false;
  const answer = await github.get(path);
  const files = listOf(answer, "files");
  if (!isTold(answer) || files.length === 0 || files.length >= MOST_FILES) return false;
  const isApproval = (name: string): boolean => dirname(name) === folder && /\.ya?ml$/u.test(name);
  return files.every((file) =>
    [textOf(file, "filename"), textOf(file, "previous_filename") || textOf(file, "filename")].every(isApproval),
  );
}

/** Where approvals are, from the root of the repository; undefined where a file there can be a part of the manifest as well. */
function approvalsFolder(machine: Machine, inputs: Inputs): string | undefined {
  const files = inputs.files.length === 0 ? ["access.yaml"] : inputs.files;
  const [first = ""] = files;
  const rooted = (path: string): string => relative(machine.folder, join(inputs.folder, path));
  const folder = rooted(join(dirname(first), "approvals"));
  const isApart = (file: string): boolean => /^[^*?]+\.ya?ml$/u.test(file) && !rooted(file).startsWith(`${folder}/`);
  return files.every(isApart) ? folder : undefined;
}
