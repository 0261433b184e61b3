import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";

// What is built loads little: said in files and packages, since no test can say it in milliseconds.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NOTE = new URL("../../bench/note-modules.mjs", import.meta.url).href;
const { buildProgram } = (await import(new URL("../../scripts/build-program.mjs", import.meta.url).href)) as {
  readonly buildProgram: (folder: string) => Promise<Readonly<Record<string, readonly string[]>>>;
};

const folder = realpathSync(mkdtempSync(join(tmpdir(), "axcess-loads-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// A package of its own, since what lies in dist/ may be in use.
for (const name of ["node_modules", "schema", "package.json"]) symlinkSync(join(ROOT, name), join(folder, name));
const BUILT = join(folder, "built");
const inputs = await buildProgram(BUILT);

mkdirSync(join(folder, "home"));
writeFileSync(join(folder, "access.yaml"), "version: 1\npeople: { a@x.io: { name: A, role: member } }\n");
writeFileSync(join(folder, "wrong.yaml"), "version: 1\npeple: {}\n");
writeFileSync(
  join(folder, "anchored.yaml"),
  "version: 1\npeople:\n  a@x.io: &a { name: A, role: member }\n  b@x.io: *a\n",
);
writeFileSync(join(folder, "broken.yaml"), 'version: "1\n');

interface Loaded {
  readonly exit: number | null;
  readonly stdout: string;
  /** Files of ours, below the folder they were built into. */
  readonly files: readonly string[];
  /** Packages whose code is in these, or was loaded beside them. */
  readonly packages: readonly string[];
  /** Files below src/ whose code is in these. */
  readonly sources: readonly string[];
}

/** Runs a built program, and tells what it loaded until it ended. */
async function load(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Loaded> {
  const notes = join(folder, "notes.txt");
  writeFileSync(notes, "");
  const child = spawn(process.execPath, ["--no-warnings", "--import", NOTE, ...words], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: join(folder, "home"), NOTE_MODULES: notes, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  const exit = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const noted = [...new Set(readFileSync(notes, "utf8").trimEnd().split("\n"))].map((url) => fileURLToPath(url));
  const files = noted.map((path) => relative(BUILT, path)).filter((path) => inputs[path] !== undefined);
  const all = [...noted, ...files.flatMap((file) => inputs[file] ?? [])];
  const packages = all.flatMap((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(path)?.[1] ?? []);
  return {
    ...{ exit, stdout, files },
    packages: [...new Set(packages)].sort(),
    sources: all.filter((path) => path.startsWith("src/")),
  };
}

/** An account that knows no key. */
async function startRefusing(): Promise<{
  readonly account: Readonly<Record<string, string>>;
  readonly asked: readonly string[];
}> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(401, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { account: { ARIZE_API_KEY: "k".repeat(40), ARIZE_BASE_URL: url, ARIZE_APP_URL: url }, asked };
}

/** What loads a sandbox or a store when it is called, and is small itself. */
const DOORS = ["src/sandbox/start-sandbox.ts", "src/stores/connect-store.ts"];

const axcess = (...words: readonly string[]): readonly string[] => [join(BUILT, "cli/main.js"), ...words];

describe("the built command line", () => {
  test("--version loads no package, and one file", async () => {
    const loaded = await load(axcess("--version"));
    expect(loaded).toMatchObject({ exit: 0, packages: [] });
    expect(loaded.stdout).toMatch(/^\d+\.\d+\.\d+\n$/u);
    expect(loaded.files.length).toBeLessThanOrEqual(2);
  });

  test("validate loads what reads a manifest: nothing of a network, a compiler of schemas, a sandbox or colours", async () => {
    const loaded = await load(axcess("validate"));
    expect(loaded).toMatchObject({ exit: 0, packages: ["commander", "leven"] });
    const others = loaded.sources.filter((path) => !/^src\/(cli|engine|host|manifest|model|state)\//u.test(path));
    // The words for formats alone, for the flags of all commands.
    expect(others).toEqual(["src/packets/packet.ts"]);
    expect(loaded.sources).not.toContain("src/cli/flows/run-plan.ts");
    // What tells the faults of a manifest is three times as large as what finds that there are none.
    expect(loaded.sources).toContain("src/manifest/fits-schema.ts");
    expect(loaded.sources).not.toContain("src/manifest/schema-guard.ts");
    expect(loaded.files.length).toBeLessThanOrEqual(7);
  });

  test("validate tells a fault without more", async () => {
    const loaded = await load(axcess("validate", "-f", "wrong.yaml"));
    expect(loaded).toMatchObject({ exit: 1, packages: ["commander", "leven"] });
    expect(loaded.stdout).toContain("AX120");
  });

  test("the parser of YAML is loaded where a text is not plain", async () => {
    const loaded = await load(axcess("validate", "-f", "anchored.yaml"));
    expect(loaded).toMatchObject({ exit: 0, packages: ["commander", "leven", "yaml"] });
    const broken = await load(axcess("validate", "-f", "broken.yaml"));
    expect(broken).toMatchObject({ exit: 1, packages: ["commander", "leven", "yaml"] });
  });

  test("plan loads undici when it asks an account, and no sandbox", async () => {
    const refusing = await startRefusing();
    const loaded = await load(axcess("plan"), refusing.account);
    expect(refusing.asked).not.toEqual([]);
    expect(loaded.packages).toEqual(["commander", "deep-diff", "leven", "undici"]);
    const aside = loaded.sources.filter((path) => /^src\/(sandbox|stores|library|action)\//u.test(path));
    expect([...aside].sort()).toEqual(DOORS.slice(1));
    expect(loaded.files.length).toBeLessThanOrEqual(15);
    // Without a key there is nobody to ask.
    const unasked = await load(axcess("plan"));
    expect(unasked.exit).not.toBe(0);
    expect(unasked.packages).not.toContain("undici");
  });

  test("Node's own modules are loaded before V8 is given a flag: after it their compiled code is refused", async () => {
    const noted = join(folder, "flagged.txt");
    const preload = join(folder, "note-flags.cjs");
    const text = `
      const v8 = require("node:v8");
      const module_ = require("node:module");
      const list = () => process.moduleLoadList.filter((each) => each.startsWith("NativeModule "));
      let before;
      v8.setFlagsFromString = () => { before ??= list(); };
      module_.syncBuiltinESMExports();
      process.on("exit", () => {
        const after = list().filter((each) => !before.includes(each));
        require("node:fs").writeFileSync(${JSON.stringify(noted)}, after.map((each) => each + "\\n").join(""));
      });
    `;
    writeFileSync(preload, text);
    const { account } = await startRefusing();
    for (const command of ["validate", "plan"]) {
      await load(["--require", preload, ...axcess(command)], account);
      // What undici makes its assertions with is all that is left; other versions of Node have a few more.
      const after = readFileSync(noted, "utf8").split("\n").slice(0, -1);
      const others = after.filter((each) => !/assert|internal\/util\/colors/u.test(each));
      expect(others.length, others.join()).toBeLessThanOrEqual(3);
    }
  });

  test("plan --sandbox loads the sandbox", async () => {
    const loaded = await load(axcess("plan", "--sandbox"));
    expect(loaded.exit).toBe(0);
    expect(loaded.packages).toEqual(expect.arrayContaining(["@hono/node-server", "ajv", "graphql", "hono", "undici"]));
  });
});

describe("the built library", () => {
  const program = (name: string, text: string): readonly string[] => {
    const file = join(folder, name);
    writeFileSync(file, `const axcess = await import(${JSON.stringify(join(BUILT, "axcess.js"))});\n${text}\n`);
    return [file];
  };

  test("importing it loads no package, and few files", async () => {
    const loaded = await load(program("import.mjs", "console.log(typeof axcess.plan);"));
    expect(loaded).toMatchObject({ exit: 0, stdout: "function\n", packages: [] });
    expect(loaded.files.length).toBeLessThanOrEqual(7);
  });

  test("reading a manifest loads nothing of the command line or of a network", async () => {
    const text = 'console.log((await axcess.loadManifest({ manifest: { files: ["access.yaml"] } })).people.size);';
    const loaded = await load(program("read.mjs", text));
    expect(loaded).toMatchObject({ exit: 0, stdout: "1\n" });
    for (const name of ["ajv", "chalk", "commander", "graphql", "hono", "smol-toml", "undici"])
      expect(loaded.packages).not.toContain(name);
    const aside = loaded.sources.filter((path) => /^src\/(cli|action|page|sandbox|stores)\//u.test(path));
    expect([...aside].sort()).toEqual(DOORS);
  });
});

test("of undici what is built in is whole: pools, and tunnels through proxies", async () => {
  const [file] = Object.keys(inputs).filter((output) => /^cli\/undici-/u.test(output));
  const { Pool, ProxyAgent } = (await import(join(BUILT, file ?? ""))) as typeof import("undici");
  const server = createServer((_request, response) => response.end("there"));
  server.on("connect", (_request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pool = new Pool(origin, { connections: 1 });
  const proxy = new ProxyAgent({ uri: origin });
  const ask = (dispatcher: typeof pool | typeof proxy, at: string) =>
    new Promise((resolve, reject) => {
      const heard: unknown[] = [];
      dispatcher.dispatch(
        { origin: at, path: "/", method: "GET" },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_, status) => void heard.push(status),
          onResponseData: (_, chunk) => void heard.push(chunk.toString()),
          onResponseEnd: () => resolve(heard),
          onResponseError: (_, error) => reject(error),
        },
      );
    });
  try {
    expect(await ask(pool, origin)).toEqual([200, "there"]);
    await expect(ask(proxy, "https://account.invalid")).rejects.toThrow("403");
  } finally {
    await Promise.all([pool.close(), proxy.close()]);
    server.close();
  }
});

test("no file of the library holds code of the command line, and the action's file holds only its own", () => {
  const sourcesOf = (folder: RegExp): readonly string[] => [
    ...new Set(Object.entries(inputs).flatMap(([output, files]) => (folder.test(output) ? files : []))),
  ];
  expect(sourcesOf(/^(axcess\.js|library\/)/u).filter((path) => /^src\/(cli|action)\//u.test(path))).toEqual([]);
  expect(sourcesOf(/^action\//u).filter((path) => !path.startsWith("src/action/"))).toEqual([]);
  // What the two checks above would find.
  expect(sourcesOf(/^cli\//u)).toContain("src/cli/flows/run-plan.ts");
});
