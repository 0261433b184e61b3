import type { GitHub } from "./github-api.ts";
import type { JobRun } from "./job-event.ts";
import { numberOf, textOf } from "./json-field.ts";
import { composeBody } from "./sticky-comment.ts";

const LABEL = "axcess-drift";

/** What a look for drift came to. */
export interface Look {
  readonly name: string;
  readonly page: string;
  readonly run: JobRun;
  /** `unsure` where not everything could be read: an open issue is brought up to date, and none is opened or closed. */
  readonly verdict: "drift" | "clean" | "unsure";
}

/** Keeps one issue: opened at the first drift, brought up to date, closed once there is none, and opened again. */
export async function keepIssue(github: GitHub, look: Look): Promise<string> {
  const marker = `<!-- axcess-issue ${look.name} -->`;
  const own = await findOwn(github, marker);
  const [kept, ...rest] = own;
  const body = composeBody({ marker, head: look.run.commit, run: look.run, page: look.page });
  for (const issue of rest.filter((one) => textOf(one, "state") === "open")) {
    await github.send("PATCH", pathOf(issue), { state: "closed", state_reason: "not_planned" });
  }
  if (kept === undefined) {
    if (look.verdict !== "drift") return "nothing to tell";
    const title = `Access drift (${look.name}): the account is not as axcess left it`;
    await github.send("POST", "/issues", { title, body, labels: [LABEL] });
    return "opened";
  }
  const isOpen = textOf(kept, "state") === "open";
  if (look.verdict === "drift") {
    await github.send("PATCH", pathOf(kept), { body, state: "open", ...(isOpen ? {} : { state_reason: "reopened" }) });
    return isOpen ? "updated" : "reopened";
  }
  if (!isOpen) return "nothing to tell";
  if (look.verdict === "unsure") {
    await github.send("PATCH", pathOf(kept), { body });
    return "updated";
  }
  await github.send("PATCH", pathOf(kept), { body, state: "closed", state_reason: "completed" });
  return "closed";
}

/** Issues of its own with the marker: open ones first, then by age. */
async function findOwn(github: GitHub, marker: string): Promise<readonly unknown[]> {
  const login = await github.login();
  const issues = await github.list(`/issues?state=all&labels=${LABEL}`);
  const order = (issue: unknown): number => numberOf(issue, "number") + (textOf(issue, "state") === "open" ? 0 : 1e9);
  return issues
    .filter((issue) => textOf(issue, "user", "login") === login && textOf(issue, "body").startsWith(`${marker}\n`))
    .sort((a, b) => order(a) - order(b));
}

function pathOf(issue: unknown): string {
  return `/issues/${numberOf(issue, "number")}`;
}
