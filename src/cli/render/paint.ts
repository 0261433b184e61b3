import { Chalk } from "chalk";

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

/** Colours, or none at all. */
export function makePaint(color: boolean): Paint {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    added: chalk.green,
    changed: chalk.yellow,
    removed: chalk.red,
    error: chalk.bold.red,
    warning: chalk.bold.yellow,
    note: chalk.bold.cyan,
    good: chalk.green,
    strong: chalk.bold,
    faint: chalk.dim,
  };
}

/** The paint of a pipe, a file or a terminal that asked for none. */
export const PLAIN: Paint = makePaint(false);
