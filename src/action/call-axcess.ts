import { dirname, join } from "node:path";
import type { Inputs } from "./inputs.ts";
import { printOutput } from "./job-log.ts";
import type { Ended, Environment, Machine } from "./machine.ts";

/** Runs axcess on the manifest and shows what it printed in the log, where none of it is a command. */
export async function callAxcess(machine: Machine, inputs: Inputs, words: readonly string[]): Promise<Ended> {
  const ended = await machine.axcess([...words, ...fileFlags(inputs.files)], {
    folder: inputs.folder,
    env: childEnvironment(machine.env),
  });
  printOutput(machine, `axcess ${words[0]}: ended with ${ended.exit}`, ended);
  return ended;
}

/** `--file` for each file of the manifest. */
function fileFlags(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => ["--file", file]);
}

/** Where axcess keeps its ledger unless told: beside the manifest. */
export function ledgerPath({ folder, files: [first = "access.yaml"] }: Inputs): string {
  const segments = first.split("/");
  const glob = segments.findIndex((segment) => /[*?]/u.test(segment));
  const named = /\.ya?ml$/iu.test(first) ? dirname(first) : first;
  return join(folder, glob < 0 ? named : segments.slice(0, glob).join("/"), ".axcess", "ledger.jsonl");
}

/** What axcess needs of the environment: nothing by which it, or a program that it runs, could speak for the job. */
function childEnvironment(env: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !KEPT_FROM_PROGRAMS.test(name));
  return Object.fromEntries([...kept, ["NO_COLOR", "1"]]);
}

const KEPT_FROM_PROGRAMS = /^(?:INPUT_|ACTIONS_|GITHUB_(?:TOKEN|OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$)/u;
