/** What a fault does to the requests it strikes. */
export type FaultEffect =
  /** Another status; the body is a problem (default), JSON that is no problem, an HTML page, or empty. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: "problem" | "json" | "html" | "empty";
      /** Sent as the Retry-After header, as it is. */
      readonly retryAfter?: string;
    }
  /** The connection is reset instead of an answer. */
  | { readonly kind: "reset" }
  /** The answer comes later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The answer's JSON stops half-way. */
  | { readonly kind: "truncate" }
  /** A list claims to have more and repeats the cursor it was asked with. */
  | { readonly kind: "repeat-cursor" };

/** Which requests a fault strikes, counted from 1 among those that match. */
export interface FaultRule {
  readonly name?: string;
  readonly method?: string;
  /** Path without query; "*" stands for anything. */
  readonly path?: string;
  /** The REST operation of the contract, or the name of the GraphQL operation. */
  readonly operation?: string;
  /** The first matching request to strike (1). */
  readonly nth?: number;
  /** How many to strike (1). */
  readonly times?: number;
  /** Whether the request takes effect before the fault: "after" is a lost answer ("before"). */
  readonly stage?: "before" | "after";
  readonly effect: FaultEffect;
}

/** What a rule is matched against. */
interface Target {
  readonly method: string;
  readonly path: string;
  readonly operation: string | undefined;
}

/** The rules in force with how often each has matched. */
export interface Faults {
  readonly list: () => readonly { readonly rule: FaultRule; readonly matched: number }[];
  readonly replace: (rules: readonly FaultRule[]) => void;
  readonly add: (rules: readonly FaultRule[]) => void;
  /** Counts the request with every rule it matches, and gives the first rule that strikes. */
  readonly strike: (target: Target) => FaultRule | undefined;
}

/** Makes the set of fault rules; the same requests in the same order are always struck alike. */
export function makeFaults(): Faults {
  let counted: { rule: FaultRule; matched: number }[] = [];
  const add = (rules: readonly FaultRule[]): void => {
    counted = [...counted, ...rules.map((rule) => ({ rule, matched: 0 }))];
  };
  return {
    list: () => counted.map((each) => ({ ...each })),
    replace: (rules) => {
      counted = [];
      add(rules);
    },
    add,
    strike: (target) => {
      let struck: FaultRule | undefined;
      for (const each of counted) {
        if (!isMatch(each.rule, target)) continue;
        each.matched += 1;
        const first = each.rule.nth ?? 1;
        if (each.matched >= first && each.matched < first + (each.rule.times ?? 1)) struck ??= each.rule;
      }
      return struck;
    },
  };
}

function isMatch(rule: FaultRule, target: Target): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== target.method) return false;
  if (rule.operation !== undefined && rule.operation !== target.operation) return false;
  return rule.path === undefined || toPattern(rule.path).test(target.path);
}

function toPattern(path: string): RegExp {
  const parts = path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
