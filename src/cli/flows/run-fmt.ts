import { formatManifest } from "../../manifest/format-manifest.ts";
import { findManifestFiles } from "../../manifest/find-manifest-files.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { hasErrors } from "../../model/diagnostic.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";

/** Formats every file of the manifest, or under `check` only names those that are not formatted. Files with errors stay as they are. */
export async function runFmt(session: Session, check: boolean): Promise<Outcome> {
  const found = await findManifestFiles({ files: session.files, paths: session.globals.files });
  const diagnostics: Diagnostic[] = [...found.diagnostics];
  const unformatted: string[] = [];
  for (const file of found.files) {
    const text = new TextDecoder().decode(await session.files.read(file));
    const formatted = formatManifest(text, file);
    diagnostics.push(...formatted.diagnostics);
    if (hasErrors(formatted.diagnostics) || formatted.text === text) continue;
    unformatted.push(file);
    if (!check) await session.files.replace(file, formatted.text);
  }
  session.io.stderr.write(renderDiagnostics(diagnostics, session.errorPaint));
  session.print(unformatted.map((file) => `${harmless(file)}\n`).join(""));
  return { exit: fmtExit(diagnostics, check && unformatted.length > 0), diagnostics, document: { unformatted } };
}

function fmtExit(diagnostics: readonly Diagnostic[], differs: boolean): ExitCode {
  if (hasErrors(diagnostics)) return EXIT.error;
  return differs ? EXIT.changes : EXIT.done;
}
