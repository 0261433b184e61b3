import { type Address, kindOf, pathPart, pathText } from "../model/address.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { canonicalJson } from "../model/json.ts";
import type { Cascade } from "../model/kind.ts";
import type { Spec, World } from "../model/resource.ts";
import type { KindsByName } from "./kinds-by-name.ts";
import type { Draft } from "./match.ts";

interface Suggesting {
  readonly drafts: readonly Draft[];
  readonly cascades: ReadonlyMap<Address, Cascade>;
  readonly live: World;
  readonly kinds: KindsByName;
}

interface Pair {
  readonly gone: Address[];
  readonly made: Address[];
}

/**
 * Tells where something is deleted and something else made beside it that has the very same content: most likely it has a new
 * name. Only told, with the line that says so; and only where there is one of each, since else it would be a guess.
 */
export function suggestRenames(suggesting: Suggesting): readonly Diagnostic[] {
  const { drafts, kinds } = suggesting;
  if (!drafts.some(({ op }) => op === "delete")) return [];
  const contents = listContents(suggesting);
  const pairs = new Map<string, Pair>();
  for (const { address, before, after } of drafts) {
    const content = contents.get(address);
    const resource = after ?? before;
    if (content === undefined || resource === undefined || !hasName(address, kinds)) continue;
    const sets = listSets(resource.spec);
    if (content.length + Object.keys(sets).length === 0) continue;
    const key = canonicalJson([kindOf(address), kinds.of(address).parentOf(address), [...content].sort(), sets]);
    const pair = pairs.get(key) ?? { gone: [], made: [] };
    pair[after === undefined ? "gone" : "made"].push(address);
    pairs.set(key, pair);
  }
  return [...pairs.values()].flatMap(({ gone, made }) => {
    const [[before, ...otherGone], [after, ...otherMade]] = [gone, made];
    if (before === undefined || after === undefined || otherGone.length + otherMade.length > 0) return [];
    return [describeSuggestion(before, after)];
  });
}

/** True for what has a name of its own and hangs on nothing but what it stands in. */
function hasName(address: Address, kinds: KindsByName): boolean {
  const { isHeldAnywhere, attachedTo, parentOf } = kinds.of(address);
  const parent = parentOf(address);
  return !isHeldAnywhere && attachedTo(address).every((ground) => ground === parent);
}

/** What goes with each deletion, and what is made in each container that is made: by what stands behind the container's path. */
function listContents({ drafts, cascades, live, kinds }: Suggesting): ReadonlyMap<Address, readonly string[]> {
  const contents = new Map<Address, string[]>();
  for (const { op, address } of drafts) if (op === "create") contents.set(address, []);
  for (const inside of contents.keys()) {
    for (let at = kinds.of(inside).parentOf(inside); at !== undefined; at = kinds.of(at).parentOf(at)) {
      contents.get(at)?.push(suffixOf(inside, at));
    }
  }
  for (const [address, { certain }] of cascades) {
    const own = certain.filter((inside) => live.get(inside)?.builtin !== true);
    contents.set(
      address,
      own.map((inside) => suffixOf(inside, address)),
    );
  }
  return contents;
}

function suffixOf(inside: Address, container: Address): string {
  return `${kindOf(inside)}:${pathText(inside).slice(pathText(container).length)}`;
}

/** The fields that hold sets with something in them: what a thing is made of that has no content. */
function listSets(spec: Spec): Spec {
  return Object.fromEntries(
    Object.entries(spec).filter(
      ([, value]) => value !== null && typeof value === "object" && Object.keys(value).length > 0,
    ),
  );
}

function describeSuggestion(gone: Address, made: Address): Diagnostic {
  const name = pathPart(gone, -1);
  return {
    code: "AX347",
    severity: "note",
    summary: "This may be a new name",
    detail: `${gone} is deleted and ${made} is made, with the very same content.`,
    fix: `To rename it and keep what is in it, write under ${JSON.stringify(pathPart(made, -1))}: previously: [${JSON.stringify(name)}]`,
  };
}
