import type { JSX } from "preact";
import { BROKEN_ASSERTIONS, type PageModel, type PageStep } from "../../src/page/page-model.ts";
import { count } from "./words.ts";

/** What the plan is about, and the verdict in a sentence. */
export function Masthead({ model, held }: { readonly model: PageModel; readonly held: number }): JSX.Element {
  const { account, digest, undo, steps } = model;
  const blocked = steps.filter(({ gate }) => gate.state === "blocked").length;
  const isWaiting = steps.some((step) => step.gate.state === "held" && !isApproved(step));
  const number = (op: string): number => steps.filter((step) => step.op === op).length;
  return (
    <header class="masthead">
      <p class="about">
        <span>Access review</span>
        <span class="account">{account.name ?? account.url}</span>
        {account.name !== undefined && <span class="faint">{account.url}</span>}
        {undo !== undefined && <span>takes {undo} back</span>}
        <code class="faint" title={digest}>
          {digest.slice(0, "sha256:".length + 12)}
        </code>
      </p>
      <h1 class={blocked > 0 ? "blocked" : isWaiting ? "held" : "clear"}>{verdictOf(model, held, blocked)}</h1>
      <ul class="tiles" aria-label={model.summary}>
        <Tile number={number("create")} mark="+" word="to create" tone="create" />
        <Tile number={number("update")} mark="~" word="to update" tone="update" />
        <Tile number={number("delete")} mark="−" word="to delete" tone="delete" />
        <Tile number={countPeople(model, "admin")} word="become admins" tone="alert" />
        <Tile number={countPeople(model, "loses")} word="lose access" tone="plain" />
        <Tile number={countPeople(model, "gains")} word="gain access" tone="plain" />
      </ul>
    </header>
  );
}

function countPeople({ shifts }: PageModel, wanted: string): number {
  return new Set(shifts.flatMap(({ person, sort }) => (sort === wanted ? person : []))).size;
}

function Tile(props: {
  readonly number: number;
  readonly mark?: string;
  readonly word: string;
  readonly tone: string;
}): JSX.Element | null {
  if (props.number === 0) return null;
  return (
    <li class={`tile ${props.tone}`}>
      <span class="number">
        {props.mark !== undefined && <span aria-hidden="true">{props.mark}</span>}
        {props.number.toLocaleString("en")}
      </span>{" "}
      {props.word}
    </li>
  );
}

function verdictOf({ steps, notices }: PageModel, held: number, blocked: number): string {
  const fails = notices.some(({ title }) => title === BROKEN_ASSERTIONS);
  const broken = fails ? " Assertions would not hold." : "";
  if (steps.length === 0) return fails ? "Nothing changes, and assertions do not hold." : "Nothing changes.";
  if (blocked > 0)
    return `${count(blocked, "change")} ${blocked === 1 ? "is" : "are"} blocked${held > 0 ? `, ${held.toLocaleString("en")} held` : ""}.${broken}`;
  if (held > 0) return `${heldWords(held, steps.filter(isApproved).length)}${broken}`;
  return `Nothing is held: an apply makes ${steps.length === 1 ? "the change" : `all ${count(steps.length, "change")}`}.${broken}`;
}

function isApproved({ approvals }: PageStep): boolean {
  return approvals?.isEnough === true;
}

function heldWords(held: number, approved: number): string {
  const waiting = held - approved;
  return [
    ...(waiting === 0 ? [] : [`${count(waiting, "change")} ${waiting === 1 ? "waits" : "wait"} for an approval.`]),
    ...(approved === 0 ? [] : [`${count(approved, "held change")} ${approved === 1 ? "is" : "are"} approved.`]),
  ].join(" ");
}
