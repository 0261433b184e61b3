import { isApproverEmail, normalizeApprover } from "../../model/approval-rules.ts";
import { UsageError } from "../../model/errors.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/**
 * Who authored the change: what `--author` says, else the variable; several are separated by commas. Nobody, where neither says.
 * Git is not asked: anybody may write any name into a commit. Throws UsageError for what is no e-mail.
 */
export function readAuthors(session: Session, flag: string | undefined): readonly string[] {
  const text = flag ?? session.io.env["AXCESS_AUTHOR"] ?? "";
  const authors = text
    .split(",")
    .map(normalizeApprover)
    .filter((word) => word !== "");
  const strange = authors.find((author) => !isApproverEmail(author));
  if (strange !== undefined) {
    throw new UsageError(
      `The author "${harmless(strange)}" is no e-mail.`,
      "Give --author EMAIL, or set AXCESS_AUTHOR.",
    );
  }
  return authors;
}
