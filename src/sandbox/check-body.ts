import type { ErrorObject, ValidateFunction } from "ajv";
import type { BodyName } from "./body-schemas.ts";
import { describeBodies } from "./body-schemas.ts";
import { Refusal } from "./problems.ts";
import type { SandboxSwitches } from "./switches.ts";

/** Refuses a request body that does not follow its schema, naming the first thing that is wrong. */
export type CheckBody = (name: BodyName, body: unknown) => void;

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** By schema and variant. Shared by every sandbox of a process, because compiling takes longer than most requests. */
const compiled = new Map<string, ValidateFunction>();

/** Makes the check of request bodies; loads the validation library, and compiles each schema on first use. */
export async function makeBodyCheck(switches: () => SandboxSwitches): Promise<CheckBody> {
  const { Ajv } = await import("ajv");
  const ajv = new Ajv({ discriminator: true, strict: false, allErrors: false });
  ajv.addFormat("email", EMAIL);
  ajv.addFormat("date-time", (text: string) => INSTANT.test(text) && !Number.isNaN(Date.parse(text)));
  return (name, body) => {
    const inForce = switches();
    const key = `${name}/${describeVariant(inForce)}`;
    const check = compiled.get(key) ?? ajv.compile(describeBodies(inForce)[name]);
    compiled.set(key, check);
    if (check(body)) return;
    throw new Refusal(inForce.bodyViolationStatus, describeViolation(check.errors?.[0]));
  };
}

/** The switches that a schema depends on, as one word. */
function describeVariant(switches: SandboxSwitches): string {
  const { laterPermissions, roleNamePattern, developerFlagInUserCreate, spacePrivacyField } = switches;
  return [laterPermissions, roleNamePattern, developerFlagInUserCreate, spacePrivacyField].join();
}

function describeViolation(error: ErrorObject | undefined): string {
  if (error === undefined) return "The request body is not valid.";
  const at = error.instancePath === "" ? "The request body" : `"${error.instancePath.slice(1)}" in the request body`;
  const extra: unknown = error.params["additionalProperty"];
  const name = typeof extra === "string" ? ` ("${extra}")` : "";
  return `${at} ${error.message ?? "is not valid"}${name}.`;
}
