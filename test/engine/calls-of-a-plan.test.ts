import { afterAll, describe, expect, test } from "vitest";
import { makeWorkplace, type Workplace } from "../support/run-axcess.ts";
import { startTestAccount, type TestAccount } from "../support/sandbox-account.ts";

// How often a plan asks is a contract: peers lose by calls, not by processors. No time is measured here.

/** Rows of one page of REST. */
const PAGE = 100;
/** With fewer spaces than that their projects are asked for one by one. */
const SPACES_FOR_WHOLE_LIST = 4;

interface Sizes {
  readonly people: number;
  readonly organizations: number;
  readonly spaces: number;
  readonly projects: number;
  readonly grants: number;
  readonly bindings: number;
  readonly restrictions: number;
  readonly roles: number;
}
const SEED = { seed: 3 };
