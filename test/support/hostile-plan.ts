import { formatAddress } from "../../src/model/address.ts";
import type { HazardCode } from "../../src/model/change.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type { Plan } from "../../src/model/plan.ts";
import {
  NO_ACCESS,
  sampleAccess,
  sampleFailure,
  samplePlan,
  sampleRemoval,
  sampleShift,
  sampleSide,
  sampleStep,
} from "./sample-plan.ts";

/** A name that tries everything at once: Markdown, HTML, mentions, links, terminals, reading direction, tables, fences. */
export const EVIL_NAME: string = [
  "`code` ``` **b** _i_ ~~s~~ [l](https://evil.example) ![i](x) <img src=x onerror=alert(1)> </details> --> <!-- ",
  "| a | b |\n\n# h\n- l\n```\n@octocat @acme/security #123 GH-7 https://evil.example www.evil.example evil@evil.example ",
  "0123456789abcdef0123456789abcdef01234567 :tada: $x$ &lt;b&gt; \u001b[31mred\u001b[0m \u202egnp.exe \u200b\u2066",
].join("");

/** A plan in which everything that somebody can name, or write into a manifest or an account, is the given text. */
export function makeNamedPlan(name: string): Plan {
  const user = formatAddress("user", [name]);
  const space = formatAddress("space", [name, name]);
  const member = formatAddress("space-member", [name, name, name]);
  const role = formatAddress("role", [name]);
  const note: Diagnostic = {
    code: "AX308",
    severity: "warning",
    summary: "A difference has to be settled by hand",
    detail: name,
    fix: name,
    at: { file: name, line: 3, column: 5, length: 1 },
    sourceLine: name,
  };
  const named = { source: `${name}:1:1`, group: name, justification: name, expires: name, notes: [name] };
  const hazards = (...codes: readonly HazardCode[]): readonly { code: HazardCode; detail: string }[] =>
    codes.map((code) => ({ code, detail: name }));
  return samplePlan({
    account: { url: name, name },
    limits: { allow: [], targets: [name], excludes: [name] },
    steps: [
      sampleStep({ ...named, id: "chg_00000000000000aa", address: space, creation: { [name]: name }, fields: [] }),
      sampleStep({
        ...named,
        id: "chg_00000000000000ab",
        op: "update",
        address: member,
        renamedFrom: member,
        fields: [
          { field: name, from: name, to: name },
          { field: name, added: [name], removed: [name] },
          { field: name, to: { [name]: true } },
        ],
        hazards: hazards("blind", "removes-access"),
        gate: { state: "held", by: ["blind", "removes-access"] },
        loses: [user],
      }),
      sampleRemoval({
        ...named,
        id: "chg_00000000000000ac",
        address: user,
        from: { [name]: name },
        hazards: hazards("irreversible", "cascades"),
        gate: { state: "held", by: ["irreversible", "cascades"] },
        cascade: [member],
        loses: [user],
      }),
      sampleRemoval({
        ...named,
        id: "chg_00000000000000ad",
        address: role,
        hazards: hazards("first-managed"),
        gate: { state: "held", by: ["first-managed"] },
      }),
      sampleRemoval({
        ...named,
        id: "chg_00000000000000ae",
        address: space,
        hazards: hazards("protected"),
        gate: { state: "blocked", by: ["protected"], release: name },
      }),
    ],
    access: sampleAccess(
      [
        sampleShift({ person: user, place: space, before: sampleSide("p2", role), through: [member] }),
        sampleShift({
          person: user,
          place: "account",
          before: NO_ACCESS,
          after: sampleSide("all", "admin"),
          gained: "all",
          lost: "none",
        }),
        ...["one", "two"].map((each) =>
          sampleShift({
            person: formatAddress("user", [`${each}${name}`]),
            place: space,
            before: NO_ACCESS,
            after: sampleSide("named", role),
            gained: "named",
            lost: "none",
            through: [member],
            until: name,
            isPending: true,
            isBot: true,
            assumptions: ["binding-needs-organization"],
          }),
        ),
      ],
      { sets: { p2: ["P1", "P2"], named: [`P${name}`] }, unseen: [`space-member@${space}`] },
    ),
    assertions: [
      sampleFailure({
        source: name,
        statement: name,
        detail: name,
        place: space,
        paths: [{ reason: "space-role", grant: member, role }],
      }),
    ],
    unknowns: [note],
    notes: [note],
    withheld: [member],
    incomplete: [`space-member@${space}`],
    lapses: [{ address: member, expires: name, source: name }],
    unmanaged: { space: 2 },
  });
}

/** The page of such a plan: its file, its manifest and the flags are named so, too. */
export function namedPage(name: string): {
  readonly planFile: string;
  readonly flags: readonly string[];
  readonly planFlags: readonly string[];
  readonly undo: undefined;
  readonly files: readonly string[];
} {
  return { planFile: name, flags: ["--file", name], planFlags: ["--target", name], undo: undefined, files: [name] };
}
