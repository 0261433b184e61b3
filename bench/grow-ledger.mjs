// @ts-check
// Makes a ledger old: everything that it knows is written over and over, as changes that came back would have been.
import { hash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";

/** As the ledger has it: sorted keys, no white space. @param {unknown} value @returns {string} */
function canonical(value) {
  return JSON.stringify(value, (_, member) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Adds updates of what was made or adopted until a ledger has so many lines. @param {string} path @param {number} lines */
export function growLedger(path, lines) {
  const known = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const made = known.map(({ entry }) => entry).filter(({ type, remote }) => remote && /outcome|adoption/.test(type));
  let { seq, digest: prev, at } = known.at(-1);
  /** @type {string[]} */
  const texts = [];
  const add = (/** @type {object} */ entry) => {
    seq += 1;
    const unsealed = { at, entry, format: 1, prev, seq };
    prev = `sha256:${hash("sha256", canonical(unsealed))}`;
    texts.push(`${canonical({ ...unsealed, digest: prev })}\n`);
  };
  for (let round = 0; seq < lines; round += 1) {
    const run = `run_old-${round}`;
    add({ type: "run", run, command: "apply", by: "bench@acme.example", flags: [] });
    for (const { address, remote, to, spec = to } of made) {
      if (spec === undefined) continue;
      const change = { run, change: `chg_old-${seq}`, op: "update", address, remote, to: spec };
      add({ type: "intent", kind: address.slice(0, address.indexOf(":")), from: spec, ...change });
      add({ type: "outcome", result: "done", ...change });
    }
    add({ type: "end", run, exit: 0 });
    appendFileSync(path, texts.splice(0).join(""));
  }
}
