import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** A page as a reader of GitHub's Markdown sees it. */
export interface MarkdownPage {
  /** Every element that opens or closes, and every comment, in order: `<td>`, `</td>`. Attributes included. */
  readonly skeleton: readonly string[];
  /** All text that does not stand in code: what could still be a mention, a link or a reference. */
  readonly outside: string;
  /** The texts that stand in code, decoded. */
  readonly code: readonly string[];
}

/** Parses a page with CommonMark and GitHub's extensions, HTML of the page itself included. */
export function readMarkdownPage(markdown: string): MarkdownPage {
  const html = micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const skeleton: string[] = [];
  const code: string[] = [];
  let outside = "";
  let depth = 0;
  // The parser writes every `<` of a text as an entity: what is left of them are elements.
  for (const [piece] of html.matchAll(/<!--[\s\S]*?-->|<[^>]*>|[^<]+/gu)) {
    if (!piece.startsWith("<")) {
      if (depth === 0) outside += decode(piece);
      else code.push(decode(piece));
      continue;
    }
    skeleton.push(piece);
    if (/^<code\b/u.test(piece)) depth += 1;
    if (piece === "</code>") depth -= 1;
  }
  return { skeleton, outside, code };
}

function decode(html: string): string {
  return html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
