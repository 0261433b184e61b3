import { UsageError } from "../model/errors.ts";
import { PACKET_FORMATS } from "../packets/packet.ts";

/** What an option must be: a sentence's end for people, and where within it something is wrong. */
interface Rule {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
  /** What is in it, each with its own rule. */
  readonly parts?: Rules;
}

type Rules = Readonly<Record<string, Rule>>;

/**
 * Refuses options whose form is wrong, before anything is read: programs in plain JavaScript have no compiler that would. Names
 * that are not known are let through, so that one object may serve several calls. Throws UsageError, which names the option.
 */
export function checkOptions(options: unknown, needed: readonly string[] = [], own: Rules = {}): void {
  if (!isRecord(options)) throw new UsageError("The options are no object.", "Hand in one object with the options.");
  checkParts(options, { ...RULES, ...own }, "");
  const missing = needed.find((name) => options[name] === undefined);
  if (missing !== undefined) throw new UsageError(`\`${missing}\` is missing.`, `Hand in \`${missing}\`.`);
}

function checkParts(given: Readonly<Record<string, unknown>>, rules: Rules, path: string): void {
  for (const [name, { words, holds, parts }] of Object.entries(rules)) {
    const value = given[name];
    if (value === undefined) continue;
    if (!holds(value)) throw new UsageError(`\`${path}${name}\` must be ${words}.`);
    if (parts !== undefined && isRecord(value)) checkParts(value, parts, `${path}${name}.`);
  }
}

const TEXT: Rule = { words: "a text", holds: isText };
const TEXTS: Rule = { words: "a list of texts", holds: (value) => Array.isArray(value) && value.every(isText) };
const NUMBER: Rule = { words: "a number of 0 or more", holds: (value) => isNumber(value) && value >= 0 };
const COUNT: Rule = {
  words: "a whole number of 1 or more",
  holds: (value) => Number.isSafeInteger(value) && isNumber(value) && value >= 1,
};
const FLAG: Rule = { words: "true or false", holds: (value) => typeof value === "boolean" };
const FUNCTION: Rule = { words: "a function", holds: isFunction };
const DATE: Rule = { words: "a Date that is valid", holds: isDate };
const PLAN: Rule = { words: "a plan, as `plan` or `readPlan` gives one", holds: isPlan };

const PART: Rules = {
  part: {
    words: '"account" or a whole number of 1 or more',
    holds: (value) => value === "account" || COUNT.holds(value),
  },
  of: COUNT,
  by: { words: '"organization" or "space"', holds: (value) => isOneOf(value, ["organization", "space"]) },
};

const CONNECTION: Rules = {
  apiKey: { words: "a text, or a function that gives one", holds: (value) => isText(value) || isFunction(value) },
  baseUrl: TEXT,
  appUrl: TEXT,
  region: TEXT,
  proxyUrl: TEXT,
  caBundle: TEXT,
  parallelism: COUNT,
  ratePerMinute: COUNT,
  sandbox: {
    words: "a sandbox that was started, or the folder of one",
    holds: (value) => isText(value) || (isRecord(value) && isText(value["url"]) && isText(value["adminKey"])),
  },
};

const LIMITS: Rules = {
  maxRemovals: NUMBER,
  maxRemovalPercent: NUMBER,
  minAdmins: NUMBER,
  allow: TEXTS,
  targets: TEXTS,
  excludes: TEXTS,
};

const RULES: Rules = {
  manifest: {
    words: "{ files: [PATH] } or { text: YAML }",
    holds: (value) => isRecord(value) && (value["files"] !== undefined || value["text"] !== undefined),
    parts: { files: TEXTS, text: TEXT, name: TEXT },
  },
  connection: {
    words: "{ apiKey } or { sandbox }",
    holds: (value) => isRecord(value) && (value["apiKey"] !== undefined || value["sandbox"] !== undefined),
    parts: CONNECTION,
  },
  limits: { words: "an object", holds: isRecord, parts: LIMITS },
  now: {
    words: "a Date that is valid, or a function that gives one",
    holds: (value) => isDate(value) || isFunction(value),
  },
  signal: {
    words: "an AbortSignal",
    holds: (value) => isRecord(value) && isFunction(value["addEventListener"]) && FLAG.holds(value["aborted"]),
  },
  files: { words: "an object with the functions of a disk", holds: hasFunctions(["read", "replace", "remove"]) },
  programs: { words: "an object with the function `run`", holds: hasFunctions(["run"]) },
  autoApprove: { words: "true, or left out", holds: (value) => value === true },
  plan: PLAN,
  plans: { words: "a list of plans", holds: (value) => Array.isArray(value) && value.every(isPlan) },
  shard: {
    words: '{ part, of }, such as { part: 1, of: 4 } or { part: "account", of: 4 }',
    holds: (value) => isRecord(value) && value["part"] !== undefined && value["of"] !== undefined,
    parts: PART,
  },
  summary: {
    words: 'a summary, as `summarize` gives one, or "none"',
    holds: (value) => value === "none" || (isRecord(value) && isText(value["digest"]) && Array.isArray(value["parts"])),
  },
  of: {
    words: '"live", "declared" or a plan',
    holds: (value) => value === "live" || value === "declared" || isPlan(value),
  },
  approvals: { words: "a list of approvals", holds: (value) => Array.isArray(value) },
  formats: { words: 'a list of "md", "html" and "csv"', holds: isFormats },
  split: { words: '"none", "org" or "space"', holds: (value) => isOneOf(value, ["none", "org", "space"]) },
  groups: FLAG,
  expires: DATE,
  onEvent: FUNCTION,
  ...{ ledger: TEXT, folder: TEXT, undo: TEXT, rotate: TEXT, person: TEXT, place: TEXT, permission: TEXT },
  ...{ by: TEXT, reason: TEXT, changes: TEXTS, scopes: TEXTS, keyVariables: TEXTS },
};

/** What `approve` is given another way: one moment, since nothing goes on. */
export const ONE_MOMENT: Rules = { now: DATE };

/** What `startSandbox` alone knows. */
export const OF_SANDBOX: Rules = {
  directory: TEXT,
  port: NUMBER,
  seed: { words: "a number", holds: isNumber },
  now: FUNCTION,
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function isPlan(value: unknown): boolean {
  return isRecord(value) && isText(value["digest"]) && Array.isArray(value["steps"]);
}

function isFormats(value: unknown): boolean {
  return Array.isArray(value) && value.every((format) => isOneOf(format, PACKET_FORMATS));
}

function isOneOf(value: unknown, words: readonly string[]): boolean {
  return isText(value) && words.includes(value);
}

function hasFunctions(names: readonly string[]): Rule["holds"] {
  return (value) => isRecord(value) && names.every((name) => isFunction(value[name]));
}
