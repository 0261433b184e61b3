import { UsageError } from "../../model/errors.ts";
import { checkKey } from "../../platform/api-key.ts";
import { type Endpoints, pairEndpoints, regionEndpoints } from "../../platform/endpoints.ts";
import type { CredentialSearch, Credentials } from "./credentials.ts";
import { environmentNetwork } from "./environment-network.ts";
import { readActiveProfile, readProfile } from "./profile-file.ts";

/**
 * Finds the credentials: a named profile, else the environment, else the active profile of the ax command line. Key and
 * address always come from the same place, so that no key is ever sent to another place's host. Throws UsageError.
 */
export async function findCredentials(search: CredentialSearch): Promise<Credentials> {
  if (search.profile !== undefined) return await readProfile(search, search.profile);
  const apiKey = readVariable(search.env, "ARIZE_API_KEY");
  if (apiKey !== undefined) {
    const checked = checkKey(apiKey, "ARIZE_API_KEY");
    const network = environmentNetwork(search.env);
    return { apiKey: () => checked, source: "ARIZE_API_KEY", ...environmentEndpoints(search), network };
  }
  if (search.region !== undefined) {
    throw new UsageError(
      "--region is given, but ARIZE_API_KEY is not set.",
      "Set it, or name a profile: --profile NAME",
    );
  }
  refuseHalfAnEnvironment(search.env);
  const active = await readActiveProfile(search);
  if (active !== undefined) return active;
  throw new UsageError(
    "No credentials were found.",
    "Set ARIZE_API_KEY, or name a profile of the ax command line with --profile, or try it out with --sandbox.",
  );
}

function environmentEndpoints({ env, region: named }: CredentialSearch): Endpoints {
  const rest = readVariable(env, "ARIZE_BASE_URL");
  const app = readVariable(env, "ARIZE_APP_URL");
  if (named !== undefined) {
    if ((rest ?? app) !== undefined) {
      throw new UsageError("--region and ARIZE_BASE_URL exclude each other.", "Leave one of them out.");
    }
    return regionEndpoints(named, "--region");
  }
  const region = readVariable(env, "ARIZE_REGION");
  if (region !== undefined && (rest ?? app) !== undefined) {
    throw new UsageError("ARIZE_REGION and ARIZE_BASE_URL exclude each other.", "Unset one of them.");
  }
  if (rest === undefined && app === undefined) return regionEndpoints(region, "ARIZE_REGION");
  return pairEndpoints({ rest, app }, { rest: "ARIZE_BASE_URL", app: "ARIZE_APP_URL" });
}

/** An address without a key would be passed over in silence for the one of a profile. */
function refuseHalfAnEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  const set = ["ARIZE_BASE_URL", "ARIZE_APP_URL", "ARIZE_REGION"].find((name) => readVariable(env, name) !== undefined);
  if (set === undefined) return;
  throw new UsageError(
    `${set} is set, but ARIZE_API_KEY is not.`,
    "Set ARIZE_API_KEY, or name a profile: --profile NAME",
  );
}

function readVariable(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}
