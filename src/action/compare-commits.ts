import { join, relative } from "node:path";
import { callAxcess } from "./call-axcess.ts";
import type { Inputs } from "./inputs.ts";
import type { Machine } from "./machine.ts";
import type { Prepared, Result } from "./notes.ts";
import { outputBlock, sayExit } from "./page-text.ts";

/** What a pull request changes by the manifests alone: that of its base against that of its head. Needs no key and asks no account. */
export async function compareCommits(machine: Machine, inputs: Inputs, { pull, because }: Prepared): Promise<Result> {
  const tree = join(inputs.out, "base");
  const git = (...words: readonly string[]) => machine.git(words, { folder: machine.folder, env: machine.env });
  const base = pull?.base ?? "";
  const found = base === "" ? undefined : await git("worktree", "add", "--force", "--detach", tree, base);
  if (found?.exit !== 0) {
    return {
      exit: 0,
      page: `### The manifest is valid\n\n${because} What it changes is not told, since the commit before it was not fetched: \`fetch-depth: 0\` of actions/checkout fetches it.\n`,
      outputs: {},
    };
  }
  try {
    const folder = join(tree, relative(machine.folder, inputs.folder));
    const files = inputs.files.length === 0 ? ["access.yaml"] : inputs.files;
    const words = files.flatMap((file) => ["--base", join(folder, file)]);
    const path = join(inputs.out, "plan.md");
    const ended = await callAxcess(machine, inputs, ["plan", ...words, "--format", `markdown=${path}`]);
    const page =
      (await machine.read(path)) ?? `### axcess plan: ${sayExit(ended.exit)}\n\n${outputBlock(ended.stderr)}`;
    return { exit: ended.exit, page: `> ${because}\n\n${page}`, outputs: {} };
  } finally {
    await git("worktree", "remove", "--force", tree);
  }
}
