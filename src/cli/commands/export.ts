import { type Command, Option } from "commander";
import { type Address, parseAddress } from "../../model/address.ts";
import { UsageError } from "../../model/errors.ts";
import { appendWord } from "../flags/global-flags.ts";
import type { Start } from "../flow.ts";
import type { ExportRequest } from "../flows/run-export.ts";

interface RawExportFlags {
  readonly org?: readonly string[];
  readonly space?: readonly string[];
  readonly split: ExportRequest["split"];
  readonly out?: string;
  readonly groups: boolean;
}

/** Defines `export`. */
export function addExport(program: Command, start: Start): void {
  program
    .command("export")
    .description("read the account and write it as a manifest that changes nothing")
    .option("--org <name>", "only this organization; repeatable", appendWord)
    .option("--space <org/name>", "only this space; repeatable", appendWord)
    .addOption(new Option("--split <how>", "one file, or more").choices(["none", "org", "space"]).default("none"))
    .option("--out <path>", "file to write, or folder with --split (default: stdout)")
    .option("--no-groups", "propose no groups")
    .action((raw: RawExportFlags) =>
      start("export", async (session) => {
        const request = readRequest(raw);
        const { runExport } = await import("../flows/run-export.ts");
        return runExport(session, request);
      }),
    );
}

function readRequest({ org = [], space = [], split, out, groups }: RawExportFlags): ExportRequest {
  if (split !== "none" && out === undefined) {
    throw new UsageError("--split writes several files.", "Give the folder for them: --out FOLDER");
  }
  const scopes = [
    ...org.map((name) => readScope("--org", `organization:${name}`, 1)),
    ...space.map((name) => readScope("--space", `space:${name}`, 2)),
  ];
  return { scopes, hasGroups: groups, split, out };
}

function readScope(flag: string, text: string, names: number): Address {
  if (parseAddress(text)?.path.length === names) return text as Address;
  const shape = names === 1 ? "a name" : "ORGANIZATION/NAME";
  throw new UsageError(
    `${flag} wants ${shape} as addresses write it, not "${text.slice(text.indexOf(":") + 1)}".`,
    'Inside a name, "/" is written %2F and "%" is written %25.',
  );
}
