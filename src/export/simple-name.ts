const MAX_NAME = 60;

/** A name of small letters, digits and hyphens, as far as the text has any. */
export function simplify(text: string, otherwise: string): string {
  const simple = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/gu, "-")
    .slice(0, MAX_NAME)
    .replace(/^-+|-+$/gu, "");
  return simple === "" ? otherwise : simple;
}

/** A name that is not taken yet, with a number behind it where it has to be. */
export function makeUnique(name: string, taken: ReadonlySet<string>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count += 1) unique = `${name}-${count}`;
  return unique;
}
