import { join } from "node:path";
import { connectGitHub } from "./github-api.ts";
import type { Inputs } from "./inputs.ts";
import { readPullRequest } from "./job-event.ts";
import { printNotice, setOutputs } from "./job-log.ts";
import { fetchLedger, placeLedger } from "./ledger-branch.ts";
import type { Machine } from "./machine.ts";
import { findDropped, sayDropped } from "./merge-order.ts";
import { FILES, leave, type Prepared } from "./notes.ts";
import { type Authored, findAuthors, joinAuthors } from "./pull-authors.ts";
import { findReviewed } from "./reviewed-plan.ts";

/** With the token and without the key: finds out what the job is about, and fetches what the next step needs. */
export async function stepBefore(machine: Machine, inputs: Inputs): Promise<number> {
  await machine.remove(inputs.out);
  const prepared = await prepare(machine, inputs);
  await leave(machine, inputs, FILES.prepared, prepared);
  await setOutputs(machine, { "asks-account": String(prepared.asksAccount) });
  const said = [prepared.because, sayDropped(prepared.dropped ?? []), (prepared.authors?.unsure ?? []).join(" ")];
  for (const notice of said) if (notice !== "") printNotice(machine, notice);
  return 0;
}

async function prepare(machine: Machine, inputs: Inputs): Promise<Prepared> {
  if (inputs.mode === "validate") return { asksAccount: false, because: "" };
  if (inputs.mode === "plan") return preparePlan(machine, inputs);
  if (inputs.mode === "apply") return prepareApply(machine, inputs);
  return { asksAccount: true, because: "", ...(await restoreLedger(machine, inputs)) };
}

async function preparePlan(machine: Machine, inputs: Inputs): Promise<Prepared> {
  const pull = await readPullRequest(machine);
  const of = pull === undefined ? {} : { pull };
  if (pull?.isFork === true) {
    return {
      asksAccount: false,
      because: "The pull request comes from a fork: no key is there, and the account is not asked.",
      ...of,
    };
  }
  if (machine.env["INPUT_HAS_KEY"] !== "true") {
    return { asksAccount: false, because: "No key is there: the account is not asked.", ...of };
  }
  const authors = await tellAuthors(machine, inputs, pull === undefined ? [] : [pull], []);
  return { asksAccount: true, because: "", ...of, ...authors, ...(await restoreLedger(machine, inputs)) };
}

async function prepareApply(machine: Machine, inputs: Inputs): Promise<Prepared> {
  const github = connectGitHub(machine);
  const dropped = await findDropped(machine, github);
  const { pull, plan, because, authors } = await findReviewed(machine, github, inputs);
  if (plan !== undefined) await machine.write(join(inputs.out, FILES.reviewed), plan);
  return {
    asksAccount: true,
    because,
    ...(pull === undefined ? {} : { pull }),
    isReviewed: plan !== undefined,
    dropped,
    ...(await tellAuthors(machine, inputs, [pull, ...dropped.map((one) => one.pull)], authors)),
    ...(await restoreLedger(machine, inputs)),
  };
}

/** Who authored these pull requests, as GitHub tells it now, and whom the plan counted already. */
async function tellAuthors(
  machine: Machine,
  inputs: Inputs,
  pulls: readonly (Authored | undefined)[],
  counted: readonly string[],
): Promise<Pick<Prepared, "authors">> {
  const authored = pulls.filter((pull) => pull !== undefined);
  if (inputs.authors.size === 0 || authored.length === 0) return {};
  const github = connectGitHub(machine);
  const found = await Promise.all(authored.map((pull) => findAuthors(machine, github, inputs, pull)));
  return { authors: joinAuthors([...found, { openers: [], others: counted, unsure: [] }]) };
}

async function restoreLedger(machine: Machine, inputs: Inputs): Promise<Pick<Prepared, "ledger">> {
  if (inputs.ledgerBranch === "") return {};
  const ledger = await fetchLedger(connectGitHub(machine), inputs);
  await placeLedger(machine, inputs, ledger);
  return { ledger };
}
