import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { accessSchema } from "../../src/manifest/access-schema.ts";

// Loading a manifest leaves this out, because it takes longer than checking a thousand grants.
test("the manifest's schema is valid by its own meta-schema", () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  expect(ajv.validateSchema(accessSchema())).toBe(true);
});
