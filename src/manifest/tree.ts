import type { Position } from "../model/diagnostic.ts";

/** A text, number, truth value or nothing, where it is written. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly at: Position;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly TreeNode[];
  readonly at: Position;
}

export interface MapEntry {
  readonly keyAt: Position;
  readonly value: TreeNode;
}

/** A mapping; its keys are texts, each there once, in the order of the text. */
export interface MapNode {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly at: Position;
}

/** YAML without its syntax: what is written and where. Aliases are resolved, so that a node may stand in several places. */
export type TreeNode = ScalarNode | ListNode | MapNode;

/** The plain value of a tree. Objects have no prototype, so that `__proto__` is a key like any other. */
export function plainValueOf(node: TreeNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(plainValueOf);
    case "map": {
      const plain: Record<string, unknown> = Object.create(null);
      for (const [key, entry] of node.entries) plain[key] = plainValueOf(entry.value);
      return plain;
    }
  }
}
