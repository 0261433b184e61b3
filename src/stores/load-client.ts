import { UsageError } from "../model/errors.ts";

/** Loads a package that is installed only where a ledger needs it. Where it is missing, a UsageError says how to install it. */
export async function loadClient<T>(name: string, wanted: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new UsageError(
      `A ledger at this location needs the package ${name}, which is not installed.`,
      `Run, where axcess is installed: npm install ${wanted}`,
    );
  }
}
