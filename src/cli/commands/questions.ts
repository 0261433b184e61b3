import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import type { Start } from "../flow.ts";
import type { Asked, QuestionOptions } from "../flows/run-question.ts";

interface RawOptions {
  readonly live?: true;
  readonly declared?: true;
  readonly plan?: string;
  readonly format?: string;
}

/** Defines `explain`, `who-can` and `access`: one question from three ends. */
export function addQuestions(program: Command, start: Start): void {
  addWorldFlags(program.command("explain"))
    .description("what a person may do in a place and why: through which grant, file and line")
    .argument("<person>", "e-mail")
    .argument("<resource>", "address of an organization, space or project")
    .action((person: string, place: string, raw: RawOptions) =>
      start("explain", async (session) => {
        const { runExplain } = await import("../flows/run-question.ts");
        return runExplain(session, { person, place }, readOptions(raw));
      }),
    );
  addListFlags(program.command("who-can"))
    .description("who has a permission in a place, and through what")
    .argument("<permission>", "identifier, such as PROJECT_SPAN_READ")
    .argument("<resource>", "address of an organization, space or project")
    .action((permission: string, place: string, raw: RawOptions) =>
      start("who-can", async (session) => {
        const { runWhoCan } = await import("../flows/run-question.ts");
        return runWhoCan(session, { permission, place }, readOptions(raw));
      }),
    );
  addListFlags(program.command("access"))
    .description("everything a person has access to, and through what")
    .argument("<person>", "e-mail")
    .action((person: string, raw: RawOptions) =>
      start("access", async (session) => {
        const { runAccess } = await import("../flows/run-question.ts");
        return runAccess(session, person, readOptions(raw));
      }),
    );
}

function addWorldFlags(command: Command): Command {
  return command
    .option("--live", "ask of the account as it is (default)")
    .option("--declared", "ask of the manifest, without the account")
    .option("--plan <file>", "ask of the account once a saved plan is done");
}

function addListFlags(command: Command): Command {
  return addWorldFlags(command).option("--format <format>", "text (default) or csv");
}

function readOptions({ format, ...asked }: RawOptions): QuestionOptions {
  if (format !== undefined && format !== "text" && format !== "csv") {
    throw new UsageError(`--format wants text or csv, not "${format}".`, "For JSON give --json.");
  }
  return { asked: readAsked(asked), csv: format === "csv" };
}

function readAsked({ live, declared, plan }: RawOptions): Asked {
  const given = [live, declared, plan].filter((flag) => flag !== undefined);
  if (given.length > 1) throw new UsageError("--live, --declared and --plan exclude each other.");
  if (plan !== undefined) return { of: "plan", file: plan };
  return { of: declared === true ? "declared" : "live" };
}
