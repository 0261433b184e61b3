import type { Problems } from "./collect-problems.ts";
import { positionOf, type Source } from "./source.ts";

const MAX_REPORTED = 20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufeff]|\r(?!\n)/gu;

/** Reports raw characters that YAML forbids in a text, among them escape sequences for terminals and lone carriage returns. */
export function checkCharacters(source: Source, problems: Problems): void {
  let reported = 0;
  for (const match of source.text.matchAll(FORBIDDEN)) {
    reported += 1;
    if (reported > MAX_REPORTED) return;
    const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    problems.report("AX105", {
      at: positionOf(source, match.index, match.index + 1),
      detail: `The character U+${code} stands in the text as it is.`,
      fix: "Remove it; where a name really holds it, put the name in double quotes and write an escape such as \\x1b.",
    });
  }
}
