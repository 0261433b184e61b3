import type { Json } from "./json.ts";

/** Nothing that axcess reads nests nearly as deep. */
const MOST_LEVELS = 200;

/**
 * The value of a JSON text from outside. Undefined where the text is no JSON, or nests so deep that whatever walks the value would
 * run out of stack.
 */
export function parseJson(text: string): Json | undefined {
  if (nestsTooDeep(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Counts brackets that are open at once, without those in texts. Most texts have too few of them to nest deep, which is seen at once. */
function nestsTooDeep(text: string): boolean {
  if (hasFew(text, "[") && hasFew(text, "{")) return false;
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = findEnd(text, at);
    else if (code === LIST || code === MAP) open += 1;
    else if (code === LIST_END || code === MAP_END) open -= 1;
    if (open > MOST_LEVELS) return true;
  }
  return false;
}

const [QUOTE, LIST, LIST_END, MAP, MAP_END] = [0x22, 0x5b, 0x5d, 0x7b, 0x7d] as const;

/** True where a bracket stands in a text so seldom that only together with another could it nest too deep. */
function hasFew(text: string, bracket: string): boolean {
  let count = 0;
  for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
    count += 1;
    if (count > MOST_LEVELS / 2) return false;
  }
  return true;
}

/** Where a text ends that begins with a quote: at the next quote with an even number of backslashes before it. */
function findEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
