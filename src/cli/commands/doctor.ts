import type { Command } from "commander";
import type { Start } from "../flow.ts";

/** Defines `doctor`. */
export function addDoctor(program: Command, start: Start): void {
  program
    .command("doctor")
    .description("check credentials, reach, rights and what the account lets be read")
    .action(() =>
      start("doctor", async (session) => {
        const { runDoctor } = await import("../flows/run-doctor.ts");
        return runDoctor(session);
      }),
    );
}
