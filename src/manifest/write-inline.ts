import { Document, visit } from "yaml";
import type { PlainValue } from "./edit-plain.ts";
import { STRING_OPTIONS, settleStyles } from "./format-document.ts";
import { YAML_OPTIONS } from "./parse-yaml.ts";

/** `key: value` on one line, as it may stand in a mapping of either style. */
export function writePair(key: string, value: PlainValue): string {
  return unwrap(writeFlow(new Map([[key, value]])));
}

/** A value on one line, as it may stand behind a key or in a list of either style. */
export function writeValue(value: PlainValue): string {
  return unwrap(writeFlow([value]));
}

function writeFlow(value: unknown): string {
  const document = new Document(null, YAML_OPTIONS);
  document.contents = document.createNode(value) as typeof document.contents;
  visit(document, {
    Collection: (_, collection) => {
      collection.flow = true;
    },
  });
  settleStyles(document, { mayBreak: false });
  return document.toString(STRING_OPTIONS).trimEnd();
}

/** Without the brackets that only made sure that everything is quoted that has to be in either style. */
function unwrap(text: string): string {
  return text.slice(1, -1).trim();
}
