import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { type Draft, listMissing } from "../approval.ts";
import { ApprovalForm } from "../parts/approval-form.tsx";
import { ApprovalOutcome } from "../parts/approval-outcome.tsx";
import { GateBadge, StepHead } from "../parts/step-row.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { count } from "../parts/words.ts";
import type { ViewProps } from "./view-props.ts";

/** Held changes to choose from, who lets them happen and why, and the file that says so. */
export function ApproveView({ review, printing, announce }: ViewProps): JSX.Element {
  const { model } = review;
  const held = useMemo(() => model.steps.flatMap((step, key) => (step.gate.state === "held" ? key : [])), [model]);
  const [draft, setDraft] = useState<Draft>({
    chosen: new Set(),
    by: model.served?.approver ?? "",
    reason: "",
    expires: "7d",
    confirmed: {},
  });
  const [isTried, setTried] = useState(false);
  const choose = (chosen: ReadonlySet<string>): void => {
    setDraft({ ...draft, chosen });
    announce(`${count(chosen.size, "change")} chosen`);
  };
  const toggle = (key: number): void => {
    const id = model.steps[key]?.id ?? "";
    const chosen = new Set(draft.chosen);
    if (!chosen.delete(id)) chosen.add(id);
    choose(chosen);
  };
  const blocked = model.steps.filter(({ gate }) => gate.state === "blocked");
  const missing = listMissing(model, draft, new Date());
  if (held.length === 0) return <NothingHeld blocked={blocked.length} command={model.commands.apply} />;
  return (
    <div class="approve">
      <div class="approve-list">
        <div class="filters">
          <button type="button" onClick={() => choose(new Set(held.map((key) => model.steps[key]?.id ?? "")))}>
            Choose all
          </button>
          <button type="button" onClick={() => choose(new Set())}>
            Choose none
          </button>
          <p class="shown">
            {draft.chosen.size.toLocaleString("en")} of {count(held.length, "held change")} chosen
          </p>
        </div>
        <VirtualList
          label="Held changes"
          keys={held}
          estimate={53}
          printing={printing}
          onOpen={toggle}
          row={(key, isCurrent) => {
            const step = model.steps[key];
            if (step === undefined) return null;
            return (
              <label class="choice">
                <input
                  type="checkbox"
                  tabIndex={isCurrent ? 0 : -1}
                  checked={draft.chosen.has(step.id)}
                  onChange={() => toggle(key)}
                />
                <StepHead step={step} />
              </label>
            );
          }}
        />
      </div>
      <div class="approve-form">
        <ApprovalForm model={model} draft={draft} isTried={isTried} onDraft={setDraft} />
        {isTried && missing.length > 0 && (
          <div class="missing-list" role="alert">
            <ul>
              {missing.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        )}
        <ApprovalOutcome
          model={model}
          draft={draft}
          isReady={missing.length === 0}
          onTry={() => setTried(true)}
          announce={announce}
        />
        {blocked.length > 0 && (
          <p class="hint">
            <GateBadge step={{ gate: { state: "blocked", by: [], release: "" } }} /> {count(blocked.length, "change")}{" "}
            cannot be approved: the list of changes tells what lets each through.
          </p>
        )}
      </div>
    </div>
  );
}

function NothingHeld({ blocked, command }: { readonly blocked: number; readonly command: string }): JSX.Element {
  return (
    <div class="empty">
      <p>Nothing is held, so nothing needs an approval.</p>
      {blocked > 0 ? (
        <p>{count(blocked, "change")} cannot be approved: the list of changes tells what lets each through.</p>
      ) : (
        <p>
          To make it so: <code>{command}</code>
        </p>
      )}
    </div>
  );
}
