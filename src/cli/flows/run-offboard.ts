import { offboardPerson, readEmailAddress } from "../../manifest/offboard-person.ts";
import { UsageError } from "../../model/errors.ts";
import { renderChanges, requireWritable, writeEdited } from "../edits/write-edited.ts";
import { EXIT } from "../exit.ts";
import { spellGlobals } from "../flags/globals.ts";
import { harmless } from "../render/harmless.ts";
import { quoteShellWord } from "../render/quote-shell-word.ts";
import type { Outcome, Session } from "../session.ts";

/** Takes a person out of every place of the manifest and into `offboard`. Writes the manifest's files and asks no account. */
export async function runOffboard(session: Session, person: string): Promise<Outcome> {
  const email = readEmailAddress(person);
  if (email === undefined) {
    throw new UsageError(`"${harmless(person)}" is not an e-mail address.`, "Write: axcess offboard EMAIL");
  }
  const edited = await offboardPerson({ files: session.files, paths: session.globals.files, email });
  requireWritable(session, edited);
  await writeEdited(session.files, edited);
  session.print(describe(session, email, renderChanges(edited)));
  if (edited.changes.length > 0 && edited.changes.every(({ verb }) => verb === "added")) {
    session.tell(`${harmless(email)} stood nowhere else in the manifest. Is the address right?\n`);
  }
  return { exit: EXIT.done, diagnostics: edited.diagnostics, document: { changes: edited.changes } };
}

function describe(session: Session, email: string, changes: string): string {
  if (changes === "") return `${harmless(email)} stands in offboard already, and nowhere else.\n`;
  const command = ["axcess", "plan", ...spellGlobals(session.globals)].map(quoteShellWord).join(" ");
  return `${changes}See who and what goes with it, and which keys they made: ${command}\n`;
}
