import {
  ALL,
  NONE,
  type PageModel,
  type PagePath,
  type PageSide,
  type SetNumber,
  WAYS,
} from "../src/page/page-model.ts";

/** The model with what the views ask of it again and again. */
export interface Review {
  readonly model: PageModel;
  /** `Acme / production / checkout`; "the whole account" for -1. */
  readonly placeNames: (place: number) => string;
  /** `project:Acme/production/checkout`, for searching. */
  readonly placePath: (place: number) => string;
  /** For each step everybody whose access it changes, by number, ascending. */
  readonly peopleOfStep: readonly ReadonlySet<number>[];
  /** For each step the places where somebody's access differs by it. */
  readonly placesOfStep: readonly ReadonlySet<number>[];
  /** For each step the sets of permissions that come or go by it. */
  readonly setsOfStep: readonly ReadonlySet<SetNumber>[];
  /** For each person the places in `model.shifts` of their differences. */
  readonly shiftsOf: readonly (readonly number[])[];
  /** Of one person the number of the cell of each place. */
  readonly rowOf: (person: number) => Uint32Array;
}

/** Makes what the views need from the model that came with the page. */
export function openReview(model: PageModel): Review {
  const paths = model.places.map(() => "");
  for (const [number, { name, within }] of model.places.entries()) {
    paths[number] = within < 0 ? name : `${paths[within]} / ${name}`;
  }
  const placeNames = (place: number): string => (place < 0 ? "the whole account" : (paths[place] ?? ""));
  return {
    model,
    placeNames,
    placePath: (place) => (place < 0 ? "account" : `${KINDS[model.places[place]?.depth ?? 0]}:${placeNames(place)}`),
    ...indexSteps(model),
    shiftsOf: indexShifts(model),
    rowOf: makeRowReader(model),
  };
}

/** The words for how deep a place is. */
export const KINDS: readonly string[] = ["organization", "space", "project"];

function indexSteps(model: PageModel): Pick<Review, "peopleOfStep" | "placesOfStep" | "setsOfStep"> {
  const peopleOfStep = model.steps.map(({ loses }) => new Set<number>(loses));
  const placesOfStep = model.steps.map(() => new Set<number>());
  const setsOfStep = model.steps.map(() => new Set<SetNumber>());
  for (const { person, place, through, gained, lost } of model.shifts) {
    for (const step of through) {
      peopleOfStep[step]?.add(person);
      placesOfStep[step]?.add(place);
      setsOfStep[step]?.add(gained).add(lost);
    }
  }
  return { peopleOfStep, placesOfStep, setsOfStep };
}

function indexShifts(model: PageModel): readonly (readonly number[])[] {
  const shifts = model.people.map((): number[] => []);
  for (const [number, { person }] of model.shifts.entries()) shifts[person]?.push(number);
  return shifts;
}

function makeRowReader({ matrix, places }: PageModel): (person: number) => Uint32Array {
  const read = new Map<number, Uint32Array>();
  return (person) => {
    const number = matrix.rowOf[person] ?? 0;
    const known = read.get(number);
    if (known !== undefined) return known;
    const row = new Uint32Array(places.length);
    const runs = matrix.rows[number] ?? [];
    let place = 0;
    for (let at = 0; at < runs.length; at += 2) {
      const length = runs[at + 1] ?? 0;
      row.fill(runs[at] ?? 0, place, place + length);
      place += length;
    }
    read.set(number, row);
    return row;
  };
}

/** True where somebody has more, less, or the same another way. What a restriction cuts off either way makes no difference. */
export function isChanged(model: PageModel, cell: number): boolean {
  const { before, after } = sidesOfCell(model, cell);
  return before !== after && textOfSide(before) !== textOfSide(after);
}

function textOfSide(side: PageSide): string {
  return JSON.stringify([side.total, side.low, countingPaths(side)]);
}

/** Beside an admin role the others say nothing. */
function countingPaths({ paths, total }: PageSide): readonly PagePath[] {
  const admin = total === ALL ? paths.filter(([, , set]) => set === ALL) : [];
  return admin.length > 0 ? admin : paths;
}

/** True for a cell of which a saved plan says nothing, so that there may be access in it. */
export function isUntold({ matrix }: PageModel, cell: number): boolean {
  return matrix.scope === "differences" && cell === 0;
}

/** What somebody has on both sides, by the number of a cell. */
export function sidesOfCell(
  { matrix }: PageModel,
  cell: number,
): { readonly before: PageSide; readonly after: PageSide } {
  const [before, after] = matrix.cells[cell] ?? [0, 0];
  return { before: sideAt(matrix.sides, before), after: sideAt(matrix.sides, after) };
}

/** A side by its number. */
export function sideAt(sides: readonly PageSide[], number: number): PageSide {
  return sides[number] ?? NO_ACCESS;
}

const NO_ACCESS: PageSide = { paths: [], total: NONE };

/** A role as people call it: `member` for `member`, `Data Scientist` for `role:Data Scientist`. */
export function roleName(model: PageModel, role: number): string {
  const text = model.roles[role] ?? "?";
  if (text === "?") return "a role that is not shown";
  if (!text.includes(":")) return text;
  const name = decodeName(text.slice(text.indexOf(":") + 1));
  // A custom role that is called like a built-in one must not be taken for it.
  return BUILT_IN.has(name.toLowerCase()) ? `custom "${name}"` : name;
}

const BUILT_IN: ReadonlySet<string> = new Set(["admin", "member", "read-only", "annotator"]);

function decodeName(name: string): string {
  // Only what could not stand in an address is encoded, and control characters stay as they are shown.
  return name.replaceAll("%2F", "/").replaceAll("%25", "%");
}

/** The different roles of a side, in the order in which they count. */
export function rolesOf(model: PageModel, side: PageSide): readonly string[] {
  return [...new Set(countingPaths(side).map(([, role]) => roleName(model, role)))];
}

/** `everything`, `13 permissions`, `at least 5 permissions`, `nothing`. */
export function amountOf(model: PageModel, { total, low }: PageSide): string {
  if (total === ALL) return "everything";
  const known = membersOf(model, total).filter((name) => !name.startsWith("("));
  const isMore = low === 1;
  if (known.length === 0) return isMore ? "an unknown amount" : "nothing";
  return `${isMore ? "at least " : ""}${known.length} ${known.length === 1 ? "permission" : "permissions"}`;
}

/** `everything as admin`. */
export function sideWords(model: PageModel, side: PageSide): string {
  const roles = rolesOf(model, side);
  const amount = amountOf(model, side);
  if (roles.length > 0) return `${amount} as ${roles.join(" and ")}`;
  return side.cut === undefined ? amount : `${amount} (cut off by the restriction)`;
}

/** The names in a set, sorted; none for everything and for what is not known. */
export function membersOf(model: PageModel, set: SetNumber): readonly string[] {
  return (model.sets[set] ?? []).map((number) => model.permissions[number] ?? "").sort();
}

/** What one side has and the other lacks. Of everything nothing can be named. */
export function missingIn(model: PageModel, from: PageSide, other: PageSide): readonly string[] {
  if (from.total === ALL || other.total === ALL) return [];
  const others = new Set(membersOf(model, other.total));
  return membersOf(model, from.total).filter((name) => !others.has(name));
}

/** How a path counts. */
export function wayOf([way]: PagePath): (typeof WAYS)[number] {
  return WAYS[way] ?? "told";
}
