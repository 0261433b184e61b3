import type { Address } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { PlatformError } from "../model/errors.ts";
import type { ListRequest, PlatformReader, Row } from "../model/platform.ts";

/** What a list of the content of one container gave. */
export interface ContentListing {
  /** undefined where the platform does not let one look. */
  readonly rows: readonly Row[] | undefined;
  readonly notes: readonly Diagnostic[];
}

/** Lists the content of one container. Newer servers answer 404 for one that the caller may not see into: it hides, the rest does not. */
export async function listContent(
  reader: PlatformReader,
  container: Address,
  request: ListRequest,
): Promise<ContentListing> {
  try {
    return { rows: await reader.list(request), notes: [] };
  } catch (error) {
    if (!(error instanceof PlatformError) || (error.failure !== "not-found" && error.failure !== "forbidden"))
      throw error;
    return { rows: undefined, notes: [describeHidden(container, request.collection, error)] };
  }
}

function describeHidden(container: Address, content: string, error: PlatformError): Diagnostic {
  return {
    code: "AX305",
    severity: "warning",
    summary: "A part of the account could not be read",
    detail: `Reading the ${content} of ${container} failed. ${error.message}`,
    fix: "Nothing of it is removed. Run `axcess doctor` to see what the key may do.",
  };
}
