import { parseAddress } from "./address.ts";

/** Whether a value from outside has the shape of what it is taken for. */
export type Shape = (value: unknown) => boolean;

export const isText: Shape = (value) => typeof value === "string";
export const isNumber: Shape = (value) => Number.isFinite(value);
export const isFlag: Shape = (value) => typeof value === "boolean";
export const isAddress: Shape = (value) => typeof value === "string" && parseAddress(value) !== undefined;

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
  return (value) => isObject(value) && Object.values(value).every(shape);
}

/** An object that has these members; those in `optional` may be missing, and what else there is may be anything. */
export function hasParts(
  parts: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const [needed, allowed] = [Object.entries(parts), Object.entries(optional)];
  return (value) => {
    if (!isObject(value)) return false;
    const own = (name: string): unknown => (Object.hasOwn(value, name) ? value[name] : undefined);
    return (
      needed.every(([name, shape]) => shape(own(name))) &&
      allowed.every(([name, shape]) => own(name) === undefined || shape(own(name)))
    );
  };
}

/** What specs are made of: an object whose members are no lists, see Spec. */
export const isSpec: Shape = isMapOf(isSpecMember);

function isSpecMember(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value) || isSpec(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
