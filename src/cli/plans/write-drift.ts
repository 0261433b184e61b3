import type { Plan } from "../../model/plan.ts";
import { spellFiles } from "../flags/globals.ts";
import type { DriftFormat } from "../flags/plan-formats.ts";
import { renderDriftMarkdown } from "../render/drift-markdown.ts";
import { type DriftView, renderDrift } from "../render/drift-text.ts";
import { PLAIN } from "../render/paint.ts";
import { prettyJson } from "../render/pretty-json.ts";
import type { Session } from "../session.ts";

/** What was found, in which formats it is wanted, and its JSON. */
interface Telling {
  readonly view: DriftView;
  readonly formats: readonly DriftFormat[];
  readonly account: Plan["account"];
  readonly document: Readonly<Record<string, unknown>>;
}

/** Shows drift in every format that was asked for; as text for people when none of them goes to stdout. */
export async function writeDrift(session: Session, telling: Telling): Promise<void> {
  const { view, formats } = telling;
  for (const { format, file } of formats) {
    if (file !== undefined) await session.files.replace(file, render(session, format, telling));
    else if (format !== "text") session.io.stdout.write(render(session, format, telling));
  }
  if (formats.some(({ format, file }) => file === undefined && format !== "text")) return;
  session.print(renderDrift(view, session.paint));
}

function render({ globals }: Session, format: DriftFormat["format"], { view, account, document }: Telling): string {
  switch (format) {
    case "json":
      return prettyJson({ ...document, assertions: view.failures });
    case "markdown": {
      const page = { account: account.name ?? account.url, files: spellFiles(globals), unread: view.drift.unread };
      return renderDriftMarkdown(view, page);
    }
    case "text":
      return renderDrift(view, PLAIN);
  }
}
