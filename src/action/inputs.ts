import { join } from "node:path";
import type { Machine } from "./machine.ts";

/** What is wrong with how the action is used, or with what it needs of GitHub; told without a stack. */
export class ActionError extends Error {
  override readonly name: string = "ActionError";
}

const MODES = ["plan", "apply", "drift", "validate"] as const;
export type Mode = (typeof MODES)[number];

/** The inputs of `action.yml`, checked. */
export interface Inputs {
  readonly mode: Mode;
  /** Tells the comments, issues and artifacts of one manifest from those of another. */
  readonly name: string;
  /** As for `--file`; empty: what axcess takes by default. */
  readonly files: readonly string[];
  /** Absolute. */
  readonly folder: string;
  /** "" where the ledger is kept some other way. */
  readonly ledgerBranch: string;
  readonly page: boolean;
  /** Logins in lower case to e-mails: who authored a pull request, as the rules for approvals name people. */
  readonly authors: ReadonlyMap<string, string>;
  /** Where the steps of one use of the action leave things for each other; absolute. */
  readonly out: string;
}

/** Reads the inputs that `action.yml` hands over as variables. Throws ActionError. */
export function readInputs({ env, folder }: Pick<Machine, "env" | "folder">): Inputs {
  const input = (name: string): string => (env[`INPUT_${name}`] ?? "").trim();
  const mode = MODES.find((known) => known === input("MODE"));
  if (mode === undefined) throw new ActionError(`mode is one of ${MODES.join(", ")}.`);
  const name = input("NAME") || "access";
  if (!/^[A-Za-z0-9_-]{1,40}$/u.test(name)) {
    throw new ActionError("name has up to 40 letters, digits, hyphens and underscores.");
  }
  const ledgerBranch = input("LEDGER_BRANCH");
  if (!/^[A-Za-z0-9_/-]{0,80}$/u.test(ledgerBranch)) throw new ActionError("ledger-branch is no plain branch name.");
  if (ledgerBranch !== "" && (env["AXCESS_LEDGER"] ?? "") !== "") {
    throw new ActionError(
      `AXCESS_LEDGER and ledger-branch (${ledgerBranch}) both say where the ledger is. Set ledger-branch to "" where it is kept in the file that AXCESS_LEDGER names, else take AXCESS_LEDGER out of env.`,
    );
  }
  const files = input("FILES").split("\n");
  return {
    mode,
    name,
    files: files.map((file) => file.trim()).filter((file) => file !== ""),
    folder: join(folder, input("WORKING_DIRECTORY") || "."),
    ledgerBranch,
    page: input("PAGE") !== "false",
    authors: readAuthors(input("AUTHORS")),
    out: join(required(env, "RUNNER_TEMP"), `axcess-${name}`),
  };
}

function readAuthors(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").map((line) => line.trim());
  return new Map(
    lines
      .filter((line) => line !== "")
      .map((line) => {
        const [, login = "", email = ""] = /^@?([\w-]{1,60}(?:\[bot\])?)\s*:\s*([^\s,@]+@[^\s,@]+)$/u.exec(line) ?? [];
        if (login === "") throw new ActionError("authors has lines such as `login: jane@acme.example`.");
        return [login.toLowerCase(), email];
      }),
  );
}

/** A variable that GitHub sets for every step. Throws ActionError. */
export function required(env: Machine["env"], name: string): string {
  const value = env[name] ?? "";
  if (value === "") throw new ActionError(`${name} is not set: this runs as a step of GitHub Actions.`);
  return value;
}
