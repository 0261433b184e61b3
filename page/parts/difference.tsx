import type { JSX } from "preact";
import { ALL, type PageShift } from "../../src/page/page-model.ts";
import { membersOf, type Review, sideAt, sideWords } from "../review.ts";
import { Members } from "./step-row.tsx";
import { count, splitAddress } from "./words.ts";

interface DifferenceProps {
  readonly review: Review;
  readonly shift: PageShift;
  readonly openStep: (step: number) => void;
  readonly openCell: (person: number, place: number) => void;
  /** True where its buttons are among the stops of Tab. */
  readonly isCurrent: boolean;
}

/** So many permissions are named at once; of more the number. */
const NAMED = 6;

/** One place: what was, what will be, what comes and goes, and by which changes. */
export function Difference({ review, shift, openStep, openCell, isCurrent }: DifferenceProps): JSX.Element {
  const { model, placeNames } = review;
  const [before, after] = [sideAt(model.matrix.sides, shift.before), sideAt(model.matrix.sides, shift.after)];
  const stop = isCurrent ? 0 : -1;
  return (
    <div class={`difference ${shift.sort}`}>
      <div class="where">
        {shift.place < 0 ? (
          <strong>{placeNames(shift.place)}</strong>
        ) : (
          <button type="button" class="link" tabIndex={stop} onClick={() => openCell(shift.person, shift.place)}>
            {placeNames(shift.place)}
          </button>
        )}
        <span class="faint">{withinWords(shift)}</span>
      </div>
      <div class="change">
        <span class="side">{sideWords(model, before)}</span>
        <span class="arrow" aria-hidden="true">
          →
        </span>
        <span class="sr"> becomes </span>
        <span class="side after">{sideWords(model, after)}</span>
        {shift.until !== undefined && <span class="faint"> until {shift.until}</span>}
      </div>
      <SetChange review={review} shift={shift} />
      <div class="through">
        <span class="faint">through </span>
        {shift.through.map((step) => (
          <button key={step} type="button" class="link" tabIndex={stop} onClick={() => openStep(step)}>
            {stepWords(review, step)}
          </button>
        ))}
      </div>
    </div>
  );
}

function SetChange({ review: { model }, shift }: Pick<DifferenceProps, "review" | "shift">): JSX.Element {
  const named = (set: number): readonly string[] => membersOf(model, set).filter((name) => !name.startsWith("("));
  const [gained, lost] = [named(shift.gained), named(shift.lost)];
  const whole = [
    shift.gained === ALL ? "gains everything" : undefined,
    shift.lost === ALL ? "loses everything else" : undefined,
    gained.length > NAMED ? `gains ${count(gained.length, "permission")}` : undefined,
    lost.length > NAMED ? `loses ${count(lost.length, "permission")}` : undefined,
    unknownWords("gains", membersOf(model, shift.gained)),
    unknownWords("loses", membersOf(model, shift.lost)),
  ].filter((words) => words !== undefined);
  return (
    <>
      {whole.length > 0 && <div class="faint">{whole.join("; ")}</div>}
      <Members added={gained.length > NAMED ? [] : gained} removed={lost.length > NAMED ? [] : lost} />
    </>
  );
}

/** What a role of unknown contents gives stands in a set as the role in brackets. */
function unknownWords(verb: string, members: readonly string[]): string | undefined {
  const roles = members.flatMap((name) => (name.startsWith("(") ? name.slice(1, -1) : []));
  return roles.length === 0 ? undefined : `${verb} what the ${roles.join(" and the ")} gives, which is not known`;
}

function withinWords({ spaces, projects }: PageShift): string {
  const parts = [spaces > 0 ? count(spaces, "space") : "", projects > 0 ? count(projects, "project") : ""].filter(
    Boolean,
  );
  return parts.length === 0 ? "" : ` and ${parts.join(" and ")} in it`;
}

/** `delete member of Acme / carl@…`, in the words of the list of changes. */
export function stepWords({ model }: Review, number: number): string {
  const step = model.steps[number];
  if (step === undefined) return "";
  const { kind, names } = splitAddress(step.address);
  return `${step.op} ${kind} ${names}`;
}
