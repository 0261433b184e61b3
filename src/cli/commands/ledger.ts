import type { Command } from "commander";
import { readPattern } from "../flags/limit-flags.ts";
import type { Start } from "../flow.ts";

/** Defines `ledger` and what can be asked of it. */
export function addLedger(program: Command, start: Start): void {
  const ledger = program.command("ledger").description("what axcess did: runs, one address's history, the chain");
  ledger
    .command("show")
    .description("the runs, and what each did")
    .option("--run <id>", "only this run; the beginning of its id is enough")
    .option("--address <pattern>", "only changes of what fits this address pattern")
    .action((raw: { readonly run?: string; readonly address?: string }) =>
      start("ledger show", async (session) => {
        const address = raw.address === undefined ? undefined : readPattern("--address", raw.address);
        const { showLedger } = await import("../flows/run-ledger.ts");
        return showLedger(session, { run: raw.run, address });
      }),
    );
  ledger
    .command("who")
    .description("what happened to an address: when, by which run, approved by whom")
    .argument("<address>", "an address or a pattern")
    .action((address: string) =>
      start("ledger who", async (session) => {
        const pattern = readPattern("ledger who", address);
        const { traceLedger } = await import("../flows/run-ledger.ts");
        return traceLedger(session, pattern);
      }),
    );
  ledger
    .command("verify")
    .description("check the chain of the ledger, line by line")
    .action(() =>
      start("ledger verify", async (session) => {
        const { checkLedger } = await import("../flows/run-ledger.ts");
        return checkLedger(session);
      }),
    );
  ledger
    .command("copy")
    .description("copy the ledger to another place, which must be empty")
    .argument("<to>", "where to: a path or a URL, as --ledger has it")
    .action((to: string) =>
      start("ledger copy", async (session) => {
        const { runLedgerCopy } = await import("../flows/run-ledger-copy.ts");
        return runLedgerCopy(session, to);
      }),
    );
}
