// @ts-check
// Times how long the review page takes to show a list of changes in Chromium. See README.md.
// node bench/measure-page.mjs [--changes 5000] [--runs 7]
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { loadSource } from "./load-source.mjs";

const DIST = new URL("../dist/", import.meta.url);
if (!existsSync(new URL("review-page/page.js", DIST)))
  throw new Error("There is nothing to measure: run `npm run build` first.");
const { makePageModel, assemblePage, harmless, ASSUMED } = await loadSource([
  "page/make-page.ts",
  "page/assemble-page.ts",
  "cli/render/harmless.ts",
  "model/access.ts",
]);

const { values } = parseArgs({
  options: { changes: { type: "string", default: "5000" }, runs: { type: "string", default: "7" } },
});
const changes = Number(values.changes) || 5000;
const runs = Math.min(50, Math.max(1, Number(values.runs) || 1));

const folder = mkdtempSync(join(tmpdir(), "axcess-bench-page-"));
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  const file = join(folder, "review.html");
  const text = makePage();
  writeFileSync(file, text);
  /** @type {number[]} */
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(pathToFileURL(file).href);
    times.push(await page.evaluate(() => performance.getEntriesByName("shown")[0]?.startTime ?? Number.NaN));
    await page.close();
  }
  times.sort((a, b) => a - b);
  console.log(
    `${changes} changes, ${(text.length / 1e6).toFixed(2)} MB: shown after ${Math.round(times[0] ?? 0)} ms ` +
      `(median ${Math.round(times[times.length >> 1] ?? 0)}) from navigation`,
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

function makePage() {
  const [script, style] = ["page.js", "page.css"].map((name) =>
    readFileSync(new URL(`review-page/${name}`, DIST), "utf8"),
  );
  const input = {
    plan: makePlan(),
    worlds: undefined,
    settings: ASSUMED,
    summary: "",
    commands: { show: "", apply: "", applyWith: "" },
    sortOf: () => "loses",
  };
  const hash = (/** @type {string} */ part) => createHash("sha256").update(part).digest("base64");
  return assemblePage(makePageModel(input), { script, style, hash, shown: harmless });
}

function makePlan() {
  const zeros = `sha256:${"0".repeat(64)}`;
  const steps = Array.from({ length: changes }, (_, index) => ({
    id: `chg_${index.toString(16).padStart(16, "0")}`,
    op: "delete",
    kind: "space-member",
    address: `space-member:Organization ${index % 10}/space-${index % 50}/person-${index % 2000}@acme.example`,
    reason: "no-longer-declared",
    source: `access.yaml:${index}:5`,
    from: { role: "member" },
    fields: [],
    dependsOn: [],
    hazards: [{ code: "removes-access", detail: "The role member is taken away." }],
    gate: { state: "held", by: ["removes-access"] },
    cascade: [],
    loses: [`user:person-${index % 2000}@acme.example`],
    notes: [],
  }));
  return {
    format: 1,
    digest: zeros,
    account: { url: "https://api.arize.com" },
    basis: { desired: zeros, policy: zeros },
    limits: {},
    steps,
    access: { sets: {}, shifts: [], unseen: [] },
    assertions: [],
    unknowns: [],
    withheld: [],
    incomplete: [],
    lapses: [],
    unmanaged: {},
    notes: [],
    authoritative: [],
  };
}
