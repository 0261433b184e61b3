/** A comment or an issue takes 65,536 characters; some room is left for the lines around a page. */
const MOST = 64_000;

/** What a program printed as a block that nothing in it can end, cut to what fits. */
export function outputBlock(text: string): string {
  const shown = text.length <= MOST ? text : `${text.slice(0, MOST)}\n… The rest is in the log of the job.\n`;
  const runs = shown.match(/`+/gu) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}text\n${shown.replace(/\n?$/u, "\n")}${fence}\n`;
}

/** What an exit code of axcess says. */
export function sayExit(exit: number): string {
  return SAID[exit] ?? `axcess ended with ${exit}`;
}

const SAID: Readonly<Record<number, string>> = {
  0: "done",
  1: "failed",
  2: "there are changes",
  3: "something is held, blocked or must not be",
  4: "the account or the manifest moved since the plan: nothing was changed",
  5: "done in part: some changes were made, some failed",
  6: "the account could not be read whole",
  64: "axcess was called wrongly",
  130: "interrupted",
};
