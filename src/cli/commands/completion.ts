import { Argument, type Command } from "commander";
import { describeCommands } from "../flags/completion-words.ts";
import type { Start } from "../flow.ts";
import { renderCompletion, type Shell } from "../render/completion.ts";

/** Defines `completion`. */
export function addCompletion(program: Command, start: Start): void {
  program
    .command("completion")
    .description("print a completion script for a shell")
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish"]))
    .action((shell: Shell) =>
      start("completion", async (session) => {
        const script = renderCompletion(shell, describeCommands(program));
        if (!session.globals.json) session.io.stdout.write(script);
        return { exit: 0, diagnostics: [], document: { shell, script } };
      }),
    );
}
