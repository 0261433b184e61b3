import { parseAddress } from "./address.ts";

/** Whether a value from outside has the shape of what it is taken for. */
export type Shape = (value: unknown) => boolean;

export const isText: Shape = (value) => typeof value === "string";
/** A text that axcess makes itself, and shows as it is: nothing in it hides, or moves a terminal. */
export const isPlainText: Shape = (value) => typeof value === "string" && /^[ -~]*$/u.test(value);
export const isNumber: Shape = (value) => Number.isFinite(value);
export const isFlag: Shape = (value) => typeof value === "boolean";
export const isAddress: Shape = (value) =>
  typeof value === "string" && (PLAIN_ADDRESS.test(value) || parseAddress(value) !== undefined);

/** Nearly every address has nothing that is encoded: then nothing need be taken apart. */
const PLAIN_ADDRESS = /^[^:]+:[^/%]+(?:\/[^/%]+)*$/u;

/** One of some words. */
export function isOneOf(words: readonly unknown[]): Shape {
  return (value) => words.includes(value);
}

/** A list, each item of that shape. */
export function isListOf(shape: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(shape);
}

/** An object with members of any name, each of that shape. */
export function isMapOf(shape: Shape): Shape {
  return (value) => {
    if (!isObject(value)) return false;
    // Shapes are asked for each line of a ledger: a list of all members would cost several times as much.
    for (const name in value) if (!shape(value[name])) return false;
    return true;
  };
}

/** An object that has these members; those in `optional` may be missing, and what else there is may be anything. */
export function hasParts(
  parts: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const [needed, allowed] = [Object.entries(parts), Object.entries(optional)];
  return (value) => {
    if (!isObject(value)) return false;
    for (const [name, shape] of needed) if (!shape(ownMember(value, name))) return false;
    for (const [name, shape] of allowed) {
      const member = ownMember(value, name);
      if (member !== undefined && !shape(member)) return false;
    }
    return true;
  };
}

/** What an object has under a name, and what it is made from has not. */
function ownMember(value: Readonly<Record<string, unknown>>, name: string): unknown {
  const member = value[name];
  return member !== undefined && Object.hasOwn(value, name) ? member : undefined;
}

/** What specs are made of: an object whose members are no lists, see Spec. */
export const isSpec: Shape = isMapOf(isSpecMember);

function isSpecMember(value: unknown): boolean {
  if (typeof value === "object") return value === null || isSpec(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
