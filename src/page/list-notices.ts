import type { Diagnostic } from "../model/diagnostic.ts";
import type { Plan } from "../model/plan.ts";
import type { PageNotice } from "./page-model.ts";

type Item = PageNotice["items"][number];

/** What a reader must know beside the changes and what approvals of them need (`needs`, a line each), most serious first; headings with nothing below them are left out. */
export function listNotices(plan: Plan, needs: readonly string[] = []): readonly PageNotice[] {
  const notices: readonly PageNotice[] = [
    { tone: "error", title: "Assertions that would not hold", items: plan.assertions.map(describeFailure) },
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
    { tone: "note", title: "Worth knowing", items: plan.notes.map(describeDiagnostic) },
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

function describeFailure({ statement, detail, source }: Plan["assertions"][number]): Item {
  return { text: statement, more: `${detail} · ${source}` };
}

function describeDiagnostic({ code, detail, fix }: Diagnostic): Item {
  return { text: `${detail} (${code})`, ...(fix === undefined ? {} : { more: fix }) };
}

function toItem(text: string): Item {
  return { text };
}
