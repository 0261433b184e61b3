import type { Address } from "../model/address.ts";

/** Something of the account that a manifest does not hold, with the sentence that stands in its place. */
export interface Omission {
  readonly address: Address;
  readonly sentence: string;
  /** False for what is nobody's to manage, such as the bot of a service key. */
  readonly isLoss: boolean;
}

/** The comment lines for what is left out. */
export function toComments(omissions: readonly Omission[]): readonly string[] {
  return omissions.map(({ sentence }) => sentence);
}

/** A name as comments and notes quote it. */
export function quote(name: string): string {
  return JSON.stringify(name);
}
