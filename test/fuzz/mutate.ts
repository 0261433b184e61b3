import fc from "fast-check";
import { HOSTILE_KEYS, HOSTILE_TEXTS, HOSTILE_VALUES } from "./hostile-values.ts";

/** One change of a value or a text; what it comes to depends on what it is done to. */
export interface Edit {
  readonly deed: number;
  /** Where, as a number that is taken modulo the number of places. */
  readonly at: number;
  readonly with: number;
}

const anyEdit: fc.Arbitrary<Edit> = fc.record({ deed: fc.nat(63), at: fc.nat(1_000_000), with: fc.nat(1_000_000) });

/** Some edits, mostly few: a value that is wrong everywhere is refused at its first door. */
export const someEdits: fc.Arbitrary<readonly Edit[]> = fc.oneof(
  { weight: 5, arbitrary: fc.array(anyEdit, { minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.array(anyEdit, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(anyEdit, { maxLength: 20 }) },
);

type Container = Record<string, unknown> | unknown[];
interface Place {
  readonly within: Container;
  readonly key: string;
}

/** A copy of a JSON value with the edits done, one after the other. */
export function mutateValue(value: unknown, edits: readonly Edit[]): unknown {
  const root: { top: unknown } = { top: structuredClone(value) };
  for (const edit of edits) {
    const places = listPlaces(root);
    const place = places[edit.at % places.length];
    if (place !== undefined) changePlace(place, edit, places);
  }
  return root.top;
}

function listPlaces(root: Container): readonly Place[] {
  const places: Place[] = [];
  const open: Container[] = [root];
  for (let within = open.pop(); within !== undefined; within = open.pop()) {
    for (const key of Object.keys(within)) {
      places.push({ within, key });
      const below = Reflect.get(within, key);
      if (typeof below === "object" && below !== null) open.push(below);
    }
  }
  return places;
}

function changePlace({ within, key }: Place, edit: Edit, places: readonly Place[]): void {
  const own = Reflect.get(within, key);
  const name = Array.isArray(within) ? key : (HOSTILE_KEYS[edit.with % HOSTILE_KEYS.length] ?? "");
  switch (edit.deed % 8) {
    case 0:
      drop(within, key);
      break;
    case 1:
    case 2:
      put(within, key, chooseHostile(edit));
      break;
    case 3:
      put(within, key, borrow(places[edit.with % places.length]));
      break;
    case 4:
      put(within, Array.isArray(within) ? String(within.length) : name, structuredClone(own));
      break;
    case 5:
      drop(within, key);
      put(within, name, own);
      break;
    case 6:
      put(within, key, typeof own === "string" ? mutateText(own, [{ ...edit, deed: edit.deed >> 3 }]) : [own]);
      break;
    default:
      put(within, name, chooseHostile(edit));
  }
}

function drop(within: Container, key: string): void {
  if (Array.isArray(within)) within.splice(Number(key), 1);
  else Reflect.deleteProperty(within, key);
}

function chooseHostile(edit: Edit): unknown {
  return structuredClone(HOSTILE_VALUES[edit.with % HOSTILE_VALUES.length]);
}

function borrow(from: Place | undefined): unknown {
  return from === undefined ? null : structuredClone(Reflect.get(from.within, from.key));
}

/** A member of its own, whatever its name: `__proto__` too. */
function put(within: Container, key: string, value: unknown): void {
  Reflect.defineProperty(within, key, { value, writable: true, enumerable: true, configurable: true });
}

/** A text with the edits done, one after the other. */
export function mutateText(text: string, edits: readonly Edit[]): string {
  return edits.reduce(changeText, text);
}

function changeText(text: string, edit: Edit): string {
  const at = edit.at % (text.length + 1);
  const length = 1 + (edit.with % 40);
  const piece = HOSTILE_TEXTS[edit.with % HOSTILE_TEXTS.length] ?? "";
  const [before, after] = [text.slice(0, at), text.slice(at)];
  switch (edit.deed % 8) {
    case 0:
      return before + after.slice(length);
    case 1:
    case 2:
      return before + piece + after;
    case 3:
      return before + piece + after.slice(length);
    case 4:
      return before + after.slice(0, length) + after;
    case 5:
      return edit.with % 4 === 0 ? before : piece + text;
    case 6: {
      // From the start of one line to the start of another: whole entries stand twice, or in another place.
      const start = text.lastIndexOf("\n", at) + 1;
      const end = text.indexOf("\n", at + length) + 1;
      return end <= start ? text + text.slice(start) : text.slice(0, end) + text.slice(start, end) + text.slice(end);
    }
    default:
      return edit.with % 5 === 0
        ? text.replaceAll("\n", "\r\n")
        : before + String.fromCharCode((text.charCodeAt(at) ^ (1 << (edit.with % 16))) & 0xffff) + after.slice(1);
  }
}

/** Bytes with some of their bits turned, and cut off where the last edit says so. */
export function mutateBytes(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (const { deed, at, with: by } of edits) {
    const place = at % Math.max(1, changed.length);
    if (deed % 8 === 0) changed = changed.slice(0, place);
    else if (deed % 8 === 1) changed = Uint8Array.from([...changed.slice(0, place), by % 256, ...changed.slice(place)]);
    else if (deed % 8 === 2) changed.set([255, 255, 255, 255].slice(0, changed.length - place), place);
    else if (changed.length > 0) changed[place] = (changed[place] ?? 0) ^ (1 << (by % 8));
  }
  return changed;
}
