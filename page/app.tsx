import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Masthead } from "./parts/masthead.tsx";
import { Names } from "./parts/names.tsx";
import { Notices, noticeWords } from "./parts/notices.tsx";
import { Tabs } from "./parts/tabs.tsx";
import type { Review } from "./review.ts";
import { ApproveView } from "./views/approve.tsx";
import { ChangesView } from "./views/changes.tsx";
import { MatrixView } from "./views/matrix.tsx";
import { PeopleView } from "./views/people.tsx";

/** The parts of the page, by the name that its address has behind `#`. */
export type Tab = "changes" | "people" | "matrix" | "approve";

const TABS: readonly Tab[] = ["changes", "people", "matrix", "approve"];

/** The whole page. */
export function App({ review, printing }: { readonly review: Review; readonly printing: boolean }): JSX.Element {
  const { model } = review;
  const [tab, setTab] = useTab();
  const [step, setStep] = useState<{ readonly key: number } | undefined>(undefined);
  const [cell, setCell] = useState<{ readonly person: number; readonly place: number } | undefined>(undefined);
  const [told, setTold] = useState("");
  // Only what changes is read aloud: so it is put in after the first drawing.
  useEffect(() => setTold(noticeWords(model.notices)), [model]);
  const held = useMemo(() => model.steps.filter(({ gate }) => gate.state === "held").length, [model]);
  const people = useMemo(() => new Set(model.shifts.map(({ person }) => person)).size, [model]);
  const shared = { review, printing, announce: setTold };
  const openStep = (key: number): void => {
    setStep({ key });
    setTab("changes");
  };
  const openCell = (person: number, place: number): void => {
    setCell({ person, place });
    setTab("matrix");
  };
  const tabs = [
    { id: "changes" as const, label: "Changes", count: model.steps.length },
    { id: "people" as const, label: "People", count: people },
    { id: "matrix" as const, label: "Matrix", count: undefined },
    { id: "approve" as const, label: "Approve", count: held },
  ];
  const goTo = tab === "changes" ? step : undefined;
  return (
    <div class={printing ? "app printing" : "app"}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Masthead model={model} held={held} />
      <Notices notices={model.notices} printing={printing} />
      <Tabs tabs={tabs} current={tab} onTab={setTab} />
      <main id="main" tabIndex={-1} class="panel" aria-labelledby={`tab-${tab}`}>
        <h2 class="sr">{tabs.find(({ id }) => id === tab)?.label}</h2>
        {tab === "changes" && <ChangesView {...shared} goTo={goTo} />}
        {tab === "people" && <PeopleView {...shared} openStep={openStep} openCell={openCell} />}
        {tab === "matrix" && <MatrixView {...shared} openStep={openStep} goTo={cell} />}
        {tab === "approve" && <ApproveView {...shared} />}
      </main>
      <Names review={review} />
      <p class="sr" role="status" aria-live="polite">
        {told}
      </p>
    </div>
  );
}

/** Which part is shown stands in the address, so that back and forward work. */
function useTab(): readonly [Tab, (tab: Tab) => void] {
  const [tab, setTab] = useState<Tab>(readTab() ?? "changes");
  useEffect(() => {
    // `#main` is where the link over everything leads: it shows no other part.
    const read = (): void => setTab((shown) => readTab() ?? shown);
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  return [
    tab,
    (next) => {
      if (next !== readTab()) location.hash = next;
      setTab(next);
    },
  ];
}

function readTab(): Tab | undefined {
  const name = location.hash.slice(1);
  return TABS.find((tab) => tab === name);
}
