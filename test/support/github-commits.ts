import type { Hub, Row } from "./github-server.ts";

/** Runs git in the checkout and gives what it printed. */
export type Git = (...words: readonly string[]) => string;

/** Tells the hub which commits a pull request has, as GitHub would, with the login that made each. */
export function tellCommits(hub: Hub, git: Git, pull: Row, logins: ReadonlyMap<string, string>): void {
  const hashes = lines(git("log", "--reverse", "--format=%H", `main..${pull["head"].sha}`));
  const rows = hashes.map((sha) => {
    const login = logins.get(sha);
    const files = lines(git("diff-tree", "--no-commit-id", "--name-only", "-r", sha));
    return {
      sha,
      author: login === "" ? null : { login },
      committer: { login: "web-flow" },
      files: files.map((filename) => ({ filename })),
    };
  });
  hub.commits.set(pull["number"], rows);
}

/** Tells the hub what a push to a pull request changed. */
export function tellPush(hub: Hub, git: Git, before: string, after: string): void {
  const isAhead = git("merge-base", before, after) === before;
  const files = lines(git("diff", "--name-only", `${before}...${after}`));
  hub.comparisons.set(`${before}...${after}`, {
    status: isAhead ? "ahead" : "diverged",
    files: files.map((filename) => ({ filename })),
  });
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
