import type { PageModel } from "./page-model.ts";

/** What goes into the page beside the model. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
  /** The base64 of the SHA-256 of a text's UTF-8 bytes. */
  readonly hash: (text: string) => string;
  /** Makes a text that somebody else chose safe to show: nothing in it turns the reading direction or hides. */
  readonly shown: (text: string) => string;
}

/**
 * One HTML document that needs nothing else. Only the script and the style whose hashes its policy names run; it can reach
 * no network, save the server it came from where it is served.
 */
export function assemblePage(model: PageModel, { script, style, hash, shown }: PageParts): string {
  const reach = model.served === undefined ? "'none'" : "'self'";
  const policy = contentPolicy({ script: hash(script), style: hash(style), reach });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeText(shown(titleOf(model)))}</title>
<style>${style}</style>
</head>
<body>
<div id="page"><noscript><p>${escapeText(shown(model.summary))}</p><p>This page needs JavaScript to show the rest; it loads nothing. The same in text: <code>${escapeText(shown(model.commands.show))}</code></p></noscript></div>
<script type="application/json" id="model">${embedJson(model, shown)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The policy of a page; `reach` is where it may connect to. */
export function contentPolicy(parts: {
  readonly script: string;
  readonly style: string;
  readonly reach: string;
}): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${parts.script}'`,
    `style-src 'sha256-${parts.style}'`,
    `connect-src ${parts.reach}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** JSON that no HTML parser takes for anything else, every text in it made safe to show. */
export function embedJson(value: unknown, shown: (text: string) => string): string {
  const text = JSON.stringify(value, (_key, member: unknown) => showAll(member, shown));
  return text.replace(
    /[<>&\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text, or an object with its keys, safe to show; what is in it comes by itself. */
function showAll(member: unknown, shown: (text: string) => string): unknown {
  if (typeof member === "string") return shown(member);
  if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
  return Object.fromEntries(Object.entries(member).map(([key, value]) => [shown(key), value as unknown]));
}

function titleOf({ account, digest }: PageModel): string {
  return `Access review: ${account.name ?? account.url}, plan ${digest.slice("sha256:".length, "sha256:".length + 12)}`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
