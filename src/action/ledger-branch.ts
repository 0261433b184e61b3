import { ledgerPath } from "./call-axcess.ts";
import type { GitHub } from "./github-api.ts";
import { ActionError, type Inputs } from "./inputs.ts";
import { fieldOf, listOf, textOf } from "./json-field.ts";
import type { Machine } from "./machine.ts";

/** The ledger on its branch; "" where there surely is none yet. Throws ActionError where that cannot be known. */
export async function fetchLedger(github: GitHub, inputs: Inputs): Promise<string> {
  const bytes = await github.download(`/contents/${fileOf(inputs)}?ref=${encodeURIComponent(inputs.ledgerBranch)}`);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  await requireNoLedger(github, inputs);
  return "";
}

/** GitHub says of what a token may not see that it is not there. So the branches are listed: an empty list is only given to whoever may read. */
async function requireNoLedger(github: GitHub, inputs: Inputs): Promise<void> {
  const { ledgerBranch } = inputs;
  const refs = await github.get(`/git/matching-refs/heads/${ledgerBranch}`);
  if (!Array.isArray(refs)) {
    throw new ActionError(
      `GitHub does not tell whether there is a branch ${ledgerBranch}, so whether there is a ledger is not known. Does the job have the right \`contents: read\`?`,
    );
  }
  const ref = refs.find((one) => textOf(one, "ref") === `refs/heads/${ledgerBranch}`);
  if (ref === undefined) return;
  const tree = await github.get(`/git/trees/${textOf(ref, "object", "sha")}`);
  const isWhole = Array.isArray(fieldOf(tree, "tree")) && fieldOf(tree, "truncated") !== true;
  const isThere = listOf(tree, "tree").some((entry) => textOf(entry, "path") === fileOf(inputs));
  if (isWhole && !isThere) return;
  throw new ActionError(
    `GitHub does not hand out ${fileOf(inputs)} of the branch ${ledgerBranch}, and does not tell that it is missing, so whether there is a ledger is not known. Run the job again, or look at the branch.`,
  );
}

/** Puts the ledger where axcess looks for it. */
export async function placeLedger(machine: Machine, inputs: Inputs, text: string): Promise<void> {
  // Nothing is written through a link that somebody committed there.
  await machine.remove(ledgerPath(inputs));
  if (text !== "") await machine.write(ledgerPath(inputs), text);
}

/**
 * Commits what a run added to the ledger. The branch is moved only from where it was, so two runs cannot undo each other; and only
 * what begins with what was there is committed. Throws ActionError.
 */
export async function saveLedger(machine: Machine, github: GitHub, inputs: Inputs, before: string): Promise<boolean> {
  const text = (await machine.read(ledgerPath(inputs))) ?? "";
  if (text === before) return false;
  if (!text.startsWith(before) && before !== "")
    throw new ActionError("The ledger is not what it was with lines added.");
  const { ledgerBranch } = inputs;
  const tip = textOf(await github.get(`/git/ref/heads/${ledgerBranch}`), "object", "sha");
  const parents = tip === "" ? [] : [tip];
  const base = tip === "" ? undefined : textOf(await github.get(`/git/commits/${tip}`), "tree", "sha");
  const blob = textOf(await github.send("POST", "/git/blobs", { content: text, encoding: "utf-8" }), "sha");
  const tree = textOf(
    await github.send("POST", "/git/trees", {
      ...(base === undefined ? {} : { base_tree: base }),
      tree: [{ path: fileOf(inputs), mode: "100644", type: "blob", sha: blob }],
    }),
    "sha",
  );
  const message = `ledger of ${inputs.name}`;
  const commit = textOf(await github.send("POST", "/git/commits", { message, tree, parents }), "sha");
  if (tip === "") await github.send("POST", "/git/refs", { ref: `refs/heads/${ledgerBranch}`, sha: commit });
  else await github.send("PATCH", `/git/refs/heads/${ledgerBranch}`, { sha: commit, force: false });
  return true;
}

function fileOf({ name }: Inputs): string {
  return `${name}.jsonl`;
}
