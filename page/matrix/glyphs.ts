import { ALL, type PageSide } from "../../src/page/page-model.ts";
import { isChanged, isUntold, type Review, roleName, rolesOf, sidesOfCell, sideWords } from "../review.ts";

/** What a cell of the matrix shows. */
export interface CellLook {
  /** The roles in words, for wide columns. */
  readonly word: string;
  /** One or two letters, for narrow ones. */
  readonly glyph: string;
  /** `+`, `−` or `±` where it changes; else "". */
  readonly sign: string;
  /** How much it is, for the strength of the ground. */
  readonly tone: "none" | "all" | "some" | "cut" | "unclear" | "untold";
  /** The whole cell, as it is read aloud. */
  readonly label: string;
}

/** Makes the look of cells, each worked out once. */
export function makeLooks(review: Review): (cell: number) => CellLook {
  const glyphs = nameGlyphs(review);
  const known = new Map<number, CellLook>();
  return (cell) => {
    const look = known.get(cell) ?? lookOf(review, cell, glyphs);
    known.set(cell, look);
    return look;
  };
}

function lookOf(review: Review, cell: number, glyphs: ReadonlyMap<string, string>): CellLook {
  const { model } = review;
  const { before, after } = sidesOfCell(model, cell);
  const changed = isChanged(model, cell);
  const isGone = changed && after.paths.length === 0 && before.paths.length > 0;
  const told = isGone ? before : after;
  const roles = rolesOf(model, told);
  const isCut = roles.length === 0 && told.cut !== undefined;
  const first = roles[0] ?? (isCut ? "cut off" : "");
  const more = roles.length > 1 ? ` +${roles.length - 1}` : "";
  return {
    word: isGone ? `was ${first}` : `${first}${more}`,
    glyph: glyphOf(roles, isCut, glyphs),
    sign: changed ? signOf(before, after, review) : "",
    tone: isUntold(model, cell) ? "untold" : toneOf(isGone ? after : told),
    label: labelOf(review, cell),
  };
}

function labelOf({ model }: Review, cell: number): string {
  if (isUntold(model, cell)) return "not told by a saved plan";
  const { before, after } = sidesOfCell(model, cell);
  return isChanged(model, cell)
    ? changeWords(sideWords(model, before), sideWords(model, after))
    : sideWords(model, after);
}

function changeWords(before: string, after: string): string {
  return before === after ? `stays ${after}, and comes another way` : `changes from ${before} to ${after}`;
}

function glyphOf(roles: readonly string[], isCut: boolean, glyphs: ReadonlyMap<string, string>): string {
  const [first] = roles;
  if (first === undefined) return isCut ? "×" : "";
  return `${glyphs.get(first) ?? "?"}${roles.length > 1 ? "+" : ""}`;
}

function toneOf(side: PageSide): CellLook["tone"] {
  if (side.total === ALL) return "all";
  if (side.paths.length > 0) return side.low === 1 ? "unclear" : "some";
  return side.cut === undefined ? "none" : "cut";
}

function signOf(before: PageSide, after: PageSide, { model }: Review): string {
  if (before.total === ALL) return after.total === ALL ? "±" : "−";
  if (after.total === ALL) return "+";
  const [had, has] = [new Set(model.sets[before.total] ?? []), new Set(model.sets[after.total] ?? [])];
  const gains = [...has].some((member) => !had.has(member)) || (after.low === 1 && before.low !== 1);
  const loses = [...had].some((member) => !has.has(member)) || (before.low === 1 && after.low !== 1);
  if (gains === loses) return "±";
  return gains ? "+" : "−";
}

/** Letters for each role: the built-in ones have their own, others their initials, and a number where those are taken. */
export function nameGlyphs({ model }: Review): ReadonlyMap<string, string> {
  const glyphs = new Map<string, string>(Object.entries(BUILT_IN));
  const taken = new Set(Object.values(BUILT_IN));
  for (const number of model.roles.keys()) {
    const name = roleName(model, number);
    if (glyphs.has(name)) continue;
    const glyph = freeGlyph(initialsOf(name), taken);
    taken.add(glyph);
    glyphs.set(name, glyph);
  }
  return glyphs;
}

const BUILT_IN: Readonly<Record<string, string>> = {
  admin: "A",
  member: "M",
  "read-only": "R",
  annotator: "N",
  "a role that is not shown": "?",
};

function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const [first = "?", second] = words;
  const letters = second === undefined ? [...first].slice(0, 2) : [[...first][0] ?? "", [...second][0] ?? ""];
  return letters.join("").toUpperCase();
}

function freeGlyph(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const letter = [...wanted][0] ?? "?";
  for (let number = 2; ; number += 1) if (!taken.has(`${letter}${number}`)) return `${letter}${number}`;
}
