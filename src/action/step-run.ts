import { join } from "node:path";
import { callAxcess, ledgerPath } from "./call-axcess.ts";
import { compareCommits } from "./compare-commits.ts";
import type { Inputs } from "./inputs.ts";
import { readRun } from "./job-event.ts";
import { maskSecret, printAnnotations, printNotice, setOutputs } from "./job-log.ts";
import { fieldOf, listOf, parseJson, textOf } from "./json-field.ts";
import type { Ended, Machine } from "./machine.ts";
import { sayDropped } from "./merge-order.ts";
import { FILES, leave, type Prepared, type Result, recallPrepared, uploadFolder } from "./notes.ts";
import { outputBlock, sayExit } from "./page-text.ts";
import type { Authors } from "./pull-authors.ts";
import { type About, planArtifact } from "./reviewed-plan.ts";

/** With the key and without the token: runs axcess, and leaves what came of it. Its own failure is left for the last step to tell. */
export async function stepRun(machine: Machine, inputs: Inputs): Promise<number> {
  maskSecret(machine, machine.env["ARIZE_API_KEY"] ?? "");
  const prepared = await recallPrepared(machine, inputs);
  const result = await RUNS[inputs.mode](tellAuthors(machine, inputs, prepared), inputs, prepared);
  await leave(machine, inputs, FILES.result, result);
  await setOutputs(machine, { exit: result.exit, ...result.outputs });
  return 0;
}

/**
 * Adds the authors of the pull request to what the workflow says itself: e-mails, since that is what approvals are given by. Whoever
 * opened it has to be known for that, or nobody is told: what commits say is whatever was written into them, and with it alone
 * the approval of the true author would count.
 */
function tellAuthors(machine: Machine, inputs: Inputs, { authors }: Prepared): Machine {
  if (authors === undefined) return machine;
  const said = machine.env["AXCESS_AUTHOR"] ?? "";
  const emailOf = (login: string): string | undefined => inputs.authors.get(login.toLowerCase());
  const logins = loginsOf(authors);
  const missing = logins.filter((login) => emailOf(login) === undefined);
  const isTold = said !== "" || authors.openers.every((login) => !missing.includes(login));
  if (missing.length > 0) {
    const then = isTold ? "" : " No author is told, since that of whoever opened the pull request is missing.";
    printNotice(machine, `authors has no line for ${missing.join(", ")}, who authored the change.${then}`);
  }
  if (!isTold) return machine;
  const told = [said, ...logins.map(emailOf)].filter((email) => email !== undefined && email !== "");
  return { ...machine, env: { ...machine.env, AXCESS_AUTHOR: [...new Set(told)].join(",") } };
}

/** Each login once, whatever its case. */
function loginsOf({ openers, others }: Authors): readonly string[] {
  return [...new Map([...others, ...openers].map((login) => [login.toLowerCase(), login])).values()];
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
  apply: async (machine, inputs, prepared) => {
    const done = await (prepared.isReviewed === true ? apply : refuseUnreviewed)(machine, inputs, prepared);
    const dropped = sayDropped(prepared.dropped ?? []);
    return dropped === "" ? done : { ...done, page: `> ${dropped}\n\n${done.page}` };
  },
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

async function plan(machine: Machine, inputs: Inputs, { pull, authors }: Prepared): Promise<Result> {
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
    ...(authors === undefined ? {} : { authors: loginsOf(authors) }),
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
    page: `${await pageOr(page, "axcess apply", ended)}${ended.exit === 4 ? `\n${WHAT_IS_LEFT}\n` : ""}`,
    outputs: { digest: textOf(parseJson(reviewed), "digest"), ...(await keepLedger(machine, inputs)) },
  };
}

const WHAT_IS_LEFT =
  "What is left is in the plan of the next pull request, also of one that changes nothing but a comment. Or apply it at a terminal.";

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
    ...(exit === 3 && { because: "nothing was applied, since no plan of it was reviewed" }),
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
