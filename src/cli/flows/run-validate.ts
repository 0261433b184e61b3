import { loadManifest } from "../../manifest/load-manifest.ts";
import { type Diagnostic, hasErrors } from "../../model/diagnostic.ts";
import { EXIT } from "../exit.ts";
import { readVersion } from "../package-files.ts";
import { renderGithubAnnotations } from "../render/diagnostics-github.ts";
import { renderSarif } from "../render/diagnostics-sarif.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import { prettyJson } from "../render/pretty-json.ts";
import type { Outcome, Session } from "../session.ts";

export type ValidateFormat = "text" | "json" | "sarif" | "github";

/** Checks the manifest without asking any account, and tells the problems in the format that was asked for. */
export async function runValidate(session: Session, format: ValidateFormat): Promise<Outcome> {
  const { files, diagnostics } = await loadManifest({ files: session.files, paths: session.globals.files });
  if (!session.globals.json || format !== "text") session.print(await render(session, format, diagnostics));
  if (format === "text") session.tell(summary(files.length, diagnostics));
  return { exit: hasErrors(diagnostics) ? EXIT.error : EXIT.done, diagnostics, document: { files } };
}

async function render(session: Session, format: ValidateFormat, diagnostics: readonly Diagnostic[]): Promise<string> {
  switch (format) {
    case "text":
      return renderDiagnostics(diagnostics, session.paint);
    case "json":
      return prettyJson(diagnostics);
    case "sarif":
      return renderSarif(diagnostics, await readVersion());
    case "github":
      return renderGithubAnnotations(diagnostics);
  }
}

function summary(files: number, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === "warning").length;
  const read = `${files} ${files === 1 ? "file" : "files"}`;
  if (errors === 0 && warnings === 0) return `The manifest is valid (${read}).\n`;
  return `${errors === 0 ? "The manifest is valid" : "The manifest is not valid"} (${read}): ${count(errors, "error")}, ${count(warnings, "warning")}.\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
