/** Characters that all lists of one connection may hold together: a million grants need some 400 Mi of them. */
export const MOST_CHARACTERS: number = 512 * 1024 * 1024;
/** What an object or a list costs in memory beside its characters, and what one more member does. */
const [PER_BRACKET, PER_COMMA] = [32, 8];

/** How much the lists of one account may hold together, however many of them are read at once. */
export interface Allowance {
  /** Begins to read a list. What an earlier reading under the same name holds counts no longer. */
  open(list: string): Holding;
}

/** What one list holds of the allowance. */
export interface Holding {
  /** Takes so many characters more; false where all lists together then hold more than they may. */
  take(characters: number): boolean;
  /** Gives everything back: the list is given up, or read anew. */
  release(): void;
  /** The list is whole: whoever asked for it holds it, until it is opened again. */
  keep(): void;
}

/** For sentences about a list that was given up. */
export const ENDLESS: string = `did not end within the ${MOST_CHARACTERS} characters that all lists together may have`;

/** Makes an allowance of which nothing is taken. */
export function makeAllowance(): Allowance {
  const kept = new Map<string, number>();
  let total = 0;
  const forget = (list: string): void => {
    total -= kept.get(list) ?? 0;
    kept.delete(list);
  };
  return {
    open: (list) => {
      forget(list);
      let held = 0;
      return {
        take: (characters) => {
          held += characters;
          total += characters;
          return total <= MOST_CHARACTERS;
        },
        release: () => {
          total -= held;
          held = 0;
        },
        keep: () => {
          forget(list);
          kept.set(list, held);
          held = 0;
        },
      };
    },
  };
}

/** What an object of texts weighs, in the same measure. */
export function weighRow<R extends object>(row: R): number {
  let weight = PER_BRACKET;
  for (const field in row) {
    const value: unknown = row[field];
    weight += PER_COMMA + (typeof value === "string" ? weighJson(value) : 0);
  }
  return weight;
}

/**
 * What a JSON text will weigh once it is read, in characters, told without reading it: `{}` is two characters and takes the memory
 * of sixty. Brackets and commas in its strings count too, which makes it a little more.
 */
export function weighJson(text: string): number {
  let weight = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2c) weight += PER_COMMA;
    else if (code === 0x7b || code === 0x5b) weight += PER_BRACKET;
  }
  return weight;
}
