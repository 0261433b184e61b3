import type { Command } from "commander";
import type { Start } from "../flow.ts";

/** Defines `offboard`. */
export function addOffboard(program: Command, start: Start): void {
  program
    .command("offboard")
    .description("take a person out of every place of the manifest and into offboard; asks no account")
    .argument("<email>", "whom")
    .action((email: string) =>
      start("offboard", async (session) => {
        const { runOffboard } = await import("../flows/run-offboard.ts");
        return runOffboard(session, email);
      }),
    );
}
