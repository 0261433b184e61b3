import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import type { Start } from "../flow.ts";

interface RawReviewFlags {
  readonly serve?: string;
}

/** Defines `review`. */
export function addReview(program: Command, start: Start): void {
  program
    .command("review")
    .description("serve the review page of a saved plan to this machine, to approve there what is held")
    .option("--serve <plan>", "the plan, a file that `plan --out` wrote")
    .action((raw: RawReviewFlags) =>
      start("review", async (session) => {
        if (raw.serve === undefined) {
          throw new UsageError(
            "What is reviewed has to be said.",
            "Name a saved plan: axcess review --serve plan.json",
          );
        }
        const { runReview } = await import("../flows/run-review.ts");
        return runReview(session, raw.serve);
      }),
    );
}
