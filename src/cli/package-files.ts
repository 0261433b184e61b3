import { fileURLToPath } from "node:url";
import { systemFiles } from "../host/system-files.ts";

/** The text of a file of the installed package, by its path within it. */
export async function readPackageFile(path: string): Promise<string> {
  const url = new URL(`../../${path}`, import.meta.url);
  return new TextDecoder().decode(await systemFiles.read(fileURLToPath(url)));
}

/** The version of the installed package. */
export async function readVersion(): Promise<string> {
  const parsed = JSON.parse(await readPackageFile("package.json")) as { readonly version: string };
  return parsed.version;
}
