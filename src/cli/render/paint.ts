/** Colours for words that already say it without them. */
export interface Paint {
  readonly added: (text: string) => string;
  readonly changed: (text: string) => string;
  readonly removed: (text: string) => string;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly note: (text: string) => string;
  readonly good: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const same = (text: string): string => text;

/** The paint of a pipe, a file or a terminal that asked for none. */
export const PLAIN: Paint = {
  added: same,
  changed: same,
  removed: same,
  error: same,
  warning: same,
  note: same,
  good: same,
  strong: same,
  faint: same,
};
