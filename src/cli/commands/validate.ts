import { type Command, Option } from "commander";
import type { Start } from "../flow.ts";
import type { ValidateFormat } from "../flows/run-validate.ts";

/** Defines `validate`. */
export function addValidate(program: Command, start: Start): void {
  program
    .command("validate")
    .description("check the manifest without asking any account")
    .addOption(
      new Option("--format <format>", "how problems are told")
        .choices(["text", "json", "markdown", "sarif", "github"])
        .default("text"),
    )
    .action((options: { readonly format: ValidateFormat }) =>
      start("validate", async (session) => {
        const { runValidate } = await import("../flows/run-validate.ts");
        return runValidate(session, options.format);
      }),
    );
}
