import type { Command } from "commander";
import { UsageError } from "../../model/errors.ts";
import { PACKET_FORMATS, type PacketFormat } from "../../packets/packet.ts";
import type { Flow, Start } from "../flow.ts";

interface RawReviewFlags {
  readonly serve?: string;
  readonly author?: string;
  readonly out?: string;
  readonly format?: readonly string[];
  readonly sign?: string;
  readonly verify?: string;
  readonly allowedSigners?: string;
  readonly signer?: string;
}

/** Defines `review`. */
export function addReview(program: Command, start: Start): void {
  program
    .command("review")
    .description("for each owner, who has access to what; or, with --serve, the review page of a saved plan")
    .option("--out <folder>", "write one file for each owner and format, and an index")
    .option("--format <format>", "md, html or csv (default: all); repeatable", collect)
    .option("--sign <key>", "sign each file with an SSH key, as FILE.sig")
    .option("--verify <folder>", "check that a folder holds a signed review whole, instead")
    .option("--allowed-signers <file>", "whose signatures count, as ssh-keygen reads it")
    .option("--signer <name>", "who must have signed, as the file of allowed signers names them")
    .option("--serve <plan>", "serve the page of a plan to this machine, to approve there what is held, instead")
    .option(
      "--author <emails>",
      "with --serve: who authored the change, to tell whether an approval counts (default: AXCESS_AUTHOR)",
    )
    .action((raw: RawReviewFlags) => start("review", chooseFlow(raw)));
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function chooseFlow(raw: RawReviewFlags): Flow {
  return async (session) => {
    const { serve, author, verify } = raw;
    refuseMixtures(raw);
    if (serve !== undefined) {
      const { runReview } = await import("../flows/run-review.ts");
      return runReview(session, serve, author);
    }
    if (verify !== undefined) {
      const { verifyReview } = await import("../reviews/verify-review.ts");
      return verifyReview(session, verify, readSigners(raw));
    }
    const { runReviewPackets } = await import("../flows/run-review-packets.ts");
    return runReviewPackets(session, { out: raw.out, formats: readFormats(raw.format), sign: raw.sign });
  };
}

function refuseMixtures({ serve, author, verify, out, format, sign, allowedSigners, signer }: RawReviewFlags): void {
  const writing = [out, sign, format];
  const checking = [allowedSigners, signer];
  const isGiven = (flags: readonly unknown[]): boolean => flags.some((flag) => flag !== undefined);
  if (serve !== undefined && isGiven([verify, ...writing, ...checking])) {
    throw new UsageError("--serve takes no other flag of review but --author.", "Leave the others out.");
  }
  if (serve === undefined && author !== undefined) {
    throw new UsageError("--author goes with --serve.", "Name the plan: --serve PLAN");
  }
  if (verify !== undefined && isGiven(writing)) {
    throw new UsageError("--verify excludes --out, --format and --sign.", "Leave the others out.");
  }
  if (verify === undefined && isGiven(checking)) {
    throw new UsageError("--allowed-signers and --signer go with --verify.", "Name the folder: --verify FOLDER");
  }
  if (out === undefined && isGiven([sign, format])) {
    throw new UsageError("--format and --sign go with --out.", "Name the folder: --out FOLDER");
  }
}

function readSigners({ allowedSigners, signer }: RawReviewFlags): { readonly file: string; readonly signer: string } {
  if (allowedSigners !== undefined && signer !== undefined) return { file: allowedSigners, signer };
  throw new UsageError(
    "Whose signatures count has to be said.",
    "Give --allowed-signers FILE and --signer NAME, who must stand in it.",
  );
}

function readFormats(words: readonly string[] | undefined): readonly PacketFormat[] {
  if (words === undefined) return PACKET_FORMATS;
  return PACKET_FORMATS.filter((format) => {
    const strange = words.find((word) => !PACKET_FORMATS.some((known) => known === word));
    if (strange !== undefined) throw new UsageError(`--format wants md, html or csv, not "${strange}".`);
    return words.includes(format);
  });
}
