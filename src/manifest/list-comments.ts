import { Lexer } from "yaml";

/** A comment of a YAML text, from its `#` to the end of its line. */
export interface Comment {
  readonly start: number;
  readonly end: number;
}

/** Every comment of a YAML text, in order. */
export function listComments(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  let offset = 0;
  let isText = false;
  for (const piece of new Lexer().lex(text)) {
    if (MARKS.has(piece)) {
      // What follows this mark is a text, which may begin with anything.
      isText = piece === "\u001f";
      continue;
    }
    if (!isText && piece.startsWith("#")) comments.push({ start: offset, end: offset + piece.trimEnd().length });
    offset += piece.length;
    isText = false;
  }
  return comments;
}

/** The lexer announces documents, broken flow and texts by control characters that are not part of the source. */
const MARKS: ReadonlySet<string> = new Set(["\u0002", "\u0018", "\u001f"]);
