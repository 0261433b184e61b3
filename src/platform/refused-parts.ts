import type { GraphqlFault } from "./graphql.ts";

const DOES_NOT_KNOW =
  /cannot query|unknown|unrecogni[sz]ed|not defined|undefined|not exist|n't exist|no such|no field|not have a field|selection of subfields|n't accept|not accept/i;

/**
 * The parts of a query that a server says it does not know, from the words it puts in quotes. Validation errors have no codes,
 * and where introspection is closed their texts are all there is; a text not understood drops nothing.
 */
export function findRefusedParts<P extends string>(
  faults: readonly GraphqlFault[],
  optional: ReadonlySet<P>,
): ReadonlySet<P> {
  const refused = new Set<P>();
  for (const { message } of faults) {
    if (!DOES_NOT_KNOW.test(message)) continue;
    // Suggestions name what the server does know.
    const complaint = message.split(/did you mean/i)[0] ?? message;
    for (const [, name] of complaint.matchAll(/["'`\u2018\u201c]([\w.]+)["'`\u2019\u201d]/g)) {
      for (const part of optional) if (name === part || name?.endsWith(`.${part}`) === true) refused.add(part);
    }
  }
  return refused;
}
