import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";
import { type Environment, type Machine, thisMachine } from "../../src/action/machine.ts";
import { runStep } from "../../src/action/run-step.ts";
import { readZip } from "../../src/action/zip.ts";
import { run } from "../../src/cli/run.ts";
import { readDocument } from "./document.ts";
import { tellCommits, tellPush } from "./github-commits.ts";
import { type Hub, REPOSITORY, REPOSITORY_ID, type Row, startHub } from "./github-server.ts";
import { startTestAccount, type TestAccount } from "./sandbox-account.ts";
import { packZip } from "./zip-archive.ts";

const TOKEN = "ghs_token-of-the-job";
const WORKFLOW = ".github/workflows/axcess.yml";
const FORK_ID = 78;

/** What one use of the action came to. */
export interface Job {
  readonly exit: number;
  /** The log, with commands of the runner as they were printed. */
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The environment that each of our steps was given. */
  readonly environments: Readonly<Record<string, Environment>>;
  readonly run: Row;
}

export interface Trigger {
  readonly mode: string;
  /** `pull_request`, `push`, `schedule`. */
  readonly event: string;
  readonly pull?: Row;
  readonly commit: string;
  /** What the event says of the push that it is of. */
  readonly push?: Row | undefined;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Leaves out what the run is expected to print for nobody: the environment of the runner beside. */
  readonly env?: Environment;
}

/** A repository on a simulated GitHub, beside a served account. */
export interface Desk {
  readonly hub: Hub;
  readonly account: TestAccount;
  readonly folder: string;
  /** Commits files on a branch that begins where `from` is, and gives the hash. */
  readonly commit: (branch: string, from: string, files: Readonly<Record<string, string>>, login?: string) => string;
  /** Opens a pull request of a branch, or pushes to it. */
  readonly open: (branch: string, options?: { readonly isFork?: boolean; readonly login?: string }) => Row;
  /** Merges it. */
  readonly merge: (pull: Row) => string;
  readonly job: (trigger: Trigger) => Promise<Job>;
  /** The plan of a pull request, as the workflow makes it. */
  readonly plan: (pull: Row, inputs?: Readonly<Record<string, string>>) => Promise<Job>;
  readonly apply: (commit: string, inputs?: Readonly<Record<string, string>>) => Promise<Job>;
  /** The run of a merge that GitHub cancels while it waits, since a later one came. */
  readonly drop: (commit: string) => Row;
  /** What the last plan's artifact holds, by file. */
  readonly planFiles: () => Record<string, string>;
  readonly planText: () => string;
  readonly drift: () => Promise<Job>;
}

/** Sets up a repository whose main branch has these files. */
export async function openDesk(files: Readonly<Record<string, string>>): Promise<Desk> {
  const [hub, account] = await Promise.all([startHub(TOKEN), startTestAccount({ now: () => new Date() })]);
  const root = mkdtempSync(join(tmpdir(), "axcess-job-"));
  onTestFinished(async () => {
    rmSync(root, { recursive: true, force: true });
    await Promise.all([hub.close(), account.close()]);
  });
  const folder = join(root, "checkout");
  mkdirSync(folder);
  const git = (...words: readonly string[]): string =>
    execFileSync("git", words, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: GIT }).trim();
  git("init", "--quiet", "--initial-branch", "main");
  const put = (content: Readonly<Record<string, string>>, message: string): string => {
    for (const [path, text] of Object.entries(content)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", message);
    return git("rev-parse", "HEAD");
  };
  put({ ".gitignore": ".axcess/\n", ...files }, "begin");
  let runs = 0;
  const logins = new Map<string, string>();
  const pushes = new Map<number, Row>();
  const open: Desk["open"] = (branch, { isFork = false, login = "Jane-Doe" } = {}) => {
    const known = hub.pulls.find((pull) => pull["head"].ref === branch);
    const head = { ref: branch, sha: git("rev-parse", branch), repo: { id: isFork ? FORK_ID : REPOSITORY_ID } };
    const base = { ref: "main", sha: git("rev-parse", "main"), repo: { id: REPOSITORY_ID } };
    const before = known?.["head"].sha;
    const pull: Row = known ?? { number: hub.pulls.length + 1, merged_at: null, merge_commit_sha: null };
    Object.assign(pull, {
      head,
      base,
      title: "$(touch owned)\n::error::title%0A::set-output name=exit::9",
      user: known?.["user"] ?? { login },
    });
    if (known === undefined) hub.pulls.push(pull);
    tellCommits(hub, git, pull, logins);
    if (known !== undefined && before !== head.sha) {
      tellPush(hub, git, before, head.sha);
      pushes.set(pull["number"], { action: "synchronize", sender: { login }, before, after: head.sha });
    }
    return pull;
  };
  const planFiles = (): Record<string, string> => {
    const artifact = hub.artifacts.findLast(({ name }) => name.startsWith("axcess-plan-"));
    return Object.fromEntries(readZip(hub.zips.get(artifact?.["id"]) ?? Buffer.alloc(0)));
  };
  const job = (trigger: Trigger): Promise<Job> => {
    runs += 1;
    git("checkout", "--quiet", "--force", "--detach", trigger.commit);
    return runJob({ hub, account, folder, root, number: runs }, trigger);
  };
  return {
    hub,
    account,
    folder,
    commit: (branch, from, content, login = "Jane-Doe") => {
      git("checkout", "--quiet", "--force", "-B", branch, from);
      const sha = put(content, `change ${branch}`);
      logins.set(sha, login);
      return sha;
    },
    open,
    merge: (pull) => {
      git("checkout", "--quiet", "--force", "main");
      git("merge", "--quiet", "--no-ff", "--message", "merge", pull["head"].sha);
      const sha = git("rev-parse", "main");
      Object.assign(pull, { merged_at: "2027-01-15T09:00:00Z", merge_commit_sha: sha });
      return sha;
    },
    job,
    plan: (pull, inputs = {}) => {
      git("checkout", "--quiet", "--force", "--detach", pull["base"].sha);
      git("merge", "--quiet", "--no-ff", "--message", "merge ref", pull["head"].sha);
      return job({
        mode: "plan",
        event: "pull_request",
        pull,
        push: pushes.get(pull["number"]),
        commit: git("rev-parse", "HEAD"),
        inputs,
      });
    },
    planFiles,
    planText: () => planFiles()["plan.json"] ?? "",
    apply: (commit, inputs = {}) => job({ mode: "apply", event: "push", commit, inputs }),
    drop: (commit) => {
      runs += 1;
      const place = { id: 5000 + runs, run_number: runs, event: "push", path: WORKFLOW, head_branch: "main" };
      const row: Row = { ...place, head_sha: commit, status: "completed", conclusion: "cancelled" };
      hub.runs.push(row);
      return row;
    },
    drift: () => job({ mode: "drift", event: "schedule", commit: git("rev-parse", "main") }),
  };
}

const GIT = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "vera",
  GIT_AUTHOR_EMAIL: "vera@acme.example",
  GIT_COMMITTER_NAME: "vera",
  GIT_COMMITTER_EMAIL: "vera@acme.example",
};

interface Place {
  readonly hub: Hub;
  readonly account: TestAccount;
  readonly folder: string;
  readonly root: string;
  readonly number: number;
}

/** Runs the steps of `action.yml` in their order, as the runner does, with the environment that GitHub gives. */
async function runJob(place: Place, trigger: Trigger): Promise<Job> {
  const { hub, root, number } = place;
  const isFork = trigger.pull?.["head"].repo.id === FORK_ID;
  const homeId = isFork ? FORK_ID : REPOSITORY_ID;
  const row: Row = {
    id: 5000 + number,
    run_number: number,
    event: trigger.event,
    head_branch: trigger.pull?.["head"].ref ?? "main",
    status: "in_progress",
    path: WORKFLOW,
    head_sha: trigger.pull?.["head"].sha ?? trigger.commit,
    head_repository: { id: homeId },
    conclusion: null,
  };
  hub.runs.push(row);
  const files = Object.fromEntries(
    ["output", "summary", "event"].map((name) => [name, join(root, `${number}-${name}`)]),
  );
  for (const file of Object.values(files)) writeFileSync(file, "");
  writeFileSync(files["event"] ?? "", JSON.stringify({ ...trigger.push, pull_request: trigger.pull }));
  const action = parse(readDocument("action.yml"));
  const given: Record<string, string> = { mode: trigger.mode, "api-key": isFork ? "" : place.account.sandbox.adminKey };
  const scope = new Map<string, string>([["github.token", TOKEN]]);
  for (const [name, { default: value = "" }] of Object.entries(action.inputs as Record<string, { default?: string }>)) {
    scope.set(`inputs.${name}`, String({ ...given, ...trigger.inputs }[name] ?? evaluate(value, scope)));
  }
  const environments: Record<string, Environment> = {};
  let [log, exit, succeeds] = ["", 0, true];
  for (const step of action.runs.steps as readonly Row[]) {
    const condition = String(step["if"] ?? "");
    const isWanted = condition === "" ? succeeds : evaluate(condition, scope) !== "false";
    if (!isWanted) continue;
    if (step["uses"] !== undefined) {
      const [name, path] = ["name", "path"].map((key) => evaluate(step["with"][key], scope));
      hub.upload(row, name ?? "", packFolder(path ?? ""));
      continue;
    }
    const env: Environment = {
      ...githubEnvironment(place, trigger, { files, row }),
      ...Object.fromEntries(
        Object.entries(step["env"] as Record<string, string>).map(([name, value]) => [name, evaluate(value, scope)]),
      ),
      ...trigger.env,
    };
    const word = /^node "\$GITHUB_ACTION_PATH\/dist\/action\/main\.js" (\w+)$/u.exec(step["run"])?.[1] ?? "";
    environments[word] = env;
    writeFileSync(files["output"] ?? "", "");
    const ended = await runStep(
      machineFor(env, place, (text) => {
        log += text;
      }),
      word,
    );
    for (const line of readFileSync(files["output"] ?? "", "utf8").split("\n")) {
      const at = line.indexOf("=");
      if (at > 0) scope.set(`steps.${step["id"] ?? word}.outputs.${line.slice(0, at)}`, line.slice(at + 1));
    }
    if (ended !== 0) [succeeds, exit] = [false, ended];
  }
  row["status"] = "completed";
  row["conclusion"] = exit === 0 ? "success" : "failure";
  const outputs = Object.fromEntries(
    Object.entries(action.outputs as Record<string, { value: string }>).map(([name, { value }]) => [
      name,
      evaluate(value, scope),
    ]),
  );
  return { exit, log, summary: readFileSync(files["summary"] ?? "", "utf8"), outputs, environments, run: row };
}

function machineFor(env: Environment, { folder }: Place, print: (text: string) => void): Machine {
  return {
    ...thisMachine(env, folder, print),
    // As a program of its own it would do the same, but would have to be compiled first.
    axcess: async (words, running) => {
      let [stdout, stderr] = ["", ""];
      const exit = await run(words, {
        stdout: {
          write: (text) => {
            stdout += text;
          },
        },
        stderr: {
          write: (text) => {
            stderr += text;
          },
        },
        stdin: (async function* nothing(): AsyncGenerator<string, void, void> {})(),
        isTty: { stdin: false, stdout: false, stderr: false },
        columns: 80,
        env: running.env,
        cwd: running.folder,
        onInterrupt: () => () => undefined,
      });
      return { exit, stdout, stderr };
    },
    sleep: async () => undefined,
  };
}

function githubEnvironment(
  { hub, account, folder, root, number }: Place,
  trigger: Trigger,
  { files, row }: { readonly files: Readonly<Record<string, string>>; readonly row: Row },
): Environment {
  return {
    PATH: process.env["PATH"],
    HOME: join(root, "home"),
    EMAIL: "runner@acme.example",
    ARIZE_BASE_URL: account.sandbox.url,
    ARIZE_APP_URL: account.sandbox.url,
    RUNNER_TEMP: join(root, "temp"),
    GITHUB_API_URL: hub.api,
    GITHUB_GRAPHQL_URL: hub.graphql,
    GITHUB_SERVER_URL: "https://github.example",
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_REPOSITORY_ID: String(REPOSITORY_ID),
    GITHUB_WORKFLOW_REF: `${REPOSITORY}/${WORKFLOW}@refs/heads/main`,
    GITHUB_WORKSPACE: folder,
    GITHUB_EVENT_NAME: trigger.event,
    GITHUB_EVENT_PATH: files["event"],
    GITHUB_OUTPUT: files["output"],
    GITHUB_STEP_SUMMARY: files["summary"],
    GITHUB_RUN_ID: String(row["id"]),
    GITHUB_RUN_NUMBER: String(number),
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_SHA: trigger.commit,
  };
}

function packFolder(folder: string): Buffer {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return packZip(Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")])));
}

/** As much of the runner's expressions as `action.yml` uses; the value as text. */
function evaluate(text: string, scope: ReadonlyMap<string, string>): string {
  const whole = /^\$\{\{(.*)\}\}$/su.exec(String(text).trim())?.[1];
  if (whole === undefined) return String(text);
  const code = whole
    .replaceAll("always()", "true")
    .replaceAll("cancelled()", "false")
    .replace(/\b(?:inputs|steps|github)\.[\w.-]+/gu, (name) => JSON.stringify(scope.get(name) ?? ""));
  return String(new Function(`return (${code});`)());
}
