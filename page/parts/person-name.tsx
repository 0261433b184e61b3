import type { JSX } from "preact";
import type { PagePerson } from "../../src/page/page-model.ts";

/** A person with what sets them apart: bot, admin, invited. */
export function PersonName({ person }: { readonly person: PagePerson }): JSX.Element {
  return (
    <span class="person">
      <span class="email">{person.email}</span>
      {person.bot === 1 && <span class="badge quiet">bot</span>}
      {person.admin !== undefined && <span class="badge strong">{ADMIN[person.admin]}</span>}
      {person.pending === 1 && <span class="badge quiet">invited</span>}
      {person.there === 2 && <span class="badge quiet">+ new</span>}
      {person.there === 1 && <span class="badge quiet">− goes</span>}
    </span>
  );
}

const ADMIN: readonly string[] = ["", "no longer account admin", "becomes account admin", "account admin"];
