import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import { BROKEN_ASSERTIONS, type PageNotice } from "./page-model.ts";

type Item = PageNotice["items"][number];

/** What a reader must know beside the changes and what approvals of them need (`needs`, a line each), most serious first; headings with nothing below them are left out. */
export function listNotices(plan: Plan, needs: readonly string[] = []): readonly PageNotice[] {
  const notices: readonly PageNotice[] = [
    { tone: "error", open: 1, title: BROKEN_ASSERTIONS, items: plan.assertions.map(describeFailure) },
    ...groupNotes(plan, "error"),
    ...groupNotes(plan, "warning"),
    { tone: "warning", title: "What approvals need", items: needs.map(toItem) },
    { tone: "warning", title: "What cannot be known", items: plan.unknowns.map(describeDiagnostic) },
    {
      tone: "warning",
      title: "Withheld: these removals are not planned, since their class could not be read whole",
      items: plan.withheld.map(toItem),
    },
    {
      tone: "warning",
      title: "Not read whole: whether anything would have to go there is not known",
      items: plan.incomplete.map(toItem),
    },
    {
      tone: "warning",
      title: "Who gains and loses does not count these, since they were not read whole",
      items: plan.access.unseen.map(toItem),
    },
    {
      tone: "note",
      title: "Worth knowing",
      items: plan.notes.filter(({ severity }) => severity === "note").map(describeDiagnostic),
    },
    {
      tone: "note",
      title: "Lapses soon, by the clock",
      items: plan.lapses.map(({ address, expires, source }) => ({ text: `${address} until ${expires}`, more: source })),
    },
    {
      tone: "note",
      title: "Exists and is not managed",
      items: Object.entries(plan.unmanaged).map(([kind, count]) => ({ text: `${kind}: ${count}` })),
    },
  ];
  return notices.filter(({ items }) => items.length > 0);
}

/** What was noticed and may change what a reviewer decides, by its summary. */
function groupNotes({ notes }: Plan, tone: "error" | "warning"): readonly PageNotice[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const note of notes) {
    if (note.severity === tone) groups.set(note.summary, [...(groups.get(note.summary) ?? []), note]);
  }
  return [...groups].map(([title, noticed]) => ({ tone, open: 1, title, items: noticed.map(describeDiagnostic) }));
}

function describeFailure({ statement, detail, source }: Plan["assertions"][number]): Item {
  return { text: statement, more: `${detail} · ${source}` };
}

function describeDiagnostic({ code, detail, fix }: Diagnostic): Item {
  return { text: `${detail} (${code})`, ...(fix === undefined ? {} : { more: fix }) };
}

function toItem(text: string): Item {
  return { text };
}
