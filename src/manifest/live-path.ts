import { type Address, kindOf, pathOf } from "../model/address.ts";
import type { YamlPath } from "./edit-plain.ts";

/** Where a manifest writes the resource of an address: the section it stands in, and its name there. */
export interface LivePath {
  readonly section: YamlPath;
  readonly name: string;
}

/** The place of an address in a manifest, with names as the address has them. */
export function livePath(address: Address): LivePath {
  const path = pathOf(address);
  const name = path.at(-1) ?? "";
  const [organization = "", space = "", project = ""] = path;
  const inOrganization = ["organizations", organization];
  const inSpace = [...inOrganization, "spaces", space];
  switch (kindOf(address)) {
    case "user":
      return { section: ["people"], name };
    case "role":
      return { section: ["roles"], name };
    case "organization":
      return { section: ["organizations"], name };
    case "space":
      return { section: [...inOrganization, "spaces"], name };
    case "project":
      return { section: [...inSpace, "projects"], name };
    case "org-member":
      return { section: [...inOrganization, "members"], name };
    case "space-member":
      return { section: [...inSpace, "members"], name };
    case "binding":
      return { section: [...inSpace, "projects", project, "bindings"], name };
    case "service-key":
      return { section: [...inSpace, "service_keys"], name };
    case "saml-provider":
      return { section: ["saml"], name };
    // A role mapping stands in a list and has no path of names.
    default:
      return { section: [...inSpace, "projects", project], name: "restricted" };
  }
}
