import { formatPosition } from "../../model/diagnostic.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { loadInputs } from "../load-inputs.ts";
import { hasFailed, judgeWorld, type Verdict } from "../questions/judge-world.ts";
import { type SeeTested, seeTestedDeclared, seeTestedLive, seeTestedPlanned } from "../questions/see-tested.ts";
import { renderUnread, renderVerdict } from "../render/verdict-text.ts";
import type { Outcome, Session } from "../session.ts";

/** On which world the assertions are checked. */
export type Tested =
  | { readonly of: "declared" }
  | { readonly of: "live" }
  | { readonly of: "plan"; readonly file: string };

/** Checks everything that the manifest says must hold on one world, and tells each case in which it does not. */
export async function runTest(session: Session, tested: Tested): Promise<Outcome> {
  const { manifest, diagnostics } = await loadInputs(session);
  if (manifest.assertions.length + manifest.policy.separate.length === 0) {
    session.print("The manifest has no assertions.\n");
    return {
      exit: EXIT.done,
      diagnostics,
      document: { assertions: [], separations: [], unread: [], world: tested.of },
    };
  }
  const { world, sourceOf, unread, notes } = await chooseWorld(tested)(session, manifest);
  const verdict = judgeWorld(world, manifest);
  session.print(renderVerdict(verdict, { sourceOf, paint: session.paint }));
  session.tell(renderUnread(unread));
  return {
    exit: testExit(verdict, unread),
    diagnostics: [...diagnostics, ...notes],
    document: { ...describe(verdict), unread, world: tested.of },
  };
}

function chooseWorld(tested: Tested): SeeTested {
  switch (tested.of) {
    case "declared":
      return seeTestedDeclared;
    case "live":
      return seeTestedLive;
    case "plan":
      return seeTestedPlanned(tested.file);
  }
}

/** What is seen to fail fails, however much was not seen. */
function testExit(verdict: Verdict, unread: readonly string[]): ExitCode {
  if (hasFailed(verdict)) return EXIT.held;
  return unread.length > 0 ? EXIT.incomplete : EXIT.done;
}

function describe({ assertions, separations }: Verdict): Readonly<Record<string, unknown>> {
  return {
    assertions: assertions.map(({ assertion, statement, failures, isPlaceless, isAboutNobody }) => ({
      source: formatPosition(assertion.at),
      statement,
      holds: failures.length === 0,
      isPlaceless,
      isAboutNobody,
      failures: failures.map(({ place, person, detail, paths }) => ({ place, person, detail, paths })),
    })),
    separations: separations.map(({ rule, statement, breaches }) => ({
      ...rule,
      statement,
      holds: breaches.length === 0,
      breaches: breaches.map(({ person, place, isPending, paths }) => ({
        person,
        place,
        isPending,
        paths: paths.map(({ reason, grant, role }) => ({ reason, grant, role })),
      })),
    })),
  };
}
