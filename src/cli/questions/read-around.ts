import { KINDS } from "../../kinds/registry.ts";
import { type Address, type ClassKey, formatAddress, pathOf } from "../../model/address.ts";
import type { Observation, ReadSelection } from "../../model/plan.ts";
import { observeAccount } from "../../state/observe.ts";
import { openReading } from "../context.ts";
import { renderDiagnostics } from "../render/diagnostics-text.ts";
import type { Session } from "../session.ts";

/** Reads the account as far as some places need, or the whole of it, and tells what could not be known. */
export async function readAround(
  session: Session,
  places: readonly Address[] | undefined,
  checkAccount: (accountUrl: string) => void = () => {},
): Promise<Observation> {
  const reading = await openReading(session);
  try {
    checkAccount(reading.accountUrl);
    const selection: ReadSelection =
      places === undefined
        ? { classes: new Set(), under: [""] }
        : { classes: new Set(places.flatMap(listClassesAround)), under: [] };
    const observation = await observeAccount({ reader: reading.reader, kinds: KINDS, selection });
    session.tell(renderDiagnostics(observation.notes, session.errorPaint));
    return observation;
  } finally {
    await reading.close();
  }
}

/** What decides on the access to a place: people, roles, and everything on the way from the account down to it. */
function listClassesAround(place: Address): readonly ClassKey[] {
  const [organization = "", space, project] = pathOf(place);
  const inOrganization = formatAddress("organization", [organization]);
  const classes: ClassKey[] = ["user@", "role@", "organization@", `org-member@${inOrganization}`];
  if (space !== undefined) {
    const inSpace = formatAddress("space", [organization, space]);
    classes.push(`space@${inOrganization}`, `space-member@${inSpace}`, `project@${inSpace}`);
    if (project !== undefined) {
      const onProject = formatAddress("project", [organization, space, project]);
      classes.push(`binding@${onProject}`, `restriction@${onProject}`);
    }
  }
  return classes;
}
