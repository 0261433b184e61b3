import type { LedgerStore } from "../model/ledger-store.ts";
import type { Files } from "../model/ports.ts";
import { schemeOf } from "../state/ledger-location.ts";

/** Opens a ledger in PostgreSQL or in S3. What speaks to them is loaded only now; where it is not installed, a UsageError says how. */
export async function connectStore(location: string, files: Files): Promise<LedgerStore> {
  if (schemeOf(location) === "postgres") {
    const { openPostgresStore } = await import("./postgres-store.ts");
    return openPostgresStore(location, files);
  }
  const { openS3Store } = await import("./s3-store.ts");
  return openS3Store(location);
}
