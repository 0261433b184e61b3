import fc from "fast-check";
import type { SandboxSwitches } from "../../src/sandbox/start-sandbox.ts";

/** Servers that behave as differently as the platform's description leaves open. */
export const anyServer: fc.Arbitrary<Partial<SandboxSwitches>> = fc.record({
  orgUserRole: fc.boolean(),
  shuffle: fc.boolean(),
  emptyPages: fc.constantFrom("none" as const, "all" as const),
  adminsHideExplicitMembership: fc.boolean(),
  accountAdminsInOrgRoster: fc.boolean(),
  customSwitchLeavesRow: fc.boolean(),
  predefinedSwitchLeavesBinding: fc.boolean(),
  orgRemovalDropsProjectBindings: fc.boolean(),
  spaceRemovalDropsProjectBindings: fc.boolean(),
  introspection: fc.boolean(),
});
