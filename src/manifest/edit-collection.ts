import type { Node, Pair, YAMLMap, YAMLSeq } from "yaml";

/** A mapping or list of a document with everything that is to happen to its entries. */
export interface CollectionEdit {
  readonly node: YAMLMap | YAMLSeq;
  readonly items: readonly (Node | Pair)[];
  /** The key whose value the collection is; undefined at the top, and in lists. */
  readonly owner: Pair | undefined;
  /** Indexes of what goes. */
  readonly removed: Set<number>;
  readonly added: Addition[];
}

/** An entry to be added: its text, and behind which entry it stands. */
export interface Addition {
  readonly text: string;
  readonly behind: number;
}
