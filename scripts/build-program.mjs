// Builds what Node runs (the command line, the action, the library) into dist/: see decision 0034.
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { licencesIn } from "./built-in.mjs";
import { compileFitnessText, compileSchemaText } from "./compile-schema.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = join(ROOT, "dist");
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
/** What is installed beside axcess; everything else that is imported is built in. */
const INSTALLED = Object.keys({ ...dependencies, ...peerDependencies });

/** Files that say where the package lies by their own place: two folders below it, in the sources as when they are built. */
const PLACED = ["src/manifest/access-schema.ts", "src/cli/package-files.ts", "src/action/machine.ts"];

/** Each is built by itself, so that it has few files; what two of them share is in both. */
const PROGRAMS = [
  { entryPoints: { "cli/main": "src/cli/main.ts" }, chunkNames: "cli/[name]-[hash]", hasFirst: true },
  { entryPoints: { axcess: "src/axcess.ts" }, chunkNames: "library/[name]-[hash]" },
  { entryPoints: { "action/main": "src/action/main.ts" }, chunkNames: "action/[name]-[hash]" },
];

/**
 * Builds it all into a folder that lies where dist/ lies, over what was built before. Gives, by output (its path from there), the
 * files that went into it (theirs from the root).
 */
export async function buildProgram(folder = DIST) {
  sweep(folder);
  const outputs = [];
  for (const { hasFirst = false, ...program } of PROGRAMS) {
    const plugins = [...OPTIONS.plugins, loadTogether(hasFirst ? WITH_FIRST : ""), ...(hasFirst ? [loadedFirst] : [])];
    const { metafile } = await build({ ...OPTIONS, ...program, plugins, outdir: folder });
    for (const [path, { inputs }] of Object.entries(metafile.outputs))
      outputs.push([relative(folder, resolve(ROOT, path)), Object.keys(inputs)]);
  }
  const inputs = Object.fromEntries(outputs);
  holdPlaces(inputs);
  letRequire(Object.keys(inputs).map((path) => join(folder, path)));
  joinRuntime(folder, inputs);
  const paths = Object.keys(inputs).map((path) => join(folder, path));
  holdAscii(paths);
  const licences = licencesIn(Object.values(inputs).flat(), "program");
  writeFileSync(join(folder, "licences.txt"), `The files of this folder contain:\n\n${licences}\n`);
  chmodSync(join(folder, "cli/main.js"), 0o755);
  return inputs;
}

/** What an older build left, the review page and the types aside. @param {string} folder */
function sweep(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name.endsWith(".js") && !path.includes("review-page")) rmSync(path);
  }
}

/** A file that is found by its place must not end up in one that lies elsewhere. */
function holdPlaces(inputs) {
  for (const [output, files] of Object.entries(inputs)) {
    const placed = files.filter((file) => PLACED.includes(file));
    if (placed.length > 0 && output.split("/").length !== 2)
      throw new Error(`${placed.join(", ")} would be built into ${output}, from where the package is not found.`);
  }
}

/** Packages that are no modules of JavaScript ask for Node's own by `require`, which modules do not have: one file asks for all. */
function letRequire(paths) {
  for (const path of paths) {
    const text = readFileSync(path, "utf8");
    if (!/\b__require\s*=/u.test(text)) continue;
    const line = 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\n';
    writeFileSync(path, line + text);
  }
}

/**
 * What stands before packages that are no modules of JavaScript is a file of its own, which all others begin with, whether they use it
 * or not. It goes into the file of what nearly every command loads.
 */
function joinRuntime(folder, inputs) {
  const outputs = Object.keys(inputs).filter((path) => path.startsWith("cli/"));
  const [runtime, ...others] = outputs.filter((path) => /^cli\/chunk-/u.test(path) && inputs[path].length === 0);
  const first = outputs.find((path) => inputs[path].includes("src/model/harmless.ts"));
  if (runtime === undefined || first === undefined || others.length > 0)
    throw new Error("What esbuild adds is not where it was.");
  const nameOf = (path) => `"./${path.slice("cli/".length)}"`;
  for (const path of outputs) {
    const file = join(folder, path);
    const text = readFileSync(file, "utf8").replaceAll(`import ${nameOf(runtime)};\n`, "");
    if (path === first && text.includes(nameOf(runtime)))
      throw new Error(`${path} imports what is to be joined to it.`);
    if (path === first) writeFileSync(file, `${readFileSync(join(folder, runtime), "utf8")}\n${text}`);
    else writeFileSync(file, text.replaceAll(nameOf(runtime), nameOf(first)));
  }
  rmSync(join(folder, runtime));
  delete inputs[runtime];
}

/** V8 keeps a text with one other character in twice the space, and takes twice as long to read it. Regular expressions are not escaped by esbuild. */
function holdAscii(paths) {
  for (const path of paths) {
    const line = readFileSync(path, "latin1")
      .split("\n")
      .find((each) => /[^\0-\x7f]/u.test(each));
    if (line !== undefined) throw new Error(`${path} is not ASCII: ${Buffer.from(line, "latin1")}`);
  }
}

/**
 * What is loaded only when it is called would be a file of its own, and whatever two of these share another: a hundred and more. So
 * they are loaded together: all that asks an account, and all deeds of the library. `validate` asks none, and stays by itself; so does
 * `plan`, which is run most often and uses the fifth part of the rest; so do those that write manifests, for which the parser is loaded.
 */
const TOGETHER = [
  { name: "texts", fits: /^src\/cli\/flows\/run-(?:drift|export|fmt|offboard)\b/u },
  { name: "plan", fits: /^src\/cli\/(?:flows\/run-plan|events\/open-events)\b/u },
  { name: "account", fits: /^src\/cli\/(?:flows\/(?!run-validate)|events\/|reviews\/|plans\/)/u },
  { name: "declared", fits: /^src\/cli\/(?:questions|render)\/(?!colored)/u },
  { name: "library", fits: /^src\/library\//u },
];

const loadTogether = (rest) => ({
  name: "loaded-together",
  setup({ onResolve, onLoad }) {
    const members = listLater();
    const groupOf = (file) => TOGETHER.find(({ fits }) => fits.test(file));
    onResolve({ filter: /^\./ }, ({ kind, resolveDir, path }) => {
      const group = kind === "dynamic-import" ? groupOf(relative(ROOT, resolve(resolveDir, path))) : undefined;
      return group && { path: group.name, namespace: "together" };
    });
    onLoad({ filter: /.*/, namespace: "together" }, ({ path }) => {
      const files = members.filter((file) => groupOf(file)?.name === path);
      holdNames(rest === "" ? files : [...files, ...FIRST]);
      return { resolveDir: ROOT, contents: `${files.map((file) => `export * from "./${file}";`).join("\n")}\n${rest}` };
    });
  },
});

/**
 * Small files that nearly every command loads. Each would share a file of its own with those that happen to be used by the same
 * others, and a file costs as much as its code; so they are all used by all that is loaded by itself, and share one.
 */
const FIRST = [
  "cli/exit",
  "cli/flags/environment",
  "cli/flags/globals",
  "cli/package-files",
  "cli/render/diagnostics-text",
  "cli/render/paint",
  "cli/render/pretty-json",
  "engine/find-closest",
  "engine/spell-limits",
  "host/read-bounded",
  "host/system-files",
  "manifest/limit-pieces",
  "manifest/quote-name",
  "manifest/source",
  "model/address",
  "model/change",
  "model/diagnostic",
  "model/errors",
  "model/explain-code",
  "model/fit-stars",
  "model/harmless",
  "model/json",
  "model/shard",
  "packets/packet",
  "state/ledger-location",
  "state/lock-texts",
  "state/renewal",
].map((file) => `src/${file}.ts`);

const WITH_FIRST = 'export * from "first";\n';

const loadedFirst = {
  name: "loaded-first",
  setup({ onResolve, onLoad }) {
    const alone = new Set(listLater().map((file) => join(ROOT, file)));
    onResolve({ filter: /^first$/ }, () => ({ path: "first", namespace: "first", sideEffects: false }));
    onLoad({ filter: /.*/, namespace: "first" }, () => ({
      resolveDir: ROOT,
      contents: FIRST.map((file) => `export * from "./${file}";`).join("\n"),
    }));
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      if (!alone.has(path)) return undefined;
      holdNames([relative(ROOT, path), ...FIRST]);
      return { loader: "ts", contents: `${readFileSync(path, "utf8")}\n${WITH_FIRST}` };
    });
  },
};

/** The files that others load only when they are called, by their paths from the root. */
function listLater() {
  const later = readdirSync(join(ROOT, "src"), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .flatMap(({ parentPath, name }) =>
      [...readFileSync(join(parentPath, name), "utf8").matchAll(/\bimport\("(\.[^"]+)"\)/gu)].map(([, path]) =>
        relative(ROOT, resolve(parentPath, path)),
      ),
    );
  return [...new Set(later)].sort();
}

/** What two files export under one name would be exported by neither. */
function holdNames(files) {
  const names = files.flatMap((file) => namesIn(readFileSync(join(ROOT, file), "utf8")));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0) throw new Error(`${twice.join(", ")}: exported by two files that are loaded together.`);
}

const namesIn = (text) =>
  [...text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gmu)].map(([, name]) => name);

const compiledSchema = {
  name: "compiled-schema",
  setup({ onLoad }) {
    const replace = (filter, write) => onLoad({ filter }, () => ({ contents: write(), loader: "js" }));
    replace(/[\\/]src[\\/]manifest[\\/]schema-guard\.ts$/, compileSchemaText);
    replace(/[\\/]src[\\/]manifest[\\/]fits-schema\.ts$/, compileFitnessText);
  },
};

/** Of commander what is used: it could start other programs, and would load for that what starts them. */
const lightCommander = {
  name: "light-commander",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/]commander[\\/]/u.test(importer) ? { path: "nothing", namespace: "nothing" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** Of undici only what is used: its front door loads three times as much, from caches to mocks. */
const lightUndici = {
  name: "light-undici",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "light" }));
    // HTTP/2 is never offered to a server, bodies are texts, and a proxy is one of http or https.
    onResolve({ filter: /\/(?:client-h2|fetch\/body|socks5-proxy-agent)(?:\.js)?$/ }, ({ importer, path }) =>
      /[\\/]node_modules[\\/]undici[\\/]/u.test(importer) ? { path, namespace: "unused" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "unused" }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error(${JSON.stringify(`${path} is not built in`)}); };`,
    }));
    onLoad({ filter: /.*/, namespace: "light" }, () => ({
      resolveDir: ROOT,
      contents: `
        import connect from "undici/lib/api/api-connect.js";
        import Dispatcher from "undici/lib/dispatcher/dispatcher.js";
        import Pool from "undici/lib/dispatcher/pool.js";
        import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";
        // What opens a tunnel through a proxy; requests are dispatched.
        Object.assign(Dispatcher.prototype, { connect });
        export { Pool, ProxyAgent };
      `,
    }));
  },
};

/** Not minified: that would make the start no shorter, and what is shipped is to be read, in a trace of a fault as well. */
const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  charset: "ascii",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  // The same names, and so the same bytes, where `node_modules` is a link.
  preserveSymlinks: true,
  external: INSTALLED.flatMap((name) => [name, `${name}/*`]),
  plugins: [compiledSchema, lightCommander, lightUndici],
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`program: ${Object.keys(await buildProgram()).length} files`);
}
