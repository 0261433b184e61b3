import type { JSX } from "preact";
import type { ApprovalAnswer, PageModel } from "../../src/page/page-model.ts";
import { count, splitAddress } from "./words.ts";

/** Where an approval was written, and for each change whether it is enough or what is missing. */
export function WrittenApproval({
  model,
  answer,
}: {
  readonly model: PageModel;
  readonly answer: ApprovalAnswer;
}): JSX.Element {
  return (
    <>
      <p class="told">Written to {answer.file}.</p>
      <ul class="standing" aria-label="Whether it is enough">
        {answer.changes.map(({ change, isEnough, lines }) => (
          <li key={change} class={isEnough ? "enough" : "short"}>
            <strong>{deedWords(model, change)}</strong> <code class="faint">{change}</code>
            {lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </li>
        ))}
        {answer.doubts.map((doubt) => (
          <li key={doubt} class="short">
            {doubt}
          </li>
        ))}
      </ul>
    </>
  );
}

function deedWords({ steps }: PageModel, id: string): string {
  const step = steps.find((known) => known.id === id);
  if (step === undefined) return "";
  const { kind, names } = splitAddress(step.address);
  return `${step.op} ${kind} ${names}`;
}

/** The same in a sentence, to be read aloud. */
export function writtenWords({ file, changes, doubts }: ApprovalAnswer): string {
  const enough = changes.filter(({ isEnough }) => isEnough).length;
  const short = changes.length - enough;
  return [
    `Written to ${file}.`,
    ...(enough > 0 ? [`Enough for ${count(enough, "change")}.`] : []),
    ...(short > 0 ? [`Not enough for ${count(short, "change")}.`] : []),
    ...doubts,
  ].join(" ");
}
