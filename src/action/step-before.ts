import { join } from "node:path";
import { connectGitHub } from "./github-api.ts";
import type { Inputs } from "./inputs.ts";
import { readPullRequest } from "./job-event.ts";
import { printNotice, setOutputs } from "./job-log.ts";
import { fetchLedger, placeLedger } from "./ledger-branch.ts";
import type { Machine } from "./machine.ts";
import { FILES, leave, type Prepared } from "./notes.ts";
import { findReviewed } from "./reviewed-plan.ts";

/** With the token and without the key: finds out what the job is about, and fetches what the next step needs. */
export async function stepBefore(machine: Machine, inputs: Inputs): Promise<number> {
  await machine.remove(inputs.out);
  const prepared = await prepare(machine, inputs);
  await leave(machine, inputs, FILES.prepared, prepared);
  await setOutputs(machine, { "asks-account": String(prepared.asksAccount) });
  if (prepared.because !== "") printNotice(machine, prepared.because);
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
  return { asksAccount: true, because: "", ...of, ...(await restoreLedger(machine, inputs)) };
}

async function prepareApply(machine: Machine, inputs: Inputs): Promise<Prepared> {
  const { pull, plan, because } = await findReviewed(machine, connectGitHub(machine), inputs);
  if (plan !== undefined) await machine.write(join(inputs.out, FILES.reviewed), plan);
  return {
    asksAccount: true,
    because,
    ...(pull === undefined ? {} : { pull }),
    isReviewed: plan !== undefined,
    ...(await restoreLedger(machine, inputs)),
  };
}

async function restoreLedger(machine: Machine, inputs: Inputs): Promise<Pick<Prepared, "ledger">> {
  if (inputs.ledgerBranch === "") return {};
  const ledger = await fetchLedger(connectGitHub(machine), inputs);
  await placeLedger(machine, inputs, ledger);
  return { ledger };
}
