// Packs the package, installs the tarball in an empty folder, and uses it there as a newcomer would.
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { BUILT_IN } from "./built-in.mjs";

const root = new URL("..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "axcess-package-"));
const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], ...options });
const expect = (claim, holds) => {
  if (!holds) throw new Error(`the package is not right: ${claim}`);
  console.log(`ok  ${claim}`);
};

try {
  run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  const again = join(folder, "again");
  mkdirSync(again);
  run("npm", ["pack", "--silent", "--pack-destination", again], { cwd: root });
  expect(
    "built and packed twice it is the same, byte for byte",
    readFileSync(join(folder, tarball)).equals(readFileSync(join(again, tarball))),
  );
  const listed = run("tar", ["-tzf", tarball]).split("\n");
  expect(
    "it has the command, the action, the review page, the schemas, the examples and the templates",
    [
      "dist/cli/main.js",
      "dist/action/main.js",
      "action.yml",
      "templates/github.yml",
      "dist/review-page/page.js",
      "dist/review-page/page.css",
      "dist/axcess.d.ts",
      "dist/licences.txt",
      "schema/access.schema.json",
      "examples/access.yaml",
      "LICENSE",
    ].every((name) => listed.includes(`package/${name}`)),
  );
  expect(
    "it has no tests, sources or local files",
    listed.every((name) => !/^package\/(src|test|bench|docs|scripts)\/|\/\./.test(name)),
  );

  writeFileSync(join(folder, "package.json"), '{ "name": "newcomer", "private": true, "type": "module" }\n');
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", `./${tarball}`]);
  const modules = readdirSync(join(folder, "node_modules"), { withFileTypes: true, recursive: true });
  const bytes = modules
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  expect(`installed it takes no more than 12 MB (${(bytes / 1e6).toFixed(1)})`, bytes <= 12e6);
  const builtIn = readFileSync(join(folder, "node_modules/axcess/dist/licences.txt"), "utf8");
  expect(
    "it has the licence of every package that is built in, and none of these is installed as well",
    BUILT_IN.program.every((name) => builtIn.includes(`${name} `) && !existsSync(join(folder, `node_modules/${name}`))),
  );
  const axcess = join(folder, "node_modules/.bin/axcess");
  expect("it tells its version", /^\d+\.\d+\.\d+\n$/.test(run(axcess, ["--version"])));
  const unstored = spawnSync(axcess, ["ledger", "show", "--ledger", "postgres://127.0.0.1/x"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect("it names the package that a ledger needs", unstored.stderr.includes("npm install pg@8"));
  run(axcess, ["init", "--owner", "@acme/access"]);
  expect(
    "it sets up a repository whose first manifest is valid",
    run(axcess, ["validate", "--json"]).includes('"exit": 0'),
  );
  const action = parse(readFileSync(join(folder, "node_modules/axcess/action.yml"), "utf8"));
  const stepEnvironment = {
    PATH: process.env.PATH,
    GITHUB_ACTION_PATH: join(folder, "node_modules/axcess"),
    GITHUB_WORKSPACE: folder,
    GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    RUNNER_TEMP: join(folder, "temp"),
    INPUT_MODE: "validate",
  };
  for (const { run: script } of action.runs.steps.filter((step) => step.run !== undefined)) {
    run("bash", ["-eo", "pipefail", "-c", script], { env: stepEnvironment });
  }
  const summary = readFileSync(join(folder, "summary.md"), "utf8");
  expect("the steps of its action run", summary.includes("The manifest is valid."));
  const examples = join(folder, "node_modules/axcess/examples");
  const applied = run(axcess, ["apply", "--sandbox", "--auto-approve", "-f", join(examples, "access.yaml")]);
  expect("it applies the example to a fresh account", applied.includes("The account now matches the manifest."));
  const planned = run(axcess, ["plan", "--sandbox", "--out", "plan.json", "-f", join(examples, "access.yaml")]);
  expect("the same manifest then plans to nothing", planned.includes("No changes."));
  for (const [what, listening, exit] of [
    ["whose readers leave", "2>&1 >/dev/null | head -n 1", 0],
    ["that prints onto a full disk", ">/dev/full 2>/dev/full", 1],
  ]) {
    const place = listening.includes("head") ? "left" : "full";
    const words = `apply --sandbox=${place} --ledger ${place}.jsonl --auto-approve -f '${join(examples, "access.yaml")}'`;
    const told = run("bash", ["-c", `'${axcess}' ${words} ${listening}; echo "exit \${PIPESTATUS[0]}"`]);
    const ledger = readFileSync(join(folder, `${place}.jsonl`), "utf8");
    expect(
      `a run ${what} goes on to its end`,
      told.endsWith(`exit ${exit}\n`) && ledger.trimEnd().split("\n").at(-1).includes('"exit":0'),
    );
  }
  run(axcess, ["show", "plan.json", "--format", "html=review.html"]);
  expect("it writes the review page", readFileSync(join(folder, "review.html"), "utf8").startsWith("<!DOCTYPE html>"));
  writeFileSync(
    join(folder, "use.mjs"),
    'import { readFileSync } from "node:fs";\nimport { readPlan } from "axcess";\nconsole.log(readPlan(readFileSync("plan.json", "utf8"), "plan.json").plan.steps.length);\n',
  );
  expect("a program can read a saved plan", run(process.execPath, ["use.mjs"]) === "0\n");
  writeFileSync(
    join(folder, "note-loads.mjs"),
    'import { register } from "node:module";\nregister("./note-load.mjs", import.meta.url);\n',
  );
  writeFileSync(
    join(folder, "note-load.mjs"),
    'import { appendFileSync } from "node:fs";\nexport const load = (url, context, next) => {\n  appendFileSync("loaded.txt", url + "\\n");\n  return next(url, context);\n};\n',
  );
  writeFileSync(
    join(folder, "example.mjs"),
    'import { tryOut } from "./node_modules/axcess/examples/library.mjs";\nconsole.log(JSON.stringify(await tryOut(".")));\n',
  );
  const example = JSON.parse(run(process.execPath, ["--import", "./note-loads.mjs", "example.mjs"]));
  expect("the library's example does what it says", example.exit === 0 && example.readers.length > 0);
  const loaded = readFileSync(join(folder, "loaded.txt"), "utf8").split("\n");
  expect(
    "the library loads no code of the command line",
    loaded.every((url) => !/\/dist\/(cli|action)\//.test(url)),
  );
  expect(
    "what is loaded was noted",
    loaded.some((url) => url.includes("/axcess/dist/library/undici-")),
  );
  writeFileSync(
    join(folder, "use.ts"),
    'import { type Plan, apply, plan, readPlan } from "axcess";\nexport const saved: Plan | undefined = readPlan("{}", "plan.json").plan;\nconst options = { manifest: { files: ["access.yaml"] }, connection: { apiKey: () => "k", region: "eu-west-1a" } };\nexport const exit = async (): Promise<number> => (await apply({ ...options, plan: await plan(options) })).exit;\n',
  );
  run(process.execPath, [
    join(root, "node_modules/typescript/bin/tsc"),
    "--noEmit",
    "--strict",
    "--module",
    "node20",
    "--target",
    "es2023",
    "use.ts",
  ]);
  expect("its types are found and are right", true);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
