import type { AccountWriting } from "../../src/engine/account-reading.ts";
import type { Files } from "../../src/model/ports.ts";
import type { Machine } from "../machine/machine.ts";
import type { Ending } from "./evidence.ts";

/** A fault that is planted into axcess, to see that it is caught. */
export interface Sabotage {
  readonly account?: (account: AccountWriting, machine: Machine) => AccountWriting;
  readonly files?: (files: Files) => Files;
  readonly ending?: (ending: Ending) => Ending;
}
