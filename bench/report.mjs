// @ts-check
// Lines to a table, and to what the targets say of them.
import { readFileSync, writeFileSync } from "node:fs";

/** @typedef {import("./scenarios.mjs").Line} Line */

const BEGIN = "<!-- bench: begin -->";
const END = "<!-- bench: end -->";

/** @type {readonly (readonly [string, (line: Line) => string])[]} */
const COLUMNS = [
  ["size", ({ group }) => group],
  ["what", ({ name }) => name],
  ["wall s", ({ wallMs }) => seconds(wallMs)],
  ["× node", ({ timesNode }) => decimals(timesNode, 1)],
  ["bound s", ({ boundMs }) => (boundMs === undefined ? "" : seconds(boundMs))],
  ["wall ÷ bound", (line) => decimals(timesBound(line), 2)],
  ["wire ÷ own calls", ({ traffic, ownBoundMs }) => (traffic === undefined ? "" : ratio(traffic.wireMs, ownBoundMs))],
  ["REST", ({ traffic }) => count(traffic && traffic.reads + traffic.writes)],
  ["GraphQL", ({ traffic }) => count(traffic && traffic.queries + traffic.mutations)],
  ["429 %", (line) => decimals(refusedPercent(line), 1)],
  ["in a row", ({ traffic }) => count(traffic?.refusedInARow)],
  ["failed calls", ({ traffic }) => count(traffic?.failed)],
  ["changes", ({ changes }) => count(changes)],
  ["lost", ({ lost }) => count(lost)],
  ["CPU s", ({ cpuMs }) => (cpuMs === undefined ? "" : seconds(cpuMs))],
  ["CPU ms per change", (line) => decimals(cpuPerChange(line), 1)],
  ["peak MB", ({ peakMb }) => decimals(peakMb, 0)],
  ["exit", ({ exit }) => String(exit)],
];

/** A target, where its figure stands in the lines, and how much it may be. @typedef {{ readonly what: string, readonly most: number, readonly unit?: string, readonly of: (find: (group: string, name: RegExp) => readonly Line[]) => readonly (number | undefined)[] }} Target */

/** @type {readonly Target[]} */
const TARGETS = [
  { what: "`--version`, × node", most: 1.8, of: (find) => find("", /`--version`$/).map((line) => line.timesNode) },
  { what: "`validate`, S, × node", most: 3, of: (find) => find("", /`validate`, S$/).map((line) => line.timesNode) },
  {
    what: "first request of `plan`, S, × node",
    most: 4,
    of: (find) => find("", /until its first request$/).map((line) => line.timesNode),
  },
  {
    what: "plan with nothing to do, S, wall ÷ bound",
    most: 1.15,
    of: (find) => find("S", /^plan, nothing to do$/).map(timesBound),
  },
  {
    what: "plan with nothing to do, M1, wall ÷ bound",
    most: 1.08,
    of: (find) => find("M1", /^plan, nothing to do$/).map(timesBound),
  },
  {
    what: "plan with nothing to do, M, wall ÷ bound",
    most: 1.08,
    of: (find) => find("M", /^plan, nothing to do$/).map(timesBound),
  },
  {
    what: "plan with nothing to do, M, CPU s",
    most: 0.7,
    of: (find) => find("M", /^plan, nothing to do$/).map(({ cpuMs }) => divide(cpuMs, 1000)),
  },
  {
    what: "plan with nothing to do, M, peak MB",
    most: 130,
    of: (find) => find("M", /^plan, nothing to do$/).map(({ peakMb }) => peakMb),
  },
  {
    what: "plan with nothing to do, L, CPU s",
    most: 25,
    of: (find) => find("L", /^plan, nothing to do$/).map(({ cpuMs }) => divide(cpuMs, 1000)),
  },
  {
    what: "plan with nothing to do, L, peak MB",
    most: 512,
    of: (find) => find("L", /^plan, nothing to do$/).map(({ peakMb }) => peakMb),
  },
  {
    what: "plan of one person, M, calls",
    most: 10,
    of: (find) => find("M", /^plan of one person$/).map(calls),
  },
  {
    what: "plan of one person, M, wall s",
    most: 0.5,
    of: (find) => find("M", /^plan of one person$/).map(({ wallMs }) => wallMs / 1000),
  },
  {
    what: "apply to a new account, S, wall ÷ bound",
    most: 1.1,
    of: (find) => find("S", /^apply, new account$/).map(timesBound),
  },
  {
    what: "1,000 bindings made, wall ÷ bound",
    most: 1.1,
    of: (find) => find("1000 bindings", /^create: axcess$/).map(timesBound),
  },
  {
    what: "apply to a new account, S, CPU ms per change",
    most: 1,
    of: (find) => find("S", /^apply, new account$/).map(cpuPerChange),
  },
  {
    what: "apply under a limiter, ledger empty, wall ÷ bound",
    most: 1.35,
    of: (find) => find("*", / cold$/).map(timesBound),
  },
  {
    what: "apply under a limiter, ledger warm, wall ÷ bound",
    most: 1.1,
    of: (find) => find("*", / warm$/).map(timesBound),
  },
  {
    what: "429 under a limiter, ledger empty, % of calls",
    most: 5,
    of: (find) => find("*", / cold$/).map(refusedPercent),
  },
  {
    what: "429 under a limiter, ledger warm, % of calls",
    most: 1,
    of: (find) => find("*", / warm$/).map(refusedPercent),
  },
  {
    what: "429 to the same request in a row",
    most: 3,
    of: (find) => find("*", / (cold|warm)$/).map(({ traffic }) => traffic?.refusedInARow),
  },
  {
    what: "GraphQL queries in any minute",
    most: 100,
    of: (find) => find("*", /^(plan|apply)[, ]/).map(({ traffic }) => traffic?.queriesInAMinute),
  },
  {
    what: "changes lost, all lines of axcess",
    most: 0,
    of: (find) => find("*", /^(plan|apply)[, ]|: axcess$/).map(({ lost }) => lost),
  },
];

/** @param {readonly Line[]} lines */
export function writeTable(lines) {
  return writeRows(
    COLUMNS.map(([title]) => title),
    lines.map((line) => COLUMNS.map(([, cell]) => cell(line))),
    2,
  );
}

/** Each target with the worst of its figures in these lines. @param {readonly Line[]} lines */
export function writeTargets(lines) {
  const find = (/** @type {string} */ group, /** @type {RegExp} */ name) =>
    lines.filter((line) => (group === "*" || line.group === group) && name.test(line.name));
  const rows = TARGETS.map(({ what, most, of }) => {
    const figures = of(find).filter((figure) => figure !== undefined);
    const worst = figures.length === 0 ? undefined : Math.max(...figures);
    if (worst === undefined) return [what, `≤ ${most}`, "", "not measured"];
    return [what, `≤ ${most}`, String(Number(worst.toFixed(2))), worst <= most ? "met" : "**missed**"];
  });
  return writeRows(["target", "", "measured", ""], rows, 1);
}

/** Writes the tables into a document, between its marks. @param {URL} document @param {string} text */
export function writeDocument(document, text) {
  const old = readFileSync(document, "utf8");
  const [begin, end] = [old.indexOf(BEGIN), old.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${document.pathname} has no place for the figures.`);
  writeFileSync(document, `${old.slice(0, begin + BEGIN.length)}\n\n${text.trim()}\n\n${old.slice(end)}`);
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows @param {number} words Columns that hold words. */
function writeRows(head, rows, words) {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const write = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, column) => (column < words ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |\n`;
  const rule = `|${widths.map((width, column) => (column < words ? ` ${"-".repeat(width)} ` : ` ${"-".repeat(width - 1)}: `)).join("|")}|\n`;
  return write(head) + rule + rows.map(write).join("");
}

/** @param {Line} line */
function timesBound({ wallMs, boundMs }) {
  return boundMs === undefined || boundMs === 0 ? undefined : wallMs / boundMs;
}

/** @param {Line} line */
function calls({ traffic }) {
  return traffic && traffic.reads + traffic.writes + traffic.queries + traffic.mutations;
}

/** @param {Line} line */
function refusedPercent(line) {
  const letIn = calls(line);
  if (letIn === undefined || line.traffic === undefined) return undefined;
  return (line.traffic.refused * 100) / Math.max(1, letIn + line.traffic.refused);
}

/** @param {Line} line */
function cpuPerChange({ cpuMs, changes }) {
  return cpuMs === undefined || changes === undefined || changes === 0 ? undefined : cpuMs / changes;
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return (milliseconds / 1000).toFixed(milliseconds < 1000 ? 3 : 2);
}

/** @param {number} wall @param {number | undefined} bound */
function ratio(wall, bound) {
  return bound === undefined || bound === 0 ? "" : (wall / bound).toFixed(2);
}

/** @param {number | undefined} number @param {number | undefined} by */
function divide(number, by) {
  return number === undefined || by === undefined ? undefined : number / by;
}

/** @param {number | undefined} number @param {number} digits */
function decimals(number, digits) {
  return number === undefined ? "" : number.toFixed(digits);
}

/** @param {number | undefined} number */
function count(number) {
  return number === undefined ? "" : String(number);
}
