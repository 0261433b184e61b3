import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { type ChangeFilter, makeStepFilter, NO_FILTER } from "../filter.ts";
import { Check, Choice, Search } from "../parts/fields.tsx";
import { StepDetails, StepHead } from "../parts/step-row.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import { count } from "../parts/words.ts";
import type { ViewProps } from "./view-props.ts";

/** The changes in the order they run, narrowed as wished. */
export function ChangesView({
  review,
  printing,
  announce,
  goTo,
}: ViewProps & { readonly goTo?: { readonly key: number } | undefined }): JSX.Element {
  const { model } = review;
  const select = useMemo(() => makeStepFilter(review), [review]);
  const [filter, setFilter] = useState<ChangeFilter>(NO_FILTER);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set(goTo === undefined ? [] : [goTo.key]));
  const shown = useMemo(() => select(filter), [select, filter]);
  const narrow = (part: Partial<ChangeFilter>): void => {
    const next = { ...filter, ...part };
    setFilter(next);
    announce(`${count(select(next).length, "change")} shown`);
  };
  const toggle = (key: number): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  if (model.steps.length === 0) return <p class="empty">Nothing changes: the account is as the manifest has it.</p>;
  return (
    <>
      <form class="filters" aria-label="Narrow the changes" onSubmit={(event) => event.preventDefault()}>
        <Search label="Search" value={filter.text} onValue={(text) => narrow({ text })} />
        <Search label="Person" value={filter.person} onValue={(person) => narrow({ person })} list="people" />
        <Search label="Space or place" value={filter.place} onValue={(place) => narrow({ place })} list="places" />
        <Search
          label="Permission"
          value={filter.permission}
          onValue={(permission) => narrow({ permission })}
          list="permissions"
        />
        <Choice
          label="Verb"
          value={filter.verb}
          options={VERBS}
          onValue={(verb) => narrow({ verb: verb as ChangeFilter["verb"] })}
        />
        <Check label="Held only" checked={filter.heldOnly} onChecked={(heldOnly) => narrow({ heldOnly })} />
        <p class="shown">
          {shown.length === model.steps.length
            ? count(shown.length, "change")
            : `${shown.length.toLocaleString("en")} of ${count(model.steps.length, "change")}`}
        </p>
      </form>
      {shown.length === 0 && <p class="empty">No change fits. Widen the filters above.</p>}
      <VirtualList
        label="Changes, in the order they run"
        keys={shown}
        estimate={53}
        printing={printing}
        goTo={goTo}
        onOpen={toggle}
        row={(key) => {
          const step = model.steps[key];
          if (step === undefined) return null;
          const isOpen = open.has(key) || printing;
          return (
            <div class="step">
              {/* The row itself has the focus and the keys; the pointer gets the whole line. */}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter and the space bar are the row's own */}
              {/* biome-ignore lint/a11y/noStaticElementInteractions: the row around it is the control */}
              <div onClick={() => toggle(key)}>
                <StepHead step={step} isOpen={isOpen} />
              </div>
              {isOpen && <StepDetails step={step} review={review} />}
            </div>
          );
        }}
      />
    </>
  );
}

const VERBS: readonly (readonly [string, string])[] = [
  ["", "any"],
  ["create", "create"],
  ["update", "update"],
  ["delete", "delete"],
];
