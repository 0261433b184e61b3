import type { GitHub } from "./github-api.ts";
import type { JobRun } from "./job-event.ts";
import { numberOf, textOf } from "./json-field.ts";

/** A page to be kept as one comment. */
export interface Sticky {
  readonly issue: number;
  /** A hidden first line. */
  readonly marker: string;
  readonly page: string;
  readonly run: JobRun;
  /** The commit that the page is of. */
  readonly head: string;
}

/** What became of the comment. */
export type Posted = "created" | "updated" | "outdated";

/** More than this is not taken by GitHub. */
const MOST = 65_536;

/**
 * Writes the page into the one comment of its own with this marker, or makes it. A page of an earlier run never replaces that of a
 * later one. Where two runs made one each, the older comment stays and the others go. What others wrote is never touched, whatever
 * it begins with.
 */
export async function postSticky(github: GitHub, sticky: Sticky): Promise<Posted> {
  const { issue, marker, head, run } = sticky;
  const login = await github.login();
  const comments = await github.list(`/issues/${issue}/comments`);
  const own = comments
    .filter(
      (comment) => textOf(comment, "user", "login") === login && textOf(comment, "body").startsWith(`${marker}\n`),
    )
    .sort((a, b) => numberOf(a, "id") - numberOf(b, "id"));
  const stamps = own.map((comment) => readStamp(textOf(comment, "body")));
  if (stamps.some((stamp) => stamp !== undefined && isLater(stamp, run))) return "outdated";
  const body = composeBody({ marker, head, run, page: sticky.page });
  const [kept, ...rest] = own;
  if (kept === undefined) {
    await github.send("POST", `/issues/${issue}/comments`, { body });
    return "created";
  }
  await github.send("PATCH", `/issues/comments/${numberOf(kept, "id")}`, { body });
  for (const comment of rest) await github.send("DELETE", `/issues/comments/${numberOf(comment, "id")}`);
  return "updated";
}

/** A page with the lines that find it again, and which run wrote it. */
export function composeBody({ marker, head, run, page }: Pick<Sticky, "marker" | "head" | "run" | "page">): string {
  const body = `${marker}\n<!-- axcess-run ${run.number}.${run.attempt} ${head} -->\n${page}`;
  if (body.length <= MOST && body.split("\n").length + body.length <= MOST + 2_000) return body;
  return `${marker}\n<!-- axcess-run ${run.number}.${run.attempt} ${head} -->\nThe page is too long for GitHub. It is in the summary of [the run](${run.url}).\n`;
}

type Stamp = Pick<JobRun, "number" | "attempt">;

function readStamp(body: string): Stamp | undefined {
  const found = /^<!-- axcess-run (\d+)\.(\d+) /u.exec(body.split("\n")[1] ?? "");
  return found === null ? undefined : { number: Number(found[1]), attempt: Number(found[2]) };
}

function isLater(one: Stamp, other: Stamp): boolean {
  return one.number > other.number || (one.number === other.number && one.attempt > other.attempt);
}
