import { formatManifest } from "../../manifest/format-manifest.ts";
import { loadManifest } from "../../manifest/load-manifest.ts";
import { type Diagnostic, hasErrors } from "../../model/diagnostic.ts";
import { DiagnosedError } from "../../model/errors.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { harmless } from "../render/harmless.ts";
import type { Outcome, Session } from "../session.ts";

/** Formats every file of the manifest, or under `check` only names those that are not formatted. Files with errors stay as they are. */
export async function runFmt(session: Session, check: boolean): Promise<Outcome> {
  const diagnostics: Diagnostic[] = [];
  const unformatted: string[] = [];
  for (const file of await findFiles(session)) {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await session.files.read(file));
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

/** The files that the manifest paths stand for. What is wrong with their content is told file by file; a path without files is an error. */
async function findFiles(session: Session): Promise<readonly string[]> {
  const { files, diagnostics } = await loadManifest({ files: session.files, paths: session.globals.files });
  const missing = diagnostics.filter(({ code }) => code === "AX101" || code === "AX102");
  if (missing.length > 0) throw new DiagnosedError(missing);
  return files;
}

function fmtExit(diagnostics: readonly Diagnostic[], differs: boolean): ExitCode {
  if (hasErrors(diagnostics)) return EXIT.error;
  return differs ? EXIT.changes : EXIT.done;
}
