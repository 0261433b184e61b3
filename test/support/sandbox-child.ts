import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A sandbox in a process of its own, which can be killed. */
export interface SandboxChild {
  readonly url: string;
  readonly adminKey: string;
  readonly child: ChildProcess;
}

/** A compiled copy of the sandbox that plain Node can run; it lies in the repository so that packages are found. */
export interface CompiledSandbox {
  readonly start: (directory: string) => Promise<SandboxChild>;
  readonly remove: () => void;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Compiles the sandbox, file by file and without checking types. */
export function compileSandbox(): CompiledSandbox {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const out = mkdtempSync(join(ROOT, "dist", "sandbox-under-test-"));
  const source = join(ROOT, "src", "sandbox");
  for (const name of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const target = join(out, relative(source, join(source, name)).replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, compile(readFileSync(join(source, name), "utf8")));
  }
  writeFileSync(join(out, "run.js"), RUN);
  return {
    start: (directory) => startChild(join(out, "run.js"), directory),
    remove: () => rmSync(out, { recursive: true, force: true }),
  };
}

const RUN = `
import { startSandbox } from "./start-sandbox.js";
const sandbox = await startSandbox({ directory: process.argv[2], port: 0, seed: 1 });
process.send({ url: sandbox.url, adminKey: sandbox.adminKey });
`;

function compile(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return outputText;
}

function startChild(script: string, directory: string): Promise<SandboxChild> {
  const child = spawn(process.execPath, [script, directory], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve({ ...(message as { url: string; adminKey: string }), child }));
    child.once("exit", (code) => reject(new Error(`The sandbox process ended with ${code}.`)));
  });
}
