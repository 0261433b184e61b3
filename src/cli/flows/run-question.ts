import { evaluateAccess } from "../../access/effective-access.ts";
import { type AccessEntry, listAccess, listHolders } from "../../access/questions.ts";
import { readPermission, readPerson, readPlace, requireInWorld, type Topic } from "../../engine/read-question.ts";
import { type Address, pathOf } from "../../model/address.ts";
import { EXIT } from "../exit.ts";
import { seePlanned } from "../questions/see-planned.ts";
import { type SeenWorld, seeDeclared, seeLive } from "../questions/see-world.ts";
import { renderEntries, renderEntriesCsv, renderExplanation } from "../render/access-text.ts";
import type { Outcome, Session } from "../session.ts";

/** What a question is asked of: the account, the manifest, or the account once a saved plan is done. */
export type Asked = { readonly of: "live" | "declared" } | { readonly of: "plan"; readonly file: string };

/** Which world a question is asked of, and how the answer is written. */
export interface QuestionOptions {
  readonly asked: Asked;
  readonly csv: boolean;
}

/** What a person may do in a place, and why. */
export async function runExplain(
  session: Session,
  question: { readonly person: string; readonly place: string },
  { asked }: QuestionOptions,
): Promise<Outcome> {
  const person = readPerson(question.person);
  const place = readPlace(question.place);
  const seen = await seeWorld(session, asked, { person, place });
  requireSeen(place, seen);
  const entry = { person, place, access: evaluateAccess(seen.world, person, place, seen.settings) };
  const hidden = [...seen.hidden].filter((grant) => isGrantAbove(grant, person, place));
  const before = seen.before && { ...entry, access: evaluateAccess(seen.before, person, place, seen.settings) };
  session.print(renderExplanation(entry, { sourceOf: seen.sourceOf, hidden, before: before?.access }));
  return {
    exit: EXIT.done,
    diagnostics: seen.diagnostics,
    document: { access: describe(entry, seen), ...(before && { before: describe(before, seen) }) },
  };
}

async function seeWorld(session: Session, asked: Asked, { person, place }: Topic): Promise<SeenWorld> {
  if (asked.of === "declared") return await seeDeclared(session);
  if (asked.of === "plan") return await seePlanned(session, asked.file, place);
  return await seeLive(session, { person, places: place && [place] });
}

/** A place that a plan deletes may still be asked about: nobody has anything there afterwards. */
function requireSeen(place: Address, { world, before }: SeenWorld): void {
  if (before?.has(place) !== true) requireInWorld(place, world);
}

/** True for a grant of the person in the place, or in what the place is in. */
function isGrantAbove(grant: Address, person: Address, place: Address): boolean {
  const path = pathOf(grant);
  const within = pathOf(place);
  return path.at(-1) === pathOf(person)[0] && path.slice(0, -1).every((name, index) => within[index] === name);
}

/** Who has a permission in a place. */
export async function runWhoCan(
  session: Session,
  question: { readonly permission: string; readonly place: string },
  options: QuestionOptions,
): Promise<Outcome> {
  const place = readPlace(question.place);
  const seen = await seeWorld(session, options.asked, { place });
  requireSeen(place, seen);
  const entries = listHolders(seen.world, readPermission(question.permission, seen.world), place, seen.settings);
  return answer(session, { entries, subject: "person", seen, csv: options.csv });
}

/** Everything a person has access to. */
export async function runAccess(session: Session, name: string, options: QuestionOptions): Promise<Outcome> {
  const person = readPerson(name);
  const seen = await seeWorld(session, options.asked, { person });
  return answer(session, {
    entries: listAccess(seen.world, person, seen.settings),
    subject: "place",
    seen,
    csv: options.csv,
  });
}

function answer(
  session: Session,
  given: {
    readonly entries: readonly AccessEntry[];
    readonly subject: "person" | "place";
    readonly seen: SeenWorld;
    readonly csv: boolean;
  },
): Outcome {
  const { entries, subject, seen, csv } = given;
  session.print(csv ? renderEntriesCsv(entries, seen.sourceOf) : renderEntries(entries, subject, seen.sourceOf));
  return {
    exit: EXIT.done,
    diagnostics: seen.diagnostics,
    document: { access: entries.map((entry) => describe(entry, seen)) },
  };
}

/** An entry in the JSON document: sets as sorted lists, everything as `"all"`. */
function describe({ person, place, access }: AccessEntry, { sourceOf }: SeenWorld): Readonly<Record<string, unknown>> {
  const list = (permissions: ReadonlySet<string> | string): unknown =>
    typeof permissions === "string" ? permissions : [...permissions].sort();
  return {
    person,
    place,
    ...access,
    permissions: list(access.permissions),
    paths: access.paths.map((path) => ({ ...path, permissions: list(path.permissions), source: sourceOf(path.grant) })),
    cutOff: access.cutOff.map((path) => ({ ...path, permissions: list(path.permissions) })),
  };
}
