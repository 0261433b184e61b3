import { harmless } from "./harmless.ts";
import type { Paint } from "./paint.ts";

/** One line of the doctor. */
export interface Check {
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  readonly detail: string;
}

/** `ok    credentials: ARIZE_API_KEY, for https://api.arize.com`, one line for each check. */
export function renderChecks(checks: readonly Check[], paint: Paint): string {
  return checks
    .map(({ name, state, detail }) => `${paint[PAINTS[state]](state.padEnd(4))}  ${name}: ${harmless(detail)}\n`)
    .join("");
}

const PAINTS = { ok: "good", warn: "warning", fail: "error" } as const satisfies Record<Check["state"], keyof Paint>;
