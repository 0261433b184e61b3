import type { Diagnostic } from "../model/diagnostic.ts";
import type { PlatformError } from "../model/errors.ts";
import type { Caller } from "../model/platform.ts";

/** What is found again of what is read again is known already. */
export function joinNotes(known: readonly Diagnostic[], found: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set(known.map((note) => `${note.code} ${note.detail}`));
  return [...known, ...found.filter((note) => !told.has(`${note.code} ${note.detail}`))];
}

/** What has to be known of an account that the caller may not see as a whole. */
export function describeCaller(caller: Caller): readonly Diagnostic[] {
  if (caller.accountAdmin === "yes") return [];
  const isNot = caller.accountAdmin === "no";
  return [
    {
      code: "AX301",
      severity: "warning",
      summary: "The account may not be visible as a whole",
      detail: isNot
        ? "The key does not belong to an account admin, and the platform leaves out of its lists what a caller may not see. What is not seen is not taken for absent: no removal is planned."
        : "Who the key belongs to could not be found out, so lists may leave things out. What is not seen is not taken for absent: no removal is planned.",
      fix: isNot
        ? "Use a key of an account admin."
        : "Make sure that the GraphQL endpoint can be reached; `axcess doctor` tells more.",
    },
  ];
}

/** What was tried, as the beginning of a sentence, and could not be read. */
export function describeFailure(deed: string, error: PlatformError): Diagnostic {
  return {
    code: "AX305",
    severity: "warning",
    summary: "A part of the account could not be read",
    detail: `${deed} failed. ${error.message}`,
    fix: "Nothing of it is removed. Run `axcess doctor` to see what the key may do.",
  };
}
