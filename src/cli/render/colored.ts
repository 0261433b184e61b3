import { Chalk } from "chalk";
import type { Paint } from "./paint.ts";

const chalk = new Chalk({ level: 1 });

/** The sixteen colours that every terminal has. */
export const COLORED: Paint = {
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
