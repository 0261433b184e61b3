import type { SchemaNode } from "./access-schema.ts";
import type { ManifestCode } from "./diagnostic-codes.ts";
import { quoteName } from "./quote-name.ts";
import type { SchemaFault } from "./schema-fault.ts";
import { suggestWord } from "./suggest-word.ts";

/** A broken rule in the words of people. */
interface ExplainedFault {
  readonly code: ManifestCode;
  readonly detail: string;
  readonly fix: string;
}

/** Says what a broken rule of the schema means, and what to do about it. */
export function explainFault(fault: SchemaFault, path: readonly string[]): ExplainedFault {
  if (fault.propertyName !== undefined) return explainName(fault, fault.propertyName);
  const explain = EXPLANATIONS[fault.keyword];
  return explain === undefined ? explainForm(fault, path) : explain(fault, path);
}

type Explanation = (fault: SchemaFault, path: readonly string[]) => ExplainedFault;

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  additionalProperties: explainUnknownKey,
  type: explainType,
  enum: explainEnum,
  const: explainVersion,
  required: explainRequired,
  minimum: explainRange,
  maximum: explainRange,
  minLength: explainLength,
  maxLength: explainLength,
  minItems: explainLength,
  maxItems: explainCount,
  pattern: explainForm,
};

const LATER_KEYS: ReadonlySet<string> = new Set(["dashboards"]);

function explainUnknownKey(fault: SchemaFault, path: readonly string[]): ExplainedFault {
  const key = String(fault.params["additionalProperty"]);
  const name = quoteName(key);
  if (LATER_KEYS.has(key)) {
    return {
      code: "AX121",
      detail: `${name} belongs to a later version of axcess. It is refused, because ignoring it would promise what is not done.`,
      fix: "Remove it, or use a version of axcess that supports it.",
    };
  }
  const known = Object.keys(schemaOf(fault).properties ?? {});
  if (path.at(-1) === "manage") return explainClass(key, known);
  const meant = suggestWord(key, known);
  return {
    code: "AX120",
    detail: `${name} is not a key ${placeName(path)}. Known here: ${known.join(", ")}.`,
    fix: meant === undefined ? "Remove it, or move it to where it belongs." : `Did you mean "${meant}"?`,
  };
}

function explainClass(key: string, known: readonly string[]): ExplainedFault {
  if (key === "people" || key === "users") {
    return {
      code: "AX130",
      detail:
        "Deleting a person is final: the address can never be invited again. So nobody goes for not being written.",
      fix: "Name those who are to be deleted in `offboard`.",
    };
  }
  const meant = suggestWord(key, known);
  return {
    code: "AX120",
    detail: `${quoteName(key)} is not a class that can be managed in this scope. Possible here: ${known.join(", ")}.`,
    fix: meant === undefined ? "Remove it, or set it in an outer scope." : `Did you mean "${meant}"?`,
  };
}

function explainType(fault: SchemaFault, path: readonly string[]): ExplainedFault {
  const wanted = [fault.params["type"]].flat().map(String);
  const key = quoteName(path.at(-1) ?? "");
  if (fault.data === null) {
    return {
      code: "AX123",
      detail: `${isListItem(path) ? "This entry" : key} has no value, which says neither "none" nor "not managed".`,
      fix: EMPTY_FIX[wanted.at(-1) ?? ""] ?? "Write a value, or leave the key out.",
    };
  }
  return {
    code: "AX122",
    detail: `This must be ${wanted.map(typeName).join(" or ")}, and is ${valueName(fault.data)}.`,
    fix: typeFix(wanted, fault.data),
  };
}

const EMPTY_FIX: Readonly<Record<string, string>> = {
  object: "Write {} for an empty mapping, or leave the key out.",
  array: "Write [] for an empty list, or leave the key out.",
  boolean: "Write true or false, or leave the key out.",
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: "a mapping",
  array: "a list",
  string: "a text",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
};

function typeName(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

/** What holds other values has no text: `String` would call what a mapping calls `toString`. */
function nestedName(value: unknown): string | undefined {
  if (Array.isArray(value)) return "a list";
  return value !== null && typeof value === "object" ? "a mapping" : undefined;
}

function valueName(value: unknown): string {
  const nested = nestedName(value);
  if (nested !== undefined) return nested;
  if (typeof value === "string") return `the text ${quoteName(value)}`;
  return `the ${typeof value === "number" ? "number" : "value"} ${String(value)}`;
}

function typeFix(wanted: readonly string[], value: unknown): string {
  const isSimple = typeof value === "number" || typeof value === "boolean";
  if (wanted.includes("string") && isSimple) return `Put it in quotes: "${String(value)}".`;
  if (wanted.includes("boolean") && typeof value === "string") {
    if (/^(?:yes|y|on|true|1)$/iu.test(value)) return "Write true.";
    if (/^(?:no|n|off|false|0)$/iu.test(value)) return "Write false.";
  }
  if (wanted.includes("array") && typeof value === "string") return "Put it in square brackets to make it a list.";
  return `Write ${wanted.map(typeName).join(" or ")}.`;
}

function explainEnum(fault: SchemaFault): ExplainedFault {
  const allowed: readonly string[] = fault.params["allowedValues"];
  const nested = nestedName(fault.data);
  const value = nested === undefined ? String(fault.data) : "";
  const refusal = nested === undefined ? `${quoteName(value)} is not possible here` : `This cannot be ${nested}`;
  const meant = suggestWord(value.replaceAll("_", "-"), allowed) ?? suggestWord(value, allowed);
  return {
    code: "AX124",
    detail: `${refusal}. Possible: ${allowed.join(", ")}.`,
    fix: meant === undefined ? `Write one of: ${allowed.join(", ")}.` : `Did you mean "${meant}"?`,
  };
}

function explainVersion(fault: SchemaFault): ExplainedFault {
  return {
    code: "AX126",
    detail: `The file is written for version ${String(fault.data)}; this axcess reads version ${String(fault.params["allowedValue"])}.`,
    fix: "Write `version: 1`, or use a version of axcess that reads the file.",
  };
}

function explainRequired(fault: SchemaFault, path: readonly string[]): ExplainedFault {
  const key = String(fault.params["missingProperty"]);
  return {
    code: "AX125",
    detail: `The key ${quoteName(key)} is missing ${placeName(path)}.`,
    fix: key === "version" ? "Write `version: 1` at the top of the file." : `Write ${key}: and its value.`,
  };
}

function explainRange(fault: SchemaFault): ExplainedFault {
  const limit = String(fault.params["limit"]);
  const word = fault.keyword === "minimum" ? "at least" : "at most";
  return {
    code: "AX127",
    detail: `The number must be ${word} ${limit}, and is ${String(fault.data)}.`,
    fix: `Write a number of ${word} ${limit}.`,
  };
}

/** Of lists that need a certain number of entries. */
function explainCount(fault: SchemaFault): ExplainedFault {
  const limit = Number(fault.params["limit"]);
  return {
    code: "AX128",
    detail: `The list has ${Array.isArray(fault.data) ? fault.data.length : 0} entries, and needs ${limit}.`,
    fix: `Write ${limit} entries.`,
  };
}

function explainLength(fault: SchemaFault): ExplainedFault {
  const limit = Number(fault.params["limit"]);
  if (fault.keyword === "minItems" && limit > 1) return explainCount(fault);
  if (fault.keyword === "maxLength") {
    return {
      code: "AX128",
      detail: `The text is longer than the ${limit} characters that fit.`,
      fix: "Shorten it.",
    };
  }
  const isList = fault.keyword === "minItems";
  return {
    code: "AX128",
    detail: isList ? "The list is empty, and must have an entry here." : "The text is empty.",
    fix: isList ? "Write at least one entry, or leave the key out." : "Write a text, or leave the key out.",
  };
}

function explainName(fault: SchemaFault, name: string): ExplainedFault {
  if (fault.keyword !== "pattern") return explainLength(fault);
  if (/^\s|\s$/u.test(name)) {
    return {
      code: "AX129",
      detail: `The name ${quoteName(name)} begins or ends with white space, which the account would cut off.`,
      fix: "Remove the white space.",
    };
  }
  return {
    code: "AX129",
    detail: `The role name ${quoteName(name)} holds a character that role names cannot have.`,
    fix: "Use letters a to z, digits, spaces and - _ . , ( ) [ ] ' \" / : \\ & @ # $ % ! ? + = only.",
  };
}

function explainForm(fault: SchemaFault, path: readonly string[]): ExplainedFault {
  if (typeof fault.data === "string" && /^\s|\s$/u.test(fault.data))
    return explainName({ ...fault, keyword: "pattern" }, fault.data);
  return {
    code: "AX129",
    detail: `The value ${placeName(path)} does not have the form it needs.`,
    fix: "Write it as the manifest's documentation shows.",
  };
}

function placeName(path: readonly string[]): string {
  if (path.length === 0) return "at the top of a manifest";
  return `in ${path.map((step) => quoteName(step).slice(1, -1)).join(" › ")}`;
}

function isListItem(path: readonly string[]): boolean {
  return /^\d+$/u.test(path.at(-1) ?? "");
}

function schemaOf(fault: SchemaFault): SchemaNode {
  return (fault.parentSchema ?? {}) as SchemaNode;
}
