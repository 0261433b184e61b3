import type { EditedManifest } from "../../manifest/edit-manifest.ts";
import { DiagnosedError } from "../../model/errors.ts";
import type { Files } from "../../model/ports.ts";
import { harmless } from "../render/harmless.ts";
import type { Session } from "../session.ts";

/** Throws DiagnosedError where an edited manifest has errors, after saying that nothing was written and whose lines are told. */
export function requireWritable(session: Session, { manifest, diagnostics }: EditedManifest): void {
  if (manifest !== undefined) return;
  session.print("Nothing was written. The lines below are those of the manifest as it would be.\n");
  throw new DiagnosedError(diagnostics);
}

/**
 * Writes every text of an edited manifest, in its order; where one cannot be written, those before it are put back, the last first:
 * at no moment is there a manifest that writing in order would not have gone through as well.
 */
export async function writeEdited(files: Files, { texts }: Pick<EditedManifest, "texts">): Promise<void> {
  const written: (readonly [file: string, before: string])[] = [];
  try {
    for (const [file, text] of texts) {
      const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await files.read(file));
      await files.replace(file, before.startsWith("\ufeff") ? `\ufeff${text}` : text);
      written.push([file, before]);
    }
  } catch (error) {
    for (const [file, before] of written.reverse()) await files.replace(file, before);
    throw error;
  }
}

/** One line for each change: what was done, to what, and where it stands. */
export function renderChanges({ changes }: Pick<EditedManifest, "changes">): string {
  return changes
    .map(({ verb, path, at }) => {
      const words = path.map(nameStep).join(" / ");
      return `${verb.padEnd(8)}${harmless(at.file)}:${at.line}  ${harmless(words)}\n`;
    })
    .join("");
}

function nameStep(step: string | number): string {
  if (typeof step === "string") return step;
  return step < 0 ? "last item" : `item ${step + 1}`;
}
