import type { ComponentChildren, JSX } from "preact";
import { HAZARD_TITLES, REASON_WORDS } from "../../src/model/change.ts";
import type { PageStep } from "../../src/page/page-model.ts";
import type { Review } from "../review.ts";
import { MARKS, splitAddress, valueText } from "./words.ts";

/** The line of a change: verb, what it is about, its gate, and in brief what is dangerous or differs. */
export function StepHead({ step, isOpen }: { readonly step: PageStep; readonly isOpen?: boolean }): JSX.Element {
  const { kind, names } = splitAddress(step.address);
  return (
    <div class="step-head">
      <span class={`mark ${step.op}`} aria-hidden="true">
        {MARKS[step.op]}
      </span>
      <div class="step-line">
        <div class="step-title">
          <span class="sr">{step.op} </span>
          <span class="kind">{kind}</span>
          <span class="name">{names}</span>
        </div>
        <div class="step-brief">{briefOf(step)}</div>
      </div>
      <GateBadge step={step} />
      {isOpen !== undefined && (
        <span class={isOpen ? "chevron open" : "chevron"}>
          <span class="sr">{isOpen ? "details shown" : "details hidden, Enter shows them"}</span>
        </span>
      )}
    </div>
  );
}

/** Whether a change runs, waits, or never will. */
export function GateBadge({ step }: { readonly step: Pick<PageStep, "gate" | "needed" | "approvals"> }): JSX.Element {
  const { gate, needed = 1, approvals } = step;
  if (approvals?.isEnough === true) return <span class="badge approved">approved</span>;
  if (gate.state === "held" && needed > 1) return <span class="badge held">held: {needed} approvals</span>;
  if (gate.state !== "open") return <span class={`badge ${gate.state}`}>{gate.state}</span>;
  return <span class="badge quiet">{gate.by === undefined ? "open" : "open, expired"}</span>;
}

/** What is worth a reader's first look. */
function briefOf(step: PageStep): string {
  const by: readonly string[] = step.gate.state === "open" ? [] : step.gate.by;
  const holding = step.hazards.filter(({ code }) => by.includes(code));
  const hazard = holding[0] ?? step.hazards.find(({ code }) => code !== "widens-access");
  if (hazard !== undefined) return hazard.detail === "" ? HAZARD_TITLES[hazard.code] : hazard.detail;
  const fields = step.fields.map(({ field }) => field);
  if (step.op === "update" && fields.length > 0) return `${fields.join(", ")}: ${REASON_WORDS[step.reason]}`;
  const role = (step.to ?? step.from)?.["role"];
  return typeof role === "string"
    ? `role ${splitAddress(`:${role.replace(/^role:/u, "")}`).names}`
    : REASON_WORDS[step.reason];
}

/** All that there is to say of a change. */
export function StepDetails({ step, review }: { readonly step: PageStep; readonly review: Review }): JSX.Element {
  const { model } = review;
  const number = model.steps.indexOf(step);
  const hit = [...(review.peopleOfStep[number] ?? [])].map((person) => model.people[person]?.email ?? "");
  const losers = (step.loses ?? []).map((person) => model.people[person]?.email ?? "");
  const gate = step.gate;
  return (
    <dl class="facts">
      {gate.state !== "open" && (
        <Fact term={gate.state}>
          {gate.by.map((code) => HAZARD_TITLES[code]).join("; ")}
          {gate.state === "blocked" && <>; {gate.release}</>}
        </Fact>
      )}
      {step.needed !== undefined && <Fact term="approvals">{step.needed} needed, by the rules of the manifest</Fact>}
      {step.approvals !== undefined && (
        <Fact term="approvals there">
          <Lines lines={step.approvals.lines} />
        </Fact>
      )}
      <Fact term="why">{whyOf(step)}</Fact>
      {step.renamedFrom !== undefined && <Fact term="was">{step.renamedFrom}</Fact>}
      <Fields step={step} />
      {step.hazards.length > 0 && (
        <Fact term="hazards">
          <Lines lines={step.hazards.map(({ code, detail }) => `${code}: ${detail || HAZARD_TITLES[code]}`)} />
        </Fact>
      )}
      {losers.length > 0 && <Fact term="takes access from">{listSome(losers)}</Fact>}
      {hit.length > losers.length && <Fact term="changes access of">{listSome(hit)}</Fact>}
      {step.cascade.length > 0 && (
        <Fact term="goes with it">
          <Lines lines={step.cascade} />
        </Fact>
      )}
      {step.notes.length > 0 && (
        <Fact term="note">
          <Lines lines={step.notes} />
        </Fact>
      )}
      <Fact term="id">
        <code>{step.id}</code>
      </Fact>
    </dl>
  );
}

function whyOf(step: PageStep): string {
  return [
    REASON_WORDS[step.reason],
    step.source,
    step.group === undefined ? undefined : `through group:${step.group}`,
    step.expires === undefined ? undefined : `until ${step.expires}`,
    step.justification === undefined ? undefined : `because: ${step.justification}`,
  ]
    .filter((part) => part !== undefined)
    .join(" · ");
}

/** Fields that differ; of what comes or goes all of it. */
function Fields({ step }: { readonly step: PageStep }): JSX.Element {
  if (step.fields.length > 0 && step.op === "update") {
    return (
      <>
        {step.fields.map(({ field, from, to, added = [], removed = [] }) => (
          <Fact key={field} term={field}>
            {added.length + removed.length > 0 ? (
              <Members added={added} removed={removed} />
            ) : (
              <>
                <del>{from === undefined ? "(not set)" : valueText(from)}</del> <span aria-hidden="true">→</span>
                <span class="sr"> becomes </span> <ins>{to === undefined ? "(not set)" : valueText(to)}</ins>
              </>
            )}
          </Fact>
        ))}
      </>
    );
  }
  const spec = Object.entries({ ...step.creation, ...(step.to ?? step.from) }).filter(([, value]) => value !== null);
  return (
    <>
      {spec.map(([field, value]) => (
        <Fact key={field} term={field}>
          {valueText(value)}
        </Fact>
      ))}
    </>
  );
}

/** Permissions that come and go, each with its sign. */
export function Members(props: {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}): JSX.Element {
  return (
    <ul class="members">
      {props.added.map((name) => (
        <li key={name} class="added">
          <span class="sr">added </span>
          <span aria-hidden="true">+ </span>
          {name}
        </li>
      ))}
      {props.removed.map((name) => (
        <li key={name} class="removed">
          <span class="sr">removed </span>
          <span aria-hidden="true">− </span>
          {name}
        </li>
      ))}
    </ul>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** So many lines are shown; of more the rest is counted. */
const MOST_LINES = 60;

export function Lines({ lines }: { readonly lines: readonly string[] }): JSX.Element {
  return (
    <ul class="lines">
      {lines.slice(0, MOST_LINES).map((line) => (
        <li key={line}>{line}</li>
      ))}
      {lines.length > MOST_LINES && <li>and {lines.length - MOST_LINES} more</li>}
    </ul>
  );
}

function listSome(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LINES);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
