import { join } from "node:path";
import { callAxcess, ledgerPath } from "./call-axcess.ts";
import { compareCommits } from "./compare-commits.ts";
import type { Inputs } from "./inputs.ts";
import { readRun } from "./job-event.ts";
import { maskSecret, printAnnotations, printNotice, setOutputs } from "./job-log.ts";
import { fieldOf, listOf, parseJson, textOf } from "./json-field.ts";
import type { Ended, Machine } from "./machine.ts";
import { FILES, leave, type Prepared, type Result, recallPrepared, uploadFolder } from "./notes.ts";
import { outputBlock, sayExit } from "./page-text.ts";
import { type About, planArtifact } from "./reviewed-plan.ts";

/** With the key and without the token: runs axcess, and leaves what came of it. Its own failure is left for the last step to tell. */
export async function stepRun(machine: Machine, inputs: Inputs): Promise<number> {
  maskSecret(machine, machine.env["ARIZE_API_KEY"] ?? "");
  const prepared = await recallPrepared(machine, inputs);
  const result = await RUNS[inputs.mode](tellAuthor(machine, inputs, prepared), inputs, prepared);
  await leave(machine, inputs, FILES.result, result);
  await setOutputs(machine, { exit: result.exit, ...result.outputs });
  return 0;
}

/** Adds who opened the pull request to what the workflow says itself: an e-mail, since that is what approvals are given by. */
function tellAuthor(machine: Machine, { authors }: Inputs, { pull }: Prepared): Machine {
  const email = authors.get(pull?.author.toLowerCase() ?? "");
  const told = [machine.env["AXCESS_AUTHOR"], email].filter((name) => name !== undefined && name !== "");
  if (told.length === 0 && authors.size > 0 && pull !== undefined) {
    printNotice(machine, `authors has no line for ${pull.author}, who opened the pull request.`);
  }
  return told.length === 0 ? machine : { ...machine, env: { ...machine.env, AXCESS_AUTHOR: told.join(",") } };
}

type Run = (machine: Machine, inputs: Inputs, prepared: Prepared) => Promise<Result>;

const RUNS: Readonly<Record<Inputs["mode"], Run>> = {
  validate: async (machine, inputs) => (await validate(machine, inputs)) ?? VALID,
  plan: async (machine, inputs, prepared) => {
    const invalid = await validate(machine, inputs);
    if (invalid?.exit === 1) return invalid;
    if (prepared.asksAccount) return plan(machine, inputs, prepared);
    const compared = await compareCommits(machine, inputs, prepared);
    return { ...compared, exit: compared.exit === 0 ? (invalid?.exit ?? 0) : compared.exit };
  },
  apply: async (machine, inputs, prepared) =>
    prepared.isReviewed === true ? apply(machine, inputs) : refuseUnreviewed(machine, inputs, prepared),
  drift: async (machine, inputs) => {
    const page = await preparePage(machine, inputs, "drift.md");
    const ended = await callAxcess(machine, inputs, ["drift", "--format", "markdown=drift.md"]);
    return { exit: ended.exit, page: await pageOr(page, "axcess drift", ended), outputs: {} };
  },
};

const VALID: Result = { exit: 0, page: "The manifest is valid.\n", outputs: {} };

/** Annotates the files of the manifest; undefined where nothing is wrong with it. */
async function validate(machine: Machine, inputs: Inputs): Promise<Result | undefined> {
  const annotated = await callAxcess(machine, inputs, ["validate", "--format", "github"]);
  printAnnotations(machine, annotated.stdout);
  if (annotated.exit === 0) return undefined;
  const { stdout } = await callAxcess(machine, inputs, ["validate", "--format", "markdown"]);
  return { exit: annotated.exit, page: stdout, outputs: {} };
}

async function plan(machine: Machine, inputs: Inputs, { pull }: Prepared): Promise<Result> {
  const page = await preparePage(machine, inputs, "plan.md");
  const saved = await preparePage(machine, inputs, "plan.json");
  const html = await preparePage(machine, inputs, "plan.html");
  const pages = (await canMakePage(machine, inputs)) ? ["--format", "html=plan.html"] : [];
  const ended = await callAxcess(machine, inputs, [
    "plan",
    "--out",
    "plan.json",
    "--format",
    "markdown=plan.md",
    ...pages,
  ]);
  const [markdown, text] = [await page(), await saved()];
  if (text === undefined)
    return { exit: ended.exit, page: await pageOr(async () => markdown, "axcess plan", ended), outputs: {} };
  const made = parseJson(text);
  const head = pull?.head ?? readRun(machine).commit;
  const about: About = {
    format: 1,
    name: inputs.name,
    pull: pull?.number ?? 0,
    head,
    base: pull?.base ?? "",
    digest: textOf(made, "digest"),
  };
  const upload = uploadFolder(inputs);
  await machine.write(join(upload, "plan.json"), text);
  await machine.write(join(upload, "plan.md"), markdown ?? "");
  await machine.write(join(upload, "about.json"), `${JSON.stringify(about)}\n`);
  const review = await html();
  if (review !== undefined) await machine.write(join(upload, "plan.html"), review);
  const gates = listOf(made, "steps").map((step) => textOf(fieldOf(step, "gate"), "state"));
  return {
    exit: ended.exit,
    page: await pageOr(async () => markdown, "axcess plan", ended),
    outputs: {
      digest: about.digest,
      changes: gates.length,
      held: gates.filter((state) => state === "held").length,
      blocked: gates.filter((state) => state === "blocked").length,
      "plan-file": join(upload, "plan.json"),
      artifact: planArtifact(inputs, head),
      upload,
    },
  };
}

/** Whether this axcess writes a plan as an HTML page; where it does not, the plan is Markdown alone. */
async function canMakePage(machine: Machine, { page, folder }: Inputs): Promise<boolean> {
  if (!page) return false;
  const { stdout } = await machine.axcess(["plan", "--help"], { folder, env: { PATH: machine.env["PATH"] } });
  return /\bhtml\b/u.test(stdout);
}

async function apply(machine: Machine, inputs: Inputs): Promise<Result> {
  const reviewed = (await machine.read(join(inputs.out, FILES.reviewed))) ?? "";
  await preparePage(machine, inputs, "plan.json");
  await machine.write(join(inputs.folder, "plan.json"), reviewed);
  const page = await preparePage(machine, inputs, "apply.md");
  const ended = await callAxcess(machine, inputs, ["apply", "plan.json", "--format", "markdown=apply.md"]);
  await machine.remove(join(inputs.folder, "plan.json"));
  return {
    exit: ended.exit,
    page: await pageOr(page, "axcess apply", ended),
    outputs: { digest: textOf(parseJson(reviewed), "digest"), ...(await keepLedger(machine, inputs)) },
  };
}

/** The ledger of a run is an artifact as well, for the case that its branch cannot be written. */
async function keepLedger(machine: Machine, inputs: Inputs): Promise<Readonly<Record<string, string>>> {
  const ledger = await machine.read(ledgerPath(inputs));
  if (ledger === undefined) return {};
  const [upload, { id, attempt }] = [uploadFolder(inputs), readRun(machine)];
  await machine.write(join(upload, "ledger.jsonl"), ledger);
  return { artifact: `axcess-ledger-${inputs.name}-${id}-${attempt}`, upload };
}

/** Without a plan that somebody reviewed nothing is applied; where there is nothing to apply either, all is well. */
async function refuseUnreviewed(machine: Machine, inputs: Inputs, { because }: Prepared): Promise<Result> {
  const page = await preparePage(machine, inputs, "plan.md");
  const ended = await callAxcess(machine, inputs, ["plan", "--detailed-exitcode", "--format", "markdown=plan.md"]);
  const shown = await pageOr(page, "axcess plan", ended);
  if (ended.exit === 0) return { exit: 0, page: `### Apply: nothing to do\n\n${because}\n`, outputs: {} };
  const exit = ended.exit === 2 ? 3 : ended.exit;
  return {
    exit,
    page: `### Apply: nothing was applied\n\n${because} Open a pull request, and merge it once its plan was reviewed; this is what is left to do.\n\n${shown}`,
    outputs: {},
  };
}

/** Makes sure that what is read later was written by the next command; gives a way to take it out of the checkout. */
async function preparePage(
  machine: Machine,
  { folder }: Inputs,
  file: string,
): Promise<() => Promise<string | undefined>> {
  const path = join(folder, file);
  await machine.remove(path);
  return async () => {
    const text = await machine.read(path);
    await machine.remove(path);
    return text;
  };
}

async function pageOr(page: () => Promise<string | undefined>, what: string, { exit, stderr }: Ended): Promise<string> {
  return (await page()) ?? `### ${what}: ${sayExit(exit)}\n\n${outputBlock(stderr)}`;
}
